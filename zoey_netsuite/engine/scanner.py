"""Scanning: what a sync found goes to the work list together with the cursor, one commit a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve, frozen

from zoey_netsuite.engine.codec import to_json
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.failures import scan_failure, system_of, trouble
from zoey_netsuite.engine.loading import UNASKABLE
from zoey_netsuite.engine.observe import Progress, ProgressCallback
from zoey_netsuite.engine.pairs import one_unit_each
from zoey_netsuite.engine.report import Tally
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Page, Unit, Unreadable
from zoey_netsuite.engine.waits import Wait, for_pair, stored
from zoey_netsuite.errors import LeaseLost, VersionMismatch
from zoey_netsuite.state.cursors import Cursor, DamagedPlace
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.records import RecordRef, Side, wrong_with_id
from zoey_netsuite.state.shapes import damaged
from zoey_netsuite.state.space import ATTEMPTS, to_moment, to_text
from zoey_netsuite.state.store import ABSENT, Change, Check, Delete, Key, Put
from zoey_netsuite.state.worklist import WorkItem, own_root
from zoey_netsuite.user_code import must_give, must_give_list
from zoey_netsuite.wording import is_nameless, sentences

LONG_AGO = to_text(datetime(1970, 1, 1, tzinfo=UTC))
"""When data was read that must be read again before it is acted upon."""


@frozen
class Placed:
    """What became of a page's units."""

    changes: Sequence[Change]
    dropped: int
    unlinked: int
    guarded: Mapping[str, int]


