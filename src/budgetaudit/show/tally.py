"""The tally that closes every report: what was checked and what could not be, in whole numbers.

"Nothing found" never stands alone: how many relations were checked and how they came out, why the others were not
decided, which rules found no figures, which figures found no place, and what was assumed about rounding where that is
not the usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from budgetaudit.check.outcome import Verdict
from budgetaudit.findings.kind import N_
from budgetaudit.findings.report import Report
from budgetaudit.rules.rule import Convention
from budgetaudit.show.language import say, say_count
from budgetaudit.show.messages import joined
from budgetaudit.show.words import CONVENTION_WORDS, REASON_WORDS, VERDICT_COUNTS, word

_CHECKED: Final[tuple[Verdict, ...]] = ("exact", "rounding", "inconsistent", "undefined")
_NOT_CHECKED: Final[tuple[Verdict, ...]] = ("undecided", "failed")
_USUAL: Final = Convention()
# Conventions that widen or narrow what a print stands for; what absences mean is a rule's own business.
_OF_ROUNDING: Final = ("totals_from", "rounding", "ties", "exact_below", "tolerance")


def tally(report: Report, locale: str) -> list[str]:
    """The counts as lines: all six verdicts first, below them what was not checked and what was assumed."""
    return [
        verdict_line(report.counts, report.checked, locale),
        *_not_checked(report, locale),
        *_assumed(report, locale),
    ]


def without_findings(report: Report, locale: str) -> str:
    """What stands in place of findings where there are none."""
    return say(N_("nothing to report"), locale) if report.checked else say(N_("nothing was checked"), locale)


def undecided_reasons(report: Report) -> dict[str, int]:
    """How many relations were not decided for which reason, most frequent first; the first reason of each counts."""
    reasons = Counter(
        outcome.reasons[0] for outcome in report.outcomes if outcome.verdict == "undecided" and outcome.reasons
    )
    return dict(sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0])))


def verdict_line(counts: Mapping[str, int] | Mapping[Verdict, int], checked: int, locale: str) -> str:
    """All six verdicts in one line, and how many relations were compared."""

    def counted(verdicts: tuple[Verdict, ...]) -> str:
        return joined([say(VERDICT_COUNTS[verdict], locale, n=str(counts[verdict])) for verdict in verdicts], locale)

    return say_count(
        "{n} relation checked: {checked}; {not_checked}",
        "{n} relations checked: {checked}; {not_checked}",
        checked,
        locale,
        checked=counted(_CHECKED),
        not_checked=counted(_NOT_CHECKED),
    )


def _not_checked(report: Report, locale: str) -> Iterator[str]:
    if reasons := undecided_reasons(report):
        each = [
            say(N_("{reason} ({n})"), locale, reason=word(reason, REASON_WORDS, locale), n=str(number))
            for reason, number in reasons.items()
        ]
        yield say(N_("undecided because {reasons}"), locale, reasons=joined(each, locale))
    if report.unbound:
        packs = joined([f"{pack.name} {pack.version}" for pack in report.packs], locale)
        yield say_count(
            "{n} rule found no figures to check (packs: {packs})",
            "{n} rules found no figures to check (packs: {packs})",
            len(report.unbound),
            locale,
            packs=packs or "-",
        )
    if report.budget.unplaced:
        yield say_count(
            "{n} figure was read but not placed",
            "{n} figures were read but not placed",
            len(report.budget.unplaced),
            locale,
        )


def _assumed(report: Report, locale: str) -> Iterator[str]:
    """What was assumed about rounding, if it is not that totals and parts were rounded to nearest on their own."""
    assumed: dict[str, None] = {}
    for convention in report.conventions:
        for field in fields(convention):
            value = getattr(convention, field.name)
            if field.name in _OF_ROUNDING and value != getattr(_USUAL, field.name):
                named = CONVENTION_WORDS.get(f"{field.name}-{value}", CONVENTION_WORDS.get(field.name, ""))
                assumed[say(named, locale, value=str(value)) if named else f"{field.name} {value}"] = None
    if assumed:
        yield say(N_("assumed: {conventions}"), locale, conventions=joined(list(assumed), locale))
