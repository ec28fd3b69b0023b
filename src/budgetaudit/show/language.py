"""Languages: which of the three catalogues speaks, and the sentences it holds.

English sentences stand in the source, marked `N_` where they are data; the catalogues in `locales` are keyed by them and
compiled when the package is built (`hatch_build.py`), so that the standard library's gettext is all that runs here.

This module knows nothing about findings: which sentence a finding needs is decided in `messages`.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from budgetaudit.errors import BudgetAuditError

LOCALES: Final = ("zh_Hans", "zh_Hant", "en")
_CATALOGUES: Final = Path(__file__).parents[1] / "locales"
_HANT_TERRITORIES: Final = frozenset({"TW", "HK", "MO"})


def language(tag: str | None = None) -> str:
    """The catalogue that serves a locale tag: `zh_TW.UTF-8`, `zh-Hant-HK` and `zh_Hant` are all served by `zh_Hant`.

    Args:
        tag: A locale tag with `_` or `-`; None is English.

    Raises:
        BudgetAuditError: No catalogue speaks that language.

    >>> language("zh_CN.UTF-8"), language("zh-TW"), language("C"), language()
    ('zh_Hans', 'zh_Hant', 'en', 'en')
    """
    if tag is None:
        return "en"
    subtags = tag.partition(".")[0].partition("@")[0].replace("-", "_").split("_")
    rest = {subtag.upper() for subtag in subtags[1:]}
    match subtags[0].lower():
        case "zh" if "HANT" in rest or ("HANS" not in rest and rest & _HANT_TERRITORIES):
            return "zh_Hant"
        case "zh":
            return "zh_Hans"
        case "en" | "c" | "posix":
            return "en"
        case _:
            raise BudgetAuditError(f"no catalogue speaks {tag!r}", hint=f"the catalogues are {', '.join(LOCALES)}")


def environment_language(environ: Mapping[str, str] = os.environ) -> str:
    """The catalogue that the environment asks for (LC_ALL, LC_MESSAGES, LANG, in this order), else English."""
    asked = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), None)
    try:
        return language(asked)
    except BudgetAuditError:
        return "en"


@lru_cache(maxsize=len(LOCALES))
def catalogue(locale: str) -> gettext.NullTranslations:
    """The sentences of one language, loaded once.

    Raises:
        BudgetAuditError: The language is unknown, or its catalogue was not compiled.
    """
    name = language(locale)
    try:
        return gettext.translation("budgetaudit", _CATALOGUES, [name])
    except FileNotFoundError:
        if name == "en":  # the sentences in the source are English
            return gettext.NullTranslations()
        raise BudgetAuditError(
            f"the message catalogue {name} is not compiled",
            hint="reinstall the package, or in a checkout: make catalogues",
        ) from None


def say(message: str, locale: str, **fields: str) -> str:
    """The sentence in that language, its named fields filled in."""
    sentence = catalogue(locale).gettext(message) if message else ""
    return sentence.format_map(fields) if fields else sentence


def say_count(one: str, other: str, number: int, locale: str, **fields: str) -> str:
    """The sentence that fits a number: `{n}` is the number, further named fields are filled in."""
    return catalogue(locale).ngettext(one, other, number).format(n=number, **fields)
