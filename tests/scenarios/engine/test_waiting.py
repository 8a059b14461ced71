"""Waiting: a unit that can't go on needs nobody, and goes on by itself when what it waits for is there (E4, E8, O5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.parcels import SENT, WAYS, ParcelSync, ThingSync, write_link
from support.trade import Trade
from support.trouble import TroubledStore

from zoey_netsuite import MemoryStore


@pytest.fixture(autouse=True)
def _nothing_sent() -> Iterator[None]:
    SENT.clear()
    yield
    SENT.clear()


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path) as made:
        yield made


@pytest.mark.parametrize("when", ["before", "while", "after"])
@pytest.mark.parametrize("apart", [False, True], ids=["one integration", "two"])
def test_each_writer_of_links(trade: Trade, when: str, apart: bool) -> None:
    """Whoever writes the link, and whenever: before the parcel waits, after the engine has read that the link is not
    there and before it has noted that the parcel waits, or later. The parcel is sent within a look-around, once.
    """
    for number, way in enumerate(WAYS, start=1):
        SENT.clear()
        store = MemoryStore(clock=trade.clock)
        things, parcels = ThingSync(), ParcelSync({"p": str(number)})
        integration = trade.integration(parcels, things, store=store)
        writes = ThingSync() if apart else things
        writer = trade.integration(ParcelSync({}), writes, store=store) if apart else integration

        def write(writer: Any = writer, writes: ThingSync = writes, way: str = way, number: int = number) -> None:
            write_link(writer, writes, way, str(number))

        if when == "before":
            write()
        if when == "while":
            things.on_asked = write
        integration.run(only="parcels").raise_for_failure()
        if when == "after":
            assert SENT == [], way
            assert [item.state for item in integration.attention.list(sync="parcels")] == ["waiting"]
            write()
        trade.later(seconds=10)
        report = integration.run_due()
        if report is not None:
            report.raise_for_failure()
        assert [sent.partition(" to ")[0] for sent in SENT] == ["p"], way
        assert integration.attention.list() == [], way
        assert integration.run_due() is None, way


def test_what_a_look_costs(trade: Trade) -> None:
    """One read of links for a thousand waits, and one page of the list; nothing is written, and no system is asked."""
    costs: dict[int, tuple[int, int, int]] = {}
    for waits in (0, 1000, 2500):
        store = TroubledStore(MemoryStore(clock=trade.clock))
        parcels = ParcelSync({str(n): str(n) for n in range(1, waits + 1)})
        integration = trade.integration(parcels, ThingSync(), store=store)
        integration.run().raise_for_failure()
        trade.reset_calls()
        store.commits = store.reads = store.scans = store.read_keys = 0
        assert integration.run_due() is None
        costs[waits] = store.reads, store.read_keys, store.commits
        assert trade.sandbox.zoey.calls.total + trade.sandbox.netsuite.calls.total == 0

    reads, keys, commits = costs[0]
    assert costs == {0: (reads, keys, 0), 1000: (reads + 1, keys + 1000, 0), 2500: (reads + 3, keys + 2500, 0)}
    assert commits == 0
