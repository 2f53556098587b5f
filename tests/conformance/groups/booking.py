"""What bills and returns come to: identity, sign, what a return takes back, waiting."""

from reference.booking_suite import BookingSuite, bill, enrolled, field, fixed, number, returned, target

SALES = target(1, "SALES")
DAY = "2026-01-{:02}"


def item(name, code="a"):
    return lambda figure: {"lineItems": [{"code": code, name: number(figure)}]}


def plain(name):
    return lambda figure: {name: number(figure)}


# Each type with a figure that returns take back: the target, and where the figure stands.
KINDS = {
    "sales": (target(1, "SALES"), plain("value")),
    "sum": (target(1, "SUM"), plain("value")),
    "gross": (target(1, "GROSS_SALES"), plain("grossAmount")),
    "field": (target(1, "EXTENDED_FIELD", **field("f")), lambda figure: {"extendedFields": {"f": number(figure)}}),
    "points": (target(1, "REGULAR_POINTS", "POINTS"), plain("points")),
    "promotional": (target(1, "PROMOTIONAL_POINTS", "REWARDS"), plain("promotionalPoints")),
    "all-points": (target(1, "ALL_POINTS", "POINTS"), plain("allPoints")),
    "currency": (target(1, "REGULAR", "ALTERNATE_CURRENCIES"), plain("points")),
    "bill-currency": (target(1, "PROMOTION"), plain("promotionalPoints")),
    "item-sales": (target(1, "SALES", "LINEITEM"), item("amount")),
    "item-gross": (target(1, "GROSS_SALES", "LINEITEM"), item("value")),
    "item-quantity": (target(1, "QUANTITY", "LINEITEM"), item("qty")),
    "item-field": (
        target(1, "EXTENDED_FIELD", "LINEITEM", **field("f")),
        lambda figure: {"lineItems": [{"code": "a", "extendedFields": {"f": number(figure)}}]},
    ),
}

# Their figures are not among those by which returns are told apart.
UNSEEN = ("field", "promotional", "all-points", "bill-currency")


def cases():
    identity()
    repetitions_across()
    sign()
    takes_back()
    equal_names()
    what_stays()
    nothing_else_matters()
    waiting()
    lacking()


def identity():
    suite = BookingSuite("booking/identity", "What is the same bill, and what the same return.")
    b1 = bill("B1", DAY.format(5), value=100)
    whole = lambda why, *documents, group="returns": suite.book(group, why, [SALES], enrolled(1), [[b1, *documents]])
    parts = lambda why, *documents, group="returns": suite.book(
        group, why, [SALES], enrolled(1), [[b1]] + [[one] for one in documents]
    )
    r = lambda day=6, value=30, **more: returned("B1", DAY.format(day), value=number(value), **more)
    for book in (whole, parts):
        book("the same bill again is a repetition", b1, group="bills")
        book("the same figures on another date are another return", r(6), r(8))
        book("another figure on the same date is another return", r(6, 30), r(6, 20))
        book("the same return again is a repetition", r(), r())
        book("the same three times", r(), r(), r())
        book("numbers are compared by value", r(6, 30), r(6, "30.00"), r(6, '"30.0"'))
        book("and instants, however they are written", r(), {**r(), "returnBill": {**r()["returnBill"], "date": "2026-01-06T05:30:00+05:30"}})
        book("one instant as epoch milliseconds", r(), {**r(), "returnBill": {**r()["returnBill"], "date": 1767657600000}})
        book("returns with numbers of their own are told apart by them", r(own="R1"), r(own="R2"))
        book("and are repetitions by them", r(own="R1"), r(own="R1"))
        book("the bill's own number is none of the return's", r(own="B1"), r(own="B1"), r(6, 20, own="B1"))
        book("a return with a number and one without are two", r(own="R1"), r())
        book("one with the bill's number and one with none are one", r(own="B1"), r())
        book("figures that no target reads tell returns apart", r(), r(grossAmount=1), r(points=1))
        book("also those of line items", r(lineItems=[{"code": "a"}]), r(lineItems=[{"code": "b"}]), r(lineItems=[{"code": "a", "rate": 1}]))
        book(
            "items are compared in any order",
            r(lineItems=[{"code": "a", "qty": 1}, {"code": "b", "qty": 2}]),
            r(lineItems=[{"code": "b", "qty": number("2.0")}, {"code": "a", "qty": 1}]),
        )
        book("an item twice is not an item once", r(lineItems=[{"code": "a"}]), r(lineItems=[{"code": "a"}, {"code": "a"}]))
        for name in ("qty", "rate", "value", "discount", "amount"):
            book(f"the `{name}` of an item tells", r(lineItems=[{"code": "a", name: 1}]), r(lineItems=[{"code": "a", name: 2}]))
        book("what else stands in a return tells nothing", r(discount=1), r(note="x"), r(extendedFields={"f": 2}))
        book("null is as good as nothing", r(), r(grossAmount=None))
        book("another customer's bill is another bill", {**b1, "currentCustomer": {"id": 2}}, group="customers")
        book("another customer's return is no return of it", {**r(), "currentCustomer": {"id": 2}}, group="customers")
    returns_by_number(suite, b1)
    returns_of_one_day(suite, b1)


