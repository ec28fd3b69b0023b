"""Every page of a kind is its test: the examples of the page give the findings that the page shows.

A `budget` block holds lines (label, figure, and `period=2018`, `decimals=-3` and the like) and the equations between
them; a `report` block holds the text of a document; a `workbook` block the rows of a sheet (see
`workbook_of`). The `findings` block after it says what an audit finds: one line per finding with its sentence, the findings
below it indented, and the number of relations by verdict, because "nothing found" means something only beside a number of
checks.

`BUDGETAUDIT_REWRITE=1` writes what is found into the pages; read the diff before you believe it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from books import workbook_of

import budgetaudit as ba
from budgetaudit.show.messages import headline
from fences import REWRITE, Fence, fences, rewrite

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "kinds"
PAGES = sorted(FOLDER.glob("[A-Z]*.md"))
BELOW = "  below it: "
SIGNS = (" = ", " <= ", " >= ", " < ", " > ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_shows_what_an_audit_finds(page: Path) -> None:
    changes = []
    for example, expected in _examples(page):
        found = "".join(f"{line}\n" for line in _findings(_report(example)))
        if REWRITE:
            changes.append((expected, found))
        else:
            assert found == expected.body, f"{page.name}:{expected.line} {example.heading}"
    rewrite(changes)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_first_example_of_a_page_has_its_kind_and_those_headed_nothing_to_say_have_not(page: Path) -> None:
    examples = _examples(page)
    assert examples, f"{page.name} has no example"
    for number, (example, expected) in enumerate(examples):
        found = {line.removeprefix(BELOW).split()[0] for line in expected.body.splitlines()}
        if example.heading == "Nothing to say":
            assert page.stem not in found, f"{page.name}:{expected.line}"
        elif number == 0:
            assert page.stem in found, f"{page.name}:{expected.line}"


def _examples(page: Path) -> list[tuple[Fence, Fence]]:
    """Every example with the block of findings that follows it."""
    blocks = [fence for fence in fences(page) if fence.language in {"budget", "report", "workbook", "findings"}]
    examples, findings = blocks[::2], blocks[1::2]
    assert [fence.language for fence in findings] == ["findings"] * len(examples), page.name
    assert all(fence.language != "findings" for fence in examples), page.name
    return list(zip(examples, findings, strict=True))


def _report(example: Fence) -> ba.Report:
    if example.language == "report":
        return ba.audit(ba.read(example.body.encode(), name="report"))
    if example.language == "workbook":
        book = workbook_of(example.body, hidden_sheet=example.options.get("hidden-sheet"))
        return ba.audit(ba.read(book, name="book.xlsx"))
    rows = [row for row in example.body.splitlines() if row.strip()]
    rules = [row for row in rows if any(sign in row for sign in SIGNS)]
    records = [_record(row) for row in rows if row not in rules]
    return ba.audit(records, rules=rules, unit=example.options.get("unit"))


def _record(row: str) -> dict[str, Any]:
    label, figure, *options = row.split()
    named = dict(option.split("=") for option in options)
    if "decimals" in named:
        named["places"] = int(named.pop("decimals"))
    return {"label": label, "amount": figure, **named}


def _findings(report: ba.Report) -> Iterator[str]:
    for finding in report.findings:
        yield _line(finding, report)
        yield from (f"{BELOW}{_line(report.finding(mark), report)}" for mark in finding.symptoms)
    counted = ", ".join(f"{number} {verdict}" for verdict, number in report.counts.items() if number)
    yield f"relations: {counted or 'none'}"


def _line(finding: ba.Finding, report: ba.Report) -> str:
    standing = " ".join(word for word in (finding.kind, finding.severity, finding.verdict) if word)
    return f"{standing}: {headline(finding, report.budget, 'en')}"
