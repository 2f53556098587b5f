"""Line items: figures, item attributes, and every basket method on both bills."""

from itertools import product

from reference import document, evaluate, numbers, schema, syntax
from reference.suite import Raw, Suite, to_json


def item(rate=None, qty=None, discount=None, attributes=None, **own):
    figures = {"rate": rate, "qty": qty, "discount": discount}
    given = {name: Raw(str(value)) for name, value in figures.items() if value is not None}
    return given | own | ({"attributes": attributes} if attributes is not None else {})


PUMA = item(100, 2, 10, {"brand": "Puma", "category": "sneakers/low"}, code="221900")
REED = item("49.99", "1.5", 0, {"brand": "Reed", "category": "socks"}, code="221901")
ADIDAS = item("0.01", 3, "0.005", {"brand": "Adidas", "category": "sneakers/high"}, code="100")
PLAIN = item(5, 1, 0, code="221900")
BILLS = {
    "typical": [PUMA, REED, ADIDAS],
    "two": [PUMA, PLAIN, PUMA],
    "empty": [],
    "none": None,
    "unpriced": [PUMA, {"qty": 1, "attributes": {"brand": "Reed"}}],
    "no-discount": [{"rate": 10, "qty": 2, "attributes": {"brand": "Puma", "category": "x"}}, REED],
    "overflow": [item("9999999999999999999999999999", 1, 0, {"brand": "Puma", "category": "sneakers"})] * 2,
    "no-quantity": [{"value": 10, "discount": 1, "attributes": {"brand": "Puma"}}],
}


def bill(profile, items, **more):
    return {profile: ({} if items is None else {"lineItems": items}) | more}


def cases():
    methods(
        Suite("basket-methods", "Every basket method on both bills: typical, empty, absent, missing figures, overflow.")
    )
    conditions(Suite("basket-if", "The ...If methods: fields, operators, numbers, missing figures."))
    figures(Suite("basket-figures", "What follows from the figures of an item, and what a bill states itself."))
    attributes(Suite("basket-attributes", "Where an item attribute is looked up: order, case, alias, null, ambiguity."))
    arguments(Suite("basket-arguments", "Arguments of basket methods that are refused."))


def methods(suite):
    written = {
        ("item_attribute", "item_value"): ['"brand","Puma"'],
        ("item_attribute", "regex"): ['"brand","^P|d$"'],
        ("regex",): ['"^(P|sneakers)"'],
        ("string", "regex"): ['"Puma","m"', '"sneakers/low","^sneak"'],
    }
    for profile in ("currentTxn", "returnBill"):
        for method, (kinds, returns) in schema.METHODS[profile].items():
            kinds = tuple(kinds.split())
            if not method.startswith("basket") or kinds not in written:
                continue
            for argument, (name, items) in product(written[kinds], BILLS.items()):
                call = f"{profile}.{method}({argument})"
                if returns == "boolean":
                    suite.decide("call", call, bill(profile, items), why=name)
                else:
                    suite.decide("call", f"{call}>=2", bill(profile, items), why=name)
                    if name in ("typical", "two", "empty"):
                        suite.decide(
                            "value",
                            f"{call}=={exact(profile, call, items)}",
                            bill(profile, items),
                            form="tree" if name == "two" and "item_attribute" in kinds else "dsl",
                        )
    for rule in (
        'currentTxn.basketSum("brand","Puma")>currentTxn.basketSum("brand","Reed")',
        'currentTxn.basketIncludes("brand","Puma")&&currentTxn.basketExcludes("brand","Nike")',
    ):
        for items in BILLS.values():
            suite.decide("two", rule, bill("currentTxn", items))
    for items in (BILLS["typical"], None):
        suite.decide(
            "null",
            'currentTxn.basketSum("brand","Puma")>1',
            {"currentTxn": {"lineItems": None}},
            why="lineItems of null are absent",
        )
        suite.decide("spelling", 'currentTxn.basketcount("brand", "Puma")==1', bill("currentTxn", items))
        suite.decide("spelling", 'currentTxn.basketSumGrossRegex("brand", "Puma")==200', bill("currentTxn", items))
        suite.decide(
            "spelling",
            'currentTxn.basketSumGrossRegex("brand", "Puma")==1||currentTxn.basketCountf("QUANTITY","GREATER_THAN","0")==1',
            bill("currentTxn", items),
        )


