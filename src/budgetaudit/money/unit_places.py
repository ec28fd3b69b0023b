"""Unit places: the unit that stands right behind a number in running text, or the currency right before it.

Behind a number the longest name of the tables counts, spaces and a line break inside it (万⏎元) are skipped, and a unit of
money or percent may stand on the next line. A counter may not: it must stand on the line of its number and must not be the
beginning of another word (12 人员经费 is no twelve persons). What is found is spelled as in the document.

All look-ups reach at most a few dozen characters: what stands farther away is no unit of this number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import (
    BARE_SCALES,
    BASES,
    LETTER_SCALES,
    MONEY_PREFIXES,
    MONEY_SIGNS,
    SCALES,
    chinese_unit,
    english_unit,
    money_sign,
)

# How a word goes on that only begins like a unit: 人 in 人员, 项 in 项目 (but not in 3项目标), 元 in 元旦, 成 in 成本.
_OTHER_WORDS: Final[dict[str, re.Pattern[str]]] = {
    unit: re.compile(ending)
    for unit, ending in {
        "人": "[员民均大才事力社防工口代身保寿居]", "名": "[称单录誉义]", "位": "[于置数]", "户": "[籍口外]",
        "个": "[体税别]|人(?:所得|账户|和家庭|住房)", "家": "[庭长属畜具电校里]", "台": "[账湾风阶词]", "项": "目(?![标录])",
        "件": "均", "次": "[月日年数性要]", "批": "[准复示评发]", "年": "[度初末底终报检代级鉴]", "周": "[边期年转]", "天": "[然津空气府]",
        "分": "[别类为析配布项值期解数之步工管公局支行会红享院包条段担歧]", "平方": "[米公千]", "立方": "米", "米": "[粉饭]",
        "升": "[级学值高温]", "度": "[假汛]", "册": "子", "本": "[年级部单期次月季市区县省身科着院局中校轮机项报]",
        "期": "[末初间限货刊]", "场": "[所馆地景]", "条": "[件款例目]", "篇": "[幅章]", "字": "[第样典号]", "页": "码",
        "节": "[约能日假余]", "堂": "食", "处": "[室理置级长罚方]", "座": "谈", "所": "[有需得在属以长]", "例": "[如外]",
        "起": "[草步点来]", "只": "[有是要能]", "头": "部", "支": "[出付撑持援部委队行]", "张": "贴", "幅": "度", "块": "链", "片": "区",
        "面": "[积向对临试]", "道": "路", "封": "[闭顶]", "通": "[过知用报讯信畅]", "部": "[门分队级委署长]", "口": "[径岸腔头粮]",
        "根": "[据本]", "组": "[织成长建]", "队": "[伍员]", "班": "[子级]", "届": "[时满]", "笔": "[者试记录]", "单": "[位价项独个列一]",
        "票": "据", "层": "[级面次]", "床": "位", "类": "[别型似]", "种": "[植子类]", "门": "[户类诊牌]", "站": "[在长]",
        "村": "[级庄民委居两]", "镇": "[级区政域]", "乡": "[级镇村政]", "县": "[级区政委属直城域]", "市": "[场级区政委属直本民县域容]",
        "院": "[长校]", "校": "[园长舍车]", "厂": "[房区]", "店": "铺", "箱": "体", "包": "[括含装干]", "卷": "宗", "盒": "饭", "针": "对",
        "轮": "[训岗换椅]", "集": "[中团体镇]", "元": "[旦宵月]", "成": "[员立本果功为绩长就交都人年分品套]",
    }.items()
}  # fmt: skip


class UnitMatch(NamedTuple):
    """A unit found at a place: where it starts and ends, and whether 余, 多 or 几 stands inside it (5万余元)."""

    unit: Unit
    start: int
    end: int
    approximate: bool = False


class _Name(NamedTuple):
    """A name read from letters: `name` as in the tables (余 left out), its last part, where it ends, whether 余 is in it."""

    name: str
    base: str
    end: int
    approximate: bool


def _by_first_letter(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names under their first character, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        found.setdefault(name[0], []).append(name)
    return {letter: tuple(group) for letter, group in found.items()}


_MORE: Final = frozenset("余多几")
_MORE_SPELLED: Final = frozenset("余餘多几幾")
_NAMES: Final = _by_first_letter(BASES)
_SCALES: Final = _by_first_letter(SCALES)
# Beginnings of longer names: only these can be interrupted by white space (个⏎百分点, 万⏎元).
_BEGINNINGS: Final = frozenset(
    name[:length] for name in (*BASES, *SCALES) for length in range(1, len(name))
) | frozenset(SCALES)
# A unit begins with one of these; most characters behind a number are none.
_FIRST: Final = frozenset((*_NAMES, *_SCALES, *_MORE))
_ENGLISH_FIRST: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$'€£₹¥")
_WORDS: Final = re.compile(r"[^\s,;:()|\u2e80-\uffff]++(?:[ \t]++[^\s,;:()|\u2e80-\uffff]++){0,3}+")
_BLANK: Final = re.compile(r"\s{1,120}")
_LETTERS: Final = 12  # the longest name with scale, 余 and brackets
_MONEY_LAST: Final = frozenset(name[-1] for name in (*MONEY_SIGNS, *MONEY_PREFIXES)) | frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def unit_after(text: str, place: int, spelling: str | None = None) -> UnitMatch | None:
    """The unit that starts at `place` of folded text, after white space and line breaks.

    `spelling` is the text before folding, for `Unit.text`.
    """
    letter = text[place : place + 1]
    at = place
    if letter.isspace():
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        letter = text[at : at + 1]
    if letter in _FIRST:
        found = _chinese_after(text, place, at)
        if found is not None:
            return found if spelling is None else _spelled(found, spelling)
    if letter in _ENGLISH_FIRST and "\n" not in text[place:at]:
        return _english_after(text, at)
    return None


def _spelled(found: UnitMatch, spelling: str) -> UnitMatch:
    written = spelling[found.start : found.end]
    if written == found.unit.text:
        return found
    written = "".join(letter for letter in written if letter not in _MORE_SPELLED and not letter.isspace())
    return found._replace(unit=_respelled(found.unit.text, written))


@lru_cache(maxsize=4096)
def _respelled(name: str, spelling: str) -> Unit:
    unit = chinese_unit(name)
    assert unit is not None
    return unit.spelled(spelling)


def _chinese_after(text: str, place: int, at: int) -> UnitMatch | None:
    """The longest name at `at`; where white space interrupts it, it is read from the letters alone."""
    found = _longest(text, at)
    stop = found.end if found else at + 1
    if text[stop : stop + 1].isspace() and (text[at:stop] in _BEGINNINGS or text[at] in _MORE):
        letters, places = _letters(text, at)
        across = _longest(letters, 0)
        if across is not None and (found is None or across.end > stop - at):
            found = across._replace(end=places[across.end - 1] + 1)
    if found is None or _begins_another_word(text, found):
        return None
    unit = chinese_unit(found.name)
    assert unit is not None
    if "\n" in text[place : found.end]:
        breaks = text.count("\n", place, at)
        strong = unit.kind == "percent" or (unit.kind == "money" and unit.scale > 1)
        if unit.kind in {"count", "number"} or found.name == "成" or (breaks > 1 and not strong):
            return None
    return UnitMatch(unit, at + (text[at] in _MORE), found.end, found.approximate)


def _letters(text: str, at: int) -> tuple[str, list[int]]:
    """The next characters that are not white space, with their places, across one line break and few spaces."""
    places: list[int] = []
    spaces = breaks = 0
    for place in range(at, min(at + 60, len(text))):
        if text[place] == "\n":
            breaks += 1
            spaces = 0
        elif text[place].isspace():
            spaces += 1
        else:
            places.append(place)
        if breaks > 1 or spaces > (40 if breaks else 4) or len(places) == _LETTERS:
            break
    return "".join(text[place] for place in places), places


def _longest(text: str, at: int) -> _Name | None:
    """The longest unit in unbroken characters: [余] [scale] [余] base, or a scale that may stand alone."""
    more = text[at : at + 1] in _MORE
    start = at + more
    base = _base_at(text, start)
    best = _Name(base, base, start + len(base), more) if base else None
    for scale in _SCALES.get(text[start : start + 1], ()):
        if not text.startswith(scale, start):
            continue
        after = start + len(scale)
        vague = text[after : after + 1] in _MORE
        base = _base_at(text, after + vague)
        end = after + vague + len(base)
        if base and (best is None or end > best.end) and chinese_unit(scale + base) is not None:
            best = _Name(scale + base, base, end, more or vague)
        elif best is None and scale in BARE_SCALES:
            best = _Name(scale, "", after + vague, more or vague)
    return best


def _base_at(text: str, at: int) -> str:
    for name in _NAMES.get(text[at : at + 1], ()):
        if text.startswith(name, at):
            after = at + len(name)
            if text[after : after + 1] == "(":  # 台(套)
                for length in (2, 3):
                    either = text[at : after + length + 1]
                    if either[-1] == ")" and chinese_unit(either) is not None:
                        return either
            return name
    return ""


def _begins_another_word(text: str, found: _Name) -> bool:
    following = text[found.end : found.end + 1]
    if not following:
        return False
    if found.name.isascii() and found.name[-1].isalnum():
        return following.isascii() and following.isalnum()
    other = _OTHER_WORDS.get(found.base)
    return other is not None and other.match(text, found.end) is not None


def _english_after(text: str, start: int) -> UnitMatch | None:
    """The longest run of up to four words that names a unit."""
    words = _WORDS.match(text, start, start + 48)
    name = words[0] if words else ""
    while name:
        unit = english_unit(" ".join(name.rstrip(".").split()))
        if unit is not None:
            name = name.rstrip(".")
            return UnitMatch(unit.spelled(name), start, start + len(name))
        name = name.rpartition(" ")[0].rstrip()
    return None


def letter_scale_after(text: str, place: int) -> UnitMatch | None:
    """The single letter that scales an amount behind its currency sign: £5m; it must touch the number and end the word."""
    scale = LETTER_SCALES.get(text[place : place + 1].lower())
    following = text[place + 1 : place + 2]
    if scale is None or (following.isascii() and following.isalnum()):
        return None
    return UnitMatch(Unit("number", scale=Fraction(scale), text=text[place]), place, place + 1)


def money_before(text: str, place: int) -> UnitMatch | None:
    """The currency that ends at `place` of folded text: ¥, US$, RMB, 人民币, EUR; spaces may stand between."""
    end = place
    while end > 0 and place - end < 2 and text[end - 1] in " \t\u00a0":
        end -= 1
    if end == 0 or text[end - 1] not in _MONEY_LAST:
        return None
    for length in (4, 3, 2, 1):
        start = end - length
        if start < 0:
            continue
        unit = _currency(text[start:end])
        joined = start > 0 and text[start].isalpha() and text[start - 1].isascii() and text[start - 1].isalnum()
        if unit is not None and not joined:
            return UnitMatch(unit, start, end)
    return None


@lru_cache(maxsize=1024)
def _currency(name: str) -> Unit | None:
    currency = MONEY_PREFIXES.get(name) or MONEY_SIGNS.get(name)
    if currency is None and len(name) == 3 and name.isascii() and name.isupper() and name.isalpha():
        currency = money_sign(name)
    return None if currency is None else Unit("money", currency, text=name)
