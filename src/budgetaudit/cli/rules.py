"""`budgetaudit rules`: what is checked, why, and how strictly."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable

from budgetaudit.cli.streams import write_result
from budgetaudit.rules.pack import packs_here
from budgetaudit.rules.rule import Rule
from budgetaudit.rules.ruleset import RuleSet
from budgetaudit.rules.write import format_equation
from budgetaudit.show.language import say
from budgetaudit.show.words import STRENGTH_WORDS, word


def run(options: argparse.Namespace) -> int:
    """List the rules of a pack, of every pack here, or one rule."""
    rules = RuleSet.load(*([options.pack] if options.pack else packs_here()))
    chosen = (rules.rule(options.rule),) if options.rule else rules.rules
    write_result(_as_json(chosen) if options.format == "json" else _as_text(chosen, options.locale))
    return 0


def _as_text(rules: Iterable[Rule], locale: str) -> str:
    return "\n".join("\n".join(_paragraph(rule, locale)) + "\n" for rule in rules)


def _paragraph(rule: Rule, locale: str) -> list[str]:
    label = rule.label.get(locale) or rule.label.get("en", "")
    lines = [
        f"{rule.id}   {rule.kind}, {word(rule.strength, STRENGTH_WORDS, locale)}   {label}".rstrip(),
        f"  {format_equation(rule.equation)}",
    ]
    if rule.when is not None:
        lines.append(f"  {say('where {condition}', locale, condition=format_equation(rule.when))}")
    return lines + [f"  {words}" for words in (rule.reason, rule.source) if words]


def _as_json(rules: Iterable[Rule]) -> str:
    listed = [
        {
            "id": rule.id,
            "kind": rule.kind,
            "strength": rule.strength,
            "equation": format_equation(rule.equation),
            "when": None if rule.when is None else format_equation(rule.when),
            "label": dict(rule.label),
            "reason": rule.reason,
            "source": rule.source,
            "status": rule.status,
        }
        for rule in rules
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"
