"""Windows, enrolments, filters and targets that are achieved together."""

from itertools import product

from reference.booking_suite import (
    PERIODS, BookingSuite, agnostic, bill, cyclic, enrolled, field, fixed, number, returned, target,
)  # fmt: skip

SALES = target(1, "SALES")
DAY = "2026-01-{:02}"
ZONES = ("UTC", "Asia/Kolkata", "America/New_York")


def cases():
    periods()
    cycles()
    cycles_with_returns()
    until_reached()
    until_reached_with_returns()
    unified()
    filters()
    events()
    enrolments()


def periods():
    suite = BookingSuite("booking/periods", "Fixed windows: local days, the first and the last of them whole.")
    edges = [
        "2025-12-31T23:59:59.999", "2026-01-01", "2026-01-01T00:00:00", "2026-01-31T23:59:59.999", "2026-02-01",
        "2026-02-28T23:59:59.999", "2026-03-01", "2025-12-31T18:30:00Z", "2025-12-31T18:29:59Z", "2026-01-01T04:59:59Z",
        "2026-01-01T05:00:00Z", "2026-01-31T18:30:00Z", "2026-02-01T04:59:59.999Z", "2026-03-01T04:59:59Z", "2026-02-28T18:30:00Z",
    ]  # fmt: skip
    for zone, date in product(ZONES, edges):
        one = bill("B1", date, value=40)
        suite.book("edges", f"a bill of {date}", fixed(SALES), enrolled(1, value=40), [[one, bill("B2", "2026-01-15", value=1)]], zone=zone)
    for zone in ZONES:
        bills = [bill("B1", "2026-01-31T20:00:00Z", value=40), bill("B2", "2026-02-10", value=60)]
        for batches in ([bills], [[bills[1]], [bills[0]]]):
            suite.book("late", "late bills count, and late returns of them", fixed(SALES), enrolled(1, value=40), batches + [[returned("B1", "2026-03-20", value=15)], [returned("B2", "2026-01-02", value=5)]], zone=zone)
    suite.book("reached", "reached to the last digit", fixed(SALES), enrolled(1), [[bill("B1", DAY.format(5), value=number("33.34")), bill("B2", DAY.format(6), value=number("66.66"))]])
    suite.book("reached", "and no more after a return", fixed(SALES), enrolled(1), [[bill("B1", DAY.format(5), value=number("33.34")), bill("B2", DAY.format(6), value=number("66.66"))], [returned("B2", DAY.format(7), value=number("0.001"))]])
    suite.book("two", "each period by itself", fixed(SALES), enrolled(1, value=10), [[bill("B1", DAY.format(5), value=9), bill("B2", "2026-02-05", value=10), returned("B1", "2026-02-05", value=2), returned("B2", "2026-01-05", value=1)]])
    across = "A bill is known by customer and number, so one that was counted in a period is a repetition with a date in another. The cases of progress so far remembered numbers for each period."
    suite.book("number", "a number that was counted in another period", fixed(SALES), enrolled(1, value=10), [[bill("B1", DAY.format(5), value=9)], [bill("B1", "2026-02-05", value=8)]], doubtful=across)


def sales(day, value, hour=10):
    """A bill that is named by its day and hour."""
    return bill(f"B{day}-{hour}", f"2026-01-{day:02}T{hour:02}:00:00Z", value=value)


def back(day, value, when, hour=10, at=20):
    return returned(f"B{day}-{hour}", f"2026-01-{when:02}T{at:02}:00:00Z", value=value)


