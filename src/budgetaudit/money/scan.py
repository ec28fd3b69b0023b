"""Scanning: from characters to numbers, each with its place, its unit and what it is.

The text is folded (half-width, simplified, same length), runs of digits and Chinese numerals are read where they stand,
a unit is taken from right after or right before, and what is no amount (a year, a list number, a code) is kept and named,
so that the reader knows what it is and nothing is dropped silently. The unit of a list (A、B分别为1、2万元) is not inherited
here: that takes a sentence, and sentences are the reader's (`read.prose`).

`scan` is for running text: a bracketed number stays positive there. `parse_amount` is for one cell or one argument: it
takes the whole string or raises, and accounting brackets are a minus sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.amount import Amount, Precision, signed
from budgetaudit.money.characters import folded
from budgetaudit.money.digits import RUN, Digits, digits_in
from budgetaudit.money.neighbours import append_neighbour, touches
from budgetaudit.money.numerals import NUMERAL_CHARACTERS, parse_numeral
from budgetaudit.money.occasions import Kind, occasion
from budgetaudit.money.scanned import Scanned
from budgetaudit.money.separators import Separators, separators
from budgetaudit.money.spelled import Spelled, spelled_number
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.money.unit_names import FRACTIONS, parse_unit
from budgetaudit.money.unit_places import UnitMatch, letter_scale_after, money_before, unit_after

__all__ = ["Scanned", "parse_amount", "scan"]

_TOKEN: Final = re.compile(
    rf"(?P<address>(?:https?://|www\.)[!-~]++)|(?P<digits>{RUN})|(?P<numeral>[{NUMERAL_CHARACTERS}]++)"
)
_PIECE: Final = re.compile(r"[0-9]+")
_MINUS_BEFORE_DIGIT: Final = frozenset("-−﹣–")
_MINUS_ANYWHERE: Final = frozenset("负△▲")
_SIGNS: Final = _MINUS_BEFORE_DIGIT | _MINUS_ANYWHERE | {"+"}
_ABOUT_BEFORE: Final = re.compile(
    r"(?:(?<![节集合签违契公预制条])约|大约|约为|约占|超过|不到|将近|接近|(?<![最附临邻亲远靠])近|逾|不足|几乎)[ \t]?\Z"
)
_LIMIT_BEFORE: Final = re.compile(r"(?:不得?(?:超过|高于|低于|少于|多于|大于|小于)|至少|最多)[ \t]?\Z")
_LIMIT_LAST: Final = frozenset("过于少多 \t")
_ABOUT_LAST: Final = frozenset("约为占过到近逾足乎 \t")
_ABOUT_AFTER: Final = re.compile(r"[ \t]?(?:左右|上下|有余)")
_THRESHOLD: Final = re.compile(
    r"[ \t]?(?:\((?:不?含|含本数)\))?[ \t]?(?:\(?不?含\)?)?(?:[及或])?(?:以上|以下|以内|之内)"
)
_MORE_BEHIND: Final = frozenset("左上有以之含及或( \t")  # first characters of the two patterns above
_RANGE_AFTER: Final = re.compile(r"-[0-9]|[ \t]?[−–—~～至到][ \t]?[0-9]")
_RANGE_BEFORE: Final = re.compile(r"[0-9%元万亿个人次年](?:-|[ \t]?[−–—~～至到][ \t]?)\Z")
_DASHES: Final = frozenset("-−–—~～至到")
_CLOSING_QUOTES: Final = frozenset('”"」』’')


def scan(text: str, *, locale: str = "zh") -> list[Scanned]:
    """All numbers of a text, in order of place.

    Args:
        text: Any text; places in the result count its code points.
        locale: Which separators the document uses (`zh`, `en`, `de`, `en_IN`).

    Raises:
        BudgetAuditError: The locale is not known.

    >>> [(str(found.amount.value), str(found.amount.unit)) for found in scan("支出677.41萬元，增長5%") if found.amount]
    [('677.41', '萬元'), ('5', '%')]
    """
    marks = separators(locale)
    matching = folded(text)
    found: list[Scanned] = []
    for number in _numbers(matching, text, marks):
        if found and touches(found[-1], number, matching):
            append_neighbour(found, number, matching, marks)
        else:
            found.append(number)
    return found


def _numbers(text: str, spelling: str, marks: Separators) -> Iterator[Scanned]:
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        match token.lastgroup:
            case "digits":
                for number in digits_in(text, start, end, marks):
                    yield _digit_number(text, number, spelling)
            case "numeral":
                spelled = spelled_number(text, start, end, spelling)
                if spelled is not None:
                    yield _spelled_amount(text, spelled)
            case _:  # numbers in web addresses are codes
                for piece in _PIECE.finditer(text, start, end):
                    yield Scanned(None, piece.start(), piece.end(), "code")


def _digit_number(text: str, number: Digits, spelling: str) -> Scanned:
    start, end, value, places, shape = number
    if value is None:
        return Scanned(None, start, end, "other" if shape == "malformed" else _chain(text, start, end))
    if shape == "item":
        return Scanned(Amount(value, places), start, end, "ordinal")
    ahead = text[start - 1] if start else ""
    if ahead in {".", ","} and text[max(0, start - 2) : start - 1] in {".", ","} and ahead != text[start - 2]:
        return Scanned(None, start, end, "other")  # digits are lost: 3,.83
    negative = False
    if ahead in _SIGNS:
        start, negative = _signed(text, start)
    before = money_before(text, start)
    after = _unit_behind(text, number, before, spelling)
    if after is None or after.unit.kind == "count":
        kind = occasion(text, number.start, end, unit=after is not None or before is not None)
        if kind is not None and kind != "threshold":
            return Scanned(Amount(value, places), number.start, end, kind)
    else:
        kind = "threshold" if ahead in {"≥", "≤", "<", ">"} else None
    fraction = FRACTIONS.get(text[max(0, start - 3) : start]) if ahead == "之" else None
    if fraction is not None:
        before, after = UnitMatch(fraction.spelled(spelling[start - 3 : start]), start - 3, start), None
    unit, unit_start, unit_end = _unit(before, after)
    stop = unit_end if unit_end is not None and unit_end > end else end
    first = start if before is None else before.start
    amount = Amount(signed(value, negative=negative), places, unit, _precision(text, first, stop, after))
    return Scanned(amount, start, end, kind or _range_or_threshold(text, first, stop), unit_start, unit_end)


def _chain(text: str, start: int, end: int) -> Kind:
    """2018.6.29 and 29.6.2018 are dates, 1.2.3 is a section."""
    parts = text[start:end].split(".")
    return "date" if len(parts) == 3 and 4 in {len(parts[0]), len(parts[2])} and max(map(len, parts)) == 4 else "code"


def _unit_behind(text: str, number: Digits, before: UnitMatch | None, spelling: str) -> UnitMatch | None:
    after = unit_after(text, number.end, spelling)
    if before is not None and (after is None or after.unit.kind == "count"):
        return letter_scale_after(text, number.end) or after
    if after is None and text[number.end : number.end + 1] in _CLOSING_QUOTES:  # “0”元
        return unit_after(text, number.end + 1, spelling)
    return after


def _unit(before: UnitMatch | None, after: UnitMatch | None) -> tuple[Unit, int | None, int | None]:
    """The unit of a number between a currency (¥, RMB) and a scale or unit behind it."""
    if before is None:
        return (NUMBER, None, None) if after is None else (after.unit, after.start, after.end)
    if after is None or after.unit.kind not in {"money", "number"}:
        return before.unit, before.start, before.end
    unit = Unit("money", before.unit.currency, after.unit.scale, text=after.unit.text)
    return unit, after.start, after.end


def _signed(text: str, start: int) -> tuple[int, bool]:
    """Where the number starts with its sign, and whether the sign is a minus; a range or code hyphen is no sign."""
    sign = text[start - 1]
    if sign in _MINUS_ANYWHERE:
        return start - 1, True
    previous = text[start - 2] if start > 1 else ""
    if previous and (
        (previous.isascii() and (previous.isalnum() or previous in "-)%")) or previous in "元万亿—–年月日号"
    ):
        return start, False
    return start - 1, sign != "+"


def _precision(text: str, start: int, stop: int, after: UnitMatch | None) -> Precision:
    if after is not None and after.approximate:
        return "approximate"
    if start and text[start - 1] in _ABOUT_LAST and _ABOUT_BEFORE.search(text, max(0, start - 4), start):
        return "approximate"
    if text[stop : stop + 1] in _MORE_BEHIND and _ABOUT_AFTER.match(text, stop):
        return "approximate"
    return "printed"


def _range_or_threshold(text: str, start: int, stop: int) -> Kind:
    behind = text[stop : stop + 1]
    if behind in _MORE_BEHIND and _THRESHOLD.match(text, stop):
        return "threshold"
    if start and text[start - 1] in _LIMIT_LAST and _LIMIT_BEFORE.search(text, max(0, start - 6), start):
        return "threshold"
    if (behind in _DASHES or behind == " ") and _RANGE_AFTER.match(text, stop):
        return "range-part"
    if (
        start
        and (text[start - 1] in _DASHES or text[start - 1] == " ")
        and _RANGE_BEFORE.search(text, max(0, start - 4), start)
    ):
        return "range-part"
    return "amount"


def _spelled_amount(text: str, spelled: Spelled) -> Scanned:
    start, end, kind, numeral, unit = spelled
    if numeral is None or unit is None:
        return Scanned(None, start, end, kind)
    stop = max(end, unit.end)
    if kind == "amount" and text[stop : stop + 1] in _MORE_BEHIND and _THRESHOLD.match(text, stop):
        kind = "threshold"
    precision = _precision(text, min(start, unit.start), stop, unit)
    negative = text[max(0, start - 1) : start] == "负"
    amount = Amount(signed(numeral.value, negative=negative), numeral.places, unit.unit, precision)
    start -= negative
    return Scanned(amount, start, end, kind, unit.start, unit.end)


def parse_amount(text: str, *, unit: str | Unit | None = None, locale: str | None = None) -> Amount:
    """One whole string as an amount: `677.41万元`, `(1,234.5)`, `６７７．４１`, `-5%`.

    Args:
        text: The number with an optional sign or accounting brackets and an optional unit.
        unit: The unit if the text has none (a name such as 万元, or a `Unit`).
        locale: Whose separators; `zh` if not given.

    Raises:
        BudgetAuditError: The text is not one number and nothing else, or its grouping does not fit the locale.
    """
    given = parse_unit(unit) if isinstance(unit, str) else unit
    if unit is not None and given is None:
        raise BudgetAuditError(f"{unit!r} is no unit", hint="write 万元, yuan, USD, %, 辆 or pass a Unit")
    written, negative = _without_brackets(text.strip())
    found = scan(written, locale=locale or "zh")
    if len(found) == 1 and found[0].amount is not None and _is_whole(found[0], written):
        amount = found[0].amount
        own = amount.unit if found[0].unit_start is not None else given or NUMBER
        return Amount(signed(amount.value, negative=negative), amount.places, own, amount.precision)
    numeral = parse_numeral(folded(written))
    if numeral is None:
        raise BudgetAuditError(
            f"{text!r} is not one amount", hint="write a number such as 677.41, 1,234.5 or 677.41万元"
        )
    return Amount(signed(numeral.value, negative=negative), numeral.places, given or NUMBER)


def _without_brackets(text: str) -> tuple[str, bool]:
    """Accounting brackets and a trailing minus are signs: (1,234.5), (12)万元, 1,234.5-; so is the minus of -1940, no year."""
    matching = folded(text)
    if matching[:1] in {"-", "−"} and matching[1:2].isdecimal():
        return text[1:], True
    if matching.startswith("(") and (closed := matching.find(")")) > 0:
        return text[1:closed] + text[closed + 1 :], True
    if matching[-1:] in {"-", "−"} and len(matching) > 1:
        return text[:-1], True
    return text, False


def _is_whole(number: Scanned, text: str) -> bool:
    """Whether the string is this number, its unit, a currency sign and words such as 约 or 左右, and nothing else."""
    left = list(text)
    unit_start, unit_end = number.unit_start or 0, number.unit_end or 0
    unit_end += unit_end > 0 and text[unit_end : unit_end + 1] == "."  # 4 Mio.
    for start, end in ((number.start, number.end), (unit_start, unit_end)):
        left[start:end] = " " * (end - start)
    before = money_before(folded(text), number.start)
    if before is not None:
        left[before.start : before.end] = " " * (before.end - before.start)
    return not _WORDS_BESIDE.sub("", folded("".join(left))).split()


_WORDS_BESIDE: Final = re.compile(r"大?约为?|近|超过|不到|将近|接近|逾|不足|几乎|左右|上下|有余|余|多|几|整")
