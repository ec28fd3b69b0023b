"""Hostile files: any bytes, and real files with some bytes changed, give a material or a clear error from every reader."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest
from books import workbook_of
from hypothesis import given
from hypothesis import strategies as st
from materials import archive_of, holds_together, paragraph, word_of, word_table

import budgetaudit as ba
from budgetaudit.read.delimited import read_delimited
from budgetaudit.read.docx import read_docx
from budgetaudit.read.html import read_html
from budgetaudit.read.markdown import read_markdown
from budgetaudit.read.material import Material
from budgetaudit.read.workbook import read_workbook

ROWS = "决算表\n单位：万元\n\n项目 | 上年 | 本年\n甲 | 167.0934 as 0.00 | 5 as #,##0.00_);(#,##0.00)\n乙 | '6.00 | 7\n合计 | =SUM(B5:B5) 5 | 12"
HTML = "<meta charset=utf-8><p>支出5万元</p><table><caption>表</caption><tr><td rowspan=2>项目<td colspan=2>金额<tr><td>1<td>2<tr><td>a<td>3<td>4</table>"
TEXT = '项目,上年,本年\n"甲,乙","1,234.50",2\n丙,3;4|5\t6,7\n'
MARKDOWN = "# 表\n\n| 项目 | 金额 |\n|---|--:|\n| **甲** | 1,000.00 |\n| a\\|b | `2` |\n\n支出5万元。\n"
WORD = paragraph("表") + word_table(["v 项目", "2>金额"], ["^", "1", "2"], ["甲", "3", "4"])

FILES: dict[Callable[..., Material], bytes] = {
    read_html: HTML.encode(), read_delimited: TEXT.encode(), read_markdown: MARKDOWN.encode(),
    read_docx: word_of(WORD), read_workbook: workbook_of(ROWS),
}  # fmt: skip
READERS = pytest.mark.parametrize("reader", FILES, ids=lambda reader: reader.__name__)
EDITS = st.lists(st.tuples(st.integers(0, 2**20), st.binary(max_size=3), st.integers(0, 6)), min_size=1, max_size=4)
TEXT_EDITS = st.lists(
    st.tuples(
        st.integers(0, 2**20),
        st.sampled_from(["", "<", ">", '"', "&", "9", "<c>", "</row>", "|", "\n", ",", "\0", "<table>", "<tr>", "-1", "99999999", "é", ":"]),
        st.integers(0, 12),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


def taken(reader: Callable[..., Material], data: bytes) -> None:
    with contextlib.suppress(ba.UnreadableInput):
        holds_together(reader(data, name="file"))


@READERS
def test_the_files_themselves_are_read(reader):
    material = reader(FILES[reader], name="file")
    holds_together(material)
    assert material.grids


@READERS
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_read_or_refused(reader, data):
    taken(reader, data)


@READERS
@given(edits=EDITS)
def test_changed_bytes_are_read_or_refused(reader, edits):
    data = FILES[reader]
    for place, piece, dropped in edits:
        at = place % len(data)
        data = data[:at] + piece + data[at + dropped :]
        data = data or b"x"
    taken(reader, data)


@pytest.mark.parametrize("reader", [read_html, read_delimited, read_markdown], ids=lambda reader: reader.__name__)
@given(edits=TEXT_EDITS)
def test_changed_characters_are_read_or_refused(reader, edits):
    taken(reader, changed(FILES[reader].decode(), edits).encode())


def changed(text: str, edits: list[tuple[int, str, int]]) -> str:
    for place, piece, dropped in edits:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + dropped :]
    return text


@pytest.mark.parametrize("reader", [read_docx, read_workbook], ids=lambda reader: reader.__name__)
@given(part=st.integers(0, 30), edits=TEXT_EDITS)
def test_changed_parts_of_an_archive_are_read_or_refused(reader, part, edits):
    with zipfile.ZipFile(io.BytesIO(FILES[reader])) as archive:
        parts = {path: archive.read(path).decode() for path in archive.namelist()}
    chosen = sorted(parts)[part % len(parts)]
    parts[chosen] = changed(parts[chosen], edits)
    taken(reader, archive_of(parts))