def returns_of_one_day(suite, b1):
    mine = lambda *figures, date="2026-01-06", own=None: [returned("B1", date, own, **one) for one in figures]
    worlds = [
        ("three parts of one day", mine({"value": 30}, {"value": 20}, {"value": 10})),
        ("parts of one day, one of them twice", mine({"value": 30}, {"value": 20}, {"value": 30})),
        ("more than the bill in parts of one day", mine({"value": 60}, {"value": 50}, {"value": 40})),
        ("equal parts at different times of one day", mine({"value": 30}, date="2026-01-06T09:00:00Z") + mine({"value": 30}, date="2026-01-06T09:00:00.001Z")),
        ("finer digits than milliseconds are cut", mine({"value": 30}, date="2026-01-06T09:00:00Z") + mine({"value": 30}, date="2026-01-06T09:00:00.0009Z")),
        ("one instant with a space and with an offset", mine({"value": 30}, date="2026-01-06 09:00Z") + mine({"value": 30}, date="2026-01-06T14:30+05:30")),
        ("an exponent is the same number", mine({"value": 30}, {"value": number("3e1")}, {"value": number("0.30E+2")})),
        ("a figure more is another return", mine({"value": 30}, {"value": 30, "grossAmount": 30})),
        ("items beside the same value are another return", mine({"value": 30}, {"value": 30, "lineItems": [{"code": "a"}]})),
        ("no items are as good as none listed", mine({"value": 30}, {"value": 30, "lineItems": []})),
        ("an item's code as a number or a text", mine({"value": 30, "lineItems": [{"code": 7}]}, {"value": 30, "lineItems": [{"code": "7"}]})),
        ("one number in parts of one day", mine({"value": 30}, own="R1") + mine({"value": 20}, own="R1") + mine({"value": 20}, own="R2")),
        ("a number for the first of two equal parts", mine({"value": 30}, own="R1") + mine({"value": 30}) + mine({"value": 30}, own="R2")),
    ]  # fmt: skip
    for why, returns in worlds:
        suite.book("one-day", why + ", batch by batch", [SALES], enrolled(1), [[one] for one in [b1, *returns]])
        if not any("currentTxn" in one for one in returns):
            suite.book("one-day", why, [SALES], enrolled(1), [[b1, *returns]])
            suite.book("one-day", why + ", before the bill", [SALES], enrolled(1), [[*returns], [b1]])
    numbered = [{**one, "currentCustomer": {"id": customer}} for customer in (1, 2) for one in mine({"value": 30}, own="R1")]
    both = [{**b1, "currentCustomer": {"id": customer}} for customer in (1, 2)]
    suite.book("one-day", "one number of two customers", [SALES], enrolled(1) + enrolled(1, customer=2), [both, numbered, numbered])


