"""Alerts in the log."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Collection
from typing import Any

from attrs import field, frozen

from zoey_netsuite.alerts.news import changed
from zoey_netsuite.engine.observe import (
    Event,
    Overdue,
    RunEnded,
    RunStarted,
    SystemFailed,
    SystemRecovered,
    UnitEnded,
)
from zoey_netsuite.wording import moment, one_line


@frozen
class LogAlerts:
    """Writes to Python's logging: a system failure as an error, once for one cause; records that need a person as a
    warning, the first of each cause in a run and at its end how many more; the end of a run as information. Without
    `observers` an integration has this one.

    Attributes:
        logger: where to.
    """

    logger: logging.Logger = field(factory=lambda: logging.getLogger("zoey_netsuite"), repr=False)
    _met: dict[str, Counter[tuple[str, str, str]]] = field(factory=dict[str, Any], init=False, repr=False, eq=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False, eq=False)

    def on_event(self, event: Event) -> None:
        """Speak up, if it is worth it."""
        match event:
            case SystemFailed(failure=failure):
                self._write(logging.ERROR, "%s stopped: %s (%s): %s", event, failure.system, failure.cause, failure)
            case SystemRecovered():
                self._write(logging.INFO, "%s: %s works again", event, event.system)
            case UnitEnded(outcome="held" | "failed"):
                if self._is_first(event):
                    self._write(logging.WARNING, "%s: %s: %s", event, event.outcome, event.message)
            case Overdue():
                what = "something that has not happened yet" if event.waits else "a person"
                words = f"%s: %d of %s wait for {what}, the oldest since %s: %s"
                self._write(logging.WARNING, words, event, event.count, event.sync, moment(event.since), event.message)
            case RunStarted():
                self._forget(event.integration, event.syncs)
            case RunEnded():
                self._end(event)
            case _:
                return

    def _end(self, event: RunEnded) -> None:
        told = self._forget(event.integration, event.report.syncs)
        for (sync, outcome, cause), count in told.items():
            if count > 1:
                words = "%s: %s: %d more of %s for the same cause (%s): see integration.attention.list()"
                self._write(logging.WARNING, words, event, outcome, count - 1, sync, cause)
        for part in event.report.syncs.values():
            held = sum(count for name, count in told.items() if name[:2] == (part.name, "held"))
            if part.outcomes.get("held", 0) > held and not event.report.dry_run:
                words = "%s: %s: %d changes wait for an answer: %s"
                asked = part.outcomes["held"] - held
                self._write(logging.WARNING, words, event, part.name, asked, "; ".join(part.notes))
        words = "%s: dry run of %.1f s, %d would change" if event.report.dry_run else "%s: run of %.1f s, %d changed"
        self._write(logging.INFO, words, event, event.report.seconds, changed(event.report))

    def _write(self, level: int, words: str, event: Event, *values: object) -> None:
        """One line, whatever a record holds."""
        shown = [value if isinstance(value, int | float) else one_line(str(value)) for value in values]
        self.logger.log(level, words, event.integration, *shown)

    def _is_first(self, event: UnitEnded) -> bool:
        """Whether a record is the first of its cause in this run."""
        with self._lock:
            met = self._met.setdefault(event.integration, Counter())
            met[event.sync, event.outcome, event.cause] += 1
            return met[event.sync, event.outcome, event.cause] == 1

    def _forget(self, integration: str, syncs: Collection[str]) -> Counter[tuple[str, str, str]]:
        """What was met in the run of these syncs that has ended; others may be at work beside them."""
        with self._lock:
            met = self._met.get(integration, Counter())
            return Counter({name: met.pop(name) for name in [*met] if name[0] in syncs})
