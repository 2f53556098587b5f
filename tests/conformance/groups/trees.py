"""Expression trees: what is read, what is refused, what is written, and when two forms agree."""

import json

from reference import syntax, tree
from reference.suite import Raw, Suite

RULES = [
    "true", "false", "currentTxn.value>500", "currentTxn.value>=0.50", "currentTxn.value>07", "currentTxn.value>-5", 'currentLineItem.doesItemMatch("sku_code","221900")', "currentTxn.value%100<10",
    'currentTxn.basketSum("Product Category","Shirting")>3000', 'currentTxn.basketSumRegex("brand","^P.*")>1', 'currentTxn.basketIncludes("brand","Puma")&&currentTxn.basketExcludes("brand","Reed")',
    "currentTxn.date.isWeekend()", "currentTxn.date.day()==1", "currentTxn.date.year==2024", "currentTxn.date.dateDiff(currentTxn.date)==0", "currentTxn.date.isHourBetween(9,21)", "currentCustomer.isLoyal",
    "currentCustomer.isLoyal()", "currentCustomer.isGroupMember==Yes", 'currentCustomer.isGroupMember=="Yes"', 'currentEvent.targetName=="Gatekeeper T&C Accepted"', "!currentCustomer.isLoyal", "-currentTxn.value<5",
    "-(currentTxn.value+1)<5", "-(5)<currentTxn.value", 'currentCustomer.name=="a\\"b\\\\c/d"', 'currentCustomer.name=="é😀\t\u0001"', 'currentCustomer.name.isNull("")', "currentTxn.value>1&&currentTxn.discount>2&&currentTxn.points>3",
    "(currentTxn.value>1||currentTxn.discount>2)&&currentTxn.points>3", "currentTxn.discount<=(((currentTxn.value+currentTxn.discount)*40)/100)", "((currentCustomer.isLoyal))", 'currentCustomer.pointsRedeemedInPastDays(30)>5',
    'currentCustomer.currentPoints.interval("100,400,600")==2', 'currentCustomer.trackerValueBeforeEvent("T","C")>5', "currentTxn.date>currentCustomer.joinDate", "1==1.0", "currentCustomer.isLoyal==(currentTxn.value>1)",
    'tenderProfile.code=="CASH"', "currentStore.code.exists()", 'currentCustomer.name.contains(currentCustomer.email)', "currentTxn.date.isAfter(2025,1,1,0,0,0)", 'currentCustomer.customFieldValueIncludes("bank","SBI")', "currentcustomer.SlabNumber==1",
]  # fmt: skip


def leaf(arity, value, tag=None):
    return {"arity": arity, "value": value} | ({"type": tag} if tag else {})


def attribute(profile="currentTxn", name="value", tag=None):
    return (
        {"arity": "object_dereference"}
        | ({"type": tag} if tag else {})
        | {"operands": [leaf("name", profile), leaf("name", name)]}
    )


def binary(operator, left, right, tag=None):
    return (
        {"arity": "binary_operation", "value": operator} | ({"type": tag} if tag else {}) | {"operands": [left, right]}
    )


def call(receiver, method, *arguments, tag=None):
    return (
        {"arity": "method_call"}
        | ({"type": tag} if tag else {})
        | {"operands": [receiver, leaf("name", method), *arguments]}
    )


def group(*operands):
    return {"arity": "group", "operands": list(operands)}


GREATER = binary(">", attribute(), leaf("literal", "5"))
DOCUMENT = {
    "currentTxn": {"value": 6, "date": "2024-03-03"},
    "currentCustomer": {"isLoyal": True, "isGroupMember": "Yes", "name": "5"},
}


def cases():
    written(
        Suite("trees-written", "The three styles to the byte, from text and from trees, and both forms of one rule.")
    )
    read(Suite("trees-read", "Trees in any order of keys, without types, with groups; and what is refused."))
    tags(Suite("trees-types", "Type tags: another tag of the same kind passes, another kind is refused."))
    agreement(Suite("forms", "Both forms of one rule: when they agree, and the error where they do not."))


def written(suite):
    for rule in RULES:
        root = syntax.parse(rule)
        made = tree.build(root)
        styles = {"compact": tree.compact(made), "pretty": tree.pretty(made), "spaced": tree.spaced(made)}
        suite.add("text", dsl=rule, text=syntax.canonical(root), **styles)
        for name, form in styles.items():
            suite.add(
                f"from-{name}",
                tree=form,
                text=syntax.canonical(root),
                compact=styles["compact"],
                warnings=[{"code": "extension"} for node in syntax_nodes(root) if node.kind == "prefix"]
                + [{"code": "odd-character"}] * ("\t" in rule),
            )
        suite.add("both", dsl=rule, tree=styles["pretty"], text=syntax.canonical(root))


