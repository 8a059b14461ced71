"""Roots: what belongs together is decided one after the other, each time from what is there (E8, A5)."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.trouble import Crash, TroubledStore, TroubledTransport
from support.warranties import Shop
from support.world import World

from zoey_netsuite import (
    AddOrderComment,
    Change,
    Dispatcher,
    Effect,
    Every,
    Found,
    Hold,
    Inline,
    Integration,
    Key,
    Linked,
    MapContext,
    NetSuiteClient,
    Page,
    Report,
    Skip,
    SQLiteStore,
    Sync,
    SyncContext,
    Threads,
    Unit,
    ZoeyClient,
    netsuite,
    zoey,
)


@attrs.frozen
class Payment:
    """So much is to be booked on an order of 100, of which so much was open when it was read."""

    amount: int
    open: int


class PaymentSync(Sync[Payment]):
    """Books payments that stand in a list here as comments on Zoey's order; never more than is open."""

    def __init__(self, payments: Mapping[str, int], name: str = "payments", barrier: Barrier | None = None) -> None:
        self.name, self.payments, self.barrier = name, payments, barrier
        self.loads: list[Sequence[str]] = []
        self.scanned = False

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Payment]]:
        """All of them, once."""
        if not self.scanned:
            self.scanned = True
            units = list(self._units(self.payments, ctx))
            if self.barrier is not None:
                self.barrier.wait(60)
            yield Page(units, None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Payment]]:
        self.loads.append([*ids])
        return self._units(ids, ctx)

    def _units(self, ids: Iterable[str], ctx: SyncContext) -> Iterator[Unit[Payment]]:
        left = 100 - sum(booked(ctx.zoey.orders.comments("1")))
        for id in ids:
            yield Unit(id, about=Linked("orders", zoey_id="1"), data=Payment(self.payments[id], left))

    def apply(self, unit: Unit[Payment], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        if unit.data.amount > unit.data.open:
            return Hold(f"payment {unit.id} of {unit.data.amount}: only {unit.data.open} is open")
        return [AddOrderComment("1", f"paid {unit.data.amount}", marker=f"[NS {self.name} {unit.id}]")]


def booked(comments: Iterable[Any]) -> list[int]:
    """The amounts that were booked, oldest first."""
    texts = [str(comment.comment) for comment in comments]
    return [int(text.split()[1]) for text in texts if text.startswith("paid ")]


@pytest.mark.parametrize("name", ["payments", "orders"], ids=["", "the first is named like its root"])
@pytest.mark.parametrize("dispatcher", [Inline(), Threads(2)], ids=["inline", "threads"])
def test_two_payments_in_one_claim(world: World, dispatcher: Dispatcher, name: str) -> None:
    """Each is decided when the one before is booked, from what is open then; what needs no new look gets none."""
    shop = Shop(world, orders=1)
    sync = PaymentSync({"1": 60, "2": 60, "3": 40, "4": 10}, name)
    report = shop.integration(sync, dispatcher=dispatcher).run()
    report.raise_for_failure()

    assert booked(world.shop.orders.comments("1")) == [60, 40]
    assert (report.count("updated") + report.count("created"), report.count("held")) == (2, 2), str(report)
    assert sync.loads == [["2"], ["3"], ["4"]], "each after a payment was booked, one a time"
    assert [item.message for item in world.integration(sync).attention.list()] == [
        "payment 2 of 60: only 40 is open",
        "payment 4 of 10: only 0 is open",
    ]


def test_one_unit_of_each_root_is_read_once(world: World) -> None:
    """What stands alone under its root is decided from what the scan has read."""
    shop = Shop(world, orders=1)
    sync = PaymentSync({"1": 60})
    shop.integration(sync).run().raise_for_failure()

    assert booked(world.shop.orders.comments("1")) == [60]
    assert sync.loads == []


def test_unit_that_is_named_like_its_root(world: World) -> None:
    """The order's own unit books a payment, a payment that was read before that is read anew, and held."""
    shop = Shop(world, orders=1)
    payments = PaymentSync({"1": 60})
    shop.integration(payments, dispatcher=Idle()).run().raise_for_failure()
    world.later(seconds=1)
    shop.integration(PaymentSync({"1": 60}, "orders")).run().raise_for_failure()
    shop.integration(payments).run().raise_for_failure()

    assert booked(world.shop.orders.comments("1")) == [60]


def pay(environment: Mapping[str, str], path: str, name: str, barrier: Barrier) -> None:
    """What each of the processes does, until its payment is booked or held."""
    os.environ.update(environment)
    erp = NetSuiteClient(
        environment["NETSUITE_ACCOUNT_ID"], netsuite.TokenAuth.from_env(), base_url=environment["NETSUITE_URL"]
    )
    shop = ZoeyClient(environment["ZOEY_URL"], zoey.OAuth1Auth.from_env())
    with erp, shop, SQLiteStore(path) as store:
        integration = Integration("acme", erp, shop, store, [PaymentSync({"1": 60}, name, barrier)])
        while not (report := integration.run()).syncs[name].outcomes:
            report.raise_for_failure()


def test_two_payments_in_two_processes(tmp_path: Path) -> None:
    """Both have read that 100 is open before either books: one is booked, the other is read anew and held."""
    with World(tmp_path, real_time=True) as world:
        shop = Shop(world, orders=1)
        integration = shop.integration(PaymentSync({}, "first"), PaymentSync({}, "second"))
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(2)
        path = str(tmp_path / "sync.db")
        children = [
            context.Process(target=pay, args=(world.environment, path, name, barrier)) for name in ("first", "second")
        ]
        for child in children:
            child.start()
        for child in children:
            child.join(60)
        assert [child.exitcode for child in children] == [0, 0]

        assert booked(world.shop.orders.comments("1")) == [60]
        assert [item.message for item in integration.attention.list()] == ["payment 1 of 60: only 40 is open"]


def test_root_is_left_with_an_effect_made_and_nothing_noted(world: World) -> None:
    """A worker stops after it has booked and before it has noted that: the next one reads what is open."""
    shop = Shop(world, orders=1)
    first, second = PaymentSync({"1": 60}, "first"), PaymentSync({"1": 60}, "second")
    shop.integration(first, dispatcher=Idle()).run().raise_for_failure()
    shop.integration(second, dispatcher=Idle()).run().raise_for_failure()
    world.later(seconds=1)
    crashing = world.zoey(transport=TroubledTransport(at=1, when="after", counts=lambda it: it.method == "POST"))
    with pytest.raises(Crash):
        shop.integration(first, shop=crashing).run()
    world.later(minutes=6)
    shop.integration(second).run().raise_for_failure()

    assert booked(world.shop.orders.comments("1")) == [60]


def test_lease_that_nobody_has_given_back(world: World) -> None:
    """A process is killed after its payment is booked: it gives nothing back. Its lease ends by time; the next one
    reads what is open.
    """
    shop = Shop(world, orders=1)
    killed: list[bool] = []

    class Gone(TroubledStore):
        def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
            if killed:
                raise Crash
            return super().commit(changes)

    first, second = PaymentSync({"1": 60}, "first"), PaymentSync({"1": 60}, "second")
    shop.integration(second, dispatcher=Idle()).run().raise_for_failure()
    world.later(seconds=1)
    posts = TroubledTransport(counts=lambda it: it.method == "POST" and not killed.append(True))
    with pytest.raises(Crash):
        shop.integration(first, store=Gone(world.store), shop=world.zoey(transport=posts)).run()
    world.later(minutes=6)
    shop.integration(second).run().raise_for_failure()

    assert booked(world.shop.orders.comments("1")) == [60]


@pytest.mark.parametrize("dispatcher", [Inline(), Threads(2)], ids=["inline", "threads"])
def test_nothing_of_a_root_is_begun_once_the_run_is_to_stop(world: World, dispatcher: Dispatcher) -> None:
    """The other payments are neither read nor decided; they stay on the list."""
    shop = Shop(world, orders=1)
    stop = threading.Event()
    posts = TroubledTransport(counts=lambda it: bool(it.method == "POST" and stop.set()))
    sync = PaymentSync({"1": 60, "2": 10, "3": 10})
    service = shop.integration(
        sync, dispatcher=dispatcher, shop=world.zoey(transport=posts), schedule={"payments": Every(minutes=15)}
    )
    service.run_forever(stop)

    assert booked(world.shop.orders.comments("1")) == [60]
    assert sync.loads == []
    assert [key[-1] for key, _ in world.store.scan(("acme", "work"))] == ["2", "3"]
    assert not world.store.scan(("acme", "lease"))


class Idle:
    """What is found stays on the list."""

    def work(self, step: Callable[[], bool]) -> None:
        """Nothing."""


class ShipmentSync(Sync[str]):
    """A shipment that says which order it belongs to once that is linked; it can't go before."""

    name = "shipments"

    def __init__(self, on_apply: Callable[[], object] = lambda: None) -> None:
        self.on_apply = on_apply

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[str]]:
        """Nothing new after the first time."""
        yield Page([] if since else list(self.load(["55"], ctx)), {"seen": True})

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        about = Linked("orders", zoey_id="1") if ctx.links.by_zoey("orders", ["1"]) else None
        return [Unit(id, about=about, data="linked" if about else "not yet") for id in ids]

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        if unit.data == "not yet":
            return Hold("its order is not linked yet")
        self.on_apply()
        return [AddOrderComment(unit.link.zoey_id, "shipped", marker=f"[NS shipment {unit.id}]")]


