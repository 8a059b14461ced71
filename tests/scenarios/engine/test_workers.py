"""Several workers on one store: nothing is worked on twice at once, nothing is left (E8)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs
import pytest
from support.colors import ON_PAINT, PAINTED, Color, ColorSync
from support.trouble import Crash, TroubledStore, TroubledTransport
from support.warranties import Shop, WarrantySync
from support.world import World

from zoey_netsuite import (
    BulkEffect,
    Change,
    Clients,
    Clock,
    ConfigurationError,
    Delete,
    Done,
    Entry,
    Inline,
    Integration,
    Key,
    LeaseLost,
    Limits,
    Report,
    SQLiteStore,
    Sync,
    Threads,
    Timing,
    Unit,
    ZoeyAttributes,
)
from zoey_netsuite.http import Permit
from zoey_netsuite.netsuite import Formats
from zoey_netsuite.state.leases import Leases, Owner
from zoey_netsuite.state.space import Space

MANY = {f"{number:03}": "red" for number in range(120)}


def test_two_integrations_in_threads(world: World) -> None:
    """The same unit is never worked on twice, whoever scans and works at the same time."""
    at_work: set[str] = set()
    twice: list[str] = []
    lock = threading.Lock()

    def paint(record: str) -> None:
        with lock:
            if record in at_work:
                twice.append(record)
            at_work.add(record)
        with lock:
            at_work.discard(record)

    ON_PAINT.append(paint)
    integrations = [world.integration(ColorSync(MANY, page_size=10), dispatcher=Threads(4)) for _ in range(3)]
    threads = [threading.Thread(target=integration.run) for integration in integrations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    integrations[0].run().raise_for_failure()

    assert sorted(PAINTED) == sorted(MANY)
    assert not twice
    assert all(len(times) == 1 for times in PAINTED.values())


def test_threads_share_the_work(world: World) -> None:
    """Fewer units than a claim takes at most still keep several threads busy."""
    workers: set[str] = set()
    together = threading.Barrier(3)

    def paint(record: str) -> None:
        if threading.current_thread().name not in workers:
            workers.add(threading.current_thread().name)
            together.wait(10)

    ON_PAINT.append(paint)
    sync = ColorSync(dict(list(MANY.items())[:60]), page_size=100)
    world.integration(sync, dispatcher=Threads(3)).run().raise_for_failure()

    assert len(PAINTED) == 60
    assert len(workers) == 3


def test_one_scans_at_a_time(world: World) -> None:
    inner: list[object] = []

    def scan(at: int) -> None:
        if at == 0 and not inner:
            inner.append(world.integration(ColorSync({"a": "blue"})).run())

    report = world.integration(ColorSync({"a": "red"}, scan=scan)).run()

    assert "another worker is scanning it just now" in str(inner[0])
    assert report.count("updated") == 1


def test_bulk_units_wait_for_the_end_of_a_scan_that_began_meanwhile(world: World) -> None:
    """G7: a worker that is still at the last scan's units takes none of a new scan's before it has ended."""

    class Bulk(ColorSync):
        bulk = True

    def fail(at: int) -> None:
        if at == 100:
            raise RuntimeError("boom")

    interrupted = Bulk(dict.fromkeys(MANY, "blue"), page_size=50, scan=fail)
    first: list[bool] = []

    def paint(record: str) -> None:
        if not first:
            first.append(True)
            world.integration(interrupted).run()

    ON_PAINT.append(paint)
    world.integration(Bulk(dict(list(MANY.items())[100:]), page_size=500)).run()

    assert {color for colors in PAINTED.values() for color in colors} == {"red"}
    interrupted.hooks.clear()
    world.integration(interrupted).run().raise_for_failure()
    assert {colors[-1] for colors in PAINTED.values()} == {"blue"}
    assert sorted(PAINTED) == sorted(MANY)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_unit_is_done_by_another_worker_while_a_scan_looks_at_it(world: World, at: int) -> None:
    """E8: it is not put on the list again, whichever of the scan's looks comes before that."""

    class Idle:
        def work(self, step: Callable[[], bool]) -> None:
            """What was found stays on the list."""

    world.integration(ColorSync({"a": "red"}), dispatcher=Idle()).run().raise_for_failure()
    assert not PAINTED
    looks: list[Collection[Key]] = []

    class Looking(TroubledStore):
        def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
            entries = super().read(keys)
            if any(key[1] in ("held", "work") for key in keys):
                looks.append(keys)
                if len(looks) == at:
                    world.integration(ColorSync({"a": "red"})).run().raise_for_failure()
            return entries

    slow = world.integration(ColorSync({"a": "red"}), store=Looking(world.store))
    slow.run().raise_for_failure()

    assert len(looks) >= at
    assert PAINTED == {"a": ["red"]}


