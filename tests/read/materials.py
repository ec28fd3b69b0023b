"""What every material keeps, whatever reader made it; and the parts of Office files for tests to put together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Grid

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{target}"/></Relationships>'
)


def texts(grid: Grid) -> list[list[str]]:
    """The rows of a grid, a merged cell at its corner only."""
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def figures(grid: Grid) -> list[tuple[str, int]]:
    """The amounts of a grid with their places."""
    return [(str(cell.amount.value), cell.amount.places) for cell in grid.cells if cell.amount is not None]


def holds_together(material: Material) -> None:
    """Grids follow each other in the text, cells have their characters in their grid, and no place has two cells."""
    done = 0
    for grid in material.grids:
        assert done <= grid.start <= grid.end <= len(material.text)
        done = grid.end
        taken = set()
        for cell in grid.cells:
            assert grid.start <= cell.start <= cell.end <= grid.end
            printed = material.text[cell.start : cell.end]
            assert printed in {cell.text, cell.text.lstrip()} or printed.replace('""', '"') == cell.text
            assert 0 <= cell.row < cell.row + cell.row_span <= grid.rows
            assert 0 <= cell.column < cell.column + cell.column_span <= grid.columns
            assert (cell.row, cell.column) not in taken
            taken.add((cell.row, cell.column))
        assert all(line.strip() for line in (*grid.above, *grid.below))
    assert len(material.prose) == len(material.text)
    for remark in material.remarks:
        start, end = remark.source.start, remark.source.end
        assert start is None or (end is not None and material.text[start:end] == remark.source.text)


def archive_of(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of named parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return file.getvalue()


def word_of(body: str) -> bytes:
    """A .docx file with that body."""
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return archive_of({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _RELATIONS.format(target="word/document.xml"),
        "word/document.xml": document,
    })  # fmt: skip


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of Word with one run."""
    return f"<w:p><w:r>{properties}<w:t>{text}</w:t></w:r></w:p>"


def word_table(*rows: list[str]) -> str:
    """A table of Word; a cell `2>text` reaches over two columns, `v text` begins and `^` continues a merge downwards."""
    written = ""
    for row in rows:
        cells = ""
        for text in row:
            properties = ""
            if text[:2] in {"2>", "3>"}:
                properties, text = f'<w:gridSpan w:val="{text[0]}"/>', text[2:]  # noqa: PLW2901
            elif text.startswith("v "):
                properties, text = '<w:vMerge w:val="restart"/>', text[2:]  # noqa: PLW2901
            elif text == "^":
                properties, text = "<w:vMerge/>", ""  # noqa: PLW2901
            cells += f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"
        written += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"
