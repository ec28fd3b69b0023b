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
from typing import Final

from budgetaudit.explain.situation import POSSIBLE, Fact, Situation
from budgetaudit.findings.finding import SEVERITIES, Finding
from budgetaudit.money.interval import Interval

_FIRST: Final = 40  # relations of one figure with which an agreement is sought to begin


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
    taken: set[str] = set()
    for group in _groups(missing, situation):
        left = [member for member in group.members if member.fingerprint not in taken]
        shared = group if len(left) == len(group.members) else _shared(group.fact, left, situation)
        if shared is not None:
            root = shared.root(situation)
            hanging |= {member.fingerprint: root.fingerprint for member in shared.members if member is not root}
            taken |= {member.fingerprint for member in shared.members}
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


def _groups(missing: Sequence[Finding], situation: Situation) -> list[_Shared]:
    """The facts whose one other value restores several of these relations, those that restore most first."""
    by_fact: dict[Fact, list[Finding]] = {}
    for finding in missing:
        assert finding.outcome is not None
        for fact in situation.facts(finding.outcome.relation):
            by_fact.setdefault(fact, []).append(finding)
    groups = (_shared(fact, members, situation) for fact, members in by_fact.items())
    return sorted(filter(None, groups), key=lambda shared: (-len(shared.members), shared.breaks))


def _shared(fact: Fact, findings: Sequence[Finding], situation: Situation) -> _Shared | None:
    """The most of these relations that one value of a fact would restore; None for fewer than two."""
    needs = [(finding, wanted) for finding in findings if (wanted := _bounded(finding, fact, situation)) is not None]
    if len(needs) < 2:
        return None
    members, common = max((_agreeing(needs, first) for first in needs[:_FIRST]), key=lambda group: len(group[0]))
    if len(members) < 2:
        return None
    held = (situation.needed(outcome, fact) for outcome in situation.about(fact) if outcome.verdict in POSSIBLE)
    breaks = sum(1 for wanted in held if wanted is not None and not wanted.overlaps(common))
    return _Shared(fact, tuple(members), breaks) if breaks < len(members) else None


def _bounded(finding: Finding, fact: Fact, situation: Situation) -> Interval | None:
    """What a relation needs of a fact; None if that is a mere limit, which nearly every value meets."""
    assert finding.outcome is not None
    wanted = situation.needed(finding.outcome, fact)
    return None if wanted is None or wanted.lo is None or wanted.hi is None else wanted


def _agreeing(
    needs: Sequence[tuple[Finding, Interval]], first: tuple[Finding, Interval]
) -> tuple[list[Finding], Interval]:
    """The relations that can hold together with one of them, and the values with which all of them do."""
    common = first[1]
    members: set[int] = set()
    for finding, wanted in (first, *(need for need in needs if need is not first)):
        both = common.intersection(wanted)
        if both is not None:
            common = both
            members.add(id(finding))
    return [finding for finding, _ in needs if id(finding) in members], common
