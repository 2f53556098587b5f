"""The returns that came, and what they take back of the bills that were counted."""

from . import activities, evaluate, numbers
from .activities import Open
from .document import entry

NOTHING = numbers.read("0")


class Returns:
    """By customer and identity; of a number of its own, every version that came."""

    def __init__(self, zone):
        self.zone, self.known = zone, {}

    def arrive(self, activity, counting):
        """Whether a return is new, or has what it lacked when it came before.

        `counting` are the accounts that count its bill.
        """
        versions = self.versions(activity)
        if any(other.text == activity.text for other in versions) or versions and activity.own is None:
            return False
        # Where a bill has nothing to give back, its return lacks nothing.
        giving = [account for account in counting if self.gives_back(account, activity.bill)]
        more = not versions or any(
            self.taken_by(account, versions)[0] is None and self.taken_by(account, [activity])[0] is not None
            for account in giving
        )
        versions.append(activity)
        return more

    def gives_back(self, account, number):
        """Whether anything can be taken back of a counted bill."""
        return not account.target.counts_documents and account.counted[number].figure > 0

    def versions(self, activity):
        """What came under the identity of a return."""
        return self.known.setdefault(activity.customer, {}).setdefault(activity.identity(), [])

    def of_bill(self, customer, bill):
        known = self.known.get(customer, {})
        return [versions for identity, versions in known.items() if identity[0] == bill and versions]

    def taken_by(self, account, versions):
        """What one return takes back of its bill, and how it is told where it takes nothing."""
        why = None
        for version in versions:
            taken, why = self.taken_once(account, version)
            if taken is not None:
                return taken, why
        return None, why

    def taken_once(self, account, returned):
        target, counted = account.target, account.counted[returned.bill]
        holder = entry(returned.whole, "returnBill")
        if counted.activity.kind == "event":
            raise Open("the return of an event")
        if target.entity == "LINEITEM":
            items = entry(holder, "lineItems")
            if items is None:
                return None, {"what": "lacks", "absent": ["returnBill.lineItems"]}
            answers = [self.chosen(account, counted, returned, item) for item in items]
            if None in answers:
                return None, {"what": "lacks"}
            chosen = [item for item, counts in zip(items, answers) if counts]
            figures = [activities.item_figure(target, item) for item in chosen]
        else:
            figures = [activities.bill_figure(target, holder)]
        if None in figures:
            name = {"SALES": "value", "REGULAR_POINTS": "points"}.get(target.type)
            named = {"absent": ["returnBill." + name]} if name and target.entity != "LINEITEM" else {}
            return None, {"what": "lacks", **named}
        below = [figure for figure in figures if figure < 0]
        if below and any(figure > 0 for figure in figures):
            raise Open("line items of one return, some above and some below zero")
        return (NOTHING, {"what": "below-zero"}) if below else (numbers.total(figures), None)

    def chosen(self, account, counted, returned, item):
        """Whether a line item of a return is of what the bill counted; `None` where nobody knows."""
        target, code = account.target, activities.text_of(item, "code")
        if code:
            listed = entry(counted.activity.whole, "currentTxn", "lineItems")
            same = [at for at, one in enumerate(listed) if activities.text_of(one, "code") == code]
            hits = [at for at in same if at in counted.items]
            if not same:
                raise Open("a return of a code that its bill does not have")
            if len(hits) in (0, len(same)):
                return bool(hits)
        nodes = list(evaluate.nodes(target.rule))
        if any(node.kind in ("attribute", "call") and node.value[0] != evaluate.ITEM for node in nodes):
            raise Open("a rule about more than line items, asked of one of a return")
        return evaluate.Evaluation(returned.whole, self.zone, item, evaluate.ITEM).truth(target.rule)

    def still(self, account, number):
        """What a counted bill adds after its returns, and whether it is wholly returned."""
        counted = account.counted[number]
        if not self.gives_back(account, number):
            return counted.figure, False
        taken = [self.taken_by(account, versions)[0] for versions in self.of_bill(account.customer, number)]
        left = counted.figure - sum((one for one in taken if one is not None), NOTHING)
        return max(left, NOTHING), left <= 0
