"""Selectors: the bracketed words behind a name that fix or shift a part of a figure's identity.

`基本支出[budget]`, `closing[year+1]`, `"工资福利支出"[within=基本支出]`. Words of phases, funds and measures stand alone; any
axis can be written out as `axis=value`; `key.column=value` is a column of the caller's own that tells rows apart. Words are understood in English and in Chinese of either script. What a selector
means for a line is decided where names are bound (`check.names`).
"""

from __future__ import annotations

import re
from typing import Final, cast, get_args

from budgetaudit.errors import RuleError, nearest
from budgetaudit.model.line import Measure
from budgetaudit.money.characters import simplified
from budgetaudit.rules.equation import Axis

_PHASES: Final = {
    "budget": "budget", "年初预算": "budget", "年初预算数": "budget", "预算": "budget", "预算数": "budget",
    "adjusted": "adjusted", "全年预算": "adjusted", "全年预算数": "adjusted", "调整预算": "adjusted", "调整预算数": "adjusted",
    "actual": "actual", "决算": "actual", "决算数": "actual", "执行数": "actual",
}  # fmt: skip
_FUNDS: Final = {
    "all": "all", "全部": "all", "appropriation": "appropriation", "财政拨款": "appropriation",
    "general": "general", "一般公共预算": "general", "government-fund": "government-fund", "政府性基金": "government-fund",
    "state-capital": "state-capital", "国有资本经营": "state-capital", "other": "other",
}  # fmt: skip
_MEASURES: Final = frozenset(get_args(Measure))
_AXES: Final = frozenset(get_args(Axis)) - {"key"}
_KEY: Final = "key."
_WORDS: Final[tuple[Axis, ...]] = ("phase", "fund", "measure", "period")
_LAST: Final = frozenset({"last", "上年"})
_PERIOD: Final = re.compile(r"(?:year|年)(?P<shift>[+-][0-9]{1,3})?\Z|(?P<fixed>(?:19|20)[0-9]{2})\Z")
_CODE: Final = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}\Z")
_RUN: Final = re.compile(r"[0-9]{1,9}\.\.[0-9]{1,9}\Z")
_BARE: Final = re.compile(r"[A-Za-z0-9_\u3400-\u9fff]+(?:[-.][A-Za-z0-9_\u3400-\u9fff]+)*\Z")
_QUOTES: Final = (('"', '"'), ("「", "」"), ("“", "”"), ("'", "'"))


def read_selector(text: str) -> tuple[Axis, str]:
    """The axis and value that one selector names.

    Raises:
        RuleError: It is no selector; the message says what it could be.

    >>> read_selector("年初预算数"), read_selector("year+1"), read_selector("within=基本支出")
    (('phase', 'budget'), ('period', '+1'), ('within', '基本支出'))
    """
    axis, separator, value = text.partition("=")
    if separator and axis.startswith(_KEY) and axis != _KEY:
        return "key", f"{axis.removeprefix(_KEY)}={value}"
    if separator and axis in _AXES and value:
        found = _of_axis(cast("Axis", axis), value)
    else:
        words = (_of_axis(word_axis, text) for word_axis in _WORDS)
        found = next((word for word in words if word is not None), None)
        if found is None and _CODE.match(text):
            found = "code", text
    if found is None:
        known = {*_PHASES, *_FUNDS, *_MEASURES, "year", "year+1", "year-1"}
        raise RuleError(
            "a selector is a phase, a fund, a measure, year, year+1, a year, a code, or axis=value;"
            f" {text[:40]!r} is none of these ({nearest(text[:40], known)})"
        )
    return found


def _of_axis(axis: Axis, value: str) -> tuple[Axis, str] | None:
    word = simplified(value)
    match axis:
        case "phase":
            return (axis, _PHASES[word]) if word in _PHASES else None
        case "fund":
            return (axis, _FUNDS[word]) if word in _FUNDS else None
        case "measure":
            return (axis, word) if word in _MEASURES else None
        case "period":
            if word in _LAST:
                return axis, "-1"
            period = _PERIOD.match(word)
            return None if period is None else (axis, period["fixed"] or _shift(period["shift"]))
        case "code" if ".." in value:
            return (axis, value) if _RUN.match(value) else None
        case _:
            return axis, value


def _shift(text: str | None) -> str:
    return f"{int(text or 0):+d}"


def write_selector(axis: Axis, value: str) -> str:
    """The text that `read_selector` reads back, value in quotes if it needs them.

    Raises:
        RuleError: The value contains every closing quotation mark there is.
    """
    if axis == "period":
        return f"year{value}" if value[:1] in {"+", "-"} else value
    if axis in {"phase", "fund", "measure"}:
        return value
    if axis == "key":
        column, _, wanted = value.partition("=")
        return f"{_KEY}{column}={wanted if _BARE.match(wanted) else quoted(wanted)}"
    return f"{axis}={value if _BARE.match(value) else quoted(value)}"


def quoted(text: str) -> str:
    """A text in the first quotation marks that it does not close itself.

    Raises:
        RuleError: It contains every closing mark there is.
    """
    for opening, closing in _QUOTES:
        if closing not in text:
            return f"{opening}{text}{closing}"
    raise RuleError(f"{text[:40]!r} contains every closing quotation mark and cannot be written in an equation")
