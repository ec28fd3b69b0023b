"""Encodings: from bytes to characters, or a question; never a guess that turns figures into nonsense.

UTF-8 and byte-order marks speak for themselves. Older Chinese files are GB18030 or Big5, and neither decoder can tell:
GB18030 decodes Big5 bytes without an error into characters nobody uses. So every candidate decodes strictly, and the
result must look like Chinese prose: a good part of its characters are among the few hundred that fill half of every
official text, simplified or traditional. If two candidates look right, or the file is too short to say, the caller is
asked for the encoding.

Formats that are no text at all (PDF, workbooks, images) are named, so that the error says what the file is.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from budgetaudit.errors import UnreadableInput

# The mark of UTF-32 begins like that of UTF-16 and is tried first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CANDIDATES: Final = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_SHIFTED: Final = re.compile(rb"\x1b[$(][@A-J]|\x1b\$\)")  # ISO 2022: ASCII bytes that stand for other characters
_CONTROLS: Final = re.compile("[\x80-\x84\x86-\x9f]")
_SHORTEST: Final = 100  # bytes; below, detection by frequency is a guess
_FEWEST: Final = 10  # different Chinese characters; an accented letter of French and the letter behind it can be one
_SAMPLE: Final = 65_536

_CHINESE: Final = frozenset(map(chr, range(0x4E00, 0xA000)))

# (first bytes, what the file is)
_FORMATS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office document (.xlsx, .docx)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.xls, .doc)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)  # fmt: skip

# The characters that make up half of Chinese official prose, in both scripts.
_FREQUENT: Final = frozenset(
    "的一是不了在人有我这中来上大为和国地到以说时要就出会可也对生能而子于自之年过发后作里用道行所然家种事成方多经么去法学如都同"
    "现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东"
    "声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直"
    "预算决支收万元财拨款费基项共服社保障就增减占其主要原一般资金单位运用车购置接待采完办公室县区镇府局委院中心绩效评价情况说明"
    "這來為國說時會對過發後裡經麼學現當沒動還進樣開從實軍與長機關點業將兩間問並應戰頭體見產話員總電數報結"
    "預決財撥費項務會險就減佔車購採辦縣區鎮評價績況說單萬億"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters and the encoding they came in."""

    text: str
    encoding: str


def decode(data: bytes, *, encoding: str | None = None, name: str = "input") -> Decoded:
    """The characters of a file.

    Args:
        data: The bytes.
        encoding: The encoding if the caller knows it (a Python codec name); found out otherwise.
        name: What to call the file in errors.

    Raises:
        UnreadableInput: The bytes are no text, not valid in the named encoding, or fit no encoding (or several) well.

    >>> decode("年度预算金额677.41万元".encode()).encoding
    'utf-8'
    """
    _refuse_other_formats(data, name)
    if encoding is not None:
        return Decoded(_as_told(data, encoding, name), encoding)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Decoded(_as_told(data, codec, name), codec)
    if _SHIFTED.search(data):
        raise UnreadableInput(
            f"{name} is in a shifted encoding (ISO 2022)", hint="say encoding='iso2022_jp', 'iso2022_kr' or another"
        )
    if (text := _strictly(data, "utf-8")) is not None and "\x00" not in text and not _by_accident(text, data):
        return Decoded(text, "utf-8")
    return _most_plausible(data, name)


def _refuse_other_formats(data: bytes, name: str) -> None:
    for first, what in _FORMATS:
        if data.startswith(first):
            raise UnreadableInput(
                f"{name} is {what}, which is not read as prose", hint="pass its text: .txt, .md, a str or bytes of text"
            )


def _as_told(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except (LookupError, TypeError) as unknown:
        raise UnreadableInput(
            f"no encoding is called {encoding!r}", hint="use a name such as utf-8, gb18030, big5 or utf-16"
        ) from unknown
    except UnicodeError as damaged:
        raise UnreadableInput(
            f"{name} is not valid {encoding}: {damaged}", hint="try encoding='gb18030' or 'big5'"
        ) from damaged
    except ValueError as unknown:  # a name with a NUL in it
        raise UnreadableInput(f"no encoding is called {encoding!r}") from unknown
    return text.removeprefix("\ufeff")  # a signature is no part of the text


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _by_accident(text: str, data: bytes) -> bool:
    """Whether a few Chinese characters happen to be valid UTF-8: 一元 in GB18030 reads as Cyrillic and Armenian.

    Accented letters within a word of ASCII letters are what they look like; no text holds the controls above ASCII.
    """
    if _CONTROLS.search(text):
        return True
    beyond = max(text[:_SAMPLE], default="")
    if not "\x7f" < beyond < "\u0800" or (beyond < "\u0100" and re.search("[A-Za-z]", text)):
        return False
    readings = (_strictly(data, codec) for codec in _CANDIDATES[:2])
    return any(reading is not None and _plausibility(reading[:_SAMPLE]) == 100 for reading in readings)


def _most_plausible(data: bytes, name: str) -> Decoded:
    found = [
        (_plausibility(text[:_SAMPLE]), codec, text)
        for codec in _CANDIDATES
        if (text := _strictly(data, codec)) is not None
    ]
    found.sort(key=lambda candidate: candidate[0], reverse=True)
    best = found[0] if found else (0, "", "")
    second = found[1][0] if len(found) > 1 else 0
    # Real prose scores 45 to 75 per cent, the same bytes in a wrong encoding below 15.
    if best[0] >= 30 and best[0] >= 2 * second:
        if len(data) < _SHORTEST or len(_CHINESE.intersection(best[2][:_SAMPLE])) < _FEWEST:
            raise UnreadableInput(
                f"{name} holds too little Chinese text to tell its encoding",
                hint=f"say encoding={best[1]!r} if that is it",
            )
        return Decoded(best[2], best[1])
    if b"\x00" in data[:_SAMPLE]:
        raise UnreadableInput(f"{name} is binary, not text", hint="pass .txt, .md, a str, or a DataFrame")
    raise UnreadableInput(
        f"the encoding of {name} is not clear (it is not UTF-8)",
        hint="say encoding='gb18030', 'big5' or another, or save the file as UTF-8",
    )


def _plausibility(text: str) -> int:
    """How many per cent of the Chinese characters are frequent ones; characters that prose has no use for count against."""
    chinese = frequent = odd = 0
    for character in text:
        if character in _CHINESE:
            chinese += 1
            frequent += character in _FREQUENT
        elif not _is_ordinary(character):
            odd += 1
    return 100 * frequent // (chinese + 4 * odd) if chinese else 0


def _is_ordinary(character: str) -> bool:
    """ASCII, Western and Chinese punctuation, full-width forms, symbols of lists and units."""
    return (
        character in "\t\n\r\f"
        or " " <= character < "\u0250"
        or "\u2000" <= character < "\u2700"
        or "\u3000" <= character <= "\u303f"
        or "\uff00" <= character <= "\uff60"
        or "\uffe0" <= character <= "\uffe6"
    )
