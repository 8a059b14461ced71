"""Status: how an integration stands, at one look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import asdict, field, frozen

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.due import Due
from zoey_netsuite.errors import SystemFailure
from zoey_netsuite.state.space import to_moment
from zoey_netsuite.state.store import JSON
from zoey_netsuite.wording import moment, wrapped


@frozen
class SyncStatus:
    """How one sync stands. All times are aware, UTC, by the store's clock.

    Attributes:
        schedule: as it was given, for people.
        scanning: whether a scan is under way, or was interrupted.
        last: when the last scan began, or None.
        next: when it is due next; a time that has passed means now, None means never by itself.
        counts: records on the work list, by state ("pending", "waiting", "retrying", "held", "failed"); up to 10,000
            are counted.
        oldest: since when the oldest record that needs attention waits, or None.
    """

    name: str
    schedule: str
    scanning: bool
    last: datetime | None
    next: datetime | None
    counts: Mapping[str, int]
    oldest: datetime | None

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts.items() if count) or "nothing waits"
        last = "scanning since" if self.scanning else "last run"
        return (
            f"{self.name}: {counts}; {last} {moment(self.last) if self.last else 'never'}, next"
            f" {moment(self.next) if self.next else 'by hand'}"
            + (f"; the oldest needs attention since {moment(self.oldest)}" if self.oldest else "")
        )


@frozen
class Status:
    """How an integration stands. `str(status)` is for people, `as_data()` for programs.

    Attributes:
        at: when it was asked, by the store's clock.
        failing: what has failed in this process and is not known to work again: "netsuite", "zoey", "store" or "sync
            NAME", each with its cause.
    """

    integration: str
    at: datetime
    syncs: Mapping[str, SyncStatus]
    failing: Mapping[str, str] = field(factory=dict[str, str])

    def as_data(self) -> JSON:
        """The status as JSON."""

        def plain(_: object, __: object, value: object) -> object:
            return value.isoformat() if isinstance(value, datetime) else value

        return asdict(self, value_serializer=plain)

    def __str__(self) -> str:
        lines = [f"{self.integration} at {moment(self.at)}", *(f"  {sync}" for sync in self.syncs.values())]
        lines += [f"  {name} fails: {cause}" for name, cause in self.failing.items()]
        return "\n".join(map(wrapped, lines))


def status(desk: Desk, due: Due, failing: Mapping[str, SystemFailure]) -> Status:
    """How it stands now, from the store alone."""
    now = desk.space.store.now()
    syncs = {name: _of_sync(name, desk, due) for name in due.syncs}
    return Status(desk.space.name, now, syncs, {name: failure.cause for name, failure in failing.items()})


def _of_sync(name: str, desk: Desk, due: Due) -> SyncStatus:
    cursor = desk.cursors.read(name)
    waiting = desk.worklist.waiting(name)
    counts = {"pending": desk.worklist.pending(name)} | dict(waiting.states)
    return SyncStatus(
        name,
        repr(due.schedule.get(name)) if name in due.schedule else "Manual()",
        cursor.open,
        None if cursor.started is None else to_moment(cursor.started),
        due.next(name, desk),
        counts,
        to_moment(waiting.since[0][0]) if waiting.since else None,
    )
