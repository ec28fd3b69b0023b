"""Several prints of one fact, counts, and shares of one whole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from budgetaudit.model.statement import Statement, Term
from budgetaudit.money.unit import PERCENT
from budgetaudit.money.unit_names import parse_unit
from checking import amount, facts, outcome_of, outcomes

SUM = "t = a + b"
UNKNOWN, EXCESS = amount("1.0", precision="unknown"), amount("123", -1)


@pytest.mark.parametrize(
    ("prints", "convention", "verdict", "gap", "bound"),
    [
        (["304.26", "304.3"], {}, "exact", "0.04", "0.055"),
        (["304.3", "304.26"], {}, "exact", "0.04", "0.055"),
        (["304.24", "304.3"], {}, "inconsistent", "0.06", "0.055"),
        (["300.00", "310.00"], {}, "inconsistent", "10", "0"),
        (["1.2", "1.3"], {}, "inconsistent", "0.1", "0"),
        (["10", "10.5"], {}, "exact", "-0.5", "0.55"),
        (["10", "10.5"], {"ties": "away"}, "rounding", "-0.5", "0.55"),
        (["6.9", "6"], {"rounding": "truncate"}, "exact", "-0.9", "1"),
        (["7.0", "6"], {"rounding": "truncate"}, "inconsistent", "-1", "1"),
        (["1.2", "1.3", "1.25"], {}, "inconsistent", "0.05", "0.055"),
        (["5.00", "5.00", "5.00"], {}, "exact", "0", "0"),
        (["326.71", "326.72"], {"totals_from": "adjusted"}, "rounding", "0.01", "0.01"),
        (["326.71", "326.73"], {"totals_from": "adjusted"}, "inconsistent", "0.02", "0.01"),
        (["5.00", "5.20"], {"tolerance": "0.2"}, "rounding", "0.2", "0.2"),
    ],
)
def test_tie_outs(prints, convention, verdict, gap, bound):
    (outcome,) = outcomes(facts(a=[amount(text) for text in prints]), **convention)
    assert (outcome.relation.form, outcome.relation.kind) == ("tie", "TIE001")
    assert (outcome.verdict, abs(outcome.gap), outcome.bound) == (verdict, abs(Fraction(gap)), Fraction(bound))


def test_text_in_ten_thousands_ties_to_a_table_in_yuan():
    wan, yuan = parse_unit("万元"), parse_unit("元")
    for table, verdict in (("12864012.55", "exact"), ("12864050.00", "exact"), ("12864050.01", "inconsistent")):
        (outcome,) = outcomes(facts(a=[amount("1286.40", unit=wan), amount(table, unit=yuan)]))
        assert outcome.verdict == verdict


@pytest.mark.parametrize(
    ("prints", "verdict", "reasons"),
    [
        ([amount("5"), amount("5", unit=PERCENT), EXCESS], "failed", ("units-differ", "excess-digits")),
        ([amount("5"), EXCESS], "undecided", ("excess-digits",)),
        (
            [amount("5"), amount("6", precision="approximate"), UNKNOWN],
            "undecided",
            ("unknown-precision", "approximate"),
        ),
    ],
)
def test_tie_outs_of_prints_that_cannot_be_used(prints, verdict, reasons):
    (outcome,) = outcomes(facts(a=prints))
    assert (outcome.verdict, outcome.reasons) == (verdict, reasons)


def test_a_second_print_with_more_places_sharpens_the_figure():
    coarse = facts(t=amount("10"), a=amount("4.7"), b=amount("4.7"))
    assert outcome_of(coarse, SUM).verdict == "rounding"
    fine = facts(t=[amount("10"), amount("9.6")], a=amount("4.7"), b=amount("4.7"))
    assert outcome_of(fine, SUM).verdict == "inconsistent"
    assert outcome_of(fine, SUM).gap == Fraction("0.2")


def test_a_contradicted_figure_decides_nothing():
    budget = facts(t=amount("3.0"), a=[amount("1.0"), amount("1.1")], b=amount("2.0"))
    assert outcome_of(budget, SUM).reasons == ("conflicting-figures",)
    assert outcome_of(budget, SUM, totals_from="adjusted").verdict == "exact"


# --- Counts --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "op", "listed", "verdict"),
    [("9", "=", 9, "exact"), ("9", "=", 8, "inconsistent"), ("9", ">=", 8, "exact"), ("9", "<", 9, "inconsistent")],
)
def test_counts_hide_nothing(printed, op, listed, verdict):
    budget = facts(n=amount(printed, unit=parse_unit("个")))
    stated = Statement("count", (Term("n0", "total"),), constant=Fraction(listed), op=op)
    (outcome,) = outcomes(replace(budget, statements=(stated,)))
    assert (outcome.relation.kind, outcome.verdict) == ("CNT001", verdict)


def test_a_sum_of_counts_has_no_bound(judge_one):
    outcome = judge_one({"t": "12辆", "a": "7辆", "b": "4辆"}, SUM)
    assert (outcome.verdict, outcome.gap, outcome.bound) == ("inconsistent", 1, 0)


@pytest.mark.parametrize(("last", "verdict"), [("10.00", "exact"), ("10.01", "rounding"), ("10.02", "inconsistent")])
def test_shares_of_one_whole_add_up_to_100(last, verdict):
    shares = {"a": amount("60.00", unit=PERCENT), "b": amount("30.00", unit=PERCENT), "c": amount(last, unit=PERCENT)}
    budget = facts(**shares)
    stated = Statement("shares-total", tuple(Term(line.id, "part") for line in budget), constant=Fraction(100))
    (outcome,) = outcomes(replace(budget, statements=(stated,)))
    assert (outcome.relation.kind, outcome.verdict, outcome.bound) == ("RAT004", verdict, Fraction("0.015"))
    assert outcome.gap == 10 - Fraction(last)
