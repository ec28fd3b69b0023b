"""HTML of a report about columns: one small table, a row per rule, a column per verdict."""

from __future__ import annotations

from html import escape
from typing import Final

from budgetaudit.check.outcome import VERDICTS
from budgetaudit.findings.column_report import ColumnReport
from budgetaudit.show.words import VERDICT_WORDS, word

MOST_RULES: Final = 50
_CELL: Final = "padding:2px 12px;text-align:right;font-variant-numeric:tabular-nums;background:transparent"


def show_column_html(report: ColumnReport, *, locale: str = "en") -> str:
    """The counts of every rule as one `div`, the rules that break most first."""
    ranked = sorted(report.by_rule.items(), key=lambda one: (-one[1]["inconsistent"], one[0]))
    head = "".join(f'<th style="{_CELL}">{escape(word(verdict, VERDICT_WORDS, locale))}</th>' for verdict in VERDICTS)
    rows = [("", report.counts), *ranked[:MOST_RULES]]
    body = "".join(
        f'<tr><td style="{_CELL};text-align:left">{escape(rule)}</td>'
        + "".join(f'<td style="{_CELL}">{counted[verdict]:,}</td>' for verdict in VERDICTS)
        + "</tr>"
        for rule, counted in rows
    )
    rest = f"<div>+ {len(ranked) - MOST_RULES}</div>" if len(ranked) > MOST_RULES else ""
    return f'<div><table style="border-collapse:collapse"><tr><th></th>{head}</tr>{body}</table>{rest}</div>\n'
