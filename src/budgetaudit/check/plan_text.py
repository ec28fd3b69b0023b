"""Pieces of SQL that the plan is put together from: what a print leaves open, reasons as numbers, verdicts by cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from budgetaudit.check.outcome import Reason
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.rules.rule import Convention

REASONS: Final[Mapping[Reason, int]] = MappingProxyType(
    {"conflicting-figures": 1, "unknown-precision": 2, "excess-digits": 4}
)
"""Flaws of a figure as the plan writes them, in order of their weight; below 8, so that a term's place fits beside them."""

Cases = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: its columns with their types, and its rows."""

    columns: tuple[Cases, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of the figures before the plan is written.

    Attributes:
        axes: The axes of a unit that have a column; a figure has no entity, period, phase or fund where it has none.
        scale: Figures are whole numbers of 10^-scale.
        blanks: Whether rows without an amount occur.
        flaws: Whether figures occur that cannot be used.
        repeated: Whether a fact may stand in several rows. If not, the plan fails where one does.
        largest, widest: The largest absolute value of a figure, and the largest step, in units of 10^-scale.
        unit: Of all figures.
        number: The SQL type of amounts; `big` is the one of 38 digits.
    """

    axes: tuple[str, ...]
    scale: int
    blanks: bool = True
    flaws: bool = True
    repeated: bool = True
    largest: int = 0
    widest: int = 0
    unit: Unit = NUMBER
    number: str = "HUGEINT"
    big: str = "HUGEINT"

    @property
    def one(self) -> int:
        """A whole unit in units of 10^-scale."""
        return int(10**self.scale)

    def listed(self, table: str = "") -> str:
        """The axes for a list of columns, each followed by a comma."""
        return "".join(f"{table}{axis}, " for axis in self.axes)

    def no_place(self) -> str:
        """A unit that is nowhere, in the same columns."""
        return "".join(f"null as {axis}, " for axis in self.axes)

    @property
    def has_flaws(self) -> bool:
        """Whether some figure may be of no use: by itself, or beside another print of its fact."""
        return self.flaws or self.repeated


@dataclass(frozen=True, slots=True)
class Ends:
    """What a printed figure `{a}` with a step `{u}` leaves open, below and above, in halves of a unit times `fold`.

    Where ends may be open everything is counted double, so that an open end lies one beside the closed one: then the larger
    of two low ends, and whether two intervals meet, are plain comparisons of whole numbers.
    """

    below: str
    above: str
    open_below: str = "0"
    open_above: str = "0"

    @property
    def closed(self) -> bool:
        """Whether both ends always belong to the interval."""
        return self.open_below == "0"

    @property
    def fold(self) -> int:
        """How many times halves of a unit are counted."""
        return 1 if self.closed else 2

    def of(self, text: str) -> str:
        """One of the texts for the columns `amount` and `step`."""
        return text.format(a="amount", u="step")


def ends_of(convention: Convention) -> Ends:
    """The interval of a print under a convention, as section 1 of the verdict semantics has it.

    An exact figure has step 0, and its ends are closed whatever the convention says.
    """
    hides = "{u} > 0"
    match convention.rounding, convention.ties:
        case "nearest", "any":
            return Ends("{u}", "{u}")
        case "nearest", "away":
            return Ends(
                "2 * {u}", "2 * {u}",
                f"case when {hides} and {{a}} <= 0 then 1 else 0 end", f"case when {hides} and {{a}} >= 0 then 1 else 0 end",
            )  # fmt: skip
        case "nearest", _:
            odd = f"case when {hides} then case when {{a}} % (2 * {{u}}) = 0 then 0 else 1 end else 0 end"
            return Ends("2 * {u}", "2 * {u}", odd, odd)
        case "floor", _:
            return Ends("0 * {u}", "4 * {u}", "0 * {u}", f"case when {hides} then 1 else 0 end")
        case _:
            return Ends(
                "case when {a} > 0 then 0 else 4 * {u} end", "case when {a} < 0 then 0 else 4 * {u} end",
                f"case when {hides} and {{a}} <= 0 then 1 else 0 end", f"case when {hides} and {{a}} >= 0 then 1 else 0 end",
            )  # fmt: skip


def case(*cases: Cases, otherwise: str = "null") -> str:
    """`case when ... then ... else ... end`."""
    return f"case {' '.join(f'when {test} then {value}' for test, value in cases)} else {otherwise} end"


def flaw_reason(flaw: str) -> str:
    """The words of a flaw."""
    return case(*((f"{flaw} = {number}", f"'{reason}'") for reason, number in REASONS.items()))


def select(columns: Sequence[str], rest: str) -> str:
    """`select ... from ...`."""
    return f"select {', '.join(columns)} {rest}"


def quoted_text(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
