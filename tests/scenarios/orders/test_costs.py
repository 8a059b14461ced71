"""What an order costs, as exact numbers: calls, and what the store is asked. Threads cost no more of it than one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest
from support.trade import Trade

from zoey_netsuite import Change, Check, Dispatcher, Entry, Inline, Key, MemoryStore, Put, StateStore, Threads

ORDERS = 240


class Counted:
    """A store that counts commits, reads and claims, whichever thread makes them."""

    def __init__(self, inner: StateStore) -> None:
        self._inner, self._lock = inner, threading.Lock()
        self.counts = Counter[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, changes: Sequence[Change]) -> Mapping[Any, int]:
        """As the inner store."""
        takes = any(isinstance(change, Put) and change.key[1] == "lease" for change in changes)
        takes = takes and any(isinstance(change, Check) and change.key[1] == "work" for change in changes)
        self._count(commits=1, claims=int(takes))
        return self._inner.commit(changes)

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """As the inner store."""
        self._count(reads=1)
        return self._inner.read(keys)

    def _count(self, **more: int) -> None:
        with self._lock:
            self.counts.update(more)


@pytest.mark.parametrize("dispatcher", [Inline(), Threads(8)], ids=["inline", "threads"])
def test_orders(trade: Trade, dispatcher: Dispatcher) -> None:
    """O1: 240 orders in three claims of a hundred at the most; each is one write to each side."""
    for number in range(ORDERS):
        trade.place((101 + number % 8, 1), po_number=f"PO-{number}")
    store = Counted(MemoryStore(clock=trade.clock))
    report = trade.orders(store=store, dispatcher=dispatcher).run()
    report.raise_for_failure()

    assert report.count("created") == ORDERS
    assert report.calls == {
        "netsuite": {"token": 1, "suiteql": 4, "record.create": ORDERS},
        "zoey": {
            "orders.list": 3,
            "customers.list": 1,
            "accounts.list": 1,
            "products.list": 3,
            "orders.update": ORDERS,
        },
    }
    assert store.counts == {
        "claims": 3,
        # Of an order: that its sales order is begun, and that it is made. That all is done is one commit for a claim.
        "commits": 2 * ORDERS + 3 + 3 + 10,
        "reads": 3 * ORDERS + 94,
    }
