"""Lists: totals and the figures named below them.

A list opens with a word (其中, 包括, 按…分类为), a bracket or a row of marked paragraphs, and it closes with its bracket, its
sentence or its paragraphs. Whether it names all parts cannot be read from the word alone, and where a nested list ends
is often not marked at all. Three things decide: the words that promise a complete list, the known lines of a total
(基本支出 is 人员经费 and 公用经费), and the printed figures themselves, because a list that adds up is a complete one. What none
of these shows to be complete is only said to lie within its total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate, compress
from operator import mul
from typing import Final, Literal

from budgetaudit.model.line import Phase
from budgetaudit.model.source import Source
from budgetaudit.model.statement import Statement, Term
from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.naming import side_of
from budgetaudit.read.prose.partitions import known_extent
from budgetaudit.read.prose.wording import count_statement

UNMARKED: Final = -1  # the level of a list of paragraphs without marks
Style = Literal["complete", "within", "bracket", "marks"]

# Words at the end of a clause that open a list of all parts, and those that open a list of some.
_COMPLETE: Final = re.compile(
    r"(?:按[^,。]{0,16}(?:分类|划分|类别|类型|分|性质|用途|科目|来源|级次|功能|构成|结构)(?:为|是|看|分为|如下)?|分为|分类为|分别(?:为|是)|分成?[两三四五六七八九](?:项|类|部分|块|大块)|由|构成(?:如下|为|情况为)?|组成(?:如下)?"
    r"|(?<!主要)包括(?!但)|主要用于以下(?:几个)?方面|用于以下(?:几个)?方面|主要用途如下|(?:具体)?(?:情况|明细|构成|结构|用途|支出)(?:如下|是|为)|具体(?:为|是|包括)|如下)(?:[一二三四五六七]?(?:部分|项|类|个方面|大类))?\Z"
)
_WITHIN: Final = re.compile(r"(?:其中|主要包括|主要有|主要是|主要为|包含|含|内含)\Z")
_OF_FRONT: Final = re.compile(
    r"\A[^,。中]{2,14}(?:支出|收入|经费|资金)(?:之|当)?中(?=[^央小学等期介心型级长外医]|医疗)"
)
_MAIN_ONES: Final = re.compile(r"主要(?!用)[^,。]{0,10}如下\Z")  # 主要支出科目情况如下
_WITHIN_FRONT: Final = re.compile(
    r"\A(?:其中(?:主要是|主要为|主要包括)?|含|内含|包含|包括|主要(?:为|是|包括|有|用于(?!以下)))(?=.)"
)
_SEEN_FROM: Final = re.compile(r"(?:从|分|按)[^,。:]{1,12}(?:来看|看|分析)\Z")
_OF: Final = re.compile(r"(?:\A|预算|决算|支出|收入|经费|资金|总额|合计|数|费)(?:数|额)?(?:之|当)?中\Z")
_BY: Final = re.compile(
    r"\A(?P<subject>[^,。]{0,30}?)按[^,。]{0,20}(?:分类|划分|类别|类型|分|性质|用途|科目|来源|级次|功能)"
)


@dataclass(slots=True, eq=False)
class Frame:
    """An open list.

    Attributes:
        total: The figure the members are parts of.
        others: Further prints of the total's line (its budget beside its outturn), which have parts of their own.
        breaks: Numbers of members before which a semicolon stands.
        colon: Whether a colon opens it, so that a semicolon separates its members and does not end it.
        counted: A count of its members printed before it (3个项目：).
        by_scheme: Whether a scheme divides the total (按经济分类), so that one part alone leaves a rest.
        level: Depth of the marks of the paragraphs that are members, `UNMARKED` if they have none; None for a list
            within a sentence.
        tight: Whether the total is the figure right before the list, so that parts cannot exceed it by a misreading.
        near: Whether the total was read right before the list opened; one from far above is only believed if it fits.
        numbered: Whether its members carry list marks of their own in the text (其中：1、…。2、…).
        waiting: Whether its members are still to come, in the next paragraphs.
        firm: How many members stood in the list when its sentence ended; later ones belong to it only if figures or
            known lines say so. None while the sentence goes on.
        shares: Percentages printed for members, by member.
    """

    total: Fact | None
    style: Style
    source: Source | None = None
    others: Sequence[Fact] = ()
    bracket: bool = False
    colon: bool = False
    counted: Fact | None = None
    by_scheme: bool = False
    level: int | None = None
    near: bool = True
    tight: bool = True
    numbered: bool = False
    waiting: bool = False
    firm: int | None = None
    members: list[Fact] = field(default_factory=list[Fact])
    breaks: set[int] = field(default_factory=set[int])
    shares: dict[str, Fact] = field(default_factory=dict[str, Fact])

    def of(self, period: str | None, phase: Phase | None) -> Frame:
        """The same list with only the members of one period and phase."""
        keeps = [(fact.period, fact.phase) == (period, phase) for fact in self.members]
        before = [0, *accumulate(keeps)]
        firm = None if self.firm is None else before[self.firm]
        return replace(
            self,
            members=list(compress(self.members, keeps)),
            firm=firm,
            breaks={before[place] for place in self.breaks},
        )


def opener(clause: str) -> Style | None:
    """Whether the end of a clause opens a list, and of which style."""
    if _COMPLETE.search(clause) and not _MAIN_ONES.search(clause):
        return "complete"
    if _SEEN_FROM.search(clause):
        return "within"
    return "within" if _WITHIN.search(clause) or _MAIN_ONES.search(clause) or _OF.search(clause) else None


def front_opener(clause: str) -> int:
    """How many characters at the front of a clause open a list of parts (其中人员经费, 基本支出中人员经费); 0 for none."""
    found = _WITHIN_FRONT.match(clause) or _OF_FRONT.match(clause)
    return found.end() if found else 0


def listed_subject(clause: str) -> str | None:
    """Of 支出按经济分类为: the words that name what is divided; None where nothing is divided by a scheme."""
    if _SEEN_FROM.match(clause):
        return ""
    found = _BY.match(clause)
    return found["subject"] if found else None


def settled(
    frame: Frame, candidates: Sequence[Fact] = (), *, nested: bool = False
) -> tuple[list[Statement], list[Fact]]:
    """What a closed list asserts, and the members that turn out to belong to the list around it.

    Args:
        frame: The list.
        candidates: Levels printed before it; one of them is its total where the words leave open what is divided and
            the members add up to it.
        nested: Whether another list stands around it, to which members after a semicolon may belong.
    """
    counted = _counted(frame)
    if frame.total is None:
        return counted, list(frame.members)
    if not frame.bracket and (by_name := _by_name(frame, frame.total, candidates)):
        return by_name + counted, []
    total = _divided(frame, frame.total, candidates)
    statements, rest = _settled(frame, total, nested=nested)
    statements += counted
    for other in frame.others:
        if not other.amount.unit.measures_like(total.amount.unit):
            statements += _settled(frame, other)[0]
        elif other is not total and (other.period, other.phase) != (total.period, total.phase):
            alike = frame.of(other.period, other.phase)
            if any(said.complete and len(said.terms) - 1 == len(alike.members) > 1 for said in statements):
                alike = replace(alike, firm=None, style="complete", near=True, level=None)  # its lines in another year
            statements += _settled(alike, other)[0]
    return statements, rest


def _by_name(frame: Frame, total: Fact, candidates: Sequence[Fact]) -> list[Statement]:
    """送审x、审定y，其中预算送审a、审定b；结算送审c、审定d: parts of two or more figures that go by the names of these."""
    members = {id(fact) for fact in frame.members}
    wholes = [fact for fact in candidates if fact.sentence == total.sentence and id(fact) not in members]
    parts = [
        [fact for fact in frame.members if fact.label == whole.label and _comparable(fact, whole)] for whole in wholes
    ]
    if sum(bool(named) for named in parts) < 2:
        return []
    statements: list[Statement] = []
    for whole, named in zip(wholes, parts, strict=True):
        fits = len(named) > 1 and adds_up(whole, named)
        if fits or (named and _sum(named) <= whole.value):
            says: Literal["split", "of-which"] = "split" if fits else "of-which"
            statements.append(parts_statement(says, whole, named, complete=fits, source=frame.source))
    return statements


def _counted(frame: Frame) -> list[Statement]:
    """A count and the items that a list after it names."""
    firm = len(frame.members) if frame.firm is None else frame.firm
    items = [fact for fact in frame.members[:firm] if fact.amount.unit.kind == "money"]
    if frame.counted is None or len(items) < 2:
        return []
    return [count_statement(frame.counted, len(items), is_open=False)]


def _divided(frame: Frame, total: Fact, candidates: Sequence[Fact]) -> Fact:
    same = [fact for fact in frame.members if _comparable(fact, total)]
    if len(same) < 2:
        return total
    if side_of(total.label) == "income" and all(side_of(fact.label) == "spending" for fact in same):
        spending = [fact for fact in candidates[-8:] if side_of(fact.label) == "spending" and fact not in same]
        known = [fact for fact in spending if known_extent(fact.label, [part.label for part in same]) == len(same)]
        fitting = [fact for fact in spending if adds_up(fact, same)]
        return (fitting or known or [total])[-1]  # 收入x，支出x，其中：基本支出…
    if adds_up(total, same):
        return total
    labels = [fact.label for fact in same]
    if known_extent(total.label, labels) is None:
        parent = [
            fact for fact in candidates[-8:] if fact.passage == total.passage and known_extent(fact.label, labels)
        ]
        if parent:
            return parent[-1]  # 收入x，支出y，其中：基本支出…
    larger = [fact for fact in frame.others if fact.same_line_as(total) and _sum(same) <= fact.value]
    if larger and _sum(same) > total.value:
        return larger[-1]  # 资金7505万元，已支出2171万元，其中…: parts of the first
    printed_again = [
        fact for fact in frame.others if all(_comparable(part, fact) for part in same) and adds_up(fact, same)
    ]
    if printed_again:
        return printed_again[-1]
    if frame.style != "complete" and not frame.by_scheme:
        return total
    value, slack = _sum(same), _slack(same)
    fitting = [
        fact
        for fact in candidates
        if _fits(fact, value, slack) and fact not in same and all(_comparable(part, fact) for part in same)
    ]
    return fitting[-1] if fitting else total


def _settled(frame: Frame, total: Fact, *, nested: bool = False) -> tuple[list[Statement], list[Fact]]:
    same = _one_a_line([fact for fact in frame.members if _comparable(fact, total, bracket=frame.bracket)], total)
    lines = {fact.line for fact in same}
    elsewhere = [fact for fact in frame.members if fact.line not in lines]
    if (again := _told_again(total, same)) is not None:
        if frame.firm is None or same[again] in frame.members[: frame.firm]:
            return [], elsewhere
        same = same[:again]  # 支出x，其中：a、b。支出x，比上年增加c: the list is over
    if not same or _are_sides(same):
        return [], elsewhere
    cut, complete = _extent(frame, total, same, nested=nested)
    parts, rest = same[:cut], same[cut:]
    if not parts:
        return [], rest
    for part in parts:
        if not part.phase_said:
            part.phase = total.phase  # what stands in a list is of the phase of its total
    single_of_scheme = frame.style == "complete" and len(parts) == 1 and frame.by_scheme
    says: Literal["split", "of-which"] = "split" if complete or single_of_scheme else "of-which"
    far = total.measure == "count" and parts[0].sentence != total.sentence
    doubtful = far or not frame.tight or frame.level is not None or 0 in frame.breaks
    if says == "of-which" and doubtful and _sum(parts) > total.value + _slack((total, *parts)):
        return [], rest  # such a list was rather misread than is wrong
    return [parts_statement(says, total, parts, complete=complete, source=frame.source)], rest


def _told_again(total: Fact, members: Sequence[Fact]) -> int | None:
    """Which of the figures of a list is its total once more."""
    same = (fact.known and fact.same_line_as(total) and fact.amount == total.amount for fact in members)
    return next((place for place, again in enumerate(same) if again), None)


def _one_a_line(facts: Sequence[Fact], total: Fact) -> list[Fact]:
    """One print of each line: that of the total's phase, where words name it."""
    kept: list[Fact] = []
    places: dict[object, int] = {}
    for fact in facts:
        place = places.setdefault(fact.line, len(kept))
        if place == len(kept) or not (fact.known or fact.sentence == kept[place].sentence):
            kept.append(fact)
        elif fact.phase == total.phase and fact.phase_said and not kept[place].phase_said:
            kept[place] = fact
    return kept


