"""The sandbox's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from zoey_netsuite.sandbox.clock import SandboxClock

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Ticks:
    def __init__(self) -> None:
        self.time = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def test_runs_with_its_source_from_where_it_was_set() -> None:
    """E5: tests move the sandbox's clock."""
    ticks = Ticks()
    clock = SandboxClock(NOW, source=ticks)
    assert clock.now() == NOW
    ticks.time += timedelta(seconds=7)
    assert clock.now() == NOW + timedelta(seconds=7)
    assert clock.advance(60) == NOW + timedelta(seconds=67)
    assert clock.advance(timedelta(hours=-1)) == clock.now() == NOW + timedelta(seconds=67) - timedelta(hours=1)


def test_stands_still_when_frozen() -> None:
    ticks = Ticks()
    clock = SandboxClock(NOW, frozen=True, source=ticks)
    ticks.time += timedelta(days=1)
    assert clock.now() == NOW
    assert clock.frozen
    assert clock.advance(5) == clock.now() == NOW + timedelta(seconds=5)
    assert clock.set(NOW) == clock.now() == NOW
    clock.run()
    assert clock.now() == NOW
    ticks.time += timedelta(seconds=1)
    assert clock.now() == NOW + timedelta(seconds=1)


def test_times_are_utc() -> None:
    clock = SandboxClock(frozen=True)
    there = datetime(2026, 3, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert clock.set(there) == NOW
    assert clock.now().utcoffset() == timedelta(0)


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SandboxClock().set(datetime(2026, 3, 1))


def test_starts_at_the_machines_time() -> None:
    before = datetime.now(UTC)
    assert before <= SandboxClock().now() <= datetime.now(UTC)
