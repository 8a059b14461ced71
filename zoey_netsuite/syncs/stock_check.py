"""What would keep inventory from working, found before going live."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from zoey_netsuite.engine.findings import Finding, unread_findings
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.entities import StockLevel
from zoey_netsuite.errors import ConfigurationError, ZoeyNetSuiteError
from zoey_netsuite.state.links import Link
from zoey_netsuite.syncs import attribute_names
from zoey_netsuite.syncs.locations import All, Locations
from zoey_netsuite.syncs.stock_products import PRODUCTS, UNLINKED, link_products
from zoey_netsuite.zoey import Product

SAMPLE = 1000
"""How many products are looked at when no scan has listed them all yet."""

SAMPLE_ORDERS = 100
"""How many open orders the merchant's function is asked about."""

NAMED = 20

TABLES = {
    "item": "Lists > Items: View",
    "location": "Lists > Locations: View",
    "aggregateitemlocation": "Lists > Items: View and Lists > Locations: View",
}
"""What is read of NetSuite, and the permission that it takes."""


def check(locations: Locations, ctx: SyncContext) -> Iterator[Finding]:
    """Permissions, locations, and products without an item."""
    refused = False
    for table, permission in TABLES.items():
        finding = _can_read(table, permission, ctx)
        refused = refused or finding is not None
        if finding is not None:
            yield finding
    for name, read in _resources(ctx).items():
        try:
            read()
        except ZoeyNetSuiteError as error:
            refused = True
            yield Finding("error", "zoey", f"{name} can't be read: {error}", f"Grant the token access to {name}.")
    if not refused:
        yield from _check_locations(locations, ctx)
        yield from _check_products(ctx)
        yield from _check_attributes(ctx)


def _can_read(table: str, permission: str, ctx: SyncContext) -> Finding | None:
    column = "item" if table == "aggregateitemlocation" else "id"
    remedy = f"Give the integration's role {permission}."
    try:
        rows = list(ctx.netsuite.suiteql(f"SELECT {column} FROM {table} FETCH FIRST 1 ROWS ONLY"))
    except ConfigurationError:
        raise
    except ZoeyNetSuiteError as error:
        return Finding("error", "netsuite", f"{table} can't be read: {error}", remedy)
    if not rows:
        what = f"{table} shows no row at all: the account has none, or the role may not see them."
        return Finding("error", "netsuite", what, remedy)
    return None


def _resources(ctx: SyncContext) -> dict[str, Callable[[], object]]:
    return {
        "products": lambda: ctx.zoey.products.list_page_each(limit=1),
        "stock items": lambda: ctx.zoey.stock.list_page_each(limit=1),
        "orders": lambda: ctx.zoey.orders.list_page_each(limit=1),
    }


def _check_locations(locations: Locations, ctx: SyncContext) -> Iterator[Finding]:
    if isinstance(locations, All):
        return
    marks = ", ".join("?" * len(locations.ids))
    query = f"SELECT id, name, isinactive FROM location WHERE id IN ({marks}) ORDER BY id"
    found = {str(row.get("id")): row for row in ctx.netsuite.suiteql(query, list(locations.ids))}
    for location in locations.ids:
        if location not in found:
            what = f"there is no location {location}, or the role may not see it."
            yield Finding("error", "netsuite", what, "Correct locations=…, or let the role see it.")
        elif found[location].get("isinactive") == "T":
            yield Finding("warning", "netsuite", f"location {location} ({found[location].get('name')}) is inactive.")


def _check_products(ctx: SyncContext) -> Iterator[Finding]:
    attribute = ctx.zoey.attributes.netsuite_id
    listed = bool(next(ctx.links.all(PRODUCTS), None) or next(ctx.links.all(UNLINKED), None))
    dangling: list[StockLevel] = []
    if listed:
        unlinked = list(ctx.links.all(UNLINKED))
        looked_at = ctx.links.count(PRODUCTS) + len(unlinked)
    else:
        sample = list(islice(ctx.zoey.products.list_each(), SAMPLE))
        yield from unread_findings("products", sample)
        products = [record for record in sample if isinstance(record, Product)]
        looked_at = len(products)
        links, dangling = link_products(products, ctx)
        unlinked = [link for link in links if isinstance(link, Link) and link.kind == UNLINKED]
    if looked_at and len(unlinked) == looked_at:
        what = f"none of the {looked_at} products looked at carries the attribute {attribute}."
        yield Finding("error", "zoey", what, "Name it right: ZoeyAttributes(netsuite_id=…).")
    elif unlinked:
        skus = ", ".join(str(link.data["sku"] or link.zoey_id) for link in unlinked[:NAMED])
        more = f" and {len(unlinked) - NAMED} more" if len(unlinked) > NAMED else ""
        what = f"{len(unlinked)} of {looked_at} products carry no {attribute} and are left alone: {skus}{more}."
        yield Finding("warning", "zoey", what, "To keep them in step, give them NetSuite's internal id.")
    for level in dangling[:NAMED]:
        yield Finding("warning", "zoey", str(level.problem))


def _check_attributes(ctx: SyncContext) -> Iterator[Finding]:
    """Attributes of products that settings name and no product has; `_check_products` tells of a missing id."""
    named = ctx.zoey.attributes
    wanted = {
        name: f"ZoeyAttributes({setting}=…)"
        for setting, name in (
            ("netsuite_type", named.netsuite_type),
            ("no_sync", named.no_sync),
            ("stock_from", named.stock_from),
        )
        if name is not None
    }
    if wanted:
        yield from attribute_names.missing(wanted, list(islice(ctx.zoey.products.list(), SAMPLE)), "products")
