"""Where is my order? Everything that is known of one record, and what would be done about it now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import asdict, evolve, frozen

from zoey_netsuite.engine.deciding import decide, needs_of
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Clients, line_for_people
from zoey_netsuite.engine.loading import load
from zoey_netsuite.engine.lookups import look_up
from zoey_netsuite.engine.scanner import resolve
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Unit, Unreadable
from zoey_netsuite.engine.waiting import never, why_never
from zoey_netsuite.engine.waits import Wait, for_pair, link_of
from zoey_netsuite.entities import Hold, Skip
from zoey_netsuite.errors import ZoeyNetSuiteError
from zoey_netsuite.state.links import LinkName
from zoey_netsuite.state.space import to_moment
from zoey_netsuite.state.store import JSON
from zoey_netsuite.state.worklist import WorkItem
from zoey_netsuite.user_code import said
from zoey_netsuite.wording import moment, wrapped


@frozen
class Explanation:
    """Why a record did or did not move; `str()` is for people.

    Attributes:
        state: "pending", "waiting", "retrying", "held" or "failed" where it stands on the work list; "dismissed";
            "linked"; "new" where nothing is known of it yet; "absent" where the sync finds no such record.
        netsuite_id: of its pair, where it is linked.
        facts: what is known, a sentence each.
        now: what a run would do about it now, a sentence each; "nothing" where both sides agree.
    """

    sync: str
    unit_id: str
    state: str
    netsuite_id: str | None
    facts: Sequence[str]
    now: Sequence[str]

    def __str__(self) -> str:
        lines = [f"{self.sync} {self.unit_id}: {self.state}", *(f"  {fact}" for fact in self.facts)]
        return "\n".join(map(wrapped, [*lines, *(f"  now: {line}" for line in self.now)]))

    def as_data(self) -> JSON:
        """As JSON."""
        return asdict(self)


def explain(
    sync: Sync[Any], unit_id: str, ctx: SyncContext, desk: Desk, clients: Clients, syncs: Sequence[Sync[Any]]
) -> Explanation:
    """Read the record as it is now and say what is known of it. Reads only.

    Args:
        syncs: all of the integration: one of them may make what the record waits for.
    """
    units = load(sync, [unit_id], ctx)
    resolved = [unit if link is None else unit.linked(link) for unit, link in resolve(units, desk)]
    state, facts = "new", list[str]()
    link = resolved[0].pair if resolved else None
    if link is not None:
        state = "linked"
        facts.append(f"Zoey {link.zoey_id} and NetSuite {link.netsuite_id} are one ({link.kind})")
    facts += _journal(sync, unit_id, desk)
    item = desk.worklist.read(sync.name, [unit_id]).get(unit_id)
    if item is not None:
        state = item.state
        since = f" since {moment(to_moment(item.first_at))}" if item.first_at else ""
        again = "asked again" if item.state == "waiting" else "due"
        due = f", {again} {moment(to_moment(item.due))}" if item.due else ""
        why = f": {item.message}" if item.message else ""
        facts.append(f"{item.state} on the work list{since}{due}{why}")
        facts += _awaited(item, syncs, ctx, desk)
    buried = desk.tombstones.read(sync.name, [unit_id]).get(unit_id)
    if buried is not None and link is None:
        state = state if item is not None else "dismissed"
        facts.append(f"not made by itself any more, {buried.why}; release() makes it after all")
    if not resolved:
        missing = sync.missing(unit_id, ctx)
        return Explanation(sync.name, unit_id, item.state if item else "absent", None, [*facts, missing], ())
    if buried is not None and link is None:
        now: Iterable[str] = ["nothing: it is not made by itself any more"]
    elif _agrees(sync, resolved[0], desk):
        now = ["nothing: both sides agree"]
    else:
        unit = evolve(resolved[0], answer=None if item is None else item.answer)
        if sync.compares:
            unit = evolve(unit, snapshot=desk.snapshots.read(sync.name, [unit_id]).get(unit_id))
        now = _now(sync, unit, ctx, desk, clients, syncs)
    return Explanation(sync.name, unit_id, state, link.netsuite_id if link else None, facts, list(now))


def _agrees(sync: Sync[Any], unit: Unit[Any], desk: Desk) -> bool:
    """Whether what the record asks for is what the other side is known to hold."""
    key = desk.baseline_key(sync.name, unit.id)
    held = desk.space.read([key]).get(key)
    return held is not None and unit.fingerprint is not None and held.value["fingerprint"] == unit.fingerprint


def _journal(sync: Sync[Any], unit_id: str, desk: Desk) -> Iterator[str]:
    for key, entry in desk.space.entries("once", sync.name, unit_id):
        made = f", which gave {entry.value['result']}" if entry.value["result"] is not None else ""
        what = "done" if entry.value["done"] else "started, and its outcome is open,"
        yield f"{key[-1]}: {what} at {moment(to_moment(entry.value['at']))}{made}"


def _awaited(item: WorkItem, syncs: Sequence[Sync[Any]], ctx: SyncContext, desk: Desk) -> Iterator[str]:
    """How the record stands that a unit waits for the link of."""
    if item.state != "waiting" or item.waits_for is None or item.waits_for[0] != "linked":
        return
    _, kind, side, id = item.waits_for
    for sync in syncs:
        if sync.link_kind == kind:
            zoey_id, netsuite_id = (id, None) if side == "zoey" else (None, id)
            unit_ids = sync.unit_ids(ctx, zoey_id=zoey_id, netsuite_id=netsuite_id)
            for other in desk.worklist.read(sync.name, unit_ids).values():
                why = f": {other.message}" if other.message else ""
                yield f"what it waits for, {sync.name} {other.id}, is {other.state}{why}"


def _now(
    sync: Sync[Any],
    unit: Unit[Any],
    ctx: SyncContext,
    desk: Desk,
    clients: Clients,
    syncs: Sequence[Sync[Any]],
) -> Iterator[str]:
    if isinstance(unit, Unreadable):
        yield f"it can't be read: {unit.error}"
        return
    if unit.about is not None and unit.pair is None:
        wait = for_pair(sync.name, unit)
        if wait is None:
            yield f"nothing: it is skipped until the record that it belongs to is linked ({unit.about.kind})"
        else:
            yield _of_wait(wait, ctx, desk, syncs)
        return
    try:
        found = look_up(needs_of(sync, [unit]), clients, ctx.settings.timezone)
        decision = decide(sync, unit, found, evolve(ctx.settings, found=found))
    except Exception as error:  # noqa: BLE001 - the sync's own code: what it fails at is the explanation
        yield f"it can't be decided upon: {error if isinstance(error, ZoeyNetSuiteError) else said(error)}"
        return
    if isinstance(decision, Hold):
        yield f"held: {decision.reason}"
    elif isinstance(decision, Skip):
        yield f"left out: {decision.reason}"
    elif isinstance(decision, Wait):
        yield _of_wait(decision, ctx, desk, syncs)
    elif not decision:
        yield "nothing: both sides agree"
    else:
        for effect in decision:
            yield line_for_people(effect)


def _of_wait(wait: Wait, ctx: SyncContext, desk: Desk, syncs: Sequence[Sync[Any]]) -> str:
    link = link_of(wait)
    awaited = set[LinkName]() if link is None else {link}
    for why in why_never(awaited - desk.links.linked(awaited), syncs, ctx, desk).values():
        if not isinstance(why, Exception):
            return f"left out: {never(wait, why)}"
    return f"waits: {wait.reason}"
