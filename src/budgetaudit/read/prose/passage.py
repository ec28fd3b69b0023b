"""Passages: a paragraph without white space, with its numbers and the words between them.

Sentences of public budgets are read from number to number: what stands between the end of one number (its unit included)
and the beginning of the next says what the next one is. That stretch is the *lead* of a number, cut here into clauses
at punctuation; brackets without a number inside (因公出国(境)费) belong to a name and do not cut.

White space is dropped because documents break lines and pad units anywhere; every character keeps its place in the
document, so that spans stay exact.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

from budgetaudit.model.source import Source
from budgetaudit.money.occasions import Kind
from budgetaudit.money.scan import Scanned, scan
from budgetaudit.read.text import Paragraph, Text

Mark = Literal[",", ";", "。", ":", "(", ")", "、", ""]
_LONGEST_LEAD: Final = 600  # a longer stretch without a number is prose; only its end can name one
_FULL_STOP: Final = re.compile(r"(?<=[元%人个辆次])\.(?=[\u4e00-\u9fff])")  # 1306.89万元.与去年相比
_PUNCTUATED: Final = re.compile(r"[。;]|,(?![0-9]{3})")
_MEASURED: Final = re.compile(
    r"[十百千万萬亿億]{0,2}(?:元|%)|[万萬亿億]"
)  # what stands behind a figure and behind no code
_NAME_OF_NEXT: Final = re.compile(r"[^,;。:、!?|0-9]{1,30}[0-9]")
_JOINED: Final = re.compile(r"[、,和及与]{1,2}(?:以及)?")
_ENDS: Final = {"!": "。", "?": "。", "|": "。", "。": "。", ";": ";", ",": ",", ":": ":"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch without punctuation: places in the passage, and the mark that ends it (none for the last)."""

    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a passage: `start` and `end` with sign and unit, `scanned` with its places in the paragraph."""

    start: int
    end: int
    scanned: Scanned
    source: Source

    @property
    def start_in_document(self) -> int:
        """Where the number stands in the document."""
        return self.source.start or 0


class Passage:
    """One paragraph for reading."""

    def __init__(self, paragraph: Paragraph, text: Text, number: int) -> None:
        kept = array("L", (at for at, character in enumerate(paragraph.raw) if not character.isspace()))
        self.number = number
        self.level = paragraph.level
        self.raw = "".join(paragraph.raw[at] for at in kept)
        self.folded = _FULL_STOP.sub("。", "".join(paragraph.folded[at] for at in kept))
        self._paragraph, self._text, self._kept = paragraph, text, kept
        self.body = self._compact(paragraph.body)
        self.mark = self.folded[: self.body] if self.body < len(kept) else ""
        self.scanned = scan(paragraph.raw)
        self.numbers = tuple(self._numbers("amount", "range-part"))

    def _compact(self, place: int) -> int:
        """The place of a character of the paragraph here, where white space is dropped."""
        return bisect_left(self._kept, place)

    def in_row(self, index: int) -> bool:
        """Whether nothing but white space stands between a number and one beside it: columns, whose heads are not known here."""
        around = self.numbers[max(0, index - 1) : index + 2]
        return any(one.end == other.start for one, other in pairwise(around))

    @property
    def has_sentence(self) -> bool:
        """Whether punctuation of sentences stands in it; rows of tables have none."""
        return _PUNCTUATED.search(self.folded) is not None

    @property
    def unreadable(self) -> list[tuple[int, int]]:
        """Where characters stand that look like a number and are none: 1.234.5万元."""
        none = [found for found in self.scanned if found.amount is None and found.kind in {"other", "code"}]
        places = [(self._compact(found.start), self._compact(found.end - 1) + 1) for found in none]
        return [(start, end) for start, end in places if _MEASURED.match(self.folded, end)]

    @property
    def limits(self) -> list[Number]:
        """Numbers that only bound something and are in no name: 不超过50万元, but not 单价50万元以上设备2台."""
        return [limit for limit in self._numbers("threshold") if not _NAME_OF_NEXT.match(self.folded, limit.end)]

    def _numbers(self, *kinds: Kind) -> list[Number]:
        found: list[Number] = []
        for scanned in self.scanned:
            if scanned.amount is None or scanned.kind not in kinds:
                continue
            first, last = scanned.start, scanned.end
            if scanned.unit_start is not None and scanned.unit_end is not None:
                first, last = min(first, scanned.unit_start), max(last, scanned.unit_end)
            start, end = self._compact(first), self._compact(last - 1) + 1
            if start >= self.body or self.level is None:
                found.append(Number(start, end, scanned, self.source_of(scanned.start, scanned.end)))
        return found

    @cached_property
    def runs(self) -> Sequence[int]:
        """For every number: how many, from it on, follow each other with nothing but separators between."""
        runs = [1] * len(self.numbers)
        for at in range(len(runs) - 2, -1, -1):
            if _JOINED.fullmatch(self.folded, self.numbers[at].end, self.numbers[at + 1].start):
                runs[at] += runs[at + 1]
        return runs

    @property
    def opens_a_row(self) -> bool:
        """Whether its mark is the first of a row: 一、 （一） 1. ① A、."""
        return self.level is not None and self.mark.strip("()第.、,:部分章篇节条") in {"一", "1", "①", "A"}

    @property
    def is_dashed(self) -> bool:
        """Whether its mark is a dash, which counts nothing and may be the first of a row or any other."""
        return self.level is not None and not self.mark.strip("-—–－")

    def source_of(self, start: int, end: int) -> Source:
        """The source of a stretch of the paragraph as the scanner counts it."""
        return self._text.source(*self._paragraph.span(start, end))

    def source(self, start: int, end: int) -> Source:
        """The source of a stretch of the passage."""
        return self.source_of(self._kept[start], self._kept[end - 1] + 1)

    def text(self, clause: Clause) -> str:
        """The folded characters of a clause."""
        return self.folded[clause.start : clause.end]

    def clauses(self, start: int, end: int) -> list[Clause]:
        """A stretch cut at its punctuation, in order; the last clause ends at `end` and carries no mark."""
        start = max(start, end - _LONGEST_LEAD)
        closing = _inner_brackets(self.folded, start, end)
        found: list[Clause] = []
        begin = at = start
        while at < end:
            character = self.folded[at]
            if at in closing:
                at = closing[at] + 1
                continue
            mark: Mark = _ENDS.get(character, character if character in "()" else "")  # type: ignore[assignment]
            if mark:
                found.append(Clause(begin, at, mark))
                begin = at + 1
            at += 1
        return [*found, Clause(begin, end, "")]


def _inner_brackets(text: str, start: int, end: int) -> dict[int, int]:
    """Opening and closing places of brackets that open and close within the stretch, outermost ones."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for at in range(start, end):
        if text[at] == "(":
            opened.append(at)
        elif text[at] == ")" and opened:
            first = opened.pop()
            closing[first] = at
    covered = -1
    outer: dict[int, int] = {}
    for first in sorted(closing):
        if first > covered:
            outer[first] = covered = closing[first]
    return outer


_CUT: Final = re.compile(r"[,;。:!?|]")


def until_punctuation(passage: Passage, start: int, most: int = 24) -> str:
    """The folded characters that follow a place, up to the next punctuation."""
    text = passage.folded[start : start + most]
    cut = _CUT.search(text)
    return text[: cut.start()] if cut else text


def passages(text: Text) -> Sequence[Passage]:
    """The paragraphs of a document, in reading order."""
    return [Passage(paragraph, text, number) for number, paragraph in enumerate(text.paragraphs())]
