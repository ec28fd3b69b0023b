"""Reports about columns: all verdicts counted, what is not exact as a table, findings when somebody looks.

A report about millions of figures holds numbers, not objects. Its table of outcomes is made when it is first asked for, and a
`Finding` (with causes and corrections) when its entity is looked at: the lines of that entity become a budget, which is audited
like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from budgetaudit.check.outcome import VERDICTS, Verdict
from budgetaudit.errors import BudgetAuditError, InconsistentFigures
from budgetaudit.findings.counted import Counted
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget

if TYPE_CHECKING:  # numpy and pyarrow are loaded by who weighs columns
    from budgetaudit.check.columns import Weighed

Auditor: TypeAlias = Callable[[Budget], Report]
Renderer: TypeAlias = "Callable[[ColumnReport], str]"


@dataclass(frozen=True)
class ColumnReport(Counted):
    """What `audit_columns` found.

    Attributes:
        weighed: The verdicts as arrays.
        auditor: Audits the budget of one entity by the same rules.
        renderer: What a notebook shows.
    """

    weighed: Weighed = field(repr=False)
    auditor: Auditor = field(repr=False)
    renderer: Renderer | None = field(default=None, repr=False)

    def _of_rules(self) -> Collection[Mapping[Verdict, int]]:
        return self.weighed.counts.values()

    @cached_property
    def by_rule(self) -> Mapping[str, Mapping[Verdict, int]]:
        """The counts of every rule that found figures, and of `tie-out`."""
        return MappingProxyType({
            rule: MappingProxyType({verdict: counted[verdict] for verdict in VERDICTS})
            for rule, counted in self.weighed.counts.items() if any(counted.values())
        })  # fmt: skip

    @property
    def unbound(self) -> tuple[str, ...]:
        """Rules that found no figures."""
        return self.weighed.unbound

    @property
    def refused(self) -> Mapping[str, str]:
        """Rules that cannot be weighed in columns, each with the reason; empty unless they were to be listed."""
        return MappingProxyType(dict(self.weighed.rules.refused))

    @cached_property
    def outcomes(self) -> Any:
        """Every outcome that is not exact as a `pyarrow.Table`, with its figures and their rows; made when first asked for."""
        from budgetaudit.findings.outcome_table import outcome_table

        return outcome_table(self.weighed)

    def to_arrow(self) -> Any:
        """The outcomes, as `outcomes`."""
        return self.outcomes

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The outcomes for every library that takes Arrow."""
        return self.outcomes.__arrow_c_stream__(requested_schema)

    def report_of(self, row: int) -> Report:
        """The full report about one entity, with causes and corrections.

        Args:
            row: The number of a row of the audited table; the entity is the one it belongs to.

        Raises:
            BudgetAuditError: The table has no such row.
        """
        if not 0 <= row < self.weighed.facts.rows:
            raise BudgetAuditError(f"the table has {self.weighed.facts.rows} rows, and none of number {row}")
        return self.auditor(Budget(tuple(self.weighed.facts.lines_beside(row))))

    @property
    def findings(self) -> Iterator[Finding]:
        """Findings, entity by entity, each made when it is reached."""
        for row in self._rows_to_look_at():
            yield from (one for one in self.report_of(row).findings if one.verdict != "failed" or self._fails(one.rule))

    def _rows_to_look_at(self) -> Iterator[int]:
        """One row of every entity of which an outcome is not exact, in the order of the table."""
        from budgetaudit.findings.outcome_table import rows_not_exact

        yield from self.weighed.facts.first_of_entities(rows_not_exact(self.weighed))

    def _fails(self, rule: str) -> bool:
        """Whether a rule failed in the whole table: a name that one entity lacks is no failure."""
        return self.weighed.counts.get(rule, Counter())["failed"] > 0

    def raise_for_inconsistent(self) -> None:
        """Do nothing if every relation holds as far as rounding goes.

        Raises:
            InconsistentFigures: Some do not; the message counts them by rule.
            BudgetAuditError: Nothing was compared.
        """
        broken = {rule: counted["inconsistent"] for rule, counted in self.by_rule.items() if counted["inconsistent"]}
        if broken:
            told = ", ".join(f"{count} of {rule}" for rule, count in broken.items())
            raise InconsistentFigures(f"{sum(broken.values())} relations do not hold: {told}")
        if not self.checked:
            raise BudgetAuditError(
                f"nothing was checked: {self.weighed.facts.rows} rows, {len(self.unbound)} rules without figures",
                hint="compare the items of the table with the names in the rules",
            )

    def __repr__(self) -> str:
        counted = ", ".join(f"{self.counts[verdict]:,} {verdict}" for verdict in VERDICTS if self.counts[verdict])
        return f"ColumnReport({self.weighed.facts.rows:,} rows; {counted or 'nothing was checked'})"

    def _repr_html_(self) -> str | None:
        return None if self.renderer is None else self.renderer(self)
