"""Unit names: which characters spell which unit.

A unit in a document is a scale and a base (亿 + 元, 万 + 人次, million + dollars), a percent sign, or a currency sign. Names
are tables; reading one is the longest match in a table, never a pattern. The tables hold simplified characters, `Unit.text`
keeps the spelling of the document. Where in running text a unit stands is the business of `unit_places`.

元 is the yuan: the word alone does not say which 元, and a document of another currency names it (港元, 新台币千元) or its
reader says so. 分 is a score (95分); the hundredth of a yuan it is only behind 角 (三元五角二分), which `scan` sees.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

from budgetaudit.money.characters import folded
from budgetaudit.money.unit import MULTIPLE, PERCENT, POINTS, Unit

SCALES: Final[dict[str, int]] = {
    "十": 10, "百": 10**2, "千": 10**3, "仟": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "仟万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12, "兆": 10**12,
}  # fmt: skip
# Scales that stand alone behind a number: 5万, 3.2亿. 5百 is not written so.
BARE_SCALES: Final = frozenset(SCALES) - {"十", "百", "千", "仟"}
_ENGLISH_SCALES: Final[dict[str, int]] = {
    "hundred": 10**2, "thousand": 10**3, "thousands": 10**3, "million": 10**6, "millions": 10**6, "billion": 10**9,
    "billions": 10**9, "trillion": 10**12, "trillions": 10**12, "lakh": 10**5, "lakhs": 10**5, "lac": 10**5,
    "crore": 10**7, "crores": 10**7, "mn": 10**6, "mln": 10**6, "mio": 10**6, "mrd": 10**9, "bn": 10**9, "bln": 10**9, "tn": 10**12,
    "'000": 10**3, "'000s": 10**3, "000s": 10**3,
}  # fmt: skip
# Letters that scale an amount only between a currency sign and the end of the word: £5m.
LETTER_SCALES: Final[dict[str, int]] = {"k": 10**3, "m": 10**6, "b": 10**9}

_MONEY_WORDS: Final[dict[str, str]] = {
    "元": "CNY", "圆": "CNY", "元人民币": "CNY", "人民币": "CNY", "人民币元": "CNY", "港元": "HKD", "港币": "HKD",
    "元港币": "HKD", "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "日圆": "JPY",
    "韩元": "KRW", "澳元": "AUD", "加元": "CAD", "加拿大元": "CAD", "澳大利亚元": "AUD", "新加坡元": "SGD", "新元": "SGD",
    "新台币": "TWD", "新台币元": "TWD", "元新台币": "TWD", "台币": "TWD", "澳门元": "MOP", "卢布": "RUB", "瑞士法郎": "CHF",
    "卢比": "INR",
}  # fmt: skip
MONEY_PREFIXES: Final[dict[str, str]] = {"人民币": "CNY", "新台币": "TWD", "港币": "HKD", "美金": "USD"}
_ENGLISH_MONEY: Final[dict[str, str]] = {
    "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "rmb yuan": "CNY", "yuan rmb": "CNY", "dollar": "USD",
    "dollars": "USD", "us dollars": "USD", "u.s dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP",
    "pounds sterling": "GBP", "sterling": "GBP", "yen": "JPY", "rupees": "INR", "rupee": "INR", "francs": "CHF",
    "hong kong dollars": "HKD", "nt dollars": "TWD",
}  # fmt: skip
MONEY_SIGNS: Final[dict[str, str]] = {
    "¥": "CNY", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "$": "USD",
    "€": "EUR", "£": "GBP", "₹": "INR", "RMB": "CNY", "RMB¥": "CNY", "Rs.": "INR", "Rs": "INR",
}  # fmt: skip

_COUNTER_WORDS: Final = """
    人 名 位 户 个 家 辆 台 套 项 件 次 批 批次 人次 户次 家次 件次 项次 辆次 车次 架次 班次 场次 剂次 人天 人年 人日 人份
    年 个月 周 天 小时 分钟 学时 课时 学年 岁 分 平方米 平方公里 平方千米 平方 立方米 立方 ㎡ m² ㎞ ㎏ 公里 千米 米 厘米 毫米 海里
    亩 公顷 公斤 千克 斤 吨 升 度 千瓦时 千瓦 兆瓦 份 册 本 期 场 轮 条 篇 字 页 集 节 堂 处 座 间 所 宗 例 起 只 头 尾 羽 桶
    支 张 幅 块 片 面 道 封 通 部 艘 架 株 棵 口 盏 根 组 队 班 届 笔 单 票 栋 幢 层 床 张床 类 种 门 站 站点 标段 村 镇 乡 县 市
    院 校 厂 店 颗 粒 箱 袋 瓶 盒 包 卷 枚 剂 针 km m cm mm kg kW MW kWh GB TB
