"""Progress: watchers hear of every step of the work they watch, and can end it."""

from __future__ import annotations

import pytest
from books import workbook_of

import budgetaudit as ba
from budgetaudit.progress import counted, watched

TEXT = "2031年度支出合计12.50万元，其中：基本支出10.00万元，项目支出2.50万元。\n\n2031年度收入合计12.50万元。\n"


def test_reading_and_auditing_tell_their_steps():
    seen: list[ba.Progress] = []
    budget = ba.read(TEXT, progress=seen.append)
    assert {(step.stage, step.of) for step in seen} == {("reading", "paragraphs")}
    assert (seen[-1].done, seen[-1].total) == (2, 2)
    seen.clear()
    report = ba.audit(budget, progress=seen.append)
    assert [step.done for step in seen] == list(range(1, len(report.outcomes) + 1))
    assert seen[-1].stage == "auditing"


def test_sheets_of_a_workbook_are_steps():
    seen: list[ba.Progress] = []
    ba.read(workbook_of("项目 | 金额\n甲 | 5"), progress=seen.append)
    assert ba.Progress("reading", 1, 1, "sheets") in seen


def test_what_a_watcher_raises_ends_the_work():
    def stop(step: ba.Progress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        ba.read(TEXT, progress=stop)


def test_nobody_watching_changes_nothing():
    assert list(counted([1, 2], stage="reading", of="things")) == [1, 2]
    with watched(None):
        assert list(counted([1], stage="reading", of="things")) == [1]
