"""Which of two prints of one fact may be the slip: the one that is one slip away from the other, or that other sums refute.

Either print may be wrong, and both readings are offered; the relations that use the fact decide between them. Several
equal prints outweigh a single one, because each of them would need the same slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.priors import SLIP, chance
from budgetaudit.explain.situation import Situation
from budgetaudit.explain.slips import one_slip_apart
from budgetaudit.money.amount import Amount


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Both readings of a fact that is printed with two values; nothing where there are three."""
    prints: dict[Fraction, list[tuple[str, Amount]]] = {}
    for term in outcome.relation.terms:
        amount = situation.budget.line(term.line).amount
        if amount is not None:
            prints.setdefault(amount.exact_value, []).append((term.line, amount))
    if len(prints) != 2:
        return
    one, other = prints.values()
    for suspected, believed in ((other, one), (one, other)):
        printed, true = suspected[0][1], believed[0][1]
        slip = one_slip_apart(printed, true) if printed.unit == true.unit else None
        code = "other-print" if slip is None else slip.code
        ways = 1 if slip is None else slip.ways
        yield Hypothesis(
            code,
            tuple(line_id for line_id, _ in suspected),
            chance(code, ways=ways, places=2) * SLIP ** (len(suspected) - 1),
            changes=tuple((line_id, true) for line_id, _ in suspected),
        )
