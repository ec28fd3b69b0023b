"""Reading equations: from characters to `Equation`, with an own tokenizer and no `eval`.

    equation := side (op side) ;  op := = <= < >= >        (also ＝ ≤ ≥ ＜ ＞)
    side     := ["-"] term (("+"|"-") term)*
    term     := [number "*"] factor ["/" factor] | number
    factor   := name ["%"] | "sum(children)" | "(" side ")"
    name     := bare or "quoted" label, then [selector, ...] in brackets

A bare label runs until an operator, a bracket or a space between two labels is met; labels with signs, brackets or
slashes are written in quotes. Everything is one pass over the tokens with a bound on nesting; errors name the column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NoReturn, cast

from budgetaudit.errors import RuleError
from budgetaudit.model.classification import parse_code
from budgetaudit.money.characters import half_width
from budgetaudit.rules.equation import Axis, Children, Equation, Linear, Name, Op, Quotient

_DEEPEST: Final = 50
_LONGEST: Final = 100_000
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<quoted>"[^"]*"|“[^”]*”|「[^」]*」|'[^']*')
      | (?P<op><=|>=|==|=|<|>|≤|≥|≦|≧)
      | (?P<sign>[+\-−*×/÷%])
      | (?P<open>[(])|(?P<close>[)])
      | (?P<select>[\[【])|(?P<end>[\]】])
      | (?P<comma>[,、;])
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_.\u3400-\u9fff]))
      | (?P<label>[^\s"“”「」'=<>≤≥≦≧+\-−*×/÷%()\[\]【】,、;]+)
    """,
    re.VERBOSE,
)
_OPS: Final = {"==": "=", "≤": "<=", "≦": "<=", "≥": ">=", "≧": ">="}
_SIGNS: Final = {"−": "-", "×": "*", "÷": "/"}

_PHASES: Final = {
    "budget": "budget", "年初预算": "budget", "年初预算数": "budget", "预算": "budget", "预算数": "budget",
    "adjusted": "adjusted", "全年预算": "adjusted", "全年预算数": "adjusted", "调整预算": "adjusted", "调整预算数": "adjusted",
    "actual": "actual", "决算": "actual", "决算数": "actual", "执行数": "actual",
}  # fmt: skip
_FUNDS: Final = {
    "all": "all", "全部": "all", "appropriation": "appropriation", "财政拨款": "appropriation",
    "general": "general", "一般公共预算": "general", "government-fund": "government-fund", "政府性基金": "government-fund",
    "state-capital": "state-capital", "国有资本经营": "state-capital", "other": "other",
}  # fmt: skip
_MEASURES: Final = {"amount", "change", "growth", "share", "rate", "average", "count", "score", "weight"}
_AXES: Final = {"phase", "fund", "period", "measure", "code", "table", "within", "against"}
_PERIOD: Final = re.compile(r"(?:year|年)(?P<shift>[+-][0-9]{1,3})?$|(?P<fixed>(?:19|20)[0-9]{2})$")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def parse_equation(text: str) -> Equation:
    """Read one equation.

    Raises:
        RuleError: It is not well formed; the message names the column, what was expected and what stood there.

    >>> parse_equation("基本支出 = 人员经费 + 公用经费").form
    'sum'
    """
    return _Parser(text).equation()


def _tokens(text: str) -> list[_Token]:
    found = []
    plain = half_width(text)
    place = 0
    while place < len(plain):
        match = _TOKEN.match(plain, place)
        if match is None:
            raise RuleError(f"column {place + 1}: {text[place]!r} has no meaning here: {_shown(text)}")
        if match.lastgroup != "space":
            found.append(_Token(str(match.lastgroup), match.group(), place))
        place = match.end()
    return found


