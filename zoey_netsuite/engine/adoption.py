"""Adopting: what something else has brought across is linked; what fits more than one thing waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import evolve

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.findings import Adopted, Adoption
from zoey_netsuite.engine.scanner import LONG_AGO
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks, to_text
from zoey_netsuite.state.store import Change
from zoey_netsuite.state.worklist import WorkItem

AT_ONCE = 500
QUESTION = "adoption"
"""The cause of entries that wait as more than one record, or one that does not agree, may be theirs."""


def adopt(sync: Sync[Any], match: str, ctx: SyncContext, desk: Desk) -> Adopted:
    """Link the pairs that a sync finds. What it can't tell is not made again behind a person's back: it lies under a
    tombstone from then on, and stands on the attention list where it would have been made.
    """
    linked: list[Adoption] = []
    questions: list[Adoption] = []
    for part in chunks(sync.adopt(match, ctx), AT_ONCE):
        certain = [one.link for one in part if one.link is not None]
        open_ones = [one for one in part if one.link is None]
        desk.links.put(certain)
        take_up(certain, [sync], ctx, desk)
        if sync.makes:
            _ask(sync, open_ones, desk)
        linked += [one for one in part if one.link is not None]
        questions += open_ones
    return Adopted(tuple(linked), tuple(questions))


def take_up(links: Sequence[Link], syncs: Iterable[Sync[Any]], ctx: SyncContext, desk: Desk) -> None:
    """Pairs that were linked by something else: what kept them from being made is over, and what waits is tried."""
    for sync in syncs:
        own = [link for link in links if link.kind == sync.link_kind]
        unit_ids = [each for link in own for each in sync.unit_ids(ctx, zoey_id=link.zoey_id, netsuite_id=None)]

        def again(sync: Sync[Any] = sync, unit_ids: Sequence[str] = unit_ids) -> tuple[Sequence[Change], None]:
            now = to_text(desk.space.store.now())
            changes: list[Change] = [desk.tombstones.lift(sync.name, each) for each in _buried(sync, unit_ids, desk)]
            for item in desk.worklist.read(sync.name, unit_ids).values():
                if item.state != "pending":
                    retried = evolve(item, state="retrying", due=now, attempts=max(item.attempts, 1))
                    changes += desk.worklist.replace(retried, item)
            return changes, None

        desk.space.change(again)


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
