"""What orders hold that NetSuite does not count yet is not offered again (I2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.trade import Trade
from support.world import START

from zoey_netsuite import (
    ConfigurationError,
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


def mapper() -> OrderMapper:
    """NetSuite commits stock of orders that have a location."""
    return OrderMapper(currencies=Table({"USD": "1"}), fields=[constant("location", {"id": "1"})])


def synced(trade: Trade, *, first: str = "orders", **options: object) -> Integration:
    orders = trade.order_sync(mapper=mapper(), **options)
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
