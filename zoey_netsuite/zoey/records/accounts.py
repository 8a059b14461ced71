"""Accounts (companies) with their locations, addresses and contacts, and customers (people) with theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.structure import key, lines


@frozen
class AddressLocation:
    """A location that an account's address belongs to."""

    id: str = field(metadata=key("location_id"))
    location_name: str | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class AccountAddress:
    """An address of an account.

    Attributes:
        address_type: `billing`, `shipping` or `billing,shipping`.
        street: its lines.
        country_id: ISO 3166 alpha-2.
        custom: everything else, as Zoey sent it.
    """

    id: str
    address_type: str | None = None
    prefix: str | None = None
    firstname: str | None = None
    middlename: str | None = None
    lastname: str | None = None
    suffix: str | None = None
    company: str | None = None
    street: tuple[str, ...] = field(default=(), metadata=lines())
    city: str | None = None
    region: str | None = None
    region_id: str | None = None
    postcode: str | None = None
    country_id: str | None = None
    telephone: str | None = None
    fax: str | None = None
    email: str | None = None
    is_default_billing_address: bool | None = None
    is_default_shipping_address: bool | None = None
    locations: tuple[AddressLocation, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Location:
    """A location of an account: a branch that orders for itself."""

    id: str
    name: str | None = None
    status: str | None = None
    external_id: str | None = None
    is_default_location: bool | None = None
    default_billing_address_id: str | None = None
    default_shipping_address_id: str | None = None
    addresses: tuple[AccountAddress, ...] = ()
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class AccountContact:
    """A person's place in an account.

    Attributes:
        id: of this place, not of the person.
        customer_id: the person.
        role_id, location_id, company_location_id: one or several.
        custom: everything else, as Zoey sent it.
    """

    id: str
    company_id: str | None = None
    customer_id: str | None = None
    customer_email: str | None = None
    role_id: tuple[str, ...] = ()
    role_label: str | None = None
    location_id: tuple[str, ...] = ()
    company_location_id: tuple[str, ...] = ()
    company_location_name: str | None = None
    is_main: bool | None = None
    is_default_main: bool | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class NetTerm:
    """On which terms an account may buy now and pay later.

    Attributes:
        term: the terms' name.
        credit: the credit limit, in the store's currency.
        custom: everything else, as Zoey sent it.
    """

    id: str | None = None
    enabled: bool | None = None
    term: str | None = None
    credit: Decimal | None = None
    detail: str | None = None
    company_location_id: str | None = None
    disable_past_due: bool | None = None
    disable_past_due_day: int | None = None
    xy_days: int | None = None
    xy_discount_days: int | None = None
    xy_discount_amount: Decimal | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Account:
    """A company that buys.

    Attributes:
        type: Zoey's number, "0" to "2".
        external_id: free for the merchant's use.
        locations, addresses, contacts: () where there are none.
        netterm: its terms, or None.
        custom: everything else, as Zoey sent it.
    """

    id: str
    name: str | None = None
    type: str | None = None
    status: str | None = None
    external_id: str | None = None
    customer_group_id: str | None = None
    tax_class_id: str | None = None
    tax_id: str | None = None
    default_location_id: str | None = None
    default_billing_address_id: str | None = None
    locations: tuple[Location, ...] = ()
    addresses: tuple[AccountAddress, ...] = ()
    contacts: tuple[AccountContact, ...] = ()
    netterm: NetTerm | None = None
    customer_count: int | None = None
    total_sales: Decimal | None = None
    total_sales_paid: Decimal | None = None
    last_order_date: datetime | None = None
    has_placed_order: bool | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Customer:
    """A person who may log in.

    Attributes:
        id: Zoey's entity id.
        group_id: the customer group.
        created_at, updated_at, last_logged_in: aware, UTC.
        confirmation: a code while the e-mail address awaits confirmation.
        custom: everything else, as Zoey sent it.
    """

    id: str = field(metadata=key("entity_id"))
    email: str | None = None
    prefix: str | None = None
    firstname: str | None = None
    middlename: str | None = None
    lastname: str | None = None
    suffix: str | None = None
    website_id: str | None = None
    group_id: str | None = None
    created_in: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last_logged_in: datetime | None = None
    confirmation: str | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class CustomerAddress:
    """An address in a person's address book.

    Attributes:
        id: Zoey's entity id.
        street: its lines.
        country_id: ISO 3166 alpha-2.
        custom: everything else, as Zoey sent it.
    """

    id: str = field(metadata=key("entity_id"))
    prefix: str | None = None
    firstname: str | None = None
    middlename: str | None = None
    lastname: str | None = None
    suffix: str | None = None
    company: str | None = None
    street: tuple[str, ...] = field(default=(), metadata=lines())
    city: str | None = None
    region: str | None = None
    region_id: str | None = None
    postcode: str | None = None
    country_id: str | None = None
    telephone: str | None = None
    fax: str | None = None
    is_default_billing: bool | None = None
    is_default_shipping: bool | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    custom: Mapping[str, JSON] = field(factory=dict[str, JSON])
