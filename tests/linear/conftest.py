"""Problems drawn at random, and an oracle that knows only elimination and subsets."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import strategies as st

from budgetaudit.linear.problem import Problem, Requirement
from budgetaudit.money.interval import Interval

_ENDS = st.integers(-6, 6).map(Fraction)


@st.composite
def intervals(draw):
    shape = draw(st.sampled_from(["point", "both", "low", "high"]))
    low = draw(_ENDS)
    high = low + draw(st.integers(1, 3)) / Fraction(2)
    if shape == "point":
        return Interval.point(low)
    return Interval(
        None if shape == "high" else low, None if shape == "low" else high,
        shape != "high" and draw(st.booleans()), shape != "low" and draw(st.booleans()),
    )  # fmt: skip


@st.composite
def problems(draw, *, cases=True):
    """A few columns, each held by an item or free, and rows that must hold, some in one of two cases."""
    columns = draw(st.integers(1, 5))
    rows = draw(
        st.lists(
            st.dictionaries(st.integers(0, columns - 1), st.sampled_from([-3, -2, -1, 1, 2, 3]), min_size=1),
            min_size=1, max_size=4,
        )
    )  # fmt: skip
    requirements, items = [], 0
    for column in range(columns):
        for _ in range(draw(st.integers(0, 2))):
            requirements.append(Requirement((((column, draw(intervals())),),), frozenset({items})))
            items += 1
    for number in range(len(rows)):
        several = 2 if cases and draw(st.integers(0, 3)) == 0 else 1
        held = frozenset({draw(st.integers(0, items - 1))}) if items and draw(st.integers(0, 3)) == 0 else frozenset()
        requirements.append(Requirement(tuple(((columns + number, draw(intervals())),) for _ in range(several)), held))
    return Problem(columns, tuple(rows), tuple(requirements)), items


def eliminated(inequalities):
    """Fourier and Motzkin: whether Σ weight · column + constant < or <= 0 is possible for all of them."""
    rows = set(inequalities)
    while any(form for form, _, _ in rows):
        column = next(form[0][0] for form, _, _ in rows if form)
        above, below, rest = [], [], set()
        for form, constant, strict in rows:
            weight = dict(form).get(column, 0)
            if weight == 0:
                rest.add((form, constant, strict))
            else:
                scaled = {one: Fraction(other) / abs(weight) for one, other in form}
                (above if weight > 0 else below).append((scaled, Fraction(constant) / abs(weight), strict))
        for (one, c1, s1), (other, c2, s2) in product(above, below):
            total = {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}
            form = tuple(sorted((key, weight) for key, weight in total.items() if weight))
            rest.add((form, c1 + c2, s1 or s2))
        rows = rest
    return not any(constant > 0 or (strict and constant == 0) for _, constant, strict in rows)


def possible(problem, given_up):
    """Whether what stands is possible, in any choice of cases."""
    standing = [one for one in problem.requirements if one.held_by.isdisjoint(given_up)]
    for choice in product(*(one.cases for one in standing)):
        inequalities = []
        for variable, interval in (held for case in choice for held in case):
            row = {variable: 1} if variable < problem.columns else problem.rows[variable - problem.columns]
            if interval.hi is not None:
                form = tuple(sorted((column, Fraction(weight)) for column, weight in row.items()))
                inequalities.append((form, -interval.hi, not interval.hi_in))
            if interval.lo is not None:
                form = tuple(sorted((column, -Fraction(weight)) for column, weight in row.items()))
                inequalities.append((form, interval.lo, not interval.lo_in))
        if eliminated(inequalities):
            return True
    return False


def lightest(problem, weights):
    """All sets of least weight without which the rest is possible, by trying every one."""
    free = [item for item, weight in enumerate(weights) if weight is not None]
    found = [
        (sum(weights[item] for item in chosen), frozenset(chosen))
        for size in range(len(free) + 1)
        for chosen in combinations(free, size)
        if possible(problem, frozenset(chosen))
    ]
    if not found:
        return None, set()
    least = min(weight for weight, _ in found)
    return least, {chosen for weight, chosen in found if weight == least}


@pytest.fixture(scope="session")
def oracle():
    """`oracle.possible(problem, given_up)` and `oracle.lightest(problem, weights)`."""

    class Oracle:
        possible = staticmethod(possible)
        lightest = staticmethod(lightest)

    return Oracle
