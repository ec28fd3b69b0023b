"""Markdown: the report for an issue or a pull request.

One table of findings and the tally below it. Labels come from documents: whatever would end a cell, start markup or call
somebody by name is escaped.
"""

from __future__ import annotations

import re
from typing import Final

from budgetaudit.findings.finding import Finding
from budgetaudit.findings.kind import N_
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.show.language import say
from budgetaudit.show.messages import cause_sentences, headline, kind_name, standing, symptoms_sentence
from budgetaudit.show.places import source_of
from budgetaudit.show.plain import printable
from budgetaudit.show.tally import tally, without_findings

# Inside a cell no line begins, so characters that are markup only at the start of a line need no escape.
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>|~&$]")
# Code hosts make links of names and numbers after these, escaped or not; a comment in between stops them.
_CALLING: Final = re.compile(r"[@#]")


def show_markdown(report: Report, *, locale: str = "en", verbose: bool = False) -> str:
    """The report as a table of findings with the tally below it.

    Args:
        report: What to show.
        locale: Language of words and numbers.
        verbose: Add the causes of each finding to its cell.
    """
    titles = (N_("kind"), N_("severity"), N_("finding"), N_("place"))
    table = [
        f"| {' | '.join(say(title, locale) for title in titles)} |",
        "|---|---|---|---|",
        *(_row(finding, report.budget, locale, verbose) for finding in report.findings),
    ]
    body = table if report.findings else [without_findings(report, locale)]
    return "\n".join([*body, "", *(f"- {escaped(line)}" for line in tally(report, locale))]) + "\n"


def escaped(text: str) -> str:
    r"""The text with every character that Markdown would take for markup escaped, on one line.

    >>> print(escaped("a|b @all <b> #1"))
    a\|b @<!-- -->all \<b\> #<!-- -->1
    """
    return _CALLING.sub(r"\g<0><!-- -->", _MARKUP.sub(r"\\\g<0>", printable(text)))


def _row(finding: Finding, budget: Budget, locale: str, verbose: bool) -> str:
    source = source_of(finding, budget)
    said = [headline(finding, budget, locale)]
    if verbose:
        said += cause_sentences(finding, budget, locale)
        if finding.symptoms:
            said.append(symptoms_sentence(finding, locale))
    cells = [
        escaped(f"{finding.kind} {kind_name(finding, locale)}"),
        escaped(standing(finding, locale)),
        "<br>".join(escaped(sentence) for sentence in said),
        escaped(source.place) if source else "",
    ]
    return f"| {' | '.join(cells)} |"
