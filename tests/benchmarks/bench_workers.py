"""What threads cost: CPU an order with `Inline()` and with `Threads(32)`, at the same latency, beside the merge-base.

New orders wait; NetSuite takes ten calls at a time and 100 ms for each, Zoey answers at once. Each figure is the best
of `RUNS` runs in processes of their own. `ORDERS=100 RUNS=1 python tests/benchmarks/bench_workers.py` for a shorter
look.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.waiting_orders import waiting_orders

from zoey_netsuite import (
    Inline,
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

ROOT = Path(__file__).parents[2]
ORDERS = int(os.environ.get("ORDERS", "300"))
RUNS = int(os.environ.get("RUNS", "3"))
LIMIT, LATENCY, COUNT = 10, 0.1, 32


def main() -> None:
    """Measure this checkout and its merge-base, and print the figures side by side."""
    print(f"{ORDERS:,} new orders, NetSuite {LIMIT} at a time at {LATENCY * 1000:.0f} ms each, best of {RUNS}:")
    trees = {"here": ROOT}
    with merge_base() as base:
        if base is not None:
            trees["merge-base"] = base
        measured = {name: [best(tree, threads) for threads in (0, COUNT)] for name, tree in trees.items()}
    for name, ((inline, _), (threads, used)) in measured.items():
        print(
            f"  {name}: Inline {inline * 1000:.2f} ms CPU an order, Threads({COUNT}) {threads * 1000:.2f} ms"
            f" ({threads / inline:.2f} times, at most 1.25); {used:.0%} of the allowed calls used (at least 90 %)"
        )


@contextmanager
def merge_base() -> Generator[Path | None]:
    """A checkout of where this branch left main, or of the commit before this one on main itself."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "base")
        try:
            head, base = (_git("rev-parse", "HEAD"), _git("merge-base", "HEAD", "main"))
            _git("worktree", "add", "--detach", str(tree), base if base != head else "HEAD~")
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"  the merge-base is left out: git can't check it out here ({error})")
            yield None
            return
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def best(tree: Path, threads: int) -> tuple[float, float]:
    """The least CPU seconds an order, and the greatest share of the allowed calls, of several runs of a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    runs: list[tuple[float, float]] = []
    for _ in range(RUNS):
        command = [sys.executable, __file__, str(threads)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        cpu, used = map(float, done.stdout.split())
        runs.append((cpu, used))
    return min(cpu for cpu, _ in runs), max(used for _, used in runs)


def measure(threads: int) -> None:
    """Run once, with so many threads (0: inline), and print CPU an order and the share of the allowed calls used."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, RemoteSandbox(options=["--no-quotas"]) as sandbox:
        sandbox.seed(waiting_orders(ORDERS, now, products=50))
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
            dispatcher = Threads(threads) if threads else Inline()
            integration = Integration("acme", erp, shop, store, [sync], dispatcher=dispatcher)
            began, cpu = time.perf_counter(), time.process_time()
            report = integration.run()
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        report.raise_for_failure()
        assert report.count("created") == ORDERS, str(report)
        calls = sum(report.calls["netsuite"].values())
    print(cpu / ORDERS, calls / seconds / (LIMIT / LATENCY))


if __name__ == "__main__":
    measure(int(sys.argv[1])) if len(sys.argv) > 1 else main()
