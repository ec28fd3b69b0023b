"""Symptoms: which findings have the same cause as another one and hang below it.

Two cases. A figure that contradicts itself (printed twice with different values, or with digits beyond its precision)
makes every relation that uses it undecided: these hang below the finding about the figure. And relations that miss by the
same amount because of one figure in all of them would all hold with one other value of that figure: they hang below the one
that is about this figure (its total, its ratio), provided that this value restores more relations than it breaks.

One figure at a time. Nothing is said here about which value is right; that is for the causes of the root.

Source: Fellegi and Holt (1976), the closed form for a single figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from budgetaudit.explain.situation import POSSIBLE, Fact, Situation
from budgetaudit.findings.finding import SEVERITIES, Finding
from budgetaudit.money.interval import Interval


@dataclass(frozen=True, slots=True)
class _Shared:
    """Relations that one other value of one fact would restore, and how many others it would break."""

    fact: Fact
    members: tuple[Finding, ...]
    breaks: int

    def root(self, situation: Situation) -> Finding:
        """The most severe; of several the one that is about this very figure, its total or ratio; else the first."""
        return max(
            self.members,
            key=lambda member: (SEVERITIES.index(member.severity), situation.fact(member.lines[0]) == self.fact),
        )


def below_their_causes(findings: Sequence[Finding], situation: Situation) -> Mapping[str, str]:
    """For every finding that hangs below another, the fingerprint of that other by its own.

    Args:
        findings: Findings in the order of the document.
        situation: The relations they rest on.
    """
    hanging = _below_their_figure(findings, situation)
    missing = [
        finding
        for finding in findings
        if finding.verdict == "inconsistent" and finding.outcome is not None and finding.fingerprint not in hanging
    ]
    while (shared := _widest(missing, situation)) is not None:
        root = shared.root(situation)
        hanging |= {member.fingerprint: root.fingerprint for member in shared.members if member is not root}
        missing = [finding for finding in missing if finding not in shared.members]
    return hanging


def _below_their_figure(findings: Sequence[Finding], situation: Situation) -> dict[str, str]:
    """Undecided relations below the finding about the figure that makes them so."""
    about: dict[Fact, str] = {}
    for finding in findings:
        if finding.kind in {"TIE001", "FIG001", "FIG002"}:
            for line_id in finding.lines:
                about.setdefault(situation.fact(line_id), finding.fingerprint)
    hanging: dict[str, str] = {}
    for finding in findings:
        outcome = finding.outcome
        if outcome is not None and outcome.verdict == "undecided":
            roots = [about[fact] for fact in situation.facts(outcome.relation) if fact in about]
            if roots:
                hanging[finding.fingerprint] = roots[0]
    return hanging


def _widest(missing: Sequence[Finding], situation: Situation) -> _Shared | None:
    """The fact whose one other value restores most of these relations, at least two; the first of several alike."""
    by_fact: dict[Fact, list[Finding]] = {}
    for finding in missing:
        assert finding.outcome is not None
        for fact in situation.facts(finding.outcome.relation):
            by_fact.setdefault(fact, []).append(finding)
    groups = [
        shared
        for fact, members in by_fact.items()
        if len(members) > 1 and (shared := _shared(fact, members, situation)) is not None
    ]
    return min(groups, key=lambda shared: (-len(shared.members), shared.breaks), default=None)


def _shared(fact: Fact, members: Sequence[Finding], situation: Situation) -> _Shared | None:
    common: Interval | None = None
    for finding in members:
        assert finding.outcome is not None
        wanted = situation.needed(finding.outcome, fact)
        if wanted is None or wanted.lo is None or wanted.hi is None:  # a mere limit fits nearly everything
            return None
        common = wanted if common is None else common.intersection(wanted)
        if common is None:
            return None
    breaks = 0
    for outcome in situation.about(fact):
        wanted = situation.needed(outcome, fact) if outcome.verdict in POSSIBLE else None
        if wanted is not None and common is not None and not wanted.overlaps(common):
            breaks += 1
    return _Shared(fact, tuple(members), breaks) if breaks < len(members) else None
