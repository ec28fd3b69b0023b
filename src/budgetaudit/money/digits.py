"""Digits: runs of digits and separators in folded text, read as the numbers a typesetter meant.

A run is cut by one rule: grouped thousands must be whole (first group one to three digits, then threes, one separator
throughout; twos before the last three where the locale counts in lakh), a point ends the whole part once. `1,2,3` is
three numbers; `1,2345.67` is nobody's number and is kept as unreadable, because 2345.67 would be a guess. A list number
is not a whole part: `1.2019年` is item one and a year, `2.3家` item two and three of them.

Spaces are weak: they group digits where the locale does so (or inside a figure that nothing else explains), and `8 . 31 %`
is one number because a unit stands behind it. Across a line break only a separator beside the break joins (`6⏎,240`), or a
group that is whole with the digits behind it (`27,6⏎64`); what a sentence broken by its page may join is decided in
`neighbours`, which sees both lines.

Every pattern is possessive, every look-around bounded, and what must be known of a long chain of groups is computed once:
reading is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from budgetaudit.money.separators import NUMBER_SPACES, Separators

# `item` is a list number glued to another number, `chain` is 1.2.3 (a section, a version, a date), `malformed` a number
# whose groups do not fit.
Shape = Literal["number", "item", "chain", "malformed"]

_GAP: Final = (
    rf"(?:[ \t]?\n[ \t]?[.,]|[ ]?[.,](?:[ \t]?\n[ \t]?|[ ])?|['’ {NUMBER_SPACES}]|(?:(?<=,[0-9])|(?<=,[0-9][0-9]))\n)"
)
RUN: Final = rf"(?:(?<![^\s(\-−－+¥$€£])\.)?[0-9]++(?:{_GAP}[0-9]++)*+"
_PIECE: Final = re.compile(r"[0-9]+")
_PLAIN: Final = re.compile(r"([0-9]++)(?:\.([0-9]++))?")
_YEAR: Final = re.compile(r"(?:19[4-9]|20[0-9])[0-9]")
_LONGEST: Final = 200  # digits of one number; what is longer is no figure, and nobody shall compute with it
_ITEM_COUNTS: Final = frozenset("月个家人辆项台次名件户批")  # 2.3家: nothing here is counted in tenths
_UNIT_FOLLOWS: Final = re.compile(r" ?(?:%|[万亿千百]{0,2}元|[万亿]|个百分点|分(?![0-9]))")


class Digits(NamedTuple):
    """One number of a run: its place, its value without sign (None if it cannot be read), its places."""

    start: int
    end: int
    value: Decimal | None
    places: int = 0
    shape: Shape = "number"


def digits_in(text: str, start: int, end: int, marks: Separators) -> Iterator[Digits]:
    """The numbers of one run (a match of `RUN` in folded text), in order."""
    plain = _PLAIN.fullmatch(text, start, end)
    if plain and marks.decimal == "." and not plain[2]:
        yield _number(start, end, plain[1], "")
    elif plain and marks.decimal == "." and not _is_list_number(text, start, plain.end(1), plain.start(2), end):
        yield _number(start, end, plain[1], plain[2])
    else:
        yield from _Run(text, start, end, marks).numbers()


def opens_item(text: str, place: int) -> bool:
    """Whether a list number can stand at `place`: at the start of a line, after a sentence or in a new cell."""
    before = place
    while before > 0 and place - before < 8 and text[before - 1] in " \t":
        before -= 1
    return before == 0 or text[before - 1] in "\n。;:!?|│┃\f\t"


def _number(start: int, end: int, whole: str, decimals: str) -> Digits:
    if len(whole) + len(decimals) > _LONGEST:
        return Digits(start, end, None, shape="malformed")
    return Digits(start, end, Decimal(f"{whole}.{decimals}" if decimals else whole), len(decimals))


def _is_list_number(text: str, start: int, stop: int, after: int, end: int) -> bool:
    """Whether `1.2019年` or, where an item can begin, `2.3家` and `1.12月` are a list number and another number."""
    if stop - start > 2:
        return False
    follows = text[end : end + 1]
    if follows == "年" and _YEAR.fullmatch(text, after, end):
        return True
    if follows not in _ITEM_COUNTS or end - after > 2 or text[start] == "0" or text.startswith("个百分点", end):
        return False
    return opens_item(text, start)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of the digits between separators; a group of three that a line break parts is one piece."""
    pieces: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(text, start, end):
        first, last = piece.span()
        parted = pieces and text[pieces[-1][1] : first] == "\n" and last - first + pieces[-1][1] - pieces[-1][0] == 3
        if parted and first - pieces[-1][0] <= 3:
            pieces[-1] = pieces[-1][0], last
        else:
            pieces.append((first, last))
    return pieces


