"""Documents as activities: whose they are, which bill, what they carry."""

import json
from dataclasses import dataclass

from . import document, numbers, targets
from .document import Digits, Object, entry


class Refused(Exception):
    """A document that cannot be booked; where, for a figure below zero in a return."""

    def __init__(self, pointer=None):
        super().__init__(pointer)
        self.pointer = pointer


class Open(Exception):
    """What the description of targets does not decide."""


def to_text(value):
    """The JSON text of what `document.read` gave, each number by its own digits."""
    if isinstance(value, Object):
        return "{" + ",".join(f"{json.dumps(key)}:{to_text(one)}" for key, one in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_text, value)) + "]"
    return str(value) if isinstance(value, Digits) else json.dumps(value)


@dataclass
class Activity:
    kind: str
    customer: int
    number: str
    instant: int
    whole: Object
    text: str
    # Of a return: its bill, and its own number where it has one.
    bill: str = None
    own: str = None

    def identity(self):
        """A return is known by its own number, else by its instant and its figures."""
        if self.own is not None:
            return self.bill, self.own
        holder = entry(self.whole, "returnBill")
        figures = [by_value(holder, name) for name in ("value", "grossAmount", "points")]
        items = sorted(
            tuple([text_of(item, "code")] + [by_value(item, name) for name in ITEM_FIGURES])
            for item in entry(holder, "lineItems") or []
        )
        return self.bill, None, self.instant, tuple(figures), tuple(items)


ITEM_FIGURES = ("qty", "rate", "value", "discount", "amount")


def by_value(holder, name):
    value = document.figure(holder, name)
    return "" if value is None else numbers.write(value)


def text_of(holder, name):
    value = entry(holder, name)
    return "" if value is None else document.as_text(value)


def read(whole, zone):
    """An activity of a document, or the refusal of it."""
    customer = entry(whole, "currentCustomer", "id")
    if customer is None:
        raise Refused()
    returned = entry(whole, "returnBill")
    own = text_of(entry(whole, "currentTxn"), "number")
    if returned:
        kind, bill = "return", text_of(returned, "number") or own
        number = own or bill
        date = first(entry(whole, "currentTxn", "date"), entry(returned, "date"))
    elif entry(whole, "currentTxn") is not None:
        kind, bill, number, date = "bill", None, own, entry(whole, "currentTxn", "date")
    else:
        kind, bill, number = "event", None, text_of(entry(whole, "currentEvent"), "number")
        date = entry(whole, "currentEvent", "date")
    instant = None if date is None else targets.instant(date, zone)
    if not number or instant is None:
        raise Refused()
    activity = Activity(kind, targets.integer(customer), number, instant, whole, to_text(whole), bill)
    if returned:
        activity.own = own if own and own != bill else None
        refuse_negative(returned)
    return activity


def first(*values):
    return next((value for value in values if value is not None), None)


def refuse_negative(returned):
    """A return that adds is the worst of all answers."""
    places = [("/returnBill/value", entry(returned, "value"))]
    for at, item in enumerate(entry(returned, "lineItems") or []):
        places += [(f"/returnBill/lineItems/{at}/{name}", entry(item, name)) for name in ("value", "amount", "qty")]
    for pointer, value in places:
        if value is not None and document.as_number(value) < 0:
            raise Refused(pointer)


def lacks_only(one, other):
    """Whether one document is the other with something left out; both as text."""
    return contains(document.read(one), document.read(other)) or contains(document.read(other), document.read(one))


def contains(more, less):
    if isinstance(less, Object):
        return isinstance(more, Object) and all(contains(more.get(key), value) for key, value in less)
    if isinstance(less, list):
        return isinstance(more, list) and len(more) == len(less) and all(map(contains, more, less))
    return more == less


# Figures. None where the document lacks it.


def bill_figure(target, holder, own_event=None):
    """What a bill, an event or a return says of a target that doesn't look at line items."""
    kind = target.type
    if kind in ("COUNT", "VISIT"):
        return numbers.read("1")
    if kind == "EVENT_ATTRIBUTE":
        return counted(target, entry(own_event, target.name))
    if kind == "EXTENDED_FIELD":
        return counted(target, entry(holder, "extendedFields", target.name))
    if kind == "SALES":
        return stated_or(holder, ("value",), document.item_amount)
    if kind == "GROSS_SALES":
        return gross(holder)
    if target.entity != "POINTS" and target.name is not None:
        awarded = entry(holder, "currencyAwarded", target.name)
        if awarded is not None:
            return document.as_number(awarded)
    return points(kind, holder)


def counted(target, value):
    if target.function == "COUNT":
        if value is None:
            raise Open("whether a document counts that lacks the field that is counted")
        return numbers.read("1")
    return None if value is None else document.as_number(value)


def stated_or(holder, names, figure):
    """A stated number, else the sum over the line items."""
    for name in names:
        stated = document.figure(holder, name)
        if stated is not None:
            return stated
    items = entry(holder, "lineItems")
    if items is None:
        return None
    figures = [figure(item) for item in items]
    return None if None in figures else numbers.total(figures)


def gross(holder):
    found = stated_or(holder, ("grossAmount", "basketAmountSumNonDiscounted"), document.item_value)
    value, discount = document.figure(holder, "value"), document.figure(holder, "discount")
    if found is None and value is not None and discount is not None:
        return numbers.add(value, discount)
    return found


def points(kind, holder):
    regular, promotional = document.figure(holder, "points"), document.figure(holder, "promotionalPoints")
    if kind.startswith("REGULAR"):
        return regular
    if kind.startswith("PROMOTIONAL"):
        return promotional
    stated = document.figure(holder, "allPoints")
    if stated is not None:
        return stated
    return None if regular is None or promotional is None else numbers.add(regular, promotional)


def item_figure(target, item):
    """What one line item adds, or takes back."""
    kind = target.type
    if kind == "EXTENDED_FIELD":
        value = entry(item, "extendedFields", target.name)
        if target.function == "COUNT":
            return numbers.read("0" if value is None else "1")
        return None if value is None else document.as_number(value)
    figures = {"SALES": "AMOUNT", "GROSS_SALES": "VALUE", "QUANTITY": "QUANTITY"}
    return document.FIGURES[figures[kind]](item)


def items_figure(target, items):
    figures = [item_figure(target, item) for item in items]
    return None if None in figures else numbers.total(figures)
