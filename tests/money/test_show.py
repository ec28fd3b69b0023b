"""Numbers as shown: every printed place, in any locale, under any decimal context; Babel's measured traps, each a test."""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal, Inexact, InvalidOperation, Rounded, getcontext, localcontext
from fractions import Fraction

import pytest
from babel import Locale
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from hypothesis import example, given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import ending_places, plain, rounded, significant_places
from budgetaudit.money.locale import babel_locale
from budgetaudit.money.show import APPROXIMATELY, distinct, show_amount, show_distinct, show_measure, show_number
from budgetaudit.money.unit import MULTIPLE, NUMBER, PERCENT, POINTS, Unit
from budgetaudit.money.unit_names import parse_unit

YUAN_10000 = Unit("money", "CNY", Fraction(10000), text="万元")
NARROW = Context(prec=2, rounding=ROUND_DOWN, traps=[Inexact, Rounded, InvalidOperation])

decimals = st.builds(
    lambda units, places: Decimal(units).scaleb(-places, Context(prec=60)),
    st.integers(-(10**40), 10**40),
    st.integers(0, 12),
)
fractions = st.fractions(max_denominator=10**6) | decimals.map(Fraction)


def read_back(text: str) -> Fraction:
    """The number that English digits say."""
    return Fraction(text.removeprefix(APPROXIMATELY).replace(",", ""))


# --- traps of Babel that were measured: what it does by default, and what is shown instead ---------------------------


def test_trap_the_default_pattern_drops_printed_zeros_and_fourth_places() -> None:
    assert format_decimal(Decimal("677.40"), locale="en") == "677.4"
    assert format_decimal(Decimal("677.4051"), locale="en") == "677.405"
    assert show_number(Decimal("677.40"), places=2, locale="en") == "677.40"
    assert show_number(Decimal("677.4051"), places=2, locale="en") == "677.4051"


def test_trap_currency_formats_hide_small_gaps() -> None:
    assert format_currency(Decimal("0.005"), "CNY", locale="zh") == "¥0.00"
    assert show_amount(Amount(Decimal("0.005"), 3, Unit("money", "CNY", text="¥")), locale="zh") == "¥0.005"


def test_trap_percent_formats_round_to_whole_percent() -> None:
    assert format_percent(Decimal("0.15505"), locale="en") == "16%"
    assert show_amount(Amount(Decimal("15.505"), 3, PERCENT), locale="en") == "15.505%"


def test_trap_an_ambient_context_breaks_or_rounds_what_babel_formats() -> None:
    long = Decimal("123456789012345678901234567890.12")
    with localcontext(NARROW):
        with pytest.raises((InvalidOperation, Inexact, Rounded)):
            format_decimal(long, locale="en", decimal_quantization=False, format="#,##0.00")
        assert show_number(long, places=2, locale="en") == "123,456,789,012,345,678,901,234,567,890.12"
        assert show_number(Fraction(2, 3), places=2, locale="en") == "≈0.67"
        assert show_distinct(Fraction(2, 3), Fraction(667, 1000), places=2, locale="en") == ("≈0.6667", "0.6670")


def test_showing_leaves_the_callers_context_alone() -> None:
    with localcontext(NARROW.copy()) as context:
        show_number(Decimal("1234567.891"), places=3, locale="de")
        assert getcontext() is context
        assert not any(context.flags.values())
        assert context.prec == 2


def test_trap_a_locale_named_by_text_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: list[object] = []
    parse = Locale.parse
    monkeypatch.setattr(
        Locale, "parse", lambda name, *rest, **more: resolved.append(name) or parse(name, *rest, **more)
    )
    babel_locale.cache_clear()
    for number in range(50):
        show_number(Decimal(number), locale="fr_CA")
    assert [name for name in resolved if isinstance(name, str)] == ["fr_CA"]  # a Locale is handed through
    assert babel_locale("fr_CA") is babel_locale("fr_CA")


def test_trap_long_compact_forms_are_missing_where_they_are_needed() -> None:
    with pytest.raises(KeyError):
        format_compact_decimal(Decimal(6774100), locale="zh", format_type="long")
    assert show_amount(Amount(Decimal(6774100), 0, Unit("money", "CNY", text="元")), locale="zh") == "6,774,100元"


# --- numbers -----------------------------------------------------------------------------------------------------------


@given(decimals, st.integers(0, 14))
def test_a_decimal_is_shown_exactly_with_the_places_asked_for(value: Decimal, places: int) -> None:
    shown = show_number(value, places=places, locale="en")
    assert read_back(shown) == Fraction(value)
    assert len(shown.partition(".")[2]) >= places
    assert not shown.startswith("-0") or Fraction(value) < 0


@given(fractions, st.integers(-3, 6))
def test_a_fraction_is_exact_or_marked_and_never_reads_as_zero(value: Fraction, places: int) -> None:
    shown = show_number(value, places=places, locale="en")
    said = read_back(shown)
    if shown.startswith(APPROXIMATELY):
        shown_places = len(shown.partition(".")[2])
        assert said != value
        assert abs(said - value) <= Fraction(1, 2) / 10**shown_places
        assert said != 0
        assert shown_places >= places
    else:
        assert said == value


@given(fractions, fractions, st.integers(0, 3))
def test_a_number_beside_another_reads_differently_unless_equal(value: Fraction, other: Fraction, places: int) -> None:
    said = read_back(show_number(value, places=places, beside=other, locale="en"))
    assert value == other or said != other


@given(fractions, fractions, st.integers(0, 3))
def test_two_numbers_look_different_exactly_if_they_are(a: Fraction, b: Fraction, places: int) -> None:
    first, second = show_distinct(a, b, places=places, locale="en")
    assert (first == second) == (a == b)
    assert (read_back(first) == read_back(second)) == (a == b)


