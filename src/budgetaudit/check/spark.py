"""Spark frames in and out, in whole numbers of 64 bits where they provably fit and in DECIMAL(38,0) where not.

Spark must be told to fail on overflow (`spark.sql.ansi.enabled`, the default from 4.0 on): otherwise a sum of decimals that
is too large becomes NULL, and a violation disappears.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from uuid import uuid4

from budgetaudit.check.duck import arrow
from budgetaudit.check.plan import Plan
from budgetaudit.check.sql import Asked, Dialect, FactColumns, whole_or_decimal
from budgetaudit.errors import BudgetAuditError, nearest

DataFrame: TypeAlias = Any  # of pyspark, which is loaded by who has one

DIALECT: Final = Dialect("spark", small="BIGINT", big="DECIMAL(38,0)")
_ANSI: Final = "spark.sql.ansi.enabled"


def decimals_of(frame: DataFrame, columns: FactColumns) -> int:
    """How many decimals the type of the amounts has.

    Raises:
        BudgetAuditError: Spark does not fail on overflow, a column is missing, or the amounts are no exact numbers.
    """
    if str(frame.sparkSession.conf.get(_ANSI)).lower() != "true":
        raise BudgetAuditError(
            f"Spark is set to go on after an overflow ({_ANSI} is false): a violation could become NULL",
            hint=f'spark.conf.set("{_ANSI}", "true")',
        )
    types = dict(frame.dtypes)
    for name in columns.names:
        if name not in types:
            raise BudgetAuditError(f"the frame has no column {name!r}; {nearest(name, types)}")
    return whole_or_decimal(types[columns.amount], columns.amount)


def ask(frame: DataFrame, columns: FactColumns, decimals: int) -> Asked:
    """What the figures are like: one scan for sizes and places, and one for the items."""
    from pyspark.sql import functions as sf

    amount = sf.col(quoted_spark(columns.amount))
    places = (
        sf.col(quoted_spark(columns.places))
        if isinstance(columns.places, str)
        else sf.lit(decimals if columns.places is None else columns.places)
    )
    row = frame.agg(
        sf.count(sf.lit(1)), sf.count(amount), sf.min(amount), sf.max(amount),
        sf.count(sf.when(amount.isNotNull(), places)), sf.min(places), sf.max(places),
    ).first()  # fmt: skip
    assert row is not None
    item = frame.select(sf.col(quoted_spark(columns.item)).cast("string").alias("item")).where("item is not null")
    items = tuple(sorted(str(found["item"]) for found in item.distinct().collect()))
    return Asked.of(items, tuple(row), decimals)


def outcomes(frame: DataFrame, plan: Plan) -> DataFrame:
    """The outcomes as a frame of the same session, not yet run."""
    session = frame.sparkSession
    mark = uuid4().hex
    names = {name: f"budgetaudit_{name}_{mark}" for name in ("source", "terms", "relations", "items")}
    tables = {"terms": plan.terms, "relations": plan.relations, "items": plan.items}
    try:
        frame.createOrReplaceTempView(names["source"])
        for name, table in tables.items():
            small = arrow(table)
            session.createDataFrame(small).hint("broadcast").createOrReplaceTempView(names[name])
        return session.sql(in_spark(plan.text, names))
    finally:
        for name in names.values():
            session.catalog.dropTempView(name)


def in_spark(text: str, names: dict[str, str]) -> str:
    """The plan as Spark reads it, over views of these names."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(text, read="duckdb")
    for table in tree.find_all(exp.Table):
        if table.name in names:
            table.set("this", exp.to_identifier(names[table.name]))
    for call in tree.find_all(exp.Anonymous):
        if call.name.lower() == "error":
            call.set("this", "raise_error")
    return tree.sql(dialect="spark")


def quoted_spark(name: str) -> str:
    """A column's name as Spark writes it."""
    return "`" + name.replace("`", "``") + "`"
