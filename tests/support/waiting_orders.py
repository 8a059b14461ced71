"""A merchant with many orders that wait to be carried, for what is measured and for several processes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def waiting_orders(orders: int, now: datetime, *, products: int = 1) -> dict[str, dict[str, Any]]:
    """Records for both systems: one customer, some items, and so many orders of one line each, placed an hour ago.

    Args:
        now: aware, UTC.
        products: how many there are; the orders go through them in turn.
    """
    ids = range(1, products + 1)
    at = (now - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "netsuite": {
            "customer": [{"id": "501", "companyName": "Ridgeline Inc.", "subsidiary": "1"}],
            "inventoryItem": [{"id": item, "itemId": f"SKU-{item}"} for item in ids],
        },
        "zoey": {
            "attributes": {"products": ["netsuite_id"]},
            "products": [
                {"entity_id": 100 + item, "sku": f"SKU-{item}", "price": "12.5000", "netsuite_id": str(item)}
                for item in ids
            ],
            "customers": [{"entity_id": 1, "firstname": "Ann", "lastname": "Doe", "email": "ann@example.com"}],
            "accounts": [{"id": 11, "name": "Ridgeline", "external_id": "501", "contacts": [{"customer_id": "1"}]}],
            "orders": [
                {
                    "entity_id": number,
                    "created_at": at,
                    "updated_at": at,
                    "customer_id": 1,
                    "items": [{"product_id": 101 + number % products, "qty": 2, "price": "12.5000"}],
                }
                for number in range(1, orders + 1)
            ],
        },
    }
