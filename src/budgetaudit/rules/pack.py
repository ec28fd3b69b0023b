"""Rule packs: TOML files of rules, read strictly.

Every key is checked: a misspelt key that is ignored is a rule that never runs. Figures in examples are strings, so that
trailing zeros survive; bare TOML floats are refused. What a pack means is in `rule`; choosing among packs in `ruleset`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, get_args

from budgetaudit.errors import RuleError, nearest
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import Fund, Phase
from budgetaudit.money.interval import Rounding, Ties
from budgetaudit.rules.equation import Equation, Linear, Name
from budgetaudit.rules.parse import parse_equation, parse_name
from budgetaudit.rules.rule import (
    Convention,
    Example,
    MissingPolicy,
    NegativeBase,
    Rule,
    Scope,
    Strength,
    TotalsFrom,
)  # fmt: skip

_PACKS: Final = "budgetaudit.rules.packs"
_LOCALES: Final = ("zh_Hans", "zh_Hant", "en")
_VERDICTS: Final = ("exact", "rounding", "inconsistent", "undefined", "undecided")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "totals_from": get_args(TotalsFrom), "rounding": get_args(Rounding), "ties": get_args(Ties),
    "missing": get_args(MissingPolicy), "negative_base": get_args(NegativeBase),
}  # fmt: skip
_WIDTH: Final = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?\Z")
_RULE_KEYS: Final = {
    "id", "kind", "strength", "equation", "optional", "label", "reason", "source", "scope", "convention", "when",
    "least_parts", "status", "example",
}  # fmt: skip
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
    return read_pack(files(_PACKS).joinpath(f"{text}.toml").read_text(encoding="utf-8"), where=f"{text}.toml")


def read_pack(text: str, *, where: str = "pack") -> Pack:
    """Read the text of a pack.

    Raises:
        RuleError: As `load_pack`.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{where} is not TOML: {error}") from error
    _known(data, {"pack", "convention", "rule"}, where)
    _needed(data, ("pack", "rule"), where)
    _known(data["pack"], {"name", "version"}, f"{where}: pack")
    _needed(data["pack"], ("name", "version"), f"{where}: pack")
    name = _text(data["pack"]["name"], f"{where}: pack: name")
    version = _text(data["pack"]["version"], f"{where}: pack: version")
    pack_convention = _convention(data.get("convention", {}), Convention(), f"{where}: convention")
    rules = tuple(_rule(entry, name, pack_convention, where) for entry in _tables(data["rule"], where, "rule"))
    ids = [rule.id for rule in rules]
    if twice := sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1}):
        raise RuleError(f"{where}: rule id given twice: {', '.join(twice)}")
    return Pack(name, version, rules)


def _rule(entry: Any, pack: str, pack_convention: Convention, where: str) -> Rule:
    place = f"{where}: rule {entry.get('id', '?') if isinstance(entry, Mapping) else '?'}"
    _known(entry, _RULE_KEYS, place)
    _needed(entry, _RULE_NEEDS, place)
    label = entry["label"]
    _known(label, set(_LOCALES), f"{place}: label")
    _needed(label, _LOCALES, f"{place}: label")
    convention = _convention(entry.get("convention", {}), pack_convention, f"{place}: convention")
    rule_id = _text(entry["id"], f"{place}: id")
    if not rule_id.startswith(f"{pack}/"):
        raise RuleError(
            f"{place}: ids of this pack begin with {pack!r} and a slash: {pack}/{rule_id.rpartition('/')[2]}"
        )
    equation = _equation(entry["equation"], place)
    when = _condition(entry["when"], place) if "when" in entry else None
    named = {name.label: name for form in (equation, when) if form is not None for name in form.names()}
    return Rule(
        id=rule_id,
        kind=_text(entry["kind"], f"{place}: kind"),
        strength=_choice(entry["strength"], get_args(Strength), f"{place}: strength"),
        equation=equation,
        optional=_optional(entry.get("optional", []), equation, f"{place}: optional"),
        label={locale: _text(words, f"{place}: label") for locale, words in label.items()},
        reason=_text(entry["reason"], f"{place}: reason"),
        source=_text(entry["source"], f"{place}: source"),
        scope=_scope(entry.get("scope", {}), f"{place}: scope"),
        convention=convention,
        when=when,
        least_parts=_number(entry.get("least_parts", 1), f"{place}: least_parts"),
        status=_choice(entry.get("status", "stable"), ("stable", "preview"), f"{place}: status"),
        examples=tuple(
            _example(example, named, f"{place}: example")
            for example in _tables(entry.get("example", []), place, "rule.example")
        ),
    )


