"""Traps that other readers of numbers fall into, measured before this one was written; one test each."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.characters import folded
from budgetaudit.money.scan import parse_amount, scan


def values(text: str, locale: str = "zh") -> list[str]:
    return [str(found.amount.value) if found.amount else "unreadable" for found in scan(text, locale=locale)]


@pytest.mark.parametrize(
    ("locale", "text", "read"),
    [
        ("de_DE", "677.41", ["unreadable"]),
        ("en_US", "2,5", ["2", "5"]),
        ("zh", "1,2,3", ["1", "2", "3"]),
        ("zh", "1.234,56", ["1.234", "56"]),
    ],
)
def test_trap_lenient_parsing_drops_separators_it_does_not_know(locale, text, read):
    """Babel by default makes 67741, 25, 123 and 1.23456 of these."""
    assert values(text, locale) == read


@pytest.mark.parametrize(
    ("locale", "text", "value"),
    [
        ("fr", "1 234,56", "1234.56"),
        ("fr", "1\u00a0234,56", "1234.56"),
        ("sv", "1 234,56", "1234.56"),
        ("en_IN", "1,234,567", "1234567"),
        ("hi", "12,34,567", "1234567"),
        ("de_CH", "1'234.56", "1234.56"),
    ],
)
def test_trap_strict_parsing_refuses_what_people_type(locale, text, value):
    assert parse_amount(text, locale=locale).value == Decimal(value)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1_000", "6.77e2", "5.", "1E400"])
def test_trap_strict_parsing_accepts_what_is_no_figure(text):
    with pytest.raises(BudgetAuditError):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−677.41", "-677.41"), ("－677.41", "-677.41"), ("(677.41)", "-677.41"), ("1,234.56-", "-1234.56"), ("△1,234", "-1234"), ("1，234．56", "1234.56"), ("5%", "5"),
        ("677.41万元", "677.41"), ("￥677.41", "677.41"),
    ],
)  # fmt: skip
def test_trap_signs_widths_and_units_are_never_accepted_elsewhere(text, value):
    assert parse_amount(text).value == Decimal(value)


@pytest.mark.parametrize("digits", ["\u0661\u0662\u0663", "\u0967\u0968\u0969", "\u06f1\u06f2", "²³", "①②"])
def test_trap_digits_of_other_scripts_pass_everywhere(digits):
    """int, Decimal and pydantic take most of these; a Chinese report never means them."""
    assert scan(f"支出{digits}万元") == []
    with pytest.raises(BudgetAuditError):
        parse_amount(digits)


@pytest.mark.parametrize(
    "text",
    [
        "123456789012345678901234567890.12万元",
        "-99999999999999999999999999999.99",
        "(12345678901234567890123456789.01)",
    ],
)
def test_trap_the_ambient_decimal_context_rounds_or_raises(text):
    wide = parse_amount(text)
    with localcontext(prec=3) as context:
        context.traps = dict.fromkeys(context.traps, True)
        narrow = parse_amount(text)
        assert narrow == wide
        assert narrow.value.as_tuple() == wide.value.as_tuple()
        assert scan(f"合计{text}")[0].amount is not None
    assert (
        f"{abs(wide.exact_value) / wide.unit.scale}".count("/") == 1
    )  # not one digit is lost, so it is no whole number


@pytest.mark.parametrize(("text", "places"), [("677.410", 3), ("677.00", 2), ("0.000", 3), ("28.50万元", 2)])
def test_trap_trailing_zeros_are_places(text, places):
    amount = parse_amount(text)
    assert amount.places == places
    assert amount.value.as_tuple().exponent == -places


@pytest.mark.parametrize(
    ("text", "value", "scale"),
    [
        ("3万", "3", 10**4), ("2.5亿元", "2.5", 10**8), ("5 lakh", "5", 10**5), ("₹ 3 crore", "3", 10**7), ("4 Mio.", "4", 10**6), ("2 Mrd. EUR", "2", 10**9),
        ("1.2 billion yuan", "1.2", 10**9),
    ],
)  # fmt: skip
def test_trap_compact_forms_have_no_inverse_elsewhere(text, value, scale):
    amount = parse_amount(text)
    assert (amount.value, amount.unit.scale) == (Decimal(value), scale)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("六百七十七点四一万", "677.41"), ("叁拾元零伍分", "30.05"), ("12,345.6万元", "12345.6"), ("677.41万", "677.41"), ("陆佰柒拾柒万肆仟壹佰元整", "6774100"),
        ("两万三千", "23000"), ("负五百元", "-500"),
    ],
)  # fmt: skip
def test_trap_common_chinese_forms_are_refused_elsewhere(text, value):
    amount = parse_amount(text)
    assert amount.value == Decimal(value)


@pytest.mark.parametrize("text", ["½", "㎡", "㈠", "①", "…"])
def test_trap_compatibility_forms_change_the_length(text):
    """NFKC makes 1⁄2, m2, (一), 1 and ... of these, and every later place is wrong."""
    assert folded(text) == text
    [found] = scan(f"{text}共5万元")
    assert found.start == len(text) + 1


@pytest.mark.parametrize(
    ("text", "matched"),
    [("資訊", "资讯"), ("運行", "运行"), ("程式", "程式"), ("軟體", "软体"), ("著作", "著作"), ("複核", "复核")],
)
def test_trap_regional_conversion_rewrites_words(text, matched):
    """Characters are simplified one by one; 信息 for 資訊 would be another label."""
    assert folded(text) == matched


def test_trap_a_page_number_is_glued_into_a_number():
    assert values("三公经费合计增加 56\n17\n万元") == ["56", "17"]
    assert values("财政拨款支出增长\n9\n8.31%，其中") == ["9", "8.31"]


def test_trap_a_list_number_is_glued_to_an_amount():
    assert values("4 1269.3") == ["4", "1269.3"]
