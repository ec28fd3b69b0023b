"""Whole documents: the prose and the tables of one material as one budget.

Sentences are read with the tables blanked out, tables are bound with the title and the year that the whole document gives,
and both stand in the budget in the order of the document. A figure keeps the place where it is printed, whichever of the
two read it, and the page where the format has pages.
"""

from __future__ import annotations

from dataclasses import replace

from budgetaudit.errors import UnreadableInput
from budgetaudit.model.budget import Budget
from budgetaudit.model.source import Source
from budgetaudit.read.material import Material
from budgetaudit.read.prose import read_prose


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
    read = read_prose(material.prose if material.grids else material.text, name=name, encoding=material.encoding)
    document = replace(read.documents[0], text=material.text)
    if sha256 is not None:
        document = replace(document, sha256=sha256)
    read = replace(read, documents=(document,), remarks=(*read.remarks, *material.remarks))
    return _paged(read, material) if material.pages else read


def _paged(budget: Budget, material: Material) -> Budget:
    """The same budget with the page of every place."""

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
