"""Alerts: observers that speak up when a person is needed."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Any

from attrs import field, frozen

from zoey_netsuite.engine.observe import Event, RunEnded, RunStarted, SystemFailed, SystemRecovered, UnitEnded


@frozen
class LogAlerts:
    """Writes to Python's logging: a system failure as an error, once for one cause; records that need a person as a
    warning, the first of each cause in a run and at its end how many more; the end of a run as information.

    Attributes:
        logger: where to.
    """

    logger: logging.Logger = field(factory=lambda: logging.getLogger("zoey_netsuite"), repr=False)
    _met: dict[str, Counter[tuple[str, str, str]]] = field(factory=dict[str, Any], init=False, repr=False, eq=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False, eq=False)

    def on_event(self, event: Event) -> None:
        """Speak up, if it is worth it."""
        if isinstance(event, SystemFailed):
            failure = event.failure
            self.logger.error("%s stopped: %s (%s): %s", event.integration, failure.system, failure.cause, failure)
        elif isinstance(event, SystemRecovered):
            self.logger.info("%s: %s works again", event.integration, event.system)
        elif isinstance(event, UnitEnded) and event.outcome in ("held", "failed"):
            if self._is_first(event):
                self.logger.warning("%s: %s: %s", event.integration, event.outcome, event.message)
        elif isinstance(event, RunStarted):
            self._forget(event.integration)
        elif isinstance(event, RunEnded):
            for (sync, outcome, cause), count in self._forget(event.integration).items():
                if count > 1:
                    words = "%s: %s: %d more %s for the same cause (%s): see integration.attention.list()"
                    self.logger.warning(words, event.integration, outcome, count - 1, sync, cause)
            changed = event.report.count("created") + event.report.count("updated")
            self.logger.info("%s: run of %.1f s, %d changed", event.integration, event.report.seconds, changed)

    def _is_first(self, event: UnitEnded) -> bool:
        """Whether a record is the first of its cause in this run."""
        with self._lock:
            met = self._met.setdefault(event.integration, Counter())
            met[event.sync, event.outcome, event.cause] += 1
            return met[event.sync, event.outcome, event.cause] == 1

    def _forget(self, integration: str) -> Counter[tuple[str, str, str]]:
        with self._lock:
            return self._met.pop(integration, Counter())
