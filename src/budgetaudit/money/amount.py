"""Amounts: one printed number, exactly as printed.

An `Amount` is a value, the decimal places it was printed with, and its unit. The places say what the print can hide: an
amount of 677.41 万元 hides up to half of 0.01 万元 either way. Some prints hide nothing (`exact`: declared so, or counts),
some hide more than their digits admit (`approximate`: 近 500, 100余; `unknown`: a float that came from elsewhere).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, cast

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.interval import Interval, Rounding, Ties, printed_interval
from budgetaudit.money.unit import NUMBER, Unit

_LARGEST: Final = 10_000

Precision = Literal["printed", "exact", "approximate", "unknown"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number.

    Attributes:
        value: Exact value in units of `unit`, sign included; never a float, never NaN or infinite.
        places: Decimal places as printed: 2 for 677.40, 0 for 839, -3 for a figure rounded to thousands.
        unit: What the number counts.
        precision: `printed` (the places bound what is hidden), `exact` (nothing is hidden), `approximate` (a word such
            as 约 or 余 stands by it) or `unknown` (no places are known): the last two never decide a relation.

    Raises:
        BudgetAuditError: `value` is not a finite Decimal, or its size or its places are beyond any figure (10,000 digits):
            exact arithmetic with it would not end.
    """

    value: Decimal
    places: int
    unit: Unit = NUMBER
    precision: Precision = "printed"

    def __post_init__(self) -> None:
        value = cast("object", self.value)  # callers are not always typed
        if not isinstance(value, Decimal) or not value.is_finite():
            raise BudgetAuditError(
                f"an amount needs a finite Decimal, not {value!r}", hint='write Amount(Decimal("677.41"), 2)'
            )
        if abs(value.adjusted()) > _LARGEST or abs(self.places) > _LARGEST:
            raise BudgetAuditError(f"an amount of more than {_LARGEST} digits or places is no figure")

    @property
    def step(self) -> Fraction:
        """The smallest difference the print can show, in `unit`, 1/100 at two places; 0 if the figure is exact."""
        return Fraction(0) if self.precision == "exact" else Fraction(10) ** -self.places

    @property
    def exact_value(self) -> Fraction:
        """The value in base units (yuan, not 万元) as a rational."""
        return Fraction(self.value) * self.unit.scale

    @property
    def has_excess_digits(self) -> bool:
        """Whether the value shows more digits than its places admit (12,300 declared to thousands)."""
        step = self.step
        return step != 0 and (Fraction(self.value) / step).denominator != 1

    def interval(self, *, rounding: Rounding = "nearest", ties: Ties = "any") -> Interval:
        """The true values behind this print, in base units.

        Raises:
            BudgetAuditError: The precision is `approximate` or `unknown`, so nothing bounds them.
        """
        if self.precision in {"approximate", "unknown"}:
            raise BudgetAuditError(f"{self.value} is {self.precision}: its print does not bound the true value")
        scale = self.unit.scale
        return printed_interval(self.exact_value, self.step * scale, rounding=rounding, ties=ties)


def signed(value: Decimal, *, negative: bool) -> Decimal:
    """The value with its sign turned if `negative`; a printed -0.00 is 0.00.

    The minus operator of Decimal rounds to the caller's context, and 30 digits are not rare in a sum of cents.
    """
    return value.copy_negate() if negative and value else value
