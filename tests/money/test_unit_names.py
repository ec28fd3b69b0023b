"""Unit names: every scale with every base, currencies by sign and code, and what only begins like a unit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import BASES, SCALES, money_sign, parse_unit
from budgetaudit.money.unit_places import money_before, unit_after

POWERS = {"十": 1, "百": 2, "千": 3, "仟": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "仟万": 7, "亿": 8, "兆": 12, "十亿": 9, "百亿": 10,
          "千亿": 11, "万亿": 12}  # fmt: skip


def test_scales_are_powers_of_ten():
    assert {name: 10**power for name, power in POWERS.items()} == SCALES


@pytest.mark.parametrize(
    ("name", "currency", "scale"),
    [
        ("元", "CNY", 1), ("千元", "CNY", 10**3), ("仟元", "CNY", 10**3), ("万元", "CNY", 10**4), ("百万元", "CNY", 10**6),
        ("亿元", "CNY", 10**8), ("万亿元", "CNY", 10**12), ("萬億元", "CNY", 10**12), ("百萬港元", "HKD", 10**6),
        ("新台幣千元", "TWD", 10**3), ("万美元", "USD", 10**4), ("亿日元", "JPY", 10**8), ("人民币万元", "CNY", 10**4),
        ("单位：万元", "CNY", 10**4), ("（人民币）", "CNY", 1), ("万元(人民币)", "CNY", 10**4), ("角", "CNY", Fraction(1, 10)),
        ("thousand yuan", "CNY", 10**3), ("million dollars", "USD", 10**6), ("billion yen", "JPY", 10**9),
        ("lakh rupees", "INR", 10**5), ("₹ crore", "INR", 10**7), ("Rs. lakh", "INR", 10**5), ("RMB'000", "CNY", 10**3),
        ("US$ million", "USD", 10**6), ("HK$ bn", "HKD", 10**9), ("EUR", "EUR", 1), ("CHF million", "CHF", 10**6),
        ("in millions of euros", "EUR", 10**6), ("£", "GBP", 1), ("yuan", "CNY", 1), ("U.S. dollars", "USD", 1), ("Mio. EUR", "EUR", 10**6),
    ],
)  # fmt: skip
def test_names_of_money(name, currency, scale):
    unit = parse_unit(name)
    assert unit is not None
    assert (unit.kind, unit.currency, unit.scale) == ("money", currency, scale)
    assert unit.text == name


@pytest.mark.parametrize(
    ("name", "kind", "scale", "counter"),
    [
        ("万", "number", 10**4, None), ("亿", "number", 10**8, None), ("million", "number", 10**6, None),
        ("lakh", "number", 10**5, None), ("crores", "number", 10**7, None), ("'000", "number", 10**3, None),
        ("人", "count", 1, "人"), ("人次", "count", 1, "人次"), ("万人次", "count", 10**4, "人次"), ("辆", "count", 1, "辆"),
        ("台（套）", "count", 1, "台(套)"), ("批(次)", "count", 1, "批(次)"), ("㎡", "count", 1, "平方米"), ("千克", "count", 1, "公斤"),
        ("千米", "count", 1, "公里"), ("千瓦时", "count", 1, "千瓦时"), ("万平方米", "count", 10**4, "平方米"), ("個月", "count", 1, "个月"),
        ("%", "percent", 1, None), ("％", "percent", 1, None), ("百分之", "percent", 1, None), ("per cent", "percent", 1, None),
        ("‰", "percent", Fraction(1, 10), None), ("成", "percent", 10, None), ("百分比", "percent", 1, None),
        ("个百分点", "points", 1, None), ("個百分點", "points", 1, None), ("percentage points", "points", 1, None),
        ("倍", "multiple", 1, None),
    ],
)  # fmt: skip
def test_names_of_other_units(name, kind, scale, counter):
    unit = parse_unit(name)
    assert unit is not None
    assert (unit.kind, unit.currency, unit.scale, unit.counter) == (kind, None, scale, counter)


@pytest.mark.parametrize(
    "name",
    ["", " ", "附件", "万万元", "元元", "人员", "套餐", "yuans", "5万元", "十分", "台(", "台()", "台(万)", "XYZ"],
)
def test_what_is_no_unit(name):
    assert parse_unit(name) is None


@given(
    st.sampled_from(sorted(SCALES)),
    st.sampled_from(sorted(name for name, unit in BASES.items() if unit.kind == "money")),
)
def test_every_scale_multiplies_every_money_word(scale, word):
    base, scaled = parse_unit(word), parse_unit(scale + word)
    assert base is not None
    assert scaled == Unit(base.kind, base.currency, base.scale * SCALES[scale])


# 万分 is "very", no number of points.
COUNTERS = sorted(name for name, unit in BASES.items() if unit.kind == "count" and name != "分")


@given(st.sampled_from(COUNTERS), st.sampled_from(["万", "亿"]))
def test_every_counter_counts_in_tens_of_thousands(counter, scale):
    base, scaled = parse_unit(counter), parse_unit(scale + counter)
    assert base is not None
    assert scaled is not None
    assert (scaled.counter, scaled.scale) == (base.counter, SCALES[scale])


@pytest.mark.parametrize(
    ("sign", "code"),
    [("¥", "CNY"), ("US$", "USD"), ("RMB", "CNY"), ("CHF", "CHF"), ("Rs.", "INR"), ("QQQ", None), ("kg", None)],
)
def test_signs_and_codes_of_currencies(sign, code):
    assert money_sign(sign) == code


# --- Beside a number -----------------------------------------------------------------------------------------------


def after(text: str) -> str | None:
    found = unit_after(text, 0)
    return None if found is None else f"{text[found.start : found.end]}={found.unit.text}"


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        ("万元,增长", "万元=万元"), (" 万元", "万元=万元"), ("万\n元", "万\n元=万元"), ("\n万元", "万元=万元"), ("\n\n    万元。", "万元=万元"),
        ("万  元", "万  元=万元"), ("个百分点", "个百分点=个百分点"), ("个\n百分点", "个\n百分点=个百分点"), ("%", "%=%"), (" %", "%=%"),
        ("万人次", "万人次=万人次"), ("台(套)。", "台(套)=台(套)"), ("台(含1台)", "台=台"), ("项目标", "项=项"), ("百万元", "百万元=百万元"),
        ("万亿", "万亿=万亿"), ("余人", "人=人"), ("万余元", "万余元=万元"), ("多万元", "万元=万元"), ("m。", "m=m"), ("million people", "million=million"),
        ("元,", "元=元"), ("成以上", "成=成"), ("千瓦时", "千瓦时=千瓦时"),
    ],
)  # fmt: skip
def test_the_longest_unit_behind_a_number_counts(behind, found):
    assert after(behind) == found


@pytest.mark.parametrize(
    "behind",
    ["人员经费", "项目支出", "个体户", "个人所得税", "部门", "次月", "分别为", "\n人", "\n\n元", "元旦", "成本", "年度", "mm2", "metre", "件均", "",
     " ", "。万元", ",元", "\n\n\n人次", "所有", "本级", "期末", "户籍"],
)  # fmt: skip
def test_a_word_that_only_begins_like_a_unit_is_none(behind):
    assert after(behind) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("¥", "CNY"),
        ("约¥ ", "CNY"),
        ("US$", "USD"),
        ("RMB ", "CNY"),
        ("人民币", "CNY"),
        ("共EUR ", "EUR"),
        ("港币", "HKD"),
    ],
)
def test_a_currency_right_before_a_number(text, found):
    match = money_before(text, len(text))
    assert match is not None
    assert match.unit.currency == found


@pytest.mark.parametrize("text", ["", "A1RMB", "XEUR", "民币", "ABC", "eur", "¥   "])
def test_letters_and_distance_make_no_currency(text):
    assert money_before(text, len(text)) is None


def test_units_are_spelled_as_in_the_document():
    found = unit_after("万余元", 0, "萬餘元")
    assert found is not None
    assert found.approximate
    assert found.unit.text == "萬元"
    assert found.unit == parse_unit("万元")
