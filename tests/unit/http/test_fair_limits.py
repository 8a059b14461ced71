"""Limiters are fair between syncs, and a bulk sync takes at most half of a limit while others wait (story 5, E1)."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual_loop import LoopClock, simulated

from zoey_netsuite import MemoryStore, StoreLimiter
from zoey_netsuite.http import Limiter, Limits, Permit, Signal
from zoey_netsuite.http.callers import NOBODY, Caller, calling_as
from zoey_netsuite.testing.clock import FakeClock

CLOCK = LoopClock()
ORDERS, STOCK, CATALOG = Caller("acme orders"), Caller("acme stock"), Caller("acme catalog", bulk=True)
CALLERS = [ORDERS, STOCK, CATALOG, NOBODY]


async def call(limiter: Limiter, caller: Caller, seconds: float = 0.0) -> None:
    """Make a call that takes so long."""
    with calling_as(caller):
        permit = await limiter.acquire_async(CLOCK)
    await asyncio.sleep(seconds)
    limiter.release(permit, Signal.OK)


async def settle() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


@given(
    places=st.integers(1, 6),
    actions=st.lists(
        st.tuples(
            st.sampled_from(["arrive", "arrive", "leave", "give up"]), st.integers(0, 9), st.sampled_from(CALLERS)
        ),
        max_size=60,
    ),
)
@settings(deadline=None)
def test_turns_whoever_comes_and_goes(places: int, actions: list[tuple[str, int, Caller]]) -> None:
    """No place stays empty while somebody waits; within a caller first come first served; nobody but bulk waits for
    more than one call of each other caller; and bulk takes no more than its half while others wait."""

    async def main() -> None:
        limits, clock = Limits(places, adaptive=False), FakeClock()
        waiting: list[tuple[Caller, asyncio.Task[Permit]]] = []
        inside: list[tuple[Caller, Permit]] = []
        passed: Counter[Caller] = Counter()  # calls of others since a caller waits or had its last turn
        bulk_was_last = False

        for action, which, caller in actions:
            if action == "arrive":
                with calling_as(caller):
                    waiting.append((caller, asyncio.create_task(limits.acquire_async(clock))))
            elif action == "leave" and inside:
                limits.release(inside.pop(which % len(inside))[1], Signal.OK)
            elif action == "give up" and waiting:
                waiting.pop(which % len(waiting))[1].cancel()
            await settle()
            let_in = [each for each in waiting if each[1].done()]
            assert len(let_in) <= 1
            for each in let_in:
                (served, permit), others = each, [other for other in waiting if other is not each]
                assert served not in [caller for caller, _ in waiting[: waiting.index(each)]], "first come first served"
                waiting.remove(each)
                inside.append((served, permit.result()))
                for other in {caller for caller, _ in others} - {served}:
                    passed[other] += 1
                passed[served] = 0
                if served.bulk and any(not caller.bulk for caller, _ in others):
                    assert not bulk_was_last
                    assert sum(caller.bulk for caller, _ in inside) <= max(1, places // 2)
                bulk_was_last = served.bulk
            for caller in CALLERS:
                if caller not in [one for one, _ in waiting]:
                    passed[caller] = 0
                assert caller.bulk or passed[caller] < len(CALLERS)
            assert limits.in_flight == len(inside)
            assert not waiting or len(inside) == places
        for _, task in waiting:
            task.cancel()

    asyncio.run(main())


def test_orders_keep_their_pace_during_a_bulk_syncs_writes() -> None:
    """Two calls a second, and a bulk sync that always has eight threads waiting: 20 calls of the orders each five
    minutes take no longer than the rate at half; and not one call is lost for the bulk sync. A fifth of 80,000 writes
    shows it: the two hours that they take repeat themselves."""
    writes, took = 16_000, []

    async def main() -> float:
        limits = Limits(per_second=2)
        left = iter(range(writes))

        async def thread() -> None:
            for _ in left:
                await call(limits, CATALOG)

        bulk = asyncio.gather(*(thread() for _ in range(8)))
        while not bulk.done():
            began = CLOCK.monotonic()
            for _ in range(20):
                await call(limits, ORDERS)
            took.append(CLOCK.monotonic() - began)
            await asyncio.wait([bulk], timeout=300 - took[-1])
        return CLOCK.monotonic()

    seconds = simulated(main())
    assert len(took) >= 27
    assert max(took) <= 20.5, "every second call"
    assert seconds <= (writes + 20 * len(took)) / 2 + 300


@pytest.mark.parametrize("kind", ["limits", "share of two"])
def test_bulk_has_half_of_the_places_while_others_wait(kind: str) -> None:
    """Calls at once, in one process and in its share of several: bulk calls take a minute each, others a second. All
    places are a bulk sync's as long as it is alone; half once others wait; and all again after that."""

    async def main() -> None:
        limiter: Limiter = Limits(8)
        if kind != "limits":
            store = MemoryStore()
            other = StoreLimiter(store, "erp", 16, clock=(frozen := FakeClock()))
            limiter = StoreLimiter(store, "erp", 16, clock=frozen)
            for one in (other, limiter, other, limiter):
                one.renew()
            assert limiter.share == 8
        now: Counter[str] = Counter()
        most: Counter[str] = Counter()

        async def thread(caller: Caller, seconds: float, calls: int) -> None:
            for _ in range(calls):
                with calling_as(caller):
                    permit = await limiter.acquire_async(CLOCK)
                now[caller.name] += 1
                most[caller.name] = max(most[caller.name], now[caller.name])
                await asyncio.sleep(seconds)
                now[caller.name] -= 1
                limiter.release(permit, Signal.OK)

        bulk = asyncio.gather(*(thread(CATALOG, 60, 6) for _ in range(12)))
        await asyncio.sleep(59)
        assert now[CATALOG.name] == 8
        others = asyncio.gather(*(thread(ORDERS, 1, 200) for _ in range(8)))
        await asyncio.sleep(2)
        most.clear()
        await asyncio.sleep(120)
        assert most == {CATALOG.name: 4, ORDERS.name: 4}
        await others
        most.clear()
        await bulk
        assert most[CATALOG.name] == 8

    simulated(main())


