"""The reference is complete: every kind has its page under its name, every public name stands in the API page, and what
is made from the code at each build names every rule and every command."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

import budgetaudit as ba
from budgetaudit.findings.kinds import KINDS
from budgetaudit.rules.pack import load_pack, packs_here

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {page.stem: page for page in sorted((DOCS / "kinds").glob("[A-Z]*.md"))}


def test_every_kind_has_a_page_and_every_page_a_kind() -> None:
    assert PAGES.keys() == KINDS.keys()


@pytest.mark.parametrize("code", PAGES)
def test_the_page_is_headed_by_code_and_name(code: str) -> None:
    title = PAGES[code].read_text(encoding="utf-8").splitlines()[0]
    assert title == f"# {code} {KINDS[code].name}"


def test_the_api_page_lists_exactly_the_public_names() -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\.\. auto\w+:: budgetaudit\.(\w+)$", page, re.MULTILINE)
    assert sorted(listed) == sorted(name for name in ba.__all__ if name != "__version__")


def test_made_pages_hold_every_kind_rule_and_command(tmp_path: Path) -> None:
    runpy.run_path(str(DOCS / "generated.py"))["write_generated_pages"](tmp_path)
    kinds, rules, cli = ((tmp_path / f"{name}.md").read_text(encoding="utf-8") for name in ("kinds", "rules", "cli"))
    assert re.findall(r"^\| \[(\w+)\]", kinds, re.MULTILINE) == list(KINDS)
    assert re.findall(r"^### (\S+)", rules, re.MULTILINE) == [
        rule.id for pack in packs_here() for rule in load_pack(pack).rules
    ]
    assert re.findall(r"^## (.+)", cli, re.MULTILINE) == [
        "budgetaudit", "budgetaudit check", "budgetaudit annotate", "budgetaudit rules", "budgetaudit explain",
    ]  # fmt: skip


def test_modules_of_reading_import_only_from_rows_above_their_own() -> None:
    page = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rows = [re.findall(r"(\w+)\.py", row) for row in re.findall(r"^\| (`(?:read|prose)/[^|]+)\|", page, re.MULTILINE)]
    order = {module: number for number, row in enumerate(rows) for module in row}
    prose = DOCS.parent / "src" / "budgetaudit" / "read" / "prose"
    modules = {path.stem: path.read_text(encoding="utf-8") for path in prose.glob("[a-z]*.py")}
    assert modules.keys() <= order.keys(), "a module that the page does not name"
    imported = {
        (module, other)
        for module, code in modules.items()
        for other in re.findall(r"^from budgetaudit\.read\.prose(?: import |\.)(\w+)", code, re.MULTILINE)
    }
    assert [pair for pair in sorted(imported) if order[pair[1]] >= order[pair[0]]] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]:
        if "_build" in page.parts:
            continue
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            made = target.endswith("first-audit.ipynb")  # copied into docs/tutorial when the pages are built
            if not made and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(DOCS.parent)}: {target}")
    assert broken == []
