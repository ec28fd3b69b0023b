"""JSON: the report as other programs read it, in the shape that `report.schema.json` publishes.

Every figure is a string: a decimal where one is exact (`"0.02"`), else a rational (`"1/192"`); `fractions.Fraction` reads
both. Lines are written by `model.exchange`, which reads them back. The same report gives the same bytes, and no word of
any language: codes only, except for what the document itself prints.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from importlib.resources import files
from typing import Any, Final

from budgetaudit.check.outcome import Likelihood, Outcome
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.explain.completion import Completion
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.exchange import budget_to_dict, line_to_dict, source_to_dict, unit_to_dict
from budgetaudit.model.statement import Term
from budgetaudit.money.decimals import ending_places, ratio, rounded
from budgetaudit.money.interval import Interval

SCHEMA: Final = "budgetaudit/report/1"
_SCORE_PLACES: Final = 4
_LINE_ENDS: Final = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


def report_to_json(report: Report, *, indent: int | None = 2) -> str:
    """The whole report as one JSON object, ending in a line break."""
    return _written(report_to_dict(report), indent)


def findings_to_json_lines(report: Report) -> str:
    """One line of JSON per finding, worst first, each followed by its symptoms; every line stands alone.

    Beside the fields that findings have in the report: `symptom_of`, the fingerprint of the finding it hangs below, and
    `budget.lines`, the figures it concerns.
    """
    hanging = {symptom.fingerprint: symptom for symptom in report.symptoms}
    records: list[dict[str, Any]] = []
    for finding in report.findings:
        records.append(_standing_alone(finding, report.budget, None))
        records += [_standing_alone(hanging[mark], report.budget, finding.fingerprint) for mark in finding.symptoms]
    return "".join(_written(record, None) for record in records)


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `report_to_json`."""
    schema: dict[str, Any] = json.loads(files("budgetaudit.show").joinpath("report.schema.json").read_text("utf-8"))
    return schema


def report_to_dict(report: Report) -> dict[str, Any]:
    """The report as plain dicts, lists and strings; findings name the outcomes they rest on by their position."""
    position = {id(outcome): number for number, outcome in enumerate(report.outcomes)}

    def found(finding: Finding) -> dict[str, Any]:
        rests_on = [position[id(outcome)] for outcome in finding.outcomes if id(outcome) in position]
        return {**finding_to_dict(finding), "outcomes": rests_on}

    return {
        "schema": SCHEMA,
        "budget": budget_to_dict(report.budget),
        "outcomes": [outcome_to_dict(outcome) for outcome in report.outcomes],
        "findings": [found(finding) for finding in report.findings],
        "symptoms": [found(finding) for finding in report.symptoms],
        "completions": [_completion(completion) for completion in report.completions],
        "counts": dict(report.counts),
        "unbound": [{"rule": unbound.rule, "missing": list(unbound.missing)} for unbound in report.unbound],
        "packs": [{"name": pack.name, "version": pack.version} for pack in report.packs],
    }


def outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    """One outcome; `unit` is the unit of gap, bound, computed and implied."""
    relation = outcome.relation
    return {
        "rule": relation.rule,
        **({"also": list(relation.also)} if relation.also else {}),
        "kind": relation.kind,
        "verdict": outcome.verdict,
        "gap": _maybe_exact(outcome.gap),
        "bound": _maybe_exact(outcome.bound),
        "likelihood": _likelihood(outcome.likelihood),
        "complete": outcome.complete,
        "figures": _figures(relation.terms),
        "strength": relation.strength,
        "form": relation.form,
        "unit": unit_to_dict(outcome.unit),
        "computed": _maybe_exact(outcome.computed),
        "reasons": list(outcome.reasons),
        "missing": [*relation.missing, *(label for label in outcome.absent if label not in relation.missing)],
        "implied": _interval(outcome.implied),
        "stated": [source_to_dict(source) for source in relation.stated],
    }


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """One finding; gap, bound and figures are those of the outcome it rests on."""
    outcome = finding.outcome
    return {
        "fingerprint": finding.fingerprint,
        "kind": finding.kind,
        "rule": finding.rule,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "gap": None if outcome is None else _maybe_exact(outcome.gap),
        "bound": None if outcome is None else _maybe_exact(outcome.bound),
        "figures": [] if outcome is None else _figures(outcome.relation.terms),
        "missing": list(finding.missing),
        "causes": [_cause(cause) for cause in finding.causes],
        "symptoms": list(finding.symptoms),
        "likelihood": _likelihood(Likelihood() if outcome is None else outcome.likelihood),
        "lines": list(finding.lines),
        "source": None if finding.source is None else source_to_dict(finding.source),
        "data": dict(finding.data),
    }


def _written(data: dict[str, Any], indent: int | None) -> str:
    """JSON text in which no string breaks a line: some readers of lines take more characters for ends than JSON does."""
    return json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False).translate(_LINE_ENDS) + "\n"


def _standing_alone(finding: Finding, budget: Budget, symptom_of: str | None) -> dict[str, Any]:
    lines = [line_to_dict(budget.line(line_id)) for line_id in dict.fromkeys(finding.lines)]
    return {**finding_to_dict(finding), "symptom_of": symptom_of, "budget": {"lines": lines}}


def exact(value: Fraction) -> str:
    """A rational as the shortest exact decimal, or as `p/q` where none is exact.

    >>> exact(Fraction(1, 50)), exact(Fraction(-3)), exact(Fraction(1, 192))
    ('0.02', '-3', '1/192')
    """
    places = ending_places(value)
    return ratio(value) if places is None else f"{rounded(value, places):f}"


def _maybe_exact(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)


def _figures(terms: Sequence[Term]) -> list[dict[str, str]]:
    """Parts carry the sign with which they enter the gap: total minus parts."""
    return [
        {"line": term.line, "role": term.role, "weight": exact(-term.weight if term.role == "part" else term.weight)}
        for term in terms
    ]


def _likelihood(likelihood: Likelihood) -> dict[str, str | None]:
    chances = {"rounding": likelihood.rounding, "truncation": likelihood.truncation}
    return {model: None if chance is None else ratio(chance) for model, chance in chances.items()}


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {
        "lo": _maybe_exact(interval.lo),
        "hi": _maybe_exact(interval.hi),
        "lo_in": interval.lo_in,
        "hi_in": interval.hi_in,
    }


def _completion(completion: Completion) -> dict[str, Any]:
    return {
        "label": completion.label,
        "lines": list(completion.lines),
        "value": f"{completion.value:f}",
        "determined": completion.determined,
        "interval": _interval(completion.interval),
        "unit": unit_to_dict(completion.unit),
        "rules": list(dict.fromkeys(outcome.relation.rule for outcome in completion.because)),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    first = cause.corrections[0] if cause.corrections else None
    return {
        "code": cause.code,
        "line": cause.lines[0] if first is None and cause.lines else first.line if first else None,
        "from": first.printed if first else None,
        "to": first.proposed if first else None,
        "score": round(float(cause.score), _SCORE_PLACES),
        "restores": list(first.restores) if first else [],
        "breaks": list(first.breaks) if first else [],
        "lines": list(cause.lines),
        "corrections": [_correction(correction) for correction in cause.corrections],
        "evidence": dict(cause.evidence),
        "rank": cause.rank,
    }


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "line": correction.line,
        "from": correction.printed,
        "to": correction.proposed,
        "restores": list(correction.restores),
        "breaks": list(correction.breaks),
    }
