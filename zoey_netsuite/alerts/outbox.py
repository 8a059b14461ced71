"""The outbox: sends alerts on a thread of its own, in order, and tries again what could not be sent."""

from __future__ import annotations

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable

from attrs import define, field

from zoey_netsuite.alerts.news import Alert
from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import ZoeyNetSuiteError
from zoey_netsuite.logs import logger_of

WAITS = (10.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 3600.0, 3600.0, 3600.0)
"""Seconds before each further try; after the last one, an alert is given up."""

ROOM = 1000
"""So many alerts wait at the most; what comes then is given up."""

AT_EXIT = 10.0
"""Seconds for which a process that ends goes on to send what waits."""

logger = logger_of("alerts")


class Refused(ZoeyNetSuiteError):
    """An alert was refused, and would be refused again."""


@define(eq=False)
class Outbox:
    """Sends alerts, without ever keeping those waiting who post them.

    Attributes:
        name: where to, for the log.
        deliver: sends one. `Refused` gives it up, any other exception means that it is tried again.
    """

    name: str
    deliver: Callable[[Alert], None]
    clock: Clock
    _boxes: dict[int, _Box] = field(factory=dict[int, "_Box"], init=False, repr=False)

    def post(self, alerts: Iterable[Alert]) -> None:
        """Have these sent, soon."""
        for alert in alerts:
            self._box().post(alert)

    def close(self, timeout: float = AT_EXIT) -> bool:
        """Try what waits once more, for so many seconds at the most. Says whether all of it was sent."""
        return self._box().hurry(timeout)

    def _box(self) -> _Box:
        """This process's own: what waits in the parent of a fork is sent there."""
        number = os.getpid()
        return self._boxes.get(number) or self._boxes.setdefault(number, _Box(self))


@define(eq=False)
class _Box:
    """What waits in one process. The thread is there as long as something waits."""

    outbox: Outbox = field(repr=False)
    waiting: deque[Alert] = field(factory=deque[Alert])
    lost: int = 0
    thread: threading.Thread | None = None
    hurried: threading.Event = field(factory=threading.Event)
    lock: threading.Lock = field(factory=threading.Lock)

    def post(self, alert: Alert) -> None:
        with self.lock:
            if len(self.waiting) >= ROOM:
                logger.error("%s: %d alerts wait already; not told: %s", self.outbox.name, ROOM, alert.subject)
                return
            self.waiting.append(alert)
            if self.thread is None:
                atexit.unregister(self.hurry)
                atexit.register(self.hurry, AT_EXIT)
                self.thread = threading.Thread(target=self._work, name=f"alerts to {self.outbox.name}", daemon=True)
                self.thread.start()

    def hurry(self, timeout: float) -> bool:
        with self.lock:
            thread, lost = self.thread, self.lost
            self.hurried.set()
        try:
            if thread is not None:
                thread.join(timeout)
        finally:
            self.hurried.clear()
        return not self.waiting and self.lost == lost

    def _work(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    self.thread = None
                    return
                alert = self.waiting[0]
            sent = self._send(alert)
            with self.lock:
                self.waiting.popleft()
                self.lost += not sent

    def _send(self, alert: Alert) -> bool:
        for wait in (*WAITS, None):
            try:
                self.outbox.deliver(alert)
                return True
            except Refused as error:
                logger.error("%s refused an alert, which is given up: %s: %s", self.outbox.name, error, alert.subject)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next alert goes out
                if wait is not None and not self.hurried.is_set():
                    words = "%s: an alert could not be sent, again in %g s: %s: %s"
                    logger.warning(words, self.outbox.name, wait, type(error).__name__, error)
                    self.outbox.clock.wait(self.hurried, wait)
                    continue
                words = "%s: an alert could not be sent and is given up: %s: %s: %s"
                logger.error(words, self.outbox.name, type(error).__name__, error, alert.subject)
            return False
        return False
