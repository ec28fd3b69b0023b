"""What a sum that misses may mean although no digit is wrong: parts left out or counted twice, cut digits.

Each hypothesis is the sum read otherwise; whether it then holds is for the evaluation to say. That a gap equals some
other printed figure is chance where there are many figures and the gap is short: expected chance hits are counted, and
discount the hypothesis, or drop it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.check.quantity import Quantity, quantity_of
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.priors import CHANCE_HITS, SHARES, SLIP, chance
from budgetaudit.explain.situation import Fact, Situation, step_of, with_convention
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Term

_FEW_UNITS = 3
_MOST_MATCHES = 3
_MOST_SIGNS = 16
_MOST_FIGURES = 24  # that may be taken for a part


def hypotheses(outcome: Outcome, situation: Situation, *, truncation: Fraction = Fraction(1)) -> Iterator[Hypothesis]:
    """Everything a missed sum may mean otherwise.

    Args:
        outcome: A sum that is inconsistent, or that rounding hardly explains.
        situation: Its surroundings.
        truncation: How much more the other sums of the document speak for cut digits than for rounded ones.
    """
    yield from _truncated(outcome, situation, truncation)
    yield from _total_added_otherwise(outcome, situation)
    yield from counted_twice(outcome, situation)
    yield from _two_signs(outcome, situation)
    yield from _equal_to_the_gap(outcome, situation)
    yield from _declared_exact(outcome, situation)


def _truncated(outcome: Outcome, situation: Situation, odds: Fraction) -> Iterator[Hypothesis]:
    convention = outcome.relation.convention
    if convention.rounding != "nearest" or convention.totals_from != "unrounded":
        return
    cut = with_convention(outcome.relation, rounding="truncate")
    after = situation.read_as(outcome, cut).after
    if after.verdict not in {"exact", "rounding"} or outcome.gap == 0:
        return
    parts = tuple(term.line for term in cut.terms if term.role == "part")
    yield Hypothesis("truncated-parts", parts, odds, instead=cut)


def _total_added_otherwise(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """A total that was added up wrongly: without a part, with one twice, with another figure, with subtotals and their parts."""
    gap, target = _gap(outcome), next((term for term in outcome.relation.terms if term.role == "total"), None)
    if not gap or target is None or outcome.computed is None or outcome.verdict != "inconsistent":
        return
    fact = situation.fact(target.line)
    computed = outcome.computed * outcome.unit.scale
    wanted = situation.wanted(outcome, fact)
    if wanted is None or wanted.lo is None or wanted.hi is None:
        return
    changes = situation.printing(fact, (wanted.lo + wanted.hi) / 2)
    if any(line_id == term.line for line_id, _ in changes for term in outcome.relation.terms if term is not target):
        return
    for code, ways, origin in _stories(gap, computed, outcome, situation):
        evidence = (("in", "total"), *((("figure", origin),) if origin else ()))
        lines = tuple(line_id for line_id, _ in changes)
        yield Hypothesis(code, lines, chance(code, ways=ways) * SLIP ** (len(changes) - 1), changes, evidence=evidence)


def _stories(
    gap: Fraction, computed: Fraction, outcome: Outcome, situation: Situation
) -> Iterator[tuple[str, int, str]]:
    """What was left out of the total or added to it: the cause, in how many ways that can happen, the figure."""
    relation = outcome.relation
    allowed = (outcome.bound or Fraction(0)) * outcome.unit.scale
    parts = [term for term in relation.terms if term.role == "part"]
    with_parts = [term for term in parts if _has_parts(term.line, relation, situation)]
    if with_parts and abs(gap - computed) <= 2 * allowed:
        yield "parent-beside-children", 1, ""
    for term in parts:
        quantity = quantity_of(situation.telling(situation.fact(term.line)), relation.convention)
        if not isinstance(quantity, Quantity) or quantity.value == 0:
            continue
        if abs(gap + term.weight * quantity.value) <= 2 * allowed:
            yield "omitted-part", len(parts), term.line
        if abs(gap - term.weight * quantity.value) <= 2 * allowed:
            yield "counted-twice", len(parts), term.line
    discount = _discount(outcome, situation)
    if discount is None:
        return
    target = _target(outcome, situation)
    inside = {situation.fact(term.line) for term in relation.terms}
    covered = {situation.fact(term.line) for term in parts}
    near = situation.worth(abs(gap) - allowed, abs(gap) + allowed, beside=target)
    for line in [line for line in near if situation.fact(line.id) not in inside and _adds_to(line, target)][
        :_MOST_MATCHES
    ]:
        children = _parts_of(situation.fact(line.id), situation)
        code = "parent-beside-children" if children and children <= covered else "another-figure"
        yield code, int(_MOST_FIGURES / discount), line.id


def _has_parts(line_id: str, relation: Relation, situation: Situation) -> bool:
    return any(
        other.relation is not relation and other.relation.form == "sum"
        and any(term.role == "total" and situation.fact(term.line) == situation.fact(line_id) for term in other.relation.terms)
        for other in situation.about(situation.fact(line_id))
    )  # fmt: skip


def _parts_of(fact: Fact, situation: Situation) -> set[Fact]:
    """The parts of the sums of which a figure is the total."""
    return {
        situation.fact(term.line)
        for outcome in situation.about(fact)
        if outcome.relation.form == "sum"
        and any(term.role == "total" and situation.fact(term.line) == fact for term in outcome.relation.terms)
        for term in outcome.relation.terms
        if term.role == "part"
    }


def counted_twice(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """A part that should not count, and a part that the total contains twice; of a list within a whole, the former."""
    relation, gap = outcome.relation, _gap(outcome)
    allowed = 2 * (outcome.bound or Fraction(0)) * outcome.unit.scale
    parts = [term for term in relation.terms if term.role == ("part" if relation.form == "sum" else "left")]
    if gap is None or len(parts) < 2:
        return
    for term in parts:
        quantity = quantity_of(situation.telling(situation.fact(term.line)), relation.convention)
        if not isinstance(quantity, Quantity) or quantity.value == 0:
            continue
        amounts_to = term.weight * quantity.value
        without = tuple(other for other in relation.terms if other is not term)
        again = tuple(replace(other, weight=2 * other.weight) if other is term else other for other in relation.terms)
        too_much = gap if relation.form == "order" else -gap
        if abs(too_much - amounts_to) <= allowed:
            yield _twice(term, replace(relation, terms=without), "parts", len(parts))
        if relation.form == "sum" and abs(too_much + amounts_to) <= allowed:
            yield _twice(term, replace(relation, terms=again), "total", len(parts))


def _twice(term: Term, instead: Relation, where: str, parts: int) -> Hypothesis:
    likely = chance("counted-twice", places=2 * parts)
    return Hypothesis("counted-twice", (term.line,), likely, instead=instead, evidence=(("in", where),))


def _two_signs(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Two parts whose signs are both turned: two slips, and one of many pairs."""
    gap, parts = _gap(outcome), [term for term in outcome.relation.terms if term.role == "part"]
    allowed = (outcome.bound or Fraction(0)) * outcome.unit.scale
    if gap is None or outcome.verdict != "inconsistent" or not 2 <= len(parts) <= _MOST_SIGNS:
        return
    amounts = [(term, situation.line(term.line).amount) for term in parts]
    worth = [(term, amount, term.weight * amount.exact_value) for term, amount in amounts if amount and amount.value]
    pairs = list(combinations(worth, 2))
    for (one, first, one_is), (other, second, other_is) in pairs:
        if abs(gap + 2 * (one_is + other_is)) <= allowed:
            likely = chance("sign-reversed", places=len(pairs)) * SLIP * SHARES["sign-reversed"]
            turned = ((one, first), (other, second))
            changes = tuple((term.line, replace(amount, value=amount.value.copy_negate())) for term, amount in turned)
            yield Hypothesis("sign-reversed", tuple(line for line, _ in changes), likely, changes)