def syntax_nodes(node):
    yield node
    for operand in node.operands:
        yield from syntax_nodes(operand)


def read(suite):
    def reads(group_name, value, text, why=None, **keys):
        suite.add(
            group_name,
            tree=value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            text=text,
            why=why,
            **keys,
        )

    reads("order", '{"type":"boolean:primitive","value":"true","arity":"literal"}', "true", "keys in any order")
    reads("order", '{"arity":"literal","type":"boolean:primitive","value":"true"}', "true")
    reads(
        "order",
        '{"operands":[{"operands":[{"value":"currentTxn","arity":"name"},{"value":"value","arity":"name"}],"arity":"object_dereference"},{"value":"5","arity":"literal"}],"value":">","arity":"binary_operation"}',
        "currentTxn.value>5",
    )
    reads("blank", ' \n\t{ "arity" :\r\n"literal" , "value" : "true" } \n', "true", "white space of JSON is free")
    reads(
        "escapes",
        '{"arity":"literal","value":"\\u0074rue","type":"boolean:primitive"}',
        "true",
        "strings of JSON are decoded",
    )
    reads("escapes", '{"\\u0061rity":"literal","value":"true"}', "true", "keys too")
    reads("untyped", GREATER, "currentTxn.value>5", "a missing type is accepted")
    reads(
        "untyped",
        binary("==", attribute("currentCustomer", "name"), leaf("literal", "5")),
        'currentCustomer.name=="5"',
        "a literal without a type is what stands beside it",
    )
    reads(
        "untyped",
        binary("==", leaf("literal", "true"), attribute("currentCustomer", "isLoyal")),
        "true==currentCustomer.isLoyal",
    )
    reads(
        "untyped",
        binary("==", attribute("currentCustomer", "isGroupMember"), leaf("name", "Yes")),
        "currentCustomer.isGroupMember==Yes",
    )
    reads(
        "untyped",
        call(attribute("currentCustomer", "name"), "contains", leaf("literal", "5")),
        'currentCustomer.name.contains("5")',
    )
    reads(
        "untyped",
        call(attribute("currentTxn", "date"), "isHourBetween", leaf("literal", "9"), leaf("literal", "21")),
        "currentTxn.date.isHourBetween(9,21)",
    )
    reads("group", group(GREATER), "currentTxn.value>5", "a group of one operand is brackets")
    reads("group", group(group(group(GREATER))), "currentTxn.value>5")
    reads(
        "group",
        binary("&&", group(binary("||", GREATER, leaf("literal", "true"))), leaf("literal", "true")),
        "(currentTxn.value>5||true)&&true",
    )
    reads(
        "chain",
        binary("&&", GREATER, binary("&&", GREATER, GREATER)),
        "currentTxn.value>5&&currentTxn.value>5&&currentTxn.value>5",
    )
    reads(
        "chain",
        binary("||", binary("&&", GREATER, GREATER), GREATER),
        "(currentTxn.value>5&&currentTxn.value>5)||currentTxn.value>5",
        "a tree is never ambiguous",
        warnings=[],
    )
    reads(
        "chain",
        binary("==", binary("-", attribute(), binary("-", attribute(), leaf("literal", "1"))), leaf("literal", "1")),
        "currentTxn.value-(currentTxn.value-1)==1",
    )
    reads(
        "unary",
        {"arity": "unary_operation", "value": "!", "operands": [GREATER]},
        "!(currentTxn.value>5)",
        warnings=[{"code": "extension"}],
    )
    reads(
        "unary",
        binary("<", {"arity": "unary_operation", "value": "-", "operands": [attribute()]}, leaf("literal", "5")),
        "-currentTxn.value<5",
        warnings=[{"code": "extension"}],
    )
    reads(
        "unary",
        binary(
            "<",
            {"arity": "unary_operation", "value": "-", "operands": [leaf("literal", "5", "number:primitive")]},
            leaf("literal", "5"),
        ),
        "-(5)<5",
        warnings=[{"code": "extension"}],
    )
    reads(
        "number",
        binary(">", attribute(), leaf("literal", "-5", "number:primitive")),
        "currentTxn.value>-5",
        "the sign belongs to the number",
        warnings=[],
    )
    reads("number", binary(">", attribute(), leaf("literal", "05.50", "number:primitive")), "currentTxn.value>05.50")
    reads(
        "dummy",
        call(attribute("currentCustomer", "name"), "isNull", leaf("literal", "", "string:object:primitive")),
        "currentCustomer.name.isNull()",
        warnings=[{"code": "dummy-argument"}],
    )
    reads(
        "dummy",
        call(attribute("currentTxn", "date"), "isWeekend", leaf("literal", "true", "boolean:primitive")),
        "currentTxn.date.isWeekend()",
        warnings=[{"code": "dummy-argument"}],
    )
    reads(
        "spelling",
        binary(">", attribute("currentTxns", "Value"), leaf("literal", "5")),
        "currentTxn.value>5",
        warnings=[{"code": "name-spelling"}] * 2,
    )
    reads(
        "string",
        binary("==", attribute("currentCustomer", "name"), leaf("literal", 'a"\\b', "string:object:primitive")),
        'currentCustomer.name=="a\\"\\b"',
        "a literal holds the decoded string",
    )
    reads(
        "string",
        binary("==", attribute("currentCustomer", "name"), leaf("literal", "a\\", "string:object:primitive")),
        'currentCustomer.name=="a\\\\"',
    )
    for node, rule in [
        (GREATER, "currentTxn.value>5"),
        (call(attribute("currentTxn", "date"), "isWeekend"), "currentTxn.date.isWeekend()"),
        (attribute("currentCustomer", "isLoyal"), "currentCustomer.isLoyal"),
    ]:
        for transaction in (DOCUMENT, {}):
            answer = (
                {"result": "true"}
                if transaction
                else {"result": "unknown", "absent": [rule.split(">")[0].split(".isW")[0]]}
            )
            suite.add("decided", tree=node, transaction=transaction, **answer)

    def refuses(group_name, value, *found, why=None, **keys):
        suite.errors(
            group_name,
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            *found,
            form="tree",
            why=why,
            **keys,
        )

    for text in (
        "",
        "{",
        "nonsense",
        '{"arity":"literal","value":"true"',
        '{"arity":"literal","value":"true"}}',
        '{"arity":"literal","value":"true"} x',
        '{"arity":"literal",}',
        "{'arity':'literal'}",
        '{"arity":"literal" "value":"true"}',
        '{"arity":"literal","value":"\\x"}',
        '{"arity":"literal","value":"\\ud800"}',
        '{"arity":"literal","value":"a\nb"}',
        "\ufeff{}",
    ):
        refuses("json", text, "json-syntax")
    for text in ("[]", "true", "5", '"true"', "null"):
        refuses("root", text, "tree-shape", why="a node is an object")
    refuses("key", '{"arity":"literal","value":"true","kind":"x"}', "unknown-key")
    refuses("key", '{"Arity":"literal","value":"true"}', "unknown-key")
    for key in ("arity", "value", "type"):
        node = {"arity": '"literal"', "value": '"true"', "type": '"boolean:primitive"'}
        text = ",".join(f'"{name}":{value}' for name, value in list(node.items()) + [(key, node[key])])
        refuses("duplicate", "{" + text + "}", "duplicate-key")
    refuses(
        "duplicate", '{"arity":"group","operands":[{"arity":"literal","value":"true"}],"operands":[]}', "duplicate-key"
    )
    refuses(
        "duplicate",
        '{"arity":"literal","value":"true","\\u0076alue":"true"}',
        "duplicate-key",
        why="keys are compared decoded",
    )
    for value in ("true", "5", "null", '["true"]', '{"x":1}'):
        refuses("value", '{"arity":"literal","value":' + value + "}", "tree-shape", why="every value is a JSON string")
    for node in (
        {"value": "true"}, {"arity": "literal"}, {"arity": "leaf", "value": "true"}, {"arity": "literal", "value": "true", "operands": []}, {"arity": "name", "value": "x", "operands": []}, {"arity": "binary_operation", "value": ">"},
        {"arity": "binary_operation", "value": ">", "operands": []}, binary(">", attribute(), leaf("literal", "5")) | {"operands": [attribute()]}, binary(">", attribute(), attribute()) | {"operands": [attribute()] * 3},
        {"arity": "binary_operation", "operands": [attribute(), attribute()]}, {"arity": "object_dereference", "operands": [leaf("name", "currentTxn")]}, {"arity": "object_dereference", "operands": [attribute(), leaf("name", "x")]},
        {"arity": "object_dereference", "operands": [leaf("name", "currentTxn"), leaf("literal", "value")]}, {"arity": "object_dereference", "value": "x", "operands": [leaf("name", "currentTxn"), leaf("name", "value")]},
        {"arity": "method_call", "operands": [attribute()]}, {"arity": "method_call", "operands": []}, {"arity": "method_call", "operands": [attribute(), leaf("literal", "isNull")]}, {"arity": "method_call", "value": "isNull", "operands": [attribute(), leaf("name", "isNull")]},
        {"arity": "unary_operation", "value": "!", "operands": []}, {"arity": "unary_operation", "value": "!", "operands": [GREATER, GREATER]}, {"arity": "unary_operation", "operands": [GREATER]}, group(), {"arity": "group"},
        {"arity": "name", "value": "2x"}, {"arity": "name", "value": ""}, {"arity": "name", "value": "a b"}, {"arity": "group", "value": "x", "operands": [GREATER]},
    ):  # fmt: skip
        refuses("shape", node, "tree-shape")
    for value in ('"currentTxn"', "null", "[]", "5"):
        refuses("shape", '{"arity":"group","operands":[' + value + "]}", "tree-shape")
    refuses("shape", '{"arity":"group","operands":{}}', "tree-shape")
    for operator in ("=", "<>", "and", "^", "", "&", "**", "!"):
        refuses("operator", binary(operator, GREATER, GREATER), "unknown-operator")
    refuses("operator", {"arity": "unary_operation", "value": "+", "operands": [GREATER]}, "unknown-operator")
    refuses("group", group(GREATER, GREATER), "not-an-expression")
    refuses(
        "group",
        group(
            attribute("currentEven", "target"),
            leaf("name", "DSCC"),
            binary("==", leaf("name", "FVIL"), leaf("name", "looooo")),
        ),
        "not-an-expression",
    )
    refuses(
        "number",
        binary(">", attribute(), leaf("literal", "5e1", "number:primitive")),
        "tree-shape",
        why="a number has the form of section 1, sign included",
    )
    for digits in ("+5", ".5", "5.", "five", "", "- 5", "--5", " 5"):
        refuses("number", binary(">", attribute(), leaf("literal", digits, "number:primitive")), "tree-shape")
    refuses(
        "number", binary(">", attribute(), leaf("literal", "1000000000000000000", "number:primitive")), "number-range"
    )
    for text in ("yes", "TRUE", "1", ""):
        refuses("boolean", leaf("literal", text, "boolean:primitive"), "tree-shape")
    refuses(
        "check",
        binary(">", attribute("currentTxn", "valeu"), leaf("literal", "5")),
        {"code": "unknown-name", "names": ["value"]},
    )
    refuses("check", binary(">", attribute("nowhere", "value"), leaf("literal", "5")), "unknown-name")
    refuses("check", attribute(), "root-not-boolean")
    refuses("check", leaf("literal", "5"), "root-not-boolean")
    refuses("check", leaf("name", "currentTxn"), "unknown-name")
    refuses("check", binary("<", GREATER, leaf("literal", "5")), "chained-comparison")
    refuses("check", binary("==", attribute(), leaf("literal", "x", "string:object:primitive")), "type-mismatch")
    refuses("check", call(attribute("currentCustomer", "name"), "matches", leaf("literal", "(")), "regex")
    refuses("check", call(call(leaf("name", "currentCustomer"), "name"), "isNull"), "unknown-name")
    refuses(
        "check",
        call(leaf("literal", "x", "string:object:primitive"), "contains", leaf("literal", "x")),
        "chain-receiver",
    )


