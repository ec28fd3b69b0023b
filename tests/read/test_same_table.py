"""One table in every format: the same figures with the same meaning, whatever file it comes in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from books import workbook_of
from materials import paragraph, word_of, word_table

import budgetaudit as ba

TITLE, OFFICE, UNIT = "2031年度支出决算表", "部门：青川县水利所", "单位：万元"
ROWS = [
    ["科目编码", "项目", "本年支出合计", "基本支出", "项目支出"],
    ["", "合计", "1,300.00", "1,200.00", "100.00"],
    ["201", "一般公共服务支出", "1,120.00", "1,100.00", "20.00"],
    ["20103", "政府办公厅（室）及相关机构事务", "1,120.00", "1,100.00", "20.00"],
    ["213", "农林水支出", "180.00", "100.00", "80.00"],
    ["21303", "水利", "180.00", "100.00", "80.50"],
]


def as_workbook() -> bytes:
    rows = [
        " | ".join(
            cell if not cell[:1].isdigit() or "." not in cell else f"{cell.replace(',', '')} as #,##0.00"
            for cell in row
        )
        for row in ROWS
    ]
    coded = [row if row.startswith((" ", "科")) else f"'{row}" for row in rows]
    return workbook_of("\n".join([TITLE, f"{OFFICE} | | | | {UNIT}", *coded]))


def as_delimited(separator: str) -> bytes:
    rows = [[TITLE], [OFFICE, "", "", "", UNIT], *ROWS]
    return "\n".join(
        separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows
    ).encode()


def as_html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    head = f"<tr><td colspan=5>{TITLE}</td></tr><tr><td colspan=4>{OFFICE}</td><td>{UNIT}</td></tr>"
    return f"<!DOCTYPE html><meta charset=utf-8><body><table>{head}{rows}</table>".encode()


def as_markdown() -> bytes:
    head, *rows = (f"| {' | '.join(row)} |" for row in ROWS)
    return "\n".join([f"# {TITLE}", "", OFFICE, "", UNIT, "", head, "|---" * 5 + "|", *rows, ""]).encode()


def as_word() -> bytes:
    return word_of(paragraph(TITLE) + paragraph(OFFICE) + paragraph(UNIT) + word_table(*ROWS))


def as_text() -> bytes:
    return "\n".join([TITLE, OFFICE, UNIT, *("\t".join(row) for row in ROWS), ""]).encode()


FORMATS = {
    ".xlsx": as_workbook(), ".csv": as_delimited(","), ".tsv": as_delimited("\t"), ".html": as_html(), ".md": as_markdown(),
    ".docx": as_word(), ".txt": as_text(),
}  # fmt: skip


def facts(budget: ba.Budget) -> set[tuple[object, ...]]:
    return {(line.identity, line.amount) for line in budget}


@pytest.fixture(scope="module")
def expected() -> set[tuple[object, ...]]:
    return facts(ba.read(FORMATS[".html"], name="table.html"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_figures_are_the_same_in_every_format(suffix, expected, tmp_path: Path):
    path = tmp_path / f"table{suffix}"
    path.write_bytes(FORMATS[suffix])
    budget = ba.read(path)
    assert facts(budget) == expected
    assert len(budget) == 15
    report = ba.audit(budget)
    assert [(finding.kind, finding.severity) for finding in report.findings] == [("SUM001", "error")]
    assert report.counts["exact"] > 10


@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".docx"])
def test_bytes_and_streams_are_read_like_files(suffix, expected):
    assert facts(ba.read(FORMATS[suffix])) == expected
    assert facts(ba.read(io.BytesIO(FORMATS[suffix]))) == expected


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_figure_has_its_place(suffix, tmp_path: Path):
    path = tmp_path / f"table{suffix}"
    path.write_bytes(FORMATS[suffix])
    budget = ba.read(path)
    text = budget.documents[0].text
    assert text is not None
    for line in budget:
        assert line.source is not None
        assert text[line.source.start : line.source.end] == line.source.text
        assert line.source.cell
