"""Integration: one store and one account, the syncs between them, when they run and what they tell."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from attrs import evolve

from zoey_netsuite import assembly
from zoey_netsuite.alerts.log import LogAlerts
from zoey_netsuite.checks import described, listed, must_be_a, must_be_one_of, must_be_text, must_have
from zoey_netsuite.circuits import SYSTEMS, Circuits
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.engine import account_clock
from zoey_netsuite.engine.adoption import adopt, put_documents, take_up
from zoey_netsuite.engine.attention import Attention
from zoey_netsuite.engine.binding import bind
from zoey_netsuite.engine.clock_moved import ClockWatch, clock_findings
from zoey_netsuite.engine.deciding import checked
from zoey_netsuite.engine.desk import Timing
from zoey_netsuite.engine.dispatch import Dispatcher, Threads
from zoey_netsuite.engine.due import LOOK_AROUND, Due
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.failures import scan_failure
from zoey_netsuite.engine.findings import Adopted, Difference, Finding, Findings
from zoey_netsuite.engine.guards import Guard
from zoey_netsuite.engine.health import Health, unreadable
from zoey_netsuite.engine.inquiry import Explanation, explain
from zoey_netsuite.engine.observe import (
    Observer,
    ProgressCallback,
    RunEnded,
    RunStarted,
    tell,
)
from zoey_netsuite.engine.report import Report
from zoey_netsuite.engine.runner import Run, Runner
from zoey_netsuite.engine.side_by_side import side_by_side
from zoey_netsuite.engine.status import Status, status
from zoey_netsuite.engine.sync import Sync
from zoey_netsuite.errors import ConfigurationError, MappingError, StoreError, SystemFailure
from zoey_netsuite.http.deadline import stopping_with
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.schedule import Schedule
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.state.store import StateStore
from zoey_netsuite.zoey import ZoeyClient

LEAST_WAIT = 0.05
"""Seconds between two looks of `run_forever` at the least."""

GUARDS = (Guard("zero_stock", max_share=0.1, min_count=20),)


class Integration:
    """Connects one Zoey store with one NetSuite account.

    Args:
        name: 1 to 20 of `a-z0-9`; part of every key and of every external id that is made, so it stays for ever.
        netsuite, zoey: clients, opened and closed by you; they may be shared.
        store: where links, cursors, the work list and the journal are kept.
        syncs: what flows, in the order in which a run goes through them.
        schedule: by sync name, when it is due; `Manual()` where none is given.
        observers: told what happens; `[LogAlerts()]` unless you say otherwise.
        guards: limits on mass changes.
        dispatcher: on which threads units are worked on.
        timing: how patient the engine is.
        settings: what mappers may know.
        timezone: the NetSuite account's, by its IANA name ("America/Los_Angeles"): dates on documents are days there.
            `check` compares it with the account's clock. Without it, the account's offset of today is used.
        clock: tells the time and waits.

    Raises:
        ConfigurationError: a name is not as it must be, is used twice, or a schedule names a sync that is not there.
    """

    def __init__(
        self,
        name: str,
        netsuite: NetSuiteClient,
        zoey: ZoeyClient,
        store: StateStore,
        syncs: Sequence[Sync[Any]],
        *,
        schedule: Mapping[str, Schedule] | None = None,
        observers: Sequence[Observer] | None = None,
        guards: Sequence[Guard] = GUARDS,
        dispatcher: Dispatcher | None = None,
        timing: Timing | None = None,
        settings: MapContext | None = None,
        timezone: str | tzinfo | None = None,
        clock: Clock | None = None,
    ) -> None:
        assembly.check_name(name)
        assembly.check_parts(netsuite, zoey, store, dispatcher, timing, settings, clock)
        self.name = name
        self._syncs = assembly.by_name(syncs)
        self._clock: Clock = clock or SystemClock()
        self._observers = assembly.observers((LogAlerts(),) if observers is None else observers)
        self._runner = Runner(
            name,
            Clients(netsuite, zoey),
            store,
            assembly.guards(guards, self._syncs.values(), GUARDS),
            dispatcher or Threads(8),
            timing or Timing(),
            self._observers,
            assembly.located(settings or MapContext(), timezone, netsuite),
            self._clock,
            tuple(self._syncs.values()),
        )
        self._due = Due(self._syncs, assembly.schedules(schedule, self._syncs))
        self._circuits = Circuits(name, self._observers, self._clock, Health(self._runner.clients, store))
        self._clock_watch = ClockWatch(self._clock)
        self._bound = False

    @property
    def attention(self) -> Attention:
        """What needs a person, and what people can do about it."""
        self._bind(dry_run=True)
        making = [name for name, sync in self._syncs.items() if sync.makes]
        return Attention(self._runner.desk(), tuple(self._syncs), making)

    def run(
        self, only: str | Iterable[str] | None = None, dry_run: bool = False, progress: ProgressCallback | None = None
    ) -> Report:
        """Look for changes and make them, once.

        Args:
            only: the name of a sync, or several; all of them otherwise.
            dry_run: nothing is written, neither to the systems nor to the store; the report says what would be.
            progress: called with a `Progress` after every page and every group of units.

        Returns:
            The report; when a system failed, `report.failure` says so (`report.raise_for_failure()`). A system that
            failed before is asked once, by this call, whether it answers again.

        Raises:
            ConfigurationError: `only` names a sync that is not there, or the store belongs to other tenants.
        """
        return self._run(Run(self._named(only), dry_run=dry_run, progress=progress), probe=True)

    async def arun(
        self, only: str | Iterable[str] | None = None, dry_run: bool = False, progress: ProgressCallback | None = None
    ) -> Report:
        """`run` on a worker thread, awaited. When the task is cancelled, the run ends after the calls in flight,
        without further attempts.
        """
        stop = threading.Event()
        what = Run(self._named(only), dry_run=dry_run, progress=progress, should_stop=stop.is_set)
        with stopping_with(stop):  # the task takes along what is said here
            running = asyncio.ensure_future(asyncio.to_thread(self._run, what, probe=True))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([running])
            raise

    def run_due(self) -> Report | None:
        """Run the syncs whose schedule is due, and work on what waits in the others; None when nothing is due. One sync
        after the other, on the calling thread.
        """
        return self._run_due(self._syncs, lambda: False)

    def run_forever(self, stop: threading.Event) -> None:
        """Run whatever is due, again and again, until `stop` is set; then end after the effects in flight. Each sync
        runs on a thread of its own, so none waits for another.

        A system failure stops all of them. It is told to the observers once, and tried again after 1, 2, 4 … 15 minutes
        (credentials and permissions: once `check()` has passed).

        Raises:
            ConfigurationError: nothing is scheduled.
        """
        must_have("run_forever(stop)", stop, ["is_set", "wait"], "a threading.Event")
        if not self._due.is_anything_scheduled():
            raise ConfigurationError(
                f"{self.name}: nothing is scheduled, so run_forever would do nothing. Say when each sync is due:"
                f" Integration(…, schedule={{{next(iter(self._syncs), 'inventory')!r}: Every(minutes=15)}})"
            )
        with stopping_with(stop):
            side_by_side({name: partial(self._keep_running, name, stop) for name in self._syncs}, stop)

    def sync_one(self, sync: str, *, zoey_id: str | None = None, netsuite_id: str | None = None) -> Report:
        """Bring one record up to date now: by hand, or because an event named it.

        Raises:
            ConfigurationError: no such sync, or not exactly one id, as text.
        """
        return self._by_hand(sync, zoey_id, netsuite_id, release=False)

    def release(self, sync: str, *, zoey_id: str | None = None, netsuite_id: str | None = None) -> Report:
        """Let one record pass what keeps it, and bring it up to date now: a filter, a start date, a guard, having been
        dismissed, the loss of the store, a difference that a policy holds. It can't pass what can't be mapped or is
        refused.

        Raises:
            ConfigurationError: no such sync, or not exactly one id.
        """
        return self._by_hand(sync, zoey_id, netsuite_id, release=True)

    def backfill(self, sync: str, since: datetime, until: datetime, *, release: bool = False) -> Report:
        """Bring the records of a stretch of time up to date now, whatever the schedule has seen of them.

        Args:
            since, until: when they were made, aware; the last moment is left out.
            release: also let them pass what `release` does.

        Raises:
            ConfigurationError: no such sync, a time without time zone, or a sync that can't tell.
        """
        for name, moment in {"since": since, "until": until}.items():
            must_be_a(f"backfill({name}=…)", moment, datetime, "a datetime with a time zone")
            if moment.tzinfo is None:
                raise ConfigurationError(f"backfill({name}=…) must say its time zone, not {moment.isoformat()}")
        found = self._one(sync)
        self._bind()
        unit_ids = list(found.between(since, until, self._runner.context(self._runner.desk())))
        return self._run(Run([found], only={found.name: unit_ids}, release=release), probe=True)

    def explain(self, sync: str, *, zoey_id: str | None = None, netsuite_id: str | None = None) -> Explanation:
        """Say of one record why it moved, waits, was left out or is held, and what a run would do about it now.

        Raises:
            ConfigurationError: no such sync, or not exactly one id.
        """
        found, unit_ids = self._units(sync, zoey_id, netsuite_id)
        if not unit_ids:
            return Explanation(found.name, zoey_id or netsuite_id or "", "absent", None, ("it is not linked",), ())
        desk = self._runner.desk()
        return explain(found, unit_ids[0], self._runner.context(desk), desk, self._runner.clients, self._runner.syncs)

    def adopt(self, sync: str, *, match: str) -> Adopted:
        """Link what was brought across by hand or by an earlier connector, before this one makes it again.

        Args:
            match: by what the two know each other, in the sync's own words ("po_number", "number", a custom field).

        Returns:
            What was linked, and what a person has to look at: nothing is guessed. Such a record is not made by itself
            either, until it is linked or released; where it would have been, it stands on the attention list.
        """
        found = self._one(sync)
        self._bind()
        desk = self._runner.desk()
        return adopt(found, match, self._runner.context(desk), desk, self._runner.syncs)

    def rebuild(self) -> Mapping[str, int]:
        """Bring the links back after the store was lost, from what the remote systems tell: external ids and markers.

        What is older than this moment and is not linked then is held: nobody knows whether it was done.

        Returns:
            How many links were found, by sync.
        """
        self._bind()
        desk = self._runner.desk()
        desk.space.store.commit([desk.tombstones.rebuilt(desk.space.store.now())])
        context = self._runner.context(desk)
        counts = dict.fromkeys(self._syncs, 0)
        for name, sync in self._syncs.items():
            for part in chunks(sync.rebuild(context), 500):
                desk.links.put(part)
                counts[name] += len(part)
        return counts

    def link(self, kind: str, *, zoey_id: str, netsuite_id: str) -> None:
        """Say that two records are one: for records that something else has brought across.

        Args:
            kind: "orders", "buyers" (a Zoey person and the NetSuite customer that is billed), or the `link_kind` of
                one of the integration's syncs.

        Raises:
            ConfigurationError: one of them is no text, or empty; an id can't be one; or nothing looks at links of this
                kind.
        """
        for what, value in {"kind": kind, "zoey_id": zoey_id, "netsuite_id": netsuite_id}.items():
            must_be_text(f"link({what}=…)", value)
        must_be_one_of("link(kind=…)", kind, assembly.link_kinds(self._syncs.values()))
        self._bind()
        try:
            link = Link(kind, zoey_id, netsuite_id)
        except MappingError as error:
            raise ConfigurationError(f"link(…): {error}") from error
        desk = self._runner.desk()
        desk.links.put([link])
        context = self._runner.context(desk)
        take_up([link], self._runner.syncs, context, desk)
        put_documents([link], self._runner.syncs, context, desk)

    def verify(self, sync: str) -> Iterator[Difference]:
        """Read both sides in full and give every field in which they do not agree; nothing is written."""
        found = self._one(sync)
        self._bind()
        return found.verify(self._runner.context(self._runner.desk()))

    def check(self) -> Findings:
        """Look for what would keep this integration from working, and say what to do about each.

        It tries exactly this: that both systems answer with these credentials; that the store can be read and belongs
        to these two tenants; whether its clock was ahead; the time zone against the account's clock; and what `check`
        of each sync tries (`OrderSync.check`, `InventorySync.check`, `SuiteQLSync.check`).

        It only reads: whether the role may create or change records, and whether alerts arrive, it can't tell. Passing
        closes the circuits that refused credentials or a permission opened.
        """
        began = self._clock.monotonic()
        findings = [*unreadable(self._runner.clients)]
        failing = self._tenants_failing()
        if failing is not None:
            findings.append(Finding("error", "settings", f"the state store fails: {failing[1]}", failing[1].remedy))
        context = self._runner.context(self._runner.desk())
        if not findings:
            findings += clock_findings(self._runner.desk())
            if context.settings.timezone is not None:
                findings += account_clock.check(context.settings.timezone, context.netsuite)
            for sync in self._syncs.values():
                findings += checked(sync, context)
        result = Findings(tuple(findings))
        if not result.errors:
            self._circuits.close(self._syncs, began=began)
        return result

    def status(self) -> Status:
        """How it stands: per sync the last and the next run, and what waits; and which systems fail. Reads only the
        store, so it is for pages and for monitoring; for whether all is set up, see `check`.
        """
        return status(self._runner.desk(), self._due, self._circuits.failing)

    def _run(self, what: Run, *, probe: bool) -> Report:
        began = self._clock.monotonic()
        failing = self._circuits.first_failing(probe=probe)
        if failing is None:
            failing = self._tenants_failing(dry_run=what.dry_run)
        names = tuple(sync.name for sync in what.syncs)
        tell(self._observers, RunStarted(self.name, names, what.dry_run, at=self._clock.now()))
        report = self._runner.run(Run([], dry_run=what.dry_run) if failing else what)
        if failing is not None:
            report = evolve(report, failure=failing[1])
        self._circuits.judge(report, began)
        tell(self._observers, RunEnded(self.name, report, at=self._clock.now()))
        return report

    def _keep_running(self, name: str, stop: threading.Event, ends: threading.Event) -> None:
        """Run one sync whenever it is due, until it is told to end. A system that another one found failed stops it."""

        def should_stop() -> bool:
            return stop.is_set() or ends.is_set() or self._circuits.any_system_waits()

        while not (stop.is_set() or ends.is_set()):
            self._run_due([name], should_stop)
            self._clock.wait(ends, self._idle_seconds(name))

    def _run_due(self, names: Collection[str], should_stop: Callable[[], bool]) -> Report | None:
        began = self._clock.monotonic()
        if self._circuits.any_system_waits():
            return None
        try:
            self._bind()
            self._clock_watch.look(self._runner.desk(), tuple(self._syncs))
            due, waiting = self._due.now(
                self._runner.desk(), lambda name: name not in names or self._circuits.waits(f"sync {name}")
            )
        except StoreError as error:
            self._circuits.open("store", scan_failure(error, "store"), began=began)
            return None
        report = None
        if waiting:
            report = self._run(Run(waiting, scan=False, should_stop=should_stop), probe=False)
        if due and not should_stop() and not self._circuits.any_system_waits():
            report = self._run(Run(due, should_stop=should_stop), probe=False)
        return report

    def _idle_seconds(self, name: str) -> float:
        wait = max(self._circuits.seconds_left(system) for system in SYSTEMS)
        if wait > 0:
            return wait
        wait = LOOK_AROUND
        with suppress(StoreError):
            wait = self._due.seconds_to_next(name, self._runner.desk(), self._circuits.seconds_left(f"sync {name}"))
        return max(wait, LEAST_WAIT)

    def _tenants_failing(self, *, dry_run: bool = False) -> tuple[str, SystemFailure] | None:
        try:
            self._bind(dry_run=dry_run)
            if not dry_run:
                self._clock_watch.look(self._runner.desk(), tuple(self._syncs))
        except StoreError as error:
            return "store", scan_failure(error, "store")
        return None

    def _bind(self, *, dry_run: bool = False) -> None:
        """Bind the name to its two tenants at first use, and refuse others from then on."""
        if not self._bound:
            self._bound = bind(self._runner.desk().space, self._runner.clients, dry_run=dry_run)

    def _by_hand(self, sync: str, zoey_id: str | None, netsuite_id: str | None, *, release: bool) -> Report:
        found, unit_ids = self._units(sync, zoey_id, netsuite_id)
        return self._run(Run([found], only={found.name: unit_ids}, release=release), probe=True)

    def _units(self, sync: str, zoey_id: str | None, netsuite_id: str | None) -> tuple[Sync[Any], Sequence[str]]:
        if (zoey_id is None) == (netsuite_id is None):
            msg = f"which record of {sync}? Give exactly one of zoey_id=… and netsuite_id=…"
            raise ConfigurationError(msg)
        which = "zoey_id" if netsuite_id is None else "netsuite_id"
        must_be_text(f"{which}=…", zoey_id if netsuite_id is None else netsuite_id)
        found = self._one(sync)
        self._bind()
        context = self._runner.context(self._runner.desk())
        return found, found.unit_ids(context, zoey_id=zoey_id, netsuite_id=netsuite_id)

    def _named(self, only: str | Iterable[str] | None) -> list[Sync[Any]]:
        if only is None:
            return list(self._syncs.values())
        names = [only] if isinstance(only, str) else listed("only", only, "names of syncs")
        unknown = [name for name in names if name not in self._syncs]
        if unknown:
            shown = ", ".join(repr(name) if isinstance(name, str) else described(name) for name in unknown)
            msg = f"there is no sync {shown} in this integration; it has {', '.join(self._syncs)}"
            raise ConfigurationError(msg)
        return [sync for name, sync in self._syncs.items() if name in names]

    def _one(self, name: str) -> Sync[Any]:
        must_be_text("the name of a sync", name)
        (found,) = self._named(name)
        return found

    def __repr__(self) -> str:
        return f"Integration({self.name!r}, syncs={list(self._syncs)})"
