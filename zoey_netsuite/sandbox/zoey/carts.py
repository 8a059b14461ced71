"""Carts: how an order is put together by calls, and turned into one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey import placing
from zoey_netsuite.sandbox.zoey.errors import bad_request
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, CARTS, CUSTOMERS, PRODUCTS
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Handler, Route
from zoey_netsuite.sandbox.zoey.shop import Shop, nested_as_kept
from zoey_netsuite.sandbox.zoey.values import as_object, entries, is_number, number, text

_Change: TypeAlias = Callable[[Shop, Document, Mapping[str, JSON]], None]


def _create(shop: Shop, call: Call) -> Answer:
    return shop.rendering.answer(int(shop.create(CARTS, {})["id"]))


def _open_cart(shop: Shop, cart_id: JSON) -> Document:
    cart = shop.records.get(CARTS, text(cart_id) or "")
    if cart is None or cart.get("order"):
        raise bad_request(f"Cart {text(cart_id)} does not exist or is not active.")
    return cart


def _changing(change: _Change) -> Handler:
    def handle(shop: Shop, call: Call) -> Answer:
        data = call.fields()
        cart = _open_cart(shop, data.get("cartId"))
        change(shop, cart, {name: nested_as_kept(value) for name, value in data.items()})
        shop.save(CARTS, cart)
        return shop.rendering.answer(True)

    return handle


def _add_products(shop: Shop, cart: Document, data: Mapping[str, JSON]) -> None:
    lines = entries(data, "products")
    if not lines:
        raise bad_request("No products to add.")
    for line in lines:
        if shop.records.get(PRODUCTS, line.get("product_id") or "") is None:
            raise bad_request(f"Product {line.get('product_id')} does not exist.")
        if not is_number(line.get("qty")) or number(line["qty"]) <= 0:
            raise bad_request('Invalid value for "qty" in request.')
    cart["products"] = [*entries(cart, "products"), *lines]


def _set_customer(shop: Shop, cart: Document, data: Mapping[str, JSON]) -> None:
    customer = as_object(data.get("customerData")) or {}
    if customer.get("mode") != "guest" and shop.records.get(CUSTOMERS, customer.get("customer_id") or "") is None:
        raise bad_request(f"Customer {customer.get('customer_id')} does not exist.")
    cart["customer"] = customer


def _set_addresses(shop: Shop, cart: Document, data: Mapping[str, JSON]) -> None:
    known = {each["id"]: each for account in shop.records.select(ACCOUNTS) for each in entries(account, "addresses")}
    chosen: list[Document] = []
    for each in entries(data, "customerAddressData"):
        address = each
        if each.get("company_address_id"):
            found = known.get(each["company_address_id"])
            if found is None:
                raise bad_request(f"Address {each['company_address_id']} does not exist.")
            address = {name: found.get(name) for name in _ORDER_ADDRESS}
        chosen.append({**address, "address_type": each.get("mode")})
    cart["addresses"] = chosen


def _set_payment(shop: Shop, cart: Document, data: Mapping[str, JSON]) -> None:
    method = (as_object(data.get("method")) or {}).get("method")
    if method not in shop.settings.payment_methods:
        raise bad_request(f'Payment method "{method}" is not available.')
    cart["payment"] = method


def _set_shipping(shop: Shop, cart: Document, data: Mapping[str, JSON]) -> None:
    if not data.get("method"):
        raise bad_request("Shipping method is required.")
    cart["shipping"] = data["method"]


def _set_attributes(shop: Shop, cart: Document, data: Mapping[str, JSON]) -> None:
    cart["attributes"] = {**(cart.get("attributes") or {}), **(as_object(data.get("attributeData")) or {})}


def _convert(shop: Shop, call: Call) -> Answer:
    cart = _open_cart(shop, call.fields().get("id"))
    for name in ("products", "customer", "payment"):
        if not cart.get(name):
            raise bad_request(f"The cart has no {name}.")
    customer = cart["customer"]
    attributes: Document = cart.get("attributes") or {}
    header: Document = {
        **{name: value for name, value in attributes.items() if name not in placing.COMPUTED},
        "payment_method": cart["payment"],
        "shipping_method": cart.get("shipping"),
        "addresses": cart.get("addresses") or [],
    }
    if customer.get("mode") == "guest":
        header["customer_email"] = customer.get("email")
    else:
        header["customer_id"] = customer["customer_id"]
    if customer.get("company_location_id"):
        header["company_location_id"] = customer["company_location_id"]
    order = placing.place(shop, cart["products"], header)
    shop.save(CARTS, {**cart, "order": order["entity_id"]})
    return shop.rendering.answer(order[shop.settings.cart_answer])


_ORDER_ADDRESS = (
    "firstname",
    "lastname",
    "company",
    "street",
    "city",
    "region",
    "region_id",
    "postcode",
    "country_id",
    "telephone",
    "email",
)

ROUTES = (
    Route("checkout2/cart", {"POST": _create}),
    Route("checkout2/cart_product/add", {"POST": _changing(_add_products)}),
    Route("checkout2/cart_customer", {"PUT": _changing(_set_customer)}),
    Route("checkout2/cart_addresses", {"PUT": _changing(_set_addresses)}),
    Route("checkout2/cart_payment", {"PUT": _changing(_set_payment)}),
    Route("checkout2/cart_shipping", {"PUT": _changing(_set_shipping)}),
    Route("checkout2/cart_attributes", {"PUT": _changing(_set_attributes)}),
    Route("checkout2/cart_order", {"POST": _convert}),
)