def exact(profile, call, items):
    """The number that a call gives, in digits."""
    whole = document.read(to_json(bill(profile, items)))
    return numbers.write(evaluate.Evaluation(whole, "UTC", None).value(syntax.parse(call + "==0").operands[0]))


def conditions(suite):
    items = [item(10, 2, 1), item(20, 1, 0), item(5, "2.5", "0.5")]
    operators = [
        "GREATER_THAN",
        "LESS_THAN",
        "GREATER_THAN_EQUALS_TO",
        "LESS_THAN_EQUALS_TO",
        "EQUALS_TO",
        "NOT_EQUALS_TO",
    ]
    edges = {"AMOUNT": "19", "DISCOUNT": "0.5", "QUANTITY": "2", "RATE": "10.0", "VALUE": "20"}
    for method, (field, edge), operator in product(
        ("basketSumIf", "basketCountIf", "basketQtyIf"), edges.items(), operators
    ):
        call = f'currentTxn.{method}("{field}","{operator}","{edge}")'
        suite.decide("value", f"{call}=={exact('currentTxn', call, items)}", bill("currentTxn", items))
    for operator in ("GREATER_THAN_EQUAL_TO", "LESS_THAN_EQUAL_TO", "EQUAL_TO", "NOT_EQUAL_TO"):
        for method in ("basketSumIf", "basketCountIf", "basketQtyIf"):
            call = f'currentTxn.{method}("QUANTITY","{operator}","2")'
            suite.decide(
                "spelling",
                f"{call}=={exact('currentTxn', call, items)}",
                bill("currentTxn", items),
                why="the EQUAL_TO spellings mean the same",
            )
    for edge in ("0", "-1", "2.50", "007", "1000"):
        call = f'currentTxn.basketCountIf("QUANTITY","GREATER_THAN","{edge}")'
        suite.decide("number", f"{call}=={exact('currentTxn', call, items)}", bill("currentTxn", items))
    lacking = {
        "DISCOUNT": {"rate": 1, "qty": 1}, "QUANTITY": {"value": 10, "discount": 1}, "RATE": {"value": 10, "discount": 1, "qty": 1},
        "VALUE": {"qty": 1, "discount": 1}, "AMOUNT": {"rate": 1, "qty": 1},
    }  # fmt: skip
    for (field, lacks), method in product(lacking.items(), ("basketSumIf", "basketCountIf", "basketQtyIf")):
        suite.decide(
            "missing",
            f'currentTxn.{method}("{field}","GREATER_THAN","0")>=0',
            bill("currentTxn", [items[0], lacks]),
            why="an item that lacks the field makes the result absent",
        )
        suite.decide("missing", f'currentTxn.{method}("{field}","GREATER_THAN","0")>=0', bill("currentTxn", []))
        suite.decide("missing", f'currentTxn.{method}("{field}","GREATER_THAN","0")>=0', bill("currentTxn", None))
    suite.decide(
        "missing",
        'currentTxn.basketSumIf("QUANTITY","GREATER_THAN","5")==0',
        bill("currentTxn", [{"qty": 1}]),
        why="only selected items need an amount",
    )
    suite.decide(
        "missing", 'currentTxn.basketSumIf("QUANTITY","GREATER_THAN","0")==0', bill("currentTxn", [{"qty": 1}])
    )
    suite.decide("missing", 'currentTxn.basketQtyIf("RATE","GREATER_THAN","5")==0', bill("currentTxn", [{"rate": 1}]))
    suite.decide("missing", 'currentTxn.basketQtyIf("RATE","GREATER_THAN","0")==0', bill("currentTxn", [{"rate": 1}]))
    wrong = [
        ('"AMOUNTS","GREATER_THAN","5"', ("enum-value", '"AMOUNTS"', ["AMOUNT"])), ('"amount","GREATER_THAN","5"', ("enum-value", '"amount"', ["AMOUNT"])),
        ('"AMOUNT","GREATER","5"', ("enum-value", '"GREATER"')), ('"AMOUNT","GREATER_THEN","5"', ("enum-value", '"GREATER_THEN"', ["GREATER_THAN"])), ('"AMOUNT",">","5"', ("enum-value", '">"')),
        ('"AMOUNT","GREATER_THAN"', "argument-count"), ('"AMOUNT","GREATER_THAN","5","6"', "argument-count"),
        ('"AMOUNT","GREATER_THAN",currentTxn.value', ("literal-expected", "currentTxn.value")), ('currentTxn.notes,"GREATER_THAN","5"', ("literal-expected", "currentTxn.notes")),
        ('AMOUNT,"GREATER_THAN","5"', ("literal-expected", "AMOUNT", ['"AMOUNT"'])), ('"AMOUNT","GREATER_THAN",5', ("type-mismatch", "5", ['"5"'])),
    ]  # fmt: skip
    for argument, error in wrong:
        suite.errors("refused", f"currentTxn.basketSumIf({argument})>1", error)
    for number in ("five", "", "1e3", "5,0", ".5", "5.", "+5", "0x1"):
        suite.errors(
            "not-a-number",
            f'currentTxn.basketCountIf("AMOUNT","GREATER_THAN","{number}")>1',
            {"code": "impossible-value"},
        )
    for number in ("1000000000000000000", "0.1234567891"):
        suite.errors("not-a-number", f'currentTxn.basketCountIf("AMOUNT","GREATER_THAN","{number}")>1', "number-range")


