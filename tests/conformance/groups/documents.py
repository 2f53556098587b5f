"""Transaction documents: what is refused and where, what is skipped, and which numbers are legal."""

from reference.suite import Raw, Suite

VALUE = "currentTxn.value>1"
NAME = 'currentCustomer.name=="x"'


def cases():
    suite = Suite("documents", "Documents that are refused with their path, fields that are skipped, forms of numbers.")
    shapes(suite)
    duplicates(suite)
    numbers(suite)
    skipped(suite)


def txn(value):
    return {"currentTxn": {"value": Raw(value)}}


def shapes(suite):
    for text in (
        "",
        "{",
        "{}x",
        '{"currentTxn":{"value":5}',
        '{"currentTxn":{"value":5}}}',
        '{"currentTxn":{"value":05}}',
        '{"currentTxn":{"value":5.}}',
        '{"currentTxn":{"value":.5}}',
        '{"currentTxn":{"value":+5}}',
        '{"currentTxn":{"value":0x5}}',
        '{"currentTxn":{"value":NaN}}',
        '{"currentTxn":{"value":Infinity}}',
        '{"currentTxn":{"value":5,}}',
        "{'currentTxn':{}}",
        '\ufeff{"currentTxn":{}}',
        '{"currentTxn":{"value":5}} // end',
        '{"currentTxn":{"value":tru}}',
    ):
        suite.refused("json", VALUE, text, "json-syntax")
    for text in ("[]", "5", '"x"', "true", "null"):
        suite.refused("root", VALUE, text, "wrong-type")
    for value in ("[]", "5", '"x"', "true"):
        suite.refused("profile", VALUE, {"currentTxn": Raw(value)}, "wrong-type", "/currentTxn")
    for value in (
        "true",
        "[]",
        "{}",
        '""',
        '"five"',
        '"1,5"',
        '" 5"',
        '"5 "',
        '"+5"',
        '"0x5"',
        '".5"',
        '"5."',
        '"05"',
        '"1e"',
        '"NaN"',
        '"-"',
        '"--5"',
        '"1_000"',
        '"५"',
    ):
        suite.refused("number", VALUE, txn(value), "wrong-type", "/currentTxn/value")
    for value in ("[]", "{}", '["x"]'):
        suite.refused("string", NAME, {"currentCustomer": {"name": Raw(value)}}, "wrong-type", "/currentCustomer/name")
    for value in ('"true"', "1", "0", '""', "[]"):
        suite.refused(
            "boolean",
            "currentCustomer.isLoyal",
            {"currentCustomer": {"isLoyal": Raw(value)}},
            "wrong-type",
            "/currentCustomer/isLoyal",
        )
    for value in ("{}", '"x"', "5", "true"):
        suite.refused(
            "items",
            "currentTxn.basketSize>1",
            {"currentTxn": {"lineItems": Raw(value)}},
            "wrong-type",
            "/currentTxn/lineItems",
        )
    for value in ("5", '"x"', "[]", "null"):
        suite.refused(
            "items",
            "currentTxn.totalQty>1",
            {"currentTxn": {"lineItems": [Raw('{"qty":1}'), Raw(value)]}},
            "wrong-type",
            "/currentTxn/lineItems/1",
        )
    suite.refused(
        "items",
        "currentTxn.totalQty>1",
        {"currentTxn": {"lineItems": [{"qty": True}]}},
        "wrong-type",
        "/currentTxn/lineItems/0/qty",
    )
    rule = 'currentTxn.basketIncludes("brand","x")'
    suite.refused(
        "items",
        rule,
        {"currentTxn": {"lineItems": [{"attributes": {"brand": ["x"]}}]}},
        "wrong-type",
        "/currentTxn/lineItems/0/attributes/brand",
    )
    suite.refused(
        "items",
        rule,
        {"currentTxn": {"lineItems": [{"attributes": []}]}},
        "wrong-type",
        "/currentTxn/lineItems/0/attributes",
    )
    suite.refused(
        "items",
        rule,
        {"currentTxn": {"lineItems": [{"extendedFields": "x"}]}},
        "wrong-type",
        "/currentTxn/lineItems/0/extendedFields",
    )


def duplicates(suite):
    for rule, text, key in [
        (VALUE, '{"currentTxn":{"value":5,"value":5}}', "value"), (VALUE, '{"currentTxn":{},"currentTxn":{}}', "currentTxn"), (VALUE, '{"currentTxn":{"value":5,"\\u0076alue":6}}', "value"),
        (VALUE, '{"currentTxn":{"value":null,"value":6}}', "value"), ("currentTxn.basketSize>1", '{"currentTxn":{"lineItems":[],"lineItems":[]}}', "lineItems"),
        ("currentTxn.totalQty>1", '{"currentTxn":{"lineItems":[{"qty":1,"qty":1}]}}', "qty"),
        ('currentTxn.basketIncludes("brand","x")', '{"currentTxn":{"lineItems":[{"attributes":{"brand":"x","brand":"x"}}]}}', "brand"),
        ('currentTxn.basketIncludes("brand","x")', '{"currentTxn":{"lineItems":[{"attributes":{},"attributes":{}}]}}', "attributes"),
        ('currentTxn.customFieldValueIncludes("a","x")', '{"currentTxn":{"customFields":{"a":"x","a":"x"}}}', "a"),
        ('currentTxn.customFieldValueIncludes("a","x")', '{"currentTxn":{"customFields":{},"customFields":{}}}', "customFields"),
    ]:  # fmt: skip
        suite.refused("duplicate", rule, text, "duplicate-key", names=[key])
    for rule, text in [
        (VALUE, '{"currentTxn":{"value":5,"till":1,"till":2}}'), (VALUE, '{"currentTxn":{"value":5},"other":1,"other":2}'), (VALUE, '{"currentTxn":{"value":5,"Value":6}}'),
        ("currentTxn.basketSize>=0", '{"currentTxn":{"lineItems":[{"qty":1,"qty":1}]}}'), ('currentTxn.customFieldValueIncludes("a","x")', '{"currentTxn":{"customFields":{"a":"x","b":1,"b":2}}}'),
        (VALUE, '{"currentTxn":{"value":5},"currentCustomer":{"name":1,"name":2}}'),
    ]:  # fmt: skip
        suite.decide("duplicate", rule, text, why="a duplicate of what no rule reads is skipped")


