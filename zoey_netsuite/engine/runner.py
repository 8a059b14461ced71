"""A run: each sync is scanned and worked through, and what came of it is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve, field, frozen

from zoey_netsuite.checks import must_take
from zoey_netsuite.clock import Clock
from zoey_netsuite.engine import failures
from zoey_netsuite.engine.adoption import put_documents
from zoey_netsuite.engine.claims import AT_ONCE, Scanned
from zoey_netsuite.engine.desk import Desk, Timing
from zoey_netsuite.engine.dispatch import Dispatcher, Inline
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.guards import Guard, tripped
from zoey_netsuite.engine.health import Health
from zoey_netsuite.engine.loading import load
from zoey_netsuite.engine.observe import Observer, Progress, ProgressCallback, tell
from zoey_netsuite.engine.overdue import newly_overdue
from zoey_netsuite.engine.pairs import by_origin
from zoey_netsuite.engine.pool import Pool
from zoey_netsuite.engine.report import Report, SyncReport, Tally
from zoey_netsuite.engine.scanner import is_recovered, place, scan
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.waiting import look
from zoey_netsuite.engine.worker import Worker
from zoey_netsuite.errors import LeaseLost, StoreError, SystemFailure, ZoeyNetSuiteError
from zoey_netsuite.http.callers import Caller, calling_as
from zoey_netsuite.logs import logger_of
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.state.cursors import Cursor, Cursors
from zoey_netsuite.state.journal import Journal
from zoey_netsuite.state.leases import Leases, Owner
from zoey_netsuite.state.links import Links
from zoey_netsuite.state.overlay import OverlayStore
from zoey_netsuite.state.snapshots import Snapshots
from zoey_netsuite.state.space import Space, chunks
from zoey_netsuite.state.sqlite import SQLiteStore
from zoey_netsuite.state.store import Change, StateStore
from zoey_netsuite.state.tombstones import Tombstones
from zoey_netsuite.state.worklist import Worklist
from zoey_netsuite.user_code import said

SYSTEMS = ("netsuite", "zoey")

BY_HAND = 500
"""How many units that somebody asked for are read and worked on at a time."""

logger = logger_of("engine")


def _careful(progress: ProgressCallback | None) -> ProgressCallback | None:
    """A progress callback that can't stop a run."""
    if progress is None:
        return None

    def told(step: Progress) -> None:
        try:
            progress(step)
        except Exception as error:
            logger.exception("the progress callback failed: %s", said(error))

    return told


def _can_be_called(_: object, __: object, progress: Any) -> None:
    if progress is not None:
        must_take("progress", progress, 1, "a function of one Progress")


@frozen
class Run:
    """What a run is asked to do.

    Attributes:
        syncs: which, in order.
        scan: whether to look for changes, or only to work on what waits.
        only: by sync name, the units that somebody asked for by hand; then nothing else is looked at.
        release: whether that somebody lets them pass what keeps them: a filter, a start date, a guard, a tombstone.
        should_stop: asked between pages and between claims.
    """

    syncs: Sequence[Sync[Any]]
    scan: bool = True
    dry_run: bool = False
    only: Mapping[str, Sequence[str]] | None = None
    release: bool = False
    progress: ProgressCallback | None = field(default=None, validator=_can_be_called)
    should_stop: Callable[[], bool] = lambda: False


