"""Time as a value that is passed in, so that tests never sleep."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What waits and what tells the time. All durations are seconds."""

    def now(self) -> datetime:
        """The time of day: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point; never runs backwards."""
        ...

    def sleep(self, seconds: float) -> None:
        """Block this thread for so long."""
        ...

    async def sleep_async(self, seconds: float) -> None:
        """Let this task wait for so long."""
        ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Block until the event is set or so much time has passed; says whether it is set."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time of day: aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some fixed point; never runs backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block this thread for so long."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let this task wait for so long."""
        import asyncio  # whoever awaits has imported it; blocking programs do without

        await asyncio.sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Block until the event is set or so much time has passed; says whether it is set."""
        return event.wait(seconds)

    def __repr__(self) -> str:
        return "SystemClock()"
