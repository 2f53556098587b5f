"""What came of many documents, and what decides them."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, overload

from . import _native
from ._errors import DocumentError
from ._settings import DEFAULTS, Document, Limits, ZoneLike, _zone
from ._values import _BY_CODE, Decision, Truth, _decision_of, _diagnostics_of, _Found

Id = TypeVar("Id", bound=Hashable)
T = TypeVar("T")
M = TypeVar("M")

#: The zone that dates are seen in, the limits, and how many threads.
DecidedBy: TypeAlias = "tuple[_native.Zone, _native.Limits, int]"
#: What is decided for.
Given: TypeAlias = "_native.Documents"


class ArrowStream(Protocol):
    """Whatever hands record batches over by the Arrow C data interface: a table, record
    batch or reader of pyarrow, a DataFrame of polars, or of pandas."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class _Many(Sequence[T]):
    """What came of many documents, in their order.

    An entry is made when it is looked at. One of a document that can't be read raises
    :class:`DocumentError`; ``errors`` has all of these.
    """

    __slots__ = ("_answers", "_made")

    def __init__(self, answers: _native.Answers, made: Callable[[list[_Found]], T]) -> None:
        self._answers = answers
        self._made = made

    def __len__(self) -> int:
        return len(self._answers)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        position = at + len(self) if at < 0 else at
        if not 0 <= position < len(self):
            raise IndexError("there is no such document")
        return self._made(self._answers.found(position))

    @property
    def errors(self) -> dict[int, DocumentError]:
        """The documents that can't be read, by their position, and why."""
        found = {}
        for at in range(len(self)):
            refusal = self._answers.refusal(at)
            if refusal is not None:
                told = _diagnostics_of(json.loads(refusal))
                found[at] = DocumentError("; ".join(map(str, told)), told)
        return found


class Decisions(_Many[Decision]):
    """The decisions of a rule for many documents, in their order.

    >>> from target_rules import Rule
    >>> rule = Rule.parse("currentTxn.value > 500")
    >>> decisions = rule.decide_lines(b'{"currentTxn": {"value": 730.50}}\\n{}\\n{"currentTxn": 1}')
    >>> decisions[0].is_true, decisions[1].absent
    (True, ('currentTxn.value',))
    >>> decisions.results
    [<Truth.TRUE: 'true'>, <Truth.UNKNOWN: 'unknown'>, None]
    >>> list(decisions.errors), decisions.errors[2].diagnostics[0].code
    ([2], 'wrong-type')
    """

    __slots__ = ()

    def __init__(self, answers: _native.Answers) -> None:
        super().__init__(answers, lambda found: _decision_of(found[0]))

    @property
    def results(self) -> list[Truth | None]:
        """The results alone; ``None`` for a document that can't be read."""
        by_code = (*_BY_CODE, None)
        return [by_code[code] for code in self._answers.codes()]

    def to_arrow(self) -> Any:
        """The results as a boolean array of pyarrow, null where unknown or not read."""
        import pyarrow as pa

        known = (False, True, None, None)
        return pa.array([known[code] for code in self._answers.codes()], type=pa.bool_())

    def __repr__(self) -> str:
        codes = self._answers.codes()
        true, false, unknown, refused = (codes.count(code) for code in (1, 0, 2, 3))
        return f"<Decisions: {true} true, {false} false, {unknown} unknown, {refused} refused>"


@dataclass(frozen=True, slots=True)
class Matches(Generic[Id]):
    """Which rules of a set, or which targets, a document counts for.

    All that are neither true nor unknown are false.
    """

    #: The ids of those that are true, in order.
    true: tuple[Id, ...]
    #: The ids of those that are unknown.
    unknown: tuple[Id, ...]
    #: The decisions of those that are true or unknown: why, and which line items.
    decisions: dict[Id, Decision] = field(repr=False)

    def __getitem__(self, id: Id) -> Decision:
        return self.decisions.get(id, Decision(Truth.FALSE))


class MatchesOfMany(_Many[Matches[Id]]):
    """What came of many documents, in their order."""

    __slots__ = ("_ids",)

    def __init__(self, answers: _native.Answers, ids: Sequence[Id]) -> None:
        super().__init__(answers, lambda found: _matches_of(found, ids))
        self._ids = ids

    def to_arrow(self, which: Truth = Truth.TRUE) -> Any:
        """The ids of those that are true (or unknown) as a list array of pyarrow, where
        ids are whole numbers; else their positions in the set. Empty for a document
        that can't be read: see ``errors``."""
        import pyarrow as pa

        whole = all(isinstance(one, int) for one in self._ids)
        ids = [int(one) for one in self._ids if isinstance(one, int)] if whole else list(range(len(self._ids)))
        offsets, values = self._answers.lists(ids, _BY_CODE.index(which))
        buffers = [None, pa.py_buffer(offsets)]
        child = pa.Array.from_buffers(pa.int64(), len(values) // 8, [None, pa.py_buffer(values)])
        return pa.Array.from_buffers(pa.list_(pa.int64()), len(self), buffers, children=[child])

    def __repr__(self) -> str:
        return f"<MatchesOfMany: {len(self)} documents>"


def _matches_of(found: list[_Found], ids: Sequence[Id]) -> Matches[Id]:
    decisions = {ids[one[0]]: _decision_of(one) for one in found}
    true = tuple(id for id, one in decisions.items() if one.result is Truth.TRUE)
    unknown = tuple(id for id, one in decisions.items() if one.result is Truth.UNKNOWN)
    return Matches(true, unknown, decisions)


class DecidesMany(ABC, Generic[M]):
    """What decides many documents together: a rule, a set of rules, or targets."""

    __slots__ = ()

    @abstractmethod
    def _decide_all(self, documents: Given, by: DecidedBy) -> M: ...

    def decide_many(
        self,
        documents: Iterable[Document],
        *,
        zone: ZoneLike = "UTC",
        threads: int = 0,
        limits: Limits | None = None,
    ) -> M:
        """Decides for many documents, on all cores; ``threads=1`` for one."""
        given = _native.Documents.each(list(documents))
        return self._decide_all(given, (_zone(zone), (limits or DEFAULTS)._native, threads))

    def decide_lines(
        self, lines: str | bytes, *, zone: ZoneLike = "UTC", threads: int = 0, limits: Limits | None = None
    ) -> M:
        """Decides for each line of a text that isn't empty: a document a line."""
        given = _native.Documents.lines(lines)
        return self._decide_all(given, (_zone(zone), (limits or DEFAULTS)._native, threads))

    def decide_arrow(
        self,
        data: ArrowStream,
        *,
        json: str | None = None,
        zone: ZoneLike = "UTC",
        threads: int = 0,
        limits: Limits | None = None,
    ) -> M:
        """Decides for each row of a table.

        A column is a key of the document: ``currentTxn.value`` is ``value`` of ``currentTxn``,
        a struct is an object, a list an array, and null is absent. Or ``json`` names the
        column that holds documents as JSON. Decimals keep all their digits; a timestamp
        with a zone is a moment, one without is a time in ``zone``.
        """
        given = _native.Documents.rows(data, json)
        return self._decide_all(given, (_zone(zone), (limits or DEFAULTS)._native, threads))
