"""SARIF 2.1.0: the report for code scanning services and editors that read their results.

A kind is a rule of the tool, a finding a result, its first figure the location and the others related locations; a
cause with corrections is a fix. Gap, bound and likelihood stand in `properties` as strings. Columns and offsets count
Unicode code points, as everywhere else; a cell of a workbook is a logical location.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 27 March 2020. Its levels have no `info`
(`note` is meant), and a region counts lines and columns from 1, characters from 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.findings.finding import Finding, Severity
from budgetaudit.findings.kind import Kind
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.source import Document, Source
from budgetaudit.show.json import finding_to_dict
from budgetaudit.show.language import say
from budgetaudit.show.messages import cause_sentence, headline
from budgetaudit.show.places import source_of
from budgetaudit.show.plain import printable

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT: Final = "budgetaudit/v1"
_LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}


def show_sarif(report: Report, *, locale: str = "en") -> str:
    """The report as a SARIF log of one run, ending in a line break."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, locale)]}
    return json.dumps(log, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def _run(report: Report, locale: str) -> dict[str, Any]:
    hanging = {symptom.fingerprint: symptom for symptom in report.symptoms}
    found: list[tuple[Finding, str | None]] = []
    for finding in report.findings:
        found.append((finding, None))
        found += [(hanging[mark], finding.fingerprint) for mark in finding.symptoms]
    kinds = list(dict.fromkeys(finding.kind for finding, _ in found))
    return {
        "tool": {
            "driver": {
                "name": "budgetaudit",
                "semanticVersion": version("budgetaudit"),
                "language": locale.replace("_", "-"),
                "rules": [_rule(KINDS[code], locale) for code in kinds],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(document) for document in report.budget.documents],
        "results": [_result(finding, cause, kinds, report.budget, locale) for finding, cause in found],
        "properties": {
            "counts": dict(report.counts),
            "packs": [f"{pack.name} {pack.version}" for pack in report.packs],
        },
    }


def _rule(kind: Kind, locale: str) -> dict[str, Any]:
    return {
        "id": kind.code,
        "name": kind.name.title().replace("-", ""),
        "shortDescription": {"text": say(kind.summary, locale)},
        "fullDescription": {"text": say(kind.note, locale) or say(kind.summary, locale)},
        "defaultConfiguration": {"level": _LEVELS[kind.worst]},
    }


def _artifact(document: Document) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": _artifact_location(document.name)}
    if document.sha256:
        artifact["hashes"] = {"sha-256": document.sha256}
    if document.encoding:
        artifact["encoding"] = document.encoding
    return artifact


def _artifact_location(name: str) -> dict[str, Any]:
    """Names of files are no addresses: blanks, percent signs and Chinese characters are escaped."""
    return {"uri": quote(name.encode("utf-8", "backslashreplace"), safe="/") or "text"}


def _result(
    finding: Finding, symptom_of: str | None, kinds: Sequence[str], budget: Budget, locale: str
) -> dict[str, Any]:
    source = source_of(finding, budget)
    others = [line for line in map(budget.line, finding.lines) if line.source is not None and line.source != source]
    fixes = [fix for cause in finding.causes if (fix := _fix(cause, finding, budget, locale)) is not None]
    result: dict[str, Any] = {
        "ruleId": finding.kind,
        "ruleIndex": kinds.index(finding.kind),
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(headline(finding, budget, locale))},
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": _properties(finding, symptom_of),
    }
    if source is not None:
        result["locations"] = [_location(source)]
    if others:
        result["relatedLocations"] = [_related(number, line) for number, line in enumerate(others, 1)]
    if fixes:
        result["fixes"] = fixes
    return result


def _properties(finding: Finding, symptom_of: str | None) -> dict[str, Any]:
    told = finding_to_dict(finding)
    shown = {key: told[key] for key in ("rule", "verdict", "gap", "bound", "likelihood") if told[key] is not None}
    if finding.outcome is not None and finding.outcome.unit.text:
        shown["unit"] = finding.outcome.unit.text
    return shown if symptom_of is None else shown | {"symptomOf": symptom_of}


def _related(number: int, line: BudgetLine) -> dict[str, Any]:
    assert line.source is not None
    return {"id": number, **_location(line.source), "message": {"text": _text(line.label)}}


def _location(source: Source) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact_location(source.document)}
    if region := _region(source):
        physical["region"] = region | {"snippet": {"text": _text(source.text)}}
    location: dict[str, Any] = {"physicalLocation": physical}
    if source.cell is not None:
        cell = "!".join(part for part in (source.sheet, source.cell) if part)
        location["logicalLocations"] = [{"name": _text(source.cell), "fullyQualifiedName": _text(cell)}]
    elif source.page is not None:
        location["logicalLocations"] = [{"name": f"p.{source.page}"}]
    return location


def _region(source: Source) -> dict[str, Any]:
    region: dict[str, Any] = {}
    if source.line is not None and source.column is not None:
        end = source.column + len(source.text)
        region |= {"startLine": source.line, "startColumn": source.column, "endColumn": end}
    if source.start is not None and source.end is not None:
        region |= {"charOffset": source.start, "charLength": source.end - source.start}
    return region


def _fix(cause: Cause, finding: Finding, budget: Budget, locale: str) -> dict[str, Any] | None:
    """All edits of a cause together; None where one of them has no place in a text."""
    if not cause.corrections:
        return None
    changes: dict[str, list[dict[str, Any]]] = {}
    for correction in cause.corrections:
        source = budget.line(correction.line).source
        if source is None or not _region(source):
            return None
        changes.setdefault(source.document, []).append(_replacement(source, correction))
    return {
        "description": {"text": _text(cause_sentence(cause, finding, budget, locale))},
        "artifactChanges": [
            {"artifactLocation": _artifact_location(document), "replacements": replacements}
            for document, replacements in changes.items()
        ],
    }


def _replacement(source: Source, correction: Correction) -> dict[str, Any]:
    return {"deletedRegion": _region(source), "insertedContent": {"text": _text(correction.proposed)}}


def _text(text: str) -> str:
    return printable(text) or " "
