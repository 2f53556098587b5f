"""Limits: N passes, N + 1 is an error. Long inputs are written in pieces."""

from reference.suite import Suite

TRUE = '{"arity":"literal","value":"true"}'


def cases():
    suite = Suite("limits", "Every limit, at its default or set low: N passes, N + 1 is the error `limit`.")
    depth(suite)
    chains(suite)
    nesting(suite)
    sizes(suite)
    regexes(suite)
    documents(suite)


def passes(suite, group, rule, form="dsl", text=None, **keys):
    """The rule is taken; its decision over an empty document is stated."""
    suite.add(group, **{form: rule}, transaction={}, **keys)


def depth(suite):
    """A leaf is 1, a node 1 + its deepest part; a chain of one operator is one node."""
    plus = lambda count: [["1+(", count], "1", [")", count], "==1"]
    suite.add(
        "depth",
        dsl=plus(30),
        transaction={},
        result="false",
        why="30 additions that lean right over a leaf, and the comparison: 32 levels",
    )
    suite.errors("depth", plus(31), "limit", why="33 levels")
    for limit in (3, 5, 12):
        suite.add("depth", dsl=plus(limit - 2), limits={"depth": limit}, transaction={}, result="false")
        suite.errors("depth", plus(limit - 1), "limit", limits={"depth": limit})
    suite.add("depth", dsl=plus(58), limits={"depth": 60}, transaction={}, result="false")
    suite.errors("depth", plus(59), "limit", limits={"depth": 60})
    suite.errors("depth", plus(59), "limit", limits={"depth": 1000}, why="60 is the hard cap")
    suite.add("depth", dsl="true", limits={"depth": 1}, transaction={}, result="true")
    suite.add(
        "depth",
        dsl="currentCustomer.isLoyal",
        limits={"depth": 1},
        transaction={},
        result="unknown",
        absent=["currentCustomer.isLoyal"],
        why="an attribute is a leaf",
    )
    suite.errors("depth", "true&&true", "limit", limits={"depth": 1})
    suite.add(
        "depth",
        dsl="true&&true&&(true&&true)",
        limits={"depth": 2},
        transaction={},
        result="true",
        why="a chain is one node however bracketed",
    )
    suite.errors("depth", "true&&(true||true)", "limit", limits={"depth": 2})
    suite.add("depth", dsl="true&&(true||true)", limits={"depth": 3}, transaction={}, result="true")
    suite.add(
        "depth", dsl="((((((true))))))", limits={"depth": 1}, transaction={}, result="true", why="brackets are no node"
    )
    suite.add(
        "depth",
        dsl='currentCustomer.name.contains("x")',
        limits={"depth": 2},
        transaction={},
        result="unknown",
        absent=["currentCustomer.name"],
    )
    suite.errors(
        "depth",
        'currentCustomer.name.contains("x")',
        "limit",
        limits={"depth": 1},
        why="a call is 1 + its receiver or argument",
    )
    suite.errors("depth", "!true", "limit", limits={"depth": 1})
    suite.add("depth", dsl="!true", limits={"depth": 2}, transaction={}, result="false")
    suite.add(
        "depth", dsl="-5<1", limits={"depth": 2}, transaction={}, result="true", why="a negative literal is one leaf"
    )
    greater = lambda operator, left, right, kind: (
        f'{{"arity":"binary_operation","value":"{operator}","operands":[{left},{right}]}}'
    )
    one = '{"arity":"literal","value":"1","type":"number:primitive"}'
    plus_tree = lambda count: [
        '{"arity":"binary_operation","value":"==","operands":[',
        ['{"arity":"binary_operation","value":"+","operands":[' + one + ",", count],
        one,
        ["]}", count],
        "," + one + "]}",
    ]
    suite.add("depth-tree", tree=plus_tree(30), transaction={}, result="false", why="text and tree alike")
    suite.errors("depth-tree", plus_tree(31), "limit", form="tree")
    suite.add("depth-tree", tree=plus_tree(58), limits={"depth": 60}, transaction={}, result="false")
    suite.errors("depth-tree", plus_tree(59), "limit", form="tree", limits={"depth": 60})
    suite.add(
        "depth-tree",
        tree=greater("&&", TRUE, greater("&&", TRUE, TRUE, ""), ""),
        limits={"depth": 2},
        transaction={},
        result="true",
    )


