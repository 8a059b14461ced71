"""Stores of other versions: an older one is read and worked off, a newer one refused (G4, G7, E7)."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from support.trade import Trade
from support.warranties import dump

from zoey_netsuite import ConfigurationError, Integration, MemoryStore, PostgresStore, Put, SQLiteStore, StateStore

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

DATA = Path(__file__).parents[2] / "data"
TENANTS = ("acme", "tenants")


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that has made the files."""
    spec = importlib.util.spec_from_file_location("make_store", DATA / "make_store.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules["make_store"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_sqlite(trade: Trade, request: pytest.FixtureRequest) -> StateStore:
    path = trade.folder / "older.db"
    shutil.copy(DATA / "store-format-1.sqlite3", path)
    return SQLiteStore(path, clock=trade.clock)


def in_postgres(trade: Trade, request: pytest.FixtureRequest) -> StateStore:
    server: PostgresServer = request.getfixturevalue("postgres")
    store = PostgresStore(server.url(server.database()), clock=trade.clock)
    entries = json.loads((DATA / "store-format-1.json").read_text())
    store.commit([Put(tuple(key), value) for key, value in entries])
    return store


@pytest.mark.parametrize("opened", [in_sqlite, in_postgres])
def test_a_store_of_format_1_is_worked_off(
    trade: Trade,
    maker: ModuleType,
    request: pytest.FixtureRequest,
    opened: Callable[[Trade, pytest.FixtureRequest], StateStore],
) -> None:
    """G4, E7: what was pending is made once, what was open is found or made, what was held is listed and retried."""
    maker.leave_behind(trade, MemoryStore(clock=trade.clock))  # the two systems, as the version before left them
    for name in maker.NAMES[1:]:  # which made only the first of three
        made = trade.erp.find("contact", f"acme-contact-{name.lower()}")
        trade.erp.delete("contact", str(made))
    assert set(trade.sales_orders()) == {"acme-order-1", "acme-order-4"}
    trade.later(minutes=10)
    store = opened(trade, request)
    assert dump_of(store)[("acme", "lease", "orders/5")]["owner"] == ["somebody", "", ""]
    store.commit([Put(TENANTS, {"netsuite": trade.erp.account_id, "zoey": trade.shop.host})])
    integration = trade.integration(*maker.syncs(trade), store=store)
    assert {(item.sync, item.unit_id) for item in integration.attention.list()} == {("orders", "2")}

    first = integration.run()
    first.raise_for_failure()
    for _ in range(3):
        trade.later(minutes=10)
        integration.run().raise_for_failure()

    assert set(trade.sales_orders()) == {f"acme-order-{number}" for number in (1, 4, 5, 6)}
    rows = trade.erp.suiteql("SELECT firstname FROM contact ORDER BY firstname")
    assert [row["firstname"] for row in rows] == ["Ann", "Bea", "Cid", "Dan"]
    told = first.syncs
    assert (told["contacts"].made, told["late"].made) == ({"contact": 2}, {"contact": 1}), "Ann was made before"
    invoices = list(trade.erp.suiteql("SELECT id FROM transaction WHERE type = 'CustInvc' ORDER BY id"))
    comments = [one.comment for one in trade.shop.orders.comments("1")]
    assert (len(invoices), len(list(trade.shop.orders.shipments("1")))) == (1, 1)
    assert (comments.count("marked [NS 78]"), comments.count("plain")) == (1, 1)
    assert told["agreed"].outcomes == {"unchanged": 1}, "what both sides agreed on is known"

    states = {(item.sync, item.unit_id): item.cause for item in integration.attention.list()}
    assert states == {("orders", "2"): "guest", ("plain", "1"): "outcome unknown"}
    assert integration.attention.retry(everything=True) == 2
    integration.run().raise_for_failure()
    assert [(item.sync, item.cause) for item in integration.attention.list()] == [("orders", "guest")]
    comments = [one.comment for one in trade.shop.orders.comments("1")]
    assert comments.count("plain") == 2, "the person has said that it was not written"
    kept = dump_of(store)
    assert {kept["acme", "link", "orders", "zoey", str(number)]["netsuite"] for number in (1, 4, 5, 6)} == {
        one["id"] for one in trade.sales_orders().values()
    }
    assert not [key for key, value in kept.items() if key[1] == "once" and not value["done"]]
    assert [key for key in kept if key[1] == "lease"] == []
    assert ("acme", "tombstone", "orders", "3") in kept
    assert kept[TENANTS]["format"] == 2
    store.close()


def dump_of(store: StateStore) -> dict[tuple[str, ...], Any]:
    return {key: entry.value for key, entry in store.scan((), limit=10_000)}


class TestFormat:
    """The number that says which versions can read what an integration keeps."""

    def marked(self, trade: Trade, number: int) -> Integration:
        """The store of an integration, marked as one of this format."""
        trade.orders().run().raise_for_failure()
        trade.place()
        (entry,) = trade.store.read([TENANTS]).values()
        trade.store.commit([Put(TENANTS, {**entry.value, "format": number})])
        return trade.orders()

    def test_a_newer_one_is_refused_with_what_to_do(self, trade: Trade) -> None:
        """E7: nothing is written, whatever is asked for."""
        integration = self.marked(trade, 3)
        before = dump(trade)
        trade.reset_calls()
        asked: list[Callable[[], object]] = [
            integration.run,
            lambda: integration.run(dry_run=True),
            integration.check,
            integration.rebuild,
            lambda: integration.attention.retry(everything=True),
            lambda: integration.explain("orders", zoey_id="1"),
            lambda: integration.link("orders", zoey_id="1", netsuite_id="1"),
        ]
        for ask in asked:
            with pytest.raises(ConfigurationError) as caught:
                ask()
            for part in (
                "'acme' in format 3",
                "reads formats up to 2",
                "Install that version again",
                "keep this store",
            ):
                assert part in str(caught.value)
        assert dump(trade) == before
        assert trade.writes() == 0

    def test_one_without_a_number_is_marked_by_a_run_and_not_by_a_dry_run(self, trade: Trade) -> None:
        """E7, G5: format 1 had none."""
        tenants = {"netsuite": trade.erp.account_id, "zoey": trade.shop.host}
        trade.store.commit([Put(TENANTS, tenants)])
        trade.orders().run(dry_run=True).raise_for_failure()
        assert dump_of(trade.store) == {TENANTS: tenants}

        trade.orders().run().raise_for_failure()
        value = dump_of(trade.store)[TENANTS]
        assert value["format"] == 2
        # What a version that knows no format does: it compares the whole value with its own, and shows these two.
        assert value != tenants
        assert "install that version again and keep this store" in value["netsuite"]
        assert value["zoey"] == trade.shop.host
        trade.store.commit([Put(TENANTS, {**value, "tenants": [trade.erp.account_id, "elsewhere"]})])
        others = trade.orders()
        with pytest.raises(ConfigurationError, match=f"between NetSuite {trade.erp.account_id} and Zoey elsewhere"):
            others.run()
