"""Small random worlds, so small that bills, returns and figures meet again and again."""

import random

from .booking_suite import PERIODS, bill, field, number, target
from .suite import to_json

ZONES = ("UTC", "Asia/Kolkata", "America/New_York")
BILLS = ("B1", "B2", "B3", "B4")
BRANDS = ("Puma", "Biba", None)


def kinds(dice):
    """A target of some kind, without its id."""
    window = dice.choice((None, None, "MIN", "MAX"))
    rule = dice.choice(("true", "true", "currentTxn.value>5", "currentTxn.grossAmount<=20"))
    of_items = dice.choice(("true", "currentLineItem.qty>1", 'currentLineItem.doesItemMatch("brand","Puma")'))
    filters = dice.choice((None, None, None, [{"entityType": "STORE", "entityIds": [5, 6]}]))
    more = {"filters": filters} if filters else {}
    return dice.choice(
        (
            lambda id: target(id, "SALES", expression=rule, **more),
            lambda id: target(id, "SALES", expression=rule, **more),
            lambda id: target(id, "GROSS_SALES", expression=rule, **more),
            lambda id: target(id, "COUNT", expression=rule, **more),
            lambda id: target(id, "VISIT", expression=rule, **more),
            lambda id: target(id, "REGULAR_POINTS", "POINTS", rule, **more),
            lambda id: target(id, "EXTENDED_FIELD", expression=rule, **more, **field("f", "SUM", window)),
            lambda id: target(id, "EXTENDED_FIELD", expression=rule, **more, **field("f", "COUNT", window)),
            lambda id: target(id, "COUNT", "EVENT", eventName="spinTheWheel", **more),
            lambda id: target(id, "EVENT_ATTRIBUTE", "EVENT", eventName="spinTheWheel", **field("minutes", "SUM", window)),
            lambda id: target(id, "SALES", "LINEITEM", of_items, **more),
            lambda id: target(id, "GROSS_SALES", "LINEITEM", of_items, **more),
            lambda id: target(id, "QUANTITY", "LINEITEM", of_items, **more),
            lambda id: target(id, "EXTENDED_FIELD", "LINEITEM", of_items, **more, **field("f", "SUM", window)),
        )
    )


def groups(dice):
    """Some targets in one or two groups of some windows."""
    ids, listed = iter(range(1, 9)), []
    for at in range(dice.choice((1, 1, 2))):
        inner = [kinds(dice)(next(ids)) for _ in range(dice.choice((1, 2, 2)))]
        shape = dice.choice(("fixed", "fixed", "fixed", "unified", "cyclic", "agnostic"))
        group = {"id": 10 + at, "targets": inner}
        if shape in ("fixed", "unified"):
            group.update(targetEvaluationType="FIXED_CALENDAR_WINDOW", periods=PERIODS)
            if len(inner) == 1 and dice.random() < 0.3:
                defaults = [{"periodId": period["id"], "defaultValue": dice.choice((5, 20))} for period in PERIODS]
                inner[0].update(enrolmentMethod="TRANSACTION", defaultValues=defaults)
        if shape == "unified" and len(inner) == 2:
            one, other = (each["id"] for each in inner)
            expression = dice.choice(("({} & {})", "({} | {})", "({} & !{})")).format(one, other)
            group.update(trackingType="UNIFIED", unifiedTargetExpression={"ruleExpression": expression})
        if shape == "cyclic":
            group.update(targetEvaluationType="CYCLIC_WINDOW", frequencyType=dice.choice(("DAILY", "WEEKLY")))
        if shape == "agnostic":
            group.update(targetEvaluationType="PERIOD_AGNOSTIC_WINDOW")
        if shape in ("cyclic", "agnostic"):
            group.update(offsetDays=dice.choice((0, 0, 1)), recurringCycles=dice.choice((0, 2, 3)))
        listed.append(group)
    return listed


def enrolments(dice, listed, customers):
    found = []
    for group in listed:
        for one in group["targets"]:
            for customer in customers:
                if "defaultValues" in one or dice.random() < 0.15:
                    continue
                entry = {"userId": customer, "targetId": one["id"], "value": dice.choice((1, 2, 10, 10, 20, 40))}
                if dice.random() < 0.2:
                    entry["enrolledOn"] = dice.choice(("2026-01-02", "2026-01-05", "2026-01-29"))
                if "periods" in group and dice.random() < 0.2:
                    entry["periodId"] = dice.choice((3, 4))
                found.append(entry)
    return found


def items(dice):
    return [item(dice) for _ in range(dice.choice((0, 1, 2, 3)))]


