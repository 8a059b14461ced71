"""Checks with several hands on one store: threads, a second store on the same data, other processes, reopening."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from typing import TypeVar

import pytest

from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state import ABSENT, Check, Delete, Key, Put, StateStore
from zoey_netsuite.testing.store_commits import snapshot

T = TypeVar("T")

COUNTER: Key = ("conformance", "counter")
LEFT: Key = ("conformance", "left")
RIGHT: Key = ("conformance", "right")

THREADS = 4
STEPS = 25
PROCESS_SECONDS = 60
KILLS = 3
CLOCKS_AGREE = timedelta(seconds=5)
"""By how much two stores' clocks may differ, if they are not one clock."""
PARTS: tuple[Key, ...] = tuple(("conformance", "part", str(number)) for number in range(50))
"""What is always written together."""


def add_ones(store: StateStore, times: int) -> list[int]:
    """Raise the counter so many times, as a worker does: read, decide, commit, and again when somebody was faster.

    Returns:
        The versions that the counter got.
    """
    versions: list[int] = []
    while len(versions) < times:
        entry = store.read([COUNTER]).get(COUNTER)
        put = Put(COUNTER, 1, ABSENT) if entry is None else Put(COUNTER, entry.value + 1, entry.version)
        try:
            versions.append(store.commit([put])[COUNTER])
        except VersionMismatch:
            continue
    return versions


def add_ones_elsewhere(opener: Callable[[], StateStore], times: int) -> list[int]:
    """The same in another process."""
    store = opener()
    try:
        return add_ones(store, times)
    finally:
        store.close()


def commit_until_killed(opener: Callable[[], StateStore], told: Connection) -> None:
    """Write all parts again and again, and tell after each commit what they hold now and their versions."""
    store = opener()
    number = max((entry.value for entry in store.read(PARTS).values()), default=0)
    while True:
        number += 1
        told.send((number, list(store.commit([Put(key, number) for key in PARTS]).values())))


def kill_one_that_commits(opener: Callable[[], StateStore], share: float) -> list[tuple[int, list[int]]]:
    """Kill another process when that share of a commit's time has passed since it told of one.

    Returns:
        What it told until then.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=commit_until_killed, args=(opener, theirs), daemon=True)
    child.start()
    theirs.close()
    told: list[tuple[int, list[int]]] = []
    began = time.monotonic()
    try:
        for _ in range(3):
            began = time.monotonic()
            assert ours.poll(PROCESS_SECONDS), "another process could not commit"
            told.append(ours.recv())
        time.sleep((time.monotonic() - began) * share)
    except EOFError:
        raise AssertionError("another process could not commit; its output says why") from None
    finally:
        child.kill()
        child.join()
    try:
        while ours.poll():
            told.append(ours.recv())
    except (EOFError, OSError):
        pass
    ours.close()
    return told


def in_time(action: Callable[[], T]) -> T:
    """What an action gives; a `TimeoutError` where it waits for what nobody gives back any more."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(action())
        except BaseException as error:  # noqa: BLE001 - it is raised again by `result`
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=PROCESS_SECONDS)


