"""Number formats: what a workbook prints of the number that a cell holds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.read.workbook.dates import shown_date
from budgetaudit.read.workbook.number_format import number_format

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("code", "stored", "text", "value", "places"),
    [
        ("0.00", "12.345", "12.35", "12.35", 2),
        ("0.00", "0.285", "0.29", "0.29", 2),  # the double nearest to it lies below; spreadsheets print 0.29
        ("0.00", "677.40999999999997", "677.41", "677.41", 2),
        ("0.00", "-0.001", "0.00", "0", 2),
        ("0", "167.5", "168", "168", 0),
        ("#,##0", "1234567.5", "1,234,568", "1234568", 0),
        ("#,##0,", "1234567", "1,235", "1235", 0),
        ("#,##0.00,", "1234567", "1,234.57", "1234.57", 2),
        ("#,##0.0,,", "123456789", "123.5", "123.5", 1),
        ("#,##0.00_);(#,##0.00)", "-1234.5", "(1,234.50)", "-1234.5", 2),
        (ACCOUNTING, "5", "5.00", "5", 2),
        (ACCOUNTING, "-5", "-5.00", "-5", 2),
        (ACCOUNTING, "0", "-", "0", 2),
        ("0.00;[Red]0.00", "-3", "3.00", "-3", 2),
        ("0.00%", "0.15505", "15.51%", "15.51", 2),
        ("0%", "1", "100%", "100", 0),
        ('0!.0,"万"', "12345", "1.2万", "1.2", 1),
        ("0\\.0000", "12345", "1.2345", "1.2345", 4),
        ('[>=10000]0!.0,"万";0.00', "12345", "1.2万", "1.2", 1),
        ('[>=10000]0!.0,"万";0.00', "12", "12.00", "12", 2),
        ('#,##0.00"万元"', "1234.5", "1,234.50万元", "1234.5", 2),
        ("[$¥-804]#,##0.00", "5", "¥5.00", "5", 2),
        ("#.##", "0.5", ".5", "0.5", 1),
        ("0.0##", "1.25", "1.25", "1.25", 2),
        ("00000", "123", "00123", "123", 0),
        ("0.00E+00", "12345", "1.23E+4", "12300", -2),
        ("# ?/?", "0.5", "0.5", "0.5", 1),
        ("@", "5", "5", "5", 0),
        (";;;", "5", "5", "5", 0),
        ("General", "677.4", "677.4", "677.4", 1),
        ("General", "0.30000000000000004", "0.3", "0.3", 1),
        ("General", "123456789012.34", "123456789012.34", "123456789012.34", 2),
        ("General", "0.333333333333333", "0.333333333", "0.333333333", 9),
        ("G/通用格式", "5", "5", "5", 0),
        (4, "1234.5", "1,234.50", "1234.5", 2),
        (10, "0.5", "50.00%", "50", 2),
        (999, "5", "5", "5", 0),
    ],
)
def test_what_is_shown(code, stored, text, value, places):
    shown = number_format(code).shown(Decimal(stored))
    assert (shown.text, shown.value, shown.places) == (text, Decimal(value), places)


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ('0.00"万元"', "万元"),
        ("0.00%", "%"),
        ('0"辆"', "辆"),
        ('0!.0,"万"', "万"),
        ("[$¥-804]0.00", "number"),
        ('0.00_ "x"', "number"),
    ],
)
def test_words_behind_the_digits_are_the_unit_and_a_currency_sign_is_none(code, unit):
    assert str(number_format(code).shown(Decimal(5)).unit) == unit


@pytest.mark.parametrize(
    ("stored", "hides"), [("12.345", True), ("12.34", False), ("677.40999999999997", False), ("1E-9", True)]
)
def test_decimals_that_are_not_shown_are_known(stored, hides):
    assert number_format("0.00").shown(Decimal(stored)).hides is hides


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**10), max_value=10**10, places=4),
    st.integers(0, 4),
    st.sampled_from(["0", "#,##0", "#,##0_);(#,##0", "0;-0"]),
)
def test_the_printed_figure_is_the_stored_one_rounded_half_away_from_zero(stored, places, whole):
    decimals = f".{'0' * places}" if places else ""
    code = ";".join(part + decimals + (")" if part.startswith("(") else "") for part in whole.split(";"))
    shown = number_format(code).shown(stored)
    step = Fraction(1, 10**places)
    doubled = abs(Fraction(shown.value) - Fraction(stored)) * 2
    assert Fraction(shown.value) / step == int(Fraction(shown.value) / step)
    assert doubled < step or (doubled == step and abs(shown.value) > abs(stored))
    assert shown.hides is (shown.value != stored)
    assert Decimal(shown.text.replace(",", "").strip("()-").strip()) == abs(shown.value)


@given(
    st.text(st.sampled_from('0#?.,%E+-_*!\\"[]();@/ ydmhs$¥万元G>=1')),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9),
)
def test_any_format_shows_something(code, stored):
    shape = number_format(code)
    shown = shape.shown(stored)
    assert shown.value is not None
    assert shown.value.is_finite()
    assert shown.text.strip()
    assert shape.is_date in {True, False}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('yyyy"年"m"月"d"日"', "2023年3月15日"), ("yyyy-mm-dd", "2023-03-15"), ("yy/m/d h:mm", "23/3/15 12:00"),
        ("h:mm:ss", "12:00:00"), (14, "2023/3/15"), (57, "2023年3月"), ("[$-804]yyyy\\-mm", "2023-03"),
    ],
)  # fmt: skip
def test_days_are_days(code, text):
    shape = number_format(code)
    assert shape.is_date
    assert shown_date(Decimal("45000.5"), shape.date_tokens, since_1904=False) == text


def test_days_since_1904_and_numbers_that_are_no_day():
    assert shown_date(Decimal(43538), ["yyyy"], since_1904=True) == "2023"
    assert shown_date(Decimal(-1), ["yyyy"], since_1904=False) is None
    assert shown_date(Decimal(10**9), ["yyyy"], since_1904=False) is None
