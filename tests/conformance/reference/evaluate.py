"""What a rule says of a transaction: true, false, or unknown and why."""

import re

from . import dates, document, numbers, syntax
from .document import entry

ITEM, TENDER = "currentLineItem", "tenderProfile"
LISTS = {ITEM: ("currentTxn", "lineItems"), TENDER: ("currentTxn", "tenders")}
EQUAL_NAMES = {
    "grossAmount": "basketAmountSumNonDiscounted",
    "basketAmountSumNonDiscounted": "grossAmount",
}
TRACKERS = ("currentTracker", "currentTrackerCondition")


class Unknown(Exception):
    """Why a node has no value: `absent`, `operand`, or the code of a fault."""

    @property
    def cause(self):
        return self.args[0]


def decide(root, text, zone="UTC"):
    """The answer as a case states it."""
    whole = document.read(text)
    unrolled = {node.value[0] for node in nodes(root) if node.kind in ("attribute", "call")} & set(LISTS)
    assert len(unrolled) <= 1
    if not unrolled:
        evaluation = Evaluation(whole, zone, None)
        result = evaluation.truth(root)
        reasons = evaluation.reasons(root) if result is None else (set(), set())
        return answer(result, *reasons)
    (profile,) = unrolled
    items = entry(whole, *LISTS[profile])
    if items is None:
        evaluation = Evaluation(whole, zone, "missing", profile)
        result = evaluation.truth(root)
        if result is False:
            return answer(False, set(), set())
        absent, faults = evaluation.reasons(root) if result is None else (set(), set())
        if not absent and not faults:
            absent = {
                syntax.canonical(node)
                for node in nodes(root)
                if node.kind in ("attribute", "call") and node.value[0] == profile
            }
        return answer(None, absent, faults)
    truths, absent, faults = [], set(), set()
    for item in items:
        evaluation = Evaluation(whole, zone, item, profile)
        truths.append(evaluation.truth(root))
        if truths[-1] is None:
            more_absent, more_faults = evaluation.reasons(root)
            absent |= more_absent
            faults |= more_faults
    result = True if True in truths else None if None in truths else False
    return answer(result, absent, faults, [at for at, truth in enumerate(truths) if truth is True])


def answer(result, absent, faults, items=None):
    names = {True: "true", False: "false", None: "unknown"}
    unknown = result is None
    return {
        "result": names[result],
        "absent": sorted(absent) if unknown else [],
        "faults": sorted(faults) if unknown else [],
        "items": items or [],
    }


def nodes(node):
    yield node
    for operand in node.operands:
        yield from nodes(operand)


