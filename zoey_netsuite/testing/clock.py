"""A clock that tests move."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Follows(Protocol):
    """Another clock that is moved along, such as the sandbox's."""

    def now(self) -> datetime:
        """The time of day."""
        ...

    def advance(self, seconds: float) -> object:
        """Move on."""
        ...


class FakeClock:
    """A clock on which sleeping takes no time: it only moves the hands. Safe to use from many threads.

    Threads that wait at the same time move the hands one after the other. So let `Integration.run_due` run several
    syncs in a test: in `run_forever` each waits by itself, and a sync that is idle lets hours pass while another works.

    Args:
        start: the time of day at first; aware.
        follows: a clock to read and to move instead of one of its own.

    Attributes:
        slept: how long each sleep was, in seconds, in order.
    """

    def __init__(self, start: datetime | None = None, *, follows: Follows | None = None) -> None:
        self._start = start or datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self._follows = follows
        self._first = follows.now() if follows is not None else self._start
        self._passed = 0.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The time of day."""
        if self._follows is not None:
            return self._follows.now()
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return (self.now() - self._first).total_seconds()

    def advance(self, seconds: float) -> None:
        """Move the hands."""
        with self._lock:
            if self._follows is not None:
                self._follows.advance(seconds)
            self._passed += seconds

    def sleep(self, seconds: float) -> None:
        """Move the hands, and take no time."""
        if seconds > 0:
            self.slept.append(seconds)
            self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Move the hands, and let other tasks go on."""
        self.sleep(seconds)
        await asyncio.sleep(0)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Move the hands unless the event is set."""
        if not event.is_set():
            self.sleep(seconds)
        return event.is_set()

    def __repr__(self) -> str:
        return f"FakeClock({self.now().isoformat()})"
