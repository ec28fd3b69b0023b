"""JUnit: one test case for every relation that was judged, so that a build shows passes too.

A finding of severity `error` is a failure of the relation it rests on; warnings and notes pass and are told in the
output of their case. A relation that was not decided is skipped with its reason, a rule that broke is an error. Findings
without a relation (what words show, rules without figures) are cases of their own.

Source: the schema that the Jenkins xUnit plugin publishes (junit-10.xsd); it is the common core of what readers take.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from budgetaudit.check.outcome import Outcome
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.messages import cause_sentences, headline, kind_name, standing
from budgetaudit.show.places import source_of, where
from budgetaudit.show.plain import printable
from budgetaudit.show.words import REASON_WORDS, word

# What XML 1.0 has no way to write, beside the control characters that `printable` takes away.
_NO_XML: Final = re.compile("[\ufffe\uffff\U0001fffe\U0001ffff]")
_TYPED_IN: Final = "figures"


def show_junit(report: Report, *, locale: str = "en") -> str:
    """The report as JUnit XML: one suite per document, one case per relation, in the order of the document."""
    return junit_file(report_suites(report, locale=locale))


def junit_file(suites: Sequence[Element]) -> str:
    """Suites as one file, ending in a line break."""
    root = Element("testsuites", {"name": "budgetaudit", **_sums(suites)})
    root.extend(suites)
    indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{tostring(root, encoding='unicode')}\n"


def report_suites(report: Report, *, locale: str = "en") -> list[Element]:
    """The suites of one report, to be put into a file with others."""
    suites: dict[str, Element] = {}
    names: Counter[tuple[str, str, str]] = Counter()
    for document, case in _cases(report, locale):
        suite = suites.setdefault(document, Element("testsuite", {"name": document}))
        named = (document, case.get("classname", ""), case.get("name", ""))
        names[named] += 1
        if names[named] > 1:  # readers take equal names for one case
            case.set("name", f"{named[2]} ({names[named]})")
        suite.append(case)
    for suite in suites.values():
        counted = {tag: str(sum(case.find(part) is not None for case in suite)) for tag, part in _PARTS.items()}
        suite.attrib.update({"tests": str(len(suite)), **counted, "time": "0"})
    return list(suites.values())


_PARTS: Final = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def _sums(suites: Sequence[Element]) -> dict[str, str]:
    return {key: str(sum(int(suite.get(key, "0")) for suite in suites)) for key in ("tests", "failures", "errors")}


def _cases(report: Report, locale: str) -> Iterator[tuple[str, Element]]:
    budget = report.budget
    about: dict[int, list[Finding]] = {}
    for finding in (*report.findings, *report.symptoms):
        for outcome in finding.outcomes:
            about.setdefault(id(outcome), []).append(finding)
    for outcome in report.outcomes:
        terms = outcome.relation.terms
        labels = budget.line(terms[0].line).label if terms else ", ".join(outcome.relation.unknown)
        case = _case(outcome.relation.rule, labels)
        _judge(case, outcome, about.get(id(outcome), ()), budget, locale)
        yield _document(terms[0].line if terms else None, budget), case
    for finding in report.findings:
        if not finding.outcomes:
            case = _case(finding.rule, f"{finding.kind} {kind_name(finding, locale)}")
            _tell(case, [finding], budget, locale)
            source = source_of(finding, budget)
            yield _xml(source.document) if source else _document(None, budget), case


def _case(rule: str, name: str) -> Element:
    return Element("testcase", {"classname": _xml(rule) or "rule", "name": _xml(name) or _TYPED_IN, "time": "0"})


def _judge(case: Element, outcome: Outcome, findings: Sequence[Finding], budget: Budget, locale: str) -> None:
    reason = word(outcome.reasons[0], REASON_WORDS, locale) if outcome.reasons else outcome.verdict
    if outcome.verdict == "failed":
        error = SubElement(case, "error", {"type": outcome.relation.kind, "message": _xml(reason)})
        error.text = _xml(outcome.detail)
    elif outcome.verdict == "undecided" and all(finding.severity != "error" for finding in findings):
        SubElement(case, "skipped", {"message": _xml(reason)})
    else:
        _tell(case, findings, budget, locale)


def _tell(case: Element, findings: Sequence[Finding], budget: Budget, locale: str) -> None:
    failing = [finding for finding in findings if finding.severity == "error"]
    if failing:
        worst = failing[0]
        said = {"type": worst.kind, "message": _xml(headline(worst, budget, locale))}
        SubElement(case, "failure", said).text = _story(failing, budget, locale)
    if passing := [finding for finding in findings if finding.severity != "error"]:
        SubElement(case, "system-out").text = _story(passing, budget, locale)


def _story(findings: Sequence[Finding], budget: Budget, locale: str) -> str:
    """What a reader of the build sees when the case is opened."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.kind} {kind_name(finding, locale)}   {standing(finding, locale)}")
        lines.append(headline(finding, budget, locale))
        lines.append("   ".join(where(finding, budget, locale)))
        lines += [f"  {sentence}" for sentence in cause_sentences(finding, budget, locale)]
    return "\n".join(map(_xml, lines))


def _document(line_id: str | None, budget: Budget) -> str:
    """The document that a relation's first figure stands in; figures typed in by a caller have none."""
    source = budget.line(line_id).source if line_id is not None else None
    if source is not None:
        return _xml(source.document) or _TYPED_IN
    return _xml(budget.documents[0].name) or _TYPED_IN if len(budget.documents) == 1 else _TYPED_IN


def _xml(text: str) -> str:
    return _NO_XML.sub(" ", printable(text))
