"""Markdown: pipe tables within prose that stays as it is."""

from __future__ import annotations

import pytest
from materials import holds_together, texts

from budgetaudit.read.markdown import read_markdown
from budgetaudit.read.material import Material


def read(text: str) -> Material:
    material = read_markdown(text.encode(), name="report.md")
    holds_together(material)
    assert material.text == text
    return material


def test_a_pipe_table_is_a_grid_and_the_rest_is_prose():
    text = "# 决算\n\n**单位：万元**\n\n| 项目 | 金额 |\n|---|--:|\n| **修渠** | `1,000.00` |\n| 合计 | 1,000.00 |\n\n支出5万元。\n"
    material = read(text)
    (grid,) = material.grids
    assert texts(grid) == [["项目", "金额"], ["修渠", "1,000.00"], ["合计", "1,000.00"]]
    assert grid.above == ("决算", "单位：万元")
    assert "支出5万元。" in material.prose
    assert "合计" not in material.prose


def test_rows_between_bars_without_a_line_of_dashes_are_read_as_in_plain_text():
    (grid,) = read("决算表\n\n| 项目 | 甲 | 乙 |\n| 修渠 | 1.00 | 2.00 |\n| 合计 | 1.00 | 2.00 |\n").grids
    assert texts(grid)[1] == ["修渠", "1.00", "2.00"]
    assert grid.above == ("决算表",)


def test_lines_of_marks_alone_are_no_title():
    (grid,) = read("#\n**\n表一\n\n|a|b|\n|-|-|\n|1|2|\n").grids
    assert grid.above == ("表一",)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("a | b\n--|--\n1 | 2\n", [["a", "b"], ["1", "2"]]),
        ("|a|b|\n|:-:|-|\n|1||\n", [["a", "b"], ["1", ""]]),
        ("|a|b|\n|-|-|\n|x\\|y|2|\n", [["a", "b"], ["x\\|y", "2"]]),
        ("  | a | b |\n  | - | - |\n  | 1 | 2 |", [["a", "b"], ["1", "2"]]),
    ],
)
def test_tables_are_written_in_many_ways(table, rows):
    (grid,) = read(table).grids
    assert texts(grid) == rows


@pytest.mark.parametrize(
    "text",
    ["a | b\n", "a | b\nc | d\n", "|a|b|\n|-|\n", "---\n", "```\n|a|b|\n|-|-|\n|1|2|\n```\n", "| a |\n|---|\n| 1 |\n"],
)
def test_what_is_no_table_is_prose(text):
    assert read(text).grids == ()


def test_a_bold_name_that_stands_further_in_is_a_part():
    rows = ["| 农业 | 3.00 |", "| 　水利 | 1.00 |", "| 　**修渠** | 2.00 |", "| **工业** | 2.00 |", "| 合计 | 5.00 |"]
    (grid,) = read("\n".join(["| 项目 | 金额 |", "|---|---:|", *rows])).grids
    assert [row[0] for row in texts(grid)] == ["项目", "农业", "　水利", "　修渠", "工业", "合计"]


def test_blanks_in_a_column_set_to_the_middle_say_nothing():
    (grid,) = read("| 项目 | 金额 |\n|:-:|-:|\n|  合计  | 3.00 |\n| 水利所 | 3.00 |\n").grids
    assert [row[0] for row in texts(grid)] == ["项目", "合计", "水利所"]