class CancelSync(Sync[str]):
    """The order's cancellation, under its root."""

    name = "cancellations"

    def __init__(self, on_apply: Callable[[], object]) -> None:
        self.on_apply = on_apply

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[str]]:
        """Once."""
        yield Page([] if since else list(self.load(["1"], ctx)), {"seen": True})

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        return [Unit(id, about=Linked("orders", zoey_id=id), data="canceled") for id in ids]

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        self.on_apply()
        return [AddOrderComment(unit.id, "canceled", marker="[NS cancellation]")]


def test_shipment_whose_order_was_linked_late(world: World) -> None:
    """Its order was not linked when it was placed; it is linked and canceled meanwhile. The shipment is under the
    order's root from then on, and waits for the cancellation.
    """
    shipments = ShipmentSync()
    early = world.integration(shipments)
    early.run().raise_for_failure()
    assert [item.message for item in early.attention.list()] == ["its order is not linked yet"]
    Shop(world, orders=1).integration(shipments)
    during: list[Report] = []

    def canceling() -> None:
        early.attention.retry(everything=True)
        during.append(early.run())
        assert not [comment for comment in world.shop.orders.comments("1") if "shipped" in str(comment.comment)]

    world.integration(CancelSync(canceling)).run().raise_for_failure()
    assert not during[0].syncs["shipments"].outcomes, "it was put back, unworked"
    report = early.run()

    assert report.count("created") + report.count("updated") == 1, str(report)
    texts = [str(comment.comment) for comment in world.shop.orders.comments("1")]
    assert [text.split()[0] for text in texts if "[NS" in text] == ["canceled", "shipped"]
    assert not list(world.store.scan(("acme", "lease")))
