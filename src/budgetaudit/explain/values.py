"""One figure that should have another value, although no slip of the pen leads there.

What its relations need of a figure is an interval, often narrower than a unit of its last place: then the value is known even
if nobody can say what happened. Some such values have a story: the figure shows what is printed in another place (the total
of its own sum above all), or it counts from the beginning of a series instead of one period. Where there is no story, the
figure is named all the same; two relations that need the same value of it are proof, one is a suspicion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.consequence import POSSIBLE
from budgetaudit.explain.priors import FLAT, SLIP, chance
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval

_MOST_PRINTS: Final = 20
_MOST_FACTS: Final = 200
_LONG: Final = 12
_UNLIKE_PERIODS: Final = 20
_PERIOD: Final = re.compile(r"[qQ][1-4]\b|季|月|半年|[12][0-9]{3}|quarter|month|half", re.IGNORECASE)
_NEIGHBOURS: Final = 12  # a figure that is copied from elsewhere mostly comes from its own row or column


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """For each figure of a relation the value it should have, and where the printed one may come from."""
    places = len(outcome.relation.terms)
    long = places > _LONG
    for fact in situation.facts(outcome.relation)[:_MOST_FACTS]:
        prints = situation.prints(fact)
        wanted = situation.wanted(outcome, fact)
        amount = prints[0].amount
        if wanted is None or amount is None or len(prints) > _MOST_PRINTS:
            continue
        if long and _would_break(fact, wanted, situation):
            continue
        assert wanted.lo is not None
        assert wanted.hi is not None
        changes = situation.printing(fact, (wanted.lo + wanted.hi) / 2)
        if all(to.value == line.amount.value for line, (_, to) in zip(prints, changes, strict=False) if line.amount):
            continue
        lines, copied = tuple(line.id for line in prints), SLIP ** (len(prints) - 1)
        code = "wrong-percent" if amount.unit.kind in {"percent", "points"} else "wrong-component"
        yield Hypothesis(code, lines, chance(code, places=places) * FLAT * copied, changes)
        for story, origin, ways in _stories(fact, situation):
            likely = chance(story, ways=ways, places=places) * copied
            yield Hypothesis(story, lines, likely, changes, evidence=(("figure", origin),))
        for ways, value in _cumulated(fact, outcome, situation):
            likely = chance("cumulative-value", ways=ways) * copied
            yield Hypothesis("cumulative-value", lines, likely, situation.printing(fact, value))


def _would_break(fact: Fact, wanted: Interval, situation: Situation) -> bool:
    """Whether a relation that holds does not allow any of these values: in long sums such figures are not worth naming."""
    held = (situation.needed(other, fact) for other in situation.about(fact)[:_MOST_FACTS] if other.verdict in POSSIBLE)
    return any(need is not None and not need.overlaps(wanted) for need in held)


def _stories(fact: Fact, situation: Situation) -> Iterator[tuple[str, str, int]]:
    """Where the printed value stands as well: the cause, the line, and in how many ways that can happen."""
    first = situation.prints(fact)[0]
    amount = first.amount
    if amount is None or amount.unit.kind in {"percent", "points"} or len(amount.value.as_tuple().digits) < 2:
        return
    totals = _totals_over(fact, situation)
    tied = _tied_to(fact, situation)
    seen = 0
    for other in situation.worth(abs(amount.exact_value), abs(amount.exact_value), beside=first):
        alike = situation.fact(other.id)
        if alike == fact or alike in tied or other.amount is None or not _as_printed(other.amount, amount):
            continue
        if alike in totals:
            yield "parent-copied", other.id, 1
            return
        seen += 1
        if seen <= 2:
            yield "value-of-another", other.id, _NEIGHBOURS


def _as_printed(other: Amount, amount: Amount) -> bool:
    return other.value == amount.value and other.unit == amount.unit


def _totals_over(fact: Fact, situation: Situation) -> set[Fact]:
    """The totals of the sums of which a figure is a part."""
    return {
        situation.fact(term.line)
        for outcome in situation.about(fact)
        if outcome.relation.form == "sum"
        and any(_is_part(term.line, fact, situation) for term in outcome.relation.terms)
        for term in outcome.relation.terms
        if term.role == "total" and situation.fact(term.line) != fact
    }


def _is_part(line_id: str, fact: Fact, situation: Situation) -> bool:
    return situation.fact(line_id) == fact


def _tied_to(fact: Fact, situation: Situation) -> set[Fact]:
    """The figures that a relation which holds says are the same as this one: equal values are no wonder."""
    return {
        other
        for outcome in situation.about(fact)
        if len(outcome.relation.terms) == 2 and outcome.verdict in POSSIBLE
        for other in situation.facts(outcome.relation)
    }


def _cumulated(fact: Fact, outcome: Outcome, situation: Situation) -> Iterator[tuple[int, Fraction]]:
    """A part that counts from the beginning of its series: the printed value less the parts before it."""
    for other in (outcome, *(one for one in situation.about(fact) if one is not outcome)):
        relation = other.relation
        parts = [term for term in relation.terms if term.role == "part"]
        if relation.form != "sum" or len(parts) < 2 or any(term.weight != 1 for term in parts):
            continue
        place = next((n for n, term in enumerate(parts) if situation.fact(term.line) == fact), 0)
        amounts = [_value(situation.line(term.line)) for term in parts[: place + 1]]
        if place and None not in amounts:
            before = sum((value or Fraction(0) for value in amounts[:-1]), Fraction(0))
            alike = of_periods([situation.line(term.line) for term in parts])
            yield len(parts) * (1 if alike else _UNLIKE_PERIODS), (amounts[-1] or Fraction(0)) - before


def of_periods(lines: Sequence[BudgetLine]) -> bool:
    """Whether figures look like a series of months, quarters or years, in which one may count from the beginning."""
    periods = {line.identity.period for line in lines}
    return len(periods) == len(lines) or all(_PERIOD.search(line.label) for line in lines)


def _value(line: BudgetLine) -> Fraction | None:
    return None if line.amount is None else line.amount.exact_value
