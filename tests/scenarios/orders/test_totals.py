"""Totals agree to the cent, before sending and as NetSuite computed them, or the policy decides (O4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.trade import CUSTOMER, Trade

from zoey_netsuite import (
    FlagDifference,
    HoldOnDifference,
    OrderMapper,
    OrderSync,
    ReleaseAfterCheck,
    Table,
    TotalsPolicy,
)
from zoey_netsuite.sandbox import NetSuiteSettings

TAXING = NetSuiteSettings(tax="suitetax", tax_rate=Decimal(10))
"""NetSuite adds ten percent by itself; Zoey's orders here carry no tax."""

CURRENCIES = Table({"USD": "1", "EUR": "4"})


@contextmanager
def taxed(folder: Path) -> Iterator[Trade]:
    with Trade(folder, account=TAXING) as trade:
        yield trade


@pytest.fixture
def taxing(tmp_path: Path) -> Iterator[Trade]:
    with taxed(tmp_path / "taxing") as trade:
        yield trade


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> None:
    (tmp_path / "taxing").mkdir()


def synced(trade: Trade, totals: TotalsPolicy, **mapping: Any) -> OrderSync:
    return trade.order_sync(totals=totals, mapper=OrderMapper(**{"currencies": CURRENCIES, **mapping}))


class TooDear(OrderMapper):
    """A mapping gone wrong: each line costs a cent more than Zoey's."""

    def line(self, part: Any, *more: Any) -> Any:
        row = super().line(part, *more)
        return {**row, "amount": row["amount"] + Decimal("0.01")}


class TestHoldOnDifference:
    def test_nothing_is_sent_where_the_difference_is_known_before(self, trade: Trade) -> None:
        """Held with the difference by component; a person may let it go as it is."""
        order = trade.place()
        integration = trade.orders(sync=trade.order_sync(mapper=TooDear(currencies=CURRENCIES)))
        trade.reset_calls()

        assert integration.run().count("held") == 1

        assert trade.writes() == 0
        (item,) = integration.attention.list()
        assert item.cause == "totals differ"
        assert "lines: Zoey 25.00 USD, NetSuite 25.01 USD" in item.message
        assert "total: Zoey 30.00 USD, NetSuite 30.01 USD" in item.message

        integration.release("orders", zoey_id=order).raise_for_failure()
        assert trade.sales_order(order)["total"] == 30.01
        assert trade.number_shown(order)
        assert not integration.attention.list()

    def test_netsuite_computes_otherwise_and_somebody_corrects_it(self, taxing: Trade) -> None:
        """Held with what differs; once NetSuite agrees the next run closes it, and the number goes back."""
        order = taxing.place()
        integration = taxing.orders(sync=synced(taxing, HoldOnDifference()))

        assert integration.run().count("held") == 1

        (item,) = integration.attention.list()
        assert "tax: Zoey 0.00 USD, NetSuite 2.50 USD" in item.message
        assert "lines" not in item.message.partition("come to")[2]
        assert not taxing.number_shown(order)
        taxing.later(minutes=10)
        assert integration.run().count("created") == 0  # seen again, still so
        assert len(integration.attention.list()) == 1

        sales_order = taxing.sales_order(order)
        taxing.change(sales_order["id"], taxDetailsOverride=True, taxDetails={"items": []})
        taxing.later(minutes=10)
        integration.run().raise_for_failure()

        assert not integration.attention.list()
        assert taxing.number_shown(order) == sales_order["tranId"]
        assert len(taxing.sales_orders()) == 1
        assert list(integration.verify("orders")) == []

    def test_corrected_long_after_and_retried(self, taxing: Trade) -> None:
        order = taxing.place()
        integration = taxing.orders(sync=synced(taxing, HoldOnDifference()))
        integration.run()
        taxing.change(taxing.sales_order(order)["id"], taxDetailsOverride=True, taxDetails={"items": []})
        assert integration.attention.retry(cause="totals differ") == 1
        assert integration.run().count("created") == 0
        assert not integration.attention.list()
        assert taxing.number_shown(order)

    def test_a_released_order_goes_through_with_its_difference(self, taxing: Trade) -> None:
        order = taxing.place()
        integration = taxing.orders(sync=synced(taxing, HoldOnDifference()))
        integration.run()
        integration.release("orders", zoey_id=order).raise_for_failure()
        assert not integration.attention.list()
        assert taxing.number_shown(order) == taxing.sales_order(order)["tranId"]
        taxing.later(minutes=10)
        integration.run().raise_for_failure()
        assert not integration.attention.list()
        assert [each.field for each in integration.verify("orders")] == ["total"]

    def test_within_the_tolerance(self, trade: Trade) -> None:
        order = trade.place()
        policy = HoldOnDifference(tolerance=Decimal("0.01"))
        sync = trade.order_sync(mapper=TooDear(currencies=CURRENCIES), totals=policy)
        integration = trade.orders(sync=sync)
        assert integration.run().count("created") == 1
        assert trade.sales_order(order)["total"] == 30.01

        trade.place((101, 1), (102, 1))  # two cents off
        trade.later(minutes=1)
        assert integration.run().count("held") == 1


