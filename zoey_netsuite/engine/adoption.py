"""Adopting: what something else has brought across is linked; what fits more than one thing waits for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.findings import Adopted, Adoption
from zoey_netsuite.engine.loading import load
from zoey_netsuite.engine.scanner import LONG_AGO, place
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks, to_text
from zoey_netsuite.state.store import Change, Key
from zoey_netsuite.state.worklist import WorkItem

AT_ONCE = 500
QUESTION = "adoption"
"""The cause of entries that wait as more than one record, or one that does not agree, may be theirs."""

BUSY = "a worker is making it, or working on it, just now; adopt again when its run is over"
UNCLEAR = "its making was begun, and what came of it is open; run once, then adopt again"


def adopt(sync: Sync[Any], match: str, ctx: SyncContext, desk: Desk, syncs: Sequence[Sync[Any]]) -> Adopted:
    """Link the pairs that a sync finds. What it can't tell is not made again behind a person's back: it lies under a
    tombstone from then on, and stands on the attention list where it would have been made.

    A record at which a worker is just now, or of which nobody knows yet whether it was made, is left as it is and told.

    Args:
        syncs: all of the integration, which may have documents of these pairs.
    """
    linked: list[Adoption] = []
    questions: list[Adoption] = []
    for part in chunks(sync.adopt(match, ctx), AT_ONCE):
        held = _leased({_root(sync, one) for one in part}, desk)
        try:
            free = [one for one in part if desk.leases.key(_root(sync, one)) in held]
            unclear = _unclear(sync, free, desk)
            known = desk.links.by_zoey(sync.link_kind, [one.zoey_id for one in free]) if sync.link_kind else {}
            free = [one for one in free if one.zoey_id not in unclear and one.zoey_id not in known]
            certain = [one for one in free if one.link is not None]
            open_ones = [one for one in free if one.link is None]
            pairs = [one.link for one in certain if one.link is not None]
            desk.leases.renew([*held.values()], at_least=desk.leases.duration / 2)
            desk.links.put(pairs)
            take_up(pairs, [sync], ctx, desk)
            if sync.makes:
                _ask(sync, open_ones, desk)
        finally:
            desk.leases.give_back([*held.values()])
        put_documents(pairs, syncs, ctx, desk)
        linked += certain
        questions += open_ones
        busy = [one for one in part if desk.leases.key(_root(sync, one)) not in held]
        questions += [evolve(one, link=None, question=BUSY) for one in busy]
        questions += [evolve(one, link=None, question=UNCLEAR) for one in part if one.zoey_id in unclear]
    return Adopted(tuple(linked), tuple(questions))


def _root(sync: Sync[Any], one: Adoption) -> str:
    """What is leased by whoever makes this record."""
    return one.link.root if one.link is not None else f"{sync.link_kind or sync.name}/{one.zoey_id}"


def _leased(roots: Collection[str], desk: Desk) -> Mapping[Key, Lease]:
    """The leases on those of these roots that are free, taken in one commit."""
    keys = {desk.leases.key(root) for root in roots}

    def take() -> tuple[Sequence[Change], dict[Key, Lease]]:
        now, standing = desk.space.store.now(), desk.space.read(keys)
        free = [key for key in keys if desk.leases.is_free(standing.get(key), now)]
        taken = {key: desk.leases.take(key, standing.get(key), desk.owner, now) for key in free}
        return [put for put, _ in taken.values()], {key: lease for key, (_, lease) in taken.items()}

    leases = desk.space.change(take)
    for key, entry in desk.space.read(leases).items():
        leases[key].version = entry.version
    return leases


def _unclear(sync: Sync[Any], adoptions: Sequence[Adoption], desk: Desk) -> Collection[str]:
    """Records whose making was begun by a worker that is gone: whether they were made is to be found out first."""
    listed = desk.worklist.read(sync.name, [one.zoey_id for one in adoptions])
    return {zoey_id for zoey_id in listed if desk.journal.open_of(sync.name, zoey_id)}


def take_up(links: Sequence[Link], syncs: Iterable[Sync[Any]], ctx: SyncContext, desk: Desk) -> None:
    """Pairs that were linked by something else: what kept them from being made is over, and what waits is tried."""
    for sync in syncs:
        own = [link for link in links if link.kind == sync.link_kind]
        unit_ids = [each for link in own for each in sync.unit_ids(ctx, zoey_id=link.zoey_id, netsuite_id=None)]

        def again(sync: Sync[Any] = sync, unit_ids: Sequence[str] = unit_ids) -> tuple[Sequence[Change], None]:
            now = to_text(desk.space.store.now())
            changes: list[Change] = [desk.tombstones.lift(sync.name, each) for each in _buried(sync, unit_ids, desk)]
            for item in desk.worklist.read(sync.name, unit_ids).values():
                anew = evolve(item, read_at=LONG_AGO)
                if item.state != "pending":
                    anew = evolve(anew, state="retrying", due=now, attempts=max(item.attempts, 1))
                changes += desk.worklist.replace(anew, item)
            return changes, None

        desk.space.change(again)


def put_documents(links: Sequence[Link], syncs: Iterable[Sync[Any]], ctx: SyncContext, desk: Desk) -> None:
    """Put on the list what belongs to pairs that a person has just linked: it was skipped while they were not."""
    for sync in syncs if links else ():
        for unit_ids in chunks(dict.fromkeys(sync.documents_of(links, ctx)), AT_ONCE):
            asked_at = desk.space.store.now()
            units = load(sync, unit_ids, ctx)

            def put(sync: Sync[Any] = sync, units: Any = units, at: datetime = asked_at) -> tuple[Any, None]:
                return place(sync, units, None, desk, at).changes, None

            desk.space.change(put)


def _buried(sync: Sync[Any], unit_ids: Sequence[str], desk: Desk) -> Iterable[str]:
    return desk.tombstones.read(sync.name, unit_ids) if sync.makes else ()


def _ask(sync: Sync[Any], questions: Sequence[Adoption], desk: Desk) -> None:
    def asked() -> tuple[Sequence[Change], None]:
        now = to_text(desk.space.store.now())
        listed = desk.worklist.read(sync.name, [one.zoey_id for one in questions])
        changes: list[Change] = []
        for one in questions:
            why = f"{one}. Link the two, or release it if they are not one"
            changes.append(desk.tombstones.lay(sync.name, one.zoey_id, why, cause=QUESTION))
            before = listed.get(one.zoey_id)
            if one.holds or before is not None:
                root = f"{sync.link_kind or sync.name}/{one.zoey_id}"
                item = WorkItem(sync.name, one.zoey_id, "held", root, None, LONG_AGO, zoey_id=one.zoey_id)
                item = evolve(item, cause=QUESTION, message=why, first_at=(before and before.first_at) or now)
                changes += desk.worklist.replace(item, before)
        return changes, None

    desk.space.change(asked)
