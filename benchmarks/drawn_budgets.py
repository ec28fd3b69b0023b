"""Budgets of 200 lines drawn by the strategies of `budgetaudit.testing`: 19 sums of 9 figures, their total, copies of it."""

from __future__ import annotations

import statistics
import time

LISTS, PARTS, COPIES, EXAMPLES = 19, 9, 9, 100


def median_draw() -> float:
    """CPU milliseconds of drawing one budget, the median of a hundred."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from budgetaudit.testing import budgets

    equations = [f"t{number} = {' + '.join(f'a{number}x{part}' for part in range(PARTS))}" for number in range(LISTS)]
    equations.append(f"t = {' + '.join(f't{number}' for number in range(LISTS))}")
    equations += [f"copy{number} = t" for number in range(COPIES)]
    drawn = budgets(equations)
    spent: list[float] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        before = time.process_time()
        budget = data.draw(drawn)
        spent.append((time.process_time() - before) * 1000)
        assert len(budget) == LISTS * (PARTS + 1) + 1 + COPIES

    draw()
    return statistics.median(spent)
