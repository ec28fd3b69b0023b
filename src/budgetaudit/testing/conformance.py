"""Conformance: cases that any implementation of the verdicts can be held to, and the runner that does so.

A case is a folder with `budget.json` (figures), `rules.json` (equations and conventions) and `expected.json` (the outcomes
that must come out). Implementations are asked as a command that is given the first two files and prints a report in the
published JSON format, or as a function of both:

    python -m budgetaudit.testing.conformance conformance --command "my-audit --json"

Compared are the outcomes and what they say, whatever their order; findings, causes and words are each implementation's own.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from budgetaudit.errors import BudgetAuditError

Implementation = Callable[[Path, Path], Mapping[str, Any]]
_FILES: Final = ("budget.json", "rules.json", "expected.json")
_EXACT: Final = ("verdict", "reasons", "complete")
_NUMBERS: Final = ("gap", "bound", "computed")


@dataclass(frozen=True, slots=True)
class ConformanceCase:
    """One folder: its name, what it shows, and where its files are."""

    name: str
    about: str
    budget: Path
    rules: Path
    expected: Mapping[str, Any]


def conformance_cases(folder: Path) -> list[ConformanceCase]:
    """The cases of a folder, by name.

    Raises:
        BudgetAuditError: There is none, or one lacks a file.
    """
    found: list[ConformanceCase] = []
    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        if missing := [name for name in _FILES if not (case / name).is_file()]:
            raise BudgetAuditError(f"{case.name} has no {', '.join(missing)}")
        expected: dict[str, Any] = json.loads((case / "expected.json").read_text("utf-8"))
        found.append(
            ConformanceCase(case.name, expected["about"], case / "budget.json", case / "rules.json", expected)
        )  # fmt: skip
    if not found:
        raise BudgetAuditError(f"{folder} holds no cases")
    return found


def differences(case: ConformanceCase, report: Mapping[str, Any]) -> list[str]:
    """What a report says otherwise than a case expects; nothing if it conforms."""
    left = list(report.get("outcomes", ()))
    found: list[str] = []
    for wanted in case.expected["outcomes"]:
        same = next((one for one in left if _is_about(one, wanted)), None)
        called = f"{wanted['rule']} on {', '.join(wanted['lines']) or 'no figures'}"
        if same is None:
            found.append(f"{called}: no such outcome")
        else:
            left.remove(same)
            found += [f"{called}: {difference}" for difference in _compared(wanted, same)]
    found += [f"{one['rule']} on {', '.join(_lines(one))}: not expected" for one in left]
    return found


def _is_about(outcome: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return outcome["rule"] == wanted["rule"] and sorted(_lines(outcome)) == sorted(wanted["lines"])


def _lines(outcome: Mapping[str, Any]) -> list[str]:
    return [figure["line"] for figure in outcome["figures"]]


def _compared(wanted: Mapping[str, Any], outcome: Mapping[str, Any]) -> Iterator[str]:
    """Only what the case names is compared."""
    for key in _EXACT:
        if key in wanted and outcome.get(key) != wanted[key]:
            yield f"{key} is {outcome.get(key)}, not {wanted[key]}"
    for key in _NUMBERS:
        if key in wanted and _number(outcome.get(key)) != _number(wanted[key]):
            yield f"{key} is {outcome.get(key)}, not {wanted[key]}"
    for model, chance in wanted.get("likelihood", {}).items():
        if _number(outcome["likelihood"][model]) != _number(chance):
            yield f"likelihood of {model} is {outcome['likelihood'][model]}, not {chance}"
    if "implied" in wanted:
        ends = {key: _end(outcome.get("implied"), key) for key in ("lo", "hi", "lo_in", "hi_in")}
        if ends != {key: _end(wanted["implied"], key) for key in ends}:
            yield f"implied is {outcome.get('implied')}, not {wanted['implied']}"


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _end(interval: Mapping[str, Any] | None, key: str) -> object:
    value = None if interval is None else interval[key]
    return _number(value) if isinstance(value, str) else value


def this_library(budget: Path, rules: Path) -> Mapping[str, Any]:
    """The report of this library."""
    from budgetaudit.audit import audit
    from budgetaudit.model.budget import Budget
    from budgetaudit.show.json import report_to_dict

    return report_to_dict(
        audit(Budget.from_json(budget.read_text("utf-8")), rules=conformance_rules(rules.read_text("utf-8")))
    )  # fmt: skip


def conformance_rules(text: str) -> Any:
    """The rule set that the text of a `rules.json` describes.

    Raises:
        BudgetAuditError: It is not well formed.
    """
    from budgetaudit.rules.parse import parse_equation
    from budgetaudit.rules.rule import Convention, Rule
    from budgetaudit.rules.ruleset import PackVersion, RuleSet

    data = json.loads(text)
    shared = data.get("convention", {})
    rules = tuple(
        Rule(
            entry["id"], entry["kind"], entry.get("strength", "balance"), parse_equation(entry["equation"]),
            optional=tuple(entry.get("optional", ())),
            convention=Convention(**{**shared, **entry.get("convention", {})}),
            when=parse_equation(entry["when"]) if "when" in entry else None,
        )
        for entry in data["rules"]
    )  # fmt: skip
    packs = tuple(PackVersion(name, version) for name, version in data.get("packs", {}).items())
    return RuleSet(rules, packs)


def by_command(command: str) -> Implementation:
    """An implementation that is started as a command, with the paths of budget and rules behind it."""

    def run(budget: Path, rules: Path) -> Mapping[str, Any]:
        words = [*shlex.split(command), str(budget), str(rules)]
        done = subprocess.run(words, capture_output=True, check=False)  # noqa: S603 - the caller's own command
        try:
            report: Mapping[str, Any] = json.loads(done.stdout)
        except ValueError:
            message = done.stderr.decode(errors="replace").strip()
            raise BudgetAuditError(f"{command} printed no report: {message[-300:]}") from None
        return report

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all cases of a folder against a command, by default against this library; 1 if one does not conform."""
    import argparse

    parser = argparse.ArgumentParser(prog="budgetaudit.testing.conformance", description="Run conformance cases.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--command", help="an implementation: it is given budget.json and rules.json")
    options = parser.parse_args(arguments)
    ask = by_command(options.command) if options.command else this_library
    wrong = 0
    for case in conformance_cases(options.folder):
        try:
            found = differences(case, ask(case.budget, case.rules))
        except BudgetAuditError as error:
            found = [str(error)]
        wrong += bool(found)
        sys.stdout.write("".join(f"{case.name}: {line}\n" for line in found))
    sys.stdout.write(f"{len(conformance_cases(options.folder)) - wrong} cases conform, {wrong} do not\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
