"""Wholes: what follows when all parts of a whole have been read, wherever they stand.

Shares of one whole that fill 100, or that belong to a list said to be complete, must add up to 100; the amounts behind
shares that fill 100 must add up to the whole. The changes of all parts must add up to the change of their total. These
relations are stated by no single sentence; they are gathered here from what the sentences said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

from budgetaudit.model.classification import canonical_label
from budgetaudit.model.statement import Statement, Term
from budgetaudit.read.prose.comparisons import ratio_fits
from budgetaudit.read.prose.facts import Fact, Ledger
from budgetaudit.read.prose.lists import adds_up, parts_statement, shares_fill
from budgetaudit.read.prose.partitions import known_parts

_HUNDRED = Fraction(100)
_MOST_SHARES = 100  # of one whole; gathering takes linear time


def whole_statements(statements: Sequence[Statement], ledger: Ledger) -> Iterator[Statement]:
    """Statements about all parts of a whole, from the statements read so far."""
    facts = {fact.id: fact for fact in ledger.facts}
    splits = [
        statement for statement in statements
        if statement.says == "split" and statement.complete and all(term.weight == 1 for term in statement.terms)
    ]  # fmt: skip
    known: dict[str, list[frozenset[str]]] = {}
    for split in splits:
        figures = frozenset(term.line for term in split.terms)
        for figure in figures:
            known.setdefault(figure, []).append(figures)
    gathered = list(_amounts_behind_shares(statements, facts, known))
    yield from gathered
    yield from _shares_of_an_unprinted_whole(statements, ledger)
    yield from _shares_of_complete_lists(statements, facts, [*splits, *gathered])
    yield from _changes_of_parts(ledger, facts, [*splits, *gathered])


def _shares_by_whole(
    statements: Sequence[Statement], facts: dict[str, Fact]
) -> dict[tuple[str, int], list[tuple[Fact, Fact]]]:
    """(share, part) pairs by whole and section."""
    groups: dict[tuple[str, int], list[tuple[Fact, Fact]]] = {}
    for statement in statements:
        if statement.says == "share" and len(statement.terms) == 3:
            by_role = {term.role: facts[term.line] for term in statement.terms}
            key = by_role["denominator"].id, by_role["ratio"].section
            groups.setdefault(key, []).append((by_role["ratio"], by_role["numerator"]))
    return groups


def _amounts_behind_shares(
    statements: Sequence[Statement], facts: dict[str, Fact], known: dict[str, list[frozenset[str]]]
) -> Iterator[Statement]:
    for (whole_id, _), pairs in _shares_by_whole(statements, facts).items():
        whole = facts[whole_id]
        for run in _runs(pairs):
            parts = [part for _, part in run]
            ids = frozenset([whole_id, *(part.id for part in parts)])
            if len(parts) < 2 or any(ids <= split for split in known.get(parts[0].id, ())):
                continue
            fitting = sum(ratio_fits(share, part, whole) for share, part in run)
            filled = shares_fill(share for share, _ in run) and 2 * fitting >= len(run)
            if filled or adds_up(whole, parts) or known_parts(whole.label, [part.label for part in parts]):
                yield parts_statement("split", whole, parts, source=run[0][0].number.source)


def _runs(pairs: Sequence[tuple[Fact, Fact]]) -> Iterator[Sequence[tuple[Fact, Fact]]]:
    """The longest stretches of shares that fill 100; all of them together where none does."""
    filling = [pairs[start:end] for start, end in _filling([share for share, _ in pairs])]
    yield from filling or [pairs]


def _filling(shares: Sequence[Fact]) -> Iterator[tuple[int, int]]:
    """Where the longest stretches of shares that fill 100 begin and end."""
    start = 0
    while start < len(shares):
        size = _end_of_whole(shares[start : start + _MOST_SHARES])
        if size:
            yield start, start + size
        start += size or 1


def _end_of_whole(shares: Sequence[Fact]) -> int:
    """How many of the shares, as many as can be and more than one, fill 100; 0 if none do."""
    sums = zip(accumulate(share.value for share in shares), accumulate(share.half for share in shares), strict=True)
    return max(
        (size for size, (value, slack) in enumerate(sums, 1) if size > 1 and abs(value - 100) <= slack), default=0
    )


def _shares_of_an_unprinted_whole(statements: Sequence[Statement], ledger: Ledger) -> Iterator[Statement]:
    """Shares of a whole that is named but not printed fill 100, or are all the known parts of it."""
    related = {term.line for statement in statements if statement.says == "share" for term in statement.terms}
    groups: dict[tuple[str | None, int], list[Fact]] = {}
    for fact in ledger.facts:
        if fact.measure == "share" and fact.id not in related:
            groups.setdefault((fact.against, fact.section), []).append(fact)
    for (whole, _), shares in groups.items():
        complete = whole is not None and known_parts(canonical_label(whole), [share.label for share in shares])
        for start, end in [(0, len(shares))] if complete and len(shares) > 1 else _filling(shares):
            yield Statement(
                "shares-total", tuple(Term(share.id, "part") for share in shares[start:end]), constant=_HUNDRED
            )


def _shares_of_complete_lists(
    statements: Sequence[Statement], facts: dict[str, Fact], splits: Sequence[Statement]
) -> Iterator[Statement]:
    shares: dict[tuple[str, str], Fact] = {}
    together: set[tuple[str, str]] = set()  # parts whose share is printed with that of the next
    for statement in statements:
        if statement.says == "share":
            by_role = {term.role: facts[term.line] for term in statement.terms}
            several = [term.line for term in statement.terms if term.role == "numerator"]
            together.update((by_role["denominator"].id, line) for line in several[:-1])
            shares[by_role["denominator"].id, by_role["numerator"].id] = by_role["ratio"]
    for split in splits:
        total = next(term.line for term in split.terms if term.role == "total")
        parts = [facts[term.line] for term in split.terms if term.role == "part"]
        listed = [shares[total, part.id] for part in parts if (total, part.id) in shares]
        whole = all(
            (total, part.id) in shares or (total, part.id) in together for part in parts if part.amount.value != 0
        )
        if len(listed) > 1 and whole:
            terms = tuple(Term(share.id, "part") for share in listed)
            yield Statement("shares-total", terms, constant=_HUNDRED, source=split.source)


def _changes_of_parts(ledger: Ledger, facts: dict[str, Fact], splits: Sequence[Statement]) -> Iterator[Statement]:
    """Change of a total = Σ changes of its parts, where every part has one against the same base."""
    changes: dict[str, Fact] = {}
    for fact in ledger.facts:
        if fact.measure == "change" and fact.level_id is not None:
            changes.setdefault(fact.level_id, fact)
    for split in splits:
        total = next(term.line for term in split.terms if term.role == "total")
        parts = [term.line for term in split.terms if term.role == "part"]
        change = changes.get(total)
        of_parts = [changes[part] for part in parts if part in changes]
        unchanged = [part for part in parts if part not in changes]
        if change is None or len(of_parts) < 2:
            continue
        if all(facts[part].amount.value == 0 or facts[part].unchanged for part in unchanged) and all(
            of_part.against == change.against for of_part in of_parts
        ):
            yield decomposition(change, of_parts)


def decomposition(change: Fact, parts: Sequence[Fact]) -> Statement:
    """A change is the sum of the changes of its parts, each with its sign."""
    terms = (Term(change.id, "total"), *(Term(part.id, "part", Fraction(part.sign * change.sign)) for part in parts))
    return Statement("decomposition", terms, source=change.number.source)


def changes_add_up(change: Fact, parts: Sequence[Fact]) -> bool:
    """Whether printed changes can be all of a printed change."""
    return adds_up(change, parts, [change.sign * part.sign for part in parts])
