"""Costs of budgetaudit as ratios within one run: a shared machine varies by a factor of three, its ratios hardly do.

Nothing is asserted here. Processes are measured by their CPU time, as the least of several turns taken in alternation;
work inside this process likewise. Run by `make bench`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from io import BytesIO

import openpyxl

import budgetaudit as ba
from budgetaudit.money.scan import scan
from budgetaudit.read.workbook import read_workbook
from drawn_budgets import median_draw
from hostile import RUNS
from large_budgets import large_budgets
from long_report import long_report
from made_pdf import bare_pdf, long_document
from many_offices import many_offices
from workbooks import workbook_of_figures

TURNS = 7


def process_costs(commands: Sequence[Sequence[str]]) -> list[float]:
    """Least CPU milliseconds of each command, taken in turns."""
    least = [float("inf")] * len(commands)
    for _ in range(TURNS):
        for place, command in enumerate(commands):
            before = os.times()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            after = os.times()
            spent = after.children_user + after.children_system - before.children_user - before.children_system
            least[place] = min(least[place], spent * 1000)
    return least


def cost(work: Callable[[], object], *, turns: int = 3) -> float:
    """Least CPU milliseconds of a call."""
    least = float("inf")
    for _ in range(turns):
        before = time.process_time()
        work()
        least = min(least, (time.process_time() - before) * 1000)
    return least


def row(name: str, milliseconds: float, note: str = "") -> None:
    """One line of the table."""
    print(f"{name:<44} {milliseconds:>9.1f} ms   {note}")


def _audited(text: str) -> None:
    ba.audit(ba.read(text + "\n", name="hostile"))


def main() -> None:
    """Measure and print the table."""
    python = sys.executable
    bare, pydantic, ours, model, version = process_costs(
        [
            [python, "-c", "pass"],
            [python, "-c", "import pydantic"],
            [python, "-c", "import budgetaudit"],
            [python, "-c", "import budgetaudit; budgetaudit.audit, budgetaudit.read"],
            [python, "-m", "budgetaudit", "--help"],
        ]
    )
    row("python -c pass", bare)
    row("import pydantic", pydantic)
    row("import budgetaudit", ours, f"{ours / pydantic:.2f} of pydantic (wanted: at most 1.30)")
    row("import budgetaudit, audit and read looked up", model, f"{model / pydantic:.2f} of pydantic")
    row("budgetaudit --help", version, "wanted: below 100 ms")

    text = long_report(20)
    budget = ba.read(text, name="20 pages")
    report = ba.audit(budget)
    read, audit = cost(lambda: ba.read(text, name="20 pages")), cost(lambda: ba.audit(budget))
    row("read a report of 20 pages", read, f"{len(text)} characters, {len(budget.lines)} figures")
    row("audit it", audit, f"{len(report.outcomes)} relations")
    row("both", read + audit, "wanted: below 1000 ms")
    longer = long_report(80)
    whole = cost(lambda: ba.audit(ba.read(longer, name="80 pages")), turns=1)
    row("the same with 80 pages", whole, f"{whole / (read + audit):.1f} times for 4.0 times the text")

    pdf = long_document(60)
    bare, whole = cost(lambda: bare_pdf(pdf), turns=1), cost(lambda: ba.read(pdf, name="60 pages.pdf"), turns=1)
    row("pdfplumber alone: text and tables of 60 pages", bare)
    row("read the same 60 pages into figures", whole, f"{whole / bare:.2f} of pdfplumber alone (wanted: 30 s at most)")
    of_pdf = ba.read(pdf, name="60 pages.pdf")
    row("audit them", cost(lambda: ba.audit(of_pdf), turns=1), f"{len(of_pdf)} figures")

    few, many = (many_offices(entities, 100 * entities // 10) for entities in (10, 40))
    of_few, of_many = (cost(partial(ba.audit, offices), turns=1) for offices in (few, many))
    row(
        f"audit {len(many)} key figures of 40 offices",
        of_many,
        f"{of_many / of_few:.1f} times for 4.0 times the figures",
    )

    whole, spoilt = large_budgets(10)
    of_whole, of_spoilt = (cost(large.audit, turns=1) for large in (whole, spoilt))
    row(f"audit {len(whole.cells)} figures, {len(whole.rules)} relations", of_whole, "all of them true")
    row("the same with ten faults", of_spoilt, f"{of_spoilt / of_whole:.1f} times as long (wanted: below 2000 ms)")

    for name, run in RUNS.items():
        short, long = (cost(partial(_audited, (run * length)[:length]), turns=1) for length in (5_000, 20_000))
        row(f"hostile: 20,000 characters of {name}", long, f"{long / short:.1f} times for 4.0 times the text")

    book = workbook_of_figures(200_000)
    bare = cost(lambda: openpyxl.load_workbook(BytesIO(book)), turns=1)
    ours = cost(lambda: read_workbook(book, name="book"), turns=1)
    whole = cost(lambda: ba.read(book, name="book"), turns=1)
    row("openpyxl: load a workbook of 200,000 figures", bare)
    row("its tables, formats and remarks, by budgetaudit", ours, f"{ours / bare:.2f} of openpyxl")
    row("read as a budget", whole, f"{whole / bare:.2f} of openpyxl (wanted: below 10 s)")

    if find_spec("hypothesis") is not None:
        row("draw a budget of 200 lines, median", median_draw(), "wanted: below 20 ms")

    million = long_report(1)
    million *= 1_000_000 // len(million) + 1
    one, ten = cost(lambda: scan(million), turns=1), cost(lambda: scan(million * 10), turns=1)
    row("scan 1 million characters", one)
    row("scan 10 million characters", ten, f"{ten / one:.1f} times for 10 times the text")
    read_one, read_four = (cost(lambda part=part: ba.read(million * part, name="long"), turns=1) for part in (1, 4))
    row("read 1 million characters", read_one)
    row("read 4 million characters", read_four, f"{read_four / read_one:.1f} times for 4.0 times the text")


if __name__ == "__main__":
    main()
