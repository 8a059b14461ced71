"""Adopting, rebuilding, verifying and checking name the one record that can't be read, and go on (G4, G5, G8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.spoiled import changed, spoiled
from support.trade import CUSTOMER, Trade

from zoey_netsuite import ConfigurationError, InventorySync, MemoryStore, Order
from zoey_netsuite.sandbox.zoey.kinds import ORDERS
from zoey_netsuite.state.store import Put
from zoey_netsuite.zoey import ZoeyBehavior


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    with Trade(tmp_path_factory.mktemp("trade"), products=3) as made:
        yield made


@pytest.fixture
def trade(opened: Trade) -> Trade:
    return opened.anew()


def enter(trade: Trade, **header: Any) -> str:
    """Somebody enters a sales order that comes to what `place` does."""
    lines = [{"item": "1", "quantity": 2, "rate": 12.5, "price": "-1"}]
    record = {"entity": CUSTOMER, "currency": "1", "shippingCost": 5, "item": {"items": lines}, **header}
    return str(trade.erp.create("salesOrder", record))


@pytest.mark.parametrize("netsuite_id", ["SO-17", "acme-order-1", "17.0", "1 7", "\uff11\uff17"])
def test_link_to_what_is_no_id(trade: Trade, netsuite_id: str) -> None:
    """G4: refused in words where it enters; nothing stands in the way of any run."""
    order = trade.place()
    integration = trade.orders()
    with pytest.raises(ConfigurationError) as caught:
        integration.link("orders", zoey_id=order, netsuite_id=netsuite_id)
    assert f"netsuite_id={netsuite_id!r} can't be the id of a record there" in str(caught.value)
    assert "not its number" in str(caught.value)
    integration.run().raise_for_failure()
    assert list(trade.sales_orders()) == [f"acme-order-{order}"]


def test_adopt(trade: Trade) -> None:
    """G8: a sales order that can't be read is a question about its order; so is an order that can't be read."""
    good, bad, unmarked, odd = [trade.place(po_number=f"PO-{number}") for number in range(4)]
    made = {number: enter(trade, otherRefNum=f"PO-{number}") for number in range(4)}
    integration = trade.orders()
    erp, shop = trade.sandbox.netsuite, trade.sandbox.zoey
    with (
        spoiled(erp, "/suiteql", {"id": made[1]}, foreigntotal="lots"),
        spoiled(erp, "/suiteql", {"id": made[2]}, mark={"a": "b"}),
        spoiled(shop, "/orders", {"entity_id": odd}, grand_total="lots"),
    ):
        adopted = integration.adopt("orders", match="po_number")

    assert {one.zoey_id: one.link and one.link.netsuite_id for one in adopted.linked} == {
        good: made[0],
        unmarked: made[2],
    }
    questions = {one.zoey_id: one.question for one in adopted.questions}
    assert questions.keys() == {bad, odd}
    assert "foreigntotal is 'lots', which is no amount" in questions[bad]
    assert "grand_total, but Zoey sent 'lots'" in questions[odd]
    integration.run().raise_for_failure()
    assert len(trade.sales_orders()) == 4, "nothing is made of what a person has to look at"


def test_rebuild(trade: Trade, caplog: pytest.LogCaptureFixture) -> None:
    """G8: all others are linked; what can't be is logged, and its order is held and not made again."""
    good, bad, other = [trade.place() for _ in range(3)]
    trade.orders().run().raise_for_failure()
    stray = enter(trade, externalId="acme-order-abc")
    number = trade.sales_order(bad)["id"]
    trade.later(minutes=30)
    again = trade.orders(store=MemoryStore(clock=trade.clock))
    with spoiled(trade.sandbox.netsuite, "/suiteql", {"id": number}, tranid=["a"]):
        assert again.rebuild() == {"orders": 2}
        told = "\n".join(entry.getMessage() for entry in caplog.records)
        assert f"the sales order with id '{stray}' and external id 'acme-order-abc' was not linked" in told
        assert f"the sales order with id '{number}' and external id 'acme-order-{bad}' was not linked" in told
        again.run().raise_for_failure()
        assert [item.unit_id for item in again.attention.list()] == [bad]
    assert {good, other} < {item.rpartition("-")[2] for item in trade.sales_orders()}
    assert len(trade.sales_orders()) == 4


