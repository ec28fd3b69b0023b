"""`budgetaudit check`: exit codes, streams, options, and input that cannot be read."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from budgetaudit.cli import check
from budgetaudit.show.formats import TEXT_FORMATS

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("document", "level", "code"),
    [
        ("clean", "info", 0), ("missed", "error", 1), ("missed", "never", 0), ("rare", "error", 0), ("rare", "warning", 1),
        ("rounded", "warning", 0), ("rounded", "info", 1), ("rounded", "never", 0), ("bare", "error", 2), ("bare", "never", 2),
    ],
)  # fmt: skip
def test_the_exit_code_says_how_it_went(document: str, level: str, code: int, run: Run) -> None:
    assert run("check", f"{document}.txt", "--fail-on", level)[0] == code


def test_error_is_the_level_by_default(run: Run) -> None:
    assert [run("check", f"{name}.txt")[0] for name in ("clean", "rare", "missed")] == [0, 0, 1]


def test_results_go_to_stdout_and_talk_to_stderr(run: Run) -> None:
    code, out, err = run("check", "missed.txt")
    assert (code, err) == (1, "")
    assert out.startswith(
        "SUM001 total-differs-from-parts   error, inconsistent\n支出合计 is printed as 12.50 万元 but"
    )
    code, out, err = run("check", "bare.txt")
    assert code == 2
    assert out.startswith("nothing was checked\n\n0 relations checked:")
    assert err == (
        "budgetaudit: nothing was checked in bare.txt: 0 figures read, 0 relations undecided, 0 failed,"
        " 0 rules found no figures\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.txt", "cannot read gone.txt: No such file or directory"),
        ("folder", "folder is a folder. Hint: name the files in it"),
        ("empty.txt", "empty.txt is empty"),
        ("binary.txt", "binary.txt"),
    ],
)
def test_what_cannot_be_read_is_named_and_exits_with_2(name: str, said: str, run: Run) -> None:
    code, out, err = run("check", name)
    assert (code, out) == (2, "")
    assert err.startswith(f"budgetaudit: {said}")
    assert "Traceback" not in err


def test_an_unreadable_document_does_not_stop_the_others(run: Run) -> None:
    code, out, err = run("check", "gone.txt", "missed.txt", "bare.txt")
    assert code == 2
    assert "支出合计 is printed as 12.50" in out
    assert "gone.txt" in err
    assert "nothing was checked in bare.txt" in err


def test_documents_are_audited_each_by_itself_and_reported_together(run: Run) -> None:
    code, out, _ = run("check", "clean.txt", "missed.txt", "rare.txt", "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert [document["name"] for document in report["budget"]["documents"]] == ["clean.txt", "missed.txt", "rare.txt"]
    assert report["counts"] | {"undecided": 0} == {
        "exact": 1, "rounding": 1, "inconsistent": 1, "undefined": 0, "undecided": 0, "failed": 0,
    }  # fmt: skip
    assert {finding["kind"] for finding in report["findings"]} == {"SUM001"}


def test_a_dash_is_standard_input(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("utf-8", "gb18030"):
        text = (desk / "missed.txt").read_text(encoding="utf-8") * 5
        stream = io.TextIOWrapper(io.BytesIO(text.encode(encoding)), encoding="ascii")
        monkeypatch.setattr(sys, "stdin", stream)
        code, out, _ = run("check", "-", "--encoding", encoding)
        assert code == 1
        assert 'stdin:1:11 "12.50"' in out


@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_every_format_can_be_written_to_a_file(form: str, run: Run, desk: Path) -> None:
    _, printed, _ = run("check", "missed.txt", "--format", form)
    code, out, err = run("check", "missed.txt", "--format", form, "--output", "report")
    assert (code, out, err) == (1, "", "")
    assert (desk / "report").read_bytes().decode() == printed
    assert printed


def test_a_workbook_of_findings_is_written_to_a_file_only(run: Run, desk: Path) -> None:
    code, out, err = run("check", "missed.txt", "--format", "xlsx")
    assert (code, out) == (2, "")
    assert "--output" in err
    assert run("check", "missed.txt", "--format", "xlsx", "--output", "findings.xlsx") == (1, "", "")
    rows = list(openpyxl.load_workbook(desk / "findings.xlsx").active.values)
    assert [row[2] for row in rows if row[0] == "error"] == ["SUM001"]


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_formats_for_builds_name_the_document_by_its_path(form: str, run: Run, desk: Path) -> None:
    (desk / "deep").mkdir()
    (desk / "missed.txt").rename(desk / "deep" / "missed.txt")
    code, out, _ = run("check", "deep/missed.txt", "--format", form)
    assert code == 1
    assert "deep/missed.txt" in out


@pytest.mark.parametrize("form", ["pdf", "xml"])
def test_formats_that_are_not_there_are_refused(form: str, run: Run) -> None:
    code, out, err = run("check", "clean.txt", "--format", form)
    assert (code, out) == (2, "")
    assert f"argument --format: invalid choice: '{form}' (choose from" in err


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    code, _, err = run("check", "clean.txt", "--output", "nowhere/report.txt")
    assert (code, err) == (2, "budgetaudit: cannot write nowhere/report.txt: No such file or directory\n")


def test_names_that_are_not_there_come_with_the_nearest(run: Run) -> None:
    code, _, err = run("check", "clean.txt", "--rules", "cnn")
    assert code == 2
    assert err == (
        "budgetaudit: no rule pack is called 'cnn'; nearest: 'cn', 'cn.final'. Hint: a path ending in .toml loads a pack of your own\n"
    )
    code, _, err = run("check", "clean.txt", "--select", "SUM00")
    assert (code, err) == (0, "")
    code, _, err = run("check", "clean.txt", "--select", "SUMM001")
    assert code == 2
    assert "no kind and no rule is called 'SUMM001'; nearest: 'SUM001'" in err
    code, _, err = run("check", "clean.txt", "--encoding", "utf-88")
    assert code == 2
    assert "utf-88" in err


def test_rules_of_ones_own_are_checked(run: Run, desk: Path) -> None:
    (desk / "mine.toml").write_text(
        """
