"""The store's clock was ahead once: what is due is due, nothing sleeps as long as the jump, `check` tells (G1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import define
from support.colors import ON_PAINT, PAINTED, ColorSync
from support.trouble import Crash
from support.warranties import Shop, WarrantySync
from support.world import World

from zoey_netsuite import ChangedMeanwhileError, Clock, Daily, Every, Hold, Integration, Put, SQLiteStore, Threads
from zoey_netsuite.sandbox import Fault

AHEAD = [timedelta(hours=2), timedelta(hours=30)]


@define
class Jumping:
    """The machine's clock, ahead by so much."""

    clock: Clock
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return self.clock.now() + self.ahead


@pytest.fixture
def jumping(world: World) -> Any:
    clock = Jumping(world.clock)
    world.store.close()
    world.store = SQLiteStore(world.folder / "jumping.db", clock=clock)  # type: ignore[arg-type]  # a store only asks now()
    return clock


def look(integration: Integration, world: World, minutes: int) -> None:
    """As a service does: every ten seconds for a while."""
    for _ in range(minutes * 6):
        integration.run_due()
        world.later(seconds=10)


@pytest.mark.parametrize("restarted", [False, True], ids=["one process", "started anew"])
@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_what_is_due_is_due(world: World, jumping: Jumping, ahead: timedelta, restarted: bool) -> None:
    """Schedules, retries, what a dead worker of another machine held, and what was read meanwhile."""
    failing = True

    def bumpy(record: str) -> None:
        if failing and record == "b":
            raise ChangedMeanwhileError("somebody else saved it", status=409)
        if failing and record == "c":
            raise Crash

    ON_PAINT.append(bumpy)
    sync = ColorSync({"a": "red", "b": "red", "c": "red", "d": "red"}, page_size=10)
    daily = ColorSync({"e": "red"}, name="daily")
    schedule = {"colors": Every(minutes=15), "daily": Daily(at="10:30")}

    def started() -> Integration:
        return world.integration(sync, daily, schedule=schedule)

    integration = started()
    jumping.ahead = ahead
    with pytest.raises(Crash):
        integration.run("colors")
    _elsewhere(world)
    jumping.ahead = timedelta()
    failing = False
    integration = started() if restarted else integration
    scans = len(sync.scans)
    look(integration, world, 7)

    assert {"a", "b", "c", "d"} <= set(PAINTED), "within the time that a lease lasts"
    look(integration, world, 30)
    assert len(sync.scans) - scans >= 3, "every quarter of an hour"
    look(integration, world, 60)
    assert "e" in PAINTED, "at half past ten"
    moved = [finding for finding in integration.check() if "clock moved" in finding.what]
    assert [finding.level for finding in moved] == ["warning"]
    assert str(ahead)[:4] in moved[0].what
    world.later(days=8)
    assert not [finding for finding in integration.check() if "clock moved" in finding.what]


def _elsewhere(world: World) -> None:
    """The worker that ended without a word was on another machine: nobody can tell from here that it is dead."""
    for key, entry in world.store.scan(("acme", "lease")):
        if entry.value["owner"] is not None:
            token = entry.value["owner"][0]
            world.store.commit([Put(key, entry.value | {"owner": [token, "another machine", "1:1"]})])


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_an_open_effect_is_settled_in_time(world: World, jumping: Jumping, ahead: timedelta) -> None:
    """G4: a write whose answer was lost while the clock was ahead waits its time from now on, and is made once."""
    shop = Shop(world)
    shop.warranty(1)
    shop.faults(Fault("timeout", method="POST", path="/comments", hold=3.0))
    integration = shop.integration(
        WarrantySync(), shop=world.zoey(timeout=0.3), schedule={"warranties": Every(hours=8)}
    )
    jumping.ahead = ahead
    integration.run()
    assert not shop.comments()
    jumping.ahead = timedelta()
    look(integration, world, 10)

    assert len(shop.comments()) == 1
    assert not integration.attention.list()


def test_a_small_step_back_is_no_jump(world: World, jumping: Jumping) -> None:
    """Clocks are set right all the time."""
    integration = world.integration(ColorSync({"a": "red"}), schedule={"colors": Every(minutes=15)})
    jumping.ahead = timedelta(milliseconds=300)
    integration.run_due()
    jumping.ahead = timedelta()
    look(integration, world, 12)
    assert not [finding for finding in integration.check() if "clock moved" in finding.what]
    assert PAINTED == {"a": ["red"]}


def test_status_says_how_it_stands(world: World) -> None:
    """E9: last and next run, and what waits, from the store alone."""
    calls = world.sandbox.netsuite.calls.total + world.sandbox.zoey.calls.total

    def decided(unit: Any) -> Any:

        if unit.id == "c":
            raise ChangedMeanwhileError("somebody else saved it", status=409)
        return Hold("no", cause="no") if unit.id == "b" else None

    sync = ColorSync({"a": "red", "b": "red", "c": "red"}, apply=decided)
    other = ColorSync({}, name="other")
    integration = world.integration(
        sync, other, schedule={"colors": Every(minutes=15)}, dispatcher=Threads(2), observers=[]
    )
    before = integration.status()
    assert (before.syncs["colors"].last, before.syncs["colors"].counts) == (None, {"pending": 0})
    assert before.syncs["other"].next is None
    began = world.clock.now()
    integration.run()
    world.later(minutes=5)
    now = integration.status()
    colors = now.syncs["colors"]

    assert colors.last is not None
    assert abs(colors.last - began) < timedelta(seconds=5)
    assert colors.next == colors.last + timedelta(minutes=15)
    assert colors.counts == {"pending": 0, "held": 1, "retrying": 1}
    assert colors.oldest is not None
    assert colors.schedule == "Every(minutes=15)"
    assert now.failing == {}
    assert world.sandbox.netsuite.calls.total + world.sandbox.zoey.calls.total == calls
    assert now.as_data()["syncs"]["colors"]["next"] == colors.next.isoformat()
    assert "colors: 1 held, 1 retrying; last run 2026-03-02 09:" in str(now)
    assert "other: nothing waits" in str(now)
    world.sandbox.netsuite.faults.add(Fault("503", times=None))
    faulty = world.integration(WarrantySync(), name="acme3")
    faulty.run()
    assert faulty.status().failing == {"netsuite": "outage"}
    assert "netsuite fails: outage" in str(faulty.status())


@pytest.mark.parametrize("restarted", [False, True], ids=["one process", "started anew"])
def test_trouble_that_began_in_the_future_began_now(world: World, jumping: Jumping, restarted: bool) -> None:
    """G4: what is held is due at no time; its age counts from when the clock was set right, so that it is told."""
    sync = ColorSync({"a": "red"}, apply=lambda _: Hold("no"))
    schedule = {"colors": Every(minutes=15)}
    integration = world.integration(sync, schedule=schedule)
    jumping.ahead = timedelta(hours=30)
    integration.run_due()
    jumping.ahead = timedelta()
    integration = world.integration(sync, schedule=schedule) if restarted else integration
    world.later(seconds=10)
    integration.run_due()

    (item,) = integration.attention.list()
    assert item.first_at is not None
    assert abs(item.first_at - world.clock.now()) < timedelta(minutes=1)
    assert item.evidence == integration.attention.list()[0].evidence
