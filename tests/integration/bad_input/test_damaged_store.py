"""What stands in the state store and can't be so: a clear error that names the entry and says what to do (G4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.trade import Trade

from zoey_netsuite import InventorySync, StoreError
from zoey_netsuite.state.encoding import encode_key
from zoey_netsuite.state.store import Delete, Key, Put

CURSOR = ("acme", "cursor", "orders")
PLACES: list[Any] = ["x", [], {"phase": "never"}, {"phase": "zoey", "since": "yesterday"}, {"other": 1}, {"after": 5}]


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path, products=1) as made:
        yield made


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
def test_damaged_bytes(trade: Trade, column: str, data: bytes, words: str) -> None:
    """A byte that has flipped on disk."""
    key = ("acme", "link", "orders", "zoey", "5")
    trade.store.commit([Put(key, {"netsuite": "6", "root": "r", "data": {}})])
    (path,) = trade.folder.glob("*.db")
    with sqlite3.connect(path) as connection:
        (table,) = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if {"key", "value"} <= {row[1] for row in connection.execute(f"PRAGMA table_info({name})").fetchall()}
        ]
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE key = ?", (data, encode_key(key)))
    with pytest.raises(StoreError, match=words) as caught:
        trade.store.scan(("acme",) if column == "value" else ())
    assert "Restore the store from a backup" in str(caught.value)
