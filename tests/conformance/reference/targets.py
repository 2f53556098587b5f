"""Targets, their periods and the enrolments, as the documents give them."""

from dataclasses import dataclass, field

from . import dates, evaluate, numbers, syntax
from .document import Object, as_number, entry

TYPE_WORDS = {"PROMOTION": "PROMOTIONAL"}
ENTITY_WORDS = {"REWARDS": "POINTS"}
LENGTHS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "QUARTERLY": 90, "HALF_YEARLY": 180, "YEARLY": 365, "CUSTOM": 1}
MOST_CYCLES = {"CYCLIC_WINDOW": 12, "PERIOD_AGNOSTIC_WINDOW": 100}
FILTERS = {"STORE": "id", "ZONE": "zoneIds", "CONCEPT": "conceptIds"}


@dataclass
class Period:
    """Local days, the last of them included; without days it holds every date."""

    id: object
    first: object = None
    last: object = None

    def contains(self, day):
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass
class Group:
    id: object = None
    window: str = "FIXED_CALENDAR_WINDOW"
    periods: list = field(default_factory=list)
    length: int = 0
    cycles: int = 0
    offset: int = 0
    unified: object = None


@dataclass
class Target:
    id: int
    group: Group
    type: str
    entity: str
    active: bool
    filters: list
    rule: object
    name: str = None
    function: str = None
    window: str = None
    event: str = None
    method: str = None
    defaults: dict = field(default_factory=dict)

    @property
    def fixed(self):
        return self.group.window == "FIXED_CALENDAR_WINDOW"

    @property
    def counts_documents(self):
        """What a return leaves alone."""
        return self.type in ("COUNT", "VISIT") or self.function == "COUNT"

    @property
    def unrolls(self):
        return any(
            node.kind in ("attribute", "call") and node.value[0] == evaluate.ITEM for node in evaluate.nodes(self.rule)
        )


def integer(value):
    return None if value is None else int(as_number(value))


def local_day(text):
    """A day as its number from 1970, from the first ten characters of a date."""
    year, month, day = (int(part) for part in text[:10].split("-"))
    return dates.civil(year, month, day) // dates.DAY


def read(data):
    """The targets of a payload's `data`, and the groups that are achieved together."""
    targets, groups = [], []
    for one in data if not isinstance(data, Object) else [data]:
        if entry(one, "targets") is None:
            targets.append(target(one, Group()))
            continue
        group = read_group(one)
        targets += [target(inner, group) for inner in entry(one, "targets")]
        if group.unified is not None:
            groups.append((group, [integer(entry(inner, "id")) for inner in entry(one, "targets")]))
    return targets, groups


def read_group(one):
    window = str(entry(one, "targetEvaluationType") or "FIXED_CALENDAR_WINDOW")
    periods = [
        Period(integer(entry(period, "id")), *(day and local_day(day) for day in bounds(period)))
        for period in entry(one, "periods") or []
    ]
    days = LENGTHS.get(entry(one, "frequencyType"), 0) * (integer(entry(one, "frequency")) or 1)
    most = MOST_CYCLES.get(window, 0)
    stated = integer(entry(one, "recurringCycles")) or 0
    cycles = min(stated, most) if stated > 0 else most
    unified = None
    if entry(one, "trackingType") == "UNIFIED":
        unified = entry(one, "unifiedTargetExpression") or Object()
    offset = (integer(entry(one, "offsetDays")) or 0) * dates.DAY
    return Group(integer(entry(one, "id")), window, periods, days * dates.DAY, cycles, offset, unified)


def bounds(period):
    return entry(period, "startDate"), entry(period, "endDate")


