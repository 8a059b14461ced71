"""Whether an order that NetSuite does not have goes there: by its state, its date, the filter, and what was shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoey_netsuite.engine.unit import Unit
from zoey_netsuite.entities import Hold, Order, Skip
from zoey_netsuite.mapping.order_checks import all_lines
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.syncs.order_case import GONE, OrderCase
from zoey_netsuite.user_code import must_give

if TYPE_CHECKING:
    from zoey_netsuite.syncs.orders import OrderSync

UNDATED = "no date"
"""The cause of orders that do not say when they were placed."""


def leaves_out(sync: OrderSync, order: Order, *, released: bool = False) -> str | None:
    """See `OrderSync.leaves_out`."""
    if order.state in GONE:
        return f"was {'canceled' if order.state == 'canceled' else 'refunded'} before it was carried"
    if order.lines and not still_wanted(order).lines:
        return "was canceled or refunded, line by line, before it was carried"
    if released:
        return None
    if order.created_at is not None and order.created_at < sync.start_at:
        return f"was placed before start_at ({sync.start_at.isoformat()})"
    reason = sync.filter.reason(order)
    must_give(sync.filter.reason, reason, str | None, "why the order is left out, as text, or None")
    if reason is not None:
        return f"is left out: {reason}"
    if order.state is not None and order.state not in (*sync.states, "complete"):
        sent = " or ".join(sync.states)
        return f"is in state {order.state}: it waits until it is {sent}"
    if sync.shipped_already == "skip" and _has_shipped(order):
        return "was shipped before it was carried"
    return None


def kept_back(sync: OrderSync, unit: Unit[OrderCase]) -> Hold | Skip | None:
    """Why an order that is not in NetSuite does not go there, by its header alone."""
    order = unit.data.order
    if order is None:
        return Skip("it is not linked any more")
    reason = sync.leaves_out(order, released=unit.approved)
    if reason is not None:
        return Skip(f"Zoey order {order.number} {reason}", cause=reason)
    if order.state is None and not unit.approved:
        return Hold(
            f"Zoey order {order.number} (id {order.zoey_id}) has no state, so nobody knows whether it may be"
            " sent. Save the order once in Zoey's administration and retry this, or release it.",
            cause="no state",
        )
    if order.created_at is None and not unit.approved:
        return Hold(
            f"Zoey order {order.number} (id {order.zoey_id}) does not say when it was placed (created_at is empty),"
            f" so whether that was before start_at ({sync.start_at.isoformat()}) can't be told. Set created_at in"
            " Zoey, or release the order, or dismiss this.",
            cause=UNDATED,
        )
    if unit.data.before_loss and not unit.approved:
        return Hold(
            f"Zoey order {order.number} (id {order.zoey_id}) was placed before the state store was lost, and"
            f" NetSuite has no sales order of this integration for it. If NetSuite has it all the same, link the"
            f" two; if not, release it.",
            cause="older than the loss",
        )
    if sync.shipped_already == "hold" and _has_shipped(order) and not unit.approved:
        return Hold(
            f"Zoey order {order.number} (id {order.zoey_id}) was shipped in Zoey, in full or in part, before"
            " NetSuite had it: the warehouse would ship it again. Release it to send it all the same, or dismiss"
            ' it. To send or leave out all such orders, set OrderSync(shipped_already="send" or "skip").',
            cause="shipped already",
        )
    return None


def _has_shipped(order: Order) -> bool:
    """Whether Zoey has shipped anything of an order."""
    return order.state == "complete" or any(line.shipped for line in all_lines(order.lines))
