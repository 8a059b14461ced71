"""Claiming: a worker takes units that are due, by a lease on the root of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import choice
from typing import Any

from attrs import define, evolve, field, frozen

from zoey_netsuite.engine.codec import from_json
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Done
from zoey_netsuite.engine.sync import Sync
from zoey_netsuite.engine.unit import Linked, Unit
from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.cursors import Cursor
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.records import RecordRef
from zoey_netsuite.state.space import ATTEMPTS
from zoey_netsuite.state.store import ABSENT, Change, Check, Key
from zoey_netsuite.state.worklist import WorkItem

AT_ONCE = 100
"""How many units are claimed at a time: a bulk call takes as many."""

APART = 16
"""Over how many claims' length of the list processes part that have met."""

LEAVING_OUT = 5
"""How often what others have taken is left out of a claim before it is made anew."""


@define
class Claim:
    """A unit that this worker holds. Claims of one root share their lease.

    Attributes:
        sync: whose unit it is.
        readable: False when what the work list keeps of it does not fit the sync's data class any more; then it is to
            be loaded anew before anything is asked of it.
        anew: whether it is to be loaded anew, as something was done since it was read that it may depend on.
        found_done: whether it was loaded anew because one of its once effects was found done.
        looks: how often it was looked at again; `look` says that it is to be now.
        outcomes: what came of the effects that were performed since it was claimed.
        made: what the once effects among them made, counted by what it is.
    """

    sync: Sync[Any]
    item: WorkItem
    lease: Lease
    unit: Unit[Any]
    readable: bool = True
    anew: bool = False
    closed: bool = False
    found_done: bool = False
    look: bool = False
    looks: int = 0
    outcomes: list[Done] = field(factory=list[Done])
    made: Counter[str] = field(factory=Counter[str])

    def named(self, link: Link) -> Link:
        """A pair that an effect of this unit gave. The unit's own pair bears its name from the commit that makes it, so
        that a scan of the other side gives it no other.
        """
        is_own = link.kind == self.sync.link_kind and self.sync.origin_of(self.unit) in link.records()
        return link.having(unit=self.item.id) if is_own else link


@frozen
class Scanned:
    """What the last scan of a sync allows to be claimed.

    Attributes:
        cursor: as it stood when the guards looked; while it stays so, no other scan has begun.
        questions: names of guards that hold; what they watch is set aside instead of claimed.
    """

    cursor: Cursor
    questions: Collection[str] = ()

    def holds(self, item: WorkItem) -> bool:
        """Whether a guard's question must be answered first."""
        return item.guard in self.questions and not item.approved

    def waits(self, item: WorkItem) -> bool:
        """Whether a guard has to see the whole of a scan first."""
        return item.guard is not None and self.cursor.open and not item.approved


