"""Limits: how many calls at once, and how many a second. A limiter belongs to a remote account and may be shared by
all clients of it, blocking and async, in one process.
"""

from __future__ import annotations

import enum
import math
import threading
from typing import Protocol

from zoey_netsuite.checks import must_be_number
from zoey_netsuite.clock import Clock
from zoey_netsuite.http.turns import Permit, Turns


class Signal(enum.Enum):
    """What an answer said about the limits."""

    OK = "ok"
    BUSY = "busy"
    """Refused for too many requests."""
    FAILED = "failed"
    """Anything else: says nothing about the limits."""


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
    """Keeps limits within one process, fair between the syncs of its integrations: those that wait take turns, each
    first come first served. A bulk sync (`Sync.bulk`) takes at most half of the calls, and of the places, while others
    wait. Calls that no sync makes take turns as one more caller.

    Args:
        concurrency: calls at once; None for no limit.
        per_second: calls a second, sustained; None for no limit.
        burst: how many may go at once after a pause, within `per_second`.
        adaptive: find the limits that the account really grants: halve both on a refusal, then let them grow back bit
            by bit with each call that goes well, `concurrency` by one for each round of calls.
        clock: measures the seconds and waits; by default the clock of whoever calls.

    Raises:
        ConfigurationError: a limit below one call at once, or without a number of calls a second.
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
        if concurrency is not None:
            must_be_number("Limits(concurrency=…)", concurrency, least=1, whole=True)
        if per_second is not None:
            must_be_number("Limits(per_second=…)", per_second, above=0, most=1_000_000)
        must_be_number("Limits(burst=…)", burst, least=1, whole=True)
        self.concurrency = concurrency
        self.per_second = per_second
        self.burst = burst
        self.adaptive = adaptive
        self._clock = clock
        # re-entrant, as a coroutine that the garbage collector ends may leave the queue at any moment
        self._lock = threading.RLock()
        self._turns = Turns()
        self._allowed = float(concurrency or 0)
        self._rate = per_second or 0.0
        self._in_flight = 0
        self._epoch = 0
        self._saved = float(self.burst)
        self._saved_at = math.inf
        self._paused_until = -math.inf

    @property
    def allowed(self) -> int | None:
        """How many calls at once are allowed just now."""
        return None if self.concurrency is None else int(self._allowed)

    @property
    def rate(self) -> float | None:
        """How many calls a second are allowed just now."""
        return None if self.per_second is None else self._rate

    @property
    def in_flight(self) -> int:
        """How many calls are being made just now."""
        return self._in_flight

    @property
    def waiting(self) -> int:
        """How many wait for their turn just now."""
        return len(self._turns)

    def limit_to(self, concurrency: int) -> None:
        """Allow so many calls at once from now on, and no more than that however well calls go; 0 allows none.

        Calls that are being made go on.
        """
        with self._lock:
            grown = concurrency > (self.concurrency or 0)
            self.concurrency = concurrency
            self._allowed = float(concurrency) if grown or not self.adaptive else min(self._allowed, concurrency)
            self._wake_first()

    def acquire(self, clock: Clock) -> Permit:
        """Wait until a call may be made, and it is this caller's turn."""
        turn = threading.Event()
        permit = Permit(clock=self._clock or clock, wake=turn.set)
        self._queue(permit)
        try:
            while (delay := self._try(permit)) != 0:
                if delay is None:
                    turn.wait()
                else:
                    permit.clock.sleep(delay)
                turn.clear()
        except BaseException:
            self._abandon(permit)
            raise
        return permit

    async def acquire_async(self, clock: Clock) -> Permit:
        """Wait until a call may be made, and it is this caller's turn. A cancelled wait takes no place."""
        import asyncio

        loop = asyncio.get_running_loop()
        turn = asyncio.Event()
        permit = Permit(clock=self._clock or clock, wake=lambda: loop.call_soon_threadsafe(turn.set))
        self._queue(permit)
        try:
            while (delay := self._try(permit)) != 0:
                if delay is None:
                    await turn.wait()
                else:
                    await permit.clock.sleep_async(delay)
                turn.clear()
        except BaseException:
            self._abandon(permit)
            raise
        return permit

    def release(self, permit: Permit, signal: Signal, retry_after: float | None = None) -> None:
        """The call is over; what it said moves the limits. A second release of one permit does nothing."""
        with self._lock:
            if not permit.give_back():
                return
            self._gave_back(permit)
            if signal is Signal.BUSY:
                if retry_after is not None and 0 < retry_after < math.inf:
                    self._paused_until = max(self._paused_until, permit.clock.monotonic() + retry_after)
                if self.adaptive and permit.epoch == self._epoch:
                    self._epoch += 1  # the calls that were under way together count as one refusal
                    self._allowed = max(1.0, self._allowed / 2)
                    self._rate = max((self.per_second or 0.0) / 16, self._rate / 2)
            elif signal is Signal.OK and self.adaptive:
                if self.concurrency is not None:
                    self._allowed = min(float(self.concurrency), self._allowed + 1 / max(self._allowed, 1.0))
                if self.per_second is not None:
                    self._rate = min(self.per_second, self._rate + self.per_second / 64)
            self._wake_first()

    def _queue(self, permit: Permit) -> None:
        with self._lock:
            self._turns.join(permit)

    def _try(self, permit: Permit) -> float | None:
        """Take a place: 0.0 when it was got, else how long to wait, or None for as long as it takes.

        Only the one whose turn it is waits for time to pass. So nobody holds a place in time that a cancelled wait
        would leave empty, and a pause that is asked for meanwhile holds for all.
        """
        with self._lock:
            if self._first() is not permit:
                return None
            if self.concurrency is not None and self._in_flight >= int(self._allowed):
                return None
            now = permit.clock.monotonic()
            delay = max(self._paused_until - now, self._until_saved(now))
            if delay > 0:
                return max(delay, 1e-6)
            self._saved -= 1
            self._turns.serve(permit)
            self._in_flight += 1
            permit.hold(self._epoch)
            self._wake_first()
            return 0.0

    def _until_saved(self, now: float) -> float:
        """Seconds until the rate grants another call. Called with the lock held."""
        if self.per_second is None:
            self._saved = 1.0
            return 0.0
        self._saved = min(float(self.burst), self._saved + max(0.0, now - self._saved_at) * self._rate)
        self._saved_at = now
        return (1 - self._saved) / self._rate if self._saved < 1 - 1e-9 else 0.0

    def _abandon(self, permit: Permit) -> None:
        """Nobody waits for this permit any more."""
        with self._lock:
            if not self._turns.leave(permit) and permit.give_back():
                self._gave_back(permit)
            self._wake_first()

    def _gave_back(self, permit: Permit) -> None:
        """A place is free again. Called with the lock held."""
        self._in_flight -= 1
        self._turns.end(permit)

    def _first(self) -> Permit | None:
        """Whose turn it is. Called with the lock held.

        It changes with whoever joins, leaves, is served or gives back. Who joins looks by itself; all others wake the
        first one.
        """
        return self._turns.first(None if self.concurrency is None else int(self._allowed))

    def _wake_first(self) -> None:
        """Tell whose turn it may be. Called with the lock held."""
        while (first := self._first()) is not None:
            try:
                first.wake()
            except RuntimeError:  # its event loop was closed: nobody waits there any more
                self._turns.leave(first)
            else:
                return

    def __repr__(self) -> str:
        return f"Limits(concurrency={self.concurrency}, per_second={self.per_second}, adaptive={self.adaptive})"
