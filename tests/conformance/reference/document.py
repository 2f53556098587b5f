"""A transaction document with its digits kept, and what rules look up in it."""

import json

from . import numbers


class Digits(str):
    """A JSON number by its own digits."""


class Object(list):
    """A JSON object as pairs in their order, so that duplicates stay."""

    def get(self, key):
        for name, value in self:
            if name == key:
                return value
        return None


def read(text):
    return json.loads(text, parse_int=Digits, parse_float=Digits, object_pairs_hook=Object)


def entry(value, *path):
    """What stands at a path of keys; None where that is absent or null."""
    for key in path:
        value = value.get(key) if isinstance(value, Object) else None
    return value


def as_text(value):
    """A string, or the JSON text of a number or a boolean."""
    if isinstance(value, bool):
        return "true" if value else "false"
    assert isinstance(value, str), value
    return str(value)


def as_number(value):
    assert isinstance(value, str) and value, value
    return numbers.read(str(value))


# Other names of the fields that every item has.
ALIASES = {
    "sku_code": "code",
    "sku number": "code",
    "product name": "description",
    "short description": "description",
}


def item_attribute(item, name):
    """As written, exactly in all three places, then in any case, then under its alias."""
    places = [entry(item, "attributes") or Object(), item, entry(item, "extendedFields") or Object()]
    alias = next((field for written, field in ALIASES.items() if written == name.lower()), None)
    for wanted in [name] + ([alias] if alias else []):
        for same in (lambda key: key == wanted, lambda key: key != wanted and key.lower() == wanted.lower()):
            for place in places:
                keys = [key for key, _ in place if same(key)]
                assert len(keys) == len(set(keys)), f"{name} is there twice"
                hits = [value for key, value in place if same(key) and value is not None]
                assert len(hits) <= 1, f"{name} is ambiguous"
                if hits:
                    return as_text(hits[0])
    return None


class Absent(Exception):
    """A figure that an item lacks."""


def figure(item, name):
    """A figure that an item states; None where it does not."""
    value = entry(item, name)
    return None if value is None else as_number(value)


def item_value(item):
    stated, rate, quantity = (figure(item, name) for name in ("value", "rate", "qty"))
    if stated is not None:
        return stated
    if rate is not None and quantity is not None:
        return numbers.multiply(rate, quantity)
    amount, discount = figure(item, "amount"), figure(item, "discount")
    if amount is not None and discount is not None:
        return numbers.add(amount, discount)
    return None


def item_amount(item):
    stated, discount = figure(item, "amount"), figure(item, "discount")
    if stated is not None:
        return stated
    if discount is None:
        return None
    value = item_value(item)
    return None if value is None else numbers.subtract(value, discount)


def item_percentage(item):
    stated, discount = figure(item, "discountPercentage"), figure(item, "discount")
    if stated is not None:
        return stated
    # An absence wins over a fault of the value, so the value comes last.
    value = None if discount is None else item_value(item)
    if value is None:
        return None
    return numbers.multiply(numbers.divide(discount, value), numbers.read("100"))


FIGURES = {
    "AMOUNT": item_amount,
    "DISCOUNT": lambda item: figure(item, "discount"),
    "QUANTITY": lambda item: figure(item, "qty"),
    "RATE": lambda item: figure(item, "rate"),
    "VALUE": item_value,
}


def held(value):
    """The values of a custom field or a segment: one, or those of a list."""
    if value is None:
        return []
    return [as_text(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