class Evaluation:
    def __init__(self, whole, zone, item, profile=None):
        self.whole, self.zone, self.item, self.unrolled = whole, zone, item, profile

    def truth(self, node):
        try:
            return self.value(node)
        except Unknown:
            return None

    def known(self, node):
        """An operand's value; without one the node above is unknown for its sake."""
        try:
            return self.value(node)
        except Unknown as unknown:
            raise Unknown("operand") from unknown

    def reasons(self, node):
        """From the node into every unknown operand of every unknown node."""
        try:
            self.value(node)
            return set(), set()
        except Unknown as unknown:
            cause = unknown.cause
        if cause == "absent":
            return {syntax.canonical(node)}, set()
        if cause != "operand":
            return set(), {(node.span, cause)}
        found = [self.reasons(operand) for operand in node.operands]
        faults = set().union(*(faults for _, faults in found))
        if node.kind == "method" and node.operands[0].type == "date" and self.no_instant(node.operands[1:]):
            # Of Y, M, D from its first to its last number.
            first, last = node.operands[1], node.operands[-1]
            faults.add(((first.span[0], last.span[1]), "invalid-date"))
        return set().union(*(absent for absent, _ in found)), faults

    def no_instant(self, arguments):
        """Whether a date constant is no instant in the zone of the evaluation."""
        constant = all(argument.kind in ("number", "string") for argument in arguments)
        takes_date = len(arguments) in (3, 6) or (len(arguments) == 1 and arguments[0].kind == "string")
        return constant and takes_date and self.date_constant(arguments) is None

    def value(self, node):
        kind = node.kind
        if kind == "number":
            return numbers.read(node.value)
        if kind in ("boolean", "string", "name"):
            return node.value
        if kind == "attribute":
            return self.attribute(node)
        if kind == "prefix":
            value = self.known(node.operands[0])
            return not value if node.value == "!" else -value
        if kind == "binary":
            return self.binary(node)
        if kind == "call":
            return self.call(node)
        return self.method(node)

    def binary(self, node):
        left, right = node.operands
        if node.value in ("&&", "||"):
            truths = [self.truth(left), self.truth(right)]
            decisive = node.value == "||"
            if decisive in truths:
                return decisive
            if None in truths:
                raise Unknown("operand")
            return not decisive
        left, right = self.operands(left, right)
        comparisons = {
            "==": lambda: left == right, "!=": lambda: left != right,
            "<": lambda: left < right, "<=": lambda: left <= right,
            ">": lambda: left > right, ">=": lambda: left >= right,
        }  # fmt: skip
        if node.value in comparisons:
            return comparisons[node.value]()
        operations = {
            "+": numbers.add, "-": numbers.subtract, "*": numbers.multiply,
            "/": numbers.divide, "%": numbers.remainder,
        }  # fmt: skip
        return self.computed(lambda: operations[node.value](left, right))

    def operands(self, *nodes_):
        return [self.known(node) for node in nodes_]

    def computed(self, compute):
        try:
            value = compute()
        except numbers.NumberFault as fault:
            raise Unknown(fault.args[0]) from fault
        if value is None:
            raise Unknown("absent")
        return value

    # Attributes

    def profile(self, name):
        if name in TRACKERS:
            own = entry(self.whole, name)
            return own if own is not None else entry(self.whole, *(set(TRACKERS) - {name}))
        return entry(self.whole, name)

    def attribute(self, node):
        profile, name = node.value
        if profile == self.unrolled:
            if self.item == "missing":
                raise Unknown("absent")
            holder = self.item
        else:
            holder = self.profile(profile)
        if name.startswith("extField_"):
            stated = entry(holder, "extendedFields", name.removeprefix("extField_"))
        else:
            stated = entry(holder, name)
        if stated is None and profile == "currentTxn":
            # A number stated under one of two equal names counts for both.
            stated = entry(holder, EQUAL_NAMES.get(name))
        if stated is not None:
            return self.stated(stated, "date" if node.as_date else node.type)
        return self.computed(lambda: self.derived(profile, name, holder))

    def stated(self, value, kind):
        if kind == "number":
            return document.as_number(value)
        if kind == "boolean":
            assert isinstance(value, bool), value
            return value
        if kind != "date":
            return document.as_text(value)
        if isinstance(value, document.Digits):
            instant = numbers.read(value)
            assert instant.denominator == 1
            instant = int(instant) if dates.FIRST <= instant <= dates.LAST else None
        else:
            instant = dates.parse(str(value), self.zone)
        if instant is None:
            raise Unknown("invalid-date")
        return instant

    def derived(self, profile, name, holder):
        """What follows from the line items where the document does not state it."""
        if profile == ITEM:
            figures = {"value": document.item_value, "discountPercentage": document.item_percentage}
            return figures[name](holder) if name in figures else None
        items = entry(holder, "lineItems")
        if profile not in ("currentTxn", "returnBill") or items is None:
            return None
        if name == "basketSize":
            return numbers.read(str(len(items)))
        figure = {
            "totalQty": document.FIGURES["QUANTITY"],
            "basketAmountSumNonDiscounted": document.item_value,
            "grossAmount": document.item_value,
        }.get(name)
        return figure and summed(items, figure)

    # Calls on a profile

    def call(self, node):
        profile, name = node.value
        arguments = [argument.value for argument in node.operands]
        if profile == ITEM:
            if self.item == "missing":
                raise Unknown("absent")
            tests = {
                "doesItemMatch": lambda: document.item_attribute(self.item, arguments[0]) == arguments[1],
                "doesCategoryRegexMatch": lambda: matches_attribute(self.item, "category", arguments[0]),
            }
            return tests[name]()
        if name.startswith("basket"):
            items = entry(self.whole, profile, "lineItems")
            return self.computed(lambda: None if items is None else basket(name, items, arguments))
        for container, prefix in (("customFields", "customFieldValue"), ("clusters", "clusterValue")):
            if name.startswith(prefix):
                return self.contained(entry(self.whole, profile, container), name.removeprefix(prefix), arguments)
        return self.answered(node, profile, name, arguments)

    def contained(self, container, question, arguments):
        if question == "Exists":
            values = document.held(entry(container, arguments[0]))
            return any(value != "" for value in values)
        if container is None:
            raise Unknown("absent")
        includes = arguments[1] in document.held(entry(container, arguments[0]))
        return includes if question == "Includes" else not includes

    def answered(self, node, profile, name, arguments):
        """Answered by the host: nested objects from argument to value."""
        keys = [
            numbers.write(numbers.read(argument.value)) if argument.kind == "number" else argument.value
            for argument in node.operands
        ]
        answers = entry(self.profile(profile), name, *keys[:-1])
        if isinstance(answers, list) and not isinstance(answers, document.Object):
            assert node.type == "boolean"
            return keys[-1] in [document.as_text(one) for one in answers]
        answers = entry(answers, keys[-1])
        if answers is None:
            raise Unknown("absent")
        return self.stated(answers, node.type)

    # Methods on a value

    def method(self, node):
        receiver, *arguments = node.operands
        name = node.value
        if self.item == "missing" and any(
            inner.kind in ("attribute", "call") and inner.value[0] == self.unrolled for inner in nodes(receiver)
        ):
            raise Unknown("operand")
        if name in ("isNull", "isNotNull", "isValid", "isValidDate", "notExists", "isEmpty") or (
            name == "exists" and not arguments
        ):
            return self.null_test(name, receiver)
        if name == "exists" and not self.null_test("exists", receiver):
            # "Exists and contains": false where it does not exist.
            return False
        value = self.known(receiver)
        if receiver.type == "date":
            return self.date_method(name, value, arguments)
        if name == "interval":
            edges = [numbers.read(edge.strip()) for edge in arguments[0].value.split(",")]
            return numbers.read(str(1 + sum(1 for edge in edges if edge < value)))
        if name == "matches":
            return found(arguments[0].value, value, whole=receiver.type == "enum")
        other = self.known(arguments[0])
        return other in value

    def null_test(self, name, receiver):
        try:
            value = self.value(receiver)
            absent, faulty = False, False
        except Unknown as unknown:
            # Of a call on a value: absent where an operand is and none is at fault.
            absences, faults = self.reasons(receiver)
            assert absences or faults, unknown.cause
            value, absent, faulty = None, not faults, bool(faults)
        if name in ("isNull", "isNotNull"):
            return absent == (name == "isNull")
        if name in ("isValid", "isValidDate"):
            if receiver.type == "date":
                return not absent and not faulty
            return not absent and dates.parse(value, self.zone) is not None
        there = not absent and value != ""
        return there == (name == "exists")

    def date_method(self, name, value, arguments):
        wall = dates.local(value, self.zone)
        year, month, day = dates.date_of(wall)
        weekday = dates.weekday(wall)
        simple = {
            "day": weekday, "dayOfMonth": day, "month": month, "year": year,
        }  # fmt: skip
        if name in simple:
            return numbers.read(str(simple[name]))
        if name in ("isWeekday", "isWeekend"):
            return (weekday in (1, 7)) == (name == "isWeekend")
        if name in ("isHourBetween", "isTimeBetween"):
            edges = [int(argument.value) for argument in arguments]
            start, end = [edge * 60 for edge in edges] if len(edges) == 2 else (
                edges[0] * 60 + edges[1], edges[2] * 60 + edges[3])  # fmt: skip
            minute = dates.minute_of_day(wall)
            return start <= minute < end if start < end else minute >= start or minute < end
        other = self.date_argument(arguments)
        if name in ("isAfter", "isBefore"):
            return value > other if name == "isAfter" else value < other
        if name == "minutesDiff":
            return numbers.read(str(abs(value - other) // 60_000))
        other_wall = dates.local(other, self.zone)
        if name == "dateDiff":
            return numbers.read(str(abs(wall // dates.DAY - other_wall // dates.DAY)))
        assert name in ("daysDiff", "daysDiffFromString"), name
        return numbers.read(str(dates.nearest_anniversary(wall, other_wall)))

    def date_argument(self, arguments):
        if len(arguments) < 3 and arguments[0].kind != "string":
            return self.known(arguments[0])
        instant = self.date_constant(arguments)
        if instant is None:
            raise Unknown("operand")
        return instant

    def date_constant(self, arguments):
        if len(arguments) >= 3:
            return dates.resolve(dates.civil(*(int(argument.value) for argument in arguments)), self.zone)
        return dates.parse(arguments[0].value, self.zone)


def found(pattern, text, whole=False):
    """Whether a pattern is found, with ASCII classes and `$` as the very end."""
    pattern = re.sub(r"(?<!\\)((?:\\\\)*)\$", r"\1\\Z", pattern)
    search = re.compile(pattern, re.ASCII)
    return bool(search.fullmatch(text) if whole else search.search(text))


def matches_attribute(item, name, pattern):
    value = document.item_attribute(item, name)
    return value is not None and found(pattern, value)


def summed(items, figure):
    """The exact sum of a figure, rounded once; None where an item lacks it.

    Of what is absent and what is at fault, the absence wins.
    """
    figures, faults = tried(items, figure)
    if None in figures:
        return None
    if faults:
        raise faults[0]
    return numbers.total(figures)


def tried(items, figure):
    """A figure of each item, the fault where it has one; and the faults alone."""
    figures = []
    for item in items:
        try:
            figures.append(figure(item))
        except numbers.NumberFault as fault:
            figures.append(fault)
    return figures, [one for one in figures if isinstance(one, numbers.NumberFault)]


OPERATORS = {
    "GREATER_THAN": lambda a, b: a > b,
    "LESS_THAN": lambda a, b: a < b,
    "GREATER_THAN_EQUALS_TO": lambda a, b: a >= b,
    "LESS_THAN_EQUALS_TO": lambda a, b: a <= b,
    "EQUALS_TO": lambda a, b: a == b,
    "NOT_EQUALS_TO": lambda a, b: a != b,
}


def basket(name, items, arguments):
    question = re.match(r"basket(Includes|Excludes|Sum|Qty|Count)", name).group(1)
    rest = name.removeprefix("basket" + question)
    faults = []
    if rest == "If":
        field, operator, edge = arguments
        figures, faults = tried(items, document.FIGURES[field])
        if None in figures:
            return None
        holds = OPERATORS[operator.replace("EQUAL_TO", "EQUALS_TO")]
        # An item whose field is at fault counts as not selected while absence is sought.
        selected = [
            item for item, value in zip(items, figures) if value not in faults and holds(value, numbers.read(edge))
        ]
    else:
        attribute = next((word.lower() for word in ("Brand", "Category") if word in rest), None)
        if attribute and len(arguments) == 1:
            wanted = lambda item: matches_attribute(item, attribute, arguments[0])
        elif attribute:
            wanted = lambda item: (
                document.item_attribute(item, attribute) == arguments[0]
                and matches_attribute(item, attribute, arguments[1])
            )
        elif "Regex" in rest:
            wanted = lambda item: matches_attribute(item, *arguments)
        else:
            wanted = lambda item: document.item_attribute(item, arguments[0]) == arguments[1]
        selected = [item for item in items if wanted(item)]
    figure = document.item_value if rest.endswith("Gross") else document.item_amount
    figure = document.FIGURES["QUANTITY"] if question == "Qty" else figure
    if faults:
        if question in ("Sum", "Qty") and None in tried(selected, figure)[0]:
            return None
        raise faults[0]
    if question == "Includes":
        return bool(selected)
    if question == "Excludes":
        return not selected
    if question == "Count":
        return numbers.read(str(len(selected)))
    return summed(selected, figure)
