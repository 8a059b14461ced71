"""What would keep orders from being carried, found before going live."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from zoey_netsuite.engine.account_clock import read_offset, written
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.failures import REMEDIES
from zoey_netsuite.engine.findings import Finding, unread_findings
from zoey_netsuite.engine.lookups import look_up
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.entities import Lookup, Order
from zoey_netsuite.errors import ConfigurationError, InvalidQueryError, MappingError, ZoeyNetSuiteError
from zoey_netsuite.mapping.base import everything
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.syncs import attribute_names, order_ids
from zoey_netsuite.syncs.guests import CreateCustomer, decided, needs_of, parts_of
from zoey_netsuite.syncs.order_case import ORDERS
from zoey_netsuite.syncs.order_settings import ACCOUNT_ID, PERSON_ID
from zoey_netsuite.user_code import must_give, said
from zoey_netsuite.zoey import Order as ZoeyOrder
from zoey_netsuite.zoey import gteq, lt
from zoey_netsuite.zoey.structure import names_of

if TYPE_CHECKING:
    from zoey_netsuite.mapping.orders import OrderMapper
    from zoey_netsuite.syncs.orders import OrderSync

logger = logging.getLogger("zoey_netsuite.syncs")

PAGES = 2
"""How many pages of the newest orders since the start date are looked at."""

NAMED = 5

ORDER_FIELDS = frozenset(names_of(ZoeyOrder))
"""What an order of Zoey's can be asked for besides the merchant's attributes."""

AT_ZERO = date(1971, 1, 1)
"""No order was placed before then; a zero date sorts before it."""


def check(sync: OrderSync, ctx: SyncContext) -> Iterator[Finding]:
    """Permissions, the fields that are written, and what the mapping does not know of recent orders."""
    unreadable = _can_read(ctx)
    if unreadable is not None:
        yield unreadable
        return
    yield from _fields(sync, ctx)
    yield from order_ids.check(sync, ctx)
    if ctx.settings.timezone is None:
        offset = written(read_offset(ctx.netsuite))
        what = f"no time zone is set: orders are dated by the account's offset of today, {offset}, in every season."
        yield Finding("warning", "settings", what, 'Give Integration(timezone="America/Los_Angeles"), or yours.')
    if any(isinstance(part, CreateCustomer) for part in parts_of(sync.guests)):
        what = "guests=CreateCustomer() has no effect yet: customers are not made for guests, so their orders are held."
        remedy = "Until then give FixedCustomer(…), alone or in FirstOf(MatchCustomer(), FixedCustomer(…))."
        yield Finding("warning", "settings", what, remedy)
    yield from _undated(ctx)
    yield from _orders(sync, ctx)


def _undated(ctx: SyncContext) -> Iterator[Finding]:
    """Orders that do not say when they were placed: those whose date is zero, and of those without any the ones that
    changed last, as Zoey's filters can't ask for these.
    """
    changed = (
        ctx.zoey.orders.list_page_each(page=page, order="updated_at", descending=True) for page in range(1, PAGES + 1)
    )
    pages = [*changed, ctx.zoey.orders.list_page_each(created_at=lt(AT_ZERO))]
    listed = {one.id: one for page in pages for one in page.items if isinstance(one, ZoeyOrder)}
    found = [one for one in listed.values() if one.created_at is None]
    if found:
        named = ", ".join(f"{one.increment_id} (id {one.id})" for one in found[:NAMED])
        what = f"{len(found)} orders don't say when they were placed: {named}."
        remedy = "They are held, and their stock is kept back. Set created_at in Zoey, or release or dismiss them."
        yield Finding("warning", "zoey", what, remedy)


def _can_read(ctx: SyncContext) -> Finding | None:
    try:
        list(ctx.netsuite.suiteql("SELECT id FROM transaction WHERE type = 'SalesOrd' FETCH FIRST 1 ROWS ONLY"))
    except ConfigurationError:
        raise
    except ZoeyNetSuiteError as error:
        remedy = "Give the integration's role Transactions > Sales Order: Create."
        return Finding("error", "netsuite", f"sales orders can't be read: {error}", remedy)
    return None


def _fields(sync: OrderSync, ctx: SyncContext) -> Iterator[Finding]:
    for table, rules in (("transaction", sync.mapper.fields), ("transactionline", sync.mapper.line_fields)):
        for rule in rules:
            if not rule.target.lower().startswith(("custbody", "custcol")):
                continue
            try:
                list(ctx.netsuite.suiteql(f"SELECT {rule.target} FROM {table} FETCH FIRST 1 ROWS ONLY"))
            except InvalidQueryError:
                what = f"there is no field {rule.target} on sales orders, or the role may not see it."
                yield Finding("error", "netsuite", what, "Correct the field rule, or let the role see the field.")


def _orders(sync: OrderSync, ctx: SyncContext) -> Iterator[Finding]:
    newest = (
        ctx.zoey.orders.list_page_each(page=page, order="created_at", descending=True, created_at=gteq(sync.start_at))
        for page in range(1, PAGES + 1)
    )
    listed = list({record.id: record for page in newest for record in page.items}.values())
    yield from unread_findings("newest orders", listed)
    records = [record for record in listed if isinstance(record, ZoeyOrder)]
    failing: list[str] = []
    read: list[Order] = []
    orders: list[Order] = []
    for record in records:
        with _noting(failing, f"Zoey order {record.increment_id} (id {record.id})"):
            order = sync.mapper.from_zoey(record, ctx.settings)
            must_give(sync.mapper.from_zoey, order, Order, "an Order")
            read.append(order)
            if sync.leaves_out(order) is None:
                orders.append(order)
    yield from _attributes(sync, read, ctx)
    linked = ctx.links.by_zoey(ORDERS, [order.zoey_id for order in orders])
    orders = [order for order in orders if order.zoey_id not in linked]
    known = sync.buyers(ctx).of({one.customer_id for one in orders if one.customer_id is not None and not one.is_guest})
    unknown = [one for one in orders if not one.is_guest and one.customer_id not in known]
    if unknown:
        people = ", ".join(dict.fromkeys(f"{one.email} (Zoey customer {one.customer_id})" for one in unknown[:NAMED]))
        what = f"{len(unknown)} of {len(orders)} orders are of people whose NetSuite customer is not known: {people}."
        remedy = (
            f"Fill in {sync.person_id} of the person or {sync.account_id} of the account; they are held until then."
        )
        yield Finding("warning", "zoey", what, remedy)
    guests = [one for one in orders if one.is_guest]
    if guests and sync.guests is None:
        what = f"{len(guests)} of {len(orders)} orders are guests', and guests=… says nothing of them: they are held."
        yield Finding("warning", "settings", what, "Say who is billed: guests=MatchCustomer() or FixedCustomer(…).")
    yield from _mapping(sync, orders, ctx, failing)
    if failing:
        what = f"your own code fails on {len(failing)} of {len(records)} orders: {'; '.join(failing[:NAMED])}"
        yield Finding("error", "settings", what, REMEDIES["code"])


def _attributes(sync: OrderSync, orders: Sequence[Order], ctx: SyncContext) -> Iterator[Finding]:
    """Attributes of orders, lines, people and accounts that settings name and no record has."""
    mapper = sync.mapper
    wanted = attribute_names.of_rules(mapper.fields, "OrderMapper(fields=…)")
    for name, setting in (
        (ctx.zoey.attributes.order_number, "ZoeyAttributes(order_number=…)"),
        (mapper.handling_from, "OrderMapper(handling_from=…)"),
    ):
        wanted |= {} if name is None else {name: setting}
    yield from attribute_names.missing(wanted, orders, "orders")
    asked = dict.fromkeys(sync.filter.zoey_filters(), "OrderSync(filter=…)")
    yield from attribute_names.missing(asked, orders, "orders", known=ORDER_FIELDS)
    lines = [line for order in orders for line in order.lines]
    wanted = attribute_names.of_rules(mapper.line_fields, "OrderMapper(line_fields=…)")
    yield from attribute_names.missing(wanted, lines, "order lines")
    if sync.person_id != PERSON_ID:
        people = ctx.zoey.customers.list_page().items
        yield from attribute_names.missing({sync.person_id: "OrderSync(person_id=…)"}, people, "customers")
    if sync.account_id != ACCOUNT_ID:
        accounts = ctx.zoey.accounts.list_page().items
        yield from attribute_names.missing({sync.account_id: "OrderSync(account_id=…)"}, accounts, "accounts")


@contextmanager
def _noting(failing: list[str], order: str) -> Generator[None]:
    """What the merchant's own code raises on an order is noted, and the others are looked at all the same."""
    try:
        yield
    except Exception as error:
        if isinstance(error, ZoeyNetSuiteError):
            raise
        logger.exception("the merchant's own code failed on %s", order)
        failing.append(f"{order}: {said(error)}")


