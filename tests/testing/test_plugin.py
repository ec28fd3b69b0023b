"""The pytest plugin: budget files are tests, one per rule; failures read like findings; workers report together."""

from __future__ import annotations

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

import budgetaudit as ba
from budgetaudit.testing import assert_consistent

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "budgetaudit.testing.plugin", "-p", "no:cacheprovider")

CASE = """
rules = ["total = a + b", "share% = a / total", "a <= total"]

[figures]
total = "10.00"
a = "4.00"
b = "5.00"
share = "40.0%"
"""
EXPECTED = """
[[expect]]
kind = "SUM001"
rule = "equation/1"
gap = "1.0"
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """pytest in a process of its own, so that what it loads is not what this one has loaded."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def started(*arguments):
        return pytester.runpytest_subprocess(*PLUGIN, *arguments)

    return started


# --- Cases ------------------------------------------------------------------------------------------------------------


def test_every_rule_of_a_case_is_a_test(pytester, run):
    (pytester.path / "export.audit.toml").write_text(CASE)
    done = run("-v")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["*export.audit.toml::equation/1 FAILED*", "*export.audit.toml::equation/2 PASSED*"])
    done.stdout.fnmatch_lines(["*SUM001 total-differs-from-parts*error, inconsistent*"])
    done.stdout.fnmatch_lines(["total is printed as 10.00 but its 2 parts add up to 9.00*"])
    done.stdout.no_fnmatch_line("*Traceback*")


def test_expected_findings_pass_and_missing_ones_fail(pytester, run):
    (pytester.path / "export.audit.toml").write_text(CASE + EXPECTED)
    run().assert_outcomes(passed=3)
    (pytester.path / "export.audit.toml").write_text(CASE.replace("5.00", "6.00") + EXPECTED)
    done = run()
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["expected and not found: kind SUM001, rule equation/1, gap 1.0"])


def test_an_expectation_without_a_rule_is_a_test_of_its_own(pytester, run):
    (pytester.path / "a.audit.toml").write_text(CASE + '[[expect]]\nkind = "SUM001"\n')
    run().assert_outcomes(passed=4)
    (pytester.path / "a.audit.toml").write_text(CASE.replace("5.00", "6.00") + '[[expect]]\nkind = "SUM001"\n')
    run().assert_outcomes(passed=3, failed=1)


def test_what_is_not_decided_is_skipped_and_nothing_checked_fails(pytester, run):
    (pytester.path / "a.audit.toml").write_text(CASE.replace('b = "5.00"', 'b = ""'))
    run().assert_outcomes(passed=2, skipped=1)
    (pytester.path / "a.audit.toml").write_text('rules = ["t = a + b"]\n[figures]\nt = ""\na = ""\nb = ""\n')
    done = run()
    done.assert_outcomes(failed=1, skipped=1)
    done.stdout.fnmatch_lines(["nothing was checked"])


def test_documents_and_packs_stand_beside_their_case(pytester, run, root):
    text = (root / "examples" / "county-report.txt").read_text(encoding="utf-8")
    (pytester.path / "report.txt").write_text(text, encoding="utf-8")
    (pytester.path / "county.audit.toml").write_text('input = "report.txt"\nrules = "cn"\nselect = ["SUM"]\n')
    done = run()
    assert done.parseoutcomes()["passed"] >= 2
    (pytester.path / "strict.audit.toml").write_text('input = "report.txt"\nfail-on = "warning"\n')
    done = run("strict.audit.toml")
    assert done.parseoutcomes()["failed"] >= 1
    done.stdout.fnmatch_lines(["*report.txt:1*677.41*"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule = []\n", "*the key 'rule' is not known; nearest: 'rules'*"),
        ("rules = []\n", "*give either input, a document, or *figures*"),
        ('input = "nowhere.txt"\n', "*cannot read *nowhere.txt*"),
        ("[figures]\na = 1.5\n", "*figures are in quotes*"),
        ('[figures]\na = "1"\n[[expect]]\n', "*say which finding*"),
        ('[figures]\na = "1"\n[[expect]]\nverdict = "exakt"\n', "*nearest: 'exact'*"),
        ('fail-on = "errors"\n[figures]\na = "1"\n', "*nearest: 'error'*"),
        ("[figures\n", "*a.audit.toml:*"),
    ],
)
def test_a_case_that_is_not_well_formed_is_told_of_in_a_sentence(pytester, run, text, said):
    (pytester.path / "a.audit.toml").write_text(text)
    done = run()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([said])
    done.stdout.no_fnmatch_line("*Traceback*")


# --- Files of pyproject.toml ------------------------------------------------------------------------------------------


def test_listed_budget_files_are_tests(pytester, run):
    text = "2023年度支出合计12.50万元，其中：基本支出10.00万元，项目支出3.50万元。"
    (pytester.path / "budgets").mkdir()
    (pytester.path / "budgets" / "2023.txt").write_text(text, encoding="utf-8")
    (pytester.path / "budgets" / "notes.md").write_text(text, encoding="utf-8")
    (pytester.path / "pyproject.toml").write_text('[tool.budgetaudit]\nfiles = ["budgets/*.txt"]\nselect = ["SUM"]\n')
    done = run("-v")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*budgets/2023.txt::cn/spending-by-nature FAILED*"])


