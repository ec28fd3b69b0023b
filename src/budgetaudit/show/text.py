"""Text: the report on a terminal, three lines a finding: what, the fact, where.

Causes, symptoms and the line as written follow on request (`verbose`). The tally closes every report. The same report
gives the same text: findings come in the report's order, and nothing depends on clock, machine or width of the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kind import N_
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.source import Source
from budgetaudit.show.completions import completion_sentences
from budgetaudit.show.language import say
from budgetaudit.show.messages import cause_sentences, headline, kind_name, standing, symptoms_sentence
from budgetaudit.show.places import source_of, where
from budgetaudit.show.plain import columns, printable
from budgetaudit.show.tally import tally, without_findings
from budgetaudit.show.words import UNPLACED_WORDS, word

_BEFORE, _AFTER = 24, 36
_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_COLORS: Final[Mapping[str, str]] = MappingProxyType({"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"})


def show_text(report: Report, *, locale: str = "en", color: bool = False, verbose: bool = False) -> str:
    """The report as text that ends in a line break.

    Args:
        report: What to show.
        locale: Language of words and numbers.
        color: Mark severities with terminal colours.
        verbose: Add causes and corrections, the number of symptoms, the line as written, what figures that are not
            printed must be, and the figures not placed.
    """
    shown = partial(show_finding, budget=report.budget, locale=locale, color=color, verbose=verbose)
    blocks = ["\n".join(shown(finding)) for finding in report.findings]
    if not blocks:
        blocks = [without_findings(report, locale)]
    if verbose and report.completions:
        blocks.append("\n".join(completion_sentences(report.completions, locale)))
    if verbose and report.budget.unplaced:
        blocks.append("\n".join(_unplaced(report.budget, locale)))
    closing = "\n".join(tally(report, locale))
    return "\n\n".join([*blocks, closing]) + "\n"


def show_finding(
    finding: Finding, budget: Budget, *, locale: str = "en", color: bool = False, verbose: bool = False
) -> Iterator[str]:
    """One finding as lines: what, the fact, where; with `verbose` causes and the line as written."""

    def painted(text: str, code: str) -> str:
        return f"{code}{text}{_RESET}" if color else text

    title = f"{finding.kind} {kind_name(finding, locale)}"
    yield f"{painted(title, _BOLD)}   {painted(standing(finding, locale), _COLORS[finding.severity])}"
    yield headline(finding, budget, locale)
    yield painted("   ".join(where(finding, budget, locale)), _DIM)
    if not verbose:
        return
    for sentence in cause_sentences(finding, budget, locale):
        yield f"  {sentence}"
    if finding.symptoms:
        yield f"  {symptoms_sentence(finding, locale)}"
    source = source_of(finding, budget)
    if source is not None:
        yield from excerpt(source, budget)


def _unplaced(budget: Budget, locale: str) -> Iterator[str]:
    yield say(N_("read but not placed:"), locale)
    for figure in budget.unplaced:
        reason = word(figure.reason, UNPLACED_WORDS, locale)
        yield f"  {printable(figure.source.place)}   {printable(figure.source.text)}   {printable(reason)}"


def excerpt(source: Source, budget: Budget) -> Iterator[str]:
    """The characters around a figure as the document has them, with a marker under the figure.

    Nothing where the document's text was not kept or the source has no place in it.
    """
    text = next((document.text for document in budget.documents if document.name == source.document), None)
    if text is None or source.start is None or source.end is None or not 0 <= source.start < source.end <= len(text):
        return
    line_start = text.rfind("\n", 0, source.start) + 1
    line_end = text.find("\n", source.end)
    start = max(line_start, source.start - _BEFORE)
    end = min(len(text) if line_end < 0 else line_end, source.end + _AFTER)
    opening, closing = ("…" if start > line_start else ""), ("…" if end < line_end else "")
    number = "" if source.line is None else str(source.line)
    before, figure = printable(opening + text[start : source.start]), printable(text[source.start : source.end])
    yield f"  {number} | {before}{figure}{printable(text[source.end : end])}{closing}"
    yield f"  {' ' * len(number)} | {' ' * columns(before)}{'^' * columns(figure)}"
