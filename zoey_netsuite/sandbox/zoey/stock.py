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
from zoey_netsuite.sandbox.zoey.values import decimal_text, is_number, is_set, number, text

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
        _change(shop, item, {"qty": decimal_text(number(item["qty"]) + by)})


def _change(shop: Shop, item: Document, change: Mapping[str, JSON]) -> None:
    item.update(change)
    if shop.settings.auto_in_stock and "qty" in change and "is_in_stock" not in change and is_set(item["manage_stock"]):
        sellable = number(item["qty"]) > number(item["min_qty"]) or is_set(item["backorders"])
        item["is_in_stock"] = "1" if sellable else "0"
    shop.save(STOCK_ITEMS, item)


def _problems(data: Mapping[str, JSON]) -> list[str]:
    return [
        f'Invalid value for "{name}" in request.'
        for name in ("qty", "min_qty")
        if name in data and not is_number(data[name])
    ]


def _put(shop: Shop, call: Call) -> Answer:
    item, data = shop.required(STOCK_ITEMS, call.id), call.data()
    change = shop.accepted(STOCK_ITEMS, data, _READ_ONLY)
    problems = _problems(data)
    if problems:
        raise not_valid(*problems)
    _change(shop, item, change)
    return done()


def _put_many(shop: Shop, call: Call) -> Answer:
    entries = call.data()
    if not isinstance(entries, list) or not entries:
        raise bad_request(INVALID_DATA)
    if len(entries) > shop.settings.bulk_limit:
        raise bad_request(f"No more than {shop.settings.bulk_limit} records can be updated in one request.")
    said: dict[str, list[Document]] = {}
    for entry in entries:
        problem = _put_entry(shop, entry)
        named = {"item_id": text(entry["item_id"])} if isinstance(entry, dict) and "item_id" in entry else {}
        if problem is None:
            said.setdefault("success", []).append({**named, "message": UPDATED, "code": 200})
        else:
            said.setdefault("error", []).append({**named, "message": problem, "code": 400})
    return shop.rendering.answer(said, 207)


def _put_entry(shop: Shop, entry: JSON) -> str | None:
    if not isinstance(entry, dict):
        return "Resource data invalid."
    if not is_number(entry.get("item_id")):
        return 'Invalid value for "item_id" in request.'
    item = shop.records.get(STOCK_ITEMS, text(entry["item_id"]) or "")
    if item is None:
        return f"StockItem #{text(entry['item_id'])} not found."
    try:
        change = shop.accepted(STOCK_ITEMS, entry, _READ_ONLY)
    except Refused as refused:
        return str(refused)
    problems = _problems(entry)
    if problems:
        return problems[0]
    _change(shop, item, change)
    return None


ROUTES = (
    Route("stockitems", {"GET": list_of(STOCK_ITEMS), "PUT": _put_many}),
    Route("stockitems/{id}", {"GET": one_of(STOCK_ITEMS), "PUT": _put}),
)
