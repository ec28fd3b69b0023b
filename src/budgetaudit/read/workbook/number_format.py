"""Number formats: what a workbook shows of the number that a cell holds.

A cell that holds 167.0934 under `0.00` is printed as 167.09, and the printed figure is what a reader of the table adds up.
A format has up to four sections (positive, negative, zero, text), each with digits, separators, scaling commas, a percent
sign and words; `#,##0.00_);(#,##0.00)` puts negative numbers in brackets, `0!.0,"万"` prints 12345 as 1.2万. Rounding is
half away from zero on the fifteen digits that a spreadsheet keeps. Source: ECMA-376 part 1, 18.8.31; `!` as escape is the
East Asian spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from budgetaudit.money.unit import NUMBER, PERCENT, Unit
from budgetaudit.money.unit_names import parse_unit

KEPT_DIGITS: Final = 15  # of a number in a spreadsheet
_GENERAL: Final = frozenset({"", "general", "g/通用格式", "@"})
_TYPED: Final = 13  # significant digits; a number with more and not in cents was computed, nobody typed it
_GENERAL_WIDTH: Final = 10  # digits that an unformatted computed number shows
_LONGEST_UNIT: Final = 12  # characters
_WIDE: Final = Context(prec=400)
_KEPT: Final = Context(prec=KEPT_DIGITS, rounding=ROUND_HALF_UP)

# The formats that files name by number only; 27-36 and 50-58 are dates of East Asian versions.
_BUILT_IN: Final[dict[int, str]] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)', 6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)', 8: '"$"#,##0.00_);[Red]("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)", 41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)', 43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((27, 28, 29, 30, 36, 50, 51, 52, 53, 54, 57, 58), 'yyyy"年"m"月"'), **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
}  # fmt: skip
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<skip>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<exponent>[Ee][+-]0+)|(?P<digits>[0#?]+)|(?P<date>[yYmMdDhHsSeEbB]+|AM/PM|A/P|上午/下午)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_TESTS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": Decimal.__lt__, "<=": Decimal.__le__, ">": Decimal.__gt__, ">=": Decimal.__ge__,
    "=": lambda left, right: left == right, "<>": lambda left, right: left != right,
}  # fmt: skip


class Shown(NamedTuple):
    """What a cell shows.

    Attributes:
        text: The characters.
        value: The number they say, in `unit`; None for a date.
        places: Its decimal places.
        unit: What the characters name: per cent, 万元; a plain number mostly.
        hides: Whether the cell holds more decimals than it shows.
        free: Whether no format decides the places: the number was typed or computed as it stands.
    """

    text: str
    value: Decimal | None
    places: int = 0
    unit: Unit = NUMBER
    hides: bool = False
    free: bool = False


def kept(number: Decimal) -> Decimal:
    """A stored number with the fifteen digits that a spreadsheet keeps: 677.40999999999997 is 677.41.

    >>> kept(Decimal("677.40999999999997"))
    Decimal('677.410000000000')
    """
    return _KEPT.plus(number)


@lru_cache(maxsize=1024)
def number_format(code: str | int) -> NumberFormat:
    """The format of a code, or of one of the numbers that stand for a code."""
    return NumberFormat(_BUILT_IN.get(code, "General") if isinstance(code, int) else code)


_Kind = Literal["general", "date", "number", "words"]


@dataclass(slots=True)
class _Section:
    """One section of a format, taken apart."""

    kind: _Kind = "words"
    before: str = ""
    after: str = ""
    condition: tuple[str, Decimal] | None = None
    least_whole: int = 0  # digits shown even if zero
    places: int = 0
    least_places: int = 0
    grouped: bool = False
    shift: int = 0  # powers of ten by which what is shown is smaller than the number; negative for per cent
    exponent: bool = False
    dates: list[str] = field(default_factory=list[str])
    unit: Unit = NUMBER


class NumberFormat:
    """One format code.

    Args:
        code: As the workbook holds it, `#,##0.00` or `General`.

    >>> number_format("#,##0.00_);(#,##0.00)").shown(Decimal("-1234.5")).text
    '(1,234.50)'
    >>> number_format('0!.0,"万"').shown(Decimal(12345)).text
    '1.2万'
    """

    def __init__(self, code: str) -> None:
        self._sections = [_section(part) for part in _split(code)]
        self._is_conditional = any(section.condition for section in self._sections[:2])

    @property
    def is_date(self) -> bool:
        """Whether numbers under this format are days and times."""
        return self._sections[0].kind == "date"

    @property
    def date_tokens(self) -> list[str]:
        """The pieces of a date format: runs of letters, and words between them in quotes."""
        return self._sections[0].dates

    def shown(self, number: Decimal) -> Shown:
        """What a number looks like."""
        exact = kept(number)
        section, signed = self._choose(exact)
        shown = self._shown(exact, section, signed=signed)
        first = self._sections[0]
        if not exact and first.kind == "number" and section is not first:  # a dash has the places of the others
            return shown._replace(value=_to_places(exact, first.places), places=first.places)
        return shown

    def _shown(self, number: Decimal, section: _Section, *, signed: bool) -> Shown:
        if section.kind == "number":
            return _formatted(number, section, signed=signed)
        plain = _general(number, section)
        if section.kind == "words":  # a format of words alone hides the number, which is there all the same
            return plain._replace(text=section.before.strip() or plain.text)
        return plain

    def _choose(self, number: Decimal) -> tuple[_Section, bool]:
        """The section for a number, and whether a minus sign is added to it."""
        sections = self._sections
        if self._is_conditional:
            for section in sections[:2]:
                if section.condition and _TESTS[section.condition[0]](number, section.condition[1]):
                    return section, number < 0
            rest = next((section for section in sections if section.condition is None), sections[0])
            return rest, number < 0
        if number < 0 and len(sections) > 1 and sections[1].kind != "general":
            return sections[1], False
        if number == 0 and len(sections) > 2:
            return sections[2], False
        return sections[0], number < 0


def _split(code: str) -> list[str]:
    """The sections of a code; a semicolon in quotes or behind an escape parts nothing."""
    parts: list[str] = []
    start = at = 0
    while at < len(code):
        found = _TOKEN.match(code, at)
        assert found is not None
        if found["other"] == ";":
            parts.append(code[start:at])
            start = found.end()
        at = found.end()
    return [*parts, code[start:]][:4]


def _section(code: str) -> _Section:
    section = _Section()
    if code.strip().lower() in _GENERAL:
        section.kind = "general"
        return section
    pieces: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(code):
        name = found.lastgroup or "other"
        text = found[name]
        if name == "bracket":
            _read_bracket(text, section, pieces)
        elif name in {"quoted", "escaped"}:
            pieces.append(("words", text))
        elif name == "skip":
            pieces.append(("words", " "))
        elif name == "date":
            pieces.append(("date", text))
        elif name != "fill":
            pieces.append((name, text))
    if any(name == "general" for name, _ in pieces):
        section.kind = "general"
    elif any(name == "date" for name, _ in pieces):
        section.kind, section.dates = "date", [text if name != "words" else f'"{text}' for name, text in pieces]
        return section
    elif any(name == "digits" for name, _ in pieces):
        section.kind = "number"
    _take_apart(pieces, section)
    return section


def _read_bracket(text: str, section: _Section, pieces: list[tuple[str, str]]) -> None:
    """A condition, a currency sign, elapsed hours; colours and languages show nothing."""
    if condition := _CONDITION.fullmatch(text.strip()):
        section.condition = condition[1], Decimal(condition[2])
    elif text.startswith("$"):
        pieces.append(("words", text[1:].partition("-")[0]))
    elif text.lower() in {"h", "hh", "m", "mm", "s", "ss"}:
        pieces.append(("date", text))


def _take_apart(pieces: list[tuple[str, str]], section: _Section) -> None:
    """Words before, digits with what parts them, words behind."""
    places_of_digits = [at for at, (name, _) in enumerate(pieces) if name == "digits"]
    first, last = (places_of_digits[0], places_of_digits[-1]) if places_of_digits else (len(pieces), len(pieces))
    section.before = _words(pieces[:first])
    whole, decimals, at_point = "", "", False
    embedded = 0
    for name, text in pieces[first : last + 1]:
        if name == "digits":
            whole, decimals = (whole, decimals + text) if at_point else (whole + text, decimals)
            embedded += len(text) if embedded else 0
        elif text == "." and name == "other":
            at_point = True
        elif text == "," and name == "other":
            pass  # grouping and scaling, below
        elif text == "." and not at_point:  # a printed point among the whole digits: 0!.0
            embedded = 1
        elif name == "exponent":
            section.exponent = True
        elif text == "/":  # a fraction is shown as the number it is
            section.kind = "general"
            return
    rest = pieces[last + 1 :]
    while rest and rest[0][1] == "," and rest[0][0] == "other":
        section.shift += 3
        rest = rest[1:]
    section.shift += _scaling_commas(pieces[first : last + 1], section)
    if any(name == "exponent" for name, _ in rest):
        section.exponent = True
    section.after = _words(rest)
    if embedded:
        decimals, whole = whole[len(whole) - embedded + 1 :], whole[: len(whole) - embedded + 1]
        section.shift += len(decimals)
    section.shift -= 2 * (section.before + section.after).count("%")
    section.unit = _unit_of(section.after.strip())
    section.least_whole = whole.count("0")
    section.places, section.least_places = len(decimals), len(decimals.rstrip("#?"))


def _unit_of(behind: str) -> Unit:
    """What the words behind the digits name; a currency sign alone does not say in which steps."""
    if "%" in behind:
        return PERCENT
    named = parse_unit(behind) if behind and len(behind) < _LONGEST_UNIT else None
    return named if named is not None and named.kind in {"money", "count", "number"} else NUMBER


def _words(pieces: list[tuple[str, str]]) -> str:
    return "".join(text for name, text in pieces if name not in {"exponent", "general"} and text != "@")


def _scaling_commas(pieces: list[tuple[str, str]], section: _Section) -> int:
    """Commas right before the decimal point scale; `#,` groups only between digits."""
    point = next((at for at, piece in enumerate(pieces) if piece == ("other", ".")), len(pieces))
    commas, at = 0, point
    while point < len(pieces) and at > 0 and pieces[at - 1] == ("other", ","):
        commas, at = commas + 1, at - 1
    between = [piece for piece in pieces[:at] if piece == ("other", ",")]
    section.grouped = bool(between)
    return 3 * commas


def _formatted(number: Decimal, section: _Section, *, signed: bool) -> Shown:
    if section.exponent:
        return _scientific(number, section)
    exact = number.copy_abs()
    if section.shift:
        exact = _WIDE.scaleb(exact, -section.shift)
    rounded = _to_places(exact, section.places)
    digits = f"{rounded:f}"
    whole, _, decimals = digits.partition(".")
    if section.least_places < section.places:
        decimals = decimals[: section.least_places] + decimals[section.least_places :].rstrip("0")
    whole = whole.lstrip("0").rjust(section.least_whole, "0")
    if section.grouped:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+\Z)", ",", whole)
    minus = "-" if signed and rounded else ""
    text = f"{minus}{section.before}{whole}{f'.{decimals}' if decimals else ''}{section.after}"
    value = _to_places(rounded, len(decimals)) if len(decimals) != section.places else rounded
    if number < 0 and value:
        value = value.copy_negate()
    hides = exact != rounded
    return Shown(text.strip() or "0", value, len(decimals), section.unit, hides)


def _scientific(number: Decimal, section: _Section) -> Shown:
    power = number.adjusted() if number else 0
    rounded = _to_places(number, section.places - power)
    text = f"{rounded:.{section.places}E}"
    return Shown(text, rounded, section.places - power, hides=rounded != number)


def _general(number: Decimal, section: _Section) -> Shown:
    """A number without a format: as it was typed, or a computed one with ten digits."""
    plain = _WIDE.normalize(number) if number else Decimal(0)
    typed = len(plain.as_tuple().digits) <= _TYPED or int(plain.as_tuple().exponent) >= -2
    if not typed:
        room = max(0, _GENERAL_WIDTH - max(plain.adjusted() + 1, 1)) if plain.adjusted() > -6 else -plain.adjusted() + 5
        rounded = _to_places(plain, room)
        plain = _WIDE.normalize(rounded) if rounded else Decimal(0)
        places = room
    else:
        places = max(0, -int(plain.as_tuple().exponent))
    value = _to_places(plain, places)
    words = (section.before, section.after) if section.kind == "general" else ("", "")
    return Shown(f"{words[0]}{value:f}{words[1]}".strip(), value, places, free=typed)


def _to_places(number: Decimal, places: int) -> Decimal:
    return number.quantize(_step(places), ROUND_HALF_UP, _WIDE)


@lru_cache(maxsize=1024)
def _step(places: int) -> Decimal:
    return Decimal((0, (1,), -places))
