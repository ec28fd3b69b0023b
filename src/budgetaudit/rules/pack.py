"""Rule packs: TOML files of rules, read strictly.

Every key is checked: a misspelt key that is ignored is a rule that never runs. Figures in examples are strings, so that
trailing zeros survive; bare TOML floats are refused. What a pack means is in `rule`; choosing among packs in `ruleset`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast, get_args

from budgetaudit.errors import RuleError, nearest
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import Fund, Phase
from budgetaudit.money.interval import Rounding, Ties
from budgetaudit.rules.equation import Equation, Linear, Name
from budgetaudit.rules.parse import parse_equation, parse_name
from budgetaudit.rules.rule import (
    PER,
    BlankPolicy,
    Convention,
    Example,
    MissingPolicy,
    NegativeBase,
    Rule,
    Scope,
    Strength,
    TotalsFrom,
)  # fmt: skip
from budgetaudit.rules.write import format_name

_PACKS: Final = "budgetaudit.rules.packs"
_LOCALES: Final = ("zh_Hans", "zh_Hant", "en")
_VERDICTS: Final = ("exact", "rounding", "inconsistent", "undefined", "undecided")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "totals_from": get_args(TotalsFrom), "rounding": get_args(Rounding), "ties": get_args(Ties),
    "missing": get_args(MissingPolicy), "blank": get_args(BlankPolicy), "negative_base": get_args(NegativeBase),
}  # fmt: skip
_WIDTH: Final = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?\Z")
_RULE_KEYS: Final = {
    "id", "kind", "strength", "equation", "optional", "label", "reason", "source", "scope", "convention", "when",
    "unless", "per", "each", "least_parts", "status", "example",
}  # fmt: skip
_PER_AXES: Final = (*PER, "within")
_RULE_NEEDS: Final = ("id", "kind", "strength", "equation", "label", "reason", "source")


@dataclass(frozen=True, slots=True)
class Pack:
    """A read file of rules."""

    name: str
    version: str
    rules: tuple[Rule, ...]


def packs_here() -> tuple[str, ...]:
    """Names of the packs that come with the package."""
    return tuple(sorted(entry.name[:-5] for entry in files(_PACKS).iterdir() if entry.name.endswith(".toml")))


def load_pack(name_or_path: str | Path) -> Pack:
    """Read a pack by name, or by path if the text ends in `.toml`.

    Raises:
        RuleError: There is no such pack, or something in it is not well formed; the message names file, rule and key.
    """
    text = str(name_or_path)
    if text.endswith(".toml"):
        try:
            return read_pack(Path(text).read_text(encoding="utf-8"), where=Path(text).name)
        except OSError as error:
            raise RuleError(f"cannot read the rule pack {text}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise RuleError(f"the rule pack {text} is not UTF-8 (byte {error.start})") from error
    if text not in packs_here():
        raise RuleError(
            f"no rule pack is called {text!r}; {nearest(text, packs_here())}",
            hint="a path ending in .toml loads a pack of your own",
        )
    return _pack_here(text)


@cache
def _pack_here(name: str) -> Pack:
    return read_pack(files(_PACKS).joinpath(f"{name}.toml").read_text(encoding="utf-8"), where=f"{name}.toml")


def read_pack(text: str, *, where: str = "pack") -> Pack:
    """Read the text of a pack.

    Raises:
        RuleError: As `load_pack`.
    """
    try:
        parsed = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{where} is not TOML: {error}") from error
    data = _table(parsed, {"pack", "names", "convention", "rule"}, where, needs=("pack", "rule"))
    head = _table(data["pack"], {"name", "version"}, f"{where}: pack", needs=("name", "version"))
    name = _text(head["name"], f"{where}: pack: name")
    version = _text(head["version"], f"{where}: pack: version")
    convention = _convention(data.get("convention", {}), Convention(), f"{where}: convention")
    names = _names(data.get("names", {}), f"{where}: names")
    rules = tuple(
        replace(_rule(entry, name, convention, where), names=names) for entry in _tables(data["rule"], where, "rule")
    )
    ids = [rule.id for rule in rules]
    if twice := sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1}):
        raise RuleError(f"{where}: rule id given twice: {', '.join(twice)}")
    return Pack(name, version, rules)


def _rule(entry: object, pack: str, pack_convention: Convention, where: str) -> Rule:
    place = f"{where}: rule {_id_of(entry)}"
    table = _table(entry, _RULE_KEYS, place, needs=_RULE_NEEDS)
    label = _table(table["label"], set(_LOCALES), f"{place}: label", needs=_LOCALES)
    rule_id = _text(table["id"], f"{place}: id")
    if not rule_id.startswith(f"{pack}/"):
        raise RuleError(f"{place}: ids of this pack begin with its name: {pack}/{rule_id.rpartition('/')[2]}")
    equation = _equation(table["equation"], place)
    when = _condition(table["when"], place) if "when" in table else None
    unless = tuple(_condition(text, place) for text in _texts(table.get("unless", []), f"{place}: unless"))
    forms = (equation, *unless) if when is None else (equation, when, *unless)
    named = {name.label: name for form in forms for name in form.names()}
    examples = _tables(table.get("example", []), place, "rule.example")
    return Rule(
        id=rule_id,
        kind=_text(table["kind"], f"{place}: kind"),
        strength=_choice(table["strength"], get_args(Strength), f"{place}: strength"),
        equation=equation,
        optional=_optional(table.get("optional", []), equation, f"{place}: optional"),
        label={locale: _text(words, f"{place}: label") for locale, words in label.items()},
        reason=_text(table["reason"], f"{place}: reason"),
        source=_text(table["source"], f"{place}: source"),
        scope=_scope(table.get("scope", {}), f"{place}: scope"),
        convention=_convention(table.get("convention", {}), pack_convention, f"{place}: convention"),
        when=when,
        unless=unless,
        per=_per(table.get("per", list(PER)), f"{place}: per"),
        each=tuple(map(canonical_label, _texts(table.get("each", []), f"{place}: each"))),
        least_parts=_number(table.get("least_parts", 1), f"{place}: least_parts", least=0),
        status=_choice(table.get("status", "stable"), ("stable", "preview"), f"{place}: status"),
        examples=tuple(_example(example, named, f"{place}: example") for example in examples),
    )


def _id_of(entry: object) -> str:
    """How to call a rule in messages before it has been read."""
    return str(cast("dict[str, object]", entry).get("id", "without an id")) if isinstance(entry, dict) else "?"


def _equation(text: object, place: str) -> Equation:
    written = _text(text, f"{place}: equation")
    try:
        return parse_equation(written)
    except RuleError as error:
        raise RuleError(f"{place}: {error.message}") from error


def _condition(text: object, place: str) -> Equation:
    condition = _equation(text, f"{place}: when")
    if not isinstance(condition.right, Linear):
        raise RuleError(f"{place}: when: a condition compares sums of figures, without a quotient")
    return condition


def _optional(labels: object, equation: Equation, place: str) -> tuple[str, ...]:
    """Labels or whole names that need not be printed, as the equation names them: a misspelt one would never count."""
    named = {canonical_label(name.label): name.label for name in equation.names()}
    named |= {written: written for written in map(format_name, equation.names())}
    found: list[str] = []
    for label in _texts(labels, place):
        if (key := label if label in named else canonical_label(label)) not in named:
            raise RuleError(f"{place}: the equation does not name {label!r}; {nearest(label, named.values())}")
        found.append(named[key])
    return tuple(found)


def _per(value: object, place: str) -> tuple[str, ...]:
    """What the figures of one binding share."""
    axes = tuple(_texts(value, place))
    for axis in axes:
        if axis not in _PER_AXES and not (axis.startswith("key.") and axis != "key."):
            raise RuleError(f"{place}: {axis!r} is not one of {', '.join(_PER_AXES)}, key.column, key.*")
    return PER if axes == PER else axes


def _names(value: object, place: str) -> Mapping[str, tuple[Name, ...]]:
    """What else figures are called: labels, or names with a code, by the label that the equations use."""
    if not isinstance(value, dict):
        raise RuleError(f"{place}: a table of label and what else it is printed as")
    names: dict[str, tuple[Name, ...]] = {}
    for label, others in cast("dict[str, object]", value).items():
        where = f"{place}: {label}"
        try:
            names[label] = tuple(map(parse_name, _texts(others, where)))
        except RuleError as error:
            raise RuleError(f"{where}: {error.message}") from error
    return names


def _scope(value: object, place: str) -> Scope:
    table = _table(value, {"phase", "fund", "table", "first_year", "last_year"}, place)
    phases, funds = (_texts(table.get(key, []), f"{place}: {key}") for key in ("phase", "fund"))
    return Scope(
        tuple(_choice(phase, get_args(Phase), f"{place}: phase") for phase in phases),
        tuple(_choice(fund, get_args(Fund), f"{place}: fund") for fund in funds),
        tuple(_texts(table.get("table", []), f"{place}: table")),
        (_year(table, "first_year", place), _year(table, "last_year", place)),
    )


def _year(table: Mapping[str, object], key: str, place: str) -> int | None:
    return _number(table[key], f"{place}: {key}") if key in table else None


def _convention(value: object, base: Convention, place: str) -> Convention:
    table = _table(value, {field.name for field in fields(Convention)}, place)
    given: dict[str, Any] = {}
    for key, setting in table.items():
        where = f"{place}: {key}"
        given[key] = _choice(setting, _CHOICES[key], where) if key in _CHOICES else _width(setting, where)
    return replace(base, **given)


def _width(value: object, place: str) -> str:
    """A number from 0 on, as text: `exact_below`, `tolerance`."""
    text = _text(value, place)
    if not _WIDTH.match(text):
        raise RuleError(f'{place}: expected a number from 0 on in quotes, such as "0.01", not {value!r}')
    return text


def _example(value: object, named: Mapping[str, Name], place: str) -> Example:
    table = _table(value, {"figures", "verdict"}, place, needs=("figures", "verdict"))
    figures = table["figures"]
    if not isinstance(figures, dict):
        raise RuleError(f"{place}: figures is a table of names and figures")
    given: dict[Name, str] = {}
    for key, figure in cast("dict[str, object]", figures).items():
        if not isinstance(figure, str):
            raise RuleError(f'{place}: figures are in quotes, so that printed zeros survive: "{key}" = "246.79"')
        given[_example_name(key, named, place)] = figure
    return Example(given, _choice(table["verdict"], _VERDICTS, f"{place}: verdict"))


def _example_name(key: str, named: Mapping[str, Name], place: str) -> Name:
    """A figure of an example: a label of the rule as it is, or with selectors as in an equation."""
    if key in named:
        return Name(key)
    try:
        name = parse_name(key)
    except RuleError as error:
        raise RuleError(f"{place}: {key!r}: {error.message}") from error
    if name.label not in named:
        raise RuleError(f"{place}: the rule does not name {name.label!r}; {nearest(name.label, named)}")
    return name


def _table(value: object, keys: AbstractSet[str], place: str, *, needs: Sequence[str] = ()) -> dict[str, Any]:
    """A table of which every key is known, and that has all it needs."""
    if not isinstance(value, dict):
        raise RuleError(f"{place}: expected a table")
    table = cast("dict[str, Any]", value)
    for key in table:
        if key not in keys:
            raise RuleError(f"{place}: the key {key!r} is not known; {nearest(key, keys)}")
    if missing := [key for key in needs if key not in table]:
        raise RuleError(f"{place}: missing {', '.join(missing)}")
    return table


def _tables(value: object, place: str, key: str) -> list[object]:
    if not isinstance(value, list):
        raise RuleError(f"{place}: write each one as a table of its own, [[{key}]]")
    return cast("list[object]", value)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{place}: expected text in quotes, not {value!r}")
    return value


def _texts(value: object, place: str) -> list[str]:
    if not isinstance(value, list):
        raise RuleError(f"{place}: expected a list of texts")
    return [_text(item, place) for item in cast("list[object]", value)]


def _number(value: object, place: str, *, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise RuleError(f"{place}: expected a whole number from {least}, not {value!r}")
    return value


def _choice(value: object, choices: tuple[str, ...], place: str) -> Any:
    if value not in choices:
        raise RuleError(f"{place}: {value!r} is not one of {', '.join(choices)}")
    return value