def numbers(suite):
    nines, long = "9" * 28, "1" * 28
    legal = [
        "5", "-5", "0", "-0", "0.0", "5.50", "5e0", "5E+2", "5e-2", "1.5e3", nines, "-" + nines, "0." + "0" * 27 + "1", "1." + "0" * 40, "1" + "0" * 27, "1e27", "9.999e27", "0." + "1" * 28,
        long + ".000", "123456789012345.6789012345678", "10000000000000000000000000.5", "1" + "0" * 26 + ".5", "100e-2", "1e-28", "0e99999", "0.0e-99999", "-0e5", "0.00000e5", "1000000000000000000000000000000e-5", "10e-29", "5.0e-28",
        "9007199254740993", "0.1000000000000000055511151231",
    ]  # fmt: skip
    for digits in legal:
        suite.decide("legal", "currentTxn.value>=5||currentTxn.value<5", txn(digits), why="kept exactly")
        suite.decide(
            "legal",
            "currentTxn.value==currentTxn.discount",
            {"currentTxn": {"value": Raw(digits), "discount": digits}},
            why="a string of exactly that form is the same number",
        )
        suite.decide("legal", "currentTxn.value-5>0", txn(digits))
    illegal = [
        "1e28", "10000000000000000000000000000", "-1e28", "1e29", "1e400", "1e99999999999", "1e-29", "0." + "0" * 28 + "1", "1e-99999999999", "0." + "1" * 29, "1." + "1" * 28, "1" * 29, "1" + "0" * 27 + ".5", "12345678901234567890123456789",
        "1.0000000000000000000000000001", "9" * 28 + ".5", "1" * 15 + "." + "1" * 14, "15e-29",
    ]  # fmt: skip
    for digits in illegal:
        suite.refused("illegal", "currentTxn.value>5", txn(digits), "number-range", "/currentTxn/value")
        suite.refused(
            "illegal", "currentTxn.value>5", {"currentTxn": {"value": digits}}, "number-range", "/currentTxn/value"
        )
    for digits in ("1e28", "1" * 40, "1e-400"):
        suite.decide(
            "skipped",
            "currentTxn.discount>5",
            {"currentTxn": {"value": Raw(digits), "discount": 6}},
            why="a number that no rule reads is skipped",
        )
        suite.decide(
            "text",
            f'currentCustomer.name=="{digits}"',
            {"currentCustomer": {"name": Raw(digits)}},
            why="where a string is expected a number is its text",
        )


def skipped(suite):
    for extra in (
        '"till":[1,{"a":[]}]',
        '"till":null',
        '"Value":"x"',
        '"value ":5',
        '"":{}',
        '"lineItems":"none"',
        '"customFields":5',
        '"date":true',
    ):
        suite.decide(
            "fields", VALUE, '{"currentTxn":{' + extra + ',"value":5}}', why="what no rule reads is not looked at"
        )
        suite.decide("fields", VALUE, '{"currentTxn":{"value":5},' + extra + "}")
    others = ('"currentCustomer":', '"currentStore":', '"returnBill":', '"currentEvent":', '"currentTracker":')
    attributes = ('"number":', '"notes":', '"tenders":', '"extendedFields":', '"clusters":', '"discount":', '"grossAmount":')
    for wrong in ("[]", "{}", '["x"]', '{"number":"x"}', "[[1]]"):
        for name in others:
            suite.decide("shapes", VALUE, "{" + name + wrong + ',"currentTxn":{"value":5}}', why="whatever its type")
        for name in attributes:
            suite.decide("shapes", VALUE, '{"currentTxn":{' + name + wrong + ',"value":5}}', why="whatever its type")
        read = '{"currentTxn":{"number":' + wrong + ',"value":5}}'
        suite.refused("shapes", 'currentTxn.number=="x"', read, "wrong-type", "/currentTxn/number", why="a rule reads it")
        item = '{"currentTxn":{"lineItems":[{"qty":2,"code":' + wrong + ',"attributes":{"x":' + wrong + '},"x":' + wrong + "}]}}"
        suite.decide("shapes", "currentLineItem.qty>1", item, why="also in a line item")
    suite.decide(
        "order",
        "currentTxn.value>1&&currentCustomer.isLoyal",
        '{"currentCustomer":{"isLoyal":true},"currentTxn":{"value":2}}',
    )
    suite.decide(
        "order",
        "currentTxn.value>1&&currentCustomer.isLoyal",
        '{"currentTxn":{"value":2},"currentCustomer":{"isLoyal":true}}',
    )
    suite.decide("escapes", VALUE, '{"current\\u0054xn":{"v\\u0061lue":5}}', why="keys are decoded")
    suite.decide("escapes", NAME, '{"currentCustomer":{"name":"\\u0078"}}')
    suite.decide("escapes", 'currentCustomer.name=="😀"', '{"currentCustomer":{"name":"\\ud83d\\ude00"}}')
    suite.refused("escapes", NAME, '{"currentCustomer":{"name":"\\ud83d"}}', "json-syntax")
    suite.decide("blank", VALUE, ' \n{\t"currentTxn" : { "value" : 5 } }\r\n')
    suite.decide("empty", VALUE, "{}")
