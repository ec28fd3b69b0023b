"""Old and open workbooks (.xls, .ods): the same figures under the same formats as in .xlsx.

The two files in `data` were saved by LibreOffice 7.4 from one workbook of these tests; their figures are made up.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from materials import archive_of, figures, holds_together, texts

import budgetaudit as ba
from budgetaudit.read.material import Material
from budgetaudit.read.workbook import read_workbook
from budgetaudit.read.workbook.old_formats import old_formats

DATA = Path(__file__).parent / "data"
FILES = {suffix: (DATA / f"old.{suffix}").read_bytes() for suffix in ("xls", "ods")}
SAVED = pytest.mark.parametrize("suffix", FILES)


def read(data: bytes) -> Material:
    material = read_workbook(data, name="book")
    holds_together(material)
    return material


@SAVED
def test_figures_are_those_that_the_formats_show(suffix):
    (grid,) = read(FILES[suffix]).grids
    assert texts(grid) == [
        ["科目编码", "项目", "上年", "本年"], ["201", "修渠", "167.09", "(12.50)"], ["202", "清淤", "348.28", "6.00"],
        ["203", "植树", "1.50", "7.25"], ["", "合计", "515.37", "#DIV/0!"],
    ]  # fmt: skip
    assert figures(grid)[:2] == [("167.09", 2), ("-12.50", 2)]
    assert grid.at(4, 3).unreadable
    assert grid.above == ("收支", "2031年度支出决算表", "部门：青川县水利所\t单位：万元")
    assert grid.sheet == "收支"


@SAVED
def test_what_they_do_not_show_is_remarked(suffix):
    codes = {remark.code: remark.source.cell for remark in read(FILES[suffix]).remarks}
    assert codes == {"CEL002": "C4", "CEL005": "C5", "CEL006": None} | ({"CEL003": "C7"} if suffix == "ods" else {})


CELLS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body><office:spreadsheet>'
    '<table:table table:name="S">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def open_document(rows: str) -> bytes:
    return archive_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": CELLS.format(rows)})


def cell(value: str, shown: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}" {more}><text:p>{shown}</text:p></table:table-cell>'


def words(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def empty(columns: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{columns}"/>'


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        ("1234.5", "1,234.50", ("1234.50", 2)), ("-1234.5", "-1,234.50", ("-1234.50", 2)), ("-5", "(5.0)", ("-5.0", 1)),
        ("1234567", "1,235", ("1235", 0)), ("0.155", "15.5%", ("15.5", 1)), ("5", "5.00万元", ("5.00", 2)),
        ("5", "¥5.00", ("5.00", 2)), ("677.4", "677.4", ("677.4", 1)), ("12.345", "12.35", ("12.35", 2)), ("1.5", "1,50", ("1.5", 1)),
    ],
)  # fmt: skip
def test_the_format_of_a_number_is_the_one_that_gives_the_characters_beside_it(value, shown, expected):
    (grid,) = read(open_document(row(words("项目"), words("金额")) + row(words("甲"), cell(value, shown)))).grids
    assert figures(grid) == [expected]


def test_repeated_rows_and_cells_are_as_many_as_they_say_and_covered_ones_none():
    twice, wide = 'table:number-columns-repeated="2"', 'table:number-columns-spanned="2"'
    rows = (
        row(words("项目"), words("金额", wide), "<table:covered-table-cell/>")
        + row(empty(9), repeated=3)
        + row(words("甲"), cell("5", "5.00", twice), repeated=2)
        + row(empty(16_000), repeated=1_048_000)
    )
    (grid,) = read(open_document(rows)).grids
    assert [filled for filled in texts(grid) if any(filled)] == [
        ["项目", "金额", ""],
        ["甲", "5.00", "5.00"],
        ["甲", "5.00", "5.00"],
    ]
    assert grid.at(0, 2) is grid.at(0, 1)


def test_notes_on_cells_are_not_printed():
    noted = '<table:table-cell><office:annotation><text:p>批注</text:p></office:annotation><text:p>甲<text:s text:c="2"/>乙</text:p></table:table-cell>'
    assert read(open_document(row(noted, words("x")))).text == "甲  乙\tx\n"


ENDLESS = row(cell("5", "5", 'table:number-columns-repeated="9000"'), repeated=1_000_000)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (open_document(ENDLESS), "filled cells"),
        (archive_of({"content.xml": "<!DOCTYPE a><a/>"}), "document type"),
        (archive_of({"content.xml": "<a>"}), "damaged"),
        (archive_of({"content.xml": "<a/>", "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "password"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_clear_error(data, says):
    with pytest.raises(ba.UnreadableInput, match=says):
        read(data)


@SAVED
@given(
    edits=st.lists(st.tuples(st.integers(0, 2**20), st.binary(max_size=3), st.integers(0, 6)), min_size=1, max_size=4)
)
def test_changed_bytes_are_read_or_refused(suffix, edits):
    data = FILES[suffix]
    for place, piece, dropped in edits:
        at = place % len(data)
        data = data[:at] + piece + data[at + dropped :] or b"x"
    with contextlib.suppress(ba.UnreadableInput):
        read(data)


@given(st.binary(max_size=2_000))
def test_formats_of_what_is_no_old_workbook_are_none(data):
    assert old_formats(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data) == {}
    assert old_formats(data) == {}
