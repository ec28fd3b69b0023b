"""Neighbours: numbers that only together are one, and numbers that stand in the way of another.

Two neighbours are one number where nothing else makes sense: 1亿2345万元, 三元五角, and 276⏎64.22万元 where the page broke a
sentence inside its figure. A page number between a figure and its unit, or a list number before a figure, is recognised by
the figure beside it. Everything here looks at two numbers and a bounded stretch of text around them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from budgetaudit.money.amount import Amount, signed
from budgetaudit.money.digits import digits_in, opens_item
from budgetaudit.money.scanned import Scanned
from budgetaudit.money.separators import Separators

_DIGIT: Final = re.compile(r"[0-9]")
_SIGNS: Final = "+-−﹣–负△▲"


def touches(first: Scanned, second: Scanned, text: str) -> bool:
    """Whether nothing stands between two numbers but the unit of the first, or blanks and line breaks."""
    if first.unit_end is not None:
        behind = max(first.end, first.unit_end)
        # 25 億 3,947 萬元: blanks around every scale
        spaced = text[first.end] == text[behind : behind + 1] == " " and second.unit_end is not None
        return second.start == behind + (spaced and first.amount is not None and first.amount.unit.kind == "number")
    return second.unit_start is not None and text[first.end : second.start].isspace()


def append_neighbour(found: list[Scanned], number: Scanned, text: str, marks: Separators) -> None:
    """Put a number behind its neighbour: as part of it, or beside it when one of the two is a list or page number."""
    first = found[-1]
    if first.unit_end is not None:
        joined = _composed(first, number)
    elif _is_alone(number, text) and first.amount is not None and number.amount is not None and first.kind == "amount":
        # A page number parts a figure from its unit: 11700.63⏎9⏎万元.
        amount = Amount(first.amount.value, first.amount.places, number.amount.unit, first.amount.precision)
        found[-1] = Scanned(amount, first.start, first.end, first.kind, number.unit_start, number.unit_end)
        number, joined = Scanned(Amount(number.amount.value, 0), number.start, number.end, "other"), None
    elif _is_alone(first, text):
        # A page number inside a sentence (增长⏎9⏎8.28%。); a number alone before another one alone is a column of a table.
        goes_on = number.unit_end is not None and text[number.unit_end : number.unit_end + 1] not in {"", "\n", "\r"}
        before = text[max(0, first.start - 100) : first.start].rstrip()[-1:]
        if first.kind == "amount" and goes_on and "\u4e00" <= before <= "\u9fff":
            found[-1] = Scanned(first.amount, first.start, first.end, "other")
        joined = None
    else:
        joined = _rejoined(first, number, text, marks)
        if joined is None and _is_row_number(first, text) and "\n" not in text[first.end : number.start]:
            found[-1] = Scanned(first.amount, first.start, first.end, "ordinal")
    if joined is None:
        found.append(number)
    else:
        found[-1] = joined


def _is_alone(number: Scanned, text: str) -> bool:
    """Whether a whole number of at most three digits stands alone on its line."""
    if number.end - number.start > 3 or not text[number.start : number.end].isdecimal():
        return False
    before, after = number.start - 1, number.end
    while before >= 0 and text[before] in " \t\f\r" and number.start - before < 100:
        before -= 1
    while after < len(text) and text[after] in " \t\f\r" and after - number.end < 100:
        after += 1
    return (before < 0 or text[before] == "\n") and (after == len(text) or text[after] == "\n")


def _is_row_number(number: Scanned, text: str) -> bool:
    """Whether a number that is followed by a figure with its unit is a list number: `4 1269.3万元` at the start of a line."""
    short = number.end - number.start <= 2 and text[number.start : number.end].isdecimal()
    return short and number.kind == "amount" and opens_item(text, number.start)


def _composed(first: Scanned, second: Scanned) -> Scanned | None:
    """1亿2345万元, 5万2000元, 三元五角二分: whole numbers in falling units, counted in the last but for 角 and 分."""
    a, b = first.amount, second.amount
    if a is None or b is None or first.kind != "amount" or second.kind not in {"amount", "threshold"} or b.value < 0:
        return None
    small = {"角": 1, "分": 2}.get(b.unit.text, 0)
    yuan = a.unit.currency == "CNY" and a.unit.scale == 1
    if yuan and a.places < small and b.places == 0 and b.value < 10:
        point = "." if a.places == 0 else ""
        value = Decimal(f"{a.value:f}{point}{'0' * (small - 1 - a.places)}{b.value:f}")
        return Scanned(
            Amount(value, small, a.unit, a.precision),
            first.start,
            second.unit_end or second.end,
            "amount",
            first.unit_start,
            first.unit_end,
        )
    if a.unit.kind != "number" or a.places or b.unit.kind not in {"money", "number"}:
        return None
    ratio = a.unit.scale / b.unit.scale
    if ratio <= 1 or b.value >= ratio:
        return None
    scaled = abs(int(a.value)) * int(ratio) * 10**b.places + int(Fraction(b.value) * 10**b.places)
    value = Decimal((int(a.value < 0), tuple(map(int, str(scaled))), -b.places))
    return Scanned(
        Amount(value, b.places, b.unit, b.precision),
        first.start,
        second.end,
        second.kind,
        second.unit_start,
        second.unit_end,
    )


def _rejoined(first: Scanned, second: Scanned, text: str, marks: Separators) -> Scanned | None:
    """A figure that the page broke inside a sentence: 276⏎64.22万元. A sentence stands before it and a strong unit behind."""
    a, b = first.amount, second.amount
    if (
        a is None
        or b is None
        or first.kind != "amount"
        or second.kind != "amount"
        or b.value < 0
        or a.precision != "printed"
    ):
        return None
    if b.unit.kind not in {"money", "percent"} or text[first.end : second.start].lstrip(" \r") != "\n":
        return None
    line = text[max(0, first.start - 40) : first.start].rpartition("\n")[2].rstrip(" ")
    if len(line) < 8 or not "\u4e00" <= line[-1] <= "\u9fff":
        return None
    written = text[first.start : first.end].lstrip(_SIGNS) + text[second.start : second.end]
    numbers = list(digits_in(written, 0, len(written), marks)) if _DIGIT.match(written) else []
    if len(numbers) != 1 or numbers[0].value is None or numbers[0].end != len(written) or (a.places and b.places):
        return None
    value = signed(numbers[0].value, negative=a.value < 0)
    amount = Amount(value, numbers[0].places, b.unit, b.precision)
    return Scanned(amount, first.start, second.end, second.kind, second.unit_start, second.unit_end)
