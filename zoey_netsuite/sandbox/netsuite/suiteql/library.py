"""The SQLite half of SuiteQL's functions: what compiled queries call, under names that begin with `suiteql_`."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import lru_cache
from typing import Any, TypeAlias

from zoey_netsuite.sandbox.netsuite.suiteql import numbers, times

Value: TypeAlias = str | int | float | None
_Row: TypeAlias = tuple[Value, tuple[Value, ...]]


def register(
    connection: sqlite3.Connection, zone: tzinfo, date_format: str, failed: Callable[[Exception], None]
) -> None:
    """Give a connection the functions, for an account's time zone and a user's date format.

    SQLite only says that a function failed; `failed` is told of what, before.
    """

    def add(name: str, function: Callable[..., Value], least: int = 1) -> None:
        """All of these give NULL if any of the first `least` arguments is NULL, and never an empty text."""

        def guarded(*arguments: Value) -> Value:
            if any(each is None for each in arguments[:least]):
                return None
            try:
                result = function(*arguments)
            except Exception as error:
                failed(error)
                raise
            return None if result == "" else result

        connection.create_function(f"suiteql_{name}", -1, guarded, deterministic=True)

    def date(text: Value, pattern: str = date_format) -> str:
        return times.parse_local(_text(text), pattern)

    def shown(local: str) -> str:
        return times.format_local(local, date_format)

    def local(instant: str) -> str:
        return times.to_local(instant, zone)

    def instant(local: str) -> str:
        return times.to_instant(local, zone)

    add("date", date)
    add("shown", shown)
    add("local", local)
    add("instant", instant)
    for name, (function, least) in _FUNCTIONS.items():
        add(name, function, least)
    add("parse_date", date, 2)
    # typeshed asks for a `step` of one fixed length, where SQLite passes as many as the query does, and for an int
    listed: Any = _List
    distinct: Any = _Distinct
    only: Any = lambda: _Only(failed)  # noqa: E731  a function has no room for the type that is needed here
    connection.create_aggregate("suiteql_list", -1, listed)
    connection.create_aggregate("suiteql_list_distinct", -1, distinct)
    connection.create_aggregate("suiteql_only", 1, only)
    connection.create_window_function("suiteql_sum", 1, _Sum)
    connection.create_window_function("suiteql_avg", 1, _Average)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else numbers.oracle_text(value) if value is not None else ""


def _add_months(local: str, months: float) -> str:
    return times.add_months(local, int(months))


def _rounded(value: float, digits: float) -> Value:
    return numbers.rounded(value, int(digits))


def _cut(value: float, digits: float) -> Value:
    return numbers.cut(value, int(digits))


def _floor(value: float) -> Value:
    return int(value // 1)


def _ceil(value: float) -> Value:
    return int(-(-value // 1))


def _sign(value: float) -> Value:
    return (value > 0) - (value < 0)


def _power(value: float, exponent: float) -> Value:
    return numbers.plain(numbers.exact(value) ** numbers.exact(exponent))


def _capitalized(text: str) -> str:
    return re.sub(r"[^\W_]+", lambda word: word[0].capitalize(), text)


def _replaced(text: str, old: str | None, new: str | None = None) -> str:
    return text.replace(old, new or "") if old else text


def _concatenated(*parts: Value) -> str:
    return "".join(_text(each) for each in parts)


def _matches_like(text: str, pattern: str, escape: str | None = None) -> bool:
    return bool(_like(pattern, escape).fullmatch(text))


def _matches(text: str, pattern: str, flags: str | None = None) -> bool:
    return bool(_expression(pattern, flags).search(text))


def _rewritten(text: str, pattern: str, new: str | None = None) -> str:
    """`REGEXP_REPLACE`: every match; back references are written `\\1` in both."""
    return _expression(pattern, None).sub(new or "", text)


def _matching(text: str, pattern: str) -> Value:
    """`REGEXP_SUBSTR`: the first match."""
    found = _expression(pattern, None).search(text)
    return found[0] if found else None


def _translated(text: str, old: str, new: str) -> str:
    """`TRANSLATE`: character by character; those without a partner are left out."""
    table = {ord(mark): new[index] if index < len(new) else None for index, mark in reversed(list(enumerate(old)))}
    return text.translate(table)


def _divided(value: float, by: float) -> Value:
    if by == 0:
        raise ValueError("divisor is equal to zero")
    return numbers.plain(numbers.exact(value) / numbers.exact(by))


def _remainder(value: float, by: float) -> Value:
    """`MOD`: it has the sign of the first, and the remainder of a division by zero is all of it."""
    return value if by == 0 else numbers.plain(numbers.exact(value) % numbers.exact(by))


def _extracted(local: str, part: str) -> Value:
    value = times.local_time(local)
    return int(getattr(value, part.lower()))


def _part(text: str, start: float | None, length: float | None = -1) -> Value:
    """`SUBSTR`: counts from 1 (0 is taken for it), from the end if negative."""
    if length is None or start is None:
        return None
    begin = int(start)
    first = begin - 1 if begin > 0 else len(text) + begin if begin < 0 else 0
    if first < 0:
        return None
    return text[first:] if length == -1 else text[first : first + int(length)] if length > 0 else None


def _position(text: str, part: str, start: float = 1, occurrence: float = 1) -> Value:
    """`INSTR`: from 1; 0 for not found; a negative start searches backwards from there."""
    backwards, found = start < 0, -1
    if not start:
        return 0
    begin = len(text) + int(start) if backwards else int(start) - 1
    for _ in range(int(occurrence)):
        found = text.rfind(part, 0, begin + len(part)) if backwards else text.find(part, begin)
        if found < 0:
            return 0
        begin = found - 1 if backwards else found + 1
    return found + 1


def _trimmed(text: str, where: str, marks: str) -> str:
    match where:
        case "LEADING":
            return text.lstrip(marks)
        case "TRAILING":
            return text.rstrip(marks)
        case _:
            return text.strip(marks)


def _padded(text: str, length: float, where: str, fill: str | None = " ") -> Value:
    """`LPAD` and `RPAD`, which also shorten."""
    width = int(length)
    if not fill or width <= 0:
        return None
    padding = (fill * width)[: max(width - len(text), 0)]
    return padding + text[:width] if where == "left" else text[:width] + padding


@lru_cache(maxsize=256)
def _like(pattern: str, escape: str | None) -> re.Pattern[str]:
    parts: list[str] = []
    escaped = False
    for mark in pattern:
        if not escaped and escape and mark == escape:
            escaped = True
            continue
        if escaped and mark not in ("%", "_", escape):
            raise ValueError("the escape character stands before something else than %, _ or itself")
        parts.append(re.escape(mark) if escaped else {"%": ".*", "_": "."}.get(mark, re.escape(mark)))
        escaped = False
    if escaped:
        raise ValueError("the escape character stands at the end of the pattern")
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=256)
def _expression(pattern: str, flags: str | None) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE if flags and "i" in flags else 0)


# By name: the function, and how many arguments must not be NULL.
_FUNCTIONS: Mapping[str, tuple[Callable[..., Value], int]] = {
    "number": (numbers.to_number, 1),
    "text": (_text, 1),
    "format_date": (times.format_local, 2),
    "format_number": (numbers.formatted, 2),
    "add_days": (times.add_days, 2),
    "add_months": (_add_months, 2),
    "days_between": (times.days_between, 2),
    "last_day": (times.last_day, 1),
    "months_between": (times.months_between, 2),
    "trunc_date": (times.truncated, 2),
    "extract": (_extracted, 2),
    "round": (_rounded, 2),
    "trunc": (_cut, 2),
    "add": (numbers.added, 2),
    "subtract": (numbers.subtracted, 2),
    "multiply": (numbers.multiplied, 2),
    "divide": (_divided, 2),
    "mod": (_remainder, 2),
    "floor": (_floor, 1),
    "ceil": (_ceil, 1),
    "sign": (_sign, 1),
    "power": (_power, 2),
    "upper": (str.upper, 1),
    "lower": (str.lower, 1),
    "initcap": (_capitalized, 1),
    "substr": (_part, 2),
    "instr": (_position, 2),
    "replace": (_replaced, 1),
    "trim": (_trimmed, 3),
    "pad": (_padded, 3),
    "like": (_matches_like, 2),
    "matches": (_matches, 2),
    "regexp_replace": (_rewritten, 2),
    "regexp_substr": (_matching, 2),
    "translate": (_translated, 3),
    "concat": (_concatenated, 0),
}


class _Sum:
    """`SUM`, of a group or of a window's rows so far."""

    def __init__(self) -> None:
        self._total = numbers.Total()

    def step(self, value: Value) -> None:
        """Take one row."""
        if value is not None:
            self._total.add(numbers.to_number(value))

    def inverse(self, value: Value) -> None:
        """A row that has left the window."""
        if value is not None:
            self._total.add(numbers.to_number(value), -1)

    def value(self) -> Value:
        """The sum at this row; NULL of no number at all."""
        return numbers.plain(self._total.sum) if self._total.count else None

    def finalize(self) -> Value:
        """The sum of all."""
        return self.value()


