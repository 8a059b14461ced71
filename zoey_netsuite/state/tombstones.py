"""Tombstones: units that are not to be made again by themselves, and when the store itself was made anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from attrs import frozen

from zoey_netsuite.state.space import Space, to_moment, to_text
from zoey_netsuite.state.store import Change, Delete, Put


@frozen
class Tombstone:
    """Why a unit is not made by itself any more.

    Attributes:
        why: for people.
        cause: of the entry on the attention list that asks about it; None where nobody is asked any more.
    """

    why: str
    cause: str | None = None


@frozen
class Tombstones:
    """The tombstones of one integration."""

    space: Space

    def read(self, sync: str, unit_ids: Collection[str]) -> dict[str, Tombstone]:
        """Those of these units that lie there."""
        keys = {self.space.key("tombstone", sync, unit_id): unit_id for unit_id in unit_ids}
        entries = self.space.read(keys)
        return {keys[key]: Tombstone(entry.value["why"], entry.value.get("cause")) for key, entry in entries.items()}

    def lay(self, sync: str, unit_id: str, why: str, *, cause: str | None = None) -> Change:
        """The change that lays one; `cause`: of the entry on the attention list that asks about it."""
        value = {"why": why, "cause": cause, "at": to_text(self.space.store.now())}
        return Put(self.space.key("tombstone", sync, unit_id), value)

    def lift(self, sync: str, unit_id: str) -> Change:
        """The change that takes one away."""
        return Delete(self.space.key("tombstone", sync, unit_id))

    def rebuilt_at(self) -> datetime | None:
        """When this integration's links were brought back after its store was lost; None if it never was."""
        entry = self.space.read_one("rebuilt")
        return None if entry is None else to_moment(entry.value["at"])

    def rebuilt(self, at: datetime) -> Change:
        """The change that says: what was done before this moment is known from the remote systems only."""
        return Put(self.space.key("rebuilt"), {"at": to_text(at)})
