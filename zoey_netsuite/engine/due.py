"""What is due: by the schedules, by the cursors, and by what waits on the work list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen

from zoey_netsuite.engine.claims import something_is_free
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.sync import Sync
from zoey_netsuite.engine.waiting import look
from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.schedule import Manual, Schedule
from zoey_netsuite.state.space import to_moment, to_text
from zoey_netsuite.state.store import ABSENT, Put

LOOK_AROUND = 10.0
"""Seconds after which what waits is looked for even when no schedule is due: retries, and what another worker's scan
has put on the work list.
"""

LOOK_AT_SCAN = 1.0
"""Seconds after which it is looked for while another worker's scan puts more and more on the list."""

NEVER = datetime.max.replace(tzinfo=UTC)


@frozen
class Due:
    """Says which syncs are due: by the store's time, which all workers share.

    Attributes:
        schedule: by sync name; `Manual()` where none is given.
    """

    syncs: Mapping[str, Sync[Any]]
    schedule: Mapping[str, Schedule]

    def is_anything_scheduled(self) -> bool:
        """Whether any sync is ever due by itself."""
        return any(not isinstance(self.schedule.get(name, Manual()), Manual) for name in self.syncs)

    def now(self, desk: Desk, waits: Callable[[str], bool]) -> tuple[list[Sync[Any]], list[Sync[Any]]]:
        """The syncs whose schedule is due, and the others in which something waits whose time has come.

        Args:
            waits: whether a sync is not to be tried yet.
        """
        now = desk.space.store.now()
        syncs = [sync for name, sync in self.syncs.items() if not waits(name)]
        due = [sync for sync in syncs if self._next(sync.name, now, desk) <= now]
        others = [sync for sync in syncs if sync not in due]
        for sync in others:
            look(sync.name, desk)
        return due, [sync for sync in others if something_is_free(sync, desk)]

    def next(self, name: str, desk: Desk) -> datetime | None:
        """When a sync is due next: a time that has passed means now, None means never by itself."""
        moment = self._next(name, desk.space.store.now(), desk)
        return None if moment == NEVER else moment

    def seconds_to_next(self, name: str, desk: Desk, left: float) -> float:
        """How long until a sync may be due, `LOOK_AROUND` at the most.

        Args:
            left: for how many seconds it is not to be tried yet.
        """
        now = desk.space.store.now()
        return min(LOOK_AROUND, max((self._next(name, now, desk) - now).total_seconds(), left))

    def _next(self, name: str, now: datetime, desk: Desk) -> datetime:
        schedule = self.schedule.get(name, Manual())
        if isinstance(schedule, Manual):
            return NEVER
        cursor = desk.cursors.read(name)
        if cursor.open:
            scanning = desk.leases.is_held(f"scan {name}")
            return now + timedelta(seconds=LOOK_AT_SCAN) if scanning else now
        if cursor.started is not None:
            return schedule.next_after(to_moment(cursor.started), now) or NEVER
        first = schedule.next_after(None, now) or NEVER
        return first if first <= now else schedule.next_after(self._watched_since(name, now, desk), now) or NEVER

    def _watched_since(self, name: str, now: datetime, desk: Desk) -> datetime:
        """When a schedule was first looked at, by any process: what "next" counts from until its sync has run."""
        entry = desk.space.read_one("watched", name)
        if entry is not None:
            return to_moment(entry.value)
        with suppress(VersionMismatch):
            desk.space.store.commit([Put(desk.space.key("watched", name), to_text(now), ABSENT)])
        return now
