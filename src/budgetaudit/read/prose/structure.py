"""Structure: where lists open and close.

Punctuation, opening words (其中, 包括, 按…分类为), brackets and the marks of paragraphs change which lists are open. A list in a
sentence stays open to the end of its paragraph, because its members are often sentences of their own; a list of marked
paragraphs stays open until a heading or a higher mark comes. What a closed list asserts is decided in `lists`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from budgetaudit.read.prose import comparisons as compared
from budgetaudit.read.prose.closing import close, close_all, explain_change, sum_of_sentence
from budgetaudit.read.prose.cues import basis_of
from budgetaudit.read.prose.facts import LAST_YEAR, Fact, Subject
from budgetaudit.read.prose.lists import Frame, Style, front_opener, listed_subject, opener
from budgetaudit.read.prose.naming import GRAND_TOTALS, Naming, side_of
from budgetaudit.read.prose.passage import Clause, Passage
from budgetaudit.read.prose.setting import is_heading
from budgetaudit.read.prose.state import NO_BASIS, SIDES, State
from budgetaudit.read.prose.wording import comparison_in, says_unchanged, words_compare

UNMARKED: Final = -1  # the level of a list of paragraphs without marks
_DEEPEST: Final = 24  # lists within lists; reading takes linear time whatever is opened and never closed

_YEAR: Final = re.compile(
    r"(20[0-9]{2}|(?<![0-9])1[01][0-9](?=年度))年(?!以来|起)"
)  # 110年度: of the Republic of China
_LAST_YEAR: Final = re.compile(r"(?:(?<!加)上年(?!初|末)度?|去年|上一年度?)(?!结转|结余|同期|相比)")
_WIDE: Final = re.compile(r"全[省市县区州旗盟师镇乡国]|全街道")
_SUBJECT_ENDS: Final = re.compile(r"其中|包括|由|构成|分别|主要|分为|具体|[之当]?中\Z")
_INNER_OPENER: Final = re.compile(r"[^,。]{0,40}?(?P<word>由|包括|分为|分别为|主要包括|其中)(?=[^,。]{2,})")
_ACCOUNT_REACH: Final = 200  # figures back
_BESIDE: Final = re.compile(r"此外|另外|除此之外")
_SAME: Final = re.compile(r"(?:持平|一致|相同|相等)")


# --- paragraphs -----------------------------------------------------------------------------------------------------


def enter(state: State, passage: Passage) -> None:
    """Settle which lists of earlier paragraphs a paragraph with figures continues."""
    sum_of_sentence(state)
    state.new_sentence()
    _heading_in_text(state, passage)
    if state.frames and state.frames[-1].waiting and state.frames[-1].numbered and passage.level is None:
        close(state)
    while state.frames and not _goes_on(state.frames[-1], passage):
        close(state)
    top = state.frames[-1] if state.frames else None
    if top is None:
        _open_outline(state, passage)
        return
    if top.waiting:
        top.waiting, top.level = False, UNMARKED if passage.level is None else passage.level
    elif top.level is not None and passage.level is not None and passage.level > top.level >= 0 and top.members:
        state.frames.append(Frame(top.members[-1], "marks", level=passage.level))


def leave(state: State, passage: Passage) -> None:
    """Close the lists of a paragraph's sentences; one that is still empty waits for the next paragraphs."""
    while state.frames and state.frames[-1].level is None and not state.frames[-1].waiting:
        frame = state.frames[-1]
        empty = not frame.members and _ends_open(passage)
        outermost = len(state.frames) == 1 or state.frames[-2].level is not None
        open_row = frame.members and outermost and (passage.folded.endswith(";") or frame.numbered)
        if not frame.bracket and (empty or open_row):
            frame.waiting = True
            break
        close(state)
    for frame in state.frames:
        if frame.level == UNMARKED and frame.firm is None and passage.folded.endswith("。"):
            frame.firm = len(frame.members) or None
    state.heading = None
    if passage.level is not None:
        own = [
            fact
            for fact in takewhile(lambda fact: fact.passage == passage.number, reversed(state.ledger.facts))
            if fact.is_level
        ]
        state.outline = [(level, fact) for level, fact in state.outline if level < passage.level]
        state.outline += [(passage.level, own[-1])] if own else []


