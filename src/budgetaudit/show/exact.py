"""Exact rationals as decimals: all of them where they end, and enough of those that do not.

A gap of 0.005 must not read 0.00, and a computed 5.2249 % must not read 5.22 % beside a printed 5.22 %. Formatting for a
locale is `money.show`; how many places a computed number needs beside another is decided here.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from budgetaudit.findings.message import Measured
from budgetaudit.money.amount import Amount
from budgetaudit.money.show import APPROXIMATELY, show_amount
from budgetaudit.money.unit import NUMBER

# Decimals that end this soon after the places asked for are shown whole; longer ones are as good as endless.
_EXTRA_PLACES: Final = 6


def decimal_places(value: Fraction) -> int | None:
    """The places the value needs as a decimal; None where no decimal is exact.

    >>> decimal_places(Fraction(1, 40)), decimal_places(Fraction(3)), decimal_places(Fraction(1, 3))
    (3, 0, None)
    """
    rest, needed = value.denominator, []
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        needed.append(power)
    return max(needed) if rest == 1 else None


def rounded(value: Fraction, places: int) -> Decimal:
    """The nearest decimal of that many places, ties to even; no decimal context takes part.

    >>> rounded(Fraction(1, 40), 3), rounded(Fraction(-2, 3), 2)
    (Decimal('0.025'), Decimal('-0.67'))
    """
    sign, digits, _ = Decimal(round(value * 10**places)).as_tuple()
    return Decimal((sign, digits, -places))


def show_measured(measured: Measured, locale: str, *, beside: Fraction | None = None) -> str:
    """A computed number with its unit; with as many places as it takes to differ from zero and from `beside`.

    >>> show_measured(Measured(Fraction(2, 3), 2), "en"), show_measured(Measured(Fraction(1, 40), 2), "en")
    ('≈0.67', '0.025')
    """
    value, unit = measured.value, measured.unit or NUMBER
    needed = decimal_places(value)
    if needed is not None and needed <= max(measured.places, 0) + _EXTRA_PLACES:
        places = max(needed, measured.places)
        return show_amount(Amount(rounded(value, places), places, unit), locale=locale, unit=measured.unit is not None)
    places = max(measured.places, 0)
    while Fraction(rounded(value, places)) in {Fraction(0), beside}:
        places += 1
    shown = Amount(rounded(value, places), places, unit)
    return APPROXIMATELY + show_amount(shown, locale=locale, unit=measured.unit is not None)
