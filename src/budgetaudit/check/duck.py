"""DuckDB relations in and out; nothing here ever becomes a float."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, TypeAlias

from budgetaudit.check.plan import Plan
from budgetaudit.check.plan_text import Table, select
from budgetaudit.check.sql import Asked, Dialect, FactColumns, quoted, whole_or_decimal
from budgetaudit.errors import BudgetAuditError, nearest

Relation: TypeAlias = Any  # of duckdb, whose stubs think that a query may give nothing

DIALECT: Final = Dialect("duckdb", small="BIGINT", big="HUGEINT")


def decimals_of(relation: Relation, columns: FactColumns) -> int:
    """How many decimals the type of the amounts has.

    Raises:
        BudgetAuditError: A column is missing, or the amounts are neither whole numbers nor decimals.
    """
    types = {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}
    for name in columns.names:
        if name not in types:
            raise BudgetAuditError(f"the relation has no column {name!r}; {nearest(name, types)}")
    return whole_or_decimal(types[columns.amount], columns.amount)


def ask(relation: Relation, columns: FactColumns, decimals: int) -> Asked:
    """What the figures are like: one scan for sizes and places, and one for the items."""
    (answer,) = relation.query("source", question(columns, decimals)).fetchall()
    item = quoted(columns.item)
    items = relation.query("source", select([f"distinct {item}"], f"from source where {item} is not null order by 1"))
    return Asked.of(tuple(str(text) for (text,) in items.fetchall()), answer, decimals)


def question(columns: FactColumns, decimals: int) -> str:
    """The text that asks for counts, sizes and places."""
    amount = quoted(columns.amount)
    places = (
        quoted(columns.places)
        if isinstance(columns.places, str)
        else str(decimals if columns.places is None else columns.places)
    )
    placed = f"count(case when {amount} is not null then {places} end)"
    sizes = ["count(*)", f"count({amount})", f"min({amount})", f"max({amount})"]
    return select([*sizes, placed, f"min({places})", f"max({places})"], "from source")


def outcomes(relation: Relation, plan: Plan) -> Relation:
    """The outcomes as a relation on the same connection; DuckDB finds the small tables by the names of these variables."""
    terms, relations, items = (arrow(table) for table in (plan.terms, plan.relations, plan.items))
    found = relation.query("source", plan.text)
    assert terms is not None
    assert relations is not None
    assert items is not None
    return found


def arrow(table: Table) -> Any:
    """A small table as Arrow."""
    pa: Any = import_module("pyarrow")
    kinds = {"INT": pa.int32(), "BIGINT": pa.int64(), "VARCHAR": pa.string()}
    columns: list[Any] = [list(column) for column in zip(*table.rows, strict=True)] or [[] for _ in table.columns]
    return pa.table(
        [
            pa.array(values, kinds.get(kind, pa.decimal128(38, 0)))
            for values, (_, kind) in zip(columns, table.columns, strict=True)
        ],
        names=[name for name, _ in table.columns],
    )