def chains(suite):
    """A chain of `+` `-`, or of `*` `/` `%`, that leans left is one node and one level."""
    value = {"currentTxn": {"value": 2, "discount": 1}}
    absent = {"result": "unknown", "absent": ["currentTxn.value"]}
    leaf = "currentTxn.value"
    reference = lambda name: (
        '{"arity":"object_dereference","operands":[{"arity":"name","value":"currentTxn"},'
        f'{{"arity":"name","value":"{name}"}}]}}'
    )
    number = lambda digits: f'{{"arity":"literal","value":"{digits}","type":"number:primitive"}}'
    opening = lambda operator: f'{{"arity":"binary_operation","value":"{operator}","operands":['
    whole = lambda left, right: [opening("=="), *left, "," + right + "]}"]
    for operator, result in (("+", "20000"), ("-", "-19996"), ("*", None), ("/", None), ("%", "0")):
        text = [leaf, [operator + leaf, 9999]]
        nested = [[opening(operator), 9999], reference("value"), ["," + reference("value") + "]}", 9999]]
        if result is None:
            # 2 times 2 and on is too large in the end, and 2 / 2 / 2 too small to be seen.
            result = "0"
        faulty = operator == "*"
        if faulty:
            continue
        suite.add("chain", dsl=[*text, "==" + result], transaction=value, result="true", why="10 000 operands")
        suite.add("chain", dsl=[*text, "==" + result], transaction={}, **absent)
        suite.add("chain", tree=whole(nested, number(result)), transaction=value, result="true")
        suite.add("chain", tree=whole(nested, number(result)), transaction={}, **absent)
    ones = ["1", ["*1", 9999]]
    suite.add("chain", dsl=[*ones, "==1"], transaction={}, result="true")
    suite.add(
        "chain",
        dsl=[leaf, ["*" + leaf, 9999], ">0"],
        transaction=value,
        result="unknown",
        faults=[{"code": "number-overflow", "span": [0, 94 * 17 - 1]}],
        why="2 to the power of 94 is 10^28 or more; the chain is at fault from its beginning to there",
    )
    suite.add(
        "chain",
        dsl=[leaf, ["+1", 5000], "-currentTxn.discount", ["-1", 5000], "==1"],
        transaction=value,
        result="true",
        text=None,
        why="`+` and `-` are one chain",
    )
    for start, second in (("+", "-"), ("*", "/"), ("/", "%"), ("%", "*")):
        pair = f"{start}1{second}1"
        suite.add("levels", dsl=["0", [pair, 1000], "==0"], limits={"depth": 3}, transaction={}, result="true")
        suite.errors("levels", ["0", [pair, 1000], "==0"], "limit", limits={"depth": 2})
    for rule in ("1+(1+1)==3", "1-(1-1)==1", "1*(1*1)==1", "1+1*1==2", "1*1+1==2", "(1+1)*1==2", "1+2*3-4==3"):
        deep = 4
        suite.add("levels", dsl=rule, limits={"depth": deep}, transaction={}, result="true")
        suite.errors("levels", rule, "limit", limits={"depth": deep - 1}, why="another chain is another level")
    for rule in ("(1+1)+1==3", "((1+1)-1)+1==2", "((((1*1))/1))%1==0"):
        suite.add(
            "levels", dsl=rule, limits={"depth": 3}, transaction={}, result="true", why="brackets to the left change nothing"
        )
    for rule, nodes in (
        ("1+2==3", 5),
        ("1+2+3==6", 6),
        ("1+2-3+4==4", 7),
        ("1*2/2%1==0", 7),
        ("1+2*3==7", 7),
        ("1+(2+3)==6", 7),
        ("(1+2)+3==6", 6),
        ("2*3+4*5==26", 9),
    ):
        suite.add("nodes-chain", dsl=rule, limits={"nodes": nodes}, transaction={}, result="true")
        suite.errors("nodes-chain", rule, "limit", limits={"nodes": nodes - 1}, why="an arithmetic chain is one node")
    suite.add("nodes-chain", dsl=["1", ["+1", 49996], ">1"], transaction={}, result="true", why="50 000 nodes")
    suite.errors("nodes-chain", ["1", ["+1", 49997], ">1"], "limit")


