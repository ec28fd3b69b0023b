"""Quantities of facts: sums of several, and zeros beside blanks."""

from __future__ import annotations

from fractions import Fraction

import pytest

from budgetaudit.check.quantity import Quantity, Unusable, added, quantity_of
from budgetaudit.rules.rule import Convention
from checking import amount, facts


def quantity(*prints, **convention):
    return quantity_of(facts(a=list(prints)).lines, Convention(**convention))


def test_a_sum_of_facts_adds_values_and_what_they_hide():
    one, two, three = quantity(amount("1.25")), quantity(amount("20.5")), quantity(amount("300"))
    whole = added([one, None, two, three])
    assert isinstance(whole, Quantity)
    assert whole.value == Fraction("321.75")
    assert whole.interval.lo == Fraction("321.75") - Fraction("0.555")
    assert whole.interval.hi == Fraction("321.75") + Fraction("0.555")
    assert whole.step == three.step
    assert added([three, one]).step == three.step


def test_a_sum_takes_its_unit_from_a_figure_and_not_from_a_blank():
    blank, figure = quantity(None, blank="zero"), quantity(amount("2.0"))
    assert added([blank, figure]) == figure


def test_one_unusable_fact_makes_the_sum_unusable():
    unusable = Unusable(("missing-part",))
    assert added([quantity(amount("1.0")), unusable]) == unusable
    assert added([unusable]) == unusable
    assert added([None, None]) is None


@pytest.mark.parametrize("prints", [["0.0", "0.02"], ["0.02", "0.0"]])
def test_blanks_beside_prints_agree_only_if_every_print_is_zero(prints):
    figures = [amount(text) for text in prints]
    assert quantity(*figures, None, blank="zero") == Unusable(("conflicting-figures",))
    assert isinstance(quantity(*figures, blank="zero"), Quantity)
    assert isinstance(quantity(amount("0.0"), amount("0.00"), None, blank="zero"), Quantity)
