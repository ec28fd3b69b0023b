"""Collecting: everything an audit may say, each as a finding of its own, in the order of the document.

Findings come from five places: relations that do not come out exactly, notes about rounding that are one note, figures
that cannot be used, remarks of readers about words, documents that follow another convention of rounding, and rules that
found nothing to check. What has a common cause and what comes first is decided in `gather`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from budgetaudit.check.bind import UnboundRule
from budgetaudit.check.outcome import Outcome, Verdict
from budgetaudit.explain.convention import PRIOR, Conventions
from budgetaudit.explain.priors import SLIP
from budgetaudit.explain.situation import Situation
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.fingerprint import Subject, about_lines, fingerprint, subjects
from budgetaudit.findings.kinds import KINDS, kind_named
from budgetaudit.findings.raised import raised
from budgetaudit.findings.residues import residues
from budgetaudit.findings.severity import severity
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.source import Source
from budgetaudit.model.statement import Remark

# What is checked of the words and figures of a document, and of a document as a whole, has ids like rules have.
OF_TEXT: Final = "text/"
OF_DOCUMENT: Final = "document/"

_NUMBER: Final = re.compile(r"\d[\d.,，．]*")
_NOWHERE: Final = 10**12


def collect(
    situation: Situation, conventions: Conventions, unbound: Iterable[UnboundRule], packs: Collection[str]
) -> list[Finding]:
    """Every finding there may be, before their causes are sought."""
    notes = residues(situation.outcomes, situation.budget)
    found = [
        *_of_outcomes(situation, packs, gathered={id(note) for cluster in notes.values() for note in cluster}),
        *(_of_residues(table, cluster) for (_, table, _), cluster in notes.items()),
        *_of_figures(situation.budget),
        *_of_remarks(situation.budget),
        *_of_conventions(conventions),
        *_of_rules(unbound, packs),
    ]
    places = Places(situation.budget)
    return sorted(_numbered(found), key=places.of)


def checked_ids() -> tuple[str, ...]:
    """The ids of what is checked without any rule, as findings carry them."""
    return tuple(
        f"{OF_DOCUMENT if code in _ABOUT_DOCUMENTS else OF_TEXT}{kind.name}"
        for code, kind in KINDS.items()
        if code in _ABOUT_DOCUMENTS or kind.family in {"TXT", "FIG", "CEL"}
    )


_ABOUT_DOCUMENTS: Final = frozenset({"RND001", "CNV001"})


def _of_outcomes(situation: Situation, packs: Collection[str], *, gathered: Collection[int]) -> Iterator[Finding]:
    about = subjects([outcome.relation for outcome in situation.outcomes], situation.budget)
    for outcome, subject in zip(situation.outcomes, about, strict=True):
        relation = outcome.relation
        kind = raised(outcome, situation, from_pack=relation.rule.partition("/")[0] in packs)
        if kind is None and _unusable_figure(outcome):
            kind = relation.kind  # hangs below the finding about the figure, or is dropped
        if kind is None or id(outcome) in gathered:
            continue
        missing = relation.unknown if kind == "RUL001" else tuple(label for label in outcome.absent if label)
        yield Finding(
            kind, relation.rule, severity(outcome, kind), outcome.verdict, fingerprint(kind, subject), (outcome,),
            lines=_lines(outcome), missing=missing if kind in {"SUM003", "SUM004", "RUL001"} else (),
        )  # fmt: skip


def _unusable_figure(outcome: Outcome) -> bool:
    return outcome.verdict == "undecided" and not {"conflicting-figures", "excess-digits"}.isdisjoint(outcome.reasons)


def _lines(outcome: Outcome) -> tuple[str, ...]:
    """The figures of a relation, what the finding is about first: total, ratio, or the whole within which parts lie."""
    relation = outcome.relation
    whole = "left" if relation.op in {">", ">="} else "right"
    first = {"total", "ratio", whole} if relation.kind == "SUM002" else {"total", "ratio", "left"}
    ordered = sorted(relation.terms, key=lambda term: term.role not in first)
    return tuple(dict.fromkeys(term.line for term in ordered))


def _of_residues(table: str, notes: tuple[Outcome, ...]) -> Finding:
    about = "sums" if notes[0].relation.form == "sum" else "ratios"
    lines = tuple(dict.fromkeys(_lines(note)[0] for note in notes))
    return _made("RND001", (about, table), lines=lines, outcomes=notes, data=(("about", about),))


def _of_figures(budget: Budget) -> Iterator[Finding]:
    """Figures that no relation can use, whether or not one wants to."""
    for line in budget.lines:
        if line.amount is not None and line.amount.has_excess_digits:
            yield _made("FIG001", about_lines([line.id], budget), lines=(line.id,))
        elif line.state == "unreadable" and not _has_remark(line, budget):
            words = "" if line.source is None else line.source.text
            yield _made("FIG002", about_lines([line.id], budget), lines=(line.id,), data=(("words", words),))


def _has_remark(line: BudgetLine, budget: Budget) -> bool:
    return any(remark.code == "FIG002" and line.id in remark.lines for remark in budget.remarks)


def _of_remarks(budget: Budget) -> Iterator[Finding]:
    without_values = {(one.source.document, one.source.sheet) for one in budget.remarks if one.code == "CEL004"}
    for remark in budget.remarks:
        kind, source = kind_named(remark.code), remark.source
        if kind.code == "FIG002" and source.text.startswith("=") and (source.document, source.sheet) in without_values:
            continue  # one remark says of all formulas of a table that their values are not there
        subject = about_lines(remark.lines, budget) or (_wording(remark),)
        yield _made(kind.code, subject, lines=remark.lines, source=source, data=remark.data)


def _wording(remark: Remark) -> str:
    """The words of a remark without their numbers, which may change."""
    return _NUMBER.sub("#", remark.source.text)


def _of_conventions(conventions: Conventions) -> Iterator[Finding]:
    for document in conventions.documents:
        sums = conventions.truncated_sums(document)
        if sums:
            shares = conventions.shares(document)
            data = [("prior", str(PRIOR)), ("slip", str(SLIP)), *((name, str(share)) for name, share in shares.items())]
            lines = tuple(dict.fromkeys(_lines(outcome)[0] for outcome in sums))
            yield _made("CNV001", (), lines=lines, outcomes=sums, data=tuple(data))


def _of_rules(unbound: Iterable[UnboundRule], packs: Collection[str]) -> Iterator[Finding]:
    """Rules of the caller's own that found nothing; those of packs are counted."""
    for rule in unbound:
        if rule.rule.partition("/")[0] not in packs:
            yield Finding(
                "RUL001",
                rule.rule,
                KINDS["RUL001"].worst,
                None,
                fingerprint("RUL001", (rule.rule,)),
                missing=rule.missing,
            )


