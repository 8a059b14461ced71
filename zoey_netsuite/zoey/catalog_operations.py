"""The calls for products, prices and stock, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from zoey_netsuite.http.operation import Operation
from zoey_netsuite.zoey.bulk import BatchResult, Change, update_stock
from zoey_netsuite.zoey.operations import ReadOperations, Values, body_of, path_of, update, update_record
from zoey_netsuite.zoey.records.catalog import GroupPrice, Product, ProductPrices, StockItem, TierPrice


class ProductOperations(ReadOperations[Product]):
    """Products: made by hand in Zoey, so there is no call to create one."""

    def update(self, id: str, values: Values) -> Operation[None]:
        """Bring a product's attributes to given values."""
        return update_record(self.resource, id, values)


class StockOperations(ReadOperations[StockItem]):
    """Stock items."""

    def update(self, id: str, values: Values) -> Operation[None]:
        """Bring a stock item's fields to given values."""
        return update_record(self.resource, id, values)

    def update_many(self, changes: Sequence[Change]) -> Iterator[Operation[list[BatchResult]]]:
        """Bring many stock items to given values, in calls of the store's bulk size."""
        return update_stock(changes, self.behavior.bulk_size)


class PriceOperations(ReadOperations[ProductPrices]):
    """Prices, which Zoey keeps with the products."""

    def update(
        self,
        product_id: str,
        *,
        price: Decimal | None = None,
        special_price: Decimal | None = None,
        group_prices: Iterable[GroupPrice] | None = None,
        tier_prices: Iterable[TierPrice] | None = None,
    ) -> Operation[None]:
        """Bring a product's prices to given values; the lists take the place of those that are there.

        Source: Magento 1, REST API, Products: `group_price`, `tier_price`.
        """
        values: dict[str, object] = {}
        if price is not None:
            values["price"] = price
        if special_price is not None:
            values["special_price"] = special_price
        if group_prices is not None:
            values["group_price"] = [
                {"website_id": each.website_id or "0", "cust_group": each.group, "price": each.price}
                for each in group_prices
            ]
        if tier_prices is not None:
            values["tier_price"] = [
                {
                    "website_id": each.website_id or "0",
                    "cust_group": each.group,
                    "price_qty": each.quantity,
                    "price": each.price,
                }
                for each in tier_prices
            ]
        action = f"update prices of product {product_id}"
        return update(action, path_of(self.resource.path, product_id), body_of(values, action), "prices.update")
