"""Causes: which single slip would explain a relation that misses, ranked.

Hypotheses come from four modules: slips of the pen in one figure (`figures`), sums read otherwise (`sums`), ratios taken
wrongly (`ratios`), two prints of one fact (`ties`). Each is weighed by what it does to every relation that uses the figures
it changes:

    weight = chance of the slip · Π (plausibility of the relation after / before)

and its score is its weight over the sum of all, the hypothesis that nothing happened included with weight 1. Exact
rationals throughout; the assumptions stand in `priors`. A slip that breaks a relation never stands above one that does not.

One slip at a time: sets of figures that are wrong together are a search over whole blocks of relations, which can use the
same hypotheses and the same weights.

Source: section 12 of the project's notes on diagnosis; Scholtus (2009) for slips, Fellegi and Holt (1976) for the question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain import figures, ratios, sums, ties
from budgetaudit.explain.cause import Cause, Correction, Hypothesis
from budgetaudit.explain.convention import Conventions
from budgetaudit.explain.situation import Consequence, Situation
from budgetaudit.explain.slips import CODES
from budgetaudit.money.amount import Amount

MOST_CAUSES: Final = 12
MOST_OF_A_KIND: Final = 3


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A hypothesis with its weight and what it restores and breaks."""

    hypothesis: Hypothesis
    weight: Fraction
    restores: tuple[str, ...]
    breaks: tuple[str, ...]


class Diagnosis:
    """The causes of what misses in one audit."""

    def __init__(self, situation: Situation, conventions: Conventions | None = None) -> None:
        self._situation = situation
        self._conventions = conventions or Conventions(situation)

    def causes(self, outcome: Outcome) -> tuple[Cause, ...]:
        """The hypotheses that would explain an outcome, best first, at most `MOST_CAUSES`; none for one that is not odd."""
        weighed = [
            found
            for hypothesis in self._hypotheses(outcome)
            if (found := _weighed(hypothesis, outcome, self._situation)) is not None
        ]
        best = _one_for_each_edit(weighed)
        whole = 1 + sum((found.weight for found in best), Fraction(0))
        ranked = sorted(best, key=lambda found: (bool(found.breaks), -found.weight))
        return tuple(self._cause(found, whole) for found in _few_of_a_kind(ranked))

    def _hypotheses(self, outcome: Outcome) -> Iterator[Hypothesis]:
        if outcome.verdict not in {"rounding", "inconsistent"}:
            return
        yield from figures.hypotheses(outcome, self._situation)
        match outcome.relation.form:
            case "sum":
                odds = self._conventions.odds_of_truncation(without=outcome)
                yield from sums.hypotheses(outcome, self._situation, truncation=odds)
            case "share" | "growth" | "growth-from-change" if outcome.verdict == "inconsistent":
                yield from ratios.hypotheses(outcome, self._situation)
            case "order":
                yield from sums.counted_twice(outcome, self._situation)
            case "tie":
                yield from ties.hypotheses(outcome, self._situation)
            case _:
                pass  # of a count the slips are all there is

    def _cause(self, found: _Weighed, whole: Fraction) -> Cause:
        hypothesis = found.hypothesis
        corrections = tuple(self._correction(line_id, amount, found) for line_id, amount in hypothesis.changes)
        return Cause(hypothesis.code, hypothesis.lines, corrections, found.weight / whole, hypothesis.evidence)

    def _correction(self, line_id: str, amount: Amount, found: _Weighed) -> Correction:
        printed = self._situation.budget.line(line_id).amount
        assert printed is not None  # only printed figures are suspected
        return Correction(
            line_id, _written(printed), _written(amount), amount.value, restores=found.restores, breaks=found.breaks
        )


def _weighed(hypothesis: Hypothesis, outcome: Outcome, situation: Situation) -> _Weighed | None:
    """A hypothesis with its consequences, if the outcome would be explained by it."""
    if hypothesis.instead is not None:
        read = situation.read_as(outcome, hypothesis.instead)
        explains = read.after.verdict in {"exact", "rounding"} and read.weight > 1
        return _Weighed(hypothesis, hypothesis.chance * read.weight, (), ()) if explains else None
    consequences = situation.supposing(dict(hypothesis.changes), because=outcome)
    if not any(one.before is outcome and one.restored for one in consequences):
        return None
    weight = hypothesis.chance
    for one in consequences:
        weight *= one.weight
    return _Weighed(
        hypothesis,
        weight,
        _rules(one for one in consequences if one.restored),
        _rules(one for one in consequences if one.broken),
    )


def _rules(consequences: Iterable[Consequence]) -> tuple[str, ...]:
    return tuple(one.before.relation.rule for one in consequences)


def _one_for_each_edit(weighed: Iterable[_Weighed]) -> list[_Weighed]:
    """Where two slips of the pen lead to the same edit, the likelier one; none where another explanation leads there."""
    kept: list[_Weighed] = []
    best: dict[object, _Weighed] = {}
    explained: set[object] = set()
    for found in weighed:
        edit = tuple((line_id, amount.value) for line_id, amount in found.hypothesis.changes)
        if not edit or found.hypothesis.code not in CODES:
            kept.append(found)
            explained.add(edit)
        elif edit not in best or best[edit].weight < found.weight:
            best[edit] = found
    return [*kept, *(found for edit, found in best.items() if edit not in explained)]


def _few_of_a_kind(ranked: Iterable[_Weighed]) -> list[_Weighed]:
    """The first of each kind of slip in each figure: where more than a few fit, none of them says anything."""
    seen: Counter[tuple[str, str]] = Counter()
    few: list[_Weighed] = []
    for found in ranked:
        kind = found.hypothesis.code, found.hypothesis.lines[0]
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_KIND:
            few.append(found)
    return few[:MOST_CAUSES]


def _written(amount: Amount) -> str:
    """The digits of a figure, with as many places as it is printed with."""
    return f"{amount.value:f}"
