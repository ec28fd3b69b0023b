"""Outcomes: one relation bound to one set of figures, and how it was judged. Every outcome is counted, the good ones too."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from budgetaudit.model.source import Source
from budgetaudit.model.statement import Role, Term
from budgetaudit.money.interval import Interval
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.rules.rule import Convention, Strength

Verdict = Literal["exact", "rounding", "inconsistent", "undefined", "undecided", "failed"]
VERDICTS: tuple[Verdict, ...] = ("exact", "rounding", "inconsistent", "undefined", "undecided", "failed")

Reason = Literal[
    "missing-part",
    "missing-total",
    "conflicting-figures",
    "unknown-precision",
    "approximate",
    "excess-digits",
    "nothing-to-compare",
    "condition-open",
    "negative-base",
    "zero-base",
    "units-differ",
    "name-not-found",
    "error",
]
Form = Literal["sum", "order", "share", "growth", "growth-from-change", "tie", "count"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A rule or a statement of the document, bound to lines.

    Attributes:
        rule: Id of the rule, or `text/split` and the like for what the document states.
        terms: For sums the total has weight 1 and parts their signed weights on the other side: total = Σ weight · part
            + constant. Shares that add to 100 have no `total` term; the constant then is the total.
        missing: Labels of named figures that no line reports.
        complete: Whether the parts are known to be all parts.
        op: For orders.
        factor: What a ratio is multiplied with before printing: 100 for percent, 1 for multiples.
        missing_from: The roles in which they are missing: `part`, or the side of an order.
        nonnegative: Whether figures that are missing are known to be amounts from 0 on that only add to their side.
        condition: Whether the rule's condition certainly holds, or the prints leave it open.
        stated: Where the document itself says what the rule says.
        also: Ids of other rules that say the same of the same figures.
        broken: What went wrong while the rule was bound; such a rule is `failed`.
        unknown: Names of an equation that no line of the budget carries: such a rule is `failed`.
    """

    rule: str
    kind: str
    strength: Strength
    form: Form
    terms: tuple[Term, ...]
    convention: Convention
    missing: tuple[str, ...] = ()
    complete: bool = True
    constant: Fraction | None = None
    op: Literal["=", "<=", "<", ">=", ">"] = "="
    factor: Fraction = Fraction(100)
    missing_from: frozenset[Role] = frozenset()
    nonnegative: bool = False
    condition: Literal["holds", "open"] = "holds"
    stated: tuple[Source, ...] = ()
    also: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How probable the gap is.

    `rounding` is the p-value under rounding to nearest, `truncation` the probability of this gap if digits were cut off.
    None where the model does not apply (ratios, exact figures).
    """

    rounding: Fraction | None = None
    truncation: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one relation was judged.

    Attributes:
        gap: Reported minus computed, in units of the total (percentage points for a ratio); None if nothing could be compared.
        bound: The largest gap of that sign that rounding can produce.
        unit: The unit of gap and bound.
        computed: What the printed figures give for the target, in `unit`.
        target_interval, computed_interval: The true values of either side, in `unit`.
        reasons: Why it is undecided, undefined or failed; the first counts, the others are listed.
        implied: What missing figures must amount to, in `unit`.
        absent: Labels of parts that were not reported (counted as zero, or missing).
        detail: Free data for messages: the text of an exception, the nearest names.
    """

    relation: Relation
    verdict: Verdict
    gap: Fraction | None = None
    bound: Fraction | None = None
    unit: Unit = NUMBER
    computed: Fraction | None = None
    target_interval: Interval | None = None
    computed_interval: Interval | None = None
    likelihood: Likelihood = field(default_factory=Likelihood)
    reasons: tuple[Reason, ...] = ()
    implied: Interval | None = None
    absent: tuple[str, ...] = ()
    complete: bool = True
    detail: str = ""
