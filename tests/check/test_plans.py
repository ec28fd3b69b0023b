"""One plan in SQL gives the verdicts of the scalar engine, on DuckDB."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given

from budgetaudit.check import duck
from budgetaudit.check.sql import FactColumns, write_plan
from budgetaudit.model.line import Identity
from populations import SCALE, populations, scalar_outcomes

duckdb = pytest.importorskip("duckdb")
COLUMNS = FactColumns({"entity": "entity", "period": "period"}, "item", "amount", "places")


def table(population):
    rows = population.rows
    return pa.table(
        {
            "entity": pa.array([row.entity for row in rows], pa.string()),
            "period": pa.array([str(row.period) for row in rows], pa.string()),
            "item": pa.array([row.item for row in rows], pa.string()),
            "amount": pa.array([row.decimal for row in rows], pa.decimal128(18, SCALE)),
            "places": pa.array([row.places for row in rows], pa.int8()),
        }
    )


def outcomes(population, *, duplicates="intersect"):
    figures = table(population)
    with duckdb.connect() as connection:
        relation = connection.from_arrow(figures)
        decimals = duck.decimals_of(relation, COLUMNS)
        asked = duck.ask(relation, COLUMNS, decimals)
        plan = write_plan(
            population.ruleset, COLUMNS, decimals, asked, duck.DIALECT,
            identify=lambda text: Identity(label=text), duplicates=duplicates, convention=None,
        )  # fmt: skip
        found = duck.outcomes(relation, plan).to_arrow_table().to_pylist()
    return sorted((told(row) for row in found), key=repr)


def told(row):
    compared = row["verdict"] in {"exact", "rounding", "inconsistent"} and row["gap"] is not None
    unit = int(row["per_unit"])
    return (
        row["rule"], row["entity"], row["period"], row["verdict"], row["reason"],
        Fraction(int(row["gap"]), unit) if compared else None, Fraction(int(row["bound"]), unit) if compared else None,
    )  # fmt: skip


@given(populations())
def test_the_plan_gives_the_verdicts_of_the_scalar_engine(population):
    assert outcomes(population) == scalar_outcomes(population), repr(population)


@given(populations(duplicates=False))
def test_the_short_plan_for_facts_that_stand_once_gives_them_too(population):
    assert outcomes(population, duplicates="refuse") == scalar_outcomes(population), repr(population)
