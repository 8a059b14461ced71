"""How the store writes single values: everything that is not nested is a string."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from zoey_netsuite.sandbox.exchange import JSON

FOUR_PLACES = Decimal("0.0001")
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


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
