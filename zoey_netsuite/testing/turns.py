"""Threads that take turns: one runs at a time, and hands over at its gates, so that all can be played again."""

from __future__ import annotations

import threading
from collections.abc import Callable

from attrs import define, field

from zoey_netsuite.errors import ConfigurationError


class Crash(BaseException):
    """The process ends here, as far as the library can tell."""


@define(eq=False)
class Player:
    """A program on a thread of its own that runs only while somebody waits in `go`.

    Attributes:
        at: what it is about to do, where it stands at a gate.
        error: what the last job ended with, where that was an error.
    """

    at: str = ""
    error: Exception | None = None
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)
    _go: threading.Semaphore = field(factory=lambda: threading.Semaphore(0), init=False, repr=False)
    _back: threading.Semaphore = field(factory=lambda: threading.Semaphore(0), init=False, repr=False)
    _left: int = field(default=0, init=False)
    _counted: str = field(default="", init=False)
    _crashed: bool = field(default=False, init=False)

    @property
    def is_idle(self) -> bool:
        """Whether it has no job."""
        return self._thread is None

    def begin(self, job: Callable[[], object]) -> None:
        """Give it a job; it stands before its first step."""
        self.error = None
        self._thread = threading.Thread(target=self._work, args=(job,), daemon=True)
        self._thread.start()

    def go(self, gates: int, at: str = "") -> None:
        """Let it go on to the so-manieth gate from here, or to its job's end.

        Args:
            at: count only gates in whose name this is.
        """
        if self._thread is None:
            return
        self._left, self._counted = gates, at
        self._go.release()
        self._back.acquire()

    def crash(self) -> None:
        """End it where it stands. What it does on its way out does not come about."""
        self._crashed = True
        if self._thread is not None:
            self.go(1)

    def gate(self, name: str) -> None:
        """Pass, or wait for the next turn; called by the program."""
        if self._crashed:
            raise Crash
        if threading.current_thread() is not self._thread:
            raise ConfigurationError("a program that takes turns has one thread: give it dispatcher=Inline()")
        self._left -= self._counted in name
        if self._left > 0:
            return
        self.at = name
        self._back.release()
        self._go.acquire()
        self.at = ""
        if self._crashed:
            raise Crash

    def _work(self, job: Callable[[], object]) -> None:
        self._go.acquire()
        try:
            if not self._crashed:
                job()
        except Crash:
            pass
        except Exception as error:  # noqa: BLE001 - the user's program may raise anything; it is told
            self.error = error
        finally:
            self._thread = None
            self._back.release()
