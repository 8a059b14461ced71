"""Zoey shows how far NetSuite has come, and its order number (O9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from support.trade import Trade

from zoey_netsuite import Integration, ZoeyAttributes
from zoey_netsuite.sandbox import Fault, NetSuiteSettings, ZoeySettings

STATUSES = {
    "pending_billing": "pending_shipped",
    "billed": "pending_done",
    "closed": "pending_given_up",
    "partially_fulfilled": "pending_partly",
    "pending_billing_partially_fulfilled": "pending_partly",
}
WORDS = ["pending", *dict.fromkeys(STATUSES.values())]


@pytest.fixture(params=[True, False], ids=["lines move the header", "lines do not"])
def trade(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path, account=NetSuiteSettings(line_changes_header=request.param), storefront=store()) as made:
        yield made


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path, storefront=store()) as made:
        yield made


def store() -> ZoeySettings:
    """With the merchant's own words for how far an order has come."""
    usual = ZoeySettings(requests_per_second=None)
    return evolve(usual, statuses={**usual.statuses, "new": WORDS})


def told(trade: Trade) -> Integration:
    return trade.orders(sync=trade.order_sync(statuses=STATUSES))


def comments(trade: Trade, order: str) -> int:
    return len(list(trade.shop.orders.comments(order)))


def again(trade: Trade, integration: Integration, minutes: int = 10) -> None:
    trade.later(minutes=minutes)
    integration.run().raise_for_failure()


def test_fulfilled_and_billed_in_netsuite(trade: Trade) -> None:
    """Shipped in part, then in full, then billed: each is shown once, and nothing comes back as an echo."""
    order = trade.place((101, 4))
    integration = told(trade)
    integration.run().raise_for_failure()
    made = trade.sales_order(order)
    assert (trade.shown_status(order), comments(trade, order)) == ("pending", 0)

    trade.later(hours=3)
    trade.fulfill(made["id"], quantity=1)
    again(trade, integration)
    assert (trade.shown_status(order), comments(trade, order)) == ("pending_partly", 1)

    trade.later(hours=3)
    trade.fulfill(made["id"])
    again(trade, integration)
    assert (trade.shown_status(order), comments(trade, order)) == ("pending_shipped", 2)

    trade.later(hours=3)
    trade.bill(made["id"])
    again(trade, integration)
    assert (trade.shown_status(order), comments(trade, order)) == ("pending_done", 3)

    trade.reset_calls()
    for _ in range(4):
        again(trade, integration, minutes=30)
    assert trade.writes() == 0
    assert len(trade.sales_orders()) == 1
    assert not integration.attention.list()


def test_nothing_is_written_where_zoey_shows_it_already(plain: Trade) -> None:
    """Somebody set it by hand; and a status that is not told leaves what is there."""
    order = plain.place()
    integration = told(plain)
    integration.run().raise_for_failure()
    made = plain.sales_order(order)
    with plain.sandbox.zoey.acting() as app:
        app.change_order(order, status="pending_shipped")
    plain.reset_calls()
    plain.fulfill(made["id"])
    plain.reset_calls()
    again(plain, integration)
    assert (plain.writes(), plain.shown_status(order)) == (0, "pending_shipped")


def test_a_status_without_a_word_is_not_told(plain: Trade) -> None:
    order = plain.place()
    integration = plain.orders(sync=plain.order_sync(statuses={"billed": "pending_done"}))
    integration.run().raise_for_failure()
    made = plain.sales_order(order)
    plain.fulfill(made["id"])
    plain.reset_calls()
    again(plain, integration)
    assert plain.writes() == 0
    plain.bill(made["id"])
    again(plain, integration)
    assert plain.shown_status(order) == "pending_done"


def test_the_number_is_changed_in_netsuite(plain: Trade) -> None:
    """The new number is shown, and the status goes on being told."""
    order = plain.place()
    integration = told(plain)
    integration.run().raise_for_failure()
    made = plain.sales_order(order)
    plain.change(made["id"], tranId="SO-NEW-7")
    again(plain, integration)
    assert plain.number_shown(order) == "SO-NEW-7"
    plain.fulfill(made["id"])
    again(plain, integration)
    assert (plain.number_shown(order), plain.shown_status(order)) == ("SO-NEW-7", "pending_shipped")
    assert list(integration.verify("orders")) == []
    plain.reset_calls()
    again(plain, integration)
    assert plain.writes() == 0


def test_closed_by_its_lines(trade: Trade) -> None:
    """A change of lines only."""
    order = trade.place()
    integration = told(trade)
    integration.run().raise_for_failure()
    made = trade.sales_order(order)
    trade.later(hours=3)
    trade.change(made["id"], item={"items": [{"line": line["line"], "isClosed": True} for line in made["item"]]})
    again(trade, integration)
    assert trade.shown_status(order) == "pending_given_up"


