"""`audit`: what a call may be given, what it makes of it, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba

SEED = {"total": "677.41", "wages": "167.09", "goods": "348.28", "subsidies": "16.48", "capital": "145.54"}
EQUATION = "total = wages + goods + subsidies + capital"
PACK = """
[pack]
name = "office"
version = "3"

[[rule]]
id = "office/income"
kind = "SUM001"
strength = "balance"
equation = "income = grants + fees"
label = { zh_Hans = "收入", zh_Hant = "收入", en = "Income" }
reason = "There are no other sources."
source = "Circular"
"""


def only(report: ba.Report) -> ba.Outcome:
    (outcome,) = report.outcomes
    return outcome


# --- figures ---------------------------------------------------------------------------------------------------------


def test_a_dict_with_an_equation_gives_verdict_gap_bound_and_likelihood() -> None:
    outcome = only(ba.audit(SEED, rules=[EQUATION]))
    assert (outcome.verdict, outcome.gap, outcome.bound) == ("rounding", Fraction("0.02"), Fraction("0.025"))
    assert (outcome.likelihood.rounding, outcome.likelihood.truncation) == (Fraction(1, 192), Fraction(11, 24))


def _records() -> list[dict[str, str]]:
    return [{"label": label, "amount": figure} for label, figure in SEED.items()]


def _frame(library: str) -> Any:
    module = pytest.importorskip(library)
    records = _records()
    if library == "pyarrow":
        return module.Table.from_pylist(records)
    return module.DataFrame(records)


@pytest.mark.parametrize("shape", ["budget", "records", "generator", "pandas", "polars", "pyarrow"])
def test_every_shape_of_the_same_figures_gives_the_same_report(shape: str) -> None:
    figures: Any
    match shape:
        case "budget":
            figures = ba.Budget.from_dict(SEED)
        case "records":
            figures = _records()
        case "generator":
            figures = (record for record in _records())
        case _:
            figures = _frame(shape)
    assert ba.audit(figures, rules=[EQUATION]) == ba.audit(SEED, rules=[EQUATION])


def test_the_unit_of_a_call_is_that_of_figures_that_carry_none() -> None:
    outcome = only(ba.audit(SEED, rules=[EQUATION], unit="万元"))
    assert outcome.unit.currency == "CNY"
    assert outcome.unit.scale == 10_000
    assert outcome.gap == Fraction("0.02")


def test_columns_say_what_the_callers_columns_hold() -> None:
    records = [{"项目": label, "金额": figure} for label, figure in SEED.items()]
    report = ba.audit(records, rules=[EQUATION], columns={"label": "项目", "amount": "金额"})
    assert only(report).gap == Fraction("0.02")


def test_a_negative_figure_is_no_year() -> None:
    assert only(ba.audit({"a": "-1940", "b": "1940"}, rules=["a = b"])).gap == -3880


def test_floats_have_no_known_precision_and_decide_nothing() -> None:
    outcome = only(ba.audit({"total": 10.0, "a": 4.0, "b": 5.0}, rules=["total = a + b"]))
    assert (outcome.verdict, outcome.reasons) == ("undecided", ("unknown-precision",))


ANY_FIGURE = st.one_of(
    st.none(), st.just(""), st.just("-"), st.just("0.00"), st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    st.sampled_from(["1,204.50", "(3.10)", "-5", "12%", "4人", "7.5万元", "约3.2", "100.00%"]),
)  # fmt: skip
EQUATIONS = [
    "a = b + c", "a + b = c + d", "a <= b", "a < b - c", "a% = b / c", "a% = (b - c) / c", "a% = d / (b - d)",
    "a = 3", "a = b", "d >= 0",
]  # fmt: skip


@given(
    figures=st.fixed_dictionaries(dict.fromkeys("abcd", ANY_FIGURE)),
    rules=st.lists(st.sampled_from(EQUATIONS), max_size=4, unique=True),
    rounding=st.sampled_from([None, "nearest", "truncate", "parts"]),
)
def test_figures_of_any_kind_are_reported_and_never_raise(figures: Any, rules: list[str], rounding: Any) -> None:
    report = ba.audit(figures, rules=rules, rounding=rounding)
    assert sum(report.counts.values()) == len(report.outcomes)
    assert str(report)
    assert ba.audit(figures, rules=rules, rounding=rounding) == report
    relations = {outcome.relation.rule for outcome in report.outcomes} | {rule.rule for rule in report.unbound}
    assert relations >= {f"equation/{number}" for number in range(1, len(rules) + 1)}


# --- rules -----------------------------------------------------------------------------------------------------------


def test_rules_may_be_packs_paths_equations_rules_and_mixtures(tmp_path: Path) -> None:
    pack = tmp_path / "office.toml"
    pack.write_text(PACK, encoding="utf-8")
    figures = {"income": "10.00", "grants": "4.00", "fees": "5.00", "cap": "9.00"}
    rule = ba.RuleSet.from_equations({"mine/cap": "fees <= cap"}).rules[0]
    mixed: list[Any] = [str(pack), "income <= 2 * cap", {"mine/sum": "cap = grants + fees"}, rule]
    report = ba.audit(figures, rules=mixed)
    assert {outcome.relation.rule for outcome in report.outcomes} == {
        "office/income", "equation/1", "mine/sum", "mine/cap",
    }  # fmt: skip
    assert [(pack.name, pack.version) for pack in report.packs] == [("office", "3")]
    for same in (pack, str(pack), [pack], ba.RuleSet.load(pack)):
        assert [outcome.relation.rule for outcome in ba.audit(figures, rules=same).outcomes] == ["office/income"]


def test_one_equation_needs_no_list() -> None:
    assert ba.audit(SEED, rules=EQUATION) == ba.audit(SEED, rules=[EQUATION])


def test_equations_keep_the_ids_of_a_mapping() -> None:
    assert only(ba.audit(SEED, rules={"county/classes": EQUATION})).relation.rule == "county/classes"


def test_the_packs_that_fit_are_the_default() -> None:
    figures = {"基本支出": "246.79", "人员经费": "179.17", "公用经费": "67.62"}
    report = ba.audit(figures, unit="万元")
    assert [pack.name for pack in report.packs] == ["cn"]
    assert ("cn/basic-spending", "exact") in [(outcome.relation.rule, outcome.verdict) for outcome in report.outcomes]
    assert ba.audit({"total": "1", "a": "1"}).packs == ()


def test_no_rules_at_all_is_a_choice() -> None:
    report = ba.audit(SEED, rules=[])
    assert (report.outcomes, report.checked, report.ok) == ((), 0, False)


def test_a_figure_printed_twice_is_compared_without_any_rule() -> None:
    records = [{"label": "total", "amount": "3.00"}, {"label": "total", "amount": "3.10"}]
    (finding,) = ba.audit(records, rules=[]).findings
    assert (finding.kind, finding.rule, finding.verdict) == ("TIE001", "tie-out", "inconsistent")


# --- conventions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "verdicts"),
    [
        (None, {"-0.01": "rounding", "0.00": "exact", "0.02": "rounding", "0.03": "inconsistent"}),
        ("nearest", {"-0.01": "rounding", "0.00": "exact", "0.02": "rounding", "0.03": "inconsistent"}),
        ("truncate", {"-0.01": "inconsistent", "0.00": "exact", "0.02": "rounding", "0.03": "rounding"}),
        ("parts", {"-0.01": "inconsistent", "0.00": "exact", "0.02": "inconsistent", "0.03": "inconsistent"}),
    ],
)
def test_rounding_replaces_the_convention(rounding: Any, verdicts: dict[str, str]) -> None:
    for gap, verdict in verdicts.items():
        figures = SEED | {"total": str(Decimal("677.39") + Decimal(gap))}
        outcome = only(ba.audit(figures, rules=[EQUATION], rounding=rounding))
        assert outcome.verdict == verdict, gap


def test_rounding_changes_only_the_rounding_of_a_packs_convention(tmp_path: Path) -> None:
    pack = tmp_path / "office.toml"
    pack.write_text(PACK + '[rule.convention]\nmissing = "absent-is-zero"\n', encoding="utf-8")
    figures = {"income": "4.01", "grants": "4.00"}
    convention = only(ba.audit(figures, rules=pack, rounding="truncate")).relation.convention
    assert (convention.missing, convention.rounding) == ("absent-is-zero", "truncate")


def test_rounding_applies_to_what_documents_state() -> None:
    records = [{"label": "total", "amount": "3.00"}, {"label": "total", "amount": "3.0"}]
    for rounding in ("truncate", "nearest"):
        report = ba.audit(records, rules=[], rounding=rounding)  # type: ignore[arg-type]
        assert only(report).relation.convention.rounding == rounding


def test_a_tolerance_is_added_to_the_bound_and_recorded() -> None:
    figures = SEED | {"total": "677.44"}
    assert only(ba.audit(figures, rules=[EQUATION])).verdict == "inconsistent"
    outcome = only(ba.audit(figures, rules=[EQUATION], tolerance="0.03"))
    assert (outcome.verdict, outcome.bound) == ("rounding", Fraction("0.055"))
    assert outcome.relation.convention.tolerance == "0.03"
    same = ba.audit(figures, rules=[EQUATION], tolerance=Decimal("0.03"))
    assert only(same) == outcome


# --- select and ignore -----------------------------------------------------------------------------------------------


FACTS = [
    {"label": "total", "amount": "10.00"}, {"label": "total", "amount": "10.00"}, {"label": "a", "amount": "4.00"},
    {"label": "b", "amount": "5.00"}, {"label": "cap", "amount": "1.00"}, {"label": "gone", "amount": "-"},
]  # fmt: skip
RULES = {"sums/total": "total = a + b", "limits/cap": "a <= cap", "sums/gone": "total = a + gone"}


@pytest.mark.parametrize(
    ("selection", "judged", "found"),
    [
        ({}, {"sums/total", "limits/cap", "sums/gone", "tie-out"}, {"SUM001", "ORD001", "SUM003"}),
        ({"select": ["SUM"]}, {"sums/total", "sums/gone"}, {"SUM001", "SUM003"}),
        ({"select": "ORD001"}, {"limits/cap"}, {"ORD001"}),
        ({"select": ["sums/"]}, {"sums/total", "sums/gone"}, {"SUM001", "SUM003"}),
        ({"select": ["sums/total", "TIE"]}, {"sums/total", "tie-out"}, {"SUM001"}),
        ({"select": ["part-exceeds-whole"]}, {"limits/cap"}, {"ORD001"}),
        ({"select": ["SUM003"]}, {"sums/total", "sums/gone"}, {"SUM003"}),
        ({"ignore": ["SUM003"]}, {"sums/total", "limits/cap", "sums/gone", "tie-out"}, {"SUM001", "ORD001"}),
        ({"ignore": ["SUM001"]}, {"limits/cap", "tie-out"}, {"ORD001"}),
        ({"ignore": ["tie-out", "limits/cap"]}, {"sums/total", "sums/gone"}, {"SUM001", "SUM003"}),
        ({"select": ["SUM"], "ignore": ["sums/gone"]}, {"sums/total"}, {"SUM001"}),
    ],
)
def test_select_and_ignore_apply_to_everything_judged(
    selection: dict[str, Any], judged: set[str], found: set[str]
) -> None:
    report = ba.audit(FACTS, rules=RULES, **selection)
    assert {outcome.relation.rule for outcome in report.outcomes} == judged
    assert {finding.kind for finding in report.findings} == found


def test_what_is_not_selected_is_neither_unbound_nor_failed() -> None:
    report = ba.audit({"a": "1"}, rules={"x/1": "nothing = there", "y/1": "a = 1"}, select=["y/"])
    assert [outcome.relation.rule for outcome in report.outcomes] == ["y/1"]
    assert report.unbound == ()


def test_remarks_of_readers_are_selected_by_their_kind() -> None:
    source = ba.Source("report.txt", 0, 8, "减少-5.00万元", 1, 1)
    from budgetaudit.model.statement import Remark

    budget = ba.Budget((), remarks=(Remark("TXT002", source),))
    assert [finding.kind for finding in ba.audit(budget, rules=[]).findings] == ["TXT002"]
    assert [finding.kind for finding in ba.audit(budget, rules=[], select=["TXT"]).findings] == ["TXT002"]
    assert ba.audit(budget, rules=[], select=["SUM"]).findings == ()
    assert ba.audit(budget, rules=[], ignore=["double-negation"]).findings == ()


# --- wrong calls -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "arguments", "says"),
    [
        ("report.txt", {}, "not the name or the text of a document.*read"),
        (b"1", {}, "not the name or the text"),
        (ba.audit({"a": "1"}, rules=[]), {}, r"not a report about them\. Hint: budgetaudit\.audit\(report\.budget\)"),
        (7, {}, "int is no data frame"),
        ({"a": "x"}, {}, "record 1 .a."),
        ([1, 2], {}, "record 1"),
        ({"a": "1"}, {"columns": {"label": "a"}}, "no columns"),
        (ba.Budget.from_dict({"a": "1"}), {"unit": "万元"}, "own units"),
        ({"a": "1"}, {"rules": "cnn"}, "nearest: 'cn'"),
        ({"a": "1"}, {"rules": 7}, "not int"),
        ({"a": "1"}, {"rules": [7]}, "not int"),
        ({"a": "1"}, {"rules": ["a = = b"]}, "equation/1"),
        ({"a": "1"}, {"rules": ["a = b", {"equation/1": "b = a"}]}, "given twice"),
        ({"a": "1"}, {"select": ["SUM9"]}, "no kind and no rule is called 'SUM9'.*nearest"),
        ({"a": "1"}, {"ignore": ["text/splitt"]}, "'text/split'"),
        ({"a": "1"}, {"select": [""]}, "selector"),
        ({"a": "1"}, {"select": [7]}, "selector"),
        ({"a": "1"}, {"rounding": "up"}, "nearest, truncate or parts"),
        ({"a": "1"}, {"tolerance": 0.01}, "tolerance"),
        ({"a": "1"}, {"tolerance": "-1"}, "tolerance"),
        ({"a": "1"}, {"tolerance": "NaN"}, "tolerance"),
        ({"a": "1"}, {"tolerance": True}, "tolerance"),
    ],
)
def test_wrong_calls_are_refused_with_what_would_work(figures: Any, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ba.BudgetAuditError, match=f"(?s){says}"):
        ba.audit(figures, **arguments)


def test_a_pack_with_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    pack = tmp_path / "office.toml"
    pack.write_text(PACK.replace("SUM001", "SUM901"), encoding="utf-8")
    with pytest.raises(ba.RuleError, match="office/income: no kind is called 'SUM901'; nearest"):
        ba.audit({"income": "1"}, rules=pack)


def test_everything_with_a_default_is_a_keyword() -> None:
    with pytest.raises(TypeError):
        ba.audit(SEED, [EQUATION])  # type: ignore[misc]


# --- the example -----------------------------------------------------------------------------------------------------


def test_the_county_report_gives_what_the_readme_promises(root: Path) -> None:
    report = ba.audit(ba.read(root / "examples" / "county-report.txt"))
    (sum_,) = (outcome for outcome in report.outcomes if outcome.gap == Fraction("0.02"))
    assert (sum_.verdict, sum_.bound, sum_.relation.kind) == ("rounding", Fraction("0.025"), "SUM001")
    assert (sum_.likelihood.rounding, sum_.likelihood.truncation) == (Fraction(1, 192), Fraction(11, 24))
    first, *others = report.findings
    assert (first.kind, first.severity, first.verdict) == ("SUM001", "warning", "rounding")
    assert all(finding.severity == "info" for finding in others)
    assert ("145.54", "145.56") in [(edit.printed, edit.proposed) for edit in first.corrections]
    (rest,) = (finding for finding in others if finding.kind == "SUM003")
    assert rest.outcome is not None
    assert rest.outcome.gap == Fraction("430.62")
    assert rest.missing == ("项目支出",)