def target(one, group):
    info = ("extendedFieldInfo",)
    kind, entity = str(entry(one, "targetType")), str(entry(one, "targetEntity"))
    kind, entity = TYPE_WORDS.get(kind, kind), ENTITY_WORDS.get(entity, entity)
    if kind == "SUM":
        kind = "EVENT_ATTRIBUTE" if entity == "EVENT" else "SALES"
    defaults = {}
    for value in entry(one, "defaultValues") or []:
        defaults[integer(entry(value, "periodId"))] = as_number(entry(value, "defaultValue"))
    return Target(
        id=integer(entry(one, "id")),
        group=group,
        type=kind,
        entity=entity,
        active=entry(one, "active") is not False,
        filters=entry(one, "filters") or [],
        rule=syntax.parse(str(entry(one, "expression"))),
        name=entry(one, *info, "name"),
        function=entry(one, *info, "aggregateFunction"),
        window=entry(one, *info, "aggregateWindow", "windowType"),
        event=entry(one, "eventName"),
        method=entry(one, "enrolmentMethod"),
        defaults=defaults,
    )


@dataclass
class Enrolment:
    """That a customer takes part, in one period or in all, from an instant on."""

    period: object
    value: object
    since: int
    withdrawn: bool = False


def read_enrolments(listed, zone):
    """Per customer and target the enrolments of the file."""
    found = {}
    for one in listed:
        since = entry(one, "enrolledOn")
        key = integer(entry(one, "userId")), integer(entry(one, "targetId"))
        value = entry(one, "value")
        found.setdefault(key, []).append(
            Enrolment(
                integer(entry(one, "periodId")),
                None if value is None else as_number(value),
                dates.FIRST if since is None else instant(since, zone),
            )
        )
    return found


def instant(value, zone):
    """The instant of a date of a document; None where it is none."""
    try:
        return evaluate.Evaluation(None, zone, None).stated(value, "date")
    except evaluate.Unknown:
        return None


# The three truth values: True, False, and None for unknown.


def conjunction(truths):
    return False if False in truths else None if None in truths else True


def eligible(target, whole, text, zone):
    """Active, filters and rule; what was absent; for a rule about items those that it holds for."""
    truths, absent = [target.active], set()
    for one in target.filters:
        key = FILTERS[str(entry(one, "entityType"))]
        admitted = {as_number(value) for value in entry(one, "entityIds") or []}
        held = entry(whole, "currentStore", key)
        if held is None:
            truths.append(None)
            absent.add("currentStore." + key)
            continue
        ids = held if isinstance(held, list) and not isinstance(held, Object) else [held]
        truths.append(any(as_number(value) in admitted for value in ids))
    decision = evaluate.decide(target.rule, text, zone)
    truths.append({"true": True, "false": False, "unknown": None}[decision["result"]])
    truth = conjunction(truths)
    reasons = sorted(absent | set(decision["absent"])) if truth is None else []
    return truth, reasons, decision["items"]


# Unified targets: `(1 & (2 | !3))`.


def unified(group, ids, achieved, reached):
    """Whether a customer has reached the targets of a group together."""
    expression = entry(group.unified, "ruleExpression")
    assert expression is not None, "what is asked for without an expression is left open"
    holds = Operands(str(expression), reached).whole()
    aggregation = entry(group.unified, "aggregation")
    if aggregation is None:
        return holds
    if aggregation == "SUM":
        combined = numbers.total([achieved.get(one, numbers.read("0")) for one in ids])
    else:
        combined = sum(1 for one in ids if reached.get(one))
    return holds and combined >= as_number(entry(group.unified, "thresholdValue"))


class Operands:
    """`!` binds tightest, then `&`, then `|`, as in rules."""

    def __init__(self, text, reached):
        for symbol in "()&|!":
            text = text.replace(symbol, f" {symbol} ")
        self.tokens, self.reached = text.split(), reached

    def whole(self):
        value = self.either()
        assert not self.tokens, self.tokens
        return value

    def either(self):
        value = self.both()
        while self.tokens[:1] == ["|"]:
            self.tokens.pop(0)
            value = self.both() or value
        return value

    def both(self):
        value = self.one()
        while self.tokens[:1] == ["&"]:
            self.tokens.pop(0)
            value = self.one() and value
        return value

    def one(self):
        token = self.tokens.pop(0)
        if token == "!":
            return not self.one()
        if token == "(":
            value = self.either()
            assert self.tokens.pop(0) == ")"
            return value
        return bool(self.reached.get(int(token)))
