"""Cursors: where each sync's scan stands, and what is remembered of the scan under way."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from attrs import field, frozen

from zoey_netsuite.state.space import Space, reading
from zoey_netsuite.state.store import ABSENT, JSON, Check, Entry, Key, Put


@frozen
class Cursor:
    """Where a sync's scan stands.

    Attributes:
        since: what the last page of the scan gave, or None before the first.
        open: whether a scan is under way (or was interrupted: then the next one goes on from `since`).
        started: when the scan under way, or the last one, began (text that sorts by time).
        ended: when the last whole scan ended, or None.
        seen: how many units the scan has come across.
        guarded: how many of them would do what a guard watches, by the guard's name.
        version: of the entry in the store, None when there is none.
    """

    since: JSON = None
    open: bool = False
    started: str | None = None
    ended: str | None = None
    seen: int = 0
    guarded: Mapping[str, int] = field(factory=dict[str, int])
    version: int | None = field(default=None, eq=False)


class DamagedPlace(ValueError):
    """A sync can't tell from its cursor where its scan stands."""


@contextmanager
def reading_place(value: JSON) -> Generator[None]:
    """What does not fit in the place that a sync left in its cursor becomes `DamagedPlace`."""
    try:
        yield
    except Exception as problem:
        raise DamagedPlace(f"its place is {value!r:.200} ({type(problem).__name__}: {problem})") from problem


@frozen
class Cursors:
    """The cursors of one integration."""

    space: Space

    def read(self, sync: str) -> Cursor:
        """Where a sync's scan stands."""
        return self.of(sync, self.space.read_one("cursor", sync))

    def of(self, sync: str, entry: Entry | None) -> Cursor:
        """What a sync's entry says, where it was read with others."""
        if entry is None:
            return Cursor()
        with reading(self.key(sync)):
            return Cursor(**entry.value, version=entry.version)

    def change(self, sync: str, cursor: Cursor) -> Put:
        """The change that moves a cursor; it fails when another worker moved it since it was read."""
        value = {
            "since": cursor.since,
            "open": cursor.open,
            "started": cursor.started,
            "ended": cursor.ended,
            "seen": cursor.seen,
            "guarded": dict(cursor.guarded),
        }
        return Put(self.key(sync), value, ABSENT if cursor.version is None else cursor.version)

    def check(self, sync: str, cursor: Cursor) -> Check:
        """The change that fails when a cursor was moved since it was read."""
        return Check(self.key(sync), ABSENT if cursor.version is None else cursor.version)

    def key(self, sync: str) -> Key:
        """Where a cursor stands."""
        return self.space.key("cursor", sync)
