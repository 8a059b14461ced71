"""`run_forever` is no queue of one: each sync runs on a thread of its own, whatever the others do (story 5, G1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.colors import ON_PAINT, PAINTED, ColorSync
from support.hands import PATIENCE, HandClock, SlowRemote
from support.trade import Trade
from support.trouble import Crash, Heard
from support.world import START, World

from zoey_netsuite import (
    AuthenticationError,
    Clients,
    Done,
    Effect,
    Every,
    Hold,
    Inline,
    Integration,
    Kind,
    LogAlerts,
    MemoryStore,
    Report,
    RunEnded,
    RunStarted,
    SystemFailed,
    SystemRecovered,
    Threads,
    TransportError,
    UnitEnded,
)
from zoey_netsuite.alerts import Alert
from zoey_netsuite.alerts.news import News
from zoey_netsuite.engine.observe import Event
from zoey_netsuite.http.callers import who_calls

EVERY_5_MINUTES = {"orders": Every(minutes=5), "catalog": Every(days=1)}


@pytest.fixture
def trade(tmp_path: Path) -> Generator[Trade]:
    made = Trade(tmp_path)
    made.clock = HandClock(made.sandbox.clock)  # type: ignore[arg-type]  # which moves by seconds, too
    with made:
        made.store = MemoryStore(clock=made.clock)
        yield made


@contextmanager
def running(integration: Integration, clock: HandClock) -> Generator[None]:
    """Runs for ever, on a thread of its own, until the block ends."""
    stop, failures = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            integration.run_forever(stop)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        clock.end()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not failures


def both_wait(clock: HandClock) -> bool:
    return clock.waits("zoey-netsuite orders") and clock.waits("zoey-netsuite catalog")


def begun(heard: Heard, sync: str) -> list[int]:
    """When its runs began, in seconds from the start."""
    started = [event for event in heard.of(RunStarted) if event.syncs == (sync,)]
    return [int((event.at - START).total_seconds()) for event in started]


def test_orders_keep_their_pace_during_a_scan_of_an_hour(trade: Trade) -> None:
    """Another sync reads 60 pages, a minute each. Orders are looked for every five minutes all the same, to the second,
    and their reports count no calls but their own. What somebody starts by hand finds the scan under way."""
    clock: Any = trade.clock
    heard = Heard([])
    by_hand: list[Report] = []

    def page(at: int) -> None:
        trade.erp.server_time()
        clock.sleep(60)

    catalog = ColorSync({f"{page:02}": "red" for page in range(60)}, name="catalog", page_size=1, scan=page)
    integration = trade.orders(catalog, schedule=EVERY_5_MINUTES, observers=[heard])
    with running(integration, clock):
        for seconds in range(0, 3600, 10):
            clock.until(lambda: both_wait(clock))
            if seconds % 300 == 0:
                assert len(trade.sales_orders()) == seconds // 300
            if seconds % 300 == 290:
                trade.place()
            if seconds == 1000:
                by_hand.append(integration.run("catalog"))
            clock.advance(10)
    assert begun(heard, "orders") == [*range(0, 3600, 300)]
    assert "another worker is scanning it just now" in str(by_hand[0])
    assert len(catalog.scans) == 1
    reports = [event.report for event in heard.of(RunEnded)]
    calls = [dict(report.calls["netsuite"]) for report in reports if "orders" in report.syncs]
    for made in calls:
        made.pop("token", None)  # whoever needs one first asks for it
    assert calls[1]["record.create"] == 1
    assert calls[1:] == [calls[1]] * 11
    assert all("system.time" not in made for made in calls)


@attrs.frozen
class Rename(Effect):
    """A product's new name: a call for each."""

    kind = Kind.CONVERGENT
    product: str
    name: str

    @property
    def key(self) -> str:
        return self.product

    def describe(self) -> str:
        return f"name product {self.product} {self.name}"

    def perform(self, clients: Clients) -> Done:
        clients.zoey.products.update(self.product, {"name": self.name})
        return Done()


class Catalog(ColorSync):
    """Eight products that get new names, many times over."""

    bulk = True


class EightForBulk:
    """Eight threads for the bulk sync; one, which the test can watch, for the other."""

    @property
    def count(self) -> int:
        return 8 if who_calls().bulk else 1

    def work(self, step: Callable[[], bool]) -> None:
        (Threads(8) if who_calls().bulk else Inline()).work(step)


