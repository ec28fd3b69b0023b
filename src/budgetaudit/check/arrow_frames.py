"""Spark frames through Arrow: partitions of whole units go to Python, outcomes come back in columns of fixed types."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, Final

_BEFORE: Final = (("rule", "string"), ("kind", "string"), ("verdict", "string"), ("reason", "string"))
_AFTER: Final = (
    ("gap", "decimal(38,10)"), ("bound", "decimal(38,10)"), ("computed", "decimal(38,10)"), ("unit", "string"),
    ("likelihood", "string"), ("unusual", "boolean"),
    ("figures", "array<struct<label:string,role:string,weight:string,amount:string>>"),
)  # fmt: skip


def mapped(
    frame: Any, keys: Sequence[str], types: Mapping[str, str], weigh: Callable[[Any], Any], failed: Iterable[str]
) -> Any:
    """The outcomes of a frame, partition by partition.

    Args:
        frame: The columns that are read.
        keys: Which of them keep a unit together.
        types: The types of the key columns.
        weigh: From the rows of a partition to its outcomes, both as Arrow.
        failed: Rules that fail in the whole frame; each gets one row.
    """
    columns = (*_BEFORE, *types.items(), *_AFTER)
    schema = ", ".join(f"`{name}` {kind}" for name, kind in columns)
    dealt = frame.repartition(*keys) if keys else frame.coalesce(1)
    with warnings.catch_warnings():  # pyspark says that it is not sure of pandas 3, of which nothing is used here
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        found = dealt.mapInArrow(partial(_weighed, weigh=weigh, names=[name for name, _ in columns]), schema)
    rows = [
        tuple({"rule": rule, "verdict": "failed", "reason": "name-not-found"}.get(name) for name, _ in columns)
        for rule in sorted(failed)
    ]
    return found.union(frame.sparkSession.createDataFrame(rows, schema)) if rows else found


def _weighed(batches: Iterator[Any], *, weigh: Callable[[Any], Any], names: Sequence[str]) -> Iterator[Any]:
    pa: Any = import_module("pyarrow")
    held = list(batches)
    if not held:
        return
    outcomes = weigh(pa.Table.from_batches(held))
    for place, name in enumerate(outcomes.column_names):
        if pa.types.is_decimal(outcomes.schema.field(name).type):
            outcomes = outcomes.set_column(place, name, outcomes.column(name).cast(pa.decimal128(38, 10)))
    yield from outcomes.select(names).combine_chunks().to_batches()
