"""Linear systems: every drawn point satisfies what was asked, and what cannot be had is known to be so."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetaudit.testing.linear import Contradiction, Form, System

WEIGHTS = st.integers(-3, 3).map(Fraction)
UNKNOWNS = 5


@st.composite
def forms(draw):
    return Form.of(draw(st.lists(st.tuples(st.integers(0, UNKNOWNS - 1), WEIGHTS), min_size=1, max_size=3)))


@st.composite
def solvable(draw):
    """Equations and limits that one point, drawn first, satisfies."""
    point = dict(enumerate(draw(st.lists(st.integers(0, 5).map(Fraction), min_size=UNKNOWNS, max_size=UNKNOWNS))))
    equations = [Form(form.terms, -form.at(point)) for form in draw(st.lists(forms(), max_size=3))]
    slack = st.integers(0, 2)
    limits = [Form(form.terms, -form.at(point) - draw(slack)) for form in draw(st.lists(forms(), max_size=5))]
    limits += [Form({unknown: Fraction(-1)}) for unknown in range(UNKNOWNS)]
    return equations, limits


def drawing(draw):
    """Any place between two bounds, the bounds themselves included."""

    def place(_, low, high, now):
        lowest = low if low is not None else now - 9 if high is None else high - 9
        highest = high if high is not None else lowest + 9
        assert lowest <= now <= highest or (low is None or high is None)
        return lowest + (highest - lowest) * Fraction(draw(st.integers(0, 4)), 4)

    return place


@given(solvable(), st.data())
def test_every_drawn_point_satisfies_every_equation_and_limit(system, data):
    equations, limits = system
    values = System.of(range(UNKNOWNS), equations, limits).drawn(drawing(data.draw))
    assert set(values) == set(range(UNKNOWNS))
    assert all(equation.at(values) == 0 for equation in equations)
    assert all(limit.at(values) <= 0 for limit in limits)


@given(solvable(), forms())
def test_what_no_point_satisfies_is_refused(system, form):
    """Two limits a whole apart, of which one must fail, in whatever company."""
    equations, limits = system
    if form.terms:
        limits += [Form(form.terms, Fraction(1)), Form({u: -w for u, w in form.terms.items()}, Fraction(0))]
        with pytest.raises(Contradiction):
            System.of(range(UNKNOWNS), equations, limits)


def test_limits_that_touch_leave_one_value_and_not_none():
    below = [Form({0: Fraction(1), 1: Fraction(-1)}), Form({0: Fraction(-1), 1: Fraction(1)})]
    system = System.of([0, 1], [], below)
    values = system.drawn(lambda *_: Fraction(7))
    assert values == {0: 7, 1: 7}


def test_a_total_is_solved_for_and_not_a_part():
    system = System.of([0, 1, 2], [Form({0: Fraction(1), 1: Fraction(-1), 2: Fraction(-1)})], [])
    assert set(system.free) == {1, 2}
