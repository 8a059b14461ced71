"""Orders made by hand, for tests that need no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from zoey_netsuite import Found, Lookup, MapContext, Order, OrderMapper, Record, RecordId, everything
from zoey_netsuite.entities import ACCOUNT_OFFSET
from zoey_netsuite.zoey import records
from zoey_netsuite.zoey.structure import record_reader

READ = record_reader(records.Order, "order")
ITEMS = {"17": "1017", "18": "1018", "19": "1019"}
"""NetSuite items by product."""


def item(id: str, product: str, price: str = "10.00", qty: str = "1", **more: Any) -> dict[str, Any]:
    row = str((Decimal(price) * Decimal(qty)).quantize(Decimal("0.01")))
    return {
        "item_id": id,
        "product_id": product,
        "product_type": "simple",
        "sku": f"SKU-{product}",
        "name": f"Thing {product}",
        "price": price,
        "qty_ordered": qty,
        "row_total": row,
        "discount_amount": "0.0000",
        "tax_amount": "0.0000",
        **more,
    }


def zoey_order(*items: Mapping[str, Any], **more: Any) -> records.Order:
    """An order as the Zoey client reads it, with totals that its items make."""
    rows = items or (item("1", "17"),)
    tops = [row for row in rows if not row.get("parent_item_id")]
    subtotal = sum(Decimal(row["row_total"]) for row in tops)
    discount = Decimal(more.pop("discount", "0")) + sum(Decimal(row["discount_amount"]) for row in tops)
    shipping, shipping_tax = Decimal(more.pop("shipping", "0")), Decimal(more.pop("shipping_tax", "0"))
    tax = shipping_tax + sum(Decimal(row["tax_amount"]) for row in tops)
    return READ(
        {
            "entity_id": "12",
            "increment_id": "100000012",
            "state": "new",
            "status": "pending",
            "created_at": "2026-03-02 03:30:00",
            "updated_at": "2026-03-02 03:30:00",
            "customer_id": "5",
            "customer_email": "maria@example.com",
            "order_currency_code": "USD",
            "subtotal": str(subtotal),
            "discount_amount": str(-discount),
            "shipping_amount": str(shipping),
            "shipping_tax_amount": str(shipping_tax),
            "tax_amount": str(tax),
            "grand_total": str(subtotal - discount + shipping + tax),
            "order_items": list(rows),
            **more,
        }
    )


def order(*items: Mapping[str, Any], mapper: OrderMapper | None = None, **more: Any) -> Order:
    """The same as the order in the middle."""
    return (mapper or OrderMapper()).from_zoey(zoey_order(*items, **more), MapContext())


def found(items: Mapping[str, str | None] = ITEMS, **currencies: str) -> Found:
    """What look-ups give: products with their items, currencies by symbol, an account whose clock shows UTC."""
    rows: dict[Lookup, Sequence[Mapping[str, Any]]] = {
        Lookup.zoey("products", "entity_id", product): [{"entity_id": product, "netsuite_id": netsuite}]
        for product, netsuite in items.items()
    }
    for symbol, id in (currencies or {"USD": "1"}).items():
        rows[Lookup.netsuite("currency", "symbol", symbol)] = [{"id": id, "symbol": symbol}] if id else []
    rows[ACCOUNT_OFFSET] = [{"minutes": 0}]
    return rows


def payload(mapper: OrderMapper, order: Order, ctx: MapContext | None = None) -> dict[str, Any]:
    """A new sales order."""
    return mapper.to_netsuite(order, everything(order), ctx or MapContext(found=found()))


def lines(sent: Mapping[str, Any]) -> list[dict[str, Any]]:
    return sent["item"]["items"]


def sales_order(**fields: Any) -> Record:
    """A sales order as NetSuite gives it back."""
    rows = fields.pop("items", [{"line": 1, "item": {"id": "1017"}, "quantity": 1, "rate": 10.0, "amount": 10.0}])
    given = {
        "tranId": "SO77",
        "currency": {"id": "1", "refName": "US Dollar"},
        "orderStatus": {"id": "B", "refName": "Pending Fulfillment"},
        "createdDate": "2026-03-02T03:30:00Z",
        "subtotal": 10.0,
        "total": 10.0,
        "item": {"items": rows},
    }
    return Record("salesOrder", RecordId("4711"), {**given, **fields})


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
