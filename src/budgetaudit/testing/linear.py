"""Linear systems over the rationals: solved exactly, so that figures can be drawn that satisfy them by construction.

Equations are eliminated once; what is left are free unknowns, the others as linear forms of them, and inequalities
between free unknowns. A point inside is found by the simplex method (first phase, Bland's rule: it ends). From there,
unknowns are drawn one after the other, each between the bounds that the values of all others leave, so that no drawn
point ever has to be rejected. Everything is exact; nothing here knows of budgets.

Source: the simplex method as in V. Chvátal, Linear Programming (1983), chapters 2, 3 and 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

Number = int | Fraction
Draw = Callable[[int, Fraction | None, Fraction | None, Number], Number]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Form:
    """Σ coefficient · unknown + constant, unknowns by number."""

    terms: Mapping[int, Fraction]
    constant: Fraction = _ZERO

    @classmethod
    def of(cls, terms: Iterable[tuple[int, Fraction]], constant: Fraction = _ZERO) -> Form:
        """The form of these terms; an unknown that stands twice is added up."""
        summed: dict[int, Fraction] = {}
        for unknown, weight in terms:
            summed[unknown] = summed.get(unknown, _ZERO) + weight
        return cls({unknown: weight for unknown, weight in summed.items() if weight}, constant)

    def plus(self, other: Form, factor: Fraction = Fraction(1)) -> Form:
        """The sum of this form and `factor` times another."""
        return Form.of(
            [*self.terms.items(), *((unknown, factor * weight) for unknown, weight in other.terms.items())],
            self.constant + factor * other.constant,
        )

    def at(self, values: Mapping[int, Number]) -> Fraction:
        """The value where every unknown has one."""
        return sum((weight * values[unknown] for unknown, weight in self.terms.items()), self.constant)

    def within(self, known: Mapping[int, Form]) -> Form:
        """The form with the forms of known unknowns put in their place."""
        if known.keys().isdisjoint(self.terms):
            return self
        form = Form({unknown: weight for unknown, weight in self.terms.items() if unknown not in known}, self.constant)
        for unknown, weight in self.terms.items():
            if unknown in known:
                form = form.plus(known[unknown], weight)
        return form


class Contradiction(Exception):
    """The relations of a system exclude each other."""


@dataclass(frozen=True)
class System:
    """A system solved for some of its unknowns.

    Attributes:
        free: The unknowns to draw, in the order to draw them: what bounds others from above comes first; one in a circle
            of these is drawn twice.
        solved: All other unknowns as forms of free ones.
        limits: Forms of free unknowns that are at most 0.
        start: A point that satisfies every limit.
    """

    free: tuple[int, ...]
    solved: Mapping[int, Form]
    limits: tuple[Form, ...]
    start: Mapping[int, Fraction]

    @classmethod
    def of(cls, unknowns: Sequence[int], equations: Iterable[Form], limits: Iterable[Form]) -> System:
        """Solve equations (forms that are 0) and limits (forms that are at most 0).

        Raises:
            Contradiction: No point satisfies them all.
        """
        asked, limited = list(equations), list(limits)
        while True:
            solved = _eliminated(asked)
            kept = _tightest(limit.within(solved) for limit in limited)
            touching = _touching(kept)
            if not touching:
                break
            asked += touching  # a ≤ b and b ≤ a leave no room to draw in: they are one equation
        free = [unknown for unknown in unknowns if unknown not in solved]
        start = _inside(free, kept)
        return cls(tuple(_ordered(free, kept)), solved, tuple(kept), start)

    @cached_property
    def _limits_of(self) -> dict[int, list[tuple[int, Fraction]]]:
        """The limits that name a free unknown, by number, and its weight in them."""
        found: dict[int, list[tuple[int, Fraction]]] = {unknown: [] for unknown in self.free}
        for number, limit in enumerate(self.limits):
            for unknown, weight in limit.terms.items():
                found[unknown].append((number, weight))
        return found

    @cached_property
    def _at_start(self) -> tuple[Fraction, ...]:
        return tuple(limit.at(self.start) for limit in self.limits)

    def drawn(self, draw: Draw) -> dict[int, Number]:
        """A point that satisfies the system.

        Args:
            draw: Gives a value for a free unknown between two bounds, either of which may be missing; it may always
                answer with the value the unknown has.
        """
        values: dict[int, Number] = dict(self.start)
        reached = list(self._at_start)
        for unknown in self.free:
            now = values[unknown]
            low: Fraction | None = None
            high: Fraction | None = None
            for number, weight in self._limits_of[unknown]:
                end = now - reached[number] / weight
                if weight > 0:
                    high = end if high is None else min(high, end)
                else:
                    low = end if low is None else max(low, end)
            values[unknown] = drawn = draw(unknown, low, high, now)
            if drawn != now:
                for number, weight in self._limits_of[unknown]:
                    reached[number] += weight * (drawn - now)
        for unknown, form in self.solved.items():
            values[unknown] = form.at(values)
        return values


def _tightest(limits: Iterable[Form]) -> list[Form]:
    """Limits on free unknowns: of parallel ones the tightest, none that follows from unknowns being 0 or more.

    Raises:
        Contradiction: A limit without unknowns does not hold.
    """
    left: dict[tuple[tuple[int, Fraction], ...], Fraction] = {}
    for form in limits:
        if form.terms:
            lead = abs(form.terms[min(form.terms)])
            key = tuple(sorted((unknown, weight / lead) for unknown, weight in form.terms.items()))
            left[key] = max(left.get(key, form.constant / lead), form.constant / lead)
        elif form.constant > 0:
            raise Contradiction
    kept = [Form(dict(key), constant) for key, constant in left.items()]
    floors = {next(iter(limit.terms)) for limit in kept if _is_floor(limit)}
    return [limit for limit in kept if _is_floor(limit) or not _follows(limit, floors)]


def _follows(limit: Form, floors: AbstractSet[int]) -> bool:
    return limit.constant <= 0 and limit.terms.keys() <= floors and all(weight < 0 for weight in limit.terms.values())


def _is_floor(limit: Form) -> bool:
    """Whether a limit says that one unknown is 0 or more."""
    return len(limit.terms) == 1 and not limit.constant and next(iter(limit.terms.values())) < 0


def _touching(limits: Sequence[Form]) -> list[Form]:
    """Limits that hold only with equality, because their opposite is a limit too."""
    known = {tuple(sorted(limit.terms.items())): limit.constant for limit in limits}
    touching: list[Form] = []
    for limit in limits:
        opposite = known.get(tuple(sorted((unknown, -weight) for unknown, weight in limit.terms.items())))
        if opposite is not None and opposite == -limit.constant:
            touching.append(limit)
    return touching


def _eliminated(equations: Iterable[Form]) -> dict[int, Form]:
    """Every equation solved for one unknown, each form in free unknowns only."""
    solved: dict[int, Form] = {}
    users: dict[int, set[int]] = {}  # free unknown -> solved unknowns whose forms name it
    for equation in equations:
        form = equation.within(solved)
        if not form.terms:
            if form.constant:
                raise Contradiction
            continue
        pivot = _pivot(form)
        weight = form.terms[pivot]
        own = Form(
            {unknown: -other / weight for unknown, other in form.terms.items() if unknown != pivot},
            -form.constant / weight,
        )
        for user in users.pop(pivot, ()):
            solved[user] = solved[user].within({pivot: own})
            for unknown in solved[user].terms:
                users.setdefault(unknown, set()).add(user)
        solved[pivot] = own
        for unknown in own.terms:
            users.setdefault(unknown, set()).add(pivot)
    return solved


def _pivot(form: Form) -> int:
    """The unknown to solve for: the one whose sign stands alone, a total, so that sums of parts need no limit."""
    positive = [unknown for unknown, weight in form.terms.items() if weight > 0]
    negative = [unknown for unknown, weight in form.terms.items() if weight < 0]
    lone = positive if len(positive) == 1 else negative if len(negative) == 1 else [*form.terms]
    return lone[0]


def _ordered(free: Sequence[int], limits: Sequence[Form]) -> list[int]:
    """Free unknowns, those that give others room before those that take it.

    In a circle one of them comes first, and once more at the end, when the others have made room for it.
    """
    gives: dict[int, set[int]] = {unknown: set() for unknown in free}
    for limit in limits:
        givers = [unknown for unknown, weight in limit.terms.items() if weight < 0]
        for taker in (unknown for unknown, weight in limit.terms.items() if weight > 0):
            gives[taker].update(givers)
    ordered: dict[int, None] = {}
    again: list[int] = []
    waiting = list(free)
    while waiting:
        ready = [unknown for unknown in waiting if gives[unknown] <= ordered.keys()]
        if not ready:
            ready = waiting[:1]
            again += ready
        ordered |= dict.fromkeys(ready)
        waiting = [unknown for unknown in waiting if unknown not in ordered]
    return [*ordered, *again]


def _inside(free: Sequence[int], limits: Sequence[Form]) -> dict[int, Fraction]:
    """A point that satisfies every limit; 0 everywhere if that does.

    Unknowns that need not be positive are split into what is added and what is taken away.
    """
    if all(limit.constant <= 0 for limit in limits):
        return dict.fromkeys(free, _ZERO)
    floors = {next(iter(limit.terms)) for limit in limits if _is_floor(limit)}
    columns = [(unknown, 1) for unknown in free] + [(unknown, -1) for unknown in free if unknown not in floors]
    rows = [
        ([sign * limit.terms.get(unknown, _ZERO) for unknown, sign in columns], -limit.constant)
        for limit in limits
        if not _is_floor(limit)
    ]
    found = _first_phase(rows, len(columns))
    values = dict.fromkeys(free, _ZERO)
    for (unknown, sign), value in zip(columns, found, strict=True):
        values[unknown] += sign * value
    return values


def _first_phase(rows: Sequence[tuple[list[Fraction], Fraction]], width: int) -> list[Fraction]:
    """Non-negative x with row · x ≤ bound for every row, by the first phase of the simplex method.

    Dictionary form: slack = bound - row · x + x0; x0 is driven to 0.
    """
    # Row r of the dictionary: basic[r] = table[r][-1] + Σ table[r][c] · outside[c]. Column `width` belongs to x0.
    table = [[-weight for weight in row] + [Fraction(1), bound] for row, bound in rows]
    goal = [_ZERO] * width + [Fraction(-1), _ZERO]
    outside = [*range(width), -1]  # -1 is x0
    basic = [width + number for number in range(len(rows))]
    worst = min(range(len(rows)), key=lambda number: table[number][-1])
    _exchange(table, goal, outside, basic, worst, width)
    while (entering := _entering(goal, outside)) is not None:
        leaving = _leaving(table, basic, entering)
        if leaving is None:  # x0 is bounded by 0 from below, so the goal cannot grow for ever
            raise Contradiction
        _exchange(table, goal, outside, basic, leaving, entering)
    if goal[-1]:
        raise Contradiction
    found = [_ZERO] * width
    for row, unknown in zip(table, basic, strict=True):
        if 0 <= unknown < width:
            found[unknown] = row[-1]
    return found


def _entering(goal: list[Fraction], outside: list[int]) -> int | None:
    """The column to enter, the lowest number first (Bland)."""
    growing = [column for column in range(len(outside)) if goal[column] > 0]
    return min(growing, key=lambda column: outside[column]) if growing else None


def _leaving(table: list[list[Fraction]], basic: list[int], entering: int) -> int | None:
    """The row whose unknown reaches 0 first, x0 before others, then the lowest number."""
    falling = [row for row in range(len(basic)) if table[row][entering] < 0]
    if not falling:
        return None
    return min(falling, key=lambda row: (-table[row][-1] / table[row][entering], basic[row]))


def _exchange(
    table: list[list[Fraction]], goal: list[Fraction], outside: list[int], basic: list[int], row: int, column: int
) -> None:
    """Let the unknown of a column enter and that of a row leave."""
    pivot = table[row][column]
    solved = [-weight / pivot for weight in table[row]]
    solved[column] = 1 / pivot
    for line in (*table, goal):
        if line is not table[row] and (weight := line[column]):
            line[column] = _ZERO
            for place, value in enumerate(solved):
                if value:
                    line[place] += weight * value
    table[row][:] = solved
    outside[column], basic[row] = basic[row], outside[column]
