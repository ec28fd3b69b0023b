"""Localisation: the lightest sets of figures whose change makes every relation possible, with proofs.

Relations are taken together, also those that hold: a change must not break them. Every answer is checked against the
relations by a point of true values, every figure named wrong by a combination of relations; what could not be brought to
its end in the effort allowed says so.

Source: I. Fellegi, D. Holt, A systematic approach to automatic edit and imputation, JASA 71 (1976), for the question;
`linear.hitting` for the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from time import monotonic
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.errors import BudgetAuditError
from budgetaudit.explain.localisation import (
    Change,
    Combination,
    Explanation,
    Localisation,
    LocalisedBlock,
    Proof,
)
from budgetaudit.explain.situation import Situation
from budgetaudit.explain.system import Figure, System, systems
from budgetaudit.linear.certificate import holds, proves
from budgetaudit.linear.hitting import Effort, Lightest, Search
from budgetaudit.linear.problem import Conflict, Possibilities, Step
from budgetaudit.linear.simplex import OutOfTime
from budgetaudit.money.interval import Interval

# Weight of one line, None for one that must not change.
Weigh = Callable[[Figure], Fraction | None]

MOST: Final = 200
_MOST_PROOFS: Final = 12
_HELD: Final = Fraction(1, 4)


def localize(
    situation: Situation,
    *,
    weights: Mapping[str, int | Fraction | None] | None = None,
    beyond: int | Fraction = 0,
    most: int = MOST,
    tries: int | None = None,
    time_limit: float | None = None,
) -> Localisation:
    """Find the lightest sets of figures whose change makes every relation possible.

    Args:
        situation: The judged relations.
        weights: By line id how much a figure is trusted; None: it must not change. Figures that are not named weigh 1;
            equal prints of one fact weigh as much as all of them. Without any, see `default_weights`.
        beyond: List also explanations that are heavier than the lightest by at most this.
        most: The most explanations listed for one block.
        tries: The most sets of figures tried in one block.
        time_limit: Seconds for everything; what is not done then is reported as not finished.

    Raises:
        BudgetAuditError: A weight is not above 0, or there is no such line.
    """
    deadline = None if time_limit is None else monotonic() + time_limit
    weigh = default_weights(situation) if weights is None else given_weights(weights, situation)
    blocks = (
        _localized(system, weigh, Fraction(beyond), Effort(tries, deadline, most))
        for system in systems(situation)
        if any(outcome.verdict == "inconsistent" for outcome in system.outcomes) or len(system.outcomes) > 1
    )
    return Localisation(tuple(block for block in blocks if block is not None), situation.budget)


def default_weights(situation: Situation) -> Weigh:
    """What a figure weighs if nobody says: 1 for each print of it, and a quarter if another relation holds with it exactly."""

    def weight(figure: Figure) -> Fraction:
        held = any(
            outcome.verdict == "exact" and outcome.relation.form not in {"order", "tie"}
            for outcome in situation.about(figure.fact)
        )
        return Fraction(len(figure.lines)) + (_HELD if held else 0)

    return weight


def given_weights(weights: Mapping[str, int | Fraction | None], situation: Situation) -> Weigh:
    """Weights by line id; 1 for lines that are not named.

    Raises:
        BudgetAuditError: A weight is not above 0, or there is no such line.
    """
    for line, own in weights.items():
        situation.budget.line(line)
        if own is not None and own <= 0:
            raise BudgetAuditError(
                f"the weight of {line!r} is {own}, and must be above 0", hint="None keeps a figure as it is"
            )

    def weight(figure: Figure) -> Fraction | None:
        own = [weights.get(line, 1) for line in figure.lines]
        known = [one for one in own if one is not None]
        return Fraction(sum(known)) if len(known) == len(own) else None

    return weight


def _localized(system: System, weigh: Weigh, beyond: Fraction, effort: Effort) -> LocalisedBlock | None:
    possibilities = Possibilities(system.problem)
    possibilities.simplex.deadline = effort.deadline
    weights = [weigh(figure) for figure in system.figures]
    whole = lcm(beyond.denominator, *(weight.denominator for weight in weights if weight is not None))
    scaled = [None if weight is None else int(weight * whole) for weight in weights]
    found = Search(scaled, possibilities.conflicts_without, effort).lightest(beyond=int(beyond * whole))
    if found.sets == (frozenset(),):
        return None
    if not all(proves(system.problem, conflict) for conflict in found.conflicts):
        raise AssertionError("a proof of the localisation does not hold")  # never a guess in place of an answer
    explanations, finished = _explanations(system, possibilities, found, weights)
    return LocalisedBlock(
        system.outcomes,
        tuple(explanations),
        Fraction(found.least, whole),
        found.finished and finished,
        found.possible,
        tuple(_proofs(system, found.conflicts)),
    )


def _explanations(
    system: System, possibilities: Possibilities, found: Lightest, weights: Sequence[Fraction | None]
) -> tuple[list[Explanation], bool]:
    explanations: list[Explanation] = []
    try:
        for chosen in found.sets:
            assert not possibilities.conflicts_without(chosen)
            if not holds(system.problem, possibilities.point(), chosen):
                raise AssertionError("a point of the localisation does not hold")
            items = sorted(chosen)
            columns = [system.columns[system.figures[item].fact] for item in items]
            ranges = possibilities.ranges(chosen, columns)
            changes = tuple(
                _change(system, system.figures[item], needed) for item, needed in zip(items, ranges, strict=True)
            )
            weight = sum((own for item in items if (own := weights[item]) is not None), Fraction(0))
            explanations.append(Explanation(changes, weight, _restored(system, items)))
    except OutOfTime:
        return explanations, False
    return explanations, True


def _change(system: System, figure: Figure, needed: Interval | None) -> Change:
    assert needed is not None  # the set explains the block, so that some value is possible
    return Change(figure.lines, figure.amount, needed.scaled(1 / (system.scale * figure.amount.unit.scale)))


def _restored(system: System, items: Sequence[int]) -> tuple[Outcome, ...]:
    changed = {system.figures[item].fact for item in items}
    return tuple(
        outcome
        for outcome, facts in zip(system.outcomes, system.facts, strict=True)
        if outcome.verdict == "inconsistent" and not changed.isdisjoint(facts)
    )


def _proofs(system: System, conflicts: Sequence[Conflict]) -> Iterator[Proof]:
    """The shortest proofs, each figure in one of them only as long as others are to be had."""
    ordered = sorted(conflicts, key=lambda conflict: (len(conflict.items), sorted(conflict.items)))
    for conflict in ordered[:_MOST_PROOFS]:
        figures = tuple(system.figures[item].lines for item in sorted(conflict.items))
        yield Proof(figures, tuple(_combination(system, steps) for steps in conflict.proof))


def _combination(system: System, steps: Sequence[Step]) -> Combination:
    """What the rows of a proof say together: their ends on one side, what the figures reach on the other."""
    problem = system.problem
    relations: dict[int, Fraction] = {}
    figures: dict[int, Fraction] = {}
    required = reached = printed = Fraction(0)
    for step in steps:
        sign = -1 if step.upper else 1
        requirement = problem.requirements[step.requirement]
        interval = next(held for variable, held in requirement.cases[step.case] if variable == step.variable)
        end = interval.hi if step.upper else interval.lo
        assert end is not None  # an end that is open proves nothing
        number = system.said_by[step.requirement]
        if number is None and step.variable < problem.columns:
            (figure,) = requirement.held_by
            figures[figure] = figures.get(figure, Fraction(0)) - sign * step.times
            reached -= sign * step.times * end
            printed -= sign * step.times * problem.start[step.variable]
        else:
            required += sign * step.times * end
            if number is not None:
                row = step.variable - problem.columns
                factor = system.factors[row] if row >= 0 else 1
                relations[number] = relations.get(number, Fraction(0)) + sign * step.times * factor
    size = min((abs(times) for times in figures.values() if times), default=Fraction(1))
    unit = size * system.scale
    return Combination(
        tuple((system.outcomes[number], times / size) for number, times in sorted(relations.items())),
        tuple((system.figures[figure].lines, times / size) for figure, times in sorted(figures.items())),
        (required - printed) / unit,
        (reached - printed) / unit,
    )