def test_an_event_names_the_sales_order(plain: Trade) -> None:
    """G1: one record by its NetSuite id, without a scan."""
    order = plain.place()
    integration = told(plain)
    integration.run().raise_for_failure()
    made = plain.sales_order(order)
    plain.fulfill(made["id"])
    assert "pending_shipped" in str(integration.explain("orders", zoey_id=order))
    integration.sync_one("orders", netsuite_id=made["id"]).raise_for_failure()
    assert plain.shown_status(order) == "pending_shipped"
    plain.reset_calls()
    integration.sync_one("orders", zoey_id=order).raise_for_failure()
    again(plain, integration)
    assert plain.writes() == 0


def test_zoey_does_not_take_the_status_for_hours(plain: Trade) -> None:
    """G4: what NetSuite told is not forgotten, though the order changes in Zoey while it waits."""
    order = plain.place()
    integration = told(plain)
    integration.run().raise_for_failure()
    plain.fulfill(plain.sales_order(order)["id"])
    plain.sandbox.zoey.faults.add(Fault("500", method="POST", path="/comments", times=None))
    again(plain, integration)
    (item,) = integration.attention.list()
    assert item.state == "retrying"

    plain.later(hours=5)
    with plain.sandbox.zoey.acting() as app:
        app.change_order(order, po_number="PO-2")
    integration.run().raise_for_failure()
    assert [one.unit_id for one in integration.attention.list()] == [order]
    plain.sandbox.zoey.faults.clear()
    for _ in range(4):
        again(plain, integration, minutes=120)

    assert plain.shown_status(order) == "pending_shipped"
    assert not integration.attention.list()


def test_a_status_that_the_store_does_not_know(plain: Trade) -> None:
    """The order is carried all the same; a person is told what Zoey said."""
    order = plain.place()
    integration = plain.orders(sync=plain.order_sync(statuses={"pending_fulfillment": "no_such_word"}))
    integration.run().raise_for_failure()
    (item,) = integration.attention.list()
    assert "no_such_word" in str(item)
    assert len(plain.sales_orders()) == 1
    corrected = told(plain)
    corrected.attention.retry(everything=True)
    again(plain, corrected)
    assert not corrected.attention.list()
    assert plain.number_shown(order)
    assert len(plain.sales_orders()) == 1


def test_the_attribute_for_the_number_is_missing(tmp_path: Path) -> None:
    """The sales order is made once; the entry says which attribute Zoey lacks; made there, a retry closes it."""
    attributes = ZoeyAttributes(order_number="erp_number")
    with Trade(tmp_path, attributes=attributes) as trade:
        order = trade.place()
        integration = trade.orders()
        integration.run().raise_for_failure()
        (item,) = integration.attention.list()
        assert "erp_number" in item.message
        assert (item.zoey_id, item.netsuite_id) == (order, trade.sales_order(order)["id"])
        assert len(trade.sales_orders()) == 1
        assert any("erp_number" in finding.what for finding in integration.check())

        with trade.sandbox.zoey.acting() as app:
            app.seed({"attributes": {"orders": ["erp_number"]}})
        integration.attention.retry(everything=True)
        again(trade, integration)
        assert not integration.attention.list()
        assert len(trade.sales_orders()) == 1
        with trade.sandbox.zoey.acting() as app:
            assert app.order(order)["erp_number"] == trade.sales_order(order)["tranId"]


def test_a_store_that_shows_no_number(tmp_path: Path) -> None:
    """Without an attribute for it nothing is written to Zoey."""
    with Trade(tmp_path, attributes=ZoeyAttributes()) as trade:
        trade.place()
        trade.reset_calls()
        trade.orders().run().raise_for_failure()
        assert trade.sandbox.zoey.calls.writes == 0


def test_canceled_in_zoey_after_it_was_carried(plain: Trade) -> None:
    """A person is told, also while NetSuite goes on with it; closed there, the entry closes by itself."""
    order = plain.place((101, 4))
    integration = told(plain)
    integration.run().raise_for_failure()
    made = plain.sales_order(order)
    with plain.sandbox.zoey.acting() as app:
        app.cancel_order(order)
    again(plain, integration)
    assert [item.cause for item in integration.attention.list()] == ["canceled in Zoey"]

    plain.change(made["id"], tranId="SO-8")
    again(plain, integration)
    assert [item.cause for item in integration.attention.list()] == ["canceled in Zoey"]
    assert len(plain.sales_orders()) == 1

    plain.change(made["id"], item={"items": [{"line": line["line"], "isClosed": True} for line in made["item"]]})
    plain.later(hours=1)
    plain.orders().run().raise_for_failure()
    assert not integration.attention.list()
