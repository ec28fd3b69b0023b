"""Likelihood: how probable a gap is if nothing but rounding, or nothing but cutting digits, made it.

Model: every part hides an error uniform over one step of its print, independently, and the total was rounded from the
same true sum; its own rounding is therefore no further error. The gap is then a cardinal B-spline variable with exact
rational probabilities, for equal steps a table of Eulerian numbers. Signs of weights do not matter under rounding.

The model asks for figures that carry hidden digits: parts printed as 0, counts and prints down to the smallest currency
unit do not. Ratios have no such law here. What the numbers mean for severity is decided in `findings`.

Sources: J. O. Irwin (1927), P. Hall (1927), distribution of a sum of uniform errors; docs/explanation/likelihood.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil, comb, factorial, floor, gcd, lcm, prod
from typing import TypeAlias

from budgetaudit.check.outcome import Likelihood, Outcome
from budgetaudit.check.quantity import Quantity, quantity_of
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.money.unit import Unit

_HALF = Fraction(1, 2)
_MOST_PARTS = 60
_MOST_GRID = 20_000  # cells
_MOST_TERMS = 20_000
_POSSIBLE = frozenset({"exact", "rounding"})

ModelledSum: TypeAlias = tuple[Fraction, Quantity, list[tuple[Fraction, Quantity]]]


@lru_cache(maxsize=256)
def rounding_law(parts: int) -> tuple[Fraction, ...]:
    """P(gap = 0), P(gap = ±1), ... in steps, for `parts` figures of equal step rounded to nearest (section 9.2).

    Raises:
        BudgetAuditError: There is no part.

    >>> [str(p) for p in rounding_law(4)]
    ['115/192', '19/96', '1/384']
    """
    if parts < 1:
        raise BudgetAuditError("a sum without parts has no gap")
    if parts == 1:
        return (Fraction(1),)
    if parts % 2:
        row, scale, middle = _eulerian(parts), factorial(parts), (parts - 1) // 2
    else:
        row, scale, middle = _eulerian_b(parts), 2**parts * factorial(parts), parts // 2
    return tuple(Fraction(count, scale) for count in row[middle:])


@lru_cache(maxsize=256)
def truncation_law(parts: int) -> tuple[Fraction, ...]:
    """P(gap = 0), ..., P(gap = parts - 1) in steps, if all digits beyond the step were cut off (section 9.5).

    >>> [str(p) for p in truncation_law(4)]
    ['1/24', '11/24', '11/24', '1/24']
    """
    if parts < 1:
        raise BudgetAuditError("a sum without parts has no gap")
    return tuple(Fraction(count, factorial(parts)) for count in _eulerian(parts))


def rounding_probability(gap: int, parts: int) -> Fraction:
    """P(total is printed exactly `gap` steps from its parts' sum) under rounding to nearest."""
    law = rounding_law(parts)
    return law[abs(gap)] if abs(gap) < len(law) else Fraction(0)


def rounding_p_value(gap: int, parts: int) -> Fraction:
    """Chance of a gap at least as improbable as this one: P(|gap| >= |gap seen|) for equal steps.

    >>> str(rounding_p_value(2, 4))
    '1/192'
    """
    law = rounding_law(parts)
    size = abs(gap)
    return Fraction(1) if size == 0 else 2 * sum(law[size:], Fraction(0))


def truncation_probability(gap: int, parts: int, *, negative: int = 0) -> Fraction:
    """P(gap) if digits were cut everywhere and `negative` of the parts carry a minus sign (total positive)."""
    law = truncation_law(parts)
    place = gap + negative
    return law[place] if 0 <= place < len(law) else Fraction(0)


def cut_parts_probability(gap: int, parts: int) -> Fraction:
    """P(gap) if the parts were cut off but the total was rounded."""
    errors = UniformErrors([_HALF] * parts)
    middle = Fraction(gap) - Fraction(parts, 2)
    return errors.below(middle + _HALF) - errors.below(middle - _HALF)


def cut_total_probability(gap: int, parts: int) -> Fraction:
    """P(gap) if the parts were rounded but the total was cut off."""
    errors = UniformErrors([_HALF] * parts)
    return errors.below(Fraction(gap + 1)) - errors.below(Fraction(gap))


class UniformErrors:
    """The sum of independent errors, each uniform on [-a, a], with an exact distribution function (section 9.4).

    Equal widths are grouped, so the alternating sum has Π (mₖ + 1) terms instead of 2ⁿ.
    """

    def __init__(self, half_widths: Sequence[Fraction]) -> None:
        self.half_widths = tuple(width for width in half_widths if width > 0)
        self.reach = sum(self.half_widths, Fraction(0))
        self._terms = self._shifts()

    def _shifts(self) -> Counter[Fraction]:
        terms: Counter[Fraction] = Counter({Fraction(0): 1})
        for width, count in Counter(self.half_widths).items():
            grown: Counter[Fraction] = Counter()
            for shift, weight in terms.items():
                for j in range(count + 1):
                    grown[shift + (count - 2 * j) * width] += weight * (-1) ** j * comb(count, j)
            terms = grown
        return terms

    def below(self, x: Fraction) -> Fraction:
        """P(sum <= x)."""
        n = len(self.half_widths)
        if n == 0:
            return Fraction(1 if x >= 0 else 0)
        if x >= self.reach:
            return Fraction(1)
        if x <= -self.reach:
            return Fraction(0)
        common = lcm(x.denominator, *(shift.denominator for shift in self._terms))
        at = int(x * common)
        total: int = sum(
            weight * reach**n for shift, weight in self._terms.items() if (reach := at + int(shift * common)) > 0
        )
        scale = Fraction(factorial(n) * common**n)
        for width in self.half_widths:
            scale *= 2 * width
        return total / scale


def mixed_rounding_law(
    parts_sum: Fraction, steps: Sequence[Fraction], total_step: Fraction
) -> dict[Fraction, Fraction]:
    """P(gap) for every gap the printed sum allows, parts of different steps (already times |weight|) (section 9.4).

    Raises:
        BudgetAuditError: `total_step` is not positive.

    >>> law = mixed_rounding_law(Fraction("7.49"), [Fraction(1, 100)] * 3, Fraction(1))
    >>> {str(gap): str(p) for gap, p in sorted(law.items())}
    {'-49/100': '47/48', '51/100': '1/48'}
    """
    if total_step <= 0:
        raise BudgetAuditError("the law of a gap needs a total printed in steps")
    steps = [step for step in steps if step > 0]
    grid = _common_step([*steps, total_step])
    on_grid = sum(steps, Fraction(0)) / grid <= _MOST_GRID
    law = _law_on_grid(parts_sum, steps, total_step, grid) if on_grid else _law_of_terms(parts_sum, steps, total_step)
    return {gap: chance for gap, chance in law if chance}


def _law_on_grid(
    parts_sum: Fraction, steps: Sequence[Fraction], total_step: Fraction, grid: Fraction
) -> Iterator[tuple[Fraction, Fraction]]:
    """The law by cells as wide as the common step of all prints, of which every step is a multiple."""
    half = sum(steps, Fraction(0)) / 2
    multiples = tuple(sorted(int(step / grid) for step in steps))
    width = int(total_step / grid)
    for multiple in _multiples(parts_sum, half, total_step):
        gap = multiple * total_step - parts_sum
        lower = (gap - total_step / 2 + half) / grid
        first = floor(lower)
        cells, whole = _cells(multiples, lower - first)
        yield gap, Fraction(sum(cells[max(first + 1, 0) : max(first + 1 + width, 0)]), whole)


@lru_cache(maxsize=32)
def _cells(multiples: tuple[int, ...], phase: Fraction) -> tuple[tuple[int, ...], int]:
    """P(j - 1 + phase < S <= j + phase) for j = 0, 1, ..., where S adds uniform errors on [0, m], and what to divide by.

    An error on [0, m] is one on [0, 1] plus a whole number below m. So the cells of n errors on [0, 1] are worked out by
    their alternating sum and then added up over a window of m cells for each part: integers only, linear in the cells.
    """
    n, unit = len(multiples), phase.denominator
    at = phase.numerator
    below = [sum((-1) ** i * comb(n, i) * (at + (j - i) * unit) ** n for i in range(j + 1)) for j in range(n)]
    whole = factorial(n) * unit**n
    cells = [high - low for low, high in pairwise([0, *below, whole])]
    for m in multiples:
        sums = [0, *accumulate(cells)]
        last = len(cells)
        cells = [sums[min(j + 1, last)] - sums[max(j + 1 - m, 0)] for j in range(last + m - 1)]
        whole *= m
    return tuple(cells), whole


def _law_of_terms(
    parts_sum: Fraction, steps: Sequence[Fraction], total_step: Fraction
) -> Iterator[tuple[Fraction, Fraction]]:
    """The law by its alternating sum: for steps too different to share a grid."""
    errors = UniformErrors([step / 2 for step in steps])
    upper: Fraction | None = None
    for multiple in _multiples(parts_sum, errors.reach, total_step):
        gap = multiple * total_step - parts_sum
        lower = errors.below(gap - total_step / 2) if upper is None else upper
        upper = errors.below(gap + total_step / 2)
        yield gap, upper - lower


def _multiples(parts_sum: Fraction, reach: Fraction, total_step: Fraction) -> range:
    """The totals, in steps, that parts of this sum may be printed with."""
    lowest = ceil((parts_sum - reach - total_step / 2) / total_step)
    return range(lowest, floor((parts_sum + reach + total_step / 2) / total_step) + 1)


def _common_step(steps: Sequence[Fraction]) -> Fraction:
    """The largest step of which all are multiples."""
    common = lcm(*(step.denominator for step in steps))
    return Fraction(gcd(*(int(step * common) for step in steps)), common)


def likelihood(outcome: Outcome, budget: Budget) -> Likelihood:
    """How probable the gap of a sum is under rounding and under truncation; empty where the model does not apply.

    It applies to complete sums with at least two non-zero parts, printed in steps coarser than the smallest currency
    unit. A gap on the touching end of the intervals has verdict `rounding` and likelihood 0.
    """
    modelled = modelled_sum(outcome, budget) if outcome.verdict in _POSSIBLE else None
    return Likelihood() if modelled is None else Likelihood(p_value(*modelled), _truncation(*modelled))


def gap_probability(outcome: Outcome, budget: Budget) -> Fraction | None:
    """The probability of exactly this gap under the convention of the relation; None where the model does not apply.

    Hypotheses are compared by these, never by p-values (section 9.3).
    """
    modelled = modelled_sum(outcome, budget) if outcome.verdict in _POSSIBLE else None
    if modelled is None:
        return None
    if outcome.relation.convention.rounding == "truncate":
        return _truncation(*modelled)
    gap, target, parts = modelled
    steps = [abs(weight) * part.step for weight, part in parts]
    if all(step == target.step for step in steps):
        return equal_steps_probability(gap, target.step, len(parts))
    law = _law(target, parts)
    return None if law is None else law.get(gap, Fraction(0))


def equal_steps_probability(gap: Fraction, step: Fraction, parts: int) -> Fraction:
    """The probability of exactly this gap, in base units, if the total and all parts are rounded to one step."""
    in_steps = gap / step
    return rounding_probability(int(in_steps), parts) if in_steps.denominator == 1 else Fraction(0)


def modelled_sum(outcome: Outcome, budget: Budget) -> ModelledSum | None:
    """Gap, total and weighted parts in base units, if the outcome is a sum that the model speaks of."""
    relation = outcome.relation
    if relation.form != "sum" or relation.constant is not None or outcome.gap is None or not outcome.complete:
        return None
    target: Quantity | None = None
    parts: list[tuple[Fraction, Quantity]] = []
    for term in relation.terms:
        quantity = quantity_of(budget.prints(term.line), relation.convention)
        if not isinstance(quantity, Quantity):
            continue
        if term.role == "total":
            target = quantity
        elif quantity.value != 0 and quantity.step > 0 and term.weight != 0:
            parts.append((term.weight, quantity))
    if target is None or not _carries_hidden_digits(target, parts):
        return None
    return outcome.gap * outcome.unit.scale, target, parts


def _carries_hidden_digits(target: Quantity, parts: Sequence[tuple[Fraction, Quantity]]) -> bool:
    least = min((part.step for _, part in parts), default=Fraction(0))
    return is_modelled(len(parts), target.step, least, target.unit)


def is_modelled(parts: int, target_step: Fraction, least_step: Fraction, unit: Unit) -> bool:
    """Whether the model speaks of a sum: 2 to 60 parts, and all steps coarser than the smallest currency unit."""
    smallest = Fraction(1, 100) if unit.kind == "money" and unit.currency else Fraction(0)
    return 2 <= parts <= _MOST_PARTS and target_step > smallest and least_step > smallest


def p_value(gap: Fraction, target: Quantity, parts: Sequence[tuple[Fraction, Quantity]]) -> Fraction | None:
    """How probable a gap at least as improbable is under rounding; None where it would take too long to work out."""
    steps = [abs(weight) * part.step for weight, part in parts]
    if all(step == target.step for step in steps):
        in_steps = gap / target.step
        return rounding_p_value(int(in_steps), len(parts)) if in_steps.denominator == 1 else Fraction(0)
    law = _law(target, parts)
    if law is None:
        return None
    seen = law.get(gap, Fraction(0))
    return sum((p for p in law.values() if p <= seen), Fraction(0)) if seen else Fraction(0)


def _law(target: Quantity, parts: Sequence[tuple[Fraction, Quantity]]) -> dict[Fraction, Fraction] | None:
    """The law of the gap for parts of mixed steps; None where it would take too long to work out."""
    steps = [abs(weight) * part.step for weight, part in parts]
    whole = sum(steps, Fraction(0))
    if whole / target.step > _MOST_GRID:
        return None
    if whole / _common_step([*steps, target.step]) > _MOST_GRID:
        terms = prod(count + 1 for count in Counter(steps).values())
        if terms * (whole / target.step + 2) > _MOST_TERMS:
            return None
    return mixed_rounding_law(sum((weight * part.value for weight, part in parts), Fraction(0)), steps, target.step)


def _truncation(gap: Fraction, target: Quantity, parts: Sequence[tuple[Fraction, Quantity]]) -> Fraction | None:
    same = all(abs(weight) == 1 and part.step == target.step for weight, part in parts)
    if not same or target.value <= 0 or any(part.value < 0 for _, part in parts):
        return None
    in_steps = gap / target.step
    negative = sum(1 for weight, _ in parts if weight < 0)
    return truncation_probability(int(in_steps), len(parts), negative=negative) if in_steps.denominator == 1 else None


@lru_cache(maxsize=256)
def _eulerian(n: int) -> tuple[int, ...]:
    row: tuple[int, ...] = (1,)
    for size in range(2, n + 1):
        before = (0, *row, 0)
        row = tuple((k + 1) * before[k + 1] + (size - k) * before[k] for k in range(size))
    return row


@lru_cache(maxsize=256)
def _eulerian_b(n: int) -> tuple[int, ...]:
    row: tuple[int, ...] = (1,)
    for size in range(1, n + 1):
        before = (0, *row, 0)
        row = tuple((2 * k + 1) * before[k + 1] + (2 * size - 2 * k + 1) * before[k] for k in range(size + 1))
    return row
