"""A store for dry runs: reads come from the real one, writes stay in a scratch store and are forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.store import ABSENT, ANY, Change, Check, Delete, Entry, Key, Put, StateStore

OFFSET = 1 << 50
"""Versions of the scratch store begin here, so that none is taken for one of the real store."""


@frozen
class OverlayStore:
    """A store seen through changes that are never made.

    Attributes:
        base: the real store; only read.
        scratch: holds what was written, by anything that can be a store.
    """

    base: StateStore
    scratch: StateStore

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """As if the changes had been made."""
        written = self.scratch.read(keys)
        below = self.base.read([key for key in keys if key not in written])
        return {**below, **{key: _entry(entry) for key, entry in written.items() if entry.value["put"]}}

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        """As if the changes had been made."""
        found: list[tuple[Key, Entry]] = []
        while len(found) < limit:
            below = self.base.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)
            above = self.scratch.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)
            full = [page[-1][0] for page in (below, above) if len(page) == limit]
            end = (max(full, key=_order) if reverse else min(full, key=_order)) if full else None
            merged: dict[Key, Entry | None] = dict(below)
            merged |= {key: _entry(entry) if entry.value["put"] else None for key, entry in above}
            for key in sorted(merged, key=_order, reverse=reverse):
                entry = merged[key]
                beyond = end is not None and (_order(key) < _order(end) if reverse else _order(key) > _order(end))
                if entry is not None and not beyond:
                    found.append((key, entry))
            if end is None:
                break
            after, before = (after, end) if reverse else (end, before)
        return found[:limit]

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Keep the changes in the scratch store."""
        now = self.read([change.key for change in changes])
        wrong = [change.key for change in changes if not _as_expected(change, now.get(change.key))]
        if wrong:
            raise VersionMismatch(wrong)
        puts = [
            Put(
                change.key, {"put": isinstance(change, Put), "value": change.value if isinstance(change, Put) else None}
            )
            for change in changes
            if isinstance(change, Put | Delete)
        ]
        versions = self.scratch.commit(puts)
        return {change.key: versions[change.key] + OFFSET for change in changes if isinstance(change, Put)}

    def now(self) -> datetime:
        """The real store's clock."""
        return self.base.now()

    def close(self) -> None:
        """Forget the changes; the real store stays open."""
        self.scratch.close()


def _entry(entry: Entry) -> Entry:
    return Entry(entry.value["value"], entry.version + OFFSET)


def _order(key: Key) -> tuple[bytes, ...]:
    return tuple(part.encode() for part in key)


def _as_expected(change: Change, entry: Entry | None) -> bool:
    if isinstance(change, Check):
        return entry is None if change.expect is ABSENT else entry is not None and entry.version == change.expect
    if change.expect is ANY:
        return True
    return entry is None if change.expect is ABSENT else entry is not None and entry.version == change.expect