def cycles():
    suite = BookingSuite("booking/cycles", "Cyclic windows: from the first activity, exact multiples of 24 hours.")
    book = lambda group, why, payload, *batches, **keys: suite.book(group, why, payload, keys.pop("listed", enrolled(1, value=9)), list(batches), **keys)
    for zone in ZONES:
        book("length", "a day has 24 hours", cyclic(SALES, recurringCycles=3), [sales(2, 1), sales(3, 2, 9), sales(3, 4), sales(5, 8, 9), sales(5, 16)], zone=zone)
        book("length", "also where the clocks change", cyclic(SALES), [bill("B1", "2026-03-07T12:00:00-05:00", value=1), bill("B2", "2026-03-08T12:59:59-04:00", value=2), bill("B3", "2026-03-08T13:00:00-04:00", value=4)], zone=zone)
        book("length", "local dates", cyclic(SALES), [bill("B1", "2026-03-07T12:00:00", value=1), bill("B2", "2026-03-08T12:30:00", value=2), bill("B3", "2026-03-08T13:30:00", value=4)], zone=zone)
    for name, length in (("WEEKLY", 7), ("CUSTOM", 2), ("CUSTOM", 5)):
        dates = [sales(1, 1), sales(1 + length, 2, 9), sales(1 + length, 4), sales(1 + 2 * length, 8)]
        frequency = {"frequency": length} if name == "CUSTOM" else {}
        book("length", f"{name.lower()}, {length} days", cyclic(SALES, frequencyType=name, **frequency), dates)
    for most in (None, 0, -1, 1, 2, 12):
        stated = {} if most is None else {"recurringCycles": most}
        book("most", "at most 12 cycles", cyclic(SALES, **stated), [sales(day, day) for day in (1, 2, 12, 13, 14)])
    gold = target(1, "SALES", expression="currentTxn.value>5")
    book("first", "the first activity starts it, though it does not count", cyclic(gold), [sales(2, 1), sales(3, 7), sales(4, 8, 9)])
    event = {"currentCustomer": {"id": 1}, "currentEvent": {"eventType": "spinTheWheel", "number": "e1", "date": "2026-01-02T06:00:00Z"}}
    book("first", "an event is an activity", cyclic(SALES), [event, sales(2, 1), sales(3, 2, 5), sales(3, 4, 7)], tells=("progress",))
    book("first", "not one from before the enrolment", cyclic(SALES), [sales(1, 1), sales(2, 2), sales(3, 4, 9)], listed=enrolled(1, value=9, enrolledOn="2026-01-02"))
    book("first", "a later batch has one from before the first", cyclic(SALES), [sales(3, 1)], [sales(2, 2)])
    book("late", "a cycle that is over", cyclic(SALES), [sales(2, 1), sales(3, 2, 11)], [sales(2, 4, 12), sales(3, 8, 12)])
    for offset in (0, 1):
        for day, hour in ((3, 11), (4, 9), (4, 10), (4, 11)):
            book("late", f"{offset} days for late bills", cyclic(SALES, offsetDays=offset), [sales(2, 1), sales(day, 2, hour)], [sales(2, 4, 12)], [sales(3, 8, 9)])
    book("late", "weeks, and three days for late bills", cyclic(SALES, frequencyType="WEEKLY", offsetDays=3), [sales(1, 1), sales(11, 2, 9)], [sales(5, 4)], [sales(11, 8)], [sales(6, 16)])
    book("again", "what was counted is a repetition, though its cycle is over", cyclic(SALES), [sales(2, 1), sales(4, 2)], [sales(2, 1)])
    days = cyclic(target(1, "EXTENDED_FIELD", **field("f", "SUM", "MAX")), frequencyType="WEEKLY")
    book("days", "figures of days, for each cycle", days, [bill(f"B{day}-{hour}", f"2026-01-{day:02}T{hour:02}:00:00Z", extendedFields={"f": day + hour}) for day, hour in ((1, 10), (1, 12), (8, 9), (8, 11), (8, 12), (9, 12))])


