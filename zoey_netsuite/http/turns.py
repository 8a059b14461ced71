"""Whose turn it is, of those that wait for a place within a limit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from attrs import define, field

from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.http.callers import Caller, who_calls


@define(eq=False)
class Permit:
    """The right to make one call.

    Attributes:
        epoch: how often the limit had been lowered when it was given.
        clock: what the seconds of this call's waiting are measured with.
        wake: called when it may be this one's turn.
        caller: who makes the call.
    """

    epoch: int = 0
    clock: Clock = field(factory=SystemClock, repr=False)
    wake: Callable[[], object] = field(default=lambda: None, repr=False)
    caller: Caller = field(factory=who_calls, repr=False)
    _held: bool = field(default=False, init=False, repr=False)

    def hold(self, epoch: int) -> None:
        """There is a place for this one."""
        self.epoch, self._held = epoch, True

    def give_back(self) -> bool:
        """Says whether there was a place to give back."""
        held, self._held = self._held, False
        return held


@define
class Turns:
    """A queue for each caller, served in turn; within one, first come first served.

    Bulk callers take every second turn at most while others wait. A limit of calls at once is not kept by turns alone,
    as a bulk call may take longer than others: so bulk callers also wait while they hold half of the places.
    """

    _queues: dict[tuple[str, bool], deque[Permit]] = field(factory=dict[tuple[str, bool], deque[Permit]], init=False)
    _bulk_was_last: bool = field(default=False, init=False)
    bulk_in_flight: int = field(default=0, init=False)

    def join(self, permit: Permit) -> None:
        """This one waits from now on."""
        self._queues.setdefault(_queue_of(permit), deque()).append(permit)

    def leave(self, permit: Permit) -> bool:
        """This one waits no more. Says whether it did."""
        queue = self._queues.get(_queue_of(permit))
        if queue is None or permit not in queue:
            return False
        queue.remove(permit)
        if not queue:
            del self._queues[_queue_of(permit)]
        return True

    def first(self, places: int | None) -> Permit | None:
        """Whose turn it is, or None where nobody waits.

        Args:
            places: how many calls at once are allowed; None for no limit.
        """
        others = next((queue for (_, bulk), queue in self._queues.items() if not bulk), None)
        if others is not None and (self._bulk_was_last or self._bulk_has_half(places)):
            return others[0]
        return next((queue[0] for queue in self._queues.values()), None)

    def serve(self, permit: Permit) -> None:
        """The first one gets its place: its caller's next turn comes after those of all others that wait."""
        key = _queue_of(permit)
        queue = self._queues.pop(key)
        queue.popleft()
        if queue:
            self._queues[key] = queue
        self._bulk_was_last = permit.caller.bulk
        self.bulk_in_flight += permit.caller.bulk

    def end(self, permit: Permit) -> None:
        """A place that was served is given back."""
        self.bulk_in_flight -= permit.caller.bulk

    def _bulk_has_half(self, places: int | None) -> bool:
        return places is not None and self.bulk_in_flight >= max(1, places // 2)

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._queues.values())


def _queue_of(permit: Permit) -> tuple[str, bool]:
    return permit.caller.name, permit.caller.bulk
