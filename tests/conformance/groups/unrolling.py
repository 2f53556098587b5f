"""Rules that are decided once per line item or once per tender."""

from itertools import product

from reference.suite import Raw, Suite

ITEMS = [
    [{"qty": 2, "code": "221900"}, {"qty": 1, "code": "221900"}, {"qty": 3, "code": "x"}],
    [{"qty": 1, "code": "x"}, {"qty": 1}, {}],
    [{"qty": 1, "code": "x"}],
    [{"qty": 5, "code": "221900"}, {}],
    [],
    None,
]
TENDERS = [
    [{"code": "CASH", "amount": 2500}, {"code": "CARD", "amount": 10, "notes": "x"}],
    [{"code": "CARD", "amount": 2500}],
    [{"code": "CASH"}, {"amount": 3000}],
    [{}],
    [],
    None,
]
ITEM_RULES = [
    "currentLineItem.qty>1", 'currentLineItem.doesItemMatch("sku_code","221900")', 'currentLineItem.qty>1&&currentLineItem.code=="221900"', "currentLineItem.qty>1||currentLineItem.rate>1",
    "currentLineItem.code.isNull()", "currentLineItem.code.isNotNull()", "currentLineItem.code.isEmpty()", "currentLineItem.code.exists()", "!currentLineItem.code.isNull()",
    "currentLineItem.qty>1&&currentTxn.value>5", "currentLineItem.qty>1||currentTxn.value>5", "currentTxn.value>5&&currentLineItem.qty>1&&currentTxn.basketSize>1",
    "false&&currentLineItem.qty>1", "true||currentLineItem.qty>1", "currentLineItem.qty>1&&currentTxn.value<5", 'currentLineItem.code.contains("19")', 'currentLineItem.code.matches("^2")',
    'currentLineItem.doesCategoryRegexMatch("^sneak")', "currentLineItem.qty/currentLineItem.rate>1", 'currentTxn.basketCount("sku_code","221900")>1&&currentLineItem.qty>1',
    "currentLineItem.qty==currentLineItem.qty", "true||(currentLineItem.qty>1&&currentLineItem.code.isNull())", "currentTxn.points>1||(true&&currentLineItem.code.isNull())",
    'true||currentLineItem.doesItemMatch("brand","x")||currentLineItem.extField_gift=="y"', "currentLineItem.discountPercentage>=0", "currentLineItem.value>0&&currentLineItem.description.isNull()",
]  # fmt: skip
TENDER_RULES = [
    'tenderProfile.code=="CASH"', "tenderProfile.amount>100", 'tenderProfile.code=="CASH"&&tenderProfile.amount>100', "tenderProfile.notes.isNull()", "tenderProfile.notes.isEmpty()",
    'tenderProfile.code=="CASH"||currentTxn.value>5', "true||tenderProfile.amount>1", "false&&tenderProfile.amount>1", "tenderProfile.amount==currentTxn.value",
    'tenderProfile.code.matches("CA(SH|RD)")', "currentTxn.points>1&&tenderProfile.amount>1",
]  # fmt: skip


def cases():
    suite = Suite(
        "unrolling", "Once per line item or tender: any true, else any unknown, else false; and without the list."
    )
    for rule, items in product(ITEM_RULES, ITEMS):
        document = {"currentTxn": {"value": 10} | ({} if items is None else {"lineItems": items})}
        suite.decide("item", rule, document, types={"currentLineItem.extField_gift": "string"})
    for rule, tenders in product(TENDER_RULES, TENDERS):
        document = {"currentTxn": {"value": 10} | ({} if tenders is None else {"tenders": tenders})}
        suite.decide("tender", rule, document)
    for rule in ("currentLineItem.qty>1", "tenderProfile.amount>1"):
        name = "lineItems" if "Line" in rule else "tenders"
        suite.decide("null", rule, {"currentTxn": {name: None}}, why="null is absent")
        suite.decide("null", rule, {"currentTxn": None})
        suite.both("null", rule, {})
        suite.refused("refused", rule, {"currentTxn": {name: {}}}, "wrong-type", f"/currentTxn/{name}")
        suite.refused("refused", rule, {"currentTxn": {name: [1]}}, "wrong-type", f"/currentTxn/{name}/0")
        suite.refused("refused", rule, {"currentTxn": {name: "none"}}, "wrong-type", f"/currentTxn/{name}")
    for items in ([{"qty": 0}, {"qty": 1}], [{"qty": 0}], [{"qty": 0}, {}], [{}, {}]):
        suite.decide(
            "faults",
            "10/currentLineItem.qty>5",
            {"currentTxn": {"lineItems": items}},
            why="the reasons are the union over the unknown items",
        )
    suite.decide(
        "reasons",
        "currentLineItem.qty>1&&currentLineItem.rate>1",
        {"currentTxn": {"lineItems": [{"qty": 2}, {"rate": 2}]}},
        why="one item lacks the one, one the other",
    )
    suite.decide(
        "reasons",
        "currentLineItem.qty>1&&currentLineItem.rate>1",
        {"currentTxn": {"lineItems": [{"qty": 2}, {"rate": 2, "qty": 1}]}},
        why="a decided item gives no reason",
    )
    suite.decide(
        "items",
        "currentLineItem.qty>1",
        {"currentTxn": {"lineItems": [{"qty": 2}, {}, {"qty": 2}]}},
        why="true items are listed, unknown ones are not",
    )
    suite.decide("items", "currentLineItem.qty>1||true", {"currentTxn": {"lineItems": [{}, {}]}})
    for items in ([{"extendedFields": {"gift": "y"}}], [{"extendedFields": {}}], [{}], None):
        document = {"currentTxn": {} if items is None else {"lineItems": items}}
        suite.decide(
            "extended",
            'currentLineItem.extField_gift=="y"',
            document,
            types={"currentLineItem.extField_gift": "string"},
        )
        suite.decide(
            "extended",
            "currentLineItem.extField_gift.isNull()",
            document,
            types={"currentLineItem.extField_gift": "string"},
        )
    for rule in (
        "currentLineItem.qty>1&&tenderProfile.amount>1", 'tenderProfile.code=="CASH"||currentLineItem.doesItemMatch("brand","Puma")', "currentLineItem.qty==tenderProfile.amount",
        "true||(currentLineItem.code.isNull()&&tenderProfile.notes.isNull())",
    ):  # fmt: skip
        suite.errors("nested", rule, "nested-unrolling")
    suite.decide("variant", "currentLineitem.Qty>1", {"currentTxn": {"lineItems": [{"qty": 2}]}})
    suite.decide("variant", "CurrentLineItem.qty>1", {"currentTxn": {}})
    suite.decide(
        "digits",
        "currentLineItem.qty==1.5",
        {"currentTxn": {"lineItems": [{"qty": Raw("1.50")}, {"qty": "1.5"}, {"qty": Raw("15e-1")}]}},
    )
