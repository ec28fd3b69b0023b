"""Scanning: from characters to numbers, each with its place, its unit and what it is.

The text is folded (half-width, simplified, same length), runs of digits and Chinese numerals are read where they stand,
a unit is taken from right after or right before, and what is no amount (a year, a list number, a code) is kept and named,
so that the reader knows what it is and nothing is dropped silently. The unit of a list (A、B分别为1、2万元) is not
inherited here: that takes a sentence, and sentences are the reader's (`read.prose`).

`scan` is for running text: a bracketed number stays positive there. `parse_amount` is for one cell or one argument: it
takes the whole string or raises, and accounting brackets are a minus sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.money.amount import Amount, Precision
from budgetaudit.money.characters import folded
from budgetaudit.money.digits import Digits, digits_in
from budgetaudit.money.numerals import NUMERAL_CHARACTERS, parse_numeral
from budgetaudit.money.occasions import Kind, occasion
from budgetaudit.money.separators import separators
from budgetaudit.money.unit import NUMBER, PERCENT, Unit
from budgetaudit.money.unit_names import UnitMatch, money_before, parse_unit, unit_after


@dataclass(frozen=True, slots=True)
class Scanned:
    """A number found in text.

    Attributes:
        amount: Its value; None where it is no number one could add (a chain 1.2.3, broken grouping).
        start, end: The number itself with its sign, without its unit; code points of the text as given.
        kind: `amount`, or what it is instead.
        unit_start, unit_end: The unit's characters; None if no unit stands at the number.
    """

    amount: Amount | None
    start: int
    end: int
    kind: Kind = "amount"
    unit_start: int | None = None
    unit_end: int | None = None


_MINUS: Final = "-−﹣–负△▲"
_ABOUT_BEFORE: Final = re.compile(
    r"(?:(?<![节集合签违契公预制条])约|大约|约为|约占|超过|不到|将近|接近|(?<![最附临邻亲远靠])近|逾|不足|几乎)[ \t]?\Z"
)
_ABOUT_AFTER: Final = re.compile(r"[ \t]?(?:左右|上下|有余)")
_THRESHOLD: Final = re.compile(r"[ \t]?(?:\((?:不?含|含本数)\))?[ \t]?(?:\(?不?含\)?)?(?:[及或])?(?:以上|以下|以内|之内)")
_NUMERAL: Final = re.compile(f"[{NUMERAL_CHARACTERS}]++")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[!-~]++")


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
    matching = folded(text)
    found = [*_digit_numbers(matching, locale), *_chinese_numbers(matching)]
    found.sort(key=lambda number: number.start)
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    return [_spelled(number, text) for number in _outside(found, addresses)]


def _outside(found: list[Scanned], addresses: list[tuple[int, int]]) -> Iterator[Scanned]:
    """Numbers in web addresses are codes; both lists are in order."""
    at = 0
    for number in found:
        while at < len(addresses) and addresses[at][1] <= number.start:
            at += 1
        inside = at < len(addresses) and addresses[at][0] <= number.start
        yield Scanned(number.amount, number.start, number.end, "code") if inside else number


def _spelled(number: Scanned, text: str) -> Scanned:
    """The unit in the document's own spelling (萬元), not in that of the folded text."""
    amount = number.amount
    if amount is None or number.unit_start is None:
        return number
    spelling = "".join(text[number.unit_start : number.unit_end].split())
    if spelling == amount.unit.text:
        return number
    amount = Amount(amount.value, amount.places, amount.unit.spelled(spelling), amount.precision)
    return Scanned(amount, number.start, number.end, number.kind, number.unit_start, number.unit_end)


def _digit_numbers(text: str, locale: str) -> Iterator[Scanned]:
    covered = 0
    for number in digits_in(text, separators(locale)):
        if number.start >= covered:
            scanned = _digit_number(text, number)
            covered = scanned.end
            yield scanned


def _digit_number(text: str, number: Digits) -> Scanned:
    start, negative = _sign(text, number.start)
    before = money_before(text, start)
    after = unit_after(text, number.end)
    fraction = text[max(0, start - 3) : start] == "百分之"
    kind = occasion(text, number, unit=after is not None or before is not None)
    if kind is not None or number.value is None:
        amount = None if number.value is None else Amount(number.value, number.places)
        return Scanned(amount, number.start, number.end, kind or "other")
    unit, span = _unit(before, after)
    if fraction:
        unit, span = PERCENT.spelled("百分之"), (start - 3, start)
    end = span[1] if span and span[1] > number.end else number.end
    about = (after is not None and after.approximate) or bool(
        _ABOUT_BEFORE.search(text, max(0, start - 4), start) or _ABOUT_AFTER.match(text, end)
    )
    precision: Precision = "approximate" if about else "printed"
    kind = _range_or_threshold(text, number, start, end)
    value = -number.value if negative else number.value
    unit_start, unit_end = span or (None, None)
    return Scanned(Amount(value, number.places, unit, precision), start, number.end, kind, unit_start, unit_end)


