"""Edits of edits: the root of an order is that of the first of its ancestors (O8, E8)."""

from __future__ import annotations

from collections.abc import Sequence

from support.trade import Trade

from zoey_netsuite import AttentionItem, Effect, Found, Hold, Integration, MapContext, OrderSync, Skip, Unit
from zoey_netsuite.syncs.orders import OrderCase


class Watched(OrderSync):
    """Notes which orders are decided on, under which root, and what is leased meanwhile."""

    trade: Trade
    decided: list[tuple[str, str | None]]
    leased: set[str]

    def apply(self, unit: Unit[OrderCase], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        self.decided.append((unit.id, unit.root))
        self.leased |= {key[-1] for key, _ in self.trade.store.scan(("acme", "lease"))}
        return super().apply(unit, found, ctx)


def watched(trade: Trade) -> Watched:
    own = trade.order_sync()
    sync = Watched(start_at=own.start_at, mapper=own.mapper)
    sync.trade, sync.decided, sync.leased = trade, [], set()
    return sync


def edited(trade: Trade, order: str) -> str:
    """Somebody edits an order; gives the id of the order that takes its place."""
    with trade.sandbox.zoey.acting() as app:
        return str(app.edit_order(order, [{"product_id": 102, "qty": 1, "price": "12.5000"}])["entity_id"])


def test_a_chain_has_one_lease(trade: Trade) -> None:
    """5 ← 6 ← 7, none of them known: one root, and it is asked for nothing, as all are in one page."""
    first = trade.place((101, 2))
    second = edited(trade, first)
    third = edited(trade, second)
    trade.reset_calls()
    sync = watched(trade)
    trade.orders(sync=sync).run().raise_for_failure()

    assert sync.decided == [(each, f"orders/{first}") for each in (first, second, third)]
    assert sync.leased == {f"orders/{first}"}


def test_ancestors_are_read_from_links_and_only_else_from_zoey(trade: Trade) -> None:
    """The edits are read alone: the order between is asked for where it is not linked, all of them in one call."""
    firsts = [trade.place((101, 2)) for _ in range(3)]
    sync = watched(trade)
    integration = trade.orders(sync=sync)
    integration.run().raise_for_failure()
    seconds = [edited(trade, first) for first in firsts]
    thirds = [edited(trade, second) for second in seconds]
    trade.later(minutes=20)
    integration.run().raise_for_failure()
    held = [item for item in integration.attention.list() if item.unit_id in thirds]
    assert len(held) == 3
    assert asked_again(integration, held) == 2, "for the three edits, and for the three orders between"
    assert sync.decided[-3:] == [(third, f"orders/{first}") for first, third in zip(firsts, thirds, strict=True)]

    for each in seconds:
        integration.link("orders", zoey_id=each, netsuite_id=f"9{each}")
    assert asked_again(integration, held) == 2, "who links by hand does not say whose edit it is"
    for each in seconds:
        integration.sync_one("orders", zoey_id=each)
    assert asked_again(integration, held) == 1, "the links know the orders between"
    assert [root for id, root in sync.decided if id in thirds] == [f"orders/{first}" for first in firsts] * 4


def test_a_circle_has_one_lease(trade: Trade) -> None:
    """Damaged data: 1 ← 2 ← 1, and 3 is an edit of 2. Whichever is asked for, together or alone, it is one root."""
    first = trade.place((101, 2), relation_parent_id=2)
    second = edited(trade, first)
    third = edited(trade, second)
    assert (first, second) == ("1", "2")
    sync = watched(trade)
    integration = trade.orders(sync=sync)
    integration.run().raise_for_failure()
    integration.sync_one("orders", zoey_id=third).raise_for_failure()

    assert sync.decided == [(each, f"orders/{first}") for each in (first, second, third, third)]
    assert sync.leased == {f"orders/{first}"}


def asked_again(integration: Integration, held: Sequence[AttentionItem]) -> int:
    """How many lists of orders it takes to try these again, besides what a run asks for anyway."""
    idle = integration.run().calls["zoey"]["orders.list"]
    integration.attention.retry(held)
    return integration.run().calls["zoey"]["orders.list"] - idle