def cycles_with_returns():
    suite = BookingSuite("booking/cycles-returned", "Returns in cyclic windows.")
    book = lambda group, why, payload, *batches, **keys: suite.book(group, why, payload, enrolled(1, value=9), list(batches), **keys)
    plain = cyclic(SALES)
    for split in (False, True):
        say = lambda group, why, payload, bills, *rest: book(group, why, payload, *([bills, *rest] if split else [bills + [one for batch in rest for one in batch]]))
        say("takes", "in the cycle of its bill", plain, [sales(2, 6), sales(3, 5), sales(4, 4)], [back(2, 2, 4), back(3, 5, 9), back(4, 1, 4)])
        say("takes", "long after the last cycle", cyclic(SALES, recurringCycles=2), [sales(2, 6), sales(3, 10)], [back(3, 3, 28)])
        say("takes", "reached follows", plain, [sales(2, 9), sales(3, 9)], [back(2, 1, 9)])
    book("starts", "a return starts no window", plain, [back(5, 3, 2), sales(5, 4), sales(6, 5, 9)])
    book("starts", "nor one in an earlier batch", plain, [back(5, 3, 2)], [sales(5, 4), sales(6, 5, 9), sales(6, 7, 11)])
    book("starts", "nor one of a bill that never comes", plain, [returned("X", "2026-01-01", value=3), sales(5, 4)], [sales(6, 5, 9)])
    book("latest", "a return is no latest activity", plain, [sales(2, 1), back(2, 1, 9)], [sales(2, 4, 12), sales(3, 2, 9)])
    book("latest", "nor one of another bill, in a batch of its own", plain, [sales(2, 5)], [returned("X", "2026-01-20T00:00:00Z", value=1)], [sales(3, 4, 9)])
    book("latest", "with days for late bills", cyclic(SALES, offsetDays=1), [sales(2, 5), sales(3, 3, 12)], [back(2, 2, 8)], [sales(2, 4, 15)])
    book("late", "a return of a late bill that did not count waits", plain, [sales(2, 1), sales(3, 2, 11)], [sales(2, 4, 12)], [back(2, 3, 4, 12)])
    for split in (False, True):
        kind = cyclic(target(1, "EXTENDED_FIELD", **field("f", "SUM", "MIN")))
        f = lambda day, hour, figure: bill(f"B{day}-{hour}", f"2026-01-{day:02}T{hour:02}:00:00Z", extendedFields={"f": figure})
        rest = [returned("B2-10", "2026-01-09", extendedFields={"f": 3})]
        bills = [f(2, 10, 3), f(2, 20, 8), f(3, 9, 4), f(3, 11, 5)]
        book("days", "the lowest is left out", kind, *([bills, rest] if split else [bills + rest]))


def until_reached():
    suite = BookingSuite("booking/until-reached", "Windows that run until their value is reached.")
    book = lambda group, why, payload, *batches, **keys: suite.book(group, why, payload, enrolled(1, value=keys.pop("value", 9)), list(batches), **keys)
    plain = agnostic(SALES)
    for split in (False, True):
        say = lambda group, why, payload, bills, **keys: book(group, why, payload, *([[one] for one in bills] if split else [bills]), **keys)
        say("reset", "then starts at nothing with the next", plain, [sales(1, 5), sales(2, 6), sales(3, 4), sales(4, 4)])
        say("reset", "just reached", plain, [sales(1, 5), sales(2, 4), sales(3, 4)])
        say("reset", "just below", plain, [sales(1, 5), sales(2, number("3.999")), sales(3, number("0.001")), sales(4, 1)])
        say("reset", "by each bill", plain, [sales(day, 9 + day) for day in range(1, 6)])
        say("most", "no more cycles than there are", agnostic(SALES, recurringCycles=2), [sales(day, 9) for day in range(1, 5)])
        say("count", "a count of bills", agnostic(target(1, "COUNT")), [sales(day, 1) for day in range(1, 6)], value=2)
        say("count", "visits", agnostic(target(1, "VISIT")), [sales(day, 1, hour) for day in range(1, 4) for hour in (8, 9, 20)], value=2)
    many = [sales(day, 9, hour) for day in range(1, 27) for hour in (1, 7, 13, 19)]
    book("most", "at most 100 cycles", plain, many)
    book("again", "the bill that ended a cycle comes again", plain, [sales(1, 9)], [sales(1, 9)])
    book("again", "also in a cycle that is over", plain, [sales(1, 5), sales(2, 4), sales(3, 1)], [sales(1, 5)])
    book("late", "a bill from before the cycle", plain, [sales(3, 9)], [sales(2, 1)])
    for offset, day in ((2, 10), (2, 11), (2, 12), (2, 13), (1, 11), (0, 10)):
        book("late", f"{offset} days for late bills", agnostic(SALES, offsetDays=offset), [sales(10, 9)] + ([sales(day, 1)] if day > 10 else []), [sales(8, 2)], [sales(14, 3)])
    book("late", "a late bill within the cycle that runs", plain, [sales(3, 9), sales(8, 2)], [sales(5, 3)], [sales(9, 4)])


