"""Places: where the figures of a finding stand, in a form that editors and people can jump to.

The target comes first with its full place and the characters as printed; the others follow with what is new in their
place: figures of one file share its name. Figures that a caller typed in have no place and are named by their labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kind import N_
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.source import Source
from budgetaudit.show.language import say
from budgetaudit.show.messages import joined
from budgetaudit.show.plain import printable

_MOST: Final = 8
# What the figures beside the target are, by the form of the relation.
_OTHERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sum": N_("parts at {places}"),
        "order": N_("beside {places}"),
        "share": N_("amounts at {places}"),
        "growth": N_("amounts at {places}"),
        "growth-from-change": N_("amounts at {places}"),
        "tie": N_("again at {places}"),
    }
)
_BESIDE: Final = N_("with {places}")


def where(finding: Finding, budget: Budget, locale: str) -> list[str]:
    """The target's place and print, the places of the other figures, the rule: pieces to stand on one line."""
    return [*_figures(finding, budget, locale), say(N_("rule {rule}"), locale, rule=printable(finding.rule))]


def source_of(finding: Finding, budget: Budget) -> Source | None:
    """The place a finding points at: its own, or that of its first figure."""
    if finding.source is not None:
        return finding.source
    return budget.line(finding.lines[0]).source if finding.lines else None


def _figures(finding: Finding, budget: Budget, locale: str) -> list[str]:
    lines = [budget.line(line_id) for line_id in finding.lines]
    source = source_of(finding, budget)
    if source is None:
        return [joined(_shortened([printable(line.label) for line in lines]), locale)] if lines else []
    printed = f'{printable(source.place)} "{printable(source.text)}"'
    others = lines[1:] if finding.source is None else lines
    if not others or finding.outcome is None:
        return [printed]
    form = _OTHERS.get(finding.outcome.relation.form, _BESIDE) if len(finding.outcomes) == 1 else _BESIDE
    places = joined(_shortened([_place_beside(line, source) for line in others]), locale)
    return [printed, say(form, locale, places=places)]


def _place_beside(line: BudgetLine, other: Source) -> str:
    """The place of a line as seen from another: without the file name they share."""
    if line.source is None:
        return printable(line.label)
    place = line.source.place
    if line.source.document == other.document != place:
        place = place.removeprefix(other.document).lstrip(":! ")
    return printable(place)


def _shortened(items: Sequence[str]) -> list[str]:
    return [*items] if len(items) <= _MOST else [*items[:_MOST], f"… +{len(items) - _MOST}"]
