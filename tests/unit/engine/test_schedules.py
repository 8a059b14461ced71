"""When a sync is due: G1."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from zoey_netsuite import ConfigurationError, Daily, Every, Manual, Recurring


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_counts_from_the_last_start() -> None:
    assert Every(minutes=15).next_after(None, at("2026-03-02T09:00")) == at("2026-03-02T09:00")
    assert Every(minutes=15).next_after(at("2026-03-02T09:00"), at("2026-03-02T09:07")) == at("2026-03-02T09:15")


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2026-03-27T01:30", "2026-03-28T01:30"),  # winter: UTC+1
        ("2026-03-28T01:30", "2026-03-29T01:30"),  # 02:30 is skipped that night: the same moment counted on
        ("2026-03-29T01:30", "2026-03-30T00:30"),  # summer: UTC+2
        ("2026-10-24T00:30", "2026-10-25T00:30"),  # 02:30 comes twice that night: the first of the two
        ("2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_daily_over_clock_changes(last: str, due: str) -> None:
    """Once a day, on the days on which the clock changes, too."""
    assert Daily(at="02:30", timezone="Europe/Berlin").next_after(at(last), at(last)) == at(due)


@pytest.mark.parametrize("said", ["Every(days=2)", "Every(minutes=90)", "Every(minutes=15)", "Every(seconds=90.5)"])
def test_every_is_shown_as_it_is_written(said: str) -> None:
    """For `Integration.status()`, which shows schedules to people."""
    assert repr(eval(said)) == said


def test_daily_once_a_day_all_year() -> None:
    schedule, moment = Daily(at="02:30", timezone="America/New_York"), at("2026-01-01T07:30")
    seen: list[date] = []
    for _ in range(365):
        following = schedule.next_after(moment, moment)
        assert following is not None
        assert timedelta(hours=22) < following - moment < timedelta(hours=26), following
        moment = following
        seen.append(moment.date())
    assert len(set(seen)) == 365


def test_recurring() -> None:
    schedule = Recurring("FREQ=HOURLY;BYHOUR=8,12")
    assert schedule.next_after(None, at("2026-03-02T09:13")) == at("2026-03-02T12:00")
    assert schedule.next_after(at("2026-03-02T12:00:07"), at("2026-03-02T12:30")) == at("2026-03-03T08:00")
    assert (
        Recurring("FREQ=DAILY;UNTIL=20260303T000000Z").next_after(at("2026-03-04T00:00"), at("2026-03-04T00:00"))
        is None
    )


def test_manual_is_never_due() -> None:
    assert Manual().next_after(None, at("2026-03-02T09:00")) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Every(),
        lambda: Every(minutes=-1),
        lambda: Daily(at="24:00"),
        lambda: Daily(at="2:30"),
        lambda: Daily(at="02:30", timezone="Mars/Olympus"),
        lambda: Recurring("EVERY DAY"),
        lambda: Recurring(""),
    ],
)
def test_what_is_no_schedule(make: object) -> None:
    with pytest.raises(ConfigurationError):
        make()  # type: ignore[operator]  # a lambda
