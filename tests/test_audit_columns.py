"""audit_columns from the outside: frames in, counts, a table of outcomes and findings out."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.rules.ruleset import RuleSet

RULES = ["total = wages + goods + subsidies + capital", "wages <= total"]
SEED = {"total": "677.41", "wages": "167.09", "goods": "348.28", "subsidies": "16.48", "capital": "145.54"}
FINE = {**SEED, "total": "677.39"}
WRONG = {**SEED, "goods": "384.28"}


def records():
    return [
        {"office": office, "year": 2024, "item": item, "amount": Decimal(amount)}
        for office, figures in (("A", SEED), ("B", FINE), ("C", WRONG))
        for item, amount in figures.items()
    ]


def audited(frame, **given):
    options = {"rules": RULES, "keys": ["office", "year"], "item": "item", "amount": "amount", "unit": "万元"} | given
    return ba.audit_columns(frame, **options)


@pytest.fixture(scope="module")
def report():
    return audited(pa.Table.from_pylist(records()))


def test_all_verdicts_are_counted_in_whole_and_by_rule(report):
    assert dict(report.counts) == {
        "exact": 4, "rounding": 1, "inconsistent": 1, "undefined": 0, "undecided": 0, "failed": 0,
    }  # fmt: skip
    assert report.by_rule["equation/1"]["inconsistent"] == 1
    assert report.checked == 6
    assert not report.ok
    assert repr(report) == "ColumnReport(15 rows; 4 exact, 1 rounding, 1 inconsistent)"


def test_what_is_not_exact_is_a_table_with_figures_and_likelihood(report):
    rounding, wrong = report.outcomes.to_pylist()
    assert (rounding["office"], rounding["year"], rounding["rule"], rounding["verdict"]) == (
        "A",
        2024,
        "equation/1",
        "rounding",
    )
    assert (rounding["gap"], rounding["bound"], rounding["computed"]) == tuple(
        map(Decimal, ("0.02", "0.025", "677.39"))
    )
    assert (rounding["likelihood"], rounding["unusual"], rounding["unit"]) == ("1/192", True, "万元")
    assert (wrong["office"], wrong["gap"], wrong["likelihood"]) == ("C", Decimal("-35.98"), None)
    assert [(one["label"], one["role"], one["amount"], one["row"]) for one in wrong["figures"]] == [
        ("total", "total", "677.41", 10), ("wages", "part", "167.09", 11), ("goods", "part", "384.28", 12),
        ("subsidies", "part", "16.48", 13), ("capital", "part", "145.54", 14),
    ]  # fmt: skip
    assert pl.DataFrame(report)["gap"].to_list() == [Decimal("0.020"), Decimal("-35.980")]


def test_findings_are_those_of_the_scalar_engine(report):
    found = list(report.findings)
    whole = ba.audit(
        [{"label": one["item"], "entity": one["office"], "period": "2024", "amount": one["amount"]} for one in records()],
        rules=RULES, unit="万元",
    )  # fmt: skip
    assert sorted((one.kind, one.verdict, one.outcomes[0].gap) for one in found) == sorted(
        (one.kind, one.verdict, one.outcomes[0].gap) for one in whole.findings
    )
    assert report.report_of(12).findings[0].causes


@pytest.mark.parametrize("frame", ["pandas", "polars", "lazy", "duckdb", "batch", "columns", "wide"])
def test_any_frame_says_the_same(frame, report):
    table = pa.Table.from_pylist(records())
    given = {}
    match frame:
        case "pandas":
            source = pd.DataFrame(records())
        case "polars":
            source = pl.DataFrame(records())
        case "lazy":
            source = pl.DataFrame(records()).lazy()
        case "duckdb":
            source = duckdb.from_arrow(table)
        case "batch":
            source = table.combine_chunks().to_batches()[0]
        case "columns":
            source = {name: table.column(name) for name in table.column_names}
        case _:
            source = pl.DataFrame(records()).pivot("item", index=["office", "year"])
            given = {"item": list(SEED), "amount": None}
    assert audited(source, **given).counts == report.counts


def test_the_figures_of_a_wide_table_stand_in_one_row():
    table = pa.table({"office": ["H", "P"], "total": [677, 51], "wages": [167, 30], "rest": [500, None]})
    outcomes = ba.audit_columns(table, rules=["total = wages + rest"], keys={"entity": "office"}).outcomes.to_pylist()
    undecided, wrong = outcomes
    assert (undecided["office"], undecided["reason"], undecided["gap"]) == ("P", "missing-part", None)
    assert [(one["label"], one["amount"], one["row"]) for one in undecided["figures"]] == [
        ("total", "51", 1), ("wages", "30", 1), ("rest", None, 1),
    ]  # fmt: skip
    assert (wrong["office"], wrong["gap"]) == ("H", Decimal(10))


def test_a_table_without_rows_checks_nothing():
    table = pa.table({"office": [], "total": pa.array([], pa.int64()), "wages": pa.array([], pa.int64())})
    report = ba.audit_columns(table, rules=["total = wages"], keys={"entity": "office"})
    assert report.checked == report.outcomes.num_rows == 0


def test_a_wrong_call_says_what_would_work():
    table = pa.Table.from_pylist(records())
    with pytest.raises(ba.BudgetAuditError, match=r"no column is called 'offic'; nearest: 'office'"):
        audited(table, keys=["offic"])
    with pytest.raises(ba.BudgetAuditError, match="no column and no unit"):
        audited(table, unit="furlongs")
    with pytest.raises(ba.BudgetAuditError, match="needs a column of items"):
        audited(table, item=None)
    with pytest.raises(ba.BudgetAuditError, match="are both the period"):
        audited(table, keys=["year", "period"])
    with pytest.raises(ba.BudgetAuditError, match="no frame that Arrow can read"):
        audited(object())
    with pytest.raises(ba.BudgetAuditError, match="several rows of a wide table"):
        ba.audit_columns(pa.table({"entity": ["A", "A"], "t": [1, 1]}), rules=["t = 1"], keys=["entity"])


def test_rules_that_cannot_be_weighed_are_refused_or_listed_by_name():
    table = pa.Table.from_pylist(records())
    rules = RuleSet.from_equations({"mixed": "total[actual] = wages[general]", "fine": "total = wages"})
    with pytest.raises(ba.BudgetAuditError, match=r"1 of 2 rules cannot be compiled: mixed \("):
        audited(table, rules=rules)
    listed = audited(table, rules=rules, list_refused=True)
    assert list(listed.refused) == ["mixed"]
    assert list(listed.by_rule) == ["fine"]


def test_nothing_checked_is_never_a_pass():
    table = pa.Table.from_pylist(records())
    report = audited(table, rules=RuleSet.load("cn"), list_refused=True)
    assert report.checked == 0
    assert not report.ok
    assert len(report.unbound) + len(report.refused) == len(RuleSet.load("cn"))
    with pytest.raises(ba.BudgetAuditError, match="nothing was checked"):
        report.raise_for_inconsistent()


def test_the_same_key_twice_ties_out_or_is_a_conflict():
    table = pa.Table.from_pylist([*records(), {**records()[0]}, {**records()[6], "amount": Decimal("1.00")}])
    report = audited(table)
    assert dict(report.by_rule["tie-out"])["exact"] == 1
    assert dict(report.by_rule["tie-out"])["inconsistent"] == 1
    assert report.by_rule["equation/1"]["undecided"] == 1
    with pytest.raises(ba.InconsistentFigures, match="relations do not hold"):
        report.raise_for_inconsistent()


def test_a_notebook_shows_the_counts_of_every_rule(report):
    html = report._repr_html_()
    assert "equation/1" in html
    assert "inconsistent" in html


@settings(max_examples=40)
@given(
    parts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), min_size=1, max_size=5),
    weights=st.lists(st.sampled_from(["", "2 * ", "- "]), min_size=5, max_size=5),
    gap=st.integers(-3, 3), places=st.integers(0, 2),
)  # fmt: skip
def test_the_likelihood_of_a_gap_in_columns_is_that_of_one_budget(parts, weights, gap, places):
    figures = {f"p{n}": Decimal(digits).scaleb(-own) for n, (digits, own) in enumerate(parts)}
    signs = {"": 1, "2 * ": 2, "- ": -1}
    chosen = dict(zip(figures, weights, strict=False))
    computed = sum(signs[chosen[name]] * figure for name, figure in figures.items())
    total = round(computed, places) + Decimal(gap).scaleb(-places)
    texts = {"total": f"{total:.{places}f}", **{name: f"{figure:f}" for name, figure in figures.items()}}
    rule = f"total = {' + '.join(f'{chosen[name]}{name}' for name in figures)}".replace("+ - ", "- ")
    (outcome,) = ba.audit(texts, rules=[rule], unit="万元").outcomes
    rows = [{"office": "A", "item": name, "amount": text} for name, text in texts.items()]
    found = audited(pa.Table.from_pylist(rows), rules=[rule], keys=["office"]).outcomes.to_pylist()
    assert [one["verdict"] for one in found] == [outcome.verdict] * (outcome.verdict != "exact")
    for one in found:
        wanted = outcome.likelihood.rounding if outcome.verdict == "rounding" else None
        assert one["likelihood"] == (None if wanted is None else str(wanted))
