"""Dates as Oracle writes and reads them, and the way between the account's time and stored UTC.

Two forms go through compiled queries. A *local* value is the account's wall time: `2026-11-24`, or
`2026-11-24 09:30:00` when it is not midnight, so that text order is time order. An *instant* is how times lie in the
tables: `2026-11-24T17:30:00Z`.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

_TOKENS = re.compile(
    r'"([^"]*)"|(FM|YYYY|RRRR|YY|RR|MONTH|MON|MM|DDD|DD|DAY|DY|HH24|HH12|HH|MI|SSSSS|SS|FF\d?|AM|PM|IW|WW|Q|D|W)|([^A-Za-z0-9])',
    re.IGNORECASE,
)
_NUMBERS = {"YYYY": 4, "RRRR": 4, "YY": 2, "RR": 2, "MM": 2, "DD": 2, "HH24": 2, "HH12": 2, "HH": 2, "MI": 2, "SS": 2}
_DEFAULT_CENTURY = 2000


def local_text(value: datetime) -> str:
    """A wall time in the form that compiled queries compare."""
    midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
    return value.strftime("%Y-%m-%d") if midnight else value.strftime("%Y-%m-%d %H:%M:%S")


def local_time(text: str) -> datetime:
    """What `local_text` wrote. Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def instant_text(value: datetime) -> str:
    """An aware time as the tables hold it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_local(instant: str, zone: tzinfo) -> str:
    """The account's wall time at a stored instant."""
    moment = datetime.fromisoformat(instant)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return local_text(aware.astimezone(zone))


def to_instant(local: str, zone: tzinfo) -> str:
    """The instant of a wall time: the first of two where a clock change repeats it, a later one where it skips it."""
    return instant_text(local_time(local).replace(tzinfo=zone))


@lru_cache(maxsize=256)
def _elements(pattern: str) -> tuple[tuple[str, str], ...]:
    """The pattern's parts as (`literal` or element in upper case, the text it came as). Raises ValueError."""
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(pattern):
        match = _TOKENS.match(pattern, position)
        if match is None:
            raise ValueError(f"date format not recognized: {pattern}")
        quoted, element, mark = match.groups()
        if element:
            found.append((element.upper(), element))
        else:
            found.append(("literal", quoted if quoted is not None else mark))
        position = match.end()
    return tuple(found)


def format_local(local: str, pattern: str) -> str:
    """`TO_CHAR` of a wall time. Raises ValueError for a pattern that Oracle does not know."""
    value = local_time(local)
    padded, parts = True, list[str]()
    for element, text in _elements(pattern):
        if element == "FM":
            padded = not padded
        elif element == "literal":
            parts.append(text)
        else:
            parts.append(_written(element, text, value, padded))
    return "".join(parts)


