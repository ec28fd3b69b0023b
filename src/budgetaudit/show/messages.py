"""Messages: findings and causes as sentences of a language.

`findings.message` says which template a finding uses and gives its fields as typed values; here the template is taken
from the catalogue and each value is written for the reader: numbers by Babel, labels as the document prints them, lists
with the comma of the language. No other module of `show` turns a finding into words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kind import N_
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.message import Combination, Measured, Message, MessageField, chance_in, message
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.money.show import show_amount, show_measure, show_number
from budgetaudit.show.language import catalogue, say, say_count
from budgetaudit.show.plain import printable
from budgetaudit.show.words import CAUSE_WORDS, SEVERITY_WORDS, VERDICT_WORDS, word

MOST_CAUSES: Final = 5
_MOST_EDITS: Final = 4
# Where two fields meet; no value holds a NUL, because values are made printable first.
_SEAM: Final = re.compile(r"(.)\0(.)", re.DOTALL)
# Computed numbers that stand beside a printed one, and must not read like it unless they are equal to it.
_BESIDE: Final[Mapping[str, str]] = MappingProxyType({"computed": "target_amount", "right_amount": "left_amount"})


class _Gaps(dict[str, str]):
    """Fields of a sentence; one that is not there shows as …, so that the rest of a report is shown still."""

    def __missing__(self, name: str) -> str:
        return "…"

    def __or__(self, fields: Mapping[str, str]) -> _Gaps:  # type: ignore[override]
        return _Gaps({**self, **fields})


GAPS: Final = _Gaps()


def headline(finding: Finding, budget: Budget, locale: str) -> str:
    """What a finding says, in one sentence that stands alone."""
    return _written(message(finding, budget), locale)


def kind_name(finding: Finding, locale: str) -> str:
    """The name of the finding's kind."""
    return say(KINDS[finding.kind].name, locale)


def standing(finding: Finding, locale: str) -> str:
    """Severity and verdict: `warning, rounding`."""
    severity = word(finding.severity, SEVERITY_WORDS, locale)
    if finding.verdict is None:
        return severity
    verdict = word(finding.verdict, VERDICT_WORDS, locale)
    return say(N_("{severity}, {verdict}"), locale, severity=severity, verdict=verdict)


def cause_sentences(finding: Finding, budget: Budget, locale: str) -> list[str]:
    """The best hypotheses, best first, and how many more there are."""
    said = [cause_sentence(cause, finding, budget, locale) for cause in finding.causes[:MOST_CAUSES]]
    if finding.equals:
        said.append(
            say_count(
                "{n} explanation cannot be told apart",
                "the first {n} explanations cannot be told apart from these figures",
                len(finding.equals),
                locale,
            )
        )
    if rest := len(finding.causes) - min(len(finding.causes), MOST_CAUSES):
        said.append(say_count("{n} further cause is possible", "{n} further causes are possible", rest, locale))
    return said


def cause_sentence(cause: Cause, finding: Finding, budget: Budget, locale: str) -> str:
    """One hypothesis: what may have happened, and what undoing it would restore and break."""
    what = word(_cause_code(cause), CAUSE_WORDS, locale)
    if cause.code == "truncated-parts":  # all parts are concerned, and none in particular
        chance = None if finding.outcome is None else finding.outcome.likelihood.truncation
        return _frequency(what, chance, locale) if chance else what
    if cause.corrections:
        edits = _edits(cause.corrections, budget, locale)
        return say(
            N_("{cause}: {edits} would close the gap; {consequence}"),
            locale, cause=what, edits=edits, consequence=_consequence(cause.corrections, locale),
        )  # fmt: skip
    if cause.lines:
        figures = joined([_figure(budget.line(line_id), locale) for line_id in cause.lines], locale)
        return say(N_("{cause}: {figures}"), locale, cause=what, figures=figures)
    return what


def symptoms_sentence(finding: Finding, locale: str) -> str:
    """How many findings the same cause explains."""
    return say_count(
        "{n} further finding has the same cause",
        "{n} further findings have the same cause",
        len(finding.symptoms),
        locale,
    )


