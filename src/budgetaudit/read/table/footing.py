"""Footing: what the rows of a table claim to add up to, column by column, and what its columns add up to, row by row.

A parent row is the sum of the rows below it, a total row the sum of the rows it closes. Which rows a total closes is not
printed: all since the last total with that total among them, only those since then, or the totals alone. The figures
decide between these readings; where none fits, tables of known form and codes keep their claim, and of other tables it is
kept only if the gap looks like a slip of one or two digits. Otherwise the table may not be meant to add at all, and
nobody is accused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, islice
from typing import Final

from budgetaudit.model.line import BudgetLine
from budgetaudit.model.statement import Says, Statement, Term
from budgetaudit.money.unit import PERCENT
from budgetaudit.read.table.columns import Column, Panel
from budgetaudit.read.table.rows import Entry

_MOST_PARTS: Final = 4000
_MOST_BELOW: Final = 40  # rows that a row without a code is looked to be the sum of


@dataclass(frozen=True, slots=True)
class Bound:
    """The lines of a list: by row and column, those with an amount."""

    panel: Panel
    rows: Sequence[Entry]
    lines: Mapping[tuple[int, int], BudgetLine]

    def line(self, entry: Entry, column: Column) -> BudgetLine | None:
        """The printed line of a row and a column."""
        return self.lines.get((entry.number, column.at))


@dataclass(frozen=True, slots=True)
class _Sum:
    """A total and its parts with an amount."""

    total: BudgetLine
    parts: tuple[BudgetLine, ...]

    @property
    def gap(self) -> Fraction:
        return _value(self.total) - sum((_value(part) for part in self.parts), Fraction(0))

    @property
    def step(self) -> Fraction:
        return max(_step(self.total), *(_step(part) for part in self.parts))

    @property
    def fits(self) -> bool:
        bound = _step(self.total) + sum((_step(part) for part in self.parts), Fraction(0))
        return 2 * abs(self.gap) <= bound

    @property
    def slips(self) -> bool:
        """Whether one digit, or two exchanged neighbours, make the gap: d or 9 · d units of some place.

        A gap as large as a part that is the sum of those after it is no slip: these stand below it.
        """
        if not self.step or self._counts_twice():
            return False
        units = abs(self.gap / self.step)
        if units.denominator != 1:
            return False
        digits = str(units.numerator).rstrip("0")
        return len(digits) == 1 or (len(digits) <= 2 and int(digits) % 9 == 0)

    def _counts_twice(self) -> bool:
        values = [_value(part) for part in self.parts]
        alike = (place for place, value in enumerate(values) if value == abs(self.gap))
        return any(
            values[place] in islice(accumulate(values[place + 1 : place + _MOST_BELOW]), 1, None)
            for place in islice(alike, _MOST_BELOW)
        )


def _value(line: BudgetLine) -> Fraction:
    assert line.amount is not None
    return line.amount.exact_value


def _step(line: BudgetLine) -> Fraction:
    assert line.amount is not None
    return line.amount.step * line.amount.unit.scale


def down(bounds: Sequence[Bound], *, sure: Callable[[Entry], bool]) -> Iterator[Statement]:
    """What the rows of the lists of a table claim: parents and totals, in every column of amounts.

    Args:
        bounds: The lists that stand side by side.
        sure: Whether a row is of a kind that the form of the table is known for; a total of such rows alone is a total
            whatever the figures say.
    """
    for bound in bounds:
        columns = _amounts(bound)
        for entry in bound.rows:
            if entry.children and not entry.total:
                named = [child for child in entry.children if child.of_which]
                parts = [child for child in entry.children if not child.of_which]
                if parts and entry.children[0].of_which:  # 其中：（1）… （2）…: said once, before the first of several
                    yield from _claims(bound, columns, entry, [entry.children], says="split", sure=False)
                    parts = []
                yield from _claims(
                    bound, columns, entry, [parts], says="split", sure=entry.code is not None and sure(entry)
                )
                yield from _claims(bound, columns, entry, [named], says="of-which", sure=True)
        roots = _roots(bound)
        for total, readings in _readings(roots):
            if not _is_shared(bound, total, bounds):
                known = all(sure(entry) for entry in roots)
                yield from _claims(bound, columns, total, readings, says="split", sure=known)
    yield from _shared_totals(bounds)


def _amounts(bound: Bound) -> list[Column]:
    percents = {at for (_, at), line in bound.lines.items() if line.amount is not None and line.amount.unit == PERCENT}
    return [
        column for column in bound.panel.columns
        if column.measure in {"amount", "change", "weight", "score"} and column.at not in percents
    ]  # fmt: skip


def _roots(bound: Bound) -> list[Entry]:
    return [one for one in bound.rows if one.parent is None and (one.label or one.code) and not one.of_which]


def _is_shared(bound: Bound, total: Entry, bounds: Sequence[Bound]) -> bool:
    """Whether a total stands in other lists too, its name reaching over all of them."""
    own = {line.id for column in bound.panel.columns if (line := bound.line(total, column)) is not None}
    return any(other is not bound and not own.isdisjoint(line.id for line in other.lines.values()) for other in bounds)


def _shared_totals(bounds: Sequence[Bound]) -> Iterator[Statement]:
    """Totals of several lists: of all of them together, or of each of them, as the figures show."""
    parts: dict[str, list[list[BudgetLine]]] = {}
    lines: dict[str, BudgetLine] = {}
    for bound in bounds:
        for total, readings in _readings(_roots(bound)):
            if not _is_shared(bound, total, bounds):
                continue
            for column in _amounts(bound):
                line = bound.line(total, column)
                found = [part for entry in readings[0] if (part := bound.line(entry, column)) is not None]
                if line is not None and found and line not in found:
                    lines[line.id] = line
                    parts.setdefault(line.id, []).append(found)
    for line_id, of_lists in parts.items():
        whole = _Sum(lines[line_id], tuple(dict.fromkeys(part for found in of_lists for part in found)))
        single = [_Sum(lines[line_id], tuple(found)) for found in of_lists]
        if whole.fits or not any(one.fits or one.slips for one in single):
            single = [whole]
        yield from (_statement("split", one) for one in single if believable([one], sure=False))


def _readings(roots: Sequence[Entry]) -> Iterator[tuple[Entry, list[Sequence[Entry]]]]:
    """Every total row of a list with the rows it may close, the likeliest reading first."""
    totals = [place for place, entry in enumerate(roots) if entry.total]
    start = 0
    if totals and totals[0] == 0:  # the total stands above its parts
        until = totals[1] if len(totals) > 1 else len(roots)
        rest = [entry for entry in roots[1:] if not entry.total]
        yield roots[0], [rest, roots[1:until]]
        totals, start = totals[1:], 1
    for number, place in enumerate(totals):
        last = totals[number - 1] if number else None
        since = roots[start if last is None else last + 1 : place]
        readings: list[Sequence[Entry]] = [since]
        if last is not None:
            earlier = [roots[one] for one in totals[:number]]
            running = [roots[last], *since]
            rows = [entry for entry in roots[start:place] if not entry.total]
            readings = [since, running] if roots[place].subtotal else [running, since]
            readings += [earlier, rows]
        yield roots[place], [reading for reading in readings if reading]


def _claims(
    bound: Bound,
    columns: Sequence[Column],
    total: Entry,
    readings: Sequence[Sequence[Entry]],
    *,
    says: Says,
    sure: bool,
) -> Iterator[Statement]:
    """The claim of one total in every column, in the reading that most columns bear out."""
    sums_of = [
        [
            found
            for column in columns
            if (found := _sum(bound.line(total, column), [bound.line(part, column) for part in parts]))
        ]
        for parts in readings
        if len(parts) <= _MOST_PARTS
    ]
    sums_of = [sums for sums in sums_of if sums]
    if not sums_of:
        return
    if says == "of-which":
        yield from (_statement(says, one) for one in sums_of[0])
        return
    best = max(sums_of, key=lambda sums: sum(one.fits for one in sums))
    if believable(best, sure=sure):
        yield from (_statement(says, one) for one in best)


def believable(sums: Sequence[_Sum], *, sure: bool) -> bool:
    """Whether sums of one reading are meant to add: most of them do, the form says so, or a slip explains the only one."""
    fitting = sum(one.fits for one in sums)
    return sure or (2 * fitting >= len(sums) > 0 and fitting > 0) or (len(sums) == 1 and sums[0].slips)


def _sum(total: BudgetLine | None, parts: Sequence[BudgetLine | None]) -> _Sum | None:
    printed = tuple(part for part in parts if part is not None)
    return None if total is None or not printed else _Sum(total, printed)


def _statement(says: Says, one: _Sum) -> Statement:
    terms = (Term(one.total.id, "total"), *(Term(part.id, "part") for part in one.parts))
    return Statement(says, terms, source=one.total.source)


def across(bound: Bound, *, sure: bool) -> Iterator[Statement]:
    """What the columns of a list claim: a total column is the sum of the columns beside it or below its head."""
    by_signature: dict[tuple[object, ...], list[Column]] = {}
    for column in bound.panel.columns:
        if column.measure == "amount" and not column.of_which:
            by_signature.setdefault(column.signature, []).append(column)
    for columns in by_signature.values():
        for total, parts in _groups(columns):
            sums = [
                found
                for entry in bound.rows
                if (found := _sum(bound.line(entry, total), [bound.line(entry, part) for part in parts]))
            ]
            if believable(sums, sure=sure and len(sums) == 1):
                yield from (_statement("split", one) for one in sums)


def _groups(columns: Sequence[Column]) -> Iterator[tuple[Column, list[Column]]]:
    """Every total column with the columns that make it up."""
    totals = {column.names: column for column in reversed(columns) if column.total}
    for path, total in totals.items():
        yield from _made_of(total, path, columns, totals)
    if () not in totals and (root := _root_by_name(columns)) is not None:
        yield from _made_of(root, (), columns, totals)


def _made_of(
    total: Column, path: tuple[str, ...], columns: Sequence[Column], totals: Mapping[tuple[str, ...], Column]
) -> Iterator[tuple[Column, list[Column]]]:
    depth = len(path)
    parts: list[Column] = []
    for column in columns:
        if column is total or column.names[:depth] != path or len(column.names) <= depth:
            continue
        head = column.names[: depth + 1]
        if (len(column.names) == depth + 1 and (column.total or head not in totals)) or (
            len(column.names) > depth + 1 and head not in totals and column.names[:-1] not in totals
        ):
            parts.append(column)
    if len(parts) > 1:
        yield total, parts


def _root_by_name(columns: Sequence[Column]) -> Column | None:
    """本年支出合计, 本年收入合计: a total that its name tells."""
    named = [column for column in columns if len(column.names) == 1 and column.names[0].endswith(("合计", "总计"))]
    return named[0] if len(named) == 1 and named[0] is columns[0] else None


def changes(bound: Bound) -> Iterator[Statement]:
    """What columns of changes, growth, completion and shares claim about the columns they compare."""
    for column in bound.panel.columns:
        if column.measure == "share":
            yield from _shares(bound, column)
        if column.measure == "score":
            yield from _limits(bound, column)
        if column.measure not in {"change", "growth", "rate"} or (compared := _compared(bound, column)) is None:
            continue
        current, base = compared
        for entry in bound.rows:
            said, new, old = (bound.line(entry, one) for one in (column, current, base))
            if said is None or new is None or old is None:
                continue
            match column.measure:
                case "change":
                    terms = (Term(said.id, "total"), Term(new.id, "part"), Term(old.id, "part", Fraction(-1)))
                    yield Statement("change", terms, source=said.source)
                case "growth":
                    terms = (Term(said.id, "ratio"), Term(new.id, "current"), Term(old.id, "base"))
                    yield Statement("growth", terms, source=said.source)
                case _:
                    terms = (Term(said.id, "ratio"), Term(new.id, "numerator"), Term(old.id, "denominator"))
                    yield Statement("rate", terms, source=said.source)


def _compared(bound: Bound, column: Column) -> tuple[Column, Column] | None:
    """The two columns that a column of changes or rates compares: this year and last year, or outturn and budget."""
    alike = [one for one in bound.panel.columns if one.measure == "amount" and one.names in {column.names, ()}]
    if column.measure == "rate":
        actual = [one for one in alike if one.phase == "actual" and not one.shift]
        planned = [one for one in alike if one.phase == "adjusted"] or [one for one in alike if one.phase == "budget"]
        return (actual[0], planned[0]) if len(actual) == len(planned) == 1 else None
    years = sorted({one.year or "" for one in alike} - {""})
    old = [one for one in alike if one.shift == -1] or (
        [one for one in alike if one.year == years[-2]] if len(years) > 1 else []
    )
    if len(old) != 1:
        return None
    new = [one for one in alike if one is not old[0] and not one.shift and one.year in {None, *years[-1:]}]
    same = [one for one in new if one.phase == old[0].phase]
    chosen = same if len(same) == 1 else new
    return (chosen[0], old[0]) if len(chosen) == 1 else None


def _shares(bound: Bound, column: Column) -> Iterator[Statement]:
    """Shares of the one total of a list with one column of amounts."""
    amounts = [one for one in bound.panel.columns if one.measure == "amount"]
    totals = [entry for entry in bound.rows if entry.total and entry.parent is None]
    if len(amounts) != 1 or len(totals) != 1 or (whole := bound.line(totals[0], amounts[0])) is None:
        return
    for entry in bound.rows:
        said, part = bound.line(entry, column), bound.line(entry, amounts[0])
        if said is not None and part is not None and entry is not totals[0]:
            terms = (Term(said.id, "ratio"), Term(part.id, "numerator"), Term(whole.id, "denominator"))
            yield Statement("share", terms, source=said.source)


def _limits(bound: Bound, column: Column) -> Iterator[Statement]:
    """A score lies within its weight."""
    weights = [one for one in bound.panel.columns if one.measure == "weight"]
    if len(weights) != 1:
        return
    for entry in bound.rows:
        score, weight = bound.line(entry, column), bound.line(entry, weights[0])
        if score is not None and weight is not None:
            terms = (Term(score.id, "left"), Term(weight.id, "right"))
            yield Statement("limit", terms, op="<=", source=score.source)