def item(dice):
    one = {}
    if dice.random() < 0.8:
        one["code"] = dice.choice(("a", "b", "c"))
    one["qty"] = dice.choice((1, 2, 3))
    one["value"] = dice.choice((0, 4, 10, number("2.5")))
    one["amount"] = dice.choice((0, 3, 8, number("1.25")))
    one["extendedFields"] = {"f": dice.choice((1, 2, number("0.5")))}
    brand = dice.choice(BRANDS)
    if brand:
        one["attributes"] = {"brand": brand}
    return one


def figures(dice):
    value = dice.choice((0, 3, 5, 10, 10, 12, number("7.25")))
    # The field goes with the value: it is not among what tells returns apart.
    return {"value": value, "grossAmount": dice.choice((5, 10, 15)), "points": dice.choice((0, 1, 2)), "extendedFields": {"f": value}}


def day(dice):
    return dice.choice((1, 2, 2, 3, 3, 4, 5, 31, 32, 33, 60))


def instant(dice, minute):
    """A date near the edges of days and periods, no two of them at one minute."""
    at = day(dice)
    month, at = (1, at) if at <= 31 else (2, at - 31) if at <= 59 else (3, at - 59)
    hour = dice.choice((0, 4, 5, 12, 18, 18, 23))
    return f"2026-{month:02}-{at:02}T{hour:02}:{minute:02}:00" + dice.choice(("Z", "Z", "+05:30", ""))


def bills(dice, customers):
    found = []
    for at, (customer, name) in enumerate((customer, name) for customer in customers for name in BILLS):
        if dice.random() < 0.3:
            continue
        one = bill(name, instant(dice, 2 + 5 * at), customer, **figures(dice), lineItems=items(dice))
        if dice.random() < 0.1:
            one["currentTxn"]["value"] = number("-3")
        if dice.random() < 0.8:
            one["currentStore"] = {"id": dice.choice((5, 5, 6, 9))}
        found.append(one)
        if dice.random() < 0.15:
            found.append(without(dice, one, "currentTxn"))
    return found


GONE = (("points",), ("extendedFields",), ("lineItems",), ("value", "lineItems"), ("grossAmount", "lineItems"))


def without(dice, document, holder, gone=GONE):
    """The same without a figure, and without what it would follow from."""
    names = dice.choice(gone)
    return {**document, holder: {key: value for key, value in document[holder].items() if key not in names}}


def returns(dice, customers):
    found = []
    for at in range(dice.choice((0, 1, 2, 3, 4, 6))):
        customer, name = dice.choice(customers), dice.choice(BILLS)
        one = {"currentCustomer": {"id": customer}}
        own = dice.choice((None, None, name, f"R{at}", f"R{at}"))
        if own:
            one["currentTxn"] = {"number": own}
        one["returnBill"] = {"number": name, "date": instant(dice, 4 + 5 * at), **figures(dice), "lineItems": items(dice)}
        if dice.random() < 0.1:
            one["returnBill"][dice.choice(("value", "points"))] = number("-2")
        if dice.random() < 0.1:
            one.setdefault("currentTxn", {})["value"] = 99
        found.append(one)
        if dice.random() < 0.2:
            # The field is not among what tells returns without a number apart.
            gone = GONE if own and own != name else [names for names in GONE if names != ("extendedFields",)]
            found.append(without(dice, one, "returnBill", gone))
    return found


def event(dice, name, customer):
    kind = {"eventType": dice.choice(("spinTheWheel", "spinTheWheel", "rate")), "number": name}
    kind["date"] = instant(dice, 50 + int(name[1:]))
    if dice.random() < 0.8:
        kind["minutes"] = dice.choice((0, 3, number("2.5")))
    return {"currentCustomer": {"id": customer}, "currentStore": {"id": 5}, "currentEvent": kind}


def withdrawals(dice, listed, batches):
    return [
        {"afterBatch": dice.randrange(len(batches)), "userId": one["userId"], "targetId": one["targetId"]}
        for one in listed
        if batches and dice.random() < 0.1
    ]


def world(seed):
    dice = random.Random(seed)
    customers = dice.choice(((1,), (1,), (1, 2)))
    listed = groups(dice)
    documents = bills(dice, customers) + returns(dice, customers)
    documents += [event(dice, f"e{at}", dice.choice(customers)) for at in range(dice.choice((0, 0, 1, 3)))]
    documents += [dice.choice(documents) for _ in range(dice.choice((0, 1, 3)) if documents else 0)]
    dice.shuffle(documents)
    batches, at = [], 0
    while at < len(documents):
        size = dice.choice((1, 2, 3, 5, 20))
        batches.append(documents[at : at + size])
        at += size
    enrolled = enrolments(dice, listed, customers)
    case = {"targets": listed, "enrolments": enrolled, "zone": dice.choice(ZONES), "batches": batches}
    withdrawn = withdrawals(dice, enrolled, batches)
    return to_json({**case, "withdrawn": withdrawn} if withdrawn else case)
