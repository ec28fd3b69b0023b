"""Outcomes of columns as an Arrow table: every relation that is not exact, with its figures.

One row per outcome: the rule, where it applies (the caller's own key columns), verdict and reason, gap, bound and what was
computed as decimals, how probable the gap is, and the figures with the number of the row each stands in. Numbers that no
decimal ends (quotients) are rounded to ten places; everything else is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any, Final

import numpy as np

from budgetaudit.check.arrays.coded import Array
from budgetaudit.check.arrays.compare import code, gaps_and_bounds
from budgetaudit.check.arrays.locate import Located
from budgetaudit.check.arrays.singly import single
from budgetaudit.check.arrays.weigh import REASONS, Judged, Prepared, weighing_of
from budgetaudit.check.columns import Weighed
from budgetaudit.check.evaluate import evaluate
from budgetaudit.check.outcome import VERDICTS, Outcome
from budgetaudit.explain.likelihood import likelihood
from budgetaudit.explain.likelihoods import rounding_p_values
from budgetaudit.findings.severity import UNUSUAL
from budgetaudit.model.budget import Budget
from budgetaudit.money.decimals import ending_places, ratio, rounded
from budgetaudit.money.unit import Unit

pa: Any = import_module("pyarrow")

_ENDLESS_PLACES: Final = 10
_MOST_PLACES: Final = 37
_FIGURE: Final = pa.struct(
    [
        ("label", pa.string()),
        ("role", pa.string()),
        ("weight", pa.string()),
        ("amount", pa.string()),
        ("row", pa.int64()),
    ]
)
_NUMBERS: Final = ("gap", "bound", "computed")


@dataclass
class _Block:
    """Outcomes of one rule: for every row of the table, column by column."""

    rule: str
    kind: str
    anchors: Array  # the row of the caller's table that names the unit
    verdicts: list[str]
    reasons: list[str | None]
    numbers: dict[str, list[Fraction | None]]
    units: list[str | None]
    chances: list[Fraction | None]
    figures: Any  # an Arrow list


def outcome_table(weighed: Weighed) -> Any:
    """Every outcome that is not exact, in the order of the rules, then those the scalar engine judged."""
    blocks = [block for prepared, judged in weighed.arrays for block in _blocks(prepared, judged)]
    blocks += [_of_outcome(outcome, budget) for outcome, budget in weighed.singles]
    table, keys = weighed.facts.table, weighed.facts.layout.keys
    anchors = np.concatenate([block.anchors for block in blocks]) if blocks else np.zeros(0, np.int64)
    rows = pa.array(anchors, mask=anchors < 0)
    columns: dict[str, Any] = {
        "rule": pa.array([block.rule for block in blocks for _ in block.verdicts], pa.string()),
        "kind": pa.array([block.kind for block in blocks for _ in block.verdicts], pa.string()),
        "verdict": pa.array([one for block in blocks for one in block.verdicts], pa.string()),
        "reason": pa.array([one for block in blocks for one in block.reasons], pa.string()),
    }
    columns |= {f"key.{key}" if key in columns else key: table.column(key).take(rows) for key in keys}
    for name in _NUMBERS:
        columns[name] = _decimals([one for block in blocks for one in block.numbers[name]])
    chances = [one for block in blocks for one in block.chances]
    columns["unit"] = pa.array([one for block in blocks for one in block.units], pa.string())
    columns["likelihood"] = pa.array([None if one is None else ratio(one) for one in chances], pa.string())
    columns["unusual"] = pa.array([one is not None and one < UNUSUAL for one in chances], pa.bool_())
    columns["figures"] = pa.chunked_array([block.figures for block in blocks], pa.list_(_FIGURE))
    return pa.table(columns)


def rows_not_exact(weighed: Weighed) -> Array:
    """For every outcome that is not exact a row that takes part in it; -1 where no row does."""
    found = [_anchors([_rows(one, judged.units) for one in prepared.terms], len(judged.units)) for prepared, judged in weighed.arrays]  # fmt: skip
    found.append(
        np.array([_row_of(budget.lines[0].id) if budget.lines else -1 for _, budget in weighed.singles], np.int64)
    )
    return np.concatenate(found)


def _anchors(rows: Sequence[Array], size: int) -> Array:
    anchors = np.full(size, -1, np.int64)
    for own in reversed(rows):
        anchors = np.where(own >= 0, own, anchors)
    return anchors


def _row_of(line: str) -> int:
    return int(line[1:].partition(".")[0])


def _decimals(values: Sequence[Fraction | None]) -> Any:
    """Exact decimals of one scale, as wide as they have to be."""
    found = [value for value in values if value is not None]
    ends = {value.denominator for value in found}
    places = [_ENDLESS_PLACES if (own := ending_places(Fraction(1, end))) is None else own for end in ends]
    scale = min(max(places, default=0), _MOST_PLACES)
    largest = max((abs(value) for value in found), default=Fraction(0))
    kind = pa.decimal128(38, scale) if largest < 10 ** (38 - scale) else pa.decimal256(76, scale)
    return pa.array([None if value is None else _decimal(value, scale) for value in values], kind)


def _decimal(value: Fraction, scale: int) -> Decimal:
    return rounded(value, scale)


def _blocks(prepared: Prepared, judged: Judged) -> Iterator[_Block]:
    """The outcomes of one relation, by the unit of its target."""
    if not len(judged.units):
        return
    target = _target(prepared)
    grid = target.grid
    codes = np.full(len(judged.units), target.codes) if isinstance(target.codes, int) else target.codes[judged.units]
    scales = {number: one.unit for number, one in enumerate(grid.prints)} or {0: Unit()}
    for unit in dict.fromkeys(scales[number] for number in np.unique(codes).tolist()):
        own = np.isin(codes, [number for number, one in scales.items() if one == unit])
        yield _block(prepared, judged.units[own], judged.verdicts[own], judged.reasons[own], unit)


def _target(prepared: Prepared) -> Located:
    side = "left" if prepared.relation.written in {">", ">="} else "right"
    chosen = [one for role in ("total", "ratio", side) for one in prepared.terms if one.term.role == role]
    return chosen[0] if chosen else prepared.terms[0]


def _block(prepared: Prepared, units: Array, verdicts: Array, reasons: Array, unit: Unit) -> _Block:
    relation, quantum = prepared.relation, prepared.terms[0].grid.quantum
    rows = [_rows(located, units) for located in prepared.terms]
    size = len(units)
    numbers: dict[str, list[Fraction | None]] = {name: [None] * size for name in _NUMBERS}
    chances: list[Fraction | None] = [None] * size
    weighed = (verdicts == code("rounding")) | (verdicts == code("inconsistent"))
    places = np.flatnonzero(weighed)
    if relation.form in {"sum", "order"} and len(places):
        weighing = weighing_of(prepared, units[places], unit.scale)
        found = gaps_and_bounds(weighing)
        step = quantum / (2 * weighing.scale.multiplier * unit.scale)
        for name, values in zip(_NUMBERS, found, strict=True):
            for place, value in zip(places.tolist(), values.tolist(), strict=True):
                numbers[name][place] = value * step
        close = np.flatnonzero(verdicts[places] == code("rounding"))
        known = rounding_p_values(prepared, units[places[close]], found[0][close], unit, quantum)
        for place, chance in zip(places[close].tolist(), known, strict=True):
            chances[place] = chance
    elif len(places):
        for place in places.tolist():
            one = single(relation, prepared.terms, prepared.conditions, int(units[place]))
            assert one is not None
            outcome = evaluate(one.relation, Budget(one.lines))
            for name in _NUMBERS:
                numbers[name][place] = getattr(outcome, name)
    return _Block(
        relation.rule.id, relation.rule.kind, _anchors(rows, size), [VERDICTS[one] for one in verdicts.tolist()],
        [REASONS[one] or None for one in reasons.tolist()], numbers, [str(unit)] * size, chances,
        _figures(prepared.terms, rows, size),
    )  # fmt: skip


def _rows(located: Located, units: Array) -> Array:
    """The first row that prints a term in each of some units, -1 for none."""
    place = located.place if isinstance(located.place, int) else located.place[units]
    where = units if located.where is None else located.where[units]
    return located.grid.first_rows(place, where)


def _figures(terms: Sequence[Located], rows: Sequence[Array], size: int) -> Any:
    """The figures of every outcome: an Arrow list of what `_FIGURE` says, of the terms that are printed."""
    table = np.stack(rows, axis=1)
    there = table >= 0
    which = pa.array(np.broadcast_to(np.arange(len(terms)), (size, len(terms)))[there])
    offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    facts = terms[0].grid.facts
    if facts.layout.amount is not None:
        amounts = _texts(facts.table.column(facts.layout.amount).take(pa.array(table[there])))
    else:
        columns = np.full(table.shape, None, object)
        for place, (located, own) in enumerate(zip(terms, rows, strict=True)):
            if isinstance(located.place, int) and located.place >= 0:
                name = facts.layout.wide[located.grid.used[located.place]]
                columns[:, place] = _texts(facts.table.column(name).take(pa.array(own, mask=own < 0))).to_pylist()
        amounts = pa.array(columns[there].tolist(), pa.string())
    named = [
        pa.array(texts, pa.string()).take(which)
        for texts in ([one.term.label for one in terms], [one.term.role for one in terms], [ratio(one.term.weight) for one in terms])
    ]  # fmt: skip
    values = pa.StructArray.from_arrays([*named, amounts, pa.array(table[there])], fields=list(_FIGURE))
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _texts(column: Any) -> Any:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    return found.cast(pa.string())


def _of_outcome(outcome: Outcome, budget: Budget) -> _Block:
    """One outcome of the scalar engine; like the arrays, it has numbers where figures were compared."""
    relation, compared = outcome.relation, outcome.verdict in {"rounding", "inconsistent"}
    figures: list[dict[str, Any]] = []
    for term in relation.terms:
        line = budget.line(term.line)
        text = None if line.amount is None else f"{line.amount.value:f}"
        row = _row_of(line.id)
        figures.append(
            {"label": line.label, "role": term.role, "weight": ratio(term.weight), "amount": text, "row": row}
        )
    chance = likelihood(outcome, budget).rounding if outcome.verdict == "rounding" else None
    return _Block(
        relation.rule, relation.kind, np.array([figures[0]["row"] if figures else -1]), [outcome.verdict],
        [outcome.reasons[0] if outcome.reasons else None],
        {name: [getattr(outcome, name) if compared else None] for name in _NUMBERS},
        [str(outcome.unit)], [chance], pa.array([figures], pa.list_(_FIGURE)),
    )  # fmt: skip
