"""Chinese numerals: what the test writes, the parser reads back; what the grammar does not allow is nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.money.numerals import NUMERAL_CHARACTERS, parse_numeral

COMMON, FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
COMMON_POWERS, FORMAL_POWERS = "千百十", "仟佰拾"


def below_ten_thousand(value: int, digits: str, powers: str) -> str:
    """One section, zeros inside it written once."""
    written, gap = "", False
    for power, name in zip((1000, 100, 10, 1), (*powers, ""), strict=True):
        digit = value // power % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + digits[digit] + name
        gap = False
    return written


def written(value: int, digits: str = COMMON, powers: str = COMMON_POWERS) -> str:
    """A whole number below 10^16 as an office writes it in full."""
    if value == 0:
        return digits[0]
    text = ""
    for size, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, "")):
        section = value // size % 10**4
        if section == 0:
            continue
        if name == "亿" and text:
            text = text.removesuffix("亿")  # 三万五千亿: the ten thousands count 亿
        text += ("零" if text and section < 1000 else "") + below_ten_thousand(section, digits, powers) + name
    return text


@given(st.integers(0, 10**16 - 1), st.sampled_from([(COMMON, COMMON_POWERS), (FORMAL, FORMAL_POWERS)]))
def test_what_is_written_in_full_is_read_back(value, style):
    numeral = parse_numeral(written(value, *style))
    assert numeral is not None
    assert (numeral.value, numeral.places) == (value, 0)


@given(st.integers(0, 10**8), st.text(COMMON, min_size=1, max_size=6))
def test_decimals_are_read_digit_by_digit_with_their_zeros(whole, decimals):
    numeral = parse_numeral(f"{written(whole)}点{decimals}")
    assert numeral is not None
    assert numeral.places == len(decimals)
    assert numeral.value == Decimal(f"{whole}.{''.join(str(COMMON.index(digit)) for digit in decimals)}")
    assert numeral.value.as_tuple().exponent == -len(decimals)


@given(st.text("〇零一二三四五六七八九", min_size=3, max_size=12))
def test_a_row_of_digits_is_read_digit_by_digit(row):
    numeral = parse_numeral(row)
    assert numeral is not None
    assert numeral.value == int("".join(str("零一二三四五六七八九".index(digit.replace("〇", "零"))) for digit in row))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10), ("十五", 15), ("一十五", 15), ("二十", 20), ("廿三", 23), ("卅", 30), ("一百零五", 105), ("一百一十", 110), ("三百五", 350),
        ("两万三", 23000), ("二百零五", 205), ("两千零一十七", 2017), ("二〇一七", 2017), ("一○二", 102), ("三万五千亿", 35000 * 10**8), ("一万亿", 10**12),
        ("五亿二千九百万", 529000000), ("一千零一十", 1010), ("十万", 100000), ("零", 0), ("两", 2), ("叁", 3), ("陆佰柒拾柒万肆仟壹佰", 6774100),
        ("一百二十三万四千五百六十七", 1234567), ("三亿零五", 300000005), ("两兆五百亿", 2 * 10**12 + 500 * 10**8), ("六亿七百万九千", 607009000),
    ],
)  # fmt: skip
def test_forms_in_use(text, value):
    numeral = parse_numeral(text)
    assert numeral is not None
    assert numeral.value == value


@pytest.mark.parametrize(
    "text",
    ["", "三五", "十百", "三十四十", "百", "千", "万", "亿", "百万", "点五", "三点", "三点十", "三点五点六", "一二百", "一万一万", "一亿亿", "二二十", "三千三千", "零万",
     "五百百", "abc", "1", "十点", "万亿"],
)  # fmt: skip
def test_what_the_grammar_does_not_allow_is_none(text):
    assert parse_numeral(text) is None


@given(st.text(NUMERAL_CHARACTERS, max_size=30))
def test_any_numeral_characters_are_a_number_or_nothing(text):
    numeral = parse_numeral(text)
    assert numeral is None or (numeral.value >= 0 and numeral.value.as_tuple().exponent == -numeral.places)
