"""Targets of line items and what returns of line items take back; figures of days."""

from itertools import product

from reference.booking_suite import BookingSuite, bill, enrolled, field, fixed, number, returned, target

DAY = "2026-01-{:02}"
PUMA, BIBA = {"attributes": {"brand": "Puma"}}, {"attributes": {"brand": "Biba"}}
ZONES = (None, "Asia/Kolkata", "America/New_York")


def cases():
    adds()
    by_code()
    by_rule()
    days()
    visits()


def adds():
    suite = BookingSuite("booking/items-added", "What line items add.")
    listed = [
        {"code": "a", "qty": 2, "rate": number("100.005"), "discount": 10, "extendedFields": {"f": number("1.25")}, **PUMA},
        {"code": "b", "qty": 1, "value": 70, "discount": 0, "extendedFields": {"f": 2}, **BIBA},
        {"code": "c", "qty": number("0.75"), "value": 12, "amount": 11, "extendedFields": {"f": number("0.5")}, **PUMA},
    ]
    types = ("SALES", "GROSS_SALES", "QUANTITY", "EXTENDED_FIELD", "COUNTED_FIELD")
    rules = (
        "true", 'currentLineItem.doesItemMatch("brand","Puma")', 'currentLineItem.doesItemMatch("brand","Levis")',
        "currentLineItem.qty>=1", "currentTxn.basketSize>=3", "currentTxn.basketSize>3", 'currentLineItem.code=="a"||currentLineItem.code=="b"',
    )  # fmt: skip
    for kind, rule in product(types, rules):
        extra = field("f", "COUNT" if kind == "COUNTED_FIELD" else "SUM") if kind.endswith("FIELD") else {}
        one = target(1, kind.replace("COUNTED", "EXTENDED"), "LINEITEM", rule, **extra)
        suite.book(kind.lower().replace("_", "-"), f"the items for which `{rule}` holds", [one], enrolled(1), [[bill("B1", DAY.format(5), lineItems=listed), bill("B2", DAY.format(6), lineItems=listed[:1])]])
    bare = target(1, "SALES", "LINEITEM")
    suite.book("none", "no items: nothing is added", [bare], enrolled(1), [[bill("B1", DAY.format(5), lineItems=[])]])
    suite.book("none", "nobody knows the items", [bare], enrolled(1), [[bill("B1", DAY.format(5))]])
    suite.book("none", "one item lacks its amount", [bare], enrolled(1), [[bill("B1", DAY.format(5), lineItems=[{"amount": 1}, {"qty": 1}])]])


# Of code `a` every item counts, of `b` none, of `c` some.
LISTED = [
    {"code": "a", "qty": 4, "value": 44, "amount": 40, "extendedFields": {"f": 4}, **PUMA},
    {"code": "a", "qty": 3, "value": 33, "amount": 30, "extendedFields": {"f": 3}, **PUMA},
    {"code": "b", "qty": 2, "value": 22, "amount": 20, "extendedFields": {"f": 2}, **BIBA},
    {"code": "c", "qty": 6, "value": 66, "amount": 60, "extendedFields": {"f": 6}, **PUMA},
    {"code": "c", "qty": 1, "value": 11, "amount": 10, "extendedFields": {"f": 1}, **BIBA},
    {"qty": 5, "value": 55, "amount": 50, "extendedFields": {"f": 5}, **PUMA},
]
BRAND = 'currentLineItem.doesItemMatch("brand","Puma")'
ITEM_KINDS = [("SALES", {}), ("GROSS_SALES", {}), ("QUANTITY", {}), ("EXTENDED_FIELD", field("f"))]


def gives(**more):
    return {"qty": 1, "value": 6, "amount": 5, "extendedFields": {"f": number("0.5")}, **more}