def until_reached_with_returns():
    suite = BookingSuite("booking/until-reached-returned", "Returns in windows that run until their value is reached.")
    book = lambda group, why, payload, *batches, **keys: suite.book(group, why, payload, enrolled(1, value=9), list(batches), **keys)
    plain = agnostic(SALES)
    book("date", "by date: taken back before the next bill comes", plain, [sales(1, 6), back(1, 6, 2), sales(3, 6), sales(4, 3)])
    book("date", "after it: the cycle had ended", plain, [sales(1, 6), sales(3, 6), back(1, 6, 4), sales(5, 5)])
    book("date", "the same in other order", plain, [sales(5, 5), back(1, 6, 4), sales(3, 6), sales(1, 6)])
    book("date", "at one instant, the bill first", plain, [back(1, 3, 3, at=10), sales(1, 6), sales(3, 3), sales(5, 1)])
    book("date", "in a later batch, dated before", plain, [sales(1, 6), sales(3, 6)], [back(1, 6, 2)], [sales(5, 5)])
    book("closed", "achieved and reached of a closed cycle follow", plain, [sales(1, 9), sales(2, 4)], [back(1, 1, 5)], [sales(6, 2)])
    book("closed", "a return reopens no cycle", plain, [sales(1, 9)], [back(1, 9, 2)], [sales(3, 4)])
    book("closed", "wholly, and again reached", plain, [sales(1, 5), sales(2, 5)], [back(1, 5, 3)], [sales(4, 9)])
    book("closed", "in one batch", plain, [sales(1, 9), back(1, 9, 2), sales(3, 4)])
    book("closed", "of the last cycle", agnostic(SALES, recurringCycles=1), [sales(1, 9)], [back(1, 5, 2)], [sales(3, 4)])
    book("waits", "one that waited lowers its bill from the start", plain, [back(1, 5, 1)], [sales(1, 9), sales(2, 4)], [sales(3, 6), sales(4, 1)])
    book("latest", "a return is no latest activity", agnostic(SALES, offsetDays=2), [sales(10, 9)], [back(10, 1, 20)], [sales(8, 2)])
    lowest = agnostic(target(1, "EXTENDED_FIELD", **field("f", "SUM", "MIN")))
    f = lambda day, hour, figure: bill(f"B{day}-{hour}", f"2026-01-{day:02}T{hour:02}:00:00Z", extendedFields={"f": figure})
    gone = returned("B1-10", "2026-01-02", extendedFields={"f": 3})
    book("ends", "a return ends no cycle, though the day's lowest rises", lowest, [f(1, 10, 3), f(1, 20, 12)], [gone], [f(3, 10, 1)], [f(4, 10, 2)])
    fixed_beside = [agnostic(SALES), fixed(target(2, "SALES")), cyclic(target(3, "SALES"))]
    bills = [sales(1, 6), sales(3, 6), sales(5, 5)]
    suite.book("beside", "three kinds of windows, one return", fixed_beside, enrolled(1, 2, 3, value=9), [bills, [back(3, 4, 4)], [sales(6, 5)]])


TOGETHER = [target(1, "SALES"), target(2, "COUNT"), target(3, "GROSS_SALES", expression="currentTxn.grossAmount>10")]


