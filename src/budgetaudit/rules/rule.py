"""Rules: what must hold between figures, as data.

A rule is an equation with a kind of defect, a strength and a reason; packs are files of rules (`ruleset`). Strength is
the Ministry of Finance's own split of its audit formulas: 基本平衡公式 must balance, 逻辑性公式 must follow,
核实性公式 must be explained. How bad a broken rule is depends on the figures too; that is severity, and not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from budgetaudit.model.line import Fund, Phase
from budgetaudit.money.interval import Rounding, Ties
from budgetaudit.rules.equation import Equation, Name

Strength = Literal["balance", "logic", "verify"]
MissingPolicy = Literal["required", "absent-is-zero", "open"]
BlankPolicy = Literal["missing", "zero"]
TotalsFrom = Literal["unrounded", "rounded", "adjusted"]
NegativeBase = Literal["undefined", "signed", "absolute"]

# What figures of one binding share unless the rule says otherwise, and the word for all columns that tell rows apart.
PER: Final = ("entity", "period", "phase", "fund")
ROW: Final = "key.*"


@dataclass(frozen=True, slots=True)
class Convention:
    """How figures were rounded and what absences mean: section 8 of the verdict semantics; recorded in every outcome.

    `blank`: whether an empty cell or a dash says nothing (`missing`) or says zero.
    `exact_below`: money printed in steps of at most this many base units hides nothing (1/100 for a ledger in cents).
    `tolerance`: what a caller adds to every bound, in units of the total; 0 unless asked for, printed when not.
    """

    totals_from: TotalsFrom = "unrounded"
    rounding: Rounding = "nearest"
    ties: Ties = "any"
    missing: MissingPolicy = "required"
    blank: BlankPolicy = "missing"
    negative_base: NegativeBase = "undefined"
    exact_below: str | None = None
    tolerance: str = "0"


@dataclass(frozen=True, slots=True)
class Scope:
    """To which figures a rule applies. Empty tuples mean any; figures of one binding always share entity and period."""

    phases: tuple[Phase, ...] = ()
    funds: tuple[Fund, ...] = ()
    tables: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Example:
    """Figures a rule must judge as `verdict`, as printed, by name; run by the tests of every pack."""

    figures: Mapping[Name, str]
    verdict: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One relation that must hold.

    Attributes:
        id: `pack/name`, unique in a rule set.
        kind: Code of the defect a violation is, such as `SUM001`.
        optional: Labels, or names with their selectors, that count as zero where nobody prints them (the pack knows they
            are usually absent).
        label: Short name per locale (zh_Hans, zh_Hant, en).
        reason: Why it must hold, for the reader of a finding.
        source: Regulation, form or template it comes from.
        when: Condition; the rule is `undecided` where it is open and does not apply where it is false; figures it names
            and nobody prints count as zero.
        unless: The rule does not apply where all of these certainly hold.
        per: What the figures of one binding share: axes of the identity, `key.column` for a column of the caller's own,
            `key.*` for all of these.
        each: The labels that `each` stands for in the rule; by default every code or label.
        names: What else the labels of the rule are printed as, shared by all rules of its pack.
        least_parts: The rule says nothing about a total of which fewer parts than this are printed; with 0 it says what is
            missing even where no part is.
    """

    id: str
    kind: str
    strength: Strength
    equation: Equation
    optional: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict[str, str])
    reason: str = ""
    source: str = ""
    scope: Scope = field(default_factory=Scope)
    convention: Convention | None = None
    when: Equation | None = None
    unless: tuple[Equation, ...] = ()
    per: tuple[str, ...] = PER
    each: tuple[str, ...] = ()
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict[str, tuple[Name, ...]])
    least_parts: int = 1
    status: Literal["stable", "preview"] = "stable"
    examples: tuple[Example, ...] = ()

    def records(self, example: Example) -> list[dict[str, Any]]:
        """The figures of an example as records for `Budget.from_records`: what their selectors fix is what they are."""
        return [self._record(name, figure) for name, figure in example.figures.items()]

    def _record(self, name: Name, figure: str) -> dict[str, Any]:
        chosen: dict[str, Any] = {axis: value for axis, value in name.selectors if axis != "key"}
        pairs = (value.partition("=") for axis, value in name.selectors if axis == "key")
        keys = {column: wanted for column, _, wanted in pairs}
        if self.scope.tables:
            chosen.setdefault("table", self.scope.tables[0])
        anything = name.is_any or name.label == "parent"
        label = chosen.get("code", *self.each[:1] or (name.label,)) if anything else name.label
        return {"label": label, "amount": figure, **chosen, "keys": keys}