def figures(suite):
    value_of = "currentTxn.grossAmount"
    combinations = [
        {"value": 50, "rate": 10, "qty": 2, "amount": 7, "discount": 1}, {"rate": 10, "qty": 2, "amount": 7, "discount": 1}, {"rate": 10, "amount": 7, "discount": 1},
        {"qty": 2, "amount": 7, "discount": 1}, {"amount": 7, "discount": 1}, {"amount": 7}, {"rate": 10}, {"qty": 2}, {"value": 50}, {"value": 50, "discount": 1}, {},
        {"value": None, "rate": 10, "qty": 2}, {"rate": 10, "qty": 2, "discount": None}, {"value": 50, "amount": 50}, {"rate": 10, "qty": 0, "discount": 0}, {"value": 0, "discount": 0},
        {"rate": "0.1", "qty": "3", "discount": "0.05"}, {"rate": 10, "qty": -2, "discount": -1}, {"value": 10, "discount": 15}, {"discount": 5}, {"value": 50, "qty": 2, "discount": 5},
    ]  # fmt: skip
    for one in combinations:
        items = [dict(one, attributes={"brand": "Puma"})]
        for rule in (
            f"{value_of}>=0", "currentTxn.totalQty>=0", 'currentTxn.basketSum("brand","Puma")>=0', 'currentTxn.basketSumGross("brand","Puma")==20',
            "currentLineItem.value==20", "currentLineItem.discountPercentage>=5", "currentLineItem.discount>=0&&currentLineItem.rate>0",
        ):  # fmt: skip
            suite.decide("figures", rule, bill("currentTxn", items))
    stated = {"basketSize": 9, "totalQty": 9, "grossAmount": 9, "basketAmountSumNonDiscounted": 9}
    for name in stated:
        for items in (BILLS["typical"], [], None, [{"qty": 1}], [{"rate": 1}]):
            suite.decide("computed", f"currentTxn.{name}>=3", bill("currentTxn", items))
            suite.decide(
                "stated",
                f"currentTxn.{name}==9",
                bill("currentTxn", items, **{name: 9}),
                why="a number that the transaction states itself wins",
            )
        suite.decide(
            "null",
            f"currentTxn.{name}>=0",
            bill("currentTxn", BILLS["typical"], **{name: None}),
            why="a stated null is absent, so it is computed",
        )
    for name in ("basketSize", "totalQty"):
        for items in (BILLS["typical"], [], None):
            suite.decide("return", f"returnBill.{name}>=3", bill("returnBill", items))
        suite.decide("return", f"returnBill.{name}==9", bill("returnBill", [], **{name: 9}))
        suite.decide(
            "return", f"returnBill.{name}>=0", bill("currentTxn", BILLS["typical"]), why="each bill has its own items"
        )
    big, half = "9999999999999999999999999998", "0.5"
    numbers = lambda *values: [{"value": Raw(value), "qty": Raw(value)} for value in values]
    for values in (
        [big, half, half],
        [half, half, big],
        ["0.1"] * 10,
        [big, "-" + big, "1"],
        ["1000000000000000000000000000"] * 9,
        ["1000000000000000000000000000"] * 10,
        [big, "1", "1", "-1"],
    ):
        suite.decide(
            "sum", "currentTxn.totalQty>0", bill("currentTxn", numbers(*values)), why="the exact sum, rounded once"
        )
        suite.decide("sum", "currentTxn.totalQty==1", bill("currentTxn", numbers(*values)))
        suite.both(
            "sum",
            "currentTxn.grossAmount>=9999999999999999.0",
            bill("currentTxn", numbers(*values)),
            why="a fault of a computed attribute belongs to the attribute",
        )
    suite.decide(
        "sum",
        'currentTxn.basketSum("brand","Puma")>0&&currentTxn.grossAmount>0',
        bill("currentTxn", BILLS["overflow"]),
        why="an aggregate's fault belongs to its call",
    )
    suite.decide(
        "item-fault",
        "currentLineItem.value>0",
        bill("currentTxn", [item("9999999999999999999999999999", 10)]),
        why="a computed value that overflows",
    )
    suite.decide(
        "item-fault",
        "currentLineItem.discountPercentage>0",
        bill("currentTxn", [item(0, 5, 0)]),
        why="discount of a value of zero",
    )
    suite.decide(
        "item-fault",
        "currentLineItem.discountPercentage>0",
        bill("currentTxn", [{"discountPercentage": 5, "value": 0, "discount": 0}]),
        why="a stated percentage wins",
    )
    suite.decide("item-fault", "currentLineItem.discountPercentage==33.333333333", bill("currentTxn", [item(3, 1, 1)]))
    suite.decide("item-fault", "currentLineItem.discPercentage>33.333333333", bill("currentTxn", [item(3, 1, 1)]))
    equal_names(suite)
    absence_first(suite)
    suite.decide(
        "fraction",
        'currentTxn.basketQty("brand","Reed")==1.5',
        bill("currentTxn", BILLS["typical"]),
        why="quantities may be fractional",
    )
    suite.decide("fraction", "currentTxn.totalQty==6.5&&currentTxn.basketSize==3", bill("currentTxn", BILLS["typical"]))


