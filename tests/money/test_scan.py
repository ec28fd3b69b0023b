"""Scanning running text: a number printed in any supported form gives back its value, places, unit and span."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.money.scan import Scanned, scan
from budgetaudit.money.unit_names import parse_unit

SPELLINGS = {
    "元": "元", "千元": "千元", "万元": "万元", "亿元": "亿元", "万亿元": "万亿元", "%": "%", "％": "%", "个百分点": "个百分点", "倍": "倍", "辆": "辆", "人次": "人次",
    "万人次": "万人次", "批次": "批次", "台（套）": "台(套)", "平方米": "平方米", "萬元": "万元", "億元": "亿元", "個百分點": "个百分点", "輛": "辆", "港元": "港元", "美元": "美元",
    "yuan": "yuan", "million yuan": "million yuan", "percent": "percent",
}  # fmt: skip
SIGNS = {"": 1, "-": -1, "−": -1, "－": -1, "﹣": -1, "负": -1, "△": -1, "▲": -1, "+": 1}
WIDE = {ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789.,"}
BEFORE = ["支出", "比上年增加", "合计：", "其中，", "（", "占 ", "\n", "增长\n"]
BEHIND = ["。", "，比上年", "；", "）", "\n", "", "、其他"]


@st.composite
def printed(draw: st.DrawFn) -> tuple[str, str, Decimal, int, str]:
    """Sign and digits, what follows up to the end of the unit, value, places and the unit's spelling."""
    whole, places = draw(st.integers(10, 10**12)), draw(st.integers(0, 6))
    decimals = draw(st.text("0123456789", min_size=places, max_size=places))
    grouped = draw(st.booleans())
    digits = (f"{whole:,}" if grouped else str(whole)) + (f".{decimals}" if decimals else "")
    sign = draw(st.sampled_from(sorted(SIGNS)))
    unit = draw(st.sampled_from(sorted(SPELLINGS)))
    gap = draw(st.sampled_from(["", " ", "\u3000"] if not unit.isascii() or unit == "%" else [" "]))
    shown = digits.translate(WIDE) if draw(st.booleans()) else digits
    return sign + shown, gap + unit, SIGNS[sign] * Decimal(f"{whole}.{decimals}"), places, unit


@given(printed(), st.sampled_from(BEFORE), st.sampled_from(BEHIND))
def test_a_printed_number_gives_back_value_places_unit_and_span(number, before, behind):
    shown, follows, value, places, unit = number
    text = before + shown + follows + behind
    [found] = scan(text)
    assert found.amount is not None
    assert (found.amount.value, found.amount.places) == (value, places)
    assert found.amount.value.as_tuple().exponent == -places
    assert found.amount.unit == parse_unit(SPELLINGS[unit])
    assert found.amount.unit.text == unit
    assert (found.kind, found.amount.precision) == ("amount", "printed")
    assert text[found.start : found.end] == shown
    assert text[found.unit_start : found.unit_end] == unit


@given(st.lists(printed(), min_size=1, max_size=6))
def test_every_number_of_a_sentence_is_found_in_order(numbers):
    text = "。".join(f"项目支出{shown}{follows}" for shown, follows, *_ in numbers)
    found = scan(text)
    assert [one.amount.value for one in found if one.amount] == [value for _, _, value, _, _ in numbers]
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(
    st.text(st.sampled_from("0123456789,.，．-%万亿元个人次年月日号第一二十百千点分之负（）() \n\t、。约近至￥$a“”"))
)
def test_any_text_is_scanned_and_every_place_is_inside(text):
    last = 0
    for found in scan(text):
        assert last <= found.start < found.end <= len(text)
        last = found.end
        if found.unit_start is not None:
            assert found.unit_end is not None
            assert 0 <= found.unit_start < found.unit_end <= len(text)
        if found.amount is not None:
            assert found.amount.value.is_finite()


# --- Units ---------------------------------------------------------------------------------------------------------


