"""HTML: the report in a notebook, and as a page of its own.

Own markup with inline styles and inline SVG: no script, no style sheet, nothing fetched, so that it survives notebooks
that strip both, and every character from a document is escaped. A page of its own has the text of the documents too (`document`). Counts stand on top, then a table of findings, worst
first, the first 50 of them. Words and lines take the colours of the surrounding page, light or dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Final

from budgetaudit.check.outcome import VERDICTS, Outcome
from budgetaudit.explain.situation import Situation
from budgetaudit.findings.finding import Finding
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import BudgetLine
from budgetaudit.model.source import Source
from budgetaudit.money.show import show_amount
from budgetaudit.show.completions import completion_sentence
from budgetaudit.show.document import STYLE, Anchors, document_texts
from budgetaudit.show.language import language, say, say_count
from budgetaudit.show.messages import cause_sentences, headline, kind_name, symptoms_sentence
from budgetaudit.show.needs import needs_drawing
from budgetaudit.show.places import source_of, where
from budgetaudit.show.plain import printable
from budgetaudit.show.svg import WIDTH, gap_ruler
from budgetaudit.show.tally import tally, without_findings
from budgetaudit.show.words import ROLE_WORDS, SEVERITY_WORDS, VERDICT_COUNTS, VERDICT_WORDS, word

MOST_FINDINGS: Final = 50
MOST_ON_PAGE: Final = 500
_COLORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "error": "#dc2626", "warning": "#d97706", "info": "#3b82f6",
        "exact": "#16a34a", "rounding": "#3b82f6", "inconsistent": "#dc2626",
        "undefined": "#d97706", "undecided": "#8b8b95", "failed": "#d97706",
    }
)  # fmt: skip
_LINE: Final = "1px solid rgba(128,128,128,.28)"
_QUIET: Final = "opacity:.72;font-size:.86em"
# Notebooks style tables of their own accord: every cell says what it wants instead.
_CELL: Final = "padding:10px 12px 12px;text-align:left;vertical-align:top;white-space:normal;background:transparent"
_SMALL_CELL: Final = "padding:1px 14px 1px 0;border:0;vertical-align:top;background:transparent"
_NUMBER: Final = "font-variant-numeric:tabular-nums;white-space:nowrap"
_BCP47: Final[Mapping[str, str]] = MappingProxyType({"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"})


def show_html(report: Report, *, locale: str = "en") -> str:
    """The report as one `div` for a notebook cell or another page."""
    locale = language(locale)
    return _report(report, report.findings[:MOST_FINDINGS], locale, None)


def show_page(report: Report, *, locale: str = "en") -> str:
    """The report as a page of its own, light or dark as its reader prefers, with the text of the documents below it.

    Figures in the text are marked; each finding leads to its figures and each figure to its findings.
    """
    locale = language(locale)
    shown = report.findings[:MOST_ON_PAGE]
    anchors = Anchors(report, shown)
    title = escape(_names(report))
    return (
        f'<!DOCTYPE html>\n<html lang="{_BCP47[locale]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n"
        '<body style="margin:24px auto;padding:0 20px;max-width:1120px;font-family:system-ui,sans-serif">\n'
        f"{_report(report, shown, locale, anchors)}{''.join(document_texts(report, shown, anchors, locale))}</body></html>\n"
    )


def _report(report: Report, shown: Sequence[Finding], locale: str, anchors: Anchors | None) -> str:
    body = (
        _table(report, shown, locale, anchors)
        if shown
        else f'<div style="padding:10px 0;border-top:{_LINE}">{escape(without_findings(report, locale))}</div>'
    )
    return (
        f'<div lang="{_BCP47[locale]}" style="max-width:1120px;line-height:1.5;font-size:14px;text-align:left">'
        f"{_head(report, locale)}{body}{_rest(len(report.findings) - len(shown), locale)}{_implied(report, locale)}</div>\n"
    )


def _names(report: Report) -> str:
    return ", ".join(printable(document.name) for document in report.budget.documents) or "budgetaudit"


def _head(report: Report, locale: str) -> str:
    """The documents, the counts of all verdicts, and below them what could not be checked."""
    chips = "".join(
        '<span style="display:inline-block;margin:0 14px 2px 0;white-space:nowrap;'
        f'{"" if report.counts[verdict] else "opacity:.5"}">{_dot(verdict)}'
        f"{escape(say(VERDICT_COUNTS[verdict], locale, n=str(report.counts[verdict])))}</span>"
        for verdict in VERDICTS
    )
    open_questions = "".join(f'<div style="{_QUIET}">{escape(line)}</div>' for line in tally(report, locale)[1:])
    return (
        f'<div style="padding:6px 0 8px"><div style="font-weight:600;font-size:1.08em">{escape(_names(report))}</div>'
        f"<div>{chips}</div>{open_questions}</div>"
    )


def _table(report: Report, shown: Sequence[Finding], locale: str, anchors: Anchors | None) -> str:
    situation = Situation(report.outcomes, report.budget, report.extents)
    rows = "".join(_finding(finding, report.budget, situation, locale, anchors) for finding in shown)
    return (
        '<table style="border-collapse:collapse;border:0;width:100%;margin:0;table-layout:auto;font-size:inherit">'
        f"<tbody>{rows}</tbody></table>"
    )


def _finding(finding: Finding, budget: Budget, situation: Situation, locale: str, anchors: Anchors | None) -> str:
    """One row: how bad and of what kind; the sentence, its place and more on demand, with its pictures beside it."""
    outcome = finding.outcome if len(finding.outcomes) == 1 else None
    ruler = "" if outcome is None else gap_ruler(outcome, places=_places(outcome, budget), locale=locale)
    needs = needs_drawing(finding.causes[0], situation, locale=locale) if finding.causes else ""
    verdict = "" if finding.verdict is None else word(finding.verdict, VERDICT_WORDS, locale)
    place = "" if anchors is None else f' id="{anchors.of_finding(finding)}"'
    number = "" if anchors is None else f"{anchors.numbers[finding.fingerprint]} · "
    return (
        f'<tr{place} style="background:transparent;border-top:{_LINE}">'
        f'<td style="{_CELL};width:132px;border:0;border-left:4px solid {_COLORS[finding.severity]}">'
        f'<div style="font-weight:600;white-space:nowrap">{_dot(finding.severity)}'
        f"{escape(word(finding.severity, SEVERITY_WORDS, locale))}</div>"
        f'<div style="{_QUIET}">{escape(verdict)}</div>'
        f'<div style="{_QUIET};margin-top:4px">{number}<b>{finding.kind}</b><br>{escape(kind_name(finding, locale))}</div></td>'
        f'<td style="{_CELL};border:0"><div style="display:flex;flex-wrap:wrap;gap:4px 24px">'
        '<div style="flex:1 1 380px;min-width:0;overflow-wrap:anywhere">'
        f'<div style="font-size:1.02em">{escape(headline(finding, budget, locale))}</div>'
        f"{''.join(_causes(finding, budget, locale))}"
        f'<div style="{_QUIET}">{_linked(" · ".join(where(finding, budget, locale)), source_of(finding, budget), anchors)}</div>'
        f"{_figures(outcome, budget, locale, anchors)}</div>"
        f"{_beside(ruler + needs)}</div></td></tr>"
    )


def _beside(pictures: str) -> str:
    return f'<div style="flex:0 1 {WIDTH}px;align-self:flex-start">{pictures}</div>' if pictures else ""


def _places(outcome: Outcome, budget: Budget) -> int:
    """The places of the printed figure, if the gap is in its unit."""
    amount = budget.line(outcome.relation.terms[0].line).amount if outcome.relation.terms else None
    return amount.places if amount is not None and amount.unit == outcome.unit else 0


def _causes(finding: Finding, budget: Budget, locale: str) -> Iterator[str]:
    if finding.causes:
        items = "".join(
            f'<li style="margin:0">{escape(sentence)}</li>' for sentence in cause_sentences(finding, budget, locale)
        )
        yield f'<ul style="margin:2px 0;padding-left:1.3em">{items}</ul>'
    if finding.symptoms:
        yield f"<div>{escape(symptoms_sentence(finding, locale))}</div>"


def _figures(outcome: Outcome | None, budget: Budget, locale: str, anchors: Anchors | None) -> str:
    """The figures of the relation, folded until somebody asks."""
    if outcome is None or not outcome.relation.terms:
        return ""
    rows = "".join(
        _figure(word(term.role, ROLE_WORDS, locale), budget.line(term.line), locale, anchors)
        for term in outcome.relation.terms
    )
    number = len(outcome.relation.terms)
    summary = escape(say_count("{n} figure", "{n} figures", number, locale))
    return (
        f'<details style="{_QUIET}"><summary style="cursor:pointer">{summary}</summary>'
        f'<table style="border-collapse:collapse;border:0;margin:2px 0;font-size:inherit">{rows}</table></details>'
    )


def _figure(role: str, line: BudgetLine, locale: str, anchors: Anchors | None) -> str:
    amount = "" if line.amount is None else printable(show_amount(line.amount, locale=locale))
    place = "" if line.source is None else printable(line.source.place)
    left, right = f"{_SMALL_CELL};text-align:left", f"{_SMALL_CELL};text-align:right;{_NUMBER}"
    return (
        f'<tr style="background:transparent"><td style="{left}">{escape(role)}</td>'
        f'<td style="{left}">{escape(printable(line.label))}</td>'
        f'<td style="{right}">{escape(amount)}</td><td style="{left}">{_linked(place, line.source, anchors)}</td></tr>'
    )


def _linked(place: str, source: Source | None, anchors: Anchors | None) -> str:
    """A place that leads to the figure in the text below, where there is one."""
    anchor = None if anchors is None else anchors.of_source(source)
    return escape(place) if anchor is None else f'<a href="#{anchor}">{escape(place)}</a>'


def _rest(number: int, locale: str) -> str:
    """The line that stands for the findings beyond the first 50."""
    if number <= 0:
        return ""
    sentence = say_count("{n} further finding is not shown", "{n} further findings are not shown", number, locale)
    return f'<div style="border-top:{_LINE};padding:8px 0">{escape(sentence)}</div>'


def _implied(report: Report, locale: str) -> str:
    """What figures that are not printed must be, folded until somebody asks."""
    if not report.completions:
        return ""
    number = len(report.completions)
    summary = say_count(
        "{n} figure that is not printed follows from others",
        "{n} figures that are not printed follow from others",
        number,
        locale,
    )
    items = "".join(
        f"<div>{escape(completion_sentence(completion, locale))}</div>" for completion in report.completions
    )
    return (
        f'<details style="border-top:{_LINE};padding:8px 0;{_QUIET}"><summary style="cursor:pointer">'
        f"{escape(summary)}</summary>{items}</details>"
    )


def _dot(name: str) -> str:
    return (
        f'<span style="display:inline-block;width:.62em;height:.62em;border-radius:50%;margin-right:.4em;'
        f'background:{_COLORS[name]}"></span>'
    )
