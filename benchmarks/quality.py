"""How good the diagnosis is: known faults planted in true budgets, and what the first finding says of them.

A fault is *noticed* if some relation fails. It is *identifiable* if no other figure alone explains all that fails: for every
other figure the values that its failing relations need do not meet, or leave one of them out, or a relation that holds would
break. That is decided exactly, from intervals, figure by figure, and without looking at any slip of the pen. Faults of
several figures at once are identifiable if no single figure explains what fails, and if no other figures to which the same may have
happened, according to the report, explain it as well: each such rival is tried by auditing again.

| column | says |
|---|---|
| planted, noticed | how many faults, and in how many of them a relation fails |
| told | noticed and identifiable |
| figure | of these: the first cause changes the right figures |
| in three | of these: one of the first three causes does |
| kind | of these: the first cause has the right name |
| untold, among | noticed and not identifiable, and of these: the right figures are among the causes of a finding |

    python benchmarks/quality.py [BUDGETS] [FIRST_SEED] [FAULT...]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import budgetaudit as ba
from budgetaudit.explain.consequence import POSSIBLE
from budgetaudit.explain.situation import Fact, Situation
from planted_faults import FAULTS, Planted, planted, planted_pair
from true_budgets import drawn_budget

_TRIES = 40
COLUMNS = ("planted", "noticed", "told", "figure", "in three", "kind", "untold", "among")


@dataclass
class Tally:
    """Counts of one fault, and the seeds that were not told right."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))
    missed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, *names: str) -> None:
        """Count one more."""
        for name in names:
            self.counts[name] += 1

    def rate(self, name: str) -> float:
        """A count as a share of what it is counted among."""
        among = {"figure": "told", "in three": "told", "kind": "told", "among": "untold"}.get(name, "planted")
        return self.counts[name] / self.counts[among] if self.counts[among] else 1.0


def suspects(report: ba.Report) -> set[str]:
    """The figures each of which alone explains everything that fails, by label."""
    situation = Situation(report.outcomes, report.budget)
    failing = [outcome for outcome in report.outcomes if outcome.verdict == "inconsistent"]
    if not failing:
        return set()
    everywhere = set(situation.facts(failing[0].relation)).intersection(
        *(situation.facts(outcome.relation) for outcome in failing)
    )
    return {situation.prints(fact)[0].label for fact in everywhere if _explains(fact, situation)}


def _explains(fact: Fact, situation: Situation) -> bool:
    common = None
    for outcome in situation.about(fact):
        if outcome.verdict != "inconsistent" and outcome.verdict not in POSSIBLE:
            continue
        need = situation.needed(outcome, fact)
        if need is None:
            return False
        common = need if common is None else common.intersection(need)
        if common is None:
            return False
    return True


def scored(fault: str, budgets: int, first: int = 0) -> Tally:
    """The tally of one fault, or of `pair`, over budgets drawn with consecutive seeds."""
    tally = Tally()
    for seed in range(first, first + budgets):
        one = spoilt(fault, seed)
        if isinstance(one, tuple):
            _score_pair(one, tally, seed)
        elif one is not None:
            _score(one, tally, seed)
    return tally


def spoilt(fault: str, seed: int) -> Planted | tuple[Planted, Planted] | None:
    """A budget in which a fault, or `pair`, can be made, and was; not every budget has a place for every fault."""
    draw = random.Random(f"{fault} {seed}")
    for _ in range(_TRIES):
        budget = drawn_budget(draw)
        made = planted_pair(draw, budget) if fault == "pair" else planted(fault, draw, budget)
        if made is not None:
            return made
    return None


def _score(one: Planted, tally: Tally, seed: int) -> None:
    report = one.budget.audit()
    tally.add("planted")
    raised = [finding for finding in report.findings if finding.verdict in {"inconsistent", "undefined"}]
    if not raised:
        return
    tally.add("noticed")
    named = [_changed(cause, report) for cause in raised[0].causes]
    places = [place for place, labels in enumerate(named) if labels == one.cells or _shows_zero_base(one, raised[0])]
    others = suspects(report) - (one.cells if len(one.cells) == 1 else set())
    if others or (len(one.cells) > 1 and _has_equals(one, report, raised[0])):
        tally.add("untold")
        if any(_changed(cause, report) == one.cells for finding in raised for cause in finding.causes):
            tally.add("among")
        else:
            tally.missed.append((seed, "not among"))
        return
    tally.add("told")
    if places[:1] == [0]:
        tally.add("figure")
    if any(place < 3 for place in places):
        tally.add("in three")
    if raised[0].causes and raised[0].causes[0].code in one.codes:
        tally.add("kind")
    if places[:1] != [0]:
        tally.missed.append((seed, "figure"))
    elif raised[0].causes[0].code not in one.codes:
        tally.missed.append((seed, f"kind {raised[0].causes[0].code}"))


