"""Converters for field rules: a value as NetSuite takes it. Each raises ValueError for what it can't convert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from zoey_netsuite.entities import JSON, Money, Value
from zoey_netsuite.netsuite.values import NO_INTERNAL_ID, is_changed_id

_TRUE = frozenset(("1", "true", "yes", "y", "on", "t"))
_FALSE = frozenset(("0", "false", "no", "n", "off", "f"))


def as_text(value: Value) -> str:
    """Text: of a list its parts joined by commas, of a number its digits, of a truth value "Yes" or "No"."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return ", ".join(as_text(part) for part in cast("Iterable[Value]", value))
    if isinstance(value, Mapping):
        raise ValueError("text expected")
    return str(value)


def as_date(value: Value) -> str:
    """A date, `2026-03-05`: the day that a date or time names, without a change of time zone."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        raise ValueError("a date like 2026-03-05 expected") from None


def as_number(value: Value) -> Decimal:
    """A number, exactly as written; of money, the amount."""
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("a number expected")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("a number expected") from None
    if not number.is_finite():
        raise ValueError("a finite number expected")
    return number


def as_flag(value: Value) -> bool:
    """A check box: 1, "1", "yes", "true" and the like are checked, 0, "0", "no", "false" are not."""
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("1 or 0 expected")


def as_reference(value: Value) -> JSON:
    """A pick from a list, by internal id: `{"id": "12"}`."""
    return {"id": _id(value)}


def as_list(value: Value) -> JSON:
    """Several picks from a list, by internal id: of a list, or of text with commas between the ids."""
    if isinstance(value, list | tuple):
        parts: Iterable[Value] = cast("Iterable[Value]", value)
    else:
        parts = [part for part in str(value).split(",") if part.strip()]
    return {"items": [{"id": _id(part)} for part in parts]}


def _id(value: Value) -> str:
    if isinstance(value, bool | Mapping | float) or not str(value).strip():
        raise ValueError("an id expected")
    text = str(value).strip()
    if is_changed_id(text):
        raise ValueError(f"an id expected, and this is {NO_INTERNAL_ID}")
    return text
