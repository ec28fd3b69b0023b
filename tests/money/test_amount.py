"""Amounts and units: what a print says, in which unit, and what it does not say."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval
from budgetaudit.money.unit import MULTIPLE, NUMBER, PERCENT, POINTS, Unit
from budgetaudit.money.unit_names import parse_unit

WAN = Unit("money", "CNY", Fraction(10000), text="万元")


@given(st.integers(-(10**18), 10**18), st.integers(-6, 30), st.sampled_from([NUMBER, WAN, PERCENT]))
def test_the_interval_is_half_a_step_either_way_in_base_units(digits, places, unit):
    value = Decimal((int(digits < 0), tuple(map(int, str(abs(digits)))), -places))
    amount = Amount(value, places, unit)
    half = Fraction(10) ** -places / 2
    exact = digits * Fraction(10) ** -places
    assert amount.exact_value == exact * unit.scale
    assert amount.interval() == Interval((exact - half) * unit.scale, (exact + half) * unit.scale)
    assert not amount.has_excess_digits


def test_printed_places_bound_what_is_hidden():
    short, long = Amount(Decimal("677.4"), 1, WAN), Amount(Decimal("677.40"), 2, WAN)
    assert short.value == long.value
    assert short.step == 10 * long.step == Fraction(1, 10)
    assert short.interval().lo == Fraction("6773500")


def test_a_figure_rounded_to_thousands_has_negative_places():
    amount = Amount(Decimal(12000), -3)
    assert amount.step == 1000
    assert str(amount.interval()) == "[11500, 12500]"


@pytest.mark.parametrize(
    ("value", "places", "excess"),
    [("12300", -3, True), ("12000", -3, False), ("677.41", 1, True), ("677.40", 1, False), ("0.000", 0, False)],
)
def test_digits_beyond_the_declared_places_are_excess(value, places, excess):
    assert Amount(Decimal(value), places).has_excess_digits is excess


def test_an_exact_figure_hides_nothing():
    amount = Amount(Decimal("28.5"), 1, precision="exact")
    assert amount.step == 0
    assert amount.interval() == Interval.point(Fraction("28.5"))
    assert not amount.has_excess_digits


@pytest.mark.parametrize("precision", ["approximate", "unknown"])
def test_what_no_place_bounds_has_no_interval(precision):
    with pytest.raises(BudgetAuditError, match=precision):
        Amount(Decimal(500), 0, precision=precision).interval()


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity"), 677.41, "1", 5]
)
def test_an_amount_is_a_finite_decimal_and_nothing_else(value):
    with pytest.raises(BudgetAuditError, match="finite Decimal"):
        Amount(value, 2)


@pytest.mark.parametrize(("value", "places"), [("1E+20000", 0), ("1E-20000", 0), ("1", 20000), ("1", -20000)])
def test_numbers_beyond_any_figure_are_refused_before_exact_arithmetic_meets_them(value, places):
    with pytest.raises(BudgetAuditError, match="no figure"):
        Amount(Decimal(value), places)


def test_128_decimals_and_30_digits_are_kept_whatever_the_context():
    with localcontext(prec=3) as context:
        context.traps = dict.fromkeys(context.traps, True)
        amount = Amount(Decimal("0." + "1" * 128), 128)
        assert amount.exact_value == Fraction(int("1" * 128), 10**128)
        assert amount.step == Fraction(1, 10**128)
        assert Amount(Decimal(10**30 + 1), 0).exact_value == 10**30 + 1


# --- Units ---------------------------------------------------------------------------------------------------------


def test_units_compare_by_meaning_and_not_by_spelling():
    spelled = [parse_unit(name) for name in ("万元", "萬元", "人民币万元", "（万元）")]
    assert len(set(spelled)) == 1
    assert [str(unit) for unit in spelled] == ["万元", "萬元", "人民币万元", "（万元）"]


@pytest.mark.parametrize(
    ("a", "b", "like"),
    [
        ("万元", "元", True),
        ("万元", "港元", False),
        ("million", "亿", True),  # neither says what it counts
        ("%", "‰", True),
        ("%", "个百分点", False),
        ("人", "人次", False),
        ("辆", "万辆", True),
        ("倍", "%", False),
        ("万元", "万人", False),
    ],
)
def test_what_may_be_compared_or_added(a, b, like):
    first, second = parse_unit(a), parse_unit(b)
    assert first is not None
    assert second is not None
    assert first.measures_like(second) is second.measures_like(first) is like


def test_an_unknown_currency_or_counter_agrees_with_any():
    assert Unit("money").measures_like(WAN)
    assert Unit("count").measures_like(Unit("count", counter="辆"))
    assert not NUMBER.measures_like(WAN)


def test_a_unit_without_spelling_is_named_by_what_it_is():
    assert [str(unit) for unit in (Unit("money", "EUR"), Unit("count", counter="辆"), NUMBER, POINTS, MULTIPLE)] == [
        "EUR", "辆", "number", "个百分点", "倍",
    ]  # fmt: skip
    assert WAN.spelled("萬元") == WAN


@pytest.mark.parametrize(("exponent", "places"), [(10_000, 0), (-10_000, 0), (0, 10_000), (0, -10_000)])
def test_the_limit_itself_is_a_figure_and_one_more_is_none(exponent: int, places: int) -> None:
    Amount(Decimal((0, (1,), exponent)), places)
    with pytest.raises(BudgetAuditError):
        Amount(Decimal((0, (1,), exponent + (exponent > 0) - (exponent < 0))), places + (places > 0) - (places < 0))
