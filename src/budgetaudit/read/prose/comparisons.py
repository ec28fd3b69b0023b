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
from budgetaudit.model.source import Source
from budgetaudit.model.statement import Statement, Term
from budgetaudit.money.unit import PERCENT
from budgetaudit.read.prose.cues import Basis, base_phase
from budgetaudit.read.prose.facts import Fact, Ledger
from budgetaudit.read.prose.naming import name_in

_WHOLE_SPENDING: Final = re.compile(r"(?:总支出|支出总额|支出总量|全部支出|支出合计|支出总计|本年支出|预算总支出|总额|合计|总量|总数|总预算|全部|总和)\Z")


def change_statements(change: Fact, current: Fact, base: Fact | None) -> list[Statement]:
    """change = current - base, if the base is printed."""
    if base is None or not base.amount.unit.measures_like(change.amount.unit):
        return []
    more, less = (current, base) if change.sign > 0 else (base, current)
    terms = (Term(change.id, "total"), Term(more.id, "part"), Term(less.id, "part", Fraction(-1)))
    return [Statement("change", terms, source=change.number.source)]


def growth_from_change(growth: Fact, change: Fact, current: Fact) -> Statement:
    """growth = change / (current - change)."""
    terms = (
        Term(growth.id, "ratio", Fraction(growth.sign)), Term(current.id, "current"), Term(change.id, "change", Fraction(change.sign)),
    )  # fmt: skip
    return Statement("growth", terms, source=growth.number.source)


def growth_from_levels(growth: Fact, current: Fact, base: Fact | None) -> list[Statement]:
    """growth = (current - base) / base, if the base is printed."""
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
    if year is None or year == current.period:
        return None
    phase = base_phase(basis.words, None)
    if phase is not None:
        return ledger.level_like(current, period=year, phase=phase)
    return ledger.level_like(current, period=year, phase=current.phase) or ledger.level_like(current, period=year)


def share_statement(share: Fact, part: Fact, whole: Fact) -> Statement:
    """share = part / whole."""
    return _ratio("share", share, part, whole)


def rate_statement(rate: Fact, actual: Fact, budget: Fact) -> Statement:
    """rate = actual / budget."""
    return _ratio("rate", rate, actual, budget)


def _ratio(says: str, ratio: Fact, numerator: Fact, denominator: Fact) -> Statement:
    terms = (Term(ratio.id, "ratio"), Term(numerator.id, "numerator"), Term(denominator.id, "denominator"))
    return Statement("share" if says == "share" else "rate", terms, source=ratio.number.source)


def whole_named(words: str, part: Fact, ledger: Ledger, totals: Sequence[Fact], bodies: tuple[str, ...]) -> Fact | None:
    """The level that the words between 占 and 的 name; `totals` are those of the open lists, innermost first."""
    naming = name_in(words, 0, len(words), bodies=bodies)
    if not naming.label:
        return totals[0] if totals else None
    candidates = [fact for fact in ledger.levels(naming.label) if _can_hold(fact, part)]
    if candidates:
        same = [fact for fact in candidates if (fact.period, fact.phase, fact.entity) == (part.period, part.phase, part.entity)]
        near = [fact for fact in same if fact.section == part.section]
        return (near or same or candidates)[0]
    if totals and (_WHOLE_SPENDING.search(words) or _shares_words(naming.label, totals[0].label)):
        return totals[0]
    ending = [fact for fact in reversed(ledger.facts) if fact.is_level and _can_hold(fact, part) and _shares_words(naming.label, fact.label)]
    return ending[0] if ending else None


def _can_hold(whole: Fact, part: Fact) -> bool:
    return whole is not part and whole.amount.unit.measures_like(part.amount.unit) and whole.amount.unit.kind == part.amount.unit.kind


def _shares_words(named: str, label: str) -> bool:
    """Whether two names of a total differ only in words that names of totals drop (支出总额, 支出合计)."""
    core, other = _core(named), _core(label)
    return core != "" and (core == other or (len(core) > 3 and other.endswith(core)))


_FILLING: Final = re.compile(r"总额|总计|合计|总|本年|当年|全年|年度|预算|决算|财政拨款|数|部门|单位|整体|经费|资金|金额")


def _core(label: str) -> str:
    return _FILLING.sub("", label)


def budget_for(actual: Fact, words: str, ledger: Ledger) -> Fact | None:
    """The budget that a completion rate is measured against: the one named, else the one printed."""
    if re.search(r"全年预算|调整", words):
        return ledger.level_like(actual, period=actual.period, phase="adjusted")
    if "年初" in words:
        return ledger.level_like(actual, period=actual.period, phase="budget")
    latest = [
        found for phase in ("budget", "adjusted") if (found := ledger.level_like(actual, period=actual.period, phase=phase))  # type: ignore[arg-type]
    ]
    return max(latest, key=lambda fact: fact.number.start_in_document) if latest else None


def is_percent(fact: Fact) -> bool:
    """Whether a figure is printed in percent."""
    return fact.amount.unit.kind == PERCENT.kind