def nesting(suite):
    brackets = lambda count: [["(", count], "true", [")", count]]
    suite.add("open", dsl=brackets(100), transaction={}, result="true", why="100 brackets open at once")
    suite.errors("open", brackets(101), "limit")
    suite.errors("open", brackets(101), "limit", limits={"open": 1000}, why="100 is the hard cap")
    suite.errors("open", brackets(100_000), "limit", why="counted before anything recurses")
    suite.add(
        "open", dsl=["(true)", ["&&(true)", 200]], transaction={}, result="true", why="only those open at once count"
    )
    for limit in (1, 4):
        suite.add("open", dsl=brackets(limit), limits={"open": limit}, transaction={}, result="true")
        suite.errors("open", brackets(limit + 1), "limit", limits={"open": limit})
    suite.errors("open", [["!", 101], "true"], "limit", limits={"depth": 60}, why="prefix operators count")
    suite.add("open", dsl=[["!", 30], "true"], transaction={}, result="true")
    suite.errors("open", [["-(", 60], "5", [")", 60], "<1"], "limit", limits={"depth": 60})
    suite.add(
        "open",
        dsl="currentCustomer.name.isNull()",
        limits={"open": 1},
        transaction={},
        result="true",
        why="a call is open between its brackets",
    )
    suite.errors("open", "(currentCustomer.name.isNull())", "limit", limits={"open": 1})
    group = lambda count: [['{"arity":"group","operands":[', count], TRUE, ["]}", count]]
    suite.add("open-tree", tree=group(100), transaction={}, result="true", why="groups count")
    suite.errors("open-tree", group(101), "limit", form="tree")
    suite.errors("open-tree", group(100_000), "limit", form="tree")
    suite.add("open-tree", tree=group(3), limits={"open": 3}, transaction={}, result="true")
    suite.errors("open-tree", group(4), "limit", form="tree", limits={"open": 3})


