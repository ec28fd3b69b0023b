"""Errors: wrong calls and unreadable input. A figure that does not add up is a finding, never an exception.

Every error says what happened, where, and (after `Hint:`) what would work. Messages are built from what was asked for and
what exists; `nearest` picks the names worth offering.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BudgetAuditError(Exception):
    """A wrong call or unreadable input; the base of every exception this library raises on purpose."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message if hint is None else f"{message}. Hint: {hint}")
        self.message = message
        self.hint = hint


class UnreadableInput(BudgetAuditError):
    """A document that cannot be read: unknown encoding, unknown format, damaged or missing file."""


class RuleError(BudgetAuditError):
    """A rule, equation or pack that is not well formed."""


class InconsistentFigures(BudgetAuditError):
    """Raised by `Report.raise_for` when findings reach the level the caller named."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known names look like `name`, or list a few of them: the tail of an error message."""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return "nearest: " + ", ".join(repr(match) for match in close)
    listed = ", ".join(repr(known_name) for known_name in names[:8])
    return f"known: {listed}{', ...' if len(names) > 8 else ''}" if names else "none is known"
