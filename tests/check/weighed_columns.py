"""What tests of columns share: one table weighed by arrays and by the scalar engine, outcome by outcome."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from budgetaudit.check.arrays.compare import gaps_and_bounds
from budgetaudit.check.arrays.facts import Layout
from budgetaudit.check.arrays.weigh import REASONS, weighing_of
from budgetaudit.check.bind import bind
from budgetaudit.check.columns import weigh_columns
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.check.outcome import VERDICTS
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget

AXES = ("entity", "period", "phase", "fund")


def long_table(records):
    """Records as an Arrow table whose amounts are text, so that every figure keeps its places."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return pa.table({name: pa.array([record.get(name) for record in records]) for name in names})


def layout_of(names, **given):
    axes = {axis: axis for axis in AXES if axis in names}
    items = {name: name for name in ("label", "code", "measure", "table") if name in names}
    given.setdefault("unit", "unit" if "unit" in names else Layout({}, ()).unit)
    return Layout(axes, tuple(axes), items, "amount", places="places" if "places" in names else None, **given)


def by_columns(table, rules, layout=None, convention=None):
    """Every outcome that is not exact as (rule, unit, verdict, reason, gap, bound), and all counts."""
    weighed = weigh_columns(table, layout or layout_of(table.column_names), rules, convention=convention)
    found = Counter()
    for prepared, judged in weighed.arrays:
        for place, unit in enumerate(judged.units.tolist()):
            verdict = VERDICTS[judged.verdicts[place]]
            gap = bound = None
            if verdict in {"rounding", "inconsistent"} and prepared.relation.form in {"sum", "order"}:
                gap, bound = gap_and_bound(prepared, unit, weighed.grid.quantum)
            found[prepared.relation.rule.id, verdict, REASONS[judged.reasons[place]], gap, bound] += 1
    for outcome, _ in weighed.singles:
        found[_told(outcome)] += 1
    return found, {rule: Counter(counts) for rule, counts in weighed.counts.items() if any(counts.values())}


def gap_and_bound(prepared, unit, quantum):
    """Of one relation in one unit, in the unit of its target."""
    scales = [
        located.grid.prints[int(located.codes if isinstance(located.codes, int) else located.codes[unit])].unit.scale
        for located in sorted(prepared.terms, key=lambda one: one.term.role not in {"total", "ratio", target(prepared)})
        if located.state is None or located.state[unit] == 0
    ]
    weighing = weighing_of(prepared, np.array([unit]), scales[0])
    gaps, bounds, _ = gaps_and_bounds(weighing)
    step = quantum / (2 * weighing.scale.multiplier * scales[0])
    return int(gaps[0]) * step, int(bounds[0]) * step


def target(prepared):
    return "left" if prepared.relation.written in {">", ">="} else "right"


def by_objects(records, rules, convention=None):
    """The same of the scalar engine."""
    budget = Budget.from_records(records)
    outcomes = evaluate_all(bind(rules, budget, convention=convention).relations, budget)
    counts = {}
    for outcome in outcomes:
        counts.setdefault(outcome.relation.rule, Counter())[outcome.verdict] += 1
    return Counter(_told(outcome) for outcome in outcomes if outcome.verdict != "exact"), counts


def _told(outcome):
    linear = outcome.relation.form in {"sum", "order"} and outcome.verdict in {"rounding", "inconsistent"}
    return (
        outcome.relation.rule, outcome.verdict, "" if not outcome.reasons else outcome.reasons[0],
        outcome.gap if linear else None, outcome.bound if linear else None,
    )  # fmt: skip


class Refused(Exception):
    """A rule whose figures have no common unit is refused by name, and there is nothing to compare."""


def agree(records, rules, convention=None):
    """Both engines say the same; returns what they say."""
    table = long_table(records)
    try:
        columns, counts = by_columns(table, rules, convention=convention)
    except BudgetAuditError as refusal:
        if "common unit" in str(refusal) or "looks beyond" in str(refusal):
            raise Refused from refusal
        raise
    objects, expected = by_objects(records, rules, convention)
    counts = {rule: +Counter(counted) for rule, counted in counts.items()}
    assert counts == expected
    assert columns == objects
    return counts
