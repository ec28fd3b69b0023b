"""Pages made from the code at each build: the list of kinds, the rules of the packs, the options of the command line.

What a table in the code knows is not written down a second time by hand.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from budgetaudit.cli import build_parser
from budgetaudit.findings.kinds import KINDS
from budgetaudit.rules.pack import load_pack, packs_here
from budgetaudit.rules.rule import PER
from budgetaudit.rules.write import format_equation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from budgetaudit.rules.rule import Rule


def write_generated_pages(folder: Path) -> None:
    """Write every made page into a folder, for hand-written pages to include."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"kinds.md": kinds_page(), "rules.md": rules_page(), "cli.md": cli_page()}
    for name, lines in pages.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def kinds_page() -> Iterator[str]:
    """One row for each kind."""
    yield "| code | name |"
    yield "|---|---|"
    for kind in KINDS.values():
        yield f"| [{kind.code}](../kinds/{kind.code}.md) | {kind.name} |"


def rules_page() -> Iterator[str]:
    """One section for each pack, one definition for each rule."""
    for name in packs_here():
        pack = load_pack(name)
        yield f"## {name} {pack.version}"
        yield ""
        for rule in pack.rules:
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield f"**{rule.label.get('en', rule.id)}** · {rule.label.get('zh_Hans', '')} · {rule.label.get('zh_Hant', '')}"
    yield ""
    yield "```text"
    yield format_equation(rule.equation)
    if rule.when is not None:
        yield f"where {format_equation(rule.when)}"
    yield from (f"unless all of these: {format_equation(exemption)}" for exemption in rule.unless)
    yield "```"
    yield ""
    yield f"[{rule.kind}](../kinds/{rule.kind}.md), strength *{rule.strength}*. {rule.reason} Source: {rule.source}."
    if rule.scope.tables:
        yield f"In the tables {', '.join(rule.scope.tables)}."
    if rule.per != PER:
        yield f"For each {', '.join(rule.per)}."
    if rule.each:
        yield f"Each of {', '.join(rule.each)}."
    if rule.optional:
        yield f"Zero where not printed: {', '.join(rule.optional)}."
    yield ""


def cli_page() -> Iterator[str]:
    """The help of the program and of each of its commands."""
    program = build_parser()
    yield from _help("budgetaudit", program)
    for action in program._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from _help(f"budgetaudit {name}", command)


def _help(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield "```text"
    yield parser.format_help().rstrip()
    yield "```"
    yield ""
