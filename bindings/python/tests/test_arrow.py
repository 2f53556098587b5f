"""Tables of pyarrow, polars and pandas, without a copy by way of Python objects."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from target_rules import Rule, RuleSet, Targets, Truth

LARGE = Rule.parse("currentTxn.value > 500")
VALUES = [Decimal("730.50"), Decimal("12.00"), None, Decimal("500.00"), Decimal("500.01")]
EXPECTED = [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN, Truth.FALSE, Truth.TRUE]


def table() -> pa.Table:
    return pa.table({"currentTxn.value": pa.array(VALUES, pa.decimal128(12, 2))})


def test_a_table_of_pyarrow() -> None:
    assert LARGE.decide_arrow(table()).results == EXPECTED
    assert LARGE.decide_arrow(table().to_batches()[0]).results == EXPECTED
    assert LARGE.decide_arrow(table().to_reader()).results == EXPECTED
    assert LARGE.decide_arrow(table()).to_arrow().to_pylist() == [True, False, None, False, True]


def test_a_frame_of_polars() -> None:
    frame = pl.DataFrame({"currentTxn.value": VALUES}, schema={"currentTxn.value": pl.Decimal(12, 2)})
    assert LARGE.decide_arrow(frame).results == EXPECTED
    texts = pl.DataFrame({"currentCustomer.slabName": ["Gold", None, "Silver"]})
    gold = Rule.parse('currentCustomer.slabName == "Gold"')
    assert gold.decide_arrow(texts).results == [Truth.TRUE, Truth.UNKNOWN, Truth.FALSE]


def test_a_frame_of_pandas() -> None:
    frame = pd.DataFrame({"currentTxn.value": VALUES})
    assert LARGE.decide_arrow(frame).results == EXPECTED
    floats = pd.DataFrame({"currentTxn.value": [730.5, 12.0, None]})
    assert LARGE.decide_arrow(floats).results == [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]


def test_digits_are_exact() -> None:
    digits = "0.1234567890123456789012345678"
    rule = Rule.parse("currentTxn.value - currentTxn.discount > 0")
    for kind in (pa.decimal128(38, 28), pa.decimal256(60, 28)):
        value = pa.array([Decimal(digits), Decimal(digits)], kind)
        discount = pa.array([Decimal(digits[:-1] + "7"), Decimal(digits)], kind)
        rows = pa.table({"currentTxn.value": value, "currentTxn.discount": discount})
        assert rule.decide_arrow(rows).results == [Truth.TRUE, Truth.FALSE]
    most = Rule.parse("currentTxn.value == 999999999999999999")
    column = pa.array([10**18 - 1, 10**18 - 2], pa.int64())
    assert most.decide_arrow(pa.table({"currentTxn.value": column})).results == [Truth.TRUE, Truth.FALSE]


@pytest.mark.parametrize(
    "kind",
    [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
     pa.float32(), pa.float64(), pa.decimal128(9, 1)],
)  # fmt: skip
def test_numbers_of_every_kind(kind: pa.DataType) -> None:
    rule = Rule.parse("currentTxn.value > 5")
    column = pa.array([6, 5, None], kind)
    expected = [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]
    assert rule.decide_arrow(pa.table({"currentTxn.value": column})).results == expected


def test_structs_and_lists_are_objects_and_arrays() -> None:
    documents = [
        {"currentTxn": {"value": 600, "lineItems": [{"qty": 2, "attributes": {"brand": "Puma"}}]}},
        {"currentTxn": {"value": 700, "lineItems": [{"qty": 1, "attributes": {"brand": "Nike"}}]}},
        {"currentTxn": {"value": None, "lineItems": []}},
    ]
    rule = Rule.parse('currentTxn.value > 500 && currentTxn.basketQty("brand", "Puma") >= 2')
    expected = [rule.decide(json.dumps(document)).result for document in documents]
    assert expected[:2] == [Truth.TRUE, Truth.FALSE]
    rows = pa.Table.from_pylist(documents)
    assert rule.decide_arrow(rows).results == expected
    assert rule.decide_arrow(pl.DataFrame(documents)).results == expected


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary()])
def test_a_column_of_documents(kind: pa.DataType) -> None:
    texts = ['{"currentTxn":{"value":730.50}}', '{"currentTxn":{"value":1}}', None, "["]
    column = pa.array(texts, kind)
    decisions = LARGE.decide_arrow(pa.table({"id": [1, 2, 3, 4], "bill": column}), json="bill")
    assert decisions.results == [Truth.TRUE, Truth.FALSE, None, None]
    assert sorted(decisions.errors) == [2, 3]


def test_dictionaries_are_their_values() -> None:
    column = pa.array(["Gold", "Silver", None, "Gold"]).dictionary_encode()
    gold = Rule.parse('currentCustomer.slabName == "Gold"')
    expected = [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN, Truth.TRUE]
    assert gold.decide_arrow(pa.table({"currentCustomer.slabName": column})).results == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments(unit: str) -> None:
    rule = Rule.parse("currentTxn.date.dayOfMonth() == 10")
    moment = datetime.datetime(2024, 8, 9, 20, tzinfo=datetime.timezone.utc)
    aware = pa.table({"currentTxn.date": pa.array([moment], pa.timestamp(unit, "UTC"))})
    assert rule.decide_arrow(aware, zone="Asia/Kolkata").results == [Truth.TRUE]
    assert rule.decide_arrow(aware).results == [Truth.FALSE]
    plain = datetime.datetime(2024, 8, 10, 0, 30)
    local = pa.table({"currentTxn.date": pa.array([plain], pa.timestamp(unit))})
    assert rule.decide_arrow(local, zone="Asia/Kolkata").results == [Truth.TRUE]
    day = pa.table({"currentTxn.date": pa.array([datetime.date(2024, 8, 9)], pa.date32())})
    weekday = Rule.parse("currentTxn.date.dayOfMonth() == 9")
    assert weekday.decide_arrow(day, zone="America/New_York").results == [Truth.TRUE]


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no form"):
        LARGE.decide_arrow(pa.table({"a": pa.array([datetime.timedelta(1)])}))
    with pytest.raises(ValueError, match="no column"):
        LARGE.decide_arrow(table(), json="bill")
    with pytest.raises(ValueError, match="two columns"):
        LARGE.decide_arrow(pa.table({"a": [1], "a.b": [2]}))
    with pytest.raises((TypeError, ValueError)):
        LARGE.decide_arrow([1, 2])  # type: ignore[arg-type]


def test_empty_batches() -> None:
    assert LARGE.decide_arrow(table().slice(0, 0)).results == []
    assert LARGE.decide_arrow(table().slice(1, 3)).results == EXPECTED[1:4]


def test_ids_come_back_as_lists() -> None:
    payload = {"data": [{"id": 50, "expression": "currentTxn.value > 500"},
                        {"id": 2**40, "expression": "currentTxn.value > 700"}]}  # fmt: skip
    matches = Targets.from_json(payload).decide_arrow(table())
    assert matches.to_arrow().to_pylist() == [[50, 2**40], [], [], [], [50]]
    assert matches.to_arrow(Truth.UNKNOWN).to_pylist() == [[], [], [50, 2**40], [], []]
    assert [one.true for one in matches] == [(50, 2**40), (), (), (), (50,)]
    named = RuleSet({"large": LARGE}).decide_arrow(table())
    assert named.to_arrow().to_pylist() == [[0], [], [], [], [0]]


def test_rows_are_decided_as_documents() -> None:
    """100 000 rows of columns, as the documents that they are."""
    rule = Rule.parse('currentTxn.value > 500 && currentCustomer.slabName == "Gold"')
    values = [Decimal(at % 1009) for at in range(100_000)]
    slabs = [("Gold", "Silver", None)[at % 3] for at in range(100_000)]
    columns = pa.table({"currentTxn.value": pa.array(values, pa.decimal128(12, 2)), "currentCustomer.slabName": slabs})
    lines = "\n".join(
        json.dumps({"currentTxn": {"value": int(value)}, "currentCustomer": {"slabName": slab}})
        for value, slab in zip(values, slabs, strict=True)
    )
    assert rule.decide_arrow(columns).results == rule.decide_lines(lines).results