def joined(items: list[str] | tuple[str, ...], locale: str) -> str:
    """Items of a list with the comma of the language between them."""
    return say(N_(", "), locale).join(items)


def _cause_code(cause: Cause) -> str:
    """The code, with what its evidence adds to it: a part may be counted twice in the list or in the total."""
    counted = dict(cause.evidence).get("in")
    code = f"{cause.code}-in-{counted}"
    return code if code in CAUSE_WORDS else cause.code


def _figure(line: BudgetLine, locale: str) -> str:
    label = printable(line.label)
    return label if line.amount is None else f"{label} {printable(show_amount(line.amount, locale=locale))}"


def _frequency(cause: str, chance: Fraction, locale: str) -> str:
    often, sums = (show_number(number, locale=locale) for number in chance_in(chance))
    if often == "1":
        return say(N_("{cause}: such a gap in one of {sums} sums"), locale, cause=cause, sums=sums)
    return say(N_("{cause}: such a gap in {often} of {sums} sums"), locale, cause=cause, often=often, sums=sums)


def _edits(corrections: tuple[Correction, ...], budget: Budget, locale: str) -> str:
    """The first edits of a cause, and how many more there are."""
    different = list(dict.fromkeys(_edit(correction, budget) for correction in corrections))
    shown, rest = different[:_MOST_EDITS], len(different) - _MOST_EDITS
    if rest > 0:
        shown.append(say_count("{n} more figure", "{n} more figures", rest, locale))
    return joined(shown, locale)


def _edit(correction: Correction, budget: Budget) -> str:
    label = printable(budget.line(correction.line).label)
    return f"{label} {printable(correction.printed)} → {printable(correction.proposed)}"


def _consequence(corrections: tuple[Correction, ...], locale: str) -> str:
    restores, breaks = corrections[0].restores, corrections[0].breaks  # all edits of a cause are made together
    broken = (
        say_count("it breaks {n} other relation", "it breaks {n} other relations", len(breaks), locale)
        if breaks
        else say(N_("it breaks nothing else"), locale)
    )
    if len(restores) < 2:
        return broken
    restored = say_count("it restores {n} relation", "it restores {n} relations", len(restores), locale)
    return say(N_("{restored}, {broken}"), locale, restored=restored, broken=broken)


def _written(sentence: Message, locale: str) -> str:
    template = sentence.template
    if template.other:
        number = sentence.fields[template.count]
        assert isinstance(number, int)
        text = catalogue(locale).ngettext(template.one, template.other, number)
    else:
        text = say(template.one, locale)
    shown = {name: _field(name, sentence.fields, locale) for name in sentence.fields}
    return _SEAM.sub(_seam, text.replace("}{", "}\0{").format_map(GAPS | shown)).replace("\0", "")


def _seam(seam: re.Match[str]) -> str:
    """Nothing between two fields that Chinese sets side by side, a space between a Latin label and its amount."""
    return f"{seam[1]} {seam[2]}" if (seam[1] + seam[2]).isascii() else seam[1] + seam[2]


def _field(name: str, fields: Mapping[str, MessageField], locale: str) -> str:
    value = fields[name]
    match value:
        case str():
            return printable(value)
        case int():
            return show_number(value, locale=locale)
        case Amount():
            return printable(show_amount(value, locale=locale))
        case Measured():
            beside = _value_of(fields.get(_BESIDE.get(name, "")))
            return printable(show_measure(value.value, value.unit, places=value.places, beside=beside, locale=locale))
        case Combination():
            return _combination(value)
        case Message():
            return _written(value, locale)
        case tuple():
            return joined([printable(item) for item in value], locale)


def _value_of(field: MessageField | None) -> Fraction | None:
    match field:
        case Amount():
            return Fraction(field.value)
        case Measured():
            return field.value
        case _:
            return None


def _combination(side: Combination) -> str:
    """Labels with their signs: `goods + capital - grants`."""
    pieces = [
        f"{'-' if weight < 0 else '+'} {'' if abs(weight) == 1 else f'{abs(weight)} × '}{printable(label)}"
        for weight, label in side.terms
    ]
    return " ".join(pieces).removeprefix("+ ")
