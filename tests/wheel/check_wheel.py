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
WANTED = (
    "budgetaudit/py.typed",
    "budgetaudit/rules/packs/cn.toml",
    "budgetaudit/show/report.schema.json",
    *(f"budgetaudit/locales/{locale}/LC_MESSAGES/budgetaudit.mo" for locale in ("zh_Hans", "zh_Hant")),
)
WORDS = {"en": "its 4 parts add up to", "zh_Hans": "4项组成", "zh_Hant": "4項組成"}


def run(*command: str | Path, cwd: Path, codes: tuple[int, ...] = (0,)) -> str:
    """Run without this checkout's settings; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, check=False)
    if done.returncode not in codes:
        sys.exit(
            f"{' '.join(map(str, command))}\nexit {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}"
        )
    return done.stdout.decode()


def main() -> None:
    """Build, install, audit, compare."""
    with tempfile.TemporaryDirectory() as folder:
        away = Path(folder)
        run(sys.executable, "-m", "build", "--outdir", away, ROOT, cwd=away)  # the wheel is built from the sdist
        (wheel,) = away.glob("*.whl")
        names = set(zipfile.ZipFile(wheel).namelist())
        missing = [name for name in WANTED if name not in names]
        if missing:
            sys.exit(f"the wheel lacks {', '.join(missing)}")

        run(sys.executable, "-m", "venv", away / "env", cwd=away)
        scripts = away / "env" / ("Scripts" if os.name == "nt" else "bin")
        run(scripts / "python", "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, cwd=away)
        shutil.copy(ROOT / "examples" / "county-report.txt", away)

        report = json.loads(run(scripts / "budgetaudit", "check", "county-report.txt", "--format", "json", cwd=away))
        sums = [outcome for outcome in report["outcomes"] if outcome["likelihood"].get("rounding") == "1/192"]
        assert [outcome["gap"] for outcome in sums] == ["0.02"], report["outcomes"]
        assert [pack["name"] for pack in report["packs"]] == ["cn"], report["packs"]
        for locale, words in WORDS.items():
            text = run(scripts / "budgetaudit", "check", "county-report.txt", "--locale", locale, cwd=away)
            assert words in text, f"{locale}: {text}"
        assert "SUM001" in run(scripts / "budgetaudit", "explain", "SUM001", cwd=away)
        assert "cn" in run(scripts / "budgetaudit", "rules", cwd=away)
        print(f"{wheel.name}: {len(names)} files, audits the example in an empty environment in {len(WORDS)} languages")


if __name__ == "__main__":
    main()
