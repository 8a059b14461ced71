"""Limits: how many calls at once, and how many a second. A limiter belongs to a remote account and may be shared by
all clients of it, blocking and async, in one process.
"""

from __future__ import annotations

import asyncio
import enum
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from attrs import define

from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.errors import ConfigurationError


class Signal(enum.Enum):
    """What an answer said about the limits."""

    OK = "ok"
    BUSY = "busy"
    """Refused for too many requests."""
    FAILED = "failed"
    """Anything else: says nothing about the limits."""


@define
class Permit:
    """The right to make one call.

    Attributes:
        epoch: how often the limit had been lowered when it was given.
    """

    epoch: int
    granted: bool = False
    wake: Callable[[], object] = lambda: None


class Limiter(Protocol):
    """Keeps an account's limits."""

    def acquire(self, clock: Clock) -> Permit:
        """Wait until a call may be made."""
        ...

    async def acquire_async(self, clock: Clock) -> Permit:
        """Wait until a call may be made. A cancelled wait takes no place."""
        ...

    def release(self, permit: Permit, signal: Signal, retry_after: float | None = None) -> None:
        """The call is over.

        Args:
            retry_after: seconds that the other side asked everybody to wait.
        """
        ...


class Limits:
    """Keeps limits within one process.

    Args:
        concurrency: calls at once; None for no limit.
        per_second: calls a second, sustained; None for no limit.
        burst: how many may go at once after a pause, within `per_second`.
        adaptive: find the limit that the account really grants: halve on a refusal, then grow by one for each round of
            calls that went well, up to `concurrency`.
        clock: measures the seconds.
    """

    def __init__(
        self,
        concurrency: int | None = None,
        per_second: float | None = None,
        *,
        burst: int = 1,
        adaptive: bool = True,
        clock: Clock | None = None,
    ) -> None:
        if concurrency is not None and concurrency < 1:
            raise ConfigurationError(f"concurrency is 1 or more, not {concurrency}")
        if per_second is not None and per_second <= 0:
            raise ConfigurationError(f"per_second is more than 0, not {per_second}")
        self.concurrency = concurrency
        self.per_second = per_second
        self.burst = max(1, burst)
        self.adaptive = adaptive
        self._clock: Clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._waiting: deque[Permit] = deque()
        self._allowed = float(concurrency or 0)
        self._in_flight = 0
        self._epoch = 0
        self._next = float("-inf")
        self._paused_until = float("-inf")

    @property
    def allowed(self) -> int | None:
        """How many calls at once are allowed just now."""
        return None if self.concurrency is None else int(self._allowed)

    def acquire(self, clock: Clock) -> Permit:
        """Wait until a call may be made: in turn, first come first served."""
        arrived = threading.Event()
        permit = self._queue(arrived.set)
        try:
            if not permit.granted:
                arrived.wait()
            clock.sleep(self._delay(clock)) if self._is_timed else None
        except BaseException:
            self._abandon(permit)
            raise
        return permit

    async def acquire_async(self, clock: Clock) -> Permit:
        """Wait until a call may be made: in turn, first come first served."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        permit = self._queue(lambda: loop.call_soon_threadsafe(arrived.set))
        try:
            if not permit.granted:
                await arrived.wait()
            if self._is_timed and (delay := self._delay(clock)) > 0:
                await clock.sleep_async(delay)
        except BaseException:
            self._abandon(permit)
            raise
        return permit

    def release(self, permit: Permit, signal: Signal, retry_after: float | None = None) -> None:
        """The call is over; what it said moves the limit."""
        with self._lock:
            self._in_flight -= 1
            if signal is Signal.BUSY:
                if retry_after:
                    self._paused_until = max(self._paused_until, self._clock.monotonic() + retry_after)
                if self.adaptive and permit.epoch == self._epoch:
                    self._epoch += 1  # the calls that were under way together count as one refusal
                    self._allowed = max(1.0, self._allowed / 2)
            elif signal is Signal.OK and self.adaptive and self.concurrency is not None:
                self._allowed = min(float(self.concurrency), self._allowed + 1 / max(self._allowed, 1.0))
            self._grant()

    @property
    def _is_timed(self) -> bool:
        return self.per_second is not None or self._paused_until > float("-inf")

    def _queue(self, wake: Callable[[], object]) -> Permit:
        with self._lock:
            permit = Permit(self._epoch, wake=wake)
            self._waiting.append(permit)
            self._grant()
        return permit

    def _grant(self) -> None:
        """Let those in whose turn it is. Called with the lock held."""
        while self._waiting and (self.concurrency is None or self._in_flight < int(self._allowed)):
            permit = self._waiting.popleft()
            permit.granted, permit.epoch = True, self._epoch
            self._in_flight += 1
            permit.wake()

    def _abandon(self, permit: Permit) -> None:
        """Nobody waits for this permit any more."""
        with self._lock:
            if permit.granted:
                self._in_flight -= 1
            else:
                self._waiting.remove(permit)
            self._grant()

    def _delay(self, clock: Clock) -> float:
        """Seconds until this call may go: each takes the next free place in time."""
        with self._lock:
            now = clock.monotonic()
            place = max(now, self._paused_until)
            if self.per_second is not None:
                interval = 1 / self.per_second
                place = max(place, self._next - (self.burst - 1) * interval)
                self._next = max(self._next, place) + interval
            return max(0.0, place - now)

    def __repr__(self) -> str:
        return f"Limits(concurrency={self.concurrency}, per_second={self.per_second}, adaptive={self.adaptive})"
