"""Binding: what the cells of a table mean, whatever format they come from. All figures here are invented."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from grids import Table, material_of, read_tables
from hypothesis import given
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.model.budget import Budget
from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Cell, Grid
from budgetaudit.read.whole import budget_of


def meanings(budget: Budget) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    """Of every printed figure: label, value, fund and what it stands within."""
    return [
        (line.identity.label, str(line.amount.value), line.identity.fund, line.identity.within)
        for line in budget
        if line.amount is not None
    ]


def sums(budget: Budget) -> set[tuple[str, ...]]:
    """Total and parts of every split, as values."""
    return {
        tuple(str(budget.line(term.line).amount.value) for term in said.terms)  # type: ignore[union-attr]
        for said in budget.statements
        if said.says == "split"
    }


def inconsistent(budget: Budget) -> int:
    return ba.audit(budget).counts["inconsistent"]


TWO_SIDED = Table(
    [
        [("收入", 1, 2), None, ("支出", 1, 2), None],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款收入", "70.00", "一、一般公共服务支出", "50.00"],
        ["二、事业收入", "20.00", "二、教育支出", "30.00"],
        ["三、其他收入", "", "三、其他支出", "—"],
        ["本年收入合计", "90.00", "本年支出合计", "80.00"],
        ["年初结转和结余", "5.00", "年末结转和结余", "15.00"],
        ["总计", "95.00", "总计", "95.00"],
    ],
    above=("2031年度收入支出决算总表", "部门：某局 单位：万元"),
)


def test_two_lists_side_by_side_are_two_tables():
    budget = read_tables(TWO_SIDED)
    assert meanings(budget) == [
        ("一般公共预算财政拨款收入", "70.00", None, ()), ("一般公共服务支出", "50.00", None, ()),
        ("事业收入", "20.00", None, ()), ("教育支出", "30.00", None, ()),
        ("本年收入合计", "90.00", None, ()), ("本年支出合计", "80.00", None, ()),
        ("年初结转和结余", "5.00", None, ()), ("年末结转和结余", "15.00", None, ()),
        ("收入总计", "95.00", None, ()), ("支出总计", "95.00", None, ()),
    ]  # fmt: skip
    assert {
        ("90.00", "70.00", "20.00"),
        ("95.00", "90.00", "5.00"),
        ("80.00", "50.00", "30.00"),
        ("95.00", "80.00", "15.00"),
    } == sums(budget)
    assert {line.identity.period for line in budget} == {"2031"}
    assert {(line.identity.phase, line.source.table) for line in budget if line.source} == {
        ("actual", "cn.final.income-expenditure")
    }
    assert {str(line.amount.unit) for line in budget if line.amount} == {"万元"}
    assert [line.identity.code for line in budget if line.label == "二、教育支出"] == [("205",)]


def test_blank_dash_zero_and_unreadable_are_four_states():
    table = Table(
        [["项目", "金额"], ["甲", "1.00"], ["乙", ""], ["丙", "—"], ["丁", "0.00"], ["戊", "1.2.3"], ["己", "XX"]],
        above=("某表", "单位：万元"),
    )
    assert [(line.label, line.state) for line in read_tables(table)] == [
        ("甲", "printed"), ("乙", "blank"), ("丙", "dash"), ("丁", "printed"), ("戊", "unreadable"), ("己", "blank"),
    ]  # fmt: skip


def test_a_bare_zero_among_figures_with_places_is_exactly_nothing():
    lines = read_tables(Table([["项目", "金额"], ["甲", "1.25"], ["乙", "0"]], above=("某表", "单位：万元"))).lines
    assert [line.amount.precision for line in lines if line.amount] == ["printed", "exact"]


SPENDING = [
    [("项目", 1, 4), None, None, None, ("支出预算", 1, 3), None, None],
    [("功能分类科目编码", 1, 3), None, None, ("功能分类科目名称", 2, 1), ("合计", 2, 1), ("基本支出", 2, 1), ("项目支出", 2, 1)],
    ["类", "款", "项", None, None, None, None],
    ["205", "", "", "教育支出", "30.00", "20.00", "10.00"],
    ["205", "02", "", "普通教育", "30.00", "20.00", "10.00"],
    ["205", "02", "01", "学前教育", "12.00", "9.00", "3.00"],
    ["205", "02", "02", "小学教育", "18.00", "11.00", "7.00"],
    ["221", "", "", "住房保障支出", "5.00", "5.00", ""],
    [("合计", 1, 4), None, None, None, "35.00", "25.00", "10.00"],
]  # fmt: skip


def test_codes_in_three_cells_make_the_hierarchy_and_columns_add_across():
    budget = read_tables(Table(SPENDING, above=("2031年部门支出预算总表", "单位：元")))
    assert [".".join(line.identity.code or ()) for line in budget if line.identity.within == ("基本支出",)] == [
        "205", "205.02", "205.02.01", "205.02.02", "221",
    ]  # fmt: skip
    assert [(line.identity.label, str(line.amount.value)) for line in budget.lines[-3:] if line.amount] == [
        ("本年支出合计", "35.00"), ("基本支出", "25.00"), ("项目支出", "10.00"),
    ]  # fmt: skip
    found = sums(budget)
    assert {
        ("30.00", "12.00", "18.00"),
        ("35.00", "30.00", "5.00"),
        ("20.00", "9.00", "11.00"),
        ("25.00", "20.00", "5.00"),
    } <= found
    assert {("35.00", "25.00", "10.00"), ("12.00", "9.00", "3.00"), ("5.00", "5.00")} <= found
    assert inconsistent(budget) == 0


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (["科目编码", "科目名称", "金额"], [["205", "教育支出", "30.00"], ["20502", "普通教育", "30.00"], ["2050201", "学前教育", "30.00"]]),
        (["科目", "金额"], [["205教育支出", "30.00"], ["20502 普通教育", "30.00"], ["2050201-学前教育", "30.00"]]),
    ],
)  # fmt: skip
def test_codes_in_one_cell_or_glued_to_the_name_are_the_same_codes(head, rows):
    budget = read_tables(Table([head, *rows], above=("2031年度支出决算表", "单位：万元")))
    assert [(line.identity.code, line.identity.label) for line in budget] == [
        (("205",), "教育支出"), (("205", "02"), "普通教育"), (("205", "02", "01"), "学前教育"),
    ]  # fmt: skip


def test_groups_of_columns_with_subtotals_add_up_within_and_across():
    table = Table(
        [
            [("“三公”经费", 1, 5), None, None, None, None, ("会议费", 3, 1), ("合计", 3, 1)],
            [("小计", 2, 1), ("因公出国（境）费", 2, 1), ("公务用车购置及运行维护费", 1, 2), None, ("公务接待费", 2, 1), None, None],
            [None, None, "购置费", "运行费", None, None, None],
            ["10.00", "1.00", "2.00", "3.00", "4.00", "6.00", "16.00"],
        ],
        above=("2031年“三公”经费、会议费支出预算表", "单位：万元"),
    )  # fmt: skip
    budget = read_tables(table)
    assert [label for label, *_ in meanings(budget)] == [
        "三公经费", "因公出国(境)费", "公务用车购置费", "公务用车运行维护费", "公务接待费", "会议费", "合计",
    ]  # fmt: skip
    assert sums(budget) == {("10.00", "1.00", "2.00", "3.00", "4.00"), ("16.00", "10.00", "6.00")}


def test_budget_and_outturn_columns_are_phases_of_one_line():
    table = Table(
        [["项目", "年初预算数", "全年预算数", "决算数", "完成预算%"], ["教育支出", "8.00", "10.00", "9.00", "90.00"]],
        above=("2031年度一般公共预算支出决算表", "单位：万元"),
    )
    budget = read_tables(table)
    assert [(line.identity.phase, line.identity.measure) for line in budget] == [
        ("budget", "amount"), ("adjusted", "amount"), ("actual", "amount"), ("actual", "rate"),
    ]  # fmt: skip
    (rate,) = budget.statements
    assert (rate.says, [str(budget.line(term.line).amount.value) for term in rate.terms]) == (
        "rate",
        ["90.00", "9.00", "10.00"],
    )  # type: ignore[union-attr]


def test_last_year_change_and_growth_are_columns_of_one_line():
    table = Table(
        [["项目", "2030年预算数", "2031年预算数", "增减额", "增减%"], ["教育支出", "8.00", "10.00", "2.00", "25.00"]],
        above=("2031年一般公共预算支出预算表", "单位：万元"),
    )
    budget = read_tables(table)
    assert [(line.identity.period, line.identity.measure) for line in budget] == [
        ("2030", "amount"), ("2031", "amount"), ("2031", "change"), ("2031", "growth"),
    ]  # fmt: skip
    assert [said.says for said in budget.statements] == ["change", "growth"]
    assert ba.audit(budget).counts["exact"] >= 2


def test_of_which_rows_are_parts_and_no_further_items():
    table = Table(
        [["项目", "决算数"], ["一、事业收入", "8.00"], ["其中：教育收费", "3.00"], ["二、其他收入", "2.00"], ["本年收入合计", "10.00"]],
        above=("2031年度收入支出决算总表", "单位：万元"),
    )  # fmt: skip
    budget = read_tables(table)
    assert {said.says for said in budget.statements} == {"split", "of-which"}
    assert inconsistent(budget) == 0


def test_column_numbers_heads_of_later_pages_and_cut_names_are_no_data():
    table = Table(
        [
            ["项目", "行次", "决算数"], ["栏次", "", "1"], ["一、一般公共服务支出", "1", "3.00"], ["二、社会保障和就", "2", "4.00"],
            ["项目", "行次", "决算数"], ["业支出", "", ""], ["三、教育支出", "3", "5.00"], ["本年支出合计", "4", "12.00"],
        ],
        above=("2031年度财政拨款支出决算表", "单位：万元"),
        pages=(4,),
    )  # fmt: skip
    budget = read_tables(table)
    assert [label for label, *_ in meanings(budget)] == [
        "一般公共服务支出",
        "社会保障和就业支出",
        "教育支出",
        "本年支出合计",
    ]
    assert sums(budget) == {("12.00", "3.00", "4.00", "5.00")}


def test_two_tables_in_one_grid_are_split_at_the_title():
    table = Table(
        [
            [("收入预算总表", 1, 2), None], ["部门：某局", "单位：万元"], ["项目名称", "金额"], ["事业收入", "3.00"], ["收入总计", "3.00"],
            [("支出预算总表", 1, 2), None], ["部门：某局", "单位：元"], ["合计", "基本支出"], ["500.00", "500.00"],
        ]
    )  # fmt: skip
    budget = read_tables("2031年预算", table)
    assert [(line.source.table, str(line.amount.unit)) for line in budget if line.source and line.amount] == [
        ("cn.budget.income", "万元"), ("cn.budget.income", "万元"), ("cn.budget.spending", "元"), ("cn.budget.spending", "元"),
    ]  # fmt: skip


def test_tables_of_unknown_titles_are_kept_apart_and_still_add_up():
    rows = [["Item", "2030", "2031"], ["Wages", "4.0", "5.0"], ["Rent", "1.0", "2.0"], ["Total", "5.0", "7.0"]]
    budget = read_tables(
        Table(rows, above=("Statement of spending", "in millions of dollars")),
        Table(rows, above=("Schedule of other spending",)),
    )
    assert {line.identity.table for line in budget} == {"Statement of spending", "Schedule of other spending"}
    assert [line.identity.period for line in budget][:2] == ["2030", "2031"]
    assert sums(budget) == {("5.0", "4.0", "1.0"), ("7.0", "5.0", "2.0")}


def test_a_table_of_unknown_form_that_does_not_add_is_not_accused():
    rows = [["项目", "人数", "金额"], ["甲", "3", "4.00"], ["乙", "5", "8.00"], ["合计", "77", "993.15"]]
    assert read_tables(Table(rows, above=("情况表",))).statements == ()


def test_a_slip_of_one_digit_in_a_table_of_unknown_form_is_an_assertion():
    rows = [["项目", "金额"], ["甲", "4.00"], ["乙", "8.00"], ["合计", "15.00"]]
    assert inconsistent(read_tables(Table(rows, above=("情况表", "单位：元")))) == 1


def test_the_same_fact_in_a_table_in_yuan_and_a_sentence_in_ten_thousands_ties_out():
    table = Table(
        [["项目", "预算数"], ["教育支出", "123456.78"], ["支出总计", "123456.78"]],
        above=("2031年部门收支预算总表", "单位：元"),
    )
    report = ba.audit(read_tables("某局2031年部门预算说明", table, "2031年支出总计12.35万元。"))
    ties = [outcome for outcome in report.outcomes if outcome.relation.rule == "tie-out"]
    assert [(outcome.verdict) for outcome in ties] == ["exact"]
    off = ba.audit(read_tables("某局2031年部门预算说明", table, "2031年支出总计12.36万元。"))
    assert [outcome.verdict for outcome in off.outcomes if outcome.relation.rule == "tie-out"] == ["inconsistent"]


def test_prose_keeps_its_places_beside_tables():
    budget = read_tables(
        "某局2031年度部门决算说明", "2031年支出合计12.50万元，其中：基本支出10.00万元，项目支出2.50万元。", TWO_SIDED
    )
    document = budget.documents[0]
    assert document.text is not None
    for line in budget:
        assert line.source is not None
        assert document.text[line.source.start : line.source.end] == line.source.text
    starts = [line.source.start for line in budget if line.source]
    assert starts == sorted(starts)


def test_cells_that_hold_paragraphs_are_read_as_text():
    words = "2031年度支出合计12.50万元，其中：基本支出10.00万元，项目支出2.50万元。" + "本年度各项工作按计划完成。" * 3
    budget = read_tables(Table([["说明", words], ["备注", ""]]))
    assert [line.label for line in budget] == ["支出合计", "基本支出", "项目支出"]


# --- laws ----------------------------------------------------------------------------------------------------------


@st.composite
def coded_tables(draw: st.DrawFn) -> list[list[str]]:
    """A table by code whose columns and rows add up: leaves are drawn, everything else is computed."""
    rows: list[list[str]] = []
    grand = [0, 0, 0]
    for top in draw(
        st.lists(st.sampled_from(["201", "205", "208", "213", "221"]), min_size=1, max_size=3, unique=True)
    ):
        of_class: list[list[str]] = []
        class_sum = [0, 0, 0]
        for middle in range(1, draw(st.integers(1, 2)) + 1):
            leaves, middle_sum = [], [0, 0, 0]
            for leaf in range(1, draw(st.integers(1, 2)) + 1):
                basic, project = draw(st.integers(10**4, 10**7)), draw(st.integers(10**4, 10**7))
                figures = [basic + project, basic, project]
                middle_sum = [a + b for a, b in zip(middle_sum, figures, strict=True)]
                leaves.append([f"{top}{middle:02d}{leaf:02d}", f"第{middle}{leaf}项", *_shown(figures)])
            of_class += [[f"{top}{middle:02d}", f"第{middle}款", *_shown(middle_sum)], *leaves]
            class_sum = [a + b for a, b in zip(class_sum, middle_sum, strict=True)]
        rows += [[top, f"第{top}类", *_shown(class_sum)], *of_class]
        grand = [a + b for a, b in zip(grand, class_sum, strict=True)]
    total = ["合计", "", *_shown(grand)]
    rows = [*rows, total] if draw(st.booleans()) else [total, *rows]
    return [["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"], *rows]


def _shown(cents: list[int]) -> list[str]:
    return [f"{Decimal(value).scaleb(-2):,}" for value in cents]


@given(coded_tables())
def test_a_table_that_adds_up_is_never_called_inconsistent_and_is_checked(rows):
    report = ba.audit(read_tables(Table(rows, above=("2031年度支出决算表", "单位：万元"))))
    assert report.counts["inconsistent"] == report.counts["rounding"] == 0
    assert report.counts["exact"] >= 2 * (len(rows) - 1)


@given(coded_tables(), st.data())
def test_one_changed_digit_is_reported(rows, data):
    """Not one of the last places, where rounding hides what a digit does."""
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(2, 4))
    printed = rows[row][column]
    place = data.draw(
        st.sampled_from(
            [at for at, character in enumerate(printed) if at and at < len(printed) - 3 and character.isdigit()]
        )
    )
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != printed[place]]))
    changed = [list(values) for values in rows]
    changed[row][column] = printed[:place] + other + printed[place + 1 :]
    assert inconsistent(read_tables(Table(changed, above=("2031年度支出决算表", "单位：万元")))) >= 1


CELL_TEXTS = st.one_of(
    st.sampled_from(["", "-", "合计", "小计", "项目", "金额", "科目编码", "201", "20101", "一、收入", "其中：甲", "单位：万元", "部门：乙", "决算数", "1", "2", "3", "栏次", "100.00", "1,234.5", "5%", "XX", "收入支出决算总表", "2031年", "增减%"]),
    st.text(max_size=12),
)  # fmt: skip


@st.composite
def any_grids(draw: st.DrawFn) -> Material:
    """Cells anywhere, spans of any size, overlapping ones too."""
    rows, columns = draw(st.integers(0, 8)), draw(st.integers(0, 8))
    text, cells = "", []
    for _ in range(draw(st.integers(0, 24))):
        printed = draw(CELL_TEXTS)
        cells.append(
            Cell(
                draw(st.integers(0, 9)), draw(st.integers(0, 9)), printed, draw(st.sampled_from([1, 1, 2, 10**9])),
                draw(st.sampled_from([1, 1, 2, 10**9])), len(text), len(text) + len(printed), unreadable=draw(st.sampled_from([False, False, True])),
            )
        )  # fmt: skip
        text += printed + "\t"
    above = tuple(draw(st.lists(CELL_TEXTS, max_size=3)))
    return Material(text + "末", (Grid(tuple(cells), rows, columns, above, above, end=len(text)),))


@given(any_grids())
def test_any_grid_becomes_a_budget_and_no_figure_is_counted_twice(material):
    budget = budget_of(material, name="any")
    places = [(line.source.start, line.source.cell) for line in budget if line.source and line.amount]
    assert len(places) == len(set(places)) or any(not cell.address for cell in material.grids[0].cells)
    ba.audit(budget)


@given(coded_tables())
def test_every_printed_amount_becomes_one_line(rows):
    budget = read_tables(Table(rows, above=("2031年度支出决算表", "单位：万元")))
    printed = [value for row in rows[1:] for value in row[2:]]
    read = [line.source.text for line in budget if line.amount is not None and line.source]
    assert sorted(read) == sorted(printed)
    assert all(re.fullmatch(r"[0-9,.]+", text) for text in read)
    assert {Fraction(line.amount.unit.scale) for line in budget if line.amount} == {Fraction(10_000)}


def test_a_large_table_takes_time_in_proportion():
    """Twelve thousand rows without end: only that it ends at all; the benchmarks hold the ratio."""
    rows = [
        ["科目编码", "科目名称", "金额"],
        *([f"{200 + at % 30}", f"名称{at}", "1.00"] for at in range(12_000)),
        ["合计", "", "12,000.00"],
    ]
    budget = budget_of(material_of(Table(rows, above=("支出决算表", "单位：元"))), name="large")
    assert len(budget) == 12_001


# --- the text and the tables of one document ---------------------------------------------------------------------------


def test_a_path_of_classes_in_a_sentence_is_the_code_of_the_table():
    table = Table(SPENDING, above=("2031年部门支出预算总表", "编制部门：某市教育局", "单位：元"))
    budget = read_tables(
        "某市教育局2031年部门预算", "教育支出（类）普通教育（款）学前教育（项）预算安排0.0012万元。", table
    )
    (said,) = [line for line in budget if line.source and line.source.cell is None]
    assert said.identity.code == ("205", "02", "01")
    assert len(budget.prints(said.id)) == 2


def test_the_body_of_the_tables_is_the_body_of_the_text():
    table = Table(
        [["项目", "预算数"], ["收入总计", "5.00"]],
        above=("2031年部门收支预算总表", "编制部门：某市教育局", "单位：万元"),
    )
    budget = read_tables("2031年部门预算", "某市教育局收入总计5.00万元。", table)
    assert {line.identity.entity for line in budget} == {"某市教育局"}
    assert [outcome.verdict for outcome in ba.audit(budget).outcomes if outcome.relation.rule == "tie-out"] == ["exact"]


def test_closing_of_one_year_and_opening_of_the_next_are_figures_of_one_body():
    def year(of: int, opening: str, closing: str) -> Budget:
        rows = [
            [("收入", 1, 2), None, ("支出", 1, 2), None], ["项目", "决算数", "项目", "决算数"],
            ["本年收入合计", "50.00", "本年支出合计", "50.00"], ["年初结转和结余", opening, "年末结转和结余", closing],
        ]  # fmt: skip
        return read_tables(
            Table(rows, above=(f"{of}年度收入支出决算总表", "部门：某市教育局", "单位：万元")), name=f"{of}.pdf"
        )

    rule = "年初结转和结余 = 年末结转和结余[year-1]"
    both = Budget.joined([year(2030, "1.00", "7.00"), year(2031, "7.00", "7.00")])
    assert [
        outcome.verdict
        for outcome in ba.audit(both, rules=rule, select="equation/").outcomes
        if len(outcome.relation.terms) == 2
    ] == ["exact"]
    off = Budget.joined([year(2030, "1.00", "7.00"), year(2031, "6.00", "6.00")])
    assert ba.audit(off, rules=rule, select="equation/").counts["inconsistent"] == 1


# --- forms of other places ---------------------------------------------------------------------------------------------


def test_a_list_set_in_three_panels_has_totals_over_several_of_them():
    table = Table(
        [
            ["科目编码", "科目名称", "决算数"] * 3,
            ["301", "工资福利支出", "50.00", "302", "商品和服务支出", "20.00", "310", "资本性支出", "5.00"],
            ["30101", "基本工资", "30.00", "30201", "办公费", "12.00", "31002", "办公设备购置", "5.00"],
            ["30102", "津贴补贴", "20.00", "30202", "印刷费", "8.00", "", "", ""],
            [("人员经费合计", 1, 2), None, "50.00", ("公用经费合计", 1, 5), None, None, None, None, "25.00"],
        ],
        above=("2031年度一般公共预算财政拨款基本支出决算表", "单位：万元"),
    )
    budget = read_tables(table)
    assert {("50.00", "50.00"), ("25.00", "20.00", "5.00"), ("20.00", "12.00", "8.00")} <= sums(budget)
    assert inconsistent(budget) == 0
    assert len([line for line in budget if line.identity.label == "公用经费"]) == 1


def test_both_spending_lists_of_a_total_over_them_lead_to_it():
    table = Table(
        [
            ["功能科目名称", "金额", "项目名称", "金额"], ["一、教育支出", "7.00", "一、基本支出", "4.00"],
            ["二、住房保障支出", "2.00", "二、项目支出", "5.00"], [("当年支出小计", 1, 3), None, None, "9.00"],
        ],
        above=("2031年收支预算总表", "单位：万元"),
    )  # fmt: skip
    assert sums(read_tables(table)) == {("9.00", "7.00", "2.00"), ("9.00", "4.00", "5.00")}


def test_ranks_and_columns_of_the_form_of_the_ministry():
    table = Table(
        [
            [("收入", 1, 3), None, None, ("支出", 1, 3), None, None], ["项目", "行次", "金额", "项目", "行次", "金额"],
            ["栏次", "", "1", "栏次", "", "2"], ["一、一般公共预算财政拨款收入", "1", "30.00", "一、一般公共服务支出", "32", "20.00"],
            ["二、事业收入", "2", "4.00", "二、教育支出", "33", "14.00"], ["本年收入合计", "27", "34.00", "本年支出合计", "58", "34.00"],
            ["使用非财政拨款结余", "28", "", "结余分配", "59", ""], ["年初结转和结余", "29", "1.00", "年末结转和结余", "60", "1.00"],
            ["总计", "31", "35.00", "总计", "62", "35.00"],
        ],
        above=("收入支出决算总表", "公开01表", "部门：某局 金额单位：万元"),
    )  # fmt: skip
    budget = read_tables(table)
    assert {str(line.amount.value) for line in budget if line.amount} == {
        "30.00",
        "20.00",
        "4.00",
        "14.00",
        "34.00",
        "1.00",
        "35.00",
    }
    assert {("35.00", "34.00", "1.00"), ("34.00", "30.00", "4.00"), ("34.00", "20.00", "14.00")} == sums(budget)


def test_codes_of_one_level_a_column_inherit_what_stands_above():
    table = Table(
        [
            ["款", "項", "目", "科目名稱", "本年度預算數", "上年度預算數", "比較增減"],
            ["1", "", "", "教育局", "900", "800", "100"], ["", "1", "", "行政管理", "500", "420", "80"],
            ["", "", "1", "人事費", "300", "280", "20"], ["", "", "2", "業務費", "200", "140", "60"], ["", "2", "", "國民教育", "400", "380", "20"],
        ],
        above=("歲出機關別預算表", "中華民國120年度", "單位：新臺幣千元"),
    )  # fmt: skip
    budget = read_tables(table)
    assert [line.identity.code for line in budget][::3] == [
        ("1",),
        ("1", "1"),
        ("1", "1", "1"),
        ("1", "1", "2"),
        ("1", "2"),
    ]
    assert {("900", "500", "400"), ("500", "300", "200"), ("800", "420", "380")} <= sums(budget)
    assert sum(said.says == "change" for said in budget.statements) == 5
    assert inconsistent(budget) == 0


def test_details_below_marked_rows_belong_to_them():
    table = Table(
        [
            ["项目", "预算数", "调整预算数", "决算数"], ["一、税收收入", "70", "75", "80"], ["增值税", "40", "45", "50"], ["企业所得税", "30", "30", "30"],
            ["二、非税收入", "20", "20", "15"], ["专项收入", "20", "20", "15"], ["本年收入合计", "90", "95", "95"], ["上级补助收入", "10", "10", "12"], ["收入总计", "100", "105", "107"],
        ],
        above=("2031年一般公共预算收入决算表", "单位：万元"),
    )  # fmt: skip
    found = sums(read_tables(table))
    assert {("80", "50", "30"), ("95", "80", "15"), ("107", "95", "12"), ("100", "90", "10")} <= found


def test_projects_by_code_are_not_the_whole_spending_of_the_code():
    rows = [["科目编码", "科目名称", "金额"], ["205", "教育支出", "9.00"]]
    budget = read_tables(
        "某局2031年度部门决算",
        Table(rows, above=("一般公共预算财政拨款支出决算表", "单位：万元")),
        Table([rows[0], ["205", "教育支出", "4.00"]], above=("一般公共预算财政拨款项目支出决算表", "单位：万元")),
    )
    assert [line.identity.within for line in budget] == [(), ("项目支出",)]
    assert inconsistent(budget) == 0


def test_two_years_their_parts_and_what_they_compare():
    table = Table(
        [
            [("功能分类科目", 1, 2), None, ("2030年执行数", 2, 1), ("2031年预算数", 1, 3), None, None, ("2031年预算数比2030年执行数", 1, 2), None],
            ["科目编码", "科目名称", None, "小计", "基本支出", "项目支出", "增减额", "增减%"],
            ["205", "教育支出", "80.00", "100.00", "60.00", "40.00", "20.00", "25.00"], [("合计", 1, 2), None, "80.00", "100.00", "60.00", "40.00", "20.00", "25.00"],
        ],
        above=("2031年一般公共预算支出表", "单位：万元"),
    )  # fmt: skip
    budget = read_tables("某局2031年部门预算", table)
    assert [(line.identity.period, line.identity.phase, line.identity.measure) for line in budget.lines[:6]] == [
        ("2030", "actual", "amount"), ("2031", "budget", "amount"), ("2031", "budget", "amount"), ("2031", "budget", "amount"),
        ("2031", "budget", "change"), ("2031", "budget", "growth"),
    ]  # fmt: skip
    assert sorted(said.says for said in budget.statements if said.says != "split") == [
        "change",
        "change",
        "growth",
        "growth",
    ]
    assert {("100.00", "60.00", "40.00"), ("80.00", "80.00")} <= sums(budget)
    assert inconsistent(budget) == 0


def test_a_form_of_performance_has_heads_further_down():
    table = Table(
        [
            ["项目名称", ("学校维修", 1, 6), None, None, None, None, None],
            [("项目资金（万元）", 3, 1), "", "年初预算数", "全年预算数", "全年执行数", "分值", "得分"],
            [None, "年度资金总额", "100.00", "98.00", "49.00", "10", "5"], [None, "其中：财政拨款", "100.00", "98.00", "49.00", "-", "-"],
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
            [("产出指标", 2, 1), "数量指标", "维修学校数量", "3所", "3所", "50", "50"], [None, "质量指标", "验收合格率", "100%", "90%", "40", "36"],
            [("总分", 1, 5), None, None, None, None, "100", "91"],
        ],
        above=("2031年度项目支出绩效自评表",),
    )  # fmt: skip
    budget = read_tables("某局2031年度绩效自评", table)
    found = {
        (line.identity.label, line.identity.phase, line.identity.measure): str(line.amount.value)
        for line in budget
        if line.amount
    }
    assert found["年度资金总额", "adjusted", "amount"] == "98.00"
    assert found["维修学校数量", "actual", "score"] == "50"
    assert found["验收合格率", "actual", "weight"] == "40"
    assert {line.source.table for line in budget if line.source} == {"cn.final.performance"}
    assert sum(said.says == "limit" for said in budget.statements) == 4
    assert inconsistent(budget) == 0


def test_units_by_code_stand_below_their_department():
    table = Table(
        [
            [("部门（单位）代码", 2, 1), ("部门（单位）名称", 2, 1), ("合计", 2, 1), ("本年收入", 1, 3), None, None, "上年结转结余"],
            [None, None, None, "小计", "一般公共预算", "事业收入", "小计"],
            ["001", "某县教育局", "60.00", "55.00", "50.00", "5.00", "5.00"], ["001001", "某县教育局本级", "40.00", "35.00", "30.00", "5.00", "5.00"],
            ["001002", "某县一中", "20.00", "20.00", "20.00", "", ""], [("合计", 1, 2), None, "60.00", "55.00", "50.00", "5.00", "5.00"],
        ],
        above=("部门收入总表", "单位：万元"),
    )  # fmt: skip
    budget = read_tables("某县教育局2031年部门预算", table)
    assert {
        ("60.00", "40.00", "20.00"),
        ("60.00", "60.00"),
        ("55.00", "50.00", "5.00"),
        ("60.00", "55.00", "5.00"),
    } <= sums(budget)
    assert inconsistent(budget) == 0


def test_what_stands_behind_the_total_is_no_class_of_it():
    table = Table(
        [
            ["项目", "预算数"], ["一、一般公共服务支出", "100"], ["二、教育支出", "200"], ["支出合计", "300"], ["转移性支出", "50"], ["上解支出", "30"],
            ["调出资金", "20"], ["支出总计", "350"],
        ],
        above=("2031年某县一般公共预算支出预算表", "单位：万元"),
    )  # fmt: skip
    budget = read_tables(table)
    assert [line.identity.code for line in budget][:5] == [("201",), ("205",), None, None, None]
    assert inconsistent(budget) == 0


def test_a_row_that_counts_the_columns_behind_merged_heads_of_codes_is_no_row_of_figures():
    budget = read_tables(
        Table(
            [
                [("项目", 1, 4), None, None, None, "本年支出合计", "基本支出", "项目支出"],
                [("类", 2, 1), ("款", 2, 1), ("项", 2, 1), "栏次", "1", "2", "3"],
                [None, None, None, "合计", "90.00", "60.00", "30.00"],
                ["205", "", "", "教育支出", "70.00", "60.00", "10.00"],
                ["213", "", "", "农林水支出", "20.00", "", "20.00"],
            ],
            above=("2031年度支出决算表", "单位：万元"),
        )
    )
    assert meanings(budget)[:3] == [
        ("本年支出合计", "90.00", None, ()),
        ("基本支出", "60.00", None, ()),
        ("项目支出", "30.00", None, ()),
    ]
    assert len(budget) == 9
    assert inconsistent(budget) == 0


def test_heads_of_groups_reach_over_the_blanks_behind_them_where_no_cells_are_merged():
    budget = read_tables(
        Table(
            [
                ["预算数", "", "", "", "", "决算数", "", "", "", ""],
                ["合计", "公务用车购置及运行维护费", "", "", "公务接待费"] * 2,
                ["", "小计", "公务用车购置费", "公务用车运行维护费", ""] * 2,
                ["9.00", "7.00", "3.00", "4.00", "2.00", "8.50", "6.50", "3.00", "3.50", "2.00"],
            ],
            above=("2031年度财政拨款“三公”经费支出决算表", "单位：万元"),
        )
    )
    named = ["三公经费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费", "公务接待费"]
    assert [(line.identity.label, line.identity.phase) for line in budget] == [
        *((label, "budget") for label in named), *((label, "actual") for label in named)
    ]  # fmt: skip
    assert inconsistent(budget) == 0


def test_a_total_below_the_second_list_has_its_figure_below_the_third():
    budget = read_tables(
        Table(
            [
                ["科目编码", "科目名称", "决算数"] * 3,
                ["301", "工资福利支出", "50.00", "302", "商品和服务支出", "20.00", "310", "资本性支出", "5.00"],
                ["30101", "基本工资", "50.00", "30201", "办公费", "20.00", "31002", "办公设备购置", "5.00"],
                ["人员经费合计", "", "50.00", "公用经费合计", "", "", "", "", "25.00"],
            ],
            above=("2031年度一般公共预算财政拨款基本支出决算表", "单位：万元"),
        )
    )
    assert [meaning[:2] for meaning in meanings(budget)][-2:] == [("人员经费", "50.00"), ("公用经费", "25.00")]
    assert ("25.00", "20.00", "5.00") in sums(budget)
    assert inconsistent(budget) == 0


def test_funds_below_what_was_carried_over_are_parts_of_it():
    budget = read_tables(
        Table(
            [
                ["收入", "", "支出", ""],
                ["项目", "金额", "项目", "金额"],
                ["一、一般公共预算财政拨款", "80.00", "一、一般公共服务支出", "60.00"],
                ["二、政府性基金预算财政拨款", "10.00", "五、教育支出", "35.00"],
                ["本年收入合计", "90.00", "本年支出合计", "95.00"],
                ["年初财政拨款结转和结余", "6.00", "年末财政拨款结转和结余", "1.00"],
                ["一般公共预算财政拨款", "7.00", "", ""],
                ["政府性基金预算财政拨款", "-1.00", "", ""],
                ["总计", "96.00", "总计", "96.00"],
            ],
            above=("2031年度财政拨款收入支出决算总表", "单位：万元"),
        )
    )
    assert ("6.00", "7.00", "-1.00") in sums(budget)
    assert inconsistent(budget) == 0


def test_codes_in_one_cell_below_three_heads_of_codes():
    budget = read_tables(
        Table(
            [
                [("科目编码", 1, 3), None, None, "科目名称", "本年支出合计"],
                [("类", 2, 1), ("款", 2, 1), ("项", 2, 1), "栏次", "1"],
                [None, None, None, "合计", "90.00"],
                [("205", 1, 3), None, None, "教育支出", "90.00"],
                [("20502", 1, 3), None, None, "普通教育", "90.00"],
                [("2050201", 1, 3), None, None, "学前教育", "40.00"],
                [("2050202", 1, 3), None, None, "小学教育", "50.00"],
            ],
            above=("2031年度支出决算表", "单位：万元"),
        )
    )
    codes = [line.identity.code for line in budget]
    assert codes == [None, ("205",), ("205", "02"), ("205", "02", "01"), ("205", "02", "02")]


def test_a_column_of_percentages_does_not_add_up():
    budget = read_tables(
        Table(
            [
                ["项目", "上年决算数", "本年决算数", "情况"],
                ["合计", "50.00", "40.00", "-20.00%"],
                ["1.公务接待费", "20.00", "10.00", "-50.00%"],
                ["2.公务用车购置及运行维护费", "30.00", "30.00", "0.00%"],
            ],
            above=("2031年“三公”经费决算统计表", "单位：万元"),
        )
    )
    assert inconsistent(budget) == 0
    assert ("40.00", "10.00", "30.00") in sums(budget)


def test_of_which_is_said_once_before_the_first_of_several_parts():
    budget = read_tables(
        Table(
            [
                ["项目", "本年决算数"],
                ["合计", "40.00"],
                ["1.公务接待费", "10.00"],
                ["2.公务用车购置及运行费", "30.00"],
                ["其中:(1)公务用车购置费", "18.00"],
                ["(2)公务用车运行费", "12.00"],
            ],
            above=("2031年“三公”经费决算统计表", "单位：万元"),
        )
    )
    assert sums(budget) == {("40.00", "10.00", "30.00"), ("30.00", "18.00", "12.00")}
    assert inconsistent(budget) == 0


def test_a_column_of_formulas_names_no_row():
    budget = read_tables(
        Table(
            [
                ["项目", "公 式", "本地区"],
                ["一、债务限额", "A=B+C", "42.00"],
                ["其中:一般债务限额", "B", "3.00"],
                ["专项债务限额", "C", "39.00"],
            ],
            above=("2031年地方政府债务限额情况表", "单位：亿元"),
        )
    )
    assert sums(budget) == {("42.00", "3.00", "39.00")}
