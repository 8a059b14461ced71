"""An order and its lines, whichever side it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import Factory, field, frozen

from zoey_netsuite.entities.money import NOTHING, Money
from zoey_netsuite.entities.value import Value


@frozen
class Address:
    """A postal address as it stands on an order.

    Attributes:
        street: its lines, in order.
        region: state or province, as the platform writes it.
        region_id: Zoey's id of it, which may stand there without a name.
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
    region_id: str | None = None


@frozen
class OrderLine:
    """One thing that was ordered.

    A configurable product counts once: the chosen variant is the product, its parent gives the price. A bundle is one
    line whose parts are in `components`.

    Attributes:
        zoey_id: the order item's id in Zoey; "" on a line read from NetSuite.
        product_id: the product's id in Zoey (of a configurable product, the chosen variant's).
        quantity: as ordered; a component's is that of all bundles together.
        canceled, refunded: how much of it is no longer wanted.
        unit_price: of one, before discount and tax.
        discount: what the line is reduced by, positive.
        total: of all, before discount and tax.
        tax_rate: in percent, or None where it is not known.
        item_id: on a line read from NetSuite, the item's internal id.
        netsuite_line: on a line read from NetSuite, its number there, which is how a change names it.
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
    tax_rate: Decimal | None = None
    item_id: str | None = None
    netsuite_line: str | None = None
    components: tuple[OrderLine, ...] = ()
    custom: Mapping[str, Value] = field(factory=dict[str, Value])

    @property
    def wanted(self) -> Decimal:
        """How many are still wanted or already delivered: ordered, less canceled and refunded; never negative."""
        return max(self.quantity - self.canceled - self.refunded, Decimal(0))


def _nothing(order: Order) -> Money:
    return Money(NOTHING, order.total.currency)


@frozen
class Order:
    """An order.

    Attributes:
        zoey_id: Zoey's entity id; "" on an order read from NetSuite.
        number: what people call it (Zoey's increment id; NetSuite's document number).
        state: Zoey's state (`new`, `processing`, `complete` …), or the letter of NetSuite's; `status` is the word that
            people use for it.
        created_at, updated_at: aware, UTC.
        customer_id: the buyer, by the id of the side that the order was read from.
        is_guest: whether nobody is named as the buyer: an order of Zoey's without a `customer_id`.
        subtotal: all lines, before discount and tax.
        discount: what the whole order is reduced by, positive; line discounts are part of it.
        shipping, handling: before tax.
        shipping_tax: what of `tax` is on shipping.
        tax: of the whole order, shipping included.
        total: what is owed for it, tax included.
        refunded: what was given back of the total.
        lines: empty where the store's order list leaves lines out and they were not asked for.
        netsuite_id: internal id of the sales order, on an order read from NetSuite.
        parent_id: Zoey's id of the order that this one is an edit of.
        child_id: Zoey's id of the order that an edit made of this one.
        custom: every other field of the order, by the platform's own name; JSON values (amounts as text).
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
    handling: Money = field(default=Factory(_nothing, takes_self=True))
    shipping_tax: Money = field(default=Factory(_nothing, takes_self=True))
    refunded: Money = field(default=Factory(_nothing, takes_self=True))
    netsuite_id: str | None = None
    parent_id: str | None = None
    child_id: str | None = None
    custom: Mapping[str, Value] = field(factory=dict[str, Value])
