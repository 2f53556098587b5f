"""Whom would it have hit: rules or targets over recorded transactions."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike, fspath
from typing import Any, TypeAlias

from . import _native
from ._mapping import DocumentMapping
from ._rule import Rule
from ._settings import DEFAULTS, STANDARD, Document, Limits, Schema, ZoneLike, _zone, _zone_name
from ._targets import Targets
from ._values import _loads

#: What is held against transactions: targets, one rule, or rules by their names.
Held: TypeAlias = "Targets | Rule | Mapping[str, Rule]"
Paths: TypeAlias = "str | PathLike[str] | Iterable[str | PathLike[str]]"


@dataclass(frozen=True, slots=True, order=True)
class Split:
    """A part of a file: the lines whose first byte lies in it."""

    path: str
    start: int = 0
    #: ``None`` for the end of the file.
    end: int | None = None


class Report(Mapping[str, Any]):
    """What a backtest says: a mapping, with ``Decimal`` for amounts.

    In a notebook it shows itself as the page that ``backtest --html`` writes.
    """

    __slots__ = ("_json", "_read")
    _comparison = False

    def __init__(self, text: str) -> None:
        self._json = text
        self._read: dict[str, Any] | None = None

    def to_json(self) -> str:
        """The report, byte for byte as the command writes it."""
        return self._json

    def to_html(self) -> str:
        """A page of its own, with charts and without scripts of others."""
        return _native.page(self._json, self._comparison)

    def _repr_html_(self) -> str:
        page = self.to_html().replace("&", "&amp;").replace('"', "&quot;")
        return f'<iframe srcdoc="{page}" style="width:100%;height:640px;border:0"></iframe>'

    @property
    def _dict(self) -> dict[str, Any]:
        if self._read is None:
            self._read = _loads(self._json)
        return self._read

    def __getitem__(self, key: str) -> Any:
        return self._dict[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dict)

    def __len__(self) -> int:
        return len(self._dict)

    @property
    def targets(self) -> list[dict[str, Any]]:
        """What each target or rule would have hit."""
        found: list[dict[str, Any]] = self._dict["targets"]
        return found

    @property
    def whole(self) -> bool:
        """Whether all that was asked for was read."""
        return bool(self._dict["input"]["whole"])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Report) and self._json == other._json

    def __hash__(self) -> int:
        return hash(self._json)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self['input']['transactions']} transactions>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._json,)


class Comparison(Report):
    """How two versions differ over the same transactions."""

    __slots__ = ()
    _comparison = True


class Backtest:
    """A backtest that is counted in parts, on as many machines as there are.

    The same plan is made everywhere; it can be pickled. Splits go out, parts come back as
    bytes, and :meth:`merge` makes the report of them, in any order. A split that is
    counted twice is refused, and a report of parts that are not all says so.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name, "bills.ndjson")
    >>> _ = path.write_text('{"currentTxn": {"value": 730.50}}\\n' * 3)
    >>> plan = Backtest(Rule.parse("currentTxn.value > 500"))
    >>> splits = plan.splits(path, bytes=50)
    >>> len(splits)
    3
    >>> parts = [plan.part(path, [split]) for split in splits]
    >>> report = plan.merge(path, reversed(parts))
    >>> report.whole, report.targets[0]["eligible"]
    (True, 3)
    >>> report == plan.run(path)
    True
    >>> folder.cleanup()
    """

    __slots__ = ("_given", "_native")

    def __init__(
        self,
        held: Held,
        new: Held | None = None,
        *,
        enrolments: Document | Sequence[Mapping[str, Any]] | None = None,
        zone: ZoneLike = "UTC",
        focus: Iterable[str | int] | None = None,
        since: datetime.date | None = None,
        until: datetime.date | None = None,
        sample: Decimal | float | None = None,
        threads: int | None = None,
        memory: int | None = None,
        strict: bool = False,
        mapping: DocumentMapping | None = None,
        schema: Schema | None = None,
        limits: Limits | None = None,
    ) -> None:
        if enrolments is not None and not isinstance(enrolments, (str, bytes)):
            enrolments = _native.to_json(enrolments)
        epoch = datetime.date(1970, 1, 1)
        options = {
            "focus": None if focus is None else [str(one) for one in focus],
            "since": None if since is None else (since - epoch).days,
            "until": None if until is None else (until - epoch).days,
            "sample_millionths": None if sample is None else round(Decimal(str(sample)) * 1_000_000),
            "threads": threads,
            "memory": memory,
            "strict": strict,
        }
        schema, limits = schema or STANDARD, limits or DEFAULTS
        self._given = (held, new, enrolments, _zone_name(zone), options, mapping, schema, limits)
        of_new = None if new is None else _held(new)
        by = (schema._native, _zone(zone), limits._native, None if mapping is None else mapping._native)
        self._native = _native.Plan(_held(held), of_new, enrolments, json.dumps(options), by)

    @property
    def _kind(self) -> bool:
        return self._given[1] is not None

    def run(self, paths: Paths) -> Report:
        """Counts all transactions of files, on all cores."""
        return self._told(self._native.run(_paths(paths)))

    def splits(self, paths: Paths, *, bytes: int = 64 * 1024 * 1024) -> list[Split]:
        """The splits of files, of so many bytes. Compressed files are one each; Parquet files
        are cut at their row groups, whatever these have."""
        return [Split(*split) for split in self._native.splits(_paths(paths), bytes)]

    def part(self, paths: Paths, splits: Iterable[Split]) -> bytes:
        """Counts some splits of files; ``paths`` are all of them, as for the other parts."""
        wanted = [(split.path, split.start, split.end) for split in splits]
        return self._native.part(_paths(paths), wanted)

    def merge(self, paths: Paths, parts: Iterable[bytes]) -> Report:
        """The report of parts, in any order."""
        return self._told(self._native.merge(_paths(paths), list(parts)))

    def _told(self, told: tuple[str, str | None]) -> Report:
        report, comparison = told
        return Report(report) if comparison is None else Comparison(comparison)

    def __reduce__(self) -> tuple[Any, ...]:
        return _backtest_of, self._given


def _backtest_of(
    held: Held,
    new: Held | None,
    enrolments: str | bytes | None,
    zone: str,
    options: dict[str, Any],
    mapping: DocumentMapping | None,
    schema: Schema,
    limits: Limits,
) -> Backtest:
    made = object.__new__(Backtest)
    made._given = (held, new, enrolments, zone, options, mapping, schema, limits)
    of_new = None if new is None else _held(new)
    by = (schema._native, _zone(zone), limits._native, None if mapping is None else mapping._native)
    made._native = _native.Plan(_held(held), of_new, enrolments, json.dumps(options), by)
    return made


def _held(held: Held) -> _native.Targets | list[tuple[str, _native.Rule]]:
    if isinstance(held, Targets):
        return held._native
    if isinstance(held, Rule):
        return [("rule", held._native)]
    return [(name, rule._native) for name, rule in held.items()]


def _paths(paths: Paths) -> list[str]:
    if isinstance(paths, (str, PathLike)):
        return [fspath(paths)]
    return [fspath(path) for path in paths]


def backtest(held: Held, paths: Paths, **options: Any) -> Report:
    """Which recorded transactions would have counted: ``paths`` are files, folders and
    patterns of NDJSON, JSON arrays and CSV, also packed by gzip or zstd, and of Parquet files.
    ``mapping`` reads documents of another shape.

    Options are those of :class:`Backtest`. Ctrl-C stops it.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name, "bills.ndjson")
    >>> _ = path.write_text('{"currentTxn": {"value": 730.50}}\\n{"currentTxn": {"value": 12}}\\n')
    >>> report = backtest(Rule.parse("currentTxn.value > 500"), path)
    >>> report.targets[0]["eligible"], report.targets[0]["amount"], report.whole
    (1, Decimal('730.5'), True)
    >>> folder.cleanup()
    """
    return Backtest(held, **options).run(paths)


def compare(old: Held, new: Held, paths: Paths, **options: Any) -> Comparison:
    """How two versions of rules or targets differ over recorded transactions.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name, "bills.ndjson")
    >>> _ = path.write_text('{"currentTxn": {"value": 730.50}}\\n{"currentTxn": {"value": 12}}\\n')
    >>> old, new = Rule.parse("currentTxn.value > 500"), Rule.parse("currentTxn.value > 900")
    >>> compare(old, new, path)
    <Comparison: 2 transactions>
    >>> folder.cleanup()
    """
    compared = Backtest(old, new, **options).run(paths)
    assert isinstance(compared, Comparison)
    return compared
