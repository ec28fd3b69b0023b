"""Reading equations: from characters to `Equation`, with an own tokenizer and no `eval`.

    equation := side (op side) ;  op := = <= < >= >        (also ＝ ≤ ≥ ＜ ＞)
    side     := ["-"] term (("+"|"-") term)*
    term     := [number "*"] factor ["/" factor] | number
    factor   := name ["%"] | "sum(children)" | "sum(" side ")" | "(" side ")"
    name     := bare or "quoted" label, then [selector, ...] in brackets

`sum(side)` adds every figure that the names in it can mean; `sum(children)` is the other side of a roll-up.

A bare label runs until an operator, a bracket or a space between two labels is met; labels with signs, brackets or
slashes are written in quotes. Everything is one pass over the tokens with a bound on nesting; errors name the column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, NoReturn, cast

from budgetaudit.errors import RuleError
from budgetaudit.money.characters import half_width
from budgetaudit.rules.equation import Axis, Children, Equation, Linear, Name, Op, Quotient
from budgetaudit.rules.selectors import read_selector

_DEEPEST: Final = 50
_LONGEST: Final = 20_000
_LONGEST_NUMBER: Final = 400
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


def parse_name(text: str) -> Name:
    """Read one name with its selectors, as it stands in an equation.

    Raises:
        RuleError: It is not one name.

    >>> parse_name("年末结转和结余[2023, actual]").selectors
    (('period', '2023'), ('phase', 'actual'))
    """
    return _Parser(text).name()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
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
        self._percent: set[Name] = set()

    def equation(self) -> Equation:
        left = self._side()
        op = self._take("op", "'=', '<=', '<', '>=' or '>'").text
        right = self._side()
        if (extra := self._peek()) is not None:
            self._fail("the end of the equation", extra)
        return self._formed(left, cast("Op", _OPS.get(op, op)), right)

    def name(self) -> Name:
        side = self._side()
        if (extra := self._peek()) is not None:
            self._fail("the end of the name", extra)
        if (
            not isinstance(side, Linear)
            or len(side.terms) != 1
            or side.constant
            or side.terms[0][0] != 1
            or self._percent
        ):
            raise RuleError(f"expected one name with its selectors: {_shown(self._text)}")
        return side.terms[0][1]

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
        if op != "=" or len(left.terms) != 1 or left.constant or left.terms[0][0] != 1 or left.terms[0][1].every:
            raise RuleError(
                f"a quotient or sum(children) needs '=' and a single figure on the other side: {_shown(self._text)}"
            )
        target = left.terms[0][1]
        percent = target in self._percent
        if isinstance(right, Children):
            if self._percent:
                raise RuleError(f"'%' marks the result of a division, and none is here: {_shown(self._text)}")
            return Equation("rollup", left, "=", right)
        if self._percent - {target}:
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
                return _scaled(form, number.constant)
            self._fail("a number times a figure (products of figures are not linear)", following)
        if operator == "/":
            self._place += 1
            right = self._factor()
            if not isinstance(left, Linear) or not isinstance(right, Linear):
                self._fail("figures around '/'", following)
            if not right.terms:
                if right.constant == 0:
                    self._fail("a divisor other than 0", following)
                return _scaled(left, 1 / right.constant)
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
            if len(token.text) > _LONGEST_NUMBER:
                self._fail(f"a number of at most {_LONGEST_NUMBER} digits", token)
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
            return self._sum()
        if not label.strip():
            self._fail("a line name between the quotes", token)
        return Linear(((Fraction(1), self._selected(label)),))

    def _sum(self) -> _Side:
        """`sum(children)`, or a sum of all figures of the names within."""
        opening = self._take("open", "'('")
        inside = self._peek()
        if inside is not None and inside.kind == "label" and inside.text in {"children", "下级", "子项"}:
            self._place += 1
            self._take("close", "')'")
            return Children()
        side = self._side()
        self._take("close", "')'")
        names = {name for _, name in side.terms} if isinstance(side, Linear) else set[Name]()
        if not isinstance(side, Linear) or side.constant or not names or names & self._percent:
            self._fail("'children' or figures to add", inside or opening)
        return Linear(tuple((weight, replace(name, every=True)) for weight, name in side.terms))

    def _selected(self, label: str) -> Name:
        selectors: dict[tuple[Axis, str], tuple[Axis, str]] = {}
        while self._follows("select"):
            opening = self._tokens[self._place]
            self._place += 1
            raw: list[_Token] = []
            while (token := self._peek()) is not None and token.kind != "end":
                if token.kind == "comma":
                    self._select(selectors, raw, opening)
                    raw = []
                else:
                    raw.append(token)
                self._place += 1
            self._take("end", "']'")
            self._select(selectors, raw, opening)
        name = Name(label, tuple(sorted(pair for pair in selectors.values() if pair != ("period", "+0"))))
        if self._follows("sign", "%"):
            self._place += 1
            self._percent.add(name)
        return name

    def _select(
        self, selectors: dict[tuple[Axis, str], tuple[Axis, str]], raw: Sequence[_Token], opening: _Token
    ) -> None:
        text = "".join(
            token.text[1:-1] if token.kind == "quoted" else _SIGNS.get(token.text, token.text) for token in raw
        )
        start = (raw[0] if raw else opening).start + 1
        try:
            axis, value = read_selector(text)
        except RuleError as error:
            raise RuleError(f"column {start}: {error.message}: {_shown(self._text)}") from None
        column = value.partition("=")[0] if axis == "key" else ""
        _, given = selectors.setdefault((axis, column), (axis, value))
        if given != value:
            raise RuleError(f"column {start}: the {axis} is given twice, {given} and {value}: {_shown(self._text)}")

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
        before = (
            "" if token is None else next((one.text for one in reversed(self._tokens) if one.start < token.start), "")
        )
        after = f" after {before[:40]!r}" if before else ""
        raise RuleError(f"column {column}: expected {expected}{after}, found {stood}: {_shown(self._text)}")


_Side = Linear | Quotient | Children


def _summed(pieces: Sequence[Linear]) -> Linear:
    """The sum of all pieces in one pass: equal names stand once."""
    weights: dict[Name, Fraction] = {}
    constant = Fraction(0)
    for piece in pieces:
        constant = _bounded(constant + piece.constant)
        for weight, name in piece.terms:
            weights[name] = _bounded(weights.get(name, Fraction(0)) + weight)
    return Linear(tuple((weight, name) for name, weight in weights.items() if weight), constant)


def _scaled(form: Linear, factor: Fraction) -> Linear:
    scaled = form.scaled(factor)
    for number in (scaled.constant, *(weight for weight, _ in scaled.terms)):
        _bounded(number)
    return scaled


def _bounded(number: Fraction) -> Fraction:
    """The number, unless a hostile text has made it so long that every further step would be slow."""
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > _LONGEST_NUMBER * 4:
        raise RuleError(f"a number of more than {_LONGEST_NUMBER} digits is too long for an equation")
    return number


def _is_growth(quotient: Quotient) -> bool:
    """(current - base) / base, or change / (current - change)."""
    top, below = quotient.numerator, quotient.denominator
    if top.constant or below.constant:
        return False
    short, long = (top, below) if len(top.terms) == 1 else (below, top)
    if len(short.terms) != 1 or len(long.terms) != 2 or short.terms[0][0] != 1:
        return False
    repeated = short.terms[0][1]
    others = [weight for weight, name in long.terms if name != repeated]
    return (Fraction(-1), repeated) in long.terms and others == [1]


def _shown(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."
