"""Running text as people write it, and what a careful reader takes from it: the documents in `cases/*.txt`.

All sentences and figures are invented. A file holds many cases; each is a document, a line `---`, and what is expected:

    === brackets-open-a-level
    2031年基本支出{b:531.27}万元(人员经费{p:402.15}万元,日常公用经费{u:129.12}万元)。
    ---
    given 2031 万元
    b  基本支出
    p  人员经费
    u  公用经费 actual
    exact  split  b = p + u

In the document `{b:531.27}` is the figure 531.27 under the name b; the marks are taken out before it is read. A number
that is not marked is no figure. Every marked figure has one line: its name, its label (in canonical form, `|` between
labels that are as good, `*` for any), then in any order its measure (amount if none is given), unit, four-digit year and
phase (budget, adjusted, actual); `given` says these once for all figures of a case, `*` that the year and phase are open,
`-` that the text names no year. `fall` is a decrease that a word tells, `either` a direction that the words leave open,
`about` an approximate figure, `value=` the worth in base units of a figure in mixed notation.

Relations follow: the verdict, what is said, and the figures. `never` means that no such relation may be weighed, `open` that
it may or may not be, with any verdict.

    split t = a + b - c      decomposition t = a + b     change x = c - b      balance a = b      tie a = b
    of-which t > a + b       compare a < b               count n = 3           shares 100 = a + b
    share s: a / t           rate r: a / b               average m: a / n      growth g: current / base, or g: current, change

`|` separates forms that say the same. A figure may be read as several lines ("income and spending each rise by 3"). A relation is sought among all outcomes of the audit, whether a statement of the text
or a rule of a pack says it. `remark TXT002` expects a remark of that kind. What a case does not expect must not be alleged:
no figure where none is marked (numbers in words aside: 两项), no verdict of inconsistent, undefined or failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import budgetaudit as ba
from budgetaudit.check.outcome import Outcome, Relation
from budgetaudit.findings.report import Report
from budgetaudit.model.budget import Budget
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import BudgetLine
from budgetaudit.money.unit import Unit
from budgetaudit.money.unit_names import parse_unit

FOLDER = Path(__file__).parent / "cases"
MEASURES = {"amount", "change", "growth", "share", "rate", "average", "count", "score", "weight"}
PHASES = {"budget", "adjusted", "actual"}
VERDICTS = {"exact", "rounding", "inconsistent", "undefined", "undecided", "never", "open"}
ALLEGED = {"inconsistent", "undefined", "failed"}
HALF_WIDTH = str.maketrans("０１２３４５６７８９．，−﹣－", "0123456789.,---")
MARK = re.compile(r"\{([a-z][a-z0-9]*):([^{}]+)\}")

Key = tuple[object, ...]


@dataclass(frozen=True)
class Figure:
    """A marked figure: where it stands and what a careful reader would say of it."""

    name: str
    start: int
    printed: str
    labels: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset({"amount"})
    unit: Unit | None = None
    period: str = "*"
    phase: str = "*"
    direction: int | None = 1  # None: the words leave it open
    about: bool = False
    worth: Fraction | None = None

    @property
    def signed(self) -> bool:
        """Whether a sign is printed and no word beside it turns the direction."""
        return self.direction == 1 and self.printed[0].translate(HALF_WIDTH) == "-"

    @property
    def signs(self) -> tuple[int, ...]:
        """How the figure may count: with its sign, turned by a word, or either way; 0 counts as it is."""
        if self.value == 0:
            return (1,)
        ways = (1, -1) if self.direction is None else (self.direction,)
        return tuple(way * (1 if self.value > 0 else -1) for way in ways)

    @property
    def value(self) -> Fraction:
        """The printed number, in base units of its unit."""
        if self.worth is not None:
            return self.worth
        digits = re.sub(r"[,\s]", "", self.printed.translate(HALF_WIDTH))
        return Fraction(Decimal(digits)) * (self.unit.scale if self.unit else 1)


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    figures: dict[str, Figure]
    relations: tuple[tuple[str, str, str], ...]  # verdict, says, the forms as written
    remarks: tuple[str, ...] = field(default=())


# --- the written cases ---------------------------------------------------------------------------------------------


def written_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, rest = block.partition("\n")
            document, _, expected = rest.partition("\n---\n")
            yield written_case(f"{path.stem}/{name.strip()}", document, expected.splitlines())


def written_case(name: str, document: str, expected: list[str]) -> Case:
    text, figures = unmarked(document)
    given: list[str] = []
    relations: list[tuple[str, str, str]] = []
    remarks: list[str] = []
    described: dict[str, Figure] = {}
    for line in filter(str.strip, expected):
        head, *words = line.split()
        if head == "given":
            given = words
        elif head == "remark":
            remarks += words
        elif head in VERDICTS:
            relations.append((head, words[0], " ".join(words[1:])))
        else:
            assert head in figures, f"{name}: the text marks no figure {head}"
            described[head] = figure(figures[head], words[0], given, words[1:])
    assert described.keys() == figures.keys(), f"{name}: not described: {figures.keys() - described.keys()}"
    return Case(name, text, described, tuple(relations), tuple(remarks))


def unmarked(document: str) -> tuple[str, dict[str, Figure]]:
    """The text without marks, and where in it the marked figures stand."""
    text, figures, copied = "", {}, 0
    for mark in MARK.finditer(document):
        text += document[copied : mark.start()]
        assert mark[1] not in figures, f"{mark[1]} is marked twice"
        figures[mark[1]] = Figure(mark[1], len(text), mark[2])
        text += mark[2]
        copied = mark.end()
    return f"{text}{document[copied:]}\n", figures


def figure(marked: Figure, labels: str, given: list[str], words: list[str]) -> Figure:
    """What a line says of a figure: its own words, and those of `given` for what it leaves unsaid."""
    said: dict[str, object] = {}
    for word in [*given, *words]:  # the figure's own words come last and win
        if set(word.split("|")) <= MEASURES:
            said["measures"] = frozenset(word.split("|"))
        elif word in PHASES:
            said["phase"] = word
        elif re.fullmatch(r"[12][0-9]{3}|-", word):
            said["period"] = word
        elif word == "*":
            said |= {"period": "*", "phase": "*"}
        elif word == "about":
            said["about"] = True
        elif word in {"fall", "either"}:
            said["direction"] = -1 if word == "fall" else None
        elif word.startswith("value="):
            said["worth"] = Fraction(word.removeprefix("value="))
        else:
            said["unit"] = parse_unit(word)
            assert said["unit"] is not None, f"{word} is no unit"
    if said.get("measures") == {"change"} and "fall" not in words and marked.printed.startswith("-"):
        said["direction"] = None  # a word and a sign: the remark matters, not which of them wins
    chosen = frozenset() if labels == "*" else frozenset(canonical_label(label) for label in labels.split("|"))
    return Figure(marked.name, marked.start, marked.printed, chosen, **said)  # type: ignore[arg-type]


CASES = {case.name: case for case in written_cases()}


# --- what the library makes of them --------------------------------------------------------------------------------


@cache
def audited(name: str) -> tuple[Budget, Report]:
    budget = ba.read(CASES[name].text)
    return budget, ba.audit(budget)


def lines_at(budget: Budget, wanted: Figure) -> list[BudgetLine]:
    """The lines whose source covers the first character of a figure."""
    return [line for line in budget.lines if line.amount is not None and covers(line, wanted)]


def covers(line: BudgetLine, wanted: Figure) -> bool:
    source = line.source
    if source is None or source.start is None or source.end is None:
        return False
    return source.start <= wanted.start < source.end


class Reading:
    """A case as the library read it: from marked figures to facts, from outcomes to what they say of these facts."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.budget, self.report = audited(case.name)
        self.facts = {
            line.id: number for number, group in enumerate(self.budget.by_identity.values()) for line in group
        }
        self.lines = {name: lines_at(self.budget, marked) for name, marked in case.figures.items()}

    def missing(self) -> list[str]:
        return [f"{name} {self.case.figures[name].printed}" for name, lines in self.lines.items() if not lines]

    def outcomes(self, says: str, form: str) -> list[Outcome]:
        """The outcomes that weigh what one written form says."""
        if says == "tie":
            return [outcome for outcome in self.report.outcomes if self._ties(outcome.relation, names_in(form))]
        wanted = self.expected_keys(says, form)
        return [outcome for outcome in self.report.outcomes if self.key(outcome.relation) in wanted]

    def _ties(self, relation: Relation, names: list[str]) -> bool:
        printed = {term.line for term in relation.terms}
        return relation.form == "tie" and all(any(line.id in printed for line in self.lines[name]) for name in names)

    # A relation is known by its facts and the signs with which they count, so that an amount of -5 with weight 1 and an
    # amount of 5 with weight -1 (a decrease of 5) are the same, and a = b + c is the same as b = a - c.

    def key(self, relation: Relation) -> Key:
        if relation.form in {"sum", "order"} and not relation.unknown:
            weights: dict[int, int] = {}
            for term in relation.terms:
                side = 1 if term.role in {"total", "left"} else -1
                counted = side * self._sign(term.line, term.weight)
                weights[self.facts[term.line]] = weights.get(self.facts[term.line], 0) + counted
            has_total = any(term.role in {"total", "left"} for term in relation.terms)
            constant = relation.constant or Fraction(0)
            if not has_total:
                constant = -constant
            return linear(weights, constant, relation.op if relation.form == "order" else "=")
        if relation.form == "count":
            return ("count", frozenset(self.facts[term.line] for term in relation.terms), relation.constant)
        roles = frozenset(
            (term.role, self.facts[term.line], self._sign(term.line, term.weight)) for term in relation.terms
        )
        return ("growth" if relation.form.startswith("growth") else relation.form, roles)

    def _sign(self, line_id: str, weight: Fraction) -> int:
        amount = self.budget.line(line_id).amount
        value = amount.value if amount is not None else Decimal(0)
        if weight.numerator == 0 or value == 0:
            return 1
        return (1 if weight > 0 else -1) * (1 if value > 0 else -1)

    def expected_keys(self, says: str, form: str) -> set[Key]:
        """The keys of a written form: for every line a figure was read as, and either way where its direction is open."""
        names = dict.fromkeys(names_in(form))
        ways = [
            [(self.facts[line.id], sign) for line in self.lines[name] for sign in self.case.figures[name].signs]
            for name in names
        ]
        return {expected_key(says, form, dict(zip(names, chosen, strict=True))) for chosen in product(*ways)}


