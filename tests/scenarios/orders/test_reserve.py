"""What orders hold that NetSuite does not count yet is not offered again (I2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.trade import Trade
from support.world import START

from zoey_netsuite import (
    All,
    ConfigurationError,
    Exclude,
    Include,
    Integration,
    InventorySync,
    Matches,
    OrderMapper,
    OrderSync,
    ReleaseAfterCheck,
    Table,
    constant,
)
from zoey_netsuite.sandbox import NetSuiteSettings


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    """Thirty of each product in three warehouses."""
    with Trade(tmp_path, products=3) as made:
        yield made


def mapper(**options: Any) -> OrderMapper:
    """NetSuite commits stock of orders that have a location."""
    return OrderMapper(**{"currencies": Table({"USD": "1"}), "fields": [constant("location", {"id": "1"})], **options})


def synced(trade: Trade, *, first: str = "orders", **options: object) -> Integration:
    orders = trade.order_sync(**{"mapper": mapper(), **options})
    stock = InventorySync(reserve_pending=True)
    return trade.integration(*((orders, stock) if first == "orders" else (stock, orders)))


def again(trade: Trade, integration: Integration) -> None:
    trade.later(minutes=10)
    integration.run().raise_for_failure()


@pytest.mark.parametrize("first", ["orders", "inventory"])
def test_each_order_is_counted_once(trade: Trade, first: str) -> None:
    """Pending ones by us, carried ones by NetSuite; whichever sync comes first, nothing is oversold."""
    integration = synced(trade, first=first)
    integration.run().raise_for_failure()
    assert trade.shown(101) == 30
    for quantity in (4, 3):
        trade.place((101, quantity))
        again(trade, integration)
        assert trade.shown(101) <= 30 - quantity
    assert trade.shown(101) == 23
    for _ in range(3):
        again(trade, integration)
        assert trade.shown(101) == 23
    assert len(trade.sales_orders()) == 2


def test_held_orders_keep_what_they_hold(trade: Trade) -> None:
    """Until they are carried, or canceled in Zoey."""
    held, other = trade.place((101, 5), customer=2), trade.place((101, 2), customer=None)
    integration = synced(trade)
    integration.run().raise_for_failure()
    assert len(integration.attention.list()) == 2
    assert trade.shown(101) == 23

    with trade.sandbox.zoey.acting() as app:
        app.cancel_order(other)
        app.seed({"accounts": [{"id": 12, "name": "Bob's", "external_id": "501", "contacts": [{"customer_id": "2"}]}]})
    integration.attention.retry(everything=True)
    again(trade, integration)
    assert f"acme-order-{held}" in trade.sales_orders()
    assert trade.shown(101) == 25


def test_orders_that_a_filter_leaves_out_for_now(trade: Trade) -> None:
    trade.place((101, 6))
    integration = synced(trade, filter=Matches(status="processing"))
    integration.run().raise_for_failure()
    assert not trade.sales_orders()
    assert trade.shown(101) == 24


def test_orders_before_the_start_are_in_netsuite_already(trade: Trade) -> None:
    """Or are none of ours: the start date says so."""
    trade.place((101, 6))
    integration = synced(trade, start_at=START + timedelta(hours=1))
    integration.run().raise_for_failure()
    assert trade.shown(101) == 30


def test_pending_approval(trade: Trade) -> None:
    """NetSuite commits nothing for an order that waits for its approval; once approved, it does."""
    order = trade.place((101, 6))
    integration = synced(trade, initial_status="pending_approval")
    integration.run().raise_for_failure()
    assert trade.sales_order(order)["orderStatus"] == "A"
    assert trade.shown(101) == 24
    trade.set_status(trade.sales_order(order)["id"], "B")
    again(trade, integration)
    again(trade, integration)
    assert trade.shown(101) == 24


def test_approval_that_the_account_wants(tmp_path: Path) -> None:
    with Trade(tmp_path, account=NetSuiteSettings(initial_order_status="A")) as trade:
        trade.place((101, 6))
        synced(trade).run().raise_for_failure()
        assert trade.shown(101) == 24


def test_released_after_the_check(trade: Trade) -> None:
    """Counted by NetSuite from the moment of its release, and not twice."""
    trade.place((101, 6))
    integration = synced(trade, totals=ReleaseAfterCheck())
    integration.run().raise_for_failure()
    assert trade.shown(101) == 24


def test_held_in_pending_approval(tmp_path: Path) -> None:
    """Its totals differ, so that it stays there: what it holds is kept back."""
    with Trade(tmp_path, account=NetSuiteSettings(tax="suitetax", tax_rate=Decimal(10))) as trade:
        order = trade.place((101, 6))
        integration = synced(trade, totals=ReleaseAfterCheck())
        integration.run().raise_for_failure()
        assert trade.sales_order(order)["orderStatus"] == "A"
        assert trade.shown(101) == 24
        again(trade, integration)
        assert trade.shown(101) == 24


def arrives(trade: Trade, quantity: float) -> None:
    """Goods are received in warehouse 1."""
    with trade.sandbox.netsuite.acting() as app:
        app.company.stock.receive("1", "1", Decimal(quantity))


NOT_COMMITTED: dict[str, dict[str, Any]] = {
    "no location": {"mapper": OrderMapper(currencies=Table({"USD": "1"}))},
    "commitment off": {"account": NetSuiteSettings(commit_at_entry=False)},
    "pending approval": {"initial_status": "pending_approval"},
    "do not commit": {"mapper": mapper(line_fields=[constant("commitInventory", {"id": "3"})])},
}


@pytest.mark.parametrize("why", NOT_COMMITTED)
def test_what_netsuite_has_not_committed_is_held_back(tmp_path: Path, why: str) -> None:
    """Story 64: 29 of 30 are on a sales order that holds none of them: 1 is for sale, and 51 after a receipt of 50.
    Once shipped, NetSuite counts them itself.
    """
    options = dict(NOT_COMMITTED[why])
    with Trade(tmp_path, products=3, account=options.pop("account", None)) as trade:
        integration = synced(trade, **options)
        order = trade.place((101, 29))
        integration.run().raise_for_failure()
        made = trade.sales_order(order)
        assert made["item"][0]["quantityCommitted"] == 0
        assert trade.shown(101) == 1
        arrives(trade, 50)
        again(trade, integration)
        assert trade.shown(101) == 51
        assert "hold 29 pieces that NetSuite has not committed" in str(integration.check())
        assert not integration.check().errors
        if why == "pending approval":
            trade.set_status(made["id"], "B")
        else:
            trade.fulfill(made["id"])
        again(trade, integration)
        assert trade.shown(101) == 51
        assert "NetSuite has committed all" in str(integration.check())
        assert list(integration.verify("inventory")) == []


def test_only_what_is_not_committed_of_our_orders(trade: Trade) -> None:
    """Backordered pieces are held back once they arrive; other people's sales orders are theirs; one query says it."""
    integration = synced(trade)
    trade.place((101, 34))
    integration.run().raise_for_failure()
    assert trade.shown(101) == 0
    trade.erp.create("salesOrder", {"entity": {"id": "501"}, "item": {"items": [{"item": {"id": "2"}, "quantity": 9}]}})
    arrives(trade, 50)
    trade.later(minutes=10)
    trade.reset_calls()
    integration.run().raise_for_failure()
    assert (trade.shown(101), trade.shown(102)) == (20 + 50 - 24, 30)
    assert trade.sandbox.netsuite.calls.count(path="suiteql$") == 4