def unified():
    suite = BookingSuite("booking/unified", "Targets that are achieved together.")
    group = lambda expression, count=3, **more: fixed(*TOGETHER[:count], trackingType="UNIFIED", unifiedTargetExpression={"ruleExpression": expression, **more})
    b = lambda name, value, gross, date=DAY.format(5): bill(name, date, value=value, grossAmount=gross)
    listed = enrolled(1, value=10) + enrolled(2, value=2) + enrolled(3, value=15)
    expressions = ("(1 & 2)", "(1 | 2)", "(1 & 2 & 3)", "(1 | 2 | 3)", "(1 & (2 | 3))", "(1 | 2 & 3)", "(1 & 2 | 3)", "(!1 & 2)", "(1 & !2)", "!(1 | 2)", "(!1 & !2) | 3")
    bills = [[], [b("B1", 12, 14)], [b("B1", 5, 8), b("B2", 4, 9)], [b("B1", 5, 16)], [b("B1", 12, 16), b("B2", 1, 2)]]
    mixed = "Mixed operators are accepted; that `&` binds tighter than `|` is as in rules, and not said of these expressions."
    for expression, documents in product(expressions, bills):
        doubt = mixed if expression in ("(1 | 2 & 3)", "(1 & 2 | 3)") else None
        suite.book("logic", expression, group(expression), listed, [documents], doubtful=doubt)
    for aggregation, threshold in product(("SUM", "COUNT", None), ("2", "3", "28", "28.001")):
        if aggregation != "COUNT":
            more = {"aggregation": aggregation, "thresholdValue": number(threshold)}
            suite.book("threshold", f"{aggregation} {threshold}", group("(1 | 2)", **more), listed, [[b("B1", 12, 14)]])
    counted = "What is combined by COUNT is the number of targets that are achieved; the description does not say of what the count is."
    for threshold in (1, 2, 3):
        suite.book("threshold", f"COUNT {threshold}", group("(1 | 2)", aggregation="COUNT", thresholdValue=threshold), listed, [[b("B1", 12, 14), b("B2", 1, 1)]], doubtful=counted)
    r1 = returned("B1", DAY.format(9), value=4, grossAmount=4)
    for expression in ("(1 & 2)", "(1 | 2)", "(!1 & 2)"):
        suite.book("returns", "a return is felt", group(expression, 2), listed[:2], [[b("B1", 12, 14), b("B2", 1, 1)], [r1]])
        suite.book("returns", "before its bill", group(expression, 2), listed[:2], [[r1], [b("B1", 12, 14), b("B2", 1, 1)]])
    suite.book("returns", "the sum too", group("(1 | 2)", 2, aggregation="SUM", thresholdValue=14), listed[:2], [[b("B1", 13, 14), b("B2", 1, 1)], [returned("B1", DAY.format(9), value=number("2.5"))]])
    suite.book("periods", "each period by itself", group("(1 & 2)", 2), listed[:2], [[b("B1", 12, 14), b("B2", 1, 1, "2026-02-05")]])
    suite.book("customers", "each customer alone", group("(1 | 2)", 2), listed[:2] + enrolled(1, customer=2, value=5), [[b("B1", 4, 4), {**b("B1", 6, 6), "currentCustomer": {"id": 2}}]])


FILTERS = {
    "store": [{"entityType": "STORE", "entityIds": [5, 6]}],
    "zone": [{"entityType": "ZONE", "entityIds": [50, 51]}],
    "concept": [{"entityType": "CONCEPT", "entityIds": [7]}],
    "both": [{"entityType": "STORE", "entityIds": [5]}, {"entityType": "ZONE", "entityIds": [50]}],
    "none": [],
    "null": None,
}


def filters():
    suite = BookingSuite("booking/filters", "Filters: any id within one, all of several; unknown where the store does not say.")
    stores = [{"id": 5}, {"id": 9}, {"zoneIds": [51, 1]}, {"zoneIds": []}, {"zoneIds": [1]}, {"id": 5, "zoneIds": [50]}, {"id": 9, "zoneIds": None}, {"id": 5, "zoneIds": [1]}, {"conceptIds": [7, 8]}, {"conceptIds": []}, {}, None]
    for (name, listed), store in product(FILTERS.items(), stores):
        kind = target(1, "COUNT", filters=listed)
        one = {**bill("B1", DAY.format(5)), "currentStore": store}
        suite.book(name, f"in the store {store}", [kind], enrolled(1), [[one]], eligibility=[asked(one)])
    rule = target(1, "COUNT", expression="currentTxn.value>5", filters=FILTERS["both"])
    off = target(2, "COUNT", filters=FILTERS["store"], active=False)
    for store, value in product(stores[:2] + stores[5:8] + stores[10:], (3, 7, None)):
        one = {**bill("B1", DAY.format(5), value=value), "currentStore": store}
        suite.book("rule", "with a rule, and a target that is not active", [rule, off], enrolled(1, 2), [[one]], eligibility=[asked(one)])


