"""Delimited text: the separator found or asked for, cells with their places in the file."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from materials import figures, holds_together, texts

import budgetaudit as ba
from budgetaudit.read.delimited import read_delimited
from budgetaudit.read.material import Material


def read(text: str, encoding: str = "utf-8") -> Material:
    material = read_delimited(text.encode(encoding), name="table.csv")
    holds_together(material)
    return material


ROWS = [["项目", "上年", "本年"], ["修渠", "1,234.50", "2.00"], ["清淤", "10.00", "3.25"], ["合计", "1,244.50", "5.25"]]


@pytest.mark.parametrize("separator", ["\t", ";", "|", "，", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_is_found(separator, end):
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in ROWS]
    (grid,) = read(end.join(separator.join(row) for row in quoted) + end).grids
    assert texts(grid) == ROWS


def test_quoted_cells_hold_separators_quotes_and_line_breaks():
    (grid,) = read('名称,说明,金额\n"甲,乙","说""明""",5\n丙,"两\n行",6\n').grids
    assert texts(grid) == [["名称", "说明", "金额"], ["甲,乙", '说"明"', "5"], ["丙", "两\n行", "6"]]


@given(st.lists(st.text(st.sampled_from('甲乙5.,"\n ab'), max_size=6).map(str.strip), min_size=1, max_size=6))
def test_cells_are_those_that_the_standard_library_finds(cells):
    rows = [["项目", "金额", "说明"], *(["修渠", "5", cell] for cell in cells)]
    written = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    (grid,) = read(written).grids
    assert texts(grid) == list(csv.reader(io.StringIO(written, newline="")))


def test_lines_above_and_below_the_table_stand_around_it():
    (grid,) = read(
        "2031年度支出决算表,,\n部门：水利所,,单位：万元\n"
        + "\n".join(",".join(r) for r in [["项目", "上年", "本年"], ["甲", "1", "2"]])
        + "\n注：无,,\n"
    ).grids
    assert grid.above == ("2031年度支出决算表", "部门：水利所\t单位：万元")
    assert texts(grid) == [["项目", "上年", "本年"], ["甲", "1", "2"]]


def test_tables_apart_by_a_blank_row_and_a_head_of_their_own_are_two():
    text = "表一,,\n项目,上年,本年\n甲,1,2\n\n表二,,\n名称,数量,单价\n车,3,4\n"
    assert [grid.above[-1] for grid in read(text).grids] == ["表一", "表二"]


def test_titles_apart_from_their_table_by_a_blank_row_are_its_titles():
    (grid,) = read("2031年度支出决算表,,\n部门：水利所,,单位：万元\n,,\n项目,上年,本年\n甲,1,2\n注：无,,\n").grids
    assert grid.above == ("2031年度支出决算表", "部门：水利所\t单位：万元")
    assert grid.below == ("注：无",)


def test_a_blank_row_within_a_table_parts_nothing():
    assert len(read("项目,上年,本年\n甲,1,2\n\n其中：,,\n乙,3,4\n").grids) == 1


@pytest.mark.parametrize("group", [".", " ", "\u00a0", "'"])
def test_decimal_commas_are_read_where_the_file_writes_them(group):
    (grid,) = read(f"Posten;2022;2023\nA;1{group}234,56;7\nB;2,5;-8,25\n").grids
    assert figures(grid)[2:] == [("1234.56", 2), ("7", 0), ("2.5", 1), ("-8.25", 2)]


@pytest.mark.parametrize("row", ["A\t1,234\t2.50", "A\t1,234\t5", "A\t12.5\t2,5"])
def test_commas_that_may_group_are_left_to_the_reader_of_amounts(row):
    (grid,) = read(f"Item\t2022\t2023\n{row}\nB\t1.25\t3.75\n").grids
    assert figures(grid) == []


def test_where_two_separators_part_all_rows_alike_the_caller_is_asked():
    with pytest.raises(ba.UnreadableInput, match="may be separated by"):
        read("a,b;c\nd,e;f\ng,h;i\n")


@pytest.mark.parametrize("text", ["", "\n\n", "只有一列\n另一行\n", "一句话，有逗号。\n"])
def test_text_without_columns_is_text(text):
    assert read(text).grids == ()
    assert read(text).text == text


def test_the_encoding_is_found_or_asked_for():
    text = "项目,金额\n" + "青川县水利所灌溉渠道维修养护支出,5.00\n" * 10
    assert read(text, "gb18030").encoding == "gb18030"
    assert read("\ufeff" + text).text == text
    with pytest.raises(ba.UnreadableInput, match="encoding"):
        read("项目,金额\n甲,5\n乙,6\n", "gb18030")


