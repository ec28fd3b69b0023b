"""Strategies of values: units, amounts, intervals, identities, single lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, get_args

from hypothesis import strategies as st

from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import BudgetLine, Fund, Identity, Measure, Phase, State
from budgetaudit.money.amount import Amount, Precision
from budgetaudit.money.interval import Interval, Rounding, Ties, printed_interval
from budgetaudit.money.unit import MULTIPLE, NUMBER, PERCENT, POINTS, Unit
from budgetaudit.testing.facts import PEOPLE
from budgetaudit.testing.prints import decimal

Units = Unit | Sequence[Unit] | st.SearchStrategy[Unit]

WAN: Final = Unit("money", "CNY", Fraction(10_000), text="万元")
MONEY: Final = (
    WAN,
    Unit("money", "CNY", Fraction(1), text="元"),
    Unit("money", "CNY", Fraction(1000), text="千元"),
    Unit("money", "CNY", Fraction(10**8), text="亿元"),
    Unit("money", "USD", Fraction(10**6), text="million USD"),
    Unit("money", "TWD", Fraction(1000), text="新臺幣千元"),
)
_OTHERS: Final = (PERCENT, PEOPLE, POINTS, MULTIPLE, NUMBER)
_LABELS: Final = (
    "支出合计", "基本支出", "项目支出", "人员经费", "公用经费", "工资福利支出", "商品和服务支出", "total", "wages", "goods",
)  # fmt: skip


def money_units() -> st.SearchStrategy[Unit]:
    """Units of money in steps and currencies that budgets are printed in; the simplest is ten thousand yuan."""
    return st.sampled_from(MONEY)


def units() -> st.SearchStrategy[Unit]:
    """Units of every kind: money, percent, people, points, multiples, plain numbers."""
    return st.sampled_from((*MONEY, *_OTHERS))


def as_units(given: Units) -> st.SearchStrategy[Unit]:
    """One unit, several, or a strategy, as a strategy."""
    if isinstance(given, Unit):
        return st.just(given)
    return given if isinstance(given, st.SearchStrategy) else st.sampled_from(given)


@st.composite
def amounts(
    draw: st.DrawFn,
    *,
    places: int | tuple[int, int] = (0, 4),
    units: Units = MONEY,
    largest: int = 10**9,
    negative: bool = True,
    precisions: Sequence[Precision] = ("printed",),
) -> Amount:
    """Printed numbers; the simplest is 0 with the fewest places.

    Args:
        draw: Given by Hypothesis.
        places: Decimal places as printed, or the fewest and the most of them; negative for tens, hundreds, ...
        units: A unit, several, or a strategy of units.
        largest: The largest amount, in its unit.
        negative: Whether amounts below 0 are drawn.
        precisions: Which precisions; `exact`, `approximate` and `unknown` beside `printed`.
    """
    low, high = (places, places) if isinstance(places, int) else places
    shown = low if low == high else draw(st.integers(low, high))
    most = max(int(largest * Fraction(10) ** shown), 1)
    steps = draw(st.integers(-most if negative else 0, most))
    precision = precisions[0] if len(precisions) == 1 else draw(st.sampled_from(precisions))
    return Amount(decimal(steps, shown), shown, draw(as_units(units)), precision)


@st.composite
def intervals(draw: st.DrawFn, *, bounded: bool = False) -> Interval:
    """What printed numbers stand for, under every convention, and with `bounded` false also half-open rays."""
    printed = draw(amounts(places=(-2, 3), largest=10**4))
    rounding = draw(st.sampled_from(get_args(Rounding)))
    ties = draw(st.sampled_from(get_args(Ties)))
    interval = printed_interval(Fraction(printed.value), printed.step, rounding=rounding, ties=ties)
    if bounded or draw(st.integers(0, 4)) < 4:
        return interval
    return replace(interval, hi=None) if draw(st.booleans()) else replace(interval, lo=None)


def labels() -> st.SearchStrategy[str]:
    """Names of lines as documents print them, Chinese and English."""
    return st.sampled_from(_LABELS)


@st.composite
def identities(draw: st.DrawFn, *, labels: st.SearchStrategy[str] | None = None) -> Identity:
    """Which fact a line reports; the simplest has a label only."""
    label = canonical_label(draw(_own_labels() if labels is None else labels))
    if draw(st.booleans()):
        return Identity(label=label)
    return Identity(
        label=label,
        entity=draw(st.none() | st.sampled_from(["甲局", "乙局"])),
        period=draw(st.none() | st.integers(2015, 2025).map(str)),
        phase=draw(st.none() | st.sampled_from(get_args(Phase))),
        fund=draw(st.none() | st.sampled_from(get_args(Fund))),
        measure=draw(st.sampled_from(get_args(Measure))),
        code=draw(st.none() | st.sampled_from([("201",), ("201", "01"), ("201", "01", "02"), ("301", "02")])),
        within=draw(st.sampled_from([(), ("基本支出",), ("支出合计", "项目支出")])),
    )


def _own_labels() -> st.SearchStrategy[str]:
    return labels()


@st.composite
def budget_lines(
    draw: st.DrawFn,
    *,
    amounts: st.SearchStrategy[Amount] | None = None,
    labels: st.SearchStrategy[str] | None = None,
    missing: bool = True,
) -> BudgetLine:
    """Single lines that need not fit any other; the simplest prints 0.

    Args:
        draw: Given by Hypothesis.
        amounts: The amounts they print; by default any.
        labels: The labels they carry.
        missing: Whether lines without a figure are drawn: blank, dashed, unreadable.
    """
    label = draw(_own_labels() if labels is None else labels)
    identity = draw(identities(labels=st.just(label)))
    states: tuple[State, ...] = ("printed", "printed", "printed", "stated-zero")
    if missing:
        states = (*states, "blank", "dash", "unreadable")
    state = draw(st.sampled_from(states))
    amount: Amount | None = None
    if state == "printed":
        amount = draw(_own_amounts() if amounts is None else amounts)
    elif state == "stated-zero":
        amount = Amount(decimal(0, 0), 0, WAN, "exact")
    number = draw(st.integers(1, 999))
    return BudgetLine(id=f"l{number}", label=label, identity=identity, amount=amount, state=state)


def _own_amounts() -> st.SearchStrategy[Amount]:
    return amounts()
