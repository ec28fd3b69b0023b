"""Exact rationals as decimals: all digits of those that end, the nearest of so many places of those that do not.

Verdicts are made of rationals; what is shown or written is decimal. This is the one place where digits are cut, in
integers, so that no decimal context of a caller takes part. How many places a reader wants is decided in `show`.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def ending_places(value: Fraction) -> int | None:
    """The places that write the value exactly; None if its decimals never end.

    >>> ending_places(Fraction(1, 40)), ending_places(Fraction(3)), ending_places(Fraction(1, 3))
    (3, 0, None)
    """
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def rounded(value: Fraction, places: int) -> Decimal:
    """The nearest decimal of that many places (negative: of tens, hundreds, ...), ties to even.

    >>> rounded(Fraction(1, 40), 3), rounded(Fraction(-2, 3), 2), rounded(Fraction(1250), -2)
    (Decimal('0.025'), Decimal('-0.67'), Decimal('1.2E+3'))
    """
    sign, digits, _ = Decimal(round(value * Fraction(10) ** places)).as_tuple()
    return Decimal((sign, digits, -places))


def plain(value: Fraction, *, endless_places: int) -> Decimal:
    """The value itself if its decimals end, else the nearest decimal of `endless_places` places.

    >>> plain(Fraction(1, 50), endless_places=10), plain(Fraction(-1, 3), endless_places=4)
    (Decimal('0.02'), Decimal('-0.3333'))
    """
    places = ending_places(value)
    return rounded(value, endless_places if places is None else places)


def ratio(value: Fraction) -> str:
    """The value as `p/q`, or `p` if it is whole; int to str refuses more than 4300 digits.

    >>> ratio(Fraction(2, 384)), ratio(Fraction(-3))
    ('1/192', '-3')
    """
    whole = value.denominator == 1
    return str(Decimal(value.numerator)) if whole else f"{Decimal(value.numerator)}/{Decimal(value.denominator)}"


def significant_places(value: Fraction, digits: int) -> int:
    """The places that show the first `digits` digits of a value other than zero.

    >>> significant_places(Fraction(12, 1000), 2), significant_places(Fraction(123), 2)
    (3, -1)
    """
    magnitude, places = abs(value), digits - 1
    while magnitude >= 10:
        magnitude, places = magnitude / 10, places - 1
    while 0 < magnitude < 1:
        magnitude, places = magnitude * 10, places + 1
    return places
