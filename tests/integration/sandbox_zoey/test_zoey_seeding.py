"""Putting records into the sandboxed store, and what a person in its admin does."""

from __future__ import annotations

from typing import Any

import pytest
from integration.sandbox_zoey.zoey_caller import Caller, open_store

from zoey_netsuite.sandbox import samples
from zoey_netsuite.sandbox.zoey import ZoeyApp


def test_stock_items_may_bring_their_own_numbers() -> None:
    app = open_store()
    app.seed(
        {
            "products": [{"entity_id": 501, "sku": "A", "qty": 1}, {"sku": "B", "qty": 2}, {"sku": "C", "qty": 3}],
            "stockitems": [{"item_id": 77, "product_id": 501, "qty": 9}, {"product_sku": "C", "min_qty": 4}],
        }
    )
    items = {item["product_id"]: item for item in Caller(app).get("stockitems")}
    assert sorted(items) == ["501", "502", "503"]
    assert (items["501"]["item_id"], items["501"]["qty"]) == ("77", "9.0000")
    assert (items["503"]["qty"], items["503"]["is_in_stock"]) == ("3.0000", "0")
    assert len({item["item_id"] for item in items.values()}) == 3
    app.seed({"products": [{"sku": "D"}]})
    assert app.stock(504)["product_sku"] == "D"


def test_a_stock_item_seeded_later_takes_the_old_one_s_place() -> None:
    app = open_store()
    app.seed({"products": [{"sku": "A", "qty": 1}]})
    old = app.stock(1)["item_id"]
    app.seed({"stockitems": [{"product_sku": "A", "qty": 6}]})
    assert (app.stock(1)["qty"], app.stock(1)["item_id"]) == ("6.0000", old)
    assert app.count("stockitems") == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"widgets": []}, "widgets"),
        ({"stockitems": [{"product_id": 9}]}, "product 9"),
        ({"stockitems": [{"product_sku": "Z"}]}, "'Z'"),
        ({"products": [{"entity_id": 1}, {"entity_id": 1}]}, "products already"),
        ({"products": [{"net suite": 1}]}, "net suite"),
        ({"attributes": {"widgets": ["a"]}}, "widgets"),
        ({"customers": [{"firstname": "A"}]}, "into customers"),
        ({"customers": {"firstname": "A"}}, "list"),
        ({"accounts": [{"name": "A", "contacts": [{"customer_id": 5}]}]}, "into accounts"),
    ],
)
def test_what_cannot_be_seeded_is_named_and_leaves_nothing(data: Any, words: str) -> None:
    app = open_store()
    with pytest.raises(ValueError, match=words):
        app.seed({"products": [], **data})
    assert [app.count(name) for name in ("products", "stockitems", "customers", "accounts")] == [0, 0, 0, 0]
    app.seed({"products": [{"sku": "A"}]})
    assert "net suite" not in Caller(app).get("products/1")


def test_a_contact_of_a_seeded_account_may_be_a_new_customer() -> None:
    app = open_store()
    person = {"firstname": "Jo", "lastname": "Li", "email": "jo@example.com"}
    app.seed({"products": [{"sku": "A"}]})
    app.seed({"accounts": [{"name": "A", "contacts": [person]}, {"name": "B", "contacts": [person]}]})
    assert app.count("customers") == 1
    order = app.place_order([{"sku": "A"}], customer_id=1)
    assert (order["customer_email"], order["company_id"]) == ("jo@example.com", "2")


def test_the_sample_wholesaler_fits() -> None:
    """E5: what the demonstration starts with."""
    app = ZoeyApp()
    data = samples.wholesaler()["zoey"]
    app.seed(data)
    for name in ("products", "accounts", "customers", "orders"):
        assert app.count(name) == len(data[name])
    assert app.count("stockitems") == app.count("products")


def test_what_a_person_does_in_the_admin() -> None:
    app = open_store()
    app.seed({"products": [{"sku": "A", "qty": 5}, {"sku": "B"}]})
    app.clock.advance(5)
    app.set_product(1, no_sync=True, price="3")
    app.set_stock(1, qty=4)
    product = Caller(app).get("products/1")
    assert (product["no_sync"], product["price"], product["updated_at"]) == ("1", "3.0000", "2026-03-01 12:00:05")
    assert app.stock(1)["qty"] == "4.0000"
    app.delete_product(2)
    assert (app.record("products", 2), app.count("stockitems")) == (None, 1)
    for wrong in (
        lambda: app.stock(2),
        lambda: app.order(7),
        lambda: app.set_product(2, price=1),
        lambda: app.delete_product(2),
        lambda: app.set_stock(1, qty="x"),
        lambda: app.cancel_order(1),
    ):
        with pytest.raises(ValueError):
            wrong()
