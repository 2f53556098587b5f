"""What decisions and diagnostics are made of."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import _native
from ._errors import UnknownTruthError


class Truth(enum.Enum):
    """True, false or unknown: the result of a rule.

    ``&``, ``|`` and ``~`` are those of Kleene's strong logic. What is unknown is neither
    true nor false, so asking whether it is true raises :class:`UnknownTruthError`.

    >>> Truth.UNKNOWN & Truth.FALSE, Truth.UNKNOWN | Truth.TRUE, ~Truth.UNKNOWN
    (<Truth.FALSE: 'false'>, <Truth.TRUE: 'true'>, <Truth.UNKNOWN: 'unknown'>)
    >>> "counts" if Truth.TRUE else "doesn't count"
    'counts'
    >>> Truth.UNKNOWN.as_bool() is None
    True
    """

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    def as_bool(self) -> bool | None:
        """True, false, or ``None`` where it is unknown."""
        return {"true": True, "false": False}.get(self.value)

    def __bool__(self) -> bool:
        known = self.as_bool()
        if known is None:
            raise UnknownTruthError("unknown is neither true nor false; compare with `is`, or ask `as_bool()`")
        return known

    def __and__(self, other: Truth) -> Truth:
        return min(self, other, key=_ORDER.__getitem__)

    def __or__(self, other: Truth) -> Truth:
        return max(self, other, key=_ORDER.__getitem__)

    def __invert__(self) -> Truth:
        return _BY_CODE[(1, 0, 2)[_CODE[self]]]


_ORDER = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}
_BY_CODE = (Truth.FALSE, Truth.TRUE, Truth.UNKNOWN)
_CODE = {Truth.FALSE: 0, Truth.TRUE: 1, Truth.UNKNOWN: 2}


@dataclass(frozen=True, slots=True)
class Fault:
    """An operation of a rule that has no result, or a value that can't be used.

    >>> from target_rules import Rule
    >>> rule = Rule.parse("currentTxn.value / currentTxn.discount > 2")
    >>> rule.decide({"currentTxn": {"value": 730, "discount": 0}}).faults
    (Fault(code='division-by-zero', form='dsl', span=(0, 38)),)
    """

    #: What went wrong: ``division-by-zero``, ``invalid-date`` or ``number-overflow``.
    code: str
    #: ``dsl`` or ``tree``: the form of the rule that the place is in.
    form: str
    #: The place, in bytes of UTF-8: the first, and the one after the last.
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and why it is unknown where it is.

    >>> from target_rules import Rule
    >>> decision = Rule.parse("currentTxn.value > 500").decide({"currentTxn": {}})
    >>> decision.result
    <Truth.UNKNOWN: 'unknown'>
    >>> decision.absent
    ('currentTxn.value',)
    """

    #: True, false or unknown.
    result: Truth
    #: What is absent and was needed, by its names in the rule, where it is unknown.
    absent: tuple[str, ...] = ()
    #: Operations without a result, by place, where it is unknown.
    faults: tuple[Fault, ...] = ()
    #: Positions from 0 of the line items for which a rule that asks each of them is true.
    items: tuple[int, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether it is known to be true."""
        return self.result is Truth.TRUE

    @property
    def is_false(self) -> bool:
        """Whether it is known to be false."""
        return self.result is Truth.FALSE

    @property
    def is_unknown(self) -> bool:
        """Whether it is neither."""
        return self.result is Truth.UNKNOWN

    def __bool__(self) -> bool:
        if self.result is Truth.UNKNOWN:
            why = ", ".join([f"{name} is absent" for name in self.absent] + [one.code for one in self.faults])
            raise UnknownTruthError(f"the result is unknown, for {why}; ask `.result`, or `.is_true`")
        return self.result is Truth.TRUE


_Found = tuple[int, int, list[int], list[str], list[tuple[str, str, int, int]]]
_FALSE = Decision(Truth.FALSE)
_TRUE = Decision(Truth.TRUE)


def _decision_of(found: _Found) -> Decision:
    _, code, items, absent, faults = found
    if not (items or absent or faults):
        return (_FALSE, _TRUE)[code] if code < 2 else Decision(Truth.UNKNOWN)
    told = tuple(Fault(code, form, (start, end)) for code, form, start, end in faults)
    return Decision(_BY_CODE[code], tuple(absent), told, tuple(items))


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement."""

    #: What is replaced, in bytes of UTF-8.
    span: tuple[int, int]
    #: What is put there.
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to mend a fault.

    >>> from target_rules import check
    >>> found = check("currentTxn.value => 500")
    >>> found.diagnostics[0].suggestions[0].apply("currentTxn.value => 500")
    'currentTxn.value >= 500'
    """

    #: What is replaced, none of it twice.
    edits: tuple[Edit, ...]
    #: Whether it can be applied without a look; else it is a guess.
    is_safe: bool

    def apply(self, text: str) -> str:
        """The text with the edits made."""
        mended = text.encode()
        for edit in sorted(self.edits, key=lambda edit: edit.span, reverse=True):
            start, end = edit.span
            mended = mended[:start] + edit.text.encode() + mended[end:]
        return mended.decode()


@dataclass(frozen=True, slots=True)
class Label:
    """A further place, and what is to be seen there."""

    span: tuple[int, int]
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong with an input, or dubious.

    >>> from target_rules import check
    >>> found = check("currentTxn.value = 500").diagnostics[0]
    >>> found.code, found.severity, found.line, found.column
    ('single-equals', 'error', 1, 18)
    >>> print(found.render("currentTxn.value = 500"))  # doctest: +ELLIPSIS
    error[single-equals]: ...
    """

    #: The stable name of its kind.
    code: str
    #: ``error`` or ``warning``.
    severity: str
    #: What is wrong, in one sentence.
    message: str
    #: ``dsl``, ``tree`` or ``payload``: what the place is in.
    form: str
    #: The place, in bytes of UTF-8: the first, and the one after the last.
    span: tuple[int, int]
    #: Line of the place, from 1.
    line: int
    #: Column of the place, from 1, in UTF-16 units, as editors count.
    column: int
    #: JSON pointer, in a tree or a document.
    pointer: str | None
    #: Further places.
    labels: tuple[Label, ...]
    #: How to mend it, in words.
    help: str | None
    #: How to mend it, as edits; the likeliest first.
    suggestions: tuple[Suggestion, ...]
    #: In a payload, the place in the file: ``span``, ``line``, ``column``, ``pointer``.
    file: dict[str, Any] | None
    _raw: str

    @property
    def is_error(self) -> bool:
        """Whether the input is refused for it."""
        return self.severity == "error"

    def render(self, text: str, origin: str = "rule") -> str:
        """Draws it below the text that it was found in."""
        return _native.render(self._raw, text, self.form, origin)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" ({self.help})" if self.help else "")


def _span(of: Any) -> tuple[int, int]:
    if isinstance(of, dict):
        return int(of["start"]), int(of["end"])
    return int(of[0]), int(of[1])


def _suggestions_of(found: Iterable[dict[str, Any]]) -> tuple[Suggestion, ...]:
    return tuple(Suggestion((Edit(_span(one["span"]), one["with"]),), one["safe"]) for one in found)


def _diagnostic_of(found: dict[str, Any]) -> Diagnostic:
    return Diagnostic(
        code=found["code"],
        severity=found["severity"],
        message=found["message"],
        form=found["form"],
        span=_span(found["span"]),
        line=found["line"],
        column=found["column"],
        pointer=found.get("pointer"),
        labels=tuple(Label(_span(one["span"]), one["message"]) for one in found["labels"]),
        help=found["help"],
        suggestions=_suggestions_of(found.get("suggestions", [])),
        file=found.get("file"),
        _raw=json.dumps(found),
    )


def _diagnostics_of(found: Iterable[dict[str, Any]]) -> tuple[Diagnostic, ...]:
    return tuple(map(_diagnostic_of, found))


def _loads(text: str) -> Any:
    """JSON with all digits: numbers with a point are ``Decimal``."""
    return json.loads(text, parse_float=Decimal)
