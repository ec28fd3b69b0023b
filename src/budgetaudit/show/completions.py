"""Figures that are not printed, as sentences: what they must be, and which relations say so."""

from __future__ import annotations

from fractions import Fraction

from budgetaudit.explain.completion import Completion
from budgetaudit.findings.kind import N_
from budgetaudit.money.decimals import ending_places
from budgetaudit.money.show import show_measure
from budgetaudit.show.language import say
from budgetaudit.show.messages import joined
from budgetaudit.show.plain import printable


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
