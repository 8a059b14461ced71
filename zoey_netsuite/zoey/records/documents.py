"""What follows an order: shipments, invoices (which record payments) and credit memos.

Their shapes are assumed, after Magento's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.records.orders import Comment
from zoey_netsuite.zoey.structure import key


@frozen
class DocumentItem:
    """A line of a document: how much of an order's line it is about."""

    order_item_id: str
    qty: Decimal | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Track:
    """A package's tracking number.

    Attributes:
        track_number: as the carrier gave it.
        carrier_code: Zoey's word for the carrier (`ups`, `fedex` …; `custom` for any other).
        title: what the buyer reads.
    """

    track_number: str | None = None
    carrier_code: str | None = None
    title: str | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Shipment:
    """What was sent of an order."""

    id: str = field(metadata=key("entity_id"))
    increment_id: str | None = None
    order_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    items: tuple[DocumentItem, ...] = ()
    tracks: tuple[Track, ...] = ()
    comments: tuple[Comment, ...] = ()
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Invoice:
    """A record of payment: what is owed is the order.

    Attributes:
        state: Zoey's number: "1" open, "2" paid, "3" canceled.
        grand_total, shipping_amount, tax_amount: in the order's currency.
    """

    id: str = field(metadata=key("entity_id"))
    increment_id: str | None = None
    order_id: str | None = None
    state: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    grand_total: Decimal | None = None
    shipping_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    items: tuple[DocumentItem, ...] = ()
    comments: tuple[Comment, ...] = ()
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class CreditMemo:
    """What was given back of an order.

    Attributes:
        adjustment_positive: what is given back beyond the lines.
        adjustment_negative: what is kept as a fee.
    """

    id: str = field(metadata=key("entity_id"))
    increment_id: str | None = None
    order_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    grand_total: Decimal | None = None
    adjustment_positive: Decimal | None = None
    adjustment_negative: Decimal | None = None
    shipping_amount: Decimal | None = None
    items: tuple[DocumentItem, ...] = ()
    comments: tuple[Comment, ...] = ()
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])
