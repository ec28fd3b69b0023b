"""PDF: what a page shows is found in reading order, tables become grids, and what cannot be read is refused with a reason."""

from __future__ import annotations

import sys
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from materials import holds_together, texts

import budgetaudit as ba
from budgetaudit.read.pdf import read_pdf
from made_pdf import HEIGHT, MadePage, long_document, made_pdf

ROWS = [("科目编码", "科目名称", "合计"), ("205", "教育支出", "1,234.50"), ("20502", "普通教育", "1,234.50")]
WIDTHS = (90, 160, 100)


def page_with(rows=ROWS, *, ruled: bool = True, top: float = 100) -> MadePage:
    page = MadePage()
    page.text(200, top - 40, "2031年度支出决算表")
    page.text(400, top - 20, "单位：万元")
    page.table(top, rows, WIDTHS, ruled=ruled)
    return page


def material(*pages: MadePage):
    found = read_pdf(made_pdf(pages), name="made.pdf")
    holds_together(found)
    return found


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_is_found_with_and_without_lines(ruled):
    found = material(page_with([*ROWS, ("221", "住房保障支出", "5.00")], ruled=ruled))
    (grid,) = found.grids
    assert texts(grid) == [list(row) for row in [*ROWS, ("221", "住房保障支出", "5.00")]]
    assert grid.above[-2:] == ("2031年度支出决算表", "单位：万元")
    assert (grid.page, found.pages) == (1, (0,))


def test_figures_of_a_table_know_their_page_and_place():
    budget = ba.read(made_pdf([MadePage(), page_with()]), name="made.pdf")
    line = budget.lines[0]
    assert line.source is not None
    assert (line.source.place, line.source.text, line.source.table) == (
        "made.pdf p.2!r2c3",
        "1,234.50",
        "cn.final.spending",
    )
    text = budget.documents[0].text
    assert text is not None
    assert text[line.source.start : line.source.end] == "1,234.50"


def test_a_merged_cell_stands_once_and_says_how_far_it_reaches():
    page = MadePage()
    for top in (100, 140):
        page.rule(50, top, 350, top)
    page.rule(150, 120, 350, 120)
    for left, first in ((50, 100), (150, 100), (250, 120), (350, 100)):
        page.rule(left, first, left, 140)
    page.text(60, 110, "项目")
    page.text(200, 103, "本年支出")
    page.text(160, 123, "基本支出")
    page.text(260, 123, "项目支出")
    (grid,) = material(page).grids
    assert [(cell.text, cell.row_span, cell.column_span) for cell in grid.cells] == [
        ("项目", 2, 1), ("本年支出", 1, 2), ("基本支出", 1, 1), ("项目支出", 1, 1),
    ]  # fmt: skip


def test_shading_rules_nothing_and_padding_makes_no_cells():
    page = page_with()
    page.commands.insert(0, "0.9 g 55 600 80 12 re f 145 600 150 12 re f 0 g")
    assert texts(material(page).grids[0]) == [list(row) for row in ROWS]


def test_a_table_goes_on_over_pages_and_keeps_one_grid():
    first, second = MadePage(), MadePage()
    first.table(700, ROWS, WIDTHS)
    second.table(50, [("221", "住房保障支出", "5.00")], WIDTHS)
    second.text(60, 400, "以上为本部门支出情况。")
    found = material(first, second)
    (grid,) = found.grids
    assert texts(grid)[-1] == ["221", "住房保障支出", "5.00"]
    assert [cell.page for cell in grid.cells] == [1] * 9 + [2] * 3
    assert found.page_of(grid.cells[-1].start) == 2


def test_a_table_with_a_title_of_its_own_begins_anew():
    first, second = MadePage(), MadePage()
    first.table(700, ROWS, WIDTHS)
    second.table(50, [("收入决算表",)], (350,))
    second.table(68, [("项目", "", "决算数")], WIDTHS)
    assert len(material(first, second).grids) == 2


