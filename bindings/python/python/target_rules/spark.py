"""The same engine on Spark: decisions over DataFrames, and backtests whose files each
executor reads by itself.

Lines of files don't pass through Spark: splits go out, parts of the report come back, and
the driver merges them. What is in a DataFrame already comes as Arrow. The package must be
installed on every executor, in the version of the driver; each task asserts that.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from . import __version__
from ._backtest import Backtest, Comparison, Held, Paths, Report
from ._errors import TargetRulesError
from ._rule import Rule, RuleSet
from ._settings import ZoneLike, _zone_name
from ._targets import Targets
from ._values import Truth

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


def _assert_same(version: str) -> None:
    """Fails where the native part isn't here in the version of the driver."""
    from . import _native

    if version != __version__ or not hasattr(_native, "Plan"):
        raise TargetRulesError(
            f"this executor has target_rules {__version__}, and the driver {version}; install the same"
        )


@functools.lru_cache(maxsize=16)
def _loaded(pickled: bytes) -> Any:
    """What the driver sent, compiled once in a worker process."""
    return pickle.loads(pickled)


def _sent(spark: SparkSession, pickled: bytes) -> Callable[[], bytes]:
    """Sends bytes to every executor once, where the session can."""
    try:
        broadcast = spark.sparkContext.broadcast(pickled)
    except Exception:  # A session by Spark Connect has no context, and its tasks carry it.
        return lambda: pickled
    return lambda: broadcast.value


def decide(
    df: DataFrame,
    held: Targets | Rule | RuleSet[Any],
    *,
    json: str | None = None,
    zone: ZoneLike = "UTC",
) -> DataFrame:
    """Decides targets or rules for each row of a DataFrame.

    A column is a key of the document, as :meth:`Rule.decide_arrow` says; or ``json`` names
    the column that holds documents. The columns of ``df`` stay, and there are more:

    * of targets and rule sets, ``matching`` and ``undecided``: the ids of those that are
      true, and of those that are unknown (of a set as texts);
    * of one rule ``result``, null where it is unknown;
    * ``refused``: why the document of a row can't be read; null where it can.
    """
    from pyspark.sql import types as t

    ids: t.DataType = t.ArrayType(t.LongType() if isinstance(held, Targets) else t.StringType(), False)
    schema = t.StructType(list(df.schema.fields))
    if isinstance(held, Rule):
        schema = schema.add("result", t.BooleanType())
    else:
        schema = schema.add("matching", ids).add("undecided", ids)
    schema = schema.add("refused", t.StringType())
    name, version = _zone_name(zone), __version__
    # Spark takes a dot in the name of a column for a field of it.
    names = df.columns
    plain = df.toDF(*(f"c{at}" for at in range(len(names))))
    sent = _sent(df.sparkSession, pickle.dumps(held))

    def rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _assert_same(version)
        held = _loaded(sent())
        for batch in batches:
            yield _decided(batch.rename_columns(names), held, json, name)

    return plain.mapInArrow(rows, schema)


def _decided(
    batch: pa.RecordBatch, held: Targets | Rule | RuleSet[Any], json: str | None, zone: str
) -> pa.RecordBatch:
    import pyarrow as pa

    names, columns = list(batch.schema.names), list(batch.columns)
    answers = held.decide_arrow(batch, json=json, zone=zone, threads=1)
    if isinstance(held, Rule):
        names.append("result")
        columns.append(answers.to_arrow())
    else:
        for name, which in (("matching", Truth.TRUE), ("undecided", Truth.UNKNOWN)):
            listed = answers.to_arrow(which)  # type: ignore[call-arg]
            if isinstance(held, RuleSet):
                # Positions, for whatever ids are: as texts by them.
                texts = [str(one) for one in held]
                whole = all(isinstance(one, int) for one in held)
                values = listed.values.to_pylist()
                told = [str(one) if whole else texts[one] for one in values]
                listed = pa.ListArray.from_arrays(listed.offsets, pa.array(told, pa.string()))
            names.append(name)
            columns.append(listed)
    refused: list[str | None] = [None] * batch.num_rows
    for at, error in answers.errors.items():
        refused[at] = str(error)
    names.append("refused")
    columns.append(pa.array(refused, pa.string()))
    return pa.RecordBatch.from_arrays(columns, names=names)


def backtest(
    spark: SparkSession,
    held: Held,
    paths: Paths,
    *,
    split_bytes: int = 64 * 1024 * 1024,
    splits: int | None = None,
    **options: Any,
) -> Report:
    """The report of :func:`target_rules.backtest`, byte for byte, counted by executors.

    ``paths`` must lead to the same files on the driver and on every executor. ``splits``
    is how many tasks there are; without it one for each ``split_bytes``. Options are those
    of :class:`target_rules.Backtest`; each task uses one thread.

    A task that dies is done again by Spark; what it had counted is lost with it, and
    nothing is counted twice: a part that came twice would be refused.
    """
    return _merged(spark, Backtest(held, **options), paths, split_bytes, splits)


def compare(
    spark: SparkSession,
    old: Held,
    new: Held,
    paths: Paths,
    *,
    split_bytes: int = 64 * 1024 * 1024,
    splits: int | None = None,
    **options: Any,
) -> Comparison:
    """The comparison of :func:`target_rules.compare`, counted by executors."""
    compared = _merged(spark, Backtest(old, new, **options), paths, split_bytes, splits)
    assert isinstance(compared, Comparison)
    return compared


def _merged(
    spark: SparkSession, plan: Backtest, paths: Paths, split_bytes: int, splits: int | None
) -> Report:
    given = [paths] if not isinstance(paths, Iterable) or isinstance(paths, str) else list(paths)
    cut = plan.splits(given, bytes=split_bytes)
    if splits is not None:
        whole = sum((_length(one.path) or 0) for one in {one.path: one for one in cut}.values())
        cut = plan.splits(given, bytes=max(1, -(-whole // splits)))
    tasks = max(1, min(len(cut), splits or len(cut)))
    version = __version__
    sent = _sent(spark, pickle.dumps((plan, given, cut)))

    def parts(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        _assert_same(version)
        plan, given, cut = _loaded(sent())
        for batch in batches:
            for task in batch.column(0).to_pylist():
                part = plan.part(given, cut[task::tasks])
                columns = [pa.array([task], pa.int64()), pa.array([part], pa.large_binary())]
                yield pa.RecordBatch.from_arrays(
                    [columns[0], columns[1].cast(pa.binary())], names=["task", "part"]
                )

    counted = spark.range(0, tasks, 1, tasks).mapInArrow(parts, "task bigint, part binary").collect()
    by_task = {row["task"]: bytes(row["part"]) for row in counted}
    if len(by_task) != tasks or len(counted) != tasks:
        raise TargetRulesError(f"of {tasks} parts {len(counted)} came back")
    return plan.merge(given, by_task.values())


def _length(path: str) -> int | None:
    import os

    try:
        return os.path.getsize(path)
    except OSError:
        return None
