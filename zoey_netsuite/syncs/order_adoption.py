"""Orders that are on both sides already: entered by hand, carried by an earlier connector, or known before the store
was lost; and whether linked ones agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from typing import TYPE_CHECKING

from zoey_netsuite.engine.findings import Adoption, Difference, unreadable
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.entities import JSON, Order
from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.logs import logger_of
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.netsuite.records import is_custom
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.order_case import (
    COLUMNS,
    ORDERS,
    SalesOrder,
    external_id,
    left_out,
    made_for,
    read_each,
    sales_orders,
)
from zoey_netsuite.syncs.order_roots import roots
from zoey_netsuite.syncs.order_scan import read_header
from zoey_netsuite.wording import is_nameless
from zoey_netsuite.zoey import Order as ZoeyOrder
from zoey_netsuite.zoey import in_

if TYPE_CHECKING:
    from zoey_netsuite.syncs.orders import OrderSync

AT_ONCE = 500

logger = logger_of("syncs")


def adopt(sync: OrderSync, match: str, ctx: SyncContext) -> Iterator[Adoption]:
    """Pairs of orders that know each other; one that fits several, or does not agree, is a question."""
    column = _column(match)
    shared = _shared(ctx) if match == "po_number" else frozenset[str]()
    for part in chunks(ctx.zoey.orders.list_each(), AT_ONCE):
        linked = ctx.links.by_zoey(ORDERS, [record.id for record in part])
        read = {record.id: read_header(sync, record, ctx) for record in part if record.id not in linked}
        orders = [order for order in read.values() if isinstance(order, Order)]
        for order_id, error in read.items():
            if isinstance(error, Exception):
                yield Adoption(order_id, "order", question=f"it can't be read: {error}", holds=True)
        marks = {order.zoey_id: order.po_number if match == "po_number" else order.number for order in orders}
        found = _by_mark(column, sorted({mark for mark in marks.values() if mark}), ctx)
        taken = ctx.links.by_netsuite(ORDERS, [id for rows in found.values() for id, _ in rows])
        root = roots({order.zoey_id: order.parent_id for order in orders}, ctx)
        for order in orders:
            mark = marks[order.zoey_id] or ""
            candidates = [one for id, one in found.get(mark, ()) if id not in taken]
            if candidates:
                holds = sync.leaves_out(order) is None
                yield _adoption(order, root[order.zoey_id], candidates, shared=mark in shared, holds=holds)


def _shared(ctx: SyncContext) -> Set[str]:
    """PO numbers that several Zoey orders carry."""
    seen: set[int] = set()
    shared: set[str] = set()
    for record in ctx.zoey.orders.list_each():
        if isinstance(record, ZoeyOrder) and record.po_number:
            mark = hash(record.po_number)  # a number instead of the text: there may be very many
            if mark in seen:
                shared.add(record.po_number)
            seen.add(mark)
    return shared


def _adoption(
    order: Order, root: str, candidates: Sequence[SalesOrder | MappingError], *, shared: bool, holds: bool
) -> Adoption:
    label = f"Zoey order {order.number}"
    read = [one for one in candidates if isinstance(one, SalesOrder)]
    question = _question(order, read, shared=shared) if len(read) == len(candidates) else _unread(candidates)
    if question is not None:
        return Adoption(order.zoey_id, label, question=question, holds=holds)
    (one,) = read
    data: dict[str, JSON] = {"checked": True, "adopted": True, "number": one.number, "status": one.status}
    if one.total != order.total.amount:
        data |= left_out(order, still_wanted(order))
    return Adoption(order.zoey_id, label, Link(ORDERS, order.zoey_id, one.id, root=root, data=data))


def _unread(candidates: Sequence[SalesOrder | MappingError]) -> str:
    error = next(one for one in candidates if isinstance(one, MappingError))
    return f"a sales order that fits can't be read: {error}"


def _question(order: Order, candidates: Sequence[SalesOrder], *, shared: bool) -> str | None:
    if len(candidates) > 1:
        numbers = ", ".join(f"{one.number} (id {one.id})" for one in candidates)
        return f"{len(candidates)} sales orders fit: {numbers}"
    (one,) = candidates
    if shared:
        return (
            f"sales order {one.number} (id {one.id}) fits, but other Zoey orders have PO number {order.po_number}, too"
        )
    if one.total not in (order.total.amount, still_wanted(order).total.amount):
        return f"sales order {one.number} (id {one.id}) fits, but comes to {one.total}, not {order.total}"
    return None


def _column(match: str) -> str:
    if match in ("po_number", "number"):
        return "otherrefnum"
    if is_custom(match) and match.replace("_", "").isalnum():
        return match.lower()
    msg = f'orders are matched by "po_number", "number" or a custom field ("custbody_…"), not by {match!r}'
    raise ConfigurationError(msg)


def _by_mark(
    column: str, marks: Sequence[str], ctx: SyncContext
) -> dict[str, list[tuple[str, SalesOrder | MappingError]]]:
    """Sales orders by these marks, as `read_each` gives them."""
    found: dict[str, list[tuple[str, SalesOrder | MappingError]]] = {}
    for part in chunks(marks, AT_ONCE):
        names = ", ".join("?" * len(part))
        query = (
            f"SELECT {COLUMNS}, {column} AS mark FROM transaction WHERE type = 'SalesOrd' AND {column} IN ({names})"
            " AND :after ORDER BY id"
        )
        rows = list(ctx.netsuite.suiteql(query, part, by=("id",)))
        told = [str(row.get("mark")) for row in rows]
        if len(part) == 1:
            found[part[0]] = list(read_each(rows))
        elif set(told) <= set(part):
            for mark, one in zip(told, read_each(rows), strict=True):
                found.setdefault(mark, []).append(one)
        else:  # a row does not tell its mark: so ever fewer are asked for, until it can be only one
            for half in chunks(part, (len(part) + 1) // 2):
                found |= _by_mark(column, half, ctx)
    return found


def rebuild(ctx: SyncContext) -> Iterator[Link]:
    """Links by the external ids of this integration. Whether totals agree is looked at when the order is next read.

    A sales order that can't be read, or whose external id names no Zoey order, is logged and left out. The order that
    it was made for is not linked then, and so it is held when it is next looked at.
    """
    query = (
        f"SELECT {COLUMNS}, externalid FROM transaction WHERE type = 'SalesOrd' AND externalid LIKE ? AND :after"
        " ORDER BY id"
    )
    for row in ctx.netsuite.suiteql(query, [external_id(ctx.integration, "%")], by=("id",)):
        try:
            yield SalesOrder.from_row(row).to_be_checked(made_for(row, ctx.integration))
        except MappingError as error:
            logger.warning(
                "%s: the sales order with id %r and external id %.80r was not linked: %s. Link it by hand if it is an"
                " order of this store.",
                *(ctx.integration, row.get("id"), row.get("externalid"), error),
            )


def verify(sync: OrderSync, ctx: SyncContext) -> Iterator[Difference]:
    """Linked orders of which one is gone, or whose totals or numbers do not agree."""
    attribute = ctx.zoey.attributes.order_number
    for part in chunks(ctx.links.all(ORDERS), AT_ONCE):
        theirs = sales_orders([link.netsuite_id for link in part], ctx.netsuite)
        ours = {
            record.id: read_header(sync, record, ctx)
            for ids in chunks([link.zoey_id for link in part], 100)
            for record in ctx.zoey.orders.list_each(entity_id=in_(ids))
        }
        # A record that does not name its order may be any of those that are missing: they are not gone.
        lost = next((one for id, one in ours.items() if is_nameless(id)), None)
        for link in part:
            order, sales_order = ours.get(link.zoey_id, lost), theirs.get(link.netsuite_id)
            if isinstance(order, Exception) or isinstance(sales_order, MappingError):
                why = order if isinstance(order, Exception) else sales_order
                yield unreadable(sync.name, link, f"order {link.zoey_id}", why)
            else:
                yield from _differences(sync.name, link, order, sales_order, attribute)


def _differences(
    name: str, link: Link, order: Order | None, sales_order: SalesOrder | None, attribute: str | None
) -> Iterator[Difference]:
    def difference(field: str, expected: object, actual: object) -> Difference:
        label = f"order {order.number}" if order is not None else ""
        return Difference(name, link.zoey_id, link.netsuite_id, field, str(expected), str(actual), label)

    if order is None or sales_order is None:
        here = "there" if order is not None else "gone from Zoey"
        yield difference("record", "there", here if sales_order is not None else "gone from NetSuite")
        return
    total = order.total.amount - Decimal(str(link.data.get("left_out", 0)))
    if sales_order.total != total:
        yield difference("total", total, sales_order.total)
    shown = order.custom.get(attribute or "")
    if attribute is not None and (shown or not link.data.get("adopted")) and shown != sales_order.number:
        yield difference(attribute, sales_order.number, shown)
