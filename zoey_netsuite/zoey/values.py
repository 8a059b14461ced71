"""Zoey's way of writing values: everything may be a string, nothing has three forms, times have no offset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

from zoey_netsuite.http.operation import JSON

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"

_TRUE = frozenset(("1", "true", "yes", "y", "on"))
_FALSE = frozenset(("0", "false", "no", "n", "off"))
_NO_TIME = "0000-00-00"

EXACT = 2.0**53
"""Below this, a float holds every whole number as it was written."""
LARGEST, DIGITS = 14, 60
"""Places before the point, less one, and digits in all that a number may have. No amount needs more, and arithmetic
with 28 digits stays exact to the cent.
"""
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Years of times that are meant. Those at the ends of the calendar are slips, and can't be reckoned with."""
_ID = re.compile(r"[!-~]{1,64}")


def is_object(value: JSON) -> TypeGuard[Mapping[str, JSON]]:
    """Whether a value is a JSON object."""
    return isinstance(value, Mapping)


def is_array(value: JSON) -> TypeGuard[list[JSON]]:
    """Whether a value is a JSON array."""
    return isinstance(value, list)


def is_collection(value: object) -> TypeGuard[Iterable[JSON]]:
    """Whether a value holds others and is neither text nor bytes."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


def is_missing(value: JSON) -> bool:
    """Whether a value is one of the ways to say that there is none: null, an empty string, an empty array."""
    return value is None or value == "" or value == []


def to_text(value: JSON) -> str:
    """Words, or a number, which comes as text in one store and as a number in another."""
    if isinstance(value, str):
        if not value.isascii():
            _must_be_unicode(value)
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not abs(value) < EXACT:
            raise ValueError("text expected, or a number whose digits are all known")
        return str(int(value)) if value.is_integer() else repr(value)
    raise ValueError("text expected")


def _must_be_unicode(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate: a broken byte or half of a character
        raise ValueError("valid Unicode text expected") from None


def abridged(value: JSON) -> str:
    """A value for a message: what it holds, not all of it."""
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def to_id(value: JSON) -> str:
    """An id, which goes into addresses and keys: short, without blanks and control characters. A flag, which is text of
    1 or 0 elsewhere, would be taken for another record's id.
    """
    text = to_text(value).strip()
    if isinstance(value, bool) or not _ID.fullmatch(text):
        raise ValueError("an id expected")
    return text


def to_decimal(value: JSON) -> Decimal:
    """Money or a quantity."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a number expected")
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal(str(value))
    except InvalidOperation:
        raise ValueError("a number expected") from None
    if not number.is_finite():
        raise ValueError("a finite number expected")
    if number.adjusted() > LARGEST or len(number.as_tuple().digits) > DIGITS or number.adjusted() < -DIGITS:
        raise ValueError("a number with at most 15 digits before the point expected")
    return number


def to_int(value: JSON) -> int:
    """A whole number."""
    number = to_decimal(value)
    if number != number.to_integral_value():
        raise ValueError("a whole number expected")
    return int(number)


def to_bool(value: JSON) -> bool:
    """A flag: `"1"` and `"0"` in answers, at times numbers or words."""
    word = to_text(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("1 or 0 expected")


def to_datetime(value: JSON) -> datetime:
    """A time: `YYYY-MM-DD HH:MM:SS`, UTC; an offset counts where there is one."""
    if not isinstance(value, str):
        raise ValueError("a time like 2026-01-31 18:30:00 expected")
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("a time like 2026-01-31 18:30:00 expected") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a time between {FIRST_YEAR} and {LAST_YEAR} expected")
    return moment


def is_no_time(value: JSON) -> bool:
    """Whether a time says that there is none, as databases of this kind also write it with zeros."""
    return is_missing(value) or (isinstance(value, str) and value.startswith(_NO_TIME))


def to_texts(value: JSON) -> tuple[str, ...]:
    """Words that come as a string in one record and as an array, with nulls, in the next."""
    if is_missing(value):
        return ()
    if is_object(value):
        return to_texts(list(value.values()))
    if is_array(value):
        return tuple(to_text(part) for part in value if not is_missing(part))
    return (to_text(value),)


def to_lines(value: JSON) -> tuple[str, ...]:
    """The lines of a street: an array of them, or one string with line breaks."""
    if isinstance(value, str):
        return tuple(line.strip() for line in value.splitlines() if line.strip())
    return to_texts(value)


def write_time(moment: datetime) -> str:
    """A time as Zoey takes it.

    Raises:
        ValueError: the time has no zone, so that nobody knows which moment is meant.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat(sep=' ')} has no time zone: give an aware datetime (tzinfo=UTC)")
    return moment.astimezone(UTC).strftime(TIME_FORMAT)


def write_filter_value(value: object) -> str:
    """A value as it stands in a query string.

    Raises:
        ValueError: it is nothing that Zoey can compare with.
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | int | float):
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError(f"{value} is no finite number")
        return format(number, "f")
    if isinstance(value, datetime):
        return write_time(value)
    if isinstance(value, date):
        return write_time(datetime.combine(value, time(), UTC))
    raise ValueError(f"{value!r} is nothing that Zoey can compare with: give text, a number, a flag or a time")


def write_json(value: Any) -> JSON:
    """A value as it stands in a request's body: flags as 1 and 0, numbers and times as text, the rest as it is.

    Raises:
        ValueError: it has no such form.
    """
    if isinstance(value, bool):
        return 1 if value else 0
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float | Decimal | date):
        return write_filter_value(value)
    if is_object(value):
        return {str(key): write_json(part) for key, part in value.items()}
    if is_collection(value):
        return [write_json(part) for part in value]
    raise ValueError(
        f"{value!r} cannot be sent to Zoey: give text, a number, a flag, a time, or lists and mappings of these"
    )
