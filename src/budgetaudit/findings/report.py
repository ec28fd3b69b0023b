"""Reports: all outcomes, the findings among them, and what was audited.

A report is data that never changes. Two reports add up to the report of both documents together: outcomes are joined
and findings gathered again, because a note about a whole document is not the sum of two notes.

How a report looks is not decided here: `audit` gives it a renderer from `show`, and the display methods ask that. A
report without one still prints its one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from budgetaudit.check.outcome import VERDICTS, Outcome, Verdict
from budgetaudit.errors import BudgetAuditError, InconsistentFigures, nearest
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.explain.situation import Situation
from budgetaudit.findings.corrections import amounts_with, corrections_table
from budgetaudit.findings.finding import SEVERITIES, Finding, Severity
from budgetaudit.findings.gather import gather
from budgetaudit.findings.joining import joined_rules, renamed
from budgetaudit.findings.records import COLUMNS, finding_records
from budgetaudit.findings.selection import EVERYTHING, Selection
from budgetaudit.findings.tables import Table
from budgetaudit.model.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from budgetaudit.check.bind import UnboundRule
    from budgetaudit.explain.completion import Completion
    from budgetaudit.explain.localisation import Localisation
    from budgetaudit.rules.rule import Convention


@dataclass(frozen=True, slots=True)
class UsedPack:
    """A rule pack that took part, by name and version."""

    name: str
    version: str


class Renderer(Protocol):
    """Turns a report into one of the formats of `show`; `fragment` is HTML to stand inside a notebook.

    A localisation is shown as text.
    """

    def __call__(self, shown: Report | Localisation, form: str, /) -> str:
        """What is to be shown, in that format."""
        ...


@dataclass(frozen=True)
class Report:
    """What an audit found.

    Attributes:
        budget: What was audited.
        outcomes: Every relation that was judged, the good ones too, in the order of the document.
        findings: What to look at, the worst first, then in the order of the document; one per cause.
        symptoms: Findings that hang below another one, which names their fingerprints.
        unbound: Rules that found none of their figures, with the labels they looked for.
        packs: The rule packs that took part.
        selection: What the caller asked for; everything by default.
        extents: How many lines each budget has that was audited by itself, where reports were added; figures of two of
            them are never compared.
    """

    budget: Budget
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    symptoms: tuple[Finding, ...] = ()
    unbound: tuple[UnboundRule, ...] = ()
    packs: tuple[UsedPack, ...] = ()
    selection: Selection = EVERYTHING
    extents: tuple[int, ...] = field(default=(), compare=False, repr=False)
    renderer: Renderer | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        budget: Budget,
        outcomes: Sequence[Outcome],
        *,
        unbound: Sequence[UnboundRule] = (),
        packs: Sequence[UsedPack] = (),
        selection: Selection = EVERYTHING,
        extents: Sequence[int] = (),
        renderer: Renderer | None = None,
    ) -> Report:
        """The report of judged relations: outcomes in the order of the document, findings gathered from them."""
        ordered = _in_document_order(outcomes, budget)
        separate = tuple(extents) or (len(budget),)
        found = gather(
            budget, ordered, unbound, packs={pack.name for pack in packs}, selection=selection, extents=separate
        )
        return cls(
            budget, ordered, found.findings, found.symptoms, tuple(unbound), tuple(packs), selection, separate, renderer
        )

    @cached_property
    def _tally(self) -> Counter[Verdict]:
        return Counter(outcome.verdict for outcome in self.outcomes)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many outcomes have each of the six verdicts; all six are there."""
        return MappingProxyType({verdict: self._tally[verdict] for verdict in VERDICTS})

    @property
    def checked(self) -> int:
        """How many relations were compared, all but the undecided and the failed."""
        return len(self.outcomes) - self._tally["undecided"] - self._tally["failed"]

    @property
    def ok(self) -> bool:
        """Whether something was checked and nothing worse than a note was found."""
        return self.checked > 0 and all(finding.severity == "info" for finding in self.findings)

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions that were assumed, in order of first use; usually one."""
        return tuple(dict.fromkeys(outcome.relation.convention for outcome in self.outcomes))

    def finding(self, fingerprint: str) -> Finding:
        """The finding or symptom of that fingerprint.

        Raises:
            BudgetAuditError: There is none.
        """
        for finding in (*self.findings, *self.symptoms):
            if finding.fingerprint == fingerprint:
                return finding
        known = [finding.fingerprint for finding in self.findings]
        raise BudgetAuditError(f"no finding has the fingerprint {fingerprint!r}; {nearest(fingerprint, known)}")

    def at_least(self, level: Severity) -> tuple[Finding, ...]:
        """The findings of that severity and above.

        Raises:
            BudgetAuditError: There is no such severity.
        """
        if level not in SEVERITIES:
            raise BudgetAuditError(f"no severity is called {level!r}", hint=f"severities are {', '.join(SEVERITIES)}")
        least = SEVERITIES.index(level)
        return tuple(finding for finding in self.findings if SEVERITIES.index(finding.severity) >= least)

    def raise_for(self, level: Severity = "error") -> None:
        """Raise if there are findings of that severity or above.

        Raises:
            InconsistentFigures: There are; the message counts them by kind.
            BudgetAuditError: Nothing was checked, or there is no such severity.
        """
        if found := self.at_least(level):
            kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(finding.kind for finding in found).items())
            raise InconsistentFigures(f"{len(found)} findings of severity {level} or above: {kinds}")
        if self.checked == 0:
            raise BudgetAuditError(
                f"nothing was checked: {len(self.budget)} lines, {len(self.outcomes)} relations undecided,"
                f" {len(self.unbound)} rules without figures",
                hint="compare the labels of report.budget with the names in report.unbound",
            )

    @cached_property
    def completions(self) -> tuple[Completion, ...]:
        """What figures that are not printed must be, by the relations: information, never a figure."""
        from budgetaudit.explain.completion import completions
        from budgetaudit.explain.situation import Situation

        return completions(Situation(self.outcomes, self.budget, self.extents))

    def localize(
        self,
        *,
        weights: Mapping[str, int | Fraction | None] | None = None,
        beyond: int | Fraction = 0,
        most: int = 200,
        tries: int | None = None,
        time_limit: float | None = 10,
    ) -> Localisation:
        """Find the lightest sets of figures whose change makes every relation possible; see `Localisation`.

        All relations are taken together, also those that hold, with what each print hides. Every answer is proven.

        Args:
            weights: By line id how much a figure is trusted; None: it must not change; 1 for lines not named. Without
                any, a figure weighs 1 for each time it is printed, and a quarter more if a relation holds with it exactly.
            beyond: List also explanations heavier than the lightest by at most this.
            most: The most explanations listed for one block of relations.
            tries: The most sets of figures tried in one block.
            time_limit: Seconds for everything, None for no limit. What is not done then is reported as not finished.

        Raises:
            BudgetAuditError: A weight is not above 0, or there is no such line.
        """
        from budgetaudit.explain.localize import localize
        from budgetaudit.explain.situation import Situation

        situation = Situation(self.outcomes, self.budget, self.extents)
        found = localize(situation, weights=weights, beyond=beyond, most=most, tries=tries, time_limit=time_limit)
        return replace(found, renderer=self.renderer)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One flat record per finding, symptoms after their cause; numbers are Decimals, in the unit of the gap."""
        return finding_records(self.findings, self.symptoms, self.budget)

    def to_frame(self) -> Any:
        """The records of `to_dicts` as a pandas or polars frame, whichever is installed; no column holds floats.

        Raises:
            BudgetAuditError: Neither is.
        """
        return Table(tuple(self.to_dicts()), COLUMNS).to_frame()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The records of `to_dicts` for every library that takes Arrow, as the PyCapsule protocol asks.

        `pl.DataFrame(report)`, `pd.DataFrame.from_arrow(report)`, `pyarrow.table(report)` and duckdb call this.

        Raises:
            BudgetAuditError: pyarrow is not installed.
        """
        return Table(tuple(self.to_dicts()), COLUMNS).__arrow_c_stream__(requested_schema)

    @property
    def corrections(self) -> Table:
        """Every suggested edit of every cause, one row each: a sequence of dicts with `to_frame`, and an Arrow stream.

        Rows follow the findings and in each the causes, best first; those of one cause share its `number` and belong
        together.
        """
        return corrections_table(self.findings, self.budget)

    def what_if(self, *changes: Correction | Cause) -> Report:
        """The report as it would be with these corrections, or with all corrections of these causes.

        The relations stay those that were bound; each that uses a changed figure is judged again. This report and its
        budget do not change.

        Raises:
            BudgetAuditError: A cause corrects no figure, a line does not exist, or two corrections differ about one line.

        >>> from budgetaudit import audit
        >>> report = audit({"total": "10.00", "a": "4.00", "b": "5.00"}, rules=["total = a + b"])
        >>> report.what_if(report.findings[0].causes[0]).counts["exact"]
        1
        """
        amounts = amounts_with(changes, self.budget)
        view = Situation(self.outcomes, self.budget, self.extents).assuming(amounts)
        lines = tuple(view.line(line.id) for line in self.budget.lines)
        judged = [(outcome, view.now(outcome)) for outcome in self.outcomes]
        return Report.of(
            replace(self.budget, lines=lines),
            [now if now is was else view.with_likelihood(now) for was, now in judged],
            unbound=self.unbound,
            packs=self.packs,
            selection=self.selection,
            extents=self.extents,
            renderer=self.renderer,
        )

    def to_json(self) -> str:
        """The whole report in the published JSON format."""
        return self._shown("json")

    def __add__(self, other: object) -> Report:
        """The report of both budgets together; equal to auditing `Budget.joined([a, b])` if they report different facts."""
        if not isinstance(other, Report):
            return NotImplemented
        joined = Budget.joined([self.budget, other.budget])
        ids = iter(joined.lines)
        mine, theirs = (
            (renamed(report.outcomes, {line.id: next(ids).id for line in report.budget}), report.unbound)
            for report in (self, other)
        )
        outcomes, unbound = joined_rules(mine, theirs)
        return Report.of(
            joined,
            outcomes,
            unbound=unbound,
            packs=tuple(dict.fromkeys((*self.packs, *other.packs))),
            selection=self.selection if self.selection == other.selection else EVERYTHING,
            extents=(*self.extents, *other.extents),
            renderer=self.renderer or other.renderer,
        )

    def __repr__(self) -> str:
        counted = ", ".join(f"{self._tally[verdict]} {verdict}" for verdict in VERDICTS if self._tally[verdict])
        severities = Counter(finding.severity for finding in self.findings)
        found = ", ".join(f"{severities[level]} {level}" for level in reversed(SEVERITIES) if severities[level])
        return f"Report({found or 'no findings'}; {len(self.outcomes)} relations: {counted or 'nothing was checked'})"

    def __str__(self) -> str:
        return repr(self) if self.renderer is None else self.renderer(self, "text")

    def _repr_html_(self) -> str | None:
        return None if self.renderer is None else self.renderer(self, "fragment")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """HTML for notebooks, one line of plain text for everything else."""
        html = self._repr_html_()
        return {"text/plain": repr(self)} | ({} if html is None else {"text/html": html})

    def _shown(self, form: str) -> str:
        if self.renderer is None:
            raise BudgetAuditError(
                "this report was built without a renderer",
                hint="budgetaudit.show.formats.render(report, form) shows it",
            )
        return self.renderer(self, form)


def _in_document_order(outcomes: Sequence[Outcome], budget: Budget) -> tuple[Outcome, ...]:
    place = {line.id: number for number, line in enumerate(budget.lines)}

    def where(outcome: Outcome) -> tuple[list[int], str, str]:
        relation = outcome.relation
        return [place[term.line] for term in relation.terms], relation.rule, relation.kind

    return tuple(sorted(outcomes, key=where))