def test_where_the_uncommitted_lines_are(trade: Trade) -> None:
    """What another warehouse is to ship is not held back here; what no warehouse was chosen for is."""
    third = mapper(fields=[constant("location", {"id": "3"}), constant("orderStatus", {"id": "A"})])
    orders = trade.order_sync(mapper=third)
    for locations, shown in ((Include("1"), 10), (Include("3"), 6), (All(), 26), (Exclude("3"), 20)):
        integration = trade.integration(orders, InventorySync(locations=locations))
        trade.place((101, 4)) if shown == 10 else None
        again(trade, integration)
        assert trade.shown(101) == shown, locations


def test_on_hand_counts_nothing_that_orders_hold(trade: Trade) -> None:
    """So all that linked orders still hold is held back, committed or not, until it is shipped."""
    order = trade.place((101, 5))
    integration = trade.integration(trade.order_sync(mapper=mapper()), InventorySync(quantity="on_hand"))
    integration.run().raise_for_failure()
    assert trade.shown(101) == 31
    trade.fulfill(trade.sales_order(order)["id"])
    again(trade, integration)
    assert trade.shown(101) == 31


def test_a_kit_holds_its_members(trade: Trade) -> None:
    """Three kits of two pieces each hold six."""
    trade.sandbox.seed(
        {
            "netsuite": {
                "kitItem": [{"id": "21", "itemId": "KIT", "member": {"items": [{"item": "1", "quantity": 2}]}}]
            },
            "zoey": {"products": [{"entity_id": 121, "sku": "KIT", "netsuite_id": "21", "price": "12.5000"}]},
        }
    )
    integration = synced(trade, mapper=OrderMapper(currencies=Table({"USD": "1"})))
    trade.place((121, 3))
    integration.run().raise_for_failure()
    assert trade.shown(101) == 24


@pytest.mark.parametrize("build", [lambda trade: [InventorySync()], lambda trade: [InventorySync(), _Other()]])
def test_without_an_order_sync(trade: Trade, build: Callable[[Trade], list[InventorySync]]) -> None:
    """The choices are named."""
    with pytest.raises(ConfigurationError, match="reserve_pending=False accepts"):
        trade.integration(*build(trade))


class _Other(InventorySync):
    """Another sync, that carries no orders."""

    def __init__(self) -> None:
        super().__init__(reserve_pending=False, name="other")


def test_a_subclass_of_the_order_sync_is_one(trade: Trade) -> None:
    class Ours(OrderSync):
        pass

    trade.place((101, 6), customer=2)
    sync = Ours(start_at=START - timedelta(days=1), mapper=mapper())
    trade.integration(InventorySync(), sync).run().raise_for_failure()
    assert trade.shown(101) == 24
