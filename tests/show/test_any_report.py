"""Reports of any shape: every format shows them, in every language, well formed and in the published JSON shape."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.formats import TEXT_FORMATS, render
from budgetaudit.show.json import report_schema
from budgetaudit.show.language import LOCALES
from showing import reports

VALIDATOR = Draft202012Validator(report_schema())


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(reports(), st.sampled_from(LOCALES), st.booleans())
def test_every_report_is_shown_in_every_format(report: Report, locale: str, verbose: bool) -> None:
    shown = {form: render(report, form, locale=locale, verbose=verbose) for form in TEXT_FORMATS}
    assert all(text.endswith("\n") or not text for text in shown.values())

    VALIDATOR.validate(json.loads(shown["json"]))
    assert Budget.from_json(json.dumps(json.loads(shown["json"])["budget"])) == report.budget
    records = [json.loads(line) for line in shown["jsonl"].splitlines()]
    assert len(records) == len(report.findings) + len(report.symptoms)

    rows = list(csv.reader(io.StringIO(shown["csv"].removeprefix("\ufeff"))))
    assert len(rows) == 1 + len(records)
    assert len({len(row) for row in rows}) == 1

    for form in ("text", "md", "html"):
        steering = {char for char in shown[form] if unicodedata.category(char) in {"Cc", "Cf"}} - {"\n"}
        assert not steering
    blocks = shown["text"].rstrip("\n").split("\n\n")
    assert len(blocks) == max(1, len(report.findings)) + (
        1 + (verbose and bool(report.budget.unplaced)) + (verbose and bool(report.completions))
    )
    if report.findings and not verbose:
        assert all(len(block.split("\n")) == 3 for block in blocks[:-1])
    _Balanced(shown["html"])


class _Balanced(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "img"}, attrs
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
