"""Parts of pages: a table as it is drawn, before it is put into the text of the document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell of a table on a page: where it begins, how far it reaches, and its text with line breaks."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table on a page: its cells, the places of its column marks, and its box."""

    cells: tuple[PageCell, ...]
    rows: int
    across: tuple[float, ...]
    box: tuple[float, float, float, float]

    @property
    def columns(self) -> int:
        """How many columns its marks make."""
        return len(self.across) - 1
