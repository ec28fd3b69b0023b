"""What others need for the same question: each peer prepares its data, then answers how many relations do not hold.

`python benchmarks/peers.py NAME FIGURES` measures one peer in a process of its own and prints one line of JSON; `millions.py`
starts it in the environment of the peers. Every answer is compared with the number known beforehand. Those that can compare
with a bound count what rounding cannot explain; those that only know equality count every gap.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

import facts

Work = Callable[[], int]
RELATIONS: Final = facts.relations()


@dataclass(frozen=True)
class Peer:
    """One way to answer: its preparation, which is not measured, what it counts, and up to how many figures it is asked."""

    prepare: Callable[[int], Work]
    counts: tuple[str, ...] = ("inconsistent",)
    most: int = 10**7
    only_sums: bool = False


def long_table(figures: int) -> pa.Table:
    """A row per figure."""
    return pa.concat_tables(block.columns() for block in facts.blocks(figures)).unify_dictionaries()


def wide_table(figures: int) -> pa.Table:
    """A row per unit."""
    return pa.concat_tables(block.wide() for block in facts.blocks(figures))


def _signed(parts: facts.Parts) -> str:
    return " ".join(f"{'-' if weight < 0 else '+'} {part}" for weight, part in parts).removeprefix("+ ")


def spark_terms() -> pa.Table:
    """The terms as a table."""
    return pa.Table.from_pylist(_terms())


def _terms() -> list[dict[str, Any]]:
    """One row per term: the larger side first, its parts against it."""
    return [
        {"rule": rule, "item": item, "coef": coef, "is_sum": sign == "="}
        for rule, (sign, parts, total) in RELATIONS.items()
        for coef, item in ((1, total), *((-weight, part) for weight, part in parts))
    ]


def numpy_sum(figures: int) -> Work:
    """The floor: one sum over the amounts as int64, which answers nothing."""
    amounts = np.concatenate([block.printed.reshape(-1) for block in facts.blocks(figures)])
    return lambda: int(amounts.sum()) * 0 - 1


def numpy_wide(figures: int) -> Work:
    """One numpy expression per relation over a column per item."""
    columns = {name: wide_table(figures).column(name).to_numpy() for name in facts.ITEMS}

    def work() -> int:
        found = 0
        for sign, parts, total in RELATIONS.values():
            gap = columns[total] - sum(weight * columns[part] for weight, part in parts)
            miss = np.abs(gap) if sign == "=" else -gap
            found += int((2 * miss > len(parts) + 1).sum())
        return found

    return work


def parquet_scan(figures: int) -> Work:
    """The other floor: read the five columns of the Parquet file."""
    import pyarrow.parquet as pq

    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "facts.parquet"
    facts.write(path, figures)

    def work(_held: object = folder) -> int:
        return sum(batch.num_rows for batch in pq.ParquetFile(path).iter_batches(1 << 20)) * 0 - 1

    return work


def polars_long(figures: int) -> Work:
    """Join with the table of terms, then group by relation and unit."""
    import polars as pl

    scaled = long_table(figures)
    frame = pl.from_arrow(scaled).with_columns(amount=(pl.col("amount") * 100).cast(pl.Int64))
    terms = pl.DataFrame(_terms()).with_columns(item=pl.col("item").cast(frame["item"].dtype))
    gap = (pl.col("amount") * pl.col("coef")).sum()

    def work() -> int:
        gaps = frame.lazy().join(terms.lazy(), on="item").group_by("rule", "entity", "year").agg(
            gap=gap, terms=pl.len(), is_sum=pl.col("is_sum").first()
        )  # fmt: skip
        miss = pl.when("is_sum").then(pl.col("gap").abs()).otherwise(-pl.col("gap"))
        return int(gaps.filter(2 * miss > pl.col("terms")).select(pl.len()).collect().item())

    return work


def _expressions() -> list[Any]:
    """Per relation: whether it holds within rounding, as a polars expression over a column per item."""
    import polars as pl

    held = []
    for sign, parts, total in RELATIONS.values():
        gap = pl.col(total) - sum(weight * pl.col(part) for weight, part in parts)
        miss = gap.abs() if sign == "=" else -gap
        held.append(2 * miss <= len(parts) + 1)
    return held


def polars_wide(figures: int) -> Work:
    """One polars expression per relation over a column per item."""
    import polars as pl

    frame, held = pl.from_arrow(wide_table(figures)), _expressions()
    return lambda: int(
        frame.select((~one).sum().alias(str(number)) for number, one in enumerate(held)).sum_horizontal()[0]
    )


def duckdb_long(figures: int) -> Work:
    """The join-aggregate in SQL with BIGINT."""
    import duckdb

    connection = duckdb.connect()
    connection.register("source", long_table(figures))
    connection.execute(
        "create table figures as select entity, year, item::varchar as item, (amount * 100)::bigint as amount from source"
    )
    connection.register("terms", pa.Table.from_pylist(_terms()))
    query = """
        with w as (select rule, entity, year, sum(amount * coef) as gap, count(*) as terms, bool_and(is_sum) as is_sum
                   from figures join terms using (item) group by rule, entity, year)
        select count(*) from w where 2 * (case when is_sum then abs(gap) else -gap end) > terms
    """
    return lambda: int(connection.execute(query).fetchone()[0])  # type: ignore[index]


def pandera(figures: int) -> Work:
    """A frame-wide check per relation on polars."""
    import pandera.polars as pa_polars
    import polars as pl

    frame = pl.from_arrow(wide_table(figures))
    checks = [
        pa_polars.Check(lambda data, held=held: data.lazyframe.select(held), name=str(number))
        for number, held in enumerate(_expressions())
    ]
    schema = pa_polars.DataFrameSchema(checks=checks)

    def work() -> int:
        try:
            schema.validate(frame, lazy=True)
        except pa_polars.errors.SchemaErrors as errors:
            return len(errors.failure_cases.unique(["check", "index"]))
        return 0

    return work


def pointblank(figures: int) -> Work:
    """A step `col_vals_expr` per relation on polars."""
    import pointblank as pb
    import polars as pl

    frame = pl.from_arrow(wide_table(figures))

    def work() -> int:
        steps = pb.Validate(frame)
        for held in _expressions():
            steps = steps.col_vals_expr(expr=held)
        return sum(steps.interrogate(get_first_n=None, collect_extracts=False).n_failed().values())

    return work


def dataframely(figures: int) -> Work:
    """A rule per relation of a schema on polars."""
    import dataframely as dy
    import polars as pl

    frame = pl.from_arrow(wide_table(figures))
    members: dict[str, Any] = {item: dy.Int64() for item in facts.ITEMS}
    for number, held in enumerate(_expressions()):
        members[f"rule_{number}"] = dy.rule()(lambda _cls, held=held: held)
    schema = type("Units", (dy.Schema,), members)
    return lambda: sum(schema.filter(frame).failure.counts().values())


def vtlengine(figures: int) -> Work:
    """`check_hierarchy`, which knows equality and inequality and no bound: it counts every gap."""
    import vtlengine as vtl

    table = long_table(figures)
    frame = table.drop(["places", "amount"]).to_pandas()
    frame["item"] = frame["item"].astype(str)
    frame["amount"] = np.concatenate([block.printed.reshape(-1) for block in facts.blocks(figures)])
    rules = ";\n".join(
        f"R_{rule.replace('-', '_')}: {total} {'=' if sign == '=' else '>='} {_signed(parts)}"
        for rule, (sign, parts, total) in RELATIONS.items()
    )
    script = (
        f"define hierarchical ruleset HR (variable rule item) is\n{rules}\nend hierarchical ruleset;\n"
        "DS_r <- check_hierarchy(DS_1, HR rule item non_null all);"
    )
    identifiers = [
        {"name": name, "type": kind, "role": "Identifier", "nullable": False}
        for name, kind in (("entity", "Integer"), ("year", "Integer"), ("item", "String"))
    ]
    amount = {"name": "amount", "type": "Integer", "role": "Measure", "nullable": True}
    structure = {"datasets": [{"name": "DS_1", "DataStructure": [*identifiers, amount]}]}

    def work() -> int:
        result = vtl.run(
            script=script, data_structures=structure, datapoints={"DS_1": frame}, return_only_persistent=False
        )
        return int((~result["DS_r"].data["bool_var"].astype(bool)).sum())

    return work


PEERS: Final[Mapping[str, Peer]] = {
    "numpy sum": Peer(numpy_sum, counts=()),
    "Parquet scan": Peer(parquet_scan, counts=()),
    "numpy wide": Peer(numpy_wide),
    "polars wide": Peer(polars_wide),
    "polars join-aggregate": Peer(polars_long),
    "duckdb join-aggregate": Peer(duckdb_long),
    "pandera": Peer(pandera),
    "pointblank": Peer(pointblank),
    "dataframely": Peer(dataframely),
    "vtlengine": Peer(vtlengine, counts=("rounding", "inconsistent"), most=10**6),
}


def _processes() -> list[str]:
    """This process and all below it (Spark works in one of Java)."""
    found, open_ones = [], ["self"]
    while open_ones:
        process = open_ones.pop()
        found.append(process)
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            open_ones += children.read_text().split()
    return found


def _cpu() -> float:
    """CPU seconds of this process and of all below it."""
    below = 0.0
    for process in _processes()[1:]:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
        below += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + below


def _peak() -> float:
    """The most megabytes that this process and those below it ever held."""
    lines = (line for process in _processes() for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measured(work: Work, *, turns: int) -> dict[str, float]:
    """The least wall and CPU seconds of several turns, what came out, and the most memory the process ever held."""
    wall, cpu, found = float("inf"), float("inf"), -1
    for _ in range(turns):
        before_wall, before_cpu = time.perf_counter(), _cpu()
        found = work()
        cpu, wall = min(cpu, _cpu() - before_cpu), min(wall, time.perf_counter() - before_wall)
    return {"found": found, "wall": wall, "cpu": cpu, "megabytes": _peak()}


def main(peers: Mapping[str, Peer]) -> None:
    """Measure the peer named on the command line."""
    name, figures = sys.argv[1], int(sys.argv[2])
    with redirect_stdout(StringIO()):
        work = peers[name].prepare(figures)
        result = measured(work, turns=3 if figures <= 10**6 else 2)
    print(json.dumps(result))


if __name__ == "__main__":
    main(PEERS)
