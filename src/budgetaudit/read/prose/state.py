"""State: what is known between two numbers of a document.

What the sentence is about (`subjects`), the lists that are open (`frames`), what title and headings say (`setting`), and
all facts and statements so far. The modules that read punctuation (`structure`), levels, changes and ratios work on this;
it only answers questions about itself and makes facts from what is inherited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from budgetaudit.model.budget import Unplaced
from budgetaudit.model.line import Fund, Measure, Phase
from budgetaudit.model.statement import Remark, Statement
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import NUMBER
from budgetaudit.read.prose.cues import Basis, Cue
from budgetaudit.read.prose.facts import Fact, Ledger, Subject
from budgetaudit.read.prose.lists import UNMARKED, Frame
from budgetaudit.read.prose.naming import GRAND_TOTALS, Naming, name_in, side_of
from budgetaudit.read.prose.partitions import within
from budgetaudit.read.prose.passage import Clause, Number, Passage
from budgetaudit.read.prose.setting import Sections, Setting

SIDES: Final = ("收入总计", "支出总计")
_OF_APPROPRIATION: Final = ("财政拨款收入", "财政拨款支出")
NO_BASIS: Final = Basis()
_NO_NAME: Final = Naming(0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A number where it stands: the words of its clause from `start`, the cue that ends them, what led there.

    Attributes:
        index: Which number of the passage it is.
        clauses: The clauses since the number before, the last one ending at this number.
        start: Where its own clause begins, after a word that opens a list.
    """

    passage: Passage
    number: Number
    index: int
    amount: Amount
    clauses: Sequence[Clause]
    start: int
    cue: Cue

    @property
    def cut(self) -> int:
        """Where the words of the cue begin; what names the figure stands before."""
        return self.start + self.cue.at

    @property
    def is_cell(self) -> bool:
        """Whether the number has no unit of its own and its paragraph is no sentence: a row of a table."""
        printed = self.number.scanned.amount
        bare = printed is not None and printed.unit == NUMBER and self.amount.unit != NUMBER
        return bare and not self.passage.has_sentence

    @property
    def words(self) -> str:
        """The folded words of its clause."""
        return self.passage.folded[self.start : self.number.start]


@dataclass(slots=True)
class Sentence:
    """What is known while one sentence is read.

    Attributes:
        head: What it began with; the next sentence goes on about that.
        year, basis: The year it names, and what it compares with.
        wide: Whether it has come to a place as a whole (全镇), so that the place it began with (镇本级) holds no longer.
        base, whole: The figure that a comparison, or the next percentage, is taken of.
        changes, growths: Changes and rates of the sentence by their subject.
    """

    number: int
    head: list[Subject] | None = None
    year: str | None = None
    basis: Basis = NO_BASIS
    wide: bool = False
    base: Fact | None = None
    whole: Fact | None = None
    changes: dict[int, Fact] = field(default_factory=dict[int, Fact])
    growths: dict[int, Fact] = field(default_factory=dict[int, Fact])


