"""Three-valued logic, precedence and grouping."""

from itertools import product

from reference import syntax
from reference.suite import Suite

NAMES = ["isLoyal", "isControl", "isPrimary"]
A, B, C = (f"currentCustomer.{name}" for name in NAMES)
TRUTHS = [True, False, None]


def customer(*truths, **more):
    """A customer whose booleans are given; None is not carried at all."""
    fields = {name: truth for name, truth in zip(NAMES, truths) if truth is not None}
    return {"currentCustomer": fields | more}


def cases():
    truth_tables()
    precedence()


def truth_tables():
    suite = Suite("truth-tables", "Strong Kleene logic with one unknown, and why a rule is unknown.")
    for operator, (left, right) in product(["&&", "||", "==", "!="], product(TRUTHS, TRUTHS)):
        suite.both("binary", f"{A}{operator}{B}", customer(left, right))
    for truth in TRUTHS:
        suite.both("not", f"!{A}", customer(truth))
        suite.decide("not", f"!!{A}", customer(truth))
        suite.decide("alone", A, customer(truth))
        for literal, operator in product(["true", "false"], ["&&", "||", "==", "!="]):
            suite.decide("literal", f"{A}{operator}{literal}", customer(truth))
            suite.decide("literal", f"{literal}{operator}{A}", customer(truth))
    shapes = [
        f"{A}&&{B}&&{C}",
        f"{A}||{B}||{C}",
        f"({A}&&{B})||{C}",
        f"{A}&&({B}||{C})",
        f"!({A}&&{B})||{C}",
        f"({A}||{B})=={C}",
        f"({A}==({B}&&{C}))",
    ]
    for shape, truths in product(shapes, product(TRUTHS, repeat=3)):
        suite.decide("ternary", shape, customer(*truths))
    for left, right in product(TRUTHS, TRUTHS):
        suite.decide("de-morgan", f"!({A}&&{B})==(!{A}||!{B})", customer(left, right))
        suite.decide("de-morgan", f"!({A}||{B})==(!{A}&&!{B})", customer(left, right))
        suite.decide("absorption", f"({A}&&({A}||{B}))||{B}", customer(left, right))
    suite.decide("null", A, {"currentCustomer": {"isLoyal": None}}, why="JSON null is absent")
    suite.decide("null", A, {"currentCustomer": None}, why="a whole profile may be null")
    suite.decide("null", A, {}, why="a whole profile may be missing")
    for left, right in product([True, False, None], ["1/0==1", "1%0==1", "currentTxn.value/currentTxn.discount>1"]):
        document = customer(left) | {"currentTxn": {"value": 1, "discount": 0}}
        for operator in ("&&", "||"):
            suite.both("fault", f"{A}{operator}{right}", document)
            suite.decide("fault", f"({right}){operator}{A}", document)
    both = "currentTxn.value/0>1"
    suite.decide("reasons", f"{both}&&{A}", {}, why="an operation on an absent value has no fault of its own")
    suite.decide("reasons", f"{A}&&{A}", {}, why="each reason is named once")
    suite.decide(
        "reasons", f"({A}&&{B})||({C}&&{A})", customer(False), why="an operand that is decided gives no reason"
    )
    suite.decide("reasons", f"({A}||{B})&&({C}||true)", {}, why="nothing below a decided node counts")
    suite.decide("reasons", f"{A}&&1/0==1&&(2%0)==1", customer(), why="absent values and faults at once")
    suite.decide("reasons", "1/0==1||1/0==1", {}, why="each place of a fault is named")
    suite.decide("reasons", "(((1/0)))==1", {}, why="the span of a fault goes without enclosing brackets")
    suite.decide("reasons", "((1)/(0))==1", {}, why="brackets of an operand belong to the node")
    suite.decide(
        "reasons", 'currentCustomer.name=="ä😀"&&1/0==1', customer(name="ä😀"), why="spans count bytes of UTF-8"
    )
    suite.decide("reasons", "1+1/0==1", {}, why="a node above a fault has none of its own")
    suite.decide("reasons", "1/(1/0)==1", {}, why="only the inner division is at fault")
    suite.decide(
        "reasons",
        'currentCustomer.slabNumber==1&&currentCustomer.name=="x"&&currentCustomer.email=="y"',
        {},
        why="sorted by name",
    )
    suite.decide("reasons", "currentcustomer.SlabNumber==1", {}, why="reasons are in listed spelling")
    suite.decide("reasons", f"!{A}&&!{B}", customer(True), why="false is decided")


