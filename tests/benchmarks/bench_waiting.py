"""What a look at 10,000 waiting entries costs, none of which goes on: time, and reads of the store.

Run it: `python tests/benchmarks/bench_waiting.py`. Each time is the best of `ROUNDS` looks.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from attrs import evolve
from support.postgres_server import PostgresServer
from support.trouble import TroubledStore

from zoey_netsuite import Linked, MemoryStore, PostgresStore, SQLiteStore, StateStore, Unit
from zoey_netsuite.engine.desk import Desk, Timing
from zoey_netsuite.engine.waiting import DAILY, look
from zoey_netsuite.engine.waits import for_pair, stored
from zoey_netsuite.state.cursors import Cursors
from zoey_netsuite.state.journal import Journal
from zoey_netsuite.state.leases import Leases, Owner
from zoey_netsuite.state.links import Links
from zoey_netsuite.state.snapshots import Snapshots
from zoey_netsuite.state.space import Space, chunks, to_text
from zoey_netsuite.state.tombstones import Tombstones
from zoey_netsuite.state.worklist import WorkItem, Worklist, own_root

WAITS = 10_000
ROUNDS = 9


def main() -> None:
    """Print what each store takes."""
    print(f"a look at {WAITS:,} waiting entries, best of {ROUNDS}:")
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        stores: dict[str, Callable[[], StateStore]] = {
            "MemoryStore": MemoryStore,
            "SQLiteStore": lambda: SQLiteStore(f"{folder}/sync.db"),
            "PostgresStore": lambda: PostgresStore(server.url(server.database())),
        }
        for name, make in stores.items():
            store = make()
            try:
                print(f"  {name}: {measured(store)}")
            finally:
                store.close()


def measured(store: StateStore) -> str:
    """Of one store."""
    counted = TroubledStore(store)
    desk = desk_on(counted)
    due = to_text(store.now() + DAILY)
    for part in chunks(range(WAITS)):
        changes = [change for number in part for change in desk.worklist.replace(waiting(str(number), due), None)]
        store.commit(changes)
    counted.reads = counted.scans = 0
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        look("shipments", desk)
        times.append(time.perf_counter() - began)
    return f"{min(times) * 1000:.0f} ms, {counted.reads // ROUNDS} reads, {counted.scans // ROUNDS} scans"


def waiting(id: str, due: str) -> WorkItem:
    """A shipment whose order is not linked."""
    unit = Unit(id, about=Linked("orders", zoey_id=id), unlinked="wait", data={})
    wait = for_pair("shipments", unit)
    assert wait is not None
    item = WorkItem("shipments", id, "waiting", own_root("shipments", id), {"lines": [1, 2, 3]}, due, due=due)
    return evolve(item, waits_for=stored(wait), message=wait.reason)


def desk_on(store: StateStore) -> Desk:
    """The views of a store that a look uses."""
    space, timing = Space(store, "acme"), Timing()
    leases = Leases(space, timedelta(seconds=timing.lease))
    views = Links(space), Cursors(space), Worklist(space), Journal(space), Tombstones(space), Snapshots(space)
    return Desk(space, Owner.new(), timing, leases, *views)


if __name__ == "__main__":
    main()
