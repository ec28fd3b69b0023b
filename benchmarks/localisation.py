"""Localisation: what it costs, and how often a model with a bound on changes is wrong where it says it is optimal.

Tables of whole figures with row totals, column totals and a grand total, in which a few cells are wrong; a document of sums
within sums; records of six figures under two rules. The model is the usual one for this task: a change for each figure, a
choice of 0 or 1 that allows it, and a bound M on the change, solved by HiGHS at its default tolerances. An answer is counted
as wrong if the figures it names cannot explain the table, which is decided exactly.

    python benchmarks/localisation.py
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import budgetaudit as ba
from budgetaudit.linear.hitting import Effort, Search
from budgetaudit.linear.problem import Possibilities, Problem, Requirement
from budgetaudit.money.interval import Interval

SECONDS = 20


@dataclass(frozen=True)
class Table:
    """A cross-footed table as a problem, with the cells that were made wrong."""

    problem: Problem
    figures: int
    wrong: frozenset[int]


def table(rows: int, columns: int, errors: int, *, seed: int, rounded: bool = False) -> Table:
    """Cells, row totals, column totals and grand total, exact or printed to the hundred; some cells are wrong."""
    chance = random.Random(seed)
    true = [[chance.randrange(10**6) for _ in range(columns)] for _ in range(rows)]
    exact = [*(cell for row in true for cell in row), *(sum(row) for row in true)]
    exact += [sum(row[place] for row in true) for place in range(columns)]
    exact.append(sum(map(sum, true)))
    printed = [(value + 50) // 100 * 100 if rounded else value for value in exact]
    wrong = frozenset(chance.sample(range(rows * columns), errors))
    for cell in wrong:
        size = chance.randrange(1, 10) * 10 ** chance.randrange(9)  # a digit of any place
        printed[cell] += chance.choice([-1, 1]) * size * (100 if rounded else 1)
    row_total, column_total, grand = rows * columns, rows * columns + rows, len(printed) - 1
    sums = [{row_total + r: 1, **{r * columns + c: -1 for c in range(columns)}} for r in range(rows)]
    sums += [{column_total + c: 1, **{r * columns + c: -1 for r in range(rows)}} for c in range(columns)]
    sums.append({grand: 1, **{row_total + r: -1 for r in range(rows)}})
    sums.append({grand: 1, **{column_total + c: -1 for c in range(columns)}})
    half = Fraction(50 if rounded else 0)
    required = [
        Requirement((((figure, Interval(value - half, value + half)),),), frozenset({figure}))
        for figure, value in enumerate(printed)
    ]
    required += [Requirement((((len(printed) + number, Interval.point(0)),),)) for number in range(len(sums))]
    start = tuple(Fraction(value) for value in printed)
    return Table(Problem(len(printed), tuple(sums), tuple(required), start), len(printed), wrong)


def located(case: Table) -> tuple[int, int, bool]:
    """Weight of the lightest explanations, how many there are, and whether that is proven."""
    possibilities = Possibilities(case.problem)
    possibilities.simplex.deadline = deadline = time.monotonic() + SECONDS
    found = Search([1] * case.figures, possibilities.conflicts_without, Effort(deadline=deadline)).lightest()
    return found.least, len(found.sets), found.finished


def modelled(case: Table, bound: float | None) -> frozenset[int]:
    """The figures that HiGHS would change, with a bound M on each change (None: the sum of all gaps, the tightest safe one)."""
    import highspy

    values = [float(value) for value in case.problem.start]
    gaps = [-sum(weight * values[column] for column, weight in row.items()) for row in case.problem.rows]
    limit = sum(map(abs, gaps)) if bound is None else bound
    model: Any = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", float(SECONDS))
    size, infinity = case.figures, highspy.kHighsInf
    for _ in range(size):
        model.addVar(-limit, limit)
    for figure in range(size):
        model.addVar(0.0, 1.0)
        model.changeColCost(size + figure, 1.0)
        model.changeColIntegrality(size + figure, highspy.HighsVarType.kInteger)
    for row, gap in zip(case.problem.rows, gaps, strict=True):
        model.addRow(gap, gap, len(row), list(row), [float(weight) for weight in row.values()])
    for figure in range(size):
        model.addRow(-infinity, 0.0, 2, [figure, size + figure], [1.0, -limit])
        model.addRow(0.0, infinity, 2, [figure, size + figure], [1.0, limit])
    model.run()
    chosen = model.getSolution().col_value[size:]
    return frozenset(figure for figure, choice in enumerate(chosen) if choice > 0.5)


def document(figures: int, *, seed: int, errors: int) -> tuple[dict[str, str], dict[str, str]]:
    """Sums within sums, printed to two places of ten thousand, some wrong; and their rules."""
    chance = random.Random(seed)
    true: dict[str, int] = {}
    rules: dict[str, str] = {}

    def grow(name: str, depth: int) -> int:
        if depth == 0:
            true[name] = chance.randrange(10**5, 10**9)
            return true[name]
        parts = [f"{name}.{number}" for number in range(chance.randint(3, 5))]
        true[name] = sum(grow(part, depth - 1) for part in parts)
        rules[f"sum/{name}"] = f'"{name}" = ' + " + ".join(f'"{part}"' for part in parts)
        return true[name]

    roots = 0
    while len(true) < figures:
        grow(f"r{roots}", chance.choice([1, 2, 3, 4]))
        roots += 1
    wrong = set(chance.sample(sorted(true), errors))
    shown = {
        name: (value + 5000) // 10000 + chance.randrange(10, 10**4) * (name in wrong) for name, value in true.items()
    }
    return {name: f"{value // 100}.{value % 100:02}" for name, value in shown.items()}, rules


def records(number: int) -> Iterator[dict[str, int]]:
    """Records of six figures that miss one or both of two sums."""
    chance = random.Random(1)
    for _ in range(number):
        a, b, c, d = (chance.randrange(10, 10**6) for _ in range(4))
        record = {"t": a + b + c, "a": a, "b": b, "c": c, "g": a + b + c + d, "d": d}
        for name in chance.sample(sorted(record), chance.choice([1, 1, 1, 2])):
            record[name] += chance.randrange(1, 10**5)
        yield record


def cost(work: Callable[[], object]) -> float:
    """CPU milliseconds of one call."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def answered(case: Table) -> tuple[frozenset[int], float]:
    """What HiGHS answers with the tightest safe bound, and its CPU milliseconds."""
    before = time.process_time()
    found = modelled(case, None)
    return found, (time.process_time() - before) * 1000


