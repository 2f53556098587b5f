"""What people write wrong, each with the code of its error and the repair that it names."""

from reference.suite import Suite

V, B = "currentTxn.value>5", "currentCustomer.isLoyal"


def cases():
    suite = Suite("slips", "Every slip of section 1, alone, in company, and inside strings where it is none.")
    operators(suite)
    quotes(suite)
    brackets(suite)
    damage(suite)
    harmless(suite)
    other(suite)


def operators(suite):
    error = suite.errors
    error("single-equals", "currentTxn.value=5", ("single-equals", "=", ["=="]))
    error("single-equals", "currentTxn.value = 5 && currentCustomer.isLoyal", ("single-equals", "=", ["=="]))
    error("single-equals", 'currentCustomer.slabName="Gold"', ("single-equals", "=", ["=="]))
    error(
        "single-equals",
        "currentTxn.value=5&&currentTxn.discount=6",
        ("single-equals", "=", ["=="]),
        ("single-equals", "=", ["=="]),
        why="every known slip is reported",
    )
    error("single-equals", "(currentTxn.value=5)", ("single-equals", "="))
    error("single-logic", f"{V}&{B}", ("single-logic", "&", ["&&"]))
    error("single-logic", f"{V} & {B}", ("single-logic", "&", ["&&"]))
    error("single-logic", f"{V}|{B}", ("single-logic", "|", ["||"]))
    error("single-logic", f"{V} | {B} & {B}", ("single-logic", "|", ["||"]), ("single-logic", "&", ["&&"]))
    for word, symbol in [("and", "&&"), ("AND", "&&"), ("or", "||"), ("OR", "||")]:
        error("word", f"{V} {word} {B}", ("word-operator", word, [symbol]))
        error("word", f"({V}){word}({B})", ("word-operator", word, [symbol]))
        error("word", f"{V} {word} {B} {word} {B}", ("word-operator", word), ("word-operator", word))
    error("word", f"not {B}", ("word-operator", "not", ["==false", "!"]))
    error("word", f"not({B})", ("word-operator", "not", ["==false", "!"]))
    error("word", f"{V} && not {B}", ("word-operator", "not"))
    error(
        "word",
        'currentEvent.previousLoyaltyType=="LOYALTY" or currentEvent.previousLoyaltyType=="NON_LOYALTY"',
        ("word-operator", "or", ["||"]),
    )
    for slip, repair in [("<>", "!="), ("><=", None)]:
        error(
            "operator",
            f"currentTxn.value{slip}5",
            {"code": "unknown-operator", "at": slip, "names": [repair] if repair else []},
        )
        error(
            "operator",
            f"currentTxn.value {slip} 5 && currentTxn.discount {slip} 6",
            ("unknown-operator", slip),
            ("unknown-operator", slip),
        )
    error("company", f"currentTxn.value=5 & {B}", ("single-equals", "="), ("single-logic", "&"))
    error(
        "company",
        f"currentTxn.value<>5 and {B} | {B}",
        ("unknown-operator", "<>"),
        ("word-operator", "and"),
        ("single-logic", "|"),
    )


def quotes(suite):
    error = suite.errors
    error("quotes", "currentCustomer.name=='Asha'", {"code": "quotes", "names": ['"Asha"']})
    error("quotes", "currentCustomer.name==‘Asha’", {"code": "quotes", "names": ['"Asha"']})
    error("quotes", "currentCustomer.name==“Asha”", {"code": "quotes", "names": ['"Asha"']})
    error("quotes", "currentCustomer.name==”Asha”", {"code": "quotes", "names": ['"Asha"']})
    error("quotes", "currentTxn.basketSum('brand','Puma')>5", "quotes", "quotes")
    error("quotes", "currentTxn.basketSum(“brand”,“Puma”)>5", "quotes", "quotes")
    error("doubled", 'currentCustomer.name==""Asha""', {"code": "quotes", "names": ['"Asha"']})
    error(
        "doubled",
        'currentTxn.basketSum(""brand"",""Puma"")>5',
        {"code": "quotes", "names": ['"brand"']},
        {"code": "quotes", "names": ['"Puma"']},
    )
    error("doubled", f'currentCustomer.name==""Asha"" & {B}', "quotes", ("single-logic", "&"))
    error("unclosed", 'currentCustomer.name=="Asha', {"code": "unclosed-string", "names": ['"']})
    error("unclosed", f'currentCustomer.name=="Asha && {B}', "unclosed-string")
    error("unclosed", 'currentCustomer.name=="Asha\\"', "unclosed-string", why="an escaped quote closes nothing")