def equal_names(suite):
    """`basketAmountSumNonDiscounted` and `grossAmount` are one number."""
    names = ("grossAmount", "basketAmountSumNonDiscounted")
    for (own, other), items in product((names, names[::-1]), (BILLS["typical"], [], None, [{"qty": 1}])):
        for stated in ({other: 110}, {own: 90, other: 110}, {own: None, other: 110}, {own: 90, other: None}):
            whole = bill("currentTxn", items, **stated)
            for rule in (f"currentTxn.{own}==110", f"currentTxn.{own}==currentTxn.{other}"):
                suite.decide("equal", rule, whole, why="stated under one name, it counts for both; its own name first")
        suite.decide("equal", f"currentTxn.{own}.isNull()", bill("currentTxn", items, **{other: 0}))
        suite.decide("equal", f"currentTxn.{own}.isNotNull()", bill("currentTxn", items, **{own: None, other: None}))
    for own, other in (names, names[::-1]):
        for stated in ({other: Raw('"110.00"')}, {other: Raw("1.1e2")}, {own: 0, other: 110}, {own: Raw("-0"), other: 110}, {own: None, other: None}):
            whole = bill("currentTxn", [{"value": 4000}], **stated)
            for rule in (f"currentTxn.{own}==110", f"currentTxn.{own}*2>219", f"{own}-currentTxn.{other}==0".replace(own, f"currentTxn.{own}", 1), f"currentTxn.{own}>currentTxn.value"):
                suite.decide("equal-figures", rule, whole, why="also in arithmetic, and however it is written")
        suite.refused(
            "equal",
            f"currentTxn.{own}>1",
            {"currentTxn": {own: 5, other: True}},
            "wrong-type",
            f"/currentTxn/{other}",
            why="a rule that names one reads both",
        )
        suite.refused(
            "equal",
            f"currentTxn.{own}>1",
            f'{{"currentTxn":{{"{other}":5,"{other}":5}}}}',
            "duplicate-key",
            names=[other],
        )
    for name in names:
        suite.decide("equal", f"currentTxn.{name}>1", {"returnBill": {"grossAmount": 5}}, why="of the transaction only")


