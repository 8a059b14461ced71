"""Orders, their lines, addresses and comments."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.structure import key, lines


@frozen
class OrderItem:
    """One line of an order.

    A configurable product takes two: the configurable parent, which has the price, and the simple child, which names
    the parent and is the thing that is shipped.

    Attributes:
        id: the line's own id (Zoey: `item_id`).
        parent_item_id: the parent's line, or None.
        price: of one, before discount and tax, in the order's currency.
        qty_ordered … qty_canceled: quantities.
        tax_percent: in percent.
        custom: everything else, as Zoey sent it.
    """

    id: str = field(metadata=key("item_id"))
    parent_item_id: str | None = None
    product_id: str | None = None
    product_type: str | None = None
    sku: str | None = None
    name: str | None = None
    price: Decimal | None = None
    original_price: Decimal | None = None
    base_cost: Decimal | None = None
    qty_ordered: Decimal | None = None
    qty_invoiced: Decimal | None = None
    qty_shipped: Decimal | None = None
    qty_refunded: Decimal | None = None
    qty_canceled: Decimal | None = None
    row_total: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    tax_percent: Decimal | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class OrderAddress:
    """Where an order is sent or billed to.

    Attributes:
        address_type: `billing` or `shipping`.
        street: its lines.
        country_id: ISO 3166 alpha-2.
        custom: everything else, as Zoey sent it.
    """

    address_type: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    company: str | None = None
    street: tuple[str, ...] = field(default=(), metadata=lines())
    city: str | None = None
    region: str | None = None
    region_id: str | None = None
    postcode: str | None = None
    country_id: str | None = None
    telephone: str | None = None
    email: str | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Comment:
    """A remark in the history of an order or a document.

    Attributes:
        comment: its words; None where only the status changed.
        status: the order's status at that time.
        is_customer_notified: whether the buyer was e-mailed.
        created_at: aware, UTC.
    """

    comment: str | None = None
    status: str | None = None
    is_customer_notified: bool | None = None
    is_visible_on_front: bool | None = None
    created_at: datetime | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])

    def id_on(self, order_id: str) -> str:
        """An id for links, text of digits: the order's, then 15 for this comment.

        Zoey gives comments none, and says nothing of their order. So it is made of what stays as it was written: the
        second, and a checksum of the words, as two may be written in one second.
        """
        moment = "0" * 12 if self.created_at is None else f"{self.created_at:%y%m%d%H%M%S}"
        return f"{order_id}{moment}{zlib.crc32((self.comment or '').encode()) % 1000:03}"


@frozen
class Order:
    """An order.

    Amounts are in the order's currency.

    Attributes:
        id: Zoey's entity id.
        increment_id: the number that people call it by.
        state: `new`, `pending_payment`, `processing`, `complete`, `closed`, `canceled`, `holded` or `payment_review`;
            `status` is the merchant's own word under it.
        created_at, updated_at: aware, UTC.
        relation_parent_id, relation_parent_real_id: the order that this one is an edit of, by id and by number.
        relation_child_id: the order that an edit made of this one.
        addresses, order_items: None where the answer says nothing about them, as a list of orders may.
        custom: everything else, as Zoey sent it.
    """

    id: str = field(metadata=key("entity_id"))
    increment_id: str | None = None
    status: str | None = None
    state: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    customer_id: str | None = None
    customer_email: str | None = None
    customer_is_guest: bool | None = None
    customer_group_id: str | None = None
    base_currency_code: str | None = None
    order_currency_code: str | None = None
    subtotal: Decimal | None = None
    discount_amount: Decimal | None = None
    shipping_amount: Decimal | None = None
    shipping_tax_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    grand_total: Decimal | None = None
    total_paid: Decimal | None = None
    total_refunded: Decimal | None = None
    total_due: Decimal | None = None
    payment_method: str | None = None
    shipping_method: str | None = None
    shipping_description: str | None = None
    coupon_code: str | None = None
    po_number: str | None = None
    relation_parent_id: str | None = None
    relation_parent_real_id: str | None = None
    relation_child_id: str | None = None
    edit_increment: str | None = None
    original_increment_id: str | None = None
    addresses: tuple[OrderAddress, ...] | None = None
    order_items: tuple[OrderItem, ...] | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])