def scan(
    sync: Sync[Any],
    ctx: SyncContext,
    desk: Desk,
    tally: Tally,
    progress: ProgressCallback | None,
    should_stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Run a sync's scan to its end, or on from where it was interrupted.

    Returns:
        False when another worker is scanning this sync just now, or when the run was asked to stop.

    Raises:
        SystemFailure: a system could not be read; the cursor stands where the last committed page left it.
        LeaseLost: another worker took the scan over.
    """
    lease = desk.leases.acquire(f"scan {sync.name}", desk.owner)
    if lease is None:
        tally.page(scanned=0, dropped=0, unlinked=0, notes=["another worker is scanning it just now"])
        return False
    try:
        cursor = desk.cursors.read(sync.name)
        if not cursor.open:
            desk.leases.forget_marks()
            started = to_text(desk.space.store.now())
            cursor = evolve(cursor, open=True, started=started, seen=0, guarded={})
            cursor = _commit(sync, desk, cursor, lease, ())
        recovered = is_recovered(cursor, desk)
        for page, asked_at in _pages(sync, cursor, ctx, desk):
            cursor = _take(sync, page, desk, cursor, lease, tally, asked_at, recovered=recovered)
            if progress is not None:
                progress(Progress(sync.name, "scan", cursor.seen))
            if should_stop():
                return False
        _commit(sync, desk, evolve(cursor, open=False, ended=to_text(desk.space.store.now())), lease, ())
        return True
    finally:
        desk.leases.give_back([lease])


def is_recovered(cursor: Cursor, desk: Desk) -> bool:
    """Whether the store was lost, and no scan has been through since: what a unit makes may be there already."""
    return cursor.ended is None and desk.tombstones.rebuilt_at() is not None


def _pages(sync: Sync[Any], cursor: Cursor, ctx: SyncContext, desk: Desk) -> Iterator[tuple[Page[Any], datetime]]:
    """The sync's pages, each with when it was asked for; what keeps it from reading is a failure of the system behind
    it.
    """
    pages = iter(sync.scan(cursor.since, ctx))
    while True:
        asked_at = desk.space.store.now()
        try:
            page = next(pages)
            must_give(sync.scan, page, Page, "pages: yield Page(units, cursor)")
            must_give_list(sync.scan, page.units, Unit, "pages whose units are a list of Unit(id, data=…)")
        except StopIteration:
            return
        except DamagedPlace as problem:
            raise scan_failure(damaged(desk.cursors.key(sync.name), str(problem)), "store") from problem
        except Exception as error:
            raise scan_failure(error, system_of(error)) from error
        yield page, asked_at


def _take(
    sync: Sync[Any],
    page: Page[Any],
    desk: Desk,
    cursor: Cursor,
    lease: Lease,
    tally: Tally,
    asked_at: datetime,
    *,
    recovered: bool,
) -> Cursor:
    """Commit a page and the cursor after it, deciding anew when others touched the same entries."""
    attempt = 0
    while True:
        placed = place(sync, page.units, page, desk, asked_at, recovered=recovered)
        guarded = dict(Counter(cursor.guarded) + Counter(placed.guarded))
        moved = evolve(cursor, since=page.cursor, seen=cursor.seen + len(page.units), guarded=guarded)
        try:
            cursor = _commit(sync, desk, moved, lease, placed.changes)
            break
        except VersionMismatch as error:
            attempt += 1
            if lease.key in error.keys or attempt == ATTEMPTS:
                raise LeaseLost(f"another worker took over the scan of {sync.name}") from error
    tally.page(scanned=len(page.units), dropped=placed.dropped, unlinked=placed.unlinked, notes=page.notes)
    return cursor


def _commit(sync: Sync[Any], desk: Desk, cursor: Cursor, lease: Lease, changes: Sequence[Change]) -> Cursor:
    desk.leases.renew([lease], at_least=timedelta(seconds=desk.timing.lease / 2))
    put = desk.cursors.change(sync.name, cursor)
    versions = desk.space.store.commit([*changes, put, lease.check()])
    return evolve(cursor, version=versions[put.key])


def place(
    sync: Sync[Any],
    units: Sequence[Unit[Any]],
    page: Page[Any] | None,
    desk: Desk,
    asked_at: datetime,
    *,
    recovered: bool = False,
) -> Placed:
    """What is to be written so that these units are on the work list: nothing for those that need nothing.

    Args:
        asked_at: when they were asked for, so that they are no older than that.
    """
    links = page.links if page else [unit.pair for unit in units if unit.pair is not None]
    paired = one_unit_each(sync, units, desk, links)
    changes: list[Change] = [*desk.links.changes([*links, *paired.links])]
    fresh = {link.zoey_id: link for link in page.links if isinstance(link, Link)} if page else {}
    resolved = resolve(paired.units, desk, fresh)
    units = [*{unit.id: unit for unit in paired.units}.values()]
    # Before what is known of them: a unit that another worker closes in between is then seen to be done, or to move.
    on_list: dict[str, WorkItem] = {}
    if units and not desk.worklist.is_empty(sync.name):
        on_list = desk.worklist.read(sync.name, [unit.id for unit in units])
    seen_keys = {desk.baseline_key(sync.name, unit.id): unit.id for unit in units}
    baselines = dict(page.baselines) if page else {}
    seen_keys |= {desk.baseline_key(sync.name, unit_id): unit_id for unit_id in baselines}
    entries = desk.space.read([*seen_keys, desk.worklist.awaited_key] if units else seen_keys)
    stored = {unit_id: entries[key].value["fingerprint"] for key, unit_id in seen_keys.items() if key in entries}
    for unit_id, fingerprint in baselines.items():
        if stored.get(unit_id) != fingerprint:
            key = desk.baseline_key(sync.name, unit_id)
            changes.append(Delete(key) if fingerprint is None else Put(key, {"fingerprint": fingerprint}))
            stored[unit_id] = fingerprint
    buried = desk.tombstones.read(sync.name, [unit.id for unit in units]) if sync.makes else {}
    leaving: list[tuple[Unit[Any], WorkItem, Link | None]] = []
    brought: set[tuple[str, str]] = set()
    dropped = unlinked = 0
    guarded: Counter[str] = Counter()
    for unit, link in _one_each(resolved, stored):
        before = on_list.get(unit.id)
        wait = for_pair(sync.name, unit) if link is None else None
        other_side = before is not None and before.origin != _as_kept(unit.origin)
        if unit.about is not None and link is None and wait is None:
            unlinked += 1
        elif unit.id in buried and link is None and not unit.approved:
            dropped += 1
        elif unit.fingerprint is not None and stored.get(unit.id) == unit.fingerprint:
            dropped += 1
            if before is not None and not other_side:
                leaving.append((unit, before, link))
        else:
            if unit.guard is not None:
                guarded[unit.guard] += 1
            found = evolve(as_item(sync, unit, link, desk, asked_at), recovered=recovered)
            if unit.id in paired.renamed or other_side:
                found = evolve(found, read_at=LONG_AGO)
            if wait is not None:
                found = _waiting(found, wait)
            changes += desk.worklist.place(found, before)
            brought |= {("root", found.root), *_records(sync, unit, link)}
    if desk.worklist.awaited_key in entries:
        changes += _end_waits(brought, {(sync.name, unit.id) for unit in units}, desk)
    return Placed([*changes, *_leave(sync, leaving, desk)], dropped, unlinked, guarded)


def _waiting(found: WorkItem, wait: Wait) -> WorkItem:
    """An entry that waits for its pair from the beginning. It is due, as it may turn out that the pair never comes."""
    now = found.due or ""
    return evolve(
        found,
        state="waiting",
        waits_for=stored(wait),
        cause=wait.cause,
        message=wait.reason,
        first_at=now,
        alert_at=None if wait.alert_after is None else to_text(to_moment(now) + wait.alert_after),
    )


def _records(sync: Sync[Any], unit: Unit[Any], link: Link | None) -> Iterator[tuple[str, str]]:
    """The records that a scan brings with a unit: its own, and the other one of their pair."""
    refs = link.records() if link is not None and link.kind == sync.link_kind else (sync.origin_of(unit),)
    return ((ref.side, ref.id) for ref in refs)


def _end_waits(brought: Collection[tuple[str, str]], own: Collection[tuple[str, str]], desk: Desk) -> list[Change]:
    """The changes that make due what waits until a scan brings one of these roots or records.

    Who begins such a wait is asked once more after it stands in the store. So either that asks what this scan has read,
    or this sees it.
    """
    changes: list[Change] = []
    ending: dict[str, list[str]] = {}
    for sync, unit_id in desk.worklist.awaiting_changes(brought) if brought else ():
        if (sync, unit_id) not in own:
            ending.setdefault(sync, []).append(unit_id)
    for sync, unit_ids in ending.items():
        items = desk.worklist.read(sync, unit_ids).values()
        changes += desk.worklist.end_waits(items, desk.space.store.now())
    return changes


def _one_each(
    resolved: Sequence[tuple[Unit[Any], Link | None]], stored: Mapping[str, str]
) -> Collection[tuple[Unit[Any], Link | None]]:
    """Of what came more than once, the last; but a side of a pair that is as it was agreed hides no change of the
    other one.
    """
    each: dict[str, tuple[Unit[Any], Link | None]] = {}
    for unit, link in resolved:
        hides = unit.id in each and each[unit.id][0].origin != unit.origin
        if not hides or unit.fingerprint is None or stored.get(unit.id) != unit.fingerprint:
            each[unit.id] = unit, link
    return each.values()


def _as_kept(origin: RecordRef | None) -> tuple[Side, str] | None:
    return (origin.side, origin.id) if origin else None


def _leave(sync: Sync[Any], leaving: Sequence[tuple[Unit[Any], WorkItem, Link | None]], desk: Desk) -> list[Change]:
    """The changes that take units off the list that need nothing any more.

    One that a worker is at just now may be on its way to something else, and one with an open effect must be settled:
    those stay, to be read again.
    """
    leases = desk.space.read({desk.leases.key(before.root) for _, before, _ in leaving})
    now = desk.space.store.now()
    changes: list[Change] = []
    checks: dict[Key, Check] = {}
    for unit, before, link in leaving:
        key = desk.leases.key(before.root)
        entry = leases.get(key)
        if desk.leases.is_free(entry, now):
            checks[key] = Check(key, ABSENT if entry is None else entry.version)
            if not desk.journal.open_of(before.sync, before.id):
                changes += desk.worklist.remove(before)
                continue
            if before.state != "pending":
                continue
        kept = {"first_at": before.first_at, "note": before.note, "answer": before.answer}
        again = evolve(as_item(sync, unit, link, desk, now), read_at=LONG_AGO, **kept)
        changes += desk.worklist.replace(again, before)
    return [*changes, *checks.values()]


def as_item(sync: Sync[Any], unit: Unit[Any], link: Link | None, desk: Desk, asked_at: datetime) -> WorkItem:
    """A unit as it goes on the work list; it was read since it was asked for."""
    now = to_text(desk.space.store.now())
    own = unit if isinstance(unit, Unreadable) else None
    lost = own if own is not None and is_nameless(own.id) else None
    ids = _own_ids(sync, unit) if link is None else {"zoey": link.zoey_id, "netsuite": link.netsuite_id}
    return WorkItem(
        sync.name,
        unit.id,
        "pending",
        link.root if link else unit.root or own_root(sync.name, unit.id),
        None if own else to_json(unit.data),
        LONG_AGO if own else to_text(asked_at),
        fingerprint=unit.fingerprint,
        zoey_id=ids.get("zoey"),
        netsuite_id=ids.get("netsuite"),
        kind=link.kind if link else None,
        origin=_as_kept(unit.origin),
        guard=unit.guard,
        approved=unit.approved,
        due=now,
        cause=trouble(lost.error).cause if lost else "",
        message=sentences(str(lost.error), UNASKABLE) if lost else "",
    )


def _own_ids(sync: Sync[Any], unit: Unit[Any]) -> Mapping[Side, str | None]:
    """The ids of a unit's records while no pair names both: what the unit says; else what it is named after, where its
    sync names units after records.
    """
    if isinstance(unit, Unreadable) and (unit.zoey_id is not None or unit.netsuite_id is not None):
        return {"zoey": unit.zoey_id, "netsuite": unit.netsuite_id}
    ref = sync.origin_of(unit)
    named = sync.link_kind is not None and wrong_with_id(ref.side, ref.id) is None
    return {ref.side: ref.id} if unit.origin is not None or named else {}


def resolve(
    units: Sequence[Unit[Any]], desk: Desk, fresh: Mapping[str, Link] | None = None
) -> list[tuple[Unit[Any], Link | None]]:
    """Each unit with its linked pair, read in bulk."""
    by_zoey: dict[str, set[str]] = {}
    by_netsuite: dict[str, set[str]] = {}
    for unit in units:
        if unit.about is None or unit.pair is not None:
            continue
        if unit.about.zoey_id is not None:
            by_zoey.setdefault(unit.about.kind, set()).add(unit.about.zoey_id)
        elif unit.about.netsuite_id is not None:
            by_netsuite.setdefault(unit.about.kind, set()).add(unit.about.netsuite_id)
    from_zoey = {kind: desk.links.by_zoey(kind, ids) for kind, ids in by_zoey.items()}
    from_netsuite = {kind: desk.links.by_netsuite(kind, ids) for kind, ids in by_netsuite.items()}
    resolved: list[tuple[Unit[Any], Link | None]] = []
    for unit in units:
        about = unit.about
        if about is None or unit.pair is not None:
            resolved.append((unit, unit.pair))
        elif about.zoey_id is not None:
            resolved.append((unit, (fresh or {}).get(about.zoey_id) or from_zoey[about.kind].get(about.zoey_id)))
        else:
            links = from_netsuite[about.kind].get(about.netsuite_id or "", [])
            resolved.append((unit, links[0] if links else None))
    return resolved
