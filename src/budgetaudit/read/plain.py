"""Plain text: prose, and tables typed into it."""

from __future__ import annotations

from budgetaudit.read.encoding import decode
from budgetaudit.read.material import Material
from budgetaudit.read.typed import typed_tables


def read_plain(data: bytes, *, name: str, encoding: str | None = None) -> Material:
    """The material of a text file.

    Args:
        data: The bytes of the file.
        name: What it is called in errors.
        encoding: Its encoding; recognised if not given, never guessed.

    Raises:
        UnreadableInput: The encoding is not clear, or the bytes are no text.
    """
    decoded = decode(data, encoding=encoding, name=name)
    return material_of_text(decoded.text, encoding=decoded.encoding)


def material_of_text(text: str, *, encoding: str | None = None) -> Material:
    """The material of a text that is in memory already."""
    return Material(text, typed_tables(text), encoding=encoding)
