"""How the store writes single values: everything that is not nested is a string."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeGuard

from zoey_netsuite.sandbox.exchange import JSON

FOUR_PLACES = Decimal("0.0001")
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


def as_object(value: JSON) -> dict[str, JSON] | None:
    """The value if it is a JSON object."""
    return value if _is_object(value) else None


def as_array(value: JSON) -> list[JSON] | None:
    """The value if it is a JSON array."""
    return value if _is_array(value) else None


def entries(document: Mapping[str, JSON], name: str) -> list[dict[str, JSON]]:
    """The objects in a list inside a record; none when it has no such list."""
    return [each for each in as_array(document.get(name)) or () if _is_object(each)]


def _is_object(value: JSON) -> TypeGuard[dict[str, JSON]]:
    return isinstance(value, dict)


def _is_array(value: JSON) -> TypeGuard[list[JSON]]:
    return isinstance(value, list)


def text(value: JSON) -> str | None:
    """The value as a string: flags as `1` and `0`, None for none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def number(value: JSON) -> Decimal:
    """The value as a number; 0 for what is none, as MySQL reads it."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)


def is_number(value: JSON) -> bool:
    """Whether the value is a number or a string that holds one."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return False
    try:
        return Decimal(str(value).strip()).is_finite()
    except InvalidOperation:
        return False


def decimal_text(value: JSON) -> str:
    """Money or a quantity, with four places, as the store's database gives it."""
    return str(number(value).quantize(FOUR_PLACES))


def is_set(value: JSON) -> bool:
    """Whether a flag is on, however it was sent."""
    return text(value) not in (None, "", "0", "false", "False")


def time_text(moment: datetime) -> str:
    """A moment as the store writes it: UTC without offset, whole seconds."""
    return moment.astimezone(UTC).strftime(TIME_FORMAT)
