"""Facts: which lines a budget must print so that given rules find their figures.

Every name of a rule becomes a line whose identity the name can mean, in one slot: selectors fix or shift phase, fund and
period, scopes choose among them, roll-ups name codes. Lines hold a figure that stands for none; `plan` replaces it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from budgetaudit.model.classification import CLASSIFICATIONS, canonical_label, load
from budgetaudit.model.line import BudgetLine, Code, Identity, Measure
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import MULTIPLE, NUMBER, PERCENT, Unit
from budgetaudit.rules.equation import Children, Name, Quotient
from budgetaudit.rules.rule import Rule

PEOPLE: Final = Unit("count", counter="人", text="人")
_IN_PERCENT: Final = frozenset({"growth", "share", "rate"})
_PLAIN: Final = frozenset({"score", "weight"})
_ANY_PARENT: Final = frozenset({"parent", "上级", "上級"})
_YEAR: Final = "2023"


@dataclass(frozen=True, slots=True)
class Setting:
    """What all lines share where no rule says otherwise, and how they are printed.

    Attributes:
        unit: Of amounts; people are counted and ratios are in percent.
        codes: What roll-ups add up, parents and children.
    """

    unit: Unit
    entity: str | None = None
    period: str = _YEAR
    phase: str | None = None
    fund: str | None = None
    codes: tuple[Code, ...] = ()


def lines_of(rules: Sequence[Rule], setting: Setting, *, without: Collection[str] = ()) -> tuple[BudgetLine, ...]:
    """A line for every fact that some rules name, in the order they name them.

    Args:
        rules: What the lines are for.
        setting: What the lines share.
        without: Optional labels that nobody prints.
    """
    plain = {name.label for rule in rules for name, ratio in _names(rule) if not ratio and not _measured(name)}
    found: dict[Identity, tuple[str, Unit]] = {}
    for rule in rules:
        shared = _shared(rule, setting)
        for name, ratio in _names(rule):
            if name.label not in without or name.label not in rule.optional:
                identity = _identity(name, shared, measure=_measure(rule, name, plain) if ratio else None)
                unit = _ratio_unit(rule) if ratio else _unit(identity.measure, setting.unit)
                found.setdefault(identity, (name.label, unit))
        if isinstance(rule.equation.right, Children):
            for label, identity in _family(rule, shared, setting.codes):
                found.setdefault(identity, (label, _unit(identity.measure, setting.unit)))
    return tuple(
        BudgetLine(id=f"l{number}", label=label, identity=identity, amount=Amount(Decimal(1), 0, unit))
        for number, (identity, (label, unit)) in enumerate(found.items(), 1)
    )


def _names(rule: Rule) -> Iterator[tuple[Name, bool]]:
    """The names of a rule and of its condition, and whether each stands for a ratio; none of a roll-up."""
    quotient = isinstance(rule.equation.right, Quotient)
    if not isinstance(rule.equation.right, Children):
        for place, name in enumerate(rule.equation.names()):
            yield name, quotient and place == 0
    if rule.when is not None:
        for name in rule.when.names():
            yield name, False


def _measured(name: Name) -> bool:
    return "measure" in dict(name.selectors)


def _measure(rule: Rule, name: Name, plain: Collection[str]) -> Measure:
    """The measure of a ratio that names none: by its rule, or a plain level if the label is used as one elsewhere."""
    if name.label in plain:
        return "amount"
    if rule.equation.form == "growth":
        return "growth"
    return "share" if rule.equation.percent else "average"


def _ratio_unit(rule: Rule) -> Unit:
    return PERCENT if rule.equation.percent or rule.equation.form == "growth" else MULTIPLE


def _unit(measure: Measure, unit: Unit) -> Unit:
    if measure in _IN_PERCENT:
        return PERCENT
    if measure == "count":
        return PEOPLE
    return NUMBER if measure in _PLAIN else unit


def _shared(rule: Rule, setting: Setting) -> dict[str, Any]:
    scope = rule.scope
    first, last = scope.years
    year = max(int(setting.period), first or 0)
    return {
        "entity": setting.entity,
        "period": str(year if last is None else min(year, last)),
        "phase": setting.phase if not scope.phases or setting.phase in scope.phases else scope.phases[0],
        "fund": setting.fund if not scope.funds or setting.fund in scope.funds else scope.funds[0],
        "table": scope.tables[0] if scope.tables else None,
    }


def _identity(name: Name, shared: Mapping[str, Any], *, measure: Measure | None = None) -> Identity:
    fields: dict[str, Any] = {"label": canonical_label(name.label), **shared}
    if measure is not None:
        fields["measure"] = measure
    for axis, value in name.selectors:
        match axis:
            case "period":
                fields["period"] = str(int(fields["period"]) + int(value)) if value[0] in "+-" else value
            case "within":
                fields["within"] = (canonical_label(value),)
            case "code":
                fields["code"] = code_of(value)
            case _:
                fields[axis] = value
    return Identity(**fields)


def code_of(text: str) -> Code:
    """The levels of a code as equations write it: 3 digits, then pairs, or levels with dots between."""
    if text[:3].isdecimal() and text.isdecimal() and len(text) % 2 == 1:
        return (text[:3], *(text[place : place + 2] for place in range(3, len(text), 2)))
    return tuple(text.split("."))


def _family(rule: Rule, shared: Mapping[str, Any], codes: Sequence[Code]) -> Iterator[tuple[str, Identity]]:
    """The codes of a roll-up; a rule about one parent names that parent like the first code."""
    parent = rule.equation.left.terms[0][1]
    named = None if parent.label in _ANY_PARENT else parent.label
    for place, code in enumerate(codes):
        label = named if named is not None and place == 0 else code_label(code)
        bare = Name(label, tuple(pair for pair in parent.selectors if pair[0] != "code"))
        identity = _identity(bare, shared)
        yield label, identity.model_copy(update={"code": code, "classification": identity.classification})


def code_label(code: Code) -> str:
    """The name that a classification of the package gives a code, else the code itself."""
    for name in CLASSIFICATIONS:
        classification = load(name)
        try:
            return classification.name_of(code)
        except Exception:  # noqa: BLE001, S112
            continue
    return " ".join(code)


def scales(lines: Sequence[BudgetLine]) -> dict[str, Fraction]:
    """How many base units one unit of each line is."""
    return {line.id: line.amount.unit.scale for line in lines if line.amount is not None}
