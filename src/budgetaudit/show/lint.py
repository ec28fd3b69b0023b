"""Remarks about a rule set as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from budgetaudit.findings.kind import N_
from budgetaudit.money.decimals import ending_places
from budgetaudit.money.show import show_number
from budgetaudit.rules.lint import Lint, LintNote
from budgetaudit.show.json import exact
from budgetaudit.show.language import say, say_count
from budgetaudit.show.messages import joined

LINT_SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contradiction": N_("{first}, {others} exclude each other"),
        "implied": N_("{first} follows from {others}"),
        "always-true": N_("{first} holds whatever the figures are"),
        "unreachable": N_("the condition of {first} can never hold beside {others}"),
        "always-applies": N_("the condition of {first} always holds beside {others}"),
        "fixed": N_("the rules leave {figure} only the value {value}"),
    }
)
# The same where no other rule takes part.
_ALONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contradiction": N_("{first} can never hold"),
        "unreachable": N_("the condition of {first} can never hold"),
        "always-applies": N_("the condition of {first} always holds"),
    }
)


def show_lint(lint: Lint, *, locale: str) -> Iterator[str]:
    """One line for each remark; rules that are not examined are counted."""
    said = [note for note in lint.notes if note.code != "not-examined"]
    yield from (f"  {_sentence(note, locale)}" for note in said)
    if not said:
        yield "  " + say(N_("no remarks"), locale)
    if skipped := len(lint.notes) - len(said):
        yield "  " + say_count(
            "{n} rule is a quotient or a roll-up and was not examined",
            "{n} rules are quotients or roll-ups and were not examined",
            skipped,
            locale,
        )
    if not lint.complete:
        yield "  " + say(N_("there are further ways in which rules exclude or imply each other"), locale)


def lint_to_dict(lint: Lint) -> dict[str, Any]:
    """The remarks as plain dicts, lists and strings."""
    return {
        "ok": lint.ok,
        "complete": lint.complete,
        "notes": [
            {
                "code": note.code,
                "rules": list(note.rules),
                "figure": note.figure or None,
                "value": None if note.value is None else exact(note.value),
            }
            for note in lint.notes
        ],
        "bounds": {
            name: {
                "lo": None if held.lo is None else exact(held.lo),
                "hi": None if held.hi is None else exact(held.hi),
                "lo_in": held.lo_in,
                "hi_in": held.hi_in,
            }
            for name, held in lint.bounds.items()
        },
    }


def _sentence(note: LintNote, locale: str) -> str:
    if note.value is not None:
        value = show_number(note.value, locale=locale, places=ending_places(note.value) or 0)
        return say(LINT_SENTENCES[note.code], locale, figure=note.figure, value=value)
    first, *others = note.rules
    if not others and note.code in _ALONE:
        return say(_ALONE[note.code], locale, first=first)
    return say(LINT_SENTENCES[note.code], locale, first=first, others=joined(others, locale))