NUMBERS = ["currentTxn.value", "currentTxn.discount", "currentTxn.points"]
BOOLEANS = [A, B, C]
OPERATORS = ["*", "/", "%", "+", "-", "<", "<=", ">", ">=", "==", "!=", "&&", "||"]


def result_type(operator, left, right):
    """The type of an operation; None where the operands do not fit."""
    if operator in ("&&", "||"):
        return "boolean" if (left, right) == ("boolean", "boolean") else None
    if operator in ("==", "!="):
        return "boolean" if left == right else None
    numbers = (left, right) == ("number", "number")
    return ("boolean" if operator[0] in "<>" else "number") if numbers else None


def typed(node):
    """Whether every node of a parsed text fits, and the type of its root."""
    if node.kind != "binary":
        return node.type
    left, right = map(typed, node.operands)
    return left and right and result_type(node.value, left, right)


def precedence():
    suite = Suite("precedence", "Every pair of operators: which binds tighter, and the canonical text.")
    document = customer(True, False, True) | {"currentTxn": {"value": 7, "discount": 2, "points": 3}}
    for first, second in product(OPERATORS, OPERATORS):
        for shape in ("{0}{1}{2}{3}{4}", "({0}{1}{2}){3}{4}", "{0}{1}({2}{3}{4})"):
            fitting = None
            for kinds in product("nb", repeat=3):
                atoms = [(NUMBERS if kind == "n" else BOOLEANS)[at] for at, kind in enumerate(kinds)]
                rule = shape.format(atoms[0], first, atoms[1], second, atoms[2])
                root = typed(syntax.parse(rule))
                if root:
                    fitting = rule, root
                    break
            if fitting:
                rule, root = fitting
                rule = rule if root == "boolean" else f"{rule}==1"
                if shape.startswith("{0}{1}{2}") and root == "number":
                    # Which grouping it was shows in the value.
                    rule = fitting[0] + ">" + "2"
                canonical = syntax.canonical(syntax.parse(rule))
                mixed = {"&&", "||"} == {first, second} and shape.startswith("{0}{1}{2}")
                suite.decide(
                    "pair", rule, document, text=canonical, warnings=[{"code": "mixed-and-or"}] if mixed else []
                )
            elif shape == "{0}{1}{2}{3}{4}":
                ordered = first[0] in "<>" and second[0] in "<>"
                suite.add(
                    "misfit",
                    dsl=f"{NUMBERS[0]}{first}{NUMBERS[1]}{second}{NUMBERS[2]}",
                    errors=misfits(first, second),
                    why="orderings do not chain" if ordered else None,
                )
    text = lambda rule, canonical, **keys: suite.decide("text", rule, document, text=canonical, **keys)
    V, D, P = NUMBERS
    text(f"{V} - {D} - {P} == 2", f"{V}-{D}-{P}==2", why="subtraction groups to the left")
    text(f"{V}-({D}-{P})==8", f"{V}-({D}-{P})==8")
    text(f"{V}-({D}+{P})==2", f"{V}-({D}+{P})==2")
    text(f"({V}-{D})+{P}==8", f"{V}-{D}+{P}==8")
    text(f"{V}+({D}-{P})==6", f"{V}+({D}-{P})==6", why="`+` is never regrouped")
    text(f"{V}*({D}*{P})==42", f"{V}*({D}*{P})==42", why="`*` is never regrouped")
    text(f"({A}&&{B})&&{C}", f"{A}&&{B}&&{C}")
    text(f"{A}&&({B}&&{C})", f"{A}&&{B}&&{C}", why="a chain is one node however bracketed")
    text(f"{A}||({B}||{C})", f"{A}||{B}||{C}")
    text(
        f"{A}&&{B}||{C}",
        f"({A}&&{B})||{C}",
        warnings=[{"code": "mixed-and-or"}],
        why="an `&&` inside an `||` keeps its own",
    )
    text(f"{A}||{B}&&{C}", f"{A}||({B}&&{C})", warnings=[{"code": "mixed-and-or"}])
    text(f"({A}&&{B})||{C}", f"({A}&&{B})||{C}", warnings=[])
    text(f"(((({A}))))", A, warnings=[])
    text(f"(({V}))>((5))", f"{V}>5")
    text(f"{A}==({B}=={C})", f"{A}==({B}=={C})")
    text(f"({A}=={B})=={C}", f"{A}=={B}=={C}")
    text(f"{V}>1=={D}>1", f"{V}>1=={D}>1", why="compares two booleans")
    text(f"({V}>1)==({D}>1)", f"{V}>1=={D}>1")
    extension = [{"code": "extension"}]
    text(f"!{A}", f"!{A}", warnings=extension)
    text(f"!({A})", f"!{A}", warnings=extension)
    text(f"!({A}&&{B})", f"!({A}&&{B})", warnings=extension)
    text(f"!{A}&&{B}", f"!{A}&&{B}", warnings=extension)
    text(f"!{A}=={B}", f"!{A}=={B}", warnings=extension, why="`!` binds tighter than `==`")
    text(f"!({A}=={B})", f"!({A}=={B})", warnings=extension)
    text(f"!!{A}", f"!!{A}", warnings=extension * 2)
    text(f"-{V}<0", f"-{V}<0", warnings=extension)
    text(f"-({V})<0", f"-{V}<0", warnings=extension)
    text(f"-({V}+{D})<0", f"-({V}+{D})<0", warnings=extension)
    text(f"-{V}*{D}==-14", f"-{V}*{D}==-14", warnings=extension)
    text(f"-({V}*{D})==-14", f"-({V}*{D})==-14", warnings=extension)
    text(f"{V}>-5", f"{V}>-5", warnings=[], why="the sign of a number is part of it")
    text(f"{V}>-(5)", f"{V}>-(5)", warnings=extension, why="a negated literal keeps its brackets")
    text(f"{V}>(-5)", f"{V}>-5", warnings=[])
    text(f"{V}--5==12", f"{V}--5==12", warnings=[])
    text(f"{V}-(-5)==12", f"{V}--5==12", warnings=[])
    text(f"{V}+-5==2", f"{V}+-5==2", warnings=[])
    text(f"{V}-5==2", f"{V}-5==2", warnings=[])
    text(f"--5==5&&{A}", f"--5==5&&{A}", warnings=extension, why="a minus before a negative literal")
    text(f"-(-5)==5&&{A}", f"--5==5&&{A}", warnings=extension)
    for blank in (" ", "\t", "\n", "\r\n", "\u00a0", "  \n\t "):
        text(
            blank + blank.join([V, ">", "5", "&&", "(", A, ")"]) + blank,
            f"{V}>5&&{A}",
            why="white space is free between tokens",
        )
        text(blank.join(["currentTxn", ".", "value", ">", "5"]), f"{V}>5")
    for digits in ("07", "007.50", "5.0", "0.5", "00", "1.000000000", "000000000000000000000000001"):
        text(f"{V}>{digits}", f"{V}>{digits}", why="numbers keep their digits")


