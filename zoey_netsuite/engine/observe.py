"""What a run tells while it goes on: events for observers, progress for a bar."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from attrs import asdict, define, field, frozen

from zoey_netsuite.engine.report import Report, failure_data
from zoey_netsuite.engine.unit import Outcome
from zoey_netsuite.errors import SystemFailure
from zoey_netsuite.logs import logger_of
from zoey_netsuite.state.store import JSON
from zoey_netsuite.user_code import said

logger = logger_of("engine")


@frozen
class _Told:
    """What all events have.

    Attributes:
        at: when it happened; aware, UTC.
    """

    integration: str
    at: datetime = field(kw_only=True)

    def as_data(self) -> JSON:
        """The event as JSON: its class as `event`, and its attributes."""
        values = asdict(self, recurse=False, value_serializer=lambda _, __, value: _plain(value))
        return {"event": type(self).__name__, **values}


@frozen
class RunStarted(_Told):
    """A run begins: which syncs."""

    syncs: tuple[str, ...]
    dry_run: bool


@frozen
class RunEnded(_Told):
    """A run is over. `report` can be printed and read as data."""

    report: Report


@frozen
class UnitEnded(_Told):
    """One unit has been dealt with.

    Attributes:
        message: why, for those that were not simply done.
        cause: the label that the same trouble shares.
    """

    sync: str
    unit_id: str
    outcome: Outcome
    zoey_id: str | None
    netsuite_id: str | None
    message: str = ""
    cause: str = ""


@frozen
class SystemFailed(_Told):
    """A whole system is broken and the run stops, or a mistake in one sync's settings stops that sync. One event for
    one cause, however often it is tried.
    """

    failure: SystemFailure


@frozen
class SystemRecovered(_Told):
    """What was broken works again: "netsuite", "zoey", "store", or "sync NAME"."""

    system: str


@frozen
class Overdue(_Told):
    """Records have stood on the attention list for longer than `Timing.overdue`, or wait for longer than their
    `Wait(alert_after=…)`. One event for each record that has, or one for all of a sync that are found at once.

    Attributes:
        count: how many.
        unit_id, message: the one that has stood there longest, and why.
        since: since when; aware, UTC.
        waits: whether they wait for something else to happen, and need nobody.
    """

    sync: str
    count: int
    unit_id: str
    message: str
    since: datetime
    waits: bool = False


Event: TypeAlias = RunStarted | RunEnded | UnitEnded | SystemFailed | SystemRecovered | Overdue


class Observer(Protocol):
    """Something that is told of events. An integration calls it on whichever thread something happens, never on two at
    once. What it raises is logged, not passed on.
    """

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


@define(eq=False)
class InTurn:
    """An observer that is called by one thread at a time; others wait. One that fails must not stop a run, nor keep
    others from hearing.

    It may itself start a run and wait for it. The events of that run can't wait for its return: it is told of them
    afterwards.
    """

    observer: Observer
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)
    _later: deque[Event] = field(factory=deque[Event], init=False, repr=False)

    def on_event(self, event: Event) -> None:
        """Tell it, now or after what it is being told just now."""
        if self in _being_told.get():
            self._later.append(event)
        else:
            with self._lock:
                self._call(event)
        while self._later and self._lock.acquire(blocking=False):
            try:
                with suppress(IndexError):
                    self._call(self._later.popleft())
            finally:
                self._lock.release()

    def _call(self, event: Event) -> None:
        before = _being_told.set((*_being_told.get(), self))
        try:
            self.observer.on_event(event)
        except Exception as error:
            logger.exception("an observer failed on %s: %s", type(event).__name__, said(error))
        finally:
            _being_told.reset(before)


_being_told: ContextVar[tuple[InTurn, ...]] = ContextVar("zoey_netsuite_being_told", default=())
"""The observers in whose `on_event` something happens. It goes along to the threads of a run that one starts there."""


def tell(observers: Sequence[Observer], event: Event) -> None:
    """Tell all observers of an integration."""
    for observer in observers:
        observer.on_event(event)


def _plain(value: Any) -> JSON:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, SystemFailure):
        return failure_data(value)
    if isinstance(value, tuple):
        return [*value]  # pyright: ignore[reportUnknownVariableType]  JSON
    return value.as_data() if isinstance(value, Report) else value
