"""Waiting: a unit that can't go on needs nobody, and goes on by itself when what it waits for is there (E4, E8, O5)."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from support.parcels import SENT, WAYS, ParcelSync, Send, ThingSync, write_link
from support.trade import Trade
from support.trouble import Heard, TroubledStore
from support.world import START

from zoey_netsuite import (
    Changed,
    ConfigurationError,
    Effect,
    Every,
    Found,
    Inline,
    Integration,
    Linked,
    MapContext,
    Matching,
    MemoryStore,
    NetSuiteClient,
    Overdue,
    Page,
    PostgresStore,
    RecordRef,
    SQLiteStore,
    Sync,
    SyncContext,
    Unit,
    Until,
    Wait,
    ZoeyClient,
    netsuite,
    zoey,
)


@pytest.fixture(autouse=True)
def _nothing_sent() -> Iterator[None]:
    SENT.clear()
    yield
    SENT.clear()


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path) as made:
        yield made


@pytest.mark.parametrize("when", ["before", "while", "after"])
@pytest.mark.parametrize("apart", [False, True], ids=["one integration", "two"])
def test_each_writer_of_links(trade: Trade, when: str, apart: bool) -> None:
    """Whoever writes the link, and whenever: before the parcel waits, after the engine has read that the link is not
    there and before it has noted that the parcel waits, or later. The parcel is sent within a look-around, once.
    """
    for number, way in enumerate(WAYS, start=1):
        SENT.clear()
        store = MemoryStore(clock=trade.clock)
        things, parcels = ThingSync(), ParcelSync({"p": str(number)})
        integration = trade.integration(parcels, things, store=store)
        writes = ThingSync() if apart else things
        writer = trade.integration(ParcelSync({}), writes, store=store) if apart else integration

        def write(writer: Any = writer, writes: ThingSync = writes, way: str = way, number: int = number) -> None:
            write_link(writer, writes, way, str(number))

        if when == "before":
            write()
        if when == "while":
            things.on_asked = write
        integration.run(only="parcels").raise_for_failure()
        if when == "after":
            assert SENT == [], way
            assert [item.state for item in integration.attention.list(sync="parcels")] == ["waiting"]
            write()
        trade.later(seconds=10)
        report = integration.run_due()
        if report is not None:
            report.raise_for_failure()
        assert [sent.partition(" to ")[0] for sent in SENT] == ["p"], way
        assert integration.attention.list() == [], way
        assert integration.run_due() is None, way


def wait_elsewhere(environment: Mapping[str, str], where: str, barrier: Barrier) -> None:
    """What the other process does: parcels wait for three things, each linked by the first process at another moment;
    each is sent within one look.
    """
    os.environ.update(environment)
    erp = NetSuiteClient(
        environment["NETSUITE_ACCOUNT_ID"], netsuite.TokenAuth.from_env(), base_url=environment["NETSUITE_URL"]
    )
    shop = ZoeyClient(environment["ZOEY_URL"], zoey.OAuth1Auth.from_env())
    with erp, shop, store_at(where) as store:
        for number, when in enumerate(("before", "while", "after"), start=1):
            things, parcels = ThingSync(), ParcelSync({f"{when}": str(number)})
            integration = Integration("acme", erp, shop, store, [parcels, things], dispatcher=Inline())

            def meanwhile() -> None:
                barrier.wait(60)
                barrier.wait(60)  # the first process has linked it

            if when == "before":
                meanwhile()
            things.on_asked = meanwhile if when == "while" else None
            integration.run("parcels").raise_for_failure()
            if when == "after":
                assert [item.state for item in integration.attention.list()] == ["waiting"]
                meanwhile()
            integration.run_due()
            assert SENT.pop() == f"{when} to 9{number}"
            assert integration.attention.list() == []


def store_at(where: str) -> Any:
    """The store of both processes."""
    return PostgresStore(where) if where.startswith("postgres") else SQLiteStore(where)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_processes(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    """E8: one waits, the other links: before, while and after it begins to wait. The one that links knows nothing of
    what waits.
    """
    where = str(tmp_path / "both.db") if kind == "sqlite" else str(request.getfixturevalue("database_url"))
    with Trade(tmp_path, real_time=True) as trade, closing(store_at(where)) as store:
        integration = trade.integration(ThingSync(), store=store)
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(2)
        child = context.Process(target=wait_elsewhere, args=(trade.environment, where, barrier))
        child.start()
        for number in ("1", "2", "3"):
            barrier.wait(60)
            integration.link("things", zoey_id=number, netsuite_id=f"9{number}")
            barrier.wait(60)
        child.join(60)
        assert child.exitcode == 0


def test_what_a_look_costs(trade: Trade) -> None:
    """One read of links for a thousand waits, and one page of the list; nothing is written, and no system is asked."""
    costs: dict[int, tuple[int, int, int]] = {}
    for waits in (0, 1000, 2500):
        store = TroubledStore(MemoryStore(clock=trade.clock))
        parcels = ParcelSync({str(n): str(n) for n in range(1, waits + 1)})
        integration = trade.integration(parcels, ThingSync(), store=store)
        integration.run().raise_for_failure()
        trade.reset_calls()
        store.commits = store.reads = store.scans = store.read_keys = 0
        assert integration.run_due() is None
        costs[waits] = store.reads, store.read_keys, store.commits
        assert trade.sandbox.zoey.calls.total + trade.sandbox.netsuite.calls.total == 0

    reads, keys, commits = costs[0]
    assert costs == {0: (reads, keys, 0), 1000: (reads + 1, keys + 1000, 0), 2500: (reads + 3, keys + 2500, 0)}
    assert commits == 0


@pytest.mark.parametrize("kept", ["in Zoey", "here"])
def test_parcel_of_a_held_order(trade: Trade, kept: str) -> None:
    """O5: the order is released a week later. `explain` says before what the parcel waits for, and then it is sent by
    itself; meanwhile nobody is asked anything about it.
    """
    order = trade.place(customer=1 if kept == "in Zoey" else 2)
    if kept == "in Zoey":
        with trade.sandbox.zoey.acting() as app:
            app.hold_order(order)
    parcels = ParcelSync({"55": order}, kind="orders")
    schedule = {"orders": Every(minutes=5), "parcels": Every(minutes=5)}
    integration = trade.orders(parcels, schedule=schedule)
    for _ in range(8):
        integration.run_due()
        trade.later(days=1, minutes=1)
    assert SENT == []
    (item,) = integration.attention.list(sync="parcels")
    assert (item.state, item.cause) == ("waiting", "not linked")
    assert item.first_at is not None
    assert item.first_at - START < timedelta(seconds=10)
    assert item.message == f"parcels 55 waits for Zoey {order} to be linked (orders)"
    told = integration.explain("parcels", zoey_id="55")
    assert told.state == "waiting"
    assert told.now == [f"waits: {item.message}"]
    if kept == "here":
        assert f"what it waits for, orders {order}, is held: Zoey order" in told.facts[-1]

    if kept == "in Zoey":
        trade.shop.orders.unhold(order)
    else:
        with trade.sandbox.zoey.acting() as app:
            app.seed(
                {"accounts": [{"id": 12, "name": "Bob's", "external_id": "501", "contacts": [{"customer_id": "2"}]}]}
            )
        integration.attention.retry(cause="unknown customer")
    integration.run_due()
    trade.later(seconds=10)
    integration.run_due()
    assert [f"55 to {trade.sales_order(order)['id']}"] == SENT
    assert integration.attention.list() == []


def test_what_never_comes_is_skipped(trade: Trade) -> None:
    """Filtered, dismissed, placed before the start, canceled before it was sent, or not there: the parcel is skipped
    with that reason. Once a person links or releases the order, it is sent after all.
    """
    filtered = trade.place(po_number="secret")
    dismissed, canceled = trade.place(customer=2), trade.place()
    early = trade.place(created_at="2026-02-01 09:00:00")
    with trade.sandbox.zoey.acting() as app:
        app.cancel_order(canceled)
    orders = {"1": filtered, "2": dismissed, "3": canceled, "4": early, "5": "999999"}
    parcels = ParcelSync(orders, kind="orders")
    sync = trade.order_sync(filter=Matching(lambda order: order.po_number != "secret"))
    integration = trade.orders(parcels, sync=sync)
    integration.run("orders").raise_for_failure()
    integration.attention.dismiss(sync="orders")
    report = integration.run("parcels")
    report.raise_for_failure()

    assert report.syncs["parcels"].outcomes == {"skipped": 5}
    reasons = sorted(one.cause for one in report.syncs["parcels"].skipped)
    assert reasons == [
        "orders: it is left out: the function says no (Matching)",
        "orders: it is not in Zoey",
        "orders: it was canceled before it was carried",
        "orders: it was dismissed",
        "orders: it was placed before start_at (2026-03-01T09:00:00+00:00)",
    ]
    assert integration.explain("parcels", zoey_id="3").now == [
        f"left out: parcels 3 waits for Zoey {canceled} to be linked (orders). That never happens: it was canceled"
        " before it was carried."
    ]
    assert integration.attention.list() == []
    integration.link("orders", zoey_id=dismissed, netsuite_id="900")
    integration.release("orders", zoey_id=filtered)
    integration.run_due()
    assert sorted(SENT) == [f"1 to {trade.sales_order(filtered)['id']}", "2 to 900"]


def test_units_that_do_not_wait(trade: Trade) -> None:
    """The default for what belongs to NetSuite's documents: counted, and not on the list."""
    integration = trade.integration(ParcelSync({"p": "1"}, unlinked="skip"), ThingSync())
    report = integration.run("parcels")
    assert (report.syncs["parcels"].unlinked, integration.attention.list()) == (1, [])
    with pytest.raises(ValueError, match="unlinked"):
        Unit("p", data="", unlinked="later")  # type: ignore[arg-type]


