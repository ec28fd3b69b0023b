"""Unit names: which characters spell which unit.

A unit in a document is a scale and a base (亿 + 元, 万 + 人次, million + dollars), a percent sign, or a currency before
the number. Names are tables; reading one is the longest match in a table, never a pattern. White space and line breaks
inside a name (万⏎元) are skipped. The tables hold simplified characters, `Unit.text` keeps the spelling of the document.

元 is the yuan: the word alone does not say which 元, and a document of another currency names it (港元, 新台币千元) or its
reader says so. 分 is a score (95分), the hundredth of a yuan only in 三元五角二分.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from budgetaudit.money.characters import folded
from budgetaudit.money.unit import MULTIPLE, PERCENT, POINTS, Unit

SCALES: Final[dict[str, int]] = {
    "十": 10, "百": 10**2, "千": 10**3, "仟": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "仟万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_ENGLISH_SCALES: Final[dict[str, int]] = {
    "hundred": 10**2, "thousand": 10**3, "thousands": 10**3, "million": 10**6, "millions": 10**6, "billion": 10**9,
    "billions": 10**9, "trillion": 10**12, "trillions": 10**12, "lakh": 10**5, "lakhs": 10**5, "lac": 10**5,
    "crore": 10**7, "crores": 10**7, "mn": 10**6, "mln": 10**6, "bn": 10**9, "bln": 10**9, "tn": 10**12,
    "'000": 10**3, "'000s": 10**3, "000s": 10**3, "m": 10**6, "k": 10**3,
}  # fmt: skip
_MONEY_WORDS: Final[dict[str, str]] = {
    "元": "CNY", "圆": "CNY", "元人民币": "CNY", "人民币": "CNY", "人民币元": "CNY", "港元": "HKD", "港币": "HKD",
    "元港币": "HKD", "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "日圆": "JPY",
    "韩元": "KRW", "澳元": "AUD", "加元": "CAD", "加拿大元": "CAD", "澳大利亚元": "AUD", "新加坡元": "SGD", "新元": "SGD",
    "新台币": "TWD", "新台币元": "TWD", "元新台币": "TWD", "台币": "TWD", "澳门元": "MOP", "卢布": "RUB", "瑞士法郎": "CHF",
    "卢比": "INR",
}  # fmt: skip
_MONEY_PREFIXES: Final[dict[str, str]] = {"人民币": "CNY", "新台币": "TWD", "港币": "HKD", "美金": "USD"}
_ENGLISH_MONEY: Final[dict[str, str]] = {
    "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "rmb yuan": "CNY", "yuan rmb": "CNY", "dollar": "USD",
    "dollars": "USD", "us dollars": "USD", "u.s. dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP",
    "pounds sterling": "GBP", "sterling": "GBP", "yen": "JPY", "rupees": "INR", "rupee": "INR", "francs": "CHF",
    "hong kong dollars": "HKD", "nt dollars": "TWD",
}  # fmt: skip
_MONEY_SIGNS: Final[dict[str, str]] = {
    "¥": "CNY", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "$": "USD",
    "€": "EUR", "£": "GBP", "₹": "INR", "RMB": "CNY", "RMB¥": "CNY", "Rs.": "INR", "Rs": "INR",
}  # fmt: skip

_COUNTERS: Final = frozenset(
    "户 辆 批次 批 人次 人 名 个 个月 台 套 台(套) 台/套 家 项 件 次 平方米 平方公里 立方米 ㎡ m² 公里 千米 米 亩 公顷 份 册 本 期 场"
    " 场次 条 篇 处 座 间 所 宗 例 起 只 头 吨 公斤 千克 千瓦时 度 升 桶 支 张 幅 块 片 部 艘 架 株 棵 口 盏 根 对 双 组 队 班"
    " 届 位 天 周 小时 分钟 学时 课时 人天 人年 人日 分 笔 单 栋 幢 层 床 张床 车次 架次 班次 门 款 种 类 桩 点 站 站点 村 镇 县"
    " 市 省 国 校 院 厂 店 企 岗 颗 粒 箱 袋 瓶 盒 包 卷 枚 副 顶 把 辆次 户次 家次 件次 项次 岁".split()
)
# What a counter must not be the beginning of: 12 人员经费 is no twelve persons.
_NOT_BEFORE: Final[dict[str, str]] = {
    "人": "员民均大才事力社防工口代", "项": "目", "件": "均", "次": "月日年", "家": "庭长属", "名": "称单", "所": "有需得在属以",
    "台": "账", "场": "所馆地", "部": "门分队级委", "对": "个比于应口策账外照方", "单": "位价项独", "组": "织成", "班": "子",
    "队": "伍", "位": "于置", "本": "年级部单期次月季市区县省级身", "期": "末初间限", "处": "室理置级", "支": "出付撑持", "条": "件款例",
    "分": "别类为析配布项值期解数之步", "座": "谈", "点": "击", "张": "贴", "度": "假", "只": "有是要能", "头": "部", "口": "径",
    "门": "户类", "种": "类植子", "类": "别型似", "款": "项", "市": "场级区政委属直本民", "国": "家际内有防库", "县": "级区政委属直",
    "省": "级区政委属直内外", "村": "级庄民委", "镇": "级区政", "校": "园长", "院": "长校", "站": "在", "企": "业", "岗": "位",
    "包": "括含", "根": "据", "把": "握", "副": "", "片": "区", "块": "链", "层": "级面", "床": "位", "例": "如",
    "周": "边期", "天": "然", "起": "草", "批": "准复", "套": "餐", "个": "体人", "户": "籍", "册": "", "份": "额", "篇": "幅",
    "店": "", "米": "", "升": "级", "桶": "", "点": "击", "笔": "者", "幅": "度",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit found at a place: where it starts and ends, and whether 余, 多 or 几 stands inside it (5万余元)."""

    unit: Unit
    start: int
    end: int
    approximate: bool = False


