"""The journal of a long run: which parts are done, so that a run that was killed goes on from there and counts nothing twice.

A part is done when its outcomes are in a file of the work folder and the journal says so. Both files get their names
only when they are whole, so at any moment the folder holds the parts that the journal names and perhaps one more that it
does not, which is written again. A journal belongs to one run: other files, rules or columns cannot go on with it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from budgetaudit.errors import BudgetAuditError

_NAME: Final = "journal.json"


@dataclass
class Journal:
    """What is done of one run.

    Attributes:
        folder: Where the files of the run lie.
        run: What makes it this run and no other, as plain data.
        stage: `grouped`, `spill` or `partitions`: which way the rows are taken.
        rows: How many rows of the input are done with.
        parts: What each finished part came to, in order.
        items: All items that occurred in them.
    """

    folder: Path
    run: Mapping[str, Any]
    stage: str = "grouped"
    rows: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    items: set[str] = field(default_factory=set[str])

    @classmethod
    def open(cls, folder: Path, run: Mapping[str, Any], *, resume: bool) -> Journal:
        """The journal in a folder if the run is to go on, else a new one in an empty folder.

        Raises:
            BudgetAuditError: The folder holds a run over other files, rules or columns, or things that no run put there.
        """
        known = _read(folder / _NAME)
        if known is None:
            if folder.is_dir() and any(folder.iterdir()):
                raise BudgetAuditError(f"the work folder {folder} holds other things", hint="name an empty folder")
            folder.mkdir(parents=True, exist_ok=True)
        elif resume:
            if known["run"] != json.loads(json.dumps(run)):
                raise BudgetAuditError(
                    f"the work folder {folder} belongs to a run over other files, rules or columns",
                    hint="start it anew without resume",
                )
            return cls(folder, run, known["stage"], known["rows"], known["parts"], set(known["items"]))
        else:
            shutil.rmtree(folder)
            folder.mkdir(parents=True)
        journal = cls(folder, run)
        journal.save()
        return journal

    def save(self) -> None:
        """Write the journal; what was there before stays until the new one is whole."""
        state = {
            "run": self.run,
            "stage": self.stage,
            "rows": self.rows,
            "parts": self.parts,
            "items": sorted(self.items),
        }
        self.put(_NAME, lambda path: path.write_text(json.dumps(state), encoding="utf-8"))

    def put(self, name: str, write: Callable[[Path], object]) -> Path:
        """Write a file of the folder under another name, and give it its own when it is whole and on the disk."""
        path = self.folder / name
        unfinished = path.with_name(f"{name}.unfinished")
        write(unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        return path

    def turn(self, stage: str) -> None:
        """Take the rows another way, from the beginning."""
        for part in self.parts:
            (self.folder / part["outcomes"]).unlink(missing_ok=True)
        self.stage, self.rows, self.parts, self.items = stage, 0, [], set()
        self.save()

    def finish(self) -> None:
        """Remove the work folder."""
        shutil.rmtree(self.folder)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BudgetAuditError(
            f"{path} is no journal of a run", hint="remove it, or name another work folder"
        ) from error
    return read
