"""Populations: random rules over random figures of many units, weighed by the scalar engine, for the engines to agree with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from budgetaudit.check.bind import bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.money.amount import Amount
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import PackVersion, RuleSet

ITEMS = ("a", "b", "c", "d", "e", "r")
SUMS = (
    "a = b + c",
    "a = b + c + d - e",
    "2*a = b + 3*c",
    "a = 0.5*b + c",
    "a - b = c - d",
    "a = b",
    "a = 12",
    "a = b + c + 0.1",
)
ORDERS = ("b <= a", "b + c <= a", "b < a", "a >= b + c", "a > b", "a - b <= c + 1", "a <= 100")
RATIOS = ("r% = b / a", "r = b / a", "r% = (b + c) / a", "r% = (a - b) / b", "r = (a - b) / b", "r% = b / (a - c)")
SHIFTS = ("a = b[year+1]", "a = b + c[year-1]", "r% = (a - a[year-1]) / a[year-1]")
SCALE = 4


@dataclass(frozen=True)
class Print:
    """One row: figures are whole numbers of 10^-4, None where nothing is printed."""

    entity: str
    period: int
    item: str
    amount: int | None
    places: int

    @property
    def decimal(self) -> Decimal | None:
        return None if self.amount is None else Decimal(self.amount).scaleb(-SCALE)


@dataclass(frozen=True)
class Population:
    ruleset: RuleSet
    rows: tuple[Print, ...]

    def __repr__(self) -> str:
        """Short enough to read in a failure."""
        rules = [(rule.id, rule.optional, rule.least_parts) for rule in self.ruleset]
        rows = " ".join(f"{row.entity}{row.period}{row.item}={row.decimal}/{row.places}" for row in self.rows)
        return f"{rules} {next(iter(self.ruleset)).convention} {self.ruleset.packs} {rows}"


@st.composite
def conventions(draw, *, closed, tolerance):
    rounding, ties = (
        ("nearest", "any")
        if closed
        else draw(
            st.sampled_from(
                [
                    ("nearest", "any"),
                    ("nearest", "any"),
                    ("nearest", "away"),
                    ("nearest", "even"),
                    ("truncate", "any"),
                    ("floor", "any"),
                ]
            )
        )
    )
    return Convention(
        totals_from=draw(st.sampled_from(["unrounded", "unrounded", "rounded"])), rounding=rounding, ties=ties,
        missing=draw(st.sampled_from(["required", "absent-is-zero", "open"])), blank=draw(st.sampled_from(["missing", "missing", "zero"])),
        negative_base=draw(st.sampled_from(["undefined", "signed", "absolute"])),
        tolerance=draw(st.sampled_from(["0", "0", "0.5"])) if tolerance else "0",
    )  # fmt: skip


@st.composite
def rule_sets(draw, *, tolerance):
    """Some equations, under one convention, from a pack (then absent amounts are known to be 0 or more) or not."""
    ratio = draw(st.booleans())
    convention = draw(conventions(closed=ratio, tolerance=tolerance))
    texts = draw(
        st.lists(
            st.sampled_from((*SUMS, *ORDERS, *SHIFTS[:2], *(RATIOS + SHIFTS[2:]) * ratio)),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    ruleset = RuleSet.from_equations({f"p/{text}": text for text in texts}, convention=convention)
    optional = draw(st.sampled_from([(), (), ("c",), ("b", "d")]))
    rules = tuple(
        replace(
            rule,
            optional=tuple(label for label in optional if any(name.label == label for name in rule.equation.names())),
            least_parts=draw(st.sampled_from([1, 1, 2])),
        )
        for rule in ruleset
    )
    return RuleSet(rules, (PackVersion("p", "1"),) if draw(st.booleans()) else ())


def _printed(true: int, places: int) -> int:
    step = 10 ** (SCALE - places)
    return (2 * true + step) // (2 * step) * step


@st.composite
def prints(draw, entity, period, item, true, *, duplicates, flaws):
    """The rows of one fact: mostly one honest print; a slip, a blank, nothing, or several prints at times."""
    kind = draw(
        st.sampled_from(
            ["honest"] * 6 + ["slip", "blank", "absent"] + ["twice", "thrice"] * duplicates + ["excess"] * flaws
        )
    )
    if kind == "absent":
        return []
    places = draw(st.sampled_from([2, 2, 1, 0, -1]))
    one = Print(entity, period, item, _printed(true, places), places)
    match kind:
        case "slip":
            return [replace(one, amount=one.amount + draw(st.integers(-3, 3)) * 10 ** (SCALE - places))]
        case "blank":
            return [replace(one, amount=None)]
        case "excess":
            return [replace(one, amount=true)]
        case "twice" | "thrice":
            others = draw(st.lists(st.sampled_from([2, 1, 0, -1, None]), min_size=1, max_size=2))
            more = [
                replace(one, amount=None) if other is None else replace(one, amount=_printed(true, other), places=other)
                for other in others
            ]
            if draw(st.booleans()):
                more[0] = replace(more[0], amount=(more[0].amount or 0) + 10 ** (SCALE - more[0].places))
            return [one, *more]
        case _:
            return [one]


@st.composite
def figures(draw, *, duplicates=True, flaws=True, units=3):
    """The rows of a few units that come near to fulfilling the equations."""
    rows = []
    for entity in draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=units, unique=True)):
        for period in draw(st.sampled_from([(2020,), (2020, 2021), (2021, 2020, 2022)])):
            values = {item: draw(st.integers(-300_000, 2_000_000)) for item in "bcde"}
            values["a"] = values["b"] + values["c"] + draw(st.sampled_from([0, 0, values["d"] - values["e"]]))
            ratio = round(Fraction(100 * values["b"] * 10**SCALE, values["a"] or 1))
            values["r"] = ratio if draw(st.booleans()) else draw(st.integers(-(10**6), 10**6))
            for item in ITEMS:
                rows += draw(prints(entity, period, item, values[item], duplicates=duplicates, flaws=flaws))
    return tuple(draw(st.permutations(rows)) if rows else rows)


@st.composite
def populations(draw, *, duplicates=True, flaws=True, units=3):
    """Rules, and figures of a few units that come near to fulfilling them."""
    ruleset = draw(rule_sets(tolerance=not duplicates))
    return Population(ruleset, draw(figures(duplicates=duplicates, flaws=flaws, units=units)))


def many_units(number: int, **options) -> tuple[Print, ...]:
    """The rows of many draws as one table, the same in every run."""
    rows: list[Print] = []

    @settings(max_examples=number, derandomize=True, database=None, phases=[Phase.generate])
    @given(figures(**options))
    def collect(drawn):
        mark = len(rows)
        rows.extend(replace(row, entity=f"{row.entity}{mark}") for row in drawn)

    collect()
    return tuple(rows)


def scalar_outcomes(population: Population) -> list[tuple]:
    """(rule, entity, period, verdict, first reason, gap, bound) of every outcome of the scalar engine, sorted.

    Rules are bound one at a time: a document's rules that come to the same relation are one outcome, an engine's are not.
    """
    lines = []
    for number, row in enumerate(population.rows):
        identity = Identity(label=row.item, entity=row.entity, period=str(row.period))
        amount = None if row.amount is None else Amount(row.decimal, row.places)
        lines.append(
            BudgetLine(
                id=f"l{number}",
                label=row.item,
                identity=identity,
                amount=amount,
                state="blank" if amount is None else "printed",
            )
        )
    budget = Budget(tuple(lines))
    found = []
    relations = [
        relation
        for number, rule in enumerate(population.ruleset)
        for relation in bind(RuleSet((rule,), population.ruleset.packs), budget).relations
        if relation.rule != "tie-out" or number == 0
    ]
    for outcome in evaluate_all(relations, budget):
        terms = outcome.relation.terms
        place = budget.line(terms[0].line).identity if terms else Identity(label="")
        compared = outcome.verdict in {"exact", "rounding", "inconsistent"}
        is_linear = compared and outcome.relation.form in {"sum", "order"}
        found.append((
            outcome.relation.rule, place.entity, place.period, outcome.verdict, outcome.reasons[0] if outcome.reasons else None,
            outcome.gap if is_linear else None, outcome.bound if is_linear else None,
        ))  # fmt: skip
    return sorted(found, key=repr)
