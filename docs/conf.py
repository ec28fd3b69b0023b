"""Sphinx configuration. Pages are MyST Markdown; lists of kinds, rules and options are made from the code at each build."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generated import write_generated_pages  # noqa: E402  (found through the line above)

project = "budgetaudit"
author = "the budgetaudit contributors"
copyright = author
version = release = installed_version("budgetaudit")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
nitpicky = (
    False  # annotations name classes of pydantic and the standard library, whose indexes a build must not download
)

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the notebook is kept with its outputs; tests/docs/test_notebook.py runs and compares it
nb_render_markdown_format = "myst"

autodoc_default_options = {"members": True, "member-order": "bysource", "exclude-members": "model_config"}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = f"budgetaudit {version}"
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Write what is made from the code, and name the languages of our own blocks."""
    write_generated_pages(HERE / "_build" / "generated")
    (HERE / "tutorial").mkdir(exist_ok=True)  # holds nothing else, so that a clone does not have it
    for name in ("first-audit.ipynb", "county-report.txt"):  # the notebook links to the report it audits
        shutil.copyfile(HERE.parent / "examples" / name, HERE / "tutorial" / name)
    for language in ("budget", "report", "findings", "workbook"):
        app.add_lexer(language, TextLexer)
