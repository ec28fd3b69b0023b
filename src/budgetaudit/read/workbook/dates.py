"""Days and times of a workbook: numbers of days since 1900 or 1904, shown as their format says.

Source: ECMA-376 part 1, 18.17.4.1; day 60 of the 1900 system is a day that never was, so that counting begins in 1899.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

_LAST: Final = 2_958_465  # the end of the year 9999
_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a printed day has no zone


def shown_date(number: Decimal, tokens: Sequence[str], *, since_1904: bool) -> str | None:
    """A day as printed; None for numbers that are no day.

    Args:
        number: Days since the epoch.
        tokens: The pieces of the format: runs of letters, words behind a quotation mark.
        since_1904: Which epoch.

    >>> shown_date(Decimal(45000), ["yyyy", '"年', "m", '"月'], since_1904=False)
    '2023年3月'
    """
    if not 0 <= number <= _LAST:
        return None
    try:
        day = _EPOCHS[since_1904] + timedelta(days=int(number), seconds=int(number % 1 * 86_400))
    except OverflowError:
        return None
    return "".join(_piece(day, tokens, at) for at in range(len(tokens))).strip()


def _piece(day: datetime, tokens: Sequence[str], at: int) -> str:
    token = tokens[at]
    if token.startswith('"'):
        return token[1:]
    wide = 2 if len(token) > 1 else 1
    match token[0].lower():
        case "y" | "e":
            return f"{day.year % 100:02}" if token.lower() == "yy" else str(day.year)
        case "m" if _counts_minutes(tokens, at):
            return f"{day.minute:0{wide}}"
        case "m":
            return f"{day.month:0{wide}}"
        case "d":
            return f"{day.day:0{wide}}" if len(token) < 3 else ""
        case "h":
            return f"{day.hour:0{wide}}"
        case "s":
            return f"{day.second:0{wide}}"
        case "a" | "b" | "上" | "下":
            return ""
        case _:
            return token


def _counts_minutes(tokens: Sequence[str], at: int) -> bool:
    """Whether an m stands behind hours or before seconds."""
    letters = [token[0].lower() for token in tokens[:at] if token[0].lower() in "ymdhs"]
    after = [token[0].lower() for token in tokens[at + 1 :] if token[0].lower() in "ymdhs"]
    return letters[-1:] == ["h"] or after[:1] == ["s"]
