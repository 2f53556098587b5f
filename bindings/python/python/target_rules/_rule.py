"""Rules, one by one and many together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from . import _native
from ._answers import DecidedBy, Decisions, DecidesMany, Given, Id, Matches, MatchesOfMany, _matches_of
from ._errors import RuleError
from ._native import Rule as NativeRule
from ._settings import DEFAULTS, STANDARD, Document, Limits, Schema, ZoneLike, _zone
from ._values import Decision, Diagnostic, _decision_of, _diagnostics_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule is true, false or unknown for a document.

    It prints as text, and shows itself in notebooks.

    >>> explanation = Rule.parse("currentTxn.value > 500").explain({"currentTxn": {"value": 12}})
    >>> explanation.as_dict()["result"]
    'false'
    >>> "12" in str(explanation) and explanation.html.startswith("<")
    True
    """

    text: str
    html: str
    json: str

    def as_dict(self) -> dict[str, Any]:
        """All of it, node by node."""
        read: dict[str, Any] = json.loads(self.json)
        return read

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the rule where it has no error, and all diagnostics."""

    rule: Rule | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return self.rule is not None


class Rule(DecidesMany[Decisions]):
    """A checked rule.

    >>> rule = Rule.parse('currentTxn.value > 500 && currentCustomer.slabName == "Gold"')
    >>> rule.text
    'currentTxn.value>500&&currentCustomer.slabName=="Gold"'
    >>> rule.describe()
    'The transaction value is more than 500 and the customer\\'s tier is "Gold".'
    >>> rule.decide({"currentTxn": {"value": 730.5}, "currentCustomer": {"slabName": "Gold"}}).is_true
    True

    Equal rules have the same canonical text.
    """

    __slots__ = ("_limits", "_native", "_schema", "_source", "diagnostics")

    _native: NativeRule
    _schema: Schema
    _limits: Limits
    _source: tuple[str | None, str | None]
    #: The warnings of the check.
    diagnostics: tuple[Diagnostic, ...]

    def __init__(self) -> None:
        raise TypeError("a rule is made by `Rule.parse` or `Rule.from_json`")

    @classmethod
    def _of(
        cls,
        checked: tuple[NativeRule | None, str],
        source: tuple[Document | None, Document | None],
        schema: Schema,
        limits: Limits,
    ) -> Checked:
        native, told = checked
        found = _diagnostics_of(json.loads(told))
        if native is None:
            return Checked(None, found)
        rule = object.__new__(cls)
        rule._native, rule._schema, rule._limits = native, schema, limits
        rule._source = (_kept(source[0]), _kept(source[1]))
        rule.diagnostics = found
        return Checked(rule, found)

    @classmethod
    def parse(cls, text: str | bytes, *, schema: Schema | None = None, limits: Limits | None = None) -> Rule:
        """A rule of its text. Raises :class:`RuleError` where it has an error."""
        return _or_raise(check(text, schema=schema, limits=limits))

    @classmethod
    def from_json(cls, tree: Document, *, schema: Schema | None = None, limits: Limits | None = None) -> Rule:
        """A rule of its expression tree, given as JSON or as a dict.

        >>> Rule.from_json({"arity": "literal", "value": "true", "type": "boolean:primitive"}).text
        'true'
        """
        return _or_raise(check(tree=tree, schema=schema, limits=limits))

    @classmethod
    def from_forms(
        cls, text: str | bytes, tree: Document, *, schema: Schema | None = None, limits: Limits | None = None
    ) -> Rule:
        """A rule that is kept in both forms. Raises where they say different things."""
        return _or_raise(check(text, tree=tree, schema=schema, limits=limits))

    @property
    def text(self) -> str:
        """The canonical text."""
        return self._native.text()

    @property
    def json(self) -> str:
        """The expression tree, without white space."""
        return self.tree()

    def tree(self, style: str = "compact") -> str:
        """The expression tree in a style: ``compact``, ``pretty`` or ``spaced``."""
        return self._native.tree(style, self._limits["rule_tree"])

    @property
    def source(self) -> str:
        """The text or tree that it was read from, which places are in."""
        text, tree = self._source
        return text if text is not None else tree or ""

    @property
    def form(self) -> str:
        """``dsl`` or ``tree``: what places are in."""
        return self._native.form()

    @property
    def unrolls(self) -> bool:
        """Whether it is decided for each line item or tender."""
        return self._native.unrolls()

    @property
    def references(self) -> list[dict[str, Any]]:
        """What it reads.

        >>> [one["name"] for one in Rule.parse("currentTxn.value > 500").references]
        ['currentTxn.value']
        """
        read: list[dict[str, Any]] = json.loads(self._native.references(self._schema._native))
        return read

    def check(self, schema: Schema, *, limits: Limits | None = None) -> Checked:
        """Checks the same text or tree against another schema."""
        text, tree = self._source
        return check(text, tree=tree, schema=schema, limits=limits or self._limits)

    def describe(self) -> str:
        """The rule in plain English."""
        return self._native.describe()

    def decide(self, document: Document, *, zone: ZoneLike = "UTC", limits: Limits | None = None) -> Decision:
        """Decides it for a document; dates are seen in ``zone``.

        Raises :class:`DocumentError` where the document can't be read.

        >>> from zoneinfo import ZoneInfo
        >>> rule = Rule.parse("currentTxn.date.dayOfMonth() == 10")
        >>> late = {"currentTxn": {"date": "2024-08-09T20:00:00Z"}}
        >>> rule.decide(late, zone=ZoneInfo("Asia/Kolkata")).is_true, rule.decide(late).is_true
        (True, False)
        """
        return _decision_of(self._native.decide(document, _zone(zone), (limits or DEFAULTS)._native))

    def _decide_all(self, documents: Given, by: DecidedBy) -> Decisions:
        answers = self._native.decide_all(documents, *by)
        return Decisions(answers)

    def explain(self, document: Document, *, zone: ZoneLike = "UTC", limits: Limits | None = None) -> Explanation:
        """Why it is true, false or unknown for a document."""
        told, text, html = self._native.explain(document, _zone(zone), (limits or DEFAULTS)._native)
        return Explanation(text, html, told)

    def __repr__(self) -> str:
        return f"Rule.parse({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rule_of, (*self._source, self._schema, self._limits)


def _kept(document: Document | None) -> str | None:
    if document is None or isinstance(document, str):
        return document
    if isinstance(document, (bytes, bytearray, memoryview)):
        return bytes(document).decode()
    return _native.to_json(document)


def _rule_of(text: str | None, tree: str | None, schema: Schema, limits: Limits) -> Rule:
    return _or_raise(check(text, tree=tree, schema=schema, limits=limits))


def _or_raise(checked: Checked) -> Rule:
    if checked.rule is None:
        raise RuleError("; ".join(str(one) for one in checked.diagnostics if one.is_error), checked.diagnostics)
    return checked.rule


def check(
    text: str | bytes | None = None,
    *,
    tree: Document | None = None,
    schema: Schema | None = None,
    limits: Limits | None = None,
) -> Checked:
    """Checks a rule in one form, or in two that must agree. Raises nothing for what is
    wrong with it.

    >>> checked = check("currentTxn.valu > 500")
    >>> checked.ok, str(checked.diagnostics[0])
    (False, 'unknown-name: `currentTxn` has no attribute `valu` (did you mean `value`?)')
    """
    schema, limits = schema or STANDARD, limits or DEFAULTS
    checked = _native.check_rule(text, tree, schema._native, limits._native)
    return Rule._of(checked, (text, tree), schema, limits)


class RuleSet(DecidesMany[MatchesOfMany[Id]], Generic[Id]):
    """Many rules decided together, which costs far less than one by one.

    >>> rules = RuleSet({
    ...     "small": Rule.parse("currentTxn.value > 500"),
    ...     "large": Rule.parse("currentTxn.value > 9000"),
    ...     "gold": Rule.parse('currentCustomer.slabName == "Gold"'),
    ... })
    >>> matches = rules.decide({"currentTxn": {"value": 730.50}})
    >>> matches.true, matches.unknown, matches["gold"].absent
    (('small',), ('gold',), ('currentCustomer.slabName',))
    """

    __slots__ = ("_ids", "_native", "_rules")

    def __init__(self, rules: Mapping[Id, Rule] | Iterable[tuple[Id, Rule]]) -> None:
        pairs = list(rules.items() if isinstance(rules, Mapping) else rules)
        self._rules: dict[Id, Rule] = dict(pairs)
        if len(self._rules) < len(pairs):
            raise ValueError("two rules have one id")
        self._ids = list(self._rules)
        self._native = _native.RuleSet([rule._native for rule in self._rules.values()])

    def decide(self, document: Document, *, zone: ZoneLike = "UTC", limits: Limits | None = None) -> Matches[Id]:
        """Which rules are true or unknown for a document."""
        found = self._native.decide(document, _zone(zone), (limits or DEFAULTS)._native)
        return _matches_of(found, self._ids)

    def _decide_all(self, documents: Given, by: DecidedBy) -> MatchesOfMany[Id]:
        answers = self._native.decide_all(documents, *by)
        return MatchesOfMany(answers, self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Id]:
        return iter(self._ids)

    def __getitem__(self, id: Id) -> Rule:
        return self._rules[id]

    def __contains__(self, id: object) -> bool:
        return id in self._rules

    def __repr__(self) -> str:
        return f"<RuleSet: {len(self)} rules>"

    def __reduce__(self) -> tuple[Any, ...]:
        return RuleSet, (self._rules,)
