"""Several workers on one store carry sixty orders: none twice, none left (O1, E8)."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from support.trade import ATTRIBUTES, Trade
from support.world import START

from zoey_netsuite import (
    Integration,
    Limits,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    SQLiteStore,
    Table,
    Threads,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.sandbox import Fault

ORDERS = 60
Create = Literal["single", "batch"]


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path, real_time=True) as made:
        for number in range(ORDERS):
            made.place((101 + number % 8, 1 + number % 3), po_number=f"PO-{number}")
        yield made


def sync(create: Create = "single") -> OrderSync:
    mapper = OrderMapper(currencies=Table({"USD": "1"}))
    return OrderSync(start_at=START - timedelta(days=1), mapper=mapper, create=create)


def work(environment: Mapping[str, str], path: str, create: Create, runs: int) -> None:
    """What each of the processes does."""
    values = environment
    tokens = ("NETSUITE_CONSUMER_KEY", "NETSUITE_CONSUMER_SECRET", "NETSUITE_TOKEN_ID", "NETSUITE_TOKEN_SECRET")
    signing = ("ZOEY_CONSUMER_KEY", "ZOEY_CONSUMER_SECRET", "ZOEY_TOKEN", "ZOEY_TOKEN_SECRET")
    with (
        NetSuiteClient(
            values["NETSUITE_ACCOUNT_ID"],
            netsuite.TokenAuth(*(values[name] for name in tokens)),
            base_url=values["NETSUITE_URL"],
            limiter=Limits(concurrency=2),
        ) as erp,
        ZoeyClient(
            values["ZOEY_URL"],
            zoey.OAuth1Auth(*(values[name] for name in signing)),
            attributes=ATTRIBUTES,
            limiter=Limits(concurrency=2),
        ) as shop,
        SQLiteStore(path) as store,
    ):
        integration = Integration("acme", erp, shop, store, [sync(create)], dispatcher=Threads(2))
        for _ in range(runs):
            integration.run()


def all_once(trade: Trade) -> None:
    """One more run finds nothing to do."""
    integration = trade.orders(sync=sync())
    integration.run().raise_for_failure()
    assert sorted(trade.sales_orders()) == sorted(f"acme-order-{number}" for number in range(1, ORDERS + 1))
    assert all(trade.number_shown(str(number)) for number in range(1, ORDERS + 1))
    assert not integration.attention.list()
    assert list(integration.verify("orders")) == []
    trade.reset_calls()
    integration.run().raise_for_failure()
    assert trade.writes() == 0


@pytest.mark.parametrize("create", ["single", "batch"])
def test_two_processes(trade: Trade, create: Create) -> None:
    context = multiprocessing.get_context("spawn")
    """They divide the work: no write is sent twice either."""
    path = str(trade.folder / "sync.db")
    trade.reset_calls()
    children = [context.Process(target=work, args=(trade.environment, path, create, 2)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert trade.sandbox.zoey.calls.writes == ORDERS
    if create == "single":
        assert trade.sandbox.netsuite.calls.writes == ORDERS
    all_once(trade)


def test_three_integrations_in_threads(trade: Trade) -> None:
    """While answers are lost and the account is busy."""
    trade.sandbox.netsuite.faults.add(
        Fault("reset", when="after", method="POST", path="/salesOrder", skip=5, times=2),
        Fault("429", path="/record", skip=20, times=3),
        Fault("503", when="after", method="POST", path="/salesOrder", skip=40, times=1),
    )
    made = [trade.orders(sync=sync(), dispatcher=Threads(3)) for _ in range(3)]
    threads = [threading.Thread(target=integration.run) for integration in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    all_once(trade)