def expected_key(says: str, form: str, chosen: dict[str, tuple[int, int]]) -> Key:
    """The key of a written form, each figure being one fact that counts with one sign."""

    def role(name: str, part: str) -> tuple[str, int, int]:
        return (part, *chosen[name])

    if says == "count":
        left, right = form.split(" = ")
        return ("count", frozenset({chosen[left][0]}), Fraction(right))
    if says in {"share", "rate", "average", "growth"}:
        ratio, _, rest = form.partition(": ")
        first, separator, second = rest.replace(", ", " , ").split(" ")
        parts = (
            {"/": ("current", "base"), ",": ("current", "change")}
            if says == "growth"
            else {"/": ("numerator", "denominator")}
        )
        names = zip((ratio, first, second), ("ratio", *parts[separator]), strict=True)
        return ("growth" if says == "growth" else "share", frozenset(role(name, part) for name, part in names))
    found = re.fullmatch(r"(\w+) ([=<>]) (.+)", form)
    assert found, f"{form} is no relation"
    left, op, right = found.groups()
    weights = {} if left == "100" else dict([chosen[left]])
    for minus, name in re.findall(r"(-)? ?([a-z]\w*)", right):
        fact, sign = chosen[name]
        weights[fact] = weights.get(fact, 0) + sign * (1 if minus else -1)
    constant = Fraction(-100) if left == "100" else Fraction(0)
    if says == "of-which" and op == ">":
        op = ">="
    return linear(weights, constant, op)


