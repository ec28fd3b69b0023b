"""`budgetaudit explain`: what a kind of finding means, in the reader's language.

Everything comes from the table of kinds, the catalogues and the packs, which travel with the package; the page of the
kind in the documentation shows the same with examples. Fields of a sentence are shown as gaps.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from budgetaudit.cli.streams import write_result
from budgetaudit.findings.kind import N_, Kind, Template
from budgetaudit.findings.kinds import kind_named
from budgetaudit.findings.phrases import GAP_NOTES
from budgetaudit.rules.pack import load_pack, packs_here
from budgetaudit.show.language import catalogue, say
from budgetaudit.show.messages import GAPS
from budgetaudit.show.words import SEVERITY_WORDS, word

_SEVERAL: Final = 4


def run(options: argparse.Namespace) -> int:
    """Explain the kind of that code or name."""
    write_result("\n".join(_page(kind_named(options.kind), options.locale)) + "\n")
    return 0


def _page(kind: Kind, locale: str) -> Iterator[str]:
    name = say(kind.name, locale)
    yield f"{kind.code} {name}" + ("" if name == kind.name else f"  {kind.name}")
    yield ""
    yield say(kind.summary, locale)
    yield say(kind.note, locale)
    yield ""
    yield say(N_("Severity: {severity} at most"), locale, severity=word(kind.worst, SEVERITY_WORDS, locale))
    yield ""
    yield say(N_("A finding says:"), locale)
    for template in kind.templates.values():
        yield f"  {_sentence(template, locale)}"
    rules = [rule for name in packs_here() for rule in load_pack(name).rules if rule.kind == kind.code]
    if rules:
        yield ""
        yield say(N_("Rules that lead to it:"), locale)
        for rule in rules:
            yield f"  {rule.id}   {rule.label.get(locale) or rule.label.get('en', '')}".rstrip()


def _sentence(template: Template, locale: str) -> str:
    """A template without a finding: every field is a gap, but for the note about the gap, which has words of its own."""
    text = (
        catalogue(locale).ngettext(template.one, template.other, _SEVERAL)
        if template.other
        else say(template.one, locale)
    )
    note = GAP_NOTES["bound"]
    return text.format_map(GAPS | {"gap_note": say(note.one, locale).format_map(GAPS)})
