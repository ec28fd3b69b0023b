"""The bar: one line on stderr that says how far the work has come, on a terminal only, and gone when it is done."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from budgetaudit.progress import Progress, Watcher

_PAUSE: Final = 0.1  # seconds between two drawings
_PATIENCE: Final = 0.5  # seconds before the first: short work needs no bar
_WIDTH: Final = 24
_CLEAR: Final = "\r\x1b[K"


@contextmanager
def bar() -> Generator[Watcher | None]:
    """A watcher that draws; None where stderr is no terminal, or one that cannot draw over a line."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    drawn = _Bar()
    try:
        yield drawn.show
    finally:
        drawn.clear()


class _Bar:
    def __init__(self) -> None:
        self._next = time.monotonic() + _PATIENCE
        self._is_shown = False

    def show(self, step: Progress) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _PAUSE
        self._is_shown = True
        sys.stderr.write(_CLEAR + line_of(step))
        sys.stderr.flush()

    def clear(self) -> None:
        if self._is_shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


def line_of(step: Progress) -> str:
    """The line for one step.

    >>> line_of(Progress("reading", 15, 60, "pages"))
    'reading ██████░░░░░░░░░░░░░░░░░░ 15/60 pages'
    """
    if not step.total:
        return f"{step.stage} {step.done} {step.of}"
    filled = _WIDTH * min(step.done, step.total) // step.total
    return f"{step.stage} {'█' * filled}{'░' * (_WIDTH - filled)} {step.done}/{step.total} {step.of}"
