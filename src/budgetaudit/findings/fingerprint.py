"""Fingerprints: names of findings that survive a change of values, so that an accepted finding is recognised next time.

A fingerprint is made of what the finding is about (kind, rule, the identities of its figures, their parts in the rule)
and its place among those that agree in all of this. No amount, gap, verdict, line id or offset enters it: correcting a
typing error elsewhere, or reading the document from another path, leaves every fingerprint as it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from budgetaudit.check.outcome import Relation
from budgetaudit.model.budget import Budget
from budgetaudit.model.line import Identity

Subject = tuple[str, ...]
_LENGTH: Final = 16


def subjects(relations: Iterable[Relation], budget: Budget) -> list[Subject]:
    """What each relation is about, without its values; equal ones are told apart by their order of appearance."""
    seen: Counter[Subject] = Counter()
    numbered: list[Subject] = []
    for relation in relations:
        figures = [f"{term.role} {_named(budget.line(term.line).identity)}" for term in relation.terms]
        about = (relation.rule, relation.kind, relation.form, relation.op, *figures, *relation.missing)
        numbered.append((*about, str(seen[about])))
        seen[about] += 1
    return numbered


def about_lines(line_ids: Iterable[str], budget: Budget) -> Subject:
    """What figures report, whatever their values."""
    return tuple(_named(budget.line(line_id).identity) for line_id in line_ids)


def fingerprint(kind: str, subject: Subject) -> str:
    """The short name of a finding of that kind about that subject.

    >>> fingerprint("SUM001", ("cn/basic-spending", "0")) == fingerprint("SUM001", ("cn/basic-spending", "0"))
    True
    """
    return sha256(json.dumps([kind, *subject], ensure_ascii=False).encode()).hexdigest()[:_LENGTH]


def _named(identity: Identity) -> str:
    return identity.model_dump_json(exclude_defaults=True)
