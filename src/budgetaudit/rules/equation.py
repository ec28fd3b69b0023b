"""Equations: what an equation between figures is, once it has been read.

An equation relates linear forms of named figures, or one figure and a quotient of them. Names are labels with selectors
that fix or shift parts of their identity (`closing[year]`, `基本支出[budget]`). Reading text is in `parse`, writing it in
`write`; binding names to figures belongs to `check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

Form = Literal["sum", "order", "share", "growth", "rollup"]
Op = Literal["=", "<=", "<", ">=", ">"]
Axis = Literal[
    "entity", "phase", "fund", "period", "measure", "code", "table", "within", "against", "classification", "key"
]

# With a classification, `each` is any figure with a code of it, and the rule is applied to each code; with a table, any figure
# of it, and the rule is applied to each label. `top` is any figure whose code stands below no other printed one: what a grand
# total adds.
EACH: Final = "each"
TOP: Final = "top"


@dataclass(frozen=True, slots=True)
class Name:
    """A figure by label, with selectors such as ("phase", "budget"), ("fund", "general"), ("period", "+1"), ("code", "301").

    Attributes:
        label: The label, or `EACH` or `TOP` of a classification or table.
        selectors: What fixes or shifts parts of the identity. Only `key` may stand more than once, as `column=value`.
        every: Whether all figures that the name can mean are added, as in `sum(name)`.
    """

    label: str
    selectors: tuple[tuple[Axis, str], ...] = ()
    every: bool = False

    @property
    def is_any(self) -> bool:
        """Whether the name is a figure with whatever code of a classification, or label of a table."""
        return self.label in {EACH, TOP} and any(axis in {"classification", "table"} for axis, _ in self.selectors)


@dataclass(frozen=True, slots=True)
class Linear:
    """Σ weight · name + constant."""

    terms: tuple[tuple[Fraction, Name], ...]
    constant: Fraction = Fraction(0)

    def scaled(self, factor: Fraction) -> Linear:
        """Every term and the constant times `factor`."""
        if factor == 1:
            return self
        return Linear(tuple((factor * weight, name) for weight, name in self.terms), factor * self.constant)

    def plus(self, other: Linear) -> Linear:
        """The sum of two forms; a name that stands in both stands once, with the weights added."""
        weights: dict[Name, Fraction] = {}
        for weight, name in (*self.terms, *other.terms):
            weights[name] = weights.get(name, Fraction(0)) + weight
        terms = tuple((weight, name) for name, weight in weights.items() if weight)
        return Linear(terms, self.constant + other.constant)


@dataclass(frozen=True, slots=True)
class Quotient:
    """numerator / denominator."""

    numerator: Linear
    denominator: Linear


@dataclass(frozen=True, slots=True)
class Children:
    """`sum(children)`: all figures whose code has the other side's code as its parent."""


@dataclass(frozen=True, slots=True)
class Equation:
    """left op right.

    Attributes:
        form: `sum` (both sides linear, op =), `order` (linear, op an inequality), `share` (left = a / b, also completion
            rates and averages), `growth` (left = (a - b) / b, or change / (current - change)) or `rollup`
            (parent = sum(children)).
        left: The target first: the total of a sum, the ratio of a quotient.
        percent: Whether a ratio is written in percent (`name%`), so that its factor is 100.
    """

    form: Form
    left: Linear
    op: Op
    right: Linear | Quotient | Children
    percent: bool = False

    def names(self) -> Iterator[Name]:
        """Every name, in the order written."""
        yield from (name for _, name in self.left.terms)
        match self.right:
            case Linear(terms):
                yield from (name for _, name in terms)
            case Quotient(numerator, denominator):
                yield from (name for _, name in (*numerator.terms, *denominator.terms))
            case Children():
                pass

    def normal(self) -> Equation:
        """The same relation in one way of writing, so that `a = b + c` and `b + c = a` compare equal.

        Everything moves to the left, terms are sorted, and the first weight is 1; `>` and `>=` are turned round.
        """
        if not isinstance(self.right, Linear):
            return self
        whole = self.left.plus(self.right.scaled(Fraction(-1)))
        op = self.op
        if op in {">", ">="}:
            whole, op = whole.scaled(Fraction(-1)), "<" if op == ">" else "<="
        ordered = sorted(whole.terms, key=lambda term: (term[1].label, term[1].selectors, term[1].every))
        lead = ordered[0][0] if ordered else whole.constant or Fraction(1)
        whole = Linear(tuple(ordered), whole.constant).scaled(1 / (lead if op == "=" else abs(lead)))
        return Equation(self.form, whole, op, Linear(()))