def _open_outline(state: State, passage: Passage) -> None:
    """（一）开展活动x万元 … 1.会议y万元; 2.培训z万元: marked paragraphs below a marked one may be its parts, if they add up."""
    if passage.level is None or not passage.opens_a_row:
        return
    above = [fact for level, fact in state.outline if level < passage.level]
    if above:
        state.frames.append(Frame(above[-1], "within", level=passage.level, near=False, tight=False))


def pass_by(state: State, passage: Passage) -> None:
    """A paragraph without figures: a heading, or words that may open a list for the next paragraphs."""
    clauses = passage.clauses(passage.body, len(passage.folded))
    last = next((clause for clause in reversed(clauses) if clause.end > clause.start), None)
    style = opener(passage.text(last)) if last is not None and _ends_open(passage) else None
    if is_heading(passage) and not (style and passage.level is None and passage.folded.endswith(("如下:", "其中:"))):
        lowest = state.frames[0].level if state.frames else None
        if state.frames and not state.frames[-1].waiting and (passage.level is None or passage.level <= (lowest or 0)):
            close_all(state)
        words = passage.folded[passage.body :]
        if not words.strip("|,、:"):
            return
        state.sections.heading(words, passage.level)
        naming = state.naming(passage, passage.body, len(passage.folded))
        state.heading = state.subject(passage, naming) if naming.label else None
        state.subjects = []
    else:
        follow(state, passage, clauses)
        while state.frames and not state.frames[-1].waiting and state.frames[-1].level in {None, UNMARKED}:
            close(state)
    if last is not None and style is not None:
        _open(state, passage, last, style)
        state.frames[-1].waiting = True


def _heading_in_text(state: State, passage: Passage) -> None:
    """A first sentence that only names a line (教育支出(类)…(项)。) is a heading set in the text."""
    end = passage.folded.find("。", passage.body, min(passage.numbers[0].start, passage.body + 80))
    if end > 0 and not re.search("[,;:]", passage.folded[passage.body : end]):
        naming = state.naming(passage, passage.body, end)
        if naming.within or naming.known:
            state.heading = state.subject(passage, naming)
            state.subjects = []


def _goes_on(frame: Frame, passage: Passage) -> bool:
    """Whether a list goes on with a paragraph, or over it: a paragraph without a mark may belong to the one before."""
    if frame.waiting:
        return True
    if frame.level is None:
        return False
    if passage.level is None:
        return True
    if passage.level == frame.level and passage.opens_a_row and frame.members:
        return False
    return passage.level >= frame.level >= 0


def _ends_open(passage: Passage) -> bool:
    return passage.folded.endswith((":", ",", "其中", "包括", "如下", "如下。"))


# --- within a paragraph ---------------------------------------------------------------------------------------------


def follow(state: State, passage: Passage, clauses: Sequence[Clause]) -> None:
    """Follow punctuation and opening words up to the last clause, which names the next number."""
    for place, clause in enumerate(clauses):
        while len(state.frames) > _DEEPEST:
            close(state)
        words = passage.text(clause)
        last = place == len(clauses) - 1
        _remember(state, words)
        if _BESIDE.match(words):
            _end_sentence_lists(state)
        if not last:
            _compare_in_words(state, passage, clause)
        style = None if last else opener(words)
        if style and (clause.mark in {":", ",", "(", ""} or words.endswith("如下")):
            _open(state, passage, clause, style)
        elif last and (front := front_opener(words)):
            _open(state, passage, replace(clause, end=clause.start + front), "within")
        elif last and (inner := _INNER_OPENER.match(words)):
            _open(state, passage, clause, "within" if inner["word"] in {"其中", "主要包括"} else "complete")
        elif clause.mark == ":" and place == 0 and clause.start > passage.body:
            _open_after_colon(state, passage, clause)
        _punctuate(state, passage, clause)
    _end_at_other_side(state, passage, clauses[-1])


def _end_sentence_lists(state: State) -> None:
    """此外，年初结转x: what is named beside a list ends it."""
    while state.frames and state.frames[-1].level is None and state.frames[-1].members and not state.frames[-1].bracket:
        close(state)


