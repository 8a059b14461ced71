"""Workers that claim from one list part where they have met, instead of being too late again and again (E8)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from support.colors import ON_PAINT, PAINTED, ColorSync
from support.world import World

from zoey_netsuite import Change, Check, Every, Put, StateStore, VersionMismatch

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

WORKERS, UNITS = 8, 1000


class Claims:
    """A store that counts the claims made, and those that came too late."""

    def __init__(self, inner: StateStore) -> None:
        self._inner, self._lock = inner, threading.Lock()
        self.made = self.late = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, changes: Sequence[Change]) -> Mapping[Any, int]:
        """As the inner store."""
        takes = any(isinstance(change, Put) and change.key[1] == "lease" for change in changes)
        takes = takes and any(isinstance(change, Check) and change.key[1] == "work" for change in changes)
        time.sleep(0.01)  # the database is some way off: others read what is about to be taken
        try:
            made = self._inner.commit(changes)
        except VersionMismatch:
            with self._lock:
                self.late += takes
            raise
        with self._lock:
            self.made += takes
        return made


def test_eight_workers_are_seldom_in_each_others_way(
    world: World, postgres: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """E8: a thousand units that are due, and eight workers that begin at once."""
    from zoey_netsuite import PostgresStore

    PAINTED.clear()
    ON_PAINT[:] = [lambda record: time.sleep(0.005)]
    colors = {f"{number:04}": "red" for number in range(UNITS)}
    with PostgresStore(postgres.dsn(), postgres.schema(), clock=world.clock, connections=20) as inner:
        stop = threading.Event()
        sync = ColorSync(colors, page_size=UNITS, scan=lambda at: stop.set())
        world.integration(sync, store=inner, schedule={"colors": Every(minutes=5)}).run_forever(stop)
        assert not PAINTED, "they were found, and that is all"
        store = Claims(inner)
        barrier = threading.Barrier(WORKERS)

        def work() -> None:
            integration = world.integration(ColorSync({}), store=store)
            barrier.wait(30)
            integration.run().raise_for_failure()

        threads = [threading.Thread(target=work) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    with capsys.disabled():
        print(f"\n{store.made} claims were made, {store.late} came too late")
    assert {name: len(times) for name, times in PAINTED.items()} == dict.fromkeys(colors, 1)
    assert store.made >= UNITS / 100
    assert store.late <= 1.5 * store.made
