"""Showing numbers: in the reader's locale, with every place that was printed, and more where two would read alike.

Babel formats every number that is shown. Its defaults do not fit audited figures (677.40 would read 677.4, 0.005 would
read 0.00, a long number or a strict decimal context would raise), so the pattern with the printed places is our own,
quantization is off, and formatting runs in a context wide enough for the value. Only fractions without an end (1/3) are
rounded: they get as many places as it takes, and the mark ≈.

Wording belongs to the message templates; this module gives numbers, units and nothing else.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Final

from babel.numbers import NumberPattern, parse_pattern

from budgetaudit.money.amount import Amount
from budgetaudit.money.decimals import ending_places, rounded, significant_places
from budgetaudit.money.locale import babel_locale
from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import money_sign

APPROXIMATELY: Final = "≈"
# Fractions that end are shown whole if they end this soon after the places asked for; 1/2**40 is as good as endless.
_EXTRA_PLACES: Final = 6


def show_number(
    value: Decimal | Fraction | int,
    *,
    locale: str,
    places: int = 0,
    beside: Fraction | None = None,
    grouping: bool = True,
) -> str:
    """A number with at least `places` places: more if the value has more, so that nothing it says is hidden.

    A fraction that does not end is rounded, to more than `places` places if it would read as zero or like `beside`
    otherwise, and marked with ≈.

    Args:
        value: The number.
        locale: Whose separators and digits to use, such as `zh`, `en`, `de_CH`.
        places: Places to show even if they are zeros.
        beside: Another number that stands near; one that differs from it will read differently.
        grouping: Whether thousands are set apart.

    Raises:
        BudgetAuditError: The locale is not known.

    >>> show_number(Decimal("677.40"), places=2, locale="zh"), show_number(Fraction(1, 40), places=2, locale="en")
    ('677.40', '0.025')
    >>> show_number(Fraction(2, 3), locale="en", places=2, beside=Fraction("0.67"))
    '≈0.667'
    """
    exact, shown = Fraction(value), max(places, 0)
    needed = ending_places(exact)
    if needed is not None and (needed <= shown + _EXTRA_PLACES or isinstance(value, Decimal)):
        return _formatted(rounded(exact, needed), max(shown, needed), locale, grouping)
    if rounded(exact, shown) == 0:
        shown = significant_places(exact, 2)
    while exact != beside == Fraction(rounded(exact, shown)):
        shown += 1
    number = rounded(exact, shown)
    mark = "" if Fraction(number) == exact else APPROXIMATELY
    return mark + _formatted(number, shown, locale, grouping)


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
    return _with_unit(number, amount.unit, locale) if unit else number


def show_measure(
    value: Fraction, unit: Unit | None, *, locale: str, places: int = 0, beside: Fraction | None = None
) -> str:
    """A computed number with its unit, if it has one; places and `beside` as in `show_number`.

    >>> from budgetaudit.money.unit import PERCENT
    >>> show_measure(Fraction(900, 38), PERCENT, locale="en", places=2)
    '≈23.68%'
    """
    number = show_number(value, places=places, beside=beside, locale=locale)
    return number if unit is None else _with_unit(number, unit, locale)


def distinct(a: Amount, b: Amount, *, locale: str) -> tuple[str, str]:
    """Two amounts so that they look different if they are: no place of either is left out, no place is made up.

    >>> distinct(Amount(Decimal("28.50"), 2), Amount(Decimal("28.504"), 3), locale="en")
    ('28.50', '28.504')
    """
    return show_amount(a, locale=locale), show_amount(b, locale=locale)


def show_distinct(a: Decimal | Fraction, b: Decimal | Fraction, *, places: int, locale: str) -> tuple[str, str]:
    """Two numbers with just enough places, at least `places`, to look different if they are.

    >>> show_distinct(Fraction(2, 3), Fraction(667, 1000), places=2, locale="en")
    ('≈0.6667', '0.6670')
    """
    exact = [Fraction(number) for number in (a, b)]
    needed = [
        needed for number in exact if (needed := ending_places(number)) is not None and needed <= places + _EXTRA_PLACES
    ]
    shown = max(places, *needed, 0)
    while exact[0] != exact[1] and rounded(exact[0], shown) == rounded(exact[1], shown):
        shown += 1
    return show_number(a, places=shown, locale=locale), show_number(b, places=shown, locale=locale)


def _with_unit(number: str, unit: Unit, locale: str) -> str:
    """The number with its unit as spelled in the document; a unit without spelling is written by currency and scale."""
    if unit.kind == "percent" and unit.text in {"%", "％", "百分之", ""}:
        return number + _percent_sign(locale)
    text = unit.text or _unspelled(unit)
    if not text:
        return number
    if money_sign(text) and not (text.isascii() and text.isalpha()):  # a sign such as ¥ or US$, not a code
        digits = number.lstrip(f"{APPROXIMATELY}-")
        return f"{number.removesuffix(digits)}{text}{digits}"
    close = babel_locale(locale).language in {"zh", "ja"} and not text[0].isascii()
    return f"{number}{'' if close else ' '}{text}"


def _unspelled(unit: Unit) -> str:
    """What to call a unit that a caller built without a spelling: `10000 CNY`."""
    if unit.kind != "money":
        return unit.counter or ""
    return " ".join(part for part in (f"× {unit.scale}" if unit.scale != 1 else "", unit.currency or "") if part)


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
        shown: str = _pattern(locale, places).apply(
            value, babel_locale(locale), decimal_quantization=False, group_separator=grouping
        )
    return shown
