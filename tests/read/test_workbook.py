"""Workbooks: printed figures of what is stored, and remarks on what is not printed."""

from __future__ import annotations

import io
import zipfile
from importlib import import_module

import openpyxl
import pytest
import xlsxwriter
from books import workbook_of
from materials import archive_of, figures, holds_together, texts

import budgetaudit as ba
from budgetaudit.read.material import Material
from budgetaudit.read.workbook import read_workbook
from budgetaudit.read.workbook.formulas import moved


def read(data: bytes) -> Material:
    material = read_workbook(data, name="book.xlsx")
    holds_together(material)
    return material


def codes(material: Material) -> dict[str, str]:
    return {remark.code: str(remark.source.cell) for remark in material.remarks}


office = import_module("budgetaudit.read.office")
stored = import_module("budgetaudit.read.workbook.stored")

SHEET = """2031年度支出决算表
部门：水利所 | | 单位：万元

项目 | 上年 | 本年
修渠 | 167.0934 as 0.00 | 1234.5 as #,##0.00
清淤 | 348.28 as 0.00 | -12.5 as #,##0.00_);(#,##0.00)
合计 | =SUM(B5:B6) 515.3734 as 0.00 | =SUM(C5:C6) 1222 as #,##0.00
注：本表以万元为单位"""


def test_a_sheet_prints_what_its_formats_show():
    (grid,) = read(workbook_of(SHEET)).grids
    assert texts(grid) == [
        ["项目", "上年", "本年"],
        ["修渠", "167.09", "1,234.50"],
        ["清淤", "348.28", "(12.50)"],
        ["合计", "515.37", "1,222.00"],
    ]
    assert figures(grid)[3] == ("-12.50", 2)
    assert grid.sheet == "Sheet"
    assert grid.above == ("Sheet", "2031年度支出决算表", "部门：水利所\t单位：万元")
    assert grid.below == ("注：本表以万元为单位",)
    assert grid.at(3, 2) is not None
    assert grid.at(3, 2).address == "C7"


def test_numbers_without_a_format_have_the_places_of_their_column():
    (grid,) = read(workbook_of("项目 | 上年 | 本年\n甲 | 677.4 | 5\n乙 | 167.09 | 6\n丙 | 3 as 0.000 | 7")).grids
    assert figures(grid) == [("677.4", 3), ("5", 0), ("167.09", 3), ("6", 0), ("3.000", 3), ("7", 0)]


def test_computed_numbers_do_not_lend_their_places():
    (grid,) = read(workbook_of("项目 | 上年 | 本年\n甲 | 677.4 | x\n乙 | 0.333333333333333 | y")).grids
    assert figures(grid) == [("677.4", 1), ("0.333333333", 9)]


def test_merged_cells_stand_once_and_what_they_cover_is_not_read():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.merge_range("A1:A2", "项目")
    sheet.merge_range("B1:C1", "金额")
    sheet.write_row("B2", ["上年", "本年"])
    sheet.write_row("A3", ["甲", 1, 2])
    book.close()
    (grid,) = read(file.getvalue()).grids
    assert texts(grid) == [["项目", "金额", ""], ["", "上年", "本年"], ["甲", "1", "2"]]
    assert grid.at(1, 0) is grid.at(0, 0)
    assert grid.at(0, 2) is grid.at(0, 1)


def test_tables_of_one_sheet_are_apart_where_another_head_begins():
    material = read(workbook_of("表一\n项目 | 金额\n甲 | 1\n\n表二\n名称 | 数量\n车 | 2\n\n飞机 | 3"))
    assert [texts(grid)[1:] for grid in material.grids] == [[["甲", "1"]], [["车", "2"], ["", ""], ["飞机", "3"]]]


def test_errors_are_unreadable_and_dates_are_words():
    (grid,) = read(
        workbook_of("项目 | 金额 | 日期\n甲 | =B1/0 #DIV/0! | 45000 as yyyy-mm-dd\n乙 | 5 | 45001 as yyyy-mm-dd")
    ).grids
    assert texts(grid)[1] == ["甲", "#DIV/0!", "2023-03-15"]
    assert grid.at(1, 1).unreadable
    assert figures(grid) == [("5", 0)]


@pytest.mark.parametrize(
    ("rows", "remarks"),
    [
        ("项目 | 金额\n甲 | 5.00 as 0.00\n乙 | 6.00 as 0.00\n合计 | =SUM(B2:B3) 11 as 0.00", {}),
        ("项目 | 金额\n甲 | 5.004 as 0.00\n乙 | 6.00 as 0.00", {"CEL002": "B2"}),
        ("项目 | 金额\n甲 | 5.00 as 0.00\n乙 | '6.00", {"CEL001": "B3"}),
        ("代码 | 项目 | 金额\n'201 | 甲 | 5\n'202 | 乙 | 6", {}),
        ("项目 | '2030 | '2031\n甲 | 5 | 6\n乙 | 7 | '8", {"CEL001": "C3"}),
        ("项目 | 金额\n甲 | 5\n乙 | 6\n合计 | =SUM(B2:B3)", {"CEL004": "B4"}),
        ("项目 | 金额\n甲 | 5\n乙 | 6\n丙 | 7\n合计 | =SUM(B2:B3) 11", {"CEL003": "B5"}),
        ("项目 | 金额\n合计 | =SUM(B4:B5) 11\n丙 | 7\n甲 | 5\n乙 | 6", {"CEL003": "B2"}),
        ("项目 | 金额\n甲 | 5\n乙 | 6\n小计 | =SUM(B2:B3) 11\n丙 | 7\n合计 | =SUM(B4:B5) 18", {}),
        ("项目 | 甲 | 乙 | 丙 | 合计\n金额 | 5 | 6 | 7 | =SUM(B2:C2) 11", {"CEL003": "E2"}),
        ("项目 | 金额\n(hidden) 甲 | 5\n乙 | 6", {"CEL005": "B2"}),
    ],
)
def test_what_a_workbook_does_not_show_is_remarked_once_for_each_table(rows, remarks):
    assert codes(read(workbook_of(rows))) == remarks


