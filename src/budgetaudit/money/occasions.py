"""Occasions: what a number in running text is when it is not an amount.

Years, dates, document numbers, list numbers, telephone numbers, codes, page numbers and thresholds look like amounts to
a pattern for digits. Each is known by what stands right before and right after it, at most 24 characters either way; the
table below is the whole knowledge. When a unit stands at the number, amount wins over code: a lost amount is worse than
an amount too many, and the reader still decides what to do with it.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from budgetaudit.money.digits import Digits

Kind = Literal[
    "amount", "year", "date", "ordinal", "document-number", "phone", "code", "threshold", "range-part", "other"
]

REACH: Final = 24
_YEAR: Final = re.compile(r"(?:19[4-9]|20[0-9])[0-9]")
_S: Final = r"[ \t\u00a0]{0,3}"
_DASH: Final = r"[-−–—~～至到]"

# (kind, what stands before, what stands after); a pattern of None does not matter. Tried in this order.
_Check = tuple[Kind, re.Pattern[str] | None, re.Pattern[str] | None]


def _check(kind: Kind, before: str | None, after: str | None) -> _Check:
    return kind, re.compile(f"(?:{before})\\Z") if before else None, re.compile(after) if after else None


_OPEN: Final = r"[(\[〔【﹝［<《]"
_CLOSE: Final = r"[)\]〕】﹞］>》]"
_BREAK: Final = r"\s{0,3}"

# For four digits that can be a year.
_YEARS: Final[tuple[_Check, ...]] = (
    _check("document-number", r"[〔﹝\[【]" + _S, None),
    _check("document-number", _OPEN + _S, rf"{_S}{_CLOSE}{_S}第?{_S}[0-9]{{1,5}}{_S}号"),
    _check("date", None, rf"{_S}[-/.]{_S}[01]?[0-9]{_S}[-/.]{_S}[0-3]?[0-9](?![0-9])"),
    _check("date", None, rf"{_S}年{_S}[01]?[0-9]{_S}月"),
    _check("year", None, rf"[”\"'’」』]?{_BREAK}(?:年|财年|财政年|会计年|学年|[Ff][Yy])"),
    _check("year", None, rf"{_S}{_DASH}{_S}(?:19|20)?[0-9]{{2}}(?![0-9.,]){_S}(?:年|\Z|[^0-9万亿元%])"),
    _check("year", rf"(?:19|20)[0-9]{{2}}{_S}年?{_S}{_DASH}{_S}", rf"{_S}(?![0-9.万亿元个%])"),
    _check("year", rf"{_OPEN}{_S}", rf"{_S}{_CLOSE}"),
)
# For any number.
_ANY: Final[tuple[_Check, ...]] = (
    _check("document-number", rf"{_CLOSE}{_S}第?{_S}", rf"{_S}号"),
    _check("ordinal", rf"第{_S}", None),
    _check("date", rf"[0-9]{_S}年{_S}", rf"{_S}月"),
    _check("date", rf"月{_S}", rf"{_S}[日号]"),
    _check("date", None, rf"{_S}月(?!份额|租金)"),
    _check("date", rf"(?:19|20)[0-9]{{2}}{_S}[-/.]{_S}(?:[0-9]{{1,2}}{_S}[-/.]{_S})?", r"(?![0-9万亿元%])"),
    _check("date", None, rf"{_S}{_DASH}{_S}1?[0-9]{_S}月"),
    _check("date", None, r":[0-5][0-9](?![0-9])"),
    _check("date", r"[0-9]:", r"(?![0-9])"),
    _check("date", None, rf"{_S}[日](?![元均])"),
    _check("ordinal", None, rf"{_S}号(?!码)"),
    _check("phone", r"(?:电话|热线|传真|手机|[Tt]el|TEL|[Ff]ax|邮编|邮政编码)\s{0,2}[:：]?\s{0,2}[(（]?", None),
    _check("code", r"[“\"「『‘]", r"[”\"」』’]"),
    _check("other", r"(?:\.{3}|[…·]{1,3}|-{4}|_{4})\s{0,4}", None),
    _check("other", r"(?:\A|\n)[ \t]{0,8}[-—–]{1,2}[ \t]{0,3}", r"[ \t]{0,3}[-—–]{1,2}[ \t]{0,8}(?:\n|\Z)"),
)
_LIST_NUMBER: Final = re.compile(r"(?:\A|[\n。;；:：!！?？|\t][ \t]{0,8}|\n[ \t]{0,20})\Z")
_AFTER_LIST_NUMBER: Final = re.compile(r"[ \t]{0,2}(?:[、)]|\.(?![0-9])|,(?=[^0-9]))")
_IN_BRACKETS: Final = re.compile(r"\([ \t]?\Z"), re.compile(r"[ \t]?\)(?=[^\s,。;、)])")
_CODE_BRACKETS: Final = re.compile(r"\([0-9 \t]{0,12}\Z"), re.compile(r"[ \t]?(?:[0-9 \t]{0,12})?(?:[类款项])?\)")
_TELEPHONE: Final = (
    re.compile(r"0[0-9]{2,3}[ \t]?[-—–]?[ \t]?\Z"), re.compile(r"[ \t]?[-—–][ \t]?[0-9]{7,8}(?![0-9])")
)  # fmt: skip
_ROW_CODE: Final = re.compile(r"[ \t]{1,6}[\u4e00-\u9fff]"), re.compile(r"(?:\A|\n)[ \t]{0,8}(?:[0-9]{2,3}[ \t]{1,4}){0,2}\Z")


def occasion(text: str, number: Digits, *, unit: bool) -> Kind | None:
    """What a number of folded text is, if what stands around it shows that it is no amount; `unit`: a unit stands at it."""
    before = text[max(0, number.start - REACH) : number.start]
    after = text[number.end : number.end + REACH]
    digits = text[number.start : number.end]
    if number.shape == "chain":
        parts = digits.split(".")
        return "date" if len(parts) == 3 and _YEAR.fullmatch(parts[0]) else "code"
    checks = (*_YEARS, *_ANY) if _YEAR.fullmatch(digits) else _ANY
    for kind, ahead, behind in checks:
        if (ahead is None or ahead.search(before)) and (behind is None or behind.match(after)):
            if kind in {"code", "other", "phone"} and unit:
                continue
            return kind
    if digits.isdecimal():
        return _whole(digits, before, after, unit=unit)
    if not unit and re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", digits) and _LIST_NUMBER.search(before):
        return "ordinal" if re.match(r"[ \t]{0,4}[\u4e00-\u9fff]", after) else None
    return None


def _whole(digits: str, before: str, after: str, *, unit: bool) -> Kind | None:
    """Occasions of whole numbers: list numbers, telephone numbers, codes, years without 年."""
    if len(digits) <= 2 and _AFTER_LIST_NUMBER.match(after) and _LIST_NUMBER.search(before):
        return "ordinal"
    if len(digits) <= 2 and _IN_BRACKETS[0].search(before) and _IN_BRACKETS[1].match(after):
        return "ordinal"
    if _TELEPHONE[0].search(before) and len(digits) >= 7 or (digits[0] == "0" and _TELEPHONE[1].match(after)):
        return "phone"
    if before and before[-1].isascii() and (before[-1].isalpha() or before[-1] == "_") and not unit:
        return "code"
    if after and after[0].isascii() and (after[0].isalpha() or after[0] in "_@") and not unit:
        return "code"
    if before[-1:] == "-" and before[-2:-1].isascii() and before[-2:-1].isalnum() and not unit and before[-2:-1].isalpha():
        return "code"
    if after[:1] in {"类", "款"} and len(digits) >= 3:
        return "code"
    if unit:
        return None
    if len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
        return "phone"
    if len(digits) > 1 and digits[0] == "0":
        return "code"
    if len(digits) in {3, 5, 7} and _CODE_BRACKETS[0].search(before) and _CODE_BRACKETS[1].match(after):
        return "code"
    if len(digits) in {3, 5, 7} and _ROW_CODE[0].match(after) and _ROW_CODE[1].search(before):
        return "code"
    if re.search(r"[0-9]/\Z", before) or re.match(r"/[0-9]", after):
        return "other"
    if _YEAR.fullmatch(digits) and not re.search(r"[为是达计共额款入出加少、和,]\Z", before):
        return "year"
    return None
