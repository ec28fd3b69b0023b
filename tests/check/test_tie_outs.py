"""Tie-outs: what an outcome says of two prints of one fact, number by number."""

from __future__ import annotations

from fractions import Fraction

import pytest

from budgetaudit.money.unit import Unit
from checking import amount, facts, outcomes

WAN = Unit("money", "CNY", Fraction(10000), text="万元")
YUAN = Unit("money", "CNY", Fraction(1), text="元")


def tie(*prints, **convention):
    (outcome,) = [one for one in outcomes(facts(a=list(prints)), **convention) if one.relation.rule == "tie-out"]
    return outcome


def test_everything_is_told_in_the_unit_of_the_first_print():
    outcome = tie(amount("12.3", unit=WAN), amount("123456", unit=YUAN))
    assert outcome.verdict == "exact"
    assert outcome.unit == WAN
    assert outcome.gap == Fraction("12.3") - Fraction("12.3456")
    assert outcome.computed == Fraction("12.3456")
    assert (outcome.target_interval.lo, outcome.target_interval.hi) == (Fraction("12.25"), Fraction("12.35"))
    assert (outcome.computed_interval.lo, outcome.computed_interval.hi) == (Fraction("12.34555"), Fraction("12.34565"))
    assert outcome.bound == Fraction("0.05005")
    assert outcome.complete


def test_prints_with_one_step_leave_no_room():
    outcome = tie(amount("1.2"), amount("1.3"))
    assert (outcome.verdict, outcome.gap, outcome.bound) == ("inconsistent", Fraction("0.1"), 0)


@pytest.mark.parametrize(("tolerance", "verdict"), [("0.05", "inconsistent"), ("0.1", "rounding"), ("0.2", "rounding")])
def test_a_tolerance_is_all_the_room_that_they_have(tolerance, verdict):
    outcome = tie(amount("1.2", unit=WAN), amount("1.3", unit=WAN), tolerance=tolerance)
    assert (outcome.verdict, outcome.bound) == (verdict, Fraction(tolerance))


def test_where_columns_are_made_to_add_a_print_may_stand_a_step_away():
    outcome = tie(amount("1.2"), amount("1.3"), totals_from="adjusted")
    assert (outcome.verdict, outcome.bound) == ("rounding", Fraction("0.1"))


def test_the_print_farthest_from_the_finest_one_is_told():
    outcome = tie(amount("12.3"), amount("12.345"), amount("13"))
    assert (outcome.verdict, outcome.gap) == ("inconsistent", Fraction("0.655"))


def test_prints_that_cannot_be_compared_are_not_complete():
    outcome = tie(amount("1.2"), amount("1.3", precision="unknown"))
    assert (outcome.verdict, outcome.reasons, outcome.complete) == ("undecided", ("unknown-precision",), False)
    people = Unit("count", counter="人")
    outcome = tie(amount("1.2", precision="unknown", unit=WAN), amount("1", unit=people))
    assert (outcome.verdict, outcome.reasons) == ("failed", ("units-differ", "unknown-precision"))
    assert not outcome.complete