def test_lost_lease_commits_nothing(world: World) -> None:
    """A worker that was away for longer than its lease leaves its unit to whoever took it over."""
    others: list[Report] = []

    def paint(record: str) -> None:
        ON_PAINT.clear()
        world.later(minutes=10)
        others.append(world.integration(ColorSync({"a": "red"})).run())

    ON_PAINT.append(paint)
    report = world.integration(ColorSync({"a": "red"})).run()

    assert report.syncs["colors"].outcomes == {}, "it lost its lease, so it says nothing"
    assert others[0].count("updated") == 1
    assert not list(world.store.scan(("acme", "lease")))
    assert not list(world.store.scan(("acme", "work")))


def test_unit_changes_while_it_is_worked_on(world: World) -> None:
    """What a scan brings meanwhile is not lost, nor overwritten by the older work's end."""
    sync = ColorSync({"a": "red"})
    scanned: list[bool] = []

    def paint(record: str) -> None:
        if not scanned:
            scanned.append(True)
            sync.colors["a"] = "blue"
            world.integration(sync).run()

    ON_PAINT.append(paint)
    world.integration(sync).run().raise_for_failure()
    world.integration(sync).run().raise_for_failure()

    assert PAINTED["a"] == ["red", "blue"]
    assert not list(world.store.scan(("acme", "work")))


def test_unit_changes_back_while_it_is_worked_on(world: World) -> None:
    """Red, then blue, and red again while blue is being painted: it ends red, though each scan sees a change once."""

    class Once(ColorSync):
        """Gives a change only in the scan after it."""

        fresh = True

        def scan(self, since, ctx):  # type: ignore[no-untyped-def]  # as the base's
            pages = list(super().scan(since, ctx)) if self.fresh else []
            self.fresh = False
            yield from pages

    sync = Once({"a": "red"})
    world.integration(sync).run().raise_for_failure()
    sync.colors["a"], sync.fresh = "blue", True

    def paint(record: str) -> None:
        ON_PAINT.clear()
        sync.colors["a"], sync.fresh = "red", True
        world.integration(sync).run()

    ON_PAINT.append(paint)
    world.integration(sync).run().raise_for_failure()
    world.integration(sync).run().raise_for_failure()

    assert PAINTED["a"] == ["red", "blue", "red"]


def test_leases_are_renewed_before_writes(world: World) -> None:
    """Units late in a claim are still ours, and no write starts when the lease ends within a call's time."""
    left: list[timedelta] = []

    def paint(record: str) -> None:
        space = Space(world.store, "acme")
        ((_, entry),) = [pair for pair in space.entries("lease") if pair[0][-1] == f"colors/{record}"]
        from zoey_netsuite.state.space import to_moment

        left.append(to_moment(entry.value["until"]) - world.store.now())
        world.later(seconds=50)

    ON_PAINT.append(paint)
    sync = ColorSync(dict(list(MANY.items())[:12]), page_size=50)
    report = world.integration(sync, timing=Timing(lease=300, call=120)).run()

    assert report.count("updated") == 12
    assert min(left) >= timedelta(seconds=120)


def test_leases_are_kept_while_their_units_wait(world: World) -> None:
    """A claim takes longer than a lease lasts: nobody takes over what is last in it."""
    seen: list[Report] = []

    def paint(record: str) -> None:
        world.later(seconds=90)
        ON_PAINT.clear()
        seen.append(world.integration(ColorSync({})).run())
        ON_PAINT.append(paint)

    ON_PAINT.append(paint)
    report = world.integration(ColorSync(dict(list(MANY.items())[:8]), page_size=50)).run()

    assert report.count("updated") == len(PAINTED) == len(seen) == 8
    assert not any(other.count("updated") for other in seen)


def test_next_claim_is_decided_while_effects_go_out(world: World) -> None:
    """A second claim is in hand when the first runs low; a third is not before one of them is done."""
    decided: list[str] = []
    painted: list[str] = []
    second, lock = threading.Event(), threading.Lock()

    def apply(unit: Unit[Color]) -> None:
        with lock:
            decided.append(unit.id)
            if len(decided) == 200:
                second.set()

    def paint(record: str) -> None:
        with lock:
            painted.append(record)
            number, known = len(painted), len(decided)
        if number <= 100 - 4 * 4:
            assert known == 100, "it is not taken earlier than it is needed"
        if number == 99:
            assert second.wait(10), "it is taken before the first is done"

    ON_PAINT.append(paint)
    sync = ColorSync({f"{number:03}": "red" for number in range(300)}, page_size=300, apply=apply)
    report = world.integration(sync, dispatcher=Threads(4)).run()

    assert report.count("updated") == 300, str(report)
    assert decided == sorted(decided), "one thread at a time decides, from the oldest on"


