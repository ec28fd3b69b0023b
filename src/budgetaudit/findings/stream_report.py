"""Reports about streams: counts of all verdicts, and the outcomes that are not exact in a file, not in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from budgetaudit.check.outcome import VERDICTS, Verdict
from budgetaudit.errors import BudgetAuditError
from budgetaudit.findings.counted import Counted


@dataclass(frozen=True)
class StreamReport(Counted):
    """What `audit_stream` found.

    Attributes:
        by_rule: The counts of every rule that found figures, and of `tie-out`.
        unbound: Rules that found no figures.
        refused: Rules that cannot be weighed in columns, each with the reason; empty unless they were to be listed.
        rows: How many rows were read.
        output: Where every outcome that is not exact stands; None if nobody asked for that.
    """

    by_rule: Mapping[str, Mapping[Verdict, int]]
    unbound: tuple[str, ...]
    refused: Mapping[str, str]
    rows: int
    output: str | Path | None = None

    def _of_rules(self) -> Collection[Mapping[Verdict, int]]:
        return self.by_rule.values()

    @property
    def outcomes(self) -> Any:
        """The outcomes as a pyarrow dataset, to be read in batches.

        Raises:
            BudgetAuditError: They were not kept.
        """
        if self.output is None:
            raise BudgetAuditError("the outcomes were counted and not kept", hint="give output=...")
        return import_module("pyarrow.dataset").dataset(str(self.output), format="parquet")

    def ranked(self) -> list[tuple[str, Mapping[Verdict, int]]]:
        """The rules with their counts, those that break most first."""
        return sorted(self.by_rule.items(), key=lambda one: (-one[1].get("inconsistent", 0), one[0]))

    def __repr__(self) -> str:
        counted = ", ".join(f"{self.counts[verdict]:,} {verdict}" for verdict in VERDICTS if self.counts[verdict])
        return f"StreamReport({self.rows:,} rows; {counted or 'nothing was checked'})"
