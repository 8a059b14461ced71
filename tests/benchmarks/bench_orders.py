"""How much of an account's concurrency limit a run of new orders uses.

2,000 orders wait; NetSuite takes ten calls at a time and 200 ms for each, Zoey answers at once. The limit allows 50
calls a second: that is the floor. `ORDERS=500 python tests/benchmarks/bench_orders.py` for a shorter look.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.waiting_orders import waiting_orders

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
from zoey_netsuite.sandbox.remote import RemoteSandbox

ORDERS = int(os.environ.get("ORDERS", "2000"))
LIMIT, LATENCY = 10, 0.2
PRODUCTS = 50


def main() -> None:
    """Run it, and print what was used of what the limit allows."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, RemoteSandbox(options=["--no-quotas"]) as sandbox:
        sandbox.seed(waiting_orders(ORDERS, now, products=PRODUCTS))
        sandbox.netsuite.latency = LATENCY
        sandbox.netsuite.concurrency.limit = LIMIT
        access, shop_access = sandbox.netsuite.access, sandbox.zoey.access
        token = netsuite.TokenAuth(access.consumer_key, access.consumer_secret, access.token_id, access.token_secret)
        key = zoey.OAuth1Auth(
            shop_access.consumer_key, shop_access.consumer_secret, shop_access.token, shop_access.token_secret
        )
        sync = OrderSync(start_at=now - timedelta(days=1), mapper=OrderMapper(currencies=Table({"USD": "1"})))
        with (
            NetSuiteClient(access.account_id, token, base_url=access.url, limiter=Limits(concurrency=LIMIT)) as erp,
            ZoeyClient(shop_access.url, key, limiter=Limits(concurrency=8)) as shop,
            SQLiteStore(Path(folder, "sync.db")) as store,
        ):
            integration = Integration("acme", erp, shop, store, [sync], dispatcher=Threads(32))
            began, cpu = time.perf_counter(), time.process_time()
            report = integration.run()
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        report.raise_for_failure()
        calls = sum(report.calls["netsuite"].values())
        writes = report.calls["netsuite"].get("record.create", 0)
        assert report.count("created") == ORDERS, str(report)
        peak = sandbox.netsuite.concurrency.peak
    allowed = LIMIT / LATENCY
    print(f"{ORDERS:,} new orders, NetSuite {LIMIT} at a time at {LATENCY * 1000:.0f} ms each, Threads(32):")
    print(f"  {seconds:.1f} s, {cpu:.1f} s CPU, at most {peak} at a time")
    print(
        f"  {calls / seconds:.1f} of {allowed:.0f} calls a second used: {calls / seconds / allowed:.0%} (at least 90 %)"
    )
    print(f"  {writes / ORDERS:.2f} writes and {(calls - writes) / ORDERS:.3f} reads an order (at most 1 and 0.1)")


if __name__ == "__main__":
    main()