def misfits(first, second):
    """The errors of three numbers between two operators."""
    root = syntax.parse(f"{NUMBERS[0]}{first}{NUMBERS[1]}{second}{NUMBERS[2]}")

    def faults(node):
        if node.kind != "binary":
            return node.type, []
        (left, more), (right, others) = map(faults, node.operands)
        found = more + others
        if (
            any(operand.kind == "binary" and operand.value[0] in "<>" for operand in node.operands)
            and node.value[0] in "<>"
        ):
            return None, found + [{"code": "chained-comparison"}]
        if None in (left, right):
            # What is not understood is not judged further, but its neighbour is.
            wanted = {"&&": "boolean", "||": "boolean"}.get(node.value)
            found += [{"code": "type-mismatch"} for kind in (left, right) if wanted and kind not in (None, wanted)]
            return None, found
        result = result_type(node.value, left, right)
        if result:
            return result, found
        if node.value in ("&&", "||"):
            return None, found + [{"code": "type-mismatch"} for kind in (left, right) if kind != "boolean"]
        if node.value in ("==", "!=") or node.value[0] in "<>":
            return None, found + [{"code": "type-mismatch"}]
        return None, found + [{"code": "type-mismatch"} for kind in (left, right) if kind != "number"]

    return faults(root)[1]
