"""Circuits: what has failed is not asked again and again, and is told once."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from attrs import define, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.health import Health
from zoey_netsuite.errors import SystemFailure

MINUTES = (1, 2, 4, 8, 15)
"""After how long a system that was down or out of quota is asked again."""

FOR_A_PERSON = ("credentials", "permission")
"""Causes that only a person can mend: no schedule asks again before `check()` has passed."""

SYSTEMS = ("netsuite", "zoey", "store")


@frozen
class Circuit:
    """Something that has failed: a system, or one sync for a mistake in its settings.

    Attributes:
        tries: how often it was found failed in a row.
        again_at: by the monotonic clock, when it may be asked again; None: only by a person.
    """

    failure: SystemFailure
    tries: int
    again_at: float | None


@define
class Circuits:
    """What has failed, and when each may be asked again. Lives as long as the process.

    A system is named as in `SystemFailure`, a sync as "sync NAME". A circuit stays open until a run has gone well: that
    a system answers a cheap question does not mean yet that work can be done there.
    """

    clock: Clock
    health: Health
    _open: dict[str, Circuit] = field(factory=dict[str, Circuit], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def open(self, name: str, failure: SystemFailure) -> bool:
        """It has failed. Says whether this is news: the same cause again is not."""
        with self._lock:
            before = self._open.get(name)
            news = before is None or before.failure.cause != failure.cause
            tries = before.tries + 1 if before and not news else 1
            wait = MINUTES[min(tries, len(MINUTES)) - 1] * 60.0
            by_person = failure.cause in FOR_A_PERSON
            again_at = None if by_person else self.clock.monotonic() + wait
            self._open[name] = Circuit(failure, tries, again_at)
        return news

    def first_failing(self, *, probe: bool) -> tuple[str, SystemFailure] | None:
        """The failed system that still fails, after asking each once if it may be asked.

        Args:
            probe: ask even before the time.
        """
        for system in SYSTEMS:
            circuit = self._open.get(system)
            if circuit is None:
                continue
            if not probe and not self._may_ask(circuit):
                return system, circuit.failure
            failure = self.health.probe(system)
            if failure is not None:
                return failure.system if failure.system in SYSTEMS else system, failure
        return None

    def waits(self, name: str) -> bool:
        """Whether it has failed and is not to be asked yet."""
        circuit = self._open.get(name)
        return circuit is not None and not self._may_ask(circuit)

    def any_system_waits(self) -> bool:
        """Whether a system has failed and is not to be asked yet."""
        return any(self.waits(system) for system in SYSTEMS)

    def seconds_left(self, name: str) -> float:
        """How long until it may be asked again, 0 when it may be; a minute where only a person can tell."""
        circuit = self._open.get(name)
        if circuit is None:
            return 0.0
        return 60.0 if circuit.again_at is None else max(circuit.again_at - self.clock.monotonic(), 0.0)

    @property
    def failing(self) -> Mapping[str, SystemFailure]:
        """What has failed and is not known to work again, each with its failure."""
        with self._lock:
            return {name: circuit.failure for name, circuit in self._open.items()}

    def close(self, name: str) -> bool:
        """It works. Says whether this is news."""
        with self._lock:
            return self._open.pop(name, None) is not None

    def _may_ask(self, circuit: Circuit) -> bool:
        return circuit.again_at is not None and self.clock.monotonic() >= circuit.again_at
