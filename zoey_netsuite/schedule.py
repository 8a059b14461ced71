"""Schedules: when is a sync due? Pure functions of the last start and the time now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import define, field, frozen
from dateutil.rrule import rrulestr

from zoey_netsuite.errors import ConfigurationError


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


@frozen(init=False)
class Every:
    """Again so long after the last start; at once at first."""

    interval: timedelta

    def __init__(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        interval = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        if interval <= timedelta():
            msg = "Every(...) needs a positive interval, e.g. Every(minutes=15)"
            raise ConfigurationError(msg)
        object.__setattr__(self, "interval", interval)

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
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", self.at):
            msg = f"Daily(at=...) takes HH:MM, not {self.at!r}"
            raise ConfigurationError(msg)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
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
            rrulestr(rule, dtstart=datetime(2026, 1, 1, tzinfo=UTC))
        except ValueError as error:
            msg = f"{rule!r} is no recurrence rule (RFC 5545): {error}"
            raise ConfigurationError(msg) from error
        object.__setattr__(self, "rule", rule)

    def next_after(self, last: datetime | None, now: datetime) -> datetime | None:
        """The first time of the rule after the last start; without one, the next from now."""
        since = last or now
        start = since.replace(minute=0, second=0, microsecond=0)
        return rrulestr(self.rule, dtstart=start).after(since)