def returns_by_number(suite, b1):
    book = lambda group, why, *batches: suite.book(group, why, [SALES], enrolled(1), list(batches))
    mine = lambda txn, figures: {"currentCustomer": {"id": 1}, "currentTxn": txn, "returnBill": figures}
    day = DAY.format(6)
    book("own", "by its own number whatever its figures", [b1], [returned("B1", day, "R1", value=30)], [returned("B1", day, "R1", value=50)])
    book("own", "and whatever its date", [b1], [returned("B1", day, "R1", value=30)], [returned("B1", DAY.format(9), "R1", value=30)])
    b2 = bill("B2", DAY.format(5), value=60)
    book("own", "one number for returns of two bills", [b1, b2, returned("B1", day, "R1", value=30), returned("B2", day, "R1", value=30)])
    book("own", "a return is no bill, though a bill has its number", [b1, b2, returned("B1", day, "B2", value=30)])
    book("own", "the same, the bill last", [b1, returned("B1", day, "B2", value=30)], [b2])
    book("bill", "without a number the return is of the bill of its document", [b1, mine({"number": "B1"}, {"date": day, "value": 30})])
    book("bill", "the number of the return decides, not that of the document", [b1, b2, mine({"number": "B2"}, {"number": "B1", "date": day, "value": 30})])
    book("bill", "the document's date is the return's", [b1, mine({"date": day}, {"number": "B1", "date": DAY.format(8), "value": 30}), mine({"date": day}, {"number": "B1", "date": DAY.format(9), "value": 30})])
    book("bill", "two dates of documents are two returns", [b1, mine({"date": day}, {"number": "B1", "date": day, "value": 30}), mine({"date": DAY.format(9)}, {"number": "B1", "date": day, "value": 30})])
    book("bill", "a number of a document may be a JSON number", [bill(17, DAY.format(5), value=100), returned("17", day, value=30)])
    for nothing in (None, {}):
        book("no-return", "without a return it is a bill", [b1, {**bill("B2", day, value=7), "returnBill": nothing}])
        book("no-return", "also of a number that was counted", [b1], [{**b1, "returnBill": nothing}])
    for broken in (mine({}, {"value": 30, "date": day}), mine({"number": "R1"}, {"number": "B1", "value": 30}), mine({}, {"number": "B1", "date": "soon", "value": 1})):
        book("no-return", "a return without a number or a date is refused", [b1, broken])


def repetitions_across():
    suite = BookingSuite("booking/repetitions", "A bill counts once, whatever comes again.")
    b1 = bill("B1", DAY.format(5), value=100)
    book = lambda group, why, payload, *batches: suite.book(group, why, payload, enrolled(1), list(batches))
    tells = {"tells": ("progress", "refused", "waiting")}
    for value in (0, 50, 150):
        suite.book("figures", "whatever its figures", [SALES], enrolled(1), [[b1], [bill("B1", DAY.format(5), value=value)]], **tells)
    for at in range(1, 4):
        batches = [[b1], [bill("B2", DAY.format(6), value=7)], [bill("B3", DAY.format(7), value=1)]]
        batches.insert(at, [b1, bill("B4", DAY.format(8), value=2)])
        book("batches", "in a later batch among others", [SALES], *batches)
    two = [SALES, target(2, "COUNT")]
    suite.book("targets", "a figure may come later: what was counted stays, what was unknown counts", two, enrolled(1, 2), [[bill("B1", DAY.format(5))], [b1]])
    suite.book("targets", "and is unknown until then", two, enrolled(1, 2), [[bill("B1", DAY.format(5))]])
    suite.book("targets", "its return waits for nobody, and takes back when the figure comes", two, enrolled(1, 2), [[bill("B1", DAY.format(5)), returned("B1", DAY.format(6), value=30)], [b1]])
    book("returned", "a bill that was returned is a repetition all the same", [SALES], [b1, returned("B1", DAY.format(6), value=100)], [b1])
    book("returned", "in one batch", [SALES], [b1, returned("B1", DAY.format(6), value=100), b1])