def test_orders_keep_their_pace_during_a_bulk_syncs_writes(trade: Trade) -> None:
    """A store that takes two calls a second, one at a time, and a bulk sync whose eight threads always have a call
    waiting. Orders begin every minute, and make every second call until they are through.

    80,000 writes take eleven hours, in which this repeats itself; here are 600, and a turn of one minute, not five.
    Time passes by the calls: each takes half a second on the test's clock, and no time at all on any other. Before the
    hands move, and again before a call is answered, both syncs have come to where they wait: whose turn is next must
    not depend on which thread is faster. The bulk sync begins when the first call of orders is under way."""
    clock: Any = trade.clock
    heard = Heard([])
    slow = SlowRemote(clock)
    orders = "zoey-netsuite orders"

    def all_wait() -> bool:
        orders_wait = clock.waits(orders) or orders in slow.asking
        bulk_waits = clock.waits("zoey-netsuite catalog") or bool(slow.asking - {orders})
        return slow.is_asked() and orders_wait and bulk_waits

    names = {f"{number:03}": f"Thing {number}" for number in range(600)}
    catalog = Catalog(
        names,
        name="catalog",
        page_size=600,
        scan=lambda at: clock.until(slow.is_asked),
        apply=lambda unit: [Rename(str(101 + int(unit.id) % 8), unit.data.color)],
    )
    with trade.zoey(transport=slow, limiter=slow) as shop:
        schedule = {"orders": Every(minutes=1), "catalog": Every(days=1)}
        integration = trade.orders(
            catalog,
            schedule=schedule,
            observers=[heard],
            shop=shop,
            dispatcher=EightForBulk(),
        )
        with running(integration, clock):
            while True:
                clock.until(lambda: both_wait(clock) or all_wait())
                if both_wait(clock):
                    break
                if clock.monotonic() % 60 == 30:
                    trade.place()
                clock.advance(0.5)
                clock.until(all_wait)
                slow.answer()
    reports = {name: event.report for event in heard.of(RunEnded) for name in event.report.syncs if name == "catalog"}
    calls = [event.report.calls["zoey"] for event in heard.of(RunEnded) if "orders" in event.report.syncs]
    took = [event.report.seconds for event in heard.of(RunEnded) if "orders" in event.report.syncs]
    assert begun(heard, "orders") == [0, 60, 120, 180, 240, 300]
    assert len(trade.sales_orders()) == 5
    assert took == [0.5 * (2 * sum(made.values()) - 1) for made in calls]
    assert reports["catalog"].calls["zoey"] == {"products.update": 600}
    assert int(clock.monotonic()) == (600 + sum(sum(made.values()) for made in calls)) // 2


def colors(name: str, count: int = 1, **hooks: Any) -> ColorSync:
    return ColorSync({f"{name} {number:02}": "red" for number in range(count)}, name=name, **hooks)


def no_answer() -> TransportError:
    error = TransportError("no answer in time", sent=True)
    error.system = "netsuite"
    return error


EVERY = {"one": Every(minutes=1), "two": Every(minutes=1)}


def test_stop_ends_each_sync_after_its_effect_in_flight(world: World) -> None:
    """A service is told to end while both are at work: each makes what it is about, and begins nothing more."""
    stop, both = threading.Event(), threading.Barrier(2, timeout=PATIENCE)

    def paint(record: str) -> None:
        both.wait()
        stop.set()
        both.wait()

    ON_PAINT.append(paint)
    integration = world.integration(colors("one", 9), colors("two", 9), schedule=EVERY)
    integration.run_forever(stop)
    assert set(PAINTED) == {"one 00", "two 00"}


def test_what_one_sync_raises_ends_all(world: World) -> None:
    """An error that is no failure of a run reaches the caller; the others end before that."""
    painting, raised = threading.Event(), threading.Event()

    def scan(at: int) -> None:
        painting.wait(PATIENCE)
        raised.set()
        raise Crash

    def paint(record: str) -> None:
        painting.set()
        raised.wait(PATIENCE)

    ON_PAINT.append(paint)
    integration = world.integration(colors("one", scan=scan), colors("two"), schedule=EVERY)
    with pytest.raises(Crash):
        integration.run_forever(threading.Event())
    assert set(PAINTED) == {"two 00"}


def test_a_system_that_one_sync_finds_failed_stops_the_others(world: World) -> None:
    """G4: refused credentials, which a hundred more calls would lock, end the work of all syncs that is under way. A
    run that began before and ends well after that is no sign that they work again."""
    stop, painting, told = threading.Event(), threading.Event(), threading.Event()

    class Watcher(Heard):
        def on_event(self, event: object) -> None:
            super().on_event(event)
            if isinstance(event, SystemFailed):
                told.set()
            if isinstance(event, RunEnded) and "two" in event.report.syncs:
                stop.set()

    def scan(at: int) -> None:
        painting.wait(PATIENCE)
        error = AuthenticationError("the token was revoked", status=401)
        error.system = "netsuite"
        raise error

    def paint(record: str) -> None:
        painting.set()
        told.wait(PATIENCE)

    ON_PAINT.append(paint)
    heard = Watcher([])
    integration = world.integration(
        colors("one", scan=scan), colors("two", 9, page_size=9), schedule=EVERY, observers=[heard]
    )
    integration.run_forever(stop)
    assert set(PAINTED) == {"two 00"}
    assert [event.failure.cause for event in heard.of(SystemFailed)] == ["credentials"]
    assert not heard.of(SystemRecovered)


