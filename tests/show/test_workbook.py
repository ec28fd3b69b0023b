"""Workbooks with findings: the audited file comes back with marks, and everything else in it is the same bytes."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from materials import archive_of

import budgetaudit as ba
from budgetaudit.model.source import Document
from budgetaudit.read.workbook import read_workbook
from budgetaudit.show.workbook import annotated, findings_workbook
from budgetaudit.show.workbook.splice import escaped, spliced, tags, with_attributes

SHEET = "收支 '表' 一"
CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
WITH_SPARKLINES = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported")


def book(*, comments: bool = False, charts: bool = True) -> bytes:
    """A workbook with a table, a formula, and what openpyxl would lose."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file)
    sheet = made.add_worksheet(SHEET)
    money = made.add_format({"num_format": "#,##0.00", "border": 1, "bold": True})
    sheet.write_row("A1", ["项目", "金额"])
    sheet.write_row("A2", ["修渠", 145.54], money)
    sheet.write_row("A3", ["清淤", 531.87], money)
    sheet.write("A4", "合计")
    sheet.write_formula("B4", "=SUM(B2:B3)+0.2", money, 677.61)
    if charts:
        chart = made.add_chart({"type": "column"})
        chart.add_series({"values": "=Plain!$A$1:$A$2"})
        sheet.insert_chart("D2", chart)
        sheet.add_sparkline("C2", {"range": "Plain!A1:A2"})
        sheet.add_table("H1:I3", {"name": "other"})
    if comments:
        sheet.write_comment("B4", "已有批注")
        sheet.write_comment("A1", "别的批注")
    plain = made.add_worksheet("Plain")
    plain.write_column("A1", [1.5, 2.5])
    plain.write("B1", "x", money)
    made.close()
    return file.getvalue()


def report(name: str = "book.xlsx") -> ba.Report:
    """The report of auditing its table."""
    lines = tuple(
        ba.BudgetLine(
            id=cell, label=label, identity=ba.Identity(label=label), amount=ba.Amount(Decimal(text), 2),
            source=ba.Source(name, sheet=SHEET, cell=cell, text=text),
        )
        for label, text, cell in (("修渠", "145.54", "B2"), ("清淤", "531.87", "B3"), ("合计", "677.61", "B4"))
    )  # fmt: skip
    return ba.audit(ba.Budget(lines, (Document(name),)), rules=["合计 = 修渠 + 清淤"])


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {path: archive.read(path) for path in archive.namelist()}


COMMENTED, FOUND = book(comments=True), report()


@pytest.mark.parametrize("comments", [False, True])
def test_every_part_that_is_not_marked_is_the_same_bytes_in_the_same_order(comments):
    data = book(comments=comments)
    before, after = parts(data), parts(annotated(data, report(), name="book.xlsx"))
    sheet = "xl/worksheets/sheet1.xml"
    notes = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    relations = set() if comments else {"xl/worksheets/_rels/sheet1.xml.rels"}
    assert list(after)[: len(before)] == list(before)
    assert {path for path in before if after[path] != before[path]} == CHANGED | {sheet} | relations | (
        notes if comments else set()
    )
    assert set(after) - set(before) == {"xl/worksheets/sheet3.xml"} | (set() if comments else notes)


def test_of_a_marked_sheet_only_the_styles_of_marked_cells_and_the_drawing_of_notes_change():
    path = "xl/worksheets/sheet1.xml"
    before, after = parts(book())[path].decode(), parts(annotated(book(), report(), name="book.xlsx"))[path].decode()
    pieces = [piece for piece in before.split("<c ") if 'r="B' not in piece[:8]]
    assert all(piece.split("<tableParts")[0] in after for piece in pieces)
    assert "<f>SUM(B2:B3)+0.2</f><v>677.61</v>" in after
    assert after.count("<c ") == before.count("<c ")
    assert after.index("<drawing") < after.index("<legacyDrawing") < after.index("<tableParts")


@WITH_SPARKLINES
@pytest.mark.parametrize("comments", [False, True])
def test_marked_cells_keep_their_look_and_say_what_was_found(comments):
    marked = openpyxl.load_workbook(
        io.BytesIO(annotated(book(comments=comments), report(), name="book.xlsx", locale="zh_Hans"))
    )
    total, part = marked[SHEET]["B4"], marked[SHEET]["B2"]
    assert (total.number_format, total.font.b, total.border.left.style) == ("#,##0.00", True, "thin")
    assert (total.fill.fgColor.rgb, part.fill.fgColor.rgb) == ("FFFFC7CE", "FFFCE4D6")
    assert "合计列示为677.61" in total.comment.text
    assert ("已有批注" in total.comment.text) is comments
    assert "145.74" in part.comment.text
    assert marked[SHEET]["A2"].fill.fgColor.rgb == marked["Plain"]["B1"].fill.fgColor.rgb
    assert (marked[SHEET]["A1"].comment is not None) is comments


