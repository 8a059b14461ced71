"""What stands in the state store and can't be so: a clear error that names the entry and says what to do (G4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.people import PeopleSync
from support.trade import CUSTOMER, Trade

from zoey_netsuite import Every, InventorySync, MemoryStore, SQLiteStore, StoreError, StoreLimiter, SystemFailure
from zoey_netsuite.state.encoding import encode_key
from zoey_netsuite.state.shapes import SHAPES
from zoey_netsuite.state.space import to_text
from zoey_netsuite.state.store import Delete, Key, Put
from zoey_netsuite.testing.clock import FakeClock

CURSOR = ("acme", "cursor", "orders")
PLACES: list[Any] = ["x", [], {"phase": "never"}, {"phase": "zoey", "since": "yesterday"}, {"other": 1}, {"after": 5}]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    with Trade(tmp_path_factory.mktemp("trade"), products=1) as made:
        yield made


@pytest.fixture
def trade(opened: Trade) -> Trade:
    return opened.anew()


def failing(trade: Trade, key: Key) -> str:
    """What a run says of the damage; once the entry is deleted as it advises, all goes on."""
    order = trade.place()
    integration = trade.integration(trade.order_sync(), InventorySync())
    report = integration.run()
    failure = report.failure
    assert failure is not None
    assert (failure.system, failure.cause) == ("store", "store")
    assert repr(key) in str(failure)
    assert "backup" in str(failure)
    trade.store.commit([Delete(key)])
    integration.run().raise_for_failure()
    assert f"acme-order-{order}" in trade.sales_orders()
    return str(failure)


@pytest.mark.parametrize("value", [None, "x", {"open": "yes"}, {"seen": []}, {"guarded": 5}, {"more": 1}], ids=repr)
def test_cursor(trade: Trade, value: Any) -> None:
    trade.store.commit([Put(CURSOR, value)])
    assert "looks at everything from its start" in failing(trade, CURSOR)


@pytest.mark.parametrize("place", PLACES, ids=repr)
def test_place_in_the_cursor_of_orders(trade: Trade, place: Any) -> None:
    trade.store.commit([Put(CURSOR, {"since": place, "open": True})])
    assert "its place is" in failing(trade, CURSOR)


def test_place_in_the_cursor_of_stock(trade: Trade) -> None:
    key = ("acme", "cursor", "inventory")
    trade.store.commit([Put(key, {"since": {"phase": "items", "product": "x"}, "open": True})])
    assert "its place is" in failing(trade, key)


def test_entry_of_the_work_list(trade: Trade) -> None:
    key = ("acme", "work", "orders", "7")
    due = ("acme", "due", "orders", "2026-01-01T00:00:00.000000Z", "7")
    trade.store.commit([Put(key, {"id": "7"}), Put(due, None)])
    assert "sync_one" in failing(trade, key)


@pytest.mark.parametrize(
    ("column", "data", "words"),
    [("value", b"{", "its value is no JSON"), ("value", b"\xff", "its value is no JSON"), ("key", b"\xfe\x00", "key")],
)
def test_damaged_bytes(tmp_path: Path, column: str, data: bytes, words: str) -> None:
    """A byte that has flipped on disk."""
    key = ("acme", "link", "orders", "zoey", "5")
    store = SQLiteStore(tmp_path / "sync.db")
    store.commit([Put(key, {"netsuite": "6", "root": "r", "data": {}})])
    with sqlite3.connect(tmp_path / "sync.db") as connection:
        (table,) = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if {"key", "value"} <= {row[1] for row in connection.execute(f"PRAGMA table_info({name})").fetchall()}
        ]
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE key = ?", (data, encode_key(key)))
    with pytest.raises(StoreError, match=words) as caught:
        store.scan(("acme",) if column == "value" else ())
    store.close()
    assert "Restore the store from a backup" in str(caught.value)


NOW = "2026-03-02T09:00:00.000000Z"
BY_HAND: dict[Key, Any] = {
    ("acme", "agreed", "people", "1"): {"zoey": {}, "netsuite": {}, "rules": "", "history": {}},
    ("acme", "changes awaited"): True,
    ("acme", "clock moved"): {"at": NOW, "seconds": 7200},
    ("acme", "lease", "people/1"): {"owner": None, "until": NOW, "started": []},
    ("acme", "overdue", "orders"): NOW,
    ("acme", "rebuilt"): {"at": NOW},
    ("acme", "tombstone", "orders", "77"): {"why": "dismissed", "cause": None, "at": NOW},
    ("acme", "watched", "people"): NOW,
}
"""Entries that the history of the test below does not leave in the store."""

UNREAD = {"attention", "due", "evidence", "waits for change", "waits for link"}
"""Kinds of entries of which only the key is read, or that may hold anything."""


def wrong_values(value: Any) -> Iterator[Any]:
    yield "x"
    if isinstance(value, dict):
        yield {"zoey": 1, "netsuite": 1, "owner": 1, "open": 1}
        anything = ("data", "result", "effect", "since", "answer")
        yield from ({**value, name: 1.5} for name in value if name not in anything)


def test_every_kind_of_entry(trade: Trade) -> None:
    """An entry of any kind that holds something else is named, with what to do; no other error comes of it."""
    linked, refused = trade.place(), trade.place(customer=2)
    syncs = [trade.order_sync(), InventorySync(), PeopleSync()]
    integration = trade.integration(*syncs, schedule={"orders": Every(minutes=5), "people": Every(days=30)})
    integration.run(only=["orders", "inventory"]).raise_for_failure()
    trade.later(hours=30)
    integration.link("people", zoey_id="1", netsuite_id=CUSTOMER)
    trade.store.commit([Put(key, value) for key, value in BY_HAND.items()])
    now = to_text(trade.store.now())
    trade.store.commit([Put(("acme", "written", now[:13], f"orders/{refused}"), now)])
    asked: list[Callable[[], Any]] = [
        integration.status,
        integration.attention.list,
        lambda: integration.explain("orders", zoey_id=linked),
        lambda: integration.explain("orders", zoey_id=refused),
        lambda: integration.explain("orders", zoey_id="77"),
        lambda: integration.run().raise_for_failure(),
        lambda: integration.explain("inventory", netsuite_id="1"),
        lambda: trade.integration(*syncs).run(only="people").raise_for_failure(),
        lambda: integration.sync_one("orders", zoey_id=refused).raise_for_failure(),
        lambda: integration.sync_one("people", zoey_id="1").raise_for_failure(),
        integration.check,
    ]
    entries = {
        (*key[1:2], key[3] if key[1] == "link" else ""): (key, entry.value)
        for key, entry in trade.store.scan(("acme",), limit=1000)
    }
    assert {kind for kind, _ in entries} | UNREAD == {*SHAPES, "link"}
    for kind, (key, value) in entries.items():
        for wrong in wrong_values(value) if kind[0] not in UNREAD else ():
            trade.store.commit([Put(key, wrong)])
            said = next(filter(None, map(_damage, asked)), "")
            assert f"the state store's entry {key!r} is damaged: it" in said, (key, wrong, said)
            assert "Restore the store from a backup. Without one: " in said, said
            trade.store.commit([Put(key, value)])


def _damage(ask: Callable[[], Any]) -> str:
    """What is said of damage to the store; "" where nothing is."""
    try:
        found = ask()
    except (StoreError, SystemFailure) as error:
        return str(error)
    return str(found) if "is damaged" in str(found) else ""


def test_shares_of_a_limit() -> None:
    """What can't be read of a shared limit is not believed; the limit goes on."""
    with MemoryStore() as store, StoreLimiter(store, "1234567", 5, clock=FakeClock()) as limiter:
        for wrong in (None, "x", {}, {"holders": {"a": 5}}, {"holders": {"a": {"share": 1, "until": "soon"}}}):
            store.commit([Put(("limits", "1234567"), wrong)])
            limiter.renew()
            assert limiter.share == 5
