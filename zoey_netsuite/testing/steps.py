"""Counts the I/O steps of a program, and ends it at a chosen one, as a power cut would.

A step is a call to a remote system or a commit to the store. Wrap the transports and the store that a program uses, run
it once to count, then once for each step, and look at what is left. `end_process` ends a process of its own there.
`end_program` ends a program in this process: neither that step nor any later one comes about, so nothing that the
program does on its way out leaves a trace.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit

from attrs import define, field, frozen

from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.http.transport import Transport
from zoey_netsuite.state.store import Change, Check, Entry, Key, StateStore
from zoey_netsuite.testing.turns import Crash

T = TypeVar("T")

When: TypeAlias = Literal["before", "after"]
"""Before a step is made, or after it is made and before anybody hears of it."""

COMMIT = "commit of "
"""With this the names of steps begin that are commits."""


def end_process() -> None:
    """End this process at once (SIGKILL)."""
    os.kill(os.getpid(), signal.SIGKILL)


def end_program() -> None:
    """End the program that takes this step: its process stays, and nothing more comes of it.

    Raises:
        Crash: always.
    """
    raise Crash


@define
class Steps:
    """Counts steps, from 1; at `kill_at` the process ends at once (SIGKILL), or whatever else is given happens.

    Attributes:
        when: "before" the step is made, or "after" it is made and before anybody hears of it.
        taken: how many steps were begun so far.
        what: what happens at `kill_at`.
        names: what each step was, in order.
        threads: which threads made steps.
        is_over: whether `what` has ended the program (`Crash`): each further step ends it again.
    """

    kill_at: int | None = None
    when: When = "before"
    taken: int = 0
    what: Callable[[], None] = end_process
    names: list[str] = field(factory=list[str], repr=False)
    threads: set[int] = field(factory=set[int], repr=False)
    is_over: bool = False
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def take(self, step: Callable[[], T], name: str = "") -> T:
        """Make a step."""
        with self._lock:
            if self.is_over:
                raise Crash
            self.taken += 1
            number = self.taken
            self.names.append(name)
            self.threads.add(threading.get_ident())
        if number == self.kill_at and self.when == "before":
            self._happen()
        result = step()
        if number == self.kill_at and self.when == "after":
            self._happen()
        return result

    def _happen(self) -> None:
        try:
            self.what()
        except Crash:
            self.is_over = True
            raise


@frozen
class SteppedTransport:
    """A transport whose calls are steps."""

    inner: Transport
    steps: Steps

    def send(self, request: Request) -> Response:
        """Send one request: one step."""
        return self.steps.take(lambda: self.inner.send(request), f"{request.method} {urlsplit(request.url).path}")

    def close(self) -> None:
        """Give back the connections."""
        self.inner.close()


@frozen
class SteppedStore:
    """A store whose commits are steps."""

    inner: StateStore
    steps: Steps

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """As the inner store."""
        return self.inner.read(keys)

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        """As the inner store."""
        return self.inner.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Commit: one step."""
        return self.steps.take(lambda: self.inner.commit(changes), _named(changes))

    def now(self) -> datetime:
        """As the inner store."""
        return self.inner.now()

    def close(self) -> None:
        """Close the inner store."""
        self.inner.close()


def _named(changes: Sequence[Change]) -> str:
    """What a commit is about: the kinds of entries that it writes."""
    kinds = dict.fromkeys(change.key[1] for change in changes if len(change.key) > 1 and not isinstance(change, Check))
    return f"{COMMIT}{', '.join(kinds) or 'nothing'}"
