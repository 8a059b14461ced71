"""How much of a product may be sold."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen


@frozen
class StockLevel:
    """What one Zoey product's stock item is to show.

    Attributes:
        product_id: the product's id in Zoey.
        stock_item_id: the id of its stock item in Zoey, which is what stock is written to.
        item_id: the NetSuite item that the quantity comes from.
        quantity: what may be sold, or None where NetSuite does not say (then nothing is written).
        in_stock: whether Zoey shall show the product as in stock.
        sku: for people.
        problem: why this product can't be kept in step, or None.
        cause: a label that products with the same trouble share.
    """

    product_id: str
    stock_item_id: str
    item_id: str
    quantity: Decimal | None = None
    in_stock: bool = False
    sku: str = ""
    problem: str | None = None
    cause: str = "dangling NetSuite id"