def _made(
    code: str,
    subject: Subject,
    *,
    lines: tuple[str, ...],
    outcomes: tuple[Outcome, ...] = (),
    source: Source | None = None,
    data: tuple[tuple[str, str], ...] = (),
) -> Finding:
    """A finding that rests on no single rule; its fingerprint still lacks its number among those alike."""
    rule = f"{OF_DOCUMENT if code in _ABOUT_DOCUMENTS else OF_TEXT}{KINDS[code].name}"
    verdict: Verdict | None = "rounding" if code == "RND001" else None
    return Finding(
        code, rule, KINDS[code].worst, verdict, fingerprint(code, subject), outcomes, lines, source=source, data=data
    )


def _numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings with equal fingerprints told apart by their order of appearance."""
    seen: Counter[str] = Counter()
    for finding in findings:
        number = seen[finding.fingerprint]
        seen[finding.fingerprint] += 1
        yield finding if number == 0 else replace(finding, fingerprint=fingerprint(finding.fingerprint, (str(number),)))


class Places:
    """Where findings stand, in the order of the budget's lines; remarks about bare words stand among them by their offset."""

    def __init__(self, budget: Budget) -> None:
        self._number = {line.id: number for number, line in enumerate(budget.lines)}
        self._starts: dict[str, list[tuple[int, int]]] = {}
        for number, line in enumerate(budget.lines):
            if line.source is not None and line.source.start is not None:
                self._starts.setdefault(line.source.document, []).append((line.source.start, number))
        for starts in self._starts.values():
            starts.sort()

    def of(self, finding: Finding) -> tuple[int, int]:
        """A key that sorts findings by place; what stands nowhere comes last."""
        if finding.lines:
            return self._number[finding.lines[0]], 0
        source = finding.source
        if source is None or source.start is None:
            return _NOWHERE, 0
        starts = self._starts.get(source.document, [])
        following = bisect_left(starts, (source.start, -1))
        number = starts[following][1] if following < len(starts) else _NOWHERE
        return number, source.start - _NOWHERE
