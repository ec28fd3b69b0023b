"""Several documents: together where they say whose they are, several at a time, one bar for all."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from budgetaudit.cli.bar import bar
from budgetaudit.progress import Progress, counted, watched

OFFICE = "青川县水利所2031年度部门决算说明\n\n2031年度支出合计{}万元，其中：基本支出10.00万元，项目支出2.50万元。\n"

Run = Callable[..., tuple[int, str, str]]


def test_documents_of_one_office_are_audited_together(run: Run, desk: Path) -> None:
    (desk / "text.txt").write_text(OFFICE.format("12.50"), encoding="utf-8")
    (desk / "again.txt").write_text(OFFICE.format("12.60"), encoding="utf-8")
    together, apart = (run("check", "text.txt", "again.txt", "--together", how)[1] for how in ("auto", "never"))
    assert "TIE001" in together
    assert "TIE001" not in apart
    assert "SUM001" in apart


def test_documents_that_do_not_say_whose_they_are_stay_apart_unless_told(run: Run, desk: Path) -> None:
    (desk / "other.txt").write_text(
        (desk / "clean.txt").read_text(encoding="utf-8").replace("12.50", "13.50").replace("10.00", "11.00"),
        encoding="utf-8",
    )
    assert "TIE001" not in run("check", "clean.txt", "other.txt")[1]
    assert "TIE001" in run("check", "clean.txt", "other.txt", "--together", "always")[1]


def test_jobs_change_nothing_but_the_time(run: Run, desk: Path) -> None:
    names = ["clean.txt", "missed.txt", "empty.txt", "rare.txt", "nowhere.txt", "rounded.txt"]
    one, two = run("check", *names), run("check", *names, "--jobs", "2")
    assert one == two
    assert one[0] == 2
    assert "empty.txt" in one[2]
    assert "nowhere.txt" in one[2]


@pytest.mark.parametrize("jobs", ["-1", "x", "1.5", "²", "99999"])
def test_jobs_is_a_number(run: Run, jobs: str) -> None:
    assert run("check", "clean.txt", "--jobs", jobs)[0] == 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("budgetaudit.cli.bar._PATIENCE", 0)
    monkeypatch.setattr("budgetaudit.cli.bar._PAUSE", 0)
    with bar() as watcher, watched(watcher):
        assert list(counted([1, 2], stage="reading", of="pages", total=2)) == [1, 2]
    assert "1/2 pages" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_no_bar_is_drawn_elsewhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with bar() as watcher:
        assert watcher is None
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "dumb")
    with bar() as watcher:
        assert watcher is None
    assert capsys.readouterr().err == ""


def test_a_step_without_a_total_counts_on() -> None:
    from budgetaudit.cli.bar import line_of

    assert line_of(Progress("reading", 3, None, "pages")) == "reading 3 pages"
