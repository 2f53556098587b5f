"""Collects cases of booking; what comes of one follows from the reference."""

from itertools import chain

from . import activities, booking, document, targets
from .activities import Open
from .suite import Raw, Suite, to_json

# What does not depend on how documents came, where windows are fixed.
LASTING = ("progress", "unified", "unknown", "waiting")


class BookingSuite(Suite):
    def text(self):
        return f'{{"about": {to_json(self.about)}, "cases": [\n' + ",\n".join(map(to_json, self.cases)) + "\n]}\n"

    def book(self, group, why, targets_, enrolments, batches, **keys):
        """A case; `tells` names what is compared of what the reference finds."""
        tells, documents = keys.pop("tells", None), keys.pop("eligibility", None)
        doubtful = keys.pop("doubtful", None)
        case = {"targets": targets_, "enrolments": enrolments, "batches": batches, **keys}
        text = to_json(case)
        expected = booking.judge(document.read(text))
        if tells is not None:
            expected = {key: value for key, value in expected.items() if key in tells}
        if documents:
            expected["eligibility"] = [eligibility(case, one) for one in documents]
        order = any_order(document.read(text), expected)
        self.add(group, why=why, **case, anyOrder=order or None, doubtful=doubtful, expected=expected)

    def stated(self, group, why, doubtful, targets_, enrolments, batches, achieved):
        """A case whose outcome the reference leaves open: one line, by one reading."""
        line = {"userId": 1, "targetId": 1, "periodId": None, "achieved": achieved, "reached": False}
        case = {"targets": targets_, "enrolments": enrolments, "batches": batches}
        self.add(group, why=why, **case, doubtful=doubtful, expected={"progress": [line]})


def eligibility(case, whole):
    """How each target stands to a document, before windows and enrolments are asked."""
    zone = str(case.get("zone") or "UTC")
    read, _ = targets.read(document.read(to_json(case["targets"])))
    text = to_json(whole)
    parsed = document.read(text)
    found = []
    for target in read:
        truth, absent, _ = targets.eligible(target, parsed, activities.to_text(parsed), zone)
        result = {True: "true", False: "false", None: "unknown"}[truth]
        found.append({"targetId": target.id, "result": result, "absent": absent})
    return {"document": whole, "targets": found}


def any_order(case, expected):
    """Whether the documents may come in any order and in any batches; in fixed windows they may."""
    read, _ = targets.read(document.entry(case, "targets"))
    if not all(target.fixed for target in read) or document.entry(case, "withdrawn"):
        return False
    documents = list(chain.from_iterable(document.entry(case, "batches")))
    orders = [[documents], [[one] for one in documents], [[one] for one in reversed(documents)]]
    for batches in orders:
        again = document.Object([(key, batches if key == "batches" else value) for key, value in case])
        try:
            found = booking.judge(again)
        except Open:
            return False
        for key in LASTING:
            if key in expected and found.get(key) != expected[key]:
                return False
    return True


# Documents and targets, as short as they can be.


def number(text):
    return Raw(str(text))


def target(id, type, entity="TRANSACTION", expression="true", **more):
    return {"id": id, "targetType": type, "targetEntity": entity, "expression": expression, **more}


def field(name, function="SUM", window=None):
    info = {"name": name, "aggregateFunction": function}
    if window:
        info["aggregateWindow"] = {"windowType": window, "windowTimeUnit": "DAY"}
    return {"extendedFieldInfo": info}


def bill(name, date, customer=1, **txn):
    return {"currentCustomer": {"id": customer}, "currentTxn": {"number": name, "date": date, **txn}}


def returned(name, date, own=None, customer=1, **figures):
    """A return of a bill; with a number of its own it says so under `currentTxn`."""
    document = {"currentCustomer": {"id": customer}}
    if own is not None:
        document["currentTxn"] = {"number": own}
    return {**document, "returnBill": {"number": name, "date": date, **figures}}


def enrolled(*ids, value=100, customer=1, **more):
    return [{"userId": customer, "targetId": id, "value": value, **more} for id in ids]


PERIODS = [
    {"id": 3, "startDate": "2026-01-01", "endDate": "2026-01-31"},
    {"id": 4, "startDate": "2026-02-01", "endDate": "2026-02-28"},
]


def fixed(*listed, **more):
    return {"id": 7, "targetEvaluationType": "FIXED_CALENDAR_WINDOW", "periods": PERIODS, "targets": listed, **more}


def cyclic(*listed, **more):
    more = {"frequencyType": "DAILY", **more}
    return {"id": 8, "targetEvaluationType": "CYCLIC_WINDOW", "targets": listed, **more}


def agnostic(*listed, **more):
    return {"id": 9, "targetEvaluationType": "PERIOD_AGNOSTIC_WINDOW", "targets": listed, **more}