def main() -> None:
    """Measure and print the tables."""
    summing = cost(lambda: [sum(range(1000)) for _ in range(1000)])  # what the machine does today
    print(f"one unit = a thousand sums of a thousand numbers = {summing:.1f} ms\n")
    print(f"{'table':<22} {'errors':>6} {'units':>8} {'HiGHS, tight M':>16} {'wrong':>7} {'M = 10^9 wrong':>15}")
    for rows, columns, errors, rounded in SHAPES:
        cases = [table(rows, columns, errors, seed=seed, rounded=rounded) for seed in range(5)]
        ours = [cost(lambda case=case: located(case)) for case in cases]
        name = f"{rows} x {columns}{' rounded' if rounded else ''}"
        if rounded:  # the model has no intervals
            print(f"{name:<22} {errors:>6} {sorted(ours)[2] / summing:>8.2f}")
            continue
        answers, theirs = zip(*(answered(case) for case in cases), strict=True)
        wrong = sum(
            bool(Possibilities(case.problem).conflicts_without(got)) for case, got in zip(cases, answers, strict=True)
        )
        loose = sum(bool(Possibilities(case.problem).conflicts_without(modelled(case, 1e9))) for case in cases)
        print(
            f"{name:<22} {errors:>6} {sorted(ours)[2] / summing:>8.2f} "
            f"{sorted(theirs)[2] / sorted(ours)[2]:>10.1f} times {wrong:>3} of 5 {loose:>10} of 5"
        )
    figures, rules = document(2000, seed=1, errors=5)
    report = ba.audit(figures, rules=rules)
    once = cost(lambda: report.localize(time_limit=None))
    print(f"\n{len(figures)} figures, {len(rules)} sums, 5 errors: {once / summing:.1f} units, {once / 1000:.2f} s")
    locator, listed = ba.Locator(["t = a + b + c", "g = t + d"]), list(records(20_000))
    spent = cost(lambda: [locator.locate(record) for record in listed])
    print(f"records of 6 figures and 2 rules: {len(listed) / spent * 1000:,.0f} a second")


SHAPES = [
    (4, 5, 1, False), (4, 5, 2, False), (10, 10, 2, False), (10, 10, 5, False), (31, 16, 5, False), (45, 45, 5, False),
    (10, 10, 5, True), (45, 45, 5, True),
]  # fmt: skip


if __name__ == "__main__":
    main()