def together(actions: Sequence[Callable[[], T]]) -> list[T]:
    """Run all at once, each in a thread; gives their results, or raises what one of them raised."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        futures = [pool.submit(run, action) for action in actions]
    return [future.result() for future in futures]


def attempt(store: StateStore, changes: Sequence[Put | Delete | Check]) -> bool:
    """Whether a commit went through."""
    try:
        store.commit(changes)
    except VersionMismatch:
        return False
    return True


def check_no_update_is_lost(stores: Sequence[StateStore]) -> None:
    """Threads that raise one counter count every step, and no two of their puts get one version."""
    results = together([partial(add_ones, store, STEPS) for store in stores])
    versions = [version for result in results for version in result]
    assert stores[0].read([COUNTER])[COUNTER].value == STEPS * len(stores)
    assert len(set(versions)) == STEPS * len(stores)


def check_fences_hold(one: StateStore, other: StateStore) -> None:
    """Two commits that each check the key which the other one writes never both go through."""
    for number in range(STEPS):
        left, right = (*LEFT, str(number)), (*RIGHT, str(number))
        done = together(
            [
                partial(attempt, one, [Check(left, ABSENT), Put(right, 1)]),
                partial(attempt, other, [Check(right, ABSENT), Put(left, 1)]),
            ]
        )
        assert done != [True, True]


def check_reads_are_of_one_moment(reader: StateStore, writer: StateStore) -> None:
    """Two keys that are always written together are never read or scanned apart."""
    writer.commit([Put(LEFT, 0), Put(RIGHT, 0)])
    done, often = threading.Event(), threading.Event()

    def write() -> None:
        try:
            for number in count(1):
                writer.commit([Put(LEFT, number), Put(RIGHT, number)])
                if number == STEPS:
                    often.set()
                if done.is_set():
                    return
        finally:
            often.set()

    def watch() -> None:
        # Absent keys between the two make a store that reads in portions use several.
        keys = [LEFT, *(("conformance", "middle", str(number)) for number in range(1_500)), RIGHT]
        try:
            # On a busy machine one thread may do all its steps before the other one gets the processor.
            for step in count(1):
                assert len({entry.value for entry in reader.read(keys).values()}) == 1
                assert len({entry.value for _, entry in reader.scan(("conformance",))}) == 1
                if step >= STEPS and often.is_set():
                    return
        finally:
            done.set()

    together([write, watch])


class ThreadChecks:
    """What is promised to the threads that use one store."""

    def test_threads_lose_no_update(self, store: StateStore) -> None:
        """Threads that raise one counter count every step."""
        check_no_update_is_lost([store] * THREADS)

    def test_threads_make_one_winner(self, store: StateStore) -> None:
        """Of threads that all want to be the first to put a key, one is."""
        for number in range(STEPS):
            key = ("conformance", str(number))
            won = together([partial(attempt, store, [Put(key, 1, ABSENT)])] * THREADS)
            assert won.count(True) == 1

    def test_threads_are_fenced(self, store: StateStore) -> None:
        """Two commits that each check the key which the other one writes never both go through."""
        check_fences_hold(store, store)

    def test_threads_see_one_moment(self, store: StateStore) -> None:
        """Two keys that are always written together are never read or scanned apart."""
        check_reads_are_of_one_moment(store, store)

    def test_threads_cross(self, store: StateStore) -> None:
        """Commits that name the same keys in different orders all go through, and none is torn by another."""
        keys = [("conformance", str(number)) for number in range(12)]

        def write(first: int) -> None:
            for number in range(STEPS):
                store.commit([Put(key, [first, number]) for key in keys[first:] + keys[:first]])
                store.commit([Put(key, [first, number]) for key in reversed(keys)])

        in_time(lambda: together([partial(write, first) for first in (0, 3, 6, 9)]))
        assert len({tuple(entry.value) for entry in store.read(keys).values()}) == 1

    def test_threads_write_side_by_side(self, store: StateStore) -> None:
        """Commits to different keys all go through, and none gets another one's version."""

        def write(name: str) -> list[int]:
            return [
                store.commit([Put(("conformance", name, str(number)), number)])[("conformance", name, str(number))]
                for number in range(STEPS)
            ]

        results = together([partial(write, name) for name in "abcd"])
        versions = [version for result in results for version in result]
        assert len(set(versions)) == len(versions) == 4 * STEPS
        assert {version for _, version in snapshot(store).values()} == set(versions)