def names_in(form: str) -> list[str]:
    return re.findall(r"[a-z]\w*", form)


def linear(weights: dict[int, int], constant: Fraction, op: str) -> Key:
    """Σ weight · fact op constant in one spelling: the first fact of an equation counts positive, > is written <."""
    turned = op in {">", ">="} or (op == "=" and weights.get(min(weights, default=0), 1) < 0)
    factor = -1 if turned else 1
    spelled = {">": "<", ">=": "<="}.get(op, op)
    return (
        "linear",
        spelled,
        constant * factor,
        frozenset((fact, weight * factor) for fact, weight in weights.items()),
    )


# --- the tests -----------------------------------------------------------------------------------------------------

each_case = pytest.mark.parametrize("name", CASES)


@each_case
def test_every_figure_is_read_as_what_it_is(name):
    reading = Reading(CASES[name])
    assert not reading.missing(), f"no line for {', '.join(reading.missing())}"
    wrong = []
    for marked in CASES[name].figures.values():
        least = min((list(faults(marked, line)) for line in reading.lines[marked.name]), key=len)
        wrong += [f"{marked.name} {marked.printed}: {fault}" for fault in least]
    assert not wrong, "\n".join(wrong)


def faults(marked: Figure, line: BudgetLine) -> Iterator[str]:
    """What differs between a marked figure and the line that was read there."""
    amount, identity = line.amount, line.identity
    assert amount is not None
    if abs(amount.exact_value) != abs(marked.value):
        yield f"value {amount.exact_value}, not {marked.value}"
    if marked.signed and amount.exact_value > 0:
        yield "the sign is lost"
    if marked.unit is not None and not same_unit(amount.unit, marked.unit):
        yield f"unit {amount.unit}, not {marked.unit}"
    if marked.labels and canonical_label(identity.label) not in marked.labels:
        yield f"label {identity.label}, not {' or '.join(sorted(marked.labels))}"
    if identity.measure not in marked.measures:
        yield f"measure {identity.measure}, not {' or '.join(sorted(marked.measures))}"
    if marked.period not in {"*", identity.period or "-"}:
        yield f"period {identity.period}, not {marked.period}"
    if marked.phase not in {"*", identity.phase}:
        yield f"phase {identity.phase}, not {marked.phase}"
    if marked.about != (amount.precision == "approximate"):
        yield f"precision {amount.precision}"


