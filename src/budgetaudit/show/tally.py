"""The tally that closes every report: what was checked and what could not be, in whole numbers.

"Nothing found" never stands alone: how many relations were checked, how they came out, why some were not decided, which
rules found no figures and which figures found no place.
"""

from __future__ import annotations

from collections import Counter

from budgetaudit.check.outcome import VERDICTS
from budgetaudit.findings.report import Report
from budgetaudit.show.language import say_count
from budgetaudit.show.messages import joined
from budgetaudit.show.words import REASON_WORDS, VERDICT_WORDS, word


def tally(report: Report, locale: str) -> list[str]:
    """The counts as lines: what was checked, and below it what was not, if there is any."""
    total = sum(report.counts[verdict] for verdict in VERDICTS)
    verdicts = [f"{report.counts[verdict]} {word(verdict, VERDICT_WORDS, locale)}" for verdict in VERDICTS]
    lines = [
        say_count(
            "{n} relation checked: {verdicts}", "{n} relations checked: {verdicts}", total, locale,
            verdicts=joined(verdicts, locale),
        )  # fmt: skip
    ]
    if reasons := undecided_reasons(report):
        each = joined([f"{number} {word(reason, REASON_WORDS, locale)}" for reason, number in reasons.items()], locale)
        lines.append(
            say_count("{n} undecided: {reasons}", "{n} undecided: {reasons}", report.counts["undecided"], locale, reasons=each)
        )
    if report.unbound:
        lines.append(
            say_count(
                "{n} rule found no figures to check", "{n} rules found no figures to check", len(report.unbound), locale
            )
        )
    if report.budget.unplaced:
        lines.append(
            say_count(
                "{n} figure was read but not placed", "{n} figures were read but not placed",
                len(report.budget.unplaced), locale,
            )  # fmt: skip
        )
    return lines


def undecided_reasons(report: Report) -> dict[str, int]:
    """How many relations were not decided for which reason; the first reason of each counts."""
    reasons = Counter(
        outcome.reasons[0] for outcome in report.outcomes if outcome.verdict == "undecided" and outcome.reasons
    )
    return dict(sorted(reasons.items()))
