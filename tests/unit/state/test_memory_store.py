"""The store in memory, beyond what every store promises."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from zoey_netsuite.clock import SystemClock
from zoey_netsuite.errors import StoreError
from zoey_netsuite.state import Delete, MemoryStore, Put


class ClockElsewhere(SystemClock):
    def now(self) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))


def test_clock_is_passed_in() -> None:
    """`now()` is the given clock's time, in UTC."""
    with MemoryStore(clock=ClockElsewhere()) as store:
        assert store.now() == datetime(2026, 3, 1, 10, tzinfo=UTC)
        assert store.now().tzinfo is UTC


def test_many_keys_stay_in_order() -> None:
    """Order holds through tens of thousands of puts and deletes at random places."""
    chance = random.Random(7)
    keys = [("k", f"{number:06}") for number in range(20_000)]
    chance.shuffle(keys)
    gone = set(chance.sample(keys, 15_000))
    with MemoryStore() as store:
        for start in range(0, len(keys), 1_000):
            store.commit([Put(key, None) for key in keys[start : start + 1_000]])
        store.commit([Delete(key) for key in gone])
        left = sorted(set(keys) - gone)
        assert [key for key, _ in store.scan(("k",), limit=30_000)] == left
        assert [key for key, _ in store.scan(("k",), reverse=True, limit=30_000)] == left[::-1]
        store.commit([Delete(key) for key in left])
        assert list(store.scan(())) == []
        assert list(store.scan((), reverse=True)) == []
        store.commit([Put(keys[0], 1)])
        assert [key for key, _ in store.scan(())] == [keys[0]]


def test_negative_limit() -> None:
    """A negative limit is a mistake, not everything."""
    with MemoryStore() as store, pytest.raises(ValueError, match="-1"):
        store.scan((), limit=-1)


def test_closed_store_says_so() -> None:
    """What was in memory is gone, and the message says that."""
    store = MemoryStore()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.read([])
    assert repr(store) == "MemoryStore(closed)"
