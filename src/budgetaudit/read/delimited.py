"""Delimited text: CSV, TSV and their relatives, with the separator found or asked for.

The text stays as it is and every cell has its place in it. The separator is the one that parts all rows alike; where two
do, the caller is asked. Numbers with a decimal comma are read where the file shows that this is how it writes them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from budgetaudit.errors import BudgetAuditError, UnreadableInput
from budgetaudit.money.amount import Amount
from budgetaudit.money.scan import parse_amount
from budgetaudit.read.encoding import decode
from budgetaudit.read.frame import MOST_LINES, Rows, blocks, framed, grid_of, indented, is_figure, printed
from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Cell, Grid

_SEPARATORS: Final = ("\t", ";", "|", "，", ",")  # the later ones stand in numbers and sentences
_SAMPLE: Final = 65_536
_MOST_CELLS: Final = 3_000_000
_DECIMAL_COMMA: Final = re.compile(r"[-−+(]?\d{1,3}(?:[. \u00a0\u202f']?\d{3})*,\d{1,2}[)%]?")
_DECIMAL_POINT: Final = re.compile(r"[-−+(]?\d[\d,]*\.(?:\d{1,2}|\d{4,})[)%]?")
_GROUPING: Final = str.maketrans("", "", " \u00a0\u202f'")
_GROUPED: Final = re.compile(r"[-−+(]?\d{1,3}(?:,\d{3})+(?:\.\d+)?[)%]?")


class _Fitting(NamedTuple):
    """How well a separator parts a file: per cent of the rows that are alike, and of the cells that it leaves whole."""

    quality: int
    separator: str


def read_delimited(data: bytes, *, name: str, encoding: str | None = None) -> Material:
    """The material of a delimited file.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.
        encoding: Its encoding; recognised if not given, never guessed.

    Raises:
        UnreadableInput: The encoding or the separator is not clear, the bytes are no text, or the cells are too many.
    """
    decoded = decode(data, encoding=encoding, name=name)
    text = decoded.text
    separator = _separator(text, name)
    if separator is None:
        return Material(text, encoding=decoded.encoding)
    rows = list(_rows(text, separator, name))
    if _writes_decimal_commas(rows):
        rows = [[_with_decimal_comma(cell) for cell in row] for row in rows]
    return Material(text, tuple(_grids(rows, text)), encoding=decoded.encoding)


def _separator(text: str, name: str) -> str | None:
    """The separator of a file; None where there is only one column.

    Raises:
        UnreadableInput: Two part it equally well.
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    found = sorted((_fitting(sample, separator, name) for separator in _SEPARATORS), key=lambda fit: -fit.quality)
    if found[0].quality == 0:
        return None
    if found[0].quality - found[1].quality < 3:
        raise UnreadableInput(
            f"{name} may be separated by {found[0].separator!r} or by {found[1].separator!r}",
            hint="save it with tabs between the columns, or read it into a data frame",
        )
    return found[0].separator


def _fitting(sample: str, separator: str, name: str) -> _Fitting:
    if separator not in sample:
        return _Fitting(0, separator)
    rows = [row for row in _rows(sample, separator, name) if any(cell.text.strip() for cell in row)]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, alike = widths.most_common(1)[0] if widths else (0, 0)
    if alike < 2:  # a comma in a sentence parts no table
        return _Fitting(0, separator)
    cells = [cell.text.strip() for row in rows if len(row) == width for cell in row]
    others = [other for other in _SEPARATORS if other != separator]
    whole = sum(
        1
        for cell in cells
        if not any(other in cell for other in others)
        or _GROUPED.fullmatch(cell)
        or _DECIMAL_COMMA.fullmatch(cell)
        or (not is_figure(Cell(0, 0, cell)) and not any(character.isdigit() for character in cell))
    )
    # Digits parted by a comma from three others are one number, more likely than two: 1,234.50 between tabs.
    parted = len(re.findall(r"(?<![\d,.])\d{1,3},\d{3}\.\d", sample)) if separator == "," else 0
    quality = 100 * alike * whole // (sum(widths.values()) * len(cells)) - 100 * parted // len(cells)
    return _Fitting(max(quality, 0), separator)


def _rows(text: str, separator: str, name: str) -> Iterator[list[Cell]]:
    """The rows of a file, each cell with its place; quoted cells may hold separators and line breaks (RFC 4180)."""
    mark = re.escape(separator)
    field = re.compile(rf'[ ]*"((?:[^"]|"")*+)"[ ]*(?={mark}|\r?\n|\r|\Z)|([^{mark}\r\n]*+)')
    at = row = column = number = 0
    cells: list[Cell] = []
    while at <= len(text):
        found = field.match(text, at)
        assert found is not None
        quoted = found[1] is not None
        start, end = found.span(1 if quoted else 2)
        written = text[start:end]
        if not quoted:
            stripped = written.strip()
            start += written.find(stripped) if stripped else 0
            written, end = stripped, start + len(stripped)
        cells.append(
            Cell(row, column, written.replace('""', '"') if quoted else written, start=start, end=end,
                 address=f"r{row + 1}c{column + 1}")
        )  # fmt: skip
        number += 1
        if number > _MOST_CELLS:
            raise UnreadableInput(f"{name} has more than {_MOST_CELLS:,} cells", hint="read it into a data frame")
        at = found.end()
        if text.startswith(separator, at):
            at, column = at + 1, column + 1
            continue
        yield cells
        at += 2 if text.startswith("\r\n", at) else 1
        cells, row, column = [], row + 1, 0


def _grids(rows: Rows, text: str) -> Iterator[Grid]:
    """The tables of a file, with the lines around them that stand in rows of their own."""
    lines: list[str] = []
    for block in blocks([row for row in rows if any(cell.text for cell in row)]):
        above, table, below = framed(block)
        lines += [printed(row) for row in above]
        if table:
            start = text.rfind("\n", 0, table[0][0].start) + 1
            line_end = text.find("\n", table[-1][-1].end)
            notes = [printed(row) for row in below][:MOST_LINES]
            end = len(text) if line_end < 0 else line_end
            yield grid_of(indented(table, text), start=start, end=end, above=lines[-MOST_LINES:], below=notes)
            lines = notes


def _writes_decimal_commas(rows: Rows) -> bool:
    """Whether the file writes 1.234,56: some numbers can only be read so, and none only the other way."""
    shown = [cell.text for row in rows for cell in row if cell.text[-1:].isdigit() or cell.text[-1:] in {")", "%"}]
    return any(map(_DECIMAL_COMMA.fullmatch, shown)) and not any(map(_DECIMAL_POINT.fullmatch, shown))


def _with_decimal_comma(cell: Cell) -> Cell:
    amount: Amount | None = None
    if is_figure(cell) or _DECIMAL_COMMA.fullmatch(cell.text):
        try:
            amount = parse_amount(cell.text.translate(_GROUPING), locale="de")
        except BudgetAuditError:
            return cell
    return (
        cell
        if amount is None
        else Cell(cell.row, cell.column, cell.text, start=cell.start, end=cell.end, address=cell.address, amount=amount)
    )
