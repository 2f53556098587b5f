"""What can be proved of rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from . import _native
from ._rule import Rule
from ._settings import DEFAULTS, Document, Limits, ZoneLike, _zone
from ._values import Diagnostic, Truth, _diagnostic_of, _loads


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a rule that is never the case, or can't matter. It is proved."""

    diagnostic: Diagnostic
    #: A transaction that shows it, as JSON, where there is one.
    witness: str | None


def lint(
    rule: Rule, *, zone: ZoneLike = "UTC", work: int | None = None, limits: Limits | None = None
) -> list[Finding]:
    """What in a rule is never the case or can't matter, with edits that change no result.

    >>> rule = Rule.parse("currentTxn.value > 500 && currentTxn.value != 20")
    >>> found = lint(rule)[0].diagnostic
    >>> found.code, found.suggestions[0].apply(rule.source)
    ('implied', 'currentTxn.value > 500')
    """
    by = (_zone(zone), (limits or DEFAULTS)._native, work)
    told = _native.lint(rule._native, rule.source, rule._schema._native, *by)
    findings = []
    for one in json.loads(told):
        witness = one.pop("witness", None)
        diagnostic = one.pop("diagnostic", one)
        shown = None if witness is None else json.dumps(witness.get("transaction", witness))
        findings.append(Finding(_diagnostic_of(diagnostic), shown))
    return findings


@dataclass(frozen=True, slots=True)
class Witness:
    """A transaction for which two rules are decided differently."""

    #: The document.
    transaction: dict[str, Any]
    #: What the old rule says.
    old: Truth
    #: What the new rule says.
    new: Truth


@dataclass(frozen=True, slots=True)
class Difference:
    """How two rules differ.

    ``verdict`` is ``equivalent``, ``narrower``, ``wider`` or ``disjoint``, all of them
    proved, ``different``, or ``unknown`` with ``why``.
    """

    verdict: str
    witnesses: tuple[Witness, ...]
    #: What a proof takes for granted.
    assumes: tuple[str, ...]
    #: What stood in the way of one.
    why: tuple[str, ...]


def diff(
    old: Rule,
    new: Rule,
    *,
    three_valued: bool = False,
    zone: ZoneLike = "UTC",
    work: int | None = None,
    limits: Limits | None = None,
) -> Difference:
    """How a new rule differs from an old one; with ``three_valued`` false and unknown are
    told apart too.

    >>> difference = diff(Rule.parse("currentTxn.value > 500"), Rule.parse("currentTxn.value > 900"))
    >>> difference.verdict
    'narrower'
    >>> difference.witnesses[0].old is Truth.TRUE, difference.witnesses[0].new is Truth.FALSE
    (True, True)
    """
    by = (_zone(zone), (limits or DEFAULTS)._native, work)
    told = _loads(_native.diff(old._native, new._native, three_valued, *by))
    shown = tuple(
        Witness(one["transaction"], Truth(one["old"]), Truth(one["new"])) for one in told["witnesses"]
    )
    return Difference(told["verdict"], shown, tuple(told["assumes"]), tuple(told["why"]))


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changes."""

    #: Its name, as the rule has it.
    attribute: str
    #: The line item that it is of, from 0.
    item: int | None
    #: What it is: a ``Decimal`` or ``int``, a text, a date or a truth value.
    from_: Any
    #: What it becomes.
    to: Any
    #: How far that is.
    by: Any
    #: All of that in words.
    words: str


@dataclass(frozen=True, slots=True)
class Nudge:
    """Changes that together make the rule true."""

    changes: tuple[Change, ...]
    #: The document after them.
    transaction: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The smallest changes that make a rule true, the smallest first."""

    #: What the rule is now.
    result: Truth
    nudges: tuple[Nudge, ...]
    #: Why there are none, or why they may not be the smallest.
    why: tuple[str, ...]


def nearest(
    rule: Rule,
    document: Document,
    *,
    zone: ZoneLike = "UTC",
    work: int | None = None,
    limits: Limits | None = None,
) -> Nearest:
    """The smallest change of a document that makes a rule true.

    >>> found = nearest(Rule.parse("currentTxn.value > 500"), '{"currentTxn": {"value": 454.99}}')
    >>> found.nudges[0].changes[0].words
    'currentTxn.value: 45.02 more, from 454.99 to 500.01'
    >>> found.nudges[0].changes[0].by
    Decimal('45.02')
    """
    by = (_zone(zone), (limits or DEFAULTS)._native, work)
    told = _loads(_native.nearest(rule._native, document, rule._schema._native, *by))

    def change(of: dict[str, Any], words: str) -> Change:
        return Change(of["attribute"], of.get("item"), of["from"], of["to"], of["by"], words)

    nudges = tuple(
        Nudge(tuple(map(change, one["changes"], one["words"])), one["transaction"]) for one in told["nudges"]
    )
    return Nearest(Truth(told["result"]), nudges, tuple(told["why"]))
