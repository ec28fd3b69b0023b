"""Budgets: an immutable, indexed set of lines of one or more documents, with what the documents say about them.

A budget also keeps what could not be placed: `unplaced` holds every figure a reader found and could not name, so that
nothing is lost silently (law 4). Reading dicts, records and frames is in `records`, JSON in `exchange`; the constructors
here only lead there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.source import Document, Source
from budgetaudit.model.statement import Remark, Statement
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import Unit

if TYPE_CHECKING:
    from budgetaudit.model.records import Figure


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A figure that a reader found but could not name, with the reason in words."""

    amount: Amount
    source: Source
    reason: str = ""


@dataclass(frozen=True)
class Budget:
    """Lines, the documents they come from, and the documents' own statements and remarks.

    Attributes:
        lines: Every figure that was read and named, in the order of the document.
        documents: What was read, with fingerprint and encoding.
        statements: The relations that the documents themselves assert between their figures.
        remarks: What their words show without arithmetic.
        unplaced: Figures that were read but take part in nothing, each with its place and the reason.

    Raises:
        BudgetAuditError: Two lines share an id, or a statement or remark names a line that is not there.
    """

    lines: tuple[BudgetLine, ...]
    documents: tuple[Document, ...] = ()
    statements: tuple[Statement, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unplaced: tuple[Unplaced, ...] = field(default=())

    def __post_init__(self) -> None:
        if len(self._by_id) != len(self.lines):
            twice = sorted(line_id for line_id, times in Counter(line.id for line in self.lines).items() if times > 1)
            raise BudgetAuditError(f"line ids must be unique; printed twice: {', '.join(twice[:5])}")
        named = [term.line for statement in self.statements for term in statement.terms]
        named += [line_id for remark in self.remarks for line_id in remark.lines]
        for line_id in named:
            self.line(line_id)

    @cached_property
    def _by_id(self) -> Mapping[str, BudgetLine]:
        return MappingProxyType({line.id: line for line in self.lines})

    @cached_property
    def by_identity(self) -> Mapping[Identity, tuple[BudgetLine, ...]]:
        """All lines that report one fact, in the order of the document."""
        groups: dict[Identity, list[BudgetLine]] = {}
        for line in self.lines:
            groups.setdefault(line.identity, []).append(line)
        return MappingProxyType({identity: tuple(group) for identity, group in groups.items()})

    @cached_property
    def by_label(self) -> Mapping[str, tuple[BudgetLine, ...]]:
        """All lines of one canonical label, whatever their period, phase or fund."""
        groups: dict[str, list[BudgetLine]] = {}
        for line in self.lines:
            groups.setdefault(line.identity.label, []).append(line)
        return MappingProxyType({label: tuple(group) for label, group in groups.items()})

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: indexes are views that cannot be pickled and are made again when asked for."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def line(self, line_id: str) -> BudgetLine:
        """The line of that id.

        Raises:
            BudgetAuditError: There is none.
        """
        found = self._by_id.get(line_id)
        if found is None:
            raise BudgetAuditError(f"no line has the id {line_id!r}; {nearest(line_id, self._by_id)}")
        return found

    def prints(self, line_id: str) -> tuple[BudgetLine, ...]:
        """Every line that reports the same fact as this one, itself included: the quantity it is a print of."""
        return self.by_identity[self.line(line_id).identity]

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[BudgetLine]:
        return iter(self.lines)

    def __repr__(self) -> str:
        names = ", ".join(document.name for document in self.documents) or "no document"
        return f"Budget({len(self.lines)} lines, {len(self.statements)} statements, {len(self.unplaced)} unplaced; {names})"

    @classmethod
    def from_dict(cls, figures: Mapping[str, Figure], *, unit: str | Unit | None = None, **identity: Any) -> Budget:
        """A budget of label to figure, `{"total": "677.41"}`; see `records.budget_from_mapping`."""
        from budgetaudit.model.records import budget_from_mapping

        return budget_from_mapping(figures, unit=unit, **identity)

    @classmethod
    def from_records(
        cls,
        records: Iterable[Mapping[str, Any]],
        *,
        columns: Mapping[str, str] | None = None,
        unit: str | Unit | None = None,
    ) -> Budget:
        """A budget of one record per line; see `records.budget_from_records`."""
        from budgetaudit.model.records import budget_from_records

        return budget_from_records(records, columns=columns, unit=unit)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        *,
        entity: Sequence[str] = (),
        keys: Sequence[str] = (),
        figures: Sequence[str] | None = None,
        unit: str | Unit | None = None,
        **identity: Any,
    ) -> Budget:
        """A budget of rows that hold several figures each; see `records.budget_from_rows`."""
        from budgetaudit.model.records import budget_from_rows

        return budget_from_rows(rows, entity=entity, keys=keys, figures=figures, unit=unit, **identity)

    @classmethod
    def from_frame(
        cls, frame: Any, *, columns: Mapping[str, str] | None = None, unit: str | Unit | None = None
    ) -> Budget:
        """A budget of one row per line of a data frame; see `records.budget_from_frame`."""
        from budgetaudit.model.records import budget_from_frame

        return budget_from_frame(frame, columns=columns, unit=unit)

    @classmethod
    def from_json(cls, text: str | bytes) -> Budget:
        """Read what `to_json` wrote; see `exchange.budget_from_json`."""
        from budgetaudit.model.exchange import budget_from_json

        return budget_from_json(text)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The budget as JSON text in which every figure is a string."""
        from budgetaudit.model.exchange import budget_to_json

        return budget_to_json(self, indent=indent)

    @classmethod
    def joined(cls, budgets: Iterable[Budget]) -> Budget:
        """One budget of several, line ids kept apart by a prefix where they collide (`2:l7` for the second budget)."""
        parts = list(budgets)
        if len({line.id for budget in parts for line in budget.lines}) < sum(len(budget.lines) for budget in parts):
            parts = [budget._prefixed(f"{number}:") for number, budget in enumerate(parts, 1)]
        return cls(
            tuple(line for budget in parts for line in budget.lines),
            tuple(document for budget in parts for document in budget.documents),
            tuple(statement for budget in parts for statement in budget.statements),
            tuple(remark for budget in parts for remark in budget.remarks),
            tuple(figure for budget in parts for figure in budget.unplaced),
        )

    def _prefixed(self, prefix: str) -> Budget:
        return Budget(
            tuple(line.model_copy(update={"id": prefix + line.id}) for line in self.lines),
            self.documents,
            tuple(
                replace(said, terms=tuple(replace(term, line=prefix + term.line) for term in said.terms))
                for said in self.statements
            ),
            tuple(
                replace(remark, lines=tuple(prefix + line_id for line_id in remark.lines)) for remark in self.remarks
            ),
            self.unplaced,
        )
