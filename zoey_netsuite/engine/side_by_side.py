"""Side by side: jobs that go on until they are told to end, each on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context

LOOK = 0.5
"""Seconds after which it is noticed that a job has failed."""


def side_by_side(jobs: Mapping[str, Callable[[threading.Event], None]], stop: threading.Event) -> None:
    """Call each job on a thread of its own, with an event that tells when to end: `stop` is set, or another job failed.

    Returns when all have ended. What one raised is raised here.
    """
    ends = threading.Event()
    failures: list[BaseException] = []

    def call(job: Callable[[threading.Event], None]) -> None:
        try:
            job(ends)
        except BaseException as error:  # noqa: BLE001 - raised again on the calling thread
            failures.append(error)
            ends.set()

    threads = [
        threading.Thread(target=copy_context().run, args=(call, job), name=f"zoey-netsuite {name}", daemon=True)
        for name, job in jobs.items()
    ]
    for thread in threads:
        thread.start()
    try:
        # here and not in the threads, as signals interrupt the main thread only
        while not (ends.is_set() or stop.is_set()):
            stop.wait(LOOK)
    finally:
        ends.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
