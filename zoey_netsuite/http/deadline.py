"""Until when a call may go on, and a write may be begun.

Whoever writes under a lease says until when a write may be begun, and no attempt starts after that. A service that is
told to end makes no further attempt. An answer must be complete within the request's time-out.

A call may wait long before it is made, for a place within the limits and after refusals. What was allowed when it was
asked for may not be any more when its turn has come. Reads change nothing, and are made all the same: a worker that has
slept may look what has become of its write.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from zoey_netsuite.errors import TransportError

_may_start: ContextVar[Callable[[], bool] | None] = ContextVar("zoey_netsuite_may_start", default=None)
_stop: ContextVar[threading.Event | None] = ContextVar("zoey_netsuite_stop", default=None)

SENDING = "send_request_headers.started"
"""How the event ends that httpcore traces when a connection is there and the request begins to go out."""


class TooLate(TransportError):
    """A write was not sent even once, as its turn came too late. Nothing is wrong with it, nor with the other side."""


@contextmanager
def starting_only_while(allowed: Callable[[], bool]) -> Generator[None]:
    """Writes made in here are sent only while this says yes; others fail as not sent."""
    before = _may_start.set(allowed)
    try:
        yield
    finally:
        _may_start.reset(before)


def may_start() -> bool:
    """Whether a write may be sent now."""
    allowed = _may_start.get()
    return allowed is None or allowed()


@contextmanager
def stopping_with(stop: threading.Event) -> Generator[None]:
    """Calls made in here are not tried again once this is set, and don't wait any longer for their next attempt."""
    before = _stop.set(stop)
    try:
        yield
    finally:
        _stop.reset(before)


def stop_of_this_service() -> threading.Event | None:
    """What tells that the service is to end in which this call is made."""
    return _stop.get()


def is_stopping() -> bool:
    """Whether the service is to end in which this call is made."""
    stop = _stop.get()
    return stop is not None and stop.is_set()


class Deadline:
    """The end of one blocking call. httpx waits for each read anew, so an answer that trickles in has no end.

    Whatever is read or written on a connection by the thread of the call takes no longer than the call still has.

    Args:
        seconds: from when the request begins to go out.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: float | None = None

    @contextmanager
    def watching(self) -> Generator[None]:
        """The call is made in here, on this thread."""
        _calling.deadline = self
        try:
            yield
        finally:
            _calling.deadline = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take part in what httpcore does: it tells of each new connection, and when it begins to send."""
        if event.endswith(SENDING):
            self._ends = time.monotonic() + self._seconds
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            _end_in_time(info["return_value"])

    def is_over(self) -> bool:
        """Whether the call has no time left."""
        return self._ends is not None and time.monotonic() > self._ends

    def left(self, timeout: float | None) -> float | None:
        """Seconds to wait for a step that would wait for `timeout`.

        Raises:
            TimeoutError: the call has no time left.
        """
        if self._ends is None:
            return timeout
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left if timeout is None else min(left, timeout)


class _Calling(threading.local):
    deadline: Deadline | None = None


_calling = _Calling()


def _end_in_time(stream: Any) -> None:
    """Have each step on a connection end with the call of its thread. It is kept for further calls of any thread."""
    plain_read, plain_write = stream.read, stream.write

    def left(timeout: float | None) -> float | None:
        return timeout if _calling.deadline is None else _calling.deadline.left(timeout)

    def read(max_bytes: int, timeout: float | None = None) -> object:
        return plain_read(max_bytes, timeout=left(timeout))

    def write(buffer: bytes, timeout: float | None = None) -> object:
        return plain_write(buffer, timeout=left(timeout))

    stream.read, stream.write = read, write
