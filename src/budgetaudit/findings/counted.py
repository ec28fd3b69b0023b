"""Counted reports: what counts of verdicts say, where outcomes are too many to be kept as objects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from functools import cached_property
from types import MappingProxyType

from budgetaudit.check.outcome import VERDICTS, Verdict


class Counted(ABC):
    """A report that holds how many relations came out how."""

    @abstractmethod
    def _of_rules(self) -> Collection[Mapping[Verdict, int]]:
        """The counts of every rule."""

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """How many relations came out how, all six verdicts."""
        counted = self._of_rules()
        return MappingProxyType({verdict: sum(one.get(verdict, 0) for one in counted) for verdict in VERDICTS})

    @property
    def checked(self) -> int:
        """How many relations were compared."""
        return sum(self.counts[verdict] for verdict in VERDICTS if verdict not in {"undecided", "failed"})

    @property
    def ok(self) -> bool:
        """Whether something was compared and nothing is inconsistent, undefined or failed."""
        return self.checked > 0 and not any(self.counts[one] for one in ("inconsistent", "undefined", "failed"))
