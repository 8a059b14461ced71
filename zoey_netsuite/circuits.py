"""Circuits: what has failed is not asked again and again, and is told once."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence

from attrs import define, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.health import Health
from zoey_netsuite.engine.observe import Observer, SystemFailed, SystemRecovered, tell
from zoey_netsuite.engine.report import Report
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
        at: by the monotonic clock, when it was found failed last.
        again_at: likewise, when it may be asked again; None: only by a person.
        sync: which sync found it failed, where one did.
    """

    failure: SystemFailure
    tries: int
    at: float
    again_at: float | None
    sync: str | None


@define
class Circuits:
    """What has failed, and when each may be asked again. Lives as long as the process.

    A system is named as in `SystemFailure`, a sync as "sync NAME". A circuit stays open until a run has gone well: that
    a system answers a cheap question does not mean yet that work can be done there.

    Runs go on side by side. What one has found counts from when it began: one that began before a circuit was opened
    neither closes it, nor is it a second try. And what one sync finds failed another may never touch: the same sync has
    to go well, or not to have failed for a while.
    """

    integration: str
    observers: Sequence[Observer]
    clock: Clock
    health: Health
    _open: dict[str, Circuit] = field(factory=dict[str, Circuit], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def judge(self, report: Report, began: float) -> None:
        """Open the circuits of what has failed in a run, close those of what works, and tell what is news."""
        failed: dict[str, SystemFailure] = {}
        for name, sync in report.syncs.items():
            if sync.failure is not None and sync.failure.cause == "configuration":
                failed[f"sync {name}"] = sync.failure
        if report.failure is not None and report.failure.cause != "configuration":
            failed[report.failure.system] = report.failure
        for name, failure in failed.items():
            found_by = next((one for one, sync in report.syncs.items() if sync.failure is failure), None)
            self.open(name, failure, began=began, sync=found_by)
        if not any(name in SYSTEMS for name in failed):
            self.close([name for name in report.syncs if f"sync {name}" not in failed], began=began)

    def open(self, name: str, failure: SystemFailure, *, began: float, sync: str | None = None) -> None:
        """It has failed. That is told where it is news: the same cause again is not.

        Args:
            began: by the monotonic clock, when whoever found it began.
            sync: which sync found it.
        """
        with self._lock:
            before = self._open.get(name)
            news = before is None or before.failure.cause != failure.cause
            if before is not None and not news and began < before.at:
                return
            tries = before.tries + 1 if before and not news else 1
            wait = MINUTES[min(tries, len(MINUTES)) - 1] * 60.0
            by_person = failure.cause in FOR_A_PERSON
            now = self.clock.monotonic()
            again_at = None if by_person else now + wait
            self._open[name] = Circuit(failure, tries, now, again_at, sync or (before.sync if before else None))
        if news:
            tell(self.observers, SystemFailed(self.integration, failure, at=self.clock.now()))

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

    def close(self, syncs: Collection[str], *, began: float) -> None:
        """These syncs went well, and so did the systems. That is told where it is news.

        Args:
            began: by the monotonic clock, when whoever found it began.
        """
        for name in (*SYSTEMS, *(f"sync {sync}" for sync in syncs)):
            with self._lock:
                circuit = self._open.get(name)
                works = circuit is not None and _is_mended(circuit, syncs, began)
                if works:
                    del self._open[name]
            if works:
                tell(self.observers, SystemRecovered(self.integration, name, at=self.clock.now()))

    def _may_ask(self, circuit: Circuit) -> bool:
        return circuit.again_at is not None and self.clock.monotonic() >= circuit.again_at


def _is_mended(circuit: Circuit, syncs: Collection[str], began: float) -> bool:
    """Whether a run that went well shows it: not where another sync found the failure, unless that one has had the time
    to try again, and has not failed.
    """
    if began < circuit.at:
        return False
    long_ago = circuit.again_at is not None and began >= circuit.again_at + MINUTES[-1] * 60.0
    return circuit.sync is None or circuit.sync in syncs or long_ago
