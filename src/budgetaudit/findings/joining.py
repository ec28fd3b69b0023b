"""Joining: what two audits together judged, and which rules found nothing in either.

Lines of two budgets get ids of their own in the joined one. A rule that names figures nobody prints is said once for both
documents, and not at all where the other one has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from budgetaudit.check.bind import UnboundRule
from budgetaudit.check.outcome import Outcome


def renamed(outcomes: Iterable[Outcome], ids: dict[str, str]) -> list[Outcome]:
    """The outcomes with other ids for their lines."""

    def with_ids(outcome: Outcome) -> Outcome:
        terms = tuple(replace(term, line=ids[term.line]) for term in outcome.relation.terms)
        return replace(outcome, relation=replace(outcome.relation, terms=terms))

    return [with_ids(outcome) for outcome in outcomes]


def joined_rules(
    one: tuple[Sequence[Outcome], Sequence[UnboundRule]], other: tuple[Sequence[Outcome], Sequence[UnboundRule]]
) -> tuple[list[Outcome], tuple[UnboundRule, ...]]:
    """All outcomes of two audits, and the rules that found no figures in either.

    Args:
        one: The outcomes and the unbound rules of one audit.
        other: Those of the other.
    """
    outcomes = [*one[0], *other[0]]
    judged = {outcome.relation.rule for outcome in outcomes if not outcome.relation.unknown}
    idle = _idle(one), _idle(other)
    order = dict.fromkeys((*idle[0], *idle[1]))
    nowhere = {rule: _in_both(rule, *idle) for rule in order if rule not in judged}
    failing = {outcome.relation.rule: outcome for outcome in reversed(outcomes) if outcome.relation.unknown}
    kept = [outcome for outcome in outcomes if not outcome.relation.unknown]
    unbound: list[UnboundRule] = []
    for rule, missing in nowhere.items():
        if rule in failing and missing:
            relation = replace(failing[rule].relation, unknown=missing)
            kept.append(replace(failing[rule], relation=relation, detail="; ".join(missing)))
        else:
            unbound.append(UnboundRule(rule, missing))
    return kept, tuple(unbound)


def _idle(audit: tuple[Sequence[Outcome], Sequence[UnboundRule]]) -> dict[str, tuple[str, ...]]:
    """The rules that found no figures in one audit, with the names that no line of it carries."""
    outcomes, unbound = audit
    failed = {outcome.relation.rule: outcome.relation.unknown for outcome in outcomes if outcome.relation.unknown}
    return failed | {rule.rule: rule.missing for rule in unbound}


def _in_both(rule: str, one: dict[str, tuple[str, ...]], other: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names that neither document carries; a rule that only one audit knew is missing what that one says."""
    if rule not in one or rule not in other:
        return one.get(rule, other.get(rule, ()))
    return tuple(name for name in one[rule] if name in other[rule])
