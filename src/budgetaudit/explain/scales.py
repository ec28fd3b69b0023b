"""A whole table in another unit than it says: sums inside it hold, and everything that links it to others fails.

The table is found by its sums: the figures that relations which hold tie to the suspected one. A factor that closes the
relation in question is then tried on all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.consequence import POSSIBLE
from budgetaudit.explain.priors import chance
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.explain.slips import settled
from budgetaudit.model.statement import Term
from budgetaudit.money.amount import Amount

POWERS: Final = (3, 4, 8, 6, 1, 2)
_MOST_FACTS: Final = 6
_SMALLEST_TABLE: Final = 2
_UNWITNESSED: Final = 100
_LINKING: Final = frozenset({"sum", "growth", "share"})


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Tables of which all figures are written in another unit."""
    if outcome.relation.form not in _LINKING or outcome.verdict != "inconsistent":
        return
    for term in outcome.relation.terms[:_MOST_FACTS]:
        for power in _powers(situation.fact(term.line), outcome, situation):
            table = _table(term, power, outcome, situation)
            if table is None or len(table) < _SMALLEST_TABLE:
                continue
            changes = _scaled(
                sorted(table, key=lambda fact: situation.place(situation.prints(fact)[0].id)), power, situation
            )
            ways = 2 * len(POWERS) * (1 if _is_witnessed(table, outcome, situation) else _UNWITNESSED)
            likely = chance("unit-of-table", ways=ways)
            evidence = (("factor", f"10^{power}"),)
            yield Hypothesis("unit-of-table", tuple(changes), likely, tuple(changes.items()), evidence=evidence)


def _powers(fact: Fact, outcome: Outcome, situation: Situation) -> Iterator[int]:
    """The powers of ten by which a relation wants a figure larger or smaller, as far as its print can tell."""
    wanted, amount = situation.needed(outcome, fact), situation.prints(fact)[0].amount
    if wanted is None or amount is None or not amount.value:
        return
    for power in (sign * shift for shift in POWERS for sign in (1, -1)):
        if _moved(amount, power).interval().overlaps(wanted) and not _vanishes(fact, power, situation):
            yield power


def _table(term: Term, power: int, outcome: Outcome, situation: Situation) -> Mapping[Fact, None] | None:
    """The table of a figure and of those that fail like it, if moving all of it closes this relation."""
    start = situation.fact(term.line)
    if not _is_money(start, situation):
        return None
    table = dict(situation.linked(start))
    if not _closes(table, power, outcome, situation):
        return None
    for other in situation.failing():
        if other is outcome or other.relation.form != outcome.relation.form:
            continue
        facts = [situation.fact(one.line) for one in other.relation.terms if one.role == term.role]
        for fact in facts[:_MOST_FACTS]:
            if not _is_money(fact, situation) or fact in table or _vanishes(fact, power, situation):
                continue
            more = situation.linked(fact)
            apart = not any(one in table for one in situation.facts(other.relation))
            if apart and _closes(more, power, other, situation):
                table |= more
    return table


def _is_witnessed(table: Mapping[Fact, None], outcome: Outcome, situation: Situation) -> bool:
    """Whether several figures on either side say so, and not one alone that may itself be the odd one."""
    inside = {fact for fact in table if any(one.verdict == "inconsistent" for one in situation.about(fact))}
    alike = (one for one in situation.failing() if one.relation.form == outcome.relation.form)
    outside = {fact for one in alike for fact in _outside(one, table, situation)}
    return len(inside) > 1 and len(outside) > 1


def _vanishes(fact: Fact, power: int, situation: Situation) -> bool:
    """Whether a figure in the other unit would be less than what is printed can show: then any unit would do."""
    amount = situation.prints(fact)[0].amount
    return amount is None or abs(amount.exact_value) * Fraction(10) ** power < amount.step * amount.unit.scale


def _closes(table: Mapping[Fact, None], power: int, outcome: Outcome, situation: Situation) -> bool:
    here = [fact for fact in situation.facts(outcome.relation) if fact in table]
    after = evaluate(outcome.relation, situation.excerpt(outcome.relation, _scaled(here, power, situation)))
    return after.verdict in POSSIBLE


def _outside(outcome: Outcome, table: Mapping[Fact, None], situation: Situation) -> set[Fact]:
    facts = situation.facts(outcome.relation)
    if not any(fact in table for fact in facts):
        return set()
    return {fact for fact in facts if fact not in table and _is_money(fact, situation)}


def _scaled(table: Iterable[Fact], power: int, situation: Situation) -> dict[str, Amount]:
    return {
        line.id: _moved(line.amount, power)
        for fact in table
        for line in situation.prints(fact)
        if line.amount is not None
    }


def _is_money(fact: Fact, situation: Situation) -> bool:
    amount = situation.prints(fact)[0].amount
    return amount is not None and amount.unit.kind in {"money", "number"}


def _moved(amount: Amount, power: int) -> Amount:
    sign, digits, exponent = amount.value.as_tuple()
    assert isinstance(exponent, int)  # an amount is finite
    return settled(
        replace(amount, value=Decimal((sign, digits, exponent + power)), places=amount.places - power), amount.places
    )
