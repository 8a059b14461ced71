"""The SQLite half of SuiteQL's functions: what compiled queries call, under names that begin with `suiteql_`."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
from typing import Any, TypeAlias

from zoey_netsuite.sandbox.netsuite.suiteql import numbers, times

Value: TypeAlias = str | int | float | None


def register(connection: sqlite3.Connection, zone: tzinfo, date_format: str) -> None:
    """Give a connection the functions, for an account's time zone and a user's date format."""

    def add(name: str, function: Callable[..., Value], least: int = 1) -> None:
        """All of these give NULL if any of the first `least` arguments is NULL, and never an empty text."""

        def guarded(*arguments: Value) -> Value:
            if any(each is None for each in arguments[:least]):
                return None
            result = function(*arguments)
            return None if result == "" else result

        connection.create_function(f"suiteql_{name}", -1, guarded, deterministic=True)

    add("number", numbers.to_number)
    add("text", _text)
    add("date", lambda text: times.parse_local(_text(text), date_format))
    add("shown", lambda local: times.format_local(local, date_format))
    add("local", lambda instant: times.to_local(instant, zone))
    add("instant", lambda local: times.to_instant(local, zone))
    add("parse_date", lambda text, pattern: times.parse_local(_text(text), pattern), 2)
    add("format_date", times.format_local, 2)
    add("format_number", numbers.formatted, 2)
    add("add_days", times.add_days, 2)
    add("add_months", lambda local, months: times.add_months(local, int(months)), 2)
    add("days_between", times.days_between, 2)
    add("last_day", times.last_day)
    add("trunc_date", times.truncated, 2)
    add("extract", _extracted, 2)
    add("round", lambda value, digits=0: numbers.rounded(value, int(digits)), 2)
    add("trunc", lambda value, digits=0: numbers.cut(value, int(digits)), 2)
    add("divide", _divided, 2)
    add("mod", _remainder, 2)
    add("floor", lambda value: int(value // 1))
    add("ceil", lambda value: int(-(-value // 1)))
    add("sign", lambda value: (value > 0) - (value < 0))
    add("power", lambda value, exponent: value**exponent, 2)
    add("upper", str.upper)
    add("lower", str.lower)
    add("initcap", lambda text: re.sub(r"[^\W_]+", lambda word: word[0].capitalize(), text))
    add("substr", _part)
    add("instr", _position, 2)
    add("replace", lambda text, old, new=None: text.replace(old, new or "") if old else text)
    add("trim", lambda text, where="BOTH", marks=" ": _trimmed(text, where, marks))
    add("pad", _padded, 3)
    add("like", lambda text, pattern, escape="": bool(_like(pattern, escape).fullmatch(text)), 2)
    add("matches", lambda text, pattern, flags="": bool(_expression(pattern, flags).search(text)), 2)
    add("concat", lambda *parts: "".join(_text(each) for each in parts if each is not None), 0)
    aggregate: Any = _List  # typeshed asks for a `step` of one fixed length; SQLite passes as many as the query does
    connection.create_aggregate("suiteql_list", -1, aggregate)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else numbers.oracle_text(value) if value is not None else ""


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


def _part(text: str, start: float, length: float | None = -1) -> Value:
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
    begin = len(text) + int(start) if backwards else int(start) - 1
    for _ in range(int(occurrence)):
        found = text.rfind(part, 0, begin + len(part)) if backwards else text.find(part, begin)
        if found < 0:
            return 0
        begin = found - 1 if backwards else found + 1
    return found + 1


def _trimmed(text: str, where: Value, marks: Value) -> str:
    characters = _text(marks)
    match where:
        case "LEADING":
            return text.lstrip(characters)
        case "TRAILING":
            return text.rstrip(characters)
        case _:
            return text.strip(characters)


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


class _List:
    """`LISTAGG`: values, a separator, and how to order them."""

    def __init__(self) -> None:
        self._rows: list[tuple[Value, tuple[Value, ...]]] = []
        self._separator = ""
        self._directions = ""

    def step(self, value: Value, separator: Value, directions: str, *keys: Value) -> None:
        """Take one row; `directions` has a `d` for each key that descends and an `a` for each other."""
        self._separator, self._directions = _text(separator), directions
        if value is not None:
            self._rows.append((value, keys))

    def finalize(self) -> Value:
        """The text. The last key is sorted by first: Python's sort keeps what earlier ones did."""
        for index in range(len(self._directions) - 1, -1, -1):
            descends = self._directions[index] == "d"
            self._rows.sort(key=lambda row, at=index: _sortable(row[1][at]), reverse=descends)
        return self._separator.join(_text(value) for value, _ in self._rows) or None


def _sortable(value: Value) -> tuple[bool, float, str]:
    """A key in Oracle's order: nulls are larger than anything."""
    return (
        value is None,
        0 if value is None or isinstance(value, str) else value,
        value if isinstance(value, str) else "",
    )
