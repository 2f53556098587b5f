"""Rules, rule sets and targets, as Python users have them."""

from __future__ import annotations

import datetime
import pickle
import threading
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from target_rules import (
    Decision,
    DocumentError,
    InvalidValueError,
    Limits,
    Rule,
    RuleError,
    RuleSet,
    Schema,
    SchemaError,
    Targets,
    TargetsError,
    Truth,
    UnknownTruthError,
    check,
    diff,
    lint,
    nearest,
)

LARGE = Rule.parse("currentTxn.value > 500")


def test_what_is_unknown_is_no_bool() -> None:
    decision = LARGE.decide({})
    assert decision.result is Truth.UNKNOWN
    with pytest.raises(UnknownTruthError, match="currentTxn.value is absent"):
        bool(decision)
    with pytest.raises(UnknownTruthError):
        bool(Truth.UNKNOWN)
    with pytest.raises(ValueError):
        assert decision


@pytest.mark.parametrize("one", list(Truth))
@pytest.mark.parametrize("other", list(Truth))
def test_logic_is_kleenes(one: Truth, other: Truth) -> None:
    numbers = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}
    assert numbers[one & other] == min(numbers[one], numbers[other])
    assert numbers[one | other] == max(numbers[one], numbers[other])
    assert numbers[~one] == 2 - numbers[one]


@pytest.mark.parametrize(
    "document",
    [
        '{"currentTxn":{"value":730.5}}',
        b'{"currentTxn":{"value":730.5}}',
        bytearray(b'{"currentTxn":{"value":730.5}}'),
        memoryview(b'{"currentTxn":{"value":730.5}}'),
        {"currentTxn": {"value": 730.5}},
        {"currentTxn": {"value": Decimal("730.50")}},
        {"currentTxn": {"value": 731}},
    ],
)
def test_a_document_is_whatever_holds_one(document: object) -> None:
    assert LARGE.decide(document).is_true  # type: ignore[arg-type]


def test_decimals_keep_their_digits() -> None:
    rule = Rule.parse("currentTxn.value - currentTxn.discount > 0")
    more, less = Decimal("0.1234567890123456789012345678"), Decimal("0.1234567890123456789012345677")
    assert rule.decide({"currentTxn": {"value": more, "discount": less}}).is_true
    assert rule.decide({"currentTxn": {"value": less, "discount": less}}).is_false
    tenth = Rule.parse("currentTxn.value + currentTxn.discount == 0.3")
    assert tenth.decide({"currentTxn": {"value": 0.1, "discount": 0.2}}).is_true


def test_dates_are_those_of_python() -> None:
    rule = Rule.parse("currentTxn.date.dayOfMonth() == 10")
    moment = datetime.datetime(2024, 8, 9, 20, tzinfo=datetime.timezone.utc)
    document = {"currentTxn": {"date": moment}}
    assert rule.decide(document, zone="Asia/Kolkata").is_true
    assert rule.decide(document, zone=ZoneInfo("Asia/Kolkata")).is_true
    half = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    assert rule.decide(document, zone=half).is_true
    west = datetime.timezone(-datetime.timedelta(hours=2, minutes=30))
    assert Rule.parse("currentTxn.date.dayOfMonth() == 9").decide(document, zone=west).is_true
    assert rule.decide(document).is_false
    with pytest.raises(InvalidValueError, match="no such"):
        rule.decide(document, zone="no such")


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (Decimal("NaN"), ValueError),
        (object(), TypeError),
        ({1: 2}, TypeError),
        ({"a", "b"}, TypeError),
    ],
)
def test_what_json_has_no_form_for_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        LARGE.decide({"currentTxn": {"value": value}})


def test_a_document_that_holds_itself_is_refused() -> None:
    document: dict[str, object] = {}
    document["currentTxn"] = document
    with pytest.raises(ValueError, match="nests deeper"):
        LARGE.decide(document)