def claim(
    sync: Sync[Any],
    desk: Desk,
    scanned: Scanned,
    *,
    in_hand: Collection[str] = (),
    on_set_aside: Callable[[int], None] = lambda count: None,
) -> list[Claim]:
    """Take up to `AT_ONCE` units that are due and whose root is free; none when another worker has begun a new scan
    that guards, or a sync's bulk calls, must see the whole of.

    Each process begins with the oldest. One that comes too late for those tries elsewhere in the list.

    Args:
        in_hand: units that are claimed already, so that they need not be read to find that out.
        on_set_aside: told how many wait for a guard's question.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _claim_some(sync, desk, scanned, in_hand, on_set_aside, anywhere=attempt > 0)
        except VersionMismatch as error:
            if desk.cursors.key(sync.name) in error.keys:
                break
    return []


def something_is_free(sync: Sync[Any], desk: Desk) -> bool:
    """Whether a worker would have something to do: a unit that is due, and neither in other hands nor waiting for the
    end of a scan.
    """
    scanned = Scanned(desk.cursors.read(sync.name))
    if sync.bulk and scanned.cursor.open:
        return False
    return any(
        _choose([item for item in _read(sync, desk, keys) if not scanned.waits(item)], desk)[0]
        for keys in _due(sync, desk)
    )


def _claim_some(
    sync: Sync[Any],
    desk: Desk,
    scanned: Scanned,
    in_hand: Collection[str],
    on_set_aside: Callable[[int], None],
    *,
    anywhere: bool,
) -> list[Claim]:
    """`claim` once.

    Raises:
        VersionMismatch: another worker was faster.
    """
    for keys in _due(sync, desk, in_hand, anywhere=anywhere):
        items = _read(sync, desk, keys)
        held = [item for item in items if scanned.holds(item)]
        free = [item for item in items if not scanned.holds(item) and not scanned.waits(item)]
        changes = [change for item in held for change in desk.worklist.replace(set_aside(item), item)]
        chosen, puts = _choose(free, desk)
        if any(sync.bulk or item.guard for item in [*held, *chosen]):
            changes.append(desk.cursors.check(sync.name, scanned.cursor))
        taken = _take(chosen, puts, changes, desk)
        on_set_aside(len(held))
        if taken:
            return [_claimed(sync, item, lease) for item, lease in taken]
    return []


def _due(
    sync: Sync[Any], desk: Desk, in_hand: Collection[str] = (), *, anywhere: bool = False
) -> Iterator[Sequence[Key]]:
    """The index keys of what is due and not in hand, as many at a time as a claim takes.

    Args:
        anywhere: begin somewhere in the list instead of at its oldest, and come to those last: processes that have met
            there part.
    """
    now = desk.space.store.now()
    after: Key | None = None
    if anywhere:
        far = desk.worklist.due(sync.name, now, limit=AT_ONCE * APART)[:-AT_ONCE]
        after = choice(far) if far else None  # noqa: S311 - no secret
    oldest_last = after is not None
    while keys := desk.worklist.due(sync.name, now, after=after, limit=AT_ONCE + len(in_hand)):
        others = [key for key in keys if key[-1] not in in_hand][:AT_ONCE]
        if others:
            yield others
        after = others[-1] if len(others) == AT_ONCE else keys[-1]
    if oldest_last:
        yield from _due(sync, desk, in_hand)


def _read(sync: Sync[Any], desk: Desk, keys: Sequence[Key]) -> list[WorkItem]:
    """The entries that still stand under these index keys."""
    listed = {key[-1]: key[3] for key in keys}
    return [item for item in desk.worklist.read(sync.name, listed).values() if item.due == listed[item.id]]


def claim_these(sync: Sync[Any], desk: Desk, unit_ids: Collection[str]) -> list[Claim]:
    """Take these units, due or not, guarded or not: somebody asked for them. Those whose root is not free stay."""
    for _ in range(ATTEMPTS):
        items = desk.worklist.read(sync.name, unit_ids)
        chosen, puts = _choose([*items.values()], desk)
        try:
            taken = _take(chosen, puts, [], desk, tries=0)
        except VersionMismatch:
            continue
        return [_claimed(sync, item, lease) for item, lease in taken]
    return []


def _take(
    chosen: Sequence[WorkItem],
    puts: Mapping[Key, tuple[Sequence[Change], Lease]],
    changes: Sequence[Change],
    desk: Desk,
    *,
    tries: int = LEAVING_OUT,
) -> list[tuple[WorkItem, Lease]]:
    """Commit the leases on these entries; those that another worker has taken or changed meanwhile are left out.

    Args:
        tries: how often some are left out; 0 to have all of them or none.

    Raises:
        VersionMismatch: there is nothing to be had, or another of the changes can't be made.
    """
    roots = {desk.leases.key(item.root) for item in chosen}
    leases = [change for key, (taking, _) in puts.items() if key in roots for change in taking]
    checks = [Check(desk.worklist.key(item), item.version or 0) for item in chosen]
    taking = [*changes, *leases, *checks]
    try:
        versions: Mapping[Key, int] = desk.space.store.commit(taking) if taking else {}
    except VersionMismatch as error:
        gone = {*error.keys}
        left = [item for item in chosen if gone.isdisjoint((desk.leases.key(item.root), desk.worklist.key(item)))]
        if not tries or not left or len(left) == len(chosen):
            raise
        return _take(left, puts, changes, desk, tries=tries - 1)
    for key in roots:
        puts[key][1].version = versions[key]
    return [(item, puts[desk.leases.key(item.root)][1]) for item in chosen]


def _choose(items: Sequence[WorkItem], desk: Desk) -> tuple[list[WorkItem], dict[Key, tuple[Sequence[Change], Lease]]]:
    """The items whose root is free, and for each root the changes that take its lease: they fail, too, where something
    was written under it meanwhile.
    """
    now = desk.space.store.now()
    roots = {desk.leases.key(item.root) for item in items}
    marks = desk.leases.marks(roots, now)
    standing = desk.space.read([*roots, *marks])
    written = desk.leases.last_written(roots, standing, now)
    free = [item for item in items if desk.leases.is_free(standing.get(desk.leases.key(item.root)), now)]
    # Of a unit that was closed after it was read, the root is free now, too.
    there = desk.space.read([desk.worklist.key(item) for item in free])
    chosen = [item for item in free if desk.worklist.key(item) in there]
    puts: dict[Key, tuple[Sequence[Change], Lease]] = {}
    for key in dict.fromkeys(desk.leases.key(item.root) for item in chosen):
        put, lease = desk.leases.take(key, standing.get(key), desk.owner, now)
        lease.last_written = written.get(key, "")
        puts[key] = ([put], lease)
    for mark, key in marks.items():
        if key in puts:
            expect: Any = standing[mark].version if mark in standing else ABSENT
            puts[key] = ([*puts[key][0], Check(mark, expect)], puts[key][1])
    return chosen, puts


def _claimed(sync: Sync[Any], item: WorkItem, lease: Lease) -> Claim:
    anew = item.read_at < lease.last_written
    try:
        return Claim(sync, item, lease, as_unit(sync, item), anew=anew)
    except Exception:  # noqa: BLE001 - the user's data class has changed since, or its own checks refuse what was kept
        return Claim(sync, item, lease, Unit(item.id, data=None), readable=False)


def set_aside(item: WorkItem) -> WorkItem:
    """An item that waits for a guard's question to be answered."""
    message = f"{item.sync} {item.id} waits for an answer: too many changes of the kind {item.guard} at once"
    return evolve(
        item,
        state="held",
        due=None,
        cause=f"guard {item.guard}",
        message=message,
        first_at=item.first_at or item.read_at,
    )


def pair_of(item: WorkItem) -> Link | None:
    """The linked pair that an entry of the work list is about."""
    if item.zoey_id is None or item.netsuite_id is None:
        return None
    kind = item.kind or item.root.partition("/")[0]
    return Link.known(kind, item.zoey_id, item.netsuite_id, root=item.root, data={})


def as_unit(sync: Sync[Any], item: WorkItem) -> Unit[Any]:
    """The unit that stands behind an entry of the work list."""
    link = pair_of(item)
    return Unit(
        item.id,
        origin=None if item.origin is None else RecordRef(*item.origin),
        about=Linked(link.kind, zoey_id=link.zoey_id) if link else None,
        data=from_json(item.data, sync.data_type()),
        fingerprint=item.fingerprint,
        guard=item.guard,
        pair=link,
        root=item.root,
        approved=item.approved,
        answer=item.answer,
    )
