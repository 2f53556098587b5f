"""What customers achieve: bills and returns booked one batch after the other.

Nothing is added up on the way. What a bill still adds follows from the bill
and from every return of it, whenever somebody asks.
"""

from dataclasses import dataclass, field

from . import activities, dates, document, evaluate, numbers, targets
from .activities import Open
from .document import entry

NOTHING = numbers.read("0")


@dataclass
class Counted:
    """A bill or an event in an account: what it added, where, which of its items."""

    activity: object
    figure: object
    items: list
    place: object
    day: int


@dataclass
class Account:
    customer: int
    target: object
    enrolments: list
    counted: dict = field(default_factory=dict)
    unknown: dict = field(default_factory=dict)
    # Of windows that are a customer's own: the first and latest activity, and
    # where closed cycles ended, the instant of the bill and the latest one then.
    first: int = None
    latest: int = None
    ends: list = field(default_factory=list)
    withdrawn: bool = False


class Ledger:
    def __init__(self, data, listed, zone):
        self.zone = zone
        self.targets, self.groups = targets.read(data)
        self.listed = targets.read_enrolments(listed, zone)
        self.accounts, self.returns = {}, {}
        self.batch = 0
        self.refused, self.repetitions, self.told = [], [], []
        # What the law leaves open is not told.
        self.told_open = self.unknown_open = False
        for (customer, target), enrolments in self.listed.items():
            found = next(one for one in self.targets if one.id == target)
            self.accounts[customer, target] = Account(customer, found, enrolments)

    def of_customer(self, customer):
        return [account for (one, _), account in self.accounts.items() if one == customer]

    # Booking

    def book(self, documents):
        batch = []
        for at, whole in enumerate(documents):
            try:
                batch.append((at, activities.read(whole, self.zone)))
            except activities.Refused as refusal:
                found = {"batch": self.batch, "document": at, "pointer": refusal.pointer}
                self.refused.append({key: value for key, value in found.items() if value is not None})
        batch.sort(key=lambda pair: (pair[1].instant, pair[1].kind == "return"))
        self.refuse_to_judge([activity for _, activity in batch])
        arrived = []
        for at, activity in batch:
            if activity.kind == "return":
                if self.arrive(activity):
                    arrived.append(activity)
                else:
                    self.repeated(activity)
            else:
                self.weigh(activity)
        self.tell(arrived)
        self.batch += 1

    def refuse_to_judge(self, batch):
        """Which of two bills with one number counts is open where both come at once."""
        seen = {}
        for activity in batch:
            if activity.kind == "return" and activity.own is None:
                continue
            key = activity.customer, activity.kind, activity.bill, activity.number
            other = seen.setdefault(key, activity.text)
            if other != activity.text and not lacks_only(other, activity.text):
                raise Open("two documents with one number in one batch")

    def withdraw(self, customer, target):
        account = self.accounts.get((customer, target))
        assert account, "nobody to withdraw"
        account.withdrawn = True

    def repeated(self, activity):
        found = {"batch": self.batch, "userId": activity.customer, "number": activity.number}
        if found not in self.repetitions:
            self.repetitions.append(found)

    def weigh(self, activity):
        for target in self.targets:
            if self.concerns(target, activity):
                self.weigh_for(target, activity)
            self.pass_by(target, activity)

    def pass_by(self, target, activity):
        """An activity of any kind starts a window of the customer's own, and is the latest one."""
        account = self.accounts.get((activity.customer, target.id))
        if account and not target.fixed and not account.withdrawn and self.enrolled(account, activity):
            account.first = activity.instant if account.first is None else account.first
            account.latest = max(activity.instant, account.latest or activity.instant)

    def concerns(self, target, activity):
        if target.entity != "EVENT":
            return activity.kind == "bill"
        kind = entry(activity.whole, "currentEvent", "eventType")
        if activity.kind == "bill":
            if target.event in (None, "TransactionAdd") or kind is not None:
                raise Open("a bill for a target of events")
            return False
        return target.event is None or str(target.event) == kind

    def weigh_for(self, target, activity):
        account = self.accounts.get((activity.customer, target.id))
        if account and account.withdrawn:
            if target.method == "TRANSACTION":
                raise Open("a bill after a withdrawal, where bills enrol")
            return
        truth, absent, items = targets.eligible(target, activity.whole, activity.text, self.zone)
        found = account and self.enrolled(account, activity)
        if not found:
            if account and account.enrolments or target.method != "TRANSACTION":
                return
            if activity.kind != "bill":
                raise Open("an event for a target that bills enrol for")
            if truth is None:
                self.unknown_open = True
            if not truth or target.fixed and self.periods(target, activity)[0].id == "none":
                return
            account = self.enrol(target, activity)
            found = self.enrolled(account, activity)
        enrolment, period = found
        self.count(account, enrolment, period, activity, (truth, absent, items))

    def enrol(self, target, activity):
        """By the first eligible bill; in a fixed window no matter in which order bills come."""
        if not target.fixed:
            raise Open("what is to be reached by a customer whom a bill enrols")
        key = activity.customer, target.id
        account = self.accounts.setdefault(key, Account(activity.customer, target, []))
        period = self.periods(target, activity)[0]
        account.enrolments.append(targets.Enrolment(period.id, None, dates.FIRST))
        return account

    def periods(self, target, activity):
        day = dates.local(activity.instant, self.zone) // dates.DAY
        listed = target.group.periods or [targets.Period(None)]
        found = [period for period in listed if period.contains(day)]
        if len(found) > 1:
            raise Open("two periods contain one date")
        return found or [targets.Period("none")]

    def enrolled(self, account, activity):
        """The enrolment that an activity counts for, and its period."""
        (period,) = self.periods(account.target, activity) if account.target.fixed else [targets.Period(None)]
        for enrolment in account.enrolments:
            named = enrolment.period is None or enrolment.period == period.id
            if period.id != "none" and named and enrolment.since <= activity.instant:
                return enrolment, period.id
        return None

    def count(self, account, enrolment, period, activity, eligibility):
        target, number = account.target, activity.number
        truth, absent, items = eligibility
        if number in account.counted:
            self.repeated(activity)
            return
        if truth:
            figure, chosen = self.figure(target, activity, items)
        if truth is None or truth and figure is None:
            account.unknown[number] = absent
            return
        account.unknown.pop(number, None)
        if not truth:
            return
        place = period if target.fixed else self.cycle(account, activity)
        if place == "over":
            return
        day = dates.local(activity.instant, self.zone) // dates.DAY
        account.counted[number] = Counted(activity, figure, chosen, place, day)
        if target.group.window == "PERIOD_AGNOSTIC_WINDOW" and place == len(account.ends) + 1:
            if self.achieved(account, place) >= self.defined(account, enrolment, period):
                account.ends.append((activity.instant, max(activity.instant, account.latest or activity.instant)))

    def figure(self, target, activity, items):
        """What a document adds, and for targets of line items which of them count."""
        whole = activity.whole
        if target.entity != "LINEITEM":
            holder = entry(whole, "currentTxn")
            return activities.bill_figure(target, holder, entry(whole, "currentEvent")), None
        listed = entry(whole, "currentTxn", "lineItems")
        if listed is None:
            return None, None
        chosen = items if target.unrolls else list(range(len(listed)))
        return activities.items_figure(target, [listed[at] for at in chosen]), chosen

    # Windows that are a customer's own

    def cycle(self, account, activity):
        if account.target.group.window == "CYCLIC_WINDOW":
            return self.cyclic(account, activity.instant)
        return self.agnostic(account, activity.instant)

    def cyclic(self, account, instant):
        group, first = account.target.group, instant if account.first is None else account.first
        if instant < first:
            return "over"
        number = (instant - first) // group.length + 1
        latest = max(account.latest or instant, instant)
        if number > group.cycles or latest >= first + number * group.length + group.offset:
            return "over"
        if (latest - first) // group.length > number:
            raise Open("a late bill of a cycle before the previous one")
        return number

    def agnostic(self, account, instant):
        group = account.target.group
        if any(other.activity.instant == instant for other in account.counted.values()):
            raise Open("two bills at one instant, where a bill may end a cycle")
        for at, (low, high) in enumerate(account.ends):
            if instant > high:
                continue
            late = [account.latest >= end + group.offset for end in (low, high)]
            if instant >= low or late[0] != late[1]:
                raise Open("a cycle that a late bill ended")
            if late[0]:
                return "over"
            if at + 1 != len(account.ends):
                raise Open("a late bill of a cycle before the previous one")
            return at + 1
        current = len(account.ends) + 1
        return current if current <= group.cycles else "over"

    # Returns

    def arrive(self, activity):
        """Whether a return is new, or has what it lacked when it came before."""
        known = self.returns.setdefault(activity.customer, {})
        versions = known.setdefault(activity.identity(self.zone), [])
        if any(other.text == activity.text for other in versions) or versions and activity.own is None:
            return False
        counting = [account for account in self.of_customer(activity.customer) if activity.bill in account.counted]
        more = not versions or any(
            self.taken_by(account, versions)[0] is None and self.taken_by(account, [activity])[0] is not None
            for account in counting
        )
        if versions and not counting:
            self.told_open = True
        versions.append(activity)
        return more

    def of_bill(self, customer, bill):
        return [
            versions
            for identity, versions in self.returns.get(customer, {}).items()
            if identity[0] == bill and versions
        ]

    def taken_by(self, account, versions):
        """What one return takes back of its bill, and how it is told where it takes nothing."""
        why = None
        for version in versions:
            taken, why = self.taken_once(account, version)
            if taken is not None:
                return taken, why
        return None, why

    def taken_once(self, account, returned):
        target, counted = account.target, account.counted[returned.bill]
        holder = entry(returned.whole, "returnBill")
        if counted.activity.kind == "event":
            raise Open("the return of an event")
        if target.entity == "LINEITEM":
            items = entry(holder, "lineItems")
            if items is None:
                return None, {"what": "lacks", "absent": ["returnBill.lineItems"]}
            chosen = [item for item in items if self.chosen(account, counted, returned, item)]
            figures = [activities.item_figure(target, item) for item in chosen]
        else:
            figures = [activities.bill_figure(target, holder)]
        if None in figures:
            name = {"SALES": "value", "REGULAR_POINTS": "points"}.get(target.type)
            named = {"absent": ["returnBill." + name]} if name and target.entity != "LINEITEM" else {}
            return None, {"what": "lacks", **named}
        below = [figure for figure in figures if figure < 0]
        if below and any(figure > 0 for figure in figures):
            raise Open("line items of one return, some above and some below zero")
        return (NOTHING, {"what": "below-zero"}) if below else (numbers.total(figures), None)

    def chosen(self, account, counted, returned, item):
        """Whether a line item of a return is of what the bill counted."""
        target, code = account.target, activities.text_of(item, "code")
        if code:
            listed = entry(counted.activity.whole, "currentTxn", "lineItems")
            same = [at for at, one in enumerate(listed) if activities.text_of(one, "code") == code]
            hits = [at for at in same if at in counted.items]
            if not same:
                raise Open("a return of a code that its bill does not have")
            if len(hits) in (0, len(same)):
                return bool(hits)
        nodes = list(evaluate.nodes(target.rule))
        if any(node.kind in ("attribute", "call") and node.value[0] != evaluate.ITEM for node in nodes):
            raise Open("a rule about more than line items, asked of one of a return")
        return evaluate.Evaluation(returned.whole, self.zone, item, evaluate.ITEM).truth(target.rule) is True

    def still(self, account, number):
        """What a counted bill adds after its returns, and whether it is wholly returned."""
        counted = account.counted[number]
        if account.target.counts_documents or counted.figure <= 0:
            return counted.figure, False
        taken = [self.taken_by(account, versions)[0] for versions in self.of_bill(account.customer, number)]
        left = counted.figure - sum((one for one in taken if one is not None), NOTHING)
        return max(left, NOTHING), left <= 0

    def tell(self, arrived):
        for activity in arrived:
            counting = [one for one in self.of_customer(activity.customer) if activity.bill in one.counted]
            found = {"batch": self.batch, "userId": activity.customer, "bill": activity.bill}
            if has_figures(entry(activity.whole, "currentTxn")):
                self.told.append({**found, "what": "not-added"})
            if not counting:
                self.told.append({**found, "what": "waits"})
            for account in counting:
                if account.target.counts_documents:
                    continue
                if account.counted[activity.bill].figure <= 0:
                    self.told_open = True
                versions = self.returns[activity.customer][activity.identity(self.zone)]
                why = self.taken_by(account, versions)[1]
                if why:
                    self.told.append({**found, "targetId": account.target.id, **why})
        self.told_open |= self.waited_and_lacks(arrived)

    def waited_and_lacks(self, arrived):
        """When a return is told that waited first is left open."""
        for account in self.accounts.values():
            for number in () if account.target.counts_documents else account.counted:
                for versions in self.of_bill(account.customer, number):
                    if versions[-1] not in arrived and self.taken_by(account, versions)[1]:
                        told = {"userId": account.customer, "bill": number, "targetId": account.target.id}
                        if not any(told.items() <= one.items() for one in self.told):
                            return True
        return False

    # What comes out

    def defined(self, account, enrolment, period):
        return account.target.defaults.get(period) if enrolment.value is None else enrolment.value

    def achieved(self, account, place):
        target, inside = account.target, [number for number, one in account.counted.items() if one.place == place]
        left = {number: self.still(account, number) for number in inside}
        if target.type == "VISIT":
            return numbers.read(str(len({account.counted[number].day for number in inside})))
        if target.window is None:
            return numbers.total([value for value, _ in left.values()])
        days = {}
        for number, (value, wholly) in left.items():
            if not wholly:
                days.setdefault(account.counted[number].day, []).append(value)
        choose = min if target.window == "MIN" else max
        return numbers.total([choose(values) for values in days.values()])

    def lines(self):
        """One for each customer, target, and period or cycle; cycles without anything are left out."""
        for (customer, _), account in sorted(self.accounts.items()):
            target = account.target
            for enrolment in account.enrolments:
                if target.fixed:
                    listed = [period.id for period in target.group.periods] or [enrolment.period]
                    places = listed if enrolment.period is None else [enrolment.period]
                else:
                    places = sorted({one.place for one in account.counted.values()})
                for place in places:
                    achieved = self.achieved(account, place)
                    defined = self.defined(account, enrolment, place if target.fixed else None)
                    if target.fixed or achieved:
                        yield customer, target, place, achieved, achieved >= defined

    def outcome(self):
        """As a case states it."""
        progress, sums, hits = [], {}, {}
        for customer, target, place, achieved, reached in self.lines():
            where = {"periodId": place} if target.fixed else {"cycle": place}
            line = {"userId": customer, "targetId": target.id, **where}
            progress.append({**line, "achieved": numbers.write(achieved), "reached": reached})
            if target.fixed:
                sums.setdefault((customer, place), {})[target.id] = achieved
                hits.setdefault((customer, place), {})[target.id] = reached
        together = [
            {"userId": customer, "targetGroupId": group.id, "periodId": place}
            | {"reached": targets.unified(group, ids, sums[customer, place], hits[customer, place])}
            for group, ids in self.groups
            for customer, place in sorted(sums)
            if any(one in ids for one in sums[customer, place])
        ]
        counted = {(customer, number) for (customer, _), one in self.accounts.items() for number in one.counted}
        waiting = {
            (customer, identity[0]): None for customer, known in sorted(self.returns.items()) for identity in known
        }
        found = {
            "refused": self.refused,
            "progress": progress,
            "unified": together,
            "unknown": None if self.unknown_open else self.unknown(),
            "repetitions": self.repetitions,
            "waiting": [{"userId": customer, "bill": bill} for customer, bill in waiting if (customer, bill) not in counted],
            "told": None if self.told_open else self.told,
        }
        return {key: value for key, value in found.items() if value is not None}

    def unknown(self):
        return [
            {"userId": customer, "targetId": target, "number": number}
            for (customer, target), account in sorted(self.accounts.items())
            for number in sorted(account.unknown)
        ]


def lacks_only(one, other):
    """Whether one document is the other with something left out."""
    return contains(document.read(one), document.read(other)) or contains(document.read(other), document.read(one))


def contains(more, less):
    if isinstance(less, document.Object):
        return isinstance(more, document.Object) and all(contains(more.get(key), value) for key, value in less)
    if isinstance(less, list):
        return isinstance(more, list) and len(more) == len(less) and all(map(contains, more, less))
    return more == less


FIGURES = ("value", "grossAmount", "points", "promotionalPoints", "allPoints", "lineItems")


def has_figures(holder):
    return any(entry(holder, name) is not None for name in FIGURES)


def judge(case):
    """The outcome of a case that was read by `document.read`."""
    ledger = Ledger(entry(case, "targets"), entry(case, "enrolments"), str(entry(case, "zone") or "UTC"))
    withdrawn = entry(case, "withdrawn") or []
    for at, documents in enumerate(entry(case, "batches")):
        ledger.book(documents)
        for one in withdrawn:
            if targets.integer(entry(one, "afterBatch")) == at:
                ledger.withdraw(targets.integer(entry(one, "userId")), targets.integer(entry(one, "targetId")))
    return ledger.outcome()
