"""The plan on a real Spark: few tests, because it takes seconds to start, all in one process."""

from __future__ import annotations

import shutil
import sys

import pytest

import budgetaudit as ba
from budgetaudit.check import spark as engine
from budgetaudit.check.sql import write_plan
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.line import Identity
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import PackVersion, RuleSet
from populations import ORDERS, RATIOS, SHIFTS, SUMS, Population, many_units, scalar_outcomes
from test_plans import COLUMNS, table, told

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]


@pytest.fixture(scope="module")
def session():
    pyspark = pytest.importorskip("pyspark.sql")
    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # compiling costs more than it saves
    }  # fmt: skip
    builder = pyspark.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_PYTHON", sys.executable)  # or its workers start with the python of the path
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


def outcomes(session, population, duplicates):
    frame = session.createDataFrame(table(population))
    decimals = engine.decimals_of(frame, COLUMNS)
    plan = write_plan(
        population.ruleset, COLUMNS, decimals, engine.ask(frame, COLUMNS, decimals), engine.DIALECT,
        identify=lambda text: Identity(label=text), duplicates=duplicates, convention=None,
    )  # fmt: skip
    return sorted((told(row) for row in engine.outcomes(frame, plan).toArrow().to_pylist()), key=repr)


def test_spark_gives_the_verdicts_of_the_scalar_engine_where_facts_are_printed_twice(session):
    texts = (*SUMS[:4], *ORDERS[3:6], *RATIOS[:4], *SHIFTS)
    rules = RuleSet.from_equations(
        {f"p/{text}": text for text in texts}, convention=Convention(negative_base="absolute")
    )
    population = Population(RuleSet(rules.rules, (PackVersion("p", "1"),)), many_units(15))
    assert outcomes(session, population, "intersect") == scalar_outcomes(population)


def test_spark_gives_them_where_digits_were_cut_off_and_facts_stand_once(session):
    rules = RuleSet.from_equations(
        (*SUMS, *ORDERS), convention=Convention(rounding="truncate", missing="absent-is-zero")
    )
    population = Population(rules, many_units(25, duplicates=False))
    assert outcomes(session, population, "refuse") == scalar_outcomes(population)


def test_arrays_in_the_executors_explain_what_is_not_exact(session):
    rows = [("x", "2020", "a", "9.00"), ("x", "2020", "b", "4.00"), ("x", "2020", "c", "4.99"), ("y", "2020", "a", "9.00"),
            ("y", "2020", "b", "4.00"), ("y", "2020", "c", "5.00"), ("z", "2020", "a", "7.00"), ("z", "2020", "b", "4.00")]  # fmt: skip
    frame = session.createDataFrame(rows, "entity string, period string, item string, amount string")
    frame = frame.selectExpr("entity", "period", "item", "cast(amount as decimal(10,2)) as amount")
    found = ba.audit_sql(
        frame, rules={"sum": "a = b + c", "odd": "a = nobody"}, keys=["entity", "period"], item="item", amount="amount", explained=True
    ).toArrow().to_pylist()  # fmt: skip
    assert sorted((row["rule"], row["entity"] or "", row["verdict"], row["likelihood"]) for row in found) == [
        ("odd", "", "failed", None), ("sum", "x", "rounding", "1/4"), ("sum", "z", "undecided", None),
    ]  # fmt: skip
    assert [figure["amount"] for row in found if row["verdict"] == "rounding" for figure in row["figures"]] == [
        "9.00",
        "4.00",
        "4.99",
    ]


def test_spark_that_goes_on_after_an_overflow_is_refused(session):
    frame = session.createDataFrame(table(Population(RuleSet(), ())))
    session.conf.set("spark.sql.ansi.enabled", "false")
    try:
        with pytest.raises(BudgetAuditError, match=r"spark\.sql\.ansi\.enabled"):
            engine.decimals_of(frame, COLUMNS)
    finally:
        session.conf.set("spark.sql.ansi.enabled", "true")
