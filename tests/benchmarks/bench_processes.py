"""How much faster eight processes are than two, on one PostgreSQL database and within one account's limit.

Orders wait; NetSuite takes twenty calls at a time and 200 ms for each, Zoey answers at once; each process works on two
threads. The floor is what two processes' four threads can do. `ORDERS=800 python tests/benchmarks/bench_processes.py`
for a shorter look.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.order_workers import OrderWorkers
from support.postgres_server import PostgresServer

ORDERS = int(os.environ.get("ORDERS", "2400"))
LIMIT, LATENCY, THREADS = 20, 0.2, 2


def main() -> None:
    """Run it with two and with eight, and print how long they took."""
    with PostgresServer() as server:
        seconds = {count: measured(server, count) for count in (2, 8)}
    print(f"8 processes are {seconds[2] / seconds[8]:.2f} times as fast as 2 (at least 2.5)")


def measured(server: PostgresServer, count: int) -> float:
    """Seconds that so many processes take, from the start of the first to the last order."""
    schema = server.schema()
    with OrderWorkers(server.dsn(), schema, ORDERS, limit=LIMIT, latency=LATENCY) as world:
        before = rolled_back(server)
        began = time.perf_counter()
        processes = [world.start() for _ in range(count)]
        while not world.is_through():
            time.sleep(0.1)
        seconds = time.perf_counter() - began
        lost = rolled_back(server) - before
        world.end(*processes)
        calls, peak = world.sandbox.netsuite.calls.total, world.sandbox.netsuite.concurrency.peak
        assert world.made() == len(world.sent()) == ORDERS
    floor = ORDERS * LATENCY / (count * THREADS)
    print(
        f"{count} processes, Threads({THREADS}), {ORDERS:,} orders, NetSuite {LIMIT} at a time at"
        f" {LATENCY * 1000:.0f} ms: {seconds:.1f} s ({floor / seconds:.0%} of what their threads can do),"
        f" {calls / ORDERS:.2f} calls an order, at most {peak} at a time, {lost} commits that came too late"
    )
    return seconds


def rolled_back(server: PostgresServer) -> int:
    """How many transactions were rolled back so far: what a conflict between workers ends in."""
    ((count,),) = server.execute("SELECT sum(xact_rollback)::int FROM pg_stat_database")
    return int(str(count))


if __name__ == "__main__":
    main()