@given(decimals, decimals, st.integers(0, 12), st.integers(0, 12))
def test_two_amounts_look_different_if_they_are(a: Decimal, b: Decimal, places_a: int, places_b: int) -> None:
    first, second = distinct(Amount(a, places_a, YUAN_10000), Amount(b, places_b, YUAN_10000), locale="zh")
    assert a == b or first != second
    assert first.endswith("万元")


def test_a_printed_zero_has_no_sign() -> None:
    assert show_number(Decimal("-0.00"), places=2, locale="en") == "0.00"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("zh", "-1,234,567.80"), ("zh_Hant", "-1,234,567.80"), ("en_IN", "-12,34,567.80"), ("de", "-1.234.567,80"),
        ("de_CH", "-1’234’567.80"), ("fr", "-1\u202f234\u202f567,80"), ("sv", "-1\xa0234\xa0567,80"),
    ],
)  # fmt: skip
def test_separators_and_signs_are_those_of_the_locale(locale: str, shown: str) -> None:
    assert show_number(Decimal("-1234567.8"), places=2, locale=locale) == shown
    assert show_number(Decimal("1234567.8"), places=2, locale=locale, grouping=False)[:7] == "1234567"


def test_unknown_locales_are_refused_by_name() -> None:
    with pytest.raises(BudgetAuditError, match="no locale is called 'xx_YY'"):
        show_number(Decimal(1), locale="xx_YY")


# --- amounts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "unit", "locale", "shown"),
    [
        ("677.40", 2, YUAN_10000, "zh_Hans", "677.40万元"),
        ("677.40", 2, YUAN_10000, "zh_Hant", "677.40万元"),
        ("677.40", 2, YUAN_10000, "en", "677.40 万元"),
        ("12000", -3, YUAN_10000, "en", "12,000 万元"),
        ("9", 0, Unit("count", counter="个", text="个"), "zh", "9个"),
        ("15.50", 2, PERCENT, "zh", "15.50%"),
        ("15.5", 1, PERCENT, "de", "15,5\xa0%"),
        ("0.30", 2, POINTS, "zh", "0.30个百分点"),
        ("2.3", 1, MULTIPLE, "zh", "2.3倍"),
        ("5", 0, NUMBER, "en", "5"),
        ("-12.5", 1, Unit("money", "USD", text="$"), "en", "-$12.5"),
        ("-12.5", 1, Unit("money", "SEK", text="US$"), "sv", "-US$12,5"),
        ("12.5", 1, Unit("money", "HKD", text="HK$"), "zh_Hant", "HK$12.5"),
        ("12.5", 1, Unit("money", "CNY", text="CNY"), "zh", "12.5 CNY"),
        ("12.5", 1, Unit("money", "USD", Fraction(10**6), text="million dollars"), "en", "12.5 million dollars"),
        ("12.5", 1, Unit("money", "USD", Fraction(1000)), "en", "12.5 × 1000 USD"),
        ("3", 0, Unit("count", counter="辆"), "zh", "3辆"),
    ],
)
def test_amounts_keep_their_places_and_the_spelling_of_their_unit(
    value: str, places: int, unit: Unit, locale: str, shown: str
) -> None:
    assert show_amount(Amount(Decimal(value), places, unit), locale=locale) == shown


def test_a_unit_is_spelled_as_in_the_document() -> None:
    for spelling in ("万元", "萬元"):
        unit = parse_unit(spelling)
        assert unit == YUAN_10000
        assert show_amount(Amount(Decimal("1.50"), 2, unit), locale="zh") == f"1.50{spelling}"


def test_a_computed_number_carries_its_unit() -> None:
    assert show_measure(Fraction(900, 38), PERCENT, places=2, locale="en") == "≈23.68%"
    assert show_measure(Fraction(1, 40), None, places=2, locale="en") == "0.025"
    assert show_measure(Fraction(-100, 3), Unit("money", "USD", text="$"), places=2, locale="en") == "≈-$33.33"
    assert show_measure(Fraction(52249, 10000), PERCENT, places=2, beside=Fraction("5.22"), locale="en") == "5.2249%"


# --- rationals as decimals -----------------------------------------------------------------------------------------------


@given(st.fractions(), st.integers(-6, 12))
def test_rounding_is_to_the_nearest_and_ignores_the_context(value: Fraction, places: int) -> None:
    with localcontext(NARROW):
        near = rounded(value, places)
    step = Fraction(10) ** -places
    assert abs(Fraction(near) - value) <= step / 2
    assert (Fraction(near) / step).denominator == 1
    assert near.as_tuple().exponent == -places


@given(fractions)
def test_places_of_a_decimal_that_ends_write_it_exactly_and_one_fewer_do_not(value: Fraction) -> None:
    places = ending_places(value)
    if places is None:
        assert (value * 10**30).denominator > 1
        assert abs(Fraction(plain(value, endless_places=8)) - value) <= Fraction(1, 2 * 10**8)
    else:
        assert Fraction(rounded(value, places)) == value == Fraction(plain(value, endless_places=0))
        assert places == 0 or Fraction(rounded(value, places - 1)) != value


@given(fractions.map(lambda value: value or Fraction(1)), st.integers(1, 5))
@example(Fraction(10), 2)
@example(Fraction(92, 1000), 2)
def test_significant_places_show_that_many_digits(value: Fraction, digits: int) -> None:
    places = significant_places(value, digits)
    assert 10 ** (digits - 1) <= abs(value) * Fraction(10) ** places < 10**digits