def test_what_is_printed_on_one_sheet_stands_around_no_table_of_another():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for number in ("一", "二"):
        sheet = book.add_worksheet(number)
        for row, cells in enumerate([[f"表{number}"], ["项目", "金额"], ["甲", 1], [f"注：{number}"]]):
            sheet.write_row(row, 0, cells)
    book.close()
    assert [(grid.above, grid.below) for grid in read(file.getvalue()).grids] == [
        (("一", "表一"), ("注：一",)), (("二", "表二"), ("注：二",)),
    ]  # fmt: skip


def test_a_hidden_sheet_is_named_and_not_read_unless_all_are_hidden():
    material = read(workbook_of("项目 | 金额\n甲 | 5", hidden_sheet="draft"))
    assert [remark.source.sheet for remark in material.remarks] == ["draft"]
    assert len(material.grids) == 1


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "expected"),
    [
        ("SUM(B2:B9)", 0, 1, "SUM(C2:C9)"),
        ("SUM($B$2:B$9)+A1", 1, 1, "SUM($B$2:C$9)+B2"),
        ('IF(A1="B2",Sheet1!B2,LOG10(B2))', 1, 0, 'IF(A2="B2",Sheet1!B2,LOG10(B3))'),
        ("A1", -1, 0, "#REF!"),
    ],
)
def test_a_shared_formula_reads_as_it_does_in_its_own_cell(formula, rows, columns, expected):
    assert moved(formula, rows, columns) == expected


def test_a_shared_formula_is_known_in_every_cell():
    book = workbook_of("项目 | 甲 | 乙\n一 | 1 | 2\n二 | 3 | 4\n三 | 5 | 6\n合计 | 4 | 6")
    shared = (
        '<c r="B5"><f t="shared" ref="B5:C5" si="0">SUM(B2:B3)</f><v>4</v></c>',
        '<c r="C5"><f t="shared" si="0"/><v>6</v></c>',
    )
    changed = patched(book, {'<c r="B5"><v>4</v></c>': shared[0], '<c r="C5"><v>6</v></c>': shared[1]})
    assert [remark.source.cell for remark in read(changed).remarks] == ["B5", "C5"]


def patched(book: bytes, changes: dict[str, str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook with some characters of a part replaced."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {path: archive.read(path).decode() for path in archive.namelist()}
    for old, new in changes.items():
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
    return archive_of(parts)


def test_what_openpyxl_reads_is_read():
    data = workbook_of(SHEET)
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    material = read(data)
    for grid in material.grids:
        for cell in grid.cells:
            value = sheet[cell.address].value
            assert (cell.amount is None) == isinstance(value, str)
            assert cell.amount is None or abs(float(cell.amount.value) - value) < 0.005


def test_a_workbook_that_openpyxl_wrote_is_read():
    book = openpyxl.Workbook()
    book.active.append(["项目", "金额"])
    book.active.append(["甲", 5.25])
    book.active["B3"] = "=SUM(B2:B2)"
    file = io.BytesIO()
    book.save(file)
    material = read(file.getvalue())
    assert figures(material.grids[0]) == [("5.25", 2)]
    assert codes(material) == {"CEL004": "B3"}


def test_a_text_file_called_a_workbook_is_read_as_the_text_it_is():
    material = read_workbook("项目\t金额\n甲\t5.00\n乙\t6.00\n".encode(), name="old.xls")
    assert texts(material.grids[0])[1] == ["甲", "5.00"]


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (ENCRYPTED, "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000, "damaged"),
        (workbook_of(SHEET)[:-100], "damaged"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (archive_of({"[Content_Types].xml": "<Types/>"}), "no Office document"),
        (archive_of({"a.txt": "x"}), "damaged or no workbook"),
        (b"\x00\x01\x02 nothing", "no workbook"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "2003"),
        (patched(workbook_of(SHEET), {"<worksheet": "<!DOCTYPE a><worksheet"}), "document type"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_clear_error(data, says):
    with pytest.raises(ba.UnreadableInput, match=says):
        read(data)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(office, "_MOST_BYTES", 1_000_000)
    book = patched(workbook_of(SHEET), {"<sheetData>": "<!--" + " " * 3_000_000 + "--><sheetData>"})
    assert len(book) < 100_000
    with pytest.raises(ba.UnreadableInput, match="unpacks to more"):
        read(book)


def test_more_cells_than_any_workbook_of_figures_has_are_refused(monkeypatch):
    monkeypatch.setattr(stored, "MOST_CELLS", 10)
    with pytest.raises(ba.UnreadableInput, match="filled cells"):
        read(workbook_of(SHEET))
