"""Figures of cells: the number a cell prints, or which kind of nothing it holds.

A blank cell, a dash, a zero and characters that cannot be read are four different statements (section 7.3 of the domain
notes) and stay apart. A placeholder of a form (XX) is a blank: nobody has filled it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.line import State
from budgetaudit.money.amount import Amount
from budgetaudit.money.characters import folded
from budgetaudit.money.scan import parse_amount
from budgetaudit.read.table.grid import Cell

_DASHES: Final = re.compile(r"[-—–－─﹣/]{1,6}|无|不适用|n/?a|nil|none", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"[x×]+(?:\.[x×]+)?%?|[.。…·*]+|_+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9,.()+\-−–△▲%'¥￥$€£]*[0-9][0-9,.()+\-−–△▲%'¥￥$€£]*")
_DIGIT: Final = re.compile(r"[0-9]")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell says as a figure.

    Attributes:
        state: As of a budget line; None where the cell holds words.
        amount: The number, its unit a plain one unless the cell itself prints a unit.
    """

    state: State | None
    amount: Amount | None = None


_BLANK: Final = Figure("blank")
_DASH: Final = Figure("dash")
_UNREADABLE: Final = Figure("unreadable")
_WORDS: Final = Figure(None)


def figure_of(cell: Cell | None) -> Figure:
    """The figure of a cell; a blank one where there is no cell."""
    if cell is None:
        return _BLANK
    if cell.unreadable:
        return _UNREADABLE
    if cell.amount is not None:
        return Figure("printed", cell.amount)
    return _of_text(cell.text)


@lru_cache(maxsize=65536)
def _of_text(text: str) -> Figure:
    plain = folded(text)
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    plain = _joined(lines)
    if not plain or _PLACEHOLDER.fullmatch(plain):
        return _BLANK
    if _DASHES.fullmatch(plain):
        return _DASH
    if not _DIGIT.search(plain) or len(plain) > _LONGEST:
        return _WORDS
    try:
        return Figure("printed", parse_amount(plain))
    except BudgetAuditError:
        return _UNREADABLE if _NUMBER.fullmatch(plain) else _WORDS


def _joined(lines: list[str]) -> str:
    """The lines of a cell as one text: 37,188. over 34 is one number, 37 over 34 are two and cannot be read as one."""
    joined = ""
    for line in lines:
        apart = joined[-1:].isdigit() and line[:1].isdigit()
        joined += f",,{line}" if apart else line
    return "".join(joined.split()) if _NUMBER.fullmatch("".join(joined.split())) else joined
