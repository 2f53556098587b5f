"""Decimals with a 96-bit coefficient and 0 to 28 fraction digits.

A number is a Fraction that fits that form. Everything is computed exactly
first and fitted once.
"""

from fractions import Fraction

MOST_DIGITS = 28
COEFFICIENT = 2**96
BOUND = 10**28


class NumberFault(Exception):
    """An operation without a result; its code is the first argument."""


def half_even(value):
    """The nearest integer, ties to even."""
    return round(value)


def fit(value):
    """The nearest number with the most fraction digits that fit, ties to even."""
    magnitude = abs(value)
    for digits in range(MOST_DIGITS, -1, -1):
        coefficient = half_even(magnitude * 10**digits)
        if coefficient < COEFFICIENT:
            rounded = Fraction(coefficient, 10**digits)
            if rounded >= BOUND:
                break
            return rounded if value >= 0 else -rounded
    raise NumberFault("number-overflow")


def add(left, right):
    return fit(left + right)


def subtract(left, right):
    return fit(left - right)


def multiply(left, right):
    return fit(left * right)


def divide(left, right):
    if right == 0:
        raise NumberFault("division-by-zero")
    return fit(left / right)


def remainder(left, right):
    """Exact, with the sign of the left side."""
    if right == 0:
        raise NumberFault("division-by-zero")
    whole = abs(left) // abs(right)
    rest = abs(left) - whole * abs(right)
    return rest if left >= 0 else -rest


def total(numbers):
    """The exact sum, rounded once."""
    return fit(sum(numbers, Fraction(0)))


def read(text):
    """A number of a rule or of JSON from its digits."""
    return Fraction(text)


def write(number):
    """The shortest digits of a number that has at most 28 fraction digits."""
    scaled = abs(number) * 10**MOST_DIGITS
    assert scaled.denominator == 1, number
    digits = str(scaled.numerator).rjust(MOST_DIGITS + 1, "0")
    whole, fraction = digits[:-MOST_DIGITS], digits[-MOST_DIGITS:].rstrip("0")
    text = whole + ("." + fraction if fraction else "")
    return "-" + text if number < 0 else text
