"""Strategies of budgets: figures that satisfy rules by construction, printed as an office prints them.

True values are drawn leaves first, totals and ratios are computed from them, and then everything is printed. A budget
drawn here is therefore never inconsistent, whatever the rounding: an audit of it finds `exact` and `rounding` only. No
example is ever rejected, and failing examples shrink to few lines, small figures and few places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Final

from hypothesis import strategies as st

from budgetaudit.audit import Rules, gathered_rules
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import load
from budgetaudit.model.line import BudgetLine, Code, State
from budgetaudit.money.unit import Unit
from budgetaudit.rules.equation import Children
from budgetaudit.rules.rule import Rule
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.testing.facts import Setting
from budgetaudit.testing.plan import Plan, plan_of
from budgetaudit.testing.prints import printed
from budgetaudit.testing.systems import rulesets
from budgetaudit.testing.values import WAN, Units, as_units

Codes = str | Sequence[Code] | st.SearchStrategy[Sequence[Code]]
_STATES: Final[tuple[State, ...]] = ("blank", "dash", "unreadable")
_MOST_RULES: Final = 8
_MOST_CODES: Final = 12
_MOST_PLANS: Final = 256


def budgets(
    rules: Rules | st.SearchStrategy[RuleSet] | None = None,
    *,
    places: int | tuple[int, int] = 2,
    units: Units = WAN,
    unrounded: bool = True,
    missing: int = 0,
    prints: int = 0,
    codes: Codes | None = None,
    negative: bool = False,
    largest: int = 10**6,
) -> st.SearchStrategy[Budget]:
    """Budgets that satisfy rules: what is behind the print exists.

    Args:
        rules: What `audit` takes: names of packs, equations, rule sets; or a strategy of rule sets. Of packs some rules
            are drawn, and figures for these; all other rules are satisfied. By default `rulesets()`.
        places: Decimal places as printed, or the fewest and the most of them; each figure then has its own.
        units: A unit of money, several, or a strategy; one is drawn for a budget. Ratios are in percent, people counted.
        unrounded: Whether true values have digits that are not printed, so that printed sums may miss by rounding.
        missing: How many figures at most are blank, dashed or unreadable.
        prints: How many facts at most are printed a second time, with other places or in another unit.
        codes: For roll-ups: codes, the name of a classification to draw from, or a strategy; by default a small tree.
        negative: Whether amounts may be below 0. They are also where rules leave no other way.
        largest: The largest amount, in its unit, where the rules ask for no more.

    Raises:
        BudgetAuditError: The rules are not well formed (at once), or exclude each other (when an example is drawn).
    """
    low, high = (places, places) if isinstance(places, int) else places
    if low > high:
        raise BudgetAuditError(f"places are from the fewest to the most, not {places}")

    plan = partial(plan_of, places=(low, high), hidden=unrounded, negative=negative, largest=largest)
    return _budgets(_rulesets(rules), as_units(units), _codes(codes), _Plans(plan), missing, prints)


class _Plans:
    """The plans of one strategy, kept: working one out costs as much as drawing several budgets from it."""

    def __init__(self, plan: Callable[..., Plan]) -> None:
        self._plan = plan
        self._kept: dict[object, Plan] = {}

    def of(self, rules: RuleSet, setting: Setting, **choices: frozenset[str]) -> Plan:
        key = (tuple((rule.id, rule.equation) for rule in rules), setting, *choices.values())
        if key not in self._kept:
            if len(self._kept) >= _MOST_PLANS:
                self._kept.clear()
            self._kept[key] = self._plan(rules, setting, **choices)
        return self._kept[key]


@st.composite
def _budgets(
    draw: st.DrawFn,
    rulesets: st.SearchStrategy[RuleSet],
    units: st.SearchStrategy[Unit],
    codes: st.SearchStrategy[Sequence[Code]],
    plans: _Plans,
    missing: int,
    prints: int,
) -> Budget:
    rules = draw(rulesets)
    chosen = draw(_chosen(rules))
    setting = Setting(draw(units), tuple(draw(codes)) if any(_has_codes(rule) for rule in chosen) else ())
    optional = sorted({name for rule in chosen for name in rule.optional})
    conditional = [rule.id for rule in chosen if rule.when is not None or rule.unless]
    plan = plans.of(
        rules, setting,
        chosen=frozenset(rule.id for rule in chosen),
        without=frozenset(optional) - draw(_some(optional)),
        failing=draw(_some(conditional)),
    )  # fmt: skip

    def integer(low: int, high: int) -> int:
        return draw(_integers(low, high))

    drawn = plan.drawn(integer)
    budget = plan.printed(drawn)
    if prints:
        budget = _printed_again(draw, budget, plan, drawn.values, prints)
    return _blanked(draw, budget, plan, drawn.values, missing) if missing else budget


def _printed_again(draw: st.DrawFn, budget: Budget, plan: Plan, values: Mapping[int, Fraction], most: int) -> Budget:
    """The budget with some facts printed twice: coarser or finer, amounts of money also in their base unit."""
    again: list[BudgetLine] = []
    chosen = draw(st.lists(_integers(0, len(budget) - 1), max_size=most, unique=True)) if budget.lines else []
    for fact in chosen:
        line = budget.lines[fact]
        assert line.amount is not None
        unit = line.amount.unit
        if unit.kind == "count":
            amount = line.amount
        elif unit.kind == "money" and unit.scale > 1 and draw(st.booleans()):
            base = Unit(unit.kind, unit.currency)
            amount = printed(values[fact] * unit.scale, draw(_integers(0, 2)), base, plan.convention_of(fact))
        else:
            places = draw(_integers(plan.places[0] - 1, line.amount.places + 2 * plan.hidden))
            amount = printed(values[fact], places, unit, plan.convention_of(fact))
        again.append(line.model_copy(update={"id": f"{line.id}-again", "amount": amount}))
    return Budget((*budget.lines, *again))


def _blanked(draw: st.DrawFn, budget: Budget, plan: Plan, values: Mapping[int, Fraction], most: int) -> Budget:
    """The budget with some figures missing; where an absence is read as zero, only figures that are zero."""
    facts = [
        fact for fact in range(len(plan.lines)) if not (plan.blank_is_zero and values[fact]) and not plan.falls
    ]  # fmt: skip
    if not facts:
        return budget
    missing = draw(st.lists(st.sampled_from(facts), max_size=most, unique=True))
    lines = list(budget.lines)
    for fact in missing:
        lines[fact] = lines[fact].model_copy(update={"amount": None, "state": draw(st.sampled_from(_STATES))})
    return Budget(tuple(lines))


@lru_cache(maxsize=4096)
def _integers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def _some(names: Sequence[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names)) if names else st.just(frozenset[str]())


def _rulesets(rules: Rules | st.SearchStrategy[RuleSet] | None) -> st.SearchStrategy[RuleSet]:
    if rules is None:
        return rulesets()
    if isinstance(rules, st.SearchStrategy):
        return rules
    return st.just(gathered_rules(rules, Budget(())))


def _chosen(rules: RuleSet) -> st.SearchStrategy[tuple[Rule, ...]]:
    """The rules whose figures are printed: some of a pack, all others."""
    packs = {name for name, _ in rules.packs}
    packed = [rule for rule in rules if rule.id.partition("/")[0] in packs]
    own = tuple(rule for rule in rules if rule.id.partition("/")[0] not in packs)
    if not packed:
        return st.just(own)
    some = st.lists(st.sampled_from(packed), min_size=not own, max_size=_MOST_RULES, unique_by=lambda rule: rule.id)
    return some.map(lambda chosen: (*own, *chosen))


def _has_codes(rule: Rule) -> bool:
    return isinstance(rule.equation.right, Children) or any(name.is_any for name in rule.equation.names())


def _codes(given: Codes | None) -> st.SearchStrategy[Sequence[Code]]:
    if given is None:
        return _trees()
    if isinstance(given, st.SearchStrategy):
        return given
    if not isinstance(given, str):
        return st.just(given)
    known = [entry.code for entry in load(given).entries if len(entry.code) > 1]
    return st.lists(st.sampled_from(known), min_size=1, max_size=_MOST_CODES, unique=True).map(_with_parents)


@st.composite
def _trees(draw: st.DrawFn) -> Sequence[Code]:
    """A parent and a few children, some with children of their own."""
    codes: list[Code] = [("201",)]
    for number in range(draw(st.integers(1, 4))):
        child = ("201", f"{number + 1:02}")
        codes.append(child)
        codes += ((*child, f"{place + 1:02}") for place in range(draw(st.integers(0, 2))))
    return codes


def _with_parents(codes: Iterable[Code]) -> list[Code]:
    """Codes and all codes above them, in order."""
    return sorted({code[:length] for code in codes for length in range(1, len(code) + 1)})
