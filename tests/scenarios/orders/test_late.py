"""A sales order that nobody waits for any more: its order was canceled in Zoey meanwhile (O1, O7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.trade import CUSTOMER, Trade
from support.trouble import Crash, TroubledTransport

from zoey_netsuite import HttpxTransport, Integration
from zoey_netsuite.http.operation import Request, Response


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path) as made:
        yield made


def cancel(trade: Trade, order: str) -> None:
    with trade.sandbox.zoey.acting() as app:
        app.cancel_order(order)


def make(trade: Trade, order: str, **fields: Any) -> str:
    """NetSuite makes the sales order of an order, on its own time."""
    record = {
        "externalId": f"acme-order-{order}",
        "entity": CUSTOMER,
        "shippingCost": 5,
        "item": {"items": [{"item": "1", "quantity": 2, "price": "-1", "rate": 12.5}]},
    }
    return trade.erp.create("salesOrder", {**record, **fields})


def close(trade: Trade, sales_order: str) -> None:
    """Somebody closes all lines of a sales order, which ends it."""
    with trade.sandbox.netsuite.acting() as app:
        lines = (app.record("salesOrder", sales_order) or {})["item"]
        closed = [{"line": line["line"], "isClosed": True} for line in lines]
        app.update("salesOrder", sales_order, {"item": {"items": closed}})


def link(integration: Integration, order: str) -> str | None:
    found = integration.attention.desk.links.by_zoey("orders", [order]).get(order)
    return None if found is None else found.netsuite_id


def test_made_by_a_process_that_died_and_canceled_before_the_next_one(trade: Trade) -> None:
    """The next one finds the sales order, however late it comes, and asks what is to become of it."""
    order = trade.place()
    dies = TroubledTransport(at=1, when="after", counts=lambda request: request.url.endswith("/salesOrder"))
    with pytest.raises(Crash):
        trade.orders(erp=trade.netsuite(transport=dies)).run()
    cancel(trade, order)
    integration = trade.orders()
    for _ in range(3):
        trade.later(hours=3)
        integration.run().raise_for_failure()

    (item,) = integration.attention.list()
    assert (item.state, item.cause, item.zoey_id) == ("held", "canceled in Zoey", order)
    assert item.netsuite_id == link(integration, order) == trade.sales_order(order)["id"]

    close(trade, trade.sales_order(order)["id"])
    trade.later(minutes=20)
    integration.run().raise_for_failure()
    trade.later(minutes=20)
    integration.run().raise_for_failure()
    assert not integration.attention.list(), "once it is closed in NetSuite, too"


@pytest.mark.parametrize("hours", [0.2, 5])
def test_made_after_its_order_was_given_up(trade: Trade, hours: float) -> None:
    """A job that NetSuite carries out so late that its outcome was settled, and the order left out as canceled."""
    order = trade.place()
    cancel(trade, order)
    integration = trade.orders()
    for _ in range(2):
        integration.run().raise_for_failure()
        trade.later(hours=hours)
    assert link(integration, order) is None
    number = make(trade, order)
    trade.later(minutes=10)
    integration.run().raise_for_failure()

    (item,) = integration.attention.list()
    assert (item.state, item.cause, item.zoey_id, item.netsuite_id) == ("held", "canceled in Zoey", order, number)
    assert link(integration, order) == number


def test_another_sales_order_under_its_external_id(trade: Trade) -> None:
    """It is not taken for the order's own: a person is asked, until it is closed there."""
    order = trade.place()
    cancel(trade, order)
    integration = trade.orders()
    integration.run().raise_for_failure()
    trade.later(hours=5)
    number = make(trade, order, shippingCost=50)
    for _ in range(3):
        integration.attention.retry(everything=True)
        integration.run().raise_for_failure()
        trade.later(minutes=10)

    (item,) = integration.attention.list()
    assert (item.state, item.cause) == ("held", "stray sales order")
    assert number in item.message
    assert "75" in item.message
    assert link(integration, order) is None

    close(trade, number)
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert not integration.attention.list()


def test_a_second_sales_order_for_one_that_is_linked(trade: Trade) -> None:
    """Somebody has linked the order to one entered by hand; then its own turns up, and both would be shipped."""
    order = trade.place()
    by_hand = make(trade, order, externalId="by-hand")
    integration = trade.orders()
    integration.link("orders", zoey_id=order, netsuite_id=by_hand)
    integration.run().raise_for_failure()
    trade.later(minutes=20)
    assert not integration.attention.list()
    number = make(trade, order)
    trade.later(minutes=5)
    integration.run().raise_for_failure()

    (item,) = integration.attention.list()
    assert (item.state, item.cause) == ("held", "stray sales order")
    assert number in item.message
    assert by_hand in item.message


def test_changed_in_netsuite_before_it_was_known(trade: Trade) -> None:
    """The process that made it has died, and somebody has edited its memo since: it is the order's all the same."""
    order = trade.place()
    dies = TroubledTransport(at=1, when="after", counts=lambda request: request.url.endswith("/salesOrder"))
    integration = trade.orders()
    with pytest.raises(Crash):
        trade.orders(erp=trade.netsuite(transport=dies)).run()
    number = trade.sales_order(order)["id"]
    trade.change(number, memo="call before noon")
    for _ in range(3):
        trade.later(minutes=20)
        integration.run().raise_for_failure()

    assert link(integration, order) == number
    assert not integration.attention.list()
    assert trade.number_shown(order)
    assert list(trade.sales_orders()) == [f"acme-order-{order}"]


def test_renumbered_before_it_was_compared(trade: Trade) -> None:
    """O9: the number changes between the scan and the comparison; Zoey is told the new one in the end."""
    order = trade.place()
    dies = TroubledTransport(at=1, when="after", counts=lambda request: request.method == "PUT")
    with pytest.raises(Crash):
        trade.orders(shop=trade.zoey(transport=dies)).run()
    assert trade.number_shown(order)
    number = trade.sales_order(order)["id"]

    class Renumbers(HttpxTransport):
        """Somebody gives the sales order another number once both scans have read it."""

        reads = 0

        def send(self, request: Request) -> Response:
            response = super().send(request)
            self.reads += (mine := f'"params":["{number}"]'.encode() in request.content)
            if mine and self.reads == 2:
                trade.change(number, tranId="SO-NEW")
            return response

    trade.later(minutes=20)
    trade.orders(erp=trade.netsuite(transport=Renumbers())).run().raise_for_failure()
    trade.later(minutes=20)
    trade.orders().run().raise_for_failure()

    assert trade.number_shown(order) == "SO-NEW"