def test_texts_are_escaped() -> None:
    rule = Rule.parse(r'currentCustomer.firstname == "a\"b\\c"')
    assert rule.decide({"currentCustomer": {"firstname": 'a"b\\c'}}).is_true
    assert LARGE.decide({"a\n\x00\x1f": "\t\U0001f600", "currentTxn": {"value": 501}}).is_true


def test_errors_carry_diagnostics() -> None:
    with pytest.raises(RuleError) as raised:
        Rule.parse("currentTxn.valu > 500 && currentTxn.date = 5")
    assert raised.value.diagnostics and raised.value.diagnostics[0].is_error
    again = pickle.loads(pickle.dumps(raised.value))
    assert again.diagnostics == raised.value.diagnostics and str(again) == str(raised.value)
    with pytest.raises(DocumentError) as refused:
        LARGE.decide('{"currentTxn": {"value": "much"}}')
    assert refused.value.diagnostics[0].pointer == "/currentTxn/value"
    with pytest.raises(SchemaError):
        Schema.standard().with_file({"profiles": 5})
    with pytest.raises(TargetsError) as wrong:
        Targets.from_json({"data": [{"id": 50, "expression": "currentTxn.valu>5"}]})
    assert (wrong.value.diagnostics[0].file or {})["pointer"] == "/data/0/expression"


def test_edits_mend() -> None:
    text = "currentTxn.valu > 500"
    [found] = check(text).diagnostics
    assert check(found.suggestions[0].apply(text)).ok
    assert "^" in found.render(text, "bills.rule")


def test_edits_of_more_than_ascii_are_of_bytes() -> None:
    text = 'currentCustomer.firstname == "größe" && currentTxn.valu > 500'
    found = next(one for one in check(text).diagnostics if one.code == "unknown-name")
    assert check(found.suggestions[0].apply(text)).ok


def test_both_forms_agree() -> None:
    assert Rule.from_json(LARGE.json) == LARGE
    assert Rule.from_forms(LARGE.text, LARGE.json) == LARGE
    with pytest.raises(RuleError):
        Rule.from_forms("currentTxn.value>501", LARGE.json)
    assert hash(Rule.from_json(LARGE.json)) == hash(LARGE)
    assert eval(repr(LARGE)) == LARGE


def test_a_rule_is_checked_against_another_schema() -> None:
    own = Schema.standard().with_file(
        {"profiles": {"currentCustomer": {"attributes": {"extField_visits": {"type": "number"}}}}}
    )
    rule = Rule.parse("currentCustomer.extField_visits > 5", schema=own)
    assert rule.check(own).ok and not rule.check(own).diagnostics
    assert rule.check(Schema.standard()).diagnostics[0].code == "assumed-type"
    again = pickle.loads(pickle.dumps(rule))
    assert again == rule and again.check(own).ok


def test_limits_hold() -> None:
    with pytest.raises(RuleError) as raised:
        Rule.parse("currentTxn.value > 500", limits=Limits(rule_text=10))
    assert raised.value.diagnostics[0].code == "limit"
    with pytest.raises(InvalidValueError, match="dept"):
        Limits(dept=3)
    assert pickle.loads(pickle.dumps(Limits(depth=7)))["depth"] == 7


def test_many_are_decided_as_one_by_one() -> None:
    documents = [f'{{"currentTxn":{{"value":{value}}}}}' for value in range(1200)]
    documents[7], documents[8] = "{}", "["
    decisions = LARGE.decide_many(documents)
    lines = LARGE.decide_lines("\n".join([*documents, "", " "]))
    assert len(decisions) == len(lines) == 1200
    assert decisions.results == lines.results
    for at, document in enumerate(documents):
        if at == 8:
            with pytest.raises(DocumentError):
                decisions[at]
        else:
            assert decisions[at] == lines[at] == LARGE.decide(document)
    assert list(decisions.errors) == [8]
    assert decisions[-1].is_true and [one.is_true for one in decisions[-2:]] == [True, True]
    assert repr(decisions) == "<Decisions: 699 true, 499 false, 1 unknown, 1 refused>"
    with pytest.raises(IndexError):
        decisions[1200]
    assert LARGE.decide_many(documents, threads=1).results == decisions.results