def absence_first(suite):
    """Inside one leaf an absence wins over a fault."""
    over = {"rate": Raw("1e27"), "qty": 100}
    brand = {"attributes": {"brand": "Puma"}}
    calls = [
        'currentTxn.basketSum("brand","Puma")',
        'currentTxn.basketSumGross("brand","Puma")',
        'currentTxn.basketQty("brand","Puma")',
        'currentTxn.basketSumRegex("brand","^P")',
        'currentTxn.basketSumRegexBrandGross("^P")',
        "currentTxn.grossAmount",
        "currentTxn.totalQty",
        "currentLineItem.value",
        "currentLineItem.discountPercentage",
    ]
    tests = [
        f'currentTxn.{method}("{field}","{operator}","2")'
        for method in ("basketSumIf", "basketCountIf", "basketQtyIf")
        for field in ("VALUE", "AMOUNT", "QUANTITY")
        for operator in ("GREATER_THAN", "LESS_THAN")
    ]
    baskets = [
        [over],
        [over, {"discount": 1, "value": 5, "qty": 1}],
        [over | {"discount": 0}, {"value": 5}],
        [over | {"discount": 0}, {"value": 5, "qty": 1}],
        [over | {"discount": 0}, {"value": 5, "qty": 1, "discount": 0}],
        [{"value": 1}, over | {"discount": 0}],
        [{"value": 1, "discount": 0}, over | {"discount": 0}],
        [over, {"rate": 1}],
        [{"rate": 1}, over],
        [{"discount": 5, "value": 0}, {"discount": 5}],
        [{"rate": Raw("1e27"), "amount": Raw("9e27"), "discount": Raw("9e27")}],
        [over | {"amount": 3}],
    ]
    calls += [
        'currentTxn.basketSumRegexGross("brand","a$")',
        'currentTxn.basketQtyRegex("brand","a$")',
        'currentTxn.basketSum("brand","Nike")',
        "currentTxn.basketAmountSumNonDiscounted",
    ]
    baskets += [
        [{"amount": Raw("9e27"), "discount": Raw("1e27")}],
        [{"amount": Raw("9e27"), "discount": Raw("1e27"), "qty": 1}, {"qty": 2}],
        [{"value": Raw("9e27"), "discount": Raw("-9e27"), "qty": 1}],
        [{"qty": Raw("9e27")}, {"qty": Raw("9e27")}],
        [{"qty": Raw("9e27")}, {"qty": Raw("9e27")}, {}],
        [{"value": 0, "discount": 1, "qty": 1}, over | {"discount": 0}],
        [{"value": Raw("0.0000000000000000000000000001"), "discount": 5, "qty": 1}],
        [{"rate": Raw("-1e27"), "qty": 100, "discount": 0}, {"rate": 5, "discount": 0}],
    ]
    why = "an absence wins over a fault inside one leaf"
    for call, items in product(calls, baskets):
        whole = bill("currentTxn", [brand | one for one in items])
        suite.decide("absence", f"{call}>0", whole, why=why)
    for call, items in product(tests, baskets):
        suite.decide("absence-if", f"{call}>0", bill("currentTxn", items), why=why)
    for items in baskets:
        for name in ("basketSum", "basketQty"):
            whole = bill("returnBill", [brand | one for one in items])
            suite.decide("absence-return", f'returnBill.{name}("brand","Puma")>0', whole, why=why)
    for items in baskets:
        whole = bill("currentTxn", items)
        for test in ("isNull", "isNotNull"):
            for name in ("grossAmount", "totalQty"):
                suite.decide("absence-null", f"currentTxn.{name}.{test}()", whole, why=why)
            suite.decide("absence-null", f"currentLineItem.discountPercentage.{test}()", whole, why=why)
        suite.decide(
            "absence-both",
            "currentTxn.grossAmount+currentTxn.totalQty>currentTxn.discount",
            whole,
            why="between the operands of a node both are listed",
        )


