"""Looking at what NetSuite has made of orders: in bulk, and in full where its totals are not Zoey's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.engine.unit import Unit, Unreadable
from zoey_netsuite.entities import Order
from zoey_netsuite.errors import MappingError, NotFoundError
from zoey_netsuite.state.links import Link
from zoey_netsuite.syncs.order_case import (
    ORDERS,
    SALES_ORDER,
    OrderCase,
    SalesOrder,
    carried,
    fingerprint,
    is_settled,
    sales_orders,
)
from zoey_netsuite.syncs.totals import of_zoey

if TYPE_CHECKING:
    from zoey_netsuite.syncs.orders import OrderSync


def look(sync: OrderSync, units: Sequence[Unit[OrderCase]], ctx: SyncContext) -> Iterator[Unit[OrderCase]]:
    """These orders with their sales orders as they are now. Zoey is not asked again."""
    links = ctx.links.by_zoey(ORDERS, [unit.id for unit in units])
    theirs = sales_orders([link.netsuite_id for link in links.values()], ctx.netsuite)
    for unit in units:
        order, link = unit.data.order, links.get(unit.id)
        sales_order = None if link is None else theirs.get(link.netsuite_id)
        if isinstance(sales_order, MappingError):
            yield Unreadable(unit.id, error=sales_order, pair=link, root=unit.root)
        elif order is None or link is None:
            yield unit
        else:
            case = in_full(sync, evolve(unit.data, sales_order=sales_order), order, link, ctx)
            seen = fingerprint(order, ctx, known=True, theirs=[sales_order] if sales_order else [])
            yield evolve(unit, data=case, pair=link, fingerprint=seen)


def in_full(sync: OrderSync, case: OrderCase, order: Order, link: Link, ctx: SyncContext) -> OrderCase:
    """The case with its sales order in full, where that is needed to decide what becomes of a difference.

    SuiteQL may lag behind: a sales order that a query leaves out is only gone where its record is.
    """
    if is_settled(link) or (case.sales_order is not None and agrees(sync, order, link, case.sales_order)):
        return case
    try:
        return evolve(case, record=ctx.netsuite.record(SALES_ORDER, link.netsuite_id).fields)
    except NotFoundError:
        return evolve(case, gone=True)


def agrees(sync: OrderSync, order: Order, link: Link, sales_order: SalesOrder) -> bool:
    """Whether a sales order comes to what was carried of its order."""
    wanted = of_zoey(carried(link, order)).total or 0
    return sales_order.total is not None and abs(sales_order.total - wanted) <= sync.totals.tolerance
