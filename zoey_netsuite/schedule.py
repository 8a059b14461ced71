"""Schedules: when is a sync due? Pure functions of the last start and the time now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import define, field, frozen
from dateutil.rrule import rrulestr

from zoey_netsuite.checks import must_be_number
from zoey_netsuite.errors import ConfigurationError

LEAST_SECONDS = 0.001
MOST_SECONDS = 100 * 366 * 86400.0

LARGEST = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59}
"""Rules with a larger number never come true, and dateutil looks for them without end."""


class Schedule(Protocol):
    """Says when a sync is due."""

    def next_after(self, last: datetime | None, now: datetime) -> datetime | None:
        """When it is due next: a time that has passed means now, None means never by itself.

        Args:
            last: when it was started last, or None.
            now: aware, UTC.
        """
        ...


@frozen
class Manual:
    """Only when somebody runs it by hand or by an event."""

    def next_after(self, last: datetime | None, now: datetime) -> datetime | None:
        """Never by itself."""
        return None


@frozen(init=False, repr=False)
class Every:
    """Again so long after the last start; at once at first."""

    interval: timedelta

    def __init__(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        for name, value in {"seconds": seconds, "minutes": minutes, "hours": hours, "days": days}.items():
            must_be_number(f"Every({name}=…)", value, least=0, most=MOST_SECONDS)
        total = seconds + 60 * minutes + 3600 * hours + 86400 * days
        if not LEAST_SECONDS <= total <= MOST_SECONDS:
            msg = "Every(...) needs an interval of a millisecond to a hundred years, e.g. Every(minutes=15)"
            raise ConfigurationError(msg)
        interval = timedelta(seconds=total)
        object.__setattr__(self, "interval", interval)

    def __repr__(self) -> str:
        """As it is written: in the largest unit that leaves no fraction."""
        for unit in ("days", "hours", "minutes"):
            if not self.interval % timedelta(**{unit: 1}):
                return f"Every({unit}={self.interval // timedelta(**{unit: 1})})"
        return f"Every(seconds={self.interval.total_seconds():g})"

    def next_after(self, last: datetime | None, now: datetime) -> datetime | None:
        """The last start plus the interval."""
        return now if last is None else last + self.interval


@frozen
class Daily:
    """Once a day at a wall-clock time.

    Attributes:
        at: "HH:MM".
        timezone: IANA name, "Europe/Berlin". A time that a clock change skips is taken as the same moment counted on
            from before it; one that it repeats, as the first of the two.
    """

    at: str
    timezone: str = field(default="UTC", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.at, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", self.at):  # pyright: ignore[reportUnnecessaryIsInstance]  what users give
            msg = f'Daily(at=...) takes HH:MM, such as "02:00", not {self.at!r}'
            raise ConfigurationError(msg)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
            msg = f"{self.timezone!r} is no time zone that this machine knows (on Windows: pip install tzdata)"
            raise ConfigurationError(msg) from error

    def next_after(self, last: datetime | None, now: datetime) -> datetime | None:
        """The first such time after the last start; without one, the next from now."""
        zone = ZoneInfo(self.timezone)
        since = (last or now).astimezone(zone)
        hour, minute = map(int, self.at.split(":"))
        for days in range(3):
            day = (since + timedelta(days=days)).date()
            moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
            if moment > since.astimezone(UTC):
                return moment
        raise AssertionError


@define(init=False, eq=True, frozen=True)
class Recurring:
    """By a recurrence rule of RFC 5545, in UTC: `Recurring("FREQ=HOURLY;BYHOUR=8,12")`."""

    rule: str

    def __init__(self, rule: str) -> None:
        try:
            _check_rule(rule)
        except (ValueError, TypeError, AttributeError) as error:
            msg = f"{rule!r} is no recurrence rule (RFC 5545): {error}"
            raise ConfigurationError(msg) from error
        object.__setattr__(self, "rule", rule)

    def next_after(self, last: datetime | None, now: datetime) -> datetime | None:
        """The first time of the rule after the last start; without one, the next from now."""
        since = last or now
        start = since.replace(minute=0, second=0, microsecond=0)
        return rrulestr(self.rule, dtstart=start).after(since)


def _check_rule(rule: object) -> None:
    if not isinstance(rule, str):
        raise TypeError("text expected")
    parts: dict[str, str] = dict(re.findall(r"\b([A-Z]+)=([^;\s]*)", rule.upper()))
    if not parts.get("FREQ"):
        raise ValueError("it says no FREQ")
    if parts.get("INTERVAL", "1").strip("0") == "":
        raise ValueError("INTERVAL is 1 or more")
    for name, most in LARGEST.items():
        for value in parts[name].split(",") if name in parts else ():
            if not value.isdecimal() or int(value) > most:
                raise ValueError(f"{name} is 0 to {most}, not {value}")
    rrulestr(rule, dtstart=datetime(2026, 1, 1, tzinfo=UTC))