def sign():
    suite = BookingSuite("booking/sign", "A return never adds.")
    b1 = bill("B1", DAY.format(5), value=100, grossAmount=120, points=10, extendedFields={"f": 8}, lineItems=[{"code": "a", "value": 120, "amount": 100, "qty": 2}])
    after = bill("B2", DAY.format(7), value=7)
    for name, (kind, figure) in KINDS.items():
        for value in ("-50", "-0.001", '"-50"', "-1e1", "-0", "0"):
            if name in ("sales", "item-sales", "item-gross", "item-quantity") or value in ("-50", "0"):
                other = returned("B1", DAY.format(6), **figure(value))
                suite.book(name, "a figure below zero", [kind], enrolled(1), [[b1, other, after]])
    for at, names in enumerate((("value",), ("amount",), ("qty",))):
        items = [{"code": "a", "value": 1, "amount": 1, "qty": 1}, {"code": "b", "value": 1, "amount": 1, "qty": 1}]
        items[at % 2] = {**items[at % 2], **{name: number("-1") for name in names}}
        for kind in (target(1, "COUNT"), SALES, target(1, "GROSS_SALES", "LINEITEM")):
            suite.book("items", "of a line item, whatever targets read", [kind], enrolled(1), [[b1, returned("B1", DAY.format(6), value=5, lineItems=items), after]])
    sales, gross = target(1, "SALES", "LINEITEM"), target(1, "GROSS_SALES", "LINEITEM")
    one = lambda kind, item: suite.book("computed", "a figure that is computed below zero takes nothing", [kind], enrolled(1), [[b1, returned("B1", DAY.format(6), lineItems=[{"code": "a", **item}]), after]])
    one(sales, {"value": 10, "discount": 15})
    one(sales, {"qty": 1, "rate": 10, "discount": 15})
    one(sales, {"qty": 2, "rate": number("-5"), "discount": 0})
    one(gross, {"qty": 2, "rate": number("-5")})
    one(sales, {"value": 15, "discount": 15})
    for figures in ({"grossAmount": number("-5")}, {"points": number("-1")}, {"discount": number("-3")}, {"lineItems": [{"code": "a", "discount": number("-9"), "rate": number("-1")}]}):
        suite.book("unread", "a figure below zero that no target reads says nothing", [SALES], enrolled(1), [[b1, returned("B1", DAY.format(6), value=30, **figures), after]])
    for value in ("-0.0", '"-0"', "-0e5"):
        suite.book("zero", "zero has no sign", [SALES], enrolled(1), [[b1, returned("B1", DAY.format(6), value=number(value)), after]])
    for value in ("-1e-28", '"-0.0000000000000000000000000001"', "-9999999999999999999999999999"):
        suite.book("smallest", "however little it is", [SALES], enrolled(1), [[b1, returned("B1", DAY.format(6), value=number(value)), after]])
        suite.book("smallest", "also of a bill that never comes, and with a number of its own", [SALES], enrolled(1), [[returned("B9", DAY.format(6), "R1", lineItems=[{"qty": number(value)}]), after]])
    suite.book("again", "mended, it comes again", [SALES], enrolled(1), [[b1, returned("B1", DAY.format(6), "R1", value=number("-30"))], [returned("B1", DAY.format(6), "R1", value=30)]])
    suite.book("bills", "a bill may be below zero", [SALES], enrolled(1), [[b1, bill("B2", DAY.format(6), value=number("-30"))]])


SCENARIOS = [
    ("the whole", [("B1", 6, "80")]),
    ("a part", [("B1", 6, "30.50")]),
    ("more than there was: not below nothing", [("B1", 6, "90")]),
    ("more in two parts", [("B1", 6, "50"), ("B1", 7, "50")]),
    ("all in three parts", [("B1", 6, "50"), ("B1", 7, "29.999"), ("B1", 8, "0.001")]),
    ("of two bills", [("B1", 6, "80"), ("B2", 6, "5")]),
    ("nothing", [("B1", 6, "0")]),
]


def takes_back():
    suite = BookingSuite("booking/takes-back", "What a return takes back from each type of target.")
    for name, (kind, figure) in KINDS.items():
        bills = [bill("B1", DAY.format(5), **figure("80")), bill("B2", DAY.format(5), **figure("12.25"))]
        for why, listed in SCENARIOS:
            returns = [returned(one, DAY.format(day), **figure(value)) for one, day, value in listed]
            suite.book(name, why, [kind], enrolled(1, value=50), [bills + returns])
            if why in ("a part", "more in two parts"):
                suite.book(name, why + ", batch by batch", [kind], enrolled(1, value=50), [[one] for one in bills + returns])


