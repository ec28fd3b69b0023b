"""Binding: from the grids of a document to budget lines and what the tables say about them.

Every cell in a column of figures becomes a line with the state it is in, or is listed as unplaced with the reason; every
table adds what its own form asserts. Nothing here depends on the format that the grids come from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from budgetaudit.model.budget import Unplaced
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import BudgetLine, Identity
from budgetaudit.model.source import Source
from budgetaudit.model.statement import Remark, Statement
from budgetaudit.money.amount import Amount
from budgetaudit.money.unit import NUMBER, Unit
from budgetaudit.read.material import Material
from budgetaudit.read.prose.setting import YEAR, Setting, body_name
from budgetaudit.read.table.columns import YEAR_ALONE, Column, Panel, panels
from budgetaudit.read.table.facts import Surroundings, identity_of, is_in_known_form
from budgetaudit.read.table.figures import figure_of
from budgetaudit.read.table.footing import Bound, across, changes, down
from budgetaudit.read.table.forms import form_of
from budgetaudit.read.table.grid import Cell
from budgetaudit.read.table.layout import Area, Row, areas, is_blank
from budgetaudit.read.table.rows import Entry, entries, is_total
from budgetaudit.read.text import Text

_LONG: Final = 60  # characters of a cell that is a paragraph


@dataclass(slots=True)
class TableFigures:
    """What the tables of a document report.

    Attributes:
        lines: One for every figure, in the order of the document.
        statements: What the tables assert.
        unplaced: Figures without a name.
        remarks: Cells that cannot be read.
        prose: Numbers of grids that are no tables: their cells are paragraphs set side by side.
    """

    lines: list[BudgetLine] = field(default_factory=list[BudgetLine])
    statements: list[Statement] = field(default_factory=list[Statement])
    unplaced: list[Unplaced] = field(default_factory=list[Unplaced])
    remarks: list[Remark] = field(default_factory=list[Remark])
    prose: set[int] = field(default_factory=set[int])


def bind_tables(material: Material, setting: Setting, *, name: str) -> TableFigures:
    """The lines of all tables of a document.

    Args:
        material: The document.
        setting: What its title and first lines say.
        name: What it is called in sources.
    """
    found = TableFigures()
    every = [(number, list(areas(grid, number))) for number, grid in enumerate(material.grids, 1)]
    bodies = Counter(body_name(area.department) for _, tables in every for area in tables if area.department)
    units = Counter(area.unit for _, tables in every for area in tables if area.unit)
    usual_unit = setting.unit or (units.most_common(1)[0][0] if units else None)
    text = Text(name, material.text)
    for number, tables in every:
        before = len(found.lines)
        for area in tables:
            around = _surroundings(area, setting, bodies)
            _Table(area, around, text, area.unit or usual_unit, found).bind()
        if len(found.lines) == before and _is_prose(material, number):
            found.prose.add(number - 1)
    return found


def body_of_tables(material: Material) -> str | None:
    """The one body that all tables of a document say they are of; None where they name none or several."""
    named = {
        body_name(area.department)
        for number, grid in enumerate(material.grids, 1)
        for area in areas(grid, number)
        if area.department
    }
    whole = [
        one for one in named if not any(other != one and other.startswith(one) for other in named)
    ]  # cut off at an edge
    return whole[0] if len(whole) == 1 else None


def _is_prose(material: Material, number: int) -> bool:
    grid = material.grids[number - 1]
    return any(len(cell.text) > _LONG and "。" in cell.text for cell in grid.cells)


def _surroundings(area: Area, setting: Setting, bodies: Counter[str]) -> Surroundings:
    form = form_of(area.title, setting.phase)
    number, part = area.number
    title = area.title if re.search("[A-Za-z]{3}", area.title) else "".join(area.title.split())
    name = form.key or title or f"#{number}.{part}"
    entity = setting.entity
    usual = bodies.most_common(1)[0][0] if bodies else None
    named = body_name(area.department) if area.department is not None else None
    if named is not None and (len(bodies) > 1 or entity is None):
        same = named == usual and entity is not None
        entity = entity if same or _same_body(named, entity) else named
    return Surroundings(form, name, setting, entity, _year(area.title) or setting.year)


def _same_body(one: str, other: str | None) -> bool:
    return other is not None and (one in other or other in one)


def _year(title: str) -> str | None:
    found = YEAR.search(title)
    return found[1] if found else None


class _Table:
    """One table while it is bound."""

    def __init__(self, area: Area, around: Surroundings, text: Text, unit: Unit | None, into: TableFigures) -> None:
        self._area, self._around, self._text, self._unit, self._into = area, around, text, unit, into
        self._seen: dict[Identity, int] = {}
        self._of_cell: dict[int, tuple[BudgetLine, Cell | None, Panel]] = {}
        self._body: list[Row] = []

    def bind(self) -> None:
        """Add the lines and statements of the table."""
        start = len(self._into.lines)
        lists = panels(self._area)
        self._body = [_reaching(row, lists) for row in self._area.body]
        bounds = [self._list(panel) for panel in lists]
        made = self._into.lines[start:]
        made.sort(key=lambda line: line.source.start if line.source and line.source.start is not None else 0)
        self._into.lines[start:] = made
        self._into.statements += down(bounds, sure=lambda entry: is_in_known_form(entry, self._around))
        for bound in bounds:
            self._into.statements += across(bound, sure=bool(self._around.form.key))
            self._into.statements += changes(bound)

    def _list(self, panel: Panel) -> Bound:
        rows = entries(panel, self._body)
        totals = [entry.number for entry in rows if entry.total and entry.parent is None]
        last = totals[-1] if totals else None
        lines: dict[tuple[int, int], BudgetLine] = {}
        places = self._places(panel)
        for entry in rows:
            for column in panel.columns:
                line = self._line(entry, column, panel, places[column.at], last_total=entry.number == last)
                if line is not None and line.amount is not None:
                    lines[entry.number, column.at] = line
        return Bound(panel, rows, lines)

    def _places(self, panel: Panel) -> dict[int, int]:
        """The most decimal places that each column prints."""
        places: dict[int, int] = {}
        for column in panel.columns:
            amounts = (figure_of(row[column.at]).amount for row in self._body)
            places[column.at] = max((amount.places for amount in amounts if amount is not None), default=0)
        return places

    def _line(self, entry: Entry, column: Column, panel: Panel, places: int, *, last_total: bool) -> BudgetLine | None:
        cell = entry.row[column.at]
        if cell is None or cell is entry.label_cell:
            cell = _behind(entry, column, panel)
        figure = figure_of(cell)
        if cell is None or figure.state is None:
            return None
        if id(cell) in self._of_cell:  # of a name that reaches over several lists, or of a merged cell that counts once
            line, name, of = self._of_cell[id(cell)]
            return line if name is entry.label_cell and name is not None and of is not panel else None
        if figure.state in {"blank", "dash"} and not entry.label and entry.code is None and panel.words:
            return None
        identity = identity_of(entry, column, panel, self._around, last_total=last_total)
        amount = None if figure.amount is None else self._amount(figure.amount, column, places)
        source = self._source(cell)
        if identity is None:
            if amount is not None:
                self._into.unplaced.append(Unplaced(amount, source, "no label"))
            return None
        times = self._seen[identity] = self._seen.get(identity, 0) + 1
        if times > 1:  # printed twice in one table under the same words: two facts that only their place keeps apart
            identity = identity.model_copy(update={"table": f"{self._around.name}#{times}"})
        label = _words_of(entry, column, identity)
        line = BudgetLine(
            id=f"t{len(self._into.lines) + 1}",
            label=label,
            identity=identity,
            amount=amount,
            state=figure.state,
            source=source,
        )
        if figure.state == "unreadable":
            self._into.remarks.append(Remark("FIG002", source, (line.id,), (("target", label),)))
        self._into.lines.append(line)
        self._of_cell[id(cell)] = line, entry.label_cell, panel
        return line

    def _amount(self, printed: Amount, column: Column, places: int) -> Amount:
        unit = printed.unit
        if unit == NUMBER:
            unit = column.unit or (self._unit if column.measure in {"amount", "change", "average"} else None) or NUMBER
        if printed.value == 0 and printed.places == 0 and places > 0:
            return Amount(printed.value, 0, unit, "exact")  # a bare 0 among figures with places: nothing at all
        return replace(printed, unit=unit)

    def _source(self, cell: Cell) -> Source:
        plain = self._text.source(cell.start, cell.end) if cell.end > cell.start else None
        return Source(
            self._text.name, cell.start, cell.end, cell.text, plain.line if plain else None, plain.column if plain else None,
            page=cell.page, sheet=self._area.grid.sheet, cell=cell.address or None, table=self._around.name,
        )  # fmt: skip


def _words_of(entry: Entry, column: Column, identity: Identity) -> str:
    """The words that name a figure to a reader: of its row, or of its column where only they name the line (小计 below 接待费)."""
    named_above = canonical_label(column.printed) == identity.label or identity.label in column.names[-1:]
    if entry.printed and not (named_above and (entry.bare or YEAR_ALONE.fullmatch(entry.label))):
        return entry.printed
    return column.printed or identity.label


def _reaching(row: Row, lists: Sequence[Panel]) -> Row:
    """A row in which the name of a total reaches as far as its figure, below a later list: 公用经费合计 | | | | | 52.00."""
    filled = list(row)
    for panel, after in pairwise(lists):
        own, names = [one.at for one in panel.columns], (*after.codes, *after.words)
        if not all(is_blank(filled[at]) for at in (*own, *names)) or len(own) != 1 or len(after.columns) != 1:
            continue
        end = after.columns[0].at
        first = next((at for at in (*panel.codes, *panel.words) if not is_blank(filled[at])), None)
        if first is None or figure_of(filled[end]).amount is None or not is_total(filled[first]):
            continue
        filled[first:end] = [filled[first]] * (end - first)
    return tuple(filled)


def _behind(entry: Entry, column: Column, panel: Panel) -> Cell | None:
    """The figure of a total whose name covers all columns of its list: it stands behind the name."""
    if entry.label_cell is None or any(entry.row[one.at] is not entry.label_cell for one in panel.columns):
        return None
    after = column.at
    while after < len(entry.row) and entry.row[after] is entry.label_cell:
        after += 1
    return entry.row[after] if after < len(entry.row) and after > column.at else None
