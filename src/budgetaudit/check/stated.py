"""What documents state, as relations: each assertion of a reader becomes the relation that weighs it.

The table says which kind of defect a false assertion is and how strictly it must hold. A list "of which" is an
inequality and only if its parts are not negative; a list of one part that does not claim to be complete keeps its open
rest, so that it is weighed as a sum with a missing part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from budgetaudit.check.outcome import Form, Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import LEVELS
from budgetaudit.model.statement import Says, Statement, Term
from budgetaudit.money.unit import UnitKind
from budgetaudit.rules.rule import Convention, Strength

UNNAMED: Final = ""  # a part that the document leaves without a name
STATED: Final = "text/"  # how the ids begin of what documents state

_FACTORS: Final[Mapping[UnitKind, Fraction]] = MappingProxyType({"percent": Fraction(100), "points": Fraction(100)})


@dataclass(frozen=True, slots=True)
class _Weighed:
    kind: str
    form: Form
    strength: Strength


_TABLE: Final[Mapping[Says, _Weighed]] = MappingProxyType({
    "split": _Weighed("SUM001", "sum", "balance"),
    "of-which": _Weighed("SUM002", "order", "logic"),
    "change": _Weighed("DIF001", "sum", "logic"),
    "decomposition": _Weighed("DIF002", "sum", "verify"),
    "growth": _Weighed("RAT002", "growth", "logic"),
    "share": _Weighed("RAT001", "share", "logic"),
    "shares-total": _Weighed("RAT004", "sum", "logic"),
    "rate": _Weighed("RAT003", "share", "logic"),
    "average": _Weighed("RAT006", "share", "logic"),
    "comparison": _Weighed("TXT001", "order", "verify"),
    "limit": _Weighed("ORD002", "order", "logic"),
    "balance": _Weighed("TIE002", "sum", "balance"),
    "count": _Weighed("CNT001", "count", "logic"),
})  # fmt: skip


def stated_relation(statement: Statement, budget: Budget, convention: Convention) -> Relation | None:
    """The relation that weighs a statement; None for an "of which" list with negative parts, which asserts nothing."""
    weighed = _TABLE[statement.says]
    terms = statement.terms
    if statement.says == "of-which":
        if any(_is_negative(term, budget) for term in terms):
            return None
        terms = tuple(Term(term.line, "right" if term.role == "total" else "left", term.weight) for term in terms)
    form = weighed.form
    if form == "growth" and any(term.role == "change" for term in terms):
        form = "growth-from-change"
    op = "<=" if statement.says == "of-which" else statement.op
    open_rest = statement.says in {"split", "decomposition"} and not statement.complete
    return Relation(
        rule=f"{STATED}{statement.says}",
        kind=weighed.kind,
        strength=weighed.strength,
        form=form,
        terms=terms,
        convention=convention,
        missing=(UNNAMED,) if open_rest else (),
        complete=statement.complete,
        constant=statement.constant,
        op=op,
        factor=_factor(terms, budget),
        missing_from=frozenset({"part"} if open_rest else ()),
        nonnegative=statement.says == "split" and all(_is_level(term, budget) for term in terms),
        stated=(statement.source,) if statement.source is not None else (),
    )


def _is_level(term: Term, budget: Budget) -> bool:
    return budget.line(term.line).identity.measure in LEVELS


def _is_negative(term: Term, budget: Budget) -> bool:
    amount = budget.line(term.line).amount
    return amount is not None and amount.value < 0


def _factor(terms: tuple[Term, ...], budget: Budget) -> Fraction:
    """100 if the printed ratio is in percent, 1 for multiples and averages."""
    for term in terms:
        amount = budget.line(term.line).amount
        if term.role == "ratio" and amount is not None:
            return _FACTORS.get(amount.unit.kind, Fraction(1))
    return Fraction(100)
