"""What a run tells while it goes on: events for observers, progress for a bar."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeAlias

from attrs import frozen

from zoey_netsuite.engine.report import Report
from zoey_netsuite.engine.unit import Outcome
from zoey_netsuite.errors import SystemFailure

logger = logging.getLogger("zoey_netsuite.engine")


@frozen
class RunStarted:
    """A run begins: which integration, which syncs."""

    integration: str
    syncs: tuple[str, ...]
    dry_run: bool


@frozen
class RunEnded:
    """A run is over. `report` can be printed and read as data."""

    integration: str
    report: Report


@frozen
class UnitEnded:
    """One unit has been dealt with.

    Attributes:
        message: why, for those that were not simply done.
        cause: the label that the same trouble shares.
    """

    integration: str
    sync: str
    unit_id: str
    outcome: Outcome
    zoey_id: str | None
    netsuite_id: str | None
    message: str = ""
    cause: str = ""


@frozen
class SystemFailed:
    """A whole system is broken and the run stops, or a mistake in one sync's settings stops that sync. One event for
    one cause, however often it is tried.
    """

    integration: str
    failure: SystemFailure


@frozen
class SystemRecovered:
    """What was broken works again: "netsuite", "zoey", "store", or "sync NAME"."""

    integration: str
    system: str


Event: TypeAlias = RunStarted | RunEnded | UnitEnded | SystemFailed | SystemRecovered


class Observer(Protocol):
    """Something that is told of events. Several threads may call it; what it raises is logged, not passed on."""

    def on_event(self, event: Event) -> None:
        """Something has happened."""
        ...


@frozen
class Progress:
    """How far a sync has come in this run.

    Attributes:
        phase: "scan" while changes are looked for, "work" while they are made.
        done: units looked at, or dealt with.
        total: of them, where known.
    """

    sync: str
    phase: Literal["scan", "work"]
    done: int
    total: int | None = None


ProgressCallback: TypeAlias = Callable[[Progress], None]


def tell(observers: Sequence[Observer], event: Event) -> None:
    """Tell all observers; one that fails must not stop a run, nor keep the others from hearing."""
    for observer in observers:
        try:
            observer.on_event(event)
        except Exception:
            logger.exception("observer %r failed on %s", observer, type(event).__name__)
