"""Word: the paragraphs and tables of a .docx file.

The file is read part by part without Word or any library for it: text runs, line breaks and tabs, tables with cells merged
across and down. What was deleted under tracked changes, what is hidden and what repeats on every page is not printed text
of the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from budgetaudit.errors import UnreadableInput
from budgetaudit.read.layout import Layout
from budgetaudit.read.material import Material
from budgetaudit.read.office import Archive, attribute, local_name
from budgetaudit.read.spans import MOST_COLUMNS, Box, laid_out, only_arranges

# What is not printed where it stands: deletions, moved text, field codes, the older of two drawings of a text box.
_UNSEEN: Final = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "rubyPr", "rt", "rPr", "pPr"})
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def read_docx(data: bytes, *, name: str, encoding: str | None = None) -> Material:
    """The material of a Word document.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.
        encoding: Not used: the parts of the file say their own.

    Raises:
        UnreadableInput: The file is damaged, behind a password, or no Word document.
    """
    del encoding
    archive = Archive(data, name)
    root = archive.tree(archive.main_part)
    body = next((child for child in root if local_name(child.tag) == "body"), None)
    if local_name(root.tag) != "document" or body is None:
        raise UnreadableInput(f"{name} is no Word document", hint="pass a .docx file")
    page = Layout()
    _print(body, page, name)
    return page.material()


def _print(holder: Element, page: Layout, name: str) -> None:
    for child in holder:
        tag = local_name(child.tag)
        if tag == "p":
            for line in _lines(child):
                page.line(line)
        elif tag == "tbl":
            _print_table(child, page, name)
        elif tag not in _UNSEEN:  # content controls, inserted paragraphs, sections
            _print(child, page, name)


def _print_table(table: Element, page: Layout, name: str) -> None:
    rows = _boxes(table)
    holds_tables = any(local_name(inner.tag) == "tbl" for inner in table.iter() if inner is not table)
    if not only_arranges(rows) and not (holds_tables and sum(map(len, rows)) < 5):
        page.table(laid_out(rows, name=name))
        return
    for row in _within(table, "tr"):
        for cell in _within(row, "tc"):
            _print(cell, page, name)


def _within(holder: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, whatever controls they are wrapped in."""
    for child in holder:
        tag = local_name(child.tag)
        if tag == wanted:
            yield child
        elif tag in {"sdt", "sdtContent", "ins", "customXml", "smartTag"}:
            yield from _within(child, wanted)


def _boxes(table: Element) -> list[list[Box]]:
    """The cells of a table; a cell merged down is one box that covers its continuations."""
    rows: list[list[Box]] = []
    open_cells: dict[int, tuple[int, int]] = {}  # column -> row and index of the box that is merged down there
    for number, row in enumerate(_within(table, "tr")):
        boxes: list[Box] = []
        column = _number(_property(row, "trPr", "gridBefore"), 0)
        boxes += [Box("")] * column
        for cell in _within(row, "tc"):
            wide = _number(_property(cell, "tcPr", "gridSpan"), 1)
            merge = _property(cell, "tcPr", "vMerge")
            if merge is not None and attribute(merge, "val") != "restart" and column in open_cells:
                above, index = open_cells[column]
                box = rows[above][index]
                if number == above + box.rows:
                    rows[above][index] = Box(box.text, box.columns, box.rows + 1)
                    column += wide
                    continue
            if merge is not None:
                open_cells[column] = number, len(boxes)
            else:
                open_cells.pop(column, None)
            boxes.append(Box("\n".join(line.strip("\n") for line in _all_lines(cell)), wide))
            column += wide
        rows.append(boxes)
    return rows


def _property(holder: Element, group: str, wanted: str) -> Element | None:
    for properties in holder:
        if local_name(properties.tag) == group:
            return next((entry for entry in properties if local_name(entry.tag) == wanted), None)
    return None


def _number(entry: Element | None, otherwise: int) -> int:
    written = None if entry is None else attribute(entry, "val")
    if written is None or not (written.isascii() and written.isdigit()) or len(written) > 6:
        return otherwise
    return min(int(written), MOST_COLUMNS)


def _all_lines(cell: Element) -> Iterator[str]:
    for child in cell:
        tag = local_name(child.tag)
        if tag == "p":
            yield from _lines(child)
        elif tag not in _UNSEEN:
            yield from _all_lines(child)


def _lines(paragraph: Element) -> Iterator[str]:
    """The lines of a paragraph; text boxes anchored in it stand behind it."""
    pieces: list[str] = []
    boxes: list[Element] = []
    _gather(paragraph, pieces, boxes)
    yield from (line for line in "".join(pieces).split("\n") if line.strip())
    for box in boxes:
        yield from _all_lines(box)


def _gather(holder: Element, pieces: list[str], boxes: list[Element]) -> None:
    for child in holder:
        tag = local_name(child.tag)
        if tag == "t":
            pieces.append(child.text or "")
        elif tag in {"br", "cr"}:
            pieces.append("\n")
        elif tag == "tab":
            pieces.append(" ")
        elif tag == "noBreakHyphen":
            pieces.append("-")
        elif tag == "txbxContent":
            boxes.append(child)
        elif tag == "r":
            _gather_run(child, pieces, boxes)
        elif tag not in _UNSEEN:
            _gather(child, pieces, boxes)


def _gather_run(run: Element, pieces: list[str], boxes: list[Element]) -> None:
    hidden = _property(run, "rPr", "vanish")
    if hidden is not None and attribute(hidden, "val") not in {"0", "false"}:
        return
    raised = _property(run, "rPr", "vertAlign")
    own: list[str] = []
    _gather(run, own, boxes)
    text = "".join(own)
    is_raised = raised is not None and attribute(raised, "val") == "superscript"
    pieces.append(text.translate(_RAISED) if is_raised else text)
