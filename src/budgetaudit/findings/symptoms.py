"""Symptoms: which findings have the same cause as another one and hang below it.

Two cases. A figure that contradicts itself (printed twice with different values, or with digits beyond its precision)
makes every relation that uses it undecided: these hang below the finding about the figure. And relations that one
explanation restores have one cause: the explanation that weighs most is taken first, the relations it restores become one
finding, and the rest is looked at again as if it were undone. So two wrong figures in one sum are two findings, below one
of which the sum hangs: it holds when both are undone.

Nothing is said here about which value is right; that is for the causes of the root.

Source: Fellegi and Holt (1976), the fewest figures that explain everything; here the heaviest explanation, one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.cause import Cause
from budgetaudit.explain.causes import Diagnosis, Suspicion
from budgetaudit.explain.consequence import POSSIBLE
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.findings.finding import SEVERITIES, Finding

# An explanation of one relation is taken for granted in others only if no other figure explains it nearly as well.
_CLEAR: Final = 16


@dataclass
class Hanging:
    """For findings that hang below another the fingerprint of that other, and the causes of those that do not."""

    below: dict[str, str]
    causes: dict[str, tuple[Cause, ...]]


def below_their_causes(findings: Sequence[Finding], situation: Situation, diagnosis: Diagnosis) -> Hanging:
    """What hangs below what, and why.

    Args:
        findings: Findings in the order of the document.
        situation: The relations they rest on.
        diagnosis: The causes of single relations.
    """
    hanging = Hanging({**_told_once(findings, situation), **_below_their_figure(findings, situation)}, {})
    failing = [
        finding
        for finding in findings
        if finding.verdict == "inconsistent"
        and finding.outcome is not None
        and finding.fingerprint not in hanging.below
    ]
    if not situation.fails_widely:
        _Unravelling(failing, situation, diagnosis).into(hanging)
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


def _told_once(findings: Sequence[Finding], situation: Situation) -> dict[str, str]:
    """收、支总计各增加x，增长y%: what the same printed characters say of several lines, below the first of them."""
    first: dict[tuple[object, ...], str] = {}
    hanging: dict[str, str] = {}
    for finding in findings:
        sources = [situation.budget.line(line_id).source for line_id in finding.lines]
        places = tuple((at.document, at.start) for at in sources if at is not None and at.start is not None)
        if finding.outcome is not None and places and len(places) == len(sources):
            root = first.setdefault((finding.kind, finding.rule, finding.verdict, places), finding.fingerprint)
            if root != finding.fingerprint:
                hanging[finding.fingerprint] = root
    return hanging


class _Unravelling:
    """Failing relations explained one act after another, the heaviest explanation first."""

    def __init__(self, failing: Sequence[Finding], situation: Situation, diagnosis: Diagnosis) -> None:
        self._open = {id(finding.outcome): finding for finding in failing}
        self._situation, self._view, self._diagnosis = situation, situation, diagnosis
        self._known: dict[int, tuple[Suspicion, ...]] = {}

    def into(self, hanging: Hanging) -> None:
        """Write down what hangs below what, and the causes of each root."""
        while self._open:
            best = min(
                ((found, key) for key in self._open for found in self._suspicions(key)),
                key=lambda entry: entry[0].order(),
                default=None,
            )
            if best is None:
                break
            self._take(*best, hanging)
        for finding in self._open.values():
            hanging.causes[finding.fingerprint] = ()

    def _suspicions(self, key: int) -> tuple[Suspicion, ...]:
        """The explanations of an open relation as it is now."""
        if key not in self._known:
            self._known[key] = self._diagnosis.suspicions(self._now(key), self._view)
        return self._known[key]

    def _now(self, key: int) -> Outcome:
        outcome = self._open[key].outcome
        assert outcome is not None
        return self._view.now(outcome)

    def _take(self, act: Suspicion, because: int, hanging: Hanging) -> None:
        """Make one finding of what an act restores, and look at the rest as if it were undone."""
        restored = {id(outcome) for outcome in act.restored}
        members = [key for key in self._open if id(self._now(key)) in restored]
        only_limits = all(self._now(key).relation.form == "order" for key in members)
        if only_limits or len(act.breaks) >= len(members):
            members = [because]  # nearly every value suits limits, and some values suit by breaking as much
        root = max(members, key=lambda key: self._suits(self._open[key], act))
        pool = {
            id(found): found
            for key in members
            for found in self._suspicions(key)
            if id(self._now(root)) in {id(outcome) for outcome in found.restored}
        }
        mark = self._open[root].fingerprint
        hanging.causes[mark] = self._diagnosis.ranked(pool.values(), self._view)
        hanging.below |= {self._open[key].fingerprint: mark for key in members if key != root}
        for key in members:
            del self._open[key]
            self._known.pop(key, None)
        if (
            act.hypothesis.changes
            and not act.breaks
            and not only_limits
            and (len(members) > 1 or _is_clear(act, pool.values()))
        ):
            hanging.below |= dict.fromkeys(self._settled_by(act), mark)

    def _suits(self, finding: Finding, act: Suspicion) -> tuple[int, bool, bool]:
        """The most severe is the root, a mere limit last; of several the one that is about a figure that the act changes."""
        changed = {self._situation.fact(line_id) for line_id, _ in act.hypothesis.changes}
        limits = finding.outcome is not None and finding.outcome.relation.form == "order"
        return SEVERITIES.index(finding.severity), not limits, self._situation.fact(finding.lines[0]) in changed

    def _settled_by(self, act: Suspicion) -> list[str]:
        """Assume that an act is undone; the fingerprints of the findings that are settled by that alone."""
        before = self._view
        self._view = before.assuming(dict(act.hypothesis.changes))
        changed = {before.fact(line_id) for line_id, _ in act.hypothesis.changes}
        near = {fact for one in changed for outcome in before.about(one) for fact in before.facts(outcome.relation)}
        for key in self._open:
            if not near.isdisjoint(self._view.facts(self._now(key).relation)):
                self._known.pop(key, None)
        return [self._open.pop(key).fingerprint for key in list(self._open) if self._now(key).verdict in POSSIBLE]


def _is_clear(act: Suspicion, pool: Iterable[Suspicion]) -> bool:
    """Whether no other figures explain as well what an act explains."""
    changed = act.hypothesis.lines[:1]
    rivals = (other.weight for other in pool if other.hypothesis.lines[:1] != changed and not other.breaks)
    return act.weight >= _CLEAR * max(rivals, default=Fraction(0))