class State:
    """What is known so far.

    Args:
        document: What title and first lines say about the whole document.
    """

    def __init__(self, document: Setting) -> None:
        self.document = document
        self.sections = Sections(document)
        self.ledger = Ledger()
        self.statements: list[Statement] = []
        self.remarks: list[Remark] = []
        self.unplaced: list[Unplaced] = []
        self.frames: list[Frame] = []
        self.outline: list[tuple[int, Fact]] = []  # first figures of the marked paragraphs that this one stands under
        self.subjects: list[Subject] = []
        self.heading: Subject | None = None
        self.sentence = Sentence(0)
        self.unmarked_outturns = False
        self.spread: list[Subject] = []
        self.spread_cue = Cue("level")

    @property
    def setting(self) -> Setting:
        """What holds here."""
        return self.sections.current

    def new_sentence(self) -> None:
        """Forget what held for the last sentence only."""
        self.sentence = Sentence(self.sentence.number + 1)

    def naming(self, passage: Passage, start: int, end: int) -> Naming:
        """The line that a stretch of a passage names."""
        return name_in(passage.folded, start, end, bodies=self.setting.bodies)

    def naming_of(self, words: str) -> Naming:
        """The line that folded words name."""
        return name_in(words, 0, len(words), bodies=self.setting.bodies)

    def recent(self, count: int, *, passage: int | None = None, sentence: int | None = None) -> Iterator[Fact]:
        """The levels among the facts read last, bases of comparisons left out, in reading order."""
        for fact in self.ledger.facts[-count:]:
            near = passage in {None, fact.passage} and sentence in {None, fact.sentence}
            if near and fact.is_level and not fact.is_base:
                yield fact

    @property
    def last_fact(self) -> Fact | None:
        """The fact read last."""
        return self.ledger.facts[-1] if self.ledger.facts else None

    @property
    def last_level(self) -> Fact | None:
        """The level of what the sentence is about."""
        levels = (subject.current for subject in self.subjects)
        return next((level for level in levels if level is not None and level.is_level), None)

    def subject(self, passage: Passage, naming: Naming) -> Subject:
        """A line that is named for the first time here."""
        return Subject(naming=naming, printed=passage.raw[naming.start : naming.end])

    def subject_of(self, fact: Fact) -> Subject:
        """The line of a fact."""
        return Subject(
            [fact], Naming(0, 0, fact.label, fact.known, fact.within, fact.fund, None, fact.entity), fact.printed
        )

    def known_subject(self, passage: Passage, naming: Naming) -> Subject:
        """The line of that name with the levels printed for it so far, in reading order."""
        for subject in self.subjects:
            if subject.naming is not None and subject.naming.label == naming.label:
                return subject
        subject = self.subject(passage, naming)
        levels = [
            fact for fact in self.ledger.levels(naming.label) if not naming.within or fact.within == naming.within
        ]
        near = levels if naming.known else [fact for fact in levels if fact.section == self.setting.section] or levels
        subject.facts = [fact for fact in near if fact.same_line_as(near[0])][::-1]
        return subject

    def sides(self, naming: Naming = _NO_NAME) -> list[Subject]:
        """Income and spending in total, which texts name together (收、支总计)."""
        told = naming.fund == "appropriation" and all(any(self.ledger.levels(label)) for label in _OF_APPROPRIATION)
        labels = _OF_APPROPRIATION if told else SIDES
        return [Subject(naming=replace(naming, label=label, known=True), printed=label) for label in labels]

    def known_sides(self, naming: Naming) -> list[Subject]:
        """Both sides with the level printed last for each, of the fund that the words name."""
        sides = self.sides(naming)
        for side in sides:
            levels = self.ledger.levels(side.printed)
            side.facts = list(islice((fact for fact in levels if naming.fund in {None, fact.fund}), 1))
        return sides

    def _fund_of_sentence(self, name: Naming) -> Fund | None:
        """财政拨款收入总计x，支出总计y: the other side is of the fund that the sentence began with."""
        if name.label in GRAND_TOTALS:
            first = next(self.recent(40, sentence=self.sentence.number), None)
            if first is not None and side_of(first.label) is not None and first.fund is not None:
                return first.fund
        return self.setting.fund

    def open_frame(self, passage: Passage) -> Frame | None:
        """The innermost list whose members may stand in this paragraph."""
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.level is None or frame.level == UNMARKED:
            return frame
        return frame if passage.level is not None and passage.level >= frame.level else None

    def join(self, passage: Passage, fact: Fact) -> None:
        """Make a figure a member of the open list: in a listed paragraph only the first named line, with all its prints."""
        frame = self.open_frame(passage)
        if frame is None:
            return
        members = frame.members
        first_here = not members or members[-1].passage != passage.number
        # 其中：, and the next paragraph names the parts
        whole_list = frame.level == UNMARKED and (not members or members[0].passage == passage.number)
        if frame.level is None or first_here or whole_list or fact.same_line_as(members[-1]):
            members.append(fact)

    def fact(
        self, place: Place, subject: Subject, *, own: bool, measure: Measure = "amount", phase: Phase | None = None,
        against: str | None = None, sign: int = 1,
    ) -> Fact:  # fmt: skip
        """A fact about a subject: what its words do not say comes from the line, its list, and the setting, in this order.

        Args:
            place: The number where it stands.
            subject: The line it is about.
            own: Whether the words before the number name the line; only then it may be a member of a list.
            measure: What it measures: the amount itself, a change, a share.
            phase: The phase that the words name.
            against: What a change or ratio is measured against.
            sign: -1 where the words say less.
        """
        name, level, setting = subject.naming or Naming(0, 0, "?"), subject.level, self.setting
        frame = self.open_frame(place.passage) if own else None
        listed = frame is not None and frame.firm is None and (frame.total is not None or frame.bracket)
        total = frame.total if frame is not None and listed and frame.style != "bracket" else None
        said = phase or name.phase
        fund: Fund | None = (
            name.fund
            or (level.fund if level else None)
            or (total.fund if total else None)
            or self._fund_of_sentence(name)
        )
        head = self.sentence.head[0].level if self.sentence.head and not self.sentence.wide else None  # 镇本级A x，B y
        entity = name.area or next(
            (fact.entity for fact in (level, total, head) if fact and fact.entity), setting.entity
        )
        period = (
            self.sentence.year or (level.period if level else None) or (total.period if total else None) or setting.year
        )
        inherited = level.phase if level is not None and measure != "amount" else None
        if place.amount.unit.kind == "count" and measure == "amount":
            measure = "count"
        inside = name.within
        if not inside and total is not None and measure in {"amount", "count"}:
            inside = within(total, name.label, name.known)
        elif level is not None and not own:
            inside = level.within
        return Fact(
            id=self.ledger.next_id(), number=place.number, amount=place.amount, printed=subject.printed, label=name.label,
            known=bool(name.known or name.within), generic=name.generic, measure=measure, entity=entity, period=period,
            phase=said or inherited or (total.phase if total else None) or setting.phase, fund=fund, within=inside,
            against=against, sign=sign, section=setting.section, sentence=self.sentence.number, passage=place.passage.number,
            listed=listed, said=place.passage.source(place.start, place.number.end), phase_said=said is not None, period_said=self.sentence.year is not None,
            cell=place.is_cell,
        )  # fmt: skip
