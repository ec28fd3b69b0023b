"""Facts: which lines a budget must print so that given rules find their figures.

Every name of a rule becomes a line whose identity the name can mean, in one slot: selectors fix or shift phase, fund and
period, scopes choose among them, roll-ups and names that mean any code take the codes that are given. A name that is
added up (`sum(name)`) becomes two lines. Lines hold a figure that stands for none; `plan` gives them theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.classification import CLASSIFICATIONS, canonical_label, cut_code, load
from budgetaudit.model.line import BudgetLine, Code, Identity, Measure
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import MULTIPLE, NUMBER, PERCENT, Unit
from budgetaudit.rules.equation import TOP, Children, Name, Quotient
from budgetaudit.rules.rule import Rule
from budgetaudit.rules.write import format_name

PEOPLE: Final = Unit("count", counter="人", text="人")
YEAR: Final = "2023"
_IN_PERCENT: Final = frozenset({"growth", "share", "rate"})
_PLAIN: Final = frozenset({"score", "weight"})
_ANY_PARENT: Final = frozenset({"parent", "上级", "上級"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What all lines share where no rule says otherwise.

    Attributes:
        unit: Of amounts; people are counted and ratios are in percent.
        codes: What roll-ups add up, parents and children.
    """

    unit: Unit
    codes: tuple[Code, ...] = ()
    entity: str | None = None
    period: str = YEAR
    phase: str | None = None
    fund: str | None = None


def lines_of(rules: Sequence[Rule], setting: Setting, *, without: Collection[str] = ()) -> tuple[BudgetLine, ...]:
    """A line for every fact that some rules name, in the order they name them.

    Args:
        rules: What the lines are for.
        setting: What the lines share.
        without: Optional names that nobody prints.
    """
    plain = {name.label for rule in rules for name, ratio in _names(rule) if not ratio and not _measured(name)}
    found: dict[Identity, tuple[str, Unit]] = {}
    for rule in rules:
        shared = _shared(rule, setting)
        for name, ratio in _names(rule):
            if not (name.label in without and is_optional(name, rule)):
                measure = _measure(rule, name, plain) if ratio else None
                for label, identity in _identities(name, shared, setting.codes, measure):
                    unit = _ratio_unit(rule) if ratio else _unit(identity.measure, setting.unit)
                    found.setdefault(identity, (label, unit))
        if isinstance(rule.equation.right, Children):
            for label, identity in _family(rule, shared, setting.codes):
                found.setdefault(identity, (label, _unit(identity.measure, setting.unit)))
    return tuple(
        BudgetLine(id=f"l{number}", label=label, identity=identity, amount=Amount(Decimal(1), 0, unit))
        for number, (identity, (label, unit)) in enumerate(found.items(), 1)
    )


def is_optional(name: Name, rule: Rule) -> bool:
    """Whether a rule counts a name as zero where nobody prints it."""
    return name.label in rule.optional or format_name(name) in rule.optional


def _names(rule: Rule) -> Iterator[tuple[Name, bool]]:
    """The names of a rule and of its conditions, and whether each stands for a ratio; none of a roll-up."""
    quotient = isinstance(rule.equation.right, Quotient)
    if not isinstance(rule.equation.right, Children):
        for place, name in enumerate(rule.equation.names()):
            yield name, quotient and place == 0
    for condition in (rule.when, *rule.unless):
        for name in condition.names() if condition is not None else ():
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
    """What the figures of one rule share: the setting, as far as the rule's scope admits it."""
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


def _identities(
    name: Name, shared: Mapping[str, Any], codes: Sequence[Code], measure: Measure | None
) -> Iterator[tuple[str, Identity]]:
    """The facts that one name means: several for a sum of a name, one for each code where any code is meant."""
    identity = _identity(name, shared, measure)
    if name.is_any:
        for code in codes:
            if name.label != TOP or not any(code[:length] in codes for length in range(1, len(code))):
                label = code_label(code)
                yield label, identity.model_copy(update={"label": canonical_label(label), "code": code})
    elif name.every:
        for row in ("1", "2"):
            yield name.label, identity.model_copy(update={"keys": (*identity.keys, ("row", row))})
    else:
        yield name.label, identity


def _identity(name: Name, shared: Mapping[str, Any], measure: Measure | None) -> Identity:
    fields: dict[str, Any] = {"label": canonical_label(name.label), **shared}
    if measure is not None:
        fields["measure"] = measure
    chosen = dict(name.selectors)
    keys: list[tuple[str, str]] = []
    for axis, value in name.selectors:
        match axis:
            case "period":
                fields["period"] = str(int(fields["period"]) + int(value)) if value[0] in "+-" else value
            case "within":
                fields["within"] = (canonical_label(value),)
            case "code":
                fields["code"] = cut_code(value, chosen.get("classification"))
            case "key":
                column, _, wanted = value.partition("=")
                keys.append((column, wanted))
            case _:
                fields[axis] = value
    return Identity(**fields, keys=tuple(keys))


def _family(rule: Rule, shared: Mapping[str, Any], codes: Sequence[Code]) -> Iterator[tuple[str, Identity]]:
    """The codes of a roll-up; a rule about one parent names the first of them."""
    parent = rule.equation.left.terms[0][1]
    bare = _identity(Name(parent.label, tuple(pair for pair in parent.selectors if pair[0] != "code")), shared, None)
    for place, code in enumerate(codes):
        label = parent.label if parent.label not in _ANY_PARENT and place == 0 else code_label(code)
        yield label, bare.model_copy(update={"label": canonical_label(label), "code": code})


def code_label(code: Code) -> str:
    """The name that a classification of the package gives a code, else the code itself."""
    for name in CLASSIFICATIONS:
        try:
            return load(name).name_of(code)
        except BudgetAuditError:
            continue
    return f"line {'.'.join(code)}"
