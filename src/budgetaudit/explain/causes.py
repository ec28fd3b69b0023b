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
from budgetaudit.explain import figures, moves, ratios, scales, sums, ties, values
from budgetaudit.explain.cause import Cause, Correction, Hypothesis
from budgetaudit.explain.consequence import POSSIBLE, Consequence
from budgetaudit.explain.convention import Conventions
from budgetaudit.explain.situation import Situation
from budgetaudit.explain.slips import CODES
from budgetaudit.money.amount import Amount

MOST_CAUSES: Final = 24
MOST_OF_A_KIND: Final = 3
EQUAL: Final = 8  # weights closer than this differ by nothing but assumptions
UNNAMED: Final = frozenset({"wrong-component", "wrong-percent"})


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A hypothesis with its weight and its consequences: rules it restores and breaks, and the outcomes it restores."""

    hypothesis: Hypothesis
    weight: Fraction
    restores: tuple[str, ...]
    breaks: tuple[str, ...]
    restored: tuple[Outcome, ...]

    def order(self) -> tuple[bool, Fraction]:
        """A key that sorts the best first: one that breaks a relation never stands above one that does not."""
        return bool(self.breaks), -self.weight


class Diagnosis:
    """The causes of what misses in one audit."""

    def __init__(self, situation: Situation, conventions: Conventions | None = None) -> None:
        self._situation = situation
        self._conventions = conventions or Conventions(situation)

    def causes(self, outcome: Outcome) -> tuple[Cause, ...]:
        """The hypotheses that would explain an outcome, best first, at most `MOST_CAUSES`; none for one that is not odd."""
        if outcome.verdict == "undefined" and "zero-base" in outcome.reasons:
            return (_zero_base(outcome),)
        return self.ranked(self.suspicions(outcome, self._situation), self._situation)

    def suspicions(self, outcome: Outcome, situation: Situation) -> tuple[Suspicion, ...]:
        """Every hypothesis that would explain an outcome as it is in a situation, with its consequences there."""
        found: dict[object, Suspicion] = {}
        for hypothesis in self._hypotheses(outcome, situation):
            weighed = _weighed(hypothesis, outcome, situation)
            if weighed is not None:
                found.setdefault((hypothesis.code, hypothesis.lines, hypothesis.changes, hypothesis.evidence), weighed)
        return tuple(found.values())

    def ranked(self, suspicions: Iterable[Suspicion], situation: Situation) -> tuple[Cause, ...]:
        """Explanations as causes: one for each edit, those that break nothing first, then by weight."""
        best = _one_for_each_edit(suspicions)
        whole = 1 + sum((found.weight for found in best), Fraction(0))
        few = _few_of_a_kind(sorted(best, key=Suspicion.order))
        return tuple(_cause(found, whole, rank, situation) for rank, found in _in_ranks(few))

    def _hypotheses(self, outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
        if outcome.verdict not in {"rounding", "inconsistent"}:
            return
        yield from figures.hypotheses(outcome, situation)
        jointly = outcome.verdict == "inconsistent" and not situation.fails_widely
        if jointly and outcome.relation.form not in {"count", "tie"}:
            yield from values.hypotheses(outcome, situation)
            yield from moves.hypotheses(outcome, situation)
            yield from scales.hypotheses(outcome, situation)
        match outcome.relation.form:
            case "sum":
                odds = self._conventions.odds_of_truncation(without=outcome)
                yield from sums.hypotheses(outcome, situation, truncation=odds)
            case "share" | "growth" | "growth-from-change" if outcome.verdict == "inconsistent":
                yield from ratios.hypotheses(outcome, situation)
            case "order":
                yield from sums.counted_twice(outcome, situation)
            case "tie":
                yield from ties.hypotheses(outcome, situation)
            case _:
                pass  # of a count the slips are all there is


def _zero_base(outcome: Outcome) -> Cause:
    """A ratio to nothing: no figure need be wrong, and nothing follows."""
    terms = sorted(outcome.relation.terms, key=lambda term: term.role not in {"base", "denominator"})
    return Cause("zero-base", tuple(term.line for term in terms if term.role in {"base", "denominator", "ratio"}))


def _cause(found: Suspicion, whole: Fraction, rank: int, situation: Situation) -> Cause:
    hypothesis = found.hypothesis
    corrections = tuple(_correction(line_id, amount, found, situation) for line_id, amount in hypothesis.changes)
    return Cause(hypothesis.code, hypothesis.lines, corrections, found.weight / whole, hypothesis.evidence, rank)


def _correction(line_id: str, amount: Amount, found: Suspicion, situation: Situation) -> Correction:
    printed = situation.budget.line(line_id).amount
    assert printed is not None  # only printed figures are suspected
    return Correction(
        line_id, _written(printed), _written(amount), amount.value, restores=found.restores, breaks=found.breaks
    )


def _weighed(hypothesis: Hypothesis, outcome: Outcome, situation: Situation) -> Suspicion | None:
    """A hypothesis with its consequences, if the outcome would be explained by it."""
    if hypothesis.instead is not None:
        read = situation.read_as(outcome, hypothesis.instead)
        explains = read.after.verdict in POSSIBLE and read.weight > 1
        return Suspicion(hypothesis, hypothesis.chance * read.weight, (), (), (outcome,)) if explains else None
    changes = dict(hypothesis.changes)
    if not situation.restores(changes, outcome):
        return None
    consequences = situation.supposing(changes, because=outcome)
    weight = hypothesis.chance
    for one in consequences:
        weight *= one.weight
    return Suspicion(
        hypothesis,
        weight,
        _rules(one for one in consequences if one.restored),
        _rules(one for one in consequences if one.broken),
        tuple(one.before for one in consequences if one.restored),
    )


def _rules(consequences: Iterable[Consequence]) -> tuple[str, ...]:
    return tuple(one.before.relation.rule for one in consequences)


def _one_for_each_edit(weighed: Iterable[Suspicion]) -> list[Suspicion]:
    """Of several names for one edit the one that says most: an act with a story, else a slip of the pen, else none.

    A value without a name is left out where the same figures have a named cause that restores as much.
    """
    best: dict[object, Suspicion] = {}
    others: list[Suspicion] = []
    for found in weighed:
        edit = frozenset((line_id, amount.value) for line_id, amount in found.hypothesis.changes)
        if not edit:
            others.append(found)
        elif edit not in best or _says_more(found, best[edit]):
            best[edit] = found
    kept = [*others, *best.values()]
    named: dict[tuple[str, ...], int] = {}
    for found in kept:
        if found.hypothesis.code not in UNNAMED and not found.breaks:
            lines = found.hypothesis.lines
            named[lines] = max(named.get(lines, 0), len(found.restores))
    return [
        found for found in kept
        if found.hypothesis.code not in UNNAMED or len(found.restores) > named.get(found.hypothesis.lines, 0)
    ]  # fmt: skip


def _says_more(found: Suspicion, other: Suspicion) -> bool:
    return (_rank(found.hypothesis.code), -found.weight) < (_rank(other.hypothesis.code), -other.weight)


def _rank(code: str) -> int:
    return 2 if code in UNNAMED else 1 if code in CODES else 0


def _in_ranks(ranked: Iterable[Suspicion]) -> Iterator[tuple[int, Suspicion]]:
    """Explanations with their ranks; a new one begins where the weight falls clearly below the first of the rank before."""
    rank, first = 0, None
    for found in ranked:
        same = first is not None and bool(found.breaks) == bool(first.breaks) and found.weight * EQUAL > first.weight
        if not same:
            rank, first = rank + 1, found
        yield rank, found


def _few_of_a_kind(ranked: Iterable[Suspicion]) -> list[Suspicion]:
    """The first of each kind of slip in each figure: where more than a few fit, none of them says anything."""
    seen: Counter[tuple[str, str]] = Counter()
    few: list[Suspicion] = []
    for found in ranked:
        kind = found.hypothesis.code, found.hypothesis.lines[0]
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_KIND:
            few.append(found)
    return few[:MOST_CAUSES]


def _written(amount: Amount) -> str:
    """The digits of a figure, with as many places as it is printed with."""
    return f"{amount.value:f}"
