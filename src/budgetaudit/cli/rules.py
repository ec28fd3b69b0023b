"""`budgetaudit rules`: what is checked, why, and how strictly."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from budgetaudit.cli.streams import write_result
from budgetaudit.errors import RuleError, nearest
from budgetaudit.findings.kind import N_
from budgetaudit.rules.lint import lint
from budgetaudit.rules.pack import Pack, load_pack, packs_here
from budgetaudit.rules.rule import PER, Rule
from budgetaudit.rules.write import format_equation
from budgetaudit.show.language import say, say_count
from budgetaudit.show.lint import lint_to_dict, show_lint
from budgetaudit.show.words import STRENGTH_WORDS, word


def run(options: argparse.Namespace) -> int:
    """List the rules of a pack, of every pack here, or one rule."""
    packs = [load_pack(name) for name in ([options.pack] if options.pack else packs_here())]
    if options.rule:
        packs = _only(options.rule, packs)
    if options.lint:
        return _linted(packs, options)
    write_result(_as_json(packs) if options.format == "json" else _as_text(packs, options.locale))
    return 0


def _linted(packs: Sequence[Pack], options: argparse.Namespace) -> int:
    """What each pack says of itself; 1 if rules exclude each other or can never apply."""
    found = [(pack, lint(pack.rules)) for pack in packs]
    if options.format == "json":
        listed = [{"name": pack.name, "version": pack.version, **lint_to_dict(said)} for pack, said in found]
        write_result(json.dumps({"packs": listed}, ensure_ascii=False, indent=2) + "\n")
    else:
        lines = [
            line
            for pack, said in found
            for line in (_heading(pack, options.locale), *show_lint(said, locale=options.locale))
        ]
        write_result("\n".join(lines) + "\n")
    return 0 if all(said.ok for _, said in found) else 1


def _only(rule_id: str, packs: Sequence[Pack]) -> list[Pack]:
    chosen = [replace(pack, rules=tuple(rule for rule in pack.rules if rule.id == rule_id)) for pack in packs]
    chosen = [pack for pack in chosen if pack.rules]
    if not chosen:
        known = [rule.id for pack in packs for rule in pack.rules]
        raise RuleError(f"no rule is called {rule_id!r}; {nearest(rule_id, known)}")
    return chosen


def _as_text(packs: Sequence[Pack], locale: str) -> str:
    return "\n".join(line for pack in packs for line in _section(pack, locale))


def _section(pack: Pack, locale: str) -> Iterator[str]:
    yield _heading(pack, locale)
    yield ""
    for rule in pack.rules:
        yield from _paragraph(rule, locale)
        yield ""


def _heading(pack: Pack, locale: str) -> str:
    return say_count(
        "{pack} {version}, {n} rule", "{pack} {version}, {n} rules", len(pack.rules), locale,
        pack=pack.name, version=pack.version,
    )  # fmt: skip


def _paragraph(rule: Rule, locale: str) -> Iterator[str]:
    label = rule.label.get(locale) or rule.label.get("en", "")
    yield f"{rule.id}   {label}   {rule.kind}, {word(rule.strength, STRENGTH_WORDS, locale)}"
    yield f"  {format_equation(rule.equation)}"
    if rule.when is not None:
        yield "  " + say(N_("where {condition}"), locale, condition=format_equation(rule.when))
    if rule.unless:
        exempt = ", ".join(map(format_equation, rule.unless))
        yield "  " + say(N_("unless all of {conditions}"), locale, conditions=exempt)
    if rule.scope.tables:
        yield "  " + say(N_("in the tables {tables}"), locale, tables=", ".join(rule.scope.tables))
    if rule.per != PER:
        yield "  " + say(N_("for each {columns}"), locale, columns=", ".join(rule.per))
    for words in (rule.reason, rule.source):
        if words:
            yield f"  {words}"


def _as_json(packs: Sequence[Pack]) -> str:
    listed = [
        {"name": pack.name, "version": pack.version, "rules": [_rule(rule) for rule in pack.rules]} for pack in packs
    ]
    return json.dumps({"packs": listed}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": rule.kind,
        "strength": rule.strength,
        "equation": format_equation(rule.equation),
        "when": None if rule.when is None else format_equation(rule.when),
        "unless": [format_equation(exemption) for exemption in rule.unless],
        "tables": list(rule.scope.tables),
        "per": list(rule.per),
        "each": list(rule.each),
        "optional": list(rule.optional),
        "label": dict(rule.label),
        "reason": rule.reason,
        "source": rule.source,
        "status": rule.status,
    }