def asked(one):
    """The same under another number: it was not counted before."""
    return {**one, "currentTxn": {**one["currentTxn"], "number": "E1"}}


def events():
    suite = BookingSuite("booking/events", "Events, and targets of events.")
    spin = lambda name, day, kind="spinTheWheel", **more: {"currentCustomer": {"id": 1}, "currentEvent": {"eventType": kind, "number": name, "date": f"2026-01-{day:02}T1{name[1]}:00:00Z", **more}}
    named = lambda id, type, **more: target(id, type, "EVENT", eventName="spinTheWheel", **more)
    minutes = field("minutes")
    spins = [spin("e1", 5, minutes=12), spin("e2", 5, minutes=number("0.5")), spin("e3", 6, minutes=4), spin("e4", 7, "rate", minutes=9)]
    for kind in (named(1, "COUNT"), named(1, "VISIT"), named(1, "EVENT_ATTRIBUTE", **minutes), named(1, "SUM", **minutes), named(1, "EVENT_ATTRIBUTE", **field("minutes", "COUNT"))):
        for payload in (fixed(kind), cyclic(kind), agnostic(kind)):
            suite.book("types", "each type, in each window", payload, enrolled(1, value=10), [[one] for one in spins])
        suite.book("again", "an event that comes again is a repetition", fixed(kind), enrolled(1, value=10), [spins, spins[1:2]])
        suite.book("bills", "a bill is none of them", fixed(kind), enrolled(1, value=10), [spins + [bill("B1", DAY.format(5), value=3)]])
    suite.book("unknown", "an attribute that is absent", [named(1, "EVENT_ATTRIBUTE", **minutes)], enrolled(1), [[spin("e1", 5)], [spin("e2", 5, minutes=1)]])
    bill_target = "A target of bills counts bills (\"Bill is TRANSACTION\"), so an event adds nothing to it and is not unknown; the description does not say this in one sentence."
    suite.book("no-bill", "an event is no bill", [target(1, "COUNT")], enrolled(1), [[spin("e1", 5), bill("B1", DAY.format(5))]], doubtful=bill_target)
    suite.book("no-bill", "nor a bill without a figure", [target(1, "SALES")], enrolled(1), [[spin("e1", 5), bill("B1", DAY.format(5), value=3)]], doubtful=bill_target)


def enrolments():
    suite = BookingSuite("booking/enrolments", "Who takes part, from when, and how.")
    book = lambda group, why, payload, listed, *batches, **keys: suite.book(group, why, payload, listed, list(batches), **keys)
    for zone, date in product(ZONES, ("2026-01-09T23:59:59", "2026-01-10", "2026-01-09T18:30:00Z", "2026-01-10T04:59:59Z", "2026-01-10T05:00:00Z")):
        book("since", "the day of the enrolment counts whole", fixed(SALES), enrolled(1, enrolledOn="2026-01-10"), [bill("B1", date, value=3)], zone=zone)
    book("periods", "in one period only", fixed(SALES), enrolled(1, periodId=4), [bill("B1", DAY.format(5), value=3), bill("B2", "2026-02-05", value=4)])
    book("periods", "in each with a value of its own", fixed(SALES), enrolled(1, periodId=3, value=2) + enrolled(1, periodId=4, value=5), [bill("B1", DAY.format(5), value=3), bill("B2", "2026-02-05", value=4)])
    defaults = {"defaultValues": [{"periodId": 3, "defaultValue": 10}, {"periodId": 4, "defaultValue": 20}]}
    book("periods", "what the target says is to be reached", fixed(target(1, "SALES", **defaults)), [{"userId": 1, "targetId": 1}], [bill("B1", DAY.format(5), value=15), bill("B2", "2026-02-05", value=15)])
    book("others", "who takes no part", fixed(SALES), enrolled(1, customer=2), [bill("B1", DAY.format(5), value=3)])
    for method in ("IMPORT", "AUDIENCE_FILTER"):
        book("others", f"{method} enrols by no bill", fixed(target(1, "SALES", enrolmentMethod=method, **defaults)), [], [bill("B1", DAY.format(5), value=30)])
    by_bill(suite, defaults)
    withdrawn(suite)


