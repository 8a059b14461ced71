"""O14: an order goes with what is still wanted of it, or not at all; what Zoey has shipped is not shipped again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.trade import Trade
from support.world import START

from zoey_netsuite import (
    ConfigurationError,
    FixedCustomer,
    Integration,
    InventorySync,
    OrderMapper,
    OrderSync,
    Report,
    Table,
    constant,
)


def synced(trade: Trade, **options: Any) -> Integration:
    """Orders, and stock that is held back for those that NetSuite lacks."""
    mapper = OrderMapper(currencies=Table({"USD": "1"}), fields=[constant("location", {"id": "1"})])
    return trade.integration(trade.order_sync(mapper=mapper, **options), InventorySync())


def again(trade: Trade, integration: Integration) -> Report:
    trade.later(minutes=10)
    report = integration.run()
    report.raise_for_failure()
    return report


def paid(trade: Trade, *lines: tuple[int, int], **header: Any) -> str:
    order = trade.place(*lines, **header)
    with trade.sandbox.zoey.acting() as app:
        app.invoice_order(order)
    return order


def refund(trade: Trade, order: str, quantity: int, **asked: Any) -> None:
    """So many pieces of the first line are given back, and no shipping unless that is asked."""
    with trade.sandbox.zoey.acting() as app:
        line = app.order(order)["order_items"][0]["item_id"]
        items = [{"order_item_id": line, "qty": quantity}]
        app.credit_order(order, items=items, **{"shipping_amount": 0, **asked})


def sold(trade: Trade, order: str) -> list[tuple[str, Decimal, Decimal]]:
    """Item, quantity and amount of each line in NetSuite."""
    lines = trade.sales_order(order)["item"]
    return [(line["item"], Decimal(str(line["quantity"])), Decimal(str(line["amount"]))) for line in lines]


def test_what_was_refunded_before_it_was_carried(trade: Trade) -> None:
    """Refunded in full: left out. One of two pieces, one of two lines, a piece and the shipping: what is left."""
    closed, one, line, fare = (paid(trade, (101, 2), (102, 1)) for _ in range(4))
    with trade.sandbox.zoey.acting() as app:
        app.credit_order(closed)
        assert app.order(closed)["state"] == "closed"
    refund(trade, one, 1)
    refund(trade, line, 2)
    refund(trade, fare, 1, shipping_amount="5.00")
    integration = synced(trade)
    report = again(trade, integration)
    assert (report.count("created"), report.count("skipped")) == (
        3,
        1,
    )
    assert set(trade.sales_orders()) == {f"acme-order-{order}" for order in (one, line, fare)}
    half = ("1", 1, Decimal("12.5"))
    other = ("2", 1, Decimal("12.5"))
    assert (sold(trade, one), sold(trade, line), sold(trade, fare)) == ([half, other], [other], [half, other])
    assert [Decimal(str(trade.sales_order(order)["total"])) for order in (one, line, fare)] == [30, Decimal("17.5"), 25]
    assert "was refunded before it was carried" in str(integration.explain("orders", zoey_id=closed))
    assert list(integration.verify("orders")) == []
    assert (trade.shown(101), trade.shown(102)) == (28, 27)
    assert again(trade, integration).count("created") == 0


def test_an_adjustment_beside_the_pieces_is_told(trade: Trade) -> None:
    """A refund that pieces and shipping do not explain: held, with both figures."""
    order = paid(trade, (101, 2))
    refund(trade, order, 1, adjustment_positive="1.00")
    integration = synced(trade)
    again(trade, integration)
    (item,) = integration.attention.list()
    assert "total: Zoey 16.50 USD, NetSuite 17.50 USD" in item.message
    assert trade.shown(101) == 29


def test_refunded_after_it_was_carried(trade: Trade) -> None:
    """What NetSuite has stands; `verify` does not take the refund for a difference."""
    order = paid(trade, (101, 2))
    integration = synced(trade)
    again(trade, integration)
    refund(trade, order, 1)
    again(trade, integration)
    assert sold(trade, order) == [("1", 2, 25)]
    assert list(integration.verify("orders")) == []


@pytest.mark.parametrize("state", ["pending_payment", "payment_review", "holded"])
def test_states_that_wait(trade: Trade, state: str) -> None:
    """Skipped with the cause, stock reserved, and looked at when they move; a person may let one pass."""
    order, other = (trade.place((101, 2), state="new" if state == "holded" else state) for _ in range(2))
    with trade.sandbox.zoey.acting() as app:
        for each in (order, other) if state == "holded" else ():
            app.hold_order(each)
    integration = synced(trade)
    report = again(trade, integration)
    assert (report.count("created"), report.count("skipped")) == (
        0,
        2,
    )
    assert f"2 skipped: is in state {state}: it waits until it is new or processing" in str(report)
    assert trade.shown(101) == 26
    integration.release("orders", zoey_id=other)
    assert set(trade.sales_orders()) == {f"acme-order-{other}"}
    if state == "holded":
        trade.shop.orders.unhold(order)
    elif state == "pending_payment":
        with trade.sandbox.zoey.acting() as app:
            app.invoice_order(order)
    assert again(trade, integration).count("created") == (0 if state == "payment_review" else 1)
    assert trade.shown(101) == 26


@pytest.mark.parametrize("how", ["hold", "send", "skip"])
@pytest.mark.parametrize("shipped", ["all", "one"])
def test_shipped_already(trade: Trade, how: Any, shipped: str) -> None:
    """Complete, or shipped in part: held by default, and only a person sends it then."""
    order = paid(trade, (101, 2))
    with trade.sandbox.zoey.acting() as app:
        line = app.order(order)["order_items"][0]["item_id"]
        app.ship_order(order, **({} if shipped == "all" else {"items": [{"order_item_id": line, "qty": 1}]}))
        assert app.order(order)["state"] == ("complete" if shipped == "all" else "processing")
    integration = synced(trade, **({} if how == "hold" else {"shipped_already": how}))
    report = again(trade, integration)
    counts = {"hold": report.count("held"), "send": report.count("created"), "skip": report.count("skipped")}
    assert [name for name, count in counts.items() if count] == [how]
    if how != "send":
        integration.release("orders", zoey_id=order)
    assert sold(trade, order) == [("1", 2, 25)]


def test_states_of_the_merchants_choice(trade: Trade) -> None:
    order, new = trade.place((101, 1), state="payment_review"), trade.place((101, 1))
    again(trade, synced(trade, states=["payment_review"]))
    assert set(trade.sales_orders()) == {f"acme-order-{order}"} != {f"acme-order-{new}"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"states": "new"}, "states=…. takes"),
        ({"states": []}, "states=…"),
        ({"states": ["closed"]}, "can't name 'closed': nothing of it is wanted"),
        ({"states": ["complete"]}, "can't name 'complete': shipped_already=… says"),
        ({"shipped_already": "maybe"}, "shipped_already"),
    ],
)
def test_what_it_refuses(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        OrderSync(start_at=START, guests=FixedCustomer("1"), **options)
