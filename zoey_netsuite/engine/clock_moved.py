"""The store's clock was ahead for a while: what was written then must not sleep until that time comes again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from attrs import define, evolve, field

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.failures import WAITS
from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.engine.waiting import DAILY
from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.journal import OnceKey
from zoey_netsuite.state.space import PAGE, to_moment, to_text
from zoey_netsuite.state.store import Change, Entry, Key, Put
from zoey_netsuite.state.worklist import WorkItem
from zoey_netsuite.wording import moment

LOOK_AGAIN = 600.0
"""Seconds after which a process looks again for what others wrote while the clock was ahead."""

SHOWN = timedelta(days=7)
"""For so long `check` tells that the clock moved."""

LEAST = timedelta(seconds=1)
"""Less than this is no jump: clocks are set right by so much all the time."""


@define
class ClockWatch:
    """Notices that the store's clock went back, and sets right what it left behind."""

    clock: Clock
    _seen: datetime | None = field(default=None, init=False)
    _looked_at: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def look(self, desk: Desk, syncs: Sequence[str]) -> None:
        """Set right what was written in the future: at first, when the clock has gone back, and every ten minutes."""
        with self._lock:  # a time that was read before another thread's is no clock that went back
            self._look(desk, syncs)

    def _look(self, desk: Desk, syncs: Sequence[str]) -> None:
        now, seconds = desk.space.store.now(), self.clock.monotonic()
        last, self._seen = self._seen, now
        if last is not None and now >= last - LEAST and seconds < self._looked_at + LOOK_AGAIN:
            return
        self._looked_at = seconds
        back = (last - now) if last is not None else timedelta()
        ahead = max(back, *(_set_right(name, desk, now, went_back=back > LEAST) for name in syncs))
        ahead = max(ahead, _leases_set_right(desk, now))
        if ahead > LEAST:
            value = {"at": to_text(now), "seconds": round(ahead.total_seconds())}
            desk.space.store.commit([Put(desk.space.key("clock moved"), value)])


def clock_findings(desk: Desk) -> Iterator[Finding]:
    """That the clock moved, for `check`."""
    entry = desk.space.read_one("clock moved")
    if entry is not None and (at := to_moment(entry.value["at"])) > desk.space.store.now() - SHOWN:
        ahead = timedelta(seconds=entry.value["seconds"])
        yield Finding(
            "warning",
            "store",
            f"the store's clock moved: it was about {ahead} ahead, which was found at {moment(at)}",
            "What was scheduled or waits is due at its right time again. Keep the clock of the machine that runs the"
            " store in step (NTP).",
        )


def _set_right(sync: str, desk: Desk, now: datetime, *, went_back: bool) -> timedelta:
    """One sync's schedule and work list. Says by how much the latest of them was ahead."""
    text, ahead = to_text(now), timedelta()
    places = [desk.space.key(name, sync) for name in ("cursor", "watched", "overdue")]
    stored = desk.space.read(places)
    entry, watched, told = map(stored.get, places)
    cursor = desk.cursors.of(sync, entry)
    times = [at for at in (cursor.started, cursor.ended) if at is not None and at > text]
    if times or went_back:
        _since_set_right(sync, desk, text)
    changes: list[Change] = []
    if times and not cursor.open:
        ahead = max(map(to_moment, times)) - now
        changes.append(desk.cursors.change(sync, evolve(cursor, started=None, ended=None)))
    if watched is not None and watched.value > text:
        changes.append(Put(desk.space.key("watched", sync), text, watched.version))
    limit = to_text(now - timedelta(seconds=desk.timing.overdue))
    if ahead and told is not None and told.value > limit:
        changes.append(Put(desk.space.key("overdue", sync), limit, told.version))
    _commit(changes, desk)
    latest = to_text(now + timedelta(seconds=max(WAITS) + desk.timing.call + desk.timing.settle))
    for item in _due_later(sync, desk, text):
        written = [at for at in (item.read_at, *(attempt.at for attempt in item.history[-1:])) if at > text]
        if written or (item.due or "") > (to_text(now + DAILY) if item.state == "waiting" else latest):
            ahead = max([ahead, *(to_moment(at) - now for at in written)])
            read_at = min(item.read_at, to_text(now - timedelta(days=1)))  # long ago, so it is read again
            first_at = None if item.first_at is None else min(item.first_at, text)
            _commit(desk.worklist.replace(evolve(item, due=text, read_at=read_at, first_at=first_at), item), desk)
    return ahead


def _since_set_right(sync: str, desk: Desk, now: str) -> None:
    """Entries whose trouble began in the future have waited since now: a person may be waited for, and they are not
    among those that are due.
    """
    late = [unit_id for since, unit_id in desk.worklist.waiting(sync).since if since > now]
    for item in desk.worklist.read(sync, late).values():
        _commit(desk.worklist.replace(evolve(item, first_at=now), item), desk)


def _due_later(sync: str, desk: Desk, now: str) -> Iterator[WorkItem]:
    """The entries that are not due yet, the last of them first."""
    before: Key | None = None
    while keys := desk.space.store.scan(
        desk.space.key("due", sync), after=desk.space.key("due", sync, now), before=before, reverse=True, limit=PAGE
    ):
        yield from desk.worklist.read(sync, [key[-1] for key, _ in keys]).values()
        if len(keys) < PAGE:
            return
        before = keys[-1][0]


def _leases_set_right(desk: Desk, now: datetime) -> timedelta:
    """Leases that end long after any could, and effects that were sent in the future: both count from now on. Whoever
    holds such a lease finds it changed, and writes nothing more under it.
    """
    ahead = timedelta()
    lasts = to_text(now + 2 * desk.leases.duration)
    for key, entry in desk.space.entries("lease"):
        until: str | None = entry.value.get("until")
        if entry.value["owner"] is not None and until is not None and until > lasts:
            ahead = max(ahead, to_moment(until) - now - desk.leases.duration)
            value = {**entry.value, "until": to_text(now + desk.leases.duration)}
            _commit([Put(key, value, entry.version)], desk)
        ahead = max(ahead, _effects_set_right(entry, desk, now))
    return ahead


def _effects_set_right(lease: Entry, desk: Desk, now: datetime) -> timedelta:
    started: list[OnceKey] = [(name[0], name[1], name[2]) for name in lease.value.get("started", [])]
    ahead = timedelta()
    for key in map(desk.journal.key, started):
        entry = desk.space.read([key]).get(key)
        if entry is not None and not entry.value["done"] and to_moment(entry.value["at"]) > now:
            ahead = max(ahead, to_moment(entry.value["at"]) - now)
            _commit([Put(key, {**entry.value, "at": to_text(now)}, entry.version)], desk)
    return ahead


def _commit(changes: Sequence[Change], desk: Desk) -> None:
    """What somebody else has changed meanwhile was written at the right time."""
    try:
        if changes:
            desk.space.store.commit(changes)
    except VersionMismatch:
        return
