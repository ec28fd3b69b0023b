"""Equations as text: `基本支出 = 人员经费 + 公用经费`. (Contract; the parser and printer join it here.)"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Form = Literal["sum", "order", "share", "growth", "rollup"]
Op = Literal["=", "<=", "<", ">=", ">"]


@dataclass(frozen=True, slots=True)
class Name:
    """A figure by label, with selectors that fix or shift parts of its identity.

    `selectors` are (axis, value): ("phase", "budget"), ("fund", "general"), ("period", "+1") or ("period", "2017"),
    ("measure", "change"), ("code", "301"), ("table", "..."), ("within", "...").
    """

    label: str
    selectors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Linear:
    """Σ weight · name + constant."""

    terms: tuple[tuple[Fraction, Name], ...]
    constant: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Quotient:
    """numerator / denominator; for growth the numerator is current - base and the denominator the base."""

    numerator: Linear
    denominator: Linear


@dataclass(frozen=True, slots=True)
class Children:
    """`sum(children)`: all figures whose code tuple has the left side's code as its parent."""

    classification: str | None = None


@dataclass(frozen=True, slots=True)
class Equation:
    """left op right.

    Attributes:
        form: `sum` (both sides linear, op =), `order` (linear, op an inequality), `share` (left% = a / b, also completion
            rates), `growth` (left% = (a - b) / b, or change / base) or `rollup` (parent = sum(children)).
        percent: Whether a ratio is written in percent (`name%`), so that its factor is 100.
    """

    form: Form
    left: Linear
    op: Op
    right: Linear | Quotient | Children
    percent: bool = False