def waiting_for(for_: Any, until: Callable[[], bool], **more: Any) -> ParcelSync:
    """Parcels that say themselves that they wait, until something is so."""

    def decide(unit: Unit[str], _: object) -> Any:
        return [Send(unit.id, "Ann")] if until() else Wait(f"{unit.id} waits for rain", for_=for_, **more)

    return ParcelSync({"p": "", "q": ""}, decide=decide)


def looks(integration: Integration, trade: Trade, count: int = 2) -> None:
    """So many look-arounds."""
    for _ in range(count):
        trade.later(seconds=10)
        report = integration.run_due()
        if report is not None:
            report.raise_for_failure()


def test_until_a_time(trade: Trade) -> None:
    """Asked again at that time, and each day before it; one whose time has passed already is no busy loop."""
    at = START + timedelta(days=2, hours=12)
    parcels = waiting_for(Until(at), lambda: trade.clock.now() >= at + timedelta(days=1))
    integration = trade.integration(parcels)
    integration.run()
    assert len(parcels.asked) == 2
    for hours, asked in ((23, 2), (2, 4), (22, 4), (3, 6), (9, 6), (1, 8), (2, 8)):
        trade.later(hours=hours, seconds=-20)
        looks(integration, trade)
        assert len(parcels.asked) == asked, hours
    looks(integration, trade, 20)
    assert len(parcels.asked) == 8
    assert SENT == []
    trade.later(days=1)
    looks(integration, trade)
    assert SENT == ["p to Ann", "q to Ann"]


