"""Planted errors in published documents: how many changed digits are reported, how many figures stand in no relation.

`python benchmarks/planted_errors.py FOLDER [MOST]` tries at most so many figures of each PDF in a folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import budgetaudit as ba
from budgetaudit.read.pdf import read_pdf
from budgetaudit.read.whole import budget_of
from planted import in_relations, planted


def main(folder: str, most: int = 40) -> None:
    """Print one row for each document, and the sum."""
    tried = reported = 0
    for path in sorted(Path(folder).glob("*.pdf")):
        material = read_pdf(path.read_bytes(), name=path.name)
        budget = budget_of(material, name=path.name)
        of_tables = [line for line in budget if line.source and line.source.table and line.amount and line.amount.value]
        if not of_tables:
            continue
        held = len(in_relations(ba.audit(budget)))
        found = list(planted(material, name=path.name, most=most, draw=Random(1)))
        tried, reported = tried + len(found), reported + sum(one.reported for one in found)
        missed = [(one.label, one.printed, one.changed) for one in found if not one.reported]
        print(
            f"{path.name:<44} {held:>4} of {len(of_tables):>4} figures in relations, {len(found) - len(missed)} of {len(found)} reported",
            missed,
        )
    print(f"{reported} of {tried} changed digits reported")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
