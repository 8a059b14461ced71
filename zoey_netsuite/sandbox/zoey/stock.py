"""Stock items: how many of a product may be sold, changed one by one and in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey.errors import INVALID_DATA, UPDATED, Refused, bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import STOCK_ITEMS
from zoey_netsuite.sandbox.zoey.reading import done, list_of, one_of
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, decimal_text, is_number, is_set, number, text

DEFAULTS: Mapping[str, JSON] = {
    "stock_id": "1",
    "qty": "0.0000",
    "min_qty": "0.0000",
    "is_in_stock": "0",
    "manage_stock": "1",
    "use_config_manage_stock": "1",
    "use_config_min_qty": "1",
    "backorders": "0",
    "use_config_backorders": "1",
    "is_qty_decimal": "0",
}
_READ_ONLY = ("product_id", "product_sku", "stock_id", "updated_at")


def of_product(shop: Shop, product_id: str | int) -> Document | None:
    """A product's stock item."""
    return next(iter(shop.records.find(STOCK_ITEMS, "product_id", int(product_id))), None)


def move(shop: Shop, product_id: str | int, by: Decimal) -> None:
    """Count a product's stock up or down, as far as it is managed."""
    item = of_product(shop, product_id)
    if item is not None and is_set(item["manage_stock"]):
        change(shop, item, {"qty": decimal_text(number(item["qty"]) + by)})


def change(shop: Shop, item: Document, changes: Mapping[str, JSON]) -> Document:
    """Change a stock item. Raises Refused for values that it cannot have."""
    problems = _problems(changes)
    if problems:
        raise not_valid(*problems)
    item.update(shop.accepted(STOCK_ITEMS, changes, _READ_ONLY))
    if (
        shop.settings.auto_in_stock
        and "qty" in changes
        and "is_in_stock" not in changes
        and is_set(item["manage_stock"])
    ):
        sellable = number(item["qty"]) > number(item["min_qty"]) or is_set(item["backorders"])
        item["is_in_stock"] = "1" if sellable else "0"
    return shop.save(STOCK_ITEMS, item)


def _problems(data: Mapping[str, JSON]) -> list[str]:
    return [
        f'Invalid value for "{name}" in request.'
        for name in ("qty", "min_qty")
        if name in data and not is_number(data[name])
    ]


def _put(shop: Shop, call: Call) -> Answer:
    change(shop, shop.required(STOCK_ITEMS, call.id), call.fields())
    return done()


def _put_many(shop: Shop, call: Call) -> Answer:
    entries = as_array(call.data())
    if not entries:
        raise bad_request(INVALID_DATA)
    if len(entries) > shop.settings.bulk_limit:
        raise bad_request(f"No more than {shop.settings.bulk_limit} records can be updated in one request.")
    said: dict[str, list[Document]] = {}
    for entry in entries:
        problem = _put_entry(shop, entry)
        fields = as_object(entry) or {}
        named = {"item_id": text(fields["item_id"])} if "item_id" in fields else {}
        if problem is None:
            said.setdefault("success", []).append({**named, "message": UPDATED, "code": 200})
        else:
            said.setdefault("error", []).append({**named, "message": problem, "code": 400})
    return shop.rendering.answer(said, 207)


def _put_entry(shop: Shop, entry: JSON) -> str | None:
    fields = as_object(entry)
    if fields is None:
        return "Resource data invalid."
    if not is_number(fields.get("item_id")):
        return 'Invalid value for "item_id" in request.'
    item = shop.records.get(STOCK_ITEMS, fields["item_id"])
    if item is None:
        return f"StockItem #{fields['item_id']} not found."
    try:
        change(shop, item, fields)
    except Refused as refused:
        return refused.faults[0].message
    return None


ROUTES = (
    Route("stockitems", {"GET": list_of(STOCK_ITEMS), "PUT": _put_many}),
    Route("stockitems/{id}", {"GET": one_of(STOCK_ITEMS), "PUT": _put}),
)
