"""What differs from store to store: the merchant's attribute names, and how lists and bulk calls are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from attrs import field, frozen

from zoey_netsuite.checks import described, must_be_a, number, text
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.zoey.paging import LARGEST_PAGE, SMALLEST_PAGE, Paging

S = TypeVar("S")

PAGED = frozenset(
    ("accounts", "customers", "products", "prices", "stock", "orders", "shipments", "invoices", "credit_memos")
)
"""The lists whose reading can be set."""


def _names_lists(_: object, __: object, given: object) -> None:
    if not isinstance(given, Mapping):
        raise ConfigurationError(
            f"paging takes a mapping such as {{'orders': Paging.BY_NUMBER}}, not {described(given)}."
        )
    paging = cast("Mapping[str, object]", given)
    unknown = sorted(set(paging) - PAGED)
    if unknown:
        raise ConfigurationError(
            f"paging names {unknown[0]!r}, which is no list of Zoey's: there are {', '.join(sorted(PAGED))}."
        )
    for name, how in paging.items():
        if not isinstance(how, Paging):
            raise ConfigurationError(f"paging[{name!r}] takes Paging.BY_KEY or Paging.BY_NUMBER, not {how!r}.")


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

    netsuite_id: str = field(default="netsuite_id", validator=text())
    netsuite_type: str | None = field(default=None, validator=text(optional=True))
    no_sync: str | None = field(default=None, validator=text(optional=True))
    stock_from: str | None = field(default=None, validator=text(optional=True))
    order_number: str | None = field(default=None, validator=text(optional=True))


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
    page_size: int = field(default=LARGEST_PAGE, validator=number(least=SMALLEST_PAGE, most=LARGEST_PAGE, whole=True))
    bulk_size: int = field(default=100, validator=number(least=1, whole=True))


def settings(given: object, kind: Callable[[], S]) -> S:
    """Settings as they were given, or the usual ones where they were not.

    Raises:
        ConfigurationError: they are of another class.
    """
    if given is None:
        return kind()
    what = str(getattr(kind, "__name__", "")).removeprefix("Zoey").lower()
    must_be_a(what, given, cast("type[S]", kind), f"Zoey{what.capitalize()}(…)")
    return cast("S", given)