def by_bill(suite, defaults):
    over = target(1, "SALES", expression="currentTxn.value>5", enrolmentMethod="TRANSACTION", filters=FILTERS["store"], **defaults)
    b = lambda name, date, value, store=5, **more: {**bill(name, date, value=value, **more), "currentStore": {"id": store}}
    book = lambda group, why, *batches: suite.book(group, why, fixed(over), [], list(batches))
    first = b("B1", DAY.format(5), 7)
    book("bill", "the first eligible bill enrols, and counts", [first])
    book("bill", "in the period that contains its date", [b("B1", "2026-02-05", 7)])
    book("bill", "each period by itself", [first, b("B2", "2026-02-05", 30)])
    book("bill", "not one that the rule refuses", [b("B1", DAY.format(5), 3)])
    book("bill", "not one that the filters refuse", [b("B1", DAY.format(5), 7, store=9)])
    book("bill", "not one outside of every period", [b("B1", "2026-03-05", 7)])
    book("bill", "those that were not eligible count no more than those after", [b("B0", DAY.format(2), 3), first, b("B2", DAY.format(6), 3), b("B3", DAY.format(7), 8)])
    book("bill", "a bill from before it in a later batch", [first], [b("B0", DAY.format(2), 8)])
    book("bill", "reached at once", [b("B1", DAY.format(5), 10)])
    book("bill", "each customer", [first, {**b("B1", DAY.format(5), 9), "currentCustomer": {"id": 2}}, {**b("B2", DAY.format(5), 2), "currentCustomer": {"id": 3}}])
    book("bill", "the bill that enrolled is a repetition", [first], [first])
    r1 = returned("B1", DAY.format(6), value=7)
    book("bill", "whoever returned it stays enrolled", [first, r1])
    book("bill", "a return enrols nobody", [r1])
    book("bill", "and waits for the bill that will", [r1], [first])
    listed = enrolled(1, customer=2, value=50)
    suite.book("bill", "beside customers who are listed", fixed(over), listed, [[first, {**b("B1", DAY.format(5), 9), "currentCustomer": {"id": 2}}]])
    together = fixed(target(1, "SALES", enrolmentMethod="TRANSACTION", **defaults), target(2, "COUNT", enrolmentMethod="TRANSACTION", **defaults), trackingType="UNIFIED", unifiedTargetExpression={"ruleExpression": "(1 & !2)"})
    suite.book("bill", "targets that are achieved together", together, [], [[first, b("B2", DAY.format(6), 20)]])


def withdrawn(suite):
    b = lambda name, day, value: bill(name, f"2026-01-{day:02}", value=value)
    out = [{"afterBatch": 0, "userId": 1, "targetId": 1}]
    book = lambda why, payload, *batches: suite.book("withdrawn", why, payload, enrolled(1, value=10), list(batches), withdrawn=out)
    book("keeps what it has", fixed(SALES), [b("B1", 5, 7)])
    book("counts nothing from then on", fixed(SALES), [b("B1", 5, 7)], [b("B2", 9, 8)])
    book("also in the next period", fixed(SALES), [b("B1", 5, 7)], [bill("B2", "2026-02-09", value=8)])
    book("a return of what counted takes it back", fixed(SALES), [b("B1", 5, 12)], [returned("B1", DAY.format(9), value=3)])
    book("a return of what did not waits", fixed(SALES), [b("B1", 5, 12)], [b("B2", 9, 8), returned("B2", DAY.format(9), value=3)])
    book("cycles end", cyclic(SALES), [sales(2, 5)], [sales(3, 6), sales(2, 1, 12)])
    book("others go on", fixed(SALES, target(2, "SALES")), [b("B1", 5, 7)], [b("B2", 9, 8)])
    suite.book("withdrawn", "of one target of two", fixed(SALES, target(2, "SALES")), enrolled(1, 2, value=10), [[b("B1", 5, 7)], [b("B2", 9, 8)]], withdrawn=out)