def _equation(text: Any, place: str) -> Equation:
    written = _text(text, f"{place}: equation")
    try:
        return parse_equation(written)
    except RuleError as error:
        raise RuleError(f"{place}: {error.message}") from error


def _condition(text: Any, place: str) -> Equation:
    condition = _equation(text, f"{place}: when")
    if not isinstance(condition.right, Linear):
        raise RuleError(f"{place}: when: a condition compares sums of figures, without a quotient")
    return condition


def _optional(labels: Any, equation: Equation, place: str) -> tuple[str, ...]:
    """Labels that need not be printed, as the equation names them: a misspelt one would never count."""
    named = {canonical_label(name.label): name.label for name in equation.names()}
    found = []
    for label in _texts(labels, place):
        if canonical_label(label) not in named:
            raise RuleError(f"{place}: the equation does not name {label!r}; {nearest(label, named.values())}")
        found.append(named[canonical_label(label)])
    return tuple(found)


def _scope(table: Any, place: str) -> Scope:
    _known(table, {"phase", "fund", "table", "first_year", "last_year"}, place)
    return Scope(
        tuple(
            _choice(phase, get_args(Phase), f"{place}: phase")
            for phase in _texts(table.get("phase", []), f"{place}: phase")
        ),
        tuple(
            _choice(fund, get_args(Fund), f"{place}: fund") for fund in _texts(table.get("fund", []), f"{place}: fund")
        ),
        tuple(_texts(table.get("table", []), f"{place}: table")),
        (_year(table, "first_year", place), _year(table, "last_year", place)),
    )


def _year(table: Mapping[str, Any], key: str, place: str) -> int | None:
    return _number(table[key], f"{place}: {key}") if key in table else None


def _convention(table: Any, base: Convention, place: str) -> Convention:
    _known(table, {field.name for field in fields(Convention)}, place)
    given = {field.name: getattr(base, field.name) for field in fields(Convention)}
    for key, value in table.items():
        given[key] = (
            _choice(value, _CHOICES[key], f"{place}: {key}") if key in _CHOICES else _width(value, f"{place}: {key}")
        )
    return Convention(**given)


def _width(value: Any, place: str) -> str:
    """A number from 0 on, as text: `exact_below`, `tolerance`."""
    text = _text(value, place)
    if not _WIDTH.match(text):
        raise RuleError(f'{place}: expected a number from 0 on in quotes, such as "0.01", not {value!r}')
    return text


def _example(table: Any, named: Mapping[str, Name], place: str) -> Example:
    _known(table, {"figures", "verdict"}, place)
    _needed(table, ("figures", "verdict"), place)
    figures = table["figures"]
    if not isinstance(figures, Mapping) or not all(isinstance(value, str) for value in figures.values()):
        raise RuleError(f'{place}: figures are strings, so that printed zeros survive: {{ "基本支出" = "246.79" }}')
    given = {_example_name(key, named, place): value for key, value in figures.items()}
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


def _tables(value: Any, place: str, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise RuleError(f"{place}: write each one as a table of its own, [[{key}]]")
    return value


def _known(table: Any, keys: set[str], place: str) -> None:
    if not isinstance(table, Mapping):
        raise RuleError(f"{place}: expected a table")
    for key in table:
        if key not in keys:
            raise RuleError(f"{place}: the key {key!r} is not known; {nearest(key, keys)}")


def _needed(table: Mapping[str, Any], keys: tuple[str, ...], place: str) -> None:
    if missing := [key for key in keys if key not in table]:
        raise RuleError(f"{place}: missing {', '.join(missing)}")


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{place}: expected text in quotes, not {value!r}")
    return value


def _texts(value: Any, place: str) -> list[str]:
    if not isinstance(value, list):
        raise RuleError(f"{place}: expected a list of texts")
    return [_text(item, place) for item in value]


def _number(value: Any, place: str) -> int:
    if type(value) is not int or value < 1:
        raise RuleError(f"{place}: expected a whole number from 1, not {value!r}")
    return value


def _choice(value: Any, choices: tuple[str, ...], place: str) -> Any:
    if value not in choices:
        raise RuleError(f"{place}: {value!r} is not one of {', '.join(choices)}")
    return value
