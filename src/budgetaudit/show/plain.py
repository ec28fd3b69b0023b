"""Plain characters on a terminal: how wide they are, and nothing that would steer it.

Labels and excerpts come from documents nobody vouches for; an escape sequence in a label must not colour, clear or
rename anybody's terminal. Chinese characters take two columns, so a marker under a figure counts columns, not characters.
"""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    r"""The text on one line without control or direction characters, each replaced by a space (the length stays).

    >>> printable("a\x1b[31mb")
    'a [31mb'
    """
    return "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"} else char for char in text)


def columns(text: str) -> int:
    """How many terminal columns the text takes.

    >>> columns("支出4.9")
    7
    """
    return sum(_columns_of(char) for char in text)


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
