"""A service that is told to end does so within the time-out of one call, whatever the other side does (G1, G4)."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from support.inboxes import eventually
from support.wire import Reply, Wire, silent, trickling, trickling_head, whole
from support.world import World

from zoey_netsuite import Every, Integration, InventorySync, NetSuiteClient, Retry, SQLiteStore, Threads, ZoeyClient
from zoey_netsuite.errors import TransportError
from zoey_netsuite.http import HttpxTransport
from zoey_netsuite.netsuite import TokenAuth
from zoey_netsuite.netsuite.auth import TOKEN_PATH
from zoey_netsuite.zoey import OAuth1Auth

TIMEOUT = 1.0


@pytest.mark.parametrize(
    "reply",
    [silent, trickling, trickling_head, whole(b"{}", head="HTTP/1.1 503 Busy")],
    ids=["silent", "trickling", "trickling head", "between two attempts"],
)
def test_it_ends_within_the_time_out(tmp_path: Path, reply: Reply) -> None:
    stop = threading.Event()
    with Wire(reply) as wire, SQLiteStore(tmp_path / "sync.db") as store:
        patient = Retry(attempts=9, base=60.0, random=lambda: 1.0)
        erp = NetSuiteClient("1", TokenAuth("a", "b", "c", "d"), base_url=wire.url, timeout=TIMEOUT, retry=patient)
        shop = ZoeyClient(wire.url, OAuth1Auth("a", "b", "c", "d"), timeout=TIMEOUT, retry=patient)
        schedule = {"inventory": Every(minutes=15)}
        service = Integration(
            "acme", erp, shop, store, [InventorySync(reserve_pending=False)], schedule=schedule, dispatcher=Threads(2)
        )
        thread = threading.Thread(target=service.run_forever, args=(stop,), daemon=True)
        thread.start()
        eventually(lambda: wire.heard)
        stop.set()
        began = time.monotonic()
        thread.join(20)
        assert not thread.is_alive()
        assert time.monotonic() - began < TIMEOUT + 3
        erp.close()
        shop.close()


def test_a_cancelled_run_waits_for_no_further_attempt(tmp_path: Path) -> None:
    """Nine attempts, minutes apart: the run ends at once all the same."""
    with Wire(whole(b"{}", head="HTTP/1.1 503 Busy")) as wire, SQLiteStore(tmp_path / "sync.db") as store:
        patient = Retry(attempts=9, base=60.0, random=lambda: 1.0)
        erp = NetSuiteClient("1", TokenAuth("a", "b", "c", "d"), base_url=wire.url, timeout=TIMEOUT, retry=patient)
        shop = ZoeyClient(wire.url, OAuth1Auth("a", "b", "c", "d"), timeout=TIMEOUT, retry=patient)
        integration = Integration("acme", erp, shop, store, [InventorySync(reserve_pending=False)])

        async def cancelled() -> float:
            running = asyncio.create_task(integration.arun())
            await asyncio.to_thread(eventually, lambda: wire.heard)
            running.cancel()
            began = time.monotonic()
            with pytest.raises(asyncio.CancelledError):
                await running
            return time.monotonic() - began

        assert asyncio.run(cancelled()) < TIMEOUT + 3
        erp.close()
        shop.close()


def test_the_answer_of_a_token_end_point_is_bounded(world: World) -> None:
    """It comes by the same transport: one that is too large is no token, and is not read to its end."""
    with Wire(whole(b'{"access_token": "' + b"x" * 5000 + b'"}')) as wire:
        world.environment = {**world.environment, "NETSUITE_URL": wire.url}
        erp = world.netsuite(transport=HttpxTransport(max_bytes=1000), retry=Retry(attempts=1))
        with erp, pytest.raises(TransportError, match="larger than 1,000 bytes"):
            erp.server_time()
        assert {heard.target for heard in wire.heard} == {TOKEN_PATH}
