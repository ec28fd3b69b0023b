"""Quantities: what all prints of one fact, taken together, say about it.

The same fact may be printed several times, with different places and units (12,864,012.55 元 in a table, 1,286.40 万元 in
the text). Its true value lies in the intersection of what the prints allow, and its value is the finest print. Two
different prints with the same step contradict each other even where their closed intervals touch: no single rounding
prints both. Section 2 of the verdict semantics; nothing here knows of rules or sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Final

from budgetaudit.check.outcome import Reason
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Interval, Rounding, printed_interval
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.rules.rule import Convention


@dataclass(frozen=True, slots=True)
class Quantity:
    """A fact with a value: the finest print, the interval all prints leave, in base units.

    `blank` is a cell that is empty or holds a dash where that says zero; its unit is not known.
    """

    value: Fraction
    interval: Interval
    step: Fraction
    unit: Unit
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """A fact that cannot take part in a comparison, and why."""

    reasons: tuple[Reason, ...]


_BLANK: Final = Quantity(Fraction(0), Interval.point(Fraction(0)), Fraction(0), NUMBER, blank=True)


class Quantities:
    """The quantities of one budget, each worked out once per convention."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._known: dict[tuple[str, Convention], Quantity | Unusable | None] = {}

    def of(self, line_id: str, convention: Convention) -> Quantity | Unusable | None:
        """What all prints of the fact that a line reports allow."""
        prints = self.budget.prints(line_id)
        key = (prints[0].id, convention)
        if key not in self._known:
            self._known[key] = quantity_of(prints, convention)
        return self._known[key]


def quantity_of(lines: Iterable[BudgetLine], convention: Convention) -> Quantity | Unusable | None:
    """What the prints of one fact allow; None if nothing is printed at all (a missing figure, not a defect).

    Reasons come in the order of section 3: prints beside blanks, unknown precision, excess digits, conflicting values.
    """
    prints = list(lines)
    printed = [line.amount for line in prints if line.amount is not None]
    amounts = tuple(dict.fromkeys(printed))  # printed alike a thousand times it says what it says once
    if any(line.state == "unreadable" for line in prints):
        return Unusable(("missing-part",))
    if not amounts:
        return _BLANK if convention.blank == "zero" and prints else None
    spellings = tuple(amount.unit.text for amount in amounts)  # which do not make amounts different
    return _of_amounts(amounts, spellings, len(printed) < len(prints), convention)


@lru_cache(maxsize=1 << 14)
def _of_amounts(
    amounts: tuple[Amount, ...], _spellings: tuple[str, ...], some_blank: bool, convention: Convention
) -> Quantity | Unusable:
    """What different prints of one fact allow; the same figures are asked for again with every relation they stand in."""
    zero = convention.blank == "zero"
    reasons = defects(amounts, some_blank=some_blank and not (zero and all(amount.value == 0 for amount in amounts)))
    if reasons:
        return Unusable(reasons)
    interval = common_interval(amounts, convention)
    if interval is None:
        return Unusable(("conflicting-figures",))
    finest = finest_print(amounts, convention)
    return Quantity(finest.exact_value, interval, hidden_step(finest, convention), finest.unit)


def added(quantities: Iterable[Quantity | Unusable | None]) -> Quantity | Unusable | None:
    """The sum of several facts; unusable if one of them is, None if nothing is printed of any."""
    found = list(quantities)
    unusable = next((one for one in found if isinstance(one, Unusable)), None)
    usable = [one for one in found if isinstance(one, Quantity)]
    if unusable is not None or not usable:
        return unusable
    usable.sort(key=lambda one: one.blank)
    whole = usable[0]
    for one in usable[1:]:
        whole = replace(
            whole,
            value=whole.value + one.value,
            interval=whole.interval + one.interval,
            step=max(whole.step, one.step),
        )
    return whole


def defects(amounts: Sequence[Amount], *, some_blank: bool = False) -> tuple[Reason, ...]:
    """Why prints of one fact cannot be used, whatever their values are."""
    found: list[Reason] = []
    units = {amount.unit for amount in amounts}
    if some_blank:
        found.append("conflicting-figures")
    if any(amount.precision == "unknown" for amount in amounts):
        found.append("unknown-precision")
    if any(amount.precision == "approximate" for amount in amounts):
        found.append("approximate")
    if any(amount.has_excess_digits for amount in amounts):
        found.append("excess-digits")
    if any(not one.measures_like(other) for one, other in combinations(units, 2)):
        found.append("units-differ")
    return tuple(found)


def common_interval(amounts: Sequence[Amount], convention: Convention) -> Interval | None:
    """The true values behind all prints of one fact; None if they contradict each other.

    Two different prints with the same step contradict each other unless the document is known to nudge figures so that its
    columns add (`totals_from` is `adjusted`): then each may stand a whole step away from the truth.
    """
    interval = _intersection(amounts, convention, rounding=convention.rounding)
    values: dict[Fraction, Fraction] = {}
    same = all(
        values.setdefault(hidden_step(amount, convention), amount.exact_value) == amount.exact_value
        for amount in amounts
    )
    if interval is not None and same:
        return interval
    return _intersection(amounts, convention, rounding="nudged") if convention.totals_from == "adjusted" else None


def _intersection(amounts: Sequence[Amount], convention: Convention, *, rounding: Rounding) -> Interval | None:
    common: Interval | None = None
    for amount in amounts:
        step = hidden_step(amount, convention)
        allowed = printed_interval(amount.exact_value, step, rounding=rounding, ties=convention.ties)
        common = allowed if common is None else common.intersection(allowed)
        if common is None:
            return None
    return common


def finest_print(amounts: Sequence[Amount], convention: Convention) -> Amount:
    """The print with the smallest step, the first of several: its value is the value of the fact."""
    return min(amounts, key=lambda amount: hidden_step(amount, convention))


def hidden_step(amount: Amount, convention: Convention) -> Fraction:
    """The step of a print in base units; 0 where nothing is hidden.

    Nothing is hidden by exact figures, counts, and money in steps of at most `convention.exact_below` base units.
    """
    step = amount.step * amount.unit.scale
    if amount.unit.kind == "count":
        return Fraction(0)
    exact_below = convention.exact_below
    if exact_below is not None and amount.unit.kind == "money" and step <= Fraction(exact_below):
        return Fraction(0)
    return step