"""
_COUNTERS: Final = frozenset(_COUNTER_WORDS.split())
_FIXED: Final[dict[str, Unit]] = {
    "%": PERCENT, "百分比": PERCENT, "‰": Unit("percent", None, Fraction(1, 10)), "成": Unit("percent", None, Fraction(10)),
    "个百分点": POINTS, "百分点": POINTS, "pp": POINTS, "倍": MULTIPLE, "角": Unit("money", "CNY", Fraction(1, 10)),
}  # fmt: skip
# Fractions are read from the left: 百分之五.
FRACTIONS: Final[dict[str, Unit]] = {
    "百分之": PERCENT, "千分之": Unit("percent", None, Fraction(1, 10)), "万分之": Unit("percent", None, Fraction(1, 100)),
}  # fmt: skip

# Spellings of one measure.
_SAME_MEASURE: Final[dict[str, str]] = {
    "㎡": "平方米", "m²": "平方米", "平方": "平方米", "平方千米": "平方公里", "立方": "立方米", "㎞": "公里", "km": "公里", "千米": "公里",
    "㎏": "公斤", "kg": "公斤", "千克": "公斤", "kW": "千瓦", "MW": "兆瓦", "kWh": "千瓦时", "m": "米", "cm": "厘米", "mm": "毫米",
}  # fmt: skip

BASES: Final[dict[str, Unit]] = {
    **{counter: Unit("count", counter=_SAME_MEASURE.get(counter, counter)) for counter in _COUNTERS},
    **{word: Unit("money", currency) for word, currency in _MONEY_WORDS.items()},
    **_FIXED,
}
_EITHER: Final = re.compile(r"(\w{1,3})(?:\((\w{1,3})\)|/(\w{1,3}))")


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
    matching = folded(text)
    name = "".join(matching.split()).removeprefix("单位:")
    name = name.removeprefix("(").removesuffix(")") if name.startswith("(") else name
    found = chinese_unit(name) or english_unit(" ".join(matching.split()))
    return None if found is None else found.spelled(text.strip())


@lru_cache(maxsize=4096)
def chinese_unit(name: str) -> Unit | None:
    """A unit by its whole name in simplified, half-width characters without white space; the name is its text."""
    unit = FRACTIONS.get(name) or _scaled_base(name.removesuffix("(人民币)")) or _named_currency(name)
    return None if unit is None else unit.spelled(name)


def _scaled_base(name: str) -> Unit | None:
    whole = _base(name)
    if whole is not None:
        return whole
    for length in (2, 1):
        scale, base = name[:length], _base(name[length:])
        if scale in SCALES and len(name) == length:
            return Unit("number", scale=Fraction(SCALES[scale])) if scale in BARE_SCALES else None
        if (
            scale in SCALES
            and base is not None
            and (base.kind == "money" or (base.kind == "count" and base.counter != "分"))
        ):
            return Unit(base.kind, base.currency, SCALES[scale] * base.scale, base.counter)
    return None


def _named_currency(name: str) -> Unit | None:
    """新台币千元, 人民币:万元, 港币(百万)."""
    for prefix, currency in MONEY_PREFIXES.items():
        if name.startswith(prefix):
            rest = name.removeprefix(prefix).removeprefix(":").removeprefix("(").removesuffix(")")
            scale = 1 if rest == "元" else SCALES.get(rest.removesuffix("元"))
            return Unit("money", currency, Fraction(scale)) if scale else None
    return None


def _base(name: str) -> Unit | None:
    """A unit without scale: of the tables, or a counter and what may be counted instead (台(套), 批(次), 台/套)."""
    if name in BASES:
        return BASES[name]
    either = _EITHER.fullmatch(name)
    first, second = (either[1], either[2] or either[3]) if either else ("", "")
    if first not in _COUNTERS or (second not in _COUNTERS and first + second not in _COUNTERS):
        return None
    return Unit("count", counter=f"{first}({second})")


@lru_cache(maxsize=1024)
def english_unit(name: str) -> Unit | None:
    """A unit in English, by currency signs or by ISO code: `thousand yuan`, `US$ million`, `RMB'000`, `EUR`, `percent`."""
    lowered = name.lower().strip("()")
    if lowered in {"percent", "per cent", "pct"}:
        return PERCENT
    if lowered in {"percentage points", "percentage point"}:
        return POINTS
    words = [word.rstrip(".") for word in lowered.replace("'000", " '000").split()]
    scale = Fraction(1)
    rest: list[str] = []
    for word in words:
        if word in _ENGLISH_SCALES:
            scale *= _ENGLISH_SCALES[word]
        elif word not in {"in", "of"}:
            rest.append(word)
    base = " ".join(rest)
    if not base:
        return Unit("number", None, scale) if scale != 1 else None
    currency = _ENGLISH_MONEY.get(base) or money_sign(base.upper()) or money_sign(base.capitalize())
    return Unit("money", currency, scale) if currency else None


def money_sign(sign: str) -> str | None:
    """The ISO code a sign or code stands for: ¥, US$, RMB, CHF; None if it is no currency."""
    return MONEY_SIGNS.get(sign) or (sign if len(sign) == 3 and sign in iso_currencies() else None)


@lru_cache(maxsize=1)
def iso_currencies() -> frozenset[str]:
    """Every currency code that ISO 4217 knows or knew."""
    from babel.core import get_global  # Babel only when a code of three letters stands by a number

    return frozenset(get_global("all_currencies"))
