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
from budgetaudit.read.prose.balances import even
from budgetaudit.read.prose.closing import (
    close,
    close_all,
    explain_change,
    parts_by_name,
    sum_of_paragraph,
    sum_of_sentence,
)
from budgetaudit.read.prose.cues import YEAR_NAMED, basis_of
from budgetaudit.read.prose.facts import LAST_YEAR, Subject
from budgetaudit.read.prose.lists import UNMARKED, Frame, front_opener, opener
from budgetaudit.read.prose.naming import side_of
from budgetaudit.read.prose.opening import open_after_colon, open_bracket, open_list
from budgetaudit.read.prose.partitions import stand_together
from budgetaudit.read.prose.passage import Clause, Passage
from budgetaudit.read.prose.setting import is_heading
from budgetaudit.read.prose.state import NO_BASIS, State
from budgetaudit.read.prose.wording import comparison_in, says_unchanged, words_compare

_DEEPEST: Final = 24  # lists within lists; reading takes linear time whatever is opened and never closed

_LAST_YEAR: Final = re.compile(r"(?:(?<!加)上年(?!初|末)度?|去年|上一年度?)(?!结转|结余|同期|相比)")
_INNER_OPENER: Final = re.compile(r"[^,。]{0,40}?(?P<word>由|包括|分为|分别为|主要包括|其中)(?=[^,。]{2,})")
_BESIDE: Final = re.compile(r"此外|另外|除此之外")
_WIDE: Final = re.compile(r"全[省市县区州旗盟师镇乡国]|全街道")
_SAME: Final = re.compile(r"(?:持平|一致|相同|相等)")


# --- paragraphs -----------------------------------------------------------------------------------------------------


def enter(state: State, passage: Passage) -> None:
    """Settle which lists of earlier paragraphs a paragraph with figures continues."""
    sum_of_sentence(state)
    state.new_sentence()
    state.sections.sentences()
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
    sum_of_sentence(state)
    sum_of_paragraph(state, passage.number)
    parts_by_name(state, passage.number)
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
    if passage.level is None or not (passage.opens_a_row or passage.is_dashed):
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
        state.sections.heading(words, passage.level, first=passage.opens_a_row)
        naming = state.naming(passage, passage.body, len(passage.folded))
        state.heading = state.subject(passage, naming) if naming.label else None
        state.subjects = []
    else:
        state.sections.sentences()
        follow(state, passage, clauses)
        while state.frames and not state.frames[-1].waiting and state.frames[-1].level in {None, UNMARKED}:
            close(state)
    if last is not None and style is not None:
        open_list(state, passage, last, style)
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
        even(state, passage, clause)
        style = None if last else opener(words)
        if style and (clause.mark in {":", ",", "(", ""} or words.endswith("如下")):
            open_list(state, passage, clause, style)
        elif last and (front := front_opener(words)):
            open_list(state, passage, replace(clause, end=clause.start + front), "within")
        elif last and (inner := _INNER_OPENER.match(words)):
            open_list(state, passage, clause, "within" if inner["word"] in {"其中", "主要包括"} else "complete")
        elif clause.mark == ":" and place == 0 and clause.start > passage.body:
            open_after_colon(state, passage, clause)
        _punctuate(state, passage, clause)
    _end_at_other_side(state, passage, clauses[-1])
    _end_list_of_words(state, passage, clauses[-1])


def _end_sentence_lists(state: State) -> None:
    """此外，年初结转x: what is named beside a list ends it."""
    while state.frames and state.frames[-1].level is None and state.frames[-1].members and not state.frames[-1].bracket:
        close(state)


def _punctuate(state: State, passage: Passage, clause: Clause) -> None:
    match clause.mark:
        case "(":
            open_bracket(state, passage, clause)
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
            if not frame.members:
                frame.breaks.add(0)
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
    years = YEAR_NAMED.findall(words)
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


def _end_list_of_words(state: State, passage: Passage, clause: Clause) -> None:
    """其中：人员经费x，主要包括：工资、津贴；公用经费y: a list that held words alone is over, its total has figures beside it."""
    frame = state.open_frame(passage)
    if frame is None or frame.total is None or frame.members or frame.bracket or 0 not in frame.breaks:
        return
    label = state.naming(passage, clause.start, clause.end).label
    around = state.frames[-2].members if len(state.frames) > 1 else []
    if any(frame.total is fact for fact in around) or stand_together(frame.total.label, label):
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


def _close_bracket(state: State) -> None:
    if not any(frame.bracket for frame in state.frames):
        return
    while not (frame := close(state)).bracket:
        pass
    if frame.total is not None and frame.total.measure != "count":
        state.subjects = [state.subject_of(frame.total)]
