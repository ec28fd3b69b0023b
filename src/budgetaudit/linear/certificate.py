"""Certificates: points and proofs checked against a problem, without anything of what found them.

A point must lie in one case of every requirement that stands. A proof is a list of ends for each choice of cases: lower ends
minus upper ends, each so often, must be a sum of columns that cancels, and yet be above 0 by what the ends say (Farkas).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from budgetaudit.linear.problem import Conflict, Problem, Step


def holds(problem: Problem, point: Sequence[Fraction], given_up: Collection[int]) -> bool:
    """Whether every requirement that stands without these items holds at a point of the columns."""
    values = [*point, *(sum((weight * point[one] for one, weight in row.items()), Fraction(0)) for row in problem.rows)]
    return all(
        any(all(values[variable] in interval for variable, interval in case) for case in requirement.cases)
        for requirement in problem.requirements
        if requirement.held_by.isdisjoint(given_up)
    )


def proves(problem: Problem, conflict: Conflict) -> bool:
    """Whether the requirements that these items hold contradict each other as the proof says."""
    used = {step.requirement for steps in conflict.proof for step in steps}
    held = all(problem.requirements[number].held_by <= conflict.items for number in used)
    return held and all(_contradicts(problem, steps) for steps in conflict.proof) and _covers(problem, conflict)


def _covers(problem: Problem, conflict: Conflict) -> bool:
    """Whether no choice of cases is left out: each takes at least one of the combinations with it."""
    chosen = [frozenset((step.requirement, step.case) for step in steps) for steps in conflict.proof]
    several = sorted(
        {number for one in chosen for number, _ in one if len(problem.requirements[number].cases) > 1}, reverse=True
    )

    def covered(picked: frozenset[tuple[int, int]], rest: Sequence[int]) -> bool:
        if any(all(one in picked or one[0] not in several for one in combination) for combination in chosen):
            return True
        if not rest:
            return False
        number, *others = rest
        return all(
            covered(picked | {(number, case)}, others) for case in range(len(problem.requirements[number].cases))
        )

    return covered(frozenset(), several)


def _contradicts(problem: Problem, steps: Sequence[Step]) -> bool:
    form: dict[int, int] = {}
    total, strict = Fraction(0), False
    for step in steps:
        sign = -1 if step.upper else 1
        interval = next(
            held
            for variable, held in problem.requirements[step.requirement].cases[step.case]
            if variable == step.variable
        )
        end, closed = (interval.hi, interval.hi_in) if step.upper else (interval.lo, interval.lo_in)
        if end is None or step.times <= 0:
            return False
        total += sign * step.times * end
        strict = strict or not closed
        row = problem.rows[step.variable - problem.columns] if step.variable >= problem.columns else {step.variable: 1}
        for column, weight in row.items():
            form[column] = form.get(column, 0) + sign * step.times * weight
    return not any(form.values()) and (total > 0 or (total == 0 and strict))
