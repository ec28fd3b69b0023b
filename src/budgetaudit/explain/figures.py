"""Which figure of a relation may be a slip of the pen: one that is a single slip away from what the relation needs.

Every figure is suspected in turn, total and ratio like the parts. Of a figure of which only a limit is known, nearly every
slip would do; there only a moved point and another unit are worth naming. Where a relation hardly bounds a figure, so many
digits could be wrong that none of them says anything: the most promising of a kind are weighed, those that other relations
of the figure allow as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.check.quantity import hidden_step
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.priors import SLIP, chance
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.explain.slips import SEPARATED, Slip, slips
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval, printed_interval
from budgetaudit.rules.rule import Convention

_COARSE: Final = frozenset({"decimal-shift", "unit-mix-up", "separator-misread"})
_MOST_OF_A_KIND: Final = 6
_MOST_PRINTS: Final = 20
_SELDOM: Final = 10
_MOST_RELATIONS: Final = 40


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """The slips of the pen that would make a relation possible.

    A fact that is printed several times alike would need the same slip every time, made once and copied.
    """
    places = len(outcome.relation.terms)
    for fact in situation.facts(outcome.relation):
        prints = situation.prints(fact)
        if len(prints) > _MOST_PRINTS:
            continue  # nobody makes one slip so often
        for slip in _promising(fact, outcome, situation):
            yield Hypothesis(
                slip.code,
                tuple(line.id for line in prints),
                chance(slip.code, ways=slip.ways, places=places) * SLIP ** (len(prints) - 1),
                changes=tuple((line.id, slip.true) for line in prints),
            )


def _promising(fact: Fact, outcome: Outcome, situation: Situation) -> Iterator[Slip]:
    """The slips in a fact that fit the relation; of many of one kind, those that fit most other relations.

    Of a mere limit every larger shift is as good, so that the smallest speaks for all.
    """
    fitting = list(_that_fit(fact, outcome, situation))
    if outcome.relation.form == "order":
        fitting = fitting[:1]
    by_kind: dict[str, list[Slip]] = {}
    for slip in fitting:
        by_kind.setdefault(slip.code, []).append(slip)
    for alike in by_kind.values():
        if len(alike) > _MOST_OF_A_KIND:
            alike.sort(key=lambda slip: -_fitting(slip.true, fact, situation))
        yield from alike[:_MOST_OF_A_KIND]


def _that_fit(fact: Fact, outcome: Outcome, situation: Situation) -> Iterator[Slip]:
    wanted, prints = situation.needed(outcome, fact), situation.prints(fact)
    amount = prints[0].amount
    if wanted is None or amount is None or any(line.amount != amount for line in prints):
        return
    scale, step = amount.unit.scale, amount.step * amount.unit.scale
    bounded = wanted.lo is not None and wanted.hi is not None
    near = wanted + Interval(-step, step)  # a print stands for values up to a step away; the exact test follows
    vanished = False
    usual = _usual_places(fact, outcome, situation) if amount.places in SEPARATED else None
    for slip in slips(amount, within=near.scaled(1 / scale), usual=usual, digits=bounded):
        if not (bounded or slip.code in _COARSE) or not _meant(slip.true, outcome).overlaps(wanted):
            continue
        if abs(slip.true.exact_value) >= step:
            yield slip
        elif slip.code == "unit-mix-up" and bounded and not vanished:
            vanished = True  # the smallest factor speaks for all: in another unit, or not to be counted at all
            yield replace(slip, ways=slip.ways * _SELDOM)


def _usual_places(fact: Fact, outcome: Outcome, situation: Situation) -> int | None:
    """The places to which most other figures of that unit are printed in a relation."""
    unit = next((line.amount.unit for line in situation.prints(fact) if line.amount is not None), None)
    amounts = [situation.line(term.line).amount for term in outcome.relation.terms if situation.fact(term.line) != fact]
    places = Counter(amount.places for amount in amounts if amount is not None and amount.unit == unit)
    return places.most_common(1)[0][0] if places else None


def _fitting(true: Amount, fact: Fact, situation: Situation) -> int:
    """How many relations of a fact are possible with another value of it."""
    needs = ((outcome, situation.needed(outcome, fact)) for outcome in situation.about(fact)[:_MOST_RELATIONS])
    return sum(1 for outcome, wanted in needs if wanted is not None and _meant(true, outcome).overlaps(wanted))


def _meant(true: Amount, outcome: Outcome) -> Interval:
    """What a figure would stand for under the convention of a relation."""
    convention: Convention = outcome.relation.convention
    step = hidden_step(true, convention)
    return printed_interval(true.exact_value, step, rounding=convention.rounding, ties=convention.ties)