def _written(element: str, text: str, value: datetime, padded: bool) -> str:
    if element in ("MONTH", "MON", "DAY", "DY", "AM", "PM"):
        word = {
            "MONTH": calendar.month_name[value.month].ljust(9 if padded else 0),
            "MON": calendar.month_abbr[value.month],
            "DAY": calendar.day_name[value.weekday()].ljust(9 if padded else 0),
            "DY": calendar.day_abbr[value.weekday()],
        }.get(element, "AM" if value.hour < 12 else "PM")
        return _in_case(word, text)
    if element.startswith("FF"):
        return "0" * int(element[2:] or 6)
    number, width = {
        "YYYY": (value.year, 4),
        "RRRR": (value.year, 4),
        "YY": (value.year % 100, 2),
        "RR": (value.year % 100, 2),
        "MM": (value.month, 2),
        "DD": (value.day, 2),
        "DDD": (value.timetuple().tm_yday, 3),
        "HH24": (value.hour, 2),
        "HH12": (value.hour % 12 or 12, 2),
        "HH": (value.hour % 12 or 12, 2),
        "MI": (value.minute, 2),
        "SS": (value.second, 2),
        "SSSSS": (value.hour * 3600 + value.minute * 60 + value.second, 5),
        "Q": ((value.month + 2) // 3, 1),
        "D": (value.isoweekday() % 7 + 1, 1),
        "W": ((value.day + 6) // 7, 1),
        "WW": ((value.timetuple().tm_yday + 6) // 7, 2),
        "IW": (value.isocalendar().week, 2),
    }[element]
    return str(number).rjust(width, "0") if padded else str(number)


def _in_case(word: str, text: str) -> str:
    if text.isupper():
        return word.upper()
    return word if text[:1].isupper() else word.lower()


def parse_local(text: str, pattern: str) -> str:
    """`TO_DATE`: the wall time that a text in this format tells. Raises ValueError when it does not fit."""
    given: dict[str, int] = {}
    position = 0
    for element, literal in _elements(pattern):
        if element == "FM":
            continue
        if element == "literal":
            position = _skipped(text, position, literal, pattern)
            continue
        position = _read(element, text, position, given, pattern)
    if text[position:].strip():
        raise ValueError(f"date format picture ends before converting the whole of '{text}'")
    if "year" not in given or "month" not in given:
        raise ValueError(f"the sandbox reads no date without year and month: {pattern}")
    hour = given.get("hour", 0)
    if "half" in given:
        hour = hour % 12 + given["half"]
    return local_text(
        datetime(
            given["year"], given["month"], given.get("day", 1), hour, given.get("minute", 0), given.get("second", 0)
        )
    )


def _skipped(text: str, position: int, literal: str, pattern: str) -> int:
    end = position + len(literal)
    # What lies beyond the text may be missing: a date without its time fits a pattern with one.
    found = text[position:end]
    if found and found != literal and (found.isalnum() or literal.isalnum()):
        raise ValueError(f"'{text}' does not match format '{pattern}'")
    return end


def _read(element: str, text: str, position: int, given: dict[str, int], pattern: str) -> int:
    rest = text[position:]
    if not rest:
        return position
    if element in ("MON", "MONTH"):
        names = calendar.month_abbr if element == "MON" else calendar.month_name
        for number in range(1, 13):
            if rest.lower().startswith(names[number].lower()):
                given["month"] = number
                return position + len(names[number])
    elif element in ("AM", "PM") and rest[:2].upper() in ("AM", "PM"):
        given["half"] = 12 if rest[:2].upper() == "PM" else 0
        return position + 2
    else:
        width = 9 if element.startswith("FF") else _NUMBERS.get(element, 0)
        digits = re.match(rf"\d{{1,{width}}}", rest) if width else None
        if digits:
            number = int(digits[0])
            if element == "YY" or (element in ("RR", "RRRR") and len(digits[0]) <= 2):
                number += 1900 if element != "YY" and number >= 50 else _DEFAULT_CENTURY
            name = {"Y": "year", "R": "year", "MM": "month", "D": "day", "H": "hour", "MI": "minute", "S": "second"}
            key = name.get(element) or name.get(element[0])
            if key:
                given[key] = number
            return position + len(digits[0])
    raise ValueError(f"'{text}' does not match format '{pattern}'")


def add_days(local: str, days: float) -> str:
    """Oracle's date arithmetic: whole and parts of days, to the second, on the wall clock."""
    return local_text(local_time(local) + timedelta(seconds=round(days * 86_400)))


def days_between(later: str, earlier: str) -> float:
    """The difference of two wall times in days; a whole number of them as int."""
    seconds = int((local_time(later) - local_time(earlier)).total_seconds())
    return seconds / 86_400 if seconds % 86_400 else seconds // 86_400


def last_day(local: str) -> str:
    """The same time on the last day of the month."""
    value = local_time(local)
    return local_text(value.replace(day=calendar.monthrange(value.year, value.month)[1]))


def add_months(local: str, months: int) -> str:
    """So many months on; the last day of a month stays the last day."""
    value = local_time(local)
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    at_end = value.day == calendar.monthrange(value.year, value.month)[1]
    return local_text(value.replace(year=year, month=month + 1, day=length if at_end else min(value.day, length)))


def months_between(later: str, earlier: str) -> float:
    """Oracle's count: whole between equal days or two last days of months; else parts are of 31 days."""
    one, other = local_time(later), local_time(earlier)
    months = (one.year - other.year) * 12 + one.month - other.month
    at_ends = all(each.day == calendar.monthrange(each.year, each.month)[1] for each in (one, other))
    if one.day == other.day or at_ends:
        return months
    seconds = (one.day - other.day) * 86_400 + (one - one.replace(hour=0, minute=0, second=0)).seconds
    seconds -= (other - other.replace(hour=0, minute=0, second=0)).seconds
    return months + seconds / (31 * 86_400)


def truncated(local: str, unit: str) -> str:
    """`TRUNC` of a wall time to a unit of Oracle's. Raises ValueError for another one."""
    value = local_time(local)
    day = value.replace(hour=0, minute=0, second=0)
    match unit.upper():
        case "DD" | "DDD" | "J":
            found = day
        case "MM" | "MON" | "MONTH":
            found = day.replace(day=1)
        case "Q":
            found = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "YYYY" | "YYY" | "YY" | "Y" | "YEAR":
            found = day.replace(month=1, day=1)
        case "IW":
            found = day - timedelta(days=day.weekday())
        case "DAY" | "DY" | "D":
            found = day - timedelta(days=day.isoweekday() % 7)
        case "HH" | "HH12" | "HH24":
            found = value.replace(minute=0, second=0)
        case "MI":
            found = value.replace(second=0)
        case _:
            raise ValueError(f"TRUNC knows no unit {unit}")
    return local_text(found)
