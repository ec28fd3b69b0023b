"""Build the wheel, install it into an empty environment, and audit the example there, far from the sources.

What is forgotten in a wheel (packs, code lists, compiled catalogues, the schema, `py.typed`) is only missed where there is
no source tree to find it in. Only core dependencies are installed, so this also shows that they suffice. Run by
`make wheel`; not collected by pytest, because it needs a package index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "budgetaudit"
WORDS = {"en": "its 4 parts add up to", "zh_Hans": "4项组成", "zh_Hant": "4項組成"}
EXPLAINED = {
    "en": "No defect where", "zh_Hans": "所列明细只是合计的一部分时", "zh_Hant": "所列細項只是合計的一部分時",
}  # fmt: skip
# Figures, code lists and packs come from files that no import finds.
PROGRAM = """
import budgetaudit, json, pathlib
from budgetaudit.show.json import report_schema
report = budgetaudit.audit({"total": "9.00", "a": "4.00", "b": "5.00"}, rules=["total = a + b"])
print(json.dumps({
    "home": str(pathlib.Path(budgetaudit.__file__).parent),
    "schema": report_schema()["$id"],
    "exact": report.counts["exact"],
    "html": report._repr_html_()[:4],
}))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run without this checkout's settings; return what it printed."""
    dropped = {"PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "LC_MESSAGES"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(
            f"{' '.join(map(str, command))}\nexit {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        )
    return done.stdout.decode()


def contents(wheel: Path) -> set[str]:
    """What the wheel holds; complains about what it lacks and about what does not belong there."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    kept = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    compiled = {name.removesuffix(".po") + ".mo" for name in kept if name.endswith(".po")}
    if len(compiled) != len(WORDS):
        sys.exit(f"catalogues of {len(compiled)} languages, not {len(WORDS)}")
    if lacking := sorted((kept | compiled) - names):
        sys.exit(f"the wheel lacks {', '.join(lacking)}")
    if strange := sorted(name for name in names if not name.startswith("budgetaudit/")):
        sys.exit(f"the wheel should not hold {', '.join(strange)}")
    return names


def main() -> None:
    """Build, install, audit, compare."""
    with tempfile.TemporaryDirectory() as folder:
        away = Path(folder)
        run(sys.executable, "-m", "build", "--outdir", away, ROOT, cwd=away)  # the wheel is built from the sdist
        (wheel,) = away.glob("*.whl")
        names = contents(wheel)

        run(sys.executable, "-m", "venv", away / "env", cwd=away)
        scripts = away / "env" / ("Scripts" if os.name == "nt" else "bin")
        run(scripts / "python", "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, cwd=away)
        shutil.copy(ROOT / "examples" / "county-report.txt", away)

        seen = json.loads(run(scripts / "python", "-c", PROGRAM, cwd=away))
        assert Path(seen["home"]).is_relative_to(away), seen
        assert (seen["schema"], seen["exact"], seen["html"]) == ("urn:budgetaudit:report:1", 1, "<div"), seen

        report = json.loads(run(scripts / "budgetaudit", "check", "county-report.txt", "--format", "json", cwd=away))
        sums = [outcome for outcome in report["outcomes"] if outcome["likelihood"]["rounding"] == "1/192"]
        assert [outcome["gap"] for outcome in sums] == ["0.02"], report["outcomes"]
        assert [pack["name"] for pack in report["packs"]] == ["cn"], report["packs"]
        for locale, words in WORDS.items():
            text = run(scripts / "budgetaudit", "check", "county-report.txt", "--locale", locale, cwd=away)
            assert words in text, f"{locale}: {text}"
            page = run(scripts / "budgetaudit", "explain", "SUM001", "--locale", locale, cwd=away)
            assert EXPLAINED[locale] in page, f"{locale}: {page}"
        assert "cn/basic-spending" in run(scripts / "python", "-m", "budgetaudit", "rules", cwd=away)
        print(f"{wheel.name}: {len(names)} files, audits the example in an empty environment in {len(WORDS)} languages")


if __name__ == "__main__":
    main()
