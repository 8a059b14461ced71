"""One account's limit kept by several limiters through a store (E8)."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from zoey_netsuite import (
    ConfigurationError,
    MemoryStore,
    SQLiteStore,
    StateStore,
    StoreError,
    StoreLimiter,
    SystemClock,
)
from zoey_netsuite.http.limits import Signal
from zoey_netsuite.testing.clock import FakeClock

CLOCK = SystemClock()
QUICK = 0.6
"""Seconds that a share lasts where real threads renew it."""


@contextmanager
def a_call(limiter: StoreLimiter) -> Iterator[None]:
    permit = limiter.acquire(CLOCK)
    try:
        yield
    finally:
        limiter.release(permit, Signal.OK)


class Account:
    """Counts the calls that are being made."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = self.made = 0

    @contextmanager
    def busy(self) -> Iterator[None]:
        with self.lock:
            self.now += 1
            self.made += 1
            self.most = max(self.most, self.now)
        try:
            yield
        finally:
            with self.lock:
                self.now -= 1


def until(true: Callable[[], object]) -> None:
    waited = threading.Event()
    for _ in range(1000):
        if true():
            return
        waited.wait(0.01)
    raise AssertionError("it never came to that")


def test_several_keep_one_limit_and_all_of_it_is_used() -> None:
    """E8: three limiters with four threads each, five calls at once: never more, and each gets its part."""
    store, account = MemoryStore(), Account()
    limiters = [StoreLimiter(store, "erp", 5, seconds=QUICK) for _ in range(3)]
    stop = threading.Event()
    made = dict.fromkeys(range(3), 0)

    def work(number: int) -> None:
        while not stop.is_set():
            with a_call(limiters[number]), account.busy():
                stop.wait(0.003)
            made[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3) for _ in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: min(made.values()) > 50 and account.most == 5)
    stop.set()
    for thread in threads:
        thread.join(10)
    assert account.most == 5
    for limiter in limiters:
        limiter.close()
    assert [entry.value for _, entry in store.scan(("limits",))] == [{"holders": {}}]


def test_alone_it_has_all_and_a_newcomer_gets_half() -> None:
    """A share shrinks only to what is in use, so all together never hold more than there is."""
    clock = FakeClock()
    store = MemoryStore(clock=clock)
    first, second = (StoreLimiter(store, "erp", 4, clock=clock) for _ in range(2))
    first.renew()
    assert first.share == 4
    permits = [first.acquire(clock) for _ in range(3)]
    second.renew()
    assert second.share == 0
    first.renew()
    second.renew()
    assert (first.share, second.share) == (2, 1), "three are in use there, so one is free"
    first.release(permits[0], Signal.OK)
    first.renew()
    second.renew()
    assert (first.share, second.share) == (2, 2)


def test_the_share_of_one_that_gives_no_sign_of_life_comes_back() -> None:
    """And it uses it no more: a place got before the time was up is given back unused."""
    clock = FakeClock()
    store = MemoryStore(clock=clock)
    stopped, other = (StoreLimiter(store, "erp", 4, seconds=30, clock=clock) for _ in range(2))
    stopped.renew()
    clock.advance(31)
    assert stopped.share == 0
    other.renew()
    assert other.share == 4
    stopped.renew()
    assert stopped.share == 0


def test_accounts_do_not_meet() -> None:
    clock = FakeClock()
    store = MemoryStore(clock=clock)
    erp, shop = StoreLimiter(store, "erp", 4, clock=clock), StoreLimiter(store, "shop", 2, clock=clock)
    erp.renew()
    shop.renew()
    assert (erp.share, shop.share) == (4, 2)


