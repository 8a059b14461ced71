"""The threads on which effects go out, and how many claims are in hand to keep them busy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from types import TracebackType
from typing import Self

from attrs import define, field

AHEAD = 4
"""The next claim is taken when fewer units than this are left for each thread: early enough to look up and decide what
it needs before the threads run dry, and late enough that what was read for it is not old when its turn comes.
"""


@define
class Pool:
    """Performs effects on `count` threads; with one, on the thread that asks. A context manager."""

    count: int = 1
    _threads: ThreadPoolExecutor | None = field(init=False, repr=False)
    _changed: threading.Condition = field(factory=threading.Condition, init=False, repr=False)
    _claims: int = field(default=0, init=False)
    _left: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(self.count, "zoey-netsuite-effects") if self.count > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._threads is not None:
            self._threads.shutdown()

    @contextmanager
    def claim_in_hand(self, units: int) -> Generator[Hand]:
        """A claim is being worked on: so many of its units have effects for threads to perform."""
        hand = Hand(self, 0)
        hand.now_left(units)
        with self._changed:
            self._claims += 1
        try:
            yield hand
        finally:
            hand.now_left(0)
            with self._changed:
                self._claims -= 1
                self._changed.notify_all()

    def wait_for_room(self) -> None:
        """Wait until another claim is needed: a second one when the first runs low, more than two only while threads
        would stand idle, as where one call is shared by a whole claim.
        """
        if self._threads is not None:
            with self._changed:
                self._changed.wait_for(self._has_room)

    def _has_room(self) -> bool:
        if self._claims < 2:
            return self._claims == 0 or self._left < AHEAD * self.count
        return self._claims < self.count and self._left < self.count

    def change_left(self, by: int) -> None:
        """So many more units, or fewer, are left to threads."""
        with self._changed:
            self._left += by
            if self._has_room():
                self._changed.notify_all()

    def submit(self, call: Callable[[], None]) -> Future[None] | None:
        """Have this done on a thread; None where it is done already, on this one."""
        if self._threads is not None:
            return self._threads.submit(copy_context().run, call)
        call()
        return None


@define
class Hand:
    """What one claim has of the pool."""

    pool: Pool
    left: int

    def now_left(self, units: int) -> None:
        """So many of its units are left to threads."""
        self.pool.change_left(units - self.left)
        self.left = units

    def all(self, calls: Sequence[Callable[[], None]], *, every: float, meanwhile: Callable[[], None]) -> None:
        """Have all of these done, each for one unit. What one raises is raised here, once those that had begun have
        ended; the others are not begun.

        Args:
            every: `meanwhile` is called every so many seconds as long as they take, on the thread that asks.
        """
        self.now_left(len(calls))
        begun = [future for call in calls if (future := self.pool.submit(call)) is not None]
        for future in begun:
            future.add_done_callback(lambda _: self.pool.change_left(-1))
        try:
            while wait(begun, every, FIRST_EXCEPTION).not_done and not any(map(_failed, begun)):
                meanwhile()
        finally:
            for future in begun:
                future.cancel()
            wait(begun)
            self.left -= len(begun)
        for future in begun:
            if not future.cancelled():
                future.result()


def _failed(future: Future[None]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is not None
