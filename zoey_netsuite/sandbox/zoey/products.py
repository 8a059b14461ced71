"""Products: made by hand in the store, and changed through the API as far as prices, status and attributes go."""

from __future__ import annotations

from collections.abc import Mapping

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey.errors import not_valid
from zoey_netsuite.sandbox.zoey.kinds import PRODUCTS
from zoey_netsuite.sandbox.zoey.reading import done, list_of, one_of, plain
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, decimal_text, is_number

TYPES = ("simple", "configurable", "grouped", "bundle", "virtual", "downloadable")
DEFAULTS: Mapping[str, JSON] = {
    "attribute_set_id": "4",
    "type_id": "simple",
    "status": "1",
    "visibility": "4",
    "tax_class_id": "2",
    "price": "0.0000",
    "weight": "1.0000",
}
_READ_ONLY = ("type_id", "attribute_set_id", "created_at", "updated_at")
_PRICES = ("price", "special_price", "weight", "cost")
_GROUP_PRICE = ("website_id", "cust_group", "price")
_TIER_PRICE = (*_GROUP_PRICE, "price_qty")

_plain = plain(PRODUCTS)


def _in_list(shop: Shop, product: Document) -> Document:
    # Magento gives the prices by group and quantity with a single product only.
    return _plain(shop, {name: value for name, value in product.items() if name not in ("group_price", "tier_price")})


def _alone(shop: Shop, product: Document) -> Document:
    return {"group_price": [], "tier_price": [], **_plain(shop, product)}


def _put(shop: Shop, call: Call) -> Answer:
    product = shop.required(PRODUCTS, call.id)
    change = shop.accepted(PRODUCTS, call.data(), _READ_ONLY)
    apply_change(shop, product, change, call.data())
    return done()


def apply_change(shop: Shop, product: Document, change: Mapping[str, JSON], sent: Mapping[str, JSON]) -> Document:
    """Change a product. Raises Refused for values that a product cannot have."""
    problems = [
        f'Please enter a number 0 or greater in the "{name}" field.'
        for name in _PRICES
        if sent.get(name) not in (None, "") and (not is_number(sent[name]) or float(sent[name]) < 0)
    ]
    if "status" in change and change["status"] not in ("1", "2"):
        problems.append('Invalid value for "status" in request.')
    if "sku" in change and not change["sku"]:
        problems.append('Empty value for "sku" in request.')
    for name, keys in (("group_price", _GROUP_PRICE), ("tier_price", _TIER_PRICE)):
        problems.extend(_price_problems(name, keys, change.get(name)))
    if problems:
        raise not_valid(*problems)
    for name in ("group_price", "tier_price"):
        if name in change:
            change = {**change, name: [_price_row(row) for row in change[name] or ()]}
    product.update(change)
    return shop.save(PRODUCTS, product)


def _price_problems(name: str, keys: tuple[str, ...], rows: JSON) -> list[str]:
    if rows is None:
        return []
    given = as_array(rows)
    if given is None:
        return [f'Invalid value for "{name}" in request.']
    problems: list[str] = []
    for at, each in enumerate(given):
        row = as_object(each) or {}
        absent = [key for key in keys if row.get(key) is None]
        if absent:
            problems.append(f'The "{absent[0]}" value in the "{name}" set (row {at}) is a required field.')
        elif not is_number(row["price"]) or float(row["price"]) < 0:
            problems.append(f'Please enter a number 0 or greater in the "price" field of the "{name}" set (row {at}).')
    return problems


def _price_row(row: Mapping[str, JSON]) -> Document:
    return {name: decimal_text(value) if name in ("price", "price_qty") else value for name, value in row.items()}


ROUTES = (
    Route("products", {"GET": list_of(PRODUCTS, _in_list)}),
    Route("products/{id}", {"GET": one_of(PRODUCTS, _alone), "PUT": _put}),
)
