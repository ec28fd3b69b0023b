"""`budgetaudit annotate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
from books import workbook_of

Run = Callable[..., tuple[int, str, str]]

ROWS = "2031年度支出决算表\n部门：青川县水利所 | 单位：万元\n项目 | 金额\n基本支出 | 100.00 as 0.00\n项目支出 | '20.00\n合计 | =SUM(B4:B5) 100.00 as 0.00"


def test_the_workbook_comes_back_with_its_findings(run: Run, desk: Path) -> None:
    (desk / "book.xlsx").write_bytes(workbook_of(ROWS))
    _, out, err = run("annotate", "book.xlsx", "-o", "marked.xlsx", "--locale", "zh_Hans")
    assert out == ""
    assert "marked.xlsx" in err
    marked = openpyxl.load_workbook(desk / "marked.xlsx")
    assert marked.sheetnames == ["Sheet", "审计发现"]
    assert "CEL001" in marked["Sheet"]["B5"].comment.text


def test_the_audited_workbook_is_never_overwritten(run: Run, desk: Path) -> None:
    (desk / "book.xlsx").write_bytes(workbook_of(ROWS))
    code, _, err = run("annotate", "book.xlsx", "-o", "./book.xlsx")
    assert code == 2
    assert "overwritten" in err
    assert (desk / "book.xlsx").read_bytes() == workbook_of(ROWS)


def test_what_is_no_workbook_is_refused(run: Run, desk: Path) -> None:
    assert run("annotate", "missed.txt", "-o", "marked.xlsx")[0] == 2
    assert run("annotate", "nowhere.xlsx", "-o", "marked.xlsx")[0] == 2
    assert run("annotate", "-", "-o", "marked.xlsx")[0] == 2
    assert not (desk / "marked.xlsx").exists()
