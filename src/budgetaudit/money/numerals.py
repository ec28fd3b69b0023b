"""Chinese numerals: 一百二十三万四千五百, 六百七十七点四一, 陆佰柒拾柒万肆仟壹佰, 二〇一七.

A numeral is read in two steps: characters to (digit | power of ten), then one pass from the left that collects digits
below each 十百千 and closes a section at each 万 or 亿. Sections must fall (亿 before 万), a smaller 万亿 may follow a
digit. What the grammar does not allow is None, never a guess: 三五, 十百, 点五. The caller passes simplified characters
(`characters.folded`); units, signs and the question whether a 一 in running text is a number at all belong to `scan`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DIGITS: Final[dict[str, int]] = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **dict.fromkeys("〇○", 0),
    **dict.fromkeys("两", 2),
    **dict.fromkeys("弍", 2),
    **dict.fromkeys("参叄", 3),
}
SMALL_POWERS: Final[dict[str, int]] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE_POWERS: Final[dict[str, int]] = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_TENS: Final[dict[str, str]] = {"廿": "二十", "卅": "三十", "卌": "四十"}
POINT: Final = "点"

NUMERAL_CHARACTERS: Final = "".join((*DIGITS, *SMALL_POWERS, *LARGE_POWERS, *_TENS, POINT))


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral's value and the decimal places it was written with."""

    value: Decimal
    places: int


def parse_numeral(text: str) -> Numeral | None:
    """The value of a Chinese numeral in simplified characters, or None if it is none.

    >>> parse_numeral("一百二十三万四千五百")
    Numeral(value=Decimal('1234500'), places=0)
    >>> parse_numeral("六百七十七点四一")
    Numeral(value=Decimal('677.41'), places=2)
    >>> parse_numeral("二〇一七")
    Numeral(value=Decimal('2017'), places=0)
    >>> parse_numeral("三十四十") is None
    True
    """
    for short, long in _TENS.items():
        text = text.replace(short, long)
    whole, point, decimals = text.partition(POINT)
    if point and not (decimals and all(character in DIGITS for character in decimals)):
        return None
    value = _whole(whole)
    if value is None:
        return None
    digits = "".join(str(DIGITS[character]) for character in decimals)
    return Numeral(Decimal(f"{value}.{digits}") if digits else Decimal(value), len(digits))


def _whole(text: str) -> int | None:
    if not text:
        return None
    if all(character in DIGITS for character in text):
        # 二〇一七 is read digit by digit; 三五 ("three to five") is no number, a bare 三 and the 零五 of 三元零五分 are.
        row = "".join(str(DIGITS[character]) for character in text)
        return int(row) if len(row) != 2 or row[0] == "0" else None
    return _sections(text)


def _sections(text: str) -> int | None:
    """Value by place names. `section` is what stands below the next 万 or 亿, `digit` waits for its 十百千."""
    total = section = 0
    digit: int | None = None
    below_large, below_small = 10**13, 10**4
    for character in text:
        if character in DIGITS:
            if digit:
                return None
            digit = DIGITS[character]
        elif character in SMALL_POWERS:
            power = SMALL_POWERS[character]
            if power >= below_small or (not digit and power != 10):
                return None
            section += (digit or 1) * power
            digit, below_small = None, power
        else:
            power = LARGE_POWERS.get(character, 0)
            section += digit or 0
            if power == 10**8 and 0 < total < 10**8:
                total = (total + section) * power  # 三万五千亿: the sections so far count 亿
            elif section and 0 < power < below_large:
                total += section * power
            else:
                return None
            section, digit, below_large, below_small = 0, None, power, 10**4
    return total + section + (digit or 0) * _implied_power(text)


def _implied_power(text: str) -> int:
    """三百五 is 350 and 两万三 is 23000: a last digit without a power stands one place below the power before it."""
    before = text[-2:-1]
    return {**SMALL_POWERS, **LARGE_POWERS}.get(before, 1) // 10 or 1