def parse_unit(text: str) -> Unit | None:
    """The unit a whole string names, or None.

    >>> parse_unit("萬元").scale
    Fraction(10000, 1)
    >>> parse_unit("thousand yuan") == parse_unit("千元")
    True
    >>> parse_unit("辆").kind
    'count'
    >>> parse_unit("附件") is None
    True
    """
    name = "".join(folded(text).split()).removeprefix("单位:")
    name = name.removeprefix("(").removesuffix(")") if name.startswith("(") else name
    found = _chinese_unit(name) or _english_unit(" ".join(folded(text).split()))
    return None if found is None else found.spelled(text.strip())


@lru_cache(maxsize=4096)
def _chinese_unit(name: str) -> Unit | None:
    """A unit by its whole name without white space, simplified and half-width."""
    if name in _FIXED:
        return _FIXED[name]
    for prefix, currency in _MONEY_PREFIXES.items():
        rest = name.removeprefix(prefix).removeprefix(":").removeprefix("(").removesuffix(")")
        if name.startswith(prefix) and rest:
            scale = SCALES.get(rest.removesuffix("元"))
            if scale or rest == "元":
                return Unit("money", currency, Fraction(scale or 1))
    for length in (2, 1, 0):
        scale, base = name[:length], name[length:]
        if length and scale not in SCALES:
            continue
        times = Fraction(SCALES[scale] if length else 1)
        base = base.removesuffix("(人民币)")
        if base in _MONEY_WORDS:
            return Unit("money", _MONEY_WORDS[base], times)
        if base in _COUNTERS:
            return Unit("count", None, times, base)
        if length and not base and scale in {"万", "亿", "万亿", "百万", "千万"}:
            return Unit("number", None, times)
    return None


_FIXED: Final[dict[str, Unit]] = {
    "%": PERCENT, "百分之": PERCENT, "‰": Unit("percent", None, Fraction(1, 10)), "成": Unit("percent", None, Fraction(10)),
    "个百分点": POINTS, "百分点": POINTS, "pp": POINTS, "倍": MULTIPLE, "角": Unit("money", "CNY", Fraction(1, 10)),
    "千瓦时": Unit("count", None, Fraction(1), "千瓦时"), "千米": Unit("count", None, Fraction(1), "千米"),
    "千克": Unit("count", None, Fraction(1), "千克"),
}  # fmt: skip
_LONGEST: Final = 8


@lru_cache(maxsize=1024)
def _english_unit(name: str) -> Unit | None:
    """A unit in English, by currency signs or by ISO code: `thousand yuan`, `US$ million`, `RMB'000`, `EUR`, `percent`."""
    lowered = name.lower().strip("()")
    if lowered in {"percent", "per cent", "pct"}:
        return PERCENT
    if lowered in {"percentage points", "percentage point"}:
        return POINTS
    words = lowered.replace("'000", " '000").split()
    scale = Fraction(1)
    rest = []
    for word in words:
        if word in _ENGLISH_SCALES:
            scale *= _ENGLISH_SCALES[word]
        elif word not in {"in", "of"}:
            rest.append(word)
    base = " ".join(rest)
    if not base:
        return Unit("number", None, scale) if words and len(lowered) > 1 else None
    currency = _ENGLISH_MONEY.get(base) or money_sign(base.upper()) or money_sign(base)
    return Unit("money", currency, scale) if currency else None


