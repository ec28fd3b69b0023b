"""Formats: the name on the command line and the renderer behind it, loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.show.language import language

if TYPE_CHECKING:  # the command line names the formats without loading a report
    from budgetaudit.findings.report import Report

TEXT_FORMATS: Final = ("text", "json", "jsonl", "html", "md", "csv", "sarif", "junit", "github")
FORMATS: Final = (*TEXT_FORMATS, "xlsx")


def render(report: Report, form: str, *, locale: str = "en", color: bool = False, verbose: bool = False) -> str:
    """The report in one of `TEXT_FORMATS`, ending in a line break.

    Args:
        report: What to show.
        form: `text`, `json`, `jsonl` (one finding per line), `html` (a page of its own), `md`, `csv` (for spreadsheets), or
            for machines that build: `sarif`, `junit` (one case per relation), `github` (annotations). `xlsx` is no text:
            see `rendered`.
        locale: Language of words and numbers; figures in `json` and `csv` are plain decimals in every language.
        color: Mark severities with terminal colours; `text` only.
        verbose: Add causes, corrections and the lines as written; `text` and `md` only.

    Raises:
        BudgetAuditError: There is no such format or language.
    """
    locale = language(locale)
    match form:
        case "text":
            from budgetaudit.show.text import show_text

            return show_text(report, locale=locale, color=color, verbose=verbose)
        case "json":
            from budgetaudit.show.json import report_to_json

            return report_to_json(report)
        case "jsonl":
            from budgetaudit.show.json import findings_to_json_lines

            return findings_to_json_lines(report)
        case "html":
            from budgetaudit.show.html import show_page

            return show_page(report, locale=locale)
        case "md":
            from budgetaudit.show.markdown import show_markdown

            return show_markdown(report, locale=locale, verbose=verbose)
        case "csv":
            from budgetaudit.show.csv import show_csv

            return show_csv(report, locale=locale)
        case "sarif":
            from budgetaudit.show.sarif import show_sarif

            return show_sarif(report, locale=locale)
        case "junit":
            from budgetaudit.show.junit import show_junit

            return show_junit(report, locale=locale)
        case "github":
            from budgetaudit.show.github import show_github

            return show_github(report, locale=locale)
        case "xlsx":
            raise BudgetAuditError("a workbook is no text", hint="write it to a file: --output findings.xlsx")
        case _:
            raise BudgetAuditError(f"no format is called {form!r}; {nearest(form, FORMATS)}")


def rendered(report: Report, form: str, *, locale: str = "en", color: bool = False, verbose: bool = False) -> bytes:
    """The report as the bytes of a file, in one of `FORMATS`; text is UTF-8.

    Raises:
        BudgetAuditError: There is no such format or language.
    """
    if form != "xlsx":
        return render(report, form, locale=locale, color=color, verbose=verbose).encode("utf-8", "backslashreplace")
    from budgetaudit.show.workbook import findings_workbook

    return findings_workbook(report, locale=locale)