def by_code():
    suite = BookingSuite("booking/items-by-code", "Which line items a return takes back, by their code.")
    b1 = bill("B1", DAY.format(5), lineItems=LISTED)
    returns = [
        ("every item of the code counted", [gives(code="a")]),
        ("whatever the return says of it", [gives(code="a", **BIBA)]),
        ("no item of the code counted", [gives(code="b")]),
        ("whatever the return says of it", [gives(code="b", **PUMA)]),
        ("some counted, and the rule holds", [gives(code="c", **PUMA)]),
        ("some counted, and the rule does not hold", [gives(code="c", **BIBA)]),
        ("some counted, and nobody says the brand", [gives(code="c")]),
        ("without a code, and the rule holds", [gives(**PUMA)]),
        ("without a code, and the rule does not hold", [gives(**BIBA)]),
        ("a code of null is none", [gives(code=None, **PUMA)]),
        ("several", [gives(code="a"), gives(code="a"), gives(code="b"), gives(code="c", **PUMA)]),
        ("none", []),
        ("more than was counted", [gives(code="a", qty=500, value=500, amount=500, extendedFields={"f": 500})]),
        ("what is not taken back need not have its figure", [gives(code="a"), {"code": "b"}]),
    ]
    for (kind, extra), (why, items) in product(ITEM_KINDS, returns):
        one = target(1, kind, "LINEITEM", BRAND, **extra)
        r1 = returned("B1", DAY.format(6), lineItems=items)
        suite.book(kind.lower().replace("_", "-"), why, [one], enrolled(1), [[b1, r1]])
    every = target(1, "SALES", "LINEITEM", "currentTxn.basketSize>1")
    for why, items in (("a rule about the bill counts every item", [gives(code="b")]), ("of several codes", [gives(code="a"), gives(code="c")])):
        suite.book("bill", why, [every], enrolled(1), [[b1, returned("B1", DAY.format(6), lineItems=items)]])
        suite.book("bill", why + ", in the other order", [every], enrolled(1), [[returned("B1", DAY.format(6), lineItems=items)], [b1]])
    both = [target(1, "SALES", "LINEITEM", BRAND), target(2, "SALES", "LINEITEM", "currentLineItem.qty>1"), target(3, "SALES")]
    whole = bill("B1", DAY.format(5), value=210, lineItems=LISTED)
    for items in ([gives(code="a")], [gives(code="b")], [gives(code="c", qty=3, **BIBA)], [gives(qty=2)]):
        suite.book("targets", "each target by what it counted", both, enrolled(1, 2, 3), [[whole, returned("B1", DAY.format(6), value=7, lineItems=items)]])
    two = bill("B2", DAY.format(5), lineItems=[{"code": "b", "amount": 9, **PUMA}])
    suite.book("bills", "each bill by its own items", both[:1], enrolled(1), [[b1, two, returned("B2", DAY.format(6), lineItems=[gives(code="b")])]])
    numeric = bill("B1", DAY.format(5), lineItems=[{"code": 221900, "amount": 9}])
    suite.book("bills", "a code may be a JSON number", [target(1, "SALES", "LINEITEM")], enrolled(1), [[numeric, returned("B1", DAY.format(6), lineItems=[{"code": "221900", "amount": 4}])]])


def by_rule():
    suite = BookingSuite("booking/items-by-rule", "Line items of returns that a rule is asked about.")
    items = [{"code": "c", "qty": 2, "rate": 10, "discount": 0}, {"code": "c", "qty": 1, "rate": 10, "discount": 0}]
    b1 = bill("B1", DAY.format(5), lineItems=items)
    rules = ("currentLineItem.qty>1", "currentLineItem.value>=20", 'currentLineItem.qty>1&&currentLineItem.code=="c"', "!(currentLineItem.qty<=1)")
    shapes = [{"qty": 2, "rate": 1, "discount": 0}, {"qty": 1, "rate": 1, "discount": 0}, {"qty": 2, "rate": 10, "discount": 1}, {"value": 25, "amount": 3}, {"qty": 3, "amount": 2}]
    for rule, shape, code in product(rules, shapes, ({"code": "c"}, {})):
        suite.book("asked", f"`{rule}` decides", [target(1, "SALES", "LINEITEM", rule)], enrolled(1), [[b1, returned("B1", DAY.format(6), lineItems=[{**code, **shape}])]])


