"""Slips of the pen: the figures of which a printed one may be a misprint, by one act each.

A slip replaces, loses, adds or doubles one digit, exchanges two neighbours, moves the decimal point, turns the sign, or
writes an amount of one unit under the name of another. For a printed figure every true figure one slip away is named,
together with the number of ways in which a slip of its kind can spoil a true figure: where there are many, each single
one is the less likely.

Digits are compared in units of the last place, so that 677.4 and 677.41 do not differ by a matter of form. One slip only:
two slips are two priors, and a short figure is two slips away from nearly everything.

Source: Scholtus (2009), Automatic correction of simple typing errors in numerical data with balance edits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final

from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import rounded
from budgetaudit.money.interval import Interval

EVERYWHERE: Final = Interval(None, None)
CODES: Final = frozenset(
    {
        "digit-replaced", "digits-transposed", "lost-digit", "inserted-digit", "doubled-digit", "sign-reversed",
        "decimal-shift", "unit-mix-up", "separator-misread",
    }
)  # fmt: skip
SEPARATED: Final = frozenset({0, 3})  # places of a print whose separator may have been misread

_DIGITS: Final = "0123456789"
# Powers of ten by which the decimal point slips, and by which units of money differ (thousand, ten thousand, million,
# hundred million).
_POINT_SHIFTS: Final = (1, 2)
_UNIT_SHIFTS: Final = (3, 4, 6, 8)
_SELDOM: Final = 10


@dataclass(frozen=True, slots=True)
class Slip:
    """A true figure that one slip turns into the printed one.

    Attributes:
        code: Kind of the slip.
        true: The figure without it.
        ways: In how many ways a slip of this kind can spoil a figure like the true one.
    """

    code: str
    true: Amount
    ways: int


def slips(
    printed: Amount, *, within: Interval = EVERYWHERE, usual: int | None = None, digits: bool = True
) -> Iterator[Slip]:
    """Every figure one slip away from a printed one, each once for every kind of slip that leads there.

    Nothing for a figure of zero, or one that shows excess digits.

    Args:
        printed: The figure as printed.
        within: Leave out slips of figures beyond these values, in the unit of the print: there are hundreds of them, and
            the caller mostly wants few. Slips of the whole figure come as well if they lie a step of theirs away.
        usual: The places of the figures around it, if they are known: a print with all its digits and other places has
            had its separators misread. Asked for only of a print with `SEPARATED` places.
        digits: Whether slips among the digits are wanted too, or only those of the whole figure.

    >>> [str(slip.true.value) for slip in slips(Amount(Decimal("145.54"), 2)) if slip.code == "digits-transposed"]
    ['415.54', '154.54', '145.45']
    """
    in_units = Fraction(printed.value) * Fraction(10) ** printed.places
    if in_units.denominator != 1 or in_units == 0:
        return
    seen: set[tuple[str, Decimal]] = set()
    inside = _Units.of(within, printed.places)
    among_digits = _of_digits(printed, int(in_units), inside) if digits else ()
    for slip in (*among_digits, *_of_the_whole(printed, int(in_units), within, inside, usual)):
        if slip.true.value != printed.value and (slip.code, slip.true.value) not in seen:
            seen.add((slip.code, slip.true.value))
            yield slip


def slips_between(printed: Amount, true: Amount) -> tuple[Slip, ...]:
    """The slips each of which alone turns the true figure into the printed one."""
    near = slips(printed, within=Interval.point(Fraction(true.value)))
    return tuple(slip for slip in near if slip.true.value == true.value)


@dataclass(frozen=True, slots=True)
class _Units:
    """The whole units of the last place that lie within an interval; None without an end."""

    low: int | None
    high: int | None

    @classmethod
    def of(cls, within: Interval, places: int) -> _Units:
        step = Fraction(10) ** -places
        low = None if within.lo is None else ceil(within.lo / step)
        return cls(low, None if within.hi is None else floor(within.hi / step))

    def __contains__(self, units: int) -> bool:
        return (self.low is None or units >= self.low) and (self.high is None or units <= self.high)

    def near(self, units: int, power: int) -> bool:
        """Whether a figure with its point moved by a power of ten may lie inside, give or take a unit of its last place."""
        up, down = 10 ** max(power, 0), 10 ** max(-power, 0)
        above = self.low is None or (units + down) * up >= (self.low - 1) * down - up
        return above and (self.high is None or (units - down) * up <= (self.high + 1) * down + up)


def _of_digits(printed: Amount, in_units: int, inside: _Units) -> Iterator[Slip]:
    """Slips among the digits; figures of one digit are one slip away from each other and say nothing."""
    least = max(printed.places, 0) + 1
    digits = str(abs(in_units)).zfill(least)
    if len(digits.lstrip("0")) < 2:
        return
    bare = digits.lstrip(
        "0"
    )  # 0.56 may have lost a digit as 0.56 or as 56 hundredths; nobody exchanges a zero in front
    lost = (slip for text in dict.fromkeys((digits, bare)) for slip in _lost(text))
    for code, true, ways in (*_exchanged(bare), *_replaced(digits), *_too_many(digits), *lost):
        written_so = len(true) == least or (len(true) > least and true[0] != "0")
        units = int(true) if in_units > 0 else -int(true)
        if units in inside and written_so and len(true.lstrip("0")) > 1:
            yield Slip(code, replace(printed, value=_decimal(units, printed.places)), ways)


def _exchanged(digits: str) -> Iterator[tuple[str, str, int]]:
    for place, (first, second) in enumerate(pairwise(digits)):
        if first != second:
            true = digits[:place] + second + first + digits[place + 2 :]
            yield "digits-transposed", true, sum(one != other for one, other in pairwise(true))


def _replaced(digits: str) -> Iterator[tuple[str, str, int]]:
    for place, digit in enumerate(digits):
        for other in _DIGITS.replace(digit, ""):
            yield "digit-replaced", digits[:place] + other + digits[place + 1 :], 9 * len(digits)


def _too_many(digits: str) -> Iterator[tuple[str, str, int]]:
    """A digit that stands beside its like was typed twice; zeros too many at the end are a moved decimal point."""
    for place, digit in enumerate(digits):
        true = digits[:place] + digits[place + 1 :]
        if digits[place:].strip("0") == "":
            return
        if digit in digits[max(place - 1, 0) : place] + digits[place + 1 : place + 2]:
            yield "doubled-digit", true, len(true)
        else:
            yield "inserted-digit", true, 9 * len(true) + 10


def _lost(digits: str) -> Iterator[tuple[str, str, int]]:
    for place in range(len(digits) + 1):
        moves_the_point = digits[place:].strip("0") == ""
        for digit in _DIGITS.replace("0", "") if moves_the_point else _DIGITS:
            yield "lost-digit", digits[:place] + digit + digits[place:], len(digits) + 1


def _of_the_whole(
    printed: Amount, in_units: int, within: Interval, inside: _Units, usual: int | None
) -> Iterator[Slip]:
    """The sign, the decimal point, a separator and the unit.

    A point that moves takes the last place with it, unless the figure is printed to the same places in spite of it: then
    what was cut off is what `within` allows.
    """
    if inside.near(-in_units, 0):
        yield Slip("sign-reversed", replace(printed, value=printed.value.copy_negate()), 1)
    shifts = [("decimal-shift", shift) for shift in _POINT_SHIFTS]
    if printed.unit.kind in {"money", "number"}:
        shifts += [("unit-mix-up", shift) for shift in _UNIT_SHIFTS]
    for code, shift in shifts:
        ways = 3 * shift if code == "decimal-shift" else 2 * len(_UNIT_SHIFTS)
        for power in (shift, -shift):
            if not inside.near(in_units, power):
                continue
            sign, digits, exponent = printed.value.as_tuple()
            assert isinstance(exponent, int)  # an amount is finite
            moved = replace(printed, value=Decimal((sign, digits, exponent + power)), places=printed.places - power)
            if moved.places == usual != printed.places and shift > 1 and printed.places in SEPARATED:
                yield Slip("separator-misread", moved, 2)
                continue
            true = settled(moved, printed.places)
            finer = true.places > printed.places  # which nobody prints beside figures of fewer places
            refined = _refined(true, printed.places, within) if power > 0 else None
            yield Slip(code, refined or true, ways * _SELDOM if finer else ways)


def settled(moved: Amount, places: int) -> Amount:
    """A figure whose point was moved back, at its old places if nothing but zeros stands beyond them."""
    kept = Fraction(moved.value) * Fraction(10) ** places
    if moved.places <= places or kept.denominator != 1:
        return moved
    return replace(moved, value=_decimal(int(kept), places), places=places)


def _refined(moved: Amount, places: int, within: Interval) -> Amount | None:
    """The figure to its old places, where what is allowed says which one of those that the moved print stands for."""
    if moved.places >= places or within.lo is None or within.hi is None:
        return None
    half, value = Fraction(10) ** -moved.places / 2, Fraction(moved.value)
    allowed = within.intersection(Interval(value - half, value + half))
    if allowed is None or allowed.lo is None or allowed.hi is None:
        return None
    true = rounded((allowed.lo + allowed.hi) / 2, places)
    return replace(moved, value=true, places=places)


def _decimal(units: int, places: int) -> Decimal:
    sign, digits, _ = Decimal(units).as_tuple()
    return Decimal((sign, digits, -places))