def attributes(suite):
    def holds(name, value, one, why=None, **keys):
        whole = bill("currentTxn", [one])
        suite.decide("look-up", f'currentTxn.basketIncludes("{name}","{value}")', whole, why=why, **keys)
        suite.decide("look-up", f'currentTxn.basketExcludes("{name}","{value}")', whole, why=why, **keys)
        suite.decide("item", f'currentLineItem.doesItemMatch("{name}","{value}")', whole, why=why, **keys)
        suite.decide("regex", f'currentTxn.basketCountRegex("{name}","^{value}$")==1', whole, why=why, **keys)

    places = lambda a, o, e: {"attributes": a, "extendedFields": e} | o
    holds("brand", "Puma", places({"brand": "Puma"}, {"brand": "Own"}, {"brand": "Far"}), "attributes come first")
    holds("brand", "Own", places({}, {"brand": "Own"}, {"brand": "Far"}), "then the item's own fields")
    holds("brand", "Far", places({}, {}, {"brand": "Far"}), "then extendedFields")
    holds(
        "brand",
        "Far",
        places({"Brand": "Case"}, {"BRAND": "Case"}, {"brand": "Far"}),
        "exact in all three before any case",
    )
    holds("brand", "Own", places({}, {"BRAND": "Own"}, {"Brand": "Far"}), "in any case in the same order")
    holds("brand", "Case", places({"BRAND": "Case"}, {"bRand": "Own"}, {}), "any case in attributes first")
    holds("brand", "Far", places({"brand": None}, {"brand": None}, {"brand": "Far"}), "null is no hit")
    holds("brand", "Case", places({"brand": None, "Brand": "Case"}, {}, {}), "null is no hit, another case is")
    holds("brand", "", places({"brand": ""}, {"brand": "Own"}, {}), "an empty string is a hit")
    holds("brand", "Puma", {}, "an item without the attribute is not selected")
    holds("brand", "Puma", {"attributes": None}, "the container may be null")
    holds("sku_code", "221900", {"code": "221900"}, "sku_code is an alias of code")
    holds("sku_code", "221900", {"code": "221900", "attributes": {"sku_code": "221900"}}, "the name as written first")
    holds("sku_code", "A", places({}, {"code": "B"}, {"SKU_CODE": "A"}), "any case of the name itself before its alias")
    holds("SKU number", "7", {"code": "7"})
    holds("SKU number", "7", {"attributes": {"Code": "7"}}, "the alias in any case too")
    holds("product name", "Shoe", {"description": "Shoe"})
    holds("short description", "Shoe", {"description": "Shoe"})
    holds("description", "Shoe", {"attributes": {"product name": "Shoe"}}, "an alias works one way")
    holds("code", "7", {"sku_code": "7"}, "an alias works one way")
    holds("sku_code", "B", places({"code": "A"}, {"code": "B"}, {}), "the alias is looked up in the same order")
    holds("qty", "2", {"qty": 2}, "an own field may be a number: its JSON text")
    holds("qty", "2", {"qty": Raw("2.0")}, "2.0 is not the text 2")
    holds("qty", "2.0", {"qty": Raw("2.0")})
    holds("rate", "1e2", {"rate": Raw("1e2")})
    holds("gift", "true", {"attributes": {"gift": True}}, "a boolean is taken by its JSON text")
    holds("Product Category", "Shirting", {"attributes": {"Product Category": "Shirting"}}, "names may have spaces")
    holds("größe", "XL", {"attributes": {"größe": "XL"}})
    holds("größe", "XL", {"attributes": {"GRÖSSE": "XL"}})
    holds("MC", "x", {"attributes": {"mc": "x", "MCC": "y"}})
    for alias in ("SKU_CODE", "Sku_Code", "sku NUMBER", "SKU Number", "sku number"):
        holds(alias, "7", {"code": "7"}, "the alias in the rule in any case")
        holds(alias, "7", {"attributes": {"CODE": "7"}})
        holds(alias, "8", {"code": "7", "extendedFields": {alias.swapcase(): "8"}}, "any case of the name before its alias")
        holds(alias, "7", {"code": "7", "attributes": {alias: None}}, "null is no hit, so the alias is looked up")
    for alias in ("PRODUCT NAME", "Product Name", "Short description"):
        holds(alias, "Shoe", {"description": "Shoe"})
    holds("sku-code", "7", {"code": "7"}, "no alias")
    for near in ({"Brand": None, "BRAND": "Puma"}, {"BRAND": "Puma", "Brand": None}, {"Brand": None, "BRAND": None}):
        holds("brand", "Puma", {"attributes": near}, "a null key is no rival")
        holds("brand", "Puma", near)
        holds("brand", "Puma", {"extendedFields": near})
        holds("brand", "Puma", places({"brand": None, "bRand": None}, near, {"brand": None}))
    holds("sku_code", "7", {"attributes": {"Code": None, "CODE": "7"}}, "nor is it under an alias")
    for method in ("basketIncludesRegexBrand", "basketIncludesRegexCategory"):
        name = method.removeprefix("basketIncludesRegex").lower()
        for one in (
            {"attributes": {name: "Puma"}},
            {"attributes": {name.upper(): "Puma"}},
            {name: "Puma"},
            {"extendedFields": {name: "Puma"}},
            {"attributes": {name: "pUMA"}},
            {},
        ):
            suite.decide("named", f'currentTxn.{method}("^Puma$")', bill("currentTxn", [one]))
            if name == "category":
                suite.decide("named", 'currentLineItem.doesCategoryRegexMatch("^Puma$")', bill("currentTxn", [one]))
    for items in (
        [{"attributes": {"brand": "Puma"}}, {}],
        [{}],
        [{"attributes": {"brand": "Reed"}}, {"attributes": {"brand": "Puma"}}],
    ):
        for method in ("basketIncludes", "basketExcludes", "basketIncludesRegex", "basketExcludesRegex"):
            suite.decide("any", f'currentTxn.{method}("brand","Puma")', bill("currentTxn", items))
            suite.decide("any", f'returnBill.{method}("brand","Puma")', bill("returnBill", items))
    rule = 'currentTxn.basketIncludes("brand","Puma")'
    pair = {"Brand": "a", "BRAND": "b"}
    for one in ({"attributes": pair}, pair, {"extendedFields": pair}):
        document = bill("currentTxn", [{"qty": 1}, one])
        suite.refused("ambiguous", rule, document, "ambiguous-key", names=list(pair), why="an error naming both")
    for keys in ('"Brand":null,"Brand":"Puma"', '"brand":null,"brand":"Puma"', '"Brand":null,"BRAND":"x","Brand":null'):
        for one in (f'{{"attributes":{{{keys}}}}}', f"{{{keys}}}", f'{{"extendedFields":{{{keys}}}}}'):
            document = f'{{"currentTxn":{{"lineItems":[{one}]}}}}'
            suite.refused("twice", rule, document, "duplicate-key", why="the same key twice, null or not")
    suite.refused(
        "ambiguous",
        'currentTxn.basketIncludes("SKU_Code","7")',
        bill("currentTxn", [{"attributes": {"Code": "7", "CODE": "8", "cODE": None}}]),
        "ambiguous-key",
        names=["Code", "CODE"],
        why="under an alias too",
    )
    suite.decide(
        "ambiguous",
        rule,
        bill("currentTxn", [{"attributes": {"brand": "Puma", "Brand": "a", "BRAND": "b"}}]),
        why="an exact key is not ambiguous",
    )
    suite.decide(
        "ambiguous",
        'currentTxn.basketIncludes("size","L")',
        bill("currentTxn", [{"attributes": {"size": "L", "Brand": "a", "BRAND": "b"}}]),
        why="keys that no rule reads are skipped",
    )
    suite.decide(
        "ambiguous",
        rule,
        bill("currentTxn", [{"attributes": {"Brand": "Puma"}, "BRAND": "b"}]),
        why="in different objects there is an order",
    )


