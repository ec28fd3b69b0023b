"""Markdown: prose with pipe tables in it.

The text stays as it is, character for character; a table is found by its line of dashes under its head, and its cells
have their places in that text. Where no table has such a line, rows between bars are read as in plain text. What stands in a fenced block is prose. Source: GitHub Flavored Markdown 0.29, 4.10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from budgetaudit.read.encoding import decode
from budgetaudit.read.frame import MOST_LINES, Rows, grid_of, indented
from budgetaudit.read.material import Material
from budgetaudit.read.table.grid import Cell, Grid
from budgetaudit.read.typed import typed_tables

_RULE: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*")
_FENCE: Final = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_CELL: Final = re.compile(r"(?:[^|\\]|\\.)*+", re.DOTALL)
_DRESS: Final = "*_`~ \t\u3000\u00a0"  # bold, italic, code, struck out
_HEAD: Final = re.compile(r"\s*#{1,6}\s*")


class _Line(NamedTuple):
    start: int
    text: str


def read_markdown(data: bytes, *, name: str, encoding: str | None = None) -> Material:
    """The material of a Markdown file.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.
        encoding: Its encoding; recognised if not given, never guessed.

    Raises:
        UnreadableInput: The encoding is not clear, or the bytes are no text.
    """
    decoded = decode(data, encoding=encoding, name=name)
    tables = tuple(_tables(list(_lines(decoded.text)), decoded.text))
    return Material(decoded.text, tables or typed_tables(decoded.text), encoding=decoded.encoding)


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield _Line(start, line.rstrip("\r\n"))
        start += len(line)


def _tables(lines: list[_Line], text: str) -> Iterator[Grid]:
    fence, at, done = "", 0, 0
    while at < len(lines):
        marked = _FENCE.match(lines[at].text)
        if marked and (not fence or marked[1].startswith(fence)):
            fence = "" if fence else marked[1]
        elif not fence and _is_head(lines, at):
            end = at + 2
            while end < len(lines) and "|" in lines[end].text:
                end += 1
            yield _grid(lines, at, end, done, text)
            at = done = end
            continue
        at += 1


def _is_head(lines: list[_Line], at: int) -> bool:
    """Whether a line and the line of dashes below it begin a table of at least two columns."""
    if "|" not in lines[at].text or at + 1 == len(lines) or "-" not in lines[at + 1].text:
        return False
    columns = len(list(_pieces(lines[at])))
    return (
        columns > 1 and _RULE.fullmatch(lines[at + 1].text) is not None and columns == len(list(_pieces(lines[at + 1])))
    )


def _grid(lines: list[_Line], at: int, end: int, done: int, text: str) -> Grid:
    rows: Rows = []
    for number, line in enumerate([lines[at], *lines[at + 2 : end]]):
        rows.append([
            Cell(number, column, words, start=start, end=start + len(words), address=f"r{number + 1}c{column + 1}")
            for column, (start, words) in enumerate(_pieces(line))
        ])  # fmt: skip
    above = [words for line in lines[done:at] if (words := _HEAD.sub("", line.text).strip(_DRESS))][-MOST_LINES:]
    last = lines[end - 1]
    set_right = {column for column, (_, rule) in enumerate(_pieces(lines[at + 1])) if rule.endswith(":")}
    rows = indented(rows, text, but=set_right)
    return grid_of(rows, start=lines[at].start, end=last.start + len(last.text), above=above)


def _pieces(line: _Line) -> Iterator[tuple[int, str]]:
    """The cells of a line, each with its place, without the marks that dress them."""
    text = line.text.rstrip()
    at = len(text) - len(text.lstrip())
    at += text.startswith("|", at)
    while at < len(text) or (at == len(text) and at and text[at - 1] != "|"):
        cell = _CELL.match(text, at)
        assert cell is not None
        inner = cell[0].strip(_DRESS)
        shift = cell[0].find(inner) if inner else 0
        yield line.start + at + shift, inner
        at = cell.end() + 1
