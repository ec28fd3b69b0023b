"""The summary of a stream as a page of its own: which rules break, where, and how large the gaps are.

Plain HTML with inline styles and one inline SVG: no script, nothing fetched. The histogram counts gaps in units of the last
place of the total: what rounding leaves gathers around zero on both sides, cut digits only on one, slips lie outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import import_module
from typing import Any, Final

from budgetaudit.check.outcome import VERDICTS
from budgetaudit.findings.kind import N_
from budgetaudit.findings.stream_report import StreamReport
from budgetaudit.show.language import language, say, say_count
from budgetaudit.show.plain import printable
from budgetaudit.show.tally import verdict_line
from budgetaudit.show.words import VERDICT_WORDS, word

MOST_ROWS: Final = 40
_FARTHEST: Final = 6  # gaps of this many units and more share a bar
_CELL: Final = "padding:3px 12px 3px 0;border-top:1px solid rgba(128,128,128,.28);text-align:right;font-variant-numeric:tabular-nums"
_COLORS: Final = {"rounding": "#3b82f6", "inconsistent": "#dc2626"}
_BCP47: Final = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"}


def show_stream_page(report: StreamReport, *, keys: Sequence[str], locale: str = "en") -> str:
    """The page; where outcomes were kept, with the worst entities and the gaps.

    Args:
        report: What was found.
        keys: The key columns; the first one is what the table of entities is about.
        locale: Language of the words.
    """
    locale = language(locale)
    body = "\n".join(_sections(report, keys, locale))
    return (
        f'<!DOCTYPE html>\n<html lang="{_BCP47[locale]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        "<title>budgetaudit</title></head>\n"
        '<body style="margin:24px auto;padding:0 20px;max-width:960px;font-family:system-ui,sans-serif;line-height:1.5">\n'
        f"{body}\n</body></html>\n"
    )


def _sections(report: StreamReport, keys: Sequence[str], locale: str) -> Iterator[str]:
    rows = say_count("{n} row was read", "{n} rows were read", report.rows, locale)
    yield f"<h1>budgetaudit</h1><p>{escape(rows)}. {escape(verdict_line(report.counts, report.checked, locale))}</p>"
    gaps = report.counts["rounding"] + report.counts["inconsistent"]
    if gaps:
        share = f"{100 * report.counts['rounding'] / gaps:.1f} %"
        explained = say(N_("rounding explains {share} of all gaps"), locale, share=share)
        yield f"<p>{escape(explained)}</p>"
    yield _heading(N_("Rules"), locale) + _rules(report, locale)
    if report.output is None:
        return
    entities, bars = _looked_through(report, keys[:1])
    if entities:
        yield _heading(N_("Where relations do not hold"), locale) + _entities(entities, locale)
    if bars:
        yield _heading(N_("Gaps in units of the last place"), locale) + _histogram(bars, locale)


def _heading(title: str, locale: str) -> str:
    return f"<h2>{escape(say(title, locale))}</h2>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        first, *others = cells
        rest = "".join(f'<{tag} style="{_CELL}">{escape(cell)}</{tag}>' for cell in others)
        return f'<tr><{tag} style="{_CELL};text-align:left">{escape(printable(first))}</{tag}>{rest}</tr>'

    body = "".join(line("td", row) for row in rows[:MOST_ROWS])
    rest = f"<p>+ {len(rows) - MOST_ROWS}</p>" if len(rows) > MOST_ROWS else ""
    return f'<table style="border-collapse:collapse">{line("th", head)}{body}</table>{rest}'


def _rules(report: StreamReport, locale: str) -> str:
    head = ["", *(word(verdict, VERDICT_WORDS, locale) for verdict in VERDICTS)]
    rows = [[rule, *(f"{counted.get(verdict, 0):,}" for verdict in VERDICTS)] for rule, counted in report.ranked()]
    return _table(head, rows)


def _entities(entities: Mapping[str, int], locale: str) -> str:
    ranked = sorted(entities.items(), key=lambda one: (-one[1], one[0]))
    return _table(["", word("inconsistent", VERDICT_WORDS, locale)], [[name, f"{number:,}"] for name, number in ranked])


def _looked_through(report: StreamReport, keys: Sequence[str]) -> tuple[dict[str, int], dict[tuple[str, int], int]]:
    """One pass over the outcomes: relations that do not hold by entity, and gaps by verdict and size."""
    pc: Any = import_module("pyarrow.compute")
    np: Any = import_module("numpy")
    entities: Counter[str] = Counter()
    bars: Counter[tuple[str, int]] = Counter()
    for batch in report.outcomes.to_batches(columns=["verdict", "gap", "figures", *keys]):
        wrong = batch.filter(pc.equal(batch.column("verdict"), "inconsistent"))
        for key in keys:
            entities.update({str(one["values"]): one["counts"] for one in wrong.column(key).value_counts().to_pylist()})
        sums = batch.filter(
            pc.and_(pc.is_valid(batch.column("gap")), pc.greater(pc.list_value_length(batch.column("figures")), 0))
        )
        if not sums.num_rows:
            continue
        total = pc.struct_field(pc.list_element(sums.column("figures"), 0), "amount")
        point = pc.find_substring(total, ".")
        places = pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(pc.utf8_length(total), point), 1)).fill_null(
            0
        )
        units = (
            sums.column("gap").cast("float64").to_numpy(zero_copy_only=False) * 10.0 ** places.to_numpy()
        )  # for a drawing
        sizes = np.clip(np.rint(units), -_FARTHEST, _FARTHEST).astype(int)
        bars.update(zip(sums.column("verdict").to_pylist(), sizes.tolist(), strict=True))
    return dict(entities), {bar: number for bar, number in bars.items() if bar[0] in _COLORS}


def _histogram(bars: Mapping[tuple[str, int], int], locale: str) -> str:
    """Bars of counts by size, stacked by verdict; heights grow with the root, so that rare slips can be seen."""
    width, height, step = 720, 220, 50
    totals = Counter[int]()
    for (_, size), number in bars.items():
        totals[size] += number
    tallest = max(totals.values()) ** 0.5
    drawn: list[str] = []
    for size in range(-_FARTHEST, _FARTHEST + 1):
        x, y, done = 20 + (size + _FARTHEST) * step, 180.0, 0
        for verdict, color in _COLORS.items():
            number = bars.get((verdict, size), 0)
            if number:
                top = 180 - 150 * (done + number) ** 0.5 / tallest
                title = f"{word(verdict, VERDICT_WORDS, locale)}: {number:,}"
                drawn.append(
                    f'<rect x="{x}" y="{top:.1f}" width="{step - 10}" height="{y - top:.1f}" fill="{color}"><title>{escape(title)}</title></rect>'
                )
                y, done = top, done + number
        name = f"{size:+d}" if size else "0"
        name = f"≤ {name}" if size == -_FARTHEST else f"≥ {name}" if size == _FARTHEST else name
        drawn.append(f'<text x="{x + step / 2 - 5}" y="198" text-anchor="middle">{name}</text>')
        if done:
            drawn.append(
                f'<text x="{x + step / 2 - 5}" y="{y - 4:.1f}" text-anchor="middle" font-size="10">{done:,}</text>'
            )
    legend = " · ".join(
        f'<tspan fill="{color}">■</tspan> {escape(word(verdict, VERDICT_WORDS, locale))}'
        for verdict, color in _COLORS.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' style="max-width:100%;height:auto" font-size="12" fill="currentColor">{"".join(drawn)}'
        f'<text x="20" y="216">{legend}</text></svg>'
    )
