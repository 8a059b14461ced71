"""An order and its lines, whichever side it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.entities.money import Money
from zoey_netsuite.entities.value import Value


@frozen
class Address:
    """A postal address as it stands on an order.

    Attributes:
        street: its lines, in order.
        region: state or province, as the platform writes it.
        country: ISO 3166 alpha-2.
    """

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    street: tuple[str, ...] = ()
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None
    phone: str | None = None
    custom: Mapping[str, Value] = field(factory=dict[str, Value])


@frozen
class OrderLine:
    """One thing that was ordered.

    A configurable product counts once: the chosen variant is the product, its parent gives the price. A bundle is one
    line whose parts are in `components`.

    Attributes:
        zoey_id: the order item's id in Zoey.
        product_id: the product's id in Zoey (of a configurable product, the chosen variant's).
        quantity: as ordered.
        canceled, refunded: how much of it is no longer wanted.
        unit_price: before discount and tax.
        discount: what the line is reduced by, positive.
    """

    zoey_id: str
    product_id: str | None
    sku: str | None
    name: str | None
    quantity: Decimal
    unit_price: Money
    discount: Money
    tax: Money
    total: Money
    canceled: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    components: tuple[OrderLine, ...] = ()
    custom: Mapping[str, Value] = field(factory=dict[str, Value])

    @property
    def wanted(self) -> Decimal:
        """How many are still wanted or already delivered: ordered, less canceled and refunded; never negative."""
        return max(self.quantity - self.canceled - self.refunded, Decimal(0))


@frozen
class Order:
    """An order.

    Attributes:
        zoey_id: Zoey's entity id.
        number: what people call it (Zoey's increment id).
        state: Zoey's state (`new`, `processing`, `complete` …); `status` is the merchant's own word under it.
        created_at, updated_at: aware, UTC.
        discount: what the whole order is reduced by, positive; line discounts are part of it.
        total: what is owed for it, tax included.
        lines: empty where the store's order list leaves lines out and they were not asked for.
        custom: every other field of the order, by the platform's own name.
    """

    zoey_id: str
    number: str
    state: str | None
    status: str | None
    created_at: datetime | None
    updated_at: datetime | None
    customer_id: str | None
    email: str | None
    is_guest: bool
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    payment_method: str | None = None
    shipping_method: str | None = None
    po_number: str | None = None
    billing: Address | None = None
    shipping_address: Address | None = None
    lines: tuple[OrderLine, ...] = ()
    custom: Mapping[str, Value] = field(factory=dict[str, Value])