@frozen
class Runner:
    """Runs the syncs of one integration."""

    name: str
    clients: Clients
    store: StateStore
    guards: Sequence[Guard]
    dispatcher: Dispatcher
    timing: Timing
    observers: Sequence[Observer]
    settings: MapContext
    clock: Clock
    syncs: Sequence[Sync[Any]] = ()

    def desk(self, store: StateStore | None = None) -> Desk:
        """The views of the store that one worker uses."""
        space = Space(store or self.store, self.name)
        return Desk(
            space,
            Owner.new(),
            self.timing,
            Leases(space, timedelta(seconds=self.timing.lease)),
            Links(space),
            Cursors(space),
            Worklist(space),
            Journal(space),
            Tombstones(space),
            Snapshots(space),
        )

    def context(self, desk: Desk) -> SyncContext:
        """What syncs may use to look at both systems."""
        return SyncContext(
            self.clients.netsuite,
            self.clients.zoey,
            desk.links,
            desk.space.store.now(),
            evolve(self.settings, integration=self.name, attributes=self.clients.zoey.attributes),
            rebuilt_at=desk.tombstones.rebuilt_at(),
        )

    def run(self, what: Run) -> Report:
        """Do it, and say what came of it. A system failure stops the run and stands in the report."""
        started, began = self.clock.now(), self.clock.monotonic()
        callers: list[Caller] = []
        syncs: dict[str, SyncReport] = {}
        tallies: list[Tally] = []
        failure: SystemFailure | None = None
        with self._desk_for(what) as desk:
            for sync in what.syncs:
                tally = Tally(sync.name)
                tallies.append(tally)
                sync_began = self.clock.monotonic()
                callers.append(Caller(f"{self.name} {sync.name}", bulk=sync.bulk and what.only is None))
                with calling_as(callers[-1]):
                    stopped = self._one(sync, what, desk, tally)
                tally.seconds = self.clock.monotonic() - sync_began
                tally.failure = stopped = self._counted(sync, what, desk, tally, stopped)
                syncs[sync.name] = tally.report()
                if stopped is not None and stopped.cause != "configuration":
                    failure = stopped  # outweighs a mistake in one sync's settings
                    break
                failure = failure or stopped
                if what.should_stop():
                    break
        return Report(
            self.name,
            started,
            round(self.clock.monotonic() - began, 3),
            what.dry_run,
            syncs,
            {system: dict(sum((one.calls[system] for one in callers), Counter[str]())) for system in SYSTEMS},
            failure,
            tuple(plan for tally in tallies for plan in tally.planned),
        )

    def _one(self, sync: Sync[Any], what: Run, desk: Desk, tally: Tally) -> SystemFailure | None:
        """One sync's part of a run; gives the failure that stopped it, if one did."""
        try:
            context = self.context(desk)
            if what.only is not None:
                self._by_hand(sync, what.only[sync.name], what, desk, tally, context)
                return None
            if what.scan:
                scan(sync, context, desk, tally, _careful(what.progress), what.should_stop)
            if not what.should_stop():
                self._work(sync, what, desk, tally, context)
        except SystemFailure as failure:
            return failure
        except LeaseLost as error:
            tally.note(str(error))
        except ZoeyNetSuiteError as error:
            return failures.scan_failure(error, failures.system_of(error))
        except Exception as error:
            logger.exception("sync %s of %s failed in its own code", sync.name, self.name)
            return failures.scan_failure(error, failures.system_of(error))
        return None

    def _counted(
        self, sync: Sync[Any], what: Run, desk: Desk, tally: Tally, stopped: SystemFailure | None
    ) -> SystemFailure | None:
        """Count what waits; gives the failure that stopped this sync, or that keeps it from being counted."""
        if what.only is None and (stopped is None or stopped.system != "store"):
            try:
                waiting = desk.worklist.waiting(sync.name)
                tally.listed(waiting.states)
                for overdue in () if what.dry_run else newly_overdue(sync.name, waiting, desk):
                    tell(self.observers, overdue)
            except StoreError as error:
                return stopped or failures.scan_failure(error, "store")
        return stopped

    def _work(self, sync: Sync[Any], what: Run, desk: Desk, tally: Tally, context: SyncContext) -> None:
        cursor = desk.cursors.read(sync.name)
        if sync.bulk and cursor.open:
            return
        look(sync.name, desk)
        questions = {} if cursor.open else self._questions(sync, cursor, desk)
        dispatcher = Inline() if what.dry_run else self.dispatcher
        with self._pool(what) as pool:
            worker = self._worker(sync, what, desk, tally, context, Scanned(cursor, tuple(questions)), pool)
            here = copy_context()
            dispatcher.work(lambda: here.copy().run(worker.step))  # on whichever threads it has
        if tally.outcomes["held"]:
            for question in questions.values():
                tally.note(question)

    def _questions(self, sync: Sync[Any], cursor: Cursor, desk: Desk) -> dict[str, str]:
        """What the guards ask of this scan's changes, those held from scans before it among them."""
        counts = Counter(cursor.guarded)
        if counts:
            causes = {f"guard {name}": name for name in counts}
            counts += Counter(causes[one.cause] for one in desk.worklist.troubled(sync.name) if one.cause in causes)
        return tripped(self.guards, counts, self._records(sync, cursor, counts, desk))

    def _records(self, sync: Sync[Any], cursor: Cursor, counts: Mapping[str, int], desk: Desk) -> int:
        """How many records a guard's share is of: the linked ones, where they are more than the scan came across."""
        might_trip = any(counts.get(guard.name, 0) > guard.min_count for guard in self.guards)
        linked = desk.links.count(sync.link_kind) if might_trip and sync.link_kind is not None else 0
        return max(cursor.seen, linked)

    def _by_hand(
        self, sync: Sync[Any], unit_ids: Sequence[str], what: Run, desk: Desk, tally: Tally, context: SyncContext
    ) -> None:
        for part in chunks(unit_ids, BY_HAND):
            self._part_by_hand(sync, part, what, desk, tally, context)

    def _part_by_hand(
        self, sync: Sync[Any], unit_ids: Sequence[str], what: Run, desk: Desk, tally: Tally, context: SyncContext
    ) -> None:
        asked_at = desk.space.store.now()
        units = [evolve(unit, approved=what.release) for unit in load(sync, unit_ids, context)]

        def put_on_list() -> Any:
            recovered = is_recovered(desk.cursors.read(sync.name), desk)
            placed = place(sync, units, None, desk, asked_at, recovered=recovered)
            lifted: list[Change] = [desk.tombstones.lift(sync.name, unit.id) for unit in units if what.release]
            return [*lifted, *placed.changes], placed

        placed = desk.space.change(put_on_list)
        missing = sorted(set(unit_ids) - {unit.id for unit in units})
        notes = [f"{unit_id} was not found, or {sync.name} does not handle it" for unit_id in missing]
        tally.page(scanned=len(units), dropped=placed.dropped, unlinked=placed.unlinked, notes=notes)
        listed = desk.worklist.read(sync.name, [unit.id for unit in units])
        scanned = Scanned(desk.cursors.read(sync.name))
        with self._pool(what) as pool:
            worker = self._worker(sync, what, desk, tally, context, scanned, pool)
            for part in chunks(listed, AT_ONCE):
                if worker.only(part) < len(part):
                    tally.note("another worker is on some of them just now; they stay on the work list")
        if what.release:
            released = by_origin(sync, [sync.origin_of(unit) for unit in units if unit.pair is None], desk)
            put_documents([*released.values()], self.syncs, context, desk)

    def _pool(self, what: Run) -> Pool:
        """The threads that effects go out on, where the dispatcher says how many."""
        return Pool(1 if what.dry_run else getattr(self.dispatcher, "count", 1))

    def _worker(
        self, sync: Sync[Any], what: Run, desk: Desk, tally: Tally, context: SyncContext, scanned: Scanned, pool: Pool
    ) -> Worker:
        progress = _careful(what.progress)

        def on_units(count: int) -> None:
            if progress is not None:
                done = sum(tally.outcomes.values())
                total = tally.scanned - tally.dropped - tally.unlinked
                progress(Progress(sync.name, "work", done, max(total, done)))

        return Worker(
            sync,
            context,
            desk,
            self.clients,
            Health(self.clients, self.store),
            tally,
            () if what.dry_run else self.observers,
            self.clock,
            dry_run=what.dry_run,
            scanned=scanned,
            should_stop=what.should_stop,
            on_units=on_units,
            pool=pool,
            makers=self.syncs,
        )

    @contextmanager
    def _desk_for(self, what: Run) -> Generator[Desk]:
        """The desk of a run; a dry run's writes go to a scratch file and are forgotten."""
        if not what.dry_run:
            yield self.desk()
            return
        with TemporaryDirectory(prefix="zoey-netsuite-dry-run-") as folder:
            scratch = SQLiteStore(f"{folder}/scratch.db")
            try:
                yield self.desk(OverlayStore(self.store, scratch))
            finally:
                scratch.close()
