"""Outcomes: six verdicts, with their reasons in order, under every policy and convention."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from budgetaudit.check import evaluate as evaluating
from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate, evaluate_all
from budgetaudit.check.outcome import VERDICTS, Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval
from budgetaudit.money.unit import PERCENT, POINTS
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet
from checking import amount, facts, outcome_of

SUM = "t = a + b"


# --- The six verdicts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "equation", "verdict", "gap", "bound"),
    [
        ({"t": "246.79", "a": "179.17", "b": "67.62"}, SUM, "exact", "0", "0.015"),
        ({"t": "246.80", "a": "179.17", "b": "67.62"}, SUM, "rounding", "0.01", "0.015"),
        ({"t": "246.77", "a": "179.17", "b": "67.62"}, SUM, "inconsistent", "-0.02", "0.015"),
        ({"t": "103", "a": "60.4", "b": "42.3"}, SUM, "exact", "0.3", "0.6"),
        ({"t": "102", "a": "60.4", "b": "42.3"}, SUM, "inconsistent", "-0.7", "0.6"),
        ({"t": "-3", "a": "2", "b": "5"}, "t = a - b", "exact", "0", "1.5"),
        ({"t": "2.50", "a": "5.00"}, "2 * t = a", "exact", "0", "0.0075"),
        ({"t": "1", "a": "3", "b": "2"}, "a = t + b", "exact", "0", "1.5"),
        ({"t": "9", "a": "3", "b": "2"}, "a + b = t", "inconsistent", "4", "1.5"),
        ({"t": "9", "a": "3", "b": "5"}, "t = a + b + 1", "exact", "0", "1.5"),
        ({"t": "9"}, "t = 10", "inconsistent", "-1", "0.5"),
        ({"t": "0.00"}, "t = 0", "exact", "0", "0.005"),
        ({"a": "4.90", "b": "348.28"}, "a <= b", "exact", "0", None),
        ({"a": "10.01", "b": "10.00"}, "a <= b", "rounding", "0.01", "0.01"),
        ({"a": "10.01", "b": "10.00"}, "a < b", "inconsistent", "0.01", "0.01"),
        ({"a": "12.00", "b": "10.00"}, "b >= a", "inconsistent", "2", "0.01"),
        ({"a": "12.00"}, "a <= 10", "inconsistent", "2", "0.005"),
        ({"a": "12.00"}, "10 <= a", "exact", "0", None),
        ({"r": "31.25%", "a": "25.00", "b": "80.00"}, "r% = a / b", "exact", "0", None),
        ({"r": "31.26%", "a": "25.00", "b": "80.00"}, "r% = a / b", "rounding", "0.01", None),
        ({"r": "35.00%", "a": "25.00", "b": "80.00"}, "r% = a / b", "inconsistent", "3.75", None),
        ({"r": "35.00%", "a": "25.00", "b": "0.00"}, "r% = a / b", "undefined", None, None),
        ({"r": "25.0%", "a": "25.00", "b": "20.00"}, "r% = (a - b) / b", "exact", "0", None),
        ({"r": "25.0%", "c": "5.00", "a": "25.00"}, "r% = c / (a - c)", "exact", "0", None),
        ({"r": "25.0%", "c": "5.00", "a": "5.00"}, "r% = c / (a - c)", "undefined", None, None),
        ({"r": "1.25", "a": "25.00", "b": "20.00"}, "r = a / b", "exact", "0", None),
        ({"t": "3.00", "a": "", "b": "2.00"}, SUM, "undecided", "1", None),
        ({"t": "3.00万元", "a": "1.00万元", "b": "2.00%"}, SUM, "failed", None, None),
        ({"t": "3.00", "a": "1.00"}, "t = a + c", "failed", None, None),
    ],
)  # fmt: skip
def test_verdicts(judge_one, figures, equation, verdict, gap, bound):
    outcome = judge_one(figures, equation)
    assert outcome.verdict == verdict
    assert outcome.gap == (None if gap is None else Fraction(gap))
    if bound is not None:
        assert outcome.bound == Fraction(bound)


def test_amounts_are_reported_in_the_unit_of_the_total(judge_one):
    outcome = judge_one({"t": "1.30万元", "a": "12345元", "b": "655元"}, SUM)
    assert (outcome.verdict, outcome.gap, outcome.computed, str(outcome.unit)) == ("exact", 0, Fraction("1.3"), "万元")
    assert outcome.target_interval == Interval(Fraction("1.295"), Fraction("1.305"))
    assert outcome.computed_interval == Interval(Fraction("1.2999"), Fraction("1.3001"))
    limit = judge_one({"a": "12345元", "b": "1.20万元"}, "a <= b")
    assert (limit.gap, limit.bound, str(limit.unit)) == (Fraction("0.0345"), Fraction("0.00505"), "万元")
    assert judge_one({"a": "12345元", "b": "1.20万元"}, "b >= a").gap == limit.gap


def test_a_number_in_an_equation_is_in_the_unit_of_its_target(judge_one):
    assert judge_one({"t": "1.30万元", "a": "3000元"}, "t = a + 1").verdict == "exact"
    assert judge_one({"a": "3.00万元"}, "a <= 2").verdict == "inconsistent"


def test_a_ratio_in_percent_is_read_as_percent_whether_the_equation_says_so_or_not(judge_one):
    for equation in ("r = a / b", "r% = a / b"):
        assert judge_one({"r": "31.25%", "a": "25.00", "b": "80.00"}, equation).verdict == "exact"
    assert judge_one({"r": "31.25", "a": "25.00", "b": "80.00"}, "r% = a / b").verdict == "exact"
    assert judge_one({"r": "2.5倍", "a": "25.00", "b": "10.00"}, "r% = a / b").verdict == "exact"


def test_percent_is_not_percentage_points():
    ratio = {"r": amount("25.0", unit=POINTS), "a": amount("25"), "b": amount("20")}
    outcome = outcome_of(facts(**ratio), "r% = (a - b) / b")
    assert (outcome.verdict, outcome.reasons) == ("failed", ("units-differ",))
    mixed = outcome_of(facts(t=amount("3", unit=POINTS), a=amount("1", unit=PERCENT), b=amount("2", unit=POINTS)), SUM)
    assert mixed.reasons == ("units-differ",)


def test_an_average_divides_money_by_heads(judge_one):
    figures = {"average": "200元", "spending": "10.00万元", "guests": "500人次"}
    assert judge_one(figures, "average = spending / guests").verdict == "exact"


# --- Order of reasons --------------------------------------------------------------------------------------------------------

CONFLICT, UNKNOWN = [amount("1.0"), amount("2.0")], amount("1.0", precision="unknown")
EXCESS, NIL = amount("123", -1), [amount("1.0"), None]


@pytest.mark.parametrize(
    ("prints", "reasons"),
    [
        ({"t": EXCESS, "a": CONFLICT, "b": amount("1")}, ("conflicting-figures", "excess-digits")),
        ({"t": CONFLICT, "a": EXCESS, "b": amount("1")}, ("excess-digits", "conflicting-figures")),
        ({"t": amount("1"), "a": EXCESS, "b": CONFLICT}, ("excess-digits", "conflicting-figures")),
        ({"t": amount("1"), "a": UNKNOWN, "b": None}, ("unknown-precision", "missing-part")),
        ({"t": None, "a": None, "b": amount("1")}, ("missing-part", "missing-total")),
        ({"t": None, "a": amount("1"), "b": EXCESS}, ("excess-digits", "missing-total")),
        ({"t": amount("1"), "a": NIL, "b": amount("1")}, ("conflicting-figures",)),
        ({"t": amount("1"), "a": [EXCESS, UNKNOWN], "b": amount("1")}, ("unknown-precision", "excess-digits")),
        ({"t": amount("1"), "a": amount("1", precision="approximate"), "b": amount("1")}, ("approximate",)),
        ({"t": amount("1"), "a": ..., "b": amount("1")}, ("missing-part",)),
        ({"t": amount("1"), "a": [amount("1"), ...], "b": amount("1")}, ("missing-part",)),
    ],
)
def test_the_first_reason_is_that_of_the_first_figure_inputs_before_the_target(prints, reasons):
    outcome = outcome_of(facts(**prints), SUM)
    assert (outcome.verdict, outcome.reasons, outcome.complete) == ("undecided", reasons, False)


def test_a_broken_rule_counts_before_what_is_undecided():
    prints = {"t": EXCESS, "a": amount("1", unit=PERCENT), "b": CONFLICT}
    outcome = outcome_of(facts(**prints), SUM)
    assert outcome.verdict == "failed"
    assert outcome.reasons == ("units-differ", "conflicting-figures", "excess-digits")


@pytest.mark.parametrize("equation", ["r% = a / b", "r% = (a - b) / b", "r% = a / (b - a)"])
def test_a_figure_that_cannot_be_used_counts_before_a_base_of_zero(equation):
    zero = amount("0")
    prints = {"r": EXCESS, "a": zero, "b": zero}
    assert outcome_of(facts(**prints), equation).reasons == ("excess-digits",)
    assert outcome_of(facts(**prints | {"r": amount("5")}), equation).reasons == ("zero-base",)


# --- Missing figures -----------------------------------------------------------------------------------------------------------


def test_required_a_missing_part_leaves_the_sum_open_and_says_what_it_must_be(judge_one):
    outcome = judge_one({"t": "677.41", "a": "246.79", "b": "-"}, SUM)
    assert (outcome.verdict, outcome.reasons, outcome.absent) == ("undecided", ("missing-part",), ("b",))
    assert outcome.implied == Interval(Fraction("430.61"), Fraction("430.63"))
    assert (outcome.gap, outcome.computed) == (Fraction("430.62"), Fraction("246.79"))


def test_required_parts_that_exceed_the_total_prove_nothing_if_the_missing_one_may_be_negative(judge_one):
    outcome = judge_one({"t": "100.00", "a": "120.00", "b": ""}, SUM)
    assert (outcome.verdict, outcome.gap) == ("undecided", -20)


def test_absent_parts_may_count_as_zero(judge_one):
    for total, verdict in (("246.79", "exact"), ("246.80", "rounding"), ("246.90", "inconsistent")):
        outcome = judge_one({"t": total, "a": "246.79", "b": ""}, SUM, missing="absent-is-zero")
        assert (outcome.verdict, outcome.absent, outcome.complete) == (verdict, ("b",), False)


def test_a_total_that_nobody_prints_is_information(judge_one):
    outcome = judge_one({"t": "", "a": "1.30", "b": "2.00"}, "t = a + b + 1")
    assert (outcome.verdict, outcome.reasons, outcome.absent) == ("undecided", ("missing-total",), ("t",))
    assert (outcome.gap, outcome.computed) == (None, Fraction("4.3"))
    assert outcome.implied == outcome.computed_interval == Interval(Fraction("4.29"), Fraction("4.31"))


def test_an_empty_sum_never_equals_a_zero(judge_one):
    outcome = judge_one({"t": "0.00", "a": "", "b": "-"}, SUM, missing="absent-is-zero")
    assert (outcome.verdict, outcome.reasons) == ("undecided", ("nothing-to-compare",))


@pytest.mark.parametrize(
    ("total", "part", "verdict"),
    [
        ("10.00", "8.00", "exact"),
        ("10.00", "10.01", "rounding"),
        ("10.00", "12.00", "inconsistent"),
        ("10.00", "-1.00", "undecided"),
    ],
)
def test_an_open_list_may_not_exceed_its_total_unless_a_part_is_negative(judge_one, total, part, verdict):
    outcome = judge_one({"t": total, "a": part, "b": ""}, SUM, missing="open")
    assert (outcome.verdict, outcome.complete) == (verdict, False)


def test_an_open_list_counts_what_the_equation_adds(judge_one):
    assert judge_one({"t": "10.00", "a": "8.00", "b": ""}, "t = a + b + 3", missing="open").verdict == "inconsistent"


@pytest.mark.parametrize("policy", ["required", "absent-is-zero", "open"])
@pytest.mark.parametrize(
    ("prints", "equation", "reason"),
    [
        ({"t": None, "a": amount("1")}, "t = a", "missing-total"),
        ({"r": None, "a": amount("1"), "b": amount("1")}, "r% = a / b", "missing-part"),
        ({"r": amount("1"), "a": None, "b": amount("1")}, "r% = a / b", "missing-part"),
        ({"r": amount("1"), "a": amount("1"), "b": None}, "r% = (a - b) / b", "missing-part"),
        ({"r": amount("1"), "a": amount("1"), "b": None}, "r% = a / (b - a)", "missing-part"),
        ({"a": amount("1"), "b": None}, "a <= b", "missing-part"),
    ],
)
def test_no_policy_makes_up_a_target_or_a_ratio(prints, equation, reason, policy):
    outcome = outcome_of(facts(**prints), equation, missing=policy)
    assert (outcome.verdict, outcome.reasons) == ("undecided", (reason,))


# --- Figures from 0 on: what packs and lists in the text know ------------------------------------------------------------------


def relation(form, terms, **given):
    convention = given.pop("convention", Convention())
    return Relation("r", "SUM001", "balance", form, tuple(Term(*term) for term in terms), convention, **given)


@pytest.mark.parametrize(
    ("total", "part", "verdict"),
    [("100.00", "120.00", "inconsistent"), ("100.00", "100.01", "undecided"), ("100.00", "90.00", "undecided")],
)
def test_parts_that_exceed_a_total_of_amounts_fail_whatever_is_missing(total, part, verdict):
    budget = facts(t=amount(total), a=amount(part))
    known = relation(
        "sum", [("t0", "total"), ("a1", "part")], missing=("b",), missing_from=frozenset({"part"}), nonnegative=True
    )
    outcome = evaluate(known, budget)
    assert (outcome.verdict, outcome.complete, outcome.absent) == (verdict, False, ("b",))
    assert evaluate(replace(known, nonnegative=False), budget).verdict == "undecided"


def test_a_part_that_is_subtracted_cannot_be_bounded():
    """80 = 100 - x: the missing x is 20, and nothing is wrong."""
    budget = facts(t=amount("80.00"), a=amount("100.00"), b=None)
    terms = [("t0", "total"), ("a1", "part"), ("b2", "part", Fraction(-1))]
    outcome = evaluate(relation("sum", terms, nonnegative=True), budget)
    assert (outcome.verdict, outcome.reasons) == ("undecided", ("missing-part",))


@pytest.mark.parametrize(
    ("left", "right", "missing_from", "verdict"),
    [
        ("4.00", "5.00", "right", "exact"),
        ("6.00", "5.00", "right", "undecided"),
        ("6.00", "5.00", "left", "inconsistent"),
        ("4.00", "5.00", "left", "undecided"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_an_inequality_is_certain_where_missing_amounts_can_only_help(left, right, missing_from, verdict, turned):
    budget = facts(left=amount(left), right=amount(right))
    roles = ("right", "left") if turned else ("left", "right")
    side = roles[("left", "right").index(missing_from)]
    order = relation(
        "order", [("left0", roles[0]), ("right1", roles[1])], op=">=" if turned else "<=",
        missing=("x",), missing_from=frozenset({side}), nonnegative=True,
    )  # fmt: skip
    outcome = evaluate(order, budget)
    assert (outcome.verdict, outcome.complete, outcome.absent) == (verdict, False, ("x",))
    both = replace(order, missing_from=frozenset({"left", "right"}))
    assert evaluate(both, budget).verdict == "undecided"
    assert evaluate(replace(order, nonnegative=False), budget).verdict == "undecided"


# --- Conventions ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("totals", ["rounded", "adjusted"])
def test_totals_of_printed_parts_are_exact_or_wrong(judge_one, totals):
    figures = {"t": "677.41", "a": "667.09", "b": "10.30"}
    assert judge_one(figures, SUM, totals_from="unrounded").verdict == "inconsistent"
    nearly = figures | {"t": "677.40"}
    assert judge_one(nearly, SUM).verdict == "rounding"
    outcome = judge_one(nearly, SUM, totals_from=totals)
    assert (outcome.verdict, outcome.bound, outcome.computed_interval) == (
        "inconsistent", Fraction("0.005"), Interval.point(Fraction("677.39"))
    )  # fmt: skip
    assert judge_one(figures | {"t": "677.4"}, SUM, totals_from=totals).verdict == "exact"


@pytest.mark.parametrize(
    ("total", "rounding", "verdict"),
    [
        ("10.03", "nearest", "inconsistent"),
        ("10.01", "truncate", "rounding"),
        ("10.02", "truncate", "inconsistent"),
        ("9.99", "truncate", "inconsistent"),
        ("9.99", "nearest", "rounding"),
        ("9.99", "floor", "inconsistent"),
        ("10.01", "floor", "rounding"),
    ],
)
def test_rounding_conventions(judge_one, total, rounding, verdict):
    assert judge_one({"t": total, "a": "6.00", "b": "4.00"}, SUM, rounding=rounding).verdict == verdict


@pytest.mark.parametrize(
    ("total", "ties", "verdict"),
    [("2", "any", "exact"), ("3", "any", "exact"), ("2", "even", "exact"), ("3", "even", "inconsistent"),
     ("3", "away", "exact"), ("2", "away", "inconsistent")],
)  # fmt: skip
def test_half_of_a_unit_goes_where_the_convention_says(judge_one, total, ties, verdict):
    parts = {"a": Amount(Decimal("1.5"), 1, precision="exact"), "b": Amount(Decimal("1.0"), 1, precision="exact")}
    assert judge_one({"t": total, **parts}, SUM, ties=ties).verdict == verdict


def test_ledgers_in_the_smallest_unit_hide_nothing(judge_one):
    figures = {"t": "100.01元", "a": "60.00元", "b": "40.00元"}
    assert judge_one(figures, SUM).verdict == "rounding"
    outcome = judge_one(figures, SUM, exact_below="0.01")
    assert (outcome.verdict, outcome.bound) == ("inconsistent", 0)
    in_ten_thousands = {"t": "100.01万元", "a": "60.00万元", "b": "40.00万元"}
    assert judge_one(in_ten_thousands, SUM, exact_below="0.01").verdict == "rounding"


@pytest.mark.parametrize(
    ("convention", "printed", "verdict", "gap"),
    [
        ("undefined", "150.0%", "undefined", None),
        ("absolute", "150.0%", "exact", "0"),
        ("absolute", "-150.0%", "inconsistent", "-300"),
        ("signed", "-150.0%", "exact", "0"),
        ("signed", "150.0%", "inconsistent", "300"),
    ],
)
@pytest.mark.parametrize("equation", ["g% = (c - b) / b", "g% = d / (c - d)"])
def test_growth_from_a_negative_base(judge_one, convention, printed, verdict, gap, equation):
    figures = {"g": printed, "c": "10.00", "b": "-20.00", "d": "30.00"}
    outcome = judge_one(figures, equation, negative_base=convention)
    assert (outcome.verdict, outcome.gap) == (verdict, None if gap is None else Fraction(gap))
    if verdict != "undefined":
        assert outcome.target_interval is not None
        assert Fraction(printed[:-1]) in outcome.target_interval
        assert outcome.computed in outcome.computed_interval
    else:
        assert outcome.reasons == ("negative-base",)


def test_shares_of_a_negative_whole_have_a_meaning(judge_one):
    assert judge_one({"r": "50.0%", "a": "-5.00", "b": "-10.00"}, "r% = a / b").verdict == "exact"


def test_a_tolerance_is_asked_for_and_recorded(judge_one):
    figures = {"t": "100.10", "a": "60.00", "b": "40.00"}
    assert judge_one(figures, SUM).verdict == "inconsistent"
    outcome = judge_one(figures, SUM, tolerance="0.1", unit="万元")
    assert (outcome.verdict, outcome.bound, outcome.relation.convention.tolerance) == (
        "rounding",
        Fraction("0.115"),
        "0.1",
    )
    assert judge_one({"a": "10.20", "b": "10.00"}, "a <= b", tolerance="0.2").verdict == "rounding"
    assert judge_one({"r": "36.00%", "a": "25.00", "b": "80.00"}, "r% = a / b", tolerance="5").verdict == "rounding"


# --- Rules that break --------------------------------------------------------------------------------------------------------


def test_an_exception_in_one_rule_changes_no_other_outcome(judge, monkeypatch):
    figures = {"t": "3.00", "a": "1.00", "b": "2.00", "r": "50.00%"}
    equations = ["t = a + b", "r% = a / b", "a <= b"]
    sound = judge(figures, *equations)

    def broken(*_, **__):
        raise ZeroDivisionError("a fault of its own")

    monkeypatch.setattr(evaluating, "weigh_ratio", broken)
    failing = judge(figures, *equations)
    assert (failing[0], failing[2]) == (sound[0], sound[2])
    assert (failing[1].verdict, failing[1].reasons) == ("failed", ("error",))
    assert failing[1].detail == "ZeroDivisionError: a fault of its own"


def test_a_rule_that_breaks_while_it_is_bound_fails_alone():
    budget = Budget.from_dict({"t": "1", "a": "1"}, unit="万元")
    sound, strange = RuleSet.from_equations(["t = a", "t <= a"])
    for broken in (
        replace(strange, when=parse_equation("r = a / t")),
        replace(strange, when=parse_equation("a > 0"), convention=Convention(exact_below="a cent")),
    ):
        relations = bind(RuleSet((broken, sound)), budget).relations
        failed, fine = evaluate_all(relations, budget)
        assert (failed.verdict, failed.reasons, failed.relation.rule) == ("failed", ("error",), "equation/2")
        assert "Error: " in failed.detail
        assert fine.verdict == "exact"


def test_a_relation_about_lines_that_are_not_there_fails_alone():
    budget = facts(t=amount("1"), a=amount("1"))
    broken = relation("sum", [("t0", "total"), ("nowhere", "part")])
    fine = relation("sum", [("t0", "total"), ("a1", "part")])
    assert [outcome.verdict for outcome in evaluate_all([broken, fine], budget)] == ["failed", "exact"]


def test_every_verdict_is_one_of_six(judge):
    assert set(VERDICTS) == {"exact", "rounding", "inconsistent", "undefined", "undecided", "failed"}