def money_sign(sign: str) -> str | None:
    """The ISO code a sign or code stands for: ¥, US$, RMB, CHF; None if it is no currency."""
    return _MONEY_SIGNS.get(sign) or (sign if len(sign) == 3 and sign in iso_currencies() else None)


@lru_cache(maxsize=1)
def iso_currencies() -> frozenset[str]:
    from babel.core import get_global  # Babel only when a code of three letters stands by a number

    return frozenset(get_global("all_currencies"))


def unit_after(text: str, place: int, *, broken: bool = True) -> UnitMatch | None:
    """The unit that starts at `place` of folded text, after spaces and at most one line break.

    A counter must stand on the line of its number, and not begin another word (12 人员经费).
    """
    letters, places = _next_letters(text, place, broken)
    if not letters:
        return None
    approximate = letters[0] in "余多几" and len(letters) > 1
    return _chinese_after(text, letters, places, place, skip=1 if approximate else 0) or _english_after(text, places[0])


def _next_letters(text: str, place: int, broken: bool) -> tuple[str, list[int]]:
    """Up to ten characters that are not white space, with their places."""
    letters: list[str] = []
    places: list[int] = []
    breaks = spaces = 0
    for at in range(place, min(place + 24, len(text))):
        character = text[at]
        if character in "\r\n":
            breaks += character == "\n"
            if breaks > 1 or not broken:
                break
        elif character.isspace():
            spaces += 1
            if spaces > 4:
                break
        else:
            letters.append(character)
            places.append(at)
            if len(letters) == _LONGEST + 3:
                break
    return "".join(letters), places


def _chinese_after(text: str, letters: str, places: list[int], place: int, *, skip: int) -> UnitMatch | None:
    for length in range(min(_LONGEST, len(letters) - skip), 0, -1):
        name = letters[skip : skip + length]
        inner = next((modifier for modifier in "余多几" if modifier in name[1:]), "")
        unit = _chinese_unit(name.replace(inner, "", 1) if inner else name)
        if unit is None:
            continue
        end = places[skip + length - 1] + 1
        if unit.kind in {"count", "number"} or name == "成":
            between = text[place : places[skip]]
            if "\n" in between or "\n" in text[places[skip] : end]:
                continue
            following = letters[skip + length : skip + length + 1]
            if following and following in _NOT_BEFORE.get(name[-1] if unit.kind == "count" else "", ""):
                continue
            if name == "成" and following and following in "员立本果功为绩长就交都都人年分":
                continue
        return UnitMatch(unit.spelled(text[places[skip] : end]), places[skip], end, approximate=bool(skip or inner))
    return None


def _english_after(text: str, start: int) -> UnitMatch | None:
    """The longest run of up to four words that names a unit; a single m or k must touch the number."""
    if not (text[start].isascii() and (text[start].isalpha() or text[start] in "$'")) and text[start] not in "€£₹¥":
        return None
    window = text[start : start + 40]
    ends = []
    at = 0
    while at < len(window):
        while at < len(window) and not window[at].isspace() and window[at] not in ",;:()|" and ord(window[at]) < 0x2E80:
            at += 1
        ends.append(at)
        while at < len(window) and window[at] in " \t":
            at += 1
        if len(ends) == 4 or at == ends[-1]:
            break
    for end in reversed(ends):
        name = window[:end].rstrip(".")
        unit = _english_unit(" ".join(name.split())) if name else None
        if unit is not None:
            return UnitMatch(unit.spelled(name), start, start + len(name))
    return None


def money_before(text: str, place: int) -> UnitMatch | None:
    """The currency that ends at `place` of folded text: ¥, US$, RMB, 人民币, EUR; one space may stand between."""
    end = place
    while end > 0 and place - end < 2 and text[end - 1] in " \t\u00a0":
        end -= 1
    for length in (4, 3, 2, 1):
        start = end - length
        if start < 0:
            continue
        name = text[start:end]
        currency = _MONEY_PREFIXES.get(name) or _MONEY_SIGNS.get(name)
        if currency is None and length == 3 and name.isascii() and name.isupper() and name.isalpha():
            currency = money_sign(name)
        if currency is None or (name[0].isalpha() and start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()):
            continue
        return UnitMatch(Unit("money", currency, Fraction(1), text=name), start, end)
    return None


