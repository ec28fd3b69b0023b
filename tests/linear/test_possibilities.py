"""Exact systems against an oracle that eliminates: what is possible, how far, why not, and the lightest way out."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from tests.linear.conftest import problems

from budgetaudit.linear.certificate import holds, proves
from budgetaudit.linear.hitting import Effort, Search
from budgetaudit.linear.minimal import minimal_conflicts
from budgetaudit.linear.problem import Possibilities, Problem, Requirement
from budgetaudit.money.interval import Interval


def subsets(items):
    return [frozenset(chosen) for size in range(items + 1) for chosen in combinations(range(items), size)]


@given(problems(), st.randoms(use_true_random=False))
def test_possible_or_not_and_the_proof(oracle, drawn, chance):
    problem, items = drawn
    possibilities = Possibilities(problem)
    for given_up in chance.sample(subsets(items), min(6, 2**items)):
        conflicts = possibilities.conflicts_without(given_up)
        assert (not conflicts) == oracle.possible(problem, given_up)
        for conflict in conflicts:
            assert conflict.items.isdisjoint(given_up)
            assert proves(problem, conflict)
        if not conflicts:
            assert holds(problem, possibilities.point(), given_up)


@given(problems(), st.lists(st.sampled_from([1, 2, 3, None]), min_size=10, max_size=10))
def test_the_lightest_sets_are_those_of_all_subsets(oracle, drawn, weights):
    problem, items = drawn
    weights = weights[:items]
    found = Search(weights, Possibilities(problem).conflicts_without).lightest()
    least, sets = oracle.lightest(problem, weights)
    assert found.finished
    assert found.possible == (least is not None)
    if least is not None:
        assert (found.least, set(found.sets)) == (least, sets)


@given(problems(), st.lists(st.sampled_from([1, 2, 3]), min_size=10, max_size=10), st.integers(1, 3))
def test_heavier_sets_are_listed_on_request(oracle, drawn, weights, beyond):
    problem, items = drawn
    weights = weights[:items]
    found = Search(weights, Possibilities(problem).conflicts_without).lightest(beyond=beyond)
    least, _ = oracle.lightest(problem, weights)
    explaining = [chosen for chosen in subsets(items) if oracle.possible(problem, chosen)]
    smallest = [one for one in explaining if not any(other < one for other in explaining)]
    if least is not None:
        light = {one for one in smallest if sum(weights[item] for item in one) <= least + beyond}
        assert set(found.sets) == light


@given(problems(cases=False))
def test_ranges_end_where_nothing_beyond_is_possible(oracle, drawn):
    problem, _ = drawn
    possibilities = Possibilities(problem)
    ranges = possibilities.ranges(frozenset(), list(range(problem.columns)))
    if not oracle.possible(problem, frozenset()):
        assert ranges == [None] * problem.columns
        return
    for column, interval in enumerate(ranges):
        for end, closed, beyond in (
            (interval.lo, interval.lo_in, lambda end, by: Interval(None, end - by)),
            (interval.hi, interval.hi_in, lambda end, by: Interval(end + by, None)),
        ):
            if end is None:
                continue
            for outside in (beyond(end, Fraction(1, 1000)), *(() if closed else (Interval.point(end),))):
                further = (*problem.requirements, Requirement((((column, outside),),)))
                assert not oracle.possible(Problem(problem.columns, problem.rows, further), frozenset())
            inside = Interval.point(end) if closed else beyond(end, -Fraction(1, 10**6))
            further = (*problem.requirements, Requirement((((column, inside),),)))
            assert oracle.possible(Problem(problem.columns, problem.rows, further), frozenset())


@given(problems())
def test_minimal_conflicts_are_those_of_all_subsets(oracle, drawn):
    problem, items = drawn
    everything = frozenset(range(items))
    found = minimal_conflicts(range(items), Possibilities(problem).conflicts_without)
    failing = [kept for kept in subsets(items) if not oracle.possible(problem, everything - kept)]
    assert found.complete
    assert set(found.sets) == {one for one in failing if not any(other < one for other in failing)}


def test_effort_ends_a_search_with_what_is_proven():
    columns = 12
    held = tuple(
        Requirement((((column, Interval.point(Fraction(column % 3))),),), frozenset({column}))
        for column in range(columns)
    )
    rows = tuple({column: 1, column + 1: -1} for column in range(columns - 1))
    equal = tuple(Requirement((((columns + number, Interval.point(0)),),)) for number in range(columns - 1))
    problem = Problem(columns, rows, (*held, *equal))
    whole = Search([1] * columns, Possibilities(problem).conflicts_without).lightest()
    assert whole.finished
    assert whole.least == 8
    for tries in range(1, 30):
        part = Search([1] * columns, Possibilities(problem).conflicts_without, Effort(tries=tries)).lightest()
        assert part.least <= whole.least
        assert set(part.sets) <= set(whole.sets)
        assert part.finished <= (set(part.sets) == set(whole.sets))