class _Run:
    """The pieces of one run and, for each, how far the chain of equal separators behind it goes.

    `gaps[i]` stands between piece i - 1 and piece i, `marks[i]` is that gap without blanks and line break. `chain[i]` is the
    index after the last piece that follows i with the same separator; `threes[i]` (`twos[i]`) how far these have three
    (two) digits; `long[i]` whether one of them has three digits or more.
    """

    def __init__(self, text: str, start: int, end: int, separators: Separators) -> None:
        self.text, self.separators = text, separators
        found = _pieces(text, start, end)
        self.starts = [first for first, _ in found]
        self.ends = [last for _, last in found]
        self.gaps = [text[last:first] for last, first in zip([start, *self.ends], self.starts, strict=False)]
        self.marks = [gap.strip("\n\t ") or gap[:1] for gap in self.gaps]
        count = len(found)
        self.chain, self.threes, self.twos = ([index + 1 for index in range(count)] for _ in range(3))
        self.long = [False] * count
        for index in range(count - 2, -1, -1):
            length = len(self._digits(index + 1))
            goes_on = index + 2 < count and self.marks[index + 1] == self.marks[index + 2]
            after = index + 1
            self.chain[index] = self.chain[after] if goes_on else after + 1
            self.long[index] = length >= 3 or (goes_on and self.long[after])
            self.threes[index] = after if length != 3 else self.threes[after] if goes_on else after + 1
            self.twos[index] = after if length != 2 else self.twos[after] if goes_on else after + 1

    def numbers(self) -> Iterator[Digits]:
        at = 0
        if self.gaps[0] == ".":
            yield _number(self.starts[0] - 1, self.ends[0], "0", self._digits(0))
            at = 1
        while at < len(self.starts):
            number, at = self._number_at(at)
            yield number

    def _digits(self, piece: int) -> str:
        return self.text[self.starts[piece] : self.ends[piece]].replace("\n", "")

    def _number_at(self, at: int) -> tuple[Digits, int]:
        """The number that begins with piece `at`, and the index of the piece after it."""
        start = self.starts[at]
        dotted = self._dotted_until(at)
        if dotted > at + 2:
            return Digits(start, self.ends[dotted - 1], None, shape="chain"), dotted
        after = self._grouped_until(at)
        if after == at + 1 and self._is_malformed(at):
            return self._unreadable(at)
        if self._is_item(at, after):
            return Digits(start, self.ends[at], Decimal(self._digits(at)), shape="item"), after
        decimals = after if self._is_decimal_point(at, after) else None
        if decimals is not None and self.gaps[after + 1 : after + 2] == [self.separators.decimal]:
            return self._unreadable(at)  # 1,234.56.78
        last = after - 1 if decimals is None else decimals
        if self.ends[last] - start > 2 * _LONGEST:
            return Digits(start, self.ends[last], None, shape="malformed"), last + 1
        whole = "".join(map(self._digits, range(at, after)))
        return _number(start, self.ends[last], whole, "" if decimals is None else self._digits(decimals)), last + 1

    def _continues(self, at: int, separator: str) -> bool:
        return at < len(self.starts) and self.marks[at] == separator

    def _dotted_until(self, at: int) -> int:
        """Where a chain of points ends that groups nothing: 1.2.3, 18.07.2015."""
        end = at + 1
        if not ("." in self.separators.groups and self.threes[at] == self.chain[at]):
            while end < len(self.gaps) and self.gaps[end] == ".":
                end += 1
        return end

    def _is_item(self, at: int, after: int) -> bool:
        return self._continues(after, self.separators.decimal) and _is_list_number(
            self.text, self.starts[at], self.ends[after - 1], self.starts[after], self.ends[after]
        )

    def _is_decimal_point(self, at: int, after: int) -> bool:
        """Whether the separator before piece `after` starts the decimals of the number that begins at piece `at`."""
        if not self._continues(after, self.separators.decimal):
            return False
        gap, start, end = self.gaps[after], self.starts[at], self.ends[after]
        if len(gap) == 1:
            return True
        if "\n" in gap:
            return not opens_item(self.text, start)
        loose = (
            gap[0] == gap[-1] == " "
            or self.text[start : self.ends[after - 1]] == "0"
            or not opens_item(self.text, start)
        )
        return loose and _UNIT_FOLLOWS.match(self.text, end) is not None

    def _grouped_until(self, at: int) -> int:
        """Index after the last group of the thousands that begin at `at`; `at + 1` if the digits stand alone."""
        length = self.ends[at] - self.starts[at]
        if at + 1 == len(self.starts) or length > 3 or self.text[self.starts[at]] == "0":
            return at + 1
        separator, gap = self.marks[at + 1], self.gaps[at + 1]
        if separator == " " and not self.separators.spaced:
            return self._spaced_until(at)
        if separator not in self.separators.groups:
            return at + 1
        if separator == " ":  # columns of a table are spaces too: take the groups that fit, leave the rest
            return self.threes[at]
        chain = self.chain[at]
        if len(gap) > 1 and ("\n" not in gap or opens_item(self.text, self.starts[at])):
            return chain if self._is_loose_group(at) else at + 1
        if self.threes[at] == chain:
            return chain
        lakhs = self.separators.lakh and length < 3 and self.twos[at] == chain - 1
        return chain if lakhs and self.ends[chain - 1] - self.starts[chain - 1] == 3 else at + 1

    def _is_loose_group(self, at: int) -> bool:
        """Whether `1, 234.56万元` inside a sentence is one figure: whole groups, decimals and a unit leave nothing else."""
        chain = self.chain[at]
        if self.threes[at] != chain or opens_item(self.text, self.starts[at]) or "\n" in self.gaps[at + 1]:
            return False
        decimals = self._continues(chain, self.separators.decimal) and len(self.gaps[chain]) == 1
        return decimals and bool(_UNIT_FOLLOWS.match(self.text, self.ends[chain]))

    def _spaced_until(self, at: int) -> int:
        """Plain spaces where they do not group by custom: only inside a figure that nothing else explains.

        `支出12 345.67万元` is one figure, but `4 269.30` at the start of a line or after a space is a list number and an amount,
        unless a group begins with 0, as no number does: `1 000 000元`.
        """
        end, start = self.threes[at], self.starts[at]
        if end == at + 1 or self._continues(end, " "):
            return at + 1
        if (start == 0 or self.text[start - 1].isspace()) and self.text[self.starts[at + 1]] != "0":
            return at + 1
        decimals = self._continues(end, self.separators.decimal)
        return end if _UNIT_FOLLOWS.match(self.text, self.ends[end if decimals else end - 1]) else at + 1

    def _is_malformed(self, at: int) -> bool:
        """Whether a group separator stands where no valid grouping goes on: 1,2345.67 or 12,3456 (but 12,34 is a list)."""
        if at + 1 == len(self.starts) or self.ends[at] - self.starts[at] > 3:
            return False
        separator, chain = self.marks[at + 1], self.chain[at]
        if (
            separator not in self.separators.groups
            or separator in NUMBER_SPACES + " "
            or self.gaps[at + 1] != separator
        ):
            return False
        if separator == ".":
            return True
        return self.long[at] and not (
            _YEAR.fullmatch(self._digits(chain - 1))
            and self.text[self.ends[chain - 1] : self.ends[chain - 1] + 1] == "年"
        )

    def _unreadable(self, at: int) -> tuple[Digits, int]:
        end = at + 1
        while end < len(self.starts) and self.gaps[end] in (
            *self.separators.groups.strip(" "),
            self.separators.decimal,
        ):
            end += 1
        return Digits(self.starts[at], self.ends[end - 1], None, shape="malformed"), end