def _mapping(sync: OrderSync, orders: Sequence[Order], ctx: SyncContext, failing: list[str]) -> Iterator[Finding]:
    """What of recent orders the mapping can't turn into sales orders; nothing is sent.

    Args:
        failing: gets the orders at which the merchant's own code fails.
    """
    needs: list[Lookup] = []
    known: list[Order] = []
    for order in orders:
        with _noting(failing, f"Zoey order {order.number} (id {order.zoey_id})"):
            needs += needs_of(sync.mapper.needs, order)
            if order.is_guest and sync.guests is not None:
                needs += needs_of(sync.guests.needs, order)
            known.append(order)
    found = look_up(needs, Clients(ctx.netsuite, ctx.zoey), ctx.settings.timezone)
    settings = evolve(ctx.settings, found=found)
    problems = _problems(sync, sync.mapper, known, settings, failing)
    if problems:
        named = "; ".join(list(problems.values())[:NAMED])
        what = f"{len(problems)} of {len(orders)} orders can't be mapped, and are held: {named}"
        yield Finding("warning", "settings", what, "Complete the mapping, or the products' attributes.")
    if sync.mapper.too_long == "shorten":
        strict = copy(sync.mapper)
        strict.too_long = "hold"
        mapped = [order for order in known if order.zoey_id not in problems]
        shortened = list(_problems(sync, strict, mapped, settings, []).values())
        if shortened:
            what = f"texts of {len(shortened)} of {len(orders)} orders are shortened: {'; '.join(shortened[:NAMED])}"
            yield Finding("warning", "settings", what, "Shorten them in Zoey where the whole text counts.")


def _problems(
    sync: OrderSync, mapper: OrderMapper, orders: Sequence[Order], settings: MapContext, failing: list[str]
) -> dict[str, str]:
    """Why orders can't be mapped, by Zoey's id; those that can are left out. `failing`: see `_mapping`."""
    found: dict[str, str] = {}
    for order in orders:
        with _noting(failing, f"Zoey order {order.number} (id {order.zoey_id})"):
            try:
                fields = mapper.to_netsuite(order, everything(order), settings)
            except MappingError as error:
                found[order.zoey_id] = str(error)
                continue
            must_give(mapper.to_netsuite, fields, Mapping, "the sales order's fields, as a dict")
            if order.is_guest and sync.guests is not None:
                decided(sync.guests, order, settings.found)
    return found
