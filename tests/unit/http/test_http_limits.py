"""How many calls at once and a second: never too many, first come first served, and no place is ever lost."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import deque
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoey_netsuite.clock import SystemClock
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http import Limits, Permit, Signal
from zoey_netsuite.testing.clock import FakeClock

SIGNALS = st.sampled_from(list(Signal))


@given(
    concurrency=st.integers(1, 6),
    adaptive=st.booleans(),
    actions=st.lists(
        st.tuples(st.sampled_from(["arrive", "leave", "give up"]), st.integers(0, 9), SIGNALS), max_size=60
    ),
)
@settings(deadline=None)
def test_places_are_never_too_many_and_never_lost(
    concurrency: int, adaptive: bool, actions: list[tuple[str, int, Signal]]
) -> None:
    """Whatever arrives, leaves or gives up: never more calls than allowed at that moment, first come first served,
    nobody waits while there is a place, and at the end all places are free."""

    async def main() -> None:
        limits, clock = Limits(concurrency, adaptive=adaptive), FakeClock()
        arrived: list[asyncio.Task[Permit]] = []
        inside: deque[asyncio.Task[Permit]] = deque()

        async def settle() -> None:
            for _ in range(8 + 3 * len(arrived)):
                await asyncio.sleep(0)
            waiting = [task for task in arrived if not task.done()]
            let_in = [task for task in arrived if task.done() and not task.cancelled() and task not in inside]
            assert all(arrived.index(task) < arrived.index(other) for task in let_in for other in waiting)
            inside.extend(let_in)
            for task in let_in:
                arrived.remove(task)
            assert limits.in_flight == len(inside)
            assert limits.allowed is not None
            if let_in:
                assert len(inside) <= limits.allowed
            assert not waiting or len(inside) >= limits.allowed

        for action, which, signal in actions:
            if action == "arrive":
                arrived.append(asyncio.create_task(limits.acquire_async(clock)))
            elif action == "leave" and inside:
                inside.rotate(which)
                limits.release(inside.popleft().result(), signal)
            elif action == "give up" and arrived:
                arrived.pop(which % len(arrived)).cancel()
            await settle()
            assert 1 <= (limits.allowed or 0) <= concurrency
        while inside or arrived:
            if inside:
                limits.release(inside.popleft().result(), Signal.OK)
            await settle()
        assert limits.in_flight == 0

    asyncio.run(main())


@given(
    per_second=st.sampled_from([0.5, 1.0, 2.0, 7.0, 50.0]),
    burst=st.integers(1, 5),
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=60),
    signals=st.lists(SIGNALS, min_size=60, max_size=60),
)
@settings(deadline=None)
def test_never_more_a_second_than_allowed(
    per_second: float, burst: int, pauses: list[float], signals: list[Signal]
) -> None:
    """In no stretch of time are there more calls than the burst and what the rate grants for it."""
    clock = FakeClock()
    limits = Limits(per_second=per_second, burst=burst)
    times: list[float] = []
    for pause, signal in zip(pauses, signals, strict=False):
        clock.advance(pause)
        permit = limits.acquire(clock)
        times.append(clock.monotonic())
        limits.release(permit, signal)
    for first in range(len(times)):
        for last in range(first, len(times)):
            assert last - first + 1 <= burst + (times[last] - times[first]) * per_second + 1e-3


def test_the_rate_is_used_in_full() -> None:
    """A steady caller gets what is allowed, and no less."""
    clock = FakeClock()
    limits = Limits(per_second=2)
    for _ in range(21):
        limits.release(limits.acquire(clock), Signal.OK)
    assert clock.monotonic() == pytest.approx(10, abs=0.01)


def test_a_pause_lets_a_burst_through() -> None:
    """After a pause as many go at once as the burst says, then at the rate."""
    clock = FakeClock()
    limits = Limits(per_second=1, burst=3)
    for _ in range(4):
        limits.release(limits.acquire(clock), Signal.OK)
    assert clock.monotonic() == pytest.approx(1, abs=0.01)


def test_halves_once_for_calls_that_were_under_way_together() -> None:
    """Eight refusals of one moment are one; a refusal of a later call is another; below one call it never goes."""
    clock, limits = FakeClock(), Limits(8)
    together = [limits.acquire(clock) for _ in range(8)]
    for permit in together:
        limits.release(permit, Signal.BUSY)
    assert limits.allowed == 4
    for expected in (2, 1, 1, 1):
        limits.release(limits.acquire(clock), Signal.BUSY)
        assert limits.allowed == expected


def test_grows_by_one_in_a_round() -> None:
    """After a refusal the limit comes back by one for each round of calls that go well, up to what was given."""
    clock, limits = FakeClock(), Limits(8)
    limits.release(limits.acquire(clock), Signal.BUSY)
    rounds = []
    for _ in range(6):
        for permit in [limits.acquire(clock) for _ in range(limits.allowed or 0)]:
            limits.release(permit, Signal.OK)
        rounds.append(limits.allowed)
    assert rounds[0] in (4, 5)
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(rounds) if earlier and later)
    for _ in range(100):
        limits.release(limits.acquire(clock), Signal.OK)
    assert limits.allowed == 8


def test_failures_say_nothing_about_limits() -> None:
    """Other failures neither lower nor raise the limit; without `adaptive` nothing does."""
    clock, limits, fixed = FakeClock(), Limits(8), Limits(8, 4, adaptive=False)
    limits.release(limits.acquire(clock), Signal.BUSY)
    for _ in range(50):
        limits.release(limits.acquire(clock), Signal.FAILED)
    assert limits.allowed == 4
    fixed.release(fixed.acquire(clock), Signal.BUSY)
    assert (fixed.allowed, fixed.rate) == (8, 4)


def test_the_rate_is_halved_and_comes_back() -> None:
    """A store that refuses is asked half as often, never less than a sixteenth, and by and by as often as before."""
    clock, limits = FakeClock(), Limits(per_second=16)
    rates = []
    for _ in range(6):
        limits.release(limits.acquire(clock), Signal.BUSY)
        rates.append(limits.rate)
    assert rates == [8, 4, 2, 1, 1, 1]
    for _ in range(64):
        limits.release(limits.acquire(clock), Signal.OK)
    assert limits.rate == 16


@pytest.mark.parametrize("own", [True, False])
def test_what_the_server_asks_to_wait_holds_for_all(own: bool) -> None:
    """`Retry-After` keeps everybody waiting, measured and waited by one and the same clock: the limiter's own where
    it has one, else the caller's."""
    mine, callers = FakeClock(), FakeClock(datetime(2030, 1, 1, tzinfo=UTC))
    callers.advance(5000)
    limits = Limits(2, clock=mine if own else None)
    held = limits.acquire(callers)
    limits.release(limits.acquire(callers), Signal.BUSY, 30.0)
    limits.release(held, Signal.BUSY, 10.0)
    waits, other = (mine, callers) if own else (callers, mine)
    limits.release(limits.acquire(callers), Signal.OK)
    assert sum(waits.slept) == pytest.approx(30)
    assert other.slept == []