class _Average(_Sum):
    """`AVG`."""

    def value(self) -> Value:
        """The mean at this row."""
        return numbers.plain(self._total.sum / self._total.count) if self._total.count else None


class _Only:
    """The value of a subquery that stands for a value: Oracle refuses one that has several rows."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed
        self._rows = 0
        self._value: Value = None

    def step(self, value: Value) -> None:
        """Take one row. Raises ValueError at the second."""
        self._rows += 1
        self._value = value
        if self._rows > 1:
            error = ValueError("single-row subquery returns more than one row")
            self._failed(error)
            raise error

    def finalize(self) -> Value:
        """The row's value, NULL if there is none."""
        return self._value


class _List:
    """`LISTAGG`: values, a separator, and how to order them."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._separator = ""
        self._directions = ""

    def step(self, value: Value, separator: Value, directions: str, *keys: Value) -> None:
        """Take one row; `directions` has a `d` for each key that descends and an `a` for each other."""
        self._separator, self._directions = _text(separator), directions
        if value is not None:
            self._rows.append((value, keys))

    def finalize(self) -> Value:
        """The text. The last key is sorted by first: Python's sort keeps what earlier ones did."""
        rows = self._rows
        for index in range(len(self._directions) - 1, -1, -1):
            rows = _sorted(rows, index, descends=self._directions[index] == "d")
        return self._separator.join(_text(value) for value, _ in rows) or None


class _Distinct(_List):
    """`LISTAGG(DISTINCT …)`: each value once."""

    def finalize(self) -> Value:
        """The text."""
        self._rows = list(dict(reversed(self._rows)).items())[::-1]
        return super().finalize()


def _sorted(rows: list[_Row], index: int, *, descends: bool) -> list[_Row]:
    """Rows by one of their keys in Oracle's order: nulls are larger than anything."""

    def key(row: _Row) -> tuple[bool, float, str]:
        found = row[1][index]
        if isinstance(found, str):
            return (False, 0, found)
        return (found is None, found or 0, "")

    return sorted(rows, key=key, reverse=descends)
