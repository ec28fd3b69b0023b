"""Tables typed into text with bars or tabs: found where lines are parted so, and nothing else becomes a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.read.typed import typed_tables

ACCOUNT = """第二部分 2031年度部门决算表
一、收入支出决算总表
公开01表 | ||
单位:青川县水利所 | 2031年度 | 金额单位:万元 |
收入 | 支出 | ||||
项目 | 行次 | 金额 | 项目 | 行次 | 金额 |
栏次 | 1 | 栏次 | 2 | ||
一、一般公共预算财政拨款收入 | 1 | 812.30 | 一、一般公共服务支出 | 30 | 0.00 |
二、其他收入 | 3 | 20.00 | 二、农林水支出 | 32 | {spending} |
本年收入合计 | 27 | 832.30 | 本年支出合计 | 57 | 832.30 |
总计 | 31 | 832.30 | 总计 | 62 | 832.30 |
第三部分 2031年度部门决算情况说明
2031年度收入总计832.30万元，其中：一般公共预算财政拨款收入812.30万元，其他收入20.00万元。
"""


def test_a_copied_account_is_read_as_the_table_it_was() -> None:
    budget = ba.read(ACCOUNT.format(spending="832.30"))
    figures = {line.identity.label: str(line.amount.value) for line in budget if line.amount is not None}
    assert figures["本年支出合计"] == figures["收入总计"] == figures["支出总计"] == "832.30"
    assert not budget.unplaced
    text = budget.documents[0].text
    assert text is not None
    for line in budget:
        assert line.source is not None
        assert text[line.source.start : line.source.end] == line.source.text
    report = ba.audit(budget)
    assert report.counts["inconsistent"] == 0 < report.counts["exact"]


def test_a_wrong_figure_in_it_is_found() -> None:
    report = ba.audit(ba.read(ACCOUNT.format(spending="823.30")))
    assert any(finding.severity == "error" for finding in report.findings)


@pytest.mark.parametrize("mark", [" | ", "\t"])
def test_bars_and_tabs_part_cells(mark: str) -> None:
    rows = [
        ("项目", "2030年", "2031年"),
        ("办公费", "1.50", "2.50"),
        ("差旅费", "3.00", "4.00"),
        ("合计", "4.50", "6.50"),
    ]
    (grid,) = typed_tables("\n".join(mark.join(row) for row in rows))
    assert [cell.text for cell in grid.cells] == [words for row in rows for words in row]


@pytest.mark.parametrize(
    "text",
    [
        "单位名称 |\n青川县水利所 |\n支出合计12.50万元 |\n",
        "一级指标 | 二级指标 | 说明\n产出 | 数量 | 完成\n效益 | 社会 | 明显\n",
        "支出合计\t12.50\t万元\n",
    ],
)
def test_bars_alone_make_no_table(text: str) -> None:
    assert not typed_tables(text)


@given(st.lists(st.lists(st.sampled_from(["", "收入", "1.50", "合计", " ", "2031年", "一、"]), max_size=6), max_size=8))
def test_any_rows_keep_the_place_of_every_cell(rows: list[list[str]]) -> None:
    text = "\n".join("|".join(row) for row in rows)
    for grid in typed_tables(text):
        assert all(text[cell.start : cell.end] == cell.text for cell in grid.cells)
    ba.read(f"{text}\n支出")


def test_one_row_of_figures_under_heads_that_name_them_is_a_table():
    (grid,) = typed_tables(
        "“三公”经费表\n| 合计 | 因公出国 | 公务用车 | | 公务接待费 |\n| | | 购置费 | 运行费 | |\n| 7.00 | 0 | 3.00 | 2.00 | 2.00 |\n"
    )
    assert grid.rows == 3
