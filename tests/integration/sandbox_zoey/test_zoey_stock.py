"""Products and stock items of the sandboxed store, by signed requests."""

from __future__ import annotations

import json

import pytest
from integration.sandbox_zoey.zoey_caller import Caller, errors, open_store, where


@pytest.fixture
def shop() -> Caller:
    app = open_store()
    app.seed(
        {
            "products": [
                {"sku": "A", "price": "12.5", "qty": 3, "netsuite_id": "701"},
                {"sku": "B", "qty": 0},
                {"sku": "C", "qty": 9, "netsuite_id": "703"},
            ]
        }
    )
    return Caller(app)


def test_products_are_an_object_by_id_and_all_strings(shop: Caller) -> None:
    products = shop.get("products")
    assert list(products) == ["1", "2", "3"]
    assert products["1"]["entity_id"] == "1"
    assert products["1"]["price"] == "12.5000"
    assert products["1"]["netsuite_id"] == "701"
    assert products["1"]["created_at"] == "2026-03-01 12:00:00"
    assert "qty" not in products["1"]


def test_every_product_has_a_stock_item_of_another_number(shop: Caller) -> None:
    items = shop.get("stockitems")
    assert [(item["product_id"], item["product_sku"], item["qty"], item["is_in_stock"]) for item in items] == [
        ("1", "A", "3.0000", "1"),
        ("2", "B", "0.0000", "0"),
        ("3", "C", "9.0000", "1"),
    ]
    assert all(item["item_id"] != item["product_id"] for item in items)


def test_bulk_update_says_of_each_entry_what_became_of_it(shop: Caller) -> None:
    """I3: one bad entry does not stop the others."""
    first, _, third = (item["item_id"] for item in shop.get("stockitems"))
    shop.app.clock.advance(60)
    answer = shop.put(
        "stockitems",
        [
            {"item_id": first, "qty": 5},
            {"item_id": 99, "qty": 5},
            {"item_id": third, "qty": "many"},
            {"qty": 1},
            {"item_id": third, "qty": "0"},
        ],
    )
    assert answer.status == 207
    said = json.loads(answer.body)
    assert said["success"] == [
        {"item_id": first, "message": "Resource updated successful.", "code": 200},
        {"item_id": third, "message": "Resource updated successful.", "code": 200},
    ]
    assert [(each.get("item_id"), each["code"]) for each in said["error"]] == [("99", 400), (third, 400), (None, 400)]
    assert shop.app.stock(1)["qty"] == "5.0000"
    assert shop.app.stock(1)["updated_at"] == "2026-03-01 12:01:00"
    assert (shop.app.stock(3)["qty"], shop.app.stock(3)["is_in_stock"]) == ("0.0000", "0")
    assert shop.app.stock(2)["updated_at"] == "2026-03-01 12:00:00"


def test_bulk_update_of_good_entries_only_names_no_errors(shop: Caller) -> None:
    item = shop.get("stockitems")[0]["item_id"]
    assert list(json.loads(shop.put("stockitems", [{"item_id": item, "qty": 1}]).body)) == ["success"]


def test_bulk_update_takes_so_many_and_no_more(shop: Caller) -> None:
    entries = [{"item_id": 8, "qty": 1}] * 101
    assert errors(shop.put("stockitems", entries))[0][0] == 400
    assert shop.app.stock(1)["qty"] == "3.0000"
    assert shop.put("stockitems", entries[:100]).status == 207


@pytest.mark.parametrize("body", [[], {}, "text", b"{", b""])
def test_bulk_update_of_nothing_is_refused(shop: Caller, body: object) -> None:
    assert errors(shop.put("stockitems", body))[0][0] == 400


def test_one_stock_item(shop: Caller) -> None:
    item = shop.get("stockitems", *where("product_id", "eq", "2"))[0]["item_id"]
    answer = shop.put(f"stockitems/{item}", {"qty": 7.5, "product_id": 3})
    assert (answer.status, answer.body) == (200, b"")
    found = shop.get(f"stockitems/{item}")
    assert (found["qty"], found["is_in_stock"], found["product_id"]) == ("7.5000", "1", "2")
    assert errors(shop.put(f"stockitems/{item}", {"qty": "x"}))[-1] == (400, "Resource data pre-validation error.")
    assert errors(shop.put("stockitems/4711", {"qty": 1})) == [(404, "Resource not found.")]
    assert errors(shop.call("GET", "stockitems/abc")) == [(404, "Resource not found.")]


def test_a_product_s_prices_status_and_attributes_change(shop: Caller) -> None:
    """I4, I5: what a product's update takes, and what it drops without a word."""
    shop.app.clock.advance(60)
    change = {
        "price": 99,
        "special_price": "80.5",
        "status": 2,
        "netsuite_id": "9",
        "nobody_knows": "x",
        "type_id": "bundle",
        "group_price": [{"website_id": 0, "cust_group": 2, "price": 70}],
        "tier_price": [{"website_id": 0, "cust_group": 32000, "price_qty": 10, "price": "65"}],
    }
    assert shop.put("products/1", change).status == 200
    product = shop.get("products/1")
    assert (product["price"], product["special_price"], product["status"]) == ("99.0000", "80.5000", "2")
    assert (product["netsuite_id"], product["type_id"]) == ("9", "simple")
    assert "nobody_knows" not in product
    assert product["group_price"] == [{"website_id": "0", "cust_group": "2", "price": "70.0000"}]
    assert product["tier_price"][0]["price_qty"] == "10.0000"
    assert product["updated_at"] == "2026-03-01 12:01:00"
    assert "group_price" not in shop.get("products")["1"]


@pytest.mark.parametrize(
    "change",
    [
        {"price": -1},
        {"price": "cheap"},
        {"status": 7},
        {"sku": ""},
        {"group_price": [{"cust_group": 2, "price": 1}]},
        {"tier_price": [{"website_id": 0, "cust_group": 2, "price": 1}]},
        {"group_price": "1"},
    ],
)
def test_a_product_s_impossible_values_are_refused(shop: Caller, change: object) -> None:
    assert errors(shop.put("products/1", change))[-1] == (400, "Resource data pre-validation error.")
    assert shop.get("products/1")["price"] == "12.5000"


def test_a_change_of_unknown_attributes_only_is_refused_or_kept() -> None:
    for how, status in (("dropped", 400), ("refused", 400), ("kept", 200)):
        app = open_store(unknown_attributes=how)
        app.seed({"products": [{"sku": "A"}]})
        assert Caller(app).put("products/1", {"color": "red"}).status == status
        assert Caller(app).get("products/1").get("color") == ("red" if how == "kept" else None)
