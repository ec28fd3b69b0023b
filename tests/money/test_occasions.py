"""Occasions: what a number is when it is no amount, each known by what stands beside it."""

from __future__ import annotations

import pytest

from budgetaudit.money.scan import scan


def kinds(text: str) -> list[str]:
    return [found.kind for found in scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018年支出", ["year"]), ("2018 年度", ["year"]), ("2018度", ["year"]), ("“2018”年", ["year"]), ("(2018)", ["year"]), ("截至2018", ["year"]),
        ("2018-2020年", ["year", "year"]), ("2018—20年规划", ["year", "range-part"]), ("2017、2018年", ["year", "year"]), ("2017和2018年度", ["year", "year"]),
        ("2025/26年度", ["year", "year"]), ("2025至26财政年度", ["year", "range-part"]), ("民国103年度", ["year"]), ("明年115年的预算", ["year"]), ("105及107年度", ["year"] * 2), ("106、108至110年度", ["year"] * 3), ("2026/27年度", ["year"] * 2), ("17年末", ["year"]), ("103年度", ["year"]),
        ("二〇一七年", ["year"]), ("（2017卷）", ["year"]), ("《2018版》", ["year"]), ("2019财年", ["year"]), ("2018学年", ["year"]),
    ],
)  # fmt: skip
def test_years(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018年6月29日", ["date"] * 3), ("2018-06-29 10:24", ["date"] * 5), ("2018/6/29", ["date"] * 3), ("2018.6.29", ["date"]), ("29.6.2018", ["date"]),
        ("1-8月", ["date"] * 2), ("12月底", ["date"]), ("8月份", ["date"]), ("第3季度", ["date"]), ("4季度", ["date"]), ("10时30分", ["date"] * 2),
        ("3月5-10日", ["date"] * 3), ("5日", ["date"]), ("70年代", ["date"]), ("公开日期：20240926", ["date"]), ("9:30:05", ["date"] * 3),
    ],
)  # fmt: skip
def test_dates_and_times(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县财预〔2018〕34号", ["document-number"] * 2), ("（2012）10 号文", ["document-number"] * 2), ("[2013]189号", ["document-number"] * 2),
        ("财预53号", ["document-number"]), ("第3批次", ["ordinal"]), ("第 12 页", ["ordinal"]), ("第十二届", ["ordinal"]), ("3号楼", ["ordinal"]),
        ("1、收入", ["ordinal"]), ("2.支出", ["ordinal"]), ("3）其他", ["ordinal"]), ("（4）车辆", ["ordinal"]), ("一、收入", ["ordinal"]), ("（二）支出", ["ordinal"]),
        ("得5分) 2、目标", ["amount", "ordinal"]), ("3 1269.3万元", ["ordinal", "amount"]), ("12 人员经费", ["ordinal"]), ("274. 去年", ["ordinal"]),
        ("附件2", ["ordinal"]), ("附表 3", ["ordinal"]), ("表1：收入", ["ordinal"]), ("公开 04 表", ["ordinal"]), ("1.1 收入", ["ordinal"]), ("70周年", ["ordinal"]),
        ("| 5、支出 | 7 |", ["ordinal", "amount"]), ("目标1:1290.3平方米", ["ordinal", "amount"]), ("任务2：完成", ["ordinal"]),
    ],
)  # fmt: skip
def test_document_numbers_and_ordinals(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话：0731-85551234", ["phone"] * 2), ("(028)84922299", ["phone"] * 2), ("联系电话 13812345678", ["phone"]), ("电话\n\n8690022", ["phone"]),
        ("邮编:411100", ["code"]), ("网站标识码:5101210012", ["code"]), ("预 算 编 码： 906017", ["code"]), ("12345热线", ["code"]), ("“12345”热线", ["code"]),
        ("“211工程”", ["code"]), ("2010301 行政运行", ["code"]), ("2010301行政运行", ["code"]), ("201 03 01 行政运行", ["code"] * 3), ("301 工资福利支出", ["code"]),
        ("（204类）公共安全（06款）司法（99项）其他", ["code"] * 3), ("（30101）", ["code"]), ("204类", ["code"]), ("总目38", ["code"]), ("5G网络", ["code"]), ("P1.5屏", ["code"]), ("COVID-19", ["code"]),
        ("0045", ["code"]), ("https://budget.example/2018/5.html", ["code"] * 2), ("219-县医院", ["code"]), ("510000_0013", ["code"] * 2), ("1.2.3", ["code"]),
        ("“1+9”工作", ["other"] * 2), ("规划[1]", ["other"]), ("......12", ["other"]), ("概况......(1)", ["other"]), ("- 12 -", ["other"]), ("比例为1:2.5", ["other"] * 2), ("1/3", ["other"] * 2),
    ],
)  # fmt: skip
def test_phone_numbers_codes_and_page_numbers(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("单价100万元（含）以上", ["threshold"]), ("20万元以下", ["threshold"]), ("100字以内", ["threshold"]), ("满意度≥95%", ["threshold"]), ("≤ 5次", ["threshold"]),
        ("不超过5%", ["threshold"]), ("不得少于3个", ["threshold"]), ("5-10%", ["range-part"] * 2), ("3%-5%", ["range-part"] * 2), ("10—20人", ["range-part"] * 2),
        ("10万元至20万元", ["range-part"] * 2), ("3至5人", ["range-part"] * 2),
    ],
)  # fmt: skip
def test_thresholds_and_ranges(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    ["增加2000", "支出2019万元", "2011件", "共计30项", "3年", "5个月", "完成3项目标", "“0”元", "收入为“0”", "747,000 - 15,852,446", "12.5-", "得分95", "第一产业5亿元",
     "增长-3.2%", "支出（50）", "支出（120）", "支出（99项）", "近100年", "3年内"],
)  # fmt: skip
def test_amounts_that_look_like_something_else(text):
    assert set(kinds(text)) - {"ordinal"} == {"amount"}


def test_an_amount_wins_over_a_code():
    """A lost amount is worse than one too many: with a unit a number is an amount even where a code could stand."""
    assert kinds("编号：12万元") == kinds("“5”万元") == kinds("A5万元") == ["amount"]