def days():
    suite = BookingSuite("booking/days", "The lowest or the highest of each day.")
    at = lambda name, date, figure: bill(name, date, extendedFields={"f": number(figure)})
    back = lambda name, date, figure: returned(name, date, extendedFields={"f": number(figure)})
    own = lambda name, date, number_, figure: returned(name, date, number_, extendedFields={"f": number(figure)})
    one = [at("a", "2026-01-05T08:00:00Z", 3), at("b", "2026-01-05T18:00:00Z", 10), at("c", "2026-01-05T20:00:00Z", 7), at("d", "2026-01-06T08:00:00Z", 5)]
    returns = [
        ("as they come", []),
        ("the highest in part", [back("b", "2026-01-09", 5)]),
        ("the highest wholly: it is left out", [back("b", "2026-01-09", 10)]),
        ("the lowest in part", [back("a", "2026-01-09", 1)]),
        ("the lowest wholly", [back("a", "2026-01-09", 3)]),
        ("one between", [back("c", "2026-01-09", 6)]),
        ("all of a day", [back("d", "2026-01-09", 5)]),
        ("more than all", [back("d", "2026-01-09", 6), back("a", "2026-01-09", 3)]),
        ("in two parts", [own("b", "2026-01-09", "R1", 5), own("b", "2026-01-10", "R2", 5)]),
        ("all but one", [back("a", "2026-01-09", 3), back("b", "2026-01-09", 10)]),
    ]
    for window, (why, listed) in product(("MIN", "MAX"), returns):
        kind = target(1, "EXTENDED_FIELD", **field("f", "SUM", window))
        suite.book(window.lower(), why, [kind], enrolled(1, value=10), [one + listed])
        suite.book(window.lower(), why + ", batch by batch", fixed(kind), enrolled(1, value=10), [[listed_] for listed_ in listed + one])
    for window, zone in product(("MIN", "MAX"), ZONES):
        kind = target(1, "EXTENDED_FIELD", **field("f", "SUM", window))
        turn = [at(f"{hour}:{minute}", f"2026-01-05T{hour:02}:{minute}:00Z", hour + 1) for hour, minute in ((0, "00"), (4, "59"), (5, "00"), (18, "29"), (18, "30"), (23, "59"))]
        suite.book("zone", "days are those of the zone", [kind], enrolled(1), [turn[:5]], **zoned(zone))
        suite.book("zone", "and a return is of the day of its bill", [kind], enrolled(1), [turn[:4] + [turn[5], back("18:29", "2026-01-06T12:00:00Z", 4)]], **zoned(zone))
    for function in ("SUM", "COUNT"):
        kind = target(1, "EVENT_ATTRIBUTE", "EVENT", eventName="spinTheWheel", **field("minutes", function, "MAX"))
        spins = [{"currentCustomer": {"id": 1}, "currentEvent": {"eventType": "spinTheWheel", "number": f"e{at_}", "date": f"2026-01-0{5 + at_ % 2}T10:00:00Z", "minutes": at_}} for at_ in range(4)]
        suite.book("events", "of events", [kind], enrolled(1), [spins])
    items = target(1, "EXTENDED_FIELD", "LINEITEM", BRAND, **field("f", "SUM", "MIN"))
    b1, b2 = (bill(name, DAY.format(5), lineItems=listed) for name, listed in (("B1", LISTED), ("B2", LISTED[:3])))
    suite.book("items", "a bill's figure is the sum of its items", [items], enrolled(1), [[b1, b2]])
    suite.book("items", "less what is returned of them", [items], enrolled(1), [[b1, b2, returned("B1", DAY.format(6), lineItems=[{"code": "a", "extendedFields": {"f": 12}}])]])
    for window in ("MIN", "MAX"):
        kind = target(1, "EXTENDED_FIELD", **field("f", "SUM", window))
        suite.book("nothing", "a bill of nothing is a figure of its day", [kind], enrolled(1), [[at("a", DAY.format(5), 0), at("b", DAY.format(5), 4), back("a", DAY.format(6), 1)]])
        suite.book("nothing", "so is one below zero", [kind], enrolled(1), [[at("a", DAY.format(5), "-2"), at("b", DAY.format(5), 4), back("b", DAY.format(6), 1)]])


def zoned(zone):
    return {"zone": zone} if zone else {}


def visits():
    suite = BookingSuite("booking/visits", "A visit is a local day with an activity.")
    kind = target(1, "VISIT", expression="currentTxn.value>0")
    hours = ["2026-01-05T00:00:00Z", "2026-01-05T04:59:59.999Z", "2026-01-05T05:00:00Z", "2026-01-05T18:29:59Z", "2026-01-05T18:30:00Z", "2026-01-06T04:59:00Z", "2026-01-31T23:00:00Z"]
    for zone in ZONES:
        for count in range(1, len(hours) + 1):
            suite.book("days", "days are those of the zone", fixed(kind), enrolled(1, value=2), [[bill(f"B{at}", date, value=5) for at, date in enumerate(hours[:count])]], **zoned(zone))
        local = [bill(f"B{at}", date, value=5) for at, date in enumerate(("2026-01-05", "2026-01-05T23:59:59", "2026-01-06T00:00", "2026-01-06T00:00:00+05:30"))]
        suite.book("local", "a date without an offset is of the zone", fixed(kind), enrolled(1, value=2), [local], **zoned(zone))
        suite.book("rule", "only activities that count", fixed(kind), enrolled(1, value=2), [[bill("B1", DAY.format(5), value=0), bill("B2", DAY.format(6), value=1)]], **zoned(zone))
        suite.book("return", "a return is no visit and takes none back", fixed(kind), enrolled(1, value=2), [[bill("B1", DAY.format(5), value=5), returned("B1", DAY.format(6), value=5)]], **zoned(zone))
    spring = ["2026-03-08T06:59:00Z", "2026-03-08T07:01:00Z", "2026-03-09T03:59:00Z", "2026-03-09T04:01:00Z"]
    for zone in ZONES:
        suite.book("clocks", "where the clocks change", [kind], enrolled(1), [[bill(f"B{at}", date, value=5) for at, date in enumerate(spring)]], **zoned(zone))
