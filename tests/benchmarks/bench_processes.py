"""How much faster eight processes are than two, on one PostgreSQL database and within one account's limit.

Orders wait; twenty calls at a time are allowed, NetSuite takes 200 ms for each, Zoey answers at once; each process
works on two threads. The floor is what the threads could do if they did nothing but create orders.
`ORDERS=800 python tests/benchmarks/bench_processes.py` for a shorter look.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from attrs import evolve
from support.order_workers import OrderWorkers
from support.postgres_server import PostgresServer

from zoey_netsuite import Timing

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
        world.worker = evolve(world.worker, timing=Timing())
        began = time.perf_counter()
        processes = [world.start() for _ in range(count)]
        while not world.is_through():
            time.sleep(0.1)
        seconds = time.perf_counter() - began
        world.end(*processes)
        calls, peak = world.sandbox.netsuite.calls.total, world.sandbox.netsuite.concurrency.peak
        assert world.made() == len(world.sent()) == ORDERS
    floor = ORDERS * LATENCY / (count * THREADS)
    print(
        f"{count} processes, Threads({THREADS}), {ORDERS:,} orders, {LIMIT} calls at a time allowed,"
        f" {LATENCY * 1000:.0f} ms each: {seconds:.1f} s ({floor / seconds:.0%} of what their threads can do),"
        f" {calls / ORDERS:.2f} calls an order, at most {peak} at a time"
    )
    return seconds


if __name__ == "__main__":
    main()
