"""Binding: from rules and statements to relations between the lines of one budget.

A rule is applied in every slot (entity, period, phase, fund) where its target and enough of its parts are printed. What
the document states, what packs know and what is said twice about the same figures becomes one relation. A pack rule
that finds no figures is listed as unbound, never dropped; an equation typed in by the caller that names an unknown
figure becomes a relation that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, assert_never

from budgetaudit.check.condition import weigh_conditions
from budgetaudit.check.merge import merged
from budgetaudit.check.names import Index, Slot
from budgetaudit.check.outcome import Form, Relation
from budgetaudit.check.quantity import Quantity, Unusable, added, quantity_of
from budgetaudit.check.rollup import rolled_up
from budgetaudit.check.stated import stated_relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import LEVELS
from budgetaudit.model.statement import Role, Term
from budgetaudit.money.unit import UnitKind
from budgetaudit.rules.equation import Children, Equation, Linear, Name, Quotient
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.rules.write import format_name

TIE_OUT: Final = "tie-out"
FACTORS: Final[dict[UnitKind, Fraction]] = {"percent": Fraction(100), "points": Fraction(100), "multiple": Fraction(1)}


@dataclass(frozen=True, slots=True)
class UnboundRule:
    """A rule that found nothing to weigh: which of its names no line carries (none: they never stand together)."""

    rule: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """All relations of a budget in order: what it states and what rules know, then tie-outs; and the rules that found none."""

    relations: tuple[Relation, ...]
    unbound: tuple[UnboundRule, ...] = ()


def bind(ruleset: RuleSet, budget: Budget, *, convention: Convention | None = None) -> Bound:
    """Bind rules and the document's statements to the lines of a budget.

    Args:
        ruleset: Rules; those of its packs that find no figures are listed, others that name an unknown figure fail.
        budget: The lines, and what their documents state about them.
        convention: Replaces the conventions of all rules; by default each rule's own, and for statements the common one
            of the rules, or plain rounding to nearest.
    """
    index = Index(budget.by_identity)
    packs = {name for name, _ in ruleset.packs}
    common = convention or next((rule.convention for rule in ruleset if rule.convention), None) or Convention()
    relations: list[Relation] = []
    unbound: list[UnboundRule] = []
    for rule in ruleset:
        weighed_by = convention or rule.convention or common
        from_pack = rule.id.partition("/")[0] in packs
        seen = index.for_rule(rule)
        absent = absent_names(rule, seen)
        bare = Relation(rule.id, rule.kind, rule.strength, "sum", (), weighed_by)
        if absent and not from_pack:
            found = [replace(bare, unknown=absent)]
        else:
            try:
                found = list(_Application(rule, budget, seen, weighed_by, from_pack=from_pack).relations())
            except Exception as error:  # noqa: BLE001 - law 4: a rule that breaks is counted and never stops the rest
                found = [replace(bare, broken=f"{type(error).__name__}: {error}")]
        if from_pack:
            found = [relation for relation in found if not relation.terms or _is_printed(relation, budget)]
        if not found:
            unbound.append(UnboundRule(rule.id, absent))
        relations += found
    for statement in budget.statements:
        stated = stated_relation(statement, budget, common)
        if stated is not None:
            relations.append(stated)
    return Bound((*merged(relations, budget, packs=packs), *_tie_outs(budget, common)), tuple(unbound))


def _is_printed(relation: Relation, budget: Budget) -> bool:
    """Whether any figure of a relation is printed: empty cells that add up to an empty cell show nothing."""
    return any(line.state not in {"blank", "dash"} for term in relation.terms for line in budget.prints(term.line))


def absent_names(rule: Rule, index: Index) -> tuple[str, ...]:
    """The labels of a rule that no line carries, optional ones and roll-ups (which name no figure) aside."""
    if isinstance(rule.equation.right, Children):
        return ()
    unknown = (name for name, ratio in named(rule.equation) if not index.has(name, ratio=ratio))
    return tuple(dict.fromkeys(shown_name(name) for name in unknown if not is_optional(name, rule)))


def is_optional(name: Name, rule: Rule) -> bool:
    """Whether a figure that nobody prints counts as zero."""
    return bool(rule.optional) and (name.label in rule.optional or format_name(name) in rule.optional)


def shown_name(name: Name) -> str:
    """How a message calls a figure that is not there: by its label, or as the equation has it where that is any code."""
    return format_name(name) if name.is_any else name.label


def named(equation: Equation) -> list[tuple[Name, bool]]:
    """The names in the order written, and whether each stands for a ratio."""
    is_quotient = isinstance(equation.right, Quotient)
    return [(name, is_quotient and place == 0) for place, name in enumerate(equation.names())]


class _Application:
    """One rule, applied in every slot of one budget."""

    def __init__(self, rule: Rule, budget: Budget, index: Index, convention: Convention, *, from_pack: bool) -> None:
        self._rule, self._budget, self._convention, self._from_pack = rule, budget, convention, from_pack
        self._index = index
        self._parents = frozenset(canonical_label(name.label) for name in rule.equation.names())
        self._slot = Slot(None, None, None, None)
        self._missing: list[str] = []
        self._missing_from: set[Role] = set()
        self._only_adds = True

    def relations(self) -> Iterator[Relation]:
        """One relation for every slot in which enough is printed to say something."""
        if isinstance(self._rule.equation.right, Children):
            yield from rolled_up(self._rule, self._budget, self._index, self._convention, incomplete=self._from_pack)
            return
        for slot in self._index.slots(named(self._rule.equation)):
            if slot.admits(self._rule.scope):
                yield from self._relation(slot)

    def _relation(self, slot: Slot) -> Iterator[Relation]:
        rule, equation = self._rule, self._rule.equation
        self._slot, self._missing, self._missing_from, self._only_adds = slot, [], set(), True
        condition = weigh_conditions(rule.when, rule.unless, self._quantity)
        if condition == "fails":
            return
        terms = tuple(self._terms(equation))
        if _enough(equation, terms, rule.least_parts) and not self._says_nothing(terms):
            yield Relation(
                rule.id, rule.kind, rule.strength, form_of(equation), terms, self._convention,
                missing=tuple(self._missing), missing_from=frozenset(self._missing_from), complete=True, constant=relation_constant(equation), op=equation.op,
                factor=self._factor(terms), nonnegative=self._from_pack and self._only_adds, condition=condition,
            )  # fmt: skip

    def _says_nothing(self, terms: Sequence[Term]) -> bool:
        """Whether several names found one and the same figure, which always equals itself."""
        return len(terms) > 1 and len({term.line for term in terms}) == 1

    def _sought(self, form: Linear, role: Role, *, sign: int = 1) -> list[Term]:
        found: list[Term] = []
        for weight, name in form.terms:
            facts = self._index.find(name, self._slot, ratio=role == "ratio", parents=self._parents)
            if len(facts) == 1 or (facts and name.every):
                found += [Term(self._budget.by_identity[fact][0].id, role, sign * weight) for fact in facts]
            elif facts or not is_optional(name, self._rule):
                self._missing.append(shown_name(name))
                self._missing_from.add(role)
                measure = dict(name.selectors).get("measure", "amount")
                self._only_adds = self._only_adds and sign * weight > 0 and measure in LEVELS
        return found

    def _terms(self, equation: Equation) -> list[Term]:
        right = equation.right
        if isinstance(right, Quotient):
            target = self._sought(equation.left, "ratio")
            if equation.form == "growth":
                return target + self._growth_terms(right)
            return target + self._sought(right.numerator, "numerator") + self._sought(right.denominator, "denominator")
        left, right = written_sides(equation)
        if form_of(equation) == "order":
            return self._sought(left, "left") + self._sought(right, "right")
        (weight, target_name), *others = left.terms
        total = self._sought(Linear(((Fraction(1), target_name),)), "total")
        parts = self._sought(right.scaled(1 / weight), "part")
        return total + parts + self._sought(Linear(tuple(others)).scaled(1 / weight), "part", sign=-1)

    def _growth_terms(self, quotient: Quotient) -> list[Term]:
        from_levels = len(quotient.numerator.terms) == 2
        long, short = (
            (quotient.numerator, quotient.denominator) if from_levels else (quotient.denominator, quotient.numerator)
        )
        repeated = short.terms[0][1]
        current = Linear(tuple(term for term in long.terms if term[1] != repeated))
        return self._sought(current, "current") + self._sought(short, "base" if from_levels else "change")

    def _factor(self, terms: Sequence[Term]) -> Fraction:
        """100 if the ratio is printed in percent; if its unit does not say, as the equation writes it."""
        for term in terms:
            amount = self._budget.line(term.line).amount
            if term.role == "ratio" and amount is not None and amount.unit.kind in FACTORS:
                return FACTORS[amount.unit.kind]
        return Fraction(100 if self._rule.equation.percent else 1)

    def _quantity(self, name: Name) -> Quantity | Unusable | None:
        facts = self._index.find(name, self._slot, parents=self._parents)
        if not facts:
            return None
        if len(facts) > 1 and not name.every:
            return Unusable(("conflicting-figures",))
        return added(quantity_of(self._budget.by_identity[fact], self._convention) for fact in facts)


def written_sides(equation: Equation) -> tuple[Linear, Linear]:
    """Both sides of a linear equation, the target first: of `b + c = a` it is a."""
    left, right = equation.left, equation.right
    assert isinstance(right, Linear)
    several = len(left.terms) > 1 or (left.terms and left.terms[0][1].every)
    turned = equation.form == "sum" and several and len(right.terms) == 1 and not right.terms[0][1].every
    return (right, left) if turned else (left, right)


def form_of(equation: Equation) -> Form:
    """What kind of relation an equation makes."""
    match equation.form:
        case "sum" | "rollup":
            left, _ = written_sides(equation) if equation.form == "sum" else (equation.left, None)
            return (
                "order" if left.terms[0][1].every else "sum"
            )  # a sum of many figures is not one that could be the total
        case "order":
            return "order"
        case "share":
            return "share"
        case "growth":
            assert isinstance(equation.right, Quotient)
            return "growth" if len(equation.right.numerator.terms) == 2 else "growth-from-change"
        case _:
            assert_never(equation.form)


def relation_constant(equation: Equation) -> Fraction | None:
    """What is added to the parts, or to the right side of an order; None for nothing, 0 where it is all there is."""
    if not isinstance(equation.right, Linear):
        return None
    left, right = written_sides(equation)
    constant = right.constant - left.constant
    if form_of(equation) == "sum":
        constant /= left.terms[0][0]
    return constant if constant or _is_bare(equation) else None


def _is_bare(equation: Equation) -> bool:
    """Whether one figure, or one side of an order, is compared with a number."""
    if equation.form == "order":
        left, right = written_sides(equation)
        return not left.terms or not right.terms
    return equation.form == "sum" and sum(1 for _ in equation.names()) == 1


def _enough(equation: Equation, terms: Sequence[Term], least_parts: int) -> bool:
    """Whether a rule says something: the target is printed, and enough of what it is compared with."""
    roles = [term.role for term in terms]
    match form_of(equation):
        case "sum":
            return "total" in roles and (roles.count("part") >= least_parts or _is_bare(equation))
        case "order":
            left, right = written_sides(equation)
            return all(role in roles or not side.terms for role, side in (("left", left), ("right", right)))
        case _:
            return len(set(roles)) == 3


def _tie_outs(budget: Budget, convention: Convention) -> Iterator[Relation]:
    """One relation for every fact that is printed more than once."""
    for lines in budget.by_identity.values():
        printed = [line for line in lines if line.amount is not None]
        if len(printed) > 1:
            terms = tuple(Term(line.id, "total" if place == 0 else "part") for place, line in enumerate(printed))
            yield Relation(TIE_OUT, "TIE001", "logic", "tie", terms, convention)
