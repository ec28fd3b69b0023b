"""Spelled-out numbers in running text: 六百七十七点四一万元, 三个, 百分之五, 第十二届.

A Chinese numeral is a figure only with a unit; most numerals of a text are parts of words (统一, 三公, 八项规定). So the rules are
strict: money, percent and a short list of counters, no bare 一 (an article: 一个中心) unless the words before it count, no
number that opens a quotation (“三项机制” is a name), and no set phrase of the table.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from budgetaudit.money.digits import opens_item
from budgetaudit.money.numerals import LARGE_POWERS, POINT, Numeral, parse_numeral
from budgetaudit.money.occasions import Kind
from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import FRACTIONS
from budgetaudit.money.unit_places import UnitMatch, unit_after

# Counters that a spelled-out number counts; with others it usually names or numbers (二处, 三期, 四级, 两院).
_COUNTED_WORDS: Final = "人 名 位 户 个 家 辆 台 套 项 件 次 批 批次 人次 户次 场次 个月 天 小时 份 篇 场 座 所 支 宗 例 间 栋 幢 角 分 岁 亩 吨 公里 平方米"
_COUNTED: Final = frozenset(_COUNTED_WORDS.split())
_SET_PHRASES: Final = (
    "八项规定", "六项禁令", "十项规定", "四个意识", "四个自信", "四个全面", "四个服从", "两个维护", "两个确立", "三个代表", "五个一", "一件事",
    "两个一百年", "三个务必", "三个年", "十分", "万分", "三件套", "三个区分", "四套班子", "五套班子", "六个统一",
)  # fmt: skip
_COUNTING: Final = frozenset("共为有计达增减少加置购量数")  # words before 一 that make it a count
_MEETING: Final = re.compile(r"次(?:会议|全会|全体|常委|党代|代表大会|人代)")
_QUOTES: Final = frozenset('“"「『‘')
_DATES: Final = frozenset("月日年")
_LONGEST: Final = 40


class Spelled(NamedTuple):
    """A spelled-out number: its value if it is an amount, its place (without 百分之), what it is, and its unit's match."""

    start: int
    end: int
    kind: Kind
    numeral: Numeral | None = None
    unit: UnitMatch | None = None


def spelled_number(text: str, start: int, end: int, spelling: str | None = None) -> Spelled | None:
    """What the numeral characters from `start` to `end` of folded text are; None if they are part of a word."""
    previous = text[start - 1] if start else ""
    if previous.isdigit() or end - start > _LONGEST:
        return None
    following = text[end : end + 1]
    if previous == "第" or (previous == "(" and following == ")") or (following == "、" and opens_item(text, start)):
        return Spelled(start, end, "ordinal")
    if following == "年" and end - start == 4:
        return Spelled(start, end, "year")
    fraction = FRACTIONS.get(text[max(0, start - 3) : start])
    if fraction is not None:
        return _share(text, start, end, fraction, spelling)
    if previous in {"数", "几", "上", "零"} or previous in _QUOTES or following in _DATES:
        return None
    digits_end, numeral = _without_scale(text, start, end)
    if numeral is None:
        return None
    unit = unit_after(text, digits_end, spelling)
    if unit is None or text[digits_end : unit.start] not in {"", "余", "多"} or "\n" in text[digits_end : unit.end]:
        return None
    return (
        Spelled(start, digits_end, "amount", numeral, unit) if _is_figure(text, start, digits_end, unit.unit) else None
    )


def _share(text: str, start: int, end: int, fraction: Unit, spelling: str | None) -> Spelled | None:
    word = text[start:end]
    numeral = parse_numeral(f"一{word}" if word in {"百", "千", "万"} else word)
    if numeral is None or text.startswith("分之", end):
        return None
    unit = fraction.spelled((spelling or text)[start - 3 : start])
    return Spelled(start, end, "amount", numeral, UnitMatch(unit, start - 3, start))


def _without_scale(text: str, start: int, end: int) -> tuple[int, Numeral | None]:
    """Where the digits end and the unit begins: the last 万 of 五百万元 is the unit's, that of 一亿五千万元 is not."""
    digits_end = end
    while digits_end > start and text[digits_end - 1] in LARGE_POWERS:
        digits_end -= 1
    numeral = parse_numeral(text[start:digits_end])
    inner = max((LARGE_POWERS[power] for power in text[start:digits_end] if power in LARGE_POWERS), default=0)
    if numeral is not None and (digits_end == end or inner < LARGE_POWERS[text[digits_end]]):
        return digits_end, numeral
    return end, parse_numeral(text[start:end])


def _is_figure(text: str, start: int, end: int, unit: Unit) -> bool:
    if unit.kind == "money" and unit.scale >= 1:
        return True
    if unit.kind == "number":  # 三点五万; 五万 alone is rarely more than a word
        return POINT in text[start:end]
    if unit.kind in {"points", "multiple"} or (unit.kind == "percent" and text[end] == "成"):
        return True
    if unit.kind == "money":  # 角
        return True
    if unit.kind != "count" or (unit.counter not in _COUNTED and unit.scale == 1):
        return False
    if _MEETING.match(text, end) or any(text.startswith(phrase, start) for phrase in _SET_PHRASES):
        return False
    return text[start:end] != "一" or (start > 0 and text[start - 1] in _COUNTING)
