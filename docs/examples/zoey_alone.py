"""The Zoey client alone, blocking and async: read a store's orders, look into its stock, set some of it.

Needs `ZOEY_URL` and the credentials that `OAuth1Auth.from_env` names.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from zoey_netsuite import zoey
from zoey_netsuite.zoey import AsyncZoeyClient, StockChange, ZoeyClient, gteq, in_, lt

URL = os.environ.get("ZOEY_URL", "https://shop.example.com")


def main() -> None:
    """Blocking."""
    with ZoeyClient(URL, zoey.OAuth1Auth.from_env()) as shop:
        # A list reads a page when it is looped over, and comes to its end whatever changes meanwhile.
        since = datetime.now(UTC) - timedelta(days=7)
        for order in shop.orders.list(status=in_(["pending", "processing"]), updated_at=gteq(since)):
            print(order.increment_id, order.grand_total, order.custom.get("netsuite_order"))

        # One call carries a hundred changes, and a bad one stops no other.
        low = [item for item in shop.stock.list(qty=lt(10)) if item.manage_stock]
        for result in shop.stock.update_many([StockChange(item.id, Decimal(10)) for item in low]):
            print(result.id, "set" if result.error is None else f"refused: {result.error}")


async def main_async() -> None:
    """The same client, awaited. What was read up to where, and when by the store's own clock, goes with each page."""
    async with AsyncZoeyClient(URL, zoey.OAuth1Auth.from_env()) as shop:
        async for page in shop.products.list().pages():
            print(f"{len(page.items)} products up to id {page.after}, at {page.date}")


if __name__ == "__main__":
    main()
    asyncio.run(main_async())
