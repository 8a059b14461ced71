"""Waiting: what a unit waits for is looked at, in bulk and again and again, and nobody is told when it is there.

A link may be written by any process at any moment: also between the moment when a worker read that it was not there
and the commit that lets the unit wait. So the engine relies on no message: it reads what the store holds after that
commit, at each look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from zoey_netsuite.engine import failures
from zoey_netsuite.engine.claims import Claim
from zoey_netsuite.engine.closing import Conclusion, troubled
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.waits import Until, Wait, link_of, stored
from zoey_netsuite.state.links import LinkName
from zoey_netsuite.state.records import RecordRef, Side
from zoey_netsuite.state.space import to_text
from zoey_netsuite.state.store import Change
from zoey_netsuite.user_code import must_give
from zoey_netsuite.wording import sentences

DAILY = timedelta(days=1)
"""After how long every unit that waits is asked again."""

SOON = timedelta(seconds=1)
"""After how long a unit is asked once more that waits for a change: a scan that did not see it wait yet may have
brought that change meanwhile.
"""


def look(sync: str, desk: Desk) -> None:
    """Make due what waits for links that are there by now: one read of links for a thousand waits."""
    for units in desk.worklist.waits_for_links(sync):
        there = desk.links.linked(units)
        unit_ids = [unit_id for awaited in there for unit_id in units[awaited]]
        if unit_ids:
            _make_due(sync, unit_ids, desk)


def _make_due(sync: str, unit_ids: Collection[str], desk: Desk) -> None:
    def end() -> tuple[Sequence[Change], None]:
        now = desk.space.store.now()
        items = desk.worklist.read(sync, unit_ids).values()
        later = [item for item in items if item.due is None or item.due > to_text(now)]
        return desk.worklist.end_waits(later, now), None

    desk.space.change(end)


def asked_to_wait(
    sync: Sync[Any], waiting: Sequence[tuple[Claim, Wait]], makers: Sequence[Sync[Any]], ctx: SyncContext, desk: Desk
) -> list[Conclusion]:
    """What comes of units that are to wait: they do, or they are skipped where what they wait for never comes.

    Args:
        makers: all syncs of the integration, to be asked that.

    Raises:
        SystemFailure: a system could not be read.
    """
    awaited = {link for _, wait in waiting if (link := link_of(wait)) is not None}
    there = desk.links.linked(awaited) if awaited else set[LinkName]()
    reasons = why_never(awaited - there, makers, ctx, desk)
    now = desk.space.store.now()
    conclusions: list[Conclusion] = []
    for claim, wait in waiting:
        link = link_of(wait)
        why = None if link is None else reasons.get(link)
        if link is None or why is None:
            conclusions.append(_waits(claim, wait, now, is_there=link in there))
        elif isinstance(why, Exception):
            conclusions.append(troubled(sync.name, claim, why, None, now))
        else:
            conclusions.append(Conclusion(claim, "skipped", never(wait, why), f"{link[0]}: it {why}"))
    if any(one.waits_for is not None and one.waits_for[0] not in ("linked", "until") for one in conclusions):
        desk.worklist.note_awaited()
    return conclusions


def never(wait: Wait, why: str) -> str:
    """What is said of a unit that does not wait, as what it would wait for never comes."""
    return sentences(wait.reason, f"That never happens: it {why}.")


def _waits(claim: Claim, wait: Wait, now: datetime, *, is_there: bool) -> Conclusion:
    before = claim.item.waits_for if claim.item.state == "waiting" else None
    awaits, due = stored(wait), now + DAILY
    if is_there and before is not None and before[0] in ("there", "known") and before[1:] == awaits[1:]:
        # It was asked with that link in place: it waits for more than the link.
        awaits = ("known", *awaits[1:])
    elif is_there:
        awaits, due = ("there", *awaits[1:]), now + SOON
    elif isinstance(wait.for_, Until):
        due = min(due, wait.for_.time) if wait.for_.time > now else due if before == awaits else now + SOON
    elif awaits[0] != "linked" and before != awaits:
        due = now + SOON
    return Conclusion(
        claim,
        "waiting",
        wait.reason,
        wait.cause,
        due=due,
        waits=True,
        waits_for=awaits,
        alert_after=wait.alert_after,
        pair=claim.unit.pair,
    )


def why_never(
    awaited: Collection[LinkName], makers: Sequence[Sync[Any]], ctx: SyncContext, desk: Desk
) -> Mapping[LinkName, str | Exception]:
    """Of records that are not linked, why they never will be, as all syncs say that could link them; or the error at
    which the code of one of them failed.

    Raises:
        SystemFailure: a system could not be read.
    """
    reasons: dict[LinkName, str | Exception] = {}
    for kind in sorted({kind for kind, _, _ in awaited}):
        refs = [RecordRef(cast("Side", side), id) for of_kind, side, id in sorted(awaited) if of_kind == kind]
        said = [_why_never(sync, refs, ctx, desk) for sync in makers if sync.link_kind == kind]
        for ref in refs:
            answers = [one.get(ref) for one in said]
            if answers and None not in answers:
                reasons[kind, ref.side, ref.id] = next(answer for answer in answers if answer is not None)
    return reasons


def _why_never(
    sync: Sync[Any], refs: Sequence[RecordRef], ctx: SyncContext, desk: Desk
) -> Mapping[RecordRef, str | Exception | None]:
    units = {
        unit_id: ref
        for ref in refs
        for unit_id in sync.unit_ids(
            ctx,
            zoey_id=ref.id if ref.side == "zoey" else None,
            netsuite_id=ref.id if ref.side == "netsuite" else None,
        )
    }
    stones = desk.tombstones.read(sync.name, [*units]) if sync.makes else {}
    listed = desk.worklist.read(sync.name, [*units])
    known: dict[RecordRef, str | None] = {units[id]: "was dismissed" for id, one in stones.items() if one.cause is None}
    known |= {units[id]: None for id, item in listed.items() if item.approved}  # a person has let it pass
    open_ones = [ref for ref in refs if ref not in known]
    return {**known, **(_would_carry(sync, open_ones, ctx) if open_ones else {})}


def _would_carry(
    sync: Sync[Any], refs: Sequence[RecordRef], ctx: SyncContext
) -> Mapping[RecordRef, str | Exception | None]:
    """What the sync says of them; where its code fails at one, the others are asked for without it."""
    try:
        answers = sync.would_carry(refs, ctx)
        must_give(sync.would_carry, answers, Mapping, "a mapping of each record to None, or to why it never comes")
        return answers
    except Exception as error:
        if not failures.is_of_a_record(error):
            raise failures.scan_failure(error, failures.system_of(error)) from error
        if len(refs) == 1:
            return {refs[0]: error}
    return {ref: answer for one in refs for ref, answer in _would_carry(sync, [one], ctx).items()}