def brackets(suite):
    error = suite.errors
    error("bracket", f"({V}", {"code": "bracket", "names": ["("]})
    error("bracket", f"(({V})", "bracket")
    error("bracket", 'currentTxn.basketSum("brand","Puma">5', "bracket")
    error("bracket", f"{V}&&({B}", "bracket")
    error(
        "bracket",
        'currentCustomer.clusterValueIncludes("Diwali_Cluster","valueseeker16")&&(currentTxn.basketSum("Section","GENTS")>2999',
        "bracket",
    )
    error("bracket", f"{V})", "bracket")
    error("bracket", f"({V}))", "bracket")
    error("colon", 'currentTxn.basketSum("brand":"Puma")>5', ("colon-argument", ":", [","]))
    error(
        "colon",
        'currentTxn.basketQty("company_code":"PETRON")>6&&currentTxn.value=5',
        ("colon-argument", ":", [","]),
        ("single-equals", "="),
    )
    error("empty", 'currentTxn.basketSum("brand",)>5', "empty-argument")
    error("empty", 'currentTxn.basketSum(,"Puma")>5', "empty-argument")
    error("empty", 'currentTxn.basketSum("brand",,"Puma")>5', "empty-argument")
    error("company", 'currentTxn.basketSum("brand":"Puma">5', ("colon-argument", ":"), "bracket")


def damage(suite):
    error = suite.errors
    for entity, repair in [("&lt;", "<"), ("&gt;", ">"), ("&lt;=", "<="), ("&gt;=", ">=")]:
        error("html", f"currentTxn.value{entity}5", {"code": "html-damage", "names": [repair[0]]})
        error("html", f"currentTxn.value {entity} 5", "html-damage")
    error("html", f"{V}&amp;&amp;{B}", "html-damage", "html-damage")
    error("html", f"{V} &amp;&amp; {B}", "html-damage", "html-damage")
    error("html", "currentTxn.value&gt;5&&currentTxn.value&lt;9", "html-damage", "html-damage")
    error("currency", "currentTxn.value>5&¤tCustomer.isLoyal", {"code": "html-damage", "names": ["&&current"]})
    error("currency", "currentTxn.value>5 &¤tTxn.discount>1", {"code": "html-damage", "names": ["&&current"]})
    error(
        "currency",
        "currentTxn.value=5&¤tCustomer.isLoyal",
        ("single-equals", "="),
        {"code": "html-damage", "names": ["&&current"]},
    )
    for template in (
        "currentTxn.value[Operator][Value]", "currentTxn.value.[Operators][Value]", "currentCustomer.[(Attribute).(Sub Attribute)].[ Operators ][VALUE]", "currentLineItem.code[Operators][Value]",
        'currentTxn.number.{sub attribute}("value of attribute")', 'currentTxn.currencyAwarded("x") [Operator] [Value]', "currentUserGroup.slabChangeDate.[Sub-Attribute](...)",
        "currentTxn.value (Operators like >,<) 500", 'currentCard.extField_[field_name].operator("value")', "currentUserGroup.createdDate[Sub-Attribute][Parameters]",
    ):  # fmt: skip
        suite.errors("template", template, "template")


def harmless(suite):
    """The same characters inside strings are text."""
    for text in (
        "a=b",
        "a&b",
        "a|b",
        "and",
        "this or that",
        "<>",
        "><=",
        "it's",
        "‘x’",
        "“x”",
        "a:b",
        "a,,b",
        "&lt;",
        "&amp;",
        "&¤t",
        "[Operator][Value]",
        "(",
        ")",
        "((",
        "not",
        "{x}",
        "a && b",
    ):
        for value in (text, "other"):
            suite.decide(
                "inside-strings",
                f'currentCustomer.name=="{text}"',
                {"currentCustomer": {"name": value}},
                why="inside a string it is text",
            )
    suite.decide("inside-strings", r'currentCustomer.name=="say \"and\""', {"currentCustomer": {"name": 'say "and"'}})
    suite.decide(
        "names",
        'currentCustomer.name.contains("or")&&currentTxn.value>5',
        {"currentCustomer": {"name": "order"}, "currentTxn": {"value": 6}},
    )


def other(suite):
    error = suite.errors
    for rule in ("", " ", "\n\t", "\u00a0"):
        error("nothing", rule, "syntax")
    for rule in (
        f"{V}&&", f"&&{V}", f"{V} {B}", f"{V}&&&&{B}", "currentTxn.", ".value>5", "currentTxn..value>5", "currentTxn.value>", ">5", "()", f"{V};", f"#{V}", "currentTxn.5>1", f"{V} // comment",
        "currentTxn.value>5 5", f"{V}@", "currentTxn.value>>5", "currentTxn.value>5%", "currentTxn.value!5", "currentTxn.value > 5 currentTxn.value < 9", "currentTxn.value>.5", "currentTxn.value>5.", "currentTxn.value>1e5",
        "currentTxn.value>1_000", "currentTxn.value>५", "currentTxn.wért>5", "currentTxn.value\u2003>5", "currentTxn.value>5\u0000", "\ufeffcurrentTxn.value>5",
        "currentEven.target DSCCDCCDVDVBIAAMWEG BUNWG",
    ):  # fmt: skip
        suite.errors("syntax", rule, "syntax")
    error(
        "both",
        f"currentTxn.value=5 {B}",
        ("single-equals", "="),
        "syntax",
        why="every known slip and the first other fault",
    )
    error("both", f"{V} & {B} {B}", ("single-logic", "&"), "syntax")
    error(
        "type-too",
        "currentTxn.value=5&&currentTxn.valu>1",
        ("single-equals", "="),
        why="what is no expression is not checked",
    )
