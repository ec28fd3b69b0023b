"""Furniture: page numbers and running heads, which stand on a page and are no part of what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from budgetaudit.read.pdf.characters import Line
from budgetaudit.read.pdf.page import Page

_MARGIN: Final = 0.1  # of the height of a page
_NUMBER: Final = re.compile(
    r"[-—–－·\s]*(?:第\s*)?(?:[0-9０-９]{1,4}|[ivxlc]{1,6})(?:\s*页)?(?:\s*[/,，共]+\s*(?:共\s*)?[0-9]{1,4}(?:\s*页)?)?[-—–－·\s]*|Page\s+[0-9]+(?:\s+of\s+[0-9]+)?",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"[0-9０-９]+")


def without_furniture(pages: Sequence[Page]) -> None:
    """Take page numbers, and the lines that stand in the margin of page after page, off every page."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_form(line) for line in _margins(page)})
    often = max(3, len(pages) // 3)
    for page in pages:
        for line in _margins(page):
            if _NUMBER.fullmatch(line.text) or seen[_form(line)] >= often:
                page.parts.remove(line)


def _margins(page: Page) -> list[Line]:
    """The first and the last lines of a page, as far as they stand in its margins."""
    found: list[Line] = []
    for parts in (page.parts, page.parts[::-1]):
        for part in parts[:3]:
            if not isinstance(part, Line):
                break
            if part.bottom < _MARGIN * page.height or part.top > (1 - _MARGIN) * page.height:
                found.append(part)
    return list(dict.fromkeys(found))


def _form(line: Line) -> str:
    """A running head with its page number is the same on every page."""
    return _DIGITS.sub("#", line.text)
