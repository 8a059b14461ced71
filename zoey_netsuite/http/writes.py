"""Whether something was written that must not be written twice: an effect may write, and fail after that.

An error tells of the call that failed only. Whoever performs an effect has to know of the calls before it, too.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from attrs import define

from zoey_netsuite.http.operation import Operation


@define
class Written:
    """What was written so far.

    Attributes:
        last: the latest call of those that must not be repeated, which was done or may have been.
    """

    last: Operation[Any] | None = None


_written: ContextVar[Written | None] = ContextVar("zoey_netsuite_written", default=None)


@contextmanager
def noting_writes() -> Generator[Written]:
    """Of calls made in here it is noted which have written something."""
    noted = Written()
    before = _written.set(noted)
    try:
        yield noted
    finally:
        _written.reset(before)


def note_write(operation: Operation[Any]) -> None:
    """This call was done, or may have been."""
    noted = _written.get()
    if noted is not None:
        noted.last = operation
