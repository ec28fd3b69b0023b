"""Quantities: what all prints of one fact, taken together, say about it.

The same fact may be printed several times, with different places and units (12,864,012.55 元 in a table, 1,286.40 万元 in
the text). Its true value lies in the intersection of what the prints allow, and its value is the finest print. Two
different prints with the same step contradict each other even where their closed intervals touch: no single rounding
prints both. Section 2 of the verdict semantics; nothing here knows of rules or sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from budgetaudit.check.outcome import Reason
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval, printed_interval
from budgetaudit.money.unit import Unit
from budgetaudit.rules.rule import Convention


@dataclass(frozen=True, slots=True)
class Quantity:
    """A fact with a value: the finest print, the interval all prints leave, in base units."""

    value: Fraction
    interval: Interval
    step: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True)
class Unusable:
    """A fact that cannot take part in a comparison, and why."""

    reasons: tuple[Reason, ...]


def quantity_of(lines: Iterable[BudgetLine], convention: Convention) -> Quantity | Unusable | None:
    """What the prints of one fact allow; None if nothing is printed at all (a missing figure, not a defect).

    Reasons come in the order of section 3: prints beside blanks, unknown precision, excess digits, conflicting values.
    """
    prints = list(lines)
    amounts = [line.amount for line in prints if line.amount is not None]
    if any(line.state == "unreadable" for line in prints):
        return Unusable(("missing-part",))
    if not amounts:
        return None
    reasons = _reasons(amounts, some_blank=len(amounts) < len(prints))
    if reasons:
        return Unusable(reasons)
    joint = _joint(amounts, convention)
    return joint if joint is not None else Unusable(("conflicting-figures",))


def _reasons(amounts: list[Amount], *, some_blank: bool) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if some_blank:
        found.append("conflicting-figures")
    if any(amount.precision == "unknown" for amount in amounts):
        found.append("unknown-precision")
    if any(amount.precision == "approximate" for amount in amounts):
        found.append("approximate")
    if any(amount.has_excess_digits for amount in amounts):
        found.append("excess-digits")
    if any(not amount.unit.measures_like(amounts[0].unit) for amount in amounts):
        found.append("units-differ")
    return tuple(found)


def _joint(amounts: list[Amount], convention: Convention) -> Quantity | None:
    by_step: dict[Fraction, Fraction] = {}
    interval: Interval | None = None
    for amount in amounts:
        step = hidden_step(amount, convention)
        value = amount.exact_value
        if by_step.setdefault(step, value) != value:
            return None
        allowed = printed_interval(value, step, rounding=convention.rounding, ties=convention.ties)
        interval = allowed if interval is None else interval.intersection(allowed)
        if interval is None:
            return None
    finest = min(amounts, key=lambda amount: hidden_step(amount, convention))
    step = hidden_step(finest, convention)
    assert interval is not None  # amounts is not empty
    return Quantity(finest.exact_value, interval, step, finest.unit)


def hidden_step(amount: Amount, convention: Convention) -> Fraction:
    """The step of a print in base units; 0 where nothing is hidden: exact figures, counts, and steps of at most
    `convention.exact_below` base units for money."""
    step = amount.step * amount.unit.scale
    if amount.unit.kind == "count":
        return Fraction(0)
    exact_below = convention.exact_below
    if exact_below is not None and amount.unit.kind == "money" and step <= Fraction(exact_below):
        return Fraction(0)
    return step
