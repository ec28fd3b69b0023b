"""Digits and separators: which runs are one number, which are several, and which are nobody's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.scan import scan
from budgetaudit.money.separators import separators


def read(text: str, locale: str = "zh") -> list[str]:
    """The numbers of a text as value/places, None where they cannot be read."""
    return [
        f"{one.amount.value}/{one.amount.places}" if one.amount else "unreadable" for one in scan(text, locale=locale)
    ]


def grouped(digits: str, separator: str, *, lakh: bool = False) -> str:
    """Digits in groups from the right: threes, or one three and then twos."""
    groups = [digits[-3:]]
    rest, size = digits[:-3], 2 if lakh else 3
    while rest:
        groups.append(rest[-size:])
        rest = rest[:-size]
    return separator.join(reversed(groups))


WHOLE = st.integers(0, 10**18).map(str)
DECIMALS = st.text("0123456789", max_size=8)


@given(WHOLE, DECIMALS, st.sampled_from(["", ",", "\u00a0", "\u202f"]))
def test_a_number_and_its_groups_are_read_back_with_all_zeros(whole, decimals, separator):
    printed = (grouped(whole, separator) if separator else whole) + (f".{decimals}" if decimals else "")
    [found] = scan(f"支出{printed}万元")
    assert found.amount is not None
    assert found.amount.value == Decimal(f"{whole}.{decimals}")
    assert found.amount.places == len(decimals)
    assert (found.start, found.end) == (2, 2 + len(printed))


@given(WHOLE, DECIMALS)
def test_full_width_digits_and_separators_are_the_same_number(whole, decimals):
    printed = grouped(whole, ",") + (f".{decimals}" if decimals else "")
    wide = printed.translate({ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789,."})
    narrow, full = scan(f"共{printed}万元"), scan(f"共{wide}万元")
    assert narrow == full


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("共1,234,567.89元", ["1234567.89/2"]),
        ("共0,123元", ["unreadable"]),  # no group starts with 0
        ("共12345,678元", ["12345/0", "678/0"]),
        ("涉及3,5,7月", ["3/0", "5/0", "7/0"]),
        ("涉及12,34项", ["12/0", "34/0"]),
        ("共1,2345.67元", ["unreadable"]),
        ("共12,3456元", ["unreadable"]),
        ("共1,234,56元", ["unreadable"]),
        ("共1,234.56.78元", ["unreadable"]),
        ("见1.2.3节", ["unreadable"]),
        ("金额3,.83万元", ["3/0", "unreadable"]),
        ("共 .5万元", ["0.5/1"]),
        ("亏损(.50)万元", ["0.50/2"]),
        ("进度过大.5个项目", ["5/0"]),
        ("占比15.5,2019年", ["15.5/1", "2019/0"]),
        ("合计9,903.28，其中1,2", ["9903.28/2", "1/0", "2/0"]),
    ],
)
def test_groups_must_be_whole(text, numbers):
    assert read(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("支出12 345.67万元", ["12345.67/2"]),
        ("支出1 234 567元", ["1234567/0"]),
        ("1 000 000元", ["1000000/0"]),
        ("4 1269.3万元", ["4/0", "1269.3/1"]),
        ("4 269.30", ["4/0", "269.30/2"]),
        ("95.36 302 10.23", ["95.36/2", "302/0", "10.23/2"]),
        ("增长8 . 31 %", ["8.31/2"]),
        ("共计12. 34万元", ["12.34/2"]),
        ("扣0. 1分", ["0.1/1"]),
        ("支出1, 234.56万元", ["1234.56/2"]),
        ("2. 34个单位", ["2/0", "34/0"]),
        ("收入3、5、7万元", ["3/0", "5/0", "7/0"]),
    ],
)
def test_spaces_join_only_what_nothing_else_explains(text, numbers):
    assert read(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("本年度减少6\n,240千元", ["6240/0"]),
        ("本年度减少6,\n240千元", ["6240/0"]),
        ("支出27664.\n22万元", ["27664.22/2"]),
        ("支出27664\n.22万元", ["27664.22/2"]),
        ("6\n,240千元", ["6/0", "240/0"]),  # what opens a line can be a list number
        ("公务用车购置及运行维护费增加56\n17\n万元", ["56/0", "17/0"]),
        ("财政拨款收支总计各增长\n9\n8.31%。", ["9/0", "8.31/2"]),
        ("表一 20\n32 个", ["20/0", "32/0"]),
    ],
)
def test_a_line_break_joins_only_with_a_separator_beside_it(text, numbers):
    assert read(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("本年度一般公共预算财政拨款支出276\n64.22万元。", ["27664.22/2"]),
        ("本年度一般公共预算财政拨款支出27664.2\n2万元。", ["27664.22/2"]),
        ("本年度一般公共预算财政拨款支出27,6\n64.22万元。", ["27664.22/2"]),
        ("本年度一般公共预算财政拨款支出27.6\n64.22万元。", ["27.6/1", "64.22/2"]),
        ("本年度一般公共预算财政拨款支出276\n64人次。", ["276/0", "64/0"]),
        ("项目支出276\n64.22万元。", ["276/0", "64.22/2"]),  # too short to be a line that its page broke
    ],
)
def test_a_sentence_broken_inside_its_figure_is_put_together(text, numbers):
    assert read(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.2019年收入", ["1/0", "2019/0"]),
        ("说明\n2.3家单位", ["2/0", "3/0"]),
        ("。3.12月底完成", ["3/0", "12/0"]),
        ("人均2.3次", ["2.3/1"]),
        ("。0.5个百分点", ["0.5/1"]),
        ("1.5万元", ["1.5/1"]),
        ("1,2019年收入", ["1/0", "2019/0"]),
    ],
)
def test_a_list_number_is_no_whole_part(text, numbers):
    assert read(text) == numbers


@pytest.mark.parametrize(
    ("locale", "text", "numbers"),
    [
        ("de", "1.234.567,89", ["1234567.89/2"]),
        ("de", "677,41", ["677.41/2"]),
        ("de", "1.234", ["1234/0"]),
        ("de", "29.06.2018", ["unreadable"]),
        ("de_CH", "1'234.56", ["1234.56/2"]),
        ("de_CH", "1’234’567", ["1234567/0"]),
        ("fr", "1 234,56", ["1234.56/2"]),
        ("fr", "1\u202f234,56", ["1234.56/2"]),
        ("fr", "1\u00a0234,56", ["1234.56/2"]),
        ("sv", "12 345 678", ["12345678/0"]),
        ("en_IN", "12,34,567.50", ["1234567.50/2"]),
        ("en_IN", "1,234,567", ["1234567/0"]),
        ("en", "12,34,567", ["unreadable"]),
        ("zh", "1.234,56", ["1.234/3", "56/0"]),
        ("zh_Hant", "1,234.5", ["1234.5/1"]),
        ("ja", "1,234.5", ["1234.5/1"]),
    ],
)
def test_separators_are_those_of_the_locale(locale, text, numbers):
    assert read(text, locale) == numbers


@given(WHOLE, DECIMALS, st.sampled_from(["de", "fr", "sv", "de_CH", "en_IN", "pt_BR", "es", "ru"]))
def test_every_locale_reads_its_own_print(whole, decimals, locale):
    marks = separators(locale)
    printed = grouped(whole, marks.groups[0], lakh=marks.lakh) + (f"{marks.decimal}{decimals}" if decimals else "")
    assert read(printed, locale) == [f"{Decimal(f'{whole}.{decimals}')}/{len(decimals)}"]


def test_an_unknown_locale_is_an_error_that_names_some():
    with pytest.raises(BudgetAuditError, match=r"no locale is called 'xx_YY'.*Hint"):
        scan("1", locale="xx_YY")


def test_nobody_computes_with_a_number_of_many_digits():
    assert read("9" * 200) == [f"{'9' * 200}/0"]
    assert read("9" * 201) == read("1." + "9" * 200) == ["unreadable"]
