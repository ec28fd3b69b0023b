"""Which of two prints of one fact may be the slip: the one that is one slip away from the other, or that other sums refute.

Either print may be wrong, and both readings are offered; the relations that use the fact decide between them. Several
equal prints outweigh a single one, because each of them would need the same slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.priors import SLIP, chance
from budgetaudit.explain.situation import Situation
from budgetaudit.explain.slips import slips_between
from budgetaudit.money.amount import Amount

_MOST_PRINTS: Final = 40  # a label printed so often with different values is no single fact


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Both readings of a fact that is printed with two values; nothing where there are three."""
    prints: dict[Fraction, list[tuple[str, Amount]]] = {}
    if len(outcome.relation.terms) > _MOST_PRINTS:
        return
    for term in outcome.relation.terms:
        amount = situation.line(term.line).amount
        if amount is not None:
            prints.setdefault(amount.exact_value, []).append((term.line, amount))
    if len(prints) != 2:
        return
    one, other = prints.values()
    for suspected, believed in ((other, one), (one, other)):
        printed, true = suspected[0][1], believed[0][1]
        between = slips_between(printed, true) if printed.unit == true.unit else ()
        named = [(slip.code, chance(slip.code, ways=slip.ways, places=2)) for slip in between]
        code, likely = max(named, key=lambda entry: entry[1], default=("other-print", chance("other-print", places=2)))
        yield Hypothesis(
            code,
            tuple(line_id for line_id, _ in suspected),
            likely * SLIP ** (len(suspected) - 1),
            changes=tuple((line_id, true) for line_id, _ in suspected),
        )
