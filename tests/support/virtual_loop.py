"""An event loop on which waiting takes no time: a day of many tasks is simulated in a second, each time the same."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from zoey_netsuite import SystemClock

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Where no task can go on, the time of the next timer comes at once."""

    def __init__(self) -> None:
        self.passed = 0.0
        super().__init__(_Skipping(self))

    def time(self) -> float:
        return self.passed


class _Skipping(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "no task can go on, and none ever will"
        self.loop.passed += timeout
        return super().select(0)


class LoopClock(SystemClock):
    """The running loop's time."""

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def simulated(main: Coroutine[Any, Any, T]) -> T:
    """Run this to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