def _range_or_threshold(text: str, number: Digits, start: int, end: int) -> Kind:
    if _THRESHOLD.match(text, end):
        return "threshold"
    if re.match(r"[ \t]?[-−–—~～][ \t]?[0-9]", text[end : end + 4]) or re.search(
        r"[0-9%元万亿][ \t]?[-−–—~～][ \t]?\Z", text[max(0, start - 4) : start]
    ):
        return "range-part"
    return "amount"


def _unit(before: UnitMatch | None, after: UnitMatch | None) -> tuple[Unit, tuple[int, int] | None]:
    """The unit of a number between a currency (¥, RMB) and a scale or unit behind it."""
    if before is None:
        return (NUMBER, None) if after is None else (after.unit, (after.start, after.end))
    if after is None or after.unit.kind not in {"money", "number"}:
        return before.unit, (before.start, before.end)
    unit = Unit("money", before.unit.currency, after.unit.scale, text=after.unit.text)
    return unit, (after.start, after.end)


def _sign(text: str, start: int) -> tuple[int, bool]:
    """Where the number starts with its sign, and whether the sign is a minus; a range or code hyphen is no sign."""
    if start == 0:
        return start, False
    sign = text[start - 1]
    previous = text[start - 2] if start > 1 else ""
    joins = previous.isascii() and (previous.isalnum() or previous in "-)%") or previous in "元万亿—–年月日号"
    if sign in "-−﹣–" and not (previous and joins):
        return start - 1, True
    if sign in "负△▲":
        return start - 1, True
    if sign == "+" and not (previous and joins):
        return start - 1, False
    return start, False


def _chinese_numbers(text: str) -> Iterator[Scanned]:
    """Chinese numerals with a unit: 六百七十七点四一万元, 三个, 百分之五."""
    for found in _NUMERAL.finditer(text):
        yield from _chinese_number(text, found.start(), found.end())


def _chinese_number(text: str, start: int, end: int) -> Iterator[Scanned]:
    if end - start > 40 or text[max(0, start - 1) : start].isdigit():
        return
    previous = text[max(0, start - 1) : start]
    word = text[start:end]
    if previous == "第" or (previous == "(" and text[end : end + 1] == ")"):
        yield Scanned(None, start, end, "ordinal")
        return
    if text[end : end + 1] == "、" and (not previous or previous in "\n。 　|"):
        yield Scanned(None, start, end, "ordinal")
        return
    if len(word) == 4 and text[end : end + 1] == "年":
        yield Scanned(None, start, end, "year")
        return
    if text[max(0, start - 3) : start] == "百分之":
        numeral = parse_numeral(word)
        if numeral:
            yield Scanned(Amount(numeral.value, numeral.places, PERCENT.spelled("百分之")), start, end, "amount", start - 3, start)
        return
    # 五百万元: the last 万 belongs to the unit.
    digits_end = end
    while digits_end > start and text[digits_end - 1] in "万亿":
        digits_end -= 1
    numeral = parse_numeral(text[start:digits_end])
    if numeral is None or previous in "数几":
        return
    unit = unit_after(text, digits_end, broken=False)
    if unit is None or unit.unit.kind == "number" or unit.start != digits_end:
        return
    if word == "一" and unit.unit.counter in {"起", "条", "度", "些", "种", "类", "层", "对", "站", "部", "期", "处", "村", "家", "点"}:
        return
    about = unit.approximate or bool(_ABOUT_BEFORE.search(text, max(0, start - 4), start) or _ABOUT_AFTER.match(text, unit.end))
    precision: Precision = "approximate" if about else "printed"
    kind: Kind = "threshold" if _THRESHOLD.match(text, unit.end) else "amount"
    yield Scanned(Amount(numeral.value, numeral.places, unit.unit, precision), start, digits_end, kind, unit.start, unit.end)


def parse_amount(text: str, *, unit: str | Unit | None = None, locale: str | None = None) -> Amount:
    """One whole string as an amount: `677.41万元`, `(1,234.5)`, `６７７．４１`, `-5%`.

    Args:
        text: The number with an optional sign or accounting brackets and an optional unit.
        unit: The unit if the text has none (a name such as 万元, or a `Unit`).
        locale: Whose separators; `zh` if not given.

    Raises:
        BudgetAuditError: The text is not one number, or its grouping does not fit the locale.
    """
    given = parse_unit(unit) if isinstance(unit, str) else unit
    if unit is not None and given is None:
        raise BudgetAuditError(f"{unit!r} is no unit", hint="write 万元, yuan, USD, %, 辆 or pass a Unit")
    matching = folded(text).strip()
    negative = False
    if matching.startswith("(") and ")" in matching:
        matching, negative = matching.replace("(", "", 1).replace(")", "", 1), True
    found = scan(matching, locale=locale or "zh")
    if len(found) != 1 or found[0].amount is None:
        raise BudgetAuditError(f"{text!r} is not one amount", hint="write a number such as 677.41, 1,234.5 or 677.41万元")
    amount = found[0].amount
    value = Decimal(-amount.value) if negative else amount.value
    own = amount.unit if found[0].unit_start is not None else given or NUMBER
    return Amount(value, amount.places, own, amount.precision)
