"""Statements: the relations a document itself asserts between its own figures, and what its words claim.

"Basic spending 246.79 (of which: personnel 179.17, office costs 67.62)" asserts a sum; "4.9, down 10 % on last year"
asserts a growth rate. A reader records such assertions by line id; `check` weighs them together with the rules that
packs know. What the words claim without arithmetic (a form left unfilled, "decrease of -5") is a `Remark`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from budgetaudit.model.source import Source

# Roles: sums have one `total` and `part`s; orders have `left` and `right`; share and rate have `ratio`, `numerator`,
# `denominator`; growth has `ratio`, `current` and `base`, or `ratio`, `current` and `change` where the base is not printed.
Role = Literal["total", "part", "left", "right", "ratio", "numerator", "denominator", "current", "base", "change"]

Says = Literal[
    "split",  # total = sum of parts, the list claims to be complete
    "of-which",  # parts stand within a total, the list does not claim to be complete
    "change",  # change = current - base
    "decomposition",  # a change is the sum of the changes of its parts
    "growth",  # ratio = (current - base) / base, or from the printed change
    "share",  # ratio = numerator / denominator
    "shares-total",  # shares of one list add up to 100
    "rate",  # completion: ratio = numerator (actual) / denominator (budget)
    "average",  # figure per head or per item = numerator / denominator
    "comparison",  # words such as "actual exceeds budget": left op right
    "limit",  # a figure lies within its limit: a score within its weight
    "balance",  # two figures said to be equal: income total = spending total
    "count",  # "nine fields": a printed count and the number of items listed (constant)
]

Op = Literal["<", "<=", "=", ">=", ">"]


@dataclass(frozen=True, slots=True)
class Term:
    """One figure in a relation: the line, the part it plays, and its signed weight."""

    line: str
    role: Role
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the document says about its own figures.

    Attributes:
        complete: Whether the list claims to name all parts. A `split` of a single part is not complete.
        constant: Added to the parts' side: 100 for shares (as the total), the number of items for a count.
        op: For comparisons `<`, `<=`, `=`, `>=` or `>`.
        source: The words that assert it.
    """

    says: Says
    terms: tuple[Term, ...]
    complete: bool = True
    constant: Fraction | None = None
    op: Op = "="
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What the words of a document show without arithmetic; `code` is the kind of the finding it becomes.

    `data` holds named fields of the finding's message template, as text or numbers printed in the document.
    """

    code: str
    source: Source
    lines: tuple[str, ...] = ()
    data: tuple[tuple[str, str], ...] = ()
