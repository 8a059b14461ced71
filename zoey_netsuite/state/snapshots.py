"""Snapshots: what both sides of a unit held when they last agreed, field by field, each as that side gave it back.

They are what a later change is told by: each side is compared with its own snapshot, as each writes some values in its
own way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import field, frozen

from zoey_netsuite.state.space import Space, to_text
from zoey_netsuite.state.store import ABSENT, JSON, Change, Delete, Entry, Key, Put

FLIPS = 3
"""A field that would go back so often to what it was before is held."""

KEPT = 8
"""How many former values of a field are remembered."""

REMEMBERED = timedelta(days=30)
"""How long: a field that changes back and forth more slowly than that is left alone."""


@frozen
class Past:
    """What a field held from a moment on, as digests: told apart, not read.

    Attributes:
        at: since when, as text.
        zoey, netsuite: digests of the value as either side gave it back.
    """

    at: str
    zoey: str
    netsuite: str


@frozen
class Snapshot:
    """What both sides of one unit held when they last agreed.

    Attributes:
        sync, unit_id: which sync's unit, and its id there.
        zoey, netsuite: values by field name (`custom.<name>` for custom ones), as that side gave them back; a field
            that was not read back is left out.
        rules: the digest of the mapper that read them.
        history: by field name what it held before and holds now, oldest first; only of fields that have changed.
    """

    sync: str
    unit_id: str
    zoey: Mapping[str, JSON] = field(hash=False)
    netsuite: Mapping[str, JSON] = field(hash=False)
    rules: str = ""
    history: Mapping[str, Sequence[Past]] = field(factory=dict[str, Sequence[Past]], hash=False)


@frozen
class Forget:
    """A unit has no snapshot any more: the next time its sides are met as for the first."""

    sync: str
    unit_id: str


@frozen
class Snapshots:
    """The snapshots of one integration."""

    space: Space

    def read(self, sync: str, unit_ids: Collection[str]) -> dict[str, Snapshot]:
        """The snapshots of these units; those without one are left out."""
        keys = {self.key(sync, unit_id): unit_id for unit_id in unit_ids}
        entries = self.space.read(keys)
        return {keys[key]: _snapshot(sync, keys[key], entry) for key, entry in entries.items()}

    def changes(self, snapshots: Iterable[Snapshot | Forget]) -> list[Change]:
        """The changes that make the store hold these, the last of each unit; none for what it holds already.

        They carry expectations: when another worker was faster, the commit fails and is to be decided anew.
        """
        wanted = {self.key(each.sync, each.unit_id): each for each in snapshots}
        standing = self.space.read(wanted)
        changes: list[Change] = []
        for key, each in wanted.items():
            entry = standing.get(key)
            if isinstance(each, Forget):
                changes += [] if entry is None else [Delete(key, entry.version)]
            elif entry is None or entry.value != _value(each):
                changes.append(Put(key, _value(each), ABSENT if entry is None else entry.version))
        return changes

    def key(self, sync: str, unit_id: str) -> Key:
        """Where a unit's snapshot stands."""
        return self.space.key("agreed", sync, unit_id)


def flips(history: Sequence[Past], *, then: str | None = None) -> int:
    """How often a field has gone back to what it was before.

    Args:
        history: oldest first.
        then: the digest of what it would hold next, in either side's form.
    """
    count = sum(past.zoey in [earlier.zoey for earlier in history[:index]] for index, past in enumerate(history))
    if then is None or not history or then in (history[-1].zoey, history[-1].netsuite):
        return count
    return count + any(then in (earlier.zoey, earlier.netsuite) for earlier in history[:-1])


def extended(history: Sequence[Past], was: tuple[str, str], now: tuple[str, str], at: datetime) -> tuple[Past, ...]:
    """A field's history after an agreement.

    It begins anew once the field has gone back and forth too often: somebody has let that pass.

    Args:
        history: before it.
        was: digests of the field in the snapshot before, as Zoey and as NetSuite gave it back.
        now: the same, at this agreement.
        at: when it was.
    """
    since = to_text(at - REMEMBERED)
    recent = [past for past in history if past.at >= since]
    if was[0] == now[0]:
        return tuple(recent)
    last = Past(to_text(at), *now)
    whole = (*(recent or [Past(to_text(at), *was)]), last)[-KEPT:]
    return (last,) if flips(whole) >= FLIPS else whole


def _value(snapshot: Snapshot) -> JSON:
    return {
        "zoey": dict(snapshot.zoey),
        "netsuite": dict(snapshot.netsuite),
        "rules": snapshot.rules,
        "history": {
            name: [[past.at, past.zoey, past.netsuite] for past in pasts] for name, pasts in snapshot.history.items()
        },
    }


def _snapshot(sync: str, unit_id: str, entry: Entry) -> Snapshot:
    value = entry.value
    history = {name: tuple(Past(*past) for past in pasts) for name, pasts in value["history"].items()}
    return Snapshot(sync, unit_id, value["zoey"], value["netsuite"], value["rules"], history)
