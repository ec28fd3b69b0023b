"""This library in the same race as its peers: columns, files, the plan on DuckDB and on Spark."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

import budgetaudit as ba
import facts
from peers import Peer, Work, long_table, main, spark_terms, wide_table

_HOW: Final[dict[str, Any]] = {
    "rules": facts.EQUATIONS, "keys": ["entity", "year"], "item": "item", "amount": "amount", "places": facts.PLACES,
}  # fmt: skip


def columns(figures: int) -> Work:
    """`audit_columns` on a long table in memory, the rows of a unit together."""
    table = long_table(figures)
    return lambda: ba.audit_columns(table, **_HOW).counts["inconsistent"]


def columns_shuffled(figures: int) -> Work:
    """The same with the rows in any order."""
    table = long_table(figures)
    table = table.take(pa.array(np.random.default_rng(facts.SEED).permutation(table.num_rows)))
    return lambda: ba.audit_columns(table, **_HOW).counts["inconsistent"]


def columns_wide(figures: int) -> Work:
    """`audit_columns` on a column per item, in units of the last place."""
    table = wide_table(figures)
    how = {"rules": facts.EQUATIONS, "keys": ["entity", "year"], "item": list(facts.ITEMS)}
    return lambda: ba.audit_columns(table, **how).counts["inconsistent"]


def _files(figures: int) -> tuple[tempfile.TemporaryDirectory[str], Path]:
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "facts.parquet"
    facts.write(path, figures)
    return folder, path


def stream(figures: int) -> Work:
    """`audit_stream` from Parquet, counts only."""
    held, path = _files(figures)
    return lambda _held=held: ba.audit_stream(path, **_HOW).counts["inconsistent"]  # type: ignore[misc]


def stream_kept(figures: int) -> Work:
    """`audit_stream` from Parquet, with the outcomes that do not hold written to Parquet."""
    held, path = _files(figures)
    output = path.with_name("outcomes.parquet")
    return lambda _held=held: ba.audit_stream(path, **_HOW, output=output, keep=["inconsistent"]).counts["inconsistent"]  # type: ignore[misc]


def _duckdb(figures: int, duplicates: str) -> Work:
    import duckdb

    connection = duckdb.connect()
    connection.register("source", long_table(figures))
    connection.execute("create table figures as select * replace (item::varchar as item) from source")

    def work() -> int:
        found = ba.audit_sql(connection.table("figures"), **_HOW, duplicates=duplicates)
        return int(found.filter("verdict = 'inconsistent'").aggregate("count(*)").fetchall()[0][0])

    return work


def plan_once(figures: int) -> Work:
    """`audit_sql` on DuckDB for facts that stand once."""
    return _duckdb(figures, "refuse")


def plan_repeated(figures: int) -> Work:
    """`audit_sql` on DuckDB where facts may be printed more than once."""
    return _duckdb(figures, "intersect")


def _session() -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{os.cpu_count()}]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "6g").config("spark.ui.showConsoleProgress", "false")
    session = builder.config("spark.sql.shuffle.partitions", "4").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def spark_plan(figures: int) -> Work:
    """`audit_sql` on Spark for facts that stand once, from Parquet."""
    held, path = _files(figures)
    frame = _session().read.parquet(str(path))

    def work(_held: object = held) -> int:
        found = ba.audit_sql(frame, **_HOW, duplicates="refuse")
        return int(found.where("verdict = 'inconsistent'").count())

    return work


def spark_by_hand(figures: int) -> Work:
    """The join-aggregate in Spark SQL as one would write it for this data alone, from Parquet."""
    held, path = _files(figures)
    session = _session()
    session.read.parquet(str(path)).createOrReplaceTempView("figures")
    session.createDataFrame(spark_terms()).createOrReplaceTempView("terms")
    query = """
        with w as (select t.rule, f.entity, f.year, sum(cast(f.amount * 100 as bigint) * t.coef) as gap, count(*) as terms,
                          bool_and(t.is_sum) as is_sum
                   from figures as f join terms as t on f.item = t.item group by t.rule, f.entity, f.year)
        select count(*) from w where 2 * (case when is_sum then abs(gap) else -gap end) > terms
    """
    return lambda _held=held: int(session.sql(query).first()[0])  # type: ignore[misc]


ENGINES: Final[Mapping[str, Peer]] = {
    "budgetaudit columns": Peer(columns),
    "budgetaudit columns, shuffled": Peer(columns_shuffled),
    "budgetaudit columns, wide": Peer(columns_wide),
    "budgetaudit stream": Peer(stream, most=10**8),
    "budgetaudit stream, kept": Peer(stream_kept, most=10**8),
    "budgetaudit SQL on duckdb": Peer(plan_once),
    "budgetaudit SQL on duckdb, any prints": Peer(plan_repeated),
    "budgetaudit SQL on Spark": Peer(spark_plan),
    "Spark by hand": Peer(spark_by_hand),
}

if __name__ == "__main__":
    main(ENGINES)
