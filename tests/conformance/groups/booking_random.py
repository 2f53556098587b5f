"""What the description may be read to say in two ways; and random worlds as data."""

from reference import booking, document, worlds
from reference.activities import Open, to_text
from reference.booking_suite import BookingSuite, any_order, bill, enrolled, number, returned, target
from reference.suite import Raw

DAY = "2026-01-{:02}"
WORLDS = 60


def cases():
    doubtful()
    random()


def doubtful():
    suite = BookingSuite("booking/doubtful", "One of two readings, where the description decides for neither.")
    items = target(1, "SALES", "LINEITEM", 'currentLineItem.doesItemMatch("brand","Puma")')
    puma = {"attributes": {"brand": "Puma"}}
    b1 = bill("B1", DAY.format(5), value=80, lineItems=[{"code": "a", "amount": 80, **puma}])
    back = lambda **more: returned("B1", DAY.format(6), **more)
    state = lambda group, why, doubt, kind, r1, achieved: suite.stated(group, why, doubt, [kind], enrolled(1), [[b1, r1]], achieved)
    state("code", "the bill counted no item of that code", "Of a code that the bill does not have it counted every item and none; taken as none.", items, back(lineItems=[{"code": "z", "amount": 30, **puma}]), "80")
    every = target(1, "SALES", "LINEITEM", "currentTxn.value>25")
    state("rule", "every item of the bill counted, whichever it was", "A rule about the bill, asked of an item without a code, is unknown in a return that says no value; but every item qualified, and the rule of a return does not matter.", every, back(lineItems=[{"amount": 30}]), "50")
    signs = [{"code": "a", "value": 10, "discount": 15}, {"code": "a", "amount": 10}]
    state("sign", "one item below zero, one above", "An item's figure is one that takes nothing; the other item's is taken. The sum of both could be meant.", items, back(lineItems=signs), "70")
    whole = target(1, "SALES")
    state("items", "a value that follows from the line items", "That the value of a bill without one is what its items add up to is said of bills only; taken to hold of returns.", whole, back(lineItems=[{"code": "a", "amount": 10}, {"code": "b", "amount": number("2.5")}]), "67.5")


def random():
    suite = BookingSuite("booking/random", "Small random worlds.")
    seed, left = 1_000_000, WORLDS
    while left:
        seed += 1
        case = document.read(worlds.world(seed))
        try:
            expected = booking.judge(case)
        except Open:
            continue
        left -= 1
        stated = {key: Raw(to_text(value)) for key, value in case}
        suite.add("world", why=f"seed {seed}", **stated, anyOrder=any_order(case, expected) or None, expected=expected)
