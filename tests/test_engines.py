"""Columns, files, DuckDB and one budget at a time come to the same verdicts; what an engine cannot do it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import budgetaudit as ba
import facts
from budgetaudit.rules.ruleset import RuleSet
from populations import populations
from test_plans import table

HOW = {"keys": ["entity", "period"], "item": "item", "amount": "amount", "places": "places"}


def counts(by_rule):
    return {
        rule: {verdict: number for verdict, number in counted.items() if number} for rule, counted in by_rule.items()
    }


def in_order(table, keys=("entity", "period")):
    return table.sort_by([(key, "ascending") for key in keys])


@pytest.mark.parametrize("grouped", [True, False])
@settings(max_examples=12)
@given(population=populations(units=3))
def test_parts_add_up_to_the_whole(tmp_path_factory, grouped, population):
    rows = in_order(table(population)) if grouped else table(population)
    rules = RuleSet(tuple(replace(rule, least_parts=1) for rule in population.ruleset), population.ruleset.packs)
    whole = ba.audit_columns(rows, rules=rules, **HOW)
    output = tmp_path_factory.mktemp("stream") / "outcomes.parquet"
    parts = ba.audit_stream(pa.dataset.dataset(rows), rules=rules, output=output, part_rows=7, **HOW)
    assert counts(parts.by_rule) == counts(whole.by_rule), population
    assert (parts.unbound, parts.rows) == (whole.unbound, len(population.rows))
    names = ("rule", "verdict", "reason", "gap", "bound")
    found, wanted = (
        sorted((tuple(row[name] for name in names) for row in one.to_pylist()), key=repr)
        for one in (pq.read_table(output), whole.outcomes)
    )
    assert found == wanted, population


def test_a_rule_fails_where_no_part_has_its_name_and_not_where_another_part_has_it(tmp_path):
    rows = pa.table(
        {
            "entity": ["a", "a", "b", "b", "b"], "period": ["1"] * 5, "item": ["t", "x", "t", "x", "y"],
            "amount": ["5", "5", "5", "2", "3"],
        }
    )  # fmt: skip
    how = {"keys": ["entity", "period"], "item": "item", "amount": "amount"}
    rules = {"both": "t = x + y", "nowhere": "t = x + z"}
    output = tmp_path / "outcomes.parquet"
    report = ba.audit_stream(pa.dataset.dataset(rows), rules=rules, output=output, part_rows=1, **how)
    assert counts(report.by_rule) == {"both": {"exact": 1, "undecided": 1}, "nowhere": {"failed": 1}}
    assert [(row["rule"], row["verdict"]) for row in pq.read_table(output).to_pylist()] == [
        ("both", "undecided"), ("nowhere", "failed"),
    ]  # fmt: skip


def test_all_engines_find_what_was_planted(tmp_path):
    (block,) = facts.blocks(4_000, error_rate=0.02)
    rows, how = block.columns(), {**HOW, "keys": ["entity", "year"]}
    path = tmp_path / "facts.parquet"
    pq.write_table(rows, path, row_group_size=999)
    columns = ba.audit_columns(rows, rules=facts.EQUATIONS, **how)
    stream = ba.audit_stream(path, rules=facts.EQUATIONS, part_rows=500, **how)
    with duckdb.connect() as connection:
        plans = {
            duplicates: ba.audit_sql(
                connection.from_arrow(rows), rules=facts.EQUATIONS, duplicates=duplicates, **how
            ).fetchall()
            for duplicates in ("refuse", "intersect")
        }
    scalar = Counter()
    for unit in range(0, rows.num_rows, len(facts.ITEMS)):
        lines = rows.slice(unit, len(facts.ITEMS)).to_pylist()
        report = ba.audit({row["item"]: str(row["amount"]) for row in lines}, rules=facts.EQUATIONS)
        scalar.update((outcome.relation.rule, outcome.verdict) for outcome in report.outcomes)
    expected = counts(block.expected())
    assert sum(expected[rule].get("inconsistent", 0) for rule in expected) > 10
    assert counts(columns.by_rule) == expected
    assert counts(stream.by_rule) == expected
    for found in plans.values():
        assert Counter((row[0], row[3]) for row in found) == scalar
    assert scalar == {
        (rule, verdict): number for rule, counted in expected.items() for verdict, number in counted.items()
    }


def test_relations_that_reach_other_years_keep_an_entity_together(tmp_path):
    years = [(entity, year) for year in (2020, 2021) for entity in "ab"]  # sorted by year: an entity comes back
    rows = pa.table(
        {
            "entity": [entity for entity, _ in years for _ in range(2)], "year": [year for _, year in years for _ in range(2)],
            "item": ["closing", "opening"] * 4, "amount": ["7", "7", "9", "5", "1", "7", "2", "8"],
        }
    )  # fmt: skip
    how = {
        "keys": ["entity", "year"],
        "item": "item",
        "amount": "amount",
        "rules": {"roll": "closing = opening[year+1]"},
    }
    report = ba.audit_stream(pa.dataset.dataset(rows), part_rows=1, **how)
    assert counts(report.by_rule) == counts(ba.audit_columns(rows, **how).by_rule)
    assert counts(report.by_rule)["roll"]["exact"] == 1


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (["total = a + b"], None),
        ([ba.Rule("p/when", "SUM001", "balance", ba.RuleSet.from_equations(["total = a"]).rules[0].equation,
                  when=ba.RuleSet.from_equations(["a > 3"]).rules[0].equation)], r"SQL cannot say 1 of 1 rules: p/when \(it applies"),
        (["g% = change / (total - change)"], "growth from a printed change"),
        ({"fine": "total = a + b", "odd": "total = a + b + 1/3"}, "odd .*more than 2 places"),
    ],
)  # fmt: skip
def test_what_sql_cannot_say_is_refused_by_name(rules, says):
    query = "select * from (values ('total', 9.00), ('a', 4.00), ('b', 5.00), ('g', 1.00), ('change', 1.00)) as t(item, amount)"
    with duckdb.connect() as connection:
        relation = connection.sql(query)
        if says is None:
            assert ba.audit_sql(relation, rules=rules, item="item", amount="amount").fetchall()[0][:2] == (
                "equation/1",
                "exact",
            )
            return
        with pytest.raises(ba.BudgetAuditError, match=says):
            ba.audit_sql(relation, rules=rules, item="item", amount="amount")


def test_floats_and_missing_columns_are_refused(tmp_path):
    with duckdb.connect() as connection:
        relation = connection.sql("select 'a' as item, cast(4 as double) as amount")
        with pytest.raises(ba.BudgetAuditError, match="DOUBLE, which does not say what was printed"):
            ba.audit_sql(relation, rules=["a = 4"], item="item", amount="amount")
        with pytest.raises(ba.BudgetAuditError, match="no column 'amuont'; nearest: 'amount'"):
            ba.audit_sql(relation, rules=["a = 4"], item="item", amount="amuont")
    with pytest.raises(ba.BudgetAuditError, match="a DuckDB relation or a Spark frame, not dict"):
        ba.audit_sql({}, rules=["a = 4"], item="item", amount="amount")


def test_facts_that_were_said_to_stand_once_and_do_not_fail_the_query():
    with duckdb.connect() as connection:
        relation = connection.sql("select * from (values ('t', 4), ('t', 4), ('a', 4)) as t(item, amount)")
        found = ba.audit_sql(relation, rules=["t = a"], item="item", amount="amount", duplicates="refuse")
        with pytest.raises(duckdb.Error, match="a fact stands in several rows"):
            found.fetchall()
        again = ba.audit_sql(relation, rules=["t = a"], item="item", amount="amount")
        assert {row[:2] for row in again.fetchall()} == {("equation/1", "exact"), ("tie-out", "exact")}


@pytest.mark.parametrize("digits", [15, 18, 30])
def test_large_figures_are_exact_or_refused(digits):
    total, parts = 10**digits + 1, (10**digits, 1)
    with duckdb.connect() as connection:
        relation = connection.sql(
            f"select * from (values ('t', {total}::hugeint), ('a', {parts[0]}::hugeint), ('b', {parts[1]}::hugeint), ('u', {total + 9}::hugeint)) as t(item, amount)"
        )
        found = ba.audit_sql(relation, rules={"t": "t = a + b", "u": "u = a + b"}, item="item", amount="amount")
        assert {row[0]: (row[1], row[3] and int(row[3] / row[5])) for row in found.fetchall()} == {
            "t": ("exact", 0),
            "u": ("inconsistent", 9),
        }
        huge = connection.sql("select 't' as item, cast(99999999999999999999999999999999999999 as hugeint) as amount")
        with pytest.raises(ba.BudgetAuditError, match="can leave 38 digits"):
            ba.audit_sql(huge, rules=["t = 4"], item="item", amount="amount")
