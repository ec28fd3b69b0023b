"""One whole string as an amount: a cell, an argument. It is taken whole or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.scan import parse_amount
from budgetaudit.money.unit import PERCENT
from budgetaudit.money.unit_names import parse_unit


@pytest.mark.parametrize(
    ("text", "value", "places", "unit"),
    [
        ("677.41", "677.41", 2, None), ("677.40万元", "677.40", 2, "万元"), ("６７７．４１", "677.41", 2, None), (" 1,234.5 ", "1234.5", 1, None),
        ("(1,234.5)", "-1234.5", 1, None), ("（677.41）", "-677.41", 2, None), ("(12)万元", "-12", 0, "万元"), ("(12万元)", "-12", 0, "万元"), ("1,234.5-", "-1234.5", 1, None),
        ("-5%", "-5", 0, "%"), ("−5％", "-5", 0, "%"), ("△1,234", "-1234", 0, None), ("负0.5个百分点", "-0.5", 1, "个百分点"), ("+7", "7", 0, None), (".5", "0.5", 1, None),
        ("￥12.50", "12.50", 2, "¥"), ("US$ 3 million", "3", 0, "US$ million"), ("人民币5万元", "5", 0, "万元"), ("2017", "2017", 0, None), ("0012", "12", 0, None),
        ("六百七十七点四一万元", "677.41", 2, "万元"), ("六百七十七点四一", "677.41", 2, None), ("一百", "100", 0, None), ("1亿2345万元", "12345", 0, "万元"),
        ("12台(套)", "12", 0, "台(套)"), ("0", "0", 0, None), ("-0.00", "0.00", 2, None),
    ],
)  # fmt: skip
def test_forms_of_one_amount(text, value, places, unit):
    amount = parse_amount(text)
    assert (amount.value, amount.places) == (Decimal(value), places)
    assert amount.unit == (parse_unit(unit) if unit else parse_amount("1").unit)
    assert amount.precision == "printed"


@pytest.mark.parametrize(
    ("text", "value"), [("约500万元", "500"), ("100余人", "100"), ("近5%", "5"), ("3万元左右", "3")]
)
def test_words_beside_an_amount_make_it_approximate(text, value):
    amount = parse_amount(text)
    assert (amount.value, amount.precision) == (Decimal(value), "approximate")


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "about 5 people", "支出5万元", "5 6", "5万元6", "5、6", "1.2.3", "1,2345.67", "6.77e2", "1e5", "1_000", "NaN", "Infinity", "-", "—", "5.", "12人员", "5 widgets",
     "()", "(5", "5)", "--5", "三五", "%", "万元", "5万元/年", "０x1F", "2018年", "1:2"],
)  # fmt: skip
def test_what_is_not_one_amount_is_refused_with_a_hint(text):
    with pytest.raises(BudgetAuditError, match=r"is not one amount.*Hint"):
        parse_amount(text)


def test_the_unit_of_the_text_wins_over_the_given_one():
    assert parse_amount("5", unit="万元").unit == parse_unit("万元")
    assert parse_amount("5元", unit="万元").unit == parse_unit("元")
    assert parse_amount("5", unit=PERCENT).unit == PERCENT


def test_a_given_unit_must_be_one():
    with pytest.raises(BudgetAuditError, match=r"'wan' is no unit.*Hint"):
        parse_amount("5", unit="wan")


def test_separators_are_those_of_the_locale():
    assert parse_amount("1.234,56", locale="de").value == Decimal("1234.56")
    assert parse_amount("12,34,567", locale="en_IN").value == Decimal(1234567)
    with pytest.raises(BudgetAuditError, match="not one amount"):
        parse_amount("1.234,56")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.sampled_from(["", "万元", "%", "辆"]))
def test_any_printed_decimal_is_read_back(value, unit):
    amount = parse_amount(f"{value:f}{unit}")
    assert (amount.value, amount.places, amount.unit) == (value, 3, parse_unit(unit) or parse_amount("1").unit)


@given(st.text())
def test_any_text_is_an_amount_or_an_error_of_ours(text):
    try:
        amount = parse_amount(text)
    except BudgetAuditError:
        return
    assert amount.value.is_finite()
