"""Where is my order? (G6): explain says of any order why it moved, waits, was left out or is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.trade import Trade
from support.warranties import Shop, UnmarkedSync, dump
from support.world import START

from zoey_netsuite import Explanation, Integration, Matching
from zoey_netsuite.sandbox import Fault


def asked(trade: Trade, integration: Integration, order: str, sync: str = "orders") -> Explanation:
    """Explain it, and see that nothing was written anywhere."""
    integration.attention.list()  # whatever is done at the first use of a store
    before = dump(trade)
    trade.reset_calls()
    found = integration.explain(sync, zoey_id=order)
    assert trade.writes() == 0
    assert dump(trade) == before
    print(found)  # seen when a test fails
    return found


def test_a_linked_one(trade: Trade) -> None:
    """Both ids, when it was made, that nothing is to be done; and what would be, once something is."""
    order = trade.place()
    integration = trade.orders(sync=trade.order_sync(statuses={"billed": "complete"}))
    integration.run().raise_for_failure()
    made = trade.sales_order(order)

    found = asked(trade, integration, order)
    assert (found.state, found.netsuite_id) == ("linked", made["id"])
    assert "salesOrder acme-order-1: done at 2026-03-02 09:00:0" in str(found)
    assert f"gave {made['id']}" in str(found)
    assert found.now == ["nothing: both sides agree"]
    assert integration.explain("orders", netsuite_id=made["id"]).unit_id == order

    trade.bill(made["id"])
    trade.change(made["id"], tranId="SO-77")
    found = asked(trade, integration, order)
    assert "SO-77" in str(found)


def test_one_that_nobody_has_seen_yet(trade: Trade) -> None:
    """New: what a run would do, in order, without ids that are not there yet."""
    integration = trade.orders()
    integration.run().raise_for_failure()
    order = trade.place()
    found = asked(trade, integration, order)
    assert found.state == "new"
    assert found.now[0] == f"create salesOrder acme-order-{order} in NetSuite"
    assert found.now[-1] == "look again at what is there then, and decide anew"


def test_a_pending_one(trade: Trade) -> None:
    """On the work list, as the run was cut short."""
    order = trade.place()
    integration = trade.orders()
    trade.sandbox.netsuite.faults.add(
        Fault("503", path="/salesOrder", times=None), Fault("503", path="/system", times=None)
    )
    assert integration.run().failure is not None
    found = asked(trade, integration, order)
    assert found.state in ("pending", "retrying")
    assert "work list" in str(found)


def test_a_held_one(trade: Trade) -> None:
    order = trade.place(customer=2)
    integration = trade.orders()
    integration.run().raise_for_failure()
    trade.later(days=40)
    found = asked(trade, integration, order)
    assert found.state == "held"
    assert "since 2026-03-02" in str(found)
    assert "bob@example.com" in found.now[0]


@pytest.mark.parametrize("why", ["filter", "start", "canceled"])
def test_one_that_is_left_out(trade: Trade, why: str) -> None:
    """By which rule."""

    def wholesale(order: object) -> bool:
        return False

    options = {
        "filter": {"filter": Matching(wholesale)},
        "start": {"start_at": START + timedelta(days=1)},
        "canceled": {},
    }[why]
    words = {"filter": "left out: wholesale says no", "start": "placed before start_at", "canceled": "was canceled"}
    order = trade.place()
    if why == "canceled":
        with trade.sandbox.zoey.acting() as app:
            app.cancel_order(order)
    integration = trade.orders(sync=trade.order_sync(**options))
    integration.run().raise_for_failure()
    found = asked(trade, integration, order)
    assert found.state == "new"
    assert words[why] in str(found)
    assert found.now[0].startswith("left out:")


def test_a_dismissed_one(trade: Trade) -> None:
    order = trade.place(customer=2)
    integration = trade.orders()
    integration.run().raise_for_failure()
    integration.attention.dismiss(everything=True)
    found = asked(trade, integration, order)
    assert found.state == "dismissed"
    assert "release()" in str(found)
    assert found.now == ["nothing: it is not made by itself any more"]


def test_a_guest(trade: Trade) -> None:
    order = trade.place(customer=None)
    integration = trade.orders()
    integration.run().raise_for_failure()
    assert "no rule says who is billed for guests" in asked(trade, integration, order).now[0]


def test_one_that_is_not_there(trade: Trade) -> None:
    integration = trade.orders()
    integration.run().raise_for_failure()
    for found in (asked(trade, integration, "999"), integration.explain("orders", netsuite_id="999")):
        assert found.state == "absent"
        assert found.facts


def test_one_whose_answer_was_lost(trade: Trade) -> None:
    """Nobody knows whether the comment was written: that is said, with what to do."""
    shop = Shop(trade)
    shop.warranty(1)
    integration = shop.integration(UnmarkedSync())
    shop.faults(Fault("reset", when="after", method="POST", path="/comments"))
    integration.run()
    found = asked(trade, integration, "1", "warranties")
    assert "started, and its outcome is open" in str(found)
    trade.later(minutes=10)
    integration.run()
    found = asked(trade, integration, "1", "warranties")
    assert found.state == "held"
    assert "dismiss it (it has) or retry it (it has not)" in " ".join(str(found).split())


def test_as_data(trade: Trade) -> None:
    order = trade.place()
    integration = trade.orders()
    integration.run().raise_for_failure()
    assert asked(trade, integration, order).as_data()["unit_id"] == order
