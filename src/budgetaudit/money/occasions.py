"""Occasions: what a number in running text is when it is not an amount.

Years, dates, document numbers, list numbers, telephone numbers, codes, page numbers and thresholds look like amounts to
a pattern for digits. Each is known by what stands right before and right after it, at most 24 characters either way; the
two tables below are the whole knowledge, and the first character on either side says which rows are worth trying. When a
unit stands at the number, amount wins over code: a lost amount is worse than an amount too many, and the reader still
decides what to do with it.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from budgetaudit.money.digits import opens_item

Kind = Literal[
    "amount", "year", "date", "ordinal", "document-number", "phone", "code", "threshold", "range-part", "other"
]

REACH: Final = 24
_YEAR: Final = re.compile(r"(?:19[4-9]|20[0-9])[0-9]")
_MINGUO: Final = re.compile(r"(?:[89]|1[0-3])[0-9]")  # years of the Republic, 80 (1991) to 139
_S: Final = r"[ \t\u00a0]{0,3}"
_DASH: Final = r"[-−–—~～至到]"
_OPEN: Final = r"[(\[〔【﹝［<《]"
_CLOSE: Final = r"[)\]〕】﹞］>》]"
_CODE_WORDS: Final = (
    r"(?:[编代号账帐]\s?码|[编账帐证工文序批货学户]\s?号|(?:标识|识别|登记|备案|许可证?|信用|邮政|索引|统一)[编代]?[码号]|代码|索\s?引\s?号|邮编|I[CD]P备)"
    r"(?:为|是)?\s{0,2}:?\s{0,4}"
)
_PHONE_WORDS: Final = r"(?:电话|热线|传真|手机|联系方式|[Tt]el|TEL|[Ff]ax)(?:为|是)?\.?\s{0,2}:?\s{0,3}[(]?"


class _Row(NamedTuple):
    """A kind and what must stand around the number (None: it does not matter)."""

    kind: Kind
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    only: re.Pattern[str] | None = None  # only such digits
    longest: int = 40  # only numbers of at most so many characters
    despite_unit: bool = True  # also if a unit stands at the number

    def fits(self, text: str, start: int, end: int) -> bool:
        if self.after is not None and self.after.match(text, end, end + REACH) is None:
            return False
        return self.before is None or self.before.search(text, max(0, start - REACH), start) is not None


def _row(
    kind: Kind,
    before: str | None,
    after: str | None,
    *,
    only: re.Pattern[str] | None = None,
    longest: int = 40,
    despite_unit: bool = True,
) -> _Row:
    ahead = re.compile(f"(?:{before})\\Z") if before else None
    return _Row(kind, ahead, re.compile(after) if after else None, only, longest, despite_unit)


def _table(*entries: tuple[str, _Row]) -> dict[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for characters, row in entries:
        for character in characters:
            found.setdefault(character, []).append(row)
    return {character: tuple(rows) for character, rows in found.items()}


# fmt: off
# Under the first character behind the number (blanks skipped).
_BEHIND: Final = _table(
    # 2018年12月, 2018-06-29, 2018/6/29; the day and the month have rows of their own.
    ("年", _row("date", None, rf"{_S}年{_S}[01]?[0-9]{_S}月", only=_YEAR)),
    ("-/.", _row("date", None, rf"{_S}[-/.]{_S}[01]?[0-9]{_S}[-/.]{_S}[0-3]?[0-9](?![0-9])", only=_YEAR)),
    # 2018年, “2018”年, 2018财年, 2018-2020年, 2017、2018年.
    ("年财会学Ff”\"'’」』", _row("year", None, r"[”\"'’」』]?\s{0,3}(?:年|财年|财政年|会计年|学年|[Ff][Yy])", only=_YEAR)),
    ("-−–—~～至到", _row("year", None, rf"{_S}{_DASH}{_S}(?:19|20)?[0-9]{{2}}(?![0-9.,]){_S}(?:年|\Z|[^0-9万亿元%])", only=_YEAR)),
    ("、,和及与", _row("year", None, rf"{_S}[、,和及与]{_S}(?:(?:19|20)[0-9]{{2}}{_S}[、,和及与]{_S}){{0,2}}(?:19|20)[0-9]{{2}}{_S}年", only=_YEAR)),
    ("度", _row("year", None, rf"{_S}度(?![电假汛])", only=_YEAR)),
    ("/", _row("year", None, rf"/[0-9]{{2}}{_S}年", only=_YEAR)),
    ("卷版级", _row("year", None, r"[卷版级]", only=_YEAR)),
    # 民国103年, 115年, 103年度, 105及107年度, 17年末.
    ("年", _row("year", r"\A|[^前近后约满]", rf"{_S}年(?![以内间前后])", only=re.compile(r"1[0-3][0-9]"))),
    ("、,及和与至-~", _row("year", None, rf"{_S}[、,及和与至~-]{_S}(?:[0-9]{{2,3}}{_S}[、,及和与至~-]{_S}){{0,3}}[0-9]{{2,3}}{_S}年度", only=_MINGUO)),
    ("年", _row("year", r"民国", r"年", longest=3)),
    ("年", _row("date", None, rf"{_S}年{_S}[01]?[0-9]{_S}月{_S}[0-3]?[0-9]{_S}日", longest=3)),
    ("年", _row("year", None, rf"{_S}年(?:度|初|末|底|同期|预算|决算)", longest=3)),
    ("年", _row("date", None, r"年代")),
    # 〔2018〕34号, 财预53号; 30号, 5号楼.
    ("号", _row("document-number", rf"{_CLOSE}{_S}第?{_S}|[发函字文办函令预财]第?{_S}", rf"{_S}号")),
    ("号", _row("ordinal", None, rf"{_S}号(?!码)")),
    # 8月, 8月份, 1-8月, 12月31日, 第3季度, 5日.
    ("月", _row("date", None, rf"{_S}月(?!租金)", longest=2)),
    ("-−–—~～至到", _row("date", None, rf"{_S}{_DASH}{_S}1?[0-9]{_S}月", longest=2)),
    ("日", _row("date", None, rf"{_S}日(?![元均])", longest=8)),
    ("-−–—~～至到", _row("date", rf"月{_S}", rf"{_S}{_DASH}{_S}[1-3]?[0-9]{_S}日", longest=2)),
    ("周", _row("ordinal", None, rf"{_S}周年")),
    ("季", _row("date", None, rf"{_S}季度", longest=1)),
    # 10:24, 10时30分; other colons are ratios.
    (":", _row("date", None, r":[0-5][0-9](?![0-9.%])", longest=2)),
    ("时", _row("date", None, rf"{_S}时(?:[0-5]?[0-9]{_S}分|[^间期])?", longest=2)),
    (":", _row("ordinal", r"(?:目标|任务|指标|项目|问题|措施|建议|附件|步骤|[表图])", r":", longest=2, despite_unit=False)),
    (":", _row("other", None, r":[0-9]", despite_unit=False)),
    (":", _row("ordinal", r"[\u4e00-\u9fff]", r":", longest=2, despite_unit=False)),
    # 1/3; 12 of 30 pages.
    ("/", _row("other", r"\A|[^/]", r"/[0-9]", despite_unit=False)),
    ("表", _row("ordinal", rf"公开{_S}", rf"{_S}表")),
    # 1+X, 219-县医院, 12345热线.
    ("+", _row("other", None, r"\+[0-9A-Za-z]", despite_unit=False)),
    ("-", _row("code", None, r"-[\u4e00-\u9fff]", despite_unit=False)),
    ("政便民热服平", _row("code", None, r"(?:政务|政府|便民|服务|民生){0,3}(?:热线|平台)", despite_unit=False)),
)
# Under the last character before the number (blanks skipped).
_AHEAD: Final = _table(
    ("〔﹝[【", _row("document-number", rf"[〔﹝\[【]{_S}", None, only=_YEAR)),
    ("(<《［", _row("document-number", rf"{_OPEN}{_S}", rf"{_S}{_CLOSE}{_S}第?{_S}[0-9]{{1,5}}{_S}号", only=_YEAR)),
    ("(<《［", _row("year", rf"{_OPEN}{_S}", rf"{_S}{_CLOSE}", only=_YEAR)),
    ("-−–—~～至到", _row("year", rf"(?:19|20)[0-9]{{2}}{_S}年?{_S}{_DASH}{_S}", rf"{_S}(?![0-9.万亿元个%])", only=_YEAR)),
    ("第", _row("ordinal", rf"第{_S}", None)),
    ("年", _row("date", rf"[0-9]{_S}年{_S}", rf"{_S}月", longest=2)),
    ("-/.", _row("date", rf"(?:19|20)[0-9]{{2}}{_S}[-/.]{_S}(?:[0-9]{{1,2}}{_S}[-/.]{_S})?", r"(?![0-9万亿元%])", longest=2)),
    (":", _row("date", r"[0-9]:", r"(?![0-9.%])", longest=2, despite_unit=False)),
    (":", _row("other", r"[0-9]:", None, despite_unit=False)),
    ("时点", _row("date", rf"[0-9]{_S}[时点]", rf"{_S}分", longest=2)),
    ("/", _row("other", r"[0-9]/", None, despite_unit=False)),
    ("话线真机式lLxX:为是.(\n", _row("phone", _PHONE_WORDS, None, despite_unit=False)),
    ("码号编备:为是\n", _row("code", _CODE_WORDS, None, despite_unit=False)),
    (")", _row("phone", r"\(0[0-9]{2,3}\)[ \t]{0,2}", r"(?![0-9])", despite_unit=False)),
    ("(", _row("other", r"(?:\.{3}|[…·]{2})\s?\(", r"\)", longest=3, despite_unit=False)),
    (".…·-_", _row("other", r"(?:\.{3}|[…·]{1,3}|-{4}|_{4})\s{0,4}", None, despite_unit=False)),
    ("-—–", _row("other", r"(?:\A|\n)[ \t]{0,8}[-—–]{1,2}[ \t]{0,3}", r"[ \t]{0,3}[-—–]{1,2}[ \t]{0,8}(?:\s|\Z)", longest=4)),
    ("目", _row("code", rf"[总分]目{_S}", None, despite_unit=False)),
    ("表图件录栏", _row("ordinal", r"(?:附?[表图]|附件|附录|专栏)" + _S, r"(?![0-9.])", longest=2, despite_unit=False)),
    ("[〔【", _row("other", r"[\[〔【]", r"[\]〕】]", longest=3, despite_unit=False)),
    ("+", _row("other", r"[0-9A-Za-z]\+", None, despite_unit=False)),
    (":期", _row("date", rf"日期{_S}:?{_S}", None, longest=8, despite_unit=False)),
    ("≥≤><", _row("threshold", rf"[≥≤><]=?{_S}", r"(?!.{0,3}<)")),
)
# fmt: on
_BLANK: Final = " \t\u00a0"
_ITEM_MARK: Final = re.compile(r"[ \t]{0,2}(?:[、)]|\.(?![0-9])|,(?=[^0-9]))")
# Classes of the functional and economic classifications.
_CODE_CLASSES: Final = frozenset(
    str(number) for number in (*range(201, 235), *range(301, 314), 399, *range(501, 515), 599)
)
_CODE_IN_BRACKETS: Final = re.compile(r"\([0-9 \t]{0,12}\Z"), re.compile(r"[ \t]?(?:[0-9 \t]{0,12})?[类款项]?\)")
# （204类）公共安全支出（06款）司法（99项）
_CLASS_IN_BRACKETS: Final = re.compile(r"[0-9][类款]\)[^()\n]{1,18}\(\Z")
_ITEM_IN_BRACKETS: Final = re.compile(r"[款项]\)")
_CLOSED: Final = re.compile(r"[ \t]?\)(?=[^\s,。;、)])")
_COMMA_MARK: Final = re.compile(r"[ \t]?、(?![0-9 ])")
_CHINESE: Final = re.compile(r"[ \t]{0,4}[\u4e00-\u9fff]")
_SECTION: Final = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
_QUOTES: Final = frozenset('“”"「」『』‘’')
# Codes in cells of their own: 201 03 01 行政运行.
_CODE_BEFORE: Final = re.compile(r"(?:\A|\n)[ \t]{0,8}[235][0-9]{2}[ \t]{1,4}(?:[0-9]{2}[ \t]{1,4})?\Z")
_CELLS_BEHIND: Final = re.compile(r"(?:[ \t]{1,4}[0-9]{2}){0,2}(?:[ \t]{1,24}|[ \t]{0,8}\n[ \t]{0,24})[\u4e00-\u9fff]")
_ROW_START: Final = re.compile(r"(?:\A|\n)[ \t]{0,8}(?:[0-9]{2,3}[ \t]{1,4}){0,2}\Z")
_ROW_LABEL: Final = re.compile(r"[ \t]{1,24}[\u4e00-\u9fff]|[ \t]{0,8}\n[ \t]{0,24}[\u4e00-\u9fff]")
_AREA_CODE: Final = re.compile(r"0[0-9]{2,3}[ \t]?[-—–]?[ \t]?\Z")
_TELEPHONE: Final = re.compile(r"[ \t]?[-—–)][ \t]?[0-9]{7,8}(?![0-9])")
_AMOUNT_WORDS: Final = frozenset("为是达计共额款入出加少")  # what 2000 must follow to be no year


def occasion(text: str, start: int, end: int, *, unit: bool) -> Kind | None:
    """What the digits from `start` to `end` of folded text are, if what stands around them shows that they are no amount.

    `unit` says whether a unit stands at the number.
    """
    year = end - start == 4 and _YEAR.fullmatch(text, start, end) is not None
    before, after = start - 1, end
    while before > start - 4 and before >= 0 and text[before] in _BLANK:
        before -= 1
    while after < end + 3 and after < len(text) and text[after] in _BLANK:
        after += 1
    ahead = text[before] if before >= 0 else ""
    rows = (*_BEHIND.get(text[after : after + 1], ()), *_AHEAD.get(ahead, ()))
    for row in rows:
        if end - start > row.longest or (unit and not row.despite_unit):
            continue
        if (row.only is None or row.only.fullmatch(text, start, end)) and row.fits(text, start, end):
            return row.kind
    digits = text[start:end]
    if digits.isdecimal() and text[end : end + 1] in {"类", "款"} and digits[:3] in _CODE_CLASSES:
        return "code"
    if _ITEM_IN_BRACKETS.match(text, end) and _CLASS_IN_BRACKETS.search(text, max(0, start - REACH), start):
        return "code"
    if unit:
        return None
    kind = _code(text, start, end)
    if kind is None and digits.isdecimal():
        kind = _whole(text, start, end, digits)
        return "year" if kind is None and year and ahead not in _AMOUNT_WORDS else kind
    if kind is None and _SECTION.fullmatch(digits) and opens_item(text, start) and _CHINESE.match(text, end):
        return "ordinal"
    return kind


def _code(text: str, start: int, end: int) -> Kind | None:
    """Letters, underlines and quotation marks make a code of any number without unit; only a quoted 0 is a zero.

    “12345”热线 is a code, “211工程” a name.
    """
    ahead, behind = text[start - 1 : start], text[end : end + 1]
    if ahead.isascii() and (ahead.isalpha() or ahead == "_"):
        return "code"
    if behind.isascii() and (behind.isalpha() or behind in {"_", "@"}):
        return "code"
    if ahead == "-" and text[max(0, start - 2) : start - 1].isascii() and text[max(0, start - 2) : start - 1].isalpha():
        return "code"
    if ahead in _QUOTES and (behind in _QUOTES or "\u4e00" <= behind <= "\u9fff") and text[start:end].strip("0."):
        return "code"
    return None


def _whole(text: str, start: int, end: int, digits: str) -> Kind | None:
    """Occasions of whole numbers without a unit: list numbers, telephone numbers, codes of classifications."""
    ahead = text[start - 1 : start]
    if len(digits) <= 3 and _is_list_number(text, start, end):
        return "ordinal"
    if len(digits) >= 7 and _AREA_CODE.search(text, max(0, start - REACH), start):
        return "phone"
    if digits[0] == "0" and _TELEPHONE.match(text, end):
        return "phone"
    if len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
        return "phone"
    if len(digits) > 1 and digits[0] == "0":
        return "code"
    if len(digits) == 2 and _CODE_BEFORE.search(text, max(0, start - REACH), start) and _CELLS_BEHIND.match(text, end):
        return "code"
    if len(digits) not in {3, 5, 7}:
        return None
    known = digits[:3] in _CODE_CLASSES
    if (
        known
        and _CODE_IN_BRACKETS[0].search(text, max(0, start - REACH), start)
        and _CODE_IN_BRACKETS[1].match(text, end)
    ):
        return "code"
    known = known and len(digits) > 3
    if known and "\u4e00" <= text[end : end + 1] <= "\u9fff":  # 2010301行政运行
        return "code"
    known = known and (not ahead or ahead.isspace())
    if known or _ROW_START.search(text, max(0, start - REACH), start):
        cells = _CELLS_BEHIND if digits in _CODE_CLASSES else _ROW_LABEL
        return "code" if cells.match(text, end) else None
    return None


def _is_list_number(text: str, start: int, end: int) -> bool:
    """`2、`, `3.`, `(4)`, and a short number at the start of a line before words."""
    ahead, short = text[start - 1 : start], end - start <= 2
    if (
        ahead == "("
        and short
        and (_CLOSED.match(text, end) or (text[end : end + 1] == ")" and opens_item(text, start - 1)))
    ):
        return True
    if opens_item(text, start):
        label = short and text[end : end + 1] in _BLANK and _CHINESE.match(text, end)
        return bool(label or _ITEM_MARK.match(text, end))
    return short and (ahead.isspace() or ahead == ")") and bool(_COMMA_MARK.match(text, end))
