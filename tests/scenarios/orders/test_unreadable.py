"""One record of a list that can't be read: it is kept with its ids, all others are carried (G4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.spoiled import spoiled
from support.trade import CUSTOMER, Trade

from zoey_netsuite import InventorySync, MapContext, Order, OrderMapper, Table
from zoey_netsuite.zoey import records


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path, products=3) as made:
        yield made


def made(trade: Trade) -> list[str]:
    return sorted(name.rpartition("-")[2] for name in trade.sales_orders())


def test_order(trade: Trade) -> None:
    """A total that is no number. Mended in Zoey, it is carried by itself."""
    good, bad, other = [trade.place() for _ in range(3)]
    integration = trade.orders()
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": bad}, grand_total="lots"):
        report = integration.run()
        assert report.failure is None
        assert report.syncs["orders"].outcomes == {"created": 2, "failed": 1}
        assert made(trade) == [good, other]
        (item,) = integration.attention.list()
        assert (item.unit_id, item.zoey_id, item.state) == (bad, bad, "failed")
        assert item.cause == "unreadable grand_total"
        assert "grand_total, but Zoey sent 'lots'" in item.message
        assert f"it can't be read: order {bad}" in str(integration.explain("orders", zoey_id=bad))
        trade.later(minutes=10)
        integration.attention.retry([item])
        assert integration.run().count("failed") == 1
    trade.later(minutes=10)
    integration.attention.retry(integration.attention.list())
    integration.run().raise_for_failure()

    assert made(trade) == [good, bad, other]
    assert not integration.attention.list()


def test_order_that_is_linked(trade: Trade) -> None:
    """Both ids are kept."""
    order = trade.place()
    integration = trade.orders()
    integration.run().raise_for_failure()
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": order}, grand_total="lots"):
        integration.sync_one("orders", zoey_id=order).raise_for_failure()
    (item,) = integration.attention.list()

    assert (item.zoey_id, item.netsuite_id) == (order, trade.sales_order(order)["id"])


def test_mapper_that_fails(trade: Trade) -> None:
    """The merchant's own `from_zoey` raises at one order: its stock is kept back all the same (I2)."""

    class Picky(OrderMapper):
        def from_zoey(self, record: records.Order, ctx: MapContext) -> Order:
            if record.po_number == "?":
                raise ValueError("no such PO number")
            return super().from_zoey(record, ctx)

    bad, good = trade.place((101, 4), po_number="?"), trade.place((102, 1))
    sync = trade.order_sync(mapper=Picky(currencies=Table({"USD": "1"})))
    integration = trade.integration(sync, InventorySync(reserve_pending=True))
    report = integration.run()

    assert report.failure is None
    assert made(trade) == [good]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.cause) == (bad, "error in the sync's own code: ValueError")
    assert trade.shown(101) == 30 - 4
    assert integration.adopt("orders", match="number").questions[0].zoey_id == bad


def test_unreadable_order_keeps_its_stock(trade: Trade) -> None:
    """I2: what an order that can't be read holds is not offered again; where its lines can't be read, it is said."""
    bad = trade.place((101, 4))
    integration = trade.integration(trade.order_sync(), InventorySync(reserve_pending=True))
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": bad}, grand_total="lots"):
        assert integration.run().failure is None
        assert trade.shown(101) == 30 - 4
        with spoiled(trade.sandbox.zoey, "/items", {"product_id": "101"}, qty_ordered="some"):
            trade.later(minutes=10)
            report = integration.run()
            assert report.failure is None
            assert "what this order holds is not kept back" in str(report)


@pytest.mark.parametrize(
    ("path", "record", "values", "cause"),
    [
        ("/customers", {"entity_id": "1"}, {"created_at": "yesterday"}, "unreadable created_at"),
        ("/companyAccounts/list", {"id": "11"}, {"contacts": 5}, "unreadable contacts"),
    ],
)
def test_buyer(trade: Trade, path: str, record: dict[str, str], values: dict[str, Any], cause: str) -> None:
    """A person or an account that can't be read: its orders are kept, others are carried."""
    with trade.sandbox.zoey.acting() as app:
        eve = {"entity_id": 3, "firstname": "Eve", "lastname": "Poe", "email": "eve@example.com"}
        app.seed({"customers": [{**eve, "netsuite_id": CUSTOMER}]})
    bad, good = trade.place(customer=1), trade.place(customer=3)
    integration = trade.orders()
    with spoiled(trade.sandbox.zoey, path, record, **values):
        report = integration.run()

    assert report.failure is None
    assert made(trade) == [good]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.state, item.cause) == (bad, "failed", cause)
    integration.attention.retry([item])
    integration.run().raise_for_failure()
    assert made(trade) == [bad, good]


def test_sales_order(trade: Trade) -> None:
    """NetSuite's side: a row whose total is no number."""
    bad, good = trade.place(), trade.place()
    integration = trade.orders()
    integration.run().raise_for_failure()
    number = trade.sales_order(bad)["id"]
    trade.set_status(number, "A")
    trade.set_status(trade.sales_order(good)["id"], "A")
    trade.later(minutes=10)
    with spoiled(trade.sandbox.netsuite, "/suiteql", {"id": number}, foreigntotal="lots"):
        report = integration.run()

    assert report.failure is None
    (item,) = integration.attention.list()
    assert (item.zoey_id, item.netsuite_id, item.state) == (bad, number, "held")
    assert "foreigntotal is 'lots', which is no amount" in item.message
    integration.attention.retry([item])
    integration.run().raise_for_failure()
    assert not integration.attention.list()
