"""Carts of the sandboxed store: an order put together call by call."""

from __future__ import annotations

import json
from typing import Any

import pytest
from integration.sandbox_zoey.zoey_caller import Caller, errors, open_store


@pytest.fixture
def shop() -> Caller:
    return open_shop()


def open_shop(**settings: Any) -> Caller:
    app = open_store(**settings)
    app.seed(
        {
            "products": [{"sku": "A", "price": 10, "qty": 100}],
            "customers": [{"firstname": "Jane", "lastname": "Doe", "email": "jane@example.com"}],
            "accounts": [
                {
                    "name": "Acme",
                    "contacts": [{"customer_id": 1}],
                    "addresses": [{"id": 901, "street": ["1 Main St"], "city": "Austin", "country_id": "US"}],
                }
            ],
        }
    )
    return Caller(app)


def filled(shop: Caller) -> int:
    cart = json.loads(shop.call("POST", "checkout2/cart").body)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "cart_product/add", {"products": [{"product_id": 1, "qty": 3}]}),
        ("PUT", "cart_customer", {"customerData": {"customer_id": 1, "company_location_id": None, "mode": "customer"}}),
        ("PUT", "cart_addresses", {"customerAddressData": [{"mode": "billing", "company_address_id": 901}]}),
        ("PUT", "cart_payment", {"method": {"method": "netterm"}}),
        ("PUT", "cart_shipping", {"method": "flatrate_flatrate"}),
        ("PUT", "cart_attributes", {"attributeData": {"po_number": "PO-1", "grand_total": 1}}),
    ]
    for method, path, body in steps:
        answer = shop.call(method, f"checkout2/{path}", body={"cartId": cart, **body})
        assert (answer.status, answer.body) == (200, b"true"), (path, answer)
    return int(cart)


def test_a_cart_becomes_an_order(shop: Caller) -> None:
    """O11: orders entered in NetSuite appear in Zoey by way of a cart."""
    answer = shop.post("checkout2/cart_order", {"id": filled(shop)})
    assert (answer.status, answer.body) == (200, b'"100000001"')
    order = shop.get("orders/1")
    assert (order["increment_id"], order["po_number"], order["payment_method"]) == ("100000001", "PO-1", "netterm")
    assert (order["grand_total"], order["customer_email"]) == ("30.0000", "jane@example.com")
    assert (order["addresses"][0]["city"], order["addresses"][0]["address_type"]) == ("Austin", "billing")
    assert shop.app.stock(1)["qty"] == "97.0000"


def test_the_answer_may_be_the_order_s_id() -> None:
    shop = open_shop(cart_answer="entity_id")
    assert shop.post("checkout2/cart_order", {"id": filled(shop)}).body == b'"1"'


def test_a_cart_is_converted_once(shop: Caller) -> None:
    cart = filled(shop)
    shop.post("checkout2/cart_order", {"id": cart})
    assert errors(shop.post("checkout2/cart_order", {"id": cart}))[0][0] == 400
    assert shop.app.count("orders") == 1


def test_a_cart_is_a_bare_number_and_each_is_new(shop: Caller) -> None:
    assert [json.loads(shop.call("POST", "checkout2/cart").body) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "cart_product/add", {"products": []}),
        ("POST", "cart_product/add", {"products": [{"product_id": 7, "qty": 1}]}),
        ("POST", "cart_product/add", {"products": [{"product_id": 1, "qty": 0}]}),
        ("PUT", "cart_customer", {"customerData": {"customer_id": 7, "mode": "customer"}}),
        ("PUT", "cart_addresses", {"customerAddressData": [{"mode": "billing", "company_address_id": 7}]}),
        ("PUT", "cart_payment", {"method": {"method": "barter"}}),
        ("PUT", "cart_shipping", {}),
    ],
)
def test_what_a_cart_refuses(shop: Caller, method: str, path: str, body: Any) -> None:
    cart = json.loads(shop.call("POST", "checkout2/cart").body)
    assert errors(shop.call(method, f"checkout2/{path}", body={"cartId": cart, **body}))[0][0] == 400
    assert errors(shop.call(method, f"checkout2/{path}", body={"cartId": 99, **body}))[0][0] == 400
    assert errors(shop.post("checkout2/cart_order", {"id": cart}))[0][0] == 400
