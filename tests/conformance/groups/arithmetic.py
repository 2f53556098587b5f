"""Exact decimals: what fits is exact, what does not is rounded once, ties to even."""

import random
from fractions import Fraction
from itertools import product

from reference import numbers
from reference.suite import Raw, Suite


def cases():
    suite = Suite("arithmetic", "The four operations and %, their rounding, their faults, and interval.")
    exact(suite)
    edges(suite)
    drawn(suite)
    remainders(suite)
    faults(suite)
    never_regrouped(suite)
    literals(suite)
    chains(Suite("arithmetic-chains", "Chains of arithmetic: each step a result of its own, with its own fault and place."))
    intervals(Suite("intervals", "interval: the first edge that is not below the value; edges that are refused."))


def txn(**fields):
    return {"currentTxn": {name: Raw(value) for name, value in fields.items()}}


OPERATIONS = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}

V, D, P, Q = (f"currentTxn.{name}" for name in ("value", "discount", "points", "promisedPoints"))


def chains(suite):
    """A chain nests to the left: every step is a result of its own, with a place of its own."""
    rules = [
        f"{V}/{D}/{P}>1", f"{V}+{D}-{P}+{Q}>1", f"{V}*{D}/{P}%{Q}>1", f"({V}/{D})*{P}>1", f"({V})/({D})/({P})>1", f"( {V} / {D} ) / ( {P} )>1",
        f"{V}-{V}/{D}+{P}>1", f"{V}/{D}+{P}/{Q}>1", f"{P}+{V}/{D}+{Q}>1", f"-({V}/{D}/{P})>1", f"{V}/{D}/{P}=={V}/{D}/{P}", f"1>({V}%{D}%{P})*{Q}",
        f"{V}/0/{P}>1", f"{V}/{P}/0>1", f"0/0+{V}/{D}>1", f"{V}+({D}+{P}/{Q})-1>1", f"10%3%{D}/{P}>1",
    ]  # fmt: skip
    bills = [
        {}, {"value": 6}, {"value": 6, "discount": 0}, {"value": 6, "discount": 0, "points": 0}, {"value": 6, "discount": 3, "points": 0},
        {"value": 6, "discount": 3, "points": 2}, {"discount": 0, "points": 0, "promisedPoints": 0}, {"value": 6, "discount": 0, "promisedPoints": 0},
        {"value": 6, "discount": 3, "points": 2, "promisedPoints": 0}, {"value": 6, "discount": 3, "points": 2, "promisedPoints": 4},
        {"value": "9e27", "discount": "9e27", "points": "9e27", "promisedPoints": 1}, {"value": "9e27", "discount": "1e-28", "points": 3},
    ]  # fmt: skip
    for rule, bill in product(rules, bills):
        suite.both("chain", rule, txn(**{name: str(value) for name, value in bill.items()}))
    for rule in (f"({V}/{D}/{P}).isNull()", f"({V}/{D}/{P}+1).isNotNull()"):
        suite.errors("chain", rule, "chain-receiver", why="arithmetic carries no method")
    sums = "+".join(f'currentTxn.basketSum("brand","b{number}")' for number in range(31))
    items = [{"amount": number, "attributes": {"brand": f"b{number}"}} for number in range(31)]
    suite.both("chain", sums + "==465", {"currentTxn": {"lineItems": items}}, why="31 sums of a basket are a real rule")
    suite.decide("chain", sums + ">465", {"currentTxn": {"lineItems": items[:-1] + [{"attributes": {"brand": "b3"}}]}})
    suite.warns("chain", f"{V}-(5)-(-5)-(3)>1", text=f"{V}-5--5-3>1")
    suite.warns("chain", f"({V}+{D})+({P}+{Q})>1", text=f"{V}+{D}+({P}+{Q})>1")
    suite.warns("chain", f"({V}*{D})*({P}/{Q})+(1*2)>1", text=f"{V}*{D}*({P}/{Q})+1*2>1")


def exact(suite):
    for left, right in product(["10", "0.1", "-7", "2500.00", "0"], ["3", "0.2", "-0.5", "100"]):
        for operator in "+-*/%":
            document = txn(value=left, discount=right)
            result = OPERATIONS[operator](Fraction(left), Fraction(right))
            if significant(result):
                suite.decide(
                    "exact", f"{V}{operator}{D}=={P}", txn(value=left, discount=right, points=numbers.write(result))
                )
            suite.decide("exact", f"{V}{operator}{D}>{P}", document | txn(value=left, discount=right, points="0.3"))