def test_an_outage_that_both_find_is_told_once_and_counts_once(world: World) -> None:
    """Two syncs run into it at the same moment: one alert, and one minute to the next try, not two."""
    heard = Heard([])
    both = threading.Barrier(2, timeout=PATIENCE)
    down = [True]
    tries: list[float] = []

    def scan(at: int) -> None:
        if down:
            both.wait()
            tries.append(clock.monotonic())
            clock.sleep(1)
            raise no_answer()

    clock: Any = HandClock(world.sandbox.clock)
    integration = world.integration(
        colors("one", scan=scan), colors("two", scan=scan), schedule=EVERY, observers=[heard], clock=clock
    )
    names = ["zoey-netsuite one", "zoey-netsuite two"]
    with running(integration, clock):
        for seconds in (1, 60, 1, 120, 1):
            clock.until(lambda: all(map(clock.waits, names)))
            clock.advance(seconds)
        clock.until(lambda: all(map(clock.waits, names)))
        assert tries == [0, 0, 61, 61, 182, 182]
        assert len(heard.of(SystemFailed)) == 1
        assert not heard.of(SystemRecovered)
        down.clear()
        clock.advance(240)
        clock.until(lambda: all(map(clock.waits, names)))
    assert len(heard.of(SystemRecovered)) == 1


def test_what_only_one_sync_finds_is_told_once(world: World) -> None:
    """One sync's query fails each time, the other one goes well in between: no alert is taken back for that. It is when
    the same sync goes well, or when it has not been heard of for a while."""
    heard = Heard([])
    broken = [True]

    def scan(at: int) -> None:
        if broken:
            raise no_answer()

    integration = world.integration(colors("one"), colors("two", scan=scan), observers=[heard])

    def told() -> tuple[int, int]:
        return len(heard.of(SystemFailed)), len(heard.of(SystemRecovered))

    for _ in range(5):
        assert integration.run("two").failure
        world.later(minutes=10)
        integration.run("one").raise_for_failure()
    assert told() == (1, 0)
    broken.clear()
    integration.run("two").raise_for_failure()
    assert told() == (1, 1)
    broken.append(True)
    integration.run("two")
    world.later(minutes=17)
    integration.run("one").raise_for_failure()
    assert told() == (2, 2)


def test_an_observer_is_called_by_one_thread_at_a_time(world: World) -> None:
    """Four threads have something to tell, and the observer takes its time. From within it starts a run of another
    sync, and hears of that afterwards."""
    order: list[str] = []

    class Slow:
        busy = False

        def on_event(self, event: Event) -> None:
            assert not self.busy
            self.busy = True
            threading.Event().wait(0.002)  # lets other threads run while this one is inside
            order.append(f"{type(event).__name__} {getattr(event, 'unit_id', '')}".strip())
            if isinstance(event, UnitEnded) and event.unit_id == "one 05":
                integration.run("two").raise_for_failure()
                order.append("two is through")
            self.busy = False

    integration = world.integration(
        colors("one", 40), colors("two", 4), observers=[slow := Slow()], dispatcher=Threads(4)
    )
    thread = threading.Thread(target=lambda: integration.run("one"), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not slow.busy
    assert len([told for told in order if told.startswith("UnitEnded")]) == 44
    assert order.index("two is through") < order.index("UnitEnded two 00")


def test_alerts_of_a_long_run_are_not_told_again_for_each_short_one(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """G4: once for a cause and run, also while other syncs begin and end their runs beside it."""

    class Beside:
        def on_event(self, event: Event) -> None:
            if isinstance(event, UnitEnded) and event.unit_id in ("one 03", "one 06"):
                integration.run("two").raise_for_failure()

    class Mails:
        news, told = News(), list[Alert]()

        def on_event(self, event: Event) -> None:
            self.told += self.news.hear(event)

    red = colors("one", 9, apply=lambda unit: Hold(f"{unit.id} is red", cause="red"))
    integration = world.integration(red, colors("two"), observers=[LogAlerts(), Beside(), mails := Mails()])
    integration.run("one")
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned == [
        "acme: held: one 00 is red",
        "acme: held: 8 more of one for the same cause (red): see integration.attention.list()",
    ]
    assert [(alert.sync, alert.count) for alert in mails.told] == [("one", 9)]
