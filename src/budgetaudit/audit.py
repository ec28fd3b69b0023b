"""Auditing: the one place where the stages meet.

Figures become a budget, rules a rule set; rules and the document's own statements are bound to its lines, weighed, given
their likelihood, and gathered into a report. Each step is a pure function of the one before it; this module only decides
what a call means.

Bad figures never raise: they are what a report is about. Wrong calls raise `BudgetAuditError` with what would work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

from budgetaudit.check.bind import TIE_OUT, bind
from budgetaudit.check.evaluate import evaluate_all
from budgetaudit.check.outcome import Form
from budgetaudit.errors import BudgetAuditError, RuleError, nearest
from budgetaudit.explain.likelihood import likelihood
from budgetaudit.findings.collect import checked_ids
from budgetaudit.findings.kinds import KINDS
from budgetaudit.findings.report import Report, UsedPack
from budgetaudit.findings.selection import Selection
from budgetaudit.model.budget import Budget
from budgetaudit.model.records import is_frame
from budgetaudit.model.statement import Says
from budgetaudit.money.unit import Unit
from budgetaudit.progress import Watcher, counted, watched
from budgetaudit.rules.equation import Form as EquationForm
from budgetaudit.rules.rule import Convention, Rule
from budgetaudit.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from budgetaudit.explain.localisation import Localisation

Rounding = Literal["nearest", "truncate", "parts"]
Rules: TypeAlias = (
    "str | Path | Rule | RuleSet | Mapping[str, str] | Iterable[str | Path | Rule | RuleSet | Mapping[str, str]]"
)
Figures: TypeAlias = "Budget | Mapping[str, Any] | Iterable[Mapping[str, Any]] | Any"

_STATED: Final = tuple(f"text/{says}" for says in get_args(Says))
_FORMS: Final[Mapping[EquationForm, Form]] = {
    "sum": "sum", "rollup": "sum", "order": "order", "share": "share", "growth": "growth",
}  # fmt: skip


def audit(
    figures: Figures,
    *,
    rules: Rules | None = None,
    select: Iterable[str] | str | None = None,
    ignore: Iterable[str] | str | None = None,
    rounding: Rounding | None = None,
    tolerance: str | int | Decimal = "0",
    unit: str | Unit | None = None,
    columns: Mapping[str, str] | None = None,
    progress: Watcher | None = None,
) -> Report:
    """Check everything that is stated or known about some figures, and report what does not add up and why.

    Args:
        figures: A `Budget` (from `read`), a dict of label to figure, records, or a pandas, polars or pyarrow frame.
            Figures are text as printed ("677.41", "1,204.50 万元"): the places are part of what a figure says.
        rules: Names of packs (`"cn"`), paths of packs (`"mine.toml"`), equations (`"total = a + b"`), a mapping of rule
            id to equation, a `Rule` or `RuleSet`, or several of these in a list; by default the packs that fit.
        select: Judge only these kinds and rules: codes (`SUM001`), beginnings of codes (`SUM`), ids of rules (`cn/`,
            `text/split`, `tie-out`).
        ignore: Leave these out, written in the same way.
        rounding: How the office rounded, in place of the rules' own conventions: `nearest`, `truncate` (digits were cut
            off) or `parts` (totals were computed from the rounded parts).
        tolerance: Added to every bound, in units of the total; recorded in every outcome.
        unit: Unit of figures that carry none; not for a `Budget`.
        columns: Which of the caller's columns hold `label`, `amount`, ...; for records and frames.
        progress: Called with a `Progress` for every relation that is weighed.

    Raises:
        BudgetAuditError: The call is wrong: figures that cannot be read, a rule that is not well formed, a name that
            does not exist. Figures that contradict each other are findings, never errors.

    >>> report = audit({"total": "10.00", "a": "4.00", "b": "5.00"}, rules=["total = a + b"])
    >>> report.findings[0].kind, str(report.outcomes[0].gap)
    ('SUM001', '1')
    """
    budget = _budget(figures, unit=unit, columns=columns)
    ruleset = gathered_rules(rules, budget)
    convention = conventions_of(rounding, tolerance)
    selection = Selection.of(select, ignore, (*(rule.id for rule in ruleset), *_STATED, TIE_OUT, *checked_ids()))
    chosen = tuple(
        replace(rule, convention=convention(rule.convention))
        for rule in ruleset
        if selection.judges(rule.id, rule.kind, _FORMS[rule.equation.form])
    )
    bound = bind(RuleSet(chosen, ruleset.packs), budget, convention=None if chosen else convention(None))
    judged = [relation for relation in bound.relations if selection.judges(relation.rule, relation.kind, relation.form)]
    with watched(progress):
        weighed = counted(evaluate_all(judged, budget), stage="auditing", of="relations", total=len(judged))
        outcomes = [replace(outcome, likelihood=likelihood(outcome, budget)) for outcome in weighed]
    packs = tuple(UsedPack(name, version) for name, version in ruleset.packs)
    return Report.of(budget, outcomes, unbound=bound.unbound, packs=packs, renderer=_render, selection=selection)


def _budget(figures: object, *, unit: str | Unit | None, columns: Mapping[str, str] | None) -> Budget:
    if isinstance(figures, Budget):
        if unit is not None or columns is not None:
            raise BudgetAuditError("a Budget has its own units and columns", hint="leave out unit and columns")
        return figures
    if isinstance(figures, (str, bytes, Path)):
        raise BudgetAuditError(
            "audit takes figures, not the name or the text of a document",
            hint="budgetaudit.audit(budgetaudit.read(path))",
        )
    if isinstance(figures, Report):  # a frame, too
        raise BudgetAuditError("audit takes figures, not a report about them", hint="budgetaudit.audit(report.budget)")
    if isinstance(figures, Mapping):
        if columns is not None:
            raise BudgetAuditError("a dict of label to figure has no columns", hint="leave out columns")
        return Budget.from_dict(cast("Mapping[str, Any]", figures), unit=unit)
    if not is_frame(figures) and isinstance(figures, Iterable):
        return Budget.from_records(cast("Iterable[Mapping[str, Any]]", figures), columns=columns, unit=unit)
    return Budget.from_frame(figures, columns=columns, unit=unit)  # says what it takes if this is no frame


def gathered_rules(rules: object, budget: Budget) -> RuleSet:
    """Packs, equations, rules and sets of rules as one set, as `audit` takes them; equations are numbered in their order.

    Args:
        rules: As the argument of `audit`.
        budget: Decides which packs fit where no rules are given.

    Raises:
        RuleError: There is no such pack, or a rule is not well formed.
    """
    if rules is None:
        return RuleSet.fitting(budget)
    parts: list[RuleSet] = []
    equations = 0
    for entry in _listed(rules):
        if isinstance(entry, str) and _is_equation(entry):
            equations += 1
            parts.append(RuleSet.from_equations({f"equation/{equations}": entry}))
        else:
            parts.append(_rules_of(entry))
    whole = RuleSet(
        tuple(rule for part in parts for rule in part.rules), tuple(pack for part in parts for pack in part.packs)
    )
    for rule in whole:
        if rule.kind not in KINDS:
            raise RuleError(f"rule {rule.id}: no kind is called {rule.kind!r}; {nearest(rule.kind, KINDS)}")
    return whole


def _listed(rules: object) -> list[object]:
    if isinstance(rules, (str, Path, Rule, RuleSet, Mapping)):
        return [cast("object", rules)]
    if not isinstance(rules, Iterable):
        raise RuleError(
            f"rules are packs, equations or a RuleSet, not {type(rules).__name__}", hint='rules=["total = a + b"]'
        )
    return list(cast("Iterable[object]", rules))


def _is_equation(text: str) -> bool:
    return not text.endswith(".toml") and any(sign in text for sign in "=<>≤≥")


def _rules_of(entry: object) -> RuleSet:
    if isinstance(entry, RuleSet):
        return entry
    if isinstance(entry, Rule):
        return RuleSet((entry,))
    if isinstance(entry, (str, Path)):
        return RuleSet.load(entry)
    if isinstance(entry, Mapping):
        return RuleSet.from_equations(cast("Mapping[str, str]", entry))
    raise RuleError(f"a rule is a pack name, a path, an equation or a Rule, not {type(entry).__name__}")


def conventions_of(
    rounding: Rounding | None, tolerance: str | int | Decimal
) -> Callable[[Convention | None], Convention]:
    """What a call makes of the convention of each rule; what it does not mention stays the rule's."""
    changes: dict[str, str] = {}
    match rounding:
        case None:
            pass
        case "nearest" | "truncate":
            changes |= {"rounding": rounding, "totals_from": "unrounded"}
        case "parts":
            changes |= {"rounding": "nearest", "totals_from": "rounded"}
        case _:
            raise BudgetAuditError(
                f"no rounding is called {rounding!r}; {nearest(str(rounding), get_args(Rounding))}",
                hint="rounding is nearest, truncate or parts",
            )
    if (widened := _tolerance(tolerance)) != "0":
        changes["tolerance"] = widened

    def changed(convention: Convention | None) -> Convention:
        return replace(convention or Convention(), **changes)  # type: ignore[arg-type]

    return changed


def _tolerance(given: object) -> str:
    """A tolerance as exact text.

    Raises:
        BudgetAuditError: It is no number, negative, or a float, which would not say which digits are meant.
    """
    exact: Decimal | None = None
    if isinstance(given, (str, int, Decimal)) and not isinstance(given, bool):
        try:
            exact = Decimal(given)
        except InvalidOperation:
            exact = None
    if exact is None or not exact.is_finite() or exact < 0:
        raise BudgetAuditError(
            f"a tolerance is a number from 0 as text or Decimal, not {given!r}", hint='tolerance="0.01"'
        )
    return f"{exact:f}" if exact else "0"


def _render(shown: Report | Localisation, form: str, /) -> str:
    """What a report or a localisation shows of itself; the renderers are loaded when somebody looks."""
    if not isinstance(shown, Report):
        from budgetaudit.show.localisation import show_localisation

        return show_localisation(shown, shown.budget)
    if form == "fragment":
        from budgetaudit.show.html import show_html

        return show_html(shown)
    from budgetaudit.show.formats import render

    return render(shown, form)
