"""Comparisons: changes, growth, shares and completion rates, and the figures they are measured against.

Each function returns the statements that follow from one ratio or change and the figures the words point at. A base that
is nowhere printed asserts nothing. Where words name a base, it is taken; where they leave it open (占10%), the total of the
list stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from budgetaudit.model.line import Phase
from budgetaudit.model.statement import Statement, Term
from budgetaudit.read.prose.cues import Basis, base_phase
from budgetaudit.read.prose.facts import LAST_YEAR, Fact, Ledger, Subject
from budgetaudit.read.prose.naming import name_in


def change_statements(change: Fact, current: Fact, base: Fact | None) -> list[Statement]:
    """Change = current - base, if the base is printed."""
    alike = base is not None and (
        base.amount.unit.measures_like(change.amount.unit) or (base.amount.unit.kind, change.amount.unit.kind) == ("percent", "points")
    )  # fmt: skip
    if base is None or not alike:
        return []
    more, less = (current, base) if change.sign > 0 else (base, current)
    terms = (Term(change.id, "total"), Term(more.id, "part"), Term(less.id, "part", Fraction(-1)))
    return [Statement("change", terms, source=change.number.source)]


def growth_from_change(growth: Fact, change: Fact, current: Fact) -> Statement:
    """Growth = change / (current - change)."""
    terms = (
        Term(growth.id, "ratio", Fraction(growth.sign)), Term(current.id, "current"), Term(change.id, "change", Fraction(change.sign)),
    )  # fmt: skip
    return Statement("growth", terms, source=growth.number.source)


def growth_from_levels(growth: Fact, current: Fact, base: Fact | None) -> list[Statement]:
    """Growth = (current - base) / base, if the base is printed."""
    if base is None:
        return []
    terms = (Term(growth.id, "ratio", Fraction(growth.sign)), Term(current.id, "current"), Term(base.id, "base"))
    return [Statement("growth", terms, source=growth.number.source)]


def base_of(current: Fact, basis: Basis, ledger: Ledger) -> Fact | None:
    """The printed level that a comparison names, of the same line."""
    if basis.against in {"initial-budget", "adjusted-budget"} and not basis.year:
        wanted: Phase = "adjusted" if basis.against == "adjusted-budget" else "budget"
        if current.phase == wanted:
            return _prior(current, basis, ledger)  # a budget compared with a budget is compared with last year's
        return ledger.level_like(current, period=current.period, phase=wanted)
    return _prior(current, basis, ledger)


def _prior(current: Fact, basis: Basis, ledger: Ledger) -> Fact | None:
    year = basis.year or (str(int(current.period) - 1) if current.period and current.period.isdecimal() else None)
    if year is None and current.period is None:
        year = LAST_YEAR
    if year is None or year == current.period:
        return None
    phase = base_phase(basis.words, None)
    if phase is not None:
        return ledger.level_like(current, period=year, phase=phase)
    return ledger.level_like(current, period=year, phase=current.phase) or ledger.level_like(current, period=year)


def share_statement(share: Fact, parts: Sequence[Fact], whole: Fact) -> Statement:
    """Share = part / whole; of several parts together where the words say so (两项合计占)."""
    numerators = tuple(Term(part.id, "numerator") for part in parts)
    terms = (Term(share.id, "ratio"), *numerators, Term(whole.id, "denominator"))
    return Statement("share", terms, source=share.number.source)


def rate_statement(rate: Fact, actual: Fact, budget: Fact) -> Statement:
    """Rate = actual / budget."""
    terms = (Term(rate.id, "ratio"), Term(actual.id, "numerator"), Term(budget.id, "denominator"))
    return Statement("rate", terms, source=rate.number.source)


def whole_named(
    words: str, share: Fact, part: Fact, ledger: Ledger, totals: Sequence[Fact], bodies: tuple[str, ...]
) -> Fact | None:
    """The level that the words between 占 and 的 name.

    A line of that name is the whole. Where no line has just that name, a total of an open list or a level whose name
    differs by the words that names of totals drop is the whole, if the share fits it: what nobody named is not accused.
    """
    naming = name_in(words, 0, len(words), bodies=bodies)
    if not naming.label:
        return totals[0] if totals else None
    named = [fact for fact in ledger.levels(naming.label) if _can_hold(fact, part) and not fact.is_base]
    if named:
        same = [
            fact for fact in named if (fact.period, fact.phase, fact.entity) == (part.period, part.phase, part.entity)
        ]
        near = [fact for fact in same if fact.section == part.section]
        agreeing = [fact for fact in named if ratio_fits(share, part, fact)]
        return (near or same or agreeing or named)[0]
    core = _core(naming.label)
    likely = [fact for fact in totals if fact is not part and _can_hold(fact, part)]
    likely += [
        fact
        for fact in reversed(ledger.facts[-200:])
        if fact.is_level and fact is not part and _can_hold(fact, part) and _shares_words(naming.label, fact.label)
    ]
    alike = [fact for fact in likely if _core(fact.label) == core]
    if alike:
        return next((fact for fact in alike if fact.period == part.period), alike[0])
    fitting = next((fact for fact in likely if ratio_fits(share, part, fact)), None)
    outer = [fact for fact in totals if core in {"", "收入", "支出"} and core in fact.label]
    if fitting is None and outer:
        return outer[-1]  # 占收入总额: of the outermost list
    return fitting


def ratio_fits(ratio: Fact, part: Fact, whole: Fact) -> bool:
    """Whether a printed percentage can be that of two printed amounts."""
    if whole.value == 0:
        return False
    low, high = _ends(part)
    least, most = _ends(whole)
    if least <= 0:
        return False
    half = ratio.half
    printed = ratio.sign * ratio.value
    return 100 * low / most <= printed + half and printed - half <= 100 * high / least


def growth_fits(growth: Fact, change: Fact, current: Fact) -> bool:
    """Whether a printed rate can be that of a printed change to a printed level."""
    delta, level = change.sign * change.value, current.value
    if level == delta:
        return False
    reach = (change.half + current.half) * 2
    base_least, base_most = level - delta - reach, level - delta + reach
    if base_least <= 0:
        return False
    half = growth.half
    printed = growth.sign * growth.value
    ends = [100 * (delta + side * change.half) / base for side in (-1, 1) for base in (base_least, base_most)]
    return min(ends) <= printed + half and printed - half <= max(ends)


def _ends(fact: Fact) -> tuple[Fraction, Fraction]:
    half = fact.half
    return fact.value - half, fact.value + half


def _can_hold(whole: Fact, part: Fact) -> bool:
    return (
        whole is not part
        and whole.amount.unit.measures_like(part.amount.unit)
        and whole.amount.unit.kind == part.amount.unit.kind
    )


def _shares_words(named: str, label: str) -> bool:
    """Whether two names of a total differ only in words that names of totals drop (支出总额, 支出合计)."""
    core, other = _core(named), _core(label)
    return core != "" and (core == other or (len(core) > 3 and other.endswith(core)))


_FILLING: Final = re.compile(r"总额|总计|合计|总|本年|当年|全年|年度|预算|决算|数|部门|单位|整体|经费|资金|金额")


def _core(label: str) -> str:
    return _FILLING.sub("", label)


def outturn(subject: Subject, ledger: Ledger) -> Fact | None:
    """The outturn of a line: a level that no word calls a budget."""
    actual = [fact for fact in subject.facts if fact.phase not in {"budget", "adjusted"} and not fact.is_base]
    if actual:
        return actual[-1]
    level = subject.current
    found = None if level is None else ledger.level_like(level, period=level.period, phase="actual")
    return found or level


def budget_for(actual: Fact, words: str, ledger: Ledger) -> Fact | None:
    """The budget that a completion rate is measured against: the one named, else the one printed."""
    if re.search(r"全年预算|调整", words):
        return ledger.level_like(actual, period=actual.period, phase="adjusted")
    if "年初" in words:
        return ledger.level_like(actual, period=actual.period, phase="budget")
    phases: tuple[Phase, ...] = ("budget", "adjusted")
    printed = (ledger.level_like(actual, period=actual.period, phase=phase) for phase in phases)
    latest = [found for found in printed if found is not None]
    return max(latest, key=lambda fact: fact.number.start_in_document) if latest else None
