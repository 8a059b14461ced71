"""What differs from store to store: the merchant's attribute names, and how lists and bulk calls are made."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen, validators

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.zoey.paging import LARGEST_PAGE, SMALLEST_PAGE, Paging

PAGED = frozenset(
    ("accounts", "customers", "products", "prices", "stock", "orders", "shipments", "invoices", "credit_memos")
)
"""The lists whose reading can be set."""


def _names_lists(_: object, __: object, paging: Mapping[str, Paging]) -> None:
    unknown = sorted(set(paging) - PAGED)
    if unknown:
        raise ConfigurationError(
            f"paging names {unknown[0]!r}, which is no list of Zoey's: there are {', '.join(sorted(PAGED))}."
        )


@frozen(kw_only=True)
class ZoeyAttributes:
    """How the merchant's own attributes are called.

    Attributes:
        netsuite_id: of a product: NetSuite's internal id of its item.
        netsuite_type: of a product: NetSuite's type of its item (inventory, assembly); None where there is none.
        no_sync: of a product: a flag that keeps its stock from being synchronized; None where there is none.
        stock_from: of a product: the internal id of another item whose stock it shows; None where there is none.
        order_number: of an order: where NetSuite's order number is written to; None to write none.

    Source: Zoey, NetSuite connector, Products and Inventory settings.
    """

    netsuite_id: str = "netsuite_id"
    netsuite_type: str | None = None
    no_sync: str | None = None
    stock_from: str | None = None
    order_number: str | None = None


@frozen(kw_only=True)
class ZoeyBehavior:
    """How a store's API behaves where stores differ, or where it is not documented.

    Attributes:
        paging: how lists are read to their end, by resource (`orders`, `stock`, `accounts` …), where not as by
            default: by key for all but the accounts.
        page_size: records to a page, 2 to 100.
        bulk_size: how many records one bulk call carries.
    """

    paging: Mapping[str, Paging] = field(factory=dict[str, Paging], validator=_names_lists)
    page_size: int = field(default=LARGEST_PAGE, validator=[validators.ge(SMALLEST_PAGE), validators.le(LARGEST_PAGE)])
    bulk_size: int = field(default=100, validator=validators.ge(1))