def shown(text: str, found: Scanned) -> str:
    if found.amount is None:
        return f"{text[found.start : found.end]}={found.kind}"
    return f"{text[found.start : found.end]}={found.amount.value} {found.amount.unit}"


def amounts(text: str) -> list[str]:
    return [shown(text, found) for found in scan(text) if found.kind == "amount"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人民币500万元", ["500=500 万元"]), ("￥ 677.41", ["677.41=677.41 ¥"]), ("US$3.2 billion", ["3.2=3.2 billion"]), ("£5m in", ["5=5 m"]),
        ("港币500万元", ["500=500 万元"]), ("RMB 5.2 million", ["5.2=5.2 million"]), ("12.5 EUR", ["12.5=12.5 EUR"]), ("500元（人民币）", ["500=500 元"]),
        ("增加“3”个百分点", ["3=3 个百分点"]), ("为“0”元", ["0=0 元"]), ("100万元/年", ["100=100 万元"]), ("1.21万亿，", ["1.21=1.21 万亿"]), ("3.6兆元", ["3.6=3.6 兆元"]), ("2千億、", ["2=2 千億"]),
        ("74批(次)813人", ["74=74 批(次)", "813=813 人"]), ("15个项目985万元", ["15=15 个", "985=985 万元"]), ("共36\n名", ["36=36 number"]),
        ("11700.63\n\n9\n\n万元", ["11700.63=11700.63 万元"]), ("增长1.5 万\n元", ["1.5=1.5 万元"]), ("307.82\n\n万元", ["307.82=307.82 万元"]),
        ("A、B分别为1.5、2万元", ["1.5=1.5 number", "2=2 万元"]),
    ],
)  # fmt: skip
def test_the_unit_that_stands_at_a_number(text, expected):
    assert amounts(text) == expected


@pytest.mark.parametrize(
    ("text", "currency", "scale"),
    [
        ("￥5", "CNY", 1),
        ("US$3.2bn", "USD", 10**9),
        ("£5m", "GBP", 10**6),
        ("港币3亿元", "HKD", 10**8),
        ("人民币 2万", "CNY", 10**4),
        ("€5k", "EUR", 10**3),
    ],
)
def test_a_currency_before_and_a_scale_behind_are_one_unit(text, currency, scale):
    [found] = scan(text)
    assert found.amount is not None
    assert (found.amount.unit.kind, found.amount.unit.currency, found.amount.unit.scale) == ("money", currency, scale)


# --- Signs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("减少-5.2万元", ["-5.2"]), ("增长−3.2%", ["-3.2"]), ("△12", ["-12"]), ("负3.5%", ["-3.5"]), ("（50）", ["50"]), ("+3.5%", ["3.5"]),
        ("12-15", ["12", "15"]), ("2018-15万元", ["2018", "15"]), ("A-5", ["5"]), ("3%-5%", ["3", "5"]), ("10万元-20万元", ["10", "20"]), ("--5%", ["5"]),
        ("- 5%", ["5"]), ("(-5)", ["-5"]), ("为-0.00万元", ["0.00"]),
    ],
)  # fmt: skip
def test_a_sign_belongs_to_its_number_but_a_range_or_a_dash_is_none(text, values):
    assert [str(found.amount.value).replace("-0.00", "0.00") for found in scan(text) if found.amount] == values


# --- Spelled-out numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出六百七十七点四一万元", ["六百七十七点四一=677.41 万元"]), ("陆佰柒拾柒万肆仟壹佰元整", ["陆佰柒拾柒万肆仟壹佰=6774100 元"]), ("一亿五千万元", ["一亿五千万=150000000 元"]),
        ("三万五千亿元", ["三万五千=35000 亿元"]), ("增长百分之三点五", ["三点五=3.5 百分之"]), ("百分之百", ["百=100 百分之"]), ("千分之三", ["三=3 千分之"]), ("占九成", ["九=9 成"]),
        ("保有量為壹輛", ["壹=1 輛"]), ("共二十三個單位", ["二十三=23 個"]), ("三个方面", ["三=3 个"]), ("两个项目", ["两=2 个"]), ("三元五角二分", ["三元五角二分=3.52 元"]),
        ("五十多万元", ["五十=50 万元"]), ("百分之12.5", ["12.5=12.5 百分之"]), ("下降1.5个百分点", ["1.5=1.5 个百分点"]),
    ],
)  # fmt: skip
def test_spelled_out_figures(text, expected):
    assert amounts(text) == expected


