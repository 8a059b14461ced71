"""Adopting: what is on both sides already is linked, and what is not clear is kept from being made again."""

from __future__ import annotations

from typing import Any

from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.findings import Adopted, Adoption
from zoey_netsuite.engine.scanner import LONG_AGO
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.state.space import chunks, to_text
from zoey_netsuite.state.store import Change
from zoey_netsuite.state.worklist import WorkItem

AT_ONCE = 500


def adopt(sync: Sync[Any], match: str, ctx: SyncContext, desk: Desk) -> Adopted:
    """Link the pairs that the sync finds; hold what a person has to look at, where it would be made otherwise."""
    linked: list[Adoption] = []
    questions: list[Adoption] = []
    for part in chunks(sync.adopt(match, ctx), AT_ONCE):
        desk.links.put([one.link for one in part if one.link is not None])
        for one in part:
            (questions if one.link is None else linked).append(one)
            if one.holds:
                _hold(sync, one, desk)
    return Adopted(tuple(linked), tuple(questions))


def _hold(sync: Sync[Any], one: Adoption, desk: Desk) -> None:
    """Put a question on the attention list, and see to it that no scan brings the record back by itself."""
    now = to_text(desk.space.store.now())
    message = f"{one}. Link the right pair with Integration.link and retry this, or release it if NetSuite has none."
    root = f"{sync.link_kind or sync.name}/{one.zoey_id}"
    item = WorkItem(
        sync.name,
        one.zoey_id,
        "held",
        root,
        None,
        LONG_AGO,
        zoey_id=one.zoey_id,
        cause="adoption",
        message=message,
        first_at=now,
    )

    def changes() -> tuple[list[Change], None]:
        before = desk.worklist.read(sync.name, [one.zoey_id]).get(one.zoey_id)
        return [*desk.worklist.replace(item, before), desk.tombstones.lay(sync.name, one.zoey_id, message)], None

    desk.space.change(changes)
