"""Prose: what the text of a budget says about its own figures."""

from __future__ import annotations

from hashlib import sha256

from budgetaudit.model.budget import Budget
from budgetaudit.model.source import Document
from budgetaudit.progress import counted
from budgetaudit.read.prose.passage import passages
from budgetaudit.read.prose.reading import Reading
from budgetaudit.read.prose.setting import Setting, setting_of
from budgetaudit.read.text import Text


def read_prose(text: str, *, name: str = "text", encoding: str | None = None, setting: Setting | None = None) -> Budget:
    """The budget that a text reports: its figures as lines, its assertions as statements.

    Args:
        text: Characters of a document; sources count them.
        name: What the document is called in sources.
        encoding: The encoding it was read from, kept as provenance.
        setting: What holds for the whole document, if more is known than its text says.
    """
    document = Document(name, sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), encoding, len(text), text)
    read = passages(Text(name, text))
    reading = Reading(setting or setting_of(read))
    for passage in counted(read, stage="reading", of="paragraphs", total=len(read)):
        reading.read(passage)
    reading.finish()
    state = reading.state
    unplaced = tuple(sorted(state.unplaced, key=lambda figure: figure.source.start or 0))
    return Budget(state.ledger.lines(), (document,), tuple(state.statements), tuple(state.remarks), unplaced)
