"""What a run costs the store: by page and by claim, never by the size of the catalogue."""

from __future__ import annotations

import pytest
from support.colors import PAINTED, ColorSync
from support.trouble import TroubledStore
from support.warranties import Shop, UnmarkedSync
from support.world import World

from zoey_netsuite import MemoryStore


@pytest.mark.parametrize("size", [200, 1000])
def test_nothing_to_do_costs_a_commit_a_page(world: World, size: int) -> None:
    store = TroubledStore(MemoryStore(clock=world.clock))
    sync = ColorSync({f"{number:05}": "red" for number in range(size)}, page_size=100)
    integration = world.integration(sync, store=store)
    integration.run().raise_for_failure()
    store.commits = store.reads = store.scans = store.read_keys = 0
    report = integration.run()

    pages = size // 100 + 1
    assert report.syncs["colors"].dropped == size
    assert store.commits <= pages + 4, "one a page, the scan's begin and end, its lease taken and given back"
    assert store.read_keys <= size + pages + 10, "each unit once, and one a page: whether something waits for a change"
    assert store.scans <= pages + 3
    assert PAINTED


def test_work_reads_each_entry_once(world: World) -> None:
    """No claim reads the list anew: keys, items and leases are read once each, plus a look further."""
    store = TroubledStore(MemoryStore(clock=world.clock))

    class Bulk(ColorSync):
        bulk = True

    size = 1000
    sync = Bulk({f"{number:05}": "red" for number in range(size)}, page_size=100)
    world.integration(sync, store=store).run().raise_for_failure()

    claims = size // 100
    assert store.scans <= 2 * (claims + 2) + size // 100
    assert store.read_keys <= 8 * size


def test_once_effects_cost_three_commits_a_unit(world: World) -> None:
    """Started, done, closed; and one for the claim."""
    shop = Shop(world, orders=1)
    for number in range(1, 11):
        shop.warranty(number, str(number))
    store = TroubledStore(MemoryStore(clock=world.clock))
    integration = shop.integration(UnmarkedSync(), store=store)
    store.commits = 0
    integration.run().raise_for_failure()

    assert len(shop.comments()) == 10
    assert store.commits <= 3 * 10 + 10
