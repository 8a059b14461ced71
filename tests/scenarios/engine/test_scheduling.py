"""Each sync by its own schedule, by hand, or by an event (G1)."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta

import pytest
from support.colors import ON_PAINT, PAINTED, ColorSync
from support.trouble import Heard
from support.world import START, World

from zoey_netsuite import (
    ConfigurationError,
    Daily,
    Every,
    Integration,
    Manual,
    MappingError,
    NetSuiteClient,
    Recurring,
    Threads,
    netsuite,
)
from zoey_netsuite.schedule import Schedule


def starts(integration: Integration, world: World, heard: Heard, hours: float, step: float = 60) -> list[datetime]:
    """Look every `step` seconds for some hours; says when runs began."""
    moments: list[datetime] = []
    for _ in range(int(hours * 3600 / step)):
        before = len(heard.events)
        integration.run_due()
        if len(heard.events) > before:
            moments.append(world.clock.now())
        world.later(seconds=step)
    return moments


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Every(hours=1), ["09:00", "10:00", "11:00"]),
        (Daily(at="10:30"), ["10:30"]),
        (Daily(at="12:30", timezone="Europe/Berlin"), ["11:30"]),
        (Recurring("FREQ=HOURLY;BYHOUR=10,11"), ["10:00", "11:00"]),
        (Manual(), []),
    ],
    ids=["every", "daily", "daily elsewhere", "recurring", "manual"],
)
def test_first_and_further_times(world: World, schedule: Schedule, expected: list[str]) -> None:
    """From an empty store on: also what has never run before comes when its time comes."""
    heard = Heard([])
    integration = world.integration(ColorSync({"a": "red"}), schedule={"colors": schedule}, observers=[heard])
    seen = starts(integration, world, heard, 3)

    assert [f"{moment:%H:%M}" for moment in seen] == expected


def test_first_time_comes_to_new_processes_too(world: World) -> None:
    """A scheduler that starts a process for each look (cron, a task queue) gets its first daily run."""
    runs = 0
    for _ in range(30):
        integration = world.integration(ColorSync({"a": "red"}), schedule={"colors": Daily(at="10:30")})
        runs += integration.run_due() is not None
        world.later(minutes=5, seconds=1)

    assert runs == 1


def test_run_forever_sleeps_until_something_is_due(world: World) -> None:
    stop, looks = threading.Event(), 0

    class Stopper:
        def on_event(self, event: object) -> None:
            nonlocal looks
            looks += type(event).__name__ == "RunStarted"
            if looks == 4:
                stop.set()

    integration = world.integration(
        ColorSync({"a": "red"}), schedule={"colors": Every(minutes=10)}, observers=[Stopper()]
    )
    integration.run_forever(stop)

    assert world.clock.now() - START < timedelta(minutes=31)
    assert len(world.clock.slept) < 6 * 31  # type: ignore[attr-defined]  # the test's clock


def test_retries_come_in_time_without_a_scan(world: World) -> None:
    """A retry is worked on when its time has come, also of a sync that only runs by hand."""

    class Bumpy:
        failing = True

        def __call__(self, record: str) -> None:
            if self.failing and record == "b":
                from zoey_netsuite import ChangedMeanwhileError

                raise ChangedMeanwhileError("somebody else saved it", status=409)

    bumpy = Bumpy()
    ON_PAINT.append(bumpy)
    sync = ColorSync({"a": "red", "b": "red"})
    integration = world.integration(sync)
    integration.run().raise_for_failure()
    (item,) = integration.attention.list(state="retrying")
    assert item.next_try is not None
    assert integration.run_due() is None, "not yet"
    bumpy.failing = False
    world.later(seconds=61)
    report = integration.run_due()

    assert report is not None
    assert PAINTED == {"a": ["red"], "b": ["red"]}
    assert len(sync.scans) == 1


def test_retries_wait_longer_each_time_and_then_have_failed(world: World) -> None:
    from zoey_netsuite import ChangedMeanwhileError

    def fail(record: str) -> None:
        raise ChangedMeanwhileError("somebody else saved it", status=409)

    ON_PAINT.append(fail)
    integration = world.integration(ColorSync({"a": "red"}))
    integration.run()
    waits: list[float] = []
    while (item := integration.attention.list()[0]).state == "retrying":
        assert item.next_try is not None
        waits.append((item.next_try - world.clock.now()).total_seconds())
        world.later(seconds=waits[-1])
        integration.run_due()

    assert waits == sorted(waits)
    assert len(waits) == 7
    assert (item.state, len(item.history)) == ("failed", 8)


def test_stop_ends_after_the_effect_in_flight(world: World) -> None:
    stop = threading.Event()
    ON_PAINT.append(lambda record: stop.set())
    sync = ColorSync({f"{number:03}": "red" for number in range(50)}, page_size=100)
    integration = world.integration(sync, schedule={"colors": Every(minutes=1)})
    integration.run_forever(stop)

    assert len(PAINTED) == 1
    integration.run().raise_for_failure()
    assert len(PAINTED) == 50
    assert all(len(times) == 1 for times in PAINTED.values())


def test_cancelled_task_ends_after_the_effects_in_flight(world: World) -> None:
    going, go_on = threading.Event(), threading.Event()

    def paint(record: str) -> None:
        going.set()
        go_on.wait(10)

    ON_PAINT.append(paint)
    integration = world.integration(ColorSync({f"{number:03}": "red" for number in range(50)}), dispatcher=Threads(2))

    async def main() -> None:
        task = asyncio.create_task(integration.arun())
        await asyncio.to_thread(going.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert 1 <= len(PAINTED) <= 2
    ON_PAINT.clear()
    integration.run().raise_for_failure()
    assert len(PAINTED) == 50


def test_arun_gives_the_report(world: World) -> None:
    report = asyncio.run(world.integration(ColorSync({"a": "red"})).arun())

    assert report.count("updated") == 1


def test_one_record_by_hand(world: World) -> None:
    sync = ColorSync({"a": "red", "b": "green"})
    integration = world.integration(sync)
    report = integration.sync_one("colors", zoey_id="b")
    gone = integration.sync_one("colors", zoey_id="zz")

    assert report.count("updated") == 1
    assert PAINTED == {"b": ["green"]}
    assert "zz was not found" in str(gone)
    assert integration.sync_one("colors", netsuite_id="b").syncs["colors"].dropped == 1


def test_names_are_checked(world: World) -> None:
    sync = ColorSync({})
    for name in ("", "Acme", "a-b", "x" * 21, "ä"):
        with pytest.raises(ConfigurationError, match="name"):
            world.integration(sync, name=name)
    with pytest.raises(ConfigurationError, match="colours"):
        world.integration(sync, schedule={"colours": Every(minutes=1)})
    with pytest.raises(ConfigurationError, match="two syncs"):
        world.integration(sync, ColorSync({}))
    with pytest.raises(ConfigurationError, match="ColorSync has no name"):
        world.integration(ColorSync({}, name=""))
    with pytest.raises(ConfigurationError, match="no sync"):
        world.integration(sync).run("orders")
    with pytest.raises(ConfigurationError, match="no sync"):
        world.integration(sync).attention.list(sync="orders")
    with pytest.raises(ConfigurationError, match="exactly one"):
        world.integration(sync).sync_one("colors")


def test_name_belongs_to_its_two_tenants(world: World) -> None:
    """G8: a store of another account or shop is refused, before anything is read."""
    world.integration(ColorSync({"a": "red"})).run().raise_for_failure()
    other = NetSuiteClient("7654321", netsuite.TokenAuth("a", "b", "c", "d"), base_url="http://127.0.0.1:9")

    with pytest.raises(ConfigurationError, match="another name or store"):
        world.integration(ColorSync({"a": "blue"}), erp=other).run()
    assert PAINTED == {"a": ["red"]}
    world.integration(ColorSync({"a": "blue"}), erp=other, name="second").run().raise_for_failure()


def test_what_a_person_decides(world: World) -> None:
    """E9: list, export, note, dismiss."""
    import json

    def fail(unit: object) -> None:
        raise MappingError("no such hue")

    sync = ColorSync({"a": "red", "b": "red"}, apply=fail)
    integration = world.integration(sync)
    integration.run()
    attention = integration.attention
    attention.note(attention.list()[0], "asked the painter")
    exported = attention.export()

    assert json.loads(json.dumps(exported)) == exported
    assert exported[0]["note"] == "asked the painter"
    assert exported[0]["data"] == {"id": "a", "color": "red"}
    assert [question.count for question in attention.questions()] == [2]
    assert attention.dismiss(attention.list()[:1]) == 1
    integration.run()
    assert [item.unit_id for item in attention.list()] == ["b"], "left as it is until it changes"
    sync.colors["a"] = "blue"
    integration.run()
    assert [item.unit_id for item in attention.list()] == ["a", "b"]


def test_gone_units_leave_and_stale_data_is_read_anew(world: World) -> None:
    def fail(unit: object) -> None:
        raise MappingError("no such hue")

    sync = ColorSync({"a": "red", "b": "red"}, apply=fail)
    integration = world.integration(sync)
    integration.run()
    del sync.colors["a"]
    sync.colors["b"] = "blue"
    sync.hooks.clear()
    integration.attention.retry(everything=True)
    report = integration.run_due()

    assert report is not None
    assert report.syncs["colors"].outcomes == {"skipped": 1, "updated": 1}
    assert PAINTED == {"b": ["blue"]}, "as it is now, not as it was held"


def test_nothing_scheduled_is_told_at_once(world: World) -> None:
    """G1: a service that would sleep for ever does not start, and says what is missing."""
    for schedule in (None, {}, {"colors": Manual()}):
        integration = world.integration(ColorSync({"a": "red"}), schedule=schedule)
        with pytest.raises(
            ConfigurationError, match=r"nothing is scheduled.*schedule=\{'colors': Every\(minutes=15\)\}"
        ):
            integration.run_forever(threading.Event())


def test_without_observers_it_logs(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """E6: with an empty list it is silent."""
    caplog.set_level("INFO", "zoey_netsuite")
    for observers, lines in ({"observers": []}, 0), ({"observers": None}, 1), ({}, 1):
        caplog.clear()
        world.integration(ColorSync({"a": "red"}), **observers).run()
        assert len([one for one in caplog.records if one.name == "zoey_netsuite"]) == lines
