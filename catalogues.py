"""Message catalogues: take the sentences from the source, merge them into the three .po files, compile them.

`make catalogues` runs this after a sentence was added or reworded. New sentences come in without a translation and are
named on the way out; sentences that no longer stand in the source go; nothing is guessed from similar ones. The English
catalogue repeats the source, so that a translator has an example of every sentence in use.

Compiling alone (`compiled`) is what the build hook does whenever the package is built or installed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent
SOURCE = ROOT / "src" / "budgetaudit"
LOCALES = ("zh_Hans", "zh_Hant", "en")
# Which argument of which function is a sentence; two arguments are singular and plural.
KEYWORDS = {"N_": None, "NN_": (1, 2), "_kind": (2,), "say": (1,), "say_count": (1, 2)}
_HEADER = """\
# Sentences of budgetaudit. `make catalogues` adds new ones and drops those that are gone; the translations are
# written by hand, except in English, which repeats the source.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def catalogue_file(locale: str, root: Path = ROOT) -> Path:
    """Where the catalogue of a language lies."""
    return root / "src" / "budgetaudit" / "locales" / locale / "LC_MESSAGES" / "budgetaudit.po"


def extracted() -> Catalog:
    """Every sentence of the source, in its order, with the module it stands in."""
    found = Catalog()
    for file, _, sentence, _, _ in sorted(
        extract_from_dir(SOURCE, [("**.py", "python")], keywords=KEYWORDS), key=lambda entry: (entry[0], entry[1])
    ):
        found.add(sentence, locations=[(file, None)])
    return found


def read(po: Path) -> Catalog:
    """A catalogue as it is kept."""
    with po.open("rb") as source:
        return read_po(source, locale=po.parents[1].name, abort_invalid=True)


def merged(sentences: Catalog, known: Catalog, locale: str) -> Catalog:
    """The sentences with the translations that are known; English is its own translation."""
    catalogue = Catalog(locale=locale)
    for sentence in sentences:
        if sentence.id:
            old = known.get(sentence.id if isinstance(sentence.id, str) else sentence.id[0])
            kept = old.string if old is not None and old.id == sentence.id else None
            catalogue.add(sentence.id, sentence.id if locale == "en" else kept, sentence.locations)
    return catalogue


def written(catalogue: Catalog, po: Path) -> None:
    """Write a catalogue without dates and line numbers, so that a diff shows sentences only."""
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as target:
        target.write(_HEADER.format(locale=catalogue.locale, plurals=catalogue.plural_forms).encode())
        write_po(target, catalogue, width=0, omit_header=True, include_lineno=False)


def compiled(po: Path) -> None:
    """Write the .mo beside a .po; the standard library's gettext reads it."""
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, read(po))


def untranslated(catalogue: Catalog) -> list[Message]:
    """The sentences that have no translation yet."""
    return [message for message in catalogue if message.id and not (message.string and all(_forms(message)))]


def placeholders(text: str) -> set[str]:
    """The named fields of a sentence."""
    return set(re.findall(r"\{(\w+)\}", text))


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def main() -> int:
    """Extract, merge, compile; 1 if a sentence waits for its translation."""
    sentences, waiting = extracted(), 0
    for locale in LOCALES:
        po = catalogue_file(locale)
        catalogue = merged(sentences, read(po) if po.exists() else Catalog(locale=locale), locale)
        written(catalogue, po)
        compiled(po)
        for message in untranslated(catalogue):
            waiting += 1
            sys.stderr.write(f"{locale}: not translated: {message.id}\n")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
