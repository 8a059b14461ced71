"""A broken system is not a broken record: the run stops at once, loses no place, and tells it once (G4)."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import pytest
from attrs import define
from support.colors import PAINTED, ColorSync
from support.trouble import Heard, TroubledStore
from support.warranties import Shop, WarrantySync
from support.world import World

from zoey_netsuite import Every, Integration, StoreError, SystemFailed, SystemRecovered
from zoey_netsuite.sandbox import Fault
from zoey_netsuite.state.store import Change, Entry, Key


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


KINDS = {
    "credentials": Fault("token_revoked", times=None),
    "quota": Fault("429", times=None),
    "outage": Fault("503", times=None),
}


@pytest.mark.parametrize("system", ["netsuite", "zoey"])
@pytest.mark.parametrize("cause", KINDS)
def test_stops_loses_nothing_and_tells_once(shop: Shop, cause: str, system: str) -> None:
    heard = Heard([])
    shop.warranty(1)
    integration = shop.integration(observers=[heard])
    faults = getattr(shop.world.sandbox, system).faults
    faults.add(KINDS[cause])

    for _ in range(3):
        report = integration.run()
        assert report.failure is not None
        assert (report.failure.system, report.failure.cause) == (system, cause)
    assert len(heard.of(SystemFailed)) == 1
    assert not heard.of(SystemRecovered)
    assert not integration.attention.list()

    faults.clear()
    shop.world.later(minutes=20)
    integration.run().raise_for_failure()
    assert len(shop.comments()) == 1
    assert [event.system for event in heard.of(SystemRecovered)] == [system]


def test_waits_of_an_outage(shop: Shop) -> None:
    """Scheduled runs ask again after 1, 2, 4, 8, 15, 15 minutes."""
    integration = shop.integration(schedule={"warranties": Every(minutes=1)})
    shop.world.sandbox.netsuite.faults.add(Fault("503", times=None))
    clock, sandbox = shop.world.clock, shop.world.sandbox
    asked: list[float] = []
    began = clock.monotonic()
    while clock.monotonic() - began < 3600:
        before = sandbox.netsuite.calls.total
        integration.run_due()
        if sandbox.netsuite.calls.total > before:
            asked.append(clock.monotonic() - began)
        shop.world.later(seconds=10)
    waits = [round((later - sooner) / 60) for sooner, later in pairwise(asked)]

    assert waits == [1, 2, 4, 8, 15, 15]


def test_outage_that_only_writes_show(shop: Shop) -> None:
    """A system that answers the cheap question and fails at work waits longer each time, and is told once."""
    heard = Heard([])
    shop.warranty(1)
    integration = shop.integration(schedule={"warranties": Every(minutes=1)}, observers=[heard])
    shop.faults(Fault("429", method="POST", times=None))
    for _ in range(60):
        integration.run_due()
        shop.world.later(minutes=1)

    assert len(heard.of(SystemFailed)) == 1
    assert not heard.of(SystemRecovered)
    started = [event for event in heard.events if type(event).__name__ == "RunStarted"]
    assert len(started) <= 12


def test_credentials_wait_for_check(shop: Shop) -> None:
    heard = Heard([])
    integration = shop.integration(schedule={"warranties": Every(minutes=1)}, observers=[heard])
    shop.faults(Fault("token_revoked", times=None))
    shop.warranty(1)
    integration.run_due()
    shop.world.sandbox.zoey.faults.clear()
    shop.world.later(hours=5)
    before = shop.world.sandbox.netsuite.calls.total

    assert integration.run_due() is None, "only a person can tell"
    assert shop.world.sandbox.netsuite.calls.total == before
    assert not integration.check().errors
    assert len(heard.of(SystemRecovered)) == 1
    assert integration.run_due() is not None
    assert len(shop.comments()) == 1


def test_by_hand_asks_once(shop: Shop) -> None:
    integration = shop.integration()
    shop.world.sandbox.netsuite.faults.add(Fault("token_revoked", times=None))
    integration.run()
    before = shop.world.sandbox.netsuite.calls.total
    report = integration.run()

    assert report.failure is not None
    assert shop.world.sandbox.netsuite.calls.total - before <= 2
    shop.world.sandbox.netsuite.faults.clear()
    integration.run().raise_for_failure()


class RenamedSync(WarrantySync):
    where = "custrecord_renamed IS NULL"
    name = "renamed"


def test_renamed_column_stops_that_sync_only(shop: Shop) -> None:
    """A configuration failure is told once, stops its sync, and is tried again after a while."""
    heard = Heard([])
    shop.warranty(1)
    integration = shop.integration(
        RenamedSync(),
        WarrantySync(),
        schedule={"renamed": Every(minutes=1), "warranties": Every(minutes=1)},
        observers=[heard],
    )
    report = integration.run_due()
    assert report is not None
    assert report.failure is not None
    assert report.failure.cause == "configuration"
    assert report.syncs["renamed"].failure is report.failure
    assert "custrecord_renamed" in str(report).lower()
    assert len(shop.comments()) == 1

    shop.warranty(2, order=2)
    runs = 0
    for _ in range(20):
        shop.world.later(minutes=1)
        report = integration.run_due()
        runs += report is not None and "renamed" in report.syncs
    assert len(shop.comments(2)) == 1, "the others go on"
    assert runs == 4, "after 1, 2, 4, 8 minutes"
    assert len(heard.of(SystemFailed)) == 1


def test_a_mistake_does_not_hide_an_outage(shop: Shop) -> None:
    integration = shop.integration(RenamedSync(), WarrantySync())
    shop.warranty(1)
    shop.faults(Fault("503", times=None))
    report = integration.run()

    assert report.failure is not None
    assert (report.failure.system, report.failure.cause) == ("zoey", "outage")


@define
class Broken(TroubledStore):
    """A store that is down while `down` is set."""

    down: bool = False

    def _ask(self) -> None:
        if self.down:
            raise StoreError("no connection")

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        self._ask()
        return super().read(keys)

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        self._ask()
        return super().scan(prefix, after=after, before=before, reverse=reverse, limit=limit)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        self._ask()
        return super().commit(changes)


def test_run_forever_outlives_its_store(world: World) -> None:
    """G4: a store that is down is told once, waited for, and told when it is back."""
    heard = Heard([])
    store = Broken(world.store)
    integration = Integration(
        "acme",
        world.erp,
        world.shop,
        store,
        [ColorSync({"a": "red"})],
        schedule={"colors": Every(minutes=1)},
        observers=[heard],
        clock=world.clock,
    )
    stop = threading.Event()
    looks = 0

    store.down = True
    wait = world.clock.wait

    def waited(event: threading.Event, seconds: float) -> bool:
        nonlocal looks
        looks += 1
        if looks == 4:
            store.down = False
        if looks == 8:
            stop.set()
        return wait(event, seconds)

    world.clock.wait = waited  # type: ignore[method-assign]  # the test's own clock
    integration.run_forever(stop)

    assert PAINTED == {"a": ["red"]}
    assert [event.failure.cause for event in heard.of(SystemFailed)] == ["store"]
    assert [event.system for event in heard.of(SystemRecovered)] == ["store"]