def equal_names():
    suite = BookingSuite("booking/equal-names", "What is stated under one of two equal names counts for both.")
    gross = target(1, "GROSS_SALES")
    for stated in ({"basketAmountSumNonDiscounted": 110}, {"basketAmountSumNonDiscounted": 110, "grossAmount": 90}, {"basketAmountSumNonDiscounted": number('"110.0"'), "grossAmount": None}):
        b1 = bill("B1", DAY.format(5), lineItems=[{"code": "a", "value": 4000}], **stated)
        suite.book("bill", "before what the items come to", [gross], enrolled(1), [[b1]])
        for back in ({"basketAmountSumNonDiscounted": 30}, {"grossAmount": 30}, {"lineItems": [{"code": "a", "value": 30}]}):
            suite.book("returned", "also of a return", [gross], enrolled(1), [[b1, returned("B1", DAY.format(6), **back)]])


def what_stays():
    suite = BookingSuite("booking/stays", "What a return leaves alone.")
    b1 = bill("B1", DAY.format(5), value=80, extendedFields={"f": 3}, lineItems=[{"code": "a", "amount": 80, "extendedFields": {"f": 3}}])
    r1 = returned("B1", DAY.format(6), value=80, extendedFields={"f": 3}, lineItems=b1["currentTxn"]["lineItems"])
    for kind in (
        target(1, "COUNT"), target(1, "VISIT"), target(1, "EXTENDED_FIELD", **field("f", "COUNT")),
        target(1, "EXTENDED_FIELD", "LINEITEM", **field("f", "COUNT")), target(1, "EXTENDED_FIELD", **field("f", "COUNT", "MAX")),
    ):  # fmt: skip
        suite.book("counts", "bills and days are counted all the same", [kind], enrolled(1, value=1), [[b1, r1]])
        suite.book("counts", "batch by batch", [kind], enrolled(1, value=1), [[r1], [b1]])
        suite.book("counts", "beside one that gives back", [kind, target(2, "SALES")], enrolled(1, 2), [[b1, r1]])
    for value in ("0", "-5"):
        lost = bill("B1", DAY.format(5), value=number(value))
        suite.book("nothing", "a bill that added nothing gives nothing back", [SALES], enrolled(1), [[lost, bill("B2", DAY.format(5), value=9), returned("B1", DAY.format(6), value=3)]])


