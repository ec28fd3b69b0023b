"""What importing the package and asking the command line for help load: next to nothing.

A notebook waits once; a command that completes a word, or a service that starts often, waits every time. Modules are
counted in a fresh interpreter, because nothing here is seen by one that has them already.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import budgetaudit as ba

# What only some users have, or only some calls need.
HEAVY = {
    "numpy", "pandas", "polars", "pyarrow", "narwhals", "hypothesis", "pytest", "lxml", "openpyxl", "python_calamine",
    "xlsxwriter", "pdfplumber", "duckdb", "sqlglot", "pyspark", "highspy", "IPython",
}  # fmt: skip


def loaded(code: str) -> set[str]:
    """The top-level modules, and our own modules, that running some code loads."""
    report = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True, encoding="utf-8")
    names = json.loads(done.stdout.splitlines()[-1])
    return {name if name.startswith("budgetaudit") else name.partition(".")[0] for name in names}


def test_importing_the_package_loads_nothing_but_itself() -> None:
    names = loaded("import budgetaudit")
    assert {name for name in names if name.startswith("budgetaudit")} == {"budgetaudit"}
    assert not names & {*HEAVY, "pydantic", "babel", "opencc", "decimal", "fractions", "argparse"}


def test_help_loads_neither_pydantic_nor_babel() -> None:
    names = loaded(
        "from budgetaudit.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
    )
    assert not names & {*HEAVY, "pydantic", "babel", "opencc", "decimal"}


def test_an_audit_of_a_dict_loads_the_core_dependencies_only() -> None:
    names = loaded("import budgetaudit as ba\nba.audit({'a': '1', 'b': '2'}, rules=['a = b'])")
    assert "pydantic" in names
    assert not names & HEAVY


def test_reading_a_text_loads_the_core_dependencies_only() -> None:
    names = loaded("import budgetaudit as ba\nrepr(ba.audit(ba.read('基本支出246.79万元'.encode())))")
    assert not names & HEAVY


@pytest.mark.parametrize("name", ba.__all__)
def test_every_public_name_is_there_and_stays_the_same(name: str) -> None:
    assert getattr(ba, name) is getattr(ba, name)
    assert name in dir(ba)


def test_a_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'audti'"):
        ba.audti  # noqa: B018


@pytest.mark.parametrize(
    "first",
    [
        "import budgetaudit.audit, budgetaudit.read.text",
        "from budgetaudit.cli.check import run",
        "from budgetaudit.audit import audit\nfrom budgetaudit.read import read",
        "import budgetaudit\nbudgetaudit.audit, budgetaudit.read",
    ],
)
def test_audit_and_read_are_functions_whoever_imported_their_modules_first(first: str) -> None:
    loaded(
        f"{first}\nimport budgetaudit as ba\nimport inspect\n"
        "assert inspect.isfunction(ba.audit) and inspect.isfunction(ba.read)\n"
        "from budgetaudit.read.text import __name__ as name\nassert name == 'budgetaudit.read.text'\n"
        "assert sys.modules['budgetaudit.audit'].audit is ba.audit\n"
    )


def test_the_names_can_be_pickled_and_documented() -> None:
    import pickle
    import pydoc

    assert pickle.loads(pickle.dumps(ba.audit)) is ba.audit
    assert "audit" in pydoc.plain(pydoc.render_doc(ba))
