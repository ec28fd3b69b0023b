"""`budgetaudit explain`: what a kind of finding means, in the reader's language, from the table of kinds."""

from __future__ import annotations

import argparse

from budgetaudit.cli.streams import write_result
from budgetaudit.findings.kind import Kind
from budgetaudit.findings.kinds import kind_named
from budgetaudit.show.language import catalogue, say
from budgetaudit.show.words import SEVERITY_WORDS, word


def run(options: argparse.Namespace) -> int:
    """Explain the kind of that code or name."""
    write_result("\n".join(_page(kind_named(options.kind), options.locale)) + "\n")
    return 0


def _page(kind: Kind, locale: str) -> list[str]:
    sentences = [
        catalogue(locale).ngettext(template.one, template.other, 2) if template.other else say(template.one, locale)
        for template in kind.templates.values()
    ]
    return [
        f"{kind.code} {say(kind.name, locale)}",
        "",
        say(kind.summary, locale),
        "",
        say("At worst: {severity}", locale, severity=word(kind.worst, SEVERITY_WORDS, locale)),
        say("What a finding says:", locale),
        *(f"  {sentence}" for sentence in sentences),
    ]
