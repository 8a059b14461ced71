"""The sandbox's time: the machine's own, moved, stopped and set as a test needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _machine_time() -> datetime:
    return datetime.now(UTC)


def _as_duration(seconds: float | timedelta) -> timedelta:
    return seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)


class SandboxClock:
    """What both sandboxed systems take for the time of day. Safe to use from threads.

    It runs with the machine's clock, at an offset that `set` and `advance` change, until it is frozen.

    Args:
        now: the time to start at, aware; None for the machine's time.
        frozen: whether to stand still from the start.
        source: where running time comes from; the machine's clock unless a test gives its own.
    """

    def __init__(
        self, now: datetime | None = None, *, frozen: bool = False, source: Callable[[], datetime] = _machine_time
    ) -> None:
        self._lock = threading.Lock()
        self._source = source
        self._offset = timedelta(0)
        self._frozen_at: datetime | None = None
        if frozen:
            self.freeze()
        if now is not None:
            self.set(now)

    def now(self) -> datetime:
        """The sandbox's time of day: aware, UTC."""
        with self._lock:
            return self._now()

    def advance(self, seconds: float | timedelta) -> datetime:
        """Move by so many seconds (negative: back) and return the new time, frozen or not."""
        with self._lock:
            return self._move_to(self._now() + _as_duration(seconds))

    def set(self, now: datetime) -> datetime:
        """Make it this time and return it, in UTC. Raises ValueError for a time without an offset."""
        if now.tzinfo is None:
            raise ValueError(f"The sandbox's clock takes aware times only, not {now.isoformat()}.")
        with self._lock:
            return self._move_to(now.astimezone(UTC))

    def freeze(self) -> datetime:
        """Stand still until `run`, and return the time it stands at."""
        with self._lock:
            if self._frozen_at is None:
                self._frozen_at = self._now()
            return self._frozen_at

    def run(self) -> datetime:
        """Go on from the present time, and return it."""
        with self._lock:
            now = self._now()
            self._frozen_at = None
            return self._move_to(now)

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        with self._lock:
            return self._frozen_at is not None

    def _now(self) -> datetime:
        return self._frozen_at if self._frozen_at is not None else self._source() + self._offset

    def _move_to(self, now: datetime) -> datetime:
        if self._frozen_at is not None:
            self._frozen_at = now
        else:
            self._offset = now - self._source()
        return now

    def __repr__(self) -> str:
        return f"SandboxClock({self.now().isoformat()}{', frozen' if self.frozen else ''})"