def nothing_else_matters():
    suite = BookingSuite("booking/nothing-else", "Of a return only its bill and its figures matter.")
    store = {"currentStore": {"id": 5}}
    b1 = {**bill("B1", DAY.format(5), value=80), **store}
    r1 = returned("B1", DAY.format(6), value=30)
    gold = target(1, "SALES", expression='currentTxn.value>50&&currentCustomer.slabName=="Gold"')
    rich = {**b1, "currentCustomer": {"id": 1, "slabName": "Gold"}}
    book = lambda group, why, payload, *batches, listed=None: suite.book(group, why, payload, listed or enrolled(1), list(batches))
    book("rule", "nor the rule", [gold], [rich, r1])
    book("rule", "nor that it would be false", [gold], [rich, {**r1, "currentCustomer": {"id": 1, "slabName": "Silver"}}])
    book("rule", "what the rule refused gives nothing back", [gold], [{**b1, "currentCustomer": {"id": 1, "slabName": "Silver"}}, r1])
    asking = [
        ('tenderProfile.code=="CASH"', {"tenders": [{"code": "CASH", "amount": 80}]}),
        ('currentTxn.notes.contains("x")', {"notes": "axb"}),
        ("currentTxn.grossAmount>50&&currentTxn.basketSize==1", {"lineItems": [{"code": "a", "value": 80}]}),
        ('currentTxn.basketIncludes("brand","Puma")', {"lineItems": [{"code": "a", "attributes": {"brand": "Puma"}}]}),
        ("currentTxn.date.dayOfMonth()==5", {}),
        ("currentTxn.value>50&&!(currentTxn.value>90)", {}),
    ]  # fmt: skip
    for rule, figures in asking:
        kind = target(1, "SALES", expression=rule)
        one = bill("B1", DAY.format(5), value=80, **figures)
        book("asking", "whatever the rule asks of the bill", [kind], [one, r1])
        book("asking", "also before it, and more than once", [kind], [r1, returned("B1", DAY.format(7), value=20)], [one])
    admitted = target(1, "SALES", filters=[{"entityType": "STORE", "entityIds": [5]}])
    for elsewhere in ({}, {"currentStore": {"id": 6}}, {"currentStore": {}}):
        book("store", "nor the store", [admitted], [b1, {**r1, **elsewhere}])
    book("event", "nor the event", [SALES], [b1, {**r1, "currentEvent": {"eventType": "spinTheWheel"}}])
    for date in ("2026-02-10", "2026-03-10", "2025-12-31", "9999-12-31"):
        book("date", "nor the date: it is taken back where the bill counted", fixed(SALES), [b1, bill("B2", "2026-02-05", value=7), returned("B1", date, value=30)])
        book("date", "in a later batch", fixed(SALES), [b1, bill("B2", "2026-02-05", value=7)], [returned("B1", date, value=30)])
    book("enrolment", "nor since when somebody takes part", fixed(SALES), [b1, returned("B1", "2026-01-01", value=30)], listed=enrolled(1, enrolledOn="2026-01-03"))
    book("enrolment", "a bill from before it gives nothing back", fixed(SALES), [b1, r1], listed=enrolled(1, enrolledOn="2026-01-06"))
    book("enrolment", "nor the period of the enrolment", fixed(SALES), [b1, returned("B1", "2026-02-10", value=30)], listed=enrolled(1, periodId=3))
    both = [SALES, target(2, "GROSS_SALES"), target(3, "SALES", expression="currentTxn.value>100")]
    suite.book("targets", "in every target that counts the bill", both, enrolled(1, 2, 3), [[bill("B1", DAY.format(5), value=80, grossAmount=90), returned("B1", DAY.format(6), value=30, grossAmount=40)]])
    book("bill", "figures under `currentTxn` of a return add nothing", [SALES], [b1, {**r1, "currentTxn": {"number": "R1", "date": DAY.format(6), "value": 500}}])
    book("bill", "nor do they take back", [SALES], [b1, {"currentCustomer": {"id": 1}, "currentTxn": {"number": "B1", "date": DAY.format(6), "value": 20}, "returnBill": {"value": 30}}])
    book("bill", "nor do line items there", [target(1, "SALES", "LINEITEM")], [bill("B1", DAY.format(5), lineItems=[{"code": "a", "amount": 80}]), {**returned("B1", DAY.format(6), lineItems=[{"code": "a", "amount": 30}]), "currentTxn": {"number": "R1", "lineItems": [{"code": "a", "amount": 3}]}}])
    book("bill", "a return counts for no visit and no count", [target(1, "COUNT"), target(2, "VISIT")], [b1, r1, returned("B1", DAY.format(9), "R9", value=1)], listed=enrolled(1, 2))


