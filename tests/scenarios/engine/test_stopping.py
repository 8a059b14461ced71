"""A service that is told to end does so within the time-out of one call, whatever the other side does (G1, G4)."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from support.inboxes import eventually
from support.wire import Reply, Wire, silent, trickling, trickling_head, whole

from zoey_netsuite import Every, Integration, InventorySync, NetSuiteClient, Retry, SQLiteStore, Threads, ZoeyClient
from zoey_netsuite.netsuite import TokenAuth
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