class _Parser:
    """One pass over the tokens of one equation."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise RuleError(f"an equation of {len(text)} characters is too long; the limit is {_LONGEST}")
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0
        self._depth = 0
        self._percent: set[str] = set()

    def equation(self) -> Equation:
        left = self._side()
        op = self._take("op", "'=', '<=', '<', '>=' or '>'").text
        right = self._side()
        if (extra := self._peek()) is not None:
            self._fail("the end of the equation", extra)
        return self._formed(left, cast(Op, _OPS.get(op, op)), right)

    def _formed(self, left: _Side, op: Op, right: _Side) -> Equation:
        if isinstance(left, Children | Quotient) and op == "=":
            left, right = right, left
        if isinstance(left, Children | Quotient):
            raise RuleError(f"only one side may be a quotient or sum(children), with '=' between: {_shown(self._text)}")
        if isinstance(right, Linear):
            if self._percent:
                raise RuleError(f"'%' marks the result of a division, and none is here: {_shown(self._text)}")
            if not left.terms and not right.terms:
                raise RuleError(f"an equation needs at least one named figure: {_shown(self._text)}")
            if not left.terms and op == "=":
                left, right = right, left
            return Equation("sum" if op == "=" else "order", left, op, right)
        if op != "=" or len(left.terms) != 1 or left.constant or left.terms[0][0] != 1:
            raise RuleError(f"a quotient or sum(children) needs '=' and a single figure on the other side: {_shown(self._text)}")
        percent = left.terms[0][1].label in self._percent
        if isinstance(right, Children):
            return Equation("rollup", left, "=", right)
        if self._percent - {left.terms[0][1].label}:
            raise RuleError(f"'%' belongs to the result, not to the amounts: {_shown(self._text)}")
        return Equation("growth" if _is_growth(right) else "share", left, "=", right, percent)

    def _side(self) -> _Side:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RuleError(f"brackets nested deeper than {_DEEPEST}: {_shown(self._text)}")
        total: _Side | None = None
        sign = Fraction(1)
        if (first := self._peek()) is not None and self._sign(first) in {"+", "-"}:
            self._place += 1
            sign = Fraction(-1 if self._sign(first) == "-" else 1)
        pieces: list[Linear] = []
        while True:
            start = self._peek()
            piece = self._term()
            if isinstance(piece, Linear):
                pieces.append(piece.scaled(sign))
            elif pieces or sign != 1:
                self._fail("a sum of figures (a quotient stands alone on its side)", start)
            else:
                total = piece
            following = self._peek()
            if following is None or self._sign(following) not in {"+", "-"}:
                break
            if total is not None:
                self._fail("nothing more on this side", following)
            self._place += 1
            sign = Fraction(-1 if self._sign(following) == "-" else 1)
        self._depth -= 1
        return total if total is not None else _summed(pieces)

    def _term(self) -> _Side:
        left = self._factor()
        following = self._peek()
        operator = self._sign(following) if following is not None else ""
        if operator == "*":
            self._place += 1
            right = self._factor()
            if isinstance(left, Linear) and isinstance(right, Linear) and not (left.terms and right.terms):
                number, form = (left, right) if not left.terms else (right, left)
                return form.scaled(number.constant)
            self._fail("a number times a figure (products of figures are not linear)", following)
        if operator == "/":
            self._place += 1
            right = self._factor()
            if not isinstance(left, Linear) or not isinstance(right, Linear):
                self._fail("figures around '/'", following)
            if not right.terms:
                if right.constant == 0:
                    self._fail("a divisor other than 0", following)
                return left.scaled(1 / right.constant)
            return Quotient(left, right)
        return left

    def _factor(self) -> _Side:
        token = self._peek()
        if token is None:
            self._fail("a line name or a number", None)
        self._place += 1
        if token.kind == "number":
            if self._follows("select") or self._follows("sign", "%"):
                return Linear(((Fraction(1), self._selected(token.text)),))
            return Linear((), Fraction(token.text))
        if token.kind == "open":
            inside = self._side()
            self._take("close", "')'")
            return inside
        if token.kind not in {"label", "quoted"}:
            self._place -= 1
            self._fail("a line name or a number", token)
        label = token.text[1:-1] if token.kind == "quoted" else token.text
        if token.kind == "label" and label == "sum" and self._follows("open"):
            return self._children()
        if not label.strip():
            self._fail("a line name between the quotes", token)
        return Linear(((Fraction(1), self._selected(label)),))

    def _children(self) -> Children:
        self._take("open", "'('")
        inside = self._take("label", "'children'")
        if inside.text not in {"children", "下级", "子项"}:
            self._fail("'children'", inside)
        self._take("close", "')'")
        return Children()

    def _selected(self, label: str) -> Name:
        selectors: list[tuple[Axis, str]] = []
        while self._follows("select"):
            opening = self._tokens[self._place]
            self._place += 1
            raw: list[_Token] = []
            while (token := self._peek()) is not None and token.kind != "end":
                if token.kind == "comma":
                    selectors.append(self._selector(raw, opening))
                    raw = []
                else:
                    raw.append(token)
                self._place += 1
            self._take("end", "']'")
            selectors.append(self._selector(raw, opening))
        if self._follows("sign", "%"):
            self._place += 1
            self._percent.add(label)
        return Name(label, tuple(sorted(set(selectors) - {("period", "+0")})))

    def _selector(self, raw: Sequence[_Token], opening: _Token) -> tuple[Axis, str]:
        text = "".join(_SIGNS.get(token.text, token.text) for token in raw).strip("\"'“”「」")
        axis, separator, value = text.partition("=")
        if separator and axis in _AXES and value:
            return cast(Axis, axis), value
        if text in _PHASES:
            return "phase", _PHASES[text]
        if text in _FUNDS:
            return "fund", _FUNDS[text]
        if text in _MEASURES:
            return "measure", text
        if text in {"上年", "last"}:
            return "period", "-1"
        if period := _PERIOD.match(text):
            return "period", period["fixed"] or period["shift"] or "+0"
        if text.isdecimal() and parse_code(text):
            return "code", text
        self._fail("a selector: a phase, a fund, year, year+1, a measure, a code, or axis=value", raw[0] if raw else opening)

    def _peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _follows(self, kind: str, text: str | None = None) -> bool:
        token = self._peek()
        return token is not None and token.kind == kind and (text is None or token.text == text)

    def _sign(self, token: _Token) -> str:
        return _SIGNS.get(token.text, token.text) if token.kind == "sign" else ""

    def _take(self, kind: str, expected: str) -> _Token:
        token = self._peek()
        if token is None or token.kind != kind:
            self._fail(expected, token)
        self._place += 1
        return token

    def _fail(self, expected: str, token: _Token | None) -> NoReturn:
        column = len(self._text) + 1 if token is None else token.start + 1
        stood = "the end" if token is None else repr(token.text[:40])
        before = self._tokens[self._place - 1].text[:40] if 0 < self._place <= len(self._tokens) else ""
        after = f" after {before!r}" if before and token is not None and before != token.text else ""
        raise RuleError(f"column {column}: expected {expected}{after}, found {stood}: {_shown(self._text)}")


_Side = Linear | Quotient | Children


def _summed(pieces: Sequence[Linear]) -> Linear:
    """The sum of all pieces in one pass: equal names stand once."""
    every = tuple(term for piece in pieces for term in piece.terms)
    return Linear(every, sum((piece.constant for piece in pieces), Fraction(0))).plus(Linear(()))


def _is_growth(quotient: Quotient) -> bool:
    """(current - base) / base, or change / (current - change)."""
    top, below = quotient.numerator, quotient.denominator
    if top.constant or below.constant:
        return False
    from_levels = len(top.terms) == 2 and len(below.terms) == 1 and (Fraction(-1), below.terms[0][1]) in top.terms
    from_change = len(top.terms) == 1 and len(below.terms) == 2 and (Fraction(-1), top.terms[0][1]) in below.terms
    return from_levels or from_change


def _shown(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."