def _equal_to_the_gap(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Another printed figure that is as large as the gap: a part left out of the list, or something to look at."""
    gap = _gap(outcome)
    if not gap:
        return
    relation = outcome.relation
    inside = {line.identity for line in situation.excerpt(relation)}
    allowed = (outcome.bound or Fraction(0)) * outcome.unit.scale
    discount = _discount(outcome, situation)
    if discount is None:
        return
    target = _target(outcome, situation)
    near = [
        line
        for line in situation.worth(abs(gap) - allowed, abs(gap) + allowed, beside=target)
        if line.identity not in inside and _adds_to(line, target)
    ]
    near.sort(key=lambda line: (not _stands_beside(line, target), _distance(line, gap)))
    for line in near[:_MOST_MATCHES]:
        assert line.amount is not None
        sign = 1 if (line.amount.value > 0) == (gap > 0) else -1
        omitted = sign == 1 and _stands_beside(line, target)
        code = "omitted-part" if omitted else "another-figure"
        likely = chance(code, ways=1 if omitted else 2) * discount
        closed = replace(relation, terms=(*relation.terms, Term(line.id, "part", Fraction(sign))))
        evidence = (("figure", line.id), ("sign", "+" if sign > 0 else "-"))
        yield Hypothesis(code, (line.id,), likely, instead=closed, evidence=evidence)


def _discount(outcome: Outcome, situation: Situation) -> Fraction | None:
    """How far a hit is evidence: 1 where chance makes none, less where it makes some, None where it makes a hit or more.

    A figure of k digits has one of 9 · 10^(k-1) values.
    """
    gap, step = _gap(outcome), step_of(outcome, situation.budget)
    assert gap is not None
    allowed = (outcome.bound or Fraction(0)) * outcome.unit.scale
    units = int(abs(gap) / step)
    if units == 0:
        return None
    digits = len(str(units))
    low, high = Fraction(10) ** (digits - 1) * step, Fraction(10) ** digits * step
    candidates = situation.how_many_are_worth(low, high - step, beside=_target(outcome, situation))
    values = 2 * int(allowed / step) + 1
    expected = Fraction(candidates * values, 9 * 10 ** (digits - 1))
    if expected >= 1:
        return None
    return min(Fraction(1), CHANCE_HITS / expected) if expected else Fraction(1)


def _declared_exact(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Figures that are said to hide nothing, and miss by less than four units of their last place: printed rounded."""
    gap, step = _gap(outcome), step_of(outcome, situation.budget)
    bound = (outcome.bound or Fraction(0)) * outcome.unit.scale
    if gap and outcome.verdict == "inconsistent" and bound < step / 2 and abs(gap) <= _FEW_UNITS * step:
        lines = tuple(term.line for term in outcome.relation.terms)
        rounded = with_convention(outcome.relation, tolerance=str(abs(gap) / outcome.unit.scale))
        yield Hypothesis("rounding-residue", lines, chance("rounding-residue", ways=2 * _FEW_UNITS), instead=rounded)


def _target(outcome: Outcome, situation: Situation) -> BudgetLine:
    """The total, or the first of a list of shares."""
    terms = outcome.relation.terms
    return situation.line(next((term for term in terms if term.role == "total"), terms[0]).line)


def _gap(outcome: Outcome) -> Fraction | None:
    return None if outcome.gap is None else outcome.gap * outcome.unit.scale


def _adds_to(line: BudgetLine, target: BudgetLine) -> bool:
    if line.amount is None or target.amount is None:
        return False
    return line.amount.unit.measures_like(target.amount.unit) and line.amount.precision in {"printed", "exact"}


def _stands_beside(line: BudgetLine, target: BudgetLine) -> bool:
    """Whether a figure reports on the same office, time, phase and fund, and may thus belong to the same sum."""
    one, other = line.identity, target.identity
    return (one.entity, one.period, one.phase, one.fund, one.measure) == (
        other.entity, other.period, other.phase, other.fund, other.measure,
    )  # fmt: skip


def _distance(line: BudgetLine, gap: Fraction) -> Fraction:
    assert line.amount is not None
    return abs(abs(line.amount.exact_value) - abs(gap))
