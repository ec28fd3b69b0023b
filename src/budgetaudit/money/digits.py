"""Digits: runs of digits and separators in folded text, read as the numbers a typesetter meant.

A run is cut by one rule: grouped thousands must be whole (first group one to three digits, then threes, one separator
throughout; twos before the last three where the locale counts in lakh), a point ends the whole part once. `1,2,3` is
three numbers; `1,2345.67` is nobody's number and is kept as unreadable, because 2345.67 would be a guess. A plain space
groups digits only where the locale or the surroundings say so, and digits never join across a line break unless a
separator beside the break continues them (`6⏎,240`): what stands on the next line is often a page number.

Every pattern is possessive and every look-around bounded: reading is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from budgetaudit.money.separators import NUMBER_SPACES, Separators

# `chain` is 1.2.3 (a section, a version, a date), `malformed` a number whose groups do not fit.
Shape = Literal["number", "chain", "malformed"]

_GAP: Final = rf"(?:[ \t]?\n[ \t]?[.,]|[.,](?:[ \t]?\n[ \t]?)?|['’ {NUMBER_SPACES}])"
_RUN: Final = re.compile(rf"(?:(?<![^\s(\-−－+¥$€£])\.)?[0-9]++(?:{_GAP}[0-9]++)*+")
_PIECE: Final = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Digits:
    """One number of a run: its place, its value without sign (None if it cannot be read), its places."""

    start: int
    end: int
    value: Decimal | None
    places: int = 0
    shape: Shape = "number"
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Digits without separators; `gap` is what stands between them and the piece before."""

    start: int
    end: int
    digits: str
    gap: str

    @property
    def separator(self) -> str:
        """The gap without its line break; empty for no gap."""
        return self.gap.strip("\n\t ") or self.gap[:1]


def digits_in(text: str, marks: Separators) -> Iterator[Digits]:
    """The numbers written in digits in folded text, in order."""
    for run in _RUN.finditer(text):
        pieces = _pieces(text, run.start(), run.end())
        at = 0
        while at < len(pieces):
            number, at = _number_at(text, pieces, at, marks)
            yield number


def _pieces(text: str, start: int, end: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    last = start
    for found in _PIECE.finditer(text, start, end):
        pieces.append(_Piece(found.start(), found.end(), found.group(), text[last : found.start()]))
        last = found.end()
    return pieces


def _number_at(text: str, pieces: list[_Piece], at: int, marks: Separators) -> tuple[Digits, int]:
    """The number that begins with piece `at`, and the index of the piece after it."""
    first = pieces[at]
    if at == 0 and first.gap == ".":
        return Digits(first.start - 1, first.end, Decimal(f"0.{first.digits}"), len(first.digits)), 1
    after = _grouped_until(text, pieces, at, marks)
    whole = "".join(piece.digits for piece in pieces[at:after])
    grouped = after > at + 1
    if not _continues(pieces, after, marks.decimal):
        if _is_malformed(pieces, at, after, marks):
            return _unreadable(pieces, at, marks)
        return Digits(first.start, pieces[after - 1].end, Decimal(whole), 0, grouped=grouped), after
    if "\n" in pieces[after].gap and _opens_line(text, first.start):
        return Digits(first.start, pieces[after - 1].end, Decimal(whole), 0, grouped=grouped), after
    decimals = pieces[after]
    if _continues(pieces, after + 1, marks.decimal):
        end = after + 1
        while _continues(pieces, end, marks.decimal):
            end += 1
        return Digits(first.start, pieces[end - 1].end, None, shape="chain"), end
    value = Decimal(f"{whole}.{decimals.digits}")
    return Digits(first.start, decimals.end, value, len(decimals.digits), grouped=grouped), after + 1


def _continues(pieces: list[_Piece], at: int, separator: str) -> bool:
    return at < len(pieces) and pieces[at].separator == separator


def _grouped_until(text: str, pieces: list[_Piece], at: int, marks: Separators) -> int:
    """Index after the last group of the thousands that begin at `at`; `at + 1` if the digits stand alone."""
    first = pieces[at]
    if at + 1 == len(pieces) or len(first.digits) > 3 or first.digits.startswith("0"):
        return at + 1
    separator = pieces[at + 1].separator
    if separator == " " and not marks.spaced:
        return _spaced_until(text, pieces, at)
    if separator not in marks.groups or ("\n" in pieces[at + 1].gap and _opens_line(text, first.start)):
        return at + 1
    end = at + 1
    while _continues(pieces, end, separator):
        end += 1
    lengths = [len(piece.digits) for piece in pieces[at + 1 : end]]
    if separator == " ":  # columns of a table are spaces too: take the groups that fit, leave the rest
        fitting = next((index for index, length in enumerate(lengths) if length != 3), len(lengths))
        return at + 1 + fitting
    threes = all(length == 3 for length in lengths)
    lakhs = marks.lakh and lengths[-1] == 3 and all(length == 2 for length in lengths[:-1]) and len(first.digits) < 3
    return end if threes or lakhs else at + 1


def _spaced_until(text: str, pieces: list[_Piece], at: int) -> int:
    """Plain spaces where they do not group by custom: only inside a figure that nothing else explains.

    `支出12 345.67万元` is one figure, but `4 269.30` at the start of a line or after a space is a list number and an amount.
    """
    end = at + 1
    while end < len(pieces) and pieces[end].gap == " " and len(pieces[end].digits) == 3:
        end += 1
    if end == at + 1 or _continues(pieces, end, " "):
        return at + 1
    stands_free = pieces[at].start == 0 or text[pieces[at].start - 1].isspace()
    last = pieces[end].end if _continues(pieces, end, ".") else pieces[end - 1].end
    unit_follows = text[last : last + 1] != "" and text[last] in "元万亿%"
    return end if unit_follows and not stands_free else at + 1


def _is_malformed(pieces: list[_Piece], at: int, after: int, marks: Separators) -> bool:
    """Whether a group separator stands where no valid grouping goes on: 1,2345.67 or 12,3456 (but 12,34 is a list)."""
    if after != at + 1 or after >= len(pieces) or len(pieces[at].digits) > 3:
        return False
    separator = pieces[after].separator
    if separator not in marks.groups or separator in NUMBER_SPACES + " ":
        return False
    end = after
    while _continues(pieces, end, separator):
        end += 1
    return len(pieces[end - 1].digits) >= 3 or separator == "."


def _unreadable(pieces: list[_Piece], at: int, marks: Separators) -> tuple[Digits, int]:
    end = at + 1
    while end < len(pieces) and pieces[end].separator in (*marks.groups.strip(" "), marks.decimal):
        end += 1
    return Digits(pieces[at].start, pieces[end - 1].end, None, shape="malformed"), end


def _opens_line(text: str, place: int) -> bool:
    """Whether nothing but spaces stands before `place` on its line."""
    start = place
    while start > 0 and place - start < 8 and text[start - 1] in " \t":
        start -= 1
    return start == 0 or text[start - 1] == "\n"
