"""Separators: which characters group digits and which one starts the decimals, by locale.

Babel knows both for every locale, but a document is not its locale: French offices type a plain space where the locale
data wants U+202F, Swiss ones ' where it wants ’. So the locale names the family of separators and this module adds what
people type. Nothing here guesses: `1.234` is one thousand in German and 1.234 in Chinese because the caller says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from budgetaudit.errors import BudgetAuditError

# Spaces made for numbers (no-break, thin, narrow no-break, figure space): no list or column is set with them.
NUMBER_SPACES: Final = "\u00a0\u2009\u202f\u2007"
_APOSTROPHES: Final = "'’"


@dataclass(frozen=True, slots=True)
class Separators:
    """What may stand between digits.

    Attributes:
        decimal: The one character before the decimals.
        groups: Characters that may group digits; all groups of one number use the same one.
        lakh: Whether groups of two before the last three (12,34,567) are the custom.
        spaced: Whether a plain space groups digits.
    """

    decimal: str = "."
    groups: str = "," + NUMBER_SPACES
    lakh: bool = False
    spaced: bool = False


_COMMA_AND_POINT: Final = Separators()


@lru_cache(maxsize=64)
def separators(locale: str) -> Separators:
    """The separators of a locale such as `zh`, `en_IN` or `de_CH`.

    Raises:
        BudgetAuditError: Babel knows no such locale.
    """
    if locale.replace("-", "_").split("_")[0] in {"zh", "ja", "ko"} or locale in {"en", "en_US", "en_GB"}:
        return _COMMA_AND_POINT
    from budgetaudit.money.locale import babel_locale  # Babel only for locales that need it

    known = cast("Any", babel_locale(locale))  # the locale data of Babel has no types
    symbols = known.number_symbols.get("latn", known.number_symbols)  # by numbering system since Babel 2.14
    group, decimal = str(symbols["group"]), str(symbols["decimal"])
    if len(decimal) != 1:
        raise BudgetAuditError(f"the locale {locale!r} has no single decimal character", hint="name another locale")
    spaced = group.isspace()
    groups = _APOSTROPHES if group in _APOSTROPHES else "" if spaced else group
    return Separators(
        decimal=decimal,
        groups=groups + NUMBER_SPACES + (" " if spaced else ""),
        lakh=known.decimal_formats[None].grouping == (3, 2),
        spaced=spaced,
    )
