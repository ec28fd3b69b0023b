"""Whole documents: the prose and the tables of one material as one budget.

Sentences are read with the tables blanked out, tables are bound with the title and the year that the whole document gives,
and both stand in the budget in the order of the document. A figure keeps the place where it is printed, whichever of the
two read it, and the page where the format has pages.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from budgetaudit.errors import UnreadableInput
from budgetaudit.model.budget import Budget, Unplaced
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.source import Source
from budgetaudit.read.material import Material
from budgetaudit.read.prose import read_prose
from budgetaudit.read.prose.passage import passages
from budgetaudit.read.prose.setting import setting_of, with_body
from budgetaudit.read.same import with_identities_of_tables
from budgetaudit.read.table.binding import bind_tables, body_of_tables
from budgetaudit.read.text import Text

_HEAD: Final = 20_000  # characters


def budget_of(material: Material, *, name: str, sha256: str | None = None) -> Budget:
    """The budget that a document reports.

    Args:
        material: Its text and its grids.
        name: What it is called in sources.
        sha256: The fingerprint of its bytes; by default that of its text.

    Raises:
        UnreadableInput: It holds no text at all.
    """
    if not material.text.strip("\ufeff").strip():
        raise UnreadableInput(f"{name} is empty", hint="pass a document with text in it")
    if not material.grids:
        read = read_prose(material.text, name=name, encoding=material.encoding)
        read = replace(read, remarks=(*read.remarks, *material.remarks))
        return _paged(_of_bytes(read, material, sha256), material)
    setting = setting_of(passages(Text(name, material.text[:_HEAD])))
    setting = with_body(setting, body_of_tables(material))
    tables = bind_tables(material, setting, name=name)
    read = read_prose(_prose(material, tables.prose), name=name, encoding=material.encoding, setting=setting)
    read = replace(read, lines=tuple(with_identities_of_tables(read.lines, tables.lines)))
    lines = sorted((*read.lines, *tables.lines), key=_place)
    whole = replace(
        read, lines=tuple(lines), statements=(*read.statements, *tables.statements),
        unplaced=tuple(sorted((*read.unplaced, *tables.unplaced), key=_place)), remarks=(*read.remarks, *tables.remarks, *material.remarks),
    )  # fmt: skip
    return _paged(_of_bytes(whole, material, sha256), material)


def _prose(material: Material, paragraphs: AbstractSet[int]) -> str:
    """The text without its tables; of grids that hold paragraphs every cell is a paragraph of its own."""
    tables = tuple(grid for number, grid in enumerate(material.grids) if number not in paragraphs)
    text = replace(material, grids=tables).prose
    for number in paragraphs:
        grid = material.grids[number]
        text = text[: grid.start] + text[grid.start : grid.end].replace("\t", "\n") + text[grid.end :]
    return text


def _place(holder: BudgetLine | Unplaced) -> int:
    return holder.source.start or 0 if holder.source is not None else 0


def _of_bytes(budget: Budget, material: Material, sha256: str | None) -> Budget:
    document = replace(budget.documents[0], text=material.text, tables=material.grids, characters=len(material.text))
    return replace(budget, documents=(document if sha256 is None else replace(document, sha256=sha256),))


def _paged(budget: Budget, material: Material) -> Budget:
    """The same budget with the page of every place."""
    if not material.pages:
        return budget

    def on_page(source: Source | None) -> Source | None:
        if source is None or source.start is None or source.page is not None:
            return source
        return replace(source, page=material.page_of(source.start))

    return replace(
        budget,
        lines=tuple(line.model_copy(update={"source": on_page(line.source)}) for line in budget.lines),
        statements=tuple(replace(said, source=on_page(said.source)) for said in budget.statements),
        remarks=tuple(replace(remark, source=on_page(remark.source) or remark.source) for remark in budget.remarks),
        unplaced=tuple(replace(figure, source=on_page(figure.source) or figure.source) for figure in budget.unplaced),
    )
