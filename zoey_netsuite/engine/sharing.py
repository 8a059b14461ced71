"""Sharing out: what one worker has to do many times, all of them do."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from attrs import define, field


@define
class Sharing:
    """Jobs that any worker may take. The one that has handed them out takes part until all of them are done."""

    _condition: threading.Condition = field(factory=threading.Condition, init=False, repr=False)
    _jobs: deque[_Job] = field(factory=deque["_Job"], init=False, repr=False)
    _dealing: int = field(default=0, init=False)

    def begin(self) -> None:
        """This worker has units in its hands: others wait for what it shares out, until it says `end`."""
        with self._condition:
            self._dealing += 1

    def end(self) -> None:
        """It has none any more."""
        with self._condition:
            self._dealing -= 1
            self._condition.notify_all()

    def help(self, *, wait: bool) -> bool:
        """Do one job of another worker's; `wait` for one as long as others have units in their hands.

        Returns:
            False when there was none.
        """
        with self._condition:
            while not self._jobs:
                if not wait or not self._dealing:
                    return False
                self._condition.wait()
            job = self._jobs.popleft()
        self._do(job)
        return True

    def all(self, calls: Sequence[Callable[[], None]]) -> None:
        """Have all of these done, and return when they are. What one raises is raised here, after the others ended."""
        if len(calls) == 1:
            calls[0]()
            return
        batch = _Batch(len(calls))
        jobs = [_Job(call, batch) for call in calls]
        with self._condition:
            self._jobs.extend(jobs)
            self._condition.notify_all()
        while True:
            with self._condition:
                job = self._jobs.popleft() if self._jobs else None
                if job is None:
                    while batch.left:
                        self._condition.wait()
                    break
            self._do(job)
            if not batch.left:
                break
        if batch.error is not None:
            raise batch.error

    def _do(self, job: _Job) -> None:
        try:
            if job.batch.error is None:
                job.call()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever handed the job out
            job.batch.error = job.batch.error or error
        finally:
            with self._condition:
                job.batch.left -= 1
                self._condition.notify_all()


@define(eq=False)
class _Batch:
    """Jobs that were handed out together."""

    left: int
    error: BaseException | None = None


@define(eq=False)
class _Job:
    call: Callable[[], None]
    batch: _Batch
