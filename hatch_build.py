"""Build hook: compile the message catalogues (.po, kept in git) to .mo files (not kept) whenever the package is built.

It runs for wheels and for editable installs alike, so an installed budgetaudit always speaks its three languages and
needs only the standard library's gettext at run time. Extracting and merging messages is not its business: that is
`make catalogues`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every catalogue before the files of a build are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (hatchling's signature)
        """Write each .mo beside its .po; git ignores them, so they are named as artifacts."""
        sys.path.insert(0, self.root)  # a build runs elsewhere
        from catalogues import LOCALES, catalogue_file, compiled

        for locale in LOCALES:
            compiled(catalogue_file(locale, Path(self.root)))
        build_data["artifacts"].append("src/budgetaudit/locales/**/*.mo")
