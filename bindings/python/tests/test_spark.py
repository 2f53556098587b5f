"""On a real cluster of processes: the same report and the same decisions as on one machine."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from target_rules import Backtest, DocumentMapping, Rule, RuleSet, Targets, backtest, compare

pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed")

from pyspark.sql import SparkSession  # noqa: E402

from target_rules import spark as on_spark  # noqa: E402

TARGETS = Targets.from_json(
    {
        "data": [
            {"id": 50, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "currentTxn.value > 500"},
            {"id": 51, "targetType": "COUNT", "expression": 'currentCustomer.slabName == "Gold"'},
        ]
    }
)


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Two executor processes beside the driver."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("target-rules")
    session = (
        builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "20000")
        .getOrCreate()
    )
    yield session
    session.stop()


def bill(at: int) -> str:
    document = {
        "currentCustomer": {"id": at % 97, "slabName": ("Gold", "Silver", None)[at % 3]},
        "currentTxn": {"number": f"n-{at}", "date": f"2026-03-{at % 28 + 1:02}", "value": at * 37 % 1000},
        "currentStore": {"id": at % 4, "name": "größe " * (at % 5)},
    }
    return json.dumps(document, ensure_ascii=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cuts inside lines, CRLF, an empty file, a bad line, gzip, and row groups of Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("bills")
    (folder / "a.ndjson").write_text("\n".join(bill(at) for at in range(3000)), encoding="utf-8")
    (folder / "b.ndjson").write_bytes("\r\n".join(bill(at) for at in range(3000, 4200)).encode())
    (folder / "c.ndjson").write_text("")
    bad = [bill(at) if at != 4500 else '{"currentTxn": {"value": "much"}}' for at in range(4200, 5000)]
    (folder / "d.ndjson").write_text("\n".join(bad) + "\n", encoding="utf-8")
    (folder / "e.ndjson.gz").write_bytes(gzip.compress("\n".join(bill(at) for at in range(5000, 5600)).encode()))
    rows = pa.table({"document": pa.array([bill(at) for at in range(5600, 6200)])})
    pq.write_table(rows, folder / "f.parquet", row_group_size=200)
    return folder


def test_there_is_more_than_one_executor_process(spark: SparkSession) -> None:
    def where(batches: Any) -> Any:
        import time

        import pyarrow as pa

        time.sleep(0.3)
        yield from (pa.RecordBatch.from_pydict({"pid": [os.getppid()]}) for _ in batches)

    found = spark.range(0, 8, 1, 8).mapInArrow(where, "pid bigint").collect()
    assert len({row["pid"] for row in found} - {os.getpid()}) > 1


@pytest.mark.parametrize("splits", [1, 3, 16])
def test_the_report_is_that_of_one_machine(spark: SparkSession, folder: Path, splits: int) -> None:
    whole = backtest(TARGETS, folder)
    assert whole.whole and whole["input"]["unreadable"] == 1
    counted = on_spark.backtest(spark, TARGETS, folder, splits=splits)
    assert counted.to_json() == whole.to_json()


def test_versions_are_compared(spark: SparkSession, folder: Path) -> None:
    old, new = Rule.parse("currentTxn.value > 500"), Rule.parse("currentTxn.value > 900")
    counted = on_spark.compare(spark, old, new, folder, splits=3)
    assert counted == compare(old, new, folder)


def test_documents_of_another_shape_are_read_by_a_mapping(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "orders.ndjson"
    path.write_text("\n".join(json.dumps({"total": f"{at},50", "state": at % 3}) for at in range(2000)))
    mapping = DocumentMapping.from_json(
        {
            "document": {"currentTxn": {"value": {"at": "/total", "decimal": ","}}},
            "skip": [{"at": "/state", "equals": 2}],
        }
    )
    whole = backtest(TARGETS, path, mapping=mapping)
    assert whole["input"]["skipped"] == 666 and whole.targets[0]["eligible"] == 1000
    assert on_spark.backtest(spark, TARGETS, path, splits=5, mapping=mapping).to_json() == whole.to_json()


#: Sent to executors: a plan that ends its process once it has counted, in a first attempt.
DYING = """
import os
from target_rules import Backtest
from target_rules._backtest import _backtest_of
class Dying(Backtest):
    __slots__ = ()
    def part(self, paths, splits):
        from pyspark import TaskContext
        part = super().part(paths, splits)
        context = TaskContext.get()
        if context.partitionId() == 2 and context.attemptNumber() == 0:
            open({died!r}, "w").close()
            os._exit(1)
        return part
    def __reduce__(self):
        return again, self._given
