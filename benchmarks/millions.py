"""Millions of figures: this library and its peers on the same data in one run, each checked for the right count.

Every engine is measured in a process of its own: the least CPU and wall seconds of a few turns after its data are prepared,
and the most memory it held. A shared machine varies, so what counts are the ratios within a run: CPU time and wall time
against numpy's sum of the amounts, the floor of anything that looks at every figure. The peers live in an environment of
their own (`benchmarks/peers.txt`, `make peers`); one that is not installed is named as absent.

`python benchmarks/millions.py [--most 10000000] [--peers PYTHON] [--write]`; with `--write` the table and the drawing go to
`benchmarks/millions.md` and `benchmarks/millions.svg`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import log10
from pathlib import Path
from typing import Final, TypeAlias

import facts
from engines import ENGINES
from peers import PEERS, Peer

HERE: Final = Path(__file__).resolve().parent
Result: TypeAlias = "dict[str, float] | str"
_COLORS: Final = (
    "#2563eb",
    "#dc2626",
    "#16a34a",
    "#d97706",
    "#7c3aed",
    "#0891b2",
    "#be185d",
    "#65a30d",
    "#475569",
    "#92400e",
)
_FLOORS: Final = ("numpy sum", "Parquet scan")


def expected(figures: int) -> dict[str, int]:
    """How many relations come out how, known when the data were made."""
    return facts.added([block.expected() for block in facts.blocks(figures)])


def measured(name: str, peer: Peer, figures: int, *, script: str, python: str, counts: Mapping[str, int]) -> Result:
    """What one engine needed, or why there is no answer."""
    if figures > peer.most:
        return "not asked"
    command = [python, str(HERE / script), name, str(figures)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        return "absent" if "ModuleNotFoundError" in last[0] else f"failed: {last[0][:80]}"
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    wanted = sum(counts[verdict] for verdict in peer.counts)
    if peer.counts and result["found"] != wanted:
        return f"wrong: {result['found']:.0f} instead of {wanted}"
    return result


def table(results: Mapping[int, Mapping[str, Result]]) -> str:
    """The ratios as Markdown: a block per size."""
    parts: list[str] = []
    for figures, found in results.items():
        floor = found["numpy sum"]
        assert isinstance(floor, dict)
        parts += [
            f"\n## 10^{round(log10(figures))} figures\n",
            "| engine | CPU | wall | memory | million figures per CPU second |",
            "|---|---|---|---|---|",
        ]
        for name, result in found.items():
            if isinstance(result, str):
                parts.append(f"| {name} | {result} | | | |")
                continue
            ratio = [f"{result[kind] / floor[kind]:,.0f}" if name != "numpy sum" else "1" for kind in ("cpu", "wall")]
            speed = figures / max(result["cpu"], 1e-9) / 1e6
            parts.append(f"| {name} | {ratio[0]} | {ratio[1]} | {result['megabytes']:,.0f} MB | {speed:,.2f} |")
    return "\n".join(parts)


def drawing(results: Mapping[int, Mapping[str, Result]]) -> str:
    """CPU seconds and memory against the number of figures, both axes by powers of ten."""
    names = [
        name
        for name in next(iter(results.values()))
        if any(isinstance(found[name], dict) for found in results.values())
    ]
    panels = [_panel("CPU seconds", "cpu", results, names, 60), _panel("memory, MB", "megabytes", results, names, 470)]
    legend = "".join(
        f'<text x="{60 + 275 * (place % 3)}" y="{330 + 16 * (place // 3)}" fill="{_COLORS[place % len(_COLORS)]}">'
        f"{'━' if place < len(_COLORS) else '┅'} {name}</text>"
        for place, name in enumerate(names)
    )
    height = 350 + 16 * (len(names) // 3)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 {height}" width="880" height="{height}" font-size="12"'
        f' font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>{"".join(panels)}{legend}</svg>\n'
    )


def _panel(title: str, kind: str, results: Mapping[int, Mapping[str, Result]], names: Sequence[str], left: int) -> str:
    sizes = list(results)
    points = {
        name: [(size, found[name][kind]) for size, found in results.items() if isinstance(found[name], dict)]  # type: ignore[index]
        for name in names
    }
    values = [value for series in points.values() for _, value in series if value > 0]
    low, high = int(log10(min(values)) // 1), int(-(-log10(max(values)) // 1))

    def place(size: float, value: float) -> str:
        width = log10(sizes[-1] / sizes[0]) or 1
        x = left + 320 * log10(size / sizes[0]) / width
        return f"{x:.1f},{290 - 250 * (log10(max(value, 10**low)) - low) / max(high - low, 1):.1f}"

    lines = "".join(
        f'<polyline points="{" ".join(place(*point) for point in series)}" fill="none" stroke="{_COLORS[number % len(_COLORS)]}"'
        f' stroke-width="1.8" stroke-dasharray="{"none" if number < len(_COLORS) else "5 3"}"/>'
        for number, series in enumerate(points.values())
    )
    across = "".join(
        f'<text x="{place(size, 10**low).split(",")[0]}" y="308" text-anchor="middle">10^{round(log10(size))}</text>'
        for size in sizes
    )
    up = "".join(
        f'<text x="{left - 6}" y="{float(place(sizes[0], 10**power).split(",")[1]) + 4:.1f}" text-anchor="end">10^{power}</text>'
        for power in range(low, high + 1)
    )
    return f'<text x="{left}" y="24" font-weight="600">{title}</text>{lines}{across}{up}'


def main() -> None:
    """Measure, check and print; with `--write` keep the table and the drawing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10**6, help="figures of the largest size (default: 10^6)")
    parser.add_argument("--least", type=int, default=10**4, help="figures of the smallest size (default: 10^4)")
    parser.add_argument(
        "--peers", default=str(HERE.parent / ".peers" / "bin" / "python"), help="the Python of the peers"
    )
    parser.add_argument("--only", default="", help="names of engines, separated by commas")
    parser.add_argument("--write", action="store_true", help="write millions.md and millions.svg")
    options = parser.parse_args()
    python = options.peers if Path(options.peers).exists() else sys.executable
    chosen = [name for name in options.only.split(",") if name]
    results: dict[int, dict[str, Result]] = {}
    size = options.least
    while size <= options.most:
        counts = expected(size)
        found = results.setdefault(size, {})
        for name, peer in {**PEERS, **ENGINES}.items():
            if chosen and name not in (*chosen, *_FLOORS):
                continue
            own = name in ENGINES
            found[name] = measured(
                name, peer, size, script="engines.py" if own else "peers.py", python=sys.executable if own else python,
                counts=counts,
            )  # fmt: skip
            print(f"10^{round(log10(size))} {name}: {found[name]}", flush=True)
        size *= 10
    text = (
        "# Millions of figures, measured\n\n"
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}. One run of"
        " `python benchmarks/millions.py --write`; CPU and wall are\nmultiples of what numpy needs to add the amounts. Every count was"
        " the one known beforehand, or the engine is listed as wrong.\n" + table(results) + "\n"
    )
    print(text)
    if options.write:
        (HERE / "millions.md").write_text(text, encoding="utf-8")
        (HERE / "millions.svg").write_text(drawing(results), encoding="utf-8")


if __name__ == "__main__":
    main()
