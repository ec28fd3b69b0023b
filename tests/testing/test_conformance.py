"""Conformance: this library conforms, the cases cover what can be said, and the runner sees what does not conform."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import get_args

import pytest

import budgetaudit as ba
from budgetaudit.check.outcome import VERDICTS, Form, Reason
from budgetaudit.money.interval import Rounding, Ties
from budgetaudit.rules.rule import BlankPolicy, MissingPolicy, NegativeBase, TotalsFrom
from budgetaudit.testing.conformance import (
    by_command,
    conformance_cases,
    conformance_rules,
    differences,
    main,
    this_library,
)
from budgetaudit.testing.oracle import judged

FOLDER = Path(__file__).resolve().parents[2] / "conformance"
CASES = conformance_cases(FOLDER)
JUDGED = {
    "exact": "holds", "rounding": "holds", "inconsistent": "fails", "undefined": "fails", "failed": "fails",
    "undecided": "open",
}  # fmt: skip
OF_RULES = {"condition-open", "units-differ"}  # what rules say of figures the oracle does not know


def outcomes(case):
    budget = ba.Budget.from_json(case.budget.read_text("utf-8"))
    return budget, ba.audit(budget, rules=conformance_rules(case.rules.read_text("utf-8"))).outcomes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_this_library_conforms(case):
    assert differences(case, this_library(case.budget, case.rules)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_judges_every_case_alike(case):
    budget, found = outcomes(case)
    for outcome in found:
        if not OF_RULES & set(outcome.reasons):
            assert judged(outcome.relation, budget) == JUDGED[outcome.verdict]


def test_every_verdict_form_and_reason_has_a_case():
    found = [outcome for case in CASES for outcome in outcomes(case)[1]]
    assert {outcome.verdict for outcome in found} == set(VERDICTS)
    assert {outcome.relation.form for outcome in found} == set(get_args(Form))
    reasons = {reason for outcome in found for reason in outcome.reasons}
    assert reasons == set(get_args(Reason)) - {"error"}  # a rule that crashes is each implementation's own


def test_every_convention_has_a_case():
    used = {}
    for case in CASES:
        for key, value in json.loads(case.rules.read_text("utf-8")).get("convention", {}).items():
            used.setdefault(key, set()).add(value)
    for key, choices in (
        ("rounding", set(get_args(Rounding)) - {"nearest", "nudged"}), ("ties", set(get_args(Ties)) - {"any"}),
        ("totals_from", set(get_args(TotalsFrom)) - {"unrounded"}), ("missing", set(get_args(MissingPolicy)) - {"required"}),
        ("blank", set(get_args(BlankPolicy)) - {"missing"}), ("negative_base", set(get_args(NegativeBase)) - {"undefined"}),
    ):  # fmt: skip
        assert used[key] == choices
    assert {"tolerance", "exact_below"} <= used.keys()


# --- The runner -------------------------------------------------------------------------------------------------------


def test_what_does_not_conform_is_named():
    case = next(case for case in CASES if case.name == "sum-seed")
    report = json.loads(json.dumps(this_library(case.budget, case.rules)))
    (outcome,) = report["outcomes"]
    for key, value in (
        ("verdict", "exact"),
        ("gap", "0.03"),
        ("likelihood", {"rounding": "1/191", "truncation": "11/24"}),
    ):
        (difference,) = differences(case, {"outcomes": [{**outcome, key: value}]})
        assert difference.startswith("rule/1 on t, a, b, c, d: ")
    assert differences(case, {"outcomes": []}) == ["rule/1 on t, a, b, c, d: no such outcome"]
    (extra,) = differences(case, {"outcomes": [outcome, {**outcome, "rule": "other"}]})
    assert extra == "other on t, a, b, c, d: not expected"


def test_numbers_are_compared_and_not_their_writing():
    case = next(case for case in CASES if case.name == "sum-rounding")
    (outcome,) = this_library(case.budget, case.rules)["outcomes"]
    assert differences(case, {"outcomes": [{**outcome, "gap": "1/100", "figures": outcome["figures"][::-1]}]}) == []


COMMAND = """
import json, sys
from pathlib import Path
from budgetaudit.testing.conformance import this_library
print(json.dumps(this_library(Path(sys.argv[1]), Path(sys.argv[2]))))
"""


def test_an_implementation_is_a_command(tmp_path, capsys):
    (tmp_path / "tool.py").write_text(COMMAND)
    ask = by_command(f"{sys.executable} {tmp_path / 'tool.py'}")
    assert differences(CASES[0], ask(CASES[0].budget, CASES[0].rules)) == []
    one = tmp_path / "cases"
    one.mkdir()
    (one / CASES[0].name).symlink_to(CASES[0].budget.parent)
    assert main([str(one), "--command", f"{sys.executable} -c pass"]) == 1
    assert "printed no report" in capsys.readouterr().out
    assert main([str(one)]) == 0
    assert capsys.readouterr().out == "1 cases conform, 0 do not\n"


def test_a_folder_without_whole_cases_is_refused(tmp_path):
    with pytest.raises(ba.BudgetAuditError, match="holds no cases"):
        conformance_cases(tmp_path)
    (tmp_path / "half").mkdir()
    with pytest.raises(ba.BudgetAuditError, match=r"half has no budget.json, rules.json, expected.json"):
        conformance_cases(tmp_path)
