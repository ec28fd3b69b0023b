"""Text: the characters of a document in the order they are read in, each with its place in the original.

Documents arrive with lines broken anywhere, page numbers between the halves of a sentence, running heads, pinyin behind
characters (財(cái)政) and doubled commas. Reading happens on *paragraphs*: the same characters without that furniture,
lines joined where the sentence goes on. A paragraph carries two strings of equal length, `raw` as printed and `folded` for
matching, and the original place of every character, so that spans stay exact.

Two halves of a number are never joined here: where digits stand on both sides of a line break the break is kept, and the
scanner decides. Long paragraphs are cut at the end of a sentence: what is read at once has a bounded length.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from budgetaudit.model.source import Source
from budgetaudit.money.characters import folded

_LONGEST: Final = 12_000  # characters read at once
_NOISE: Final = re.compile(
    r"(?<=[\u4e00-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňɡ]{1,7}\)"  # pinyin behind a character
    r"|,(?=[ \t]?[,、。;:])|[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069\xad\x00-\x08\x0e-\x1b\x7f]"  # doubled commas, marks without width
)
_PAGE: Final = re.compile(
    r"\s*(?:[-—–－][ ]?\d{1,4}[ ]?[-—–－]|第\s?\d{1,4}\s?页(?:\s?[,/共]*\s?\d{1,4}\s?页)?|\d{1,3}\s?/\s?\d{1,3})\s*"
)
_FIGURE: Final = re.compile(r"\d\s?[%元万亿千百]|\d\.\d")
_LONE_NUMBER: Final = re.compile(r"\s*(\d{1,4})\s*")
_SHORTEST_WRAPPED, _WIDEST_PAGE, _NEVER = 24, 180, 10**9  # columns
MARK: Final = re.compile(
    r"[ \t\u00a0\u2002\u2003]*(?:"
    r"(?P<part>第[一二三四五六七八九十]{1,3}(?:部分|章|篇|节))"
    r"|(?P<han>[一二三四五六七八九十]{1,3}(?:[、.:]|,(?!\d)))"
    r"|(?P<han_bracket>\([一二三四五六七八九十]{1,3}\)[、.]?)"
    r"|(?P<digit>[0-9]{1,2}[ ]?(?:[、,](?!\d)|\.(?!\d)))"
    r"|(?P<digit_bracket>\([0-9]{1,2}\)[、.]?|[0-9]{1,2}\)[、.]?)"
    r"|(?P<circled>[①-⑳])"
    r"|(?P<letter>[A-Z][、.](?![A-Za-z]))"
    r"|(?P<dash>[-—–－]{2,6})"
    r")"
)
LEVELS: Final = ("part", "han", "han_bracket", "digit", "digit_bracket", "circled", "letter", "dash")
_MARK_AFTER_SENTENCE: Final = re.compile(
    r"(?<=[。;])[ \t]*(?=(?:\([一二三四五六七八九十]{1,3}\)|[0-9]{1,2}[、.](?!\d)|\([0-9]{1,2}\)|[①-⑳]|[一二三四五六七八九十]{1,2}、))"
)
_ENDS: Final = "。!?|"
_GOES_ON: Final = ",、;("  # a line that ends so is followed by the rest of its sentence
_CONTINUES: Final = re.compile(r"[ \t]*(?:[,、。;:)%]|[元万亿]元?|个百分点)")
_OPEN_PATH: Final = re.compile(r"\((?:类|款)\)[^()。]*\Z")  # 社会保障和就业支出(类)行政事业单位养老支出(款)机
_PATH_ENDS: Final = re.compile(r"\A[^()。]*\((?:款|项)\)")
_UNIT_STARTS: Final = frozenset("元万亿千百人个台辆次批%")
_RUNNING: Final = re.compile(r"[,。;]|^20[0-9]{2}年")
_TABLE_OF_CONTENTS: Final = re.compile(r"(?:\.{4,}|…{2,}|·{4,}|PAGEREF)[^。]*\Z")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Characters that are read together.

    Attributes:
        raw: As printed, without furniture.
        folded: The same, half-width and simplified, for matching.
        places: The place of every character in the document.
        level: Depth of the list mark it starts with (0 第一部分, 1 一、, 2 （一）, 3 1., 4 （1）, 5 ①, 6 A、, 7 ——); None without one.
        body: Where the text after the mark starts.
    """

    raw: str
    folded: str
    places: array[int]
    level: int | None
    body: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Places in the document of a stretch of this paragraph."""
        return self.places[start], self.places[end - 1] + 1


class Text:
    """One document's characters.

    Args:
        name: What the document is called in sources.
        text: Its characters as they were read; places count these.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._folded = folded(text)
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text))]

    def source(self, start: int, end: int) -> Source:
        """The source of a span: its characters as printed, its line and column."""
        line = bisect_right(self._starts, start)
        return Source(self.name, start, end, self.text[start:end], line, start - self._starts[line - 1] + 1)

    def paragraphs(self) -> Iterator[Paragraph]:
        """The document in reading order, furniture left out."""
        lines = self._lines()
        broken = [self._folded[end - 1] not in _ENDS + ";" for _, end in lines]
        width = _wrapping_width([self._columns(line) for line in lines], broken)
        group: list[tuple[int, int]] = []
        for line in lines:
            if group and not self._goes_on(group[-1], line, width):
                yield from self._cut(group)
                group = []
            group.append(line)
        if group:
            yield from self._cut(group)

    def _lines(self) -> list[tuple[int, int]]:
        """Spans of lines that hold text, without page numbers and running heads."""
        spans: list[tuple[int, int]] = []
        for start, after in zip(self._starts, [*self._starts[1:], len(self.text)], strict=True):
            line = self.text[start:after]
            stripped = line.strip()
            if stripped:
                begin = start + line.index(stripped[0])
                spans.append((begin, begin + len(stripped)))
        furniture = self._furniture(spans)
        return [span for index, span in enumerate(spans) if index not in furniture]

    def _furniture(self, spans: list[tuple[int, int]]) -> set[int]:
        found: set[int] = set()
        lone: list[tuple[int, int]] = []
        heads: list[int] = []
        for index, (start, end) in enumerate(spans):
            if end - start > 12:
                continue
            line = self._folded[start:end]
            if _PAGE.fullmatch(line):
                found.add(index)
            elif number := _LONE_NUMBER.fullmatch(line):
                lone.append((index, int(number[1])))
        # A bare number between the halves of a sentence is a page number: between a number and its unit, before a number.
        for index, _ in lone:
            if 0 < index < len(spans) - 1:
                before = self._folded[spans[index - 1][1] - 1]
                after = self._folded[spans[index + 1][0] : spans[index + 1][0] + 2]
                unit = (before.isdigit() and after[:1] in _UNIT_STARTS) or (before in "万亿" and after[:1] == "元")
                if unit or (after[:1].isdigit() and "\u4e00" <= before <= "\u9fff"):
                    found.add(index)
        # Bare numbers are page numbers if they count up through the document.
        for (first, low), (second, high) in pairwise(lone):
            if high == low + 1 and second - first > 4:
                found.update((first, second))
        # A short line that stands beside every page number is a running head, unless it holds a figure.
        pages = sorted(found)
        beside = Counter(
            self.text[slice(*spans[near])] for page in pages for near in (page - 1, page + 1) if 0 <= near < len(spans)
        )
        repeated = {
            line for line, times in beside.items() if times >= 3 and len(line) < 40 and not _FIGURE.search(folded(line))
        }
        heads = [near for page in pages for near in (page - 1, page + 1) if 0 <= near < len(spans)]
        found.update(near for near in heads if self.text[slice(*spans[near])] in repeated)
        return found

    def _goes_on(self, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
        """Whether the sentence of one line goes on in the next."""
        last = self._folded[line[1] - 1]
        head = self._folded[following[0] : following[0] + 32]
        if last in _ENDS or head[0] == "|":
            return False
        if _TABLE_OF_CONTENTS.search(self._folded[max(line[0], line[1] - 40) : line[1]]):
            return False
        if MARK.match(head):
            return False
        text = self._folded[line[0] : line[1]]
        if last in _GOES_ON or _CONTINUES.match(head) or (_OPEN_PATH.search(text) and _PATH_ENDS.search(head)):
            return True
        if (
            "\u4e00" <= last <= "\u9fff"
            and last not in _UNIT_STARTS
            and ("\u4e00" <= head[0] <= "\u9fff" or head[0].isdigit())
            and _RUNNING.search(text)
        ):
            return True
        return self._columns(line) >= width

    def _columns(self, line: tuple[int, int]) -> int:
        """How wide a line is in print: a Chinese character is as wide as two Latin letters."""
        part = self._folded[line[0] : line[1]]
        return len(part) + sum(character > "\u2e80" for character in part)

    def _cut(self, group: list[tuple[int, int]]) -> Iterator[Paragraph]:
        raw: list[str] = []
        places: array[int] = array("L")
        for number, (start, end) in enumerate(group):
            if number and self._folded[start].isascii() and self.text[group[number - 1][1] - 1].isascii():
                raw.append("\n")  # digits or words of another script on both sides
                places.append(group[number - 1][1])
            at = start
            for noise in _NOISE.finditer(self._folded, start, end):
                raw.append(self.text[at : noise.start()])
                places.extend(range(at, noise.start()))
                at = noise.end()
            raw.append(self.text[at:end])
            places.extend(range(at, end))
        joined = "".join(raw)
        matching = folded(joined)
        starts = [0, *(found.end() for found in _MARK_AFTER_SENTENCE.finditer(matching))]
        for begin, after in zip(starts, [*starts[1:], len(joined)], strict=True):
            at = begin
            while after - at > _LONGEST:
                cut = _cut_place(matching, at, at + _LONGEST)
                yield _paragraph(joined, matching, places, at, cut)
                at = cut
            if joined[at:after].strip():
                yield _paragraph(joined, matching, places, at, after)


def _wrapping_width(widths: Sequence[int], broken: Sequence[bool]) -> int:
    """From which width on a line without an end was broken by the page and not by its author.

    Pages break all their lines at about the same width, most of them within a sentence; web pages break none.

    Args:
        widths: Width of each line in columns.
        broken: Whether each line ends without the end of a sentence.
    """
    long = sorted(width for width in widths if width >= _SHORTEST_WRAPPED)
    if len(long) < 4:
        return _NEVER
    widest = long[len(long) * 9 // 10]
    near = [end for width, end in zip(widths, broken, strict=True) if widest * 4 // 5 <= width <= widest * 6 // 5]
    wrapped = 2 * len(near) >= len(long) and 2 * sum(near) > len(near) and widest <= _WIDEST_PAGE
    return widest * 3 // 4 if wrapped else _NEVER


def _cut_place(text: str, begin: int, latest: int) -> int:
    """Where to cut a paragraph that is too long: after a sentence, else after any punctuation, else anywhere."""
    for ends in ("。", ";", ",", "、"):
        place = text.rfind(ends, begin + _LONGEST // 2, latest)
        if place > 0:
            return place + 1
    return latest


def _paragraph(raw: str, matching: str, places: array[int], start: int, end: int) -> Paragraph:
    mark = MARK.match(matching, start, end)
    level = LEVELS.index(mark.lastgroup) if mark and mark.lastgroup else None
    return Paragraph(raw[start:end], matching[start:end], places[start:end], level, (mark.end() - start) if mark else 0)
