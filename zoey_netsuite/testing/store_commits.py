"""Checks of reading and committing: all or nothing, expectations, versions, closing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zoey_netsuite.errors import StoreError, VersionMismatch
from zoey_netsuite.state import ABSENT, Change, Check, Delete, Key, Put, StateStore

A: Key = ("conformance", "a")
B: Key = ("conformance", "b")
C: Key = ("conformance", "c")


def snapshot(store: StateStore) -> dict[Key, tuple[object, int]]:
    """All that a small store holds, with versions."""
    return {key: (entry.value, entry.version) for key, entry in store.scan((), limit=1000)}


class CommitChecks:
    """What `read`, `commit`, `now` and `close` promise."""

    def test_reads_what_was_put(self, store: StateStore) -> None:
        """What was committed is read with the version that the commit gave; absent keys are left out."""
        versions = store.commit([Put(A, {"n": 1}), Put(B, "two")])
        entries = store.read([A, B, C])
        assert {key: entry.value for key, entry in entries.items()} == {A: {"n": 1}, B: "two"}
        assert {key: entry.version for key, entry in entries.items()} == versions

    def test_read_takes_any_collection(self, store: StateStore) -> None:
        """Lists with repetitions, sets and dictionaries of keys, and none at all."""
        store.commit([Put(A, 1), Put(B, 2)])
        for keys in ([A, A, B], {A, B}, {A: 0, B: 0}, (A, B)):
            assert set(store.read(keys)) == {A, B}
        assert dict(store.read([])) == {}

    def test_put_replaces(self, store: StateStore) -> None:
        """A second put of a key replaces its value and gives it another version."""
        first = store.commit([Put(A, 1)])[A]
        second = store.commit([Put(A, 2)])[A]
        entry = store.read([A])[A]
        assert (entry.value, entry.version) == (2, second)
        assert second != first

    def test_put_expecting_absent(self, store: StateStore) -> None:
        """`ABSENT` lets the first put through and refuses every other, until the key is deleted."""
        store.commit([Put(A, 1, ABSENT)])
        with pytest.raises(VersionMismatch) as caught:
            store.commit([Put(A, 2, ABSENT)])
        assert list(caught.value.keys) == [A]
        assert store.read([A])[A].value == 1
        store.commit([Delete(A)])
        store.commit([Put(A, 3, ABSENT)])
        assert store.read([A])[A].value == 3

    def test_put_expecting_a_version(self, store: StateStore) -> None:
        """A version lets a put through only while the key has it, and never for an absent key."""
        first = store.commit([Put(A, 1)])[A]
        store.commit([Put(A, 2, first)])
        with pytest.raises(VersionMismatch):
            store.commit([Put(A, 3, first)])
        assert store.read([A])[A].value == 2
        with pytest.raises(VersionMismatch):
            store.commit([Put(B, 1, first)])
        assert B not in store.read([B])

    def test_delete(self, store: StateStore) -> None:
        """A deleted key is absent, in reads and scans; deleting an absent key is no error."""
        store.commit([Put(A, 1), Put(B, 2)])
        assert dict(store.commit([Delete(A)])) == {}
        assert set(store.read([A, B])) == {B}
        assert [key for key, _ in store.scan(("conformance",))] == [B]
        store.commit([Delete(A)])

    def test_delete_expecting_a_version(self, store: StateStore) -> None:
        """A version lets a delete through only while the key has it, and never for an absent key."""
        first = store.commit([Put(A, 1)])[A]
        second = store.commit([Put(A, 2)])[A]
        with pytest.raises(VersionMismatch):
            store.commit([Delete(A, first)])
        assert store.read([A])[A].value == 2
        store.commit([Delete(A, second)])
        with pytest.raises(VersionMismatch):
            store.commit([Delete(A, second)])

    def test_check_of_a_version(self, store: StateStore) -> None:
        """`Check` fences other keys' writes by a version, and leaves its own key and version alone."""
        fence = store.commit([Put(A, "lease")])[A]
        assert set(store.commit([Check(A, fence), Put(B, 1)])) == {B}
        assert store.read([A])[A].version == fence
        store.commit([Put(A, "taken over")])
        fenced: list[list[Change]] = [[Check(A, fence), Put(B, 2)], [Put(B, 2), Check(A, fence)], [Check(A, fence)]]
        for changes in fenced:
            with pytest.raises(VersionMismatch) as caught:
                store.commit(changes)
            assert list(caught.value.keys) == [A]
        store.commit([Delete(A)])
        with pytest.raises(VersionMismatch):
            store.commit([Check(A, fence), Delete(B)])
        assert store.read([B])[B].value == 1

    def test_check_of_absence(self, store: StateStore) -> None:
        """`Check` with `ABSENT` passes while the key is absent, and does not make it."""
        store.commit([Check(A, ABSENT), Put(B, 1)])
        assert set(store.read([A, B])) == {B}
        store.commit([Put(A, 1)])
        with pytest.raises(VersionMismatch):
            store.commit([Check(A, ABSENT), Put(B, 2)])
        assert store.read([B])[B].value == 1

    def test_all_or_nothing(self, store: StateStore) -> None:
        """One expectation that fails, wherever it stands, and no change is made."""
        store.commit([Put(A, 1), Put(B, 1)])
        before = snapshot(store)
        others: list[Change] = [Put(A, 2), Delete(B), Put(("conformance", "d"), 1)]
        failing_ones: list[Change] = [Put(C, 1, 1_000_000), Delete(C, 1_000_000), Check(C, 1_000_000)]
        for failing in failing_ones:
            for changes in ([failing, *others], [*others, failing], [*others[:1], failing, *others[1:]]):
                with pytest.raises(VersionMismatch):
                    store.commit(changes)
                assert snapshot(store) == before

    def test_mismatch_names_every_key_that_moved(self, store: StateStore) -> None:
        """`VersionMismatch.keys` holds all keys that were not as expected, and no other."""
        fresh, stale = store.commit([Put(A, 1)])[A], 1_000_000
        with pytest.raises(VersionMismatch) as caught:
            store.commit([Put(A, 2, fresh), Put(B, 1, stale), Check(C, stale), Put(("conformance", "d"), 1)])
        assert set(caught.value.keys) == {B, C}
        assert len(caught.value.keys) == 2

    def test_same_key_twice(self, store: StateStore) -> None:
        """Two changes of one key in one commit are a `ValueError`, and nothing is written."""
        store.commit([Put(A, 1)])
        before = snapshot(store)
        for pair in ([Put(A, 2), Put(A, 3)], [Put(A, 2), Delete(A)], [Check(A, before[A][1]), Put(A, 2)]):
            with pytest.raises(ValueError):
                store.commit([Put(B, 1), *pair])
            assert snapshot(store) == before

    def test_empty_commit(self, store: StateStore) -> None:
        """No changes are no error."""
        assert dict(store.commit([])) == {}

    def test_versions_are_above_zero(self, store: StateStore) -> None:
        """From the first one on: whole numbers, and 0 is none."""
        versions = store.commit([Put(A, 1), Put(B, 1)])
        assert all(type(version) is int and version > 0 for version in versions.values())

    def test_versions_never_come_back(self, store: StateStore) -> None:
        """No two puts get one version: not of two keys, not after a delete, not after a commit that failed."""
        seen: list[int] = []
        for _ in range(3):
            seen.extend(store.commit([Put(A, 1), Put(B, 1)]).values())
            with pytest.raises(VersionMismatch):
                store.commit([Put(C, 1), Check(A, 1_000_000)])
            store.commit([Delete(A), Delete(B)])
            seen.extend(store.commit([Put(C, 1), Put(A, 1)]).values())
            store.commit([Delete(A), Delete(C)])
        assert len(set(seen)) == len(seen)

    def test_clock_is_aware_and_utc(self, store: StateStore) -> None:
        """`now()` is a moment of the UTC time zone, and does not run backwards between two calls."""
        first, second = store.now(), store.now()
        assert first.utcoffset() == timedelta(0)
        assert first <= second

    def test_close(self, store: StateStore) -> None:
        """Closing twice is harmless; any other use of a closed store is a `StoreError`."""
        store.commit([Put(A, 1)])
        store.close()
        store.close()
        uses = (
            lambda: store.read([A]),
            lambda: store.scan(()),
            lambda: store.commit([Put(A, 2)]),
            store.now,
        )
        for use in uses:
            with pytest.raises(StoreError):
                use()
