"""Budgets whose true figures are known: drawn at random, added up exactly, and printed as documents print them.

Leaves are whole numbers of the smallest unit; everything above them is added, never rounded. Then each figure is printed
by itself, to the places and in the unit of its table, so that sums miss by a unit as honest ones do. Sizes, units (yuan, ten
thousand, hundred million), places (0 to 4), depth, columns (one year or two, parts of the spending, quarters), negative
amounts, shares, growth rates, figures that stand in a second table and relations nobody states vary from draw to draw.

`planted_faults` spoils such budgets in known places.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import budgetaudit as ba

UNITS: Final[Mapping[str, int]] = {"元": 1, "万元": 10**4, "亿元": 10**8, "%": 1}


@dataclass(frozen=True)
class Cell:
    """One figure: what is true (in yuan or percent), and how it is printed."""

    true: Fraction
    places: int
    unit: str
    printed: Decimal
    row: str
    column: str

    @property
    def text(self) -> str:
        """The figure as it is printed, with its unit."""
        return f"{self.printed:f}{self.unit}"

    def showing(self, value: Fraction) -> Cell:
        """The cell with another true value printed in its place and manner."""
        return replace(self, printed=printed(value, self.places, self.unit))


def printed(value: Fraction, places: int, unit: str) -> Decimal:
    """A true value to the nearest unit of the last place, halves away from zero."""
    units = abs(value) / UNITS[unit] * 10**places
    whole = int(units + Fraction(1, 2))
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -places))


@dataclass(frozen=True)
class Drawn:
    """A budget with its relations: cells by label, rules by id, and the rows in the order of print.

    `tree` names the children of each row, `columns` the parts of each column that adds up.
    """

    cells: Mapping[str, Cell]
    rules: Mapping[str, str]
    tree: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]

    def with_cells(self, cells: Mapping[str, Cell]) -> Drawn:
        """The budget with other cells in place of those of the same label."""
        return replace(self, cells={**self.cells, **cells})

    def records(self) -> list[dict[str, Any]]:
        """What `budgetaudit.audit` takes."""
        return [{"label": label, "amount": cell.text} for label, cell in self.cells.items()]

    def audit(self) -> ba.Report:
        """The report about the figures as printed."""
        return ba.audit(self.records(), rules=dict(self.rules))


def drawn_budget(draw: random.Random, *, rows: int = 0) -> Drawn:
    """A true budget.

    Args:
        draw: Source of chance.
        rows: How many leaves there are at least; by default as many as the drawn tree has.
    """
    tree = _tree(draw, rows)
    columns = _columns(draw)
    unit = draw.choice(["元", "万元", "万元", "万元", "亿元"])
    places = draw.choice({"元": [0, 2, 2], "万元": [0, 1, 2, 2, 2, 4], "亿元": [2, 3, 4]}[unit])
    sizes = {"元": (6, 10), "万元": (8, 12), "亿元": (11, 15)}[unit]
    amounts = _amounts(draw, tree, columns, sizes, negative=draw.random() < 0.3)
    cells = {
        _label(row, column): Cell(value, places, unit, printed(value, places, unit), row, column)
        for (row, column), value in amounts.items()
    }
    rules: dict[str, str] = {}
    _add_sums(rules, tree, columns)
    ratio_places = draw.choice([1, 2, 2])
    if "last" in columns:
        _add_growth(draw, cells, rules, tree, ratio_places)
    if draw.random() < 0.6:
        _add_shares(draw, cells, rules, tree, ratio_places)
    if draw.random() < 0.5:
        _add_second_table(draw, cells, rules, unit, places)
    unstated = draw.choice([0, 0, 0, 0.15, 0.3])
    kept = {name: rule for name, rule in rules.items() if draw.random() >= unstated}
    return Drawn(cells, kept or rules, tree, columns)


def _tree(draw: random.Random, rows: int) -> dict[str, tuple[str, ...]]:
    groups = draw.randint(2, 6)
    deep = draw.random() < 0.7
    each = max(2, -(-rows // groups)) if rows else 0
    tree = {"total": tuple(f"g{number}" for number in range(1, groups + 1))}
    if deep or rows:
        for group in tree["total"]:
            leaves = each or draw.randint(2, 6)
            tree[group] = tuple(f"{group}.{number}" for number in range(1, leaves + 1))
    return tree


def _columns(draw: random.Random) -> dict[str, tuple[str, ...]]:
    """Columns that add up, with their parts; those of other years stand by themselves."""
    columns: dict[str, tuple[str, ...]] = {"now": ()}
    kind = draw.random()
    if kind < 0.35:
        columns["now"] = ("basic", "project")
    elif kind < 0.45:
        columns["now"] = ("q1", "q2", "q3", "q4")
    if draw.random() < 0.6:
        columns["last"] = ()
    return columns


def _amounts(
    draw: random.Random, tree: Mapping[str, tuple[str, ...]], columns: Mapping[str, tuple[str, ...]],
    sizes: tuple[int, int], *, negative: bool,
) -> dict[tuple[str, str], Fraction]:  # fmt: skip
    """All true values, in yuan; what the columns do not print by itself is not in the answer."""
    leaves = [child for children in tree.values() for child in children if child not in tree]
    rows = ["total", *(row for group in tree["total"] for row in (group, *tree.get(group, ())))]
    amounts: dict[tuple[str, str], Fraction] = {}
    for column, parts in columns.items():
        for part in parts or (column,):
            for leaf in leaves:
                low, high = sizes
                cents = int(10 ** draw.uniform(low, high))
                sign = -1 if negative and draw.random() < 0.1 else 1
                amounts[leaf, part] = Fraction(sign * cents, 100)
        for leaf in leaves:
            if parts:
                amounts[leaf, column] = sum((amounts[leaf, part] for part in parts), Fraction(0))
    for column in dict.fromkeys(column for _, column in amounts):
        for row in (*tree["total"], "total"):
            if row in tree:
                amounts[row, column] = sum((amounts[child, column] for child in tree[row]), Fraction(0))
    order = {row: number for number, row in enumerate(rows)}
    return dict(sorted(amounts.items(), key=lambda entry: order[entry[0][0]]))


def _label(row: str, column: str) -> str:
    return f"{row} {column}"


def _quoted(row: str, column: str) -> str:
    return f'"{_label(row, column)}"'


def _add_sums(
    rules: dict[str, str], tree: Mapping[str, tuple[str, ...]], columns: Mapping[str, tuple[str, ...]]
) -> None:
    printed_columns = [name for column, parts in columns.items() for name in (column, *parts)]
    for column in printed_columns:
        for row, children in tree.items():
            rules[f"sum/{row}/{column}"] = (
                f"{_quoted(row, column)} = {' + '.join(_quoted(child, column) for child in children)}"
            )
    rows = [*tree, *(child for children in tree.values() for child in children if child not in tree)]
    for column, parts in columns.items():
        for row in rows:
            if parts:
                rules[f"across/{row}/{column}"] = (
                    f"{_quoted(row, column)} = {' + '.join(_quoted(row, part) for part in parts)}"
                )


def _add_growth(
    draw: random.Random, cells: dict[str, Cell], rules: dict[str, str], tree: Mapping[str, tuple[str, ...]], places: int
) -> None:
    often = draw.choice([0.4, 1.0])
    for row in (*tree, *(child for children in tree.values() for child in children if child not in tree)):
        now, last = cells[_label(row, "now")], cells[_label(row, "last")]
        if draw.random() < often and last.printed > 0:
            rate = 100 * (now.true - last.true) / last.true
            cells[_label(row, "growth")] = Cell(rate, places, "%", printed(rate, places, "%"), row, "growth")
            rules[f"growth/{row}"] = (
                f"{_quoted(row, 'growth')}% = ({_quoted(row, 'now')} - {_quoted(row, 'last')}) / {_quoted(row, 'last')}"
            )


def _add_shares(
    draw: random.Random, cells: dict[str, Cell], rules: dict[str, str], tree: Mapping[str, tuple[str, ...]], places: int
) -> None:
    whole = cells[_label("total", "now")]
    if whole.printed <= 0:
        return
    for row in tree["total"]:
        part = cells[_label(row, "now")]
        share = 100 * part.true / whole.true
        cells[_label(row, "share")] = Cell(share, places, "%", printed(share, places, "%"), row, "share")
        rules[f"share/{row}"] = f"{_quoted(row, 'share')}% = {_quoted(row, 'now')} / {_quoted('total', 'now')}"
    if draw.random() < 0.5:
        rules["shares"] = f"{' + '.join(_quoted(row, 'share') for row in tree['total'])} = 100"


def _add_second_table(
    draw: random.Random, cells: dict[str, Cell], rules: dict[str, str], unit: str, places: int
) -> None:
    """Figures that another table prints again, there in the same manner or to other places."""
    there = draw.choice([places, places, max(places - 1, 0)])
    chosen = [label for label, cell in cells.items() if cell.column == "now" and draw.random() < 0.6]
    for label in chosen:
        cell = cells[label]
        cells[f"{cell.row} again"] = Cell(cell.true, there, unit, printed(cell.true, there, unit), cell.row, "again")
        rules[f"again/{cell.row}"] = f"{_quoted(cell.row, 'again')} = {_quoted(cell.row, 'now')}"
    rows = {cells[label].row for label in chosen}
    if {"total", "g1", "g2"} <= rows and all(f"{row} again" in cells for row in _groups(cells)):
        rules["sum/total/again"] = (
            f"{_quoted('total', 'again')} = {' + '.join(_quoted(row, 'again') for row in _groups(cells))}"
        )


def _groups(cells: Mapping[str, Cell]) -> list[str]:
    return list(dict.fromkeys(cell.row for cell in cells.values() if cell.row.startswith("g") and "." not in cell.row))
