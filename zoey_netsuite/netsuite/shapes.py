"""Common record types as classes: `erp.record("customer", "12", as_=Customer)`.

Every field may be absent, as NetSuite leaves out what is empty or hidden from the role, so each has a default. `custom`
holds the account's own fields and `extra` all others, as NetSuite gave them. For other fields write a class of your own
in the same way; it can have just those that you need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.netsuite.records import Reference


def _fields() -> Mapping[str, JSON]:
    return field(factory=dict[str, JSON], repr=lambda fields: f"<{len(fields)} fields>")


@frozen(kw_only=True)
class PostalAddress:
    """Where something goes, or where somebody is."""

    addressee: str | None = None
    attention: str | None = None
    addr1: str | None = None
    addr2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: Reference | None = None
    addr_phone: str | None = None
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class AddressBookEntry:
    """A line of a customer's address book."""

    id: str | None = None
    label: str | None = None
    default_billing: bool = False
    default_shipping: bool = False
    is_residential: bool = False
    address_book_address: PostalAddress | None = None
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class Customer:
    """A company or a person that buys."""

    id: str
    external_id: str | None = None
    entity_id: str | None = None
    company_name: str | None = None
    is_person: bool = False
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    is_inactive: bool = False
    subsidiary: Reference | None = None
    terms: Reference | None = None
    credit_limit: Decimal | None = None
    price_level: Reference | None = None
    currency: Reference | None = None
    sales_rep: Reference | None = None
    parent: Reference | None = None
    category: Reference | None = None
    last_modified_date: datetime | None = None
    address_book: Sequence[AddressBookEntry] = ()
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class Contact:
    """A person at a customer."""

    id: str
    external_id: str | None = None
    entity_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    company: Reference | None = None
    is_inactive: bool = False
    last_modified_date: datetime | None = None
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class SalesOrderLine:
    """A line of a sales order. Amounts are in the order's currency."""

    line: int | None = None
    item: Reference | None = None
    quantity: Decimal | None = None
    rate: Decimal | None = None
    amount: Decimal | None = None
    price: Reference | None = None
    description: str | None = None
    location: Reference | None = None
    is_closed: bool = False
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class SalesOrder:
    """A sales order. Amounts are in its currency."""

    id: str
    external_id: str | None = None
    tran_id: str | None = None
    tran_date: date | None = None
    entity: Reference | None = None
    other_ref_num: str | None = None
    memo: str | None = None
    currency: Reference | None = None
    exchange_rate: Decimal | None = None
    subsidiary: Reference | None = None
    location: Reference | None = None
    department: Reference | None = None
    class_: Reference | None = None
    terms: Reference | None = None
    ship_method: Reference | None = None
    shipping_cost: Decimal | None = None
    handling_cost: Decimal | None = None
    discount_item: Reference | None = None
    order_status: Reference | None = None
    status: Reference | None = None
    total: Decimal | None = None
    shipping_address: PostalAddress | None = None
    billing_address: PostalAddress | None = None
    last_modified_date: datetime | None = None
    item: Sequence[SalesOrderLine] = ()
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class FulfillmentLine:
    """A line of an item fulfillment."""

    order_line: int | None = None
    item: Reference | None = None
    location: Reference | None = None
    quantity: Decimal | None = None
    item_receive: bool = True
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class Package:
    """A package of an item fulfillment."""

    package_tracking_number: str | None = None
    package_weight: Decimal | None = None
    package_descr: str | None = None
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class ItemFulfillment:
    """Goods that left: picked (A), packed (B) or shipped (C)."""

    id: str
    external_id: str | None = None
    tran_id: str | None = None
    tran_date: date | None = None
    created_from: Reference | None = None
    entity: Reference | None = None
    ship_status: Reference | None = None
    item: Sequence[FulfillmentLine] = ()
    package: Sequence[Package] = ()
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class Invoice:
    """A bill. Amounts are in its currency."""

    id: str
    external_id: str | None = None
    tran_id: str | None = None
    tran_date: date | None = None
    due_date: date | None = None
    created_from: Reference | None = None
    entity: Reference | None = None
    currency: Reference | None = None
    terms: Reference | None = None
    status: Reference | None = None
    total: Decimal | None = None
    amount_remaining: Decimal | None = None
    item: Sequence[SalesOrderLine] = ()
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()


@frozen(kw_only=True)
class InventoryItem:
    """An item that is kept in stock."""

    id: str
    external_id: str | None = None
    item_id: str | None = None
    display_name: str | None = None
    is_inactive: bool = False
    last_modified_date: datetime | None = None
    custom: Mapping[str, JSON] = _fields()
    extra: Mapping[str, JSON] = _fields()