def arguments(suite):
    for method in ("basketSum", "basketQty", "basketCount", "basketSumGross"):
        suite.errors("count", f'currentTxn.{method}("brand")>1', "argument-count")
        suite.errors("count", f"currentTxn.{method}()>1", "argument-count")
        suite.errors("count", f'currentTxn.{method}("brand","Puma","x")>1', "argument-count")
        suite.errors("root", f'currentTxn.{method}("brand","Puma")', "root-not-boolean")
        suite.errors(
            "literal",
            f'currentTxn.{method}(currentCustomer.name,"Puma")>1',
            ("literal-expected", "currentCustomer.name"),
        )
        suite.errors("literal", f'currentTxn.{method}(brand,"Puma")>1', ("literal-expected", "brand", ['"brand"']))
        suite.errors("type", f'currentTxn.{method}("brand",5)>1', ("type-mismatch", "5", ['"5"']))
        suite.errors("type", f'currentTxn.{method}(true,"x")>1', ("type-mismatch", "true"))
    for method in (
        "basketSumRegex",
        "basketIncludesRegex",
        "basketCountRegex",
        "basketQtyRegex",
        "basketSumRegexGross",
        "basketExcludesRegex",
    ):
        tail = "" if "cludes" in method else ">1"
        suite.errors("regex", f'currentTxn.{method}("brand","(")' + tail, "regex")
        suite.errors("regex", f'currentTxn.{method}("brand","(?=x)")' + tail, "regex")
        suite.errors(
            "literal", f'currentTxn.{method}("brand",currentTxn.notes)' + tail, ("literal-expected", "currentTxn.notes")
        )
    suite.errors(
        "profile", 'currentCustomer.basketIncludes("brand","Puma")', ("unknown-name", "basketIncludes", ["currentTxn"])
    )
    suite.errors("profile", 'returnBill.basketSumIf("AMOUNT","GREATER_THAN","5")>1', ("unknown-name", "basketSumIf"))
    suite.errors("profile", 'currentTxn.basketSumRegexBrand("Puma","x")>1', ("unknown-name", "basketSumRegexBrand"))
    suite.errors(
        "profile", 'currentTxn.doesItemMatch("brand","Puma")', ("unknown-name", "doesItemMatch", ["currentLineItem"])
    )