class TestFlagDifference:
    def test_the_difference_is_written_and_cleared(self, taxing: Trade) -> None:
        """The order goes on with the difference in words; another look after a correction clears them."""
        order = taxing.place()
        sync = synced(taxing, FlagDifference("custbody_difference"))
        integration = taxing.orders(sync=sync)

        assert integration.run().count("created") == 1

        made = taxing.sales_order(order)
        assert made["custbody_difference"] == "tax: Zoey 0.00 USD, NetSuite 2.50 USD; total: Zoey 30.00 USD, " + (
            "NetSuite 32.50 USD"
        )
        assert taxing.number_shown(order) == made["tranId"]
        assert not integration.attention.list()

        taxing.change(made["id"], taxDetailsOverride=True, taxDetails={"items": []})
        taxing.later(minutes=10)
        integration.run().raise_for_failure()
        assert not taxing.sales_order(order).get("custbody_difference")

        taxing.reset_calls()
        taxing.later(minutes=10)
        integration.run().raise_for_failure()
        assert taxing.writes() == 0

    def test_one_write_where_nothing_differs(self, trade: Trade) -> None:
        trade.place()
        trade.reset_calls()
        trade.orders(sync=synced(trade, FlagDifference("custbody_difference"))).run().raise_for_failure()
        assert trade.sandbox.netsuite.calls.writes == 1


class TestReleaseAfterCheck:
    def test_pending_until_agreed(self, trade: Trade) -> None:
        """Made in pending approval, released once the totals agree: two writes."""
        order = trade.place()
        trade.reset_calls()
        integration = trade.orders(sync=synced(trade, ReleaseAfterCheck()))
        integration.run().raise_for_failure()
        assert trade.sandbox.netsuite.calls.writes == 2
        assert trade.sales_order(order)["orderStatus"] == "B"
        trade.reset_calls()
        trade.later(minutes=10)
        integration.run().raise_for_failure()
        assert trade.writes() == 0

    def test_stays_pending_while_it_differs(self, taxing: Trade) -> None:
        """A difference keeps it from being fulfilled; corrected, it is released by itself."""
        order = taxing.place()
        integration = taxing.orders(sync=synced(taxing, ReleaseAfterCheck()))
        assert integration.run().count("held") == 1
        made = taxing.sales_order(order)
        assert made["orderStatus"] == "A"
        assert "pending approval" in integration.attention.list()[0].message

        taxing.change(made["id"], taxDetailsOverride=True, taxDetails={"items": []})
        taxing.later(minutes=10)
        integration.run().raise_for_failure()
        assert taxing.sales_order(order)["orderStatus"] == "B"
        assert not integration.attention.list()

    def test_somebody_approved_it_meanwhile(self, taxing: Trade) -> None:
        """Approved, then fulfilled by a person while it was held: nothing is set back."""
        order = taxing.place()
        integration = taxing.orders(sync=synced(taxing, ReleaseAfterCheck()))
        integration.run()
        made = taxing.sales_order(order)
        taxing.change(made["id"], orderStatus="B", taxDetailsOverride=True, taxDetails={"items": []})
        taxing.fulfill(made["id"])
        taxing.reset_calls()
        taxing.later(minutes=10)
        integration.run().raise_for_failure()
        assert taxing.sandbox.netsuite.calls.writes == 0
        assert taxing.sales_order(order)["orderStatus"] == "F"
        assert not integration.attention.list()

    def test_a_released_one_that_differs_is_released_in_netsuite(self, taxing: Trade) -> None:
        """Letting an order go as it is means that it can be fulfilled."""
        order = taxing.place()
        integration = taxing.orders(sync=synced(taxing, ReleaseAfterCheck()))
        integration.run()
        integration.release("orders", zoey_id=order).raise_for_failure()
        assert taxing.sales_order(order)["orderStatus"] == "B"
        assert not integration.attention.list()