def same_unit(found: Unit, wanted: Unit) -> bool:
    """The currency is left aside: 元 of a document from Taiwan is no yuan."""
    return (found.kind, found.scale, found.counter) == (wanted.kind, wanted.scale, wanted.counter)


@each_case
def test_no_number_is_read_that_is_no_figure(name):
    reading = Reading(CASES[name])
    figures = CASES[name].figures.values()
    extra = [
        line
        for line in reading.budget.lines
        if line.state == "printed"
        and line.source is not None
        and re.search(r"\d", line.source.text)
        and not any(covers(line, marked) for marked in figures)
    ]
    assert not extra, f"read besides: {', '.join(f'{line.label} {line.source and line.source.text}' for line in extra)}"


@each_case
def test_every_relation_is_weighed_and_only_these_are_alleged(name):
    reading = Reading(CASES[name])
    wrong, expected = [], []
    for verdict, says, forms in CASES[name].relations:
        found = [outcome for form in forms.split(" | ") for outcome in reading.outcomes(says, form)]
        if verdict == "never":
            wrong += [f"never {says} {forms}: {outcome.relation.rule} {outcome.verdict}" for outcome in found]
        elif verdict != "open" and not any(outcome.verdict == verdict for outcome in found):
            wrong.append(f"{says} {forms}: {[outcome.verdict for outcome in found] or 'not weighed'}, not {verdict}")
        expected += found
    alleged = [outcome for outcome in reading.report.outcomes if outcome.verdict in ALLEGED and outcome not in expected]
    wrong += [f"alleged: {told(reading.budget, outcome)}" for outcome in alleged]
    assert not wrong, "\n".join(wrong)


def told(budget: Budget, outcome: Outcome) -> str:
    terms = [
        (term.role, budget.line(term.line).label, str(budget.line(term.line).amount)) for term in outcome.relation.terms
    ]
    return f"{outcome.verdict} {outcome.relation.rule} {terms} {outcome.detail}"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.remarks])
def test_words_that_are_wrong_without_arithmetic_are_remarked(name):
    remarks = {remark.code for remark in Reading(CASES[name]).budget.remarks}
    assert set(CASES[name].remarks) <= remarks


def test_only_cases_that_expect_remarks_get_any():
    """A remark on a sound sentence is a false alarm."""
    remarked = {
        name: [(remark.code, remark.source.text) for remark in Reading(case).budget.remarks]
        for name, case in CASES.items()
        if not case.remarks and Reading(case).budget.remarks
    }
    assert remarked == {}
