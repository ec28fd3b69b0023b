"""Characters: the same text in the form that patterns are written for, every character in its old place.

Chinese documents mix full-width and half-width digits and commas, and traditional and simplified characters, often in
one line. Patterns match the folded text; places (`start`, `end`) hold in the original, because folding replaces single
characters by single characters and never adds or drops one. That is why this is not NFKC, which turns ㎡ into m2 and ①
into 1. Folded text is for matching only: what is shown to a reader is always cut from the original.

Signs are left alone here: whether `-`, `−` or `△` makes a number negative is decided where numbers are read (`scan`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTHS: Final[dict[int, int]] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # ！ to ～: full-width ASCII
    0x3000: 0x20,  # ideographic space
    0xFFE0: 0xA2,  # ￠
    0xFFE1: 0xA3,  # ￡
    0xFFE5: 0xA5,  # ￥
    0xFE50: 0x2C,  # ﹐
    0xFE52: 0x2E,  # ﹒
    0xFE6A: 0x25,  # ﹪
}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def half_width(text: str) -> str:
    """Full-width digits, letters, punctuation and spaces as their half-width twins; the length stays.

    >>> half_width("（６７７．４１％）")
    '(677.41%)'
    """
    return text if text.isascii() else text.translate(_WIDTHS)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones (OpenCC `t2s`); the length stays, so places hold.

    >>> simplified("部門整體支出")
    '部门整体支出'
    """
    if text.isascii():
        return text
    converted = _converted(text)
    if len(converted) == len(text):
        return converted
    # OpenCC promises no equal length for whole phrases: narrow the unequal part down to lines, then to characters.
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        return "".join(simplified(line) for line in lines)
    return "".join(_one_simplified(character) for character in text)


def folded(text: str) -> str:
    """The form that patterns and label tables are written for: half-width and simplified; the length stays.

    >>> folded("年度預算金額：６７７．４１萬元")
    '年度预算金额:677.41万元'
    """
    return simplified(half_width(text))


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # 15 ms, and only Chinese text needs it

    converter = cast("Any", OpenCC("t2s"))  # opencc ships no types
    return cast("Callable[[str], str]", converter.convert)


def _converted(text: str) -> str:
    try:
        return _converter()(text)
    except UnicodeEncodeError:  # half of a surrogate pair, as broken files hold: no character anybody could simplify
        return _converter()(_SURROGATE.sub("\ufffd", text))


@lru_cache(maxsize=8192)
def _one_simplified(character: str) -> str:
    converted = _converted(character)
    return converted if len(converted) == 1 else character
