"""Targets of a payload, with their filters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import Any

from . import _native
from ._native import Targets as NativeTargets
from ._errors import TargetsError
from ._answers import DecidedBy, DecidesMany, Given, Matches, MatchesOfMany, _matches_of
from ._settings import DEFAULTS, STANDARD, Document, Limits, Schema, ZoneLike, _zone
from ._values import Diagnostic, _diagnostics_of


@dataclass(frozen=True, slots=True)
class TargetReport:
    """What the check of one target of a payload found."""

    #: The target's id, where it has one that can be read.
    id: int | None
    #: JSON pointer of the target in the payload.
    pointer: str
    #: Whether there is no error.
    ok: bool
    #: What was found, in the order of the payload.
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One target."""

    id: int
    name: str | None
    #: Whether it can count at all: a target may be switched off.
    active: bool
    #: The canonical text of its rule.
    rule: str


class Targets(DecidesMany[MatchesOfMany[int]]):
    """Checked targets, decided together with their filters.

    >>> targets = Targets.from_json({"data": [
    ...     {"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION",
    ...      "expression": "currentTxn.value > 500"},
    ...     {"id": 51, "targetType": "COUNT", "expression": "currentTxn.value > 1000"}]})
    >>> targets.decide({"currentTxn": {"value": 730.50}}).true
    (50,)
    >>> [target.rule for target in targets]
    ['currentTxn.value>500', 'currentTxn.value>1000']
    """

    def __init__(self) -> None:
        raise TypeError("targets are made by `Targets.from_json`")

    _native: NativeTargets
    _payload: str
    _schema: Schema
    _limits: Limits
    #: What the check of each target found; without an error.
    reports: tuple[TargetReport, ...]

    @classmethod
    def check(
        cls, payload: Document, *, schema: Schema | None = None, limits: Limits | None = None
    ) -> tuple[TargetReport, ...]:
        """What is wrong with each target of a payload. Raises nothing for it."""
        return cls._checked(payload, schema or STANDARD, limits or DEFAULTS)[1]

    @classmethod
    def _checked(
        cls, payload: Document, schema: Schema, limits: Limits
    ) -> tuple[NativeTargets, tuple[TargetReport, ...]]:
        native, told = _native.check_targets(payload, schema._native, limits._native)
        reports = tuple(
            TargetReport(one["id"], one["pointer"], one["ok"], _diagnostics_of(one["diagnostics"]))
            for one in json.loads(told)
        )
        return native, reports

    @classmethod
    def from_json(
        cls, payload: Document, *, schema: Schema | None = None, limits: Limits | None = None
    ) -> Targets:
        """The targets of a payload, given as JSON or as a dict.

        Raises :class:`TargetsError` where one of them has an error.

        >>> from target_rules import TargetsError
        >>> try:
        ...     Targets.from_json({"data": [{"id": 50, "expression": "currentTxn.valu > 5"}]})
        ... except TargetsError as error:
        ...     print(error.diagnostics[0].file["pointer"])
        /data/0/expression
        """
        schema, limits = schema or STANDARD, limits or DEFAULTS
        native, reports = cls._checked(payload, schema, limits)
        wrong = [one for report in reports if not report.ok for one in report.diagnostics]
        if any(one.is_error for one in wrong):
            raise TargetsError("; ".join(str(one) for one in wrong if one.is_error), tuple(wrong))
        made = object.__new__(cls)
        made._native, made.reports, made._schema, made._limits = native, reports, schema, limits
        if isinstance(payload, (bytes, bytearray, memoryview)):
            made._payload = bytes(payload).decode()
        else:
            made._payload = payload if isinstance(payload, str) else _native.to_json(payload)
        return made

    @classmethod
    def from_file(
        cls, path: str | PathLike[str], *, schema: Schema | None = None, limits: Limits | None = None
    ) -> Targets:
        """The targets of a file."""
        with open(path, "rb") as file:
            return cls.from_json(file.read(), schema=schema, limits=limits)

    @property
    def json(self) -> str:
        """The payload that they were read from."""
        return self._payload

    @cached_property
    def _all(self) -> tuple[Target, ...]:
        return tuple(
            Target(id, name, active, rule.text()) for id, name, active, rule in self._native.all_of_them()
        )

    @cached_property
    def ids(self) -> list[int]:
        """The ids, in order."""
        return [target.id for target in self._all]

    def describe(self, id: int, *, zone: ZoneLike = "UTC") -> str:
        """One of them in plain English: what counts, where, when and for whom."""
        return self._native.describe(self.ids.index(id), _zone(zone))[1]

    def decide(self, document: Document, *, zone: ZoneLike = "UTC", limits: Limits | None = None) -> Matches[int]:
        """Which targets a document counts for, or may."""
        found = self._native.decide(document, _zone(zone), (limits or DEFAULTS)._native)
        return _matches_of(found, self.ids)

    def _decide_all(self, documents: Given, by: DecidedBy) -> MatchesOfMany[int]:
        answers = self._native.decide_all(documents, *by)
        return MatchesOfMany(answers, self.ids)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Target]:
        return iter(self._all)

    def __getitem__(self, id: int) -> Target:
        return self._all[self.ids.index(id)]

    def __repr__(self) -> str:
        return f"<Targets: {len(self)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _targets_of, (self._payload, self._schema, self._limits)


def _targets_of(payload: str, schema: Schema, limits: Limits) -> Targets:
    return Targets.from_json(payload, schema=schema, limits=limits)
