"""What customers achieve, kept in a store."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Any

from . import _native
from ._errors import InvalidValueError
from ._rule import Explanation
from ._settings import DEFAULTS, STANDARD, Document, Limits, Schema, ZoneLike, _zone_name
from ._targets import Targets
from ._values import Fault, Truth, _loads, _span

_PAGE = 1000


def _decimal(number: int | Decimal) -> Decimal:
    return Decimal(number)


def _moment(milliseconds: int | None) -> datetime.datetime | None:
    if milliseconds is None:
        return None
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return epoch + datetime.timedelta(milliseconds=milliseconds)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a customer has achieved of a target, in a period or a cycle."""

    user_id: int
    target_id: int
    period_id: int | None
    #: The cycle, from 1, where there are cycles.
    cycle: int | None
    #: What is to be reached.
    defined: Decimal
    #: What is achieved, exactly.
    achieved: Decimal
    #: What is defined less what is achieved; below zero where more is.
    gap: Decimal
    #: Whether it is reached.
    reached: bool
    #: The activities for which it is unknown whether they count, or how much they add.
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnifiedProgress:
    """What a customer has achieved of the targets of a group together."""

    user_id: int
    target_group_id: int | None
    period_id: int | None
    defined: Decimal | None
    achieved: Decimal | None
    reached: Truth


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an activity counts for a target, where, and why not."""

    target_id: int
    period_id: int | None
    cycle: int | None
    result: Truth
    #: Why it doesn't count: ``why`` is the kind, what else there is belongs to it.
    reason: dict[str, Any] | None
    absent: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class NotCounted:
    """What of an activity doesn't count, and why."""

    #: The activity's number.
    number: str
    user_id: int
    #: The target; ``None`` where it is of no matter which.
    target_id: int | None
    #: Why not; ``None`` where that is unknown.
    reason: dict[str, Any] | None
    absent: tuple[str, ...]
    faults: tuple[Fault, ...]
    #: JSON pointer of what the first line item or tender lacks.
    missing_at: str | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """That a customer takes part in a target."""

    target_id: int
    #: ``None`` for every period of the target's group.
    period_id: int | None
    #: What is to be reached; ``None`` for what the target says.
    value: Decimal | None
    method: str
    #: From when activities count; ``None`` where all of them do.
    enrolled_on: datetime.datetime | None
    #: From when they don't count any more.
    withdrawn_on: datetime.datetime | None


def _faults(found: list[dict[str, Any]]) -> tuple[Fault, ...]:
    return tuple(Fault(one["code"], one["form"], _span(one["span"])) for one in found)


def _enrolment(of: dict[str, Any]) -> Enrolment:
    value = of.get("value")
    return Enrolment(
        of["targetId"],
        of.get("periodId"),
        None if value is None else _decimal(value),
        of["method"],
        _moment(of.get("enrolledOn")),
        _moment(of.get("withdrawnOn")),
    )


