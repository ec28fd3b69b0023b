"""Prints: from a true value to the number an office prints for it, by the convention it follows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from budgetaudit.money.amount import Amount
from budgetaudit.money.interval import Ties
from budgetaudit.money.unit import Unit
from budgetaudit.rules.rule import Convention


def printed(value: Fraction | int, places: int, unit: Unit, convention: Convention) -> Amount:
    """The amount an office prints for a true value in `unit`, with so many decimal places.

    Halves go as the convention's `ties` say: `any` sends them up.

    >>> from budgetaudit.money.unit import NUMBER
    >>> printed(Fraction(-15, 10), 0, NUMBER, Convention(rounding="truncate")).value
    Decimal('-1')
    """
    steps = value * Fraction(10) ** places
    whole, rest = divmod(steps.numerator, steps.denominator)
    if rest:
        match convention.rounding:
            case "floor":
                pass
            case "truncate":
                whole += value < 0
            case _:
                whole += _goes_up(whole, Fraction(rest, steps.denominator), convention.ties)
    return Amount(decimal(whole, places), places, unit)


def decimal(steps: int, places: int) -> Decimal:
    """So many steps of 10^-places as a decimal with these places; no context of a caller takes part."""
    sign, digits, _ = Decimal(steps).as_tuple()
    return Decimal((sign, digits, -places))


def _goes_up(whole: int, rest: Fraction, ties: Ties) -> bool:
    """Whether a value between two whole numbers is printed as the upper one."""
    if 2 * rest != 1:
        return 2 * rest > 1
    match ties:
        case "any":
            return True
        case "away":
            return whole >= 0
        case "even":
            return whole % 2 == 1
