"""Opening: which figure a list divides.

按经济分类为 divides the account it names, 其中 what the sentence is about, a bracket the figure before it. What was meant stays open
until the list is closed: its other prints and how near its total stands go with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from budgetaudit.read.prose.cues import YEAR_NAMED
from budgetaudit.read.prose.facts import Fact
from budgetaudit.read.prose.lists import UNMARKED, Frame, Style, listed_subject
from budgetaudit.read.prose.naming import GRAND_TOTALS, Naming, side_of
from budgetaudit.read.prose.passage import Clause, Passage
from budgetaudit.read.prose.state import SIDES, State

_SUBJECT_ENDS: Final = re.compile(r"其中|包括|由|构成|分别|主要|分为|具体|[之当]?中\Z")
_ACCOUNT_REACH: Final = 200  # figures back


def open_list(state: State, passage: Passage, clause: Clause, style: Style) -> None:
    """Open the list that the words of a clause announce."""
    words = passage.text(clause)
    total = _divided(state, passage, words)
    if total is not None and total.period_said and not total.is_base and not YEAR_NAMED.search(words):
        state.sentence.year = total.period  # 预算x，上年预算y，其中：a、b are of the year of x
    top = state.frames[-1] if state.frames else None
    if top is not None and not top.members:
        if top.bracket and top.style == "bracket":
            top.style = style
            return
        if top.level in {None, UNMARKED} and top.firm is None and not top.bracket and top.total is total:
            if top.level == UNMARKED:  # 其中：, and in the next paragraph 按项目类别：
                top.level, top.style, top.by_scheme = None, style, listed_subject(words) is not None
            return  # 其中：其中：
    source = passage.source(clause.start, clause.end) if clause.end > clause.start else None
    tight = _right_behind(state, total)
    state.frames.append(
        Frame(
            total, style, source=source, others=_other_prints(state, total), colon=clause.mark == ":",
            by_scheme=listed_subject(words) is not None,
            near=tight or total is None or (passage.number - total.passage <= 1 and listed_subject(words) != ""),
            tight=tight,
        )
    )  # fmt: skip


def open_after_colon(state: State, passage: Passage, clause: Clause) -> None:
    """项目支出70万元：①…②…; 安排3个项目：…: figures after a colon may be the parts of the one before it."""
    last = state.last_fact
    if last is None or last.passage != passage.number or not last.is_level:
        return
    counted = last if last.measure == "count" else None
    if clause.end > clause.start and counted is None:
        return
    levels = [subject.current for subject in state.subjects if subject.current is not counted]
    total = state.last_level if counted is None else next(iter(levels), None)
    source = passage.source(clause.start - 1, clause.end)
    state.frames.append(Frame(total, "within", source=source, counted=counted, tight=_right_behind(state, total)))


def open_bracket(state: State, passage: Passage, clause: Clause) -> None:
    """A bracket right behind a figure opens a list of it; any other is only a level of brackets."""
    last = state.last_fact
    total = None
    if clause.end == clause.start and last is not None and last.passage == passage.number:
        total = last if last.measure == "count" else state.last_level
    state.frames.append(Frame(total, "bracket", bracket=True))


def _divided(state: State, passage: Passage, words: str) -> Fact | None:
    """What a list divides: the line its words name, else what the sentence is about."""
    scheme = listed_subject(words)
    named = scheme if scheme is not None else _SUBJECT_ENDS.split(words)[0]
    naming = state.naming_of(named) if named else Naming(0, 0)
    if named.endswith(("收入", "支出")) and naming.generic and (account := _account(state, passage, named)) is not None:
        return account
    around = [frame for frame in state.frames if frame.firm is not None or words.endswith("如下")]
    if around and ((not named and scheme is not None) or words.endswith("如下")):
        return around[0].total
    if not naming.generic:
        levels = [fact for fact in state.ledger.levels(naming.label) if not fact.is_base]
        levels = [fact for fact in levels if fact.entity == naming.area] or levels
        meant = [fact for fact in levels if fact.phase == naming.phase] or levels
        near = [fact for fact in meant if fact.section == state.setting.section]
        if meant:
            return (near or meant)[0]
        if naming.known and words.endswith("中"):
            return None  # 三公经费决算中: of a line that is not printed
    last = state.last_fact
    if last is not None and last.measure == "count" and last.sentence == state.sentence.number:
        return last  # 30批次(其中外事接待26批次)
    level = state.last_level
    told_before = level is not None and level.measure == "count" and level.passage != passage.number
    return None if told_before else level


def _account(state: State, passage: Passage, named: str) -> Fact | None:
    """支出按经济分类为: all spending, as the paragraph prints it, else what the sentence is about, else the last print of it."""
    side = side_of(named)
    wholes = [
        fact for fact in reversed(state.ledger.facts[-_ACCOUNT_REACH:])
        if fact.label in GRAND_TOTALS and side_of(fact.label) == side and fact.is_level and not fact.is_base
    ]  # fmt: skip
    here = [fact for fact in wholes if fact.passage == passage.number]
    last = state.last_level
    about = [last] if last is not None and side_of(last.label) == side and not last.listed else []
    named_so = [fact for fact in here if fact.label in SIDES]
    return next(iter((*named_so, *about, *here, *wholes)), None)


def _right_behind(state: State, total: Fact | None) -> bool:
    """Whether nothing but changes and ratios stands between a total and its list."""
    since = [fact for fact in state.ledger.facts[-6:] if fact.is_level and not fact.is_base]
    return bool(since) and since[-1] is total


def _other_prints(state: State, total: Fact | None) -> Sequence[Fact]:
    """Further prints of a total (its budget beside its outturn), and counts that stand beside it (6个项目482.5万元)."""
    if total is None:
        return ()
    recent = [
        fact for fact in state.ledger.facts[-12:] if fact is not total and fact.is_level and fact.passage == total.passage
    ]  # fmt: skip
    again = [
        fact
        for fact in recent
        if fact.same_line_as(total) and (not fact.is_base or fact.phase in {"budget", "adjusted"})
    ]
    beside = {
        fact.amount.unit: fact
        for fact in recent
        if fact.amount.unit != total.amount.unit and "count" in {fact.measure, total.measure}
    }
    return (*again, *beside.values())
