"""Orders on the way into a running business: what is checked, adopted, explained and told (G5, G6, G8, I2, O9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from support.trade import CUSTOMER, Trade

from zoey_netsuite import ConfigurationError, InventorySync, OrderMapper, OrderSync, Table, computed


def by_hand(trade: Trade, number: str, quantity: int = 2, **more: Any) -> str:
    """Somebody enters a sales order in NetSuite."""
    line = {"item": {"id": "1"}, "quantity": quantity, "rate": 12.5, "price": {"id": "-1"}}
    header: Mapping[str, Any] = {"entity": {"id": CUSTOMER}, "otherRefNum": number, "shippingCost": 5}
    return str(trade.erp.create("salesOrder", {**header, "item": {"items": [line]}, **more}))


class TestAdoption:
    """G8: what was entered by hand is linked, not made again; nothing is guessed."""

    def test_by_po_number(self, trade: Trade) -> None:
        order = trade.place(po_number="PO-1")
        made = by_hand(trade, "PO-1")
        integration = trade.orders()

        adopted = integration.adopt("orders", match="po_number")

        assert [(one.zoey_id, one.link and one.link.netsuite_id) for one in adopted.linked] == [(order, made)]
        assert not adopted.questions
        assert integration.run().count("created") == 0
        assert len(trade.sales_orders()) == 1

    def test_by_zoeys_number_in_a_custom_field(self, trade: Trade) -> None:
        order = trade.place()
        number = trade.shop.orders.get(order).increment_id
        made = by_hand(trade, "", custbody_source=number)
        adopted = trade.orders().adopt("orders", match="custbody_source")
        assert [one.link and one.link.netsuite_id for one in adopted.linked] == [made]

    def test_another_total_is_a_question(self, trade: Trade) -> None:
        trade.place(po_number="PO-1")
        by_hand(trade, "PO-1", 3)
        adopted = trade.orders().adopt("orders", match="po_number")
        assert not adopted.linked
        assert "comes to" in str(adopted)

    def test_several_that_fit_are_a_question(self, trade: Trade) -> None:
        trade.place(po_number="PO-1")
        for _ in range(2):
            by_hand(trade, "PO-1")
        adopted = trade.orders().adopt("orders", match="po_number")
        assert not adopted.linked
        assert "2 sales orders fit" in adopted.questions[0].question

    def test_what_is_linked_is_left_alone(self, trade: Trade) -> None:
        trade.place(po_number="PO-1")
        integration = trade.orders()
        integration.run().raise_for_failure()
        assert integration.adopt("orders", match="po_number").linked == ()

    def test_a_field_that_is_none_is_refused(self, trade: Trade) -> None:
        with pytest.raises(ConfigurationError, match="po_number"):
            trade.orders().adopt("orders", match="memo; DROP")


def test_two_stores_in_one_account(trade: Trade) -> None:
    """G8: the same order number of two stores makes two sales orders, under two external ids."""
    order = trade.place()
    trade.orders().run().raise_for_failure()
    trade.integration(trade.order_sync(), name="outlet").run().raise_for_failure()
    assert set(trade.sales_orders()) == {f"acme-order-{order}", f"outlet-order-{order}"}


class TestExplain:
    """G6: one record, in words: what is known, and what would be done."""

    def test_new(self, trade: Trade) -> None:
        order = trade.place()
        told = trade.orders().explain("orders", zoey_id=order)
        assert told.state == "new"
        assert told.now[0] == f"create salesOrder acme-order-{order} in NetSuite"
        assert trade.writes() == 0

    def test_carried(self, trade: Trade) -> None:
        order = trade.place()
        integration = trade.orders()
        integration.run().raise_for_failure()
        told = integration.explain("orders", zoey_id=order)
        assert (told.state, told.now) == ("linked", ["nothing: both sides agree"])
        assert told.netsuite_id == trade.sales_orders()[f"acme-order-{order}"]["id"]
        assert integration.explain("orders", netsuite_id=told.netsuite_id) == told

    def test_held(self, trade: Trade) -> None:
        order = trade.place(customer=2)
        integration = trade.orders()
        integration.run().raise_for_failure()
        told = integration.explain("orders", zoey_id=order)
        assert told.state == "held"
        assert "is not known" in str(told)

    def test_of_nothing(self, trade: Trade) -> None:
        integration = trade.orders()
        assert integration.explain("orders", zoey_id="999").state == "absent"
        assert integration.explain("orders", netsuite_id="999").state == "absent"


def test_check_names_what_would_be_held(trade: Trade) -> None:
    """G5: unknown buyers, guests, what can't be mapped, fields that are not there."""
    with trade.sandbox.zoey.acting() as app:
        app.set_product(104, netsuite_id="")
    trade.place((104, 1))
    trade.place(customer=2)
    trade.place(customer=None, customer_is_guest=1)
    told = str(trade.orders().check())
    assert "bob@example.com" in told
    assert "1 of 3 orders are guests'" in told
    assert "SKU-4" in told
    rule = computed("custbody_nowhere", lambda order, ctx: order.number)
    sync = trade.order_sync(mapper=OrderMapper(currencies=Table({"USD": "1"}), fields=[rule]))
    assert "custbody_nowhere" in str(trade.orders(sync=sync).check().errors)


def test_a_status_is_told(trade: Trade) -> None:
    """O9: once NetSuite has come so far, and only then; the buyer's store shows the merchant's own word."""
    order = trade.place()
    integration = trade.orders(sync=trade.order_sync(statuses={"closed": "pending_approval"}))
    integration.run().raise_for_failure()
    assert trade.shop.orders.get(order).status == "pending"
    made = trade.sales_orders()[f"acme-order-{order}"]
    trade.erp.update("salesOrder", made["id"], {"item": {"items": [{"line": 1, "isClosed": True}]}})
    trade.later(minutes=20)
    integration.run().raise_for_failure()
    assert trade.shop.orders.get(order).status == "pending_approval"


def test_a_status_that_is_none_is_refused(trade: Trade) -> None:
    """O9."""
    with pytest.raises(ConfigurationError, match="shipped"):
        OrderSync(start_at=trade.clock.now(), statuses={"shipped": "sent"})


def test_held_orders_reserve_stock(trade: Trade) -> None:
    """I2: `reserve_pending=True` asks the order sync; what is carried is NetSuite's to reserve."""
    integration = trade.orders(InventorySync(reserve_pending=True))
    integration.run().raise_for_failure()
    before = trade.shop.stock.list(product_id="101").first()
    trade.place((101, 3), customer=2)
    trade.later(minutes=20)
    integration.run().raise_for_failure()
    after = trade.shop.stock.list(product_id="101").first()
    assert before is not None
    assert after is not None
    assert before.qty is not None
    assert after.qty == before.qty - 3