def significant(number):
    """Whether a document can state the number: at most 28 digits, units included."""
    digits = numbers.write(abs(number)).replace(".", "").lstrip("0")
    return len(digits) <= 28


def operation_case(suite, group, operator, left, right, why=None):
    """Holds a result to its exact value, in two parts where it has more digits than a document may."""
    rule = f"{V}{operator}{D}"
    try:
        result = OPERATIONS[operator](Fraction(left), Fraction(right))
    except numbers.NumberFault:
        suite.decide(group, f"{rule}>=0", txn(value=left, discount=right), why=why)
        return
    digits = numbers.write(result)
    whole = digits if significant(result) else digits[: -max(1, min(12, len(digits.partition(".")[2])))].rstrip(".")
    if not significant(Fraction(whole)):
        return
    rest = result - Fraction(whole)
    unit = Fraction(1, 10**28)
    if rest == 0:
        suite.decide(group, f"{rule}=={P}", txn(value=left, discount=right, points=whole), why=why)
        if significant(result + unit) and abs(result) < 1:
            suite.decide(
                group, f"{rule}=={P}", txn(value=left, discount=right, points=numbers.write(result + unit)), why=why
            )
    else:
        suite.decide(
            group,
            f"{rule}-{P}=={Q}",
            txn(value=left, discount=right, points=whole, promisedPoints=numbers.write(rest)),
            why=why,
        )


def edges(suite):
    for operator, left, right, why in [
        ("/", "10", "3", "3.3333333333333333333333333333: 28 fraction digits"), ("/", "1", "3", None), ("/", "2", "3", "rounded up in the last digit"),
        ("/", "1", "7", None), ("/", "100", "7", "one digit before the point more, one less after it"), ("/", "1000000000", "7", None), ("/", "80", "3", "29 digits do not fit above 7.9"),
        ("/", "0.0000000000000000000000000001", "2", "a tie goes to the even zero"), ("/", "0.0000000000000000000000000003", "2", "a tie goes to the even two"),
        ("/", "0.0000000000000000000000000001", "3", None), ("/", "0.0000000000000000000000000002", "3", None), ("/", "0.0000000000000000000000000001", "10", "rounds to zero"),
        ("/", "-0.0000000000000000000000000003", "2", None), ("/", "-2", "3", None), ("/", "5", "-0.5", None), ("/", "9999999999999999999999999999", "0.1", "10^29 and more overflows"),
        ("/", "9999999999999999999999999999", "3", None), ("/", "9999999999999999999999999998", "7", None), ("/", "5000000000000000000000000000", "0.5", "10^28 exactly overflows"),
        ("*", "99999999999999", "100000000000000", None), ("*", "100000000000000", "100000000000000", "10^28 exactly overflows"), ("*", "-100000000000000", "100000000000000", None),
        ("*", "0.00000000000001", "0.00000000000001", "10^-28 fits"), ("*", "0.00000000000001", "0.000000000000001", "10^-29 rounds to zero"),
        ("*", "0.00000000000005", "0.000000000000001", "half of the last digit ties to zero"), ("*", "0.00000000000015", "0.000000000000001", "and one and a half to two"),
        ("*", "1.00000000000001", "1.00000000000001", None), ("*", "1.000000000000001", "1.000000000000001", "30 fraction digits round to 28"),
        ("*", "123456789012345678.9", "1.000000001", None), ("*", "99999999999999.9999", "99999999999999.9999", "36 digits round to those that fit"),
        ("*", "0.1", "0.1", None), ("*", "1.10", "2", None), ("+", "9999999999999999999999999999", "0", None), ("+", "9999999999999999999999999999", "1", "10^28 overflows"),
        ("+", "9999999999999999999999999999", "0.4", "rounds down to what fits"), ("+", "9999999999999999999999999998", "0.5", "29 digits fit below 2^96"), ("+", "1000000000000000000000000000", "0.0000000000000000000000000001", "rounds away"),
        ("+", "0.1", "0.2", "0.3 and nothing else"), ("+", "7922816251426433759354395033", "0.5", "79228162514264337593543950335 is the largest coefficient"),
        ("+", "7922816251426433759354395033", "0.6", "one more does not fit and is rounded"), ("+", "7922816251426433759354395034", "0.5", "a tie to the even neighbour"),
        ("+", "7922816251426433759354395035", "0.5", "a tie to the even neighbour above"), ("-", "-9999999999999999999999999999", "1", "-10^28 overflows"), ("-", "0.3", "0.1", None), ("-", "1", "0.0000000000000000000000000001", None),
        ("-", "9999999999999999999999999999", "9999999999999999999999999998", None), ("+", "9999999999999999999999999999", "0.5", "a tie rounds to 10^28, which overflows"),
        ("+", "9999999999999999999999999998", "0.25", None), ("-", "10", "10.0", "scale is never seen"),
    ]:  # fmt: skip
        operation_case(suite, "edge", operator, left, right, why)