def _punctuate(state: State, passage: Passage, clause: Clause) -> None:
    match clause.mark:
        case "(":
            _open_bracket(state, passage, clause)
        case ")":
            _close_bracket(state)
        case "。":
            stop(state)
        case ";":
            if state.frames:
                state.frames[-1].breaks.add(len(state.frames[-1].members))
            state.sentence.basis = NO_BASIS
        case _:
            pass


def stop(state: State) -> None:
    """A sentence ends: the next one goes on about what this one began with.

    Its lists stay open to the end of the paragraph, but what comes later is a member only if figures or known lines say so.
    """
    for frame in state.frames:
        if frame.level is None and not frame.waiting and frame.firm is None:
            frame.firm = len(frame.members) or None
    if state.sentence.head is not None:
        state.subjects = state.sentence.head
    elif around := next(
        (frame.total for frame in state.frames if frame.level is None and frame.total is not None), None
    ):
        state.subjects = [state.subject_of(around)]
    sum_of_sentence(state)
    explain_change(state, ended=True)
    state.new_sentence()


def _remember(state: State, words: str) -> None:
    """Years and comparisons hold until the sentence ends."""
    if _WIDE.search(words):
        state.sentence.wide = True
    basis = basis_of(words)
    if basis is not None:
        state.sentence.basis = basis
        words = words[: basis.start] + words[basis.end :]
    years = _YEAR.findall(words)
    if years:
        state.sentence.year = years[-1]
    elif _LAST_YEAR.search(words):
        year = state.setting.year
        state.sentence.year = str(int(year) - 1) if year else LAST_YEAR


def _end_at_other_side(state: State, passage: Passage, clause: Clause) -> None:
    """收入x，其中：a、b；支出y: spending is no part of income, nor income of spending, and ends its list."""
    frame = state.open_frame(passage)
    if frame is None or frame.total is None or not frame.members or frame.bracket:
        return
    side, other = side_of(frame.total.label), side_of(state.naming(passage, clause.start, clause.end).label)
    if None not in (side, other) and side != other and side_of(frame.members[0].label) == side:
        close(state)


def _compare_in_words(state: State, passage: Passage, clause: Clause) -> None:
    """决算数小于预算数, 与上年持平: relations between figures already read, without a number of their own."""
    words = passage.text(clause)
    subject = state.subjects[0] if state.subjects else Subject()
    level = subject.current
    if level is None:
        return
    base = state.sentence.base
    if base is not None and base is not level and _SAME.match(words):
        state.statements.append(words_compare(level, "=", base, passage, clause.start, clause.end))
    elif says_unchanged(words):
        level.unchanged = True
        base = compared.base_of(level, basis_of(words) or NO_BASIS, state.ledger)
        if base is not None:
            state.statements.append(words_compare(level, "=", base, passage, clause.start, clause.end))
    elif found := comparison_in(words):
        actual = compared.outturn(subject, state.ledger)
        budget = None if actual is None else compared.budget_for(actual, found[0], state.ledger)
        if actual is not None and budget is not None and budget is not actual:
            state.statements.append(words_compare(actual, found[1], budget, passage, clause.start, clause.end))


def _open(state: State, passage: Passage, clause: Clause, style: Style) -> None:
    words = passage.text(clause)
    total = _divided(state, passage, words)
    if total is not None and total.period_said and not total.is_base and not _YEAR.search(words):
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


def _open_after_colon(state: State, passage: Passage, clause: Clause) -> None:
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


def _open_bracket(state: State, passage: Passage, clause: Clause) -> None:
    """A bracket right behind a figure opens a list of it; any other is only a level of brackets."""
    last = state.last_fact
    total = None
    if clause.end == clause.start and last is not None and last.passage == passage.number:
        total = last if last.measure == "count" else state.last_level
    state.frames.append(Frame(total, "bracket", bracket=True))


def _close_bracket(state: State) -> None:
    if not any(frame.bracket for frame in state.frames):
        return
    while not (frame := close(state)).bracket:
        pass
    if frame.total is not None and frame.total.measure != "count":
        state.subjects = [state.subject_of(frame.total)]


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