def test_a_table_of_contents_is_no_table():
    page = MadePage()
    for number, name in enumerate(["部门职责", "机构设置", "收支情况", "名词解释"], 3):
        page.text(60, 60 + 20 * number, name)
        page.text(500, 60 + 20 * number, str(number))
    assert material(page).grids == ()


def test_page_numbers_and_running_heads_are_left_out_and_sentences_go_on():
    pages = []
    for number in range(1, 5):
        page = MadePage()
        page.text(200, 20, "某市某局2031年度部门决算")
        page.text(60, 100, f"本年支出合计{number}0.00万元，其中：基本支出{number}")
        page.text(290, 815, f"- {number} -")
        pages.append(page)
    text = material(*pages).text
    assert "- 2 -" not in text
    assert "某市某局" not in text
    assert text.count("本年支出合计") == 4


def test_text_outside_the_page_and_text_drawn_twice_is_read_once():
    page = MadePage()
    page.text(60, 100, "支出合计12.50万元")
    page.text(60.4, 100, "支出合计12.50万元")
    page.text(60, HEIGHT + 200, "支出合计99.50万元")
    assert material(page).text == "支出合计12.50万元\n"


# --- what cannot be read ------------------------------------------------------------------------------------------------


WHOLE = made_pdf([page_with()])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"), (b" \n", "is empty"), (b"no document at all", "is no PDF document"), (WHOLE[:200], "is damaged or cut off"),
        (made_pdf([MadePage()]), "holds no text"), (made_pdf([page_with()] * 3, pictures=True), "holds 3 pictures of pages and no text"),
        (WHOLE.replace(b"/Root", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -1 >> /ID [<41> <41>] /Root"), "protected by a password"),
    ],
    ids=["empty", "blank", "other", "cut", "no text", "pictures", "password"],
)  # fmt: skip
def test_what_is_no_readable_document_is_refused_with_a_reason_and_a_hint(data, says):
    with pytest.raises(ba.UnreadableInput, match=says) as error:
        read_pdf(data, name="report.pdf")
    assert error.value.hint


def test_a_missing_extra_is_one_sentence_that_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pdfplumber", None)
    with pytest.raises(ba.UnreadableInput, match=r"needs pdfplumber\. Hint: pip install 'budgetaudit\[pdf\]'"):
        ba.read(WHOLE, name="report.pdf")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(WHOLE)), st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12)
)
def test_a_damaged_document_is_a_budget_or_a_clear_error(cut, changes):
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    with suppress(ba.BudgetAuditError):
        ba.read(bytes(data[:cut] if cut % 3 == 0 else data), name="damaged.pdf")


COMMANDS = st.one_of(
    st.tuples(*[st.floats(-50, 900).map(lambda value: round(value, 1))] * 4).map(lambda at: f"{at[0]} {at[1]} m {at[2]} {at[3]} l S"),
    st.tuples(*[st.floats(-50, 900).map(lambda value: round(value, 1))] * 4).map(lambda at: f"{at[0]} {at[1]} {at[2]} {at[3]} re S"),
    st.tuples(st.integers(0, 600), st.integers(0, 840), st.text("0123456789.,支出合计万元表（）- ", min_size=1, max_size=12)),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.lists(COMMANDS, max_size=20), min_size=1, max_size=2))
def test_any_drawing_is_a_material_whose_places_hold(drawings):
    pages = []
    for drawing in drawings:
        page = MadePage()
        for command in drawing:
            if isinstance(command, str):
                page.commands.append(command)
            else:
                page.text(*command)
        pages.append(page)
    try:
        found = read_pdf(made_pdf(pages), name="drawn.pdf")
    except ba.UnreadableInput:
        return
    holds_together(found)


def test_a_long_table_over_pages_is_one_table():
    budget = ba.read(long_document(4), name="long.pdf")
    assert len(budget) == 3 * 4 * 36
    assert {line.source.page for line in budget if line.source} == {1, 2, 3, 4}
