"""Findings: what a person should look at. Typed values and line ids; the words are made when somebody looks (law 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from budgetaudit.check.outcome import Outcome, Verdict
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.model.source import Source

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Attributes:
        kind: Code of the kind, such as `SUM001`; templates, names and documentation hang on it.
        outcomes: The outcomes it rests on, the root first; several for clustered rounding notes; none for remarks.
        lines: Ids of the figures concerned, the target first.
        causes: Ranked hypotheses, best first.
        symptoms: Fingerprints of findings that the same cause explains and that hang below this one.
        fingerprint: Stable against changed values: kind, rule, identity of the figures, place in order of appearance.
        data: Further named fields for the message template.
    """

    kind: str
    rule: str
    severity: Severity
    verdict: Verdict | None
    fingerprint: str
    outcomes: tuple[Outcome, ...] = ()
    lines: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    symptoms: tuple[str, ...] = ()
    source: Source | None = None
    data: tuple[tuple[str, str], ...] = field(default=())

    @property
    def outcome(self) -> Outcome | None:
        """The root outcome, if the finding rests on one."""
        return self.outcomes[0] if self.outcomes else None

    @property
    def equals(self) -> tuple[Cause, ...]:
        """The causes of the first rank, if there is more than one: they cannot be told apart from these figures."""
        best = tuple(cause for cause in self.causes if cause.rank == 1)
        return best if len(best) > 1 else ()

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """All suggested edits of its causes, best cause first."""
        return tuple(correction for cause in self.causes for correction in cause.corrections)
