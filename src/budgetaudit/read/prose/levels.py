"""Levels: amounts and counts themselves, and the names they go by.

A name stands before its figure; where none does, the figure is another print of what the sentence is about (年初预算为x，
支出决算为y), belongs to the heading, or is named by the words behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from budgetaudit.model.statement import Remark, Statement, Term
from budgetaudit.read.prose.balances import balance
from budgetaudit.read.prose.closing import sum_up
from budgetaudit.read.prose.comparisons import change_statements
from budgetaudit.read.prose.cues import base_phase, is_scope_adjusted
from budgetaudit.read.prose.facts import LAST_YEAR, Fact, Subject
from budgetaudit.read.prose.lists import UNMARKED
from budgetaudit.read.prose.naming import TOTALS, Naming, phase_of, side_of
from budgetaudit.read.prose.passage import Passage, until_punctuation
from budgetaudit.read.prose.state import Place, State
from budgetaudit.read.prose.wording import count_statement, items_before

_CLOSERS: Final = re.compile(r"(?:合计|总计|总量|共计|总收入|总支出|财力|总额|总财力|总规模)(?:为|是|达到?|数)?\Z")
_ALTOGETHER: Final = re.compile(
    r"(?:共计|一共|总共|合计|共)(?:下达|安排|投入|拨付|支出|使用|到位|申请)?(?:资金|金额|经费)?(?:为|是|达)?"
)
_SOURCE_OF_FUNDS: Final = re.compile(r"拨款(?:安排|预算|决算)?\Z")
_APART: Final = re.compile(
    r"累计|目前|截至|[^,。]{0,8}已经?(?:拨付|支付|支出|使用|执行|完成支付)|不含|不包括|另|剔除|扣除|其余"
)  # beside a list, not in it
_FIRST_MARK: Final = re.compile(r"(?:[1一]|\([1一]\))[、.)]|[(]1[)]|①|一是")
_SCORE_WORDS: Final = re.compile(r"(?:自评|实际|评价|综合|最终|考核)?得?分?(?:值|数)?|满分|权重|标准分")
_SPENT: Final = re.compile(r"(?:支出|经费|费|补助|补贴|资金)\Z")
_IN_DIGITS: Final = re.compile(r"\((?:[¥￥:]|人民币|小写|大写|RMB|即|计)*\Z")
_SCORE_FOLLOWS: Final = re.compile(r"[,)、]{0,2}(?:自评|实际|评价)?得分?(?:为|是)?[0-9]")
_WEIGHT: Final = re.compile(r"满分|分值|权重|总分值|标准分")
BOTH_SIDES: Final = re.compile(
    r"收[、,]?支(?=总|预|决|均|各|较|比|与|同|相)|收入[、,和及与]?(?:总计[、,和及与])?支出(?=预?算?总|决?算?总|总|合)"
)
# Counter words that go with anything: what is counted follows them.
_GENERAL_COUNTERS: Final = frozenset({"个", "家", "项", "名", "条", "件", "所", "种", "类", "位"})


def place_level(state: State, place: Place) -> None:
    """An amount: a new line of the text, or another print of a line."""
    naming, subjects = _named(state, place)
    own = bool(naming.label)
    facts: list[Fact] = []
    for subject in subjects:
        fact = state.fact(place, subject, own=own, phase=naming.phase)
        if _IN_DIGITS.search(place.passage.folded, max(0, place.number.start - 12), place.number.start) and not own:
            _say_twice(state, place, fact)
        fact.comparable = not is_scope_adjusted(place.words)
        _place_in_time(state, place, fact, subject, own=own)
        if own:
            _gather_prints(state, fact, subject)
        subject.facts.append(fact)
        facts.append(state.ledger.add(fact))
    if len(facts) == 1:
        if own and _closes(place, naming):
            sum_up(state, facts[0])
        balance(state, facts[0])
    state.subjects = subjects
    if state.sentence.head is None and own and naming.label not in TOTALS and not any(fact.listed for fact in facts):
        state.sentence.head = subjects
    frame = state.open_frame(place.passage)
    if frame is not None and not frame.members and frame.level is None:
        frame.numbered = bool(_FIRST_MARK.match(place.words))
    apart = _APART.match(place.words)
    if len(facts) == 1 and naming.label not in TOTALS and not apart and (own or _may_be_member(state, place, subjects)):
        state.join(place.passage, facts[0])


def place_whole(state: State, place: Place) -> None:
    """完成年初预算985万元的x%, 占公用经费50万元的x%: what the next percentage is taken of."""
    words = place.cue.whole
    naming = state.naming_of(words)
    of_total = place.passage.folded[place.cut : place.cut + 1] == "占" and naming.label and not naming.phase
    named = bool(of_total) or not naming.generic  # 占总支出500万元的: no print of the part
    subject = next(iter(state.subjects), None)
    if named or subject is None:
        subject = Subject(naming=naming, printed=naming.label or words)
    fact = state.fact(place, subject, own=False, phase=phase_of(words))
    fact.is_base = not named
    subject.facts.append(state.ledger.add(fact))
    state.sentence.whole = fact
    if fact.is_base and _continues_member(state, [subject]):
        state.frames[-1].members.append(fact)


def place_count(state: State, place: Place) -> None:
    """A count is of what its counter word goes with: 车辆1辆, 5个部门, 公务接待30批次."""
    passage, counter = place.passage, place.amount.unit.counter or ""
    naming = state.naming(passage, place.start, place.cut)
    thing = re.split(r"[和及与、()]|[0-9]", until_punctuation(passage, place.number.end, most=12))[0]
    if thing and counter in _GENERAL_COUNTERS:
        naming = Naming(place.number.end, place.number.end + len(thing), thing)
    elif counter == "分" and (scored := _scored(state, place, naming)):
        naming = scored
    elif counter != "辆" and (not naming.label or naming.known):
        topic = naming.label or next((subject.naming.label for subject in state.subjects if subject.naming), "")
        naming = replace(naming, label=f"{topic}{counter}", known=False)
    again = None if thing or state.naming(passage, place.start, place.cut).label else _counted_before(state, place)
    subject = again or state.subject(passage, naming)
    fact = state.fact(place, subject, own=again is None, phase=naming.phase)
    subject.facts.append(state.ledger.add(fact))
    if counter == "分":
        _weigh_score(state, place, fact)
    if items := items_before(passage, place.number):
        state.statements.append(count_statement(fact, items[0], is_open=items[1]))
    if state.sentence.head is None:
        state.subjects = state.sentence.head = [subject]
    totals = (state.frames[-1].total, *state.frames[-1].others) if state.frames else ()
    if any(total is not None and total.amount.unit.measures_like(place.amount.unit) for total in totals):
        state.join(passage, fact)


def names_both_sides(passage: Passage, naming: Naming) -> bool:
    """Whether a name stands for income and spending together: 收、支总计, 收支较上年."""
    found = BOTH_SIDES.search(passage.folded, naming.start, naming.end + 1)
    if found is None or found.start() >= naming.end:
        return False
    return (
        found.start() == naming.start
        or "总" in found[0]
        or naming.fund is not None
        or not naming.label.endswith("收支")
    )


def _scored(state: State, place: Place, naming: Naming) -> Naming | None:
    """What a score or weight is of: 产出指标（50分），得分49分."""
    if naming.label and not _SCORE_WORDS.fullmatch(naming.label):
        return None
    for clause in reversed(place.clauses[:-1]):
        if clause.mark in {"。", ";"}:
            break
        before = state.naming(place.passage, clause.start, clause.end)
        if before.label and not _SCORE_WORDS.fullmatch(before.label):
            return before
    last = state.last_fact
    if last is not None and last.measure == "weight" and last.sentence == state.sentence.number:
        return state.subject_of(last).naming
    return state.subjects[0].naming if state.subjects else None


def _counted_before(state: State, place: Place) -> Subject | None:
    """What the sentence counts in the same unit: 培训250人，上年100人."""
    counts = [fact for fact in state.recent(8, sentence=state.sentence.number) if fact.amount.unit == place.amount.unit]
    return state.subject_of(counts[-1]) if counts and state.sentence.year != counts[-1].period else None


def place_difference(state: State, place: Place) -> None:
    """决算x、预算y，差值z: the difference of the two levels read last, whichever is larger."""
    if not state.subjects:
        place_level(state, place)
        return
    subject = state.subjects[0]
    fact = state.ledger.add(state.fact(place, subject, own=False, measure="change", against="initial-budget"))
    pair = [level for level in subject.facts[-2:] if level.amount.unit.measures_like(place.amount.unit)]
    if len(pair) == 2:
        more, less = sorted(pair, key=lambda level: level.amount.exact_value, reverse=True)
        fact.sign = 1 if more.phase == "actual" else -1
        current, base = (more, less) if fact.sign > 0 else (less, more)
        state.statements += change_statements(fact, current, base)


def _named(state: State, place: Place) -> tuple[Naming, list[Subject]]:
    """The name before a level and the subjects it stands for; an empty name where it goes on about the last ones."""
    passage = place.passage
    naming = state.naming(passage, place.start, place.cut)
    if _ALTOGETHER.fullmatch(place.words):
        naming = replace(naming, label="合计")
    if naming.label and names_both_sides(passage, naming):
        sides = state.sides(naming)
        for side in sides:
            side.printed = passage.raw[naming.start : naming.end]
        return naming, sides
    if (own := _paid_from(state, place, naming) or _other_side(state, passage, naming)) is not None:
        return own, [state.subject(passage, own)]
    naming = _as_outturn(state, naming)
    again = naming.generic and naming.phase and state.subjects and not _names_member(state, place)
    if naming.label and not again and not _other_year(state, naming):
        return naming, [state.subject(passage, naming)]
    topic = state.subjects[0].naming if state.subjects else None
    if naming.area and not naming.label and topic is not None:  # 全市x，其中市本级y
        part = replace(topic, area=naming.area, phase=naming.phase or topic.phase, start=naming.start, end=naming.end)
        return part, [Subject(naming=part, printed=naming.area)]
    follows = until_punctuation(passage, place.number.end)
    item = replace(naming, label=follows or "?", start=place.number.end, end=place.number.end + len(follows))
    if follows and not naming.phase and _opens_listed_paragraph(state, place):
        return item, [state.subject(passage, item)]
    if (earlier := _named_before(state, place)) is not None:
        earlier = replace(earlier, phase=naming.phase or earlier.phase)
        return earlier, [state.subject(passage, earlier)]
    if state.subjects:
        return replace(naming, label=""), state.subjects
    if state.heading is not None and state.heading.naming is not None:
        found = replace(state.heading.naming, phase=naming.phase or state.heading.naming.phase)
        return found, [Subject(naming=found, printed=state.heading.printed)]
    naming = _as_spending(passage, naming)
    return (
        (naming, [state.subject(passage, naming)]) if naming.label else (item, [Subject(naming=item, printed=follows)])
    )


def _other_side(state: State, passage: Passage, naming: Naming) -> Naming | None:
    """收入预算x，支出预算y: spending is no other print of income."""
    topic = state.subjects[0].naming if state.subjects else None
    spending = _as_spending(passage, naming)
    return spending if spending != naming and topic is not None and side_of(topic.label) == "income" else None


def _as_spending(passage: Passage, naming: Naming) -> Naming:
    """支出预算x with nothing before it is spending as a whole."""
    spends = not naming.label and passage.folded.startswith("支出", naming.start, naming.end)
    return replace(naming, label="支出") if spends else naming


def _as_outturn(state: State, naming: Naming) -> Naming:
    """会议费预算x，支出y: bare 支出 right behind the budget of a line that is spent is the outturn of that line."""
    budget, topic = state.last_fact, state.subjects[0] if len(state.subjects) == 1 else None
    if naming.label != "支出" or budget is None or topic is None or topic.level is not budget or budget.generic:
        return naming
    behind = budget.phase_said and budget.phase in {"budget", "adjusted"} and budget.sentence == state.sentence.number
    return replace(naming, label="", phase="actual") if behind and _SPENT.search(budget.label) else naming


def _other_year(state: State, naming: Naming) -> bool:
    """本年收入总计x，上年收入y: the same side of another year."""
    topic = state.subjects[0].naming if len(state.subjects) == 1 else None
    again = naming.label in {"收入", "支出"} and topic is not None and side_of(topic.label) == side_of(naming.label)
    return again and state.sentence.year not in {
        None,
        state.subjects[0].level.period if state.subjects[0].level else None,
    }


def _paid_from(state: State, place: Place, source: Naming) -> Naming | None:
    """机关运行经费，当年一般公共预算拨款x: the words at the number name the source of funds, the line stands before."""
    if source.fund is None or not _SOURCE_OF_FUNDS.search(place.passage.folded, source.start, place.cut):
        return None
    paid = _named_before(state, place)
    if paid is None or not paid.known or side_of(paid.label) is not None:
        return None
    return replace(paid, phase=source.phase or paid.phase, fund=source.fund)


def _named_before(state: State, place: Place) -> Naming | None:
    """A known line named in an earlier clause of the sentence: 行政运行，年初预算为x."""
    for clause in reversed(place.clauses[:-1]):
        if clause.mark in {"。", ";"}:
            return None
        naming = state.naming(place.passage, clause.start, clause.end)
        keyed = clause.mark == ":" and clause.start == place.passage.body and naming.label  # 收入：792万元
        if naming.known or naming.within or keyed:
            return naming
    return None


def _names_member(state: State, place: Place) -> bool:
    """Whether the number is the first of a marked paragraph that is a member of a list: ——预算补助x."""
    frame = state.open_frame(place.passage)
    return frame is not None and frame.level not in {None, UNMARKED} and place.index == 0


def _opens_listed_paragraph(state: State, place: Place) -> bool:
    """Whether the number is the first thing in a paragraph that is a member of a list."""
    frame = state.open_frame(place.passage)
    before = place.passage.folded[place.passage.body : place.number.start]
    return frame is not None and frame.level is not None and place.index == 0 and not before.strip(":、.")


def _say_twice(state: State, place: Place, fact: Fact) -> None:
    """壹拾贰万元（125000元）: words and digits of one amount; where they differ, that is the finding, and no second one."""
    first = state.last_fact
    if first is None or first.passage != fact.passage or not first.amount.unit.measures_like(fact.amount.unit):
        return
    if _in_digits(first) != _in_digits(fact) and first.amount.exact_value != fact.amount.exact_value:
        both = place.passage.source(first.number.start, place.number.end)
        state.remarks.append(Remark("TXT005", both, (first.id, fact.id)))
        fact.known = False


def _in_digits(fact: Fact) -> bool:
    return any(character.isdigit() for character in fact.number.source.text)


def _may_be_member(state: State, place: Place, subjects: Sequence[Subject]) -> bool:
    frame = state.open_frame(place.passage)
    return (frame is not None and frame.level is not None) or _continues_member(state, subjects)


def _continues_member(state: State, subjects: Sequence[Subject]) -> bool:
    """Whether a figure without a name of its own is a further print of a listed line (预算数x，决算数y)."""
    members = state.frames[-1].members[-60:] if state.frames else []
    return any(fact in members for subject in subjects for fact in subject.facts[-12:])


def _place_in_time(state: State, place: Place, fact: Fact, subject: Subject, *, own: bool) -> None:
    """Give a base the year or phase its words name, 调整为 the adjusted budget, an unmarked print beside a budget the outturn."""
    match place.cue.role:
        case "from":
            _date_back(state, fact, subject, place.cue.whole)
            state.sentence.base = fact
        case "to" if "调整" in place.words:
            fact.phase, fact.phase_said = "adjusted", True
            if state.sentence.base is not None:
                state.sentence.base.period, state.sentence.base.phase = fact.period, "budget"
        case _ if not own and _is_earlier(fact, subject):
            fact.is_base = True
        case _ if fact.phase_said and fact.phase in {"budget", "adjusted"} and not own:
            level = subject.current
            if (
                level is not None
                and not level.phase_said
                and level.period == fact.period
                and level.phase in {None, fact.phase}
            ):
                level.phase = "actual"
                state.unmarked_outturns = True
        case _:
            pass


def _is_earlier(fact: Fact, subject: Subject) -> bool:
    """2019年收入x，上年收入y: a print of an earlier year is there to be compared with."""
    latest = subject.current.period if subject.current is not None else None
    return fact.period_said and None not in (fact.period, latest) and str(fact.period) < str(latest)


def _date_back(state: State, fact: Fact, subject: Subject, words: str) -> None:
    fact.is_base = True
    year = re.search(r"20[0-9]{2}|1[01][0-9](?=年)", words)
    latest = subject.level.period if subject.level is not None else state.setting.year
    if "年初" in words or "全年" in words:
        fact.period, fact.phase = latest, "adjusted" if "全年" in words else "budget"
    else:
        before = str(int(latest) - 1) if latest is not None and latest.isdecimal() else None
        fact.period = year[0] if year else before or LAST_YEAR
        fact.phase = base_phase(words, fact.phase)


def _gather_prints(state: State, fact: Fact, subject: Subject) -> None:
    """A line named again in its paragraph goes on with the prints it had: 2032年差旅费x，2031年差旅费y，增加z."""
    again = [other for other in state.ledger.facts[-20:] if other.passage == fact.passage and other.is_level]
    subject.facts[:0] = [other for other in again if other.same_line_as(fact) and other not in subject.facts]


def _closes(place: Place, naming: Naming) -> bool:
    """Whether a name is that of a total that closes the figures before it."""
    if (
        naming.label in TOTALS
        or _ALTOGETHER.match(place.words)
        or place.passage.folded[place.clauses[-1].start : place.clauses[-1].start + 1] == "="
    ):
        return True
    words = place.passage.folded[naming.start : max(naming.end, place.cut)]
    return bool(_CLOSERS.search(words)) or any("相加" in place.passage.text(clause) for clause in place.clauses)


def _weigh_score(state: State, place: Place, fact: Fact) -> None:
    """满分50分，得分49分: a score lies within its weight."""
    in_bracket = place.passage.folded[place.number.start - 1 : place.number.start] == "("
    scored = _SCORE_FOLLOWS.match(place.passage.folded, place.number.end)  # 产出指标50分，得49分
    if _WEIGHT.search(place.words) or (in_bracket and not place.words) or (scored and "得" not in place.words):
        fact.measure = "weight"
        return
    fact.measure = "score"
    weights = [other for other in state.recent(8, sentence=fact.sentence) if other.measure == "weight"]
    if weights:
        terms = (Term(fact.id, "left"), Term(weights[-1].id, "right"))
        state.statements.append(Statement("limit", terms, op="<=", source=fact.said))
