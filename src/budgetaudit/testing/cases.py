"""Cases: documents with rules and the findings they are expected to have, written in `*.audit.toml` files.

    input = "report.txt"              # beside this file; or [figures] with label = "figure"
    rules = ["cn", "total = a + b"]   # packs, equations, .toml files beside this one; by default the packs that fit
    unit = "万元"                      # of figures that carry none
    rounding = "truncate"
    fail-on = "warning"               # least severity that needs to be expected; by default error

    [[expect]]                        # every finding that severe must be expected, and every expected one be found
    kind = "SUM001"
    rule = "cn/basic-spending"        # each key may be left out but one
    gap = "1.00"

Files that `[tool.budgetaudit]` of pyproject.toml lists are cases without expectations.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast, get_args

from budgetaudit.audit import audit
from budgetaudit.check.outcome import Outcome, Verdict
from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.findings.finding import SEVERITIES, Finding, Severity
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.json import exact

ENDING: Final = ".audit.toml"
_KEYS: Final = ("input", "figures", "rules", "unit", "rounding", "encoding", "fail-on", "select", "ignore", "expect")
_EXPECTED: Final = ("kind", "rule", "verdict", "severity", "gap")


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that must be there: all that is given must fit."""

    kind: str | None = None
    rule: str | None = None
    verdict: Verdict | None = None
    severity: Severity | None = None
    gap: str | None = None

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is the expected one."""
        outcome = finding.outcome
        gap = None if outcome is None or outcome.gap is None else exact(outcome.gap)
        return (
            self.kind in {None, finding.kind}
            and self.rule in {None, finding.rule}
            and self.verdict in {None, finding.verdict}
            and self.severity in {None, finding.severity}
            and (self.gap is None or (gap is not None and Decimal(self.gap) == Decimal(gap)))
        )

    def __str__(self) -> str:
        given = {name: getattr(self, name) for name in _EXPECTED}
        return ", ".join(f"{name} {value}" for name, value in given.items() if value is not None)


@dataclass(frozen=True)
class Case:
    """One document with its rules and the findings expected of it."""

    name: str
    source: Path | None
    figures: Mapping[str, str] = field(default_factory=dict[str, str])
    rules: tuple[str, ...] | None = None
    unit: str | None = None
    rounding: Any = None
    encoding: str | None = None
    fail_on: Severity = "error"
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    expected: tuple[Expected, ...] = ()

    @cached_property
    def report(self) -> Report:
        """The audit, made once.

        Raises:
            BudgetAuditError: The document cannot be read, or a rule is not well formed.
        """
        return audit(
            self._budget, rules=self.rules, select=self.select, ignore=self.ignore, rounding=self.rounding
        )  # fmt: skip

    @cached_property
    def _budget(self) -> Budget:
        if self.source is None:
            return Budget.from_dict(self.figures, unit=self.unit)
        from budgetaudit.read import read

        return read(self.source, encoding=self.encoding)

    @property
    def rule_ids(self) -> list[str]:
        """Every rule that judged something, that a finding names, or that an expectation names, in order."""
        judged = [outcome.relation.rule for outcome in self.report.outcomes]
        found = [finding.rule for finding in self._found]
        wanted = [expected.rule for expected in self.expected if expected.rule is not None]
        return list(dict.fromkeys([*judged, *found, *wanted]))

    @property
    def _found(self) -> tuple[Finding, ...]:
        return self.report.at_least(self.fail_on)

    def outcomes(self, rule: str) -> list[Outcome]:
        """How the relations of a rule were judged."""
        return [outcome for outcome in self.report.outcomes if outcome.relation.rule == rule]

    def unexpected(self, rule: str) -> list[Finding]:
        """Findings of a rule that are as severe as `fail_on` and that nobody expects."""
        return [
            finding
            for finding in self._found
            if finding.rule == rule and not any(expected.fits(finding) for expected in self.expected)
        ]

    def missing(self, rule: str | None) -> list[Expected]:
        """Expected findings of a rule that are not there; None for expectations that name no rule."""
        everything = (*self.report.findings, *self.report.symptoms)
        return [
            expected
            for expected in self.expected
            if expected.rule == rule and not any(expected.fits(finding) for finding in everything)
        ]


def read_case(path: Path) -> Case:
    """Read an `*.audit.toml` file.

    Raises:
        BudgetAuditError: It is not well formed; the message names file and key.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise BudgetAuditError(f"{path.name}: {error}") from error
    _known(data, _KEYS, path.name)
    if ("input" in data) == ("figures" in data):
        raise BudgetAuditError(f"{path.name}: give either input, a document, or [figures]")
    figures = cast("Mapping[str, object]", data.get("figures", {}))
    for label, figure in figures.items():
        if not isinstance(figure, str):
            raise BudgetAuditError(
                f'{path.name}: figures are in quotes, so that printed zeros survive: {label} = "246.79"'
            )
    severity = data.get("fail-on", "error")
    if severity not in SEVERITIES:
        raise BudgetAuditError(f"{path.name}: fail-on: {nearest(str(severity), SEVERITIES)}")
    return Case(
        name=path.name.removesuffix(ENDING),
        source=path.parent / data["input"] if "input" in data else None,
        figures=cast("Mapping[str, str]", figures),
        rules=_rules(data.get("rules"), path.parent),
        unit=data.get("unit"),
        rounding=data.get("rounding"),
        encoding=data.get("encoding"),
        fail_on=severity,
        select=_listed(data.get("select")),
        ignore=_listed(data.get("ignore")),
        expected=tuple(_expected(entry, path.name) for entry in data.get("expect", [])),
    )


def listed_case(path: Path, settings: Mapping[str, Any], folder: Path) -> Case:
    """The case of a budget file that `[tool.budgetaudit]` lists."""
    return Case(
        name=path.name,
        source=path,
        rules=_rules(settings.get("rules"), folder),
        rounding=settings.get("rounding"),
        fail_on=settings.get("fail-on", "error"),
        select=_listed(settings.get("select")),
        ignore=_listed(settings.get("ignore")),
    )


def _rules(given: str | Sequence[str] | None, folder: Path) -> tuple[str, ...] | None:
    """Rules as `audit` takes them, files beside the case by their path."""
    listed = _listed(given)
    if listed is None:
        return None
    return tuple(str(folder / rule) if rule.endswith(".toml") else rule for rule in listed)


def _listed(given: str | Sequence[str] | None) -> tuple[str, ...] | None:
    return None if given is None else (given,) if isinstance(given, str) else tuple(given)


def _expected(entry: Mapping[str, Any], where: str) -> Expected:
    _known(entry, _EXPECTED, f"{where}: expect")
    if not entry:
        raise BudgetAuditError(f"{where}: expect: say which finding", hint='kind = "SUM001"')
    for key, choices in (("verdict", get_args(Verdict)), ("severity", SEVERITIES)):
        if key in entry and entry[key] not in choices:
            raise BudgetAuditError(f"{where}: expect: {key}: {nearest(str(entry[key]), choices)}")
    return Expected(**entry)


def _known(table: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
    for key in table:
        if key not in keys:
            raise BudgetAuditError(f"{where}: the key {key!r} is not known; {nearest(key, keys)}")
