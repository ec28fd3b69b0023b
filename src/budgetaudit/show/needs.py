"""What relations need of a suspected figure: one picture of why this figure is suspected.

One line for each relation the figure stands in: a bar covers the values of the figure with which that relation holds, all
other figures as printed. Dashed lines mark the value that is printed and the one that is proposed. Where bars of several
relations stand one below the other away from the print, they agree on another value; where one lies at the print, mending
the figure would break it.

Plain SVG in the manner of the gap ruler; exact rationals become pixels only in the last step.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import Final

from budgetaudit.check.outcome import Outcome
from budgetaudit.explain.cause import Cause, Correction
from budgetaudit.explain.situation import Fact, Situation
from budgetaudit.findings.kind import N_
from budgetaudit.money.interval import Interval
from budgetaudit.money.show import show_number
from budgetaudit.show.language import say
from budgetaudit.show.plain import printable

_WIDTH: Final = 460
_LEFT, _RIGHT, _ROW = 118, 446, 20
_MOST_RELATIONS: Final = 8
_LONGEST_NAME: Final = 17
_THINNEST: Final = 5  # pixels
_BLUE, _RED, _GREEN = "#3b82f6", "#dc2626", "#16a34a"

_Need = tuple[Outcome, Interval]


def needs_drawing(cause: Cause, situation: Situation, *, locale: str = "en") -> str:
    """The needs of the figure that a cause would mend, as an SVG element.

    Empty where it would mend several figures, or where the figure stands in fewer than two relations that bound it.
    """
    facts = {situation.fact(edit.line) for edit in cause.corrections}
    if len(facts) != 1:
        return ""
    (fact,) = facts
    edit = cause.corrections[0]
    amount = situation.line(edit.line).amount
    needs = _needs(fact, situation)
    if amount is None or len(needs) < 2:
        return ""
    unit = amount.unit.scale
    printed, proposed = Fraction(amount.value), Fraction(edit.value)
    low, high = min(printed, proposed), max(printed, proposed)
    margin = max((high - low) / 4, Fraction(1, 10**6))
    span = low - margin, high + margin
    rows = [_row(number, outcome, wanted.scaled(1 / unit), span) for number, (outcome, wanted) in enumerate(needs)]
    height = 34 + _ROW * len(rows)
    lines = [
        _mark(printed, edit.printed, _BLUE, span, height, "end" if printed <= proposed else "start"),
        _mark(proposed, edit.proposed, _GREEN, span, height, "start" if printed <= proposed else "end"),
    ]
    title = say(N_("relations around {label}"), locale, label=printable(situation.line(edit.line).label))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
        f' height="{height}" style="max-width:100%;height:auto;font-variant-numeric:tabular-nums" font-size="11"'
        f' fill="currentColor"><title>{escape(_told(title, edit, locale))}</title>{"".join(rows)}{"".join(lines)}</svg>'
    )


def _told(title: str, edit: Correction, locale: str) -> str:
    numbers = (show_number(Fraction(value), locale=locale) for value in (edit.printed, edit.proposed))
    return f"{title}: {' → '.join(numbers)}"


def _needs(fact: Fact, situation: Situation) -> list[_Need]:
    """The relations of a figure that bound it on some side, those that fail first."""
    found = [(outcome, situation.needed(outcome, fact)) for outcome in situation.about(fact)[: 4 * _MOST_RELATIONS]]
    bounded = [(outcome, wanted) for outcome, wanted in found if wanted is not None]
    bounded.sort(key=lambda need: need[0].verdict != "inconsistent")
    return bounded[:_MOST_RELATIONS]


def _x(value: Fraction, span: tuple[Fraction, Fraction]) -> float:
    low, high = span
    clipped = min(max(value, low), high)
    return round(_LEFT + float((clipped - low) / (high - low)) * (_RIGHT - _LEFT), 1)


def _row(number: int, outcome: Outcome, wanted: Interval, span: tuple[Fraction, Fraction]) -> str:
    """The name of a relation and the bar of the values it allows; a bar that would be too thin to see is made wider."""
    y = 26 + _ROW * number
    left = _LEFT if wanted.lo is None else _x(wanted.lo, span)
    right = _RIGHT if wanted.hi is None else _x(wanted.hi, span)
    if right - left < _THINNEST:
        left, right = (left + right - _THINNEST) / 2, (left + right + _THINNEST) / 2
    colour = _RED if outcome.verdict == "inconsistent" else _GREEN
    name = printable(outcome.relation.rule)
    short = name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"
    return (
        f'<text x="{_LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(short)}</text>'
        f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="currentColor" stroke-opacity=".18"/>'
        f'<rect x="{round(left, 1)}" y="{y - 5}" width="{round(right - left, 1)}" height="10" fill="{colour}"'
        f' fill-opacity=".75"/>'
    )


def _mark(value: Fraction, text: str, colour: str, span: tuple[Fraction, Fraction], height: int, anchor: str) -> str:
    x = _x(value, span)
    return (
        f'<path d="M{x} 14V{height - 6}" stroke="{colour}" stroke-width="1.3" stroke-dasharray="3 2"/>'
        f'<text x="{x}" y="10" text-anchor="{"middle" if len(text) < 12 else anchor}" fill="{colour}" font-weight="600">'
        f"{escape(text)}</text>"
    )
