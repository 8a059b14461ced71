"""The NetSuite ids that a mapper's tables and options name, tried before the first order needs one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.errors import InvalidQueryError, PermissionDeniedError
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.guests import FixedCustomer, GuestStrategy, parts_of

if TYPE_CHECKING:
    from zoey_netsuite.mapping.orders import OrderMapper
    from zoey_netsuite.syncs.orders import OrderSync

AT_ONCE = 500

NAMED = 5
"""How many ids that are wrong in the same way a finding names."""

RECORDS: Mapping[str, str] = {
    "shipitem": "shipping item",
    "term": "payment term",
    "paymentmethod": "payment method",
    "currency": "currency",
    "item": "item",
    "customer": "customer",
}
"""SuiteQL's tables, and what a row of them is."""

PLACES: Mapping[str, str] = {
    "ship_methods": "shipitem",
    "terms": "term",
    "payment_methods": "paymentmethod",
    "currencies": "currency",
}
"""The tables of an `OrderMapper`, and where their ids lead."""


def check(sync: OrderSync, ctx: SyncContext) -> Iterator[Finding]:
    """Ids that NetSuite does not have, or has as inactive. One query for each kind of record that is named."""
    named: dict[str, dict[str, str]] = {}
    for table, id, where in [*_of_mapper(sync.mapper), *_of_guests(sync.guests)]:
        named.setdefault(table, {}).setdefault(id, where)
    for table, ids in named.items():
        yield from _tried(table, ids, ctx)


def _of_mapper(mapper: OrderMapper) -> Iterator[tuple[str, str, str]]:
    """SuiteQL's table, the id, and where it is named."""
    for name, table in PLACES.items():
        given = getattr(mapper, name)
        for value, id in given.mapping.items():
            if id is not None:
                yield table, id, f"{name} maps {value!r} to {id}"
        if given.otherwise is not None:
            yield table, given.otherwise, f"{name} maps all others to {given.otherwise}"
    charges = mapper.charges
    for name, id in (
        ("discount_item", charges.discount_item),
        ("shipping_item", charges.shipping_item),
        ("handling_item", charges.handling_item),
    ):
        if id is not None:
            yield "item", str(id), f"{name} is {id}"


def _of_guests(strategy: GuestStrategy | None) -> Iterator[tuple[str, str, str]]:
    for each in parts_of(strategy):
        if isinstance(each, FixedCustomer):
            for id in [each.id] if each.id is not None else each.by_currency.values():
                yield "customer", id, f"FixedCustomer names {id}"


def _tried(table: str, ids: Mapping[str, str], ctx: SyncContext) -> Iterator[Finding]:
    numbers = [id for id in ids if id.isdecimal()]
    found: dict[str, bool] = {}
    kind = RECORDS[table]
    try:
        for part in chunks(numbers, AT_ONCE):
            marks = ", ".join("?" * len(part))
            rows = ctx.netsuite.suiteql(f"SELECT id, isinactive FROM {table} WHERE id IN ({marks}) ORDER BY id", part)
            found |= {str(row.get("id")): row.get("isinactive") == "T" for row in rows}
    except (InvalidQueryError, PermissionDeniedError) as error:
        what = f"whether NetSuite has the {kind}s that are named can't be told: {error}"
        yield Finding("warning", "netsuite", what, f"Let the role see {kind}s, or look them up by hand.")
        return
    missing = [where for id, where in ids.items() if id not in found]
    if missing:
        what = f"NetSuite has no such {kind}, or the role may not see it: {_listed(missing)}"
        yield Finding("error", "netsuite", what, "Correct the internal id; NetSuite refuses every order with it.")
    inactive = [where for id, where in ids.items() if found.get(id)]
    if inactive:
        yield Finding("warning", "netsuite", f"this {kind} is inactive: {_listed(inactive)}", "Make it active.")


def _listed(names: list[str]) -> str:
    more = f", and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