def again(*given):
    made = _backtest_of(*given)
    dying = object.__new__(Dying)
    dying._given, dying._native = made._given, made._native
    return dying
"""


def test_a_backtest_is_whole_though_a_process_dies(
    spark: SparkSession, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = tmp_path / "died-too"
    module = tmp_path / "dying_in_a_first_attempt.py"
    module.write_text(DYING.format(died=str(died)))
    spark.sparkContext.addPyFile(str(module))
    dying = importlib.import_module("dying_in_a_first_attempt")
    monkeypatch.setattr(on_spark, "Backtest", dying.Dying)
    counted = on_spark.backtest(spark, TARGETS, folder, splits=4)
    assert died.exists()
    assert counted.to_json() == backtest(TARGETS, folder).to_json()


def test_a_task_that_dies_is_done_again(
    spark: SparkSession, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = tmp_path / "died"
    plan = Backtest(TARGETS)
    whole = plan.run(folder)
    splits = plan.splits(folder, bytes=50_000)
    path = str(folder)

    def parts(batches: Any) -> Any:
        import pyarrow as pa
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        for batch in batches:
            for task in batch.column(0).to_pylist():
                part = plan.part(path, splits[task::4])
                if task == 2 and context.attemptNumber() == 0:
                    died.write_text("after it had counted")
                    os._exit(1)
                yield pa.RecordBatch.from_pydict({"part": pa.array([part], pa.binary())})

    counted = spark.range(0, 4, 1, 4).mapInArrow(parts, "part binary").collect()
    assert died.exists()
    assert plan.merge(folder, [bytes(row["part"]) for row in counted]).to_json() == whole.to_json()


def test_rows_are_decided_as_by_the_library(spark: SparkSession, tmp_path: Path) -> None:
    count = 100_000
    columns = spark.range(0, count, 1, 4).selectExpr(
        "id",
        "cast((id * 37) % 1000 as decimal(12,2)) as `currentTxn.value`",
        "case id % 3 when 0 then 'Gold' when 1 then 'Silver' end as `currentCustomer.slabName`",
    )
    found = on_spark.decide(columns, TARGETS).toArrow().sort_by("id")
    lines = "\n".join(
        json.dumps(
            {
                "currentTxn": {"value": at * 37 % 1000},
                "currentCustomer": {"slabName": ("Gold", "Silver", None)[at % 3]},
            }
        )
        for at in range(count)
    )
    expected = TARGETS.decide_lines(lines)
    assert found["matching"].to_pylist() == expected.to_arrow().to_pylist()
    assert [len(one) for one in found["undecided"].to_pylist()] == [int(at % 3 == 2) for at in range(count)]
    assert found["refused"].null_count == count


def test_documents_of_a_column(spark: SparkSession) -> None:
    rows = [(1, bill(20)), (2, "{"), (3, "{}")]
    frame = spark.createDataFrame(rows, "id bigint, bill string")
    rule = Rule.parse("currentTxn.value > 500")
    found = {row["id"]: row for row in on_spark.decide(frame, rule, json="bill").collect()}
    assert (found[1]["result"], found[2]["result"], found[3]["result"]) == (True, None, None)
    assert found[2]["refused"] and found[1]["refused"] is None and found[3]["refused"] is None
    rules = RuleSet({"large": rule, "gold": Rule.parse('currentCustomer.slabName == "Gold"')})
    named = {row["id"]: row for row in on_spark.decide(frame, rules, json="bill").collect()}
    assert named[1]["matching"] == ["large"] and sorted(named[3]["undecided"]) == ["gold", "large"]


def test_examples_of_the_guide_are_true(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = Path(__file__).resolve().parents[3] / "docs/spark.md"
    blocks = re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bills").mkdir()
    (tmp_path / "bills/a.ndjson").write_text("\n".join(bill(at) for at in range(50)), encoding="utf-8")
    (tmp_path / "targets.json").write_text(TARGETS.json)
    code = "\n".join(blocks).replace("/data/bills/", str(tmp_path / "bills"))
    scope = {"spark": spark, "bills": spark.createDataFrame([(bill(20),)], "document string")}
    exec(code, scope)
    assert scope["report"] == backtest(TARGETS, tmp_path / "bills")
    assert [row["matching"] for row in scope["decided"].collect()] == [[50]]


def test_another_version_on_an_executor_is_refused() -> None:
    with pytest.raises(Exception, match="install the same"):
        on_spark._assert_same("0.0.0")