def tags(suite):
    number = lambda tag: json.dumps(binary(">", attribute(tag=tag), leaf("literal", "5", "number:primitive")))
    string = lambda tag: json.dumps(
        binary("==", attribute("currentCustomer", "name", tag), leaf("literal", "x", "string:object:primitive"))
    )
    date = lambda tag: json.dumps(call(attribute("currentTxn", "date", tag), "isWeekend"))
    boolean = lambda tag: json.dumps(attribute("currentCustomer", "isLoyal", tag))
    enum = lambda tag: json.dumps(binary("==", attribute("currentCustomer", "isGroupMember", tag), leaf("name", "Yes")))
    kinds = {
        "number": ["real:object:primitive", "number:primitive", "integer:object:primitive"], "string": ["string:object:primitive", "EEnum__X:enum:string:object:primitive", "enum:string:object:primitive"],
        "date": ["date:object:primitive"], "boolean": ["boolean:primitive", "boolean:object:primitive"], "function": ["anonymous:function:primitive"], "profile": ["tx:object:primitive"],
    }  # fmt: skip
    for wanted, make in [
        ("number", number),
        ("string", string),
        ("date", date),
        ("boolean", boolean),
        ("string", enum),
    ]:
        text = syntax.canonical(
            syntax.parse(
                {
                    number: "currentTxn.value>5",
                    string: 'currentCustomer.name=="x"',
                    date: "currentTxn.date.isWeekend()",
                    boolean: "currentCustomer.isLoyal",
                    enum: "currentCustomer.isGroupMember==Yes",
                }[make]
            )
        )
        for kind, listed in kinds.items():
            for tag in listed:
                if kind == wanted:
                    suite.add("attribute", tree=make(tag), text=text, why="another tag of the same kind passes")
                else:
                    suite.errors("attribute", make(tag), {"code": "type-tag"}, form="tree")
    for kind, listed in kinds.items():
        for tag in listed:
            greater = json.dumps(binary(">", attribute(), leaf("literal", "5"), tag))
            profile = json.dumps(
                {
                    "arity": "object_dereference",
                    "operands": [leaf("name", "currentCustomer", tag), leaf("name", "isLoyal")],
                }
            )
            method = json.dumps(
                {"arity": "method_call", "operands": [attribute("currentTxn", "date"), leaf("name", "isWeekend", tag)]}
            )
            for node, wanted, text in [
                (greater, "boolean", "currentTxn.value>5"),
                (profile, "profile", "currentCustomer.isLoyal"),
                (method, "function", "currentTxn.date.isWeekend()"),
            ]:
                if kind == wanted:
                    suite.add("node", tree=node, text=text)
                else:
                    suite.errors("node", node, {"code": "type-tag"}, form="tree")
    suite.errors(
        "result",
        json.dumps(call(attribute("currentTxn", "date"), "isWeekend", tag="real:object:primitive")),
        "type-tag",
        form="tree",
    )
    suite.errors(
        "result",
        json.dumps(binary("==", binary("+", attribute(), attribute(), "boolean:primitive"), leaf("literal", "5"))),
        "type-tag",
        form="tree",
    )
    suite.errors(
        "several",
        json.dumps(
            binary(
                ">",
                attribute(tag="boolean:primitive"),
                attribute("currentTxn", "discount", "date:object:primitive"),
                "boolean:primitive",
            )
        ),
        "type-tag",
        "type-tag",
        form="tree",
    )


