"""What customers achieve: bills and returns booked one batch after the other.

Nothing is added up on the way. What a bill still adds follows from the bill
and from every return of it, whenever somebody asks.
"""

from . import activities, dates, numbers, targets
from .accounts import Account, Counted, cycle
from .activities import Open
from .document import entry
from .returns import Returns


class Ledger:
    def __init__(self, data, listed, zone):
        self.zone = zone
        self.targets, self.groups = targets.read(data)
        self.listed = targets.read_enrolments(listed, zone)
        self.accounts, self.returns = {}, Returns(zone)
        self.batch = 0
        # Customer and number of what this batch counted so far.
        self.fresh = set()
        self.refused, self.repetitions, self.told = [], [], []
        # What the law leaves open is not told.
        self.told_open = self.unknown_open = self.repetitions_open = False
        for (customer, target), enrolments in self.listed.items():
            found = next(one for one in self.targets if one.id == target)
            self.accounts[customer, target] = Account(customer, found, enrolments)

    def counting(self, customer, number):
        """The accounts of a customer that count a bill."""
        return [one for (whose, _), one in self.accounts.items() if whose == customer and number in one.counted]

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
        self.fresh.clear()
        for _, activity in batch:
            if activity.kind == "return":
                if self.arrive(activity):
                    arrived.append(activity)
            else:
                self.weigh(activity)
        self.tell(arrived)
        self.batch += 1

    def arrive(self, activity):
        counting = self.counting(activity.customer, activity.bill)
        versions = self.returns.versions(activity)
        other = activity.own and versions and all(one.text != activity.text for one in versions)
        if other and not counting:
            # Whether it has more to take back than what waits shows when its bill comes.
            self.told_open = self.repetitions_open = True
        # What waited may be told to lack what comes in the batch of its bill, or not.
        self.told_open |= bool(other) and (activity.customer, activity.bill) in self.fresh
        new = self.returns.arrive(activity, counting)
        if not new:
            self.repeated(activity)
            # Whether what a repetition adds nothing of is told again is open.
            self.told_open |= has_figures(entry(activity.whole, "currentTxn"))
        return new

    def refuse_to_judge(self, batch):
        """Which of two bills with one number counts is open where both come at once."""
        seen = {}
        for activity in batch:
            if activity.kind == "return" and activity.own is None:
                continue
            key = activity.customer, activity.kind, activity.bill, activity.number
            other = seen.setdefault(key, activity.text)
            if other == activity.text:
                continue
            if not activities.lacks_only(other, activity.text):
                raise Open("two documents with one number in one batch")
            # Which of them is the repetition is open, and what is told of a return that has all in the other.
            self.repetitions_open = True
            self.told_open |= activity.kind == "return"

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
            # Points are of "the activity": whether of an event without them it is unknown what it adds is open.
            self.unknown_open |= activity.kind == "event" and target.entity in ("POINTS", "ALTERNATE_CURRENCIES")
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
            # Nothing counts any more; whether what counted before is told as a repetition is open.
            self.repetitions_open |= activity.number in account.counted
            self.unknown_open |= activity.number in account.unknown
            return
        truth, absent, items = targets.eligible(target, activity.whole, activity.text, self.zone)
        found = account and self.enrolled(account, activity)
        if not found:
            if (activity.customer, target.id) in self.listed or target.method != "TRANSACTION":
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
        figure, chosen = self.figure(target, activity, items) if truth else (None, None)
        if number in account.counted:
            self.repeated(activity)
            return
        place = truth is not False and (period if target.fixed else cycle(account, activity))
        if truth is False or place == "over":
            # Whether it is still unknown what another document of that number adds is open.
            self.unknown_open |= number in account.unknown
            account.passed.add(number)
            return
        if figure is None:
            self.unknown_open |= number in account.passed
            account.unknown[number] = absent
            return
        account.unknown.pop(number, None)
        day = dates.local(activity.instant, self.zone) // dates.DAY
        self.fresh.add((account.customer, number))
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

    def tell(self, arrived):
        for activity in arrived:
            counting = self.counting(activity.customer, activity.bill)
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
                why = self.returns.taken_by(account, self.returns.versions(activity))[1]
                if why:
                    self.told.append({**found, "targetId": account.target.id, **why})
        self.told_open |= self.waited_and_lacks(arrived)

    def waited_and_lacks(self, arrived):
        """When a return is told that waited first is left open."""
        for account in self.accounts.values():
            for number in () if account.target.counts_documents else account.counted:
                for versions in self.returns.of_bill(account.customer, number):
                    if versions[-1] not in arrived and self.returns.taken_by(account, versions)[1]:
                        told = {"userId": account.customer, "bill": number, "targetId": account.target.id}
                        if not any(told.items() <= one.items() for one in self.told):
                            return True
        return False

    # What comes out

    def defined(self, account, enrolment, period):
        return account.target.defaults.get(period) if enrolment.value is None else enrolment.value

    def achieved(self, account, place):
        target, inside = account.target, [number for number, one in account.counted.items() if one.place == place]
        left = {number: self.returns.still(account, number) for number in inside}
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
            for enrolment in sorted(account.enrolments, key=lambda one: one.period or 0):
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
        waiting = {(customer, identity[0]) for customer, known in self.returns.known.items() for identity in known}
        found = {
            "refused": self.refused,
            "progress": progress,
            "unified": together,
            "unknown": None if self.unknown_open else self.unknown(),
            "repetitions": None if self.repetitions_open else self.repetitions,
            "waiting": [{"userId": customer, "bill": bill} for customer, bill in sorted(waiting - counted)],
            "told": None if self.told_open else self.told,
        }
        return {key: value for key, value in found.items() if value is not None}

    def unknown(self):
        return [
            {"userId": customer, "targetId": target, "number": number}
            for (customer, target), account in sorted(self.accounts.items())
            for number in sorted(account.unknown)
        ]


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