def drawn(suite):
    """Numbers drawn with a fixed seed, so that the suite never changes by itself."""
    draw = random.Random(96)

    def number():
        digits = draw.randint(1, 28)
        fraction = draw.randint(0, digits)
        text = str(draw.randint(10 ** (digits - 1), 10**digits - 1))
        text = text[: digits - fraction].lstrip("0") or "0", text[digits - fraction :]
        return ("-" if draw.random() < 0.3 else "") + (".".join(text) if text[1] else text[0])

    for _ in range(45):
        for operator in "+-*/":
            operation_case(suite, "drawn", operator, number(), number())


def remainders(suite):
    for left, right in [
        ("7", "3"), ("-7", "3"), ("7", "-3"), ("-7", "-3"), ("7.5", "2"), ("0.3", "0.1"), ("1", "0.3"), ("10", "10"), ("0", "5"), ("5", "7"),
        ("18446744073709551.615", "0.001"), ("18446744073709551.615", "0.0010000000000000000000000001"), ("9999999999999999999999999999", "0.0000000000000000000000000003"),
        ("9999999999999999999999999999", "7"), ("1234.56", "100"), ("-0.5", "0.3"), ("9999999999999999999999999999", "9999999999999999999999999998"), ("0.0000000000000000000000000007", "0.0000000000000000000000000002"),
        ("18446744073709551615", "4294967296"), ("79228162514264337593543950.33", "0.07"),
    ]:  # fmt: skip
        operation_case(suite, "remainder", "%", left, right, "exact, with the sign of the left side")
    for value in ("1000", "1009.99", "1010", "95"):
        suite.decide("remainder", f"{V}%100<10", txn(value=value))


def faults(suite):
    for operator, zero in product("/%", ["0", "0.00", "-0"]):
        suite.both("zero", f"{V}{operator}{D}>1", txn(value="5", discount=zero), why="division by zero is a fault")
        suite.decide(
            "zero", f"{V}{operator}{D}>1", txn(discount=zero), why="an operand is absent, so the operation has no fault"
        )
        suite.decide("zero", f"{V}{operator}0==1||{V}>1", txn(value="5"), why="a fault beside true is not seen")
        suite.decide("zero", f"{V}{operator}0==1&&{V}>9", txn(value="5"), why="a fault beside false is not seen")
        suite.decide("zero", f"(1{operator}0)+(2{operator}0)==1", {}, why="both faults are reasons")
    suite.decide("zero", "0/0==0", {})
    suite.decide("zero", f"{V}/({D}-{D})>1", txn(value="5", discount="3"))
    largest = "9999999999999999999999999999"
    for rule in (f"{V}+{D}>0", f"{V}*{D}>0", f"0-{V}-{D}<0", f"{V}/0.1>0", f"({V}+{D})*0==0", f"{V}+{D}-{D}>0"):
        suite.both(
            "overflow", rule, txn(value=largest, discount=largest), why="10^28 and more is a fault of the operation"
        )
    suite.decide("overflow", f"-{V}<0", txn(value=largest), why="negation never overflows")
    suite.decide("overflow", f"{V}+({D}-{D})>0", txn(value=largest, discount=largest))
    suite.decide(
        "overflow",
        f"{V}*{D}>0&&{P}/0>1",
        txn(value=largest, discount=largest, points="1"),
        why="faults are sorted by start",
    )
    suite.decide("overflow", f"{V}*{D}>{P}", txn(value=largest, discount="10"), why="a fault and an absent value")


def never_regrouped(suite):
    big, small = "9999999999999999999999999999", "0.4"
    suite.decide("regroup", f"({V}+{D})+{D}=={V}", txn(value=big, discount=small))
    suite.decide(
        "regroup", f"{V}+({D}+{D})=={V}", txn(value=big, discount=small), why="0.8 rounds to 1, and 10^28 overflows"
    )
    suite.decide("regroup", "1/3*3==1", {}, why="0.9999999999999999999999999999")
    suite.decide("regroup", "1*3/3==1", {})
    suite.decide("regroup", "10/4*2==5", {})
    suite.decide("regroup", "10/(4*2)==1.25", {})
    suite.decide("regroup", "2/3*3==2", {})
    suite.decide("regroup", "0.1+0.2==0.3", {})
    suite.decide("regroup", f"{V}*40/100>={D}", txn(value="250", discount="100"))
    suite.decide("regroup", f"{D}<=((({V}+{D})*40)/100)", txn(value="150", discount="100"))


