"""Faults: budgets in which one named thing went wrong, and what that does to the rules.

A fault is a slip of printing (`digits-transposed`, `sign-reversed`, `unit-mix-up`, ...) or of making the figures
(`omitted-part`, `counted-twice`, `rows-exchanged`, `conflicting-print`). Not every slip can be seen: a digit changed in the
last place may stay within what rounding explains. The slow oracle says which relations no true values satisfy any more,
and a fault that leaves all of them satisfiable is `hidden`: no audit could report it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, get_args

from hypothesis import reject
from hypothesis import strategies as st

from budgetaudit.audit import Rules, gathered_rules
from budgetaudit.check.bind import bind
from budgetaudit.check.outcome import Relation
from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.amount import Amount
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.testing.consistent import budgets
from budgetaudit.testing.oracle import judged
from budgetaudit.testing.prints import decimal

FaultKind = Literal[
    "digit-replaced",
    "digits-transposed",
    "lost-digit",
    "inserted-digit",
    "decimal-shift",
    "sign-reversed",
    "unit-mix-up",
    "omitted-part",
    "counted-twice",
    "rows-exchanged",
    "conflicting-print",
]
KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
_SCALES: Final = (Fraction(1), Fraction(1000), Fraction(10_000), Fraction(10**6), Fraction(10**8))


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong.

    Attributes:
        kind: One of `KINDS`.
        lines: Ids of the lines that are wrong now.
        before: Their amounts as they were, in the same order.
        after: Their amounts as they are.
        breaks: Rules of the relations that no true values satisfy any more.
    """

    kind: FaultKind
    lines: tuple[str, ...]
    before: tuple[Amount, ...]
    after: tuple[Amount, ...]
    breaks: tuple[str, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether true values still exist behind every relation, so that nothing can be seen from the figures."""
        return not self.breaks


@dataclass(frozen=True, slots=True)
class Faulty:
    """A budget with a fault, the same budget without it, and the rules it was judged by."""

    budget: Budget
    sound: Budget
    fault: Fault
    rules: RuleSet


_Edit = Mapping[str, Amount]


@st.composite
def faulty(
    draw: st.DrawFn,
    budget: Budget | st.SearchStrategy[Budget] | None = None,
    *,
    rules: Rules,
    kinds: Sequence[FaultKind] = KINDS,
) -> Faulty:
    """Budgets with one fault planted.

    Args:
        draw: Given by Hypothesis.
        budget: The budget, or a strategy of budgets, to plant it in; by default `budgets(rules)`.
        rules: What `audit` takes; they decide what the fault breaks.
        kinds: Which faults; one that a budget has no place for (a sign of a figure that is 0) is not drawn.

    Raises:
        BudgetAuditError: There is no such kind of fault.
    """
    for name in kinds:
        if name not in KINDS:
            raise BudgetAuditError(f"no fault is called {name!r}; {nearest(name, KINDS)}")
    if budget is None:
        budget = budgets(rules)
    sound = budget if isinstance(budget, Budget) else draw(budget)
    ruleset = gathered_rules(rules, sound)
    relations = bind(ruleset, sound).relations
    edits: dict[FaultKind, list[_Edit]] = {
        kind: found for kind in kinds if (found := list(_EDITS[kind](sound, relations)))
    }
    if not edits:
        reject()
    kind: FaultKind = draw(st.sampled_from([*edits]))
    edit = draw(st.sampled_from(edits[kind]))
    spoiled = _conflicting(sound, edit) if kind == "conflicting-print" else _edited(sound, edit)
    broken = [
        rule for rule, times in _failing(ruleset, spoiled).items() if times > _failing(ruleset, sound).get(rule, 0)
    ]
    before = tuple(amount for line in edit if (amount := sound.line(line).amount) is not None)
    return Faulty(spoiled, sound, Fault(kind, tuple(edit), before, tuple(edit.values()), tuple(broken)), ruleset)


def _failing(rules: RuleSet, budget: Budget) -> dict[str, int]:
    """How many relations of each rule no true values satisfy."""
    failing: dict[str, int] = {}
    for relation in bind(rules, budget).relations:
        if judged(relation, budget) == "fails":
            failing[relation.rule] = failing.get(relation.rule, 0) + 1
    return failing


def _edited(budget: Budget, edit: _Edit) -> Budget:
    lines = [
        line.model_copy(update={"amount": edit[line.id]}) if line.id in edit else line for line in budget.lines
    ]  # fmt: skip
    return replace(budget, lines=tuple(lines))


def _conflicting(budget: Budget, edit: _Edit) -> Budget:
    """The budget with further prints of facts."""
    again = [budget.line(line).model_copy(update={"id": f"{line}-again", "amount": edit[line]}) for line in edit]
    return replace(budget, lines=(*budget.lines, *again))


# --- The slips --------------------------------------------------------------------------------------------------------

_Edits = Callable[[Budget, Sequence[Relation]], Iterator[_Edit]]


def _printed(budget: Budget) -> Iterator[tuple[BudgetLine, Amount]]:
    """Figures as printed, of facts that are printed once."""
    for line in budget.lines:
        if line.amount is not None and line.amount.precision == "printed" and len(budget.prints(line.id)) == 1:
            yield line, line.amount


def _by_digits(slip: Callable[[str], Iterator[str]]) -> _Edits:
    """A slip in the digits of one figure, signs and places kept."""

    def edits(budget: Budget, _: Sequence[Relation]) -> Iterator[_Edit]:
        for line, amount in _printed(budget):
            steps = int(Fraction(amount.value) / amount.step)
            digits = str(abs(steps)).rjust(max(amount.places, 0) + 1, "0")
            for other in slip(digits):
                changed = int(other) * (-1 if steps < 0 else 1)
                if changed != steps:
                    yield {line.id: replace(amount, value=decimal(changed, amount.places))}

    return edits


def _replaced(digits: str) -> Iterator[str]:
    for place, digit in enumerate(digits):
        for by in (1, 5, 9):
            yield digits[:place] + str((int(digit) + by) % 10) + digits[place + 1 :]


def _transposed(digits: str) -> Iterator[str]:
    for place in range(len(digits) - 1):
        yield digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


def _lost(digits: str) -> Iterator[str]:
    for place in range(len(digits) - 1):
        yield digits[:place] + digits[place + 1 :]


def _inserted(digits: str) -> Iterator[str]:
    for place in range(len(digits) + 1):
        yield f"{digits[:place]}{digits[place - 1 : place] or '1'}{digits[place:]}"


def _shifted(digits: str) -> Iterator[str]:
    yield f"{digits}0"
    yield digits[:-1] or "0"


def _reversed(budget: Budget, _: Sequence[Relation]) -> Iterator[_Edit]:
    for line, amount in _printed(budget):
        if amount.value:
            yield {line.id: replace(amount, value=amount.value.copy_negate())}


def _in_other_units(budget: Budget, _: Sequence[Relation]) -> Iterator[_Edit]:
    """The same digits in another unit of the same currency."""
    for line, amount in _printed(budget):
        if amount.unit.kind == "money" and amount.value:
            for scale in _SCALES:
                if scale != amount.unit.scale:
                    yield {line.id: replace(amount, unit=replace(amount.unit, scale=scale, text=""))}


def _of_sums(sign: int) -> _Edits:
    """A total that one of its parts was taken from, or added to once more."""

    def edits(budget: Budget, relations: Sequence[Relation]) -> Iterator[_Edit]:
        printed = {line.id: amount for line, amount in _printed(budget)}
        for relation in relations:
            totals = [term.line for term in relation.terms if term.role == "total" and term.line in printed]
            for part in relation.terms:
                if relation.form == "sum" and part.role == "part" and totals and part.line in printed:
                    total, amount = printed[totals[0]], printed[part.line]
                    moved = sign * part.weight * Fraction(amount.value) * amount.unit.scale / total.unit.scale
                    steps = round((Fraction(total.value) + moved) / total.step)
                    if steps != Fraction(total.value) / total.step:
                        yield {totals[0]: replace(total, value=decimal(steps, total.places))}

    return edits


def _exchanged(budget: Budget, _: Sequence[Relation]) -> Iterator[_Edit]:
    """Two figures that stand below each other, each in the row of the other."""
    printed = list(_printed(budget))
    for (line, amount), (below, other) in pairwise(printed):
        if amount.unit == other.unit and amount.value != other.value:
            yield {line.id: other, below.id: amount}


_EDITS: Final[Mapping[FaultKind, _Edits]] = {
    "digit-replaced": _by_digits(_replaced),
    "digits-transposed": _by_digits(_transposed),
    "lost-digit": _by_digits(_lost),
    "inserted-digit": _by_digits(_inserted),
    "decimal-shift": _by_digits(_shifted),
    "sign-reversed": _reversed,
    "unit-mix-up": _in_other_units,
    "omitted-part": _of_sums(-1),
    "counted-twice": _of_sums(1),
    "rows-exchanged": _exchanged,
    "conflicting-print": _by_digits(_replaced),
}
