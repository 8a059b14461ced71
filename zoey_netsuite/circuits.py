"""Circuits: a system that has failed is not asked again and again."""

from __future__ import annotations

import logging
import threading

from attrs import define, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.health import Health
from zoey_netsuite.errors import SystemFailure

logger = logging.getLogger("zoey_netsuite.integration")

MINUTES = (1, 2, 4, 8, 15)
"""After how long a system that was down or out of quota is asked again."""

FOR_A_PERSON = ("credentials", "permission")
"""Causes that only a person can mend: no schedule asks again before `check()` has passed."""


@frozen
class Circuit:
    """A system that has failed.

    Attributes:
        tries: how often it was found failed in a row.
        again_at: by the monotonic clock, when it may be asked again; None: only by a person.
    """

    failure: SystemFailure
    tries: int
    again_at: float | None


@define
class Circuits:
    """Which systems have failed, and when each may be asked again. Lives as long as the process."""

    clock: Clock
    health: Health
    _open: dict[str, Circuit] = field(factory=dict[str, Circuit], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def open(self, failure: SystemFailure) -> bool:
        """A system has failed. Says whether this is news: the same cause again is not."""
        if failure.system not in ("netsuite", "zoey"):
            return True
        with self._lock:
            before = self._open.get(failure.system)
            tries = before.tries + 1 if before else 1
            wait = MINUTES[min(tries, len(MINUTES)) - 1] * 60.0
            again_at = None if failure.cause in FOR_A_PERSON else self.clock.monotonic() + wait
            self._open[failure.system] = Circuit(failure, tries, again_at)
        return before is None or before.failure.cause != failure.cause

    def first_open(self, *, probe: bool) -> SystemFailure | None:
        """The failure that stands, after asking each failed system once if it may be asked.

        Args:
            probe: a person asks, so ask even before the time.
        """
        for system, circuit in [*self._open.items()]:
            if not probe and not self._may_ask(circuit):
                return circuit.failure
            failure = self.health.probe(system)
            if failure is not None:
                self.open(failure)
                return failure
            self.close(system)
        return None

    def waiting(self) -> bool:
        """Whether a system has failed and is not to be asked yet."""
        return any(not self._may_ask(circuit) for circuit in self._open.values())

    def seconds_left(self) -> float:
        """How long until all failed systems may be asked again; a minute at the most where only a person can tell."""
        now = self.clock.monotonic()
        left = [60.0 if circuit.again_at is None else circuit.again_at - now for circuit in self._open.values()]
        return max([0.0, *left])

    def close(self, system: str) -> None:
        """A system answers again."""
        with self._lock:
            if self._open.pop(system, None) is not None:
                logger.info("%s answers again", system)

    def close_all(self) -> None:
        """All is well."""
        for system in [*self._open]:
            self.close(system)

    def _may_ask(self, circuit: Circuit) -> bool:
        return circuit.again_at is not None and self.clock.monotonic() >= circuit.again_at