def test_a_failing_system_stops_the_other_claim_in_hand(world: World) -> None:
    """The last unit of the first claim finds that nothing goes any more: of the second, only what had begun is done."""
    decided: list[str] = []
    second, given_back = threading.Event(), threading.Event()

    class Watched(TroubledStore):
        def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
            versions = super().commit(changes)
            if any(isinstance(one, Delete) and one.key == ("acme", "lease", "colors/099") for one in changes):
                given_back.set()
            return versions

    def apply(unit: Unit[Color]) -> None:
        decided.append(unit.id)
        if len(decided) == 200:
            second.set()

    def paint(record: str) -> None:
        if record == "099":
            assert second.wait(10)
            raise ConfigurationError("nothing goes any more")
        if record >= "100":
            assert given_back.wait(10)

    ON_PAINT.append(paint)
    sync = ColorSync({f"{number:03}": "red" for number in range(200)}, page_size=200, apply=apply)
    report = world.integration(sync, dispatcher=Threads(2), store=Watched(world.store)).run()

    assert report.failure is not None
    assert len(PAINTED) <= 99 + 2, "each of two threads may have begun one"
    assert not world.store.scan(("acme", "lease"))
    ON_PAINT.clear()
    world.integration(sync).run().raise_for_failure()
    assert sorted(PAINTED) == [f"{number:03}" for number in range(200)]
    assert all(len(times) == 1 for times in PAINTED.values())


def test_what_gets_free_while_another_thread_looks_is_worked_on(world: World) -> None:
    """One thread finds that the root of all that is due is taken; it is given back before that thread can tell."""
    looking, given_back = threading.Event(), threading.Event()
    here = threading.local()

    class Rooted(ColorSync):
        def _unit(self, record: str) -> Unit[Color]:
            return attrs.evolve(super()._unit(record), root="one root")

    class Slow(TroubledStore):
        def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
            entries = super().read(keys)
            if getattr(here, "second", False) and ("acme", "lease", "one root") in entries:
                looking.set()
                assert given_back.wait(10)
            return entries

    class Two:
        def work(self, step: Callable[[], bool]) -> None:
            def second() -> None:
                here.second = True
                step()

            def paint(record: str) -> None:
                ON_PAINT.clear()
                world.integration(Rooted({"b": "red"}, name="colors"), dispatcher=Idle()).run().raise_for_failure()
                other.start()
                assert looking.wait(10)

            class Idle:
                def work(self, step: Callable[[], bool]) -> None:
                    """What is found stays on the list."""

            other = threading.Thread(target=second)
            ON_PAINT.append(paint)
            while step():
                given_back.set()
                other.join(10)

    integration = world.integration(Rooted({"a": "red"}), dispatcher=Two(), store=Slow(world.store))
    integration.run().raise_for_failure()

    assert PAINTED == {"a": ["red"], "b": ["red"]}


def test_more_claims_are_in_hand_where_one_call_serves_a_whole_one(world: World) -> None:
    """Four threads make four shared calls at a time."""
    together = threading.Barrier(4)

    @attrs.frozen
    class PaintMany(BulkEffect["PaintMany"]):
        record: str

        @property
        def key(self) -> str:
            return self.record

        def describe(self) -> str:
            return f"paint {self.record}"

        @classmethod
        def perform_many(cls, effects: Sequence[PaintMany], clients: Clients) -> Sequence[Done]:
            together.wait(10)
            return [Done() for _ in effects]

    colors = {f"{number:03}": "red" for number in range(400)}
    sync = ColorSync(colors, page_size=400, apply=lambda unit: [PaintMany(unit.id)])
    report = world.integration(sync, dispatcher=Threads(4)).run()

    assert report.count("updated") == 400, str(report)


def test_own_dispatcher_with_a_count(world: World) -> None:
    """A dispatcher of the user's own says on how many threads effects go out; without a count it is the caller's."""

    class Own:
        def work(self, step: Callable[[], bool]) -> None:
            while step():
                pass

    class OwnThreads(Own):
        count = 2

    for own, count in ((Own(), 1), (OwnThreads(), 2)):
        threads: set[int] = set()
        together = threading.Barrier(count)

        def paint(record: str) -> None:
            if threading.get_ident() not in threads:  # noqa: B023 - called within this turn
                threads.add(threading.get_ident())  # noqa: B023
                together.wait(10)  # noqa: B023

        ON_PAINT[:] = [paint]
        sync = ColorSync(dict.fromkeys(MANY, f"color {count}"), name=f"colors{count}")
        world.integration(sync, dispatcher=own).run().raise_for_failure()
        assert len(threads) == count