def _comparable(fact: Fact, total: Fact, *, bracket: bool = False) -> bool:
    """Whether a figure can be a part of a total: of the same unit, and of its year and phase where words name them."""
    return (
        fact.is_level
        and fact is not total
        and (fact.is_base == total.is_base or (fact.period == total.period and fact.period_said))
        and fact.amount.unit.measures_like(total.amount.unit)
        and fact.amount.unit.kind in {"money", "count", "number"}
        and (bracket or fact.period == total.period or not (fact.period_said and total.period_said))
        and (fact.phase == total.phase or None in (fact.phase, total.phase) or not fact.phase_said)
    )


def _are_sides(members: Sequence[Fact]) -> bool:
    """收入总计 and 支出总计 below one heading are two sides, not two parts."""
    return any("收入" in fact.label for fact in members) and any(
        "支出" in fact.label and "收入" not in fact.label for fact in members
    ) and len(members) == 2  # fmt: skip


def _extent(frame: Frame, total: Fact, members: Sequence[Fact], *, nested: bool) -> tuple[int, bool]:
    """How many of the members belong to the list, and whether they are all of its parts."""
    belong = set(map(id, members))
    firm = members if frame.firm is None else [fact for fact in frame.members[: frame.firm] if id(fact) in belong]
    known = known_extent(total.label, [fact.label for fact in members])
    if known is not None and known == len(firm) and adds_up(total, firm):
        return known, True
    if known is not None and not (known < len(members) and adds_up(total, members)):
        return known, True
    values, slacks = accumulate(fact.value for fact in members), accumulate(fact.half for fact in members)
    sums = list(enumerate(zip(values, slacks, strict=True), 1))[1:]
    fitting = [size for size, (value, slack) in sums if _fits(total, value, slack)]
    exact = [size for size, (value, _) in sums if value == total.value]
    if fitting:
        return (exact or fitting)[-1], True
    semicolon = _end_at_semicolon(frame, len(members))
    if nested and semicolon:
        return semicolon, frame.style == "complete" and semicolon > 1
    filled = len(frame.shares) == len(members) > 1 and shares_fill(frame.shares.values())
    if filled:
        return len(members), True
    if frame.style == "complete" and len(firm) > 1 and frame.near and (frame.tight or frame.level is None):
        return len(firm), True
    if not frame.near:
        return (
            (1, False) if frame.by_scheme and len(members) == 1 else (0, False)
        )  # one part leaves a rest, however far
    return _within_extent(frame, total, firm), False


