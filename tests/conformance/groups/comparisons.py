"""Comparisons of each type, what does not compare, enums, and null tests."""

from itertools import product

from reference.suite import Raw, Suite

ORDERINGS = ["<", "<=", ">", ">="]
EQUALITIES = ["==", "!="]


def cases():
    numbers()
    texts()
    enums()
    wrong_types()
    null_tests()
    strings()


def customer(**fields):
    return {"currentCustomer": fields}


def txn(**fields):
    return {"currentTxn": fields}


def numbers():
    suite = Suite("comparisons", "The six comparisons over each type, with absent sides.")
    pairs = [
        ("5", "5"), ("5", "5.00"), ("4.999999999", "5"), ("5.000000001", "5"), ("-5", "5"), ("0", "-0"),
        ("0.1", "0.10"), ("1e2", "100"), ("1E-2", "0.01"), ("9999999999999999999999999999", "9999999999999999999999999998"),
        ("0.0000000000000000000000000001", "0"), ("-1", "-2"), ("18446744073709551616", "18446744073709551615"),
        ("9007199254740993", "9007199254740992"), ("0.1000000000000000055", "0.1"),
    ]  # fmt: skip
    for (left, right), operator in product(pairs, ORDERINGS + EQUALITIES):
        document = txn(value=Raw(left), discount=Raw(right))
        suite.decide("number", f"currentTxn.value{operator}currentTxn.discount", document)
    for operator in ORDERINGS + EQUALITIES:
        for value in ("499.99", "500", "500.01"):
            suite.both("literal", f"currentTxn.value{operator}500", txn(value=Raw(value)))
            suite.decide("literal", f"500{operator}currentTxn.value", txn(value=Raw(value)))
        suite.decide(
            "quoted", f"currentTxn.value{operator}500", txn(value="500.0"), why="a number may stand in a string"
        )
        suite.decide("absent", f"currentTxn.value{operator}500", txn())
        suite.decide("absent", f"currentTxn.value{operator}currentTxn.discount", txn(value=None, discount=3))
        suite.decide("absent", f"currentTxn.value{operator}currentTxn.discount", txn())
        for left, right in product(["2024-02-29", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.001Z", None], repeat=2):
            document = customer(joinDate=left, slabChangeDate=right)
            suite.decide("date", f"currentCustomer.joinDate{operator}currentCustomer.slabChangeDate", document)
        document = customer(joinDate="soon", slabChangeDate="2024-02-30")
        suite.both("invalid-date", f"currentCustomer.joinDate{operator}currentCustomer.slabChangeDate", document)
        suite.decide(
            "invalid-date",
            f"currentCustomer.joinDate{operator}currentCustomer.slabChangeDate",
            customer(joinDate="soon"),
        )
    for left, right in [
        ("2024-07-29T12:00:00+05:30", "2024-07-29T06:30:00Z"), ("2024-07-29T12:00:00+0530", 1722234600000),
        ("2024-07-29T12:00:00.999999Z", "2024-07-29T12:00:00.999Z"), ("2024-07-29T23:59:59-12:00", "2024-07-30T12:00:00Z"),
    ]:  # fmt: skip
        for operator in ("==", "<", ">="):
            document = customer(joinDate=left, slabChangeDate=right)
            suite.decide(
                "instant",
                f"currentCustomer.joinDate{operator}currentCustomer.slabChangeDate",
                document,
                why="dates compare as instants",
            )


def texts():
    suite = Suite.every[-1]
    pairs = [
        ("Gold", "Gold"), ("Gold", "gold"), ("Gold", "Gold "), ("", ""), ("", " "), ("é", "e\u0301"), ("ß", "ss"),
        ("İ", "i̇"), ("😀", "😀"), ("1", "1.0"), ("a\\b", "a\\b"), ('say "hi"', 'say "hi"'), ("a\tb", "a b"),
    ]  # fmt: skip
    for (left, right), operator in product(pairs, EQUALITIES):
        suite.decide("string", f"currentCustomer.name{operator}currentCustomer.email", customer(name=left, email=right))
    for value, operator in product(["Gold", "gold", "", None], EQUALITIES):
        suite.both("string-literal", f'currentCustomer.slabName{operator}"Gold"', customer(slabName=value))
        suite.decide("string-literal", f'"Gold"{operator}currentCustomer.slabName', customer(slabName=value))
    for written in [Raw("12"), Raw("12.50"), Raw("1e3"), True, False]:
        text = str(written).lower()
        for expected in (text, "12.5"):
            suite.decide(
                "text-of-json",
                f'currentCustomer.name=="{expected}"',
                customer(name=written),
                why="numbers and booleans are taken by their JSON text",
            )
    for left, right, operator in product([True, False, None], [True, False], EQUALITIES):
        suite.decide("boolean", f"currentCustomer.isLoyal{operator}{str(right).lower()}", customer(isLoyal=left))
    for rule, value in [
        (r'currentCustomer.name=="a\"b"', 'a"b'), (r'currentCustomer.name=="a\\b"', "a\\b"), (r'currentCustomer.name=="a\sb"', "a\\sb"),
        (r'currentCustomer.name=="a\\\"b"', 'a\\"b'), (r'currentCustomer.name=="a\\"', "a\\"), (r'currentCustomer.name=="\n"', "\\n"),
        (r'currentCustomer.name=="\u0041"', "\\u0041"), (r'currentCustomer.name=="\\\\"', "\\\\"), ('currentCustomer.name=="a\nb"', "a\nb"),
        ('currentCustomer.name=="it\'s“”"', "it's“”"), ('currentCustomer.name=="a\u00a0b"', "a\u00a0b"), ('currentCustomer.name=="a && b"', "a && b"),
    ]:  # fmt: skip
        suite.both("escape", rule, customer(name=value))
        suite.decide("escape", rule, customer(name="other"))


def enums():
    suite = Suite("enums", "Enum attributes: literals, bare words, values outside, methods.")
    loyalty = lambda value, **more: {"currentEvent": {"previousLoyaltyType": value} | more}
    for value in ("Yes", "No", "yes", "Maybe", "", None):
        document = customer(isGroupMember=value, name="Yes")
        for operator in EQUALITIES:
            suite.both("word", f"currentCustomer.isGroupMember{operator}Yes", document)
            suite.decide("word", f"No{operator}currentCustomer.isGroupMember", document)
            suite.decide("literal", f'currentCustomer.isGroupMember{operator}"Yes"', document)
            suite.decide("string", f"currentCustomer.isGroupMember{operator}currentCustomer.name", document)
            suite.decide("string", f"currentCustomer.name{operator}currentCustomer.isGroupMember", document)
    for left, right in product(["LOYALTY", "NON_LOYALTY", "OTHER", None], repeat=2):
        suite.decide(
            "enum",
            "currentEvent.previousLoyaltyType==currentEvent.currentLoyaltyType",
            loyalty(left, currentLoyaltyType=right),
        )
    for value in ("LOYALTY", "NON_LOYALTY", "OTHER", "", None):
        for rule in (
            'currentEvent.previousLoyaltyType.matches("LOYALTY")', 'currentEvent.previousLoyaltyType.matches("NON_.*")',
            'currentEvent.previousLoyaltyType.matches(".*LOYALTY")', 'currentEvent.previousLoyaltyType.matches("LOYALTY|NON_LOYALTY")',
            'currentEvent.previousLoyaltyType.matches("")', 'currentEvent.previousLoyaltyType.contains("LOYALTY")',
            'currentEvent.previousLoyaltyType.exists()', 'currentEvent.previousLoyaltyType.notExists()', 'currentEvent.previousLoyaltyType.isEmpty()',
            'currentEvent.previousLoyaltyType.isNull()', 'currentEvent.previousLoyaltyType.isNotNull()', 'currentEvent.previousLoyaltyType==LOYALTY',
        ):  # fmt: skip
            suite.decide("method", rule, loyalty(value))
    suite.errors("value", "currentCustomer.isGroupMember==Ye", ("enum-value", "Ye", ["Yes"]))
    suite.errors("value", 'currentCustomer.isGroupMember=="yes"', ("enum-value", '"yes"', ["Yes"]))
    suite.errors("value", 'currentCustomer.isGroupMember!="Perhaps"', ("enum-value", '"Perhaps"', ["Yes", "No"]))
    suite.errors("value", "Noo==currentCustomer.isGroupMember", ("enum-value", "Noo", ["No"]))
    suite.errors("value", "currentEvent.previousLoyaltyType==NON_LOYAL", ("enum-value", "NON_LOYAL", ["NON_LOYALTY"]))
    suite.errors(
        "value", "currentCustomer.isGroupMember==true", "type-mismatch", why="a boolean is no constant of an enum"
    )
    suite.errors("value", "currentCustomer.isGroupMember==1", "type-mismatch")
    suite.errors(
        "word",
        "currentCustomer.slabName==Gold",
        ("unknown-name", "Gold", ['"Gold"']),
        why="beside anything but an enum a bare word is quoted",
    )
    suite.errors("word", "currentTxn.value==five", ("unknown-name", "five"))
    suite.errors("word", "currentCustomer.isLoyal==Yes", ("unknown-name", "Yes"))
    suite.errors("word", "Yes==No", ("unknown-name", "Yes"), ("unknown-name", "No"))
    suite.errors("word", "Yes", ("unknown-name", "Yes"))
    suite.errors(
        "word",
        "currentCustomer.isGroupMember<Yes",
        ("unknown-name", "Yes"),
        why="a bare word stands beside == and != only",
    )
    suite.errors("word", "currentCustomer.isLoyal&&Yes", ("unknown-name", "Yes"))
    suite.errors("word", "currentTxn", "unknown-name", why="a profile is no value")
    suite.errors("word", "currentTxn==1", "unknown-name")


def wrong_types():
    suite = Suite("types", "Operators over every pair of types, and what the root of a rule may be.")
    sides = {
        "boolean": "currentCustomer.isLoyal", "number": "currentTxn.value", "string": "currentCustomer.name",
        "date": "currentTxn.date", "enum": "currentCustomer.isGroupMember",
    }  # fmt: skip
    document = {
        "currentCustomer": {"isLoyal": True, "name": "Yes", "isGroupMember": "Yes"},
        "currentTxn": {"value": 5, "date": "2024-02-29"},
    }
    same = lambda left, right: left == right or {left, right} == {"string", "enum"}
    for (left, one), (right, other) in product(sides.items(), repeat=2):
        for operator in ("==", "!=", "<", ">=", "+", "%", "&&", "||"):
            rule = f"{one}{operator}{other}"
            if operator in EQUALITIES:
                wrong = [] if same(left, right) else ["type-mismatch"]
            elif operator in ORDERINGS:
                wrong = [] if left == right and left in ("number", "date") else ["type-mismatch"]
            else:
                wanted = "boolean" if operator in ("&&", "||") else "number"
                wrong = [("type-mismatch", side) for kind, side in ((left, one), (right, other)) if kind != wanted]
                if not wrong and wanted == "number":
                    wrong = [("root-not-boolean", rule)]
            if wrong:
                suite.errors("pair", rule, *wrong)
            else:
                suite.decide("pair", rule, document)
    for kind, side in sides.items():
        if kind != "boolean":
            suite.errors("root", side, ("root-not-boolean", side))
            suite.errors("not", f"!{side}", ("type-mismatch", side))
        if kind != "number":
            suite.errors("minus", f"-{side}>1", ("type-mismatch", side))
    for literal in ("5", '"text"', "1+1", "-5", 'currentTxn.basketSum("brand","Puma")', "currentTxn.date.day()"):
        suite.errors("root", literal, ("root-not-boolean", literal))
    for literal in ("true", "false"):
        suite.decide("root", literal, {})
    suite.errors("literal", 'currentTxn.value>"500"', ("type-mismatch", '"500"', ["500"]))
    suite.errors("literal", "currentCustomer.name==5", ("type-mismatch", "5", ['"5"']))
    suite.errors("literal", 'currentTxn.date=="2024-01-01"', "type-mismatch", why="no implicit conversion")
    suite.errors("literal", 'currentTxn.date>"2024-01-01"', "type-mismatch")
    suite.errors("literal", '"a"<"b"', "type-mismatch", why="strings have no order")
    suite.errors("literal", 'currentTxn.value+"1">2', ("type-mismatch", '"1"'))
    suite.errors("literal", "currentTxn.value&&currentCustomer.isLoyal", ("type-mismatch", "currentTxn.value"))
    suite.errors(
        "several",
        'currentTxn.value>"5"&&currentCustomer.name==5',
        ("type-mismatch", '"5"'),
        ("type-mismatch", "5"),
        why="all type faults at once",
    )
    suite.errors(
        "several",
        'currentTxn.valu>5&&currentCustomer.nam=="x"',
        ("unknown-name", "valu", ["value"]),
        ("unknown-name", "nam", ["name"]),
    )
    suite.errors(
        "several",
        "currentTxn.valu.contains(5)",
        ("unknown-name", "valu"),
        why="nothing further is judged on an unresolved receiver",
    )
    suite.errors("chained", "1<currentTxn.value<5", "chained-comparison")
    suite.errors("chained", "1<(currentTxn.value<5)", "chained-comparison")
    suite.errors("chained", "(1<currentTxn.value)>=5", "chained-comparison")


def null_tests():
    suite = Suite("null-tests", "The table of null tests, over every type and a value at fault.")
    tests = ["isNull", "isNotNull", "exists", "notExists", "isEmpty"]
    strings = [
        ("absent", {}),
        ("null", {"name": None}),
        ("empty", {"name": ""}),
        ("blank", {"name": " "}),
        ("there", {"name": "x"}),
        ("number", {"name": 0}),
    ]
    for (_, fields), test in product(strings, tests):
        suite.both("string", f"currentCustomer.name.{test}()", {"currentCustomer": fields})
        suite.decide("negated", f"!currentCustomer.name.{test}()", {"currentCustomer": fields})
    for fields, test in product(
        [{}, {"isGroupMember": None}, {"isGroupMember": ""}, {"isGroupMember": "Yes"}, {"isGroupMember": "Odd"}], tests
    ):
        suite.decide("enum", f"currentCustomer.isGroupMember.{test}()", {"currentCustomer": fields})
    for attribute, values in [
        ("slabNumber", [None, 0, 3, "3"]), ("isLoyal", [None, False, True]),
        ("joinDate", [None, "2024-02-29", "2024-02-30", "", 0, "never", "9999-12-31T23:59:59Z"]),
    ]:  # fmt: skip
        for value, test in product(values, ["isNull", "isNotNull"]):
            suite.both(attribute, f"currentCustomer.{attribute}.{test}()", customer(**{attribute: value}))
        suite.decide(attribute, f"currentCustomer.{attribute}.isNull()", {})
    for value, test in product([None, "2024-02-29", "2024-02-30", "", 0, "x"], ["isValid", "isValidDate"]):
        suite.decide("valid", f"currentCustomer.joinDate.{test}()", customer(joinDate=value))
    dates = [
        "2024-02-29", "2023-02-29", "2024-2-9", "2024-02-29T10:00", "2024-02-29T10:00:60Z", "1709164800000", "", " 2024-02-29", "20240229",
        "2024-02-29T10:00:00+18:00", "2024-02-29T10:00:00+18:01", "2024-02-29 10:00", "0000-01-01", "9999-12-31T23:59:59Z", None,
    ]  # fmt: skip
    for value in dates:
        suite.decide("string-date", "currentCustomer.name.isValidDate()", customer(name=value))
    for rule in ("isNull", "isNotNull"):
        suite.decide(
            "fault",
            f"currentTxn.totalQty.{rule}()",
            txn(lineItems=[{"qty": Raw("9999999999999999999999999999")}] * 2),
            why="a value at fault is not absent",
        )
        suite.decide("computed", f"currentTxn.totalQty.{rule}()", txn(lineItems=[{"qty": 1}]))
        suite.decide("computed", f"currentTxn.totalQty.{rule}()", txn(lineItems=[{"rate": 1}]))
        suite.decide("computed", f"currentTxn.totalQty.{rule}()", txn())
        suite.decide("call", f'currentTxn.basketSum("brand","Puma").{rule}()', txn())
        suite.decide("call", f'currentTxn.basketSum("brand","Puma").{rule}()', txn(lineItems=[]))
        suite.decide("call", f'currentTxn.basketIncludes("brand","Puma").{rule}()', txn())
    for dummy in ('""', '" "', '"\u00a0"', "true"):
        for test in tests:
            # `exists` takes a text, so the law leaves its `true` open.
            if (dummy, test) != ("true", "exists"):
                suite.decide(
                    "dummy",
                    f"currentCustomer.name.{test}({dummy})",
                    customer(name="x"),
                    warnings=[{"code": "dummy-argument"}],
                )
    for test in ("isWeekend", "isWeekday", "isNull", "isValid", "day"):
        compared = "==1" if test == "day" else ""
        suite.decide(
            "dummy",
            f"currentTxn.date.{test}(true){compared}",
            txn(date="2024-03-03"),
            warnings=[{"code": "dummy-argument"}],
        )
        suite.errors("dummy", f"currentTxn.date.{test}(false){compared}", "argument-count")
        suite.errors("dummy", f'currentTxn.date.{test}("x"){compared}', "argument-count")
        suite.errors("dummy", f'currentTxn.date.{test}("",""){compared}', "argument-count")
    suite.errors("dummy", 'currentCustomer.name.isNull("x")', "argument-count")
    suite.errors("dummy", "currentCustomer.name.isNull(false)", "argument-count")
    suite.errors("dummy", "currentCustomer.name.isNull(1)", "argument-count")


def strings():
    suite = Suite("strings", "contains, exists with a text, and regular expressions that run in linear time.")
    for value, part in product(["Santosh Kumar", "santosh", "", None], ["Santosh", "san", "", " ", "Kumar"]):
        suite.decide("contains", f'currentCustomer.name.contains("{part}")', customer(name=value))
        if part.strip():
            suite.decide(
                "exists",
                f'currentCustomer.name.exists("{part}")',
                customer(name=value),
                why="exists and contains the text",
            )
    for value, other in product(["a@b.c", "x", None], ["@", None, ""]):
        suite.decide(
            "contains", "currentCustomer.email.contains(currentCustomer.name)", customer(email=value, name=other)
        )
    for value in ("a.b", "axb", "a\\b", 'say "x"', "ß", "😀"):
        suite.decide(
            "contains", 'currentCustomer.name.contains("a.b")', customer(name=value), why="contains is no pattern"
        )
        suite.decide("contains", r'currentCustomer.name.contains("\"x\"")', customer(name=value))
        suite.decide("contains", 'currentCustomer.name.contains("😀")', customer(name=value))
    patterns = {
        r"nar": ["narayan", "Anar", "NAR", ""], r"^nar": ["narayan", "anar", "x\nnar"], r"nar$": ["anar", "nary", "nar\n", "nar\nx"],
        r"^$": ["", "\n", "x"], r"P.*um": ["Platinum", "P\num", "Premium!", "premium"], r"Delay*": ["Dela", "Delayyy", "Del"],
        r"\d": ["7", "٣", "x", "１"], r"^\D$": ["٣", "7", "x"], r"\w": ["_", "é", "-", "a"], r"^\W$": ["é", "a", " "],
        r"\s": [" ", "\t", "\u00a0", "\u000b", "\u2003", "a"], r"\bcat\b": ["a cat!", "cats", "écaté", "écat"], r"^.$": ["x", "\n", "\r", "😀", "\u2028"],
        r"(?i)gold": ["GOLD", "Gold", "silver"], r"(?s)^.$": ["\n", "x"], r"(?m)^b$": ["a\nb", "a\r\nb", "ab"],
        r"a|b": ["xb", "c"], r"[a-c]+x": ["abcx", "dx"], r"[^a-c]": ["abc", "abcd"], r"x{2,3}": ["x", "xx", "xxxx"], r"colou?r": ["color", "colour", "colr"],
        r"\.com$": ["a.com", "acom", "a.com "], r"(ab)+c": ["ababc", "abac"], r"[\d-]+$": ["12-", "a"], r"[\w.]+@[\w.]+": ["a.b@c.d", "a b"],
        r"a.*?b": ["axxb", "ba"], r"\x41": ["A", "a"], r"[.]": [".", "x"], r"SH.*|JE.*": ["SHIRT", "JEANS", "SOCKS"], r"\\": ["a\\b", "ab"], "": ["", "x"],
    }  # fmt: skip
    for pattern, values in patterns.items():
        written = pattern.replace("\\\\", "\\\\\\\\").replace('"', '\\"')
        for value in values + [None]:
            suite.decide("matches", f'currentCustomer.name.matches("{written}")', customer(name=value))
    # Written out by hand: syntax that Python's expressions do not have, or have otherwise.
    for pattern, value, holds in [
        (r"^\p{L}+$", "é", True), (r"^\p{L}+$", "7", False), (r"^\pL$", "é", True), (r"^[[:alpha:]]+$", "ab", True), (r"^[[:alpha:]]+$", "é", False),
        (r"\z", "x", True), (r"a\z", "a\n", False), (r"\Aa", "ab", True), (r"\Aa", "ba", False), (r"(?x) a b ", "ab", True), (r"(?<year>\d+)", "7", True),
        (r"(?P<year>\d+)", "x", False), (r"[a-z&&[^b]]", "b", False), (r"[a-z&&[^b]]", "c", True), (r"\x{1F600}", "😀", True), (r"(?i)É", "É", True), (r"x{2}", "axxb", True),
        (r"\B", "", True), (r"[\s\S]", "\n", True), (r"[^\w]", "é", True), (r"[\W]", "é", True), (r"^[\D]$", "٣", True),
    ]:  # fmt: skip
        suite.add(
            "engine",
            dsl=f'currentCustomer.name.matches("{pattern}")',
            transaction=customer(name=value),
            result="true" if holds else "false",
        )
    for pattern, part in [
        ("a(?=b)", "(?="), ("a(?!b)", "(?!"), ("(?<=a)b", "(?<="), ("(?<!a)b", "(?<!"), (r"(a)\1", r"\1"), (r"(?<n>a)\k<n>", None), ("a*+b", "+"), ("a++", "+"),
        ("a?+", "+"), ("a{2}+", "+"), ("(?U)a", "U"), ("(?u)a", "u"), ("(?R)a", "R"), ("(?iU)a", "U"), ("(?i-u:a)", "u"), (r"\<a", None), (r"a\>", None),
        (r"\v", None), (r"[\v]", None), ("[a--b]", None), ("[a~~b]", None), ("(", None), ("a)", None), ("[a", None), ("*a", None), ("a{3,2}", None), ("(?z)", None),
        (r"\Qa\E", None), (r"\h", None), (r"\R", None), (r"\e", None), ("[z-a]", None), ("(?>a)", None), (r"\p{Foo}", None), ("a**b(", None),
    ]:  # fmt: skip
        at = part if part and part not in ("U", "u", "R", "+") else None
        suite.errors(
            "refused", f'currentCustomer.name.matches("{pattern}")', {"code": "regex"} | ({} if at is None else {})
        )
    for pattern in (
        "^[--a]$", "[^--a]", "[a-z--]", "[~~a]", "[+--]", "[a~~]", "[!-~~]", "[[--a]]", "[a[--b]]", "[---]", "[--]", "[~~]", "[b--a]", "[a-c&&[--b]]", r"[\\\\--]", r"[\d--a]", "x[]--]",
        "[ --]", "[^~~]", "[a-~~]", "(?i)[--a]", "(x|[a--])", "[--a]{2}", "[[:alpha:]--a]", "[a[^--b]c]", "[[a]--[b]]", r"[\]--a]", "[é--ü]", "[-~~-]", "^[a]$|[--]",
    ):  # fmt: skip
        suite.errors(
            "doubled",
            f'currentCustomer.name.matches("{pattern}")',
            {"code": "regex"},
            why="two unescaped - or ~ side by side anywhere inside a class",
        )
    suite.errors("doubled", 'currentCustomer.name.matches("ab[--a]")', ("regex", "--"), why="its position")
    for pattern, value, holds in [
        (r"^[\--a]$", "A", True), (r"^[a\-\-b]$", "-", True), ("^[-a]$", "-", True), ("^[a-]$", "-", True), ("^[-]$", "-", True), ("^[~a~]$", "~", True), (r"^[\~~]$", "~", True), ("^[a-c-]$", "-", True),
        ("^--$", "--", True), ("~~", "a~~b", True), ("^[-~-]$", "~", True), (r"^[\-\-]$", "a", False), ("^[a]-[b]--$", "a-b--", True), (r"\[--a", "[--a", True),
        (r"^[a\--z]$", "m", True), (r"^[-\-]$", "-", True), (r"^[~\~]$", "~", True), ("^[a-]--[-b]$", "a--b", True), ("^[-a~]{3}$", "-~a", True), (r"^[+-\-]$", ",", True), ("(--|~~)", "~~", True),
    ]:  # fmt: skip
        suite.add(
            "doubled",
            dsl=f'currentCustomer.name.matches("{pattern}")',
            transaction=customer(name=value),
            result="true" if holds else "false",
        )
    suite.errors("position", r'currentCustomer.name.matches("abc\1")', ("regex", r"\1"))
    suite.errors("position", 'currentCustomer.name.matches("ab*+c")', ("regex",), why="the position is in the pattern")
    suite.errors(
        "position",
        r'currentCustomer.name.matches("é\"\v")',
        ("regex", r"\v"),
        why="after an escape and a wide character",
    )
    suite.errors("several", 'currentCustomer.name.matches("(")&&currentCustomer.email.matches("[")', "regex", "regex")
    suite.errors(
        "receiver", 'currentTxn.value.contains("5")', ("unknown-name", "contains"), why="numbers offer no contains"
    )
    suite.errors("receiver", 'currentTxn.date.matches("5")', ("unknown-name", "matches"))
    suite.errors("receiver", 'currentCustomer.isLoyal.contains("t")', ("unknown-name", "contains"))
    suite.errors("receiver", "currentCustomer.isLoyal.exists()", ("unknown-name", "exists"))
    suite.errors("receiver", "currentTxn.value.isEmpty()", ("unknown-name", "isEmpty"))
    suite.errors(
        "receiver",
        "currentCustomer.isGroupMember.isValidDate()",
        ("unknown-name", "isValidDate"),
        why="enums offer no isValidDate",
    )
    suite.errors("receiver", "currentCustomer.name.isValid()", ("unknown-name", "isValid"))
    suite.errors("receiver", "currentCustomer.name.day()==1", ("unknown-name", "day"))
    suite.errors("receiver", 'currentCustomer.name.containss("x")', ("unknown-name", "containss", ["contains"]))
    suite.errors("receiver", '"text".contains("t")', ("chain-receiver", '"text"'))
    suite.errors("receiver", '5.interval("1")==1', ("chain-receiver", "5"))
    suite.errors("receiver", '(currentTxn.value+1).interval("1")==1', ("chain-receiver",))
    suite.errors("receiver", "(currentTxn.value>1).isNull()", ("chain-receiver",))
    suite.errors("receiver", "true.isNull()", ("chain-receiver", "true"))
    suite.errors("argument", "currentCustomer.name.contains()", "argument-count")
    suite.errors("argument", 'currentCustomer.name.contains("a","b")', "argument-count")
    suite.errors("argument", "currentCustomer.name.contains(5)", ("type-mismatch", "5"))
    suite.errors("argument", "currentCustomer.name.contains(currentTxn.value)", ("type-mismatch", "currentTxn.value"))
    suite.errors(
        "argument", "currentCustomer.name.matches(currentCustomer.email)", ("literal-expected", "currentCustomer.email")
    )
    suite.errors("argument", "currentCustomer.name.matches(5)", ("type-mismatch", "5"))
    suite.errors("argument", "currentCustomer.name.contains(Kumar)", ("unknown-name", "Kumar", ['"Kumar"']))
    suite.errors("argument", "currentCustomer.name.matches(Kumar)", ("literal-expected", "Kumar", ['"Kumar"']))
