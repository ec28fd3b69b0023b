"""Writing equations: the text that `parse_equation` reads back to the same equation."""

from __future__ import annotations

import re
from fractions import Fraction

from budgetaudit.rules.equation import Children, Equation, Linear, Name, Quotient
from budgetaudit.rules.selectors import quoted, write_selector

_BARE = re.compile(r"[A-Za-z_\u3400-\u9fff][A-Za-z0-9_\u3400-\u9fff]*\Z")


def format_equation(equation: Equation) -> str:
    """The equation as text; `parse_equation(format_equation(e)) == e`.

    >>> from budgetaudit.rules.parse import parse_equation
    >>> format_equation(parse_equation("rate % = actual/budget"))
    'rate% = actual / budget'
    """
    mark = "%" if equation.percent else ""
    match equation.right:
        case Linear():
            right = _linear(equation.right)
        case Quotient(numerator, denominator):
            right = f"{_grouped(numerator)} / {_grouped(denominator)}"
        case Children():
            right = "sum(children)"
    return f"{_linear(equation.left)}{mark} {equation.op} {right}"


def _linear(form: Linear) -> str:
    pieces = [(weight, _weighted(abs(weight), format_name(name))) for weight, name in form.terms]
    if form.constant or not pieces:
        pieces.append((form.constant, _number(abs(form.constant))))
    first, *others = pieces
    text = f"-{first[1]}" if first[0] < 0 else first[1]
    return text + "".join(f" {'-' if weight < 0 else '+'} {piece}" for weight, piece in others)


def _grouped(form: Linear) -> str:
    plain = len(form.terms) == 1 and not form.constant and form.terms[0][0] == 1
    return _linear(form) if plain else f"({_linear(form)})"


def _weighted(weight: Fraction, name: str) -> str:
    return name if weight == 1 else f"{_number(weight)} * {name}"


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    places = 0
    while (value * 10**places).denominator != 1 and places < 30:
        places += 1
    scaled = value * 10**places
    if scaled.denominator != 1:
        return f"({value.numerator} / {value.denominator})"
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def format_name(name: Name) -> str:
    """A label, quoted if it needs to be, with its selectors; within `sum(...)` if all figures of that name are added."""
    bare = _BARE.match(name.label) and name.label != "sum"
    label = name.label if bare else quoted(name.label)
    selectors = ", ".join(write_selector(axis, value) for axis, value in name.selectors)
    text = f"{label}[{selectors}]" if selectors else label
    return f"sum({text})" if name.every else text
