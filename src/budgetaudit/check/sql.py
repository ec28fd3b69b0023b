"""Relations of figures weighed by the engine they live in: DuckDB relations and Spark frames, in and out.

The engine is asked twice: once for what items, places and sizes there are, from which the plan is written and every sum is
proven to fit; then for the outcomes, as a relation of its own that nobody has run yet. Amounts have to be whole numbers or
decimals there: a float says nothing of the digits that were printed, and text is read by the engines in ways of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, Final, Literal

from budgetaudit.check.compile import CompiledRules, compile_rules
from budgetaudit.check.plan import Plan, largest_sum, make_plan
from budgetaudit.check.plan_text import REASONS, Layout, case, select
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.line import Identity
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.rules.rule import Convention
from budgetaudit.rules.ruleset import RuleSet

Duplicates = Literal["intersect", "refuse"]
_SMALL: Final = 2**62
_WIDEST_SPAN: Final = 40  # places from the least to the most that one column may have


@dataclass(frozen=True, slots=True)
class FactColumns:
    """Which columns of a relation hold what.

    Attributes:
        axes: By axis of a unit (entity, period, phase, fund) the column that holds it.
        item: Codes or labels.
        amount: Whole numbers or decimals.
        places: The column of printed places, or how many all have; None for those of the type.
        unit: Of all figures.
    """

    axes: Mapping[str, str]
    item: str
    amount: str
    places: str | int | None = None
    unit: Unit = NUMBER

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read."""
        places = (self.places,) if isinstance(self.places, str) else ()
        return (*self.axes.values(), self.item, self.amount, *places)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine says of the figures: their items, how many there are, and between what they lie."""

    items: tuple[str, ...]
    rows: int
    amounts: int
    largest: int
    placed: int
    places: tuple[int, int]

    @classmethod
    def of(cls, items: tuple[str, ...], answer: tuple[Any, ...], decimals: int) -> Asked:
        """From an engine's answer to `question`; amounts become whole numbers of their last decimal."""
        rows, amounts, least, most, placed, fewest, widest = answer
        ends = [abs(Decimal(end)) for end in (least, most) if end is not None]
        with localcontext(prec=80):
            largest = int(max(ends, default=Decimal(0)).scaleb(decimals))
        between = (decimals, decimals) if fewest is None else (fewest, widest)
        return cls(items, rows, amounts, largest, placed, between)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine calls its whole numbers of 64 bits and of 38 digits, and its name for sqlglot."""

    name: str
    small: str
    big: str


def write_plan(
    ruleset: RuleSet, columns: FactColumns, decimals: int, asked: Asked, dialect: Dialect, *,
    identify: Callable[[str], Identity], duplicates: Duplicates, convention: Convention | None,
) -> Plan:  # fmt: skip
    """The plan over `source`, the figures as they come.

    Args:
        ruleset: The rules.
        columns: Where things stand.
        decimals: How many decimals the type of the amounts has.
        asked: What the engine says of the figures.
        dialect: How the engine speaks.
        identify: What an item's text means.
        duplicates: Whether several rows of one fact are intersected, or refused when the plan is run.
        convention: Replaces the conventions of all rules.

    Raises:
        BudgetAuditError: A rule cannot be compiled, or not said in SQL.
    """
    texts: dict[Identity, list[str]] = {}
    for item in asked.items:
        texts.setdefault(identify(item), []).append(item)
    rules = compile_rules(ruleset, texts, convention=convention)
    least, most = asked.places
    if most - least > _WIDEST_SPAN:
        raise BudgetAuditError(f"places from {least} to {most} are more than one column of figures has")
    scale = max(decimals, most, *(_places(relation.constant or Fraction(0)) for relation in rules.relations), 0)
    layout = Layout(
        axes=tuple(columns.axes), scale=scale, blanks=asked.amounts < asked.rows,
        flaws=least < decimals or asked.placed < asked.rows, repeated=duplicates == "intersect",
        largest=asked.largest * 10 ** (scale - decimals), widest=10 ** (scale - least), unit=columns.unit, number=dialect.big, big=dialect.big,
    )  # fmt: skip
    if _is_small(rules, layout):
        layout = replace(layout, number=dialect.small)
    plan = make_plan(rules, list(texts.values()), layout)
    shifted = any(term.at.shift for relation in rules.relations for term in relation.terms)
    figures = _figures(columns, layout, decimals, (least, most), shifted=shifted)
    named = [f"{axis} as {quoted(name)}" for axis, name in columns.axes.items()]
    result = select(["rule", *named, "verdict", "reason", "gap", "bound", "per_unit", "missing"], "from outcomes")
    return replace(
        plan, text=f"with figures as ({figures}), {', '.join((*plan.steps, f'outcomes as ({plan.text})'))} {result}"
    )


def _places(value: Fraction) -> int:
    """How many decimals a number needs; 0 where it never ends."""
    places = 0
    while value.denominator != 1 and places <= _WIDEST_SPAN:
        value, places = value * 10, places + 1
    return places if value.denominator == 1 else 0


def _is_small(rules: CompiledRules, layout: Layout) -> bool:
    """Whether every sum stays in 64 bits, however it is added; a product of two figures is not taken for small."""
    return all(
        relation.form in {"sum", "order"} and largest_sum(relation, layout) < _SMALL for relation in rules.relations
    )


def _figures(columns: FactColumns, layout: Layout, decimals: int, places: tuple[int, int], *, shifted: bool) -> str:
    """The figures as whole numbers with their steps."""
    number, scale = layout.number, layout.scale
    amount = (
        f"cast({quoted(columns.amount)} * {10**scale} as {number})"
        if decimals
        else f"cast({quoted(columns.amount)} as {number}) * {10**scale}"
    )
    least, most = places
    if isinstance(columns.places, str) and least < most:
        given = quoted(columns.places)
        step = case(
            *((f"{given} = {here}", f"cast({10 ** (scale - here)} as {number})") for here in range(least, most + 1))
        )
    else:
        step = f"cast({10 ** (scale - most)} as {number})"
    period = "cast({} as varchar) as {}" if shifted else "{} as {}"
    chosen = [
        (period if axis == "period" else "{} as {}").format(quoted(name), axis) for axis, name in columns.axes.items()
    ]
    printed = select(
        [*chosen, f"cast({quoted(columns.item)} as varchar) as item", f"{amount} as amount", f"{step} as step"],
        "from source",
    )
    flaw = "0"
    if layout.flaws:
        flaw = case(
            ("amount is null", "0"), ("step is null", str(REASONS["unknown-precision"])),
            ("amount % step <> 0", str(REASONS["excess-digits"])), otherwise="0",
        )  # fmt: skip
    items = ["i.fact", "i.number"] if layout.repeated else ["p.item"]
    joined = " join items as i on p.item = i.item" if layout.repeated else ""
    return select(
        [*(f"p.{axis}" for axis in layout.axes), *items, "p.amount", "coalesce(p.step, 0) as step", "p.flaw"],
        f"from ({select(['*', f'{flaw} as flaw'], f'from ({printed}) as printed')}) as p{joined}",
    )


_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)\Z")
_WHOLE: Final = frozenset(
    {"TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)


def whole_or_decimal(kind: str, name: str) -> int:
    """The decimals of a type of SQL.

    Raises:
        BudgetAuditError: It is neither a whole number nor a decimal.
    """
    if kind.upper() in _WHOLE:
        return 0
    if found := _DECIMAL.match(kind.upper()):
        return int(found[2])
    raise BudgetAuditError(
        f"the amounts in {name!r} are of type {kind}, which does not say what was printed",
        hint="cast them to decimal(18, 2), or as many decimals as were printed",
    )


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
