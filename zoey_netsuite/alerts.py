"""Alerts: observers that speak up when a person is needed."""

from __future__ import annotations

import logging

from attrs import field, frozen

from zoey_netsuite.engine.observe import Event, RunEnded, SystemFailed, SystemRecovered, UnitEnded


@frozen
class LogAlerts:
    """Writes to Python's logging: a system failure as an error, once for one cause; a record that needs a person as a
    warning; the end of a run as information.

    Attributes:
        logger: where to.
    """

    logger: logging.Logger = field(factory=lambda: logging.getLogger("zoey_netsuite"), repr=False)

    def on_event(self, event: Event) -> None:
        """Speak up, if it is worth it."""
        if isinstance(event, SystemFailed):
            failure = event.failure
            self.logger.error("%s stopped: %s (%s): %s", event.integration, failure.system, failure.cause, failure)
        elif isinstance(event, SystemRecovered):
            self.logger.info("%s: %s works again", event.integration, event.system)
        elif isinstance(event, UnitEnded) and event.outcome in ("held", "failed"):
            self.logger.warning("%s: %s: %s", event.integration, event.outcome, event.message)
        elif isinstance(event, RunEnded):
            changed = event.report.count("created") + event.report.count("updated")
            self.logger.info("%s: run of %.1f s, %d changed", event.integration, event.report.seconds, changed)
