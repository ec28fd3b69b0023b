"""Slips of the pen: what one act makes of a figure is undone by one of the slips that are proposed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.explain.slips import slips, slips_between
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import PERCENT, Unit

DIGITS = {"digit-replaced", "digits-transposed", "lost-digit", "inserted-digit", "doubled-digit"}
MONEY = Unit("money", "CNY")

PLACES = st.integers(0, 3)
UNITS = st.integers(1_000, 10**9)


def figure(units: int, places: int, unit: Unit = MONEY) -> Amount:
    return Amount(Decimal(units).scaleb(-places), places, unit)


def proposed(printed: Amount) -> set[tuple[Decimal, str]]:
    return {(slip.true.value, slip.code) for slip in slips(printed)}


def codes(printed: Amount) -> set[str]:
    return {slip.code for slip in slips(printed)}


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, Amount, Amount]:
    """A true figure, a slip, and what is printed then; every draw is a slip that changes the figure."""
    places = draw(PLACES)
    digits = [*str(draw(UNITS)), draw(st.sampled_from("123456789"))]  # zeros at the end make a slip a moved point
    code = draw(st.sampled_from(sorted(DIGITS)))
    place = draw(st.integers(1, len(digits) - 2))
    other = draw(st.sampled_from([digit for digit in "123456789" if digit not in digits[place - 1 : place + 2]]))
    match code:
        case "digit-replaced":
            wrong = [*digits[:place], other, *digits[place + 1 :]]
        case "digits-transposed":
            digits[place] = other  # differs from both neighbours
            wrong = [*digits[:place], digits[place + 1], digits[place], *digits[place + 2 :]]
        case "lost-digit":
            digits[place] = other
            wrong = digits[:place] + digits[place + 1 :]
        case "inserted-digit":
            wrong = [*digits[:place], other, *digits[place:]]
        case _:
            wrong = [*digits[:place], digits[place], *digits[place:]]
    return code, figure(int("".join(digits)), places), figure(int("".join(wrong)), places)


@given(spoiled())
def test_a_planted_slip_is_among_those_proposed(planted: tuple[str, Amount, Amount]) -> None:
    code, true, printed = planted
    assert (true.value, code) in proposed(printed)


@given(places=PLACES, units=UNITS, power=st.sampled_from([-2, -1, 1, 2]))
def test_a_moved_decimal_point_is_moved_back(places: int, units: int, power: int) -> None:
    true = figure(units, places)
    printed = Amount(Decimal(units).scaleb(power - places), places - power, MONEY)
    (slip,) = [slip for slip in slips_between(printed, true) if slip.code == "decimal-shift"]
    assert slip.true.value == true.value


@given(places=PLACES, units=UNITS, power=st.sampled_from([-8, -6, -4, -3, 3, 4, 6, 8]))
def test_an_amount_in_another_unit_is_put_back(places: int, units: int, power: int) -> None:
    printed = Amount(Decimal(units).scaleb(power - places), places - power, MONEY)
    assert (figure(units, places).value, "unit-mix-up") in proposed(printed)


def test_percentages_and_counts_are_not_in_thousands() -> None:
    for unit in (PERCENT, Unit("count", counter="人")):
        assert "unit-mix-up" not in codes(figure(12345, 2, unit))


@given(places=PLACES, units=UNITS, negative=st.booleans())
def test_a_sign_is_turned(places: int, units: int, negative: bool) -> None:
    printed = figure(-units if negative else units, places)
    assert (-printed.value, "sign-reversed") in proposed(printed)


@given(places=PLACES, units=st.integers(-(10**7), 10**7))
def test_slips_are_one_edit_away_each_named_once_and_none_is_the_print(places: int, units: int) -> None:
    printed = figure(units, places)
    found = list(slips(printed))
    assert len(proposed(printed)) == len(found)
    assert all(slip.true.value != printed.value for slip in found)
    for slip in found:
        assert slip.ways >= 1
        assert slip.true.unit == printed.unit
        if slip.code in DIGITS:
            assert slip.true.places == places
            before, after = _written(slip.true), _written(printed)
            assert 1 in {_distance(before, after), _distance(before, after.replace("0" * _zeros(after), "", 1))}
            assert len(before.lstrip("-0")) > 1


@given(places=PLACES, units=st.integers(1, 9))
def test_of_a_single_digit_only_sign_point_and_unit_are_slips(places: int, units: int) -> None:
    assert not DIGITS & codes(figure(units, places))


def test_no_true_figure_starts_with_a_zero_that_nobody_writes() -> None:
    assert (Decimal(234), "inserted-digit") in proposed(figure(1234, 0))
    assert (Decimal("0.56"), "digit-replaced") in proposed(figure(156, 2))
    assert all(value.adjusted() >= 2 for value, code in proposed(figure(1034, 0)) if code in DIGITS)


@pytest.mark.parametrize(
    ("printed", "true", "code"),
    [
        ("145.54", "145.56", "digit-replaced"),
        ("1763.26", "1736.26", "digits-transposed"),
        ("43269.3", "3269.3", "inserted-digit"),
        ("583.27", "5083.27", "lost-digit"),
        ("1223.45", "123.45", "doubled-digit"),
        ("0.60", "6.00", "decimal-shift"),
        ("-3.59", "3.59", "sign-reversed"),
        ("12864000", "1286.4", "unit-mix-up"),
    ],
)
def test_published_and_typical_slips_are_named(printed: str, true: str, code: str) -> None:
    def amount(text: str) -> Amount:
        return Amount(Decimal(text), len(text.partition(".")[2]), MONEY)

    assert code in {slip.code for slip in slips_between(amount(printed), amount(true))}


def test_two_slips_are_no_slip() -> None:
    assert slips_between(figure(67741, 2), figure(67739, 2)) == ()


def test_a_figure_with_excess_digits_or_of_zero_has_no_slips() -> None:
    assert list(slips(Amount(Decimal(12345), -3, MONEY))) == []
    assert list(slips(figure(0, 2))) == []


def _written(amount: Amount) -> str:
    """The digits in units of the last place, as wide as the places ask for, with the sign."""
    units = int(amount.value.scaleb(amount.places))
    digits = str(abs(units)).zfill(max(amount.places, 0) + 1)
    return f"-{digits}" if units < 0 else digits


def _zeros(digits: str) -> int:
    """How many zeros stand in front: 0.56 may have been typed as 0.56 or as 56 hundredths."""
    return len(digits.lstrip("-")) - len(digits.lstrip("-0"))


def _distance(one: str, other: str) -> int:
    """Restricted Damerau-Levenshtein, by the textbook recurrence."""
    rows = [[max(i, j) if min(i, j) == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