@pytest.mark.parametrize("asked", [float("nan"), float("inf"), -1.0, 0.0])
def test_senseless_pauses_are_none(asked: float) -> None:
    """What no clock can wait for is not waited for."""
    clock, limits = FakeClock(), Limits(2)
    limits.release(limits.acquire(clock), Signal.BUSY, asked)
    limits.acquire(clock)
    assert clock.slept == []


def test_a_place_is_given_back_once() -> None:
    """Releasing twice, or what was never got, frees no place."""
    clock, limits = FakeClock(), Limits(2)
    first, second = limits.acquire(clock), limits.acquire(clock)
    limits.release(first, Signal.OK)
    limits.release(first, Signal.OK)
    limits.release(Permit(), Signal.BUSY)
    assert limits.in_flight == 1
    assert limits.allowed == 2
    limits.release(second, Signal.OK)
    assert limits.in_flight == 0


def test_cancelled_waits_hold_nobody_up() -> None:
    """The first in the queue, waiting for time to pass, gives up: the next one comes through, no place is lost."""

    class Standing(FakeClock):
        """Its sleepers sleep until they are cancelled."""

        async def sleep_async(self, seconds: float) -> None:
            await asyncio.Event().wait()

    async def main() -> None:
        clock, still = FakeClock(), Standing()
        limits = Limits(1, per_second=1)
        limits.release(limits.acquire(clock), Signal.OK)
        first = asyncio.create_task(limits.acquire_async(still))
        second = asyncio.create_task(limits.acquire_async(clock))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not second.done()
        first.cancel()
        limits.release(await second, Signal.OK)
        assert limits.in_flight == 0

    asyncio.run(asyncio.wait_for(main(), 20))


def test_threads_and_tasks_share_one_limit() -> None:
    """E1: threads and the tasks of several loops together never exceed the limit, and all of them come through."""
    limits, clock = Limits(3, adaptive=False), SystemClock()
    lock, counts = threading.Lock(), {"now": 0, "most": 0, "done": 0}

    def enter() -> None:
        with lock:
            counts["now"] += 1
            counts["most"] = max(counts["most"], counts["now"])

    def leave() -> None:
        with lock:
            counts["now"] -= 1
            counts["done"] += 1

    def calls() -> None:
        for _ in range(60):
            permit = limits.acquire(clock)
            enter()
            leave()
            limits.release(permit, Signal.OK)

    def tasks() -> None:
        async def one() -> None:
            for _ in range(20):
                permit = await limits.acquire_async(clock)
                enter()
                await asyncio.sleep(0)
                leave()
                limits.release(permit, Signal.OK)

        async def main() -> None:
            await asyncio.gather(*(one() for _ in range(6)))

        asyncio.run(main())

    threads = [threading.Thread(target=work, daemon=True) for work in (calls, tasks, calls, tasks, calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert counts["done"] == 3 * 60 + 2 * 6 * 20
    assert counts["most"] <= 3
    assert limits.in_flight == 0


def test_a_loop_that_was_closed_holds_nobody_up() -> None:
    """A task that waited in a loop which was closed is forgotten, and takes no place with it."""
    clock, limits = FakeClock(), Limits(1)
    held = limits.acquire(clock)
    loop = asyncio.new_event_loop()
    waiting = limits.acquire_async(clock)

    async def begin() -> None:
        waiting.send(None)

    loop.run_until_complete(begin())
    loop.close()
    limits.release(held, Signal.OK)
    waiting.close()
    assert limits.in_flight == 0
    limits.acquire(clock)
    assert limits.in_flight == 1


@pytest.mark.parametrize(
    ("concurrency", "per_second"), [(0, None), (-1, None), (None, 0.0), (None, -2.0), (None, float("inf"))]
)
def test_impossible_limits_are_refused(concurrency: int | None, per_second: float | None) -> None:
    """A limit that would let nothing through is an error at once."""
    with pytest.raises(ConfigurationError):
        Limits(concurrency, per_second)
