"""Material: what the reader of a format gives, before anybody asks what it means.

A document is its text in reading order, with grids in it. The characters of a grid stand in the text too, so that every
figure has its place there, whether a sentence or a cell prints it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from budgetaudit.model.statement import Remark
from budgetaudit.read.table.grid import Grid

_PRINTED: Final = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Material:
    """The text of a document and the grids in it.

    Attributes:
        text: Everything that is printed, in reading order; running heads and page numbers are left out.
        grids: The tables, in the order of the text; `text[grid.start:grid.end]` are the characters of a grid.
        pages: Where in the text each page begins; empty for formats without pages.
        encoding: Of formats that are text.
        remarks: What the format shows beside the figures: numbers kept as text, formulas that leave out a row.
    """

    text: str
    grids: tuple[Grid, ...] = ()
    pages: tuple[int, ...] = ()
    encoding: str | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def prose(self) -> str:
        """The text with every grid blanked but for its line breaks, so that places and lines stay the same."""
        parts: list[str] = []
        done = 0
        for grid in self.grids:
            parts += [self.text[done : grid.start], _PRINTED.sub(" ", self.text[grid.start : grid.end])]
            done = grid.end
        return "".join((*parts, self.text[done:]))

    def page_of(self, place: int) -> int | None:
        """The page, from 1, on which a place in the text stands."""
        return bisect_right(self.pages, place) or None
