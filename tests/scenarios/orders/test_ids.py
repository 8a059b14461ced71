"""Ids that people type or import: what a spreadsheet made of them is refused by name, never read as another id (G1)."""

from __future__ import annotations

import pytest
from support.trade import Trade

from zoey_netsuite import ConfigurationError, InventorySync, OrderMapper, Table

SPREADSHEET = {102: "0014", 103: "000", 104: "13.0", 105: "1.8E+1"}
"""What stands in the products' attributes, by product."""


def test_of_items_in_orders_as_in_stock(trade: Trade) -> None:
    """O3, I1: NetSuite would read `0014` as item 14. Each is held with its product; mended, it goes; others always."""
    for product, given in SPREADSHEET.items():
        trade.shop.products.update(str(product), {"netsuite_id": given})
    orders = {product: trade.place((product, 1)) for product in SPREADSHEET}
    good = trade.place((101, 1))
    integration = trade.orders(InventorySync())
    integration.run().raise_for_failure()

    assert set(trade.sales_orders()) == {f"acme-order-{good}"}
    in_orders = {item.unit_id: item.message for item in integration.attention.list(sync="orders")}
    in_stock = {item.unit_id: item.message for item in integration.attention.list(sync="inventory")}
    for product, given in SPREADSHEET.items():
        named = f"(product {product}, whose netsuite_id is '{given}', which is no internal id)"
        assert named in in_orders[orders[product]]
        assert f"Zoey product {product} (SKU" in in_stock[str(product)]
        assert f"NetSuite item {given} in its attribute netsuite_id, which is no internal id" in in_stock[str(product)]

    trade.shop.products.update("102", {"netsuite_id": "2"})
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert set(trade.sales_orders()) == {f"acme-order-{good}", f"acme-order-{orders[102]}"}


def test_of_customers(trade: Trade) -> None:
    """O1: of the account, and of the person, which goes before it."""
    with trade.sandbox.zoey.acting() as app:
        customers = [{"entity_id": 3, "email": "cy@example.com"}, {"entity_id": 4, "email": "di@example.com"}]
        app.seed({"attributes": {"customers": ["netsuite_id"]}})
        app.seed({"customers": [{"firstname": "C", "lastname": "D", **row} for row in customers]})
        contacts = [{"customer_id": "3"}, {"customer_id": "4"}]
        app.seed({"accounts": [{"id": 13, "name": "Cy & Di", "external_id": "0501", "contacts": contacts}]})
    trade.shop.customers.update("2", {"netsuite_id": "501.0"})
    trade.shop.customers.update("4", {"netsuite_id": "501"})
    bob, cy, di = (trade.place(customer=person) for person in (2, 3, 4))
    integration = trade.orders()
    integration.run().raise_for_failure()

    assert set(trade.sales_orders()) == {f"acme-order-{di}"}
    held = {item.unit_id: item.message for item in integration.attention.list()}
    assert "Zoey customer 2 (bob@example.com) has '501.0' in netsuite_id, which is no internal id" in held[bob]
    assert "Zoey account 13 (Cy & Di) has '0501' in external_id, which is no internal id" in held[cy]

    trade.shop.customers.update("2", {"netsuite_id": "501"})
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert set(trade.sales_orders()) == {f"acme-order-{di}", f"acme-order-{bob}"}


def test_kinds_of_links(trade: Trade) -> None:
    """G4: a misspelt kind would be kept, looked at by nothing, and the order made again."""
    order = trade.place()
    integration = trade.orders(InventorySync())
    for wrong in ("order", "Orders", "salesOrder"):
        with pytest.raises(ConfigurationError, match=r'takes "buyers" or "orders" or "stock", not \'' + wrong):
            integration.link(wrong, zoey_id=order, netsuite_id="501")
    integration.link("orders", zoey_id=order, netsuite_id="501")
    integration.run().raise_for_failure()
    assert trade.sales_orders() == {}


@pytest.mark.parametrize("wrong", SPREADSHEET.values())
def test_of_tables(wrong: str) -> None:
    """O4: ids that a mapper is given are refused where they are given."""
    with pytest.raises(ConfigurationError, match=r"ship_methods=…\) maps 'ups' to .*, which is no internal id"):
        OrderMapper(ship_methods=Table({"ups": wrong}))
    with pytest.raises(ConfigurationError, match="terms"):
        OrderMapper(terms=Table(otherwise=wrong))