def test_verify(trade: Trade) -> None:
    """G5: each record that can't be compared is a difference; differences of all others are found."""
    differs, total, header, old = [trade.place() for _ in range(4)]
    integration = trade.integration(trade.order_sync(), InventorySync())
    integration.run().raise_for_failure()
    trade.change(trade.sales_order(differs)["id"], shippingCost=6)
    trade.store.commit(
        [Put(("acme", "link", "orders", "zoey", old), {"netsuite": "SO-17", "root": f"orders/{old}", "data": {}})]
    )
    number = trade.sales_order(total)["id"]
    erp, shop = trade.sandbox.netsuite, trade.sandbox.zoey
    with (
        spoiled(erp, "/suiteql", {"id": number}, foreigntotal="lots"),
        spoiled(shop, "/orders", {"entity_id": header}, grand_total="lots"),
    ):
        found = {one.zoey_id: str(one) for one in integration.verify("orders")}
    assert found.keys() == {differs, total, header, old}
    assert f"total of order 10000000{differs}" in found[differs]
    assert f"NetSuite {number}) is unreadable: sales order" in found[total]
    assert "foreigntotal is 'lots', which is no amount" in found[total]
    assert "grand_total, but Zoey sent 'lots'" in found[header]
    assert "'SO-17', which is no internal id" in found[old]

    trade.set_zoey(103, 7)
    with (
        spoiled(erp, "/suiteql", {"item": "1"}, quantity="lots"),
        spoiled(shop, "/stockitems", {"product_id": "102"}, qty="some"),
    ):
        stock = {one.zoey_id: str(one) for one in integration.verify("inventory")}
    assert stock.keys() == {"101", "102", "103"}
    assert "is lots, which is no number" in stock["101"]
    assert "qty, but Zoey sent 'some'" in stock["102"]
    assert "qty of SKU SKU-3" in stock["103"]


def test_check(trade: Trade) -> None:
    """G5: an order or a product of the samples that can't be read is a finding; all other findings still come."""
    bad = trade.place()
    trade.place(customer=2)

    def lacks(order: Order) -> bool:
        return order.total.amount > 1_000_000

    sync = trade.order_sync()
    with trade.sandbox.zoey.acting() as app:
        app.set_product(103, netsuite_id="")
    shop = trade.sandbox.zoey
    with (
        spoiled(shop, "/orders", {"entity_id": bad}, grand_total="lots"),
        spoiled(shop, "/products", {"entity_id": "101"}, price="cheap"),
        spoiled(shop, "/stockitems", {"product_id": "101"}, qty="some"),
    ):
        findings = trade.integration(sync, InventorySync(reserve_pending=lacks)).check()
    text = str(findings)
    assert not findings.errors, text
    for words in (
        f"1 of 2 newest orders can't be read: order {bad}: a number expected in grand_total",
        f"1 of 2 open orders can't be read: order {bad}",
        "1 of 3 products can't be read: product 101: a number expected in price",
        "people whose NetSuite customer is not known: bob@example.com",
        "1 of 2 products carry no netsuite_id",
    ):
        assert words in " ".join(text.split()), text


def test_check_names_orders_with_a_zero_date(trade: Trade) -> None:
    """G5, O10: however many orders have changed since. One without any date is named as long as it is among the last
    ones.
    """
    with trade.sandbox.zoey.acting() as app:
        zero = app.order(trade.place())
        app._shop.records.save(ORDERS, zero | {"created_at": "0000-00-00 00:00:00"})
    trade.later(minutes=1)
    for _ in range(5):
        last = trade.place()
    shop = trade.zoey(behavior=ZoeyBehavior(page_size=2))

    def undated(record: dict[str, Any]) -> None:
        del record["created_at"]

    with changed(trade.sandbox.zoey, "/orders", {"entity_id": last}, undated):
        (finding,) = [one for one in trade.orders(shop=shop).check() if "when they were placed" in one.what]
    assert finding.what.startswith("2 orders")
    assert f"(id {zero['entity_id']})" in finding.what
    assert f"(id {last})" in finding.what