class Ledger:
    """The targets and customers of an organisation, in a store.

    ``memory:`` is gone when it is closed; ``sqlite:PATH`` is one file; ``postgres://...``
    is shared by many machines. Each call is a transaction: when it has returned, what it
    has written stays; when it raises, nothing is written.

    >>> from decimal import Decimal
    >>> with Ledger("memory:", zone="Asia/Kolkata") as ledger:
    ...     ledger.put({"data": [{"id": 50, "targetType": "SALES",
    ...         "targetEntity": "TRANSACTION", "expression": "currentTxn.value > 500"}]})
    ...     _ = ledger.enrol(19721, 50, value=5000)
    ...     bill = {"currentCustomer": {"id": 19721}, "currentTxn":
    ...         {"number": "n-1", "date": "2026-03-07", "value": Decimal("730.50")}}
    ...     not_counted = ledger.book([bill])
    ...     progress = ledger.progress_of(19721)[0]
    >>> not_counted, progress.achieved, progress.gap
    ([], Decimal('730.5'), Decimal('4269.5'))
    """

    __slots__ = ("_native", "organisation", "url")

    def __init__(
        self,
        url: str = "memory:",
        *,
        organisation: str = "default",
        zone: ZoneLike = "UTC",
        schema: Schema | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.url, self.organisation = url.split("@")[-1], organisation
        by = ((schema or STANDARD)._native, (limits or DEFAULTS)._native)
        self._native = _native.Ledger(url, organisation, _zone_name(zone), *by)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store. What was written stays, but for ``memory:``."""
        self._native.close()

    def put(self, targets: Targets | Document) -> None:
        """Puts the targets and groups of a payload in the place of those of their ids, or
        beside the others.

        Raises :class:`TargetsError` where one has an error; nothing is put then.
        """
        self._native.put(targets.json if isinstance(targets, Targets) else targets)

    @property
    def target_ids(self) -> list[int]:
        """The ids of the targets that are there."""
        return self._native.target_ids()

    def enrol(
        self,
        customer: int,
        target: int,
        *,
        period: int | None = None,
        value: Decimal | int | str | None = None,
        method: str = "IMPORT",
        enrolled_on: datetime.datetime | datetime.date | str | None = None,
    ) -> Enrolment:
        """Enrols a customer in a target, in one period or in all of them.

        Raises :class:`EnrolmentError` where that is not possible.
        """
        if isinstance(enrolled_on, datetime.datetime) and enrolled_on.tzinfo is None:
            raise InvalidValueError("`enrolled_on` needs a zone, as datetime.now(ZoneInfo(...)) has one")
        since = enrolled_on.isoformat() if isinstance(enrolled_on, datetime.date) else enrolled_on
        reach = None if value is None else format(Decimal(value), "f")
        told = self._native.enrol(customer, target, period, (reach, method, since))
        return _enrolment(_loads(told))

    def withdraw(
        self, customer: int, target: int, *, period: int | None = None, at: datetime.datetime | None = None
    ) -> None:
        """Ends that a customer takes part, from ``at`` on, which is now where it isn't said."""
        at = at or datetime.datetime.now(datetime.timezone.utc)
        if at.tzinfo is None:
            raise InvalidValueError("`at` needs a zone, as datetime.now(ZoneInfo(...)) has one")
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        milliseconds = (at - epoch) // datetime.timedelta(milliseconds=1)
        self._native.withdraw(customer, target, period, milliseconds)

    def book(self, documents: Document | Iterable[Document]) -> list[NotCounted]:
        """Books activities of any customers, in any order: bills, returns, events. All of
        them or, where one can't be read, none.

        The same activity again counts once. Gives what doesn't count, and why.
        """
        one = isinstance(documents, (str, bytes, bytearray, memoryview, Mapping))
        told = _loads(self._native.book([documents] if one else list(documents)))  # type: ignore[list-item,arg-type]
        return [
            NotCounted(
                of["number"],
                of["userId"],
                of.get("targetId"),
                of.get("reason"),
                tuple(of.get("absent", ())),
                _faults(of.get("faults", [])),
                of.get("missingAt"),
            )
            for of in told
        ]

    def progress_of(self, customer: int) -> list[Progress]:
        """What a customer has achieved, by target, period and cycle."""
        return [
            Progress(
                of["userId"],
                of["targetId"],
                of.get("periodId"),
                of.get("cycle"),
                _decimal(of["defined"]),
                _decimal(of["achieved"]),
                _decimal(of["gap"]),
                of["reached"],
                tuple(of.get("unknown", ())),
            )
            for of in _loads(self._native.progress_of(customer))
        ]

    def unified_progress_of(self, customer: int) -> list[UnifiedProgress]:
        """What a customer has achieved of unified targets, by group and period."""
        told = _loads(self._native.unified_progress_of(customer))
        by_value = {None: Truth.UNKNOWN, True: Truth.TRUE, False: Truth.FALSE}

        def number(of: dict[str, Any], key: str) -> Decimal | None:
            return _decimal(of[key]) if of.get(key) is not None else None

        return [
            UnifiedProgress(
                of["userId"],
                of.get("targetGroupId"),
                of.get("periodId"),
                number(of, "defined"),
                number(of, "achieved"),
                by_value[of["reached"]],
            )
            for of in told
        ]

    def enrolments_of(self, customer: int) -> list[Enrolment]:
        """What a customer is enrolled in."""
        return [_enrolment(one) for one in _loads(self._native.enrolments_of(customer))]

    def standings(self, document: Document) -> list[Standing]:
        """Whether a document would count for each target of its customer. Nothing is booked."""
        return [
            Standing(
                of["targetId"],
                of.get("periodId"),
                of.get("cycle"),
                Truth(of["result"]),
                of.get("reason"),
                tuple(of["absent"]),
                _faults(of["faults"]),
            )
            for of in json.loads(self._native.standings(document))
        ]

    def explain(self, customer: int, target: int, document: Document) -> Explanation | None:
        """Why a document counts for a target or doesn't; ``None`` where there is none of
        this id. Nothing is booked."""
        told = self._native.explain(customer, target, document)
        return None if told is None else Explanation(told[1], told[2], told[0])

    def customers(self) -> Iterator[int]:
        """The customers of whom anything is kept, in order."""
        after: int | None = None
        while page := self._native.customers(after, _PAGE):
            yield from page
            after = page[-1]

    def erase(self, customer: int) -> bool:
        """Forgets a customer; whether anything was kept of her."""
        return self._native.erase(customer)

    def __repr__(self) -> str:
        return f"<Ledger: {self.organisation} at {self.url}>"