def shared_types(suite):
    """Fields that no schema lists have one type in both forms: the first fitting tag of the tree decides."""
    x, y = "currentTxn.extField_q", "currentTxn.extField_r"
    fields = lambda **values: {"currentTxn": {"extendedFields": values}}
    documents = [fields(q="2024-02-29", r="2024-02-29"), fields(q="2024-02-30", r="x"), fields(q=5, r=5), fields(q=None)]
    rules = [
        (f"{x}.isValidDate()", {x: "date"}), (f"{x}.isNull()", {x: "number"}), (f"{x}.isNull()", {x: "date"}), (f"{x}.isNull()||{x}.isValidDate()", {x: "date"}), (f"{x}=={y}", {x: "number", y: "number"}),
        (f"{x}=={y}", {x: "date", y: "date"}), (f"{x}<{y}", {x: "date", y: "date"}), (f"{x}.isNotNull()&&{y}.isNull()", {x: "date", y: "number"}), (f"{x}<={y}&&{y}.isNotNull()", {x: "date", y: "date"}),
        (f"{x}.isValidDate()", {x: "string"}), (f"{x}.isNull()", {x: "boolean"}), (f"{x}.isNotNull()", {x: "string"}), (f"{x}!={y}", {x: "boolean", y: "boolean"}), (f"{x}!={y}", {x: "string", y: "string"}),
        (f"{x}.isValidDate()&&{y}.isNotNull()", {x: "date", y: "boolean"}), (f"{x}=={y}&&{x}.isNull()", {x: "date", y: "date"}), (f"{x}>={y}||{x}.isNull()", {x: "number", y: "number"}),
    ]  # fmt: skip
    warned = lambda rule: [{"code": "assumed-type"} for form in "dt" for name in (x, y) if name in rule]
    for rule, types in rules:
        written = tree.compact(tree.build(syntax.parse(rule, types)))
        for document in documents:
            text = json.dumps(document)
            if "boolean" in types.values():
                if document is documents[0]:
                    suite.refused("shared", rule, document, "wrong-type", tree=written, why="one type in both forms")
                    document = fields(q="2024-02-29" if types[x] == "date" else True, r=False)
                else:
                    document = fields(q=None, r=document is documents[1])
                suite.decide("shared", rule, document, types=types, tree=written, warnings=warned(rule))
                continue
            if "number" in types.values() and "2024" in text:
                suite.refused("shared", rule, document, "wrong-type", tree=written, why="one type in both forms")
                continue
            if "date" in types.values() and "5" in text and "2024" not in text:
                suite.decide("shared", rule, fields(q=Raw("5"), r=Raw("5")), types=types, tree=written, warnings=warned(rule))
                continue
            suite.decide("shared", rule, document, types=types, tree=written, warnings=warned(rule))
    suite.errors(
        "shared",
        f"{x}.contains(\"a\")",
        "type-tag",
        "type-tag",
        tree=tree.compact(tree.build(syntax.parse(f'{x}.contains("a")', {x: "date"}))),
        why="a tag outside of what the uses leave",
    )
    late = tree.compact(tree.build(syntax.parse(f"{x}<{y}&&{x}.isNull()", {x: "boolean", y: "date"})))
    suite.errors("shared", f"{x}<{y}&&{x}.isNull()", *["type-tag"] * 4, tree=late, why="the second tag fits, the first is a fault")
    suite.errors("shared", f"{x}>5", {"code": "forms-disagree"}, tree=tree.compact(tree.build(syntax.parse(f'{x}=="a"', {x: "string"}))))


