"""A Zoey order becomes one sales order, and Zoey learns its number (O1, O3, O4, O9, O10)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from support.trade import CUSTOMER, Trade
from support.world import START

from zoey_netsuite import ConfigurationError, OrderSync
from zoey_netsuite.sandbox import Fault


def test_one_order_becomes_one_sales_order(trade: Trade) -> None:
    """O1, O3, O9: the lines by item, the customer, the total, and the number back; repeats add nothing."""
    order = trade.place((101, 2), (103, 5), po_number="PO-77")
    integration = trade.orders()

    report = integration.run()
    report.raise_for_failure()

    assert report.count("created") == 1, str(report)
    (made,) = trade.sales_orders().values()
    assert made["externalId"] == f"acme-order-{order}"
    assert str(made["entity"]) == CUSTOMER
    assert made["otherRefNum"] == "PO-77"
    assert [(str(line["item"]), line["quantity"], line["rate"]) for line in made["item"]] == [
        ("1", 2, 12.5),
        ("3", 5, 12.5),
    ]
    assert Decimal(str(made["total"])) == trade.total(order) == Decimal("92.5")
    assert trade.number_shown(order) == made["tranId"]
    assert not integration.attention.list()

    trade.reset_calls()
    for _ in range(3):
        trade.later(minutes=20)
        assert integration.run().count("created") == 0
    assert trade.writes() == 0
    assert len(trade.sales_orders()) == 1


def test_an_order_of_a_known_customer_costs_one_write(trade: Trade) -> None:
    """One write to NetSuite each; where many wait, hardly a read."""
    for _ in range(60):
        trade.place()
    trade.orders().run().raise_for_failure()
    trade.reset_calls()
    for _ in range(60):
        trade.place()
    trade.later(minutes=1)

    report = trade.orders().run()
    report.raise_for_failure()

    assert report.count("created") == 60
    calls = report.calls["netsuite"]
    assert calls["record.create"] == 60
    assert sum(calls.values()) - 60 <= 6, calls


class TestWhichOrders:
    """O10, G8."""

    def test_before_the_start_date_nothing_runs(self, trade: Trade) -> None:
        order = trade.place()
        integration = trade.orders(sync=trade.order_sync(start_at=START + timedelta(days=1)))
        integration.run().raise_for_failure()
        assert not trade.sales_orders()
        assert "start_at" in str(integration.explain("orders", zoey_id=order))

        integration.release("orders", zoey_id=order).raise_for_failure()
        assert len(trade.sales_orders()) == 1

    def test_a_start_date_without_time_zone_is_refused(self) -> None:
        with pytest.raises(ConfigurationError, match="time zone"):
            OrderSync(start_at=START.replace(tzinfo=None))

    def test_canceled_before_it_was_carried(self, trade: Trade) -> None:
        order = trade.place()
        with trade.sandbox.zoey.acting() as app:
            app.cancel_order(order)
        report = trade.orders().run()
        assert report.count("skipped") == 1
        assert not trade.sales_orders()

    def test_dismissed_orders_leave_a_tombstone(self, trade: Trade) -> None:
        """Dismissed once, it is not made by itself any more, however it changes; a release makes it."""
        order = trade.place(customer=2)
        integration = trade.orders()
        integration.run().raise_for_failure()
        (item,) = integration.attention.list()
        assert (item.state, item.cause) == ("held", "unknown customer")
        assert integration.attention.dismiss(everything=True) == 1

        with trade.sandbox.zoey.acting() as app:
            app.change_order(order, po_number="new")
        trade.later(minutes=20)
        integration.run().raise_for_failure()
        assert not integration.attention.list()
        assert integration.explain("orders", zoey_id=order).state == "dismissed"

        integration.release("orders", zoey_id=order).raise_for_failure()
        assert [one.cause for one in integration.attention.list()] == ["unknown customer"]


def test_an_unknown_customer_holds_and_is_found_on_retry(trade: Trade) -> None:
    """G4: held with the reason; once it is filled in, a retry carries the order, and the list is empty."""
    trade.place(customer=2)
    integration = trade.orders()
    integration.run().raise_for_failure()
    (item,) = integration.attention.list()
    assert "bob@example.com" in item.message

    with trade.sandbox.zoey.acting() as app:
        app.seed({"accounts": [{"id": 12, "name": "Bob's", "external_id": "501", "contacts": [{"customer_id": "2"}]}]})
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()

    assert len(trade.sales_orders()) == 1
    assert not integration.attention.list()


def test_a_guest_is_held(trade: Trade) -> None:
    trade.place(customer=None, customer_is_guest=1)
    integration = trade.orders()
    integration.run().raise_for_failure()
    assert [item.cause for item in integration.attention.list()] == ["guest"]
    assert not trade.sales_orders()


def test_an_unmapped_item_holds_the_order(trade: Trade) -> None:
    """O3: held with a clear reason; the others go."""
    with trade.sandbox.zoey.acting() as app:
        app.set_product(104, netsuite_id="")
    trade.place((104, 1))
    trade.place((101, 1))
    integration = trade.orders()
    assert integration.run().count("created") == 1
    (item,) = integration.attention.list()
    assert "SKU-4" in item.message


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_that_is_lost(trade: Trade, when: str) -> None:
    """O1: the order is looked for by its external id before it is made again."""
    order = trade.place()
    trade.sandbox.netsuite.faults.add(Fault("reset", when=when, method="POST", path="/salesOrder"))  # type: ignore[arg-type]
    integration = trade.orders()
    for _ in range(4):
        integration.run()
        trade.later(minutes=5)
    assert len(trade.sales_orders()) == 1
    assert trade.number_shown(order)
    assert not integration.attention.list()


def test_the_store_is_lost(trade: Trade, tmp_path: object) -> None:
    """G8, D5: links come back from external ids, and the next run writes nothing."""
    from zoey_netsuite import SQLiteStore

    for _ in range(5):
        trade.place()
    trade.orders().run().raise_for_failure()
    late = trade.place(customer=2)
    trade.later(minutes=30)
    integration = trade.orders(store=SQLiteStore(f"{tmp_path}/new.db", clock=trade.clock))
    assert integration.rebuild() == {"orders": 5}
    trade.reset_calls()

    integration.run().raise_for_failure()

    assert trade.writes() == 0
    assert len(trade.sales_orders()) == 5
    (item,) = integration.attention.list()
    assert (item.unit_id, item.cause) == (late, "older than the loss")
    assert list(integration.verify("orders")) == []


def test_a_range_is_carried_by_hand(trade: Trade) -> None:
    """G1, E9: the orders of a stretch of time, seen before or not; those left out stay so unless released."""
    early = trade.place()
    trade.later(days=2)
    late = trade.place()
    integration = trade.orders(sync=trade.order_sync(start_at=START + timedelta(days=1)))
    integration.run().raise_for_failure()
    assert set(trade.sales_orders()) == {f"acme-order-{late}"}

    day = timedelta(days=1)
    assert integration.backfill("orders", START - day, START + day).count("skipped") == 1
    assert integration.backfill("orders", START - day, START + day, release=True).count("created") == 1
    assert set(trade.sales_orders()) == {f"acme-order-{early}", f"acme-order-{late}"}
    with pytest.raises(ConfigurationError, match="time zone"):
        integration.backfill("orders", START.replace(tzinfo=None), START)


class TestCanceledInZoey:
    """O7 as far as it is built: what was carried and is canceled then is told to a person."""

    def test_held_until_netsuite_has_ended_it(self, trade: Trade) -> None:
        order = trade.place()
        integration = trade.orders()
        integration.run().raise_for_failure()
        (made,) = trade.sales_orders().values()
        with trade.sandbox.zoey.acting() as app:
            app.cancel_order(order)
        for _ in range(2):
            trade.later(minutes=20)
            integration.run().raise_for_failure()
            (item,) = integration.attention.list()
            assert (item.state, item.cause) == ("held", "canceled in Zoey")
            assert made["tranId"] in item.message

        with trade.sandbox.netsuite.acting() as app:
            lines = [{"line": line["line"], "isClosed": True} for line in made["item"]]
            app.update("salesOrder", made["id"], {"item": {"items": lines}})
        trade.later(minutes=20)
        integration.run().raise_for_failure()
        assert not integration.attention.list()
        assert len(trade.sales_orders()) == 1

    def test_an_edit_holds_both(self, trade: Trade) -> None:
        """O8 as far as it is built: the old one is told to a person, and the new one is not made."""
        order = trade.place((101, 2))
        integration = trade.orders()
        integration.run().raise_for_failure()
        with trade.sandbox.zoey.acting() as app:
            app.edit_order(order, [{"product_id": 102, "qty": 1, "price": "12.5000"}])
        trade.later(minutes=20)
        integration.run().raise_for_failure()
        assert {item.cause for item in integration.attention.list()} == {"canceled in Zoey", "edited order"}
        assert len(trade.sales_orders()) == 1


class TestAdoptingWhatIsNotClear:
    """G8: nothing is guessed, and nothing that is unclear is made again behind a person's back."""

    def by_hand(self, trade: Trade, number: int, po_number: str, total: float) -> None:
        """Somebody enters a sales order in NetSuite."""
        line = {"item": "1", "quantity": 1, "rate": total, "amount": total, "price": "-1"}
        record = {"id": number, "entity": CUSTOMER, "otherRefNum": po_number, "item": {"items": [line]}}
        with trade.sandbox.netsuite.acting() as app:
            app.seed({"salesOrder": [record]})

    def test_two_orders_with_one_po_number(self, trade: Trade) -> None:
        orders = [trade.place((101, 2), po_number="PO-1") for _ in range(2)]
        self.by_hand(trade, 901, "PO-1", 30.0)
        integration = trade.orders()

        adopted = integration.adopt("orders", match="po_number")

        assert not adopted.linked
        assert {one.zoey_id for one in adopted.questions} == set(orders)
        integration.run().raise_for_failure()
        assert len(trade.sales_orders()) == 1, "the one that was entered by hand"
        assert {item.cause for item in integration.attention.list()} == {"adoption"}

        integration.link("orders", zoey_id=orders[0], netsuite_id="901")
        integration.attention.retry([one for one in integration.attention.list() if one.unit_id == orders[0]])
        integration.run().raise_for_failure()
        integration.release("orders", zoey_id=orders[1]).raise_for_failure()
        assert len(trade.sales_orders()) == 2
        assert not integration.attention.list()

    def test_old_ones_are_told_and_not_held(self, trade: Trade) -> None:
        """What would not be carried anyway is no work for anybody."""
        trade.place((101, 2), po_number="PO-1")
        self.by_hand(trade, 901, "PO-1", 99.0)
        integration = trade.orders(sync=trade.order_sync(start_at=START + timedelta(days=1)))
        adopted = integration.adopt("orders", match="po_number")
        assert [one.holds for one in adopted.questions] == [False]
        assert "comes to" in str(adopted)
        assert not integration.attention.list()
