"""A budget of two thousand figures and five hundred relations, true and with slips of the pen planted in it."""

from __future__ import annotations

import random
from typing import Final

from planted_faults import PAIRED, planted
from true_budgets import Drawn, drawn_budget

_ROWS: Final = 420
_SEED: Final = 5  # draws a table of two years in 2,141 figures, held by 469 relations


def large_budgets(faults: int) -> tuple[Drawn, Drawn]:
    """The budget as it is true, and with so many figures spoilt."""
    true = spoilt = drawn_budget(random.Random(_SEED), rows=_ROWS)
    draw, left = random.Random(0), faults
    while left:
        one = planted(draw.choice(PAIRED), draw, spoilt)
        if one is not None:
            spoilt, left = one.budget, left - 1
    return true, spoilt
