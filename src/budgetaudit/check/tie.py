"""Tie-outs: all prints of one fact, held against each other.

A tie-out is exact if the finest print, rounded, gives every other one. Two prints with the same places are equal or
contradict each other: no single rounding prints one amount in two ways, even where their closed intervals touch. So a
tie-out passes as `rounding` only where the places differ, or where a document is known to nudge its figures.
"""

from __future__ import annotations

from fractions import Fraction

from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.check.quantity import common_interval, defects, finest_print, hidden_step
from budgetaudit.check.verdict import Figure, weigh_sum
from budgetaudit.model.budget import Budget
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval, printed_interval
from budgetaudit.rules.rule import Convention


def weigh_tie(relation: Relation, budget: Budget) -> Outcome:
    """Judge one tie-out; the gap is that of the print farthest from the finest one, in units of the first print."""
    convention = relation.convention
    amounts = [amount for term in relation.terms if (amount := budget.line(term.line).amount) is not None]
    if len(amounts) < 2:
        return Outcome(relation, "undecided", reasons=("nothing-to-compare",))
    unit = amounts[0].unit
    if reasons := defects(amounts):
        failed = "units-differ" in reasons
        return Outcome(
            relation, "failed" if failed else "undecided", unit=unit, complete=False,
            reasons=("units-differ", *(reason for reason in reasons if reason != "units-differ")) if failed else reasons,
        )  # fmt: skip
    finest = finest_print(amounts, convention)
    worst = max(amounts, key=lambda amount: abs(amount.exact_value - finest.exact_value))
    target, computed = _figure(worst, convention), _figure(finest, convention)
    weighed = weigh_sum(target, computed, tolerance=Fraction(convention.tolerance) * unit.scale)
    same_step = hidden_step(worst, convention) == hidden_step(finest, convention)
    bound = Fraction(convention.tolerance) * unit.scale if same_step else weighed.bound or Fraction(0)
    if convention.totals_from == "adjusted":
        bound += hidden_step(worst, convention)
    meets = common_interval(amounts, convention) is not None
    exact = meets and all(finest.exact_value in _figure(amount, convention).interval for amount in amounts)
    within = meets or (convention.tolerance != "0" and abs(weighed.gap) <= bound)
    scale = unit.scale
    return Outcome(
        relation, "exact" if exact else "rounding" if within else "inconsistent",
        gap=weighed.gap / scale, bound=bound / scale, unit=unit, computed=weighed.computed / scale,
        target_interval=target.interval.scaled(1 / scale), computed_interval=computed.interval.scaled(1 / scale),
    )  # fmt: skip


def _figure(amount: Amount, convention: Convention) -> Figure:
    interval: Interval = printed_interval(
        amount.exact_value, hidden_step(amount, convention), rounding=convention.rounding, ties=convention.ties
    )
    return Figure(amount.exact_value, interval)
