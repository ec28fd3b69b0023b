"""Conditions: whether a rule applies in a slot, three-valued on intervals.

Printed figures rarely prove a condition: a printed 0.00 may hide 0.004. So a condition holds, fails, or stays open, and a
tolerance never enters, because a tolerance inside a condition makes a rule stricter. Figures that a condition names and
nobody prints count as zero; figures that are printed and cannot be used leave it open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final, Literal

from budgetaudit.check.quantity import Quantity, Unusable
from budgetaudit.check.verdict import Figure, linear, weigh_order, weigh_sum
from budgetaudit.errors import RuleError
from budgetaudit.rules.equation import Equation, Linear, Name

Holding = Literal["holds", "open", "fails"]
Lookup = Callable[[Name], Quantity | Unusable | None]

_OPPOSITE: Final[dict[str, Literal["<", "<=", ">", ">="]]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def weigh_conditions(when: Equation | None, unless: Sequence[Equation], look_up: Lookup) -> Holding:
    """Whether a rule certainly applies, certainly does not, or neither.

    Args:
        when: What must hold; None holds everywhere.
        unless: The rule does not apply where all of these hold.
        look_up: As `weigh_condition`.

    Raises:
        RuleError: As `weigh_condition`.
    """
    holding = weigh_condition(when, look_up)
    exempt = [weigh_condition(exemption, look_up) for exemption in unless]
    if holding == "fails" or not exempt or "fails" in exempt:
        return holding
    return "open" if "open" in exempt else "fails"


def weigh_condition(when: Equation | None, look_up: Lookup) -> Holding:
    """Whether a condition certainly holds, certainly fails, or neither.

    Args:
        when: The condition; None holds everywhere.
        look_up: What is printed for a name where the rule is applied: None if nothing is.

    Raises:
        RuleError: The condition is no comparison of sums (packs refuse such a condition when they are read).
    """
    if when is None:
        return "holds"
    if not isinstance(when.right, Linear):
        raise RuleError("a condition compares sums of figures, without a quotient")
    found = {name: look_up(name) for name in when.names()}
    if any(isinstance(quantity, Unusable) for quantity in found.values()):
        return "open"
    usable = {name: quantity for name, quantity in found.items() if isinstance(quantity, Quantity)}
    scale = next((quantity.unit.scale for quantity in usable.values()), Fraction(1))
    left, right = (_side(side, usable, scale) for side in (when.left, when.right))
    if when.op == "=":
        if left.interval.is_point and left.interval == right.interval:
            return "holds"
        return "open" if weigh_sum(left, right).verdict != "inconsistent" else "fails"
    if weigh_order(left, when.op, right).verdict == "inconsistent":
        return "fails"
    return "holds" if weigh_order(left, _OPPOSITE[when.op], right).verdict == "inconsistent" else "open"


def _side(form: Linear, usable: dict[Name, Quantity], scale: Fraction) -> Figure:
    """One side of a condition; a bare number is in the unit of the first figure."""
    terms = [
        (weight, Figure(usable[name].value, usable[name].interval)) for weight, name in form.terms if name in usable
    ]
    return linear(terms, form.constant * scale)
