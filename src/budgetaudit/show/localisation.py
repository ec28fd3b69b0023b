"""Localisation as text: for each block the figures that may be wrong, what they should be, and the proof that one is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from budgetaudit.explain.localisation import Change, Combination, Explanation, Localisation, LocalisedBlock, Proof
from budgetaudit.findings.kind import N_
from budgetaudit.model.budget import Budget
from budgetaudit.money.decimals import ending_places
from budgetaudit.money.interval import Interval
from budgetaudit.money.show import show_amount, show_measure, show_number
from budgetaudit.show.language import say, say_count
from budgetaudit.show.messages import joined
from budgetaudit.show.plain import printable

_MOST_FIGURES = 8


def show_localisation(localisation: Localisation, budget: Budget, *, locale: str = "en") -> str:
    """The localisation as text that ends in a line break."""
    if not localisation.blocks:
        return say(N_("no figure need be wrong: all relations are possible together"), locale) + "\n"
    return "\n\n".join("\n".join(_block(block, budget, locale)) for block in localisation.blocks) + "\n"


def proof_sentence(proof: Proof, budget: Budget, locale: str) -> str:
    """Why at least one figure of a set is wrong."""
    if not proof.figures:
        return say(N_("the relations contradict each other, whatever the figures are"), locale)
    names = [_figure(lines, budget, locale) for lines in proof.figures[:_MOST_FIGURES]]
    if more := len(proof.figures) - len(names):
        names.append(say_count("{n} further figure", "{n} further figures", more, locale))
    said = "; ".join(_combination(one, budget, locale) for one in proof.combinations)
    return say(
        N_("one of these is wrong: {figures} ({combination})"), locale, figures=joined(names, locale), combination=said
    )


def _block(block: LocalisedBlock, budget: Budget, locale: str) -> Iterator[str]:
    rules = joined(
        [printable(one) for one in dict.fromkeys(outcome.relation.rule for outcome in block.violated)], locale
    )
    if rules:
        yield say(N_("{rules} cannot hold as printed"), locale, rules=rules)
    else:
        yield say(N_("relations that hold one by one cannot hold together"), locale)
    if not block.possible:
        yield "  " + say(N_("no change of figures that may change makes them possible"), locale)
    for explanation in block.explanations:
        yield "  " + _explanation(explanation, budget, locale)
    if not block.finished:
        least = show_number(block.least, locale=locale)
        yield "  " + say(N_("not finished: every explanation weighs at least {least}"), locale, least=least)
    for proof in block.proofs[:3]:
        yield "  " + proof_sentence(proof, budget, locale)


def _explanation(explanation: Explanation, budget: Budget, locale: str) -> str:
    changes = joined([_change(change, budget, locale) for change in explanation.changes], locale)
    weight = show_number(explanation.weight, locale=locale)
    return say(N_("{changes} (weight {weight})"), locale, changes=changes, weight=weight)


def _change(change: Change, budget: Budget, locale: str) -> str:
    label = _name(change.lines, budget)
    printed = printable(show_amount(change.printed, locale=locale))
    return say(
        N_("{label} {printed} → {needed}"), locale, label=label, printed=printed, needed=_interval(change, locale)
    )


def _interval(change: Change, locale: str) -> str:
    interval: Interval = change.needed

    def shown(end: Fraction) -> str:
        ends = ending_places(end)  # an endless fraction is shown finer than the print, or both ends read alike
        places = max(change.printed.places, ends if ends is not None else change.printed.places + 2)
        return printable(show_measure(end, change.printed.unit, places=places, locale=locale))

    if interval.is_point and interval.lo is not None:
        return shown(interval.lo)
    if interval.lo is not None and interval.hi is not None:
        return say(N_("{low} to {high}"), locale, low=shown(interval.lo), high=shown(interval.hi))
    if interval.lo is not None:
        return say(N_("{low} or more"), locale, low=shown(interval.lo))
    if interval.hi is not None:
        return say(N_("{high} or less"), locale, high=shown(interval.hi))
    return say(N_("any value"), locale)


def _combination(combination: Combination, budget: Budget, locale: str) -> str:
    """The relations that are added and subtracted, the gap they leave, and how far the prints reach."""
    turned = -1 if combination.relations and combination.relations[0][1] < 0 else 1
    pieces = [
        f"{'-' if turned * times < 0 else '+'} {'' if abs(times) == 1 else f'{abs(times)} × '}{printable(outcome.relation.rule)}"
        for outcome, times in combination.relations
    ]
    scale = next(
        (amount.unit.scale for lines, _ in combination.figures if (amount := budget.line(lines[0]).amount)), Fraction(1)
    )
    gap, bound = (show_number(value / scale, locale=locale, places=2) for value in (combination.gap, combination.bound))
    relations = " ".join(pieces).removeprefix("+ ")
    return say(
        N_("{relations}: gap {gap}, the prints reach {bound}"), locale, relations=relations, gap=gap, bound=bound
    )


def _figure(lines: tuple[str, ...], budget: Budget, locale: str) -> str:
    """A figure by its label and its print: an amount, its change and its growth often share the label."""
    amount = budget.line(lines[0]).amount
    assert amount is not None  # only a print can be wrong
    return f"{_name(lines, budget)} {printable(show_amount(amount, locale=locale))}"


def _name(lines: tuple[str, ...], budget: Budget) -> str:
    return printable(budget.line(lines[0]).label)
