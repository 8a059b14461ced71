"""Until when a write may be begun: whoever writes under a lease says so, and no attempt starts after that.

A call may wait long before it is made, for a place within the limits and after refusals. What was allowed when it was
asked for may not be any more when its turn has come. Reads change nothing, and are made all the same: a worker that has
slept may look what has become of its write.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from zoey_netsuite.errors import TransportError

_may_start: ContextVar[Callable[[], bool] | None] = ContextVar("zoey_netsuite_may_start", default=None)


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
