"""Working: claimed units are decided upon and their effects performed, in the order that lets nothing be done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

from attrs import define, evolve, field, frozen

from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.engine import closing, failures
from zoey_netsuite.engine.claims import Claim, Scanned, as_unit, claim, claim_these, pair_of
from zoey_netsuite.engine.closing import Conclusion, waits
from zoey_netsuite.engine.deciding import Decision, decide, needs_of
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.engine.effects import Clients, Done, Effect, Kind, line_for_people
from zoey_netsuite.engine.health import Health
from zoey_netsuite.engine.loading import load, look
from zoey_netsuite.engine.lookups import look_up
from zoey_netsuite.engine.makes import what_it_makes
from zoey_netsuite.engine.observe import Observer, UnitEnded, tell
from zoey_netsuite.engine.once import Settled, settle
from zoey_netsuite.engine.pairs import by_origin, one_unit_each
from zoey_netsuite.engine.performing import Course, Performer
from zoey_netsuite.engine.pool import Hand, Pool
from zoey_netsuite.engine.report import Named, Planned, Tally
from zoey_netsuite.engine.scanner import as_item, resolve
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.traces import noted
from zoey_netsuite.engine.unit import Unreadable
from zoey_netsuite.engine.waiting import asked_to_wait
from zoey_netsuite.engine.waits import Wait, for_pair
from zoey_netsuite.entities import Found, Hold, Lookup, Skip
from zoey_netsuite.errors import LeaseLost, ZoeyNetSuiteError
from zoey_netsuite.state.cursors import Cursor
from zoey_netsuite.state.leases import REMEMBERED
from zoey_netsuite.state.space import to_moment
from zoey_netsuite.state.tombstones import Tombstone
from zoey_netsuite.state.worklist import WorkItem
from zoey_netsuite.wording import is_nameless, sentences

READ_ANEW = "It is read anew when it changes, and when it is retried."


@define
class Worker:
    """Deals with the units of one sync in one run. Its `step` may be called by several threads."""

    sync: Sync[Any]
    ctx: SyncContext
    desk: Desk
    clients: Clients
    health: Health
    tally: Tally
    observers: Sequence[Observer]
    clock: Clock = field(factory=SystemClock)
    dry_run: bool = False
    scanned: Scanned = field(factory=lambda: Scanned(Cursor()))
    should_stop: Callable[[], bool] = field(default=lambda: False)
    on_units: Callable[[int], None] = field(default=lambda count: None)
    pool: Pool = field(factory=Pool, repr=False)
    makers: Sequence[Sync[Any]] = field(default=(), repr=False)
    claiming: threading.Lock = field(factory=threading.Lock, repr=False)
    in_hand: list[list[Claim]] = field(factory=list[list[Claim]], repr=False)
    nothing_due: bool = False
    broken: threading.Event = field(factory=threading.Event, repr=False)

    def step(self) -> bool:
        """Claim some units and deal with them; False when nothing is due, or the run is to stop.

        One thread at a time claims and decides. It does so while the effects of the claims before go out.
        """
        with ExitStack() as held:
            with self.claiming:
                self.pool.wait_for_room()
                if self.nothing_due or self._stops():
                    return False
                in_hand = {claimed.item.id for claims in self.in_hand for claimed in claims}
                # The threads that wait for this one need not look, too, unless a claim ends while this one looks.
                self.nothing_due = True
                claims = claim(self.sync, self.desk, self.scanned, in_hand=in_hand, on_set_aside=self.tally.set_aside)
                if not claims:
                    return False
                self.nothing_due = False
                held.enter_context(self._holding(claims))
                ready = self._decided(self._settled(claims), claims)
                hand = held.enter_context(self.pool.claim_in_hand(ready.alone()))
            self._perform(ready, claims, hand)
        return True

    def only(self, unit_ids: Collection[str]) -> int:
        """Claim these units, due or not, and deal with them; says how many could be had."""
        claims = claim_these(self.sync, self.desk, unit_ids)
        with self._holding(claims), self.pool.claim_in_hand(0) as hand:
            self._perform(self._decided(self._settled(claims), claims), claims, hand)
        return len(claims)

    def _stops(self) -> bool:
        return self.broken.is_set() or self.should_stop()

    @contextmanager
    def _holding(self, claims: list[Claim]) -> Generator[None]:
        """Give the leases back in the end, whatever happens to the units. An error other than that a lease was taken
        over stops the work on all claims.
        """
        leases = {claimed.lease.key: claimed.lease for claimed in claims}
        self.in_hand.append(claims)
        try:
            yield
        except LeaseLost:
            pass  # whoever took the lease over goes on with it
        except BaseException:
            self.broken.set()
            raise
        finally:
            self.desk.leases.give_back([lease for lease in leases.values() if lease.version])
            self.in_hand.remove(claims)
            self.nothing_due = False

    def _settled(self, claims: list[Claim]) -> list[Claim]:
        """Find out what came of effects that were begun before; those of which that is not known yet wait."""
        settled = Settled() if self.dry_run else settle(claims, self.desk, self.clients)
        waiting = settled.waiting
        self._close([waits(c, waiting[c.item.id]) for c in claims if c.item.id in waiting], claims)
        left = [claimed for claimed in claims if claimed.item.id not in waiting]
        for claimed in left:
            if claimed.item.id in settled.done:
                claimed.anew, claimed.lease.written = True, True
        return left

    def _decided(self, left: Sequence[Claim], claims: list[Claim]) -> _Ready:
        """Decide on the first unit of each root, given what is known of it now; the others come later.

        Args:
            claims: all units of the claim, of which these are left.
        """
        first = {claimed.lease.key: claimed for claimed in reversed(left)}
        later = [claimed for claimed in left if first[claimed.lease.key] is not claimed]
        now = self._refresh([claimed for claimed in left if first[claimed.lease.key] is claimed], claims)
        now = self._fill_links(now)
        self._fill_snapshots(now)
        now = self._without_buried(now, claims)
        found, unclear = self._look_up(now)
        courses: list[Course] = []
        ended: list[Conclusion] = []
        waiting: list[tuple[Claim, Wait]] = []
        for claimed in now:
            decision = unclear.get(claimed.item.id) or self._decide(claimed, found)
            if isinstance(decision, Hold):
                ended.append(Conclusion(claimed, "held", decision.reason, decision.cause, evidence=decision.evidence))
            elif isinstance(decision, Skip):
                ended.append(Conclusion(claimed, "skipped", decision.reason, decision.cause))
            elif isinstance(decision, Wait):
                waiting.append((claimed, decision))
            elif isinstance(decision, Exception):
                ended.append(self._troubled(claimed, decision))
            elif self.dry_run:
                ended.append(self._planned(claimed, decision))
            else:
                courses.append(Course(claimed, decision))
        ended += asked_to_wait(self.sync, waiting, self.makers, self.ctx, self.desk)
        self._close(ended, claims)
        return _Ready(courses, later)

    def _perform(self, ready: _Ready, claims: list[Claim], hand: Hand) -> None:
        """Have the effects performed; of each root one unit after the other, each decided when the one before is done.
        What is left of a root after something was written is loaded anew first. Units that asked for it are looked at
        again, together.
        """
        performer = Performer(
            self.sync.name,
            self.desk,
            self.clients,
            self.health,
            hand,
            self.clock,
            lambda conclusions: self._close(conclusions, claims),
            self._stops,
        )
        performer.perform(ready.courses)
        while not self._stops() and (left := [*performer.to_decide(), *ready.later]):
            for claimed in ready.later:
                claimed.anew = claimed.anew or claimed.lease.written
            ready = self._decided(left, claims)
            performer.perform(ready.courses)

    def _refresh(self, left: list[Claim], claims: list[Claim]) -> list[Claim]:
        """Read again what was tried before or was read too long ago, or before something was done. What is gone or
        needs nothing leaves the list.
        """
        now = self.desk.space.store.now()
        limit = now - min(timedelta(seconds=self.desk.timing.stale_after), REMEMBERED)
        left = self._under_their_pairs(left)
        looking = [claimed for claimed in left if claimed.look]
        others = [claimed for claimed in left if not claimed.look]
        linked = self._linked_meanwhile(others)
        loading = [
            c
            for c in others
            if not c.readable
            or c.anew
            or c.item.id in linked
            or c.item.attempts
            or c.item.state != "pending"
            or to_moment(c.item.read_at) < limit
        ]
        old = [*loading, *looking]
        if not old:
            return left
        read = load(self.sync, [claimed.item.id for claimed in loading], self.ctx) if loading else ()
        seen = look(self.sync, [claimed.unit for claimed in looking], self.ctx) if looking else ()
        found = [*read, *seen]
        units = one_unit_each(self.sync, found, self.desk).units
        pairs = {unit.id: now.pair for unit, now in zip(found, units, strict=True) if unit.id != now.id}
        self.desk.links.put([unit.pair for unit in units if unit.pair is not None])
        loaded = {unit.id: (unit, link) for unit, link in resolve(units, self.desk)}
        keys = {self.desk.baseline_key(self.sync.name, unit_id): unit_id for unit_id in loaded}
        held = {keys[key]: entry.value["fingerprint"] for key, entry in self.desk.space.read(keys).items()}
        leaving: list[Conclusion] = []
        waiting: list[tuple[Claim, Wait]] = []
        moved: list[tuple[Claim, WorkItem]] = []
        for claimed in old:
            claimed.anew = claimed.look = False
            unit, link = loaded.get(claimed.item.id, (None, None))
            wait = for_pair(self.sync.name, unit) if unit is not None and link is None else None
            pair = pairs.get(claimed.item.id)
            if unit is None and pair is not None:  # linked while it was loaded
                closing.hand_over(claimed, pair, self.desk)
            elif unit is None:
                leaving.append(self._gone(claimed))
            elif unit.about is not None and link is None and wait is None:
                leaving.append(Conclusion(claimed, "skipped", "it is not linked any more", "not linked"))
            else:
                fresh = as_item(self.sync, unit, link, self.desk, now)
                if isinstance(unit, Unreadable):
                    leaving.append(self._unreadable(claimed, unit, fresh))
                    continue
                now_known = evolve(
                    claimed.item,
                    data=fresh.data,
                    read_at=fresh.read_at,
                    fingerprint=fresh.fingerprint,
                    zoey_id=fresh.zoey_id,
                    netsuite_id=fresh.netsuite_id,
                    kind=fresh.kind,
                    origin=fresh.origin or claimed.item.origin,
                    guard=fresh.guard,
                )
                if fresh.root != claimed.item.root:
                    moved.append((claimed, evolve(now_known, root=fresh.root)))
                    continue
                claimed.item = now_known
                claimed.unit = as_unit(self.sync, claimed.item)
                if unit.fingerprint is not None and held.get(unit.id) == unit.fingerprint:
                    leaving.append(closing.done(claimed))
                elif wait is not None:
                    waiting.append((claimed, wait))
        leaving += asked_to_wait(self.sync, waiting, self.makers, self.ctx, self.desk)
        for claimed, item in moved:
            closing.put_back(claimed, item, self.desk)
        self._close(leaving, claims)
        gone = {conclusion.claim.item.id for conclusion in leaving}
        return [claimed for claimed in left if claimed.item.id not in gone and not claimed.closed]

    def _under_their_pairs(self, left: list[Claim]) -> list[Claim]:
        """Those that are the one unit of their pair. The pair of another has been linked since, from its other side: it
        leaves the list, and the pair's unit is looked at instead.
        """
        origins = {c.item.id: c.unit.origin for c in left if c.unit.origin is not None and c.unit.pair is None}
        links = by_origin(self.sync, [*origins.values()], self.desk)
        stays: list[Claim] = []
        for claimed in left:
            origin = origins.get(claimed.item.id)
            link = None if origin is None else links.get(origin)
            if link is not None and link.unit not in ("", claimed.item.id):
                closing.hand_over(claimed, link, self.desk)
                continue
            claimed.anew = claimed.anew or link is not None
            stays.append(claimed)
        return stays

    def _linked_meanwhile(self, claims: Sequence[Claim]) -> Collection[str]:
        """Units that are to be made, and whose pair somebody has linked since they were read: those are not made."""
        unmade = [claimed.unit for claimed in claims if claimed.unit.pair is None] if self.sync.makes else []
        origins = {unit.id: self.sync.origin_of(unit) for unit in unmade}
        links = by_origin(self.sync, [*origins.values()], self.desk)
        return {unit_id for unit_id, origin in origins.items() if origin in links}

    def _fill_links(self, claims: list[Claim]) -> list[Claim]:
        """Give the units their pairs as they are known now, with what is remembered of them. Those whose pair has got
        another root meanwhile leave the list.
        """
        moved: list[tuple[Claim, WorkItem]] = []
        by_kind: dict[str, list[Claim]] = {}
        for claimed in claims:
            if claimed.unit.pair is not None:
                by_kind.setdefault(claimed.unit.pair.kind, []).append(claimed)
        for kind, linked in by_kind.items():
            links = self.desk.links.by_zoey(kind, {str(claimed.item.zoey_id) for claimed in linked})
            for claimed in linked:
                link = links.get(str(claimed.item.zoey_id))
                if link is not None and link.root != claimed.item.root:
                    moved.append((claimed, evolve(claimed.item, root=link.root)))
                elif link is not None:
                    claimed.unit = claimed.unit.linked(link)
        for claimed, item in moved:
            closing.put_back(claimed, item, self.desk)
        gone = {claimed.item.id for claimed, _ in moved}
        return [claimed for claimed in claims if claimed.item.id not in gone]

    def _without_buried(self, left: list[Claim], claims: list[Claim]) -> list[Claim]:
        """Those that may be made: what a person has dismissed, or has yet to answer, is not, whoever retries it."""
        if not self.sync.makes:
            return left
        unmade = [c for c in left if c.unit.pair is None and not c.item.approved]
        buried = self.desk.tombstones.read(self.sync.name, [claimed.item.id for claimed in unmade])
        kept = [c for c in unmade if c.item.id in buried]
        self._close([_buried(claimed, buried[claimed.item.id]) for claimed in kept], claims)
        gone = {claimed.item.id for claimed in kept}
        return [claimed for claimed in left if claimed.item.id not in gone]

    def _fill_snapshots(self, claims: Sequence[Claim]) -> None:
        """Give the units what their two sides last agreed on."""
        if self.sync.compares:
            snapshots = self.desk.snapshots.read(self.sync.name, [claimed.item.id for claimed in claims])
            for claimed in claims:
                claimed.unit = evolve(claimed.unit, snapshot=snapshots.get(claimed.item.id))

    def _look_up(self, claims: Sequence[Claim]) -> tuple[Found, Mapping[str, Exception]]:
        """What `apply` will have to know, and the units at which the sync's own code fails, each with its error."""
        units = [claimed.unit for claimed in claims]
        unclear: dict[str, Exception] = {}
        asked: list[Lookup] = []
        try:
            asked = [*needs_of(self.sync, units)]
        except Exception:  # noqa: BLE001 - the user's code: only the record at which it fails is to suffer
            asked.clear()
            for unit in units:
                try:
                    asked += needs_of(self.sync, [unit])
                except Exception as error:  # noqa: BLE001 - see above
                    unclear[unit.id] = error
        try:
            return look_up(asked, self.clients, self.ctx.settings.timezone), unclear
        except ZoeyNetSuiteError as error:
            raise failures.scan_failure(error, failures.system_of(error)) from error

    def _decide(self, claimed: Claim, found: Found) -> Decision | Exception:
        try:
            return decide(self.sync, claimed.unit, found, evolve(self.ctx.settings, found=found))
        except Exception as error:  # noqa: BLE001 - the user's code: its failure is this record's, the run goes on
            return error

    def _planned(self, claimed: Claim, effects: Sequence[Effect]) -> Conclusion:
        """What a run would do, given what the journal knows to be done or open."""
        item = claimed.item
        keys = {(item.sync, item.id, effect.key): effect for effect in effects if effect.kind is Kind.ONCE}
        known = noted(keys, self.desk, self.clients)
        for effect in effects:
            entry = known.get((item.sync, item.id, effect.key)) if effect.kind is Kind.ONCE else None
            if isinstance(entry, Exception):
                return self._troubled(claimed, entry)
            if entry is None:
                self.tally.plan(Planned(self.sync.name, item.id, line_for_people(effect), effect))
                claimed.made.update([what_it_makes(effect)] if effect.kind is Kind.ONCE else [])
            elif not entry.done:
                text = f"find out first whether this has happened: {line_for_people(effect)}"
                self.tally.plan(Planned(self.sync.name, item.id, text, effect))
            claimed.outcomes.append(Done(changed=entry is None))
        return closing.done(claimed)

    def _troubled(self, claimed: Claim, error: Exception) -> Conclusion:
        return closing.troubled(self.sync.name, claimed, error, None, self.desk.space.store.now())

    def _unreadable(self, claimed: Claim, unit: Unreadable, fresh: WorkItem) -> Conclusion:
        """A unit that can't be read; what is known of its ids stays known."""
        item = evolve(claimed.item, data=None, read_at=fresh.read_at, fingerprint=fresh.fingerprint)
        if fresh.zoey_id is not None or fresh.netsuite_id is not None:
            item = evolve(item, zoey_id=fresh.zoey_id, netsuite_id=fresh.netsuite_id, kind=fresh.kind)
        pair = pair_of(item)
        claimed.item, claimed.unit = item, unit if pair is None else unit.linked(pair)
        told = self._troubled(claimed, unit.error)
        if is_nameless(item.id) and item.message:  # as the scan saw it: nobody can read it again
            return evolve(told, message=item.message, cause=item.cause)
        return evolve(told, message=sentences(told.message, READ_ANEW))

    def _gone(self, claimed: Claim) -> Conclusion:
        return Conclusion(claimed, "skipped", "it is gone", "gone", links=self.sync.gone(claimed.item.id))

    def _told_from_gone(self, conclusions: Sequence[Conclusion]) -> Sequence[Conclusion]:
        """The same, but for units whose record turns out to be there no more: those are done with."""
        missed = [one.claim.item.id for one in conclusions if one.outcome == "failed" and one.cause == "not found"]
        if not missed:
            return conclusions
        there = {unit.id for unit in load(self.sync, missed, self.ctx)}
        gone = {unit_id for unit_id in missed if unit_id not in there}
        return [self._gone(one.claim) if one.claim.item.id in gone else one for one in conclusions]

    def _close(self, conclusions: Sequence[Conclusion], claims: Sequence[Claim]) -> None:
        """Commit what came of these units, count it and tell it."""
        if not conclusions:
            return
        conclusions = self._told_from_gone(conclusions)
        ending = {conclusion.claim.item.id for conclusion in conclusions}
        open_roots = {c.lease.key for c in claims if c.item.id not in ending and not c.closed}
        closed = closing.close(conclusions, self.desk, keep=open_roots)
        for conclusion in closed:
            item = conclusion.claim.item
            message = conclusion.message
            zoey_id, netsuite_id = closing.ids(conclusion)
            self.tally.unit(
                Named(item.id, zoey_id, netsuite_id, conclusion.outcome, conclusion.cause, message),
                conclusion.claim.made,
            )
            tell(
                self.observers,
                UnitEnded(
                    self.desk.space.name,
                    self.sync.name,
                    item.id,
                    conclusion.outcome,
                    zoey_id,
                    netsuite_id,
                    message,
                    conclusion.cause,
                    at=self.clock.now(),
                ),
            )
        self.on_units(len(closed))


@frozen
class _Ready:
    """Units that are decided, with their effects, and the others of their roots, which are not yet."""

    courses: Sequence[Course]
    later: Sequence[Claim]

    def alone(self) -> int:
        """How many units begin with an effect that shares no call."""
        return sum(bool(course.effects) and course.effects[0].together is None for course in self.courses)


def _buried(claimed: Claim, stone: Tombstone) -> Conclusion:
    if stone.cause is None:
        return Conclusion(claimed, "skipped", stone.why, "dismissed")
    return Conclusion(claimed, "held", stone.why, stone.cause)
