"""Faults planted in drawn budgets: one slip of a known kind in known figures, or two of them.

Each fault changes what is printed and nothing that is true. `codes` are the causes that name it rightly: where two names
say the same of the figures (a subtotal counted beside its parts is that subtotal counted twice), either is right.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from true_budgets import UNITS, Cell, Drawn


@dataclass(frozen=True)
class Planted:
    """A spoilt budget: which fault, where, and which causes name it rightly; the figures that differ from honest print."""

    fault: str
    codes: frozenset[str]
    cells: frozenset[str]
    budget: Drawn
    honest: Mapping[str, Cell]


Fault = Callable[[random.Random, Drawn], Mapping[str, Cell] | None]


def planted(fault: str, draw: random.Random, budget: Drawn) -> Planted | None:
    """A budget with one fault; None where it cannot be made in this budget, or changes nothing."""
    make, codes = FAULTS[fault]
    changed = make(draw, budget)
    if changed is None:
        return None
    differing = {label: cell for label, cell in changed.items() if cell.printed != budget.cells[label].printed}
    if not differing:
        return None
    honest = {label: budget.cells[label] for label in differing}
    stated = " ".join(budget.rules.values())
    seen = frozenset(label for label in differing if f'"{label}"' in stated)  # nobody can say anything about the others
    return Planted(fault, frozenset(codes), seen, budget.with_cells(differing), honest) if seen else None


def planted_pair(draw: random.Random, budget: Drawn) -> tuple[Planted, Planted] | None:
    """A budget with two independent slips in two figures."""
    first = planted(draw.choice(PAIRED), draw, budget)
    if first is None:
        return None
    second = planted(draw.choice(PAIRED), draw, first.budget)
    if second is None or not second.cells.isdisjoint(first.cells):
        return None
    return first, second


def _amounts(budget: Drawn) -> list[str]:
    """Amounts of two digits and more that stand in some relation."""
    text = " ".join(budget.rules.values())
    return [
        label
        for label, cell in budget.cells.items()
        if cell.unit != "%" and len(cell.printed.as_tuple().digits) > 2 and f'"{label}"' in text
    ]


def _one(draw: random.Random, budget: Drawn) -> tuple[str, Cell] | None:
    labels = _amounts(budget)
    if not labels:
        return None
    label = draw.choice(labels)
    return label, budget.cells[label]


def _digits(cell: Cell) -> str:
    return "".join(map(str, cell.printed.as_tuple().digits))


def _with_digits(cell: Cell, digits: str) -> Cell | None:
    if not digits or digits[0] == "0":
        return None
    sign = cell.printed.as_tuple().sign
    return replace(cell, printed=Decimal((sign, tuple(map(int, digits)), -cell.places)))


def _spoilt(edit: Callable[[random.Random, str], str | None]) -> Fault:
    def make(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
        found = _one(draw, budget)
        if found is None:
            return None
        label, cell = found
        digits = edit(draw, _digits(cell))
        changed = None if digits is None else _with_digits(cell, digits)
        return None if changed is None else {label: changed}

    return make


def _replace_digit(draw: random.Random, digits: str) -> str:
    place = draw.randrange(len(digits))
    return (
        digits[:place] + draw.choice([digit for digit in "0123456789" if digit != digits[place]]) + digits[place + 1 :]
    )


def _insert_digit(draw: random.Random, digits: str) -> str | None:
    place = draw.randrange(1, len(digits))
    digit = draw.choice("0123456789")
    return None if digit in digits[place - 1 : place + 1] else digits[:place] + digit + digits[place:]


def _double_digit(draw: random.Random, digits: str) -> str | None:
    place = draw.randrange(len(digits) - 1)
    if not digits[place:].strip("0"):
        return None  # zeros too many at the end are a moved point
    return digits[: place + 1] + digits[place] + digits[place + 1 :]


def _lose_digit(draw: random.Random, digits: str) -> str:
    place = draw.randrange(len(digits) - 1)
    return digits[:place] + digits[place + 1 :]


def _swap_digits(draw: random.Random, digits: str) -> str | None:
    places = [place for place in range(len(digits) - 1) if digits[place] != digits[place + 1]]
    if not places:
        return None
    place = draw.choice(places)
    return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


def _scaled(factors: tuple[Fraction, ...]) -> Fault:
    def make(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
        found = _one(draw, budget)
        if found is None:
            return None
        label, cell = found
        changed = cell.showing(Fraction(cell.printed) * UNITS[cell.unit] * draw.choice(factors))
        return {label: changed} if len(changed.printed.as_tuple().digits) > 1 else None

    return make


def _separator(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """A comma between thousands taken for the decimal point, or the decimal point for a comma between digits."""
    found = _one(draw, budget)
    if found is None:
        return None
    label, cell = found
    sign, digits, _ = cell.printed.as_tuple()
    if cell.places >= 2:
        places = 0
    elif cell.places == 0 and len(digits) > 3:
        places = 3
    else:
        return None
    return {label: replace(cell, places=places, printed=Decimal((sign, digits, -places)))}


def _sign(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    found = _one(draw, budget)
    return None if found is None else {found[0]: replace(found[1], printed=-found[1].printed)}


def _unit_of_table(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """The second table, or the other year, in another unit than its heading says."""
    column = draw.choice(["again", "last"])
    cells = {label: cell for label, cell in budget.cells.items() if cell.column == column}
    factor = draw.choice([Fraction(10), Fraction(1000), Fraction(10**4), Fraction(1, 10**4), Fraction(10**8)])
    spoilt = {label: cell.showing(cell.true * factor) for label, cell in cells.items()}
    usable = len(cells) > 1 and all(abs(cell.printed.as_tuple().exponent) < 9 for cell in spoilt.values())
    return spoilt if usable and all(len(cell.printed.as_tuple().digits) > 2 for cell in spoilt.values()) else None


def _a_sum(draw: random.Random, budget: Drawn) -> tuple[str, list[str]] | None:
    """A stated total and its parts."""
    sums = [
        (f"{row} {column}", [f"{child} {column}" for child in children])
        for row, children in budget.tree.items()
        for column in dict.fromkeys(cell.column for cell in budget.cells.values() if cell.row == row)
        if f"sum/{row}/{column}" in budget.rules
    ]
    return draw.choice(sums) if sums else None


def _total_off_by(sign: int) -> Fault:
    def make(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
        found = _a_sum(draw, budget)
        if found is None:
            return None
        total, parts = found
        part = draw.choice(parts)
        return {total: budget.cells[total].showing(budget.cells[total].true + sign * budget.cells[part].true)}

    return make


def _all_rows_added(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """Subtotals and what is below them, added as if they were all alike."""
    columns = [name for name in ("now", "last") if f"sum/total/{name}" in budget.rules]
    if not columns or len(budget.tree) < 2:
        return None
    column = draw.choice(columns)
    total = budget.cells[f"total {column}"]
    return {f"total {column}": total.showing(2 * total.true)}


def _cumulative(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """One quarter, or every quarter of a row, since the beginning of the year."""
    parts = budget.columns.get("now", ())
    rows = [
        row for row in dict.fromkeys(cell.row for cell in budget.cells.values()) if f"across/{row}/now" in budget.rules
    ]
    if len(parts) != 4 or not rows:
        return None
    row = draw.choice(rows)
    chosen = range(1, 4) if draw.random() < 0.5 else [draw.randrange(1, 4)]
    changed: dict[str, Cell] = {}
    for place in chosen:
        so_far = sum((budget.cells[f"{row} {part}"].true for part in parts[: place + 1]), Fraction(0))
        changed[f"{row} {parts[place]}"] = budget.cells[f"{row} {parts[place]}"].showing(so_far)
    return changed


def _gap_is_a_figure(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    found = _a_sum(draw, budget)
    if found is None:
        return None
    total, parts = found
    rows = {budget.cells[label].row for label in (total, *parts)}
    others = [label for label in _amounts(budget) if budget.cells[label].row not in rows]
    if not others:
        return None
    other = budget.cells[draw.choice(others)]
    return {total: budget.cells[total].showing(budget.cells[total].true + other.true)}


def _of_another(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """The figure of the next row or of another column printed in place of one's own."""
    found = _one(draw, budget)
    if found is None:
        return None
    label, cell = found
    same_row = [
        other
        for other in _amounts(budget)
        if budget.cells[other].row == cell.row and budget.cells[other].column != "again"
    ]
    same_column = [other for other in _amounts(budget) if budget.cells[other].column == cell.column]
    choices = [other for other in draw.choice([same_row, same_column]) if other != label]
    return (
        {label: replace(cell, printed=budget.cells[draw.choice(choices)].printed)}
        if choices and cell.column != "again"
        else None
    )