@WITH_SPARKLINES
def test_the_sheet_of_findings_comes_last_and_leads_to_the_cells():
    marked = openpyxl.load_workbook(io.BytesIO(annotated(book(), report(), name="book.xlsx")))
    assert marked.sheetnames == [SHEET, "Plain", "Findings"]
    rows = {row[2].value: row for row in marked["Findings"].iter_rows()}
    row = rows["SUM001"]
    assert (row[0].value, row[7].value, row[8].value) == ("error", 0.2, 0.015)
    assert row[5].hyperlink.location == "'收支 ''表'' 一'!B4"


@WITH_SPARKLINES
def test_an_annotated_workbook_is_audited_like_the_one_it_was_and_can_be_annotated_again():
    once = annotated(book(), report(), name="book.xlsx")
    assert read_workbook(once, name="book.xlsx") == read_workbook(book(), name="book.xlsx")
    twice = openpyxl.load_workbook(io.BytesIO(annotated(once, report(), name="book.xlsx")))
    assert twice.sheetnames == [SHEET, "Plain", "Findings", "Findings 1"]


def test_without_findings_only_a_sheet_is_added():
    clean, data = ba.audit({"a": "1", "b": "1"}, rules=["a = b"]), book()
    before, after = parts(data), parts(annotated(data, clean, name="book.xlsx"))
    assert {path for path in before if after[path] != before[path]} == CHANGED


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", book()[:-50]])
def test_what_is_no_workbook_of_that_format_is_refused(data):
    with pytest.raises(ba.BudgetAuditError):
        annotated(data, report(), name="book.xlsx")


@given(
    part=st.integers(0, 40),
    place=st.integers(0, 2**16),
    piece=st.sampled_from(["", "<", ">", '"', "&", "x", "</c>", "<c/>"]),
    dropped=st.integers(0, 12),
)
def test_a_workbook_with_a_changed_part_comes_back_or_is_refused(part, place, piece, dropped):
    content = parts(COMMENTED)
    path = sorted(content)[part % len(content)]
    at = place % (len(content[path]) + 1)
    content[path] = content[path][:at] + piece.encode() + content[path][at + dropped :]
    with contextlib.suppress(ba.BudgetAuditError):
        assert parts(annotated(archive_of(content), FOUND, name="book.xlsx"))


def test_text_of_a_document_never_becomes_a_formula_or_markup():
    label = "=cmd|' /C calc'!A0<&>\x00"
    lines = {label: "1.00", "b": "2.00"}
    found = ba.audit(lines, rules={"tie": f'"{label}" = b'})
    sheet = openpyxl.load_workbook(io.BytesIO(findings_workbook(found))).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert any(label[:20] in str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_another_program_opens_it(tmp_path: Path):
    (tmp_path / "marked.xlsx").write_bytes(annotated(book(comments=True), report(), name="book.xlsx"))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "marked.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert "677.61" in (tmp_path / "marked.csv").read_text(encoding="utf-8")


# --- splicing ------------------------------------------------------------------------------------------------------


@given(st.text())
def test_escaped_text_is_read_back_by_a_parser(text):
    from xml.etree.ElementTree import fromstring

    read = fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>'.encode("ascii", "xmlcharrefreplace"))
    assert [read.text or "", read.get("b")] == [
        escaped_plain(text).replace("\r", "\n"),
        escaped_plain(text).replace("\t", " "),
    ]


def escaped_plain(text: str) -> str:
    """What is left of a text that XML can hold."""
    return "".join(
        one if one in "\n\t" or (one >= " " and one not in "\ufffe\uffff" and not "\ud800" <= one <= "\udfff") else " "
        for one in text
    )


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        (b'<c r="B2" s="5" t="s">', b'<c r="B2" s="7" t="s">'),
        (b"<c r='B2' s = '5'/>", b"<c r='B2' s=\"7\"/>"),
        (b'<c r="B2">', b'<c s="7" r="B2">'),
        (b"<c/>", b'<c s="7"/>'),
        (b'<x:c xs="5">', b'<x:c s="7" xs="5">'),
    ],
)
def test_an_attribute_is_set_and_the_others_stay(opening, expected):
    assert with_attributes(opening, {"s": "7"}) == expected


def test_places_of_elements_are_those_of_their_bytes():
    data = '<?xml version="1.0"?><x:a y="1>2">甲<x:b/><x:b>乙</x:b></x:a>'.encode()
    found = tags(data, lambda name, _: name in {"a", "b"}, name="part")
    assert [data[tag.start : tag.end].decode() for tag in found] == [
        "<x:b/>",
        "<x:b>乙</x:b>",
        '<x:a y="1>2">甲<x:b/><x:b>乙</x:b></x:a>',
    ]
    assert [data[tag.inner : tag.close].decode() for tag in found] == ["", "乙", "甲<x:b/><x:b>乙</x:b>"]
    assert found[2].contains(found[0])
    assert spliced(data, []) == data