def waiting():
    suite = BookingSuite("booking/waiting", "Returns that come before their bills.")
    for name, (kind, figure) in KINDS.items():
        b1, r1 = bill("B1", DAY.format(5), **figure("80")), returned("B1", DAY.format(6), **figure("30"))
        suite.book(name, "the bill comes in a later batch", [kind], enrolled(1), [[r1], [b1]])
        suite.book(name, "in the same batch, before it", [kind], enrolled(1), [[r1, b1]])
        suite.book(name, "or never", [kind], enrolled(1), [[r1], [bill("B2", DAY.format(5), **figure("7"))]])
    b1 = bill("B1", DAY.format(5), value=80)
    r = lambda value, own=None, day=6: returned("B1", DAY.format(day), own, value=number(value))
    book = lambda group, why, *batches, payload=(SALES,), listed=None: suite.book(group, why, list(payload), listed or enrolled(1), list(batches))
    book("twice", "two wait", [r(30)], [r(20)], [b1])
    book("twice", "one waits, and comes again", [r(30)], [r(30)], [b1])
    book("twice", "and again after the bill", [r(30)], [b1], [r(30)])
    book("twice", "with a number of its own", [r(30, "R1")], [r(30, "R1"), r(30, "R2")], [b1])
    book("twice", "one waits, another comes after the bill", [r(50)], [b1], [r(50, day=8)])
    book("date", "a return dated before its bill", [r(30, day=1)], [b1])
    over = target(1, "SALES", expression="currentTxn.value>50")
    suite.book("nowhere", "a bill that counts nowhere is as good as none", [over], enrolled(1), [[bill("B1", DAY.format(5), value=40), r(30)], [bill("B2", DAY.format(5), value=60)]])
    book("nowhere", "a customer who takes part in nothing", [{**b1, "currentCustomer": {"id": 2}}, {**r(30), "currentCustomer": {"id": 2}}])
    book("nowhere", "a bill outside of every period", [bill("B1", "2026-03-05", value=80), r(30)], payload=[fixed(SALES)])
    two = (SALES, target(2, "COUNT"))
    book("somewhere", "a bill that is only counted is somewhere", [r(30)], [b1], payload=two[1:], listed=enrolled(2))
    book("somewhere", "the same beside sales", [r(30)], [b1], payload=two, listed=enrolled(1, 2))
    other = (SALES, target(2, "SALES", expression="currentTxn.value>100"))
    book("somewhere", "in one target of two", [r(30)], [b1], payload=other, listed=enrolled(1, 2))
    book("customers", "each customer's own", [{**r(30), "currentCustomer": {"id": 2}}, r(20)], [b1], [{**b1, "currentCustomer": {"id": 2}}], listed=enrolled(1) + enrolled(1, customer=2))


def lacking():
    suite = BookingSuite("booking/lacking", "Returns without the figure that a target asks for.")
    for name, (kind, figure) in KINDS.items():
        b1 = bill("B1", DAY.format(5), **figure("80"))
        bare = returned("B1", DAY.format(6))
        suite.book(name, "it takes nothing back, and is told", [kind], enrolled(1), [[b1, bare]])
        late = returned("B1", DAY.format(6), "R1", **figure("30"))
        suite.book(name, "with a number of its own it comes again with it", [kind], enrolled(1), [[b1], [returned("B1", DAY.format(6), "R1")], [late]])
        suite.book(name, "and is a repetition then", [kind], enrolled(1), [[b1], [returned("B1", DAY.format(6), "R1")], [late], [late]])
        known = name not in UNSEEN
        why = "without a number it is another return" if known else "its figure is not among those that tell returns apart: a repetition"
        doubt = None if known else "Returns without a number are told apart by value, grossAmount, points and the figures of items. One without the figure of this target and one with it are the same return by that, and which comes first then shows in the result, though in fixed windows no order does."
        suite.book(name, why, [kind], enrolled(1), [[b1], [bare], [returned("B1", DAY.format(6), **figure("30"))]], doubtful=doubt)
    two = [SALES, target(2, "GROSS_SALES")]
    b1 = bill("B1", DAY.format(5), value=80, grossAmount=90)
    r = lambda **figures: returned("B1", DAY.format(6), "R1", **figures)
    suite.book("targets", "one target has its figure, the other not", two, enrolled(1, 2), [[b1, r(value=30)]])
    suite.book("targets", "the other comes later; the first stays as it was", two, enrolled(1, 2), [[b1], [r(value=30)], [r(value=30, grossAmount=40)]])
    item = target(1, "SALES", "LINEITEM")
    listed = bill("B1", DAY.format(5), lineItems=[{"code": "a", "amount": 50}, {"code": "b", "amount": 30}])
    suite.book("items", "one item of two lacks it", [item], enrolled(1), [[listed, returned("B1", DAY.format(6), lineItems=[{"code": "a", "amount": 5}, {"code": "b"}])]])
    for value in (0, -3):
        nothing = bill("B1", DAY.format(5), value=number(str(value)))
        suite.book("nothing", "where a bill has nothing to give back, its return lacks nothing: with its figure it is a repetition", [SALES], enrolled(1), [[nothing], [returned("B1", DAY.format(6), "R1")], [r(value=3)]])
    suite.book("items", "no item is returned", [item], enrolled(1), [[listed, returned("B1", DAY.format(6), lineItems=[])]])
