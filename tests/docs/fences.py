"""Fenced blocks of a Markdown page, so that what a page shows can be run and, on request, written anew.

A fence is known by its language (`python`, `console`, `budget`, `findings`, ...) and its options (`unit=万元`).
`BUDGETAUDIT_REWRITE=1` lets tests write what the code prints now back into the page; the diff is then read by a person.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

REWRITE = bool(os.environ.get("BUDGETAUDIT_REWRITE"))

_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<language>[\w{}-]+)[ \t]*(?P<options>[^\n]*)\n(?P<body>.*?)^(?P=ticks)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Fence:
    """One fenced block: where its body stands in the page, and the heading above it."""

    page: Path
    language: str
    options: dict[str, str]
    body: str
    start: int
    line: int
    heading: str


def fences(page: Path) -> list[Fence]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        headings = re.findall(r"^#+ (.+)$", text[: match.start()], re.MULTILINE)
        options = dict(pair.split("=", 1) for pair in match["options"].split() if "=" in pair)
        line = text.count("\n", 0, match.start()) + 1
        start = match.start("body")
        heading = headings[-1] if headings else ""
        found.append(Fence(page, match["language"], options, match["body"], start, line, heading))
    return found


def rewrite(changes: list[tuple[Fence, str]]) -> None:
    """Put new bodies into their page, last first so that earlier places stay true."""
    for fence, body in sorted(changes, key=lambda change: -change[0].start):
        text = fence.page.read_text(encoding="utf-8")
        assert text.startswith(fence.body, fence.start), f"{fence.page.name} changed while its examples ran"
        fence.page.write_text(text[: fence.start] + body + text[fence.start + len(fence.body) :], encoding="utf-8")
