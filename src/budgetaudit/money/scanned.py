"""What scanning finds: a number with its place and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from budgetaudit.money.amount import Amount
from budgetaudit.money.occasions import Kind


@dataclass(frozen=True, slots=True)
class Scanned:
    """A number found in text.

    Attributes:
        amount: Its value; None where it is no number one could add (a chain 1.2.3, broken grouping).
        start, end: The number itself with its sign, without its unit; code points of the text as given.
        kind: `amount`, or what it is instead.
        unit_start, unit_end: The unit's characters; None if no unit stands at the number.
    """

    amount: Amount | None
    start: int
    end: int
    kind: Kind = "amount"
    unit_start: int | None = None
    unit_end: int | None = None