[pack]
name = "mine"
version = "1"

[[rule]]
id = "mine/within"
kind = "ORD001"
strength = "logic"
equation = "基本支出 <= 项目支出"
label = { zh_Hans = "甲", zh_Hant = "甲", en = "A" }
reason = "For the test"
source = "The test"
""",
        encoding="utf-8",
    )
    code, out, _ = run("check", "clean.txt", "--rules", "mine.toml")
    assert code == 1
    assert out.startswith("ORD001 part-exceeds-whole   error, inconsistent")
    assert "rule mine/within" in out
    code, out, _ = run("check", "clean.txt", "--rules", "cn", "--rules", "基本支出 = 项目支出", "--select", "TIE")
    assert code == 1
    assert out.startswith("TIE002 ")


def test_kinds_can_be_selected_and_ignored(run: Run) -> None:
    assert run("check", "missed.txt", "--ignore", "SUM,RAT")[0] in {0, 2}
    assert run("check", "missed.txt", "--select", "RAT,SUM001")[0] == 1
    assert "SUM001" not in run("check", "missed.txt", "--ignore", "SUM001")[1]


def test_the_rounding_convention_can_be_given_and_is_printed(run: Run) -> None:
    code, out, _ = run("check", "rare.txt", "--rounding", "parts")
    assert code == 1
    assert "error, inconsistent" in out
    assert "assumed: totals add up the rounded parts" in out


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh_Hans", "列示为12.50万元"), ("zh_Hant", "列示為12.50万元"), ("en", "is printed as 12.50 万元"),
        ("zh-TW", "列示為12.50万元"), ("zh_CN.UTF-8", "列示为12.50万元"),
    ],
)  # fmt: skip
def test_the_language_can_be_chosen(locale: str, said: str, run: Run) -> None:
    assert said in run("check", "missed.txt", "--locale", locale)[1]


def test_the_language_is_that_of_the_environment_unless_chosen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert "列示為" in run("check", "missed.txt")[1]
    assert "is printed as" in run("check", "missed.txt", "--locale", "en")[1]
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert "is printed as" in run("check", "missed.txt")[1]


def test_unknown_languages_are_refused(run: Run) -> None:
    code, _, err = run("check", "clean.txt", "--locale", "de")
    assert code == 2
    assert "no catalogue speaks 'de'. Hint: the catalogues are zh_Hans, zh_Hant, en" in err


def test_verbose_adds_causes_and_the_line_as_written(run: Run) -> None:
    _, brief, _ = run("check", "rare.txt")
    _, full, _ = run("check", "rare.txt", "--verbose")
    assert "145.54 → 145.56 would close the gap" in full
    assert "1 | 2023年度支出合计677.41万元" in full
    assert "→" not in brief


@pytest.mark.parametrize(
    ("terminal", "option", "environment", "painted"),
    [
        (True, "auto", {}, True), (False, "auto", {}, False), (True, "never", {}, False), (False, "always", {}, True),
        (True, "auto", {"NO_COLOR": "1"}, False), (True, "auto", {"TERM": "dumb"}, False), (True, "always", {"NO_COLOR": "1"}, True),
    ],
)  # fmt: skip
def test_color_is_for_terminals(
    terminal: bool,
    option: str,
    environment: dict[str, str],
    painted: bool,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: terminal)
    assert ("\x1b[" in run("check", "missed.txt", "--color", option)[1]) is painted


def test_a_file_is_never_painted(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    run("check", "missed.txt", "--output", "report.txt")
    assert "\x1b" not in (desk / "report.txt").read_text(encoding="utf-8")


def test_a_defect_of_the_program_is_not_taken_for_findings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> int:
        raise RuntimeError("boom")

    monkeypatch.setattr(check, "run", broken)
    code, out, err = run("check", "clean.txt")
    assert (code, out) == (2, "")
    assert "RuntimeError: boom" in err
    assert err.endswith("this is a defect of budgetaudit, not of the document\n")


def test_an_interrupted_run_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", interrupted)
    assert run("check", "clean.txt") == (130, "", "budgetaudit: interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_a_file_name_that_is_no_text_survives_every_format(run: Run, desk: Path) -> None:
    name = os.fsdecode(b"\xe4\xff.txt")
    (desk / name).write_bytes((desk / "missed.txt").read_bytes())
    for form in TEXT_FORMATS:
        code, _, err = run("check", name, "--format", form, "--output", "report")
        assert (code, err) == (1, "")
        text = (desk / "report").read_text(encoding="utf-8")
        if form == "json":
            assert json.loads(text)["budget"]["documents"][0]["name"] == name
