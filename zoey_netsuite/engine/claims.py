"""Claiming: a worker takes units that are due, by a lease on the root of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from attrs import define, evolve

from zoey_netsuite.engine.codec import from_json
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.sync import Sync
from zoey_netsuite.engine.unit import Linked, Unit
from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import ATTEMPTS
from zoey_netsuite.state.store import Change, Check, Delete, Key
from zoey_netsuite.state.worklist import WorkItem

AT_ONCE = 100
"""How many units are claimed at a time: a bulk call takes as many."""


@define
class Claim:
    """A unit that this worker holds. Claims of one root share their lease."""

    item: WorkItem
    lease: Lease
    unit: Unit[Any]
    closed: bool = False


def claim(
    sync: Sync[Any],
    desk: Desk,
    *,
    only: Collection[str] | None = None,
    questions: Collection[str] = (),
    on_set_aside: Callable[[int], None] = lambda count: None,
) -> list[Claim]:
    """Take up to `AT_ONCE` units that are due and whose root is free.

    Args:
        only: these units, due or not; otherwise whatever is due.
        questions: names of guards that hold; what they watch is set aside instead of claimed.
        on_set_aside: told how many were.
    """
    after: Key | None = None
    for _ in range(ATTEMPTS):
        now = desk.space.store.now()
        keys: list[Key] = []
        if only is None:
            keys[:] = desk.worklist.due(sync.name, now, after=after, limit=4 * AT_ONCE)
            if not keys:
                return []
        items = desk.worklist.read(sync.name, [key[-1] for key in keys] if only is None else only)
        changes: list[Change] = [Delete(key) for key in keys if key[-1] not in items or items[key[-1]].due != key[3]]
        held = [item for item in items.values() if only is None and item.guard in questions and not item.approved]
        for item in held:
            changes += desk.worklist.replace(set_aside(item), item)
        chosen, puts = _choose([item for item in items.values() if item not in held], desk)
        changes += [lease_put for lease_put, _ in puts.values()]
        changes += [Check(desk.worklist.key(item), item.version or 0) for item in chosen]
        try:
            versions: Mapping[Key, int] = desk.space.store.commit(changes) if changes else {}
        except VersionMismatch:
            continue
        on_set_aside(len(held))
        for key, (_, lease) in puts.items():
            lease.version = versions[key]
        if chosen:
            return [Claim(item, puts[desk.leases.key(item.root)][1], as_unit(sync, item)) for item in chosen]
        if only is not None:
            return []
        after = keys[-1]
    return []


def _choose(items: Sequence[WorkItem], desk: Desk) -> tuple[list[WorkItem], dict[Key, tuple[Change, Lease]]]:
    """The first items whose root is free, and for each root the change that takes its lease."""
    now = desk.space.store.now()
    standing = desk.space.store.read({desk.leases.key(item.root) for item in items})
    chosen: list[WorkItem] = []
    puts: dict[Key, tuple[Change, Lease]] = {}
    for item in items:
        key = desk.leases.key(item.root)
        if key not in puts and desk.leases.is_free(standing.get(key), now):
            puts[key] = desk.leases.take(key, standing.get(key), desk.owner, now)
        if key in puts:
            chosen.append(item)
        if len(chosen) == AT_ONCE:
            break
    return chosen, puts


def set_aside(item: WorkItem) -> WorkItem:
    """An item that waits for a guard's question to be answered."""
    message = f"{item.sync} {item.id} waits for an answer: too many changes of the kind {item.guard} at once"
    return evolve(item, state="held", due=None, cause=f"guard {item.guard}", message=message)


def as_unit(sync: Sync[Any], item: WorkItem) -> Unit[Any]:
    """The unit that stands behind an entry of the work list."""
    link = None
    if item.zoey_id is not None and item.netsuite_id is not None:
        kind, _, _ = item.root.partition("/")
        link = Link(kind, item.zoey_id, item.netsuite_id, root=item.root)
    return Unit(
        item.id,
        about=Linked(link.kind, zoey_id=link.zoey_id) if link else None,
        data=from_json(item.data, sync.data_type()),
        fingerprint=item.fingerprint,
        guard=item.guard,
        found=link,
    )
