"""Sources: where on the page a figure stands, and the documents figures come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """One place in one document.

    `start` and `end` count Unicode code points of the text as read; `line` and `column` start at 1; `text` is the
    characters as printed; `table` is the key of the table it stands in, or its title where no key is known. Places that do not apply to a format are None.
    """

    document: str
    start: int | None = None
    end: int | None = None
    text: str = ""
    line: int | None = None
    column: int | None = None
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    table: str | None = None

    @property
    def place(self) -> str:
        """What an editor or a person can jump to.

        `file:line:column`, `book.xlsx!Sheet!B7`, `report.pdf p.3!r5c2` or `report.pdf p.3`.
        """
        page = f" p.{self.page}" if self.page is not None else ""
        if self.cell is not None:
            return "!".join(part for part in (self.document + page, self.sheet, self.cell) if part)
        if self.line is not None:
            return f"{self.document}{page}:{self.line}:{self.column}"
        return f"{self.document}{page}"


class PrintedCell(Protocol):
    """One cell of a table in a text: its upper left corner, how far it reaches, and where its characters stand."""

    @property
    def row(self) -> int:
        """Row from 0."""
        ...

    @property
    def column(self) -> int:
        """Column from 0."""
        ...

    @property
    def row_span(self) -> int:
        """How many rows it covers."""
        ...

    @property
    def column_span(self) -> int:
        """How many columns it covers."""
        ...

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        ...

    @property
    def end(self) -> int:
        """Where it ends there."""
        ...


class PrintedTable(Protocol):
    """One table in a text, cell by cell; `read.table.grid` makes them."""

    @property
    def cells(self) -> Sequence[PrintedCell]:
        """Its cells, row by row."""
        ...

    @property
    def sheet(self) -> str | None:
        """The sheet of a workbook that it stands on."""
        ...

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        ...

    @property
    def end(self) -> int:
        """Where it ends there."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """One input as it was read: its name, its fingerprint, and (not part of its identity) its characters and tables."""

    name: str
    sha256: str = ""
    encoding: str | None = None
    characters: int = 0
    text: str | None = field(default=None, compare=False, repr=False)
    tables: Sequence[PrintedTable] = field(default=(), compare=False, repr=False)
