"""An account of a customer in a target, and the windows that are the customer's own."""

from dataclasses import dataclass, field

from .activities import Open


@dataclass
class Counted:
    """A bill or an event in an account: what it added, where, which of its items."""

    activity: object
    figure: object
    items: list
    place: object
    day: int


@dataclass
class Account:
    customer: int
    target: object
    enrolments: list
    counted: dict = field(default_factory=dict)
    unknown: dict = field(default_factory=dict)
    # The numbers that came and did not count.
    passed: set = field(default_factory=set)
    # Of windows that are a customer's own: the first and latest activity, and
    # where closed cycles ended, the instant of the bill and the latest one then.
    first: int = None
    latest: int = None
    ends: list = field(default_factory=list)
    withdrawn: bool = False


def cycle(account, activity):
    """The number of the cycle that an activity belongs to; `over` where it counts in none."""
    if account.target.group.window == "CYCLIC_WINDOW":
        return cyclic(account, activity.instant)
    return agnostic(account, activity.instant)


def cyclic(account, instant):
    group, first = account.target.group, instant if account.first is None else account.first
    if instant < first:
        return "over"
    number = (instant - first) // group.length + 1
    latest = max(account.latest or instant, instant)
    if number > group.cycles or latest >= first + number * group.length + group.offset:
        return "over"
    if (latest - first) // group.length > number:
        raise Open("a late bill of a cycle before the previous one")
    return number


def agnostic(account, instant):
    group = account.target.group
    if any(other.activity.instant == instant for other in account.counted.values()):
        raise Open("two bills at one instant, where a bill may end a cycle")
    for at, (low, high) in enumerate(account.ends):
        if instant > high:
            continue
        late = [account.latest >= end + group.offset for end in (low, high)]
        if instant >= low or late[0] != late[1]:
            raise Open("a cycle that a late bill ended")
        if late[0]:
            return "over"
        if at + 1 != len(account.ends):
            raise Open("a late bill of a cycle before the previous one")
        return at + 1
    current = len(account.ends) + 1
    return current if current <= group.cycles else "over"
