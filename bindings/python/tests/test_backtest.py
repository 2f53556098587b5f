"""Backtests: whole, in parts, compared; splits cut anywhere."""

from __future__ import annotations

import datetime
import gzip
import json
import pickle
from decimal import Decimal
from pathlib import Path

import pytest

from target_rules import (
    Backtest,
    BacktestError,
    Comparison,
    DocumentMapping,
    InputError,
    MappingError,
    Report,
    Rule,
    Split,
    Targets,
    backtest,
    compare,
)

TARGETS = Targets.from_json(
    {
        "data": [
            {"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "currentTxn.value > 500"},
            {"id": 51, "targetType": "COUNT", "expression": 'currentCustomer.slabName == "Gold"'},
        ]
    }
)
ENROLMENTS = [{"userId": user, "targetId": 50, "value": 5000} for user in range(1, 6)]


def bill(at: int) -> str:
    document = {
        "currentCustomer": {"id": at % 7, "slabName": ("Gold", "Silver", None)[at % 3]},
        "currentTxn": {"number": f"n-{at}", "date": f"2026-03-{at % 28 + 1:02}", "value": at * 37 % 1000},
        "currentStore": {"id": at % 4, "name": "größe " * (at % 5)},
    }
    return json.dumps(document, ensure_ascii=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Plain lines, CRLF, an empty file, a bad line, gzip, an array, and no last line feed."""
    plain = [bill(at) for at in range(300)]
    (tmp_path / "a.ndjson").write_text("\n".join(plain), encoding="utf-8")
    (tmp_path / "b.ndjson").write_bytes("\r\n".join(bill(at) for at in range(300, 420)).encode())
    (tmp_path / "c.ndjson").write_text("")
    bad = [bill(at) if at != 450 else '{"currentTxn": {"value": "much"}}' for at in range(420, 500)]
    (tmp_path / "d.ndjson").write_text("\n\n".join(bad) + "\n", encoding="utf-8")
    (tmp_path / "e.ndjson.gz").write_bytes(gzip.compress("\n".join(bill(at) for at in range(500, 560)).encode()))
    (tmp_path / "f.json").write_text("[" + ",".join(bill(at) for at in range(560, 600)) + "]")
    return tmp_path


def test_a_report_says_what_would_have_been_hit(folder: Path) -> None:
    report = backtest(TARGETS, folder, enrolments=ENROLMENTS, zone="Asia/Kolkata")
    assert report["input"]["transactions"] == 599 and report["input"]["unreadable"] == 1
    sales = report.targets[0]
    hits = [at for at in range(600) if at != 450 and at * 37 % 1000 > 500]
    assert sales["eligible"] == len(hits)
    assert sales["amount"] == Decimal(sum(at * 37 % 1000 for at in hits))
    assert json.loads(report.to_json())["targets"][0]["eligible"] == len(hits)
    assert report.to_html().startswith("<!DOCTYPE html>") and "<iframe" in report._repr_html_()
    assert set(report) >= {"input", "targets"} and len(report) == len(list(report))
    again = pickle.loads(pickle.dumps(report))
    assert again == report and again.targets == report.targets


@pytest.mark.parametrize("size", [1, 3, 7, 64, 1000, 10**9])
def test_splits_cut_anywhere_give_the_same_report(folder: Path, size: int) -> None:
    plan = Backtest(TARGETS, enrolments=ENROLMENTS)
    whole = plan.run(folder)
    assert whole.whole
    if size < 7:
        # So small that most hold no line's beginning: of one file.
        folder = folder / "b.ndjson"
        whole = plan.run(folder)
    splits = plan.splits(folder, bytes=size)
    # Each is counted by a plan of its own, as another process has it.
    shares = [splits[at::3] for at in range(3)]
    parts = [pickle.loads(pickle.dumps(plan)).part(folder, share) for share in shares]
    assert plan.merge(folder, parts) == whole
    assert plan.merge(folder, reversed(parts)).to_json() == whole.to_json()


def test_splits_of_ones_own(folder: Path) -> None:
    plan = Backtest(Rule.parse("currentTxn.value > 500"))
    path = str(folder / "a.ndjson")
    length = (folder / "a.ndjson").stat().st_size
    for cut in (1, 100, 101, length - 1):
        parts = [plan.part(path, [Split(path, 0, cut)]), plan.part(path, [Split(path, cut, length)])]
        assert plan.merge(path, parts) == plan.run(path)


def test_parts_that_are_not_all_say_so(folder: Path) -> None:
    plan = Backtest(TARGETS)
    splits = plan.splits(folder, bytes=4000)
    part = plan.part(folder, splits[1:])
    report = plan.merge(folder, [part])
    assert not report.whole and report["input"]["notWhole"]
    with pytest.raises(ValueError, match="two parts"):
        plan.merge(folder, [part, plan.part(folder, splits[3:4])])
    path = splits[0].path
    overlapping = plan.part(folder, [Split(path, 10, 20)])
    with pytest.raises(ValueError, match="two parts"):
        plan.merge(folder, [plan.part(folder, [Split(path, 0, 15)]), overlapping])
    with pytest.raises(BacktestError):
        Backtest(Rule.parse("true")).merge(folder, [part])
    with pytest.raises(BacktestError):
        plan.merge(folder, [part[: len(part) // 2]])


def test_splits_that_are_none(folder: Path) -> None:
    plan = Backtest(TARGETS)
    packed = str(folder / "e.ndjson.gz")
    for split in (Split("nowhere", 0), Split(packed, 5), Split(str(folder / "a.ndjson"), 9, 3)):
        with pytest.raises(ValueError):
            plan.part(folder, [split])
    assert [split for split in plan.splits(folder, bytes=100) if split.path == packed] == [Split(packed)]


def test_versions_are_compared(folder: Path) -> None:
    old = {"large": Rule.parse("currentTxn.value > 500")}
    new = {"large": Rule.parse("currentTxn.value > 900")}
    comparison = compare(old, new, folder)
    assert isinstance(comparison, Comparison) and comparison.to_html().startswith("<!DOCTYPE html>")
    plan = Backtest(old, new)
    parts = [plan.part(folder, [split]) for split in plan.splits(folder, bytes=5000)]
    assert plan.merge(folder, parts) == comparison
    assert compare(TARGETS, TARGETS, folder)["input"]["transactions"] == 599


def test_options(folder: Path) -> None:
    rule = Rule.parse("currentTxn.value > 500")
    march = datetime.date(2026, 3, 10)
    some = backtest(rule, folder, since=march, until=march, threads=1)
    assert 0 < some["input"]["transactions"] < 100
    assert not backtest(rule, folder, sample=0.5).whole
    with pytest.raises(BacktestError):
        backtest(rule, folder, strict=True)
    with pytest.raises(InputError):
        backtest(rule, folder / "nowhere.ndjson")
    with pytest.raises(OSError):
        backtest(rule, folder / "nowhere.ndjson")
    with pytest.raises(ValueError):
        backtest(TARGETS, folder, focus=[99])


MAPPING = {
    "document": {
        "currentTxn": {"number": "/id", "value": {"at": "/total", "thousands": ".", "decimal": ","}},
        "currentCustomer": {"slabName": "/tier"},
    },
    "skip": [{"at": "/status", "equals": "failed"}],
}


def test_documents_of_another_shape_are_read_by_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "orders.ndjson"
    orders = [{"id": at, "total": f"1.{at:03},50", "tier": "Gold", "status": "paid"} for at in range(200)]
    orders[7]["status"] = "failed"
    path.write_text("\n".join(map(json.dumps, orders)))
    plan = Backtest(TARGETS, mapping=DocumentMapping.from_json(MAPPING))
    whole = plan.run(path)
    assert (whole["input"]["transactions"], whole["input"]["skipped"]) == (199, 1)
    assert whole.targets[0]["eligible"] == 199
    assert whole.targets[0]["amount"] == sum(Decimal(1000 + at) + Decimal("0.5") for at in range(200) if at != 7)
    again = pickle.loads(pickle.dumps(plan))
    parts = [again.part(path, [split]) for split in plan.splits(path, bytes=777)]
    assert len(parts) > 3 and plan.merge(path, parts) == whole
    # As they are none of them has a value.
    assert backtest(TARGETS, path).targets[0]["eligible"] == 0


def test_mappings() -> None:
    mapping = DocumentMapping.from_json(json.dumps(MAPPING).encode())
    assert pickle.loads(pickle.dumps(mapping)).as_dict() == mapping.as_dict() == MAPPING
    assert "currentTxn" in repr(DocumentMapping.ready_made("shopify-order"))
    with pytest.raises(ValueError, match="shopfy"):
        DocumentMapping.ready_made("shopfy-order")
    with pytest.raises(MappingError) as refused:
        DocumentMapping.from_json({"document": {"currentTxn": {"valu": "/total"}}})
    assert refused.value.diagnostics
    with pytest.raises(TypeError):
        DocumentMapping()


def test_parquet_files_are_read(tmp_path: Path, folder: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "bills.parquet"
    table = pa.table({"document": pa.array([bill(at) for at in range(300)])})
    pq.write_table(table, path, row_group_size=100, compression="zstd")
    plan = Backtest(TARGETS, enrolments=ENROLMENTS)
    lines, rows = plan.run(folder / "a.ndjson"), plan.run(path)
    assert rows.whole and rows["targets"] == lines["targets"]
    splits = plan.splits(path)
    assert len(splits) == 3
    assert plan.merge(path, [plan.part(path, [split]) for split in reversed(splits)]) == rows


def test_a_page_of_what_is_no_report() -> None:
    with pytest.raises(ValueError):
        Report("{}").to_html()
