"""A clock whose hands only the test moves, for several threads; and calls that take time on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from attrs import define, field

from zoey_netsuite import Clock, HttpxTransport, Limits
from zoey_netsuite.http import Permit, Signal
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.testing.clock import Follows

PATIENCE = 60.0
"""Seconds after which a test has failed in which threads no longer come to where it waits for them."""

OFTEN = 0.005


@define(eq=False)
class HandClock:
    """Whoever waits on it is blocked until the hands have moved so far.

    Attributes:
        follows: the sandbox's clock, which is moved.
        changed: told when a thread begins to wait, here or for its turn.
    """

    follows: Follows
    changed: threading.Condition = field(factory=threading.Condition)
    _waits: dict[str, float] = field(factory=dict[str, float], init=False)
    _passed: float = field(default=0.0, init=False)
    _over: bool = field(default=False, init=False)

    def now(self) -> datetime:
        return self.follows.now()

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        me = threading.current_thread().name
        with self.changed:
            if not self._over and seconds > 0:
                self._waits[me] = self._passed + seconds
                self.changed.notify_all()
                self.changed.wait_for(lambda: self._over or me not in self._waits)
                self._waits.pop(me, None)

    async def sleep_async(self, seconds: float) -> None:
        raise NotImplementedError

    def wait(self, event: threading.Event, seconds: float) -> bool:
        if not event.is_set():
            self.sleep(seconds)
        return event.is_set()

    def waits(self, name: str) -> bool:
        """Whether a thread of this name waits here."""
        return name in self._waits

    def advance(self, seconds: float) -> None:
        """Move the hands. Whose time has come does not wait from now on."""
        with self.changed:
            self.follows.advance(seconds)
            self._passed += seconds
            self._waits = {name: until for name, until in self._waits.items() if until > self._passed}
            self.changed.notify_all()

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until other threads have come so far. Who waits in a limiter's queue tells nobody: so look often."""
        with self.changed:
            for _ in range(int(PATIENCE / OFTEN)):
                if true():
                    return
                self.changed.wait(OFTEN)
        raise AssertionError(f"it never came so far; on the clock wait {[*self._waits]}")

    def end(self) -> None:
        """Nobody waits here any more."""
        with self.changed:
            self._over = True
            self.changed.notify_all()


@define(eq=False)
class SlowRemote:
    """A remote system that answers one call at a time, whenever the test lets it. It is limiter and transport of its
    client.

    Attributes:
        asking: the threads that wait for their turn or for their answer.
    """

    clock: HandClock
    asking: set[str] = field(factory=set[str], init=False)
    _limits: Limits = field(factory=lambda: Limits(concurrency=1), init=False)
    _inner: HttpxTransport = field(factory=HttpxTransport, init=False)
    _at_work: bool = field(default=False, init=False)
    _answers: int = field(default=0, init=False)
    _over: bool = field(default=False, init=False)

    def acquire(self, clock: Clock) -> Permit:
        with self.clock.changed:
            self.asking.add(threading.current_thread().name)
        return self._limits.acquire(clock)

    async def acquire_async(self, clock: Clock) -> Permit:
        raise NotImplementedError

    def release(self, permit: Permit, signal: Signal, retry_after: float | None = None) -> None:
        with self.clock.changed:
            self.asking.remove(threading.current_thread().name)
            self._limits.release(permit, signal, retry_after)
            self._over = True
            self.clock.changed.notify_all()

    def send(self, request: Request) -> Response:
        with self.clock.changed:
            self._at_work = True
            self.clock.changed.notify_all()
            self.clock.changed.wait_for(lambda: self._answers > 0)
            self._answers -= 1
            self._at_work = False
        return self._inner.send(request)

    def close(self) -> None:
        self._inner.close()

    def is_asked(self) -> bool:
        """Whether a call waits for its answer, and all others that wait do so for their turn."""
        return self._at_work and len(self.asking) == self._limits.waiting + 1

    def answer(self) -> None:
        """Let one call through, and wait until it is over."""
        with self.clock.changed:
            self._over = False
            self._answers += 1
            self.clock.changed.notify_all()
        self.clock.until(lambda: self._over)