def sizes(suite):
    for count in (64, 100):
        suite.add(
            "text",
            dsl=["true", [" ", count - 4]],
            limits={"rule_text": count},
            transaction={},
            result="true",
            why="bytes of the text",
        )
        suite.errors("text", ["true", [" ", count - 3]], "limit", limits={"rule_text": count})
        suite.add(
            "tree",
            tree=[TRUE, [" ", count - len(TRUE)]],
            limits={"rule_tree": count},
            transaction={},
            result="true",
            why="bytes of the tree",
        )
        suite.errors("tree", [TRUE, [" ", count - len(TRUE) + 1]], "limit", form="tree", limits={"rule_tree": count})
    half = 512 * 1024
    suite.add("text", dsl=["true", [" ", half - 4]], transaction={}, result="true", why="512 KiB")
    suite.errors("text", ["true", [" ", half - 3]], "limit")
    suite.errors("text", [['currentCustomer.name=="', 1], ["é", half // 2], '"'], "limit", why="bytes, not characters")
    term = "currentTxn.value>1"
    suite.add(
        "chain",
        dsl=[term, ["&&" + term, 9999]],
        transaction={"currentTxn": {"value": 2}},
        result="true",
        why="10 000 comparisons",
    )
    suite.add("chain", dsl=[term, ["||" + term, 9999]], transaction={}, result="unknown", absent=["currentTxn.value"])
    suite.add(
        "chain",
        dsl=[term, ["&&" + term, 9998], "&&1/0==1"],
        transaction={"currentTxn": {"value": 2}},
        result="unknown",
        faults=[{"code": "division-by-zero", "span": [9999 * 20, 9999 * 20 + 3]}],
    )
    node = '{"arity":"binary_operation","value":"&&","operands":['
    comparison = '{"arity":"binary_operation","value":">","operands":[{"arity":"object_dereference","operands":[{"arity":"name","value":"currentTxn"},{"arity":"name","value":"value"}]},{"arity":"literal","value":"1"}]}'
    suite.add(
        "chain",
        tree=[[node, 9999], comparison, ["," + comparison + "]}", 9999]],
        transaction={"currentTxn": {"value": 2}},
        result="true",
        why="in the tree it nests as deep as it is long",
    )
    suite.add(
        "chain",
        tree=[[node + comparison + ",", 9999], comparison, ["]}", 9999]],
        transaction={"currentTxn": {"value": 2}},
        result="true",
        why="to the right as well",
    )
    for limit, rule in [
        (4, "1+2==3"),
        (3, "true&&true"),
        (3, "currentTxn.value>5"),
        (3, "!!true"),
        (5, "currentTxn.value>5&&true"),
        (3, 'currentCustomer.name.contains("x")'),
        (3, 'currentTxn.basketIncludes("a","b")'),
        (4, "true&&true&&true"),
        (1, "true"),
    ]:
        nodes = {"1+2==3": 5}.get(rule, limit)
        answer = {"result": "true" if "current" not in rule else "unknown"}
        keys = {"absent": [rule.split(">")[0].split(".contains")[0]]} if answer["result"] == "unknown" else {}
        suite.add("nodes", dsl=rule, limits={"nodes": nodes}, transaction={}, **answer, **keys)
        if nodes > 1:
            suite.errors(
                "nodes",
                rule,
                "limit",
                limits={"nodes": nodes - 1},
                why="an attribute, a literal, a call, a chain, any other operator is one",
            )
    suite.errors("errors", ["nowhere.a>1", ["&&nowhere.a>1", 29]], *["unknown-name"] * 20, why="20 errors are reported")
    suite.errors("errors", ["nowhere.a>1", ["&&nowhere.a>1", 19]], *["unknown-name"] * 20)
    suite.errors("errors", ["nowhere.a>1", ["&&nowhere.a>1", 9]], *["unknown-name"] * 3, limits={"errors": 3})


def regexes(suite):
    matches = lambda pattern: f'currentCustomer.name.matches("{pattern}")'
    unknown = {"transaction": {}, "result": "unknown", "absent": ["currentCustomer.name"]}
    suite.add("regex", dsl=['currentCustomer.name.matches("', ["a", 256], '")'], **unknown, why="256 bytes")
    suite.errors("regex", ['currentCustomer.name.matches("', ["a", 257], '")'], "limit")
    suite.add("regex", dsl=['currentCustomer.name.matches("', ["é", 128], '")'], **unknown)
    suite.errors("regex", ['currentCustomer.name.matches("', ["é", 128], 'a")'], "limit", why="bytes, not characters")
    suite.add("regex", dsl=matches("abcd"), limits={"regex": 4}, **unknown)
    suite.errors("regex", matches("abcde"), "limit", limits={"regex": 4})
    suite.add("regex", dsl=[matches("a"), ["&&" + matches("a"), 7]], **unknown, why="8 in one rule")
    suite.errors("regex", [matches("a"), ["&&" + matches("a"), 8]], "limit")
    suite.add("regex", dsl=f"{matches('a')}||{matches('b')}", limits={"regex_count": 2}, **unknown)
    suite.errors("regex", f"{matches('a')}||{matches('b')}", "limit", limits={"regex_count": 1})
    for pattern, states in (
        ("a{3}", 3), ("(ab|[c-e]){2}.d", 8), ("a{2,5}", 5), ("a{3,}", 3), ("a+b*c?", 3), ("((a{2}){2}){2}", 8), ("(?:ab){3}", 6), ("[a-zA-Z0-9_]{4}", 4), ("é{3}", 3), ("a{0,7}", 7),
    ):  # fmt: skip
        suite.add("states", dsl=matches(pattern), limits={"regex_states": states}, **unknown, why="repetitions written out")
        suite.errors("states", matches(pattern), "limit", limits={"regex_states": states - 1})
    suite.add("states", dsl=matches("(a{50}){40}"), **unknown, why="2 000 states")
    suite.errors("states", matches("(a{50}){40}a"), "limit", why="2 001 states")
    suite.errors("states", matches("(a{30}){30}{30}"), "limit")
    suite.errors("regex", matches("(a{1000}){1000}"), "limit", why="a compiled size over 256 KiB is over a limit")
    suite.errors("regex", matches("a{100}"), "limit", limits={"regex_compiled": 64})


def documents(suite):
    rule = "currentTxn.value>1"
    refused = {"code": "limit"}
    text = '{"currentTxn":{"value":2}}'
    for limit in (64, 1024 * 1024):
        suite.add(
            "document",
            dsl=rule,
            transaction=[text, [" ", limit - len(text)]],
            limits={"transaction": limit},
            result="true",
            why="bytes of a document",
        )
        suite.add(
            "document",
            dsl=rule,
            transaction=[text, [" ", limit - len(text) + 1]],
            limits={"transaction": limit},
            refused=refused,
        )
    suite.add("document", dsl=rule, transaction=[text, [" ", 1024 * 1024 - len(text)]], result="true", why="1 MiB")
    suite.add("document", dsl=rule, transaction=[text, [" ", 1024 * 1024 - len(text) + 1]], refused=refused)
    deep = lambda count: ['{"till":', ["[", count], ["]", count], ',"currentTxn":{"value":2}}']
    suite.add("depth", dsl=rule, transaction=deep(31), result="true", why="32 levels, skipped values too")
    suite.add("depth", dsl=rule, transaction=deep(32), refused=refused)
    suite.add("depth", dsl=rule, transaction=deep(100_000), refused=refused)
    suite.add("depth", dsl=rule, transaction=text, limits={"transaction_depth": 2}, result="true")
    suite.add("depth", dsl=rule, transaction=text, limits={"transaction_depth": 1}, refused=refused)
    items = lambda count: ['{"currentTxn":{"lineItems":[{}', [",{}", count - 1], "]}}"]
    suite.add("array", dsl="currentTxn.basketSize>1", transaction=items(10_000), result="true", why="10 000 entries")
    suite.add("array", dsl="currentTxn.basketSize>1", transaction=items(10_001), refused=refused)
    suite.add(
        "array", dsl="currentTxn.basketSize>1", transaction=items(3), limits={"transaction_array": 3}, result="true"
    )
    suite.add(
        "array", dsl="currentTxn.basketSize>1", transaction=items(4), limits={"transaction_array": 3}, refused=refused
    )
    suite.add(
        "array",
        dsl=rule,
        transaction=['{"currentTxn":{"value":2,"till":[1', [",1", 20_000], "]}}"],
        result="true",
        why="an array that no rule reads is skipped",
    )
    lists = lambda count: ['{"currentTxn":{"customFields":{"a":["x"', [',"x"', count - 1], "]}}}"]
    suite.add(
        "array",
        dsl='currentTxn.customFieldValueIncludes("a","x")',
        transaction=lists(3),
        limits={"transaction_array": 3},
        result="true",
    )
    suite.add(
        "array",
        dsl='currentTxn.customFieldValueIncludes("a","x")',
        transaction=lists(4),
        limits={"transaction_array": 3},
        refused=refused,
    )
