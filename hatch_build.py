"""Build hook: compile the message catalogues (.po, kept in git) to .mo files (not kept) whenever the package is built.

It runs for wheels and for editable installs alike, so an installed budgetaudit always speaks its three languages and
needs only the standard library's gettext at run time. Extracting and merging messages is not its business: that is
`make catalogues`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path("src/budgetaudit/locales")


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every catalogue before the files of a build are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write each .mo beside its .po; git ignores them, so they are named as artifacts."""
        for po in sorted((Path(self.root) / LOCALES).rglob("*.po")):
            with po.open("rb") as source:
                catalogue = read_po(source, locale=po.parents[1].name)
            with po.with_suffix(".mo").open("wb") as target:
                write_mo(target, catalogue)
        build_data["artifacts"].append(f"{LOCALES.as_posix()}/**/*.mo")