def _end_at_semicolon(frame: Frame, members: int) -> int:
    """Where a semicolon may end a list within a sentence: not between members that semicolons separate. 0 if nowhere."""
    first = min(frame.breaks, default=0)
    separates = frame.colon and first == 1
    return first if not frame.bracket and frame.level is None and not separates and 0 < first < members else 0


def _within_extent(frame: Frame, total: Fact, members: Sequence[Fact]) -> int:
    """A list that does not add up ends at its semicolon, or where it would grow beyond its total."""
    semicolon = _end_at_semicolon(frame, len(members))
    sums = list(accumulate((fact.value for fact in members), initial=Fraction(0)))
    if semicolon and sums[-1] > total.value:
        return semicolon
    if sums[-1] <= total.value + total.half + _slack(members):
        return len(members)
    fits = [size for size, value in enumerate(sums[:-1]) if size and value <= total.value]
    nested = frame.style == "within" and not frame.bracket and frame.level is None
    return fits[-1] if fits and nested and len(members) > 2 else len(members)


def parts_statement(
    says: Literal["split", "of-which"],
    total: Fact,
    parts: Sequence[Fact],
    *,
    weights: Sequence[int] = (),
    complete: bool = True,
    source: Source | None,
) -> Statement:
    """That figures, each times its weight (1 or -1), are the parts of a total, or lie within it."""
    signed = zip(parts, weights or [1] * len(parts), strict=True)
    terms = (Term(total.id, "total"), *(Term(part.id, "part", Fraction(weight)) for part, weight in signed))
    return Statement(says, terms, complete=complete, source=source)


