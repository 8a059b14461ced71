"""Who makes calls: limiters are fair between callers, and each caller's calls are counted.

The caller travels in a context variable. So a limiter of your own needs no other arguments, and calls that are awaited
have their caller, too.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import define, field


@define(eq=False)
class Caller:
    """A sync in one run, for example.

    Attributes:
        name: callers of one name wait in one queue.
        bulk: whether it makes so many calls that it may take half of a limit at most while others wait.
        calls: how many requests were made so far, by system and kind.
    """

    name: str
    bulk: bool = False
    calls: defaultdict[str, Counter[str]] = field(factory=lambda: defaultdict[str, Counter[str]](Counter), init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def count(self, system: str, kind: str) -> None:
        """Take down a request that was made. Safe from several threads."""
        with self._lock:
            self.calls[system][kind] += 1


NOBODY = Caller("")
"""Who makes calls where nobody says so: a program that uses a client by itself."""

_caller: ContextVar[Caller] = ContextVar("zoey_netsuite_caller", default=NOBODY)


@contextmanager
def calling_as(caller: Caller) -> Generator[None]:
    """Calls in here are made by this caller."""
    before = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(before)


def who_calls() -> Caller:
    """Who makes a call that is made here."""
    return _caller.get()
