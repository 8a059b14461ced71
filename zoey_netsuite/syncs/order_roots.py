"""What is leased while an order is worked on: the root of an order and all its edits is the first of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.syncs.order_case import ORDERS
from zoey_netsuite.zoey import Order as ZoeyOrder
from zoey_netsuite.zoey import in_


def roots(parents: Mapping[str, str | None], ctx: SyncContext) -> dict[str, str]:
    """The roots of these orders.

    Ancestors are looked for among the orders themselves, then among the links, then in Zoey: each time all of them that
    are still to be found. Where no order is an edit nothing is asked.

    Args:
        parents: by order id, the id of the order that it is an edit of, or None.
    """
    known = dict(parents)
    while unknown := {last for order_id in parents if (last := _last(order_id, known)) not in known}:
        known |= _parents(unknown, ctx)
    return {order_id: f"{ORDERS}/{_last(order_id, known)}" for order_id in parents}


def _last(order_id: str, parents: Mapping[str, str | None]) -> str:
    """The furthest ancestor that is known of."""
    line = [order_id]
    while (parent := parents.get(line[-1])) is not None:
        if parent in line:  # a circle, which only damaged data has: whichever of it is asked for, it is one root
            return min(line[line.index(parent) :])
        line.append(parent)
    return line[-1]


def _parents(order_ids: Collection[str], ctx: SyncContext) -> dict[str, str | None]:
    """An ancestor of each of these orders; None for those that are no edits, or are not there any more."""
    found: dict[str, str | None] = {}
    for order_id, link in ctx.links.by_zoey(ORDERS, order_ids).items():
        first = link.root.rpartition("/")[2]
        if first != order_id:
            found[order_id] = first
        elif link.data:  # a pair that was linked by hand and not compared yet says nothing of what it is an edit of
            found[order_id] = None
    if missing := sorted(set(order_ids) - found.keys()):
        found |= dict.fromkeys(missing)
        for record in ctx.zoey.orders.list_each(entity_id=in_(missing)):
            found[record.id] = record.relation_parent_id if isinstance(record, ZoeyOrder) else None
    return found