def test_syncs_that_are_not_bulk_share_alike() -> None:
    """Threads count for nothing: the sync with one makes as many calls as the one with eight, and a program that uses
    the client beside them, too."""

    async def main() -> None:
        limits, made = Limits(3), Counter[str]()

        async def thread(caller: Caller) -> None:
            while True:
                await call(limits, caller, 1)
                made[caller.name] += 1

        threads = [thread(caller) for caller, count in ((ORDERS, 1), (STOCK, 8), (NOBODY, 2)) for _ in range(count)]
        tasks = [asyncio.create_task(one) for one in threads]
        await asyncio.sleep(100.5)
        for task in tasks:
            task.cancel()
        assert all(99 <= made[caller.name] <= 101 for caller in (ORDERS, STOCK, NOBODY))

    simulated(main())


def test_threads_that_block_take_turns_too() -> None:
    """The blocking way: whoever comes last of another sync is served second."""
    limits, clock, served = Limits(1), FakeClock(), list[str]()
    held = limits.acquire(clock)

    def thread(caller: Caller) -> Callable[[], None]:
        def work() -> None:
            with calling_as(caller):
                permit = limits.acquire(clock)
            served.append(caller.name)
            limits.release(permit, Signal.OK)

        return work

    threads = []
    for caller in (CATALOG, CATALOG, CATALOG, CATALOG, ORDERS):
        threads.append(threading.Thread(target=thread(caller), daemon=True))
        threads[-1].start()
        while limits.waiting < len(threads):
            threads[-1].join(0.001)
    limits.release(held, Signal.OK)
    for one in threads:
        one.join(20)
    assert served.index(ORDERS.name) <= 1


def test_limiters_of_others_go_on_unchanged() -> None:
    """A limiter that knows of no callers is asked with what it was always asked with."""

    class Turnstile:
        def acquire(self, clock: object) -> Permit:
            return Permit()

        async def acquire_async(self, clock: object) -> Permit:
            return Permit()

        def release(self, permit: Permit, signal: Signal, retry_after: float | None = None) -> None:
            return

    limiter: Limiter = Turnstile()
    with calling_as(CATALOG):
        waits: Awaitable[Permit] = limiter.acquire_async(CLOCK)
        assert asyncio.run(_awaited(waits)).caller is CATALOG


async def _awaited(waits: Awaitable[Permit]) -> Permit:
    return await waits
