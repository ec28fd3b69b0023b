"""What a printed ratio that does not follow from its amounts may be: cut off, taken of something else, read as another form.

Each test compares the print with what the amounts would give under one known way of going wrong, as intervals: the amounts
hide digits, and small ones hide much. The correction offered is the ratio that the printed amounts give; which of the
amounts might be wrong instead is tried elsewhere, digit by digit.

Sources: the diagnoses of wrong percentages in published department accounts, collected in the domain notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.check.quantity import Quantity, quantity_of
from budgetaudit.explain.cause import Hypothesis
from budgetaudit.explain.consequence import POSSIBLE
from budgetaudit.explain.priors import CHANCE_HITS, INEXACT, chance
from budgetaudit.explain.situation import Situation
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Role, Term
from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import rounded
from budgetaudit.money.interval import Interval, printed_interval

_GROWTH: Final[tuple[Role, Role]] = ("current", "base")
_PLUG_UNITS = 3
_MOST_MATCHES = 3
_MOST_SHARES = 40


def hypotheses(outcome: Outcome, situation: Situation) -> Iterator[Hypothesis]:
    """Everything a ratio that contradicts its amounts may be."""
    (term,) = (term for term in outcome.relation.terms if term.role == "ratio")
    line = situation.line(term.line)
    reach, computed = outcome.computed_interval, outcome.computed
    if line.amount is None or reach is None or computed is None or line.amount.value == 0:
        return
    printed = line.amount
    right = replace(printed, value=rounded(computed, printed.places))
    allowed = printed.interval()

    def instead(code: str, *lines: str) -> Hypothesis:
        return Hypothesis(code, (line.id, *lines), chance(code), changes=((line.id, right),))

    if _is_cut(printed, reach):
        yield instead("truncated-percent")
    if printed.unit.kind == "percent" and allowed.overlaps(reach.scaled(Fraction(1, 100))):
        yield instead("fraction-as-percent")
    if outcome.relation.form != "share":
        factor = Interval.point(outcome.relation.factor)
        if allowed.overlaps(reach + factor):
            yield instead("ratio-as-growth")
        if (by_current := _of_current(outcome, reach)) is not None and allowed.overlaps(by_current):
            yield instead("divided-by-current-year")
        if (points := _in_points(outcome, situation)) is not None and allowed.overlaps(points):
            yield instead("percent-points")
    elif allowed.overlaps(reach - Interval.point(outcome.relation.factor)):
        yield instead("growth-as-ratio")
    for other in _plugged(outcome, line, printed, computed, situation):
        plugged = instead("plug-share", *other)  # whose list adds to exactly 100, which honest shares seldom do
        yield replace(
            plugged,
            chance=plugged.chance / INEXACT / (1 if _may_be_the_rest(line, other, situation) else len(other) + 1),
        )
    if outcome.relation.form == "share":
        yield from _of_something_else(outcome, line.id, right, situation)


def _is_cut(printed: Amount, reach: Interval) -> bool:
    """Whether cutting digits off gives the print; rounding does not, or there would be no finding."""
    return printed_interval(printed.exact_value, printed.step, rounding="truncate").overlaps(reach)


def _of_current(outcome: Outcome, growth: Interval) -> Interval | None:
    """Growth measured against the current figure: g / (1 + g)."""
    factor = outcome.relation.factor
    grown = growth.scaled(1 / factor) + Interval.point(1)
    if grown.lo is None or grown.lo <= 0:
        return None
    return (Interval.point(1) - Interval.point(1) / grown).scaled(factor)


def _in_points(outcome: Outcome, situation: Situation) -> Interval | None:
    """The change of a percentage in percentage points, where its change in percent is asked for."""
    current, base = (_single(outcome, role, situation) for role in _GROWTH)
    amounts = [situation.line(term.line).amount for term in outcome.relation.terms if term.role in _GROWTH]
    of_percentages = all(amount is not None and amount.unit.kind == "percent" for amount in amounts)
    return current - base if of_percentages and current is not None and base is not None else None


def _plugged(
    outcome: Outcome, line: BudgetLine, printed: Amount, computed: Fraction, situation: Situation
) -> Iterator[tuple[str, ...]]:
    """A share that misses by a unit or two in a list of shares that adds to exactly 100."""
    if outcome.relation.form != "share" or abs(printed.exact_value - computed) > _PLUG_UNITS * printed.step:
        return
    for other in situation.about(situation.fact(line.id)):
        if other.relation.form == "sum" and other.relation.constant == outcome.relation.factor and other.gap == 0:
            yield tuple(term.line for term in other.relation.terms if term.line != line.id)
            return


def _may_be_the_rest(line: BudgetLine, others: Sequence[str], situation: Situation) -> bool:
    """Whether a share is the last or the largest of its list, the one that is made to fit."""
    amounts = [(situation.place(other), situation.line(other).amount) for other in others]
    last = all(place < situation.place(line.id) for place, _ in amounts)
    return last or all(
        amount is None or line.amount is None or amount.value < line.amount.value for _, amount in amounts
    )


def _of_something_else(outcome: Outcome, ratio: str, right: Amount, situation: Situation) -> Iterator[Hypothesis]:
    """The same part over another printed figure; over another phase of the same figure, it is a wrong word."""
    relation, printed = outcome.relation, situation.line(ratio).amount
    assert printed is not None
    over = _single(outcome, "numerator", situation)
    base_terms = [term for term in relation.terms if term.role == "denominator"]
    quotient = printed.interval().scaled(1 / relation.factor)
    if over is None or len(base_terms) != 1 or quotient.lo is None or quotient.lo <= 0:
        return
    wanted = over / quotient
    base = situation.line(base_terms[0].line)
    inside = {line.identity for line in situation.excerpt(relation)}
    found = [
        line for line in _worth(wanted, base, situation) if line.identity not in inside and _measures_like(line, base)
    ]
    found.sort(key=lambda line: (line.identity.label != base.identity.label, not situation.is_total(line)))
    for line in found[:_MOST_MATCHES]:
        expected = _expected_hits(wanted, base, situation, among_totals=situation.is_total(line))
        if expected >= 1:
            continue
        discount = min(Fraction(1), CHANCE_HITS / expected) if expected else Fraction(1)
        code = "wrong-denominator-word" if line.identity.label == base.identity.label else "wrong-denominator"
        likely, evidence = chance(code) * discount, (("figure", line.id),)
        if code == "wrong-denominator-word":
            terms = (replace(term, line=line.id) if term is base_terms[0] else term for term in relation.terms)
            yield Hypothesis(code, (line.id,), likely, instead=replace(relation, terms=tuple(terms)), evidence=evidence)
        else:
            changes = ((ratio, right), *_alike(outcome, base_terms[0], line, situation))
            yield Hypothesis(code, (*(one for one, _ in changes), line.id), likely, changes, evidence=evidence)


def _alike(outcome: Outcome, base: Term, instead: BudgetLine, situation: Situation) -> Iterator[tuple[str, Amount]]:
    """The other shares of the same whole that were taken of the same other figure, each with what it should be."""
    for other in situation.about(situation.fact(base.line))[:_MOST_SHARES]:
        relation = other.relation
        if other is outcome or relation.form != "share" or other.verdict != "inconsistent" or other.computed is None:
            continue
        term = next((term for term in relation.terms if term.role == "denominator" and term.line == base.line), None)
        ratio = next(term.line for term in relation.terms if term.role == "ratio")
        amount = situation.line(ratio).amount
        if term is None or amount is None:
            continue
        terms = tuple(replace(one, line=instead.id) if one is term else one for one in relation.terms)
        if situation.read_as(other, replace(relation, terms=terms)).after.verdict in POSSIBLE:
            yield ratio, replace(amount, value=rounded(other.computed, amount.places))


def _single(outcome: Outcome, role: Role, situation: Situation) -> Interval | None:
    terms: Sequence[Term] = [term for term in outcome.relation.terms if term.role == role]
    if len(terms) != 1:
        return None
    quantity = quantity_of(situation.telling(situation.fact(terms[0].line)), outcome.relation.convention)
    return quantity.interval if isinstance(quantity, Quantity) else None


def _worth(wanted: Interval, base: BudgetLine, situation: Situation) -> list[BudgetLine]:
    if wanted.lo is None or wanted.hi is None or wanted.lo <= 0:
        return []
    return situation.worth(wanted.lo, wanted.hi, beside=base)


def _expected_hits(wanted: Interval, base: BudgetLine, situation: Situation, *, among_totals: bool) -> Fraction:
    """How many figures of this size lie in so wide a range by chance: its width relative to its size, for each figure.

    A total is expected below a share, so that it is looked for among totals only.
    """
    if wanted.lo is None or wanted.hi is None or wanted.lo <= 0 or base.amount is None:
        return Fraction(0)
    size = abs(base.amount.exact_value)
    alike = situation.how_many_are_worth(size / 10, size * 10, beside=base)
    if among_totals:
        alike = sum(1 for line in situation.worth(size / 10, size * 10, beside=base) if situation.is_total(line))
    return alike * (wanted.hi - wanted.lo) / wanted.lo


def _measures_like(line: BudgetLine, base: BudgetLine) -> bool:
    return line.amount is not None and base.amount is not None and line.amount.unit.measures_like(base.amount.unit)
