"""Showing numbers: in the reader's locale, with every place that was printed, and more where two would read alike.

Babel formats every number that is shown. Its defaults do not fit audited figures (677.40 would read 677.4, 0.005 would
read 0.00, a long number or a strict decimal context would raise), so the pattern with the printed places is our own,
quantization is off, and formatting runs in a context wide enough for the value. Rounding happens in one place only: a
fraction without an end (1/3) gets as many places as asked for and the mark ≈.

Wording belongs to the message templates; this module gives numbers, units and nothing else.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Final

from babel.numbers import NumberPattern, parse_pattern

from budgetaudit.money.amount import Amount
from budgetaudit.money.locale import babel_locale
from budgetaudit.money.unit_names import money_sign

APPROXIMATELY: Final = "≈"
# Fractions that end are shown whole if they end this soon after the places asked for; 1/2**40 is as good as endless.
_EXTRA_PLACES: Final = 6


def show_number(value: Decimal | Fraction | int, *, places: int = 0, locale: str, grouping: bool = True) -> str:
    """A number with at least `places` places: more if the value has more, so that nothing it says is hidden.

    A fraction that does not end is rounded to `places`, or to two significant digits if that would read as zero, and
    marked with ≈.

    Raises:
        BudgetAuditError: The locale is not known.

    >>> show_number(Decimal("677.40"), places=2, locale="zh")
    '677.40'
    >>> show_number(Fraction(1, 40), places=2, locale="en")
    '0.025'
    >>> show_number(Fraction(1, 3), places=2, locale="en")
    '≈0.33'
    """
    if isinstance(value, Decimal):
        return _formatted(value, max(places, _places_of(value)), locale, grouping)
    return show_fraction(Fraction(value), places=places, locale=locale, grouping=grouping)


def show_fraction(value: Fraction, *, places: int, locale: str, grouping: bool = True) -> str:
    """A rational: exactly if its decimals end soon, otherwise rounded to `places` and marked with ≈."""
    needed = _ending_places(value)
    if needed is not None and needed <= max(places, 0) + _EXTRA_PLACES:
        return _formatted(_rounded(value, needed), max(places, needed), locale, grouping)
    shown = max(places, 0)
    if _rounded(value, shown) == 0:
        shown = _significant_places(value, 2)
    return APPROXIMATELY + _formatted(_rounded(value, shown), shown, locale, grouping)


def show_amount(amount: Amount, *, locale: str, unit: bool = True, grouping: bool = True) -> str:
    """An amount as printed, with its unit as spelled in the document.

    Chinese units follow without a space in a Chinese locale, currency signs stand before the number.

    >>> from budgetaudit.money.unit_names import parse_unit
    >>> show_amount(Amount(Decimal("1677.40"), 2, parse_unit("萬元")), locale="zh_Hant")
    '1,677.40萬元'
    >>> show_amount(Amount(Decimal("-12.5"), 1, parse_unit("$")), locale="en")
    '-$12.5'
    """
    number = show_number(amount.value, places=amount.places, locale=locale, grouping=grouping)
    return _with_unit(number, amount, locale) if unit else number


def distinct(a: Amount, b: Amount, *, locale: str) -> tuple[str, str]:
    """Two amounts with the same number of places, so that a reader can compare them digit by digit.

    Amounts that differ never read alike, because no place of either is left out; 839 beside 28.50 reads 839 still: places
    are added only to tell values apart, never to pretend a precision that was not printed.
    """
    return show_amount(a, locale=locale), show_amount(b, locale=locale)


def show_distinct(a: Decimal | Fraction, b: Decimal | Fraction, *, places: int, locale: str) -> tuple[str, str]:
    """Two numbers with just enough places, at least `places`, to look different if they are.

    >>> show_distinct(Fraction(2, 3), Fraction(667, 1000), places=2, locale="en")
    ('≈0.6667', '0.6670')
    """
    shown = places
    first, second = show_number(a, places=shown, locale=locale), show_number(b, places=shown, locale=locale)
    while Fraction(a) != Fraction(b) and first.lstrip(APPROXIMATELY) == second.lstrip(APPROXIMATELY):
        shown += 1
        first, second = show_number(a, places=shown, locale=locale), show_number(b, places=shown, locale=locale)
    return first, second


def show_percent_fraction(share: Fraction, locale: str) -> str:
    """A probability or share as a percentage of two significant digits; close to 100 % it is the rest that has them.

    >>> [show_percent_fraction(Fraction(*p), "en") for p in ((1, 192), (11, 24), (1, 1), (9999, 10000))]
    ['0.52%', '46%', '100%', '99.99%']
    """
    percent = share * 100
    rest = 100 - percent
    if percent in {0, 100}:
        places = 0
    elif 0 < rest < 10:
        places = max(0, _significant_places(rest, 1))
    else:
        places = max(0, _significant_places(percent, 2))
    return _formatted(_rounded(percent, places), places, locale, True) + _percent_sign(locale)


def chance_in(chance: Fraction) -> tuple[int, int]:
    """A probability as n in d: exact if both are small, else the nearest 1 in d, or n in 100 where 1 in d is too coarse.

    >>> chance_in(Fraction(1, 192)), chance_in(Fraction(11, 24)), chance_in(Fraction(841, 30000))
    ((1, 192), (11, 24), (1, 36))
    """
    if chance.numerator <= 1 or (chance.numerator <= 30 and chance.denominator <= 100):
        return chance.numerator, chance.denominator
    if chance < Fraction(1, 10):
        return 1, round(1 / chance)
    return round(chance * 100), 100


def show_chance(chance: Fraction, locale: str) -> str:
    """A probability as `1 in 192`; as `1/192` in Chinese."""
    n, d = (_formatted(Decimal(number), 0, locale, True) for number in chance_in(chance))
    return f"{n}/{d}" if babel_locale(locale).language == "zh" else f"{n} in {d}"


def _with_unit(number: str, amount: Amount, locale: str) -> str:
    text = amount.unit.text
    if amount.unit.kind == "percent" and text in {"%", "％", "百分之", ""}:
        return number + _percent_sign(locale)
    if not text:
        return number
    if money_sign(text) and not (text.isascii() and text.isalpha()):  # a sign such as ¥ or US$, not a code
        sign, digits = (number[0], number[1:]) if amount.value < 0 else ("", number)
        return f"{sign}{text}{digits}"
    close = babel_locale(locale).language in {"zh", "ja"} and not text[0].isascii()
    return f"{number}{'' if close else ' '}{text}"


@lru_cache(maxsize=512)
def _pattern(locale: str, places: int) -> NumberPattern:
    """The locale's grouping with exactly `places` decimals: `#,##0.00`, `#,##,##0.00`."""
    whole = babel_locale(locale).decimal_formats[None].pattern.partition(".")[0]
    return parse_pattern(f"{whole}.{'0' * places}" if places > 0 else whole)