def budget_of(text: str, name: str = "a.csv") -> ba.Budget:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8")
        return ba.read(path)


@given(st.data())
def test_names_that_stand_further_in_are_parts_of_the_one_above_in_every_writing(data):
    blank = data.draw(st.sampled_from(["　", "  ", " ", "\u00a0\u00a0"]))
    parts = data.draw(st.lists(st.lists(st.integers(1, 99), min_size=2, max_size=3), min_size=2, max_size=3))
    rows = [("项目", "金额")]
    for number, amounts in enumerate(parts):
        rows.append((f"{'甲乙丙'[number]}类事业", f"{sum(amounts)}.00"))
        rows += [(f"{blank}{'丁戊己'[place]}{number}件", f"{amount}.00") for place, amount in enumerate(amounts)]
    rows.append(("合计", f"{sum(map(sum, parts))}.00"))
    piped = [f"| {name} | {amount} |" for name, amount in rows]
    written = {
        "a.csv": "\n".join(",".join(row) for row in rows),
        "a.tsv": "\n".join("\t".join(row) for row in rows),
        "a.md": "\n".join([piped[0], "| --- | ---: |", *piped[1:]]),
        "a.txt": "\n".join(piped),
    }
    name = data.draw(st.sampled_from(sorted(written)))
    budget = budget_of(written[name], name)
    assert [line.source.text for line in budget] == [amount for _, amount in rows[1:]]
    assert [line.label for line in budget][:-1] == [label.strip() for label, _ in rows[1:-1]]
    assert "---" not in {line.label for line in budget}
    report = ba.audit(budget)
    assert not report.findings
    assert report.counts["exact"] == len(parts) + 1


@pytest.mark.parametrize("wide", [1, 2])
def test_names_set_to_the_right_stand_no_further_in(wide):
    rows = [("项目", "金额"), ("行政运行经费", "3.00"), ("水利", "4.00"), ("合计", "7.00")]
    padded = [f"{' ' * (14 - wide * len(name))}{name},{amount}" for name, amount in rows]
    report = ba.audit(budget_of("\n".join(padded)))
    assert not report.findings
    assert report.counts["exact"] == 1


@pytest.mark.parametrize("amounts", [(1900, 2019), (2019, 1900), (1999, 2001), (2019, 5)])
@pytest.mark.parametrize("names", [("修渠", "清淤"), ("2031", "2032")])
def test_a_whole_figure_that_looks_like_a_year_is_an_amount_below_a_head(amounts, names):
    rows = [("项目", "金额"), *zip(names, map(str, amounts), strict=True), ("合计", str(sum(amounts)))]
    budget = budget_of("\n".join(map(",".join, rows)))
    assert [line.amount.value for line in budget] == [*amounts, sum(amounts)]
    assert list(budget)[-1].label == "合计"
    assert all(line.identity.period not in {"1900", "2019"} for line in budget)


@pytest.mark.parametrize("above", ["", "收入与支出,,\n"])
def test_years_are_heads(above):
    budget = budget_of(f"{above}项目,2030,2031\n修渠,1900,2019\n清淤,5.00,6.00\n")
    assert [line.identity.period for line in budget] == ["2030", "2031", "2030", "2031"]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        *[(name, rule) for name in ("a.md", "a.txt", "a.csv") for rule in ("|---|---:|", "| :--- | ---: |")],
        *[(name, rule) for name in ("a.txt", "a.csv") for rule in ("| --- | ---: | --- |", "| ---: |")],
    ],
)
def test_a_row_that_rules_off_the_head_names_nothing(name, rule):
    budget = budget_of(f"| 项目 | 金额 |\n{rule}\n| 水利 | 4.00 |\n| 农业 | 5.00 |\n| 合计 | 9.00 |\n", name)
    assert [line.amount.value for line in budget] == [4, 5, 9]
    assert not any("--" in words for line in budget for words in (line.label, *line.identity.within))


@pytest.mark.parametrize("head", ["年度", "年份", "Fiscal year"])
def test_a_column_of_years_says_of_when_the_figures_beside_it_are(head):
    budget = budget_of(f"{head},收入,支出\n2030,1900,2000\n2031,2001,1999\n2032,7,8\n")
    assert {line.label for line in budget} == {"收入", "支出"}
    years = [(line.identity.label, line.identity.period, line.amount.value) for line in budget]
    assert years == [
        ("收入", "2030", 1900), ("支出", "2030", 2000), ("收入", "2031", 2001), ("支出", "2031", 1999), ("收入", "2032", 7),
        ("支出", "2032", 8),
    ]  # fmt: skip
