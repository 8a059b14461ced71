"""Dispatchers: on which threads a run's units are worked on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Protocol

from attrs import field, frozen

from zoey_netsuite.checks import number


class Dispatcher(Protocol):
    """Calls a step again and again until it says that nothing is left. A step claims some units, decides what each
    needs, and has that done.

    Several threads may call `step` at a time; one of them claims and decides, the others wait for their turn or for the
    effects of what they have claimed. Where a dispatcher has an attribute `count`, effects go out on so many threads of
    the engine; where it has none, on the thread that called the step.
    """

    def work(self, step: Callable[[], bool]) -> None:
        """Call `step` until it returns False (in every worker). What it raises in one worker stops the others after
        their step, and is raised here.
        """
        ...


@frozen
class Inline:
    """One unit after the other on the calling thread."""

    def work(self, step: Callable[[], bool]) -> None:
        """Call `step` until it returns False."""
        while step():
            pass


@frozen
class Threads:
    """Effects go out on several threads, which end with the run.

    Attributes:
        count: how many. Their work is waiting for the network; the account's limiter keeps the calls in bounds.
    """

    count: int = field(default=8, validator=number(least=1, whole=True))

    def work(self, step: Callable[[], bool]) -> None:
        """Call `step` on every thread until it returns False there."""
        failures: list[BaseException] = []
        stop = threading.Event()

        def loop() -> None:
            try:
                while not stop.is_set() and step():
                    pass
            except BaseException as error:  # noqa: BLE001 - raised again on the calling thread
                failures.append(error)
                stop.set()

        threads = [
            threading.Thread(target=copy_context().run, args=(loop,), name=f"zoey-netsuite-{n}", daemon=True)
            for n in range(self.count)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:
            stop.set()
            for thread in threads:
                thread.join()
            raise
        if failures:
            raise failures[0]
