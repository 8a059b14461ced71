"""NetSuite's values as Python's: "T" is true, "12.50" a Decimal, "07/21/2017" a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.netsuite.answers import INTERNAL_ID, is_object

NO_INTERNAL_ID = "no internal id (digits only, such as 4711; spreadsheets write 0014, 13.0 or 1.8E+1)"
"""What to say of a text that is no id."""

_INTERNAL_ID = re.compile(r"[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*(e[+-]?[0-9]+)?", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKENS = re.compile(r"DD|D|MONTH|MON|MM|M|YYYY", re.IGNORECASE)
_PARTS: Mapping[str, str] = {
    "D": r"(?P<day>\d{1,2})",
    "M": r"(?P<month>\d{1,2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MONTH": r"(?P<name>[A-Za-z]+)",
    "YYYY": r"(?P<year>\d{4})",
}
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([ap]m)?", re.IGNORECASE)


def is_internal_id(text: str) -> bool:
    """Whether a text can be the internal id of an item, customer or transaction. NetSuite itself reads `0014` as 14."""
    return _INTERNAL_ID.fullmatch(text) is not None


def is_changed_id(text: str) -> bool:
    """Whether a text is a number but no id, as spreadsheets make of ids. Words are ids in places ("US"), and so are
    negative numbers ("-1").
    """
    return _NUMBER.fullmatch(text) is not None and not is_internal_id(text.removeprefix("-"))


def to_zone(value: tzinfo | str | None) -> tzinfo | None:
    """A time zone by its IANA name, or as it is. Raises ConfigurationError for a name that there is not."""
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as problem:
        raise ConfigurationError(
            f"No time zone is called {value!r}: use an IANA name such as 'America/Los_Angeles' "
            "(on Windows, `pip install tzdata` brings the list)."
        ) from problem


def _date_format(value: str) -> str:
    _date_pattern(value)
    return value


@frozen
class Formats:
    """How an account writes dates and times in SuiteQL results.

    Times that say their offset need none of this: ask for `TO_CHAR(column, 'YYYY-MM-DD"T"HH24:MI:SS')` and give
    `timezone`, since SuiteQL's times are the account's own.

    Attributes:
        timezone: the account's time zone, or its IANA name. Without it, reading a time without offset into a
            `datetime` is an error, as it would be a guess. A time that a clock change makes ambiguous is the earlier.
        date: Setup > Company > General Preferences > Date Format, such as "MM/DD/YYYY" or "D-Mon-YYYY".
    """

    timezone: tzinfo | None = field(default=None, converter=to_zone)
    date: str = field(default="MM/DD/YYYY", converter=_date_format)


@lru_cache
def _date_pattern(form: str) -> re.Pattern[str]:
    names = [match[0].upper() for match in _TOKENS.finditer(form)]
    kinds = {"D" if name == "DD" else "M" if name in ("MM", "MON", "MONTH") else name for name in names}
    if kinds != {"D", "M", "YYYY"} or len(names) != 3:
        raise ConfigurationError(f"{form!r} is no date format: name day, month and year, such as MM/DD/YYYY.")
    pattern = ""
    position = 0
    for match in _TOKENS.finditer(form):
        name = match[0].upper()
        pattern += re.escape(form[position : match.start()]) + _PARTS[{"DD": "D", "MM": "M"}.get(name, name)]
        position = match.end()
    return re.compile(pattern + re.escape(form[position:]))


LONGEST = 60
"""Digits that a number may have, before the point and after it: one with an exponent of a million stops a program."""

DEFAULT_FORMATS = Formats()
"""No time zone, and dates as MM/DD/YYYY."""


def to_text(value: Any) -> str:
    """Text as it is; numbers as digits, truth as "T" or "F", a reference as its id."""
    if type(value) is str:
        if not value.isascii():
            must_be_unicode(value)
        return value
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, int | float | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if is_object(value) and "id" in value:
        return to_text(value["id"])
    raise ValueError("text expected")


def must_be_unicode(value: str) -> None:
    """Refuse text with a lone surrogate: it came as broken bytes, and has no form in UTF-8. Raises ValueError."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("valid Unicode text expected") from None


def to_id(value: Any) -> str:
    """An internal id: digits. Raises ValueError."""
    text = to_text(value)
    if not INTERNAL_ID.fullmatch(text):
        raise ValueError("an internal id (digits) expected")
    return text


def to_bool(value: Any) -> bool:
    """NetSuite's "T" and "F", or JSON's own truth values."""
    if value in ("T", True):
        return True
    if value in ("F", False):
        return False
    if isinstance(value, str) and value.lower() in ("true", "yes", "t"):
        return True
    if isinstance(value, str) and value.lower() in ("false", "no", "f"):
        return False
    raise ValueError('"T" or "F" expected')


def to_int(value: Any) -> int:
    """A whole number, also one written "12.0"."""
    if type(value) is int:
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    number = to_decimal(value)
    if number != number.to_integral_value():
        raise ValueError("whole number expected")
    return int(number)


def to_decimal(value: Any) -> Decimal:
    """A number, exactly as it is written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("number expected")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("number expected") from None
    if not number.is_finite() or abs(number.adjusted()) > LONGEST or len(number.as_tuple().digits) > LONGEST:
        raise ValueError("number expected")
    return number


def to_float(value: Any) -> float:
    """A number, as near as floating point comes."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("number expected")
    try:
        return float(value)
    except ValueError:
        raise ValueError("number expected") from None


def date_reader(formats: Formats) -> Callable[[Any], date]:
    """A function that reads dates: ISO or the account's format; of a time, the day it names."""

    def read(value: Any) -> date:
        if isinstance(value, str):
            found = _day(value.strip(), formats)
            if found:
                return found[0]
        raise ValueError(f"date expected (YYYY-MM-DD or {formats.date})")

    return read


def datetime_reader(formats: Formats) -> Callable[[Any], datetime]:
    """A function that reads times into aware ones in UTC; one without offset is taken in the account's time zone."""

    def read(value: Any) -> datetime:
        moment = _moment(value, formats) if isinstance(value, str) else None
        if moment is None:
            raise ValueError(f"time expected (YYYY-MM-DDTHH:MM:SS or {formats.date} HH:MM:SS)")
        if moment.tzinfo is None:
            if formats.timezone is None:
                raise ValueError(
                    "the time says no offset, so give the client the account's: formats=Formats(timezone=...)"
                )
            moment = moment.replace(tzinfo=formats.timezone)
        return moment.astimezone(UTC)

    return read


def _day(text: str, formats: Formats) -> tuple[date, str] | None:
    """The day that a text begins with, and the rest of it."""
    try:
        if len(text) >= 10 and text[4] == text[7] == "-":
            return date.fromisoformat(text[:10]), text[10:]
        match = _date_pattern(formats.date).match(text)
        if not match:
            return None
        parts = match.groupdict()
        month = _month(parts["name"]) if parts.get("name") else int(parts["month"])
        return date(int(parts["year"]), month, int(parts["day"])), text[match.end() :]
    except ValueError:
        return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _moment(text: str, formats: Formats) -> datetime | None:
    text = text.strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    day = _day(text, formats)
    if day is None:
        return None
    if not day[1].strip():
        return datetime(day[0].year, day[0].month, day[0].day)
    match = _TIME.fullmatch(day[1].strip())
    if match is None:
        return None
    hour, half = int(match[1]), (match[4] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    try:
        return datetime(day[0].year, day[0].month, day[0].day, hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None