@pytest.mark.parametrize(
    "text",
    ["八项规定", "“三项机制”", "一个中心", "统一个人所得税", "十分重要", "三公经费", "三分之一", "一府两院", "二处、三处", "五次会议", "十二届人大", "一次性", "第十二届", "几个",
     "数十万元", "上千万元", "二期工程", "两个维护", "三月", "一、收入", "（二）支出", "九成立", "百分之", "四川万科", "百分之百分之"],
)  # fmt: skip
def test_numerals_that_are_parts_of_words(text):
    assert amounts(text) == []


# --- Neighbours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共1亿2345万元", ["1亿2345=12345 万元"]), ("奖金5万2000元", ["5万2000=52000 元"]), ("12万3千元", ["12万3=123 千元"]), ("2兆8,623億", ["2兆8,623=28623 億"]), ("62萬8千元", ["62萬8=628 千元"]), ("1亿2,345.60万元", ["1亿2,345.60=12345.60 万元"]),
        ("编列 27 億 3,566 萬 8,000 元", ["27 億 3,566 萬 8,000=2735668000 元"]), ("27亿 3,566万元", ["27=27 亿", "3,566=3566 万元"]), ("5 万 3", ["5=5 万", "3=3 number"]),
        ("3元5角", ["3元5角=3.5 元"]), ("-1亿2345万元", ["-1亿2345=-12345 万元"]), ("1.5亿2345万元", ["1.5=1.5 亿", "2345=2345 万元"]),
        ("5个2万元", ["5=5 个", "2=2 万元"]), ("1万23456万元", ["1=1 万", "23456=23456 万元"]),
    ],
)  # fmt: skip
def test_falling_units_make_one_number(text, expected):
    assert amounts(text) == expected


# --- Precision -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("近500万元", "approximate"), ("约3亿元", "approximate"), ("约￥5万", "approximate"), ("约百分之六", "approximate"), ("100余人", "approximate"), ("5万余元", "approximate"),
        ("3万多人次", "approximate"), ("500万元左右", "approximate"), ("超过30%", "approximate"), ("节约500万元", "printed"), ("最近3年", "printed"), ("公约3项", "printed"),
        ("合约5份", "printed"), ("附近5家", "printed"), ("500万元。左右", "printed"),
    ],
)  # fmt: skip
def test_words_that_make_a_figure_approximate(text, precision):
    [found] = [one for one in scan(text) if one.amount is not None]
    assert found.amount is not None
    assert found.amount.precision == precision


def test_the_example_that_names_the_project():
    """The sentence of the county report, own words, in mixed script: nine figures in their places."""
    text = (
        "2031年部门整体支出677.41萬元，按性质分为：基本支出246.79萬元（其中：人员经费179.17萬元，日常公用经费67.62萬元）；"
        "按经济分类为：工资福利支出167.09萬元、商品和服务支出348.28萬元、对个人和家庭的補助16.48萬元、基本建设支出145.54萬元。三公经费4.9萬元。"
    )
    found = [one for one in scan(text) if one.kind == "amount" and one.amount]
    assert [text[one.start : one.end] for one in found] == [
        "677.41", "246.79", "179.17", "67.62", "167.09", "348.28", "16.48", "145.54", "4.9",
    ]  # fmt: skip
    assert {(one.amount.unit.text, one.amount.unit.scale) for one in found if one.amount} == {("萬元", Fraction(10000))}
    assert [one.amount.places for one in found if one.amount] == [2] * 8 + [1]
