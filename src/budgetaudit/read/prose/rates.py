"""Changes and ratios: what the figures after 增加, 增长, 占 and 完成 are about, and what follows from them.

A change or ratio is about the line named before its cue, else about what the sentence is about. It is related to the
levels printed for that line: a base, the change that a rate goes with, the whole of a share, the budget of a completion
rate. Where nothing of it is printed, the figure is kept and asserts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from budgetaudit.model.budget import Unplaced
from budgetaudit.model.line import Measure, Phase
from budgetaudit.model.statement import Statement, Term
from budgetaudit.read.prose import comparisons as compared
from budgetaudit.read.prose.closing import explain_change
from budgetaudit.read.prose.cues import Basis, basis_of
from budgetaudit.read.prose.facts import LAST_YEAR, Fact, Subject
from budgetaudit.read.prose.levels import names_both_sides
from budgetaudit.read.prose.lists import UNMARKED, differs_by
from budgetaudit.read.prose.naming import GRAND_TOTALS, Naming, side_of
from budgetaudit.read.prose.state import NO_BASIS, Place, State
from budgetaudit.read.prose.wording import contradicted

_LINE_NOUN: Final = re.compile(
    r"(?:费|支出|收入|经费|资金|金额|拨款|补助|补贴|税|债|余额|限额|投资|采购|工资|奖金|基金|款|收支|人数|数)\Z"
)
_TOGETHER: Final = re.compile(r"(?P<count>[两二三四五])项?(?:合计|共计|总计|相加|之和)[^,。;]{0,6}\Z")
_NUMERALS: Final = "零一二三四五"


def place_change(state: State, place: Place) -> None:
    """A change, a rate of growth, or a change in percentage points."""
    subjects, phase, named = _about(state, place)
    if place.cue.role == "change of" and not named:
        thing = state.naming(place.passage, place.number.start - len(place.cue.whole), place.number.start)
        if thing.known:
            subjects, named = [state.known_subject(place.passage, thing)], True
    basis, own_basis = state.sentence.basis, basis_of(place.words)
    measure: Measure = "growth" if place.cue.role == "growth" else "change"
    against = "initial-budget" if place.cue.whole == "budget" else basis.against or "prior-year"
    sign = place.cue.sign
    if place.cue.whole == "change" and (last := state.last_fact) is not None:
        sign = last.sign  # 增加x，即p%
    unknown = Naming(place.start, place.cut, place.words or "?")
    for subject in subjects or [Subject(naming=unknown)]:
        fact = state.fact(place, subject, own=False, measure=measure, against=against, sign=sign)
        fact.comparable = own_basis is None or own_basis.comparable
        if place.amount.value < 0 and place.cue.sign < 0:
            fact.sign = 1  # 减少-5: the minus says once more what the word says
            state.remarks.append(contradicted(fact, "TXT002"))
        state.ledger.add(fact)
        if place.cue.role == "points":
            _relate_points(state, fact, subject)
        elif place.cue.whole != "average":
            relate(state, fact, subject, phase, named=named)
    if named:
        state.subjects = subjects
    explain_change(state)


def relate(state: State, fact: Fact, subject: Subject, phase: Phase | None, *, named: bool = True) -> None:
    """Relate a change or growth to its level, and to each other within the sentence."""
    current = _current(subject, phase)
    if current is None or not current.comparable:
        return
    sentence, basis = state.sentence, state.sentence.basis
    fact.level_id, fact.period = current.id, current.period
    base = None
    if basis.comparable:
        base = sentence.base if sentence.base in subject.facts else compared.base_of(current, basis, state.ledger)
    if basis.year is not None and basis.year == current.period and basis.against == "prior-year" and base is None:
        state.remarks.append(contradicted(fact, "TXT006", current))
    if fact.measure == "change":
        _relate_change(state, fact, subject, current, base)
    else:
        _relate_growth(state, fact, id(subject), current, base, named=named)


def _relate_change(state: State, change: Fact, subject: Subject, current: Fact, base: Fact | None) -> None:
    if not change.amount.unit.measures_like(current.amount.unit):
        return
    key = id(subject)
    state.sentence.changes[key] = change
    if base is None and state.sentence.basis is NO_BASIS:
        base = _other_print(subject, change, current) or _level_before(state, change, current)
    state.statements += compared.change_statements(change, current, base)
    growth = state.sentence.growths.pop(key, None)
    if growth is not None and growth.comparable and growth.against == change.against:
        state.statements.append(compared.growth_from_change(growth, change, current))


def _other_print(subject: Subject, change: Fact, current: Fact) -> Fact | None:
    """原来预算x，修订预算y，增加z: with no word of comparison, a print of the line that differs by just the change."""
    for fact in reversed(subject.facts):
        differs = fact is not current and differs_by(change, current, fact)
        if differs and (current.amount.value > fact.amount.value) == (change.sign > 0):
            return fact
    return None


def _level_before(state: State, change: Fact, current: Fact) -> Fact | None:
    """送审金额x，审定金额y，核减z: the level of the sentence right before, if it differs by just the change."""
    before = [fact for fact in state.recent(8, sentence=change.sentence) if fact.amount.unit == current.amount.unit]
    if len(before) < 2 or before[-1] is not current or not differs_by(change, current, before[-2]):
        return None
    return before[-2] if (current.value > before[-2].value) == (change.sign > 0) else None


def _relate_growth(state: State, growth: Fact, key: int, current: Fact, base: Fact | None, *, named: bool) -> None:
    change = state.sentence.changes.get(key)
    if change is None:
        statements = compared.growth_from_levels(growth, current, base)
        state.statements += statements
        if not statements:
            state.sentence.growths[key] = growth
        return
    if change.sign * change.amount.value * growth.sign * growth.amount.value < 0:
        state.remarks.append(contradicted(growth, "TXT001", change))
    if change.against != growth.against or (change.comparable and not growth.comparable):
        return
    if not named and current.passage != growth.passage and not compared.growth_fits(growth, change, current):
        return  # 相比上年总支出增加x，增幅p%, in a paragraph of its own: of a line that this is not
    state.statements.append(compared.growth_from_change(growth, change, _changed(state, growth, change, current)))
    if base is not None and base is state.sentence.base:
        state.statements += compared.growth_from_levels(growth, current, base)


def _relate_points(state: State, points: Fact, subject: Subject) -> None:
    """A change in percentage points is the difference of the last two percentages of a line."""
    ratios = [fact for fact in subject.facts if fact.amount.unit.kind == "percent"]
    if len(ratios) > 1 and ratios[-1].period != ratios[-2].period:
        current, base = sorted(ratios[-2:], key=lambda fact: fact.period or "")[::-1]
        points.period = current.period
        state.statements += compared.change_statements(points, current, base)


def _changed(state: State, growth: Fact, change: Fact, current: Fact) -> Fact:
    """What has changed: the line read last, or the total of its list where only that fits (其中A、B，同比增加x，增长p%)."""
    if change.amount.value == 0 or compared.growth_fits(growth, change, current):
        return current
    heads = [subject.current for subject in state.sentence.head or ()]
    for other in (*(frame.total for frame in reversed(state.frames)), *heads):
        if other is None or not other.amount.unit.measures_like(change.amount.unit):
            continue
        if compared.growth_fits(growth, change, other):
            for fact in (growth, change):
                fact.label, fact.known, fact.within, fact.level_id = other.label, other.known, other.within, other.id
            return other
    return current


def _current(subject: Subject, phase: Phase | None) -> Fact | None:
    """The level that a change leads to: of the phase its words name, of the latest period; never a base."""
    levels = [fact for fact in subject.facts if not fact.is_base]
    levels = [fact for fact in levels if phase is None or fact.phase == phase] or levels
    return max(reversed(levels), key=lambda fact: (fact.period != LAST_YEAR, fact.period or ""), default=None)


def place_share(state: State, place: Place) -> None:
    """A share: of the whole its words name, else of the total of its list."""
    subjects, _, _ = _about(state, place)
    if not subjects:
        place_other(state, place)
        return
    subject = subjects[0]
    parts = _together(state, place) or [part for part in (subject.current,) if part is not None]
    fact = state.ledger.add(state.fact(place, subject, own=False, measure="share", against=place.cue.whole or None))
    whole, state.sentence.whole = state.sentence.whole, None
    if parts and whole is None:
        whole = _whole(state, place, fact, parts)
    if not parts or whole is None:
        return
    if not place.cue.whole and whole.section != fact.section and not compared.ratio_fits(fact, parts[-1], whole):
        return  # a whole that no word names, from another section
    fact.against = whole.label
    _retotal(state, parts, whole)
    state.statements.append(compared.share_statement(fact, parts, whole))
    for frame in state.frames:
        if frame.total is whole and len(parts) == 1:
            frame.shares[parts[0].id] = fact


def _retotal(state: State, parts: Sequence[Fact], whole: Fact) -> None:
    """其中A x，占总收入的p%: the list is about the whole that its first share names."""
    frame = state.frames[-1] if state.frames else None
    if frame is not None and frame.members == list(parts) and not frame.shares and not frame.bracket:
        frame.total = whole


def _whole(state: State, place: Place, share: Fact, parts: Sequence[Fact]) -> Fact | None:
    part = parts[-1]
    frames = [
        frame for frame in reversed(state.frames) if frame.level in {None, UNMARKED} or place.passage.level is not None
    ]  # fmt: skip
    totals = [
        total for frame in frames for total in (frame.total, *frame.others) if total is not None and total not in parts
    ]  # fmt: skip
    if place.cue.whole:
        return compared.whole_named(place.cue.whole, share, part, state.ledger, totals, state.setting.bodies)
    if totals:
        return _total_of_list(state, share, part, totals)
    return _level_that_fits(state, share, part, beside=parts)


def _total_of_list(state: State, share: Fact, part: Fact, totals: Sequence[Fact]) -> Fact:
    """What 占10% is a share of: the total of the list; of several lists around it the innermost that fits."""
    fitting = next((total for total in totals if compared.ratio_fits(share, part, total)), None)
    if fitting is not None:
        return fitting
    outer = next((frame.total for frame in reversed(state.frames[:-1]) if frame.total is not None), None)
    after_semicolon = len(state.frames[-1].members) - 1 in state.frames[-1].breaks
    return outer if after_semicolon and outer is not None else totals[0]


def _together(state: State, place: Place) -> list[Fact]:
    """两项合计占: the last members of the list, as many as the words count."""
    found = _TOGETHER.search(place.passage.folded[max(0, place.cut - 10) : place.cut])
    if found is None or not state.frames:
        return []
    count = _NUMERALS.find(found["count"].replace("两", "二"))
    members = state.frames[-1].members[-count:]
    return list(members) if len(members) == count else []


def place_rate(state: State, place: Place) -> None:
    """A completion rate: outturn over the budget its words name."""
    subjects, _, _ = _about(state, place)
    if not subjects:
        place_other(state, place)
        return
    subject = subjects[0]
    actual = compared.outturn(subject, state.ledger)
    budget, state.sentence.whole = state.sentence.whole, None
    if budget is None or budget not in subject.facts:
        budget = None if actual is None else compared.budget_for(actual, place.cue.whole, state.ledger)
        budget = budget or _unmarked_budget(subject, actual)
    fact = state.ledger.add(state.fact(place, subject, own=False, measure="rate"))
    if actual is not None and budget is None and not place.cue.whole:
        budget = _level_that_fits(
            state, fact, actual, beside=[actual]
        )  # 合计149.63万元，实际发放107.78万元，执行率72.03%
    fact.against = "adjusted-budget" if budget is not None and budget.phase == "adjusted" else "initial-budget"
    if actual is not None and budget is not None and actual is not budget:
        state.statements.append(compared.rate_statement(fact, actual, budget))


def _level_that_fits(state: State, ratio: Fact, part: Fact, *, beside: Sequence[Fact]) -> Fact | None:
    """With no word for what a ratio is taken of: the latest level of the paragraph that it fits."""
    before = [
        level for level in state.recent(40, passage=ratio.passage)
        if level not in beside and level.amount.unit.measures_like(part.amount.unit)
    ]  # fmt: skip
    return next((level for level in reversed(before) if compared.ratio_fits(ratio, part, level)), None)


def _unmarked_budget(subject: Subject, actual: Fact | None) -> Fact | None:
    """资金520万元，已支出388万元，支付率75%: the other print of a line that has just two."""
    others = [fact for fact in subject.facts if fact is not actual and fact.is_level]
    if actual is None or actual.phase != "actual" or len(others) != 1 or others[0].phase_said:
        return None
    return others[0] if others[0].amount.unit.measures_like(actual.amount.unit) else None


def place_other(state: State, place: Place) -> None:
    """A ratio with a name of its own (办结率100%), an average, a multiple."""
    is_average, is_percent = place.cue.role == "average", place.amount.unit.kind == "percent"
    whole_clause = is_average or place.cue.role == "rate"
    naming = state.naming(place.passage, place.start, place.number.start if whole_clause else place.cut)
    measure: Measure = "average" if is_average else "rate" if is_percent else "amount"
    for clause in reversed(place.clauses[:-1]):
        if naming.label or clause.mark in {"。", ";"}:
            break
        naming = state.naming(place.passage, clause.start, clause.end)
        measure = "share" if naming.known and is_percent else measure
    if not naming.label and not state.subjects:
        state.unplaced.append(Unplaced(place.amount, place.number.source, "no name"))
        return
    subject = state.subject(place.passage, naming) if naming.label else state.subjects[0]
    fact = state.ledger.add(state.fact(place, subject, own=True, measure=measure))
    subject.facts.append(fact)
    if state.sentence.head is None:
        state.subjects = state.sentence.head = [subject]
    if is_average:
        _weigh_average(state, fact)


def _weigh_average(state: State, average: Fact) -> None:
    """人员42人，经费77.70万元，人均1.85万元: the amount over the count, both of the sentence."""
    before = [fact for fact in state.recent(12, sentence=average.sentence) if fact is not average]
    amounts = [fact for fact in before if fact.measure == "amount" and fact.amount.unit.kind == "money"]
    counts = [fact for fact in before if fact.measure == "count"]
    if amounts and counts:
        terms = (Term(average.id, "ratio"), Term(amounts[-1].id, "numerator"), Term(counts[-1].id, "denominator"))
        state.statements.append(Statement("average", terms, source=average.number.source))


def _about(state: State, place: Place) -> tuple[list[Subject], Phase | None, bool]:
    """The subjects a change or ratio is about, the phase its words name, and whether they name the line."""
    passage, start, end = place.passage, place.start, place.cut
    basis = basis_of(passage.folded[start:end])
    pieces = [(start, end)] if basis is None else [(start + basis.end, end), (start, start + basis.start)]
    for first, last in pieces:
        naming = state.naming(passage, first, last)
        if (account := _other_account(state, place, naming)) is not None:
            return [account], naming.phase, True
        if not naming.label or (naming.generic and not naming.known) or _is_circumstance(state, naming):
            if naming.label and not state.subjects:
                return [state.subject(passage, naming)], naming.phase, True
            if naming.phase:
                return state.subjects, naming.phase, False
            continue
        if names_both_sides(passage, naming):
            return state.known_sides(naming), naming.phase, True
        if _abbreviates(state, passage.folded[naming.start : naming.end]):
            return state.subjects, naming.phase, False
        return [state.known_subject(passage, naming)], naming.phase, True
    for clause in reversed(place.clauses[:-1]):
        words = passage.text(clause)
        if clause.mark in {"。", ";"} or "原因" in words or "由于" in words:
            break
        before = basis_of(words)
        naming = state.naming(passage, clause.start, clause.end if before is None else clause.start + before.start)
        if naming.known:
            return [state.known_subject(passage, naming)], naming.phase, True
    if basis is not None and basis.start == 0:
        _return_to_head(state, place, basis)
    return state.subjects or _of_heading(state), None, False


def _return_to_head(state: State, place: Place, basis: Basis) -> None:
    """较上年增加x，其中…；较年初预算数减少y: the line that the sentence began with again, against another base."""
    head = state.sentence.head
    if head and len(place.clauses) > 1 and place.clauses[-2].mark == ";":
        change = state.sentence.changes.get(id(head[0]))
        if change is not None and change.against != basis.against:
            state.subjects = head


def _other_account(state: State, place: Place, naming: Naming) -> Subject | None:
    """收入合计x，支出合计y，收入增加a，支出增加b: the side that the sentence is not about."""
    topic = state.subjects[0].naming if state.subjects else None
    side = side_of(naming.label) if naming.label in {"收入", "支出"} else None
    if side is None or topic is None or side_of(topic.label) in {None, side}:
        return None
    wholes = [
        level for level in state.recent(40, passage=place.passage.number)
        if side_of(level.label) == side and (level.generic or level.label in GRAND_TOTALS) and not level.listed
    ]  # fmt: skip
    return state.subject_of(wholes[-1]) if wholes else None


def _abbreviates(state: State, words: str) -> bool:
    """Whether words are the beginning of the name that the sentence is about: 一般公共预算财政拨款 for its 支出."""
    name = state.subjects[0].naming if len(state.subjects) == 1 else None
    return name is not None and len(words) > 3 and name.label != words and name.label.startswith(words)


def _is_circumstance(state: State, naming: Naming) -> bool:
    """Words before a change that name no line: 于年中采购设备后比上年增加."""
    named = naming.known or naming.within or next(state.ledger.levels(naming.label), None) is not None
    return not named and bool(state.subjects) and not _LINE_NOUN.search(naming.label)


def _of_heading(state: State) -> list[Subject]:
    if state.heading is None or state.heading.naming is None:
        return []
    level = next(state.ledger.levels(state.heading.naming.label), None)
    return [Subject([level] if level else [], state.heading.naming, state.heading.printed)]
