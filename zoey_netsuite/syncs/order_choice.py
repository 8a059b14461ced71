"""Whether an order that NetSuite does not have goes there: by its state, its date, the filter, and what was shipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.engine.unit import Unit
from zoey_netsuite.entities import Hold, Order, Skip
from zoey_netsuite.mapping.order_checks import all_lines
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.netsuite.answers import INTERNAL_ID
from zoey_netsuite.state.records import RecordRef
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.order_case import AT_ONCE, GONE, OrderCase, id_of, made_for
from zoey_netsuite.syncs.order_scan import read_unlinked
from zoey_netsuite.user_code import must_give
from zoey_netsuite.zoey import in_

if TYPE_CHECKING:
    from zoey_netsuite.syncs.orders import OrderSync

UNDATED = "no date"
"""The cause of orders that do not say when they were placed."""


def leaves_out(sync: OrderSync, order: Order, *, released: bool = False) -> str | None:
    """See `OrderSync.leaves_out`."""
    reason = _never_comes(sync, order, released=released)
    if reason is None and not released and order.state is not None and order.state not in (*sync.states, "complete"):
        sent = " or ".join(sync.states)
        return f"is in state {order.state}: it waits until it is {sent}"
    return reason


def would_carry(sync: OrderSync, ids: Sequence[RecordRef], ctx: SyncContext) -> dict[RecordRef, str | None]:
    """See `Sync.would_carry`: an order on hold or in review may still move, a held one is for a person."""
    by_side = {side: [ref.id for ref in ids if ref.side == side] for side in ("zoey", "netsuite")}
    reasons = {RecordRef("netsuite", id): reason for id, reason in _made_here(by_side["netsuite"], ctx).items()}
    reasons |= dict.fromkeys((RecordRef("zoey", id) for id in by_side["zoey"]), "is not in Zoey")
    for part in chunks(filter(str.isdecimal, by_side["zoey"]), 100):
        for record in ctx.zoey.orders.list_each(entity_id=in_(part)):
            order = read_unlinked(sync, record, ctx)
            reasons[RecordRef("zoey", record.id)] = _never_comes(sync, order) if isinstance(order, Order) else None
    return reasons


def _made_here(ids: Sequence[str], ctx: SyncContext) -> dict[str, str | None]:
    """Of sales orders that are not linked: None for those of this integration, whose link is on its way."""
    reasons: dict[str, str | None] = dict.fromkeys(ids, "is not in NetSuite")
    for part in chunks(filter(INTERNAL_ID.fullmatch, ids), AT_ONCE):
        marks = ", ".join("?" * len(part))
        query = f"SELECT id, externalid FROM transaction WHERE type = 'SalesOrd' AND id IN ({marks}) ORDER BY id"
        for row in ctx.netsuite.suiteql(query, part):
            ours = made_for(row, ctx.integration)
            reasons[id_of(row) or ""] = None if ours else "was not made by this integration, nor linked or adopted"
    return reasons


def _never_comes(sync: OrderSync, order: Order, *, released: bool = False) -> str | None:
    """Why an order is not sent, and never will be by itself."""
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
            f"Zoey order {order.number} (id {order.zoey_id}) has no state, so whether it may be sent is"
            " not known. Save the order once in Zoey's administration and retry this, or release it.",
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