class Rain(Sync[str]):
    """Brings units when it is told to, of which nothing is to be done."""

    name = "rain"

    def __init__(self) -> None:
        self.falls: list[Unit[str]] = []

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[str]]:
        units, self.falls = self.falls, []
        yield Page(units, None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterator[Unit[str]]:
        return (Unit(id, data="") for id in ids)

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return []


ROOT = Unit("drop", root="parcels/p", data="")
RECORD = Unit("7", data="")
OTHER = Unit("8", root="rain/8", data="")


@pytest.mark.parametrize(
    ("for_", "brings"), [(None, ROOT), (Changed(RecordRef("zoey", "7")), RECORD)], ids=["root", "record"]
)
@pytest.mark.parametrize("when", ["while it begins", "while it is asked again", "after"])
def test_until_a_scan_brings_it(trade: Trade, for_: Any, brings: Unit[str], when: str) -> None:
    """A unit of the same root, or of that record, whichever sync brings it, and whenever: also between the moment when
    the parcel was read and the one when it is noted that it waits. It is asked once for it, and not for others.
    """
    rain, fallen, on_ask = Rain(), list[str](), list[Callable[[], object]]()

    def decide(unit: Unit[str], _: object) -> Any:
        decision = [Send(unit.id, "Ann")] if fallen else Wait(f"{unit.id} waits for rain", for_=for_)
        if on_ask:
            on_ask.pop()()
        return decision

    parcels = ParcelSync({"p": ""}, decide=decide)
    integration = trade.integration(parcels, rain)

    def fall(unit: Unit[str] = brings) -> None:
        rain.falls.append(unit)
        fallen.extend(["a drop"] if unit is brings else [])
        integration.run(only="rain").raise_for_failure()

    if when == "while it begins":
        on_ask.append(fall)
    integration.run(only="parcels").raise_for_failure()
    assert SENT == []
    looks(integration, trade)
    if when != "while it begins":
        assert parcels.asked == ["p"] * 2, "once more after it is noted that it waits"
        fall(OTHER)
        looks(integration, trade, 5)
        assert parcels.asked == ["p"] * 2
    if when == "after":
        fall()
    if when == "while it is asked again":
        on_ask.append(fall)
        integration.attention.retry(sync="parcels")
        integration.run_due()
    looks(integration, trade)
    assert SENT == ["p to Ann"]
    assert integration.attention.list() == []


def test_a_link_that_is_not_all(trade: Trade) -> None:
    """What still waits for a link that is there waits for more: it is asked once with the link in place, then each day,
    and when a scan brings its root.
    """
    parcels = waiting_for(Linked("things", zoey_id="1"), lambda: False)
    integration = trade.integration(parcels, ThingSync(), rain := Rain())
    integration.run().raise_for_failure()
    integration.link("things", zoey_id="1", netsuite_id="91")
    looks(integration, trade, 10)
    asked = len(parcels.asked)
    assert asked <= 6
    rain.falls.append(ROOT)
    integration.run(only="rain").raise_for_failure()
    looks(integration, trade, 3)
    assert parcels.asked[asked:] == ["p"]
    trade.later(days=1)
    looks(integration, trade, 3)
    assert len(parcels.asked) == asked + 3


def test_waits_on_the_attention_list(trade: Trade) -> None:
    """Counted in reports and in the status, listed, retried and dismissed; they are no question."""
    parcels, things = ParcelSync({"p": "1", "q": "2", "r": "3"}), ThingSync()
    integration = trade.integration(parcels, things)
    plan = integration.run(dry_run=True)
    assert "parcels: 3 looked at, 3 would wait" in str(plan)
    report = integration.run()
    assert report.count("waiting") == 3
    assert "parcels: 3 looked at, 3 waiting" in str(report)
    assert "waiting from earlier runs: 3 waiting" in str(integration.run())
    assert integration.status().syncs["parcels"].counts == {"pending": 0, "waiting": 3}
    assert integration.status().syncs["parcels"].oldest is None, "nobody is needed"
    (question,) = integration.attention.questions()
    assert (question.state, question.cause, question.count) == ("waiting", "not linked", 3)
    p, q, r = integration.attention.list(state="waiting")
    with pytest.raises(ConfigurationError, match="no question"):
        integration.attention.resolve(p)

    loads = parcels.loads
    assert integration.attention.retry(p) == 1
    integration.run_due()
    assert parcels.loads == loads + 1
    assert integration.attention.list(state="waiting") == [p, q, r]
    assert integration.attention.dismiss(everything=True) == 0, "they need nobody"
    assert integration.attention.dismiss(q) == 1
    things.never["3"] = "is out of print"
    trade.later(days=1, seconds=1)
    report = integration.run_due()
    assert report is not None
    assert "1 skipped: things: it is out of print" in str(report)
    assert [item.unit_id for item in integration.attention.list()] == ["p"]


def test_waits_alert_by_age(trade: Trade) -> None:
    """Once each, after a week or as the unit says; never where it says so. Nobody is told before, and the words are
    those of a wait.
    """
    heard = Heard([])
    soon = waiting_for(None, lambda: False, alert_after=timedelta(days=2))
    never = waiting_for(None, lambda: False, alert_after=None)
    never.name, soon.name = "never", "soon"
    integration = trade.integration(ParcelSync({"p": "1"}), ThingSync(), soon, never, observers=[heard])
    told: dict[str, list[int]] = {}
    for day in range(12):
        integration.run()
        for event in heard.of(Overdue):
            told.setdefault(f"{event.sync} {event.count}", []).append(day)
            assert event.waits
            assert event.since - START < timedelta(minutes=1)
        heard.events.clear()
        trade.later(days=1)
    assert told == {"soon 2": [2], "parcels 1": [7]}
