"""Filling the account, and reaching into it from a test."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.netsuite_shop import SEED, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.netsuite.app import NetSuiteApp
from zoey_netsuite.sandbox.netsuite.seed import SeedError
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings


def test_a_hundred_thousand_items_in_three_locations_are_seeded_in_seconds(clock: SandboxClock) -> None:
    app = NetSuiteApp(NetSuiteSettings(), clock)
    items = [{"id": 1000 + number, "itemid": f"SKU-{number}"} for number in range(100_000)]
    stock = [
        {"item": 1000 + number, "location": location, "quantityavailable": number % 50}
        for number in range(100_000)
        for location in (1, 2, 3)
    ]
    locations = [{"id": number, "name": f"L{number}"} for number in (1, 2, 3)]
    started = time.process_time()
    app.seed({"item": items, "stock": stock, "location": locations})
    assert time.process_time() - started < 20
    shop = Shop(app)
    assert app.count("inventoryItem") == 100_000
    query = "SELECT item, SUM(quantityavailable) AS q FROM aggregateitemlocation WHERE item = ? GROUP BY item"
    assert shop.rows(query, "1049") == [{"item": "1049", "q": "147"}]
    record = shop.record("inventoryItem/1049")
    assert (record["itemId"], record["isInactive"]) == ("SKU-49", False)
    shop.patch("inventoryItem/1049", {"displayName": "Changed"})
    assert shop.rows("SELECT displayname, itemid FROM item WHERE id = 1049") == [
        {"displayname": "Changed", "itemid": "SKU-49"}
    ]
    assert int(shop.create("inventoryItem", {"itemId": "AFTER"})) > 100_999


def test_items_by_type(shop: Shop) -> None:
    shop.app.seed(
        {"item": [{"id": 800, "itemid": "K", "type": "kitItem"}, {"id": 801, "itemid": "P", "itemtype": "Assembly"}]}
    )
    rows = shop.rows("SELECT id, itemtype FROM item WHERE id >= 800 ORDER BY id")
    assert rows == [{"id": "800", "itemtype": "Kit"}, {"id": "801", "itemtype": "Assembly"}]


def test_orders_are_seeded_by_the_account_s_own_rules(shop: Shop) -> None:
    shop.app.seed({"salesOrder": [{"id": 5000, "entity": 501, "item": [{"item": 11, "quantity": 2}], "location": 1}]})
    assert (shop.record("salesOrder/5000")["total"], shop.level(11)) == (20, (10, 8, 2))
    assert int(shop.order()) > 5000


def test_a_kit_takes_stock_of_its_members(shop: Shop) -> None:
    members = [{"item": 11, "quantity": 1}, {"item": 12, "quantity": 4}]
    shop.app.seed({"kitItem": [{"id": 810, "itemId": "KIT", "basePrice": 18, "member": {"items": members}}]})
    order = shop.order((810, 2))
    assert (shop.level(11), shop.level(12)) == ((10, 8, 2), (100, 92, 8))
    shop.transform(f"salesOrder/{order}", "itemFulfillment")
    assert (shop.level(11), shop.level(12)) == ((8, 8, 0), (92, 92, 0))


def test_a_bad_seed_says_what_is_wrong_and_puts_nothing_in(clock: SandboxClock) -> None:
    app = NetSuiteApp(NetSuiteSettings(), clock)
    with pytest.raises(SeedError, match=r"Cannot seed customer .*nope"):
        app.seed({"customer": [{"companyName": "Fine"}, {"companyName": "X", "nope": 1}]})
    assert app.count("customer") == 0
    with pytest.raises(SeedError, match="no such record type or table"):
        app.seed({"costumer": []})
    with pytest.raises(SeedError, match="no column wrong"):
        app.seed({"pricing": [{"item": 1, "wrong": 2}]})
    with pytest.raises(SeedError, match="custom field"):
        app.seed({"custom_fields": [{"name": "other_field"}]})


def test_helpers(shop: Shop) -> None:
    shop.app.set_stock(12, 2, available=5, on_hand=8)
    assert shop.level(12, 2) == (8, 5, 0)
    assert shop.app.count("customer") == 2
    assert (shop.app.record("customer", 501) or {})["companyName"] == "Acme"
    assert shop.app.record("customer", 9) is None
    shop.app.update("customer", 501, {"phone": "3"})
    assert shop.record("customer/501")["phone"] == "3"
    shop.app.delete("customer", 502)
    assert shop.app.count("customer") == 1


def test_a_database_file_is_gone_on_with(clock: SandboxClock, tmp_path: Path) -> None:
    path = str(tmp_path / "netsuite.db")
    first = NetSuiteApp(NetSuiteSettings(), clock, path)
    first.seed(SEED)
    made = Shop(first).order()
    first.database.connection.close()
    again = Shop(NetSuiteApp(NetSuiteSettings(), clock, path))
    assert again.record(f"salesOrder/{made}")["total"] == 47.5
    assert int(again.order()) > int(made)


def test_merged_customers_leave_no_trace_of_the_winner(clock: SandboxClock) -> None:
    """C6: contacts move, the loser is gone, and no table says where to."""
    shop = shop_with(clock)
    shop.order()
    shop.app.merge_customers(loser=501, winner=502)
    assert shop.send("GET", "/services/rest/record/v1/customer/501").status == 404
    assert shop.rows("SELECT company FROM contact WHERE id = 601") == [{"company": "502"}]
    assert shop.rows("SELECT entity FROM transaction") == [{"entity": "502"}]
    assert shop.record("contact/601")["company"]["id"] == "502"