def test_items_are_told() -> None:
    rule = Rule.parse('currentLineItem.code == "221900"')
    assert rule.unrolls
    items = [{"code": "4711"}, {"code": "221900"}]
    document = {"currentTxn": {"lineItems": items}}
    decision = rule.decide(document)
    assert decision.is_true and decision.items == (1,)


def test_a_set_says_what_its_rules_say() -> None:
    rules = {
        "large": LARGE,
        "gold": Rule.parse('currentCustomer.slabName == "Gold"'),
        "ratio": Rule.parse("currentTxn.value / currentTxn.discount > 2"),
    }
    together = RuleSet(rules)
    documents = [
        {"currentTxn": {"value": 600, "discount": 0}},
        {"currentTxn": {"value": 6, "discount": 1}, "currentCustomer": {"slabName": "Gold"}},
        {},
    ]
    many = together.decide_many(documents)
    for at, document in enumerate(documents):
        matches = together.decide(document)
        assert many[at] == matches
        for name, rule in rules.items():
            assert matches[name] == rule.decide(document), (name, document)
    assert list(together) == list(rules) and "large" in together and together["large"] is LARGE
    assert pickle.loads(pickle.dumps(together)).decide(documents[1]) == many[1]
    with pytest.raises(ValueError):
        RuleSet([("a", LARGE), ("a", LARGE)])


def test_targets_decide_with_their_filters() -> None:
    targets = Targets.from_json(
        {
            "data": [
                {
                    "id": 50,
                    "name": "Large",
                    "expression": "currentTxn.value > 500",
                    "filters": [{"entityType": "STORE", "entityIds": [7]}],
                },
                {"id": 51, "active": False, "expression": "true"},
            ]
        }
    )
    bill = {"currentTxn": {"value": 730}, "currentStore": {"id": 7}}
    assert targets.decide(bill).true == (50,)
    assert targets.decide({**bill, "currentStore": {"id": 8}}).true == ()
    elsewhere = targets.decide({"currentTxn": {"value": 730}})
    assert elsewhere.unknown == (50,) and elsewhere[50].absent
    assert [one.true for one in targets.decide_lines(b'{"currentTxn":{"value":1}}\n{}')] == [(), ()]
    assert targets[50].name == "Large" and not targets[51].active and len(targets) == 2
    assert "500" in targets.describe(50)
    assert pickle.loads(pickle.dumps(targets)).decide(bill).true == (50,)
    assert [report.ok for report in Targets.check('{"data": [{"id": "x"}]}')] == [False]


def test_threads_share_a_rule() -> None:
    wrong: list[Decision] = []

    def work() -> None:
        for value in range(400):
            decision = LARGE.decide({"currentTxn": {"value": 400 + value}})
            if decision.is_true != (value > 100):
                wrong.append(decision)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_lock_of_python_is_free_while_it_works() -> None:
    lines = b"\n".join([b'{"currentTxn":{"value":730.50},"padding":"' + b"x" * 900 + b'"}'] * 60_000)
    counted, done = 0, threading.Event()

    def work() -> None:
        LARGE.decide_lines(lines, threads=1)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.001):
        counted += 1
    thread.join()
    assert counted >= 3, counted


def test_analysis_answers() -> None:
    new = Rule.parse("currentTxn.value > 900")
    assert diff(LARGE, new).verdict == "narrower"
    assert diff(LARGE, Rule.parse("currentTxn.value>500.0")).verdict == "equivalent"
    assert lint(LARGE) == []
    [never] = lint(Rule.parse("currentTxn.value > 5 && currentTxn.value < 3"))[:1]
    assert never.diagnostic.code in ("never-true", "contradiction")
    found = nearest(LARGE, {"currentTxn": {"value": Decimal("454.99")}})
    assert found.result is Truth.FALSE
    assert LARGE.decide(found.nudges[0].transaction).is_true
    assert nearest(LARGE, {"currentTxn": {"value": 501}}).nudges == ()