def _has_equals(one: Planted, report: ba.Report, finding: ba.Finding) -> bool:
    """Whether the same act, done to other figures, is proved to repair as much: of two such acts neither is told."""
    undone = report.budget
    for cause in finding.causes:
        same_act = cause.code in one.codes and cause.corrections and _changed(cause, report) != one.cells
        if same_act and not cause.corrections[0].breaks:
            changes = {edit.line: edit.value for edit in cause.corrections}
            lines = tuple(_with_value(line, changes[line.id]) if line.id in changes else line for line in undone)
            again = ba.audit(ba.Budget(lines), rules=dict(one.budget.rules))
            if again.counts["inconsistent"] == 0:
                return True
    return False


def _with_value(line: ba.BudgetLine, value: Decimal) -> ba.BudgetLine:
    assert line.amount is not None
    places = -int(value.as_tuple().exponent)
    return line.model_copy(update={"amount": replace(line.amount, value=value, places=places)})


def _shows_zero_base(one: Planted, finding: ba.Finding) -> bool:
    return one.fault == "zero-base" and finding.kind == "RAT005"


def _score_pair(both: tuple[Planted, Planted], tally: Tally, seed: int) -> None:
    report = both[1].budget.audit()
    tally.add("planted")
    raised = [finding for finding in report.findings if finding.verdict == "inconsistent"]
    if not raised:
        return
    tally.add("noticed")
    wrong = set(both[0].cells | both[1].cells)
    firsts = {label for finding in raised for cause in finding.causes[:1] for label in _changed(cause, report)}
    threes = {label for finding in raised for cause in finding.causes[:3] for label in _changed(cause, report)}
    everything = {label for finding in raised for cause in finding.causes for label in _changed(cause, report)}
    if not _both_are_told(both):
        tally.add("untold")
        if wrong <= everything:
            tally.add("among")
        else:
            tally.missed.append((seed, "not among"))
        return
    tally.add("told")
    if wrong == firsts:
        tally.add("figure")
    else:
        tally.missed.append((seed, "figure"))
    if wrong <= threes:
        tally.add("in three")
    codes = [cause.code for finding in raised for cause in finding.causes[:1]]
    if all(not one.codes.isdisjoint(codes) for one in both):
        tally.add("kind")


def _both_are_told(both: tuple[Planted, Planted]) -> bool:
    """Whether each of two faults would be identifiable if the other were undone."""
    first, second = both
    undone = [first.budget, second.budget.with_cells(first.honest)]
    return all(suspects(budget.audit()) == set(one.cells) for budget, one in zip(undone, both, strict=True))


def _changed(cause: ba.Cause, report: ba.Report) -> frozenset[str]:
    """The labels of the figures that a cause suspects."""
    lines = [edit.line for edit in cause.corrections] or list(cause.lines)
    return frozenset(report.budget.line(line).label for line in lines)


def table(faults: Sequence[str], budgets: int, first: int = 0) -> Iterator[str]:
    """The table of counts, line by line, each with the seeds that were not told right."""
    yield f"{'fault':<26}" + "".join(f"{name.replace(' ', '-'):>9}" for name in COLUMNS) + "   missed seeds"
    for fault in faults:
        tally = scored(fault, budgets, first)
        counts = "".join(f"{tally.counts[name]:>9}" for name in COLUMNS)
        yield f"{fault:<26}{counts}   | {' '.join(str(seed) for seed, _ in tally.missed)}".rstrip()


def main() -> None:
    """Print the table."""
    numbers = [argument for argument in sys.argv[1:] if argument.isdigit()]
    faults = [argument for argument in sys.argv[1:] if not argument.isdigit()]
    budgets, first = (int(number) for number in (numbers + ["40", "0"][len(numbers) :])[:2])
    for line in table(faults or [*FAULTS, "pair"], budgets, first):
        print(line, flush=True)


if __name__ == "__main__":
    main()