def agreement(suite):
    compact = lambda rule: tree.compact(tree.build(syntax.parse(rule)))
    for text, other in [
        ("currentTxn.value>5", "currentTxn.value>5.00"), ("currentTxn.value>05", "currentTxn.value>5"), ("currentCustomer.isGroupMember==Yes", 'currentCustomer.isGroupMember=="Yes"'), ("((currentTxn.value>5))", "currentTxn.value>5"),
        ("(true&&true)&&true", "true&&(true&&true)"), ("currentcustomer.SlabNumber>1", "currentCustomer.slabNumber>1"), ("currentCustomer.name.isNull(\"\")", "currentCustomer.name.isNull()"), ("currentCustomer.isLoyal()", "currentCustomer.isLoyal"),
        ("currentTxn.date.year==2024", "currentTxn.date.year()==2024"), (" currentTxn . value > 5 ", "currentTxn.value>5"), ("currentTxn.basketcount(\"brand\",\"x\")>1", "currentTxn.basketCount(\"brand\",\"x\")>1"), ("-5<currentTxn.value", "-5.0<currentTxn.value"),
    ]:  # fmt: skip
        root = syntax.parse(text)
        suite.add("agree", dsl=text, tree=compact(other), text=syntax.canonical(root), why="both forms say the same")
    for text, other in [
        ("currentTxn.value>5", "currentTxn.value>6"), ("currentTxn.value>5", "currentTxn.value>=5"), ("currentTxn.value>5", "currentTxn.discount>5"), ("currentTxn.value>5", "5<currentTxn.value"), ("true&&false", "false&&true"),
        ("currentTxn.value-1-1>0", "currentTxn.value-(1-1)>0"), ("currentTxn.value+1+1>0", "currentTxn.value+(1+1)>0"), ('currentCustomer.name=="a"', 'currentCustomer.name=="A"'), ("-(5)<currentTxn.value", "-5<currentTxn.value"),
        ("currentTracker.trackedValue>1", "currentTrackerCondition.trackedValue>1"), ("currentCustomer.isLoyal", "currentCustomer.isLoyal==true"), ("currentTxn.value>1||true&&false", "(currentTxn.value>1||true)&&false"), ("currentTxn.value>5", "true"),
    ]:  # fmt: skip
        if "Tracker" not in text:
            suite.errors("disagree", text, {"code": "forms-disagree"}, tree=compact(other))
    shared_types(suite)
    suite.errors(
        "faulty",
        "currentTxn.value>>5",
        "syntax",
        tree=compact("currentTxn.value>5"),
        why="a fault of one form is an error of the rule",
    )
    suite.errors("faulty", "currentTxn.value>5", "json-syntax", tree="{")
    suite.add(
        "spans",
        dsl="currentTxn.value/0>1",
        tree=compact("currentTxn.value/0>1"),
        transaction={"currentTxn": {"value": 1}},
        result="unknown",
        faults=[{"code": "division-by-zero", "span": [0, 18]}],
        why="where a text was given, places are in it",
    )