def test_more_of_them_than_places_take_turns() -> None:
    """Three for one place: each gets its calls through."""
    store, account = MemoryStore(), Account()
    limiters = [StoreLimiter(store, "erp", 1, seconds=QUICK) for _ in range(3)]

    def work(limiter: StoreLimiter) -> None:
        for _ in range(3):
            with a_call(limiter), account.busy():
                pass
        limiter.close()

    threads = [threading.Thread(target=work, args=(limiter,)) for limiter in limiters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert account.made == 9
    assert account.most == 1


def test_awaited() -> None:
    async def main() -> int:
        limiter = StoreLimiter(MemoryStore(), "erp", 2, seconds=QUICK)
        account = Account()

        async def call() -> None:
            permit = await limiter.acquire_async(CLOCK)
            with account.busy():
                for _ in range(20):
                    await asyncio.sleep(0)
            limiter.release(permit, Signal.OK)

        await asyncio.gather(*(call() for _ in range(20)))
        limiter.close()
        assert account.made == 20
        return account.most

    assert asyncio.run(main()) == 2


class Down:
    """A store that can be made to fail."""

    def __init__(self, inner: StateStore) -> None:
        self.inner, self.down = inner, False

    def __getattr__(self, name: str) -> Any:
        if self.down:
            raise StoreError("the store is down")
        return getattr(self.inner, name)


def test_a_store_that_fails_for_a_while() -> None:
    """The share is used until its time is up; when the store is back, so is the share."""
    store = Down(MemoryStore())
    limiter = StoreLimiter(store, "erp", 2, seconds=QUICK)  # type: ignore[arg-type]  # as far as it is asked
    with a_call(limiter):
        store.down = True
        until(lambda: limiter.share == 0)
    got = threading.Event()

    def call() -> None:
        with a_call(limiter):
            got.set()

    thread = threading.Thread(target=call)
    thread.start()
    assert not got.wait(QUICK)
    store.down = False
    assert got.wait(10)
    thread.join(10)
    limiter.close()


def _hold(path: str, held: Any) -> None:
    with SQLiteStore(path) as store:
        limiter = StoreLimiter(store, "erp", 3, seconds=5 * QUICK)
        limiter.acquire(CLOCK)
        held.set()
        threading.Event().wait()


def test_the_share_of_a_killed_process_comes_back_when_its_time_is_up(tmp_path: Path) -> None:
    """E8: and not before, as its last call may still be under way over there."""
    path = str(tmp_path / "limits.db")
    SQLiteStore(path).close()
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    child = context.Process(target=_hold, args=(path, held))
    child.start()
    assert held.wait(30)
    with SQLiteStore(path) as store, StoreLimiter(store, "erp", 3, seconds=3600) as limiter:
        child.kill()
        child.join(10)
        limiter.renew()
        assert limiter.share < 3, "its call may still be under way"

        def is_back() -> bool:
            limiter.renew()
            return limiter.share == 3

        until(is_back)
    with SQLiteStore(path) as store:
        assert [entry.value for _, entry in store.scan(("limits",))] == [{"holders": {}}]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_after_a_fork_the_child_keeps_the_limit_too(tmp_path: Path) -> None:
    """E8: one that was made before Gunicorn or Celery forked is one limiter more, not the same twice."""
    with SQLiteStore(tmp_path / "limits.db") as store, StoreLimiter(store, "erp", 4) as limiter:
        with a_call(limiter):
            child = multiprocessing.get_context("fork").Process(target=_renew, args=(limiter,))
            child.start()
            child.join(30)
        assert child.exitcode == 0
        holders = [entry.value["holders"] for _, entry in store.scan(("limits",))]
        assert sorted(len(each) for each in holders) == [2]


def _renew(limiter: StoreLimiter) -> None:
    assert (limiter.share, limiter.in_flight) == (0, 0)
    limiter.renew()
    assert limiter.share == 0, "its parent has all four until it renews"


@pytest.mark.parametrize("wrong", [{"concurrency": 0}, {"concurrency": 2.5}, {"account": ""}, {"seconds": 0}])
def test_what_it_refuses(wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {"account": "erp", "concurrency": 5, "seconds": 30} | wrong
    with pytest.raises(ConfigurationError, match="StoreLimiter"):
        StoreLimiter(MemoryStore(), values["account"], values["concurrency"], seconds=values["seconds"])


@pytest.mark.parametrize("given", [None, "sync.db", 5, MemoryStore])
def test_what_is_no_store(given: Any) -> None:
    """E8: refused where it is given, not at the first call."""
    with pytest.raises(ConfigurationError, match=r"StoreLimiter\(store=…\) takes a StateStore such as SQLiteStore"):
        StoreLimiter(given, "netsuite 1", 5)
