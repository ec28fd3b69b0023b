"""Amounts as whole numbers: what a column of figures says, in steps of one common power of ten.

Decimals are their digits; text is read as it is printed; whole numbers have no places. A float is taken only as the decimal
it proves: k · 10^-s where k is below 2^53 and k / 10^s is the float again, so that the float is the one nearest to that
decimal (both numbers are exact, and division rounds correctly); any other float is taken by its shortest text. How many
places a float was printed with nothing in it says, so the caller has to.

What is no plain figure (more digits than its places, `约500`) is marked `odd` and weighed one by one by the scalar engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from importlib import import_module
from typing import Any, Final

import numpy as np

from budgetaudit.check.arrays.coded import Array, whole_numbers
from budgetaudit.errors import BudgetAuditError
from budgetaudit.model.records import read_line
from budgetaudit.money.unit import Unit

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")

BLOCK: Final = 1 << 16  # rows that are worked on together, so that what lies between stays in the cache
LARGEST: Final = 2**62  # whole numbers beyond are Python's, not an array's
_PROVEN: Final = 2**53
_MOST_PLACES: Final = 22  # powers of ten up to here are exact as doubles
_NO: Final = pa.scalar(value=False)
_PLAIN_TEXT: Final = r"^-?[0-9]{1,17}(\.[0-9]{1,17})?$"


@dataclass(frozen=True)
class Amounts:
    """A column of figures: `digits` · 10^-`scale`.

    Attributes:
        digits: int64, or Python's own numbers where that is too small; 0 where there is no figure.
        places: Of every figure, or of all.
        blank: Where nothing is reported; None if nowhere.
        odd: Where the figure needs a closer look; None if nowhere.
        peak: The largest size of the digits, once somebody looked.
    """

    digits: Array
    scale: int
    places: Array | int
    blank: Array | None = None
    odd: Array | None = None
    peak: int | None = None


def read_amounts(column: Any, places: Array | int | None, unit: Unit) -> Amounts:
    """The figures of a column.

    Args:
        column: Whole numbers, decimals, floats or text, as Arrow.
        places: With how many places the figures were printed, if they do not say themselves.
        unit: The unit of figures that carry none: text may.

    Raises:
        BudgetAuditError: The column holds no figures, or floats of which nobody says the places.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return read_amounts(column.cast(kind.value_type), places, unit)
    if pa.types.is_null(kind):
        return Amounts(np.zeros(len(column), np.int64), 0, 0, blank=np.ones(len(column), bool))
    blank = whole_numbers(pc.is_null(column)) if column.null_count else None
    if pa.types.is_integer(kind):
        return _with_places(_integers(column), 0, 0 if places is None else places, blank)
    if pa.types.is_decimal(kind):
        return _with_places(_decimals(column), kind.scale, kind.scale if places is None else places, blank)
    if pa.types.is_floating(kind):
        return _floats(column, places)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _texts(column.cast(pa.string()), places, unit)
    raise BudgetAuditError(f"a column of {kind} holds no figures", hint="give whole numbers, decimals or text")


def _integers(column: Any) -> Array:
    filled = pc.fill_null(column, 0) if column.null_count else column
    numbers = whole_numbers(filled)
    if numbers.dtype == np.uint64 and len(numbers) and int(numbers.max()) >= LARGEST:
        return np.array([int(number) for number in numbers.tolist()], dtype=object)
    found: Array = numbers.astype(np.int64, copy=False)
    return found


def _decimals(column: Any) -> Array:
    if pa.types.is_decimal128(column.type):
        halves: Array = np.frombuffer(column.buffers()[1], dtype=np.int64).reshape(-1, 2)
        narrow = _narrowed(halves[column.offset : column.offset + len(column)])
        if narrow is not None:
            if column.null_count:
                narrow[whole_numbers(pc.is_null(column))] = 0
            return narrow
    scale = column.type.scale
    return np.array([_digits(value, scale) for value in column.to_pylist()], dtype=object)


def _narrowed(halves: Array) -> Array | None:
    """The lower halves of 128-bit numbers, if the higher ones hold nothing but the sign."""
    narrow = np.empty(len(halves), np.int64)
    for start in range(0, len(halves), BLOCK):
        low, high = halves[start : start + BLOCK].T
        narrow[start : start + BLOCK] = low
        if not np.array_equal(low >> 63, high):
            return None
    return narrow


def _digits(value: Decimal | None, scale: int) -> int:
    """The whole number of steps of 10^-scale, whatever the ambient context."""
    if value is None:
        return 0
    sign, digits, exponent = value.as_tuple()
    whole: int = int("".join(map(str, digits))) * 10 ** (int(exponent) + scale)
    return -whole if sign else whole