def test_settings_that_are_not_known_are_refused(pytester, run):
    (pytester.path / "pyproject.toml").write_text('[tool.budgetaudit]\nfile = ["a.txt"]\n')
    done = run()
    done.stderr.fnmatch_lines(["*not known: file (known: *"])


# --- The assertion ----------------------------------------------------------------------------------------------------


def test_a_failed_assertion_reads_like_a_finding():
    with pytest.raises(AssertionError) as failed:
        assert_consistent({"total": "10.00", "a": "4.00", "b": "5.00"}, rules=["total = a + b"])
    lines = str(failed.value).splitlines()
    assert lines[0] == "1 finding of severity error or above"
    assert lines[2] == "SUM001 total-differs-from-parts   error, inconsistent"
    assert lines[3] == "total is printed as 10.00 but its 2 parts add up to 9.00 (gap 1.00, rounding reaches 0.015)"


def test_the_assertion_takes_budgets_frames_and_paths(tmp_path):
    figures = {"total": "9.00", "a": "4.00", "b": "5.00"}
    rules = ["total = a + b"]
    frame = pd.DataFrame({"name": [*figures], "amount": [*figures.values()]})
    path = tmp_path / "report.txt"
    path.write_text("2023年度支出合计12.50万元，其中：基本支出10.00万元，项目支出2.50万元。", encoding="utf-8")
    for report in (
        assert_consistent(figures, rules),
        assert_consistent(ba.Budget.from_dict(figures), rules),
        assert_consistent(frame, rules, columns={"label": "name", "amount": "amount"}),
        assert_consistent(path),
        assert_consistent(str(path), "cn"),
    ):
        assert report.ok


def test_the_assertion_fails_where_nothing_is_checked_and_from_the_level_asked_for():
    with pytest.raises(AssertionError, match="nothing was checked"):
        assert_consistent({"total": "", "a": "1"}, ["total = a"])
    figures = {"total": "9", "a": "4", "b": "4"}
    assert assert_consistent(figures, ["total = a + b"]).counts["rounding"] == 1
    with pytest.raises(AssertionError, match="severity info or above"):
        assert_consistent(figures, ["total = a + b"], fail_on="info")


# --- The report of a run ----------------------------------------------------------------------------------------------

TESTS = """
def test_one(assert_consistent):
    assert_consistent({"t": "3", "a": "1", "b": "2"}, ["t = a + b"])

def test_two(assert_consistent):
    assert_consistent({"t": "4", "a": "1", "b": "9"}, ["t = a + b"], name="second")

def test_case(audit_case):
    assert audit_case("export.audit.toml").counts["exact"] == 2
"""


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["one process", "two workers"])
@pytest.mark.parametrize("name", ["out/report.xml", "report.json"])
def test_all_audits_of_a_run_are_written_to_one_file(pytester, run, name, workers):
    pytester.makepyfile(TESTS)
    (pytester.path / "export.audit.toml").write_text(CASE)
    done = run("--budgetaudit-report", name, *workers)
    done.assert_outcomes(passed=4, failed=2)
    text = (pytester.path / name).read_text(encoding="utf-8")
    if name.endswith(".xml"):
        suites = {suite.get("name"): suite.attrib for suite in ET.fromstring(text)}
        assert {name: (suite["tests"], suite["failures"]) for name, suite in suites.items()} == {
            "export.audit.toml": ("3", "1"), "second": ("1", "1"),
            "test_all_audits_of_a_run_are_written_to_one_file.py::test_one": ("1", "0"),
        }  # fmt: skip
    else:
        reports = json.loads(text)["reports"]
        assert reports["export.audit.toml"]["counts"]["exact"] == 2
        assert reports["second"]["counts"]["inconsistent"] == 1
        assert len(reports) == 3


# --- Cost -------------------------------------------------------------------------------------------------------------


def test_the_plugin_loads_nothing_until_it_is_used():
    code = (
        "import sys, json; import pytest; before = set(sys.modules); import budgetaudit.testing.plugin;"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout)) <= {
        "budgetaudit", "budgetaudit.testing", "budgetaudit.testing.plugin", "fnmatch",
    }  # fmt: skip


def test_a_run_without_budgets_stays_silent_and_loads_no_library(pytester, run):
    pytester.makepyfile(
        test_it="def test_nothing():\n"
        "    import sys\n"
        "    loaded = [name for name in sys.modules if name.startswith('budgetaudit')]\n"
        "    assert set(loaded) == {'budgetaudit', 'budgetaudit.testing', 'budgetaudit.testing.plugin'}\n"
        "    assert 'pydantic' not in sys.modules and 'hypothesis' not in sys.modules\n"
    )
    done = run("--no-header")
    done.assert_outcomes(passed=1)
    assert len(done.outlines) <= 7