class LateTurn(Limits):
    """One of the calls, counted from 1, gets its turn after more than two minutes."""

    def __init__(self, world: World, late: int) -> None:
        super().__init__()
        self.world, self.late, self.turns = world, late, 0

    def acquire(self, clock: Clock) -> Permit:
        permit = super().acquire(clock)
        self.turns += 1
        if self.turns == self.late:
            self.world.later(seconds=121)
        return permit


@pytest.mark.parametrize("kind", ["once", "convergent"])
def test_a_turn_that_came_too_late(world: World, kind: str) -> None:
    """G4: a write that had to wait too long for its turn is not sent, and made in the same run: nothing has failed."""
    shop = Shop(world)
    shop.warranty(1)
    sync: Sync[Any] = WarrantySync() if kind == "once" else world.inventory()
    reading = world.zoey()
    shop.integration(sync, shop=reading).run(dry_run=True).raise_for_failure()
    limiter = LateTurn(world, reading.calls.total() + 1)
    late = world.zoey(limiter=limiter)
    integration = shop.integration(sync, shop=late)
    report = integration.run()
    report.raise_for_failure()

    assert limiter.turns > limiter.late, "it was tried again"
    assert late.calls.total() == limiter.turns - 1, "it was not sent"
    assert (report.count("created"), report.count("updated")) == ((1, 0) if kind == "once" else (0, 8))
    assert report.count("retrying") == report.count("failed") == 0
    assert len(shop.comments()) == (kind == "once")
    assert not integration.attention.list()


def test_renewal_fails_when_it_was_taken_over(world: World) -> None:
    leases = Leases(Space(world.store, "acme"), timedelta(seconds=60))
    lease = leases.acquire("x", Owner.new())
    assert lease is not None
    assert leases.acquire("x", Owner.new()) is None
    world.later(seconds=61)
    assert leases.acquire("x", Owner.new()) is not None

    with pytest.raises(LeaseLost):
        leases.renew([lease], at_least=timedelta(seconds=30))


def hold(path: str, started: object) -> None:
    """A child that takes a lease and is killed."""
    with SQLiteStore(path) as store:
        Leases(Space(store, "acme"), timedelta(hours=1)).acquire("colors/a", Owner.new())
        started.set()  # type: ignore[attr-defined]  # an event of multiprocessing
        time.sleep(60)


def test_owner_that_was_killed_is_known_to_be_dead(tmp_path: os.PathLike[str], world: World) -> None:
    """A killed process's work is taken over at once, not when its lease ends."""
    path = f"{tmp_path}/shared.db"
    SQLiteStore(path).close()
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    child = context.Process(target=hold, args=(path, started))
    child.start()
    assert started.wait(30)
    with SQLiteStore(path) as store:
        leases = Leases(Space(store, "acme"), timedelta(hours=1))
        assert leases.acquire("colors/a", Owner.new()) is None
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join(30)
        assert leases.acquire("colors/a", Owner.new()) is not None


def test_crash_leaves_the_rest_to_the_next(world: World) -> None:
    """A worker that ends in mid-claim gives back what it can; its open effect waits for its settling time."""
    shop = Shop(world)
    for number in range(1, 4):
        shop.warranty(number)
    crashing = world.zoey(transport=TroubledTransport(at=2, when="after"))
    with pytest.raises(Crash):
        shop.integration(shop=crashing).run()
    shop.integration(WarrantySync()).run().raise_for_failure()

    assert len(shop.comments()) == 3
    assert len(set(shop.comments())) == 3


def work(path: str, results: object) -> None:
    """A child that works on the same list as its sibling."""

    with SQLiteStore(path) as store:
        sync = ColorSync(MANY, page_size=10)
        integration = Integration("acme", _Nobody("123"), _Nobody("shop"), store, [sync], dispatcher=Inline())  # type: ignore[arg-type]  # no calls
        for _ in range(3):
            integration.run().raise_for_failure()
        results.put(dict(PAINTED))  # type: ignore[attr-defined]  # a queue of multiprocessing


class _Nobody:
    """A client that is never asked anything."""

    def __init__(self, name: str) -> None:
        self.account_id = self.host = name
        self.attributes = ZoeyAttributes()
        self.formats = Formats()
        self.calls: dict[str, int] = {}


def test_two_processes_on_one_file(tmp_path: os.PathLike[str]) -> None:
    """E8: two processes on one SQLite file divide the work between them."""
    path = f"{tmp_path}/shared.db"
    SQLiteStore(path).close()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    children = [context.Process(target=work, args=(path, results)) for _ in range(2)]
    for child in children:
        child.start()
    painted = [results.get(timeout=60) for _ in children]
    for child in children:
        child.join(30)

    assert sorted([*painted[0], *painted[1]]) == sorted(MANY)
    assert all(len(times) == 1 for each in painted for times in each.values())
