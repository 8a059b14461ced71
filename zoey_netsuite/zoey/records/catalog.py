"""What a store sells, and how much of it may be sold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.structure import key


@frozen
class GroupPrice:
    """What one customer group pays.

    Attributes:
        group: the customer group's id (Zoey: `cust_group`).
        price: in the website's base currency.
        website_id: "0" for all websites.
    """

    group: str = field(metadata=key("cust_group"))
    price: Decimal
    website_id: str | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class TierPrice:
    """What is paid from a quantity on.

    Attributes:
        group: the customer group's id (Zoey: `cust_group`); "32000" or "all" is every group.
        quantity: from how many on (Zoey: `price_qty`).
        price: for each, in the website's base currency.
        website_id: "0" for all websites.
    """

    group: str = field(metadata=key("cust_group"))
    quantity: Decimal = field(metadata=key("price_qty"))
    price: Decimal
    website_id: str | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Product:
    """A product.

    Attributes:
        id: Zoey's entity id.
        type_id: `simple`, `configurable`, `grouped`, `bundle`, `virtual` or `downloadable`.
        status: Zoey's number: "1" enabled, "2" disabled.
        price: base price; None for a product whose parts have prices.
        group_price, tier_price: None where the answer says nothing about them, as lists do.
        created_at, updated_at: aware, UTC.
        custom: every attribute without a field here, the merchant's own among them, as Zoey sent it.
    """

    id: str = field(metadata=key("entity_id"))
    sku: str | None = None
    name: str | None = None
    type_id: str | None = None
    status: str | None = None
    tax_class_id: str | None = None
    price: Decimal | None = None
    special_price: Decimal | None = None
    weight: Decimal | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    group_price: tuple[GroupPrice, ...] | None = None
    tier_price: tuple[TierPrice, ...] | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class StockItem:
    """How much of a product may be sold.

    Attributes:
        id: the stock item's own id (Zoey: `item_id`), which `stock.update` and `stock.update_many` take.
        product_id: the product it belongs to.
        qty: what may be sold.
        is_in_stock: whether the shop shows it as available.
        manage_stock: whether its quantity counts; `use_config_manage_stock` says that the store's own setting does.
        min_qty: the quantity at which it is out of stock.
        backorders: Zoey's number: "0" none, "1" allowed, "2" allowed and told to the buyer.
        updated_at: aware, UTC.
        custom: everything else, as Zoey sent it.
    """

    id: str = field(metadata=key("item_id"))
    product_id: str | None = None
    product_sku: str | None = None
    qty: Decimal | None = None
    is_in_stock: bool | None = None
    manage_stock: bool | None = None
    use_config_manage_stock: bool | None = None
    min_qty: Decimal | None = None
    backorders: str | None = None
    use_config_backorders: bool | None = None
    is_qty_decimal: bool | None = None
    updated_at: datetime | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class ProductPrices:
    """What a product costs.

    Attributes:
        id: the product.
        price: base price, in the website's base currency; None for a product whose parts have prices.
        special_price: what it costs for the time being, or None.
        group_price, tier_price: None where the answer says nothing about them, as lists do.
        custom: everything else, as Zoey sent it.
    """

    id: str = field(metadata=key("entity_id"))
    sku: str | None = None
    price: Decimal | None = None
    special_price: Decimal | None = None
    group_price: tuple[GroupPrice, ...] | None = None
    tier_price: tuple[TierPrice, ...] | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])
