"""Plain text: prose without any structure of tables."""

from __future__ import annotations

from budgetaudit.read.encoding import decode
from budgetaudit.read.material import Material


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
    return Material(decoded.text, encoding=decoded.encoding)
