"""Characters of a page, and the lines they stand in.

A PDF page is a heap of characters with places. What lies outside the visible page is no part of it, a character drawn
twice for boldness is one character, and what stands at the same height is one line, read from left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

_SAME_PLACE: Final = 1.0  # points
_BLANKS: Final = frozenset(" \t\u00a0\u3000\ufeff")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its box in points from the upper left corner of the page, and its size."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box, across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its characters with spaces where gaps are, and its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def glyphs_of(chars: Iterable[dict[str, Any]], box: tuple[float, float, float, float]) -> list[Glyph]:
    """The characters that can be seen: upright, inside the page, once each, blanks left out.

    Args:
        chars: Characters as pdfplumber gives them.
        box: The visible page: left, top, right, bottom.
    """
    left, top, right, bottom = box
    seen: set[tuple[str, int, int]] = set()
    found: list[Glyph] = []
    for char in chars:
        text = char["text"]
        if not text or text in _BLANKS or not char.get("upright", True):
            continue
        glyph = Glyph(text, char["x0"], char["top"], char["x1"], char["bottom"])
        across, down = glyph.middle
        if not (left <= across <= right and top <= down <= bottom) or glyph.size <= 0:
            continue
        place = round(glyph.left / _SAME_PLACE), round(glyph.top / _SAME_PLACE)
        near = (((text, place[0] + dx, place[1] + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if any(key in seen for key in near):
            continue
        seen.add((text, *place))
        found.append(glyph)
    return found


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of some characters, from top to bottom."""
    return [line_of(row) for row in rows_of(glyphs)]


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters of one height together, rows from top to bottom, each from left to right."""
    rows: list[list[Glyph]] = []
    base = 0.0  # the middle of the current row
    for glyph in sorted(glyphs, key=lambda one: one.middle[1]):
        middle = glyph.middle[1]
        if rows and middle - base <= 0.4 * min(glyph.size, rows[-1][-1].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            base = middle
    return [sorted(row, key=lambda one: one.left) for row in rows]


def line_of(row: Sequence[Glyph]) -> Line:
    """The characters of a row as a line, with a space in every gap."""
    parts: list[str] = []
    for place, glyph in enumerate(row):
        if place and glyph.left - row[place - 1].right > 0.3 * glyph.size:
            parts.append(" ")
        parts.append(glyph.text)
    return Line(
        "".join(parts),
        row[0].left,
        min(glyph.top for glyph in row),
        max(glyph.right for glyph in row),
        max(glyph.bottom for glyph in row),
    )
