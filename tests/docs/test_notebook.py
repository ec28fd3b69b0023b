"""The notebook examples/first-audit.ipynb runs, and its stored outputs are what it prints now.

It is kept with its outputs because it is read on code hosts more often than it is run. `BUDGETAUDIT_REWRITE=1` stores
what the cells print now. Outputs carry no times and no paths, so that a diff shows what changed for a reader.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from fences import REWRITE

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "first-audit.ipynb"


def test_the_notebook_prints_what_is_stored(tmp_path: Path) -> None:
    stored = nbformat.read(NOTEBOOK, as_version=4)
    fresh = nbformat.from_dict(stored)
    resources = {"metadata": {"path": NOTEBOOK.parent}}
    NotebookClient(fresh, timeout=120, record_timing=False, resources=resources).execute()
    for cell in fresh.cells:
        cell.metadata.clear()
    fresh.metadata = stored.metadata
    if REWRITE:
        nbformat.validate(fresh)
        nbformat.write(fresh, NOTEBOOK)
    else:
        assert [_printed(cell) for cell in fresh.cells] == [_printed(cell) for cell in stored.cells]


def _printed(cell: Any) -> list[tuple[str, dict[str, str]]]:
    """The outputs of a cell, apart from counters and from the HTML of other libraries' frames."""
    return [
        (output.output_type, {"text": output.text} if output.output_type == "stream" else _data(output.data))
        for output in cell.get("outputs", [])
    ]


def _data(data: dict[str, str]) -> dict[str, str]:
    theirs = "dataframe" in data.get("text/html", "")
    return {kind: text for kind, text in data.items() if not (theirs and kind == "text/html")}
