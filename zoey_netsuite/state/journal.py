"""The journal of once effects: what was started, and what came of it.

An effect that makes something is written down before it is tried and again when it is done, both fenced by the lease on
its root. The lease's own entry lists what was started under it, so that whoever takes the root over knows what to look
for on the remote side first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.space import Space, to_moment, to_text
from zoey_netsuite.state.store import ABSENT, JSON, Change, Delete, Key, Put

OnceKey = tuple[str, str, str]
"""Sync name, unit id, effect key."""


@frozen
class JournalEntry:
    """What is known of one once effect.

    Attributes:
        done: False while its outcome is open.
        at: when it was last started, or done.
        result: what it made (an id, mostly); None while open.
        effect: the effect itself as JSON, to look for it after a restart; None once it is done.
        tries: how often it was sent.
    """

    key: OnceKey
    done: bool
    at: datetime
    result: JSON
    effect: JSON
    tries: int
    version: int


@frozen
class Journal:
    """The journal of one integration."""

    space: Space

    def read(self, keys: Collection[OnceKey]) -> Mapping[OnceKey, JournalEntry]:
        """What is known of these effects; those never tried are left out."""
        stored = {self.key(key): key for key in keys}
        found: dict[OnceKey, JournalEntry] = {}
        for key, entry in self.space.read(stored).items():
            value = entry.value
            found[stored[key]] = JournalEntry(
                stored[key],
                value["done"],
                to_moment(value["at"]),
                value["result"],
                value["effect"],
                value["tries"],
                entry.version,
            )
        return found

    def start(self, key: OnceKey, effect: JSON, before: JournalEntry | None, lease: Lease) -> list[Change]:
        """The changes that say: this is about to be tried. Commit them with `commit_start`, then try.

        They fail when the lease was lost or somebody else touched the entry. One that stands under another key, which
        the effect had before, is replaced.
        """
        value = {
            "done": False,
            "at": to_text(self.space.store.now()),
            "result": None,
            "effect": effect,
            "tries": before.tries + 1 if before else 1,
        }
        former = before if before is not None and before.key != key else None
        names = [name for name in lease.value.get("started", []) if former is None or tuple(name) != former.key]
        names += [] if list(key) in names else [list(key)]
        replaced = [] if former is None else [Delete(self.key(former.key), former.version)]
        return [
            *replaced,
            Put(self.key(key), value, before.version if before and not former else ABSENT),
            Put(lease.key, {**lease.value, "started": names}, lease.version),
        ]

    def finish(self, key: OnceKey, result: JSON, tries: int) -> Put:
        """The change that says: done, with this result. Commit it with a check of the lease.

        What was sent is not kept any longer: it may name people, and nobody will look for it again.
        """
        value = {"done": True, "at": to_text(self.space.store.now()), "result": result, "effect": None, "tries": tries}
        return Put(self.key(key), value)

    def commit_start(self, changes: Sequence[Change], leases: Sequence[Lease]) -> None:
        """Commit what `start` gave for effects under these leases, whose entries now list them."""
        versions = self.space.store.commit(changes)
        puts = {change.key: change for change in changes if isinstance(change, Put)}
        for lease in leases:
            lease.value, lease.version = dict(puts[lease.key].value), versions[lease.key]

    def open_under(self, lease: Lease) -> list[OnceKey]:
        """The effects that were started under a root's leases and are not known to be done."""
        return [(name[0], name[1], name[2]) for name in lease.value.get("started", [])]

    def without(self, key: OnceKey, lease: Lease) -> dict[str, JSON]:
        """What the lease's entry says once this effect is no longer open under it."""
        rest = [name for name in lease.value.get("started", []) if tuple(name) != key]
        return {**lease.value, "started": rest} if "started" in lease.value else lease.value

    def open_of(self, sync: str, unit_id: str) -> list[JournalEntry]:
        """The effects of one unit that were started and are not known to be done."""
        names = [
            (sync, unit_id, key[-1])
            for key, entry in self.space.entries("once", sync, unit_id)
            if not entry.value["done"]
        ]
        return [entry for entry in self.read(names).values() if not entry.done] if names else []

    def said(self, entry: JournalEntry, *, happened: bool) -> Change:
        """The change that says what a person has found out of an open effect; it fails when it was touched since."""
        key = self.key(entry.key)
        if not happened:
            return Delete(key, entry.version)
        return Put(key, self.finish(entry.key, None, entry.tries).value, entry.version)

    def key(self, key: OnceKey) -> Key:
        """Where an effect's entry stands."""
        return self.space.key("once", *key)
