"""Budget lines: a figure and everything that says which fact it reports.

Two lines report the same fact if their identities are equal (law 8: identity, not equality of numbers). The fields
follow section 5.1 of the domain notes: entity, period, phase, fund scope, classification and code or label, measure.
A figure that is missing keeps its line: `state` says whether it was blank, dashed, unreadable or stated to be nothing.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.source import Source
from budgetaudit.money.amount import Amount

Phase = Literal["budget", "adjusted", "actual"]
Fund = Literal["all", "appropriation", "general", "government-fund", "state-capital", "other"]
Measure = Literal["amount", "change", "growth", "share", "rate", "average", "count", "score", "weight"]
State = Literal["printed", "stated-zero", "blank", "dash", "unreadable"]
Code = tuple[str, ...]

# Measures that are levels: neither changes nor ratios.
LEVELS: Final[frozenset[Measure]] = frozenset({"amount", "count", "score", "weight", "average"})


def refusal(place: str, error: ValidationError) -> BudgetAuditError:
    """What the checks of a model refuse, told of the place where it was given."""
    problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return BudgetAuditError(f"{place}: {problems}")


def _refuse_bare_number(value: object) -> object:
    if isinstance(value, (int, float)):
        raise ValueError(
            "a bare number has no printed places; write Amount(Decimal('677.41'), 2) or use Budget.from_records"
        )
    return value


class Identity(BaseModel, frozen=True, extra="forbid"):
    """Which fact a line reports; hashable, the key by which figures are compared.

    Attributes:
        label: Canonical simplified label (`人员经费` for 人員支出), or the label as printed where no alias is known.
        within: Canonical labels of the figures this one stands under, outermost first, if the label alone is not unique.
        against: What a change, growth, share or rate is measured against: `prior-year`, `initial-budget`,
            `adjusted-budget`, or the label of the whole.
        keys: Further columns that tell rows apart, by name, such as (("object_class", "254"),).
    """

    label: str
    entity: str | None = None
    period: str | None = None
    phase: Phase | None = None
    fund: Fund | None = None
    measure: Measure = "amount"
    classification: str | None = None
    code: Code | None = None
    within: tuple[str, ...] = ()
    against: str | None = None
    table: str | None = None
    keys: tuple[tuple[str, str], ...] = ()


class BudgetLine(BaseModel):
    """One reported line: an amount (or the state of its absence), its identity and its place in the document.

    Attributes:
        id: Unique within its budget, such as `l12`.
        label: The label as printed, in the document's script.
        identity: Which fact this is.
        amount: The printed number; None unless `state` is `printed` or `stated-zero`.
        source: Where it stands; None for figures typed in by a caller.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)

    id: str
    label: str
    identity: Identity
    amount: Annotated[Amount | None, BeforeValidator(_refuse_bare_number)] = None
    state: State = "printed"
    source: Source | None = None

    @model_validator(mode="after")
    def _amount_matches_state(self) -> BudgetLine:
        if (self.amount is not None) != (self.state in {"printed", "stated-zero"}):
            raise ValueError(
                f"line {self.id!r} is {self.state} and must {'have' if self.amount is None else 'not have'} an amount"
            )
        return self