def literals(suite):
    for left, right in [
        ("1", "1.00"),
        ("07", "7"),
        ("0.50", "00.5"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("5.0", "5"),
        ("1.000000000", "1"),
    ]:
        suite.decide("scale", f"{left}=={right}", {}, why="scale and leading zeros are never seen")
        suite.decide("scale", f"{left}!={right}", {})
    suite.decide("digits", f"{V}==999999999999999999", txn(value="999999999999999999"), why="18 integer digits")
    suite.decide(
        "digits",
        f"{V}==999999999999999999.999999999",
        txn(value="999999999999999999.999999999"),
        why="and 9 fraction digits",
    )
    suite.decide("digits", f"{V}==000999999999999999999", txn(value="999999999999999999"), why="leading zeros aside")
    suite.decide("digits", f"{V}==-999999999999999999.999999999", txn(value="-999999999999999999.999999999"))
    for digits in (
        "1000000000000000000",
        "0.1234567891",
        "1.0000000000",
        "0001000000000000000000",
        "999999999999999999.0000000001",
        "-1000000000000000000",
    ):
        suite.errors("digits", f"{V}=={digits}", "number-range")


def intervals(suite):
    for edges in ("100,400,600", "100, 400 , 600", "0.5,0.75", "-5,0,5", "7"):
        for value in (
            "100",
            "100.01",
            "101",
            "99.99",
            "400",
            "601",
            "600",
            "0.5",
            "0.6",
            "-5",
            "-6",
            "0",
            "7",
            "7.1",
            "0.75",
        ):
            if sum(1 for part in edges.split(",") if abs(Fraction(part.strip()) - Fraction(value)) < 110):
                suite.decide(
                    "points",
                    f'{V}.interval("{edges}")=={P}',
                    txn(
                        value=value,
                        points=str(1 + sum(Fraction(edge.strip()) < Fraction(value) for edge in edges.split(","))),
                    ),
                )
    suite.decide(
        "chain",
        '(currentCustomer.currentPoints).interval("100,400,600")==2',
        {"currentCustomer": {"currentPoints": 250}},
        why="brackets around a receiver say nothing",
    )
    suite.decide("absent", f'{V}.interval("100,400")==2', {})
    suite.decide(
        "call", 'currentTxn.basketSum("brand","Puma").interval("100,400")==1', {"currentTxn": {"lineItems": []}}
    )
    suite.decide("call", 'currentTxn.basketSum("brand","Puma").interval("100,400")==1', {"currentTxn": {}})
    suite.decide("order", f'{V}.interval("100,400")>1&&{V}.interval("100,400")<3', txn(value="250"))
    for edges in (
        "",
        " ",
        ",",
        "100,",
        ",100",
        "100,,200",
        "a",
        "100,b",
        "200,100",
        "100,100",
        "100,100.0",
        "1e2",
        "100;200",
        "100 200",
        "1,0000000000000000000",
        ".5",
        "5.",
    ):
        suite.errors(
            "refused", f'{V}.interval("{edges}")==1', "impossible-value", why="edges are numbers, strictly ascending"
        )
    for edges in ("1000000000000000000", "1,0.1234567891,2", "1,2,1000000000000000000"):
        suite.errors(
            "refused",
            f'{V}.interval("{edges}")==1',
            "number-range",
            why="an edge has the form of a number of section 1",
        )
    suite.decide(
        "points", f'{V}.interval("-999999999999999999.999999999,999999999999999999.999999999")==2', txn(value="5")
    )
    suite.errors("refused", f"{V}.interval(100)==1", "type-mismatch")
    suite.errors("refused", f"{V}.interval({P})==1", "literal-expected")
    suite.errors("refused", f"{V}.interval()==1", "argument-count")
    suite.errors("refused", f'{V}.interval("1","2")==1', "argument-count")
    suite.errors("refused", f'{V}.interval("1,2")', "root-not-boolean")
    suite.errors("refused", 'currentCustomer.name.interval("1,2")==1', ("unknown-name", "interval"))
