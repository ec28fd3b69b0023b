"""Columns: a rule set against millions of figures in arrays, verdict by verdict what the scalar engine says.

Rules are compiled to whole numbers (`compile`), figures become a grid of whole numbers (`arrays.grid`), and every relation
is one pass a term over all units (`arrays.weigh`). What arrays cannot weigh (several prints that differ, a ratio whose base
reaches zero, an open list) goes through the scalar engine unit by unit. All verdicts are counted; only those that are not
exact are kept, and their figures are looked up when somebody asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from budgetaudit.check.arrays.coincide import coincidences
from budgetaudit.check.arrays.facts import Facts, Layout, read_facts
from budgetaudit.check.arrays.grid import Grid, make_grid
from budgetaudit.check.arrays.locate import Locator
from budgetaudit.check.arrays.singly import Single, single
from budgetaudit.check.arrays.ties import Ties, weigh_ties
from budgetaudit.check.arrays.units import make_keys
from budgetaudit.check.arrays.weigh import Judged, Prepared, prepare, weigh
from budgetaudit.check.bind import TIE_OUT
from budgetaudit.check.compile import CompiledRules, CompiledTerm, compile_rules
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.check.merge import merged
from budgetaudit.check.outcome import VERDICTS, Outcome, Relation, Verdict
from budgetaudit.model.budget import Budget
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet


@dataclass(frozen=True)
class Weighed:
    """The verdicts of a table.

    Attributes:
        counts: By rule, `tie-out` included; rules that found no figures are not in it.
        arrays: Relations with their verdicts, as arrays.
        singles: Outcomes of the scalar engine that are not exact, with the budget of their lines.
        unbound: Rules that found no figures.
    """

    grid: Grid
    rules: CompiledRules
    counts: Mapping[str, Counter[Verdict]]
    arrays: tuple[tuple[Prepared, Judged], ...]
    singles: tuple[tuple[Outcome, Budget], ...]
    unbound: tuple[str, ...]

    def keeping(self, verdicts: Collection[Verdict]) -> Weighed:
        """The same counts, and of the outcomes only those with one of some verdicts."""
        codes = [VERDICTS.index(verdict) for verdict in verdicts]
        arrays: list[tuple[Prepared, Judged]] = []
        for prepared, judged in self.arrays:
            own = np.isin(judged.verdicts, codes)
            kept = replace(judged, units=judged.units[own], verdicts=judged.verdicts[own], reasons=judged.reasons[own])
            arrays.append((prepared, kept))
        singles = tuple(one for one in self.singles if one[0].verdict in verdicts)
        return replace(self, arrays=tuple(arrays), singles=singles)

    @property
    def facts(self) -> Facts:
        """The table."""
        return self.grid.facts


def weigh_columns(
    table: Any, layout: Layout, ruleset: RuleSet, *, convention: Convention | None = None, list_refused: bool = False,
    is_part: bool = False,
) -> Weighed:  # fmt: skip
    """Weigh every relation of a rule set in every unit of an Arrow table.

    Args:
        table: A long or wide table.
        layout: Which columns hold what.
        ruleset: The rules.
        convention: Replaces the conventions of all rules.
        list_refused: Whether rules that cannot be compiled are listed instead of raised.
        is_part: Whether the table is a part of a larger one, so that a name that no item carries here may be one there.

    Raises:
        BudgetAuditError: A column cannot be read, or a rule cannot be compiled.
    """
    facts = read_facts(table, layout)
    rules = compile_rules(ruleset, facts.items, convention=convention, list_refused=list_refused)
    wanted = sorted({item for term in _terms(rules) for item in term.items})
    keys = make_keys(facts, {term.at.shift for term in _terms(rules)})
    grid = make_grid(facts, wanted, keys)
    locator = Locator(grid)
    prepared = [prepare(relation, locator) for relation in rules.relations]
    if is_part:
        prepared = [replace(one, unknown=()) for one in prepared]
    found = coincidences(prepared)
    counts: dict[str, Counter[Verdict]] = {}
    singles: list[tuple[Outcome, Budget]] = []
    for group in found.groups:
        _weigh_group(group, prepared, counts, singles)
    taken: dict[int, list[int]] = {}
    for group in found.groups:
        for number, unit in group:
            taken.setdefault(number, []).append(unit)
    arrays: list[tuple[Prepared, Judged]] = []
    for number, whole in enumerate(prepared):
        if number in found.left_out:
            continue
        one = replace(whole, merged=np.array(taken[number], np.int64)) if number in taken else whole
        if one.unknown:
            bare = Relation(
                one.relation.rule.id,
                one.relation.rule.kind,
                one.relation.rule.strength,
                "sum",
                (),
                one.relation.convention,
                unknown=one.unknown,
            )
            _keep([Single(bare, ())], counts, singles)
            continue
        judged = weigh(one)
        _count(counts, one.relation.rule.id, judged.counts)
        _weigh_singly(one, judged.singly.tolist(), counts, singles)
        arrays.append((one, judged))
    ties: Ties = weigh_ties(grid, rules.tie)
    _count(counts, TIE_OUT, ties.counts)
    singles += ((outcome, _budget(grid, rows)) for rows, outcome in ties.outcomes)
    bound = {rule for rule, counted in counts.items() if counted}
    unbound = tuple(rule for rule in rules.rules if rule not in bound and rule not in rules.refused)
    return Weighed(grid, rules, counts, tuple(arrays), tuple(singles), unbound)


def _terms(rules: CompiledRules) -> Iterator[CompiledTerm]:
    """Every term of relations and of their conditions."""
    for relation in rules.relations:
        yield from relation.terms
        for condition in (*relation.unless, *(() if relation.when is None else (relation.when,))):
            yield from (*condition.left, *condition.right)


def _count(counts: dict[str, Counter[Verdict]], rule: str, more: Counter[Verdict]) -> None:
    if more:
        counts.setdefault(rule, Counter()).update(more)


def _weigh_singly(
    prepared: Prepared, units: Sequence[int], counts: dict[str, Counter[Verdict]], singles: list[tuple[Outcome, Budget]]
) -> None:
    for unit in units:
        one = single(prepared.relation, prepared.terms, prepared.conditions, unit)
        if one is not None:
            _keep([one], counts, singles)


def _weigh_group(
    group: Sequence[tuple[int, int]], prepared: Sequence[Prepared], counts: dict[str, Counter[Verdict]],
    singles: list[tuple[Outcome, Budget]],
) -> None:  # fmt: skip
    found = (single(prepared[number].relation, prepared[number].terms, prepared[number].conditions, unit) for number, unit in group)  # fmt: skip
    _keep([one for one in found if one is not None], counts, singles)


def _keep(found: Sequence[Single], counts: dict[str, Counter[Verdict]], singles: list[tuple[Outcome, Budget]]) -> None:
    """Judge relations of one unit as of one budget, and count and keep what comes of it."""
    budget = Budget(tuple({line.id: line for one in found for line in one.lines}.values()))
    relations = [one.relation for one in found]
    for outcome in evaluate_all(merged(relations, budget) if len(relations) > 1 else relations, budget):
        _count(counts, outcome.relation.rule, Counter([outcome.verdict]))
        if outcome.verdict != "exact":
            singles.append((outcome, budget))


def _budget(grid: Grid, rows: Sequence[int]) -> Budget:
    return Budget(tuple(grid.facts.line(row) for row in rows))
