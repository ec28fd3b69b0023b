"""Completion: figures that nobody prints, and that the relations determine or confine between two values.

A blank, a dash or a figure that cannot be read is free in its relations; what they leave of it is said, never filled in. In
a block that contradicts itself only figures are used that no proof calls in question. A part that has no line at all is
implied by its one relation, as the outcome says.

Source: T. de Waal, J. Pannekoek, S. Scholtus, Handbook of Statistical Data Editing and Imputation (2011), section 9.2, with
intervals in place of points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.explain.system import System, systems
from budgetaudit.linear.problem import Possibilities
from budgetaudit.linear.simplex import OutOfTime
from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import rounded
from budgetaudit.money.interval import Interval
from budgetaudit.money.unit import Unit

_MOST_EXCHANGES: Final = 20_000  # in one block; a block that takes more says nothing


@dataclass(frozen=True, slots=True)
class Completion:
    """A figure that is not printed, and what it must be.

    Attributes:
        label: The figure, as its line or its rule names it.
        lines: Its lines, which hold no usable figure; none if it has no line.
        interval: Its true values, in `unit`.
        unit: The unit of the figures that imply it.
        value: The middle of the interval, with the places of those figures: what the figures as printed give.
        determined: Whether no other value with these places lies in the interval.
        because: The relations that imply it.
    """

    label: str
    lines: tuple[str, ...]
    interval: Interval
    unit: Unit
    value: Decimal
    determined: bool
    because: tuple[Outcome, ...]


def completions(situation: Situation) -> tuple[Completion, ...]:
    """Every figure that is not printed and that the relations confine between two values, in the order of the document."""
    found = [completion for system in systems(situation, lacking=True) for completion in _in_block(system, situation)]
    found += _without_line(situation.outcomes, situation)
    return tuple(found)


def _in_block(system: System, situation: Situation) -> Iterator[Completion]:
    missing = [fact for fact in system.columns if not any(figure.fact == fact for figure in system.figures)]
    if not missing:
        return
    possibilities = Possibilities(system.problem)
    possibilities.simplex.limit = _MOST_EXCHANGES
    try:
        doubted = _doubted(possibilities)
        ranges = possibilities.ranges(doubted, [system.columns[fact] for fact in missing])
        for fact, interval in zip(missing, ranges, strict=True):
            if interval is not None and interval.lo is not None and interval.hi is not None:
                reasons = possibilities.excluding(system.columns[fact], interval)
                numbers = sorted({number for reason in reasons if (number := system.said_by[reason]) is not None})
                because = tuple(system.outcomes[number] for number in numbers)
                yield _completion(fact, interval.scaled(Fraction(1, system.scale)), because, situation)
    except OutOfTime:
        return


def _doubted(possibilities: Possibilities) -> frozenset[int]:
    """The figures that some proof calls in question; all that are left are possible together."""
    doubted: frozenset[int] = frozenset()
    while conflicts := possibilities.conflicts_without(doubted):
        new = frozenset[int]().union(*(conflict.items for conflict in conflicts))
        if not new:
            raise OutOfTime  # the relations contradict each other without any figure
        doubted |= new
    return doubted


def _completion(fact: Fact, interval: Interval, because: tuple[Outcome, ...], situation: Situation) -> Completion:
    lines = tuple(line.id for line in situation.prints(fact))
    label = situation.prints(fact)[0].label
    beside = _beside(because, fact, situation)
    unit = beside.unit if beside is not None else Unit()
    within = interval.scaled(1 / unit.scale)
    return Completion(label, lines, within, unit, *_value(within, beside), because)


def _beside(because: Iterable[Outcome], fact: Fact, situation: Situation) -> Amount | None:
    """A printed figure beside which the missing one would stand: of the same measure first."""
    amounts = [
        (situation.fact(term.line).identity.measure != fact.identity.measure, amount)
        for outcome in because
        for term in outcome.relation.terms
        if (amount := situation.budget.line(term.line).amount) is not None
    ]
    return min(amounts, key=lambda entry: entry[0], default=(False, None))[1]


def _value(interval: Interval, beside: Amount | None) -> tuple[Decimal, bool]:
    """The middle of the interval with the places of a figure beside it, and whether no other such value lies within."""
    assert interval.lo is not None
    assert interval.hi is not None
    places = 0 if beside is None else beside.places
    value = rounded((interval.lo + interval.hi) / 2, places)
    step = Fraction(10) ** -places
    others = (Fraction(value) - step, Fraction(value) + step)
    return value, Fraction(value) in interval and not any(other in interval for other in others)


def _without_line(outcomes: Iterable[Outcome], situation: Situation) -> Iterator[Completion]:
    """A single part that a rule names and no line reports."""
    for outcome in outcomes:
        relation, implied = outcome.relation, outcome.implied
        named = [label for label in outcome.absent if label]
        if len(named) != 1 or named != list(relation.missing) or implied is None:
            continue
        if implied.lo is not None and implied.hi is not None:
            total = next(term for term in relation.terms if term.role == "total")
            amount = situation.budget.line(total.line).amount
            yield Completion(named[0], (), implied, outcome.unit, *_value(implied, amount), (outcome,))