def _interchanged(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    found = _one(draw, budget)
    if found is None:
        return None
    label, cell = found
    others = [
        other for other in _amounts(budget)
        if other != label and budget.cells[other].places == cell.places and "again" not in {budget.cells[other].column, cell.column}
        and (budget.cells[other].row == cell.row or budget.cells[other].column == cell.column)
    ]  # fmt: skip
    if not others:
        return None
    other = draw.choice(others)
    return {
        label: replace(cell, printed=budget.cells[other].printed),
        other: replace(budget.cells[other], printed=cell.printed),
    }


def _opposite(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """A round amount moved from one part of a sum to another."""
    found = _a_sum(draw, budget)
    if found is None or len(found[1]) < 2:
        return None
    one, other = (budget.cells[label] for label in draw.sample(found[1], 2))
    size = min(abs(one.printed), abs(other.printed))
    if size.adjusted() + one.places < 2:
        return None
    moved = Fraction(10) ** (size.adjusted() - draw.randint(0, 1)) * draw.randint(1, 5) * UNITS[one.unit]
    return {
        f"{one.row} {one.column}": one.showing(Fraction(one.printed) * UNITS[one.unit] + moved),
        f"{other.row} {other.column}": other.showing(Fraction(other.printed) * UNITS[one.unit] - moved),
    }


def _parent_copied(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    found = _a_sum(draw, budget)
    if found is None:
        return None
    total, parts = found
    child = draw.choice(parts)
    return {child: replace(budget.cells[child], printed=budget.cells[total].printed)}


def _row_shift(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """The parts of one sum a row or two further down or up; what the move leaves empty is zero."""
    found = _a_sum(draw, budget)
    if found is None or len(found[1]) < 4:
        return None
    parts, by = found[1], draw.choice([1, 1, -1, 2])
    changed: dict[str, Cell] = {}
    for place, label in enumerate(parts):
        cell, source = budget.cells[label], place - by
        value = budget.cells[parts[source]].printed if 0 <= source < len(parts) else Decimal((0, (0,), -cell.places))
        changed[label] = replace(cell, printed=value)
    return changed


def _rotated(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    found = _a_sum(draw, budget)
    if found is None or len(found[1]) < 3:
        return None
    three = draw.sample(found[1], 3)
    return {
        label: replace(budget.cells[label], printed=budget.cells[three[place - 1]].printed)
        for place, label in enumerate(three)
    }


def _ratio(column: str, wrong: Callable[[random.Random, Drawn, Cell], Fraction | None]) -> Fault:
    def make(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
        stated = [
            label for label, cell in budget.cells.items()
            if cell.column == column and f"{column}/{cell.row}" in budget.rules
        ]  # fmt: skip
        if not stated:
            return None
        label = draw.choice(stated)
        value = wrong(draw, budget, budget.cells[label])
        spoilt = None if value is None else budget.cells[label].showing(value)
        return {label: spoilt} if spoilt is not None and spoilt.printed else None

    return make


def _cut(_draw: random.Random, _budget: Drawn, cell: Cell) -> Fraction:
    units = abs(cell.true) * 10**cell.places
    cut = Fraction(int(units), 10**cell.places)
    return cut if cell.true >= 0 else -cut


def _of_other_whole(draw: random.Random, budget: Drawn, cell: Cell) -> Fraction | None:
    part = budget.cells[f"{cell.row} now"].true
    wholes = [
        other.true for label, other in budget.cells.items()
        if other.unit != "%" and other.row == "total" and other.column not in {"now", "again"} and other.true > 0
    ]  # fmt: skip
    return 100 * part / draw.choice(wholes) if wholes else None


def _by_current(_draw: random.Random, budget: Drawn, cell: Cell) -> Fraction | None:
    now, last = budget.cells[f"{cell.row} now"].true, budget.cells[f"{cell.row} last"].true
    return 100 * (now - last) / now if now > 0 else None


def _zero_base(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """A growth of 100 % on a base that is printed as zero."""
    rows = [
        cell.row for cell in budget.cells.values()
        if cell.column == "growth" and f"growth/{cell.row}" in budget.rules and cell.row not in budget.tree
        and f"sum/{_parent(cell.row, budget)}/last" not in budget.rules
    ]  # fmt: skip
    if not rows:
        return None
    row = draw.choice(rows)
    base, rate = budget.cells[f"{row} last"], budget.cells[f"{row} growth"]
    return {f"{row} last": base.showing(Fraction(0)), f"{row} growth": rate.showing(Fraction(100))}


def _parent(row: str, budget: Drawn) -> str:
    return next(parent for parent, children in budget.tree.items() if row in children)


def _plugged(draw: random.Random, budget: Drawn) -> Mapping[str, Cell] | None:
    """The largest or the last share made to fit, where honest ones do not add up to 100."""
    shares = [label for label, cell in budget.cells.items() if cell.column == "share"]
    rules = [f"share/{budget.cells[label].row}" for label in shares]
    if not shares or "shares" not in budget.rules or any(rule not in budget.rules for rule in rules):
        return None
    short = Decimal(100) - sum((budget.cells[label].printed for label in shares), Decimal(0))
    if short == 0:
        return None
    label = draw.choice([shares[-1], max(shares, key=lambda label: budget.cells[label].printed)])
    return {label: replace(budget.cells[label], printed=budget.cells[label].printed + short)}


FAULTS: Final[Mapping[str, tuple[Fault, frozenset[str]]]] = {
    "digit-replaced": (_spoilt(_replace_digit), frozenset({"digit-replaced"})),
    "inserted-digit": (_spoilt(_insert_digit), frozenset({"inserted-digit"})),
    "doubled-digit": (_spoilt(_double_digit), frozenset({"doubled-digit", "inserted-digit"})),
    "lost-digit": (_spoilt(_lose_digit), frozenset({"lost-digit"})),
    "digits-transposed": (_spoilt(_swap_digits), frozenset({"digits-transposed"})),
    "decimal-shift": (_scaled((Fraction(10), Fraction(1, 10), Fraction(100))), frozenset({"decimal-shift"})),
    "separator-misread": (_separator, frozenset({"separator-misread"})),
    "sign-reversed": (_sign, frozenset({"sign-reversed"})),
    "unit-mix-up": (
        _scaled((Fraction(1000), Fraction(10**4), Fraction(10**8), Fraction(1, 1000), Fraction(1, 10**4))),
        frozenset({"unit-mix-up"}),
    ),
    "unit-of-table": (_unit_of_table, frozenset({"unit-of-table"})),
    "omitted-part": (_total_off_by(-1), frozenset({"omitted-part"})),
    "counted-twice": (_total_off_by(1), frozenset({"counted-twice", "parent-beside-children"})),
    "parent-beside-children": (_all_rows_added, frozenset({"parent-beside-children"})),
    "cumulative-value": (_cumulative, frozenset({"cumulative-value"})),
    "another-figure": (_gap_is_a_figure, frozenset({"another-figure", "parent-beside-children"})),
    "value-of-another": (_of_another, frozenset({"value-of-another", "parent-copied"})),
    "interchanged-pair": (_interchanged, frozenset({"interchanged-pair"})),
    "opposite-pair": (_opposite, frozenset({"opposite-pair"})),
    "parent-copied": (_parent_copied, frozenset({"parent-copied"})),
    "row-shift": (_row_shift, frozenset({"row-shift"})),
    "figures-rotated": (_rotated, frozenset({"figures-rotated"})),
    "truncated-percent": (_ratio("share", _cut), frozenset({"truncated-percent"})),
    "wrong-denominator": (_ratio("share", _of_other_whole), frozenset({"wrong-denominator"})),
    "divided-by-current-year": (_ratio("growth", _by_current), frozenset({"divided-by-current-year"})),
    "ratio-as-growth": (_ratio("growth", lambda _d, _b, cell: cell.true + 100), frozenset({"ratio-as-growth"})),
    "fraction-as-percent": (_ratio("share", lambda _d, _b, cell: cell.true / 100), frozenset({"fraction-as-percent"})),
    "plug-share": (_plugged, frozenset({"plug-share"})),
    "zero-base": (_zero_base, frozenset({"zero-base"})),
}  # fmt: skip
PAIRED: Final = ("digit-replaced", "lost-digit", "digits-transposed", "sign-reversed", "unit-mix-up", "decimal-shift")