@pytest.mark.parametrize("discounts", ["order", "line"])
@pytest.mark.parametrize("shipping", ["cost", "line"])
def test_discounts_and_shipping_either_way(trade: Trade, discounts: str, shipping: str) -> None:
    """By order or by line: the same total."""
    with trade.sandbox.netsuite.acting() as app:
        app.seed({"serviceItem": [{"id": "9002", "itemId": "Freight"}]})
    line = {"product_id": 101, "qty": 3, "price": "12.5000", "discount_amount": "3.7500"}
    with trade.sandbox.zoey.acting() as app:
        placed = app.place_order(
            [line, {"product_id": 102, "qty": 1, "price": "1.3333"}],
            customer_id=1,
            shipping_amount="5.0000",
            discount_amount="2.0000",
        )
    order = str(placed["entity_id"])
    mapping = {"discounts": discounts, "shipping": shipping, "discount_item": "9001", "shipping_item": "9002"}
    integration = trade.orders(sync=synced(trade, HoldOnDifference(), **mapping))
    report = integration.run()
    assert report.count("created") == 1, [item.message for item in integration.attention.list()]
    made = trade.sales_order(order)
    assert Decimal(str(made["total"])) == trade.total(order) == Decimal("38.08")
    assert len(made["item"]) == 2 + (discounts == "line") + (shipping == "line")
    assert list(integration.verify("orders")) == []


def test_zoeys_taxes_override_netsuites(taxing: Trade) -> None:
    """By line and on shipping, whatever NetSuite would compute."""
    with taxing.sandbox.zoey.acting() as app:
        placed = app.place_order(
            [{"product_id": 101, "qty": 3, "price": "12.5000", "tax_amount": "7.13", "tax_percent": "19.0000"}],
            customer_id=1,
            shipping_amount="5.0000",
            shipping_tax_amount="0.9500",
        )
    order = str(placed["entity_id"])
    mapping = {"taxes": "override", "tax_code": "7", "tax_type": "8"}
    integration = taxing.orders(sync=synced(taxing, HoldOnDifference(), **mapping))
    integration.run().raise_for_failure()
    assert not integration.attention.list()
    made = taxing.sales_order(order)
    assert Decimal(str(made["taxTotal"])) == Decimal("8.08")
    assert Decimal(str(made["total"])) == taxing.total(order)


def test_several_currencies(trade: Trade) -> None:
    """Each order in its own; one that NetSuite does not have holds only its orders."""
    with trade.sandbox.netsuite.acting() as app:
        app.seed({"currency": [{"id": 4, "name": "Euro", "symbol": "EUR"}]})
        app.update("customer", CUSTOMER, {"currencyList": {"items": [{"currency": "1"}, {"currency": "4"}]}})
    dollars, euros = trade.place(), trade.place(order_currency_code="EUR")
    yen = trade.place(order_currency_code="JPY")
    integration = trade.orders(sync=synced(trade, HoldOnDifference()))
    integration.run().raise_for_failure()
    assert str(trade.sales_order(dollars)["currency"]) == "1"
    assert str(trade.sales_order(euros)["currency"]) == "4"
    (item,) = integration.attention.list()
    assert item.unit_id == yen
    assert "JPY" in item.message
