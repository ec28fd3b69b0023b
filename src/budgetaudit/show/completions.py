"""Figures that are not printed, as sentences: what they must be, and which relations say so."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from budgetaudit.explain.completion import Completion
from budgetaudit.findings.kind import N_
from budgetaudit.money.decimals import ending_places
from budgetaudit.money.show import show_measure
from budgetaudit.show.language import say, say_count
from budgetaudit.show.messages import joined
from budgetaudit.show.plain import printable

MOST_COMPLETIONS: Final = 20


def completion_sentences(completions: Sequence[Completion], locale: str) -> list[str]:
    """What the first of them must be, and how many more there are."""
    said = [completion_sentence(completion, locale) for completion in completions[:MOST_COMPLETIONS]]
    if rest := len(completions) - len(said):
        said.append(say_count("{n} further figure", "{n} further figures", rest, locale))
    return said


def completion_sentence(completion: Completion, locale: str) -> str:
    """What a figure that is not printed must be."""
    places = max(-int(completion.value.as_tuple().exponent), 0)
    value = printable(show_measure(Fraction(completion.value), completion.unit, places=places, locale=locale))
    rules = joined(
        [printable(rule) for rule in dict.fromkeys(outcome.relation.rule for outcome in completion.because)], locale
    )
    label = printable(completion.label)
    if completion.determined:
        return say(
            N_("{label} is not printed and must be {value} ({rules})"), locale, label=label, value=value, rules=rules
        )
    low, high = (
        printable(show_measure(end, completion.unit, places=max(places, ending_places(end) or 0), locale=locale))
        for end in (completion.interval.lo, completion.interval.hi)
        if end is not None
    )
    return say(
        N_("{label} is not printed and must be about {value}, between {low} and {high} ({rules})"),
        locale, label=label, value=value, low=low, high=high, rules=rules,
    )  # fmt: skip