def _with_places(digits: Array, scale: int, places: Array | int, blank: Array | None) -> Amounts:
    """Figures in the common scale of their places; odd where they show more digits than these admit."""
    finest = int(places.max(initial=0)) if isinstance(places, np.ndarray) else places
    odd: Array | None = None
    if finest < scale:
        power = 10 ** (scale - finest)
        digits = digits.astype(object) if power >= LARGEST else digits
        odd = digits % power != 0
        digits = digits // power
    elif finest > scale:
        digits = _times(digits, 10 ** (finest - scale))
    if isinstance(places, np.ndarray):
        steps = np.array([10 ** (finest - one) for one in range(int(places.min(initial=finest)), finest + 1)], object)
        exact: Array = steps if digits.dtype == object or int(steps[0]) >= LARGEST else steps.astype(np.int64)
        if exact.dtype == object:
            digits = digits.astype(object)
        coarse = digits % exact[places - int(places.min(initial=finest))] != 0
        odd = coarse if odd is None else odd | coarse
    if odd is not None:
        odd = odd if blank is None else odd & ~blank
        odd = odd.astype(bool) if bool(odd.any()) else None
    return Amounts(digits, finest, places, blank, odd)


def _times(digits: Array, power: int) -> Array:
    if digits.dtype != object and max(peak_of(digits), 1) * power >= LARGEST:
        digits = digits.astype(object)
    product: Array = digits * power
    return product


def _floats(column: Any, places: Array | int | None) -> Amounts:
    if places is None:
        raise BudgetAuditError(
            "floats do not say with how many places they were printed", hint="say it: places=2, or a column of places"
        )
    numbers = whole_numbers(column)
    blank = np.isnan(numbers)
    numbers = np.where(blank, numbers.dtype.type(0), numbers)
    if not bool(np.isfinite(numbers).all()):
        row = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise BudgetAuditError(f"row {row}: {numbers[row]} is not finite")
    finest = int(places.max(initial=0)) if isinstance(places, np.ndarray) else places
    scale = max(finest, 0)
    digits, proven = proven_digits(numbers, scale)
    odd = np.zeros(len(numbers), bool)
    for row in np.flatnonzero(~proven).tolist():  # by the shortest text; with more digits than any print has it is odd
        text = Decimal(str(numbers[row]))
        odd[row] = -int(text.as_tuple().exponent) > scale
        if not odd[row]:
            exact = _digits(text, scale)
            digits = digits.astype(object) if abs(exact) >= LARGEST else digits
            digits[row] = exact
    return _and_odd(_with_places(digits, scale, places, blank if bool(blank.any()) else None), odd)


def _and_odd(given: Amounts, odd: Array) -> Amounts:
    """The same figures, some more of them odd."""
    together = odd if given.odd is None else odd | given.odd
    return replace(given, odd=together if bool(together.any()) else None)


def proven_digits(numbers: Array, places: int) -> tuple[Array, Array]:
    """K for every float that k · 10^-places proves to be, and where it does: k is below 2^53 and k / 10^places is it.

    Floats of single width are proven in single width.
    """
    if places > _MOST_PLACES:
        return np.zeros(len(numbers), np.int64), np.zeros(len(numbers), bool)
    power = float(10**places)
    wide = numbers.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = np.rint(wide * power)
        proven = (np.abs(rounded) < _PROVEN) & ((rounded / power).astype(numbers.dtype) == numbers)
    return np.where(proven, rounded, 0).astype(np.int64), proven


def _texts(column: Any, places: Array | int | None, unit: Unit) -> Amounts:
    """Plain numerals all at once, every other spelling by the reader of documents, once."""
    plain = whole_numbers(pc.fill_null(pc.match_substring_regex(column, _PLAIN_TEXT), _NO))
    lengths = whole_numbers(pc.fill_null(pc.binary_length(column), 0)).astype(np.int64)
    dots = whole_numbers(pc.fill_null(pc.find_substring(column, "."), -1)).astype(np.int64)
    own = np.where(plain & (dots >= 0), lengths - dots - 1, 0)
    bare = pc.replace_substring(pc.if_else(pa.array(plain), column, "0"), ".", "")
    digits = _decimals(bare.cast(pa.decimal128(38, 0)))
    blank, odd = np.zeros(len(column), bool), np.zeros(len(column), bool)
    read: dict[str | None, tuple[int, int, bool, bool]] = {}
    for row in np.flatnonzero(~plain).tolist():
        text = column[row].as_py()
        if text not in read:
            read[text] = _read(text, unit)
            if abs(read[text][0]) >= LARGEST:
                digits = digits.astype(object)
        digits[row], own[row], blank[row], odd[row] = read[text]
    finest = int(own.max(initial=0))
    if finest:
        powers = np.array([10 ** (finest - one) for one in range(finest + 1)], object)
        if digits.dtype == object or max(peak_of(digits), 1) * 10**finest >= LARGEST:
            digits = digits.astype(object) * powers[own]
        else:
            digits = digits * powers.astype(np.int64)[own]
    given = _with_places(digits, finest, own if places is None else places, blank if bool(blank.any()) else None)
    return _and_odd(given, odd)


def peak_of(digits: Array) -> int:
    """The largest size of whole numbers."""
    return max(int(digits.max(initial=0)), -int(digits.min(initial=0)))


def _read(text: str | None, unit: Unit) -> tuple[int, int, bool, bool]:
    line = read_line(0, {"label": "figure", "amount": text}, unit)
    amount = line.amount
    if amount is None:
        return 0, 0, True, False
    if amount.unit != unit or amount.precision != "printed" or amount.has_excess_digits or amount.places < 0:
        return 0, 0, False, True
    return _digits(amount.value, amount.places), amount.places, False, False