def adds_up(total: Fact, parts: Sequence[Fact], weights: Sequence[int] = ()) -> bool:
    """Whether printed parts, each times its weight (1 or -1), can be all of a printed total within what places hide."""
    signed = _sum(parts) if not weights else sum(map(mul, weights, (part.value for part in parts)), Fraction(0))
    return _fits(total, signed, _slack(parts))


def first_that_fits(total: Fact, figures: Sequence[Fact]) -> int | None:
    """Where the longest stretch at the end of figures begins that adds up to a total, of at least two."""
    found, value, slack = None, Fraction(0), Fraction(0)
    for first in range(len(figures) - 1, -1, -1):
        value, slack = value + figures[first].value, slack + figures[first].half
        if first < len(figures) - 1 and _fits(total, value, slack):
            found = first
    return found


def _fits(total: Fact, value: Fraction, slack: Fraction) -> bool:
    return abs(total.value - value) <= total.half + slack


def differs_by(difference: Fact, one: Fact, other: Fact) -> bool:
    """Whether two printed figures can differ by a third."""
    gap = abs(one.value - other.value)
    return abs(gap - abs(difference.value)) <= _slack((difference, one, other))


def _sum(facts: Sequence[Fact]) -> Fraction:
    return sum((fact.value for fact in facts), Fraction(0))


def _slack(facts: Iterable[Fact]) -> Fraction:
    """Half a step of each printed figure."""
    return sum((fact.half for fact in facts), Fraction(0))


def shares_fill(shares: Iterable[Fact]) -> bool:
    """Whether printed shares add up to 100 within their rounding."""
    listed = list(shares)
    return abs(_sum(listed) - 100) <= sum((share.half for share in listed), Fraction(0))
