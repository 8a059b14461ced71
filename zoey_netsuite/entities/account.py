"""A company or person that buys."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from zoey_netsuite.entities.order import Address
from zoey_netsuite.entities.value import Value


@frozen
class Account:
    """Who buys: a Zoey account, a NetSuite customer.

    Attributes:
        name: the company's, or the person's whole name.
        is_person: whether it is a person without a company.
        first_name, last_name: of the person, or of the company's first contact.
        email: as written.
        currency: ISO 4217 code of what it buys in.
        billing, shipping_address: where it is, as far as known.
        custom: every other field, by the platform's own name.
    """

    name: str
    is_person: bool = False
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    currency: str | None = None
    billing: Address | None = None
    shipping_address: Address | None = None
    custom: Mapping[str, Value] = field(factory=dict[str, Value])
