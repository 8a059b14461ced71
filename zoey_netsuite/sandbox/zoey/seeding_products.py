"""Putting products in by the hundred thousand, each with a stock item of another number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.zoey import products, stock
from zoey_netsuite.sandbox.zoey.kinds import PRODUCTS, STOCK_ITEMS, AttributeType
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.shop import Shop, as_kept
from zoey_netsuite.sandbox.zoey.values import decimal_text, is_set, number

Row: TypeAlias = Mapping[str, JSON]

# A stock item has a number of its own. The first ones are skipped so that product and item ids overlap and differ:
# whoever takes one for the other changes another product's stock.
_FIRST_ITEM_ID = 8


def seed_products(shop: Shop, rows: Sequence[Row], stock_rows: Sequence[Row]) -> None:
    """Put products in, each with a stock item: the one given for its id or SKU, or one made up from its `qty`.

    A product may have `qty`, `min_qty`, `manage_stock`, `backorders` and `is_in_stock`, which go to its stock item.
    """
    taken = {name for row in rows for name in row}
    shop.records.declare(PRODUCTS, [name for name in taken if name not in STOCK_ITEMS.attributes])
    types = shop.records.attributes(PRODUCTS)
    documents, items = _products(shop, rows, types)
    shop.records.load(PRODUCTS, documents)
    _seed_stock(shop, stock_rows, items)


def _products(
    shop: Shop, rows: Sequence[Row], types: Mapping[str, AttributeType]
) -> tuple[list[tuple[int | None, Document]], dict[str, Document]]:
    now, last = shop.time, shop.records.highest_id(PRODUCTS)
    documents: list[tuple[int | None, Document]] = []
    items: dict[str, Document] = {}
    for row in rows:
        product_id = int(row.get(PRODUCTS.key, last + 1))
        last = max(last, product_id)
        document = {
            **products.DEFAULTS,
            "sku": f"SKU-{product_id}",
            "name": f"Product {product_id}",
            "created_at": now,
            "updated_at": now,
            **{name: as_kept(value, types[name]) for name, value in row.items() if name in types},
        }
        documents.append((product_id, document))
        given = {name: row[name] for name in row if name in STOCK_ITEMS.attributes and name not in types}
        items[str(product_id)] = {"product_id": str(product_id), "product_sku": document["sku"], **given}
    return documents, items


def _seed_stock(shop: Shop, rows: Iterable[Row], items: dict[str, Document]) -> None:
    records = shop.records
    rest = dict(items)
    last = max(records.highest_id(STOCK_ITEMS), _FIRST_ITEM_ID - 1)
    documents: list[tuple[int | None, Document]] = []
    for row in rows:
        product_id = str(row["product_id"]) if "product_id" in row else _product_of_sku(shop, row, items)
        known = rest.pop(product_id, None)
        if known is None:
            known = _replaced(shop, product_id)
        item_id = int(row.get(STOCK_ITEMS.key, known.pop(STOCK_ITEMS.key, last + 1)))
        last = max(last, item_id)
        documents.append((item_id, _stock_item(shop, {**known, **row, "product_id": product_id})))
    for at, known in enumerate(rest.values(), start=last + 1):
        documents.append((at, _stock_item(shop, known)))
    records.load(STOCK_ITEMS, documents)


def _product_of_sku(shop: Shop, row: Row, items: Mapping[str, Document]) -> str:
    sku = row.get("product_sku", row.get("sku"))
    for product_id, item in items.items():
        if item["product_sku"] == sku:
            return product_id
    for product in shop.records.find(PRODUCTS, "sku", sku):
        return str(product[PRODUCTS.key])
    raise ValueError(f"A stock item needs the product_id or the product_sku of a product; there is none of {sku!r}.")


def _replaced(shop: Shop, product_id: str) -> Document:
    product = shop.records.get(PRODUCTS, product_id)
    if product is None:
        raise ValueError(f"A stock item cannot be put in for product {product_id}, which is not there.")
    old = stock.of_product(shop, product_id)
    if old is None:
        return {"product_sku": product["sku"]}
    shop.records.delete(STOCK_ITEMS, old[STOCK_ITEMS.key])
    return old


def _stock_item(shop: Shop, given: Row) -> Document:
    kept = {
        name: as_kept(value, type_) for name, type_ in STOCK_ITEMS.attributes.items() for value in _given(given, name)
    }
    item = {**stock.DEFAULTS, "updated_at": shop.time, **kept}
    if "is_in_stock" not in given:
        item["is_in_stock"] = (
            "1" if number(item["qty"]) > number(item["min_qty"]) or is_set(item["backorders"]) else "0"
        )
    item["qty"] = decimal_text(item["qty"])
    return item


def _given(row: Row, name: str) -> Sequence[JSON]:
    return (row[name],) if name in row else ()