@lru_cache(maxsize=64)
def _percent_sign(locale: str) -> str:
    """`%` with the space the locale sets before it; a sign before the number (tr, eu) is set behind like everywhere."""
    suffix = babel_locale(locale).percent_formats[None].suffix[0]
    return suffix or "%"


def _formatted(value: Decimal, places: int, locale: str, grouping: bool) -> str:
    # Wide enough for any value, and without traps, whatever context the caller works in.
    digits = len(value.as_tuple().digits) + abs(value.adjusted()) + max(places, 0) + 10
    with localcontext(Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])):
        shown = value if value else Decimal(0)  # a printed -0.00 is 0
        return _pattern(locale, places).apply(
            shown, babel_locale(locale), decimal_quantization=False, group_separator=grouping
        )


def _places_of(value: Decimal) -> int:
    """Places needed to write a value without loss; trailing zeros of the Decimal are not needed for that."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -exponent - trailing)


def _ending_places(value: Fraction) -> int | None:
    """How many places write the fraction exactly; None if its decimals never end."""
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _significant_places(value: Fraction, digits: int) -> int:
    """Places that show the first `digits` significant digits: 3 for two digits of 0.012."""
    magnitude, places = abs(value), digits
    while magnitude >= 10:
        magnitude, places = magnitude / 10, places - 1
    while 0 < magnitude < 1:
        magnitude, places = magnitude * 10, places + 1
    return places - 1


def _rounded(value: Fraction, places: int) -> Decimal:
    """The nearest number of `places` decimals, half to even, in integers: no decimal context takes part."""
    scaled = round(value * 10**places)
    sign = 1 if scaled < 0 else 0
    return Decimal((sign, tuple(map(int, str(abs(scaled)))), -places))
