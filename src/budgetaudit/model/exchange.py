"""Exchange: budgets as plain dicts and JSON, and back, without losing a digit.

Every number is a string (`"677.40"` keeps its zero, and no reader can turn it into a float). The shape of lines is the one
the design fixes for reports; documents, statements, remarks and unplaced figures stand beside them. Reading refuses bare
JSON numbers where a figure is meant, NaN, and unknown keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NoReturn, TypeVar, cast, get_args

from pydantic import ValidationError

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.model.budget import Budget, Unplaced
from budgetaudit.model.classification import canonical_label
from budgetaudit.model.line import BudgetLine, Identity, refusal
from budgetaudit.model.source import Document, Source
from budgetaudit.model.statement import Op, Remark, Role, Says, Statement, Term
from budgetaudit.money.amount import Amount, Precision
from budgetaudit.money.unit import Unit, UnitKind

_T = TypeVar("_T")

# What Decimal and Fraction accept beside these (1_000, １２３, 1e999999999) is no figure, or never ends.
_DECIMAL: Final = re.compile(r"-?[0-9]{1,4000}(?:\.[0-9]{1,4000})?", re.ASCII)
_RATIONAL: Final = re.compile(r"-?[0-9]{1,4000}(?:\.[0-9]{1,4000}|/0*[1-9][0-9]{0,4000})?", re.ASCII)


def budget_to_json(budget: Budget, *, indent: int | None = 2) -> str:
    """The budget as JSON text; `budget_from_json` reads it back to an equal budget."""
    return json.dumps(budget_to_dict(budget), ensure_ascii=False, indent=indent, allow_nan=False) + "\n"


def budget_from_json(text: str | bytes) -> Budget:
    """Read what `budget_to_json` wrote, or another program in the same shape.

    Raises:
        BudgetAuditError: The text is not JSON of that shape; the message names the place.
    """

    def refuse(number: str) -> NoReturn:
        raise BudgetAuditError(f"{number} is a bare JSON number", hint='figures are strings: "677.41" keeps its places')

    try:
        data = json.loads(text, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:  # no JSON, no Unicode, a number too long for any integer
        raise BudgetAuditError(f"this is not JSON: {error}") from error
    return budget_from_dict(data)


def budget_to_dict(budget: Budget) -> dict[str, Any]:
    """The budget as dicts, lists, strings and counts."""
    return {
        "documents": [_document_to_dict(document) for document in budget.documents],
        "lines": [line_to_dict(line) for line in budget.lines],
        "statements": [_statement_to_dict(statement) for statement in budget.statements],
        "remarks": [_remark_to_dict(remark) for remark in budget.remarks],
        "unplaced": [
            {**_amount_to_dict(figure.amount), "source": source_to_dict(figure.source), "reason": figure.reason}
            for figure in budget.unplaced
        ],
    }


def budget_from_dict(data: Mapping[str, Any]) -> Budget:
    """Read the dict of `budget_to_dict`.

    Raises:
        BudgetAuditError: Something is missing, unknown or not of its kind; the message names the place.
    """
    given = _Reader(data, "budget")
    given.keys("documents", "lines", "statements", "remarks", "unplaced")
    return Budget(
        lines=given.many("lines", _line),
        documents=given.many("documents", _document),
        statements=given.many("statements", _statement),
        remarks=given.many("remarks", _remark),
        unplaced=given.many("unplaced", _unplaced),
    )


def line_to_dict(line: BudgetLine) -> dict[str, Any]:
    """One line in the shape that reports use."""
    identity = line.identity
    return {
        "id": line.id,
        "label": line.label,
        "name": identity.label,
        "code": list(identity.code) if identity.code is not None else None,
        **(_amount_to_dict(line.amount) if line.amount is not None else _NO_AMOUNT),
        "state": line.state,
        "entity": identity.entity,
        "period": identity.period,
        "phase": identity.phase,
        "fund": identity.fund,
        "measure": identity.measure,
        "classification": identity.classification,
        "within": list(identity.within),
        "against": identity.against,
        "table": identity.table,
        **({"keys": dict(identity.keys)} if identity.keys else {}),
        "source": source_to_dict(line.source) if line.source is not None else None,
    }


def unit_to_dict(unit: Unit) -> dict[str, Any]:
    """A unit; the scale as a decimal or a rational."""
    return {
        "kind": unit.kind, "currency": unit.currency, "scale": str(unit.scale), "counter": unit.counter, "text": unit.text,
    }  # fmt: skip


def source_to_dict(source: Source) -> dict[str, Any]:
    """A place in a document."""
    return {
        "document": source.document, "page": source.page, "sheet": source.sheet, "cell": source.cell,
        "table": source.table,
        "start": source.start, "end": source.end, "line": source.line, "column": source.column, "text": source.text,
    }  # fmt: skip


_NO_AMOUNT: Mapping[str, Any] = {"value": None, "places": None, "unit": None, "precision": None}


def _amount_to_dict(amount: Amount) -> dict[str, Any]:
    return {
        "value": f"{amount.value:f}", "places": amount.places, "unit": unit_to_dict(amount.unit),
        "precision": amount.precision,
    }  # fmt: skip


def _document_to_dict(document: Document) -> dict[str, Any]:
    return {
        "name": document.name, "sha256": document.sha256, "encoding": document.encoding, "characters": document.characters,
    }  # fmt: skip


def _statement_to_dict(statement: Statement) -> dict[str, Any]:
    return {
        "says": statement.says,
        "terms": [{"line": term.line, "role": term.role, "weight": str(term.weight)} for term in statement.terms],
        "complete": statement.complete,
        "constant": None if statement.constant is None else str(statement.constant),
        "op": statement.op,
        "source": None if statement.source is None else source_to_dict(statement.source),
    }


def _remark_to_dict(remark: Remark) -> dict[str, Any]:
    return {
        "code": remark.code, "source": source_to_dict(remark.source), "lines": list(remark.lines), "data": dict(remark.data),
    }  # fmt: skip


class _Reader:
    """One JSON object and where it stands, so that every complaint can say so."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, Mapping):
            raise BudgetAuditError(f"{place}: expected an object, found {type(data).__name__}")
        self.data, self.place = cast("Mapping[str, Any]", data), place

    def keys(self, *known: str) -> None:
        for key in self.data:
            if key not in known:
                raise BudgetAuditError(f"{self.place}: the key {key!r} is not known; {nearest(str(key), known)}")

    def text(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str):
            raise BudgetAuditError(f"{self.place}.{key}: expected a string, found {value!r}")
        return value

    def maybe_text(self, key: str) -> str | None:
        return None if self.data.get(key) is None else self.text(key)

    def maybe_count(self, key: str) -> int | None:
        value = self.data.get(key)
        if value is not None and type(value) is not int:
            raise BudgetAuditError(f"{self.place}.{key}: expected a whole number, found {value!r}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise BudgetAuditError(f"{self.place}.{key}: expected true or false, found {value!r}")
        return value

    def one_of(self, key: str, known: Iterable[str], *, default: str | None = None) -> str:
        value = self.text(key) if default is None or self.data.get(key) is not None else default
        if value not in known:
            raise BudgetAuditError(f"{self.place}.{key}: {value!r} is not known; {nearest(value, known)}")
        return value

    def decimal(self, key: str) -> Decimal:
        written = self.text(key)
        if not _DECIMAL.fullmatch(written):
            raise BudgetAuditError(f"{self.place}.{key}: {written!r} is not a number")
        return Decimal(written)

    def fraction(self, key: str, *, default: Fraction | None = None) -> Fraction:
        if default is not None and self.data.get(key) is None:
            return default
        written = self.text(key)
        if not _RATIONAL.fullmatch(written):
            raise BudgetAuditError(f"{self.place}.{key}: {written!r} is not a number")
        return Fraction(written)

    def many(self, key: str, read: Callable[[_Reader], _T]) -> tuple[_T, ...]:
        entries = enumerate(self._list(key, []))
        return tuple(read(_Reader(entry, f"{self.place}.{key}[{number}]")) for number, entry in entries)

    def texts(self, key: str) -> tuple[str, ...]:
        entries = self._list(key, [])
        texts = tuple(entry for entry in entries if isinstance(entry, str))
        if len(texts) < len(entries):
            raise BudgetAuditError(f"{self.place}.{key}: expected a list of strings")
        return texts

    def _list(self, key: str, default: list[object]) -> list[object]:
        value = self.data.get(key, default)
        if not isinstance(value, list):
            raise BudgetAuditError(f"{self.place}.{key}: expected a list")
        return cast("list[object]", value)

    def inner(self, key: str) -> _Reader:
        return _Reader(self.data.get(key), f"{self.place}.{key}")

    def built(self, make: Callable[..., _T], **fields: Any) -> _T:
        """Make a value, telling the place if its own checks refuse it."""
        try:
            return make(**fields)
        except ValidationError as error:
            raise refusal(self.place, error) from error


def _line(given: _Reader) -> BudgetLine:
    given.keys(
        "id", "label", "name", "code", "value", "places", "unit", "precision", "state", "entity", "period", "phase", "fund",
        "measure", "classification", "within", "against", "table", "keys", "source",
    )  # fmt: skip
    keys = given.inner("keys") if given.data.get("keys") is not None else None
    identity = given.built(
        Identity,
        label=canonical_label(given.text("label")) if given.data.get("name") is None else given.text("name"),
        entity=given.maybe_text("entity"),
        period=given.maybe_text("period"),
        phase=given.maybe_text("phase"),
        fund=given.maybe_text("fund"),
        measure=given.maybe_text("measure") or "amount",
        classification=given.maybe_text("classification"),
        code=None if given.data.get("code") is None else given.texts("code"),
        within=given.texts("within"),
        against=given.maybe_text("against"),
        table=given.maybe_text("table"),
        keys=() if keys is None else tuple((column, keys.text(column)) for column in keys.data),
    )
    return given.built(
        BudgetLine,
        id=given.text("id"),
        label=given.text("label"),
        identity=identity,
        amount=_amount(given) if given.data.get("value") is not None else None,
        state=given.maybe_text("state") or "printed",
        source=_source(given.inner("source")) if given.data.get("source") is not None else None,
    )


def _amount(given: _Reader) -> Amount:
    value = given.decimal("value")
    places = given.maybe_count("places")
    exponent = value.as_tuple().exponent
    shown = -exponent if isinstance(exponent, int) else 0
    precision = cast("Precision", given.one_of("precision", get_args(Precision), default="printed"))
    unit = _unit(given.inner("unit")) if given.data.get("unit") is not None else Unit()
    return Amount(value, max(shown, 0) if places is None else places, unit, precision)


def _unit(given: _Reader) -> Unit:
    given.keys("kind", "currency", "scale", "counter", "text")
    kind = cast("UnitKind", given.one_of("kind", get_args(UnitKind)))
    scale = given.fraction("scale", default=Fraction(1))
    if scale <= 0:
        raise BudgetAuditError(f"{given.place}.scale: a scale is positive, not {scale}")
    return Unit(
        kind,
        given.maybe_text("currency"),
        scale,
        given.maybe_text("counter"),
        given.maybe_text("text") or "",
    )


def _source(given: _Reader) -> Source:
    given.keys("document", "page", "sheet", "cell", "start", "end", "line", "column", "text", "table")
    return Source(
        given.text("document"),
        given.maybe_count("start"),
        given.maybe_count("end"),
        given.maybe_text("text") or "",
        given.maybe_count("line"),
        given.maybe_count("column"),
        given.maybe_count("page"),
        given.maybe_text("sheet"),
        given.maybe_text("cell"),
        given.maybe_text("table"),
    )


def _document(given: _Reader) -> Document:
    given.keys("name", "sha256", "encoding", "characters")
    return Document(
        given.text("name"),
        given.maybe_text("sha256") or "",
        given.maybe_text("encoding"),
        given.maybe_count("characters") or 0,
    )


def _statement(given: _Reader) -> Statement:
    given.keys("says", "terms", "complete", "constant", "op", "source")
    return Statement(
        cast("Says", given.one_of("says", get_args(Says))),
        given.many("terms", _term),
        given.flag("complete", default=True),
        given.fraction("constant") if given.data.get("constant") is not None else None,
        cast("Op", given.one_of("op", get_args(Op), default="=")),
        _source(given.inner("source")) if given.data.get("source") is not None else None,
    )


def _term(given: _Reader) -> Term:
    given.keys("line", "role", "weight")
    role = cast("Role", given.one_of("role", get_args(Role)))
    return Term(given.text("line"), role, given.fraction("weight", default=Fraction(1)))


def _remark(given: _Reader) -> Remark:
    given.keys("code", "source", "lines", "data")
    fields = given.inner("data") if given.data.get("data") is not None else _Reader({}, given.place)
    return Remark(
        given.text("code"), _source(given.inner("source")), given.texts("lines"),
        tuple((key, fields.text(key)) for key in fields.data),
    )  # fmt: skip


def _unplaced(given: _Reader) -> Unplaced:
    given.keys("value", "places", "unit", "precision", "source", "reason")
    return Unplaced(_amount(given), _source(given.inner("source")), given.maybe_text("reason") or "")
