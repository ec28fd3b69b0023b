"""Facts: figures with their meaning, as they are read, and the lines they become.

While a document is read a figure's identity is still open: a base year may be named two clauses later. A `Fact` collects
what is known; `Ledger` keeps all facts, finds the ones that words refer to, and makes the lines at the end.

Equal labels are not equal facts. A name that the label tables know, or a full path of classes, is taken as the same fact
wherever entity, period, phase and fund agree, so that two different prints of it are a contradiction. Of other names
(资金, 采购金额) two different prints in one document are two facts, and nobody is accused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Final

from budgetaudit.model.line import LEVELS, BudgetLine, Fund, Identity, Measure, Phase
from budgetaudit.model.source import Source
from budgetaudit.money.amount import Amount
from budgetaudit.read.prose.naming import Naming
from budgetaudit.read.prose.passage import Number

LAST_YEAR: Final = "上年"  # the period before, in a document that names no year
_REACH: Final = 400  # figures of one label that are looked through: reading takes linear time
# Lines whose fund scope is the same by definition wherever they are printed.
ONE_SCOPE: Final = frozenset({
    "三公经费", "因公出国(境)费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费", "公务接待费", "国内接待费", "国(境)外接待费",
    "机关运行经费", "政府采购支出总额", "政府采购货物支出", "政府采购工程支出", "政府采购服务支出", "政府采购预算", "政府采购货物预算",
    "政府采购工程预算", "政府采购服务预算", "授予中小企业合同金额", "授予小微企业合同金额", "车辆", "会议费", "培训费",
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Fact:
    """One figure and what is known about it.

    Attributes:
        id: The id of its line.
        printed: The label as printed.
        sign: -1 if the words say less: 减少5万元 prints 5 and means -5.
        section, sentence: Where it was read; counted through the document.
        listed: Whether it stands in a list below a total.
        phase_said, period_said: Whether words of its sentence name phase and year, or they were taken from the document.
        comparable: Whether printed levels decide it, or its scope was adjusted (按可比口径).
        said: The words of its clause, the number included.
        level_id: Of a change or ratio: the level it is about.
        cell: Whether it stands in a row of cells without a sentence, so that its column is not known.
        unchanged: Whether words say that it is as before (与上年持平).
        value: The printed amount, in base units.
        half: Half a step of its last place, in base units: what rounding can hide. Counts hide nothing.
        is_base: Whether words introduce it as what another figure is compared with (比上年的433万元).
    """

    id: str
    number: Number
    amount: Amount
    printed: str
    label: str
    known: bool
    generic: bool
    measure: Measure = "amount"
    entity: str | None = None
    period: str | None = None
    phase: Phase | None = None
    fund: Fund | None = None
    within: tuple[str, ...] = ()
    against: str | None = None
    sign: int = 1
    section: int = 0
    sentence: int = 0
    passage: int = 0
    listed: bool = False
    is_base: bool = False
    said: Source | None = None
    phase_said: bool = False
    period_said: bool = False
    comparable: bool = True
    level_id: str | None = None
    cell: bool = False
    unchanged: bool = False
    value: Fraction = field(init=False)
    half: Fraction = field(init=False)

    def __post_init__(self) -> None:
        self.value = self.amount.exact_value
        counted = self.amount.unit.kind == "count"
        self.half = Fraction(0) if counted else self.amount.step * self.amount.unit.scale / 2

    @property
    def is_level(self) -> bool:
        """Whether it is an amount or count itself, not a change or a ratio."""
        return self.measure in LEVELS

    @property
    def line(self) -> tuple[str, str | None, Fund | None, tuple[str, ...]]:
        """Which line it reports, whatever its period or phase."""
        return self.label, self.entity, self.scope, self.within

    def same_line_as(self, other: Fact) -> bool:
        """Whether two figures report the same line, perhaps of other periods or phases."""
        return self.line == other.line

    @property
    def scope(self) -> Fund | None:
        """The fund scope that belongs to its identity."""
        return None if self.label in ONE_SCOPE else self.fund

    def identity(self, table: str | None) -> Identity:
        """Which fact the line reports; `table` keeps apart what only shares its words."""
        return Identity(
            label=self.label, entity=self.entity, period=self.period, phase=self.phase, fund=self.scope,
            measure=self.measure, within=self.within, against=self.against, table=table,
        )  # fmt: skip


@dataclass(slots=True, eq=False)
class Subject:
    """What the sentence is about: a line, with the levels printed for it so far."""

    facts: list[Fact] = field(default_factory=list[Fact])
    naming: Naming | None = None
    printed: str = ""

    @property
    def level(self) -> Fact | None:
        """The level read last."""
        return self.facts[-1] if self.facts else None

    @property
    def current(self) -> Fact | None:
        """The level read last that is not only the base of a comparison."""
        return next((fact for fact in reversed(self.facts) if not fact.is_base), None)


class Ledger:
    """All facts of a document, in reading order."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._by_label: dict[str, list[Fact]] = {}

    def add(self, fact: Fact) -> Fact:
        """Keep a fact."""
        self.facts.append(fact)
        self._by_label.setdefault(fact.label, []).append(fact)
        return fact

    def rename(self, fact: Fact, label: str) -> None:
        """Give a fact the label that its parts show it to have."""
        self._by_label[fact.label].remove(fact)
        fact.label = label
        self._by_label.setdefault(label, []).append(fact)

    def next_id(self) -> str:
        """The id of the next line."""
        return f"l{len(self.facts) + 1}"

    def levels(self, label: str) -> Iterator[Fact]:
        """The levels printed for a label, the latest first; of one printed many hundred times only the last."""
        latest = islice(reversed(self._by_label.get(label, ())), _REACH)
        return (fact for fact in latest if fact.is_level)

    def level_like(
        self, fact: Fact, *, period: str | None = None, phase: Phase | None = None, other: bool = False
    ) -> Fact | None:
        """The level of the same line in another period or phase, the latest print; None if there is none."""
        for found in self.levels(fact.label):
            if (
                found is not fact
                and found.same_line_as(fact)
                and (period is None or found.period == period)
                and (phase is None or found.phase == phase)
                and not (other and (found.period, found.phase) == (fact.period, fact.phase))
            ):
                return found
        return None

    def lines(self) -> tuple[BudgetLine, ...]:
        """The lines, in the order of the document."""
        told_apart = self._told_apart()
        return tuple(
            BudgetLine(
                id=fact.id, label=fact.printed or fact.label, identity=fact.identity(told_apart.get(fact.id)), amount=fact.amount,
                source=fact.number.source,
            )
            for fact in self.facts
        )  # fmt: skip

    def _told_apart(self) -> dict[str, str]:
        """For facts that only share their words: what tells them apart."""
        groups: dict[Identity, list[Fact]] = {}
        for fact in self.facts:
            groups.setdefault(fact.identity(None), []).append(fact)
        apart: dict[str, str] = {}
        for group in groups.values():
            first = next((fact for fact in group if not fact.cell), group[0])
            sure = first.known and first.is_level and not first.generic
            for place, fact in enumerate(group, 1):
                if fact.amount != first.amount and (fact.cell or not sure):
                    apart[fact.id] = f"§{fact.section}.{place}"
        return apart