class SharingChecks:
    """What is promised to several stores on the same data."""

    def test_second_sees_commits(self, store: StateStore, second: StateStore) -> None:
        """What one store has committed the other one reads, and its expectations hold for both."""
        assert LEFT not in second.read([LEFT])
        first = store.commit([Put(LEFT, 1)])[LEFT]
        for each in (store, second):
            assert [entry.value for entry in each.read([LEFT]).values()] == [1]
        other = second.commit([Put(LEFT, 2, first)])[LEFT]
        assert store.read([LEFT])[LEFT].version == other
        assert not attempt(store, [Put(LEFT, 3, first)])
        assert [key for key, _ in store.scan(("conformance",))] == [LEFT]

    def test_second_shares_the_counter(self, store: StateStore, second: StateStore) -> None:
        """Versions given by two stores on the same data never meet."""
        versions = [
            version
            for number in range(10)
            for each in (store, second, second)
            for version in each.commit([Put((*LEFT, str(number)), 1), Put(RIGHT, number)]).values()
        ]
        assert len(set(versions)) == len(versions)

    def test_second_loses_no_update(self, store: StateStore, second: StateStore) -> None:
        """Two stores that raise one counter count every step."""
        check_no_update_is_lost([store, second])

    def test_second_is_fenced(self, store: StateStore, second: StateStore) -> None:
        """Two commits that each check the key which the other one writes never both go through."""
        check_fences_hold(store, second)

    def test_second_sees_one_moment(self, store: StateStore, second: StateStore) -> None:
        """What one store writes together the other one never reads apart."""
        check_reads_are_of_one_moment(store, second)

    def test_second_agrees_on_the_time(self, store: StateStore, second: StateStore) -> None:
        """Leases go by `now()`: what it is by one store, it is by the other one, too."""
        before, between, after = store.now(), second.now(), store.now()
        assert before - CLOCKS_AGREE <= between <= after + CLOCKS_AGREE

    def test_second_outlives_close(self, store: StateStore, second: StateStore) -> None:
        """Closing one store leaves the other one usable and its data in place."""
        store.commit([Put(LEFT, 1)])
        store.close()
        assert second.read([LEFT])[LEFT].value == 1
        second.commit([Put(RIGHT, 1)])

    def test_processes_lose_no_update(self, store: StateStore, opener: Callable[[], StateStore]) -> None:
        """Two other processes and this one raise one counter, and it counts every step."""
        context = multiprocessing.get_context("spawn")
        with context.Pool(2) as pool:
            running = [pool.apply_async(add_ones_elsewhere, (opener, STEPS)) for _ in range(2)]
            versions = add_ones(store, STEPS)
            for each in running:
                versions.extend(each.get(timeout=PROCESS_SECONDS))
        assert store.read([COUNTER])[COUNTER].value == 3 * STEPS
        assert len(set(versions)) == 3 * STEPS

    def test_killed_processes_leave_nothing_by_halves(
        self, store: StateStore, opener: Callable[[], StateStore]
    ) -> None:
        """Another process is killed while it commits: what was acknowledged is there, the commit under way is there
        whole or not at all, no version comes back, and nobody waits for what the dead one held.
        """
        given: list[int] = []
        for attempt in range(KILLS):
            told = kill_one_that_commits(opener, (attempt + 1) / (KILLS + 1))
            last = told[-1][0]
            entries = in_time(partial(store.read, PARTS))
            assert set(entries) == set(PARTS)
            values = {entry.value for entry in entries.values()}
            assert values in ({last}, {last + 1})
            given.extend(version for _, versions in told for version in versions)
            if values == {last + 1}:
                given.extend(entry.version for entry in entries.values())
            given.extend(in_time(partial(store.commit, [Put(COUNTER, attempt)])).values())
            assert len(set(given)) == len(given)


class ReopeningChecks:
    """What is promised over the end of a store's life."""

    def test_reopened_store_has_everything(self, store: StateStore, reopen: Callable[[], StateStore]) -> None:
        """Values, versions, order and absence are as they were before closing."""
        store.commit([Put((*LEFT, str(number)), {"n": number}) for number in range(50)])
        store.commit([Delete((*LEFT, str(number))) for number in range(0, 50, 2)])
        before = list(snapshot(store).items())
        store.close()
        again = reopen()
        try:
            assert list(snapshot(again).items()) == before
        finally:
            again.close()

    def test_reopened_store_goes_on_counting(self, store: StateStore, reopen: Callable[[], StateStore]) -> None:
        """No version comes back after reopening, not even those of keys that were deleted before."""
        versions = [*store.commit([Put(LEFT, 1), Put(RIGHT, 1)]).values(), *store.commit([Put(LEFT, 2)]).values()]
        last = max(versions)
        store.commit([Delete(LEFT), Delete(RIGHT)])
        store.close()
        again = reopen()
        try:
            versions.extend(again.commit([Put(LEFT, 3), Put(RIGHT, 3)]).values())
            with pytest.raises(VersionMismatch):
                again.commit([Check(LEFT, last)])
        finally:
            again.close()
        assert len(set(versions)) == len(versions)
