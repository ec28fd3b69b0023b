"""Rule packs: TOML files of rules, read strictly.

Every key is checked: a misspelt key that is ignored is a rule that never runs. Figures in examples are strings, so that
trailing zeros survive; bare TOML floats are refused. What a pack means is in `rule`; choosing among packs in `ruleset`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, get_args

from budgetaudit.errors import RuleError, nearest
from budgetaudit.model.line import Fund, Phase
from budgetaudit.money.interval import Rounding, Ties
from budgetaudit.rules.parse import parse_equation
from budgetaudit.rules.rule import (
    Convention, Example, MissingPolicy, NegativeBase, Rule, Scope, Strength, TotalsFrom,
)  # fmt: skip

_PACKS: Final = "budgetaudit.rules.packs"
_LOCALES: Final = ("zh_Hans", "zh_Hant", "en")
_VERDICTS: Final = ("exact", "rounding", "inconsistent", "undefined", "undecided")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "totals_from": get_args(TotalsFrom), "rounding": get_args(Rounding), "ties": get_args(Ties),
    "missing": get_args(MissingPolicy), "negative_base": get_args(NegativeBase),
}  # fmt: skip
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
    _known(data, {"name", "version", "convention", "rule"}, where)
    _needed(data, ("name", "version", "rule"), where)
    pack_convention = _convention(data.get("convention", {}), Convention(), f"{where}: convention")
    if not isinstance(data["rule"], list):
        raise RuleError(f"{where}: rules are written as [[rule]] tables")
    rules = tuple(_rule(entry, pack_convention, where) for entry in data["rule"])
    ids = [rule.id for rule in rules]
    if twice := sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1}):
        raise RuleError(f"{where}: rule id given twice: {', '.join(twice)}")
    return Pack(_text(data["name"], f"{where}: name"), _text(data["version"], f"{where}: version"), rules)


def _rule(entry: Any, pack_convention: Convention, where: str) -> Rule:
    place = f"{where}: rule {entry.get('id', '?') if isinstance(entry, Mapping) else '?'}"
    _known(entry, _RULE_KEYS, place)
    _needed(entry, _RULE_NEEDS, place)
    label = entry["label"]
    _known(label, set(_LOCALES), f"{place}: label")
    _needed(label, _LOCALES, f"{place}: label")
    convention = _convention(entry["convention"], pack_convention, f"{place}: convention") if "convention" in entry else None
    return Rule(
        id=_text(entry["id"], f"{place}: id"),
        kind=_text(entry["kind"], f"{place}: kind"),
        strength=_choice(entry["strength"], get_args(Strength), f"{place}: strength"),
        equation=_equation(entry["equation"], place),
        optional=tuple(_texts(entry.get("optional", []), f"{place}: optional")),
        label={locale: _text(words, f"{place}: label") for locale, words in label.items()},
        reason=_text(entry["reason"], f"{place}: reason"),
        source=_text(entry["source"], f"{place}: source"),
        scope=_scope(entry.get("scope", {}), f"{place}: scope"),
        convention=convention or pack_convention,
        when=_equation(entry["when"], place) if "when" in entry else None,
        least_parts=_number(entry.get("least_parts", 1), f"{place}: least_parts"),
        status=_choice(entry.get("status", "stable"), ("stable", "preview"), f"{place}: status"),
        examples=tuple(_example(example, f"{place}: example") for example in entry.get("example", [])),
    )


def _equation(text: Any, place: str) -> Any:
    try:
        return parse_equation(_text(text, f"{place}: equation"))
    except RuleError as error:
        raise RuleError(f"{place}: {error.message}") from error


def _scope(table: Any, place: str) -> Scope:
    _known(table, {"phase", "fund", "table", "years"}, place)
    years = table.get("years", [None, None])
    if not (isinstance(years, list) and len(years) == 2 and all(year is None or type(year) is int for year in years)):
        raise RuleError(f"{place}: years is a pair such as [2018, 2024]")
    return Scope(
        tuple(_choice(phase, get_args(Phase), f"{place}: phase") for phase in table.get("phase", [])),
        tuple(_choice(fund, get_args(Fund), f"{place}: fund") for fund in table.get("fund", [])),
        tuple(_texts(table.get("table", []), f"{place}: table")),
        (years[0], years[1]),
    )


def _convention(table: Any, base: Convention, place: str) -> Convention:
    _known(table, {field.name for field in fields(Convention)}, place)
    given = {field.name: getattr(base, field.name) for field in fields(Convention)}
    for key, value in table.items():
        given[key] = _choice(value, _CHOICES[key], f"{place}: {key}") if key in _CHOICES else _text(value, f"{place}: {key}")
    return Convention(**given)


def _example(table: Any, place: str) -> Example:
    _known(table, {"figures", "verdict"}, place)
    _needed(table, ("figures", "verdict"), place)
    figures = table["figures"]
    if not isinstance(figures, Mapping) or not all(isinstance(value, str) for value in figures.values()):
        raise RuleError(f"{place}: figures are strings, so that printed zeros survive: {{ \"基本支出\" = \"246.79\" }}")
    return Example(dict(figures), _choice(table["verdict"], _VERDICTS, f"{place}: verdict"))


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
