"""A store and a plain model side by side: hypothesis finds the shortest story in which they differ."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state import ABSENT, ANY, Change, Check, Delete, Entry, Key, Put, StateStore
from zoey_netsuite.testing.store_scans import expected_scan

POOL: tuple[Key, ...] = (
    ("",),
    ("", "\0"),
    ("a",),
    ("a", ""),
    ("a", "b"),
    ("a", "b", "c"),
    ("a", "b\0"),
    ("a\0",),
    ("a!", "b"),
    ("a/b",),
    ("ab",),
    ("\uffff",),
    ("\U0001f600", "a"),
)
"""Few keys, so that changes meet, and odd ones."""

KEYS = st.sampled_from(POOL)
PREFIXES = st.sampled_from(sorted({key[:length] for key in POOL for length in range(len(key) + 1)}))
BOUNDS: st.SearchStrategy[Key | None] = st.none() | KEYS
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
WISHES = st.sampled_from(["any", "absent", "current", "old"])
CHANGES = st.lists(
    st.tuples(KEYS, st.sampled_from(["put", "put", "delete", "check"]), WISHES, VALUES),
    min_size=1,
    max_size=6,
    unique_by=lambda change: change[0],
)


class StoreMachine(RuleBasedStateMachine):
    """Compares any store with a dictionary. Subclass it, say how to open a store, and run its `TestCase`.

    Example:
        ```python
        class MyStoreMachine(StoreMachine):
            def open_store(self) -> StateStore:
                self.folder = tempfile.TemporaryDirectory()
                return MyStore(self.folder.name)

            def reopen_store(self, store: StateStore) -> StateStore:
                store.close()
                return MyStore(self.folder.name)

            def teardown(self) -> None:
                super().teardown()
                self.folder.cleanup()

        TestMyStoreMachine = MyStoreMachine.TestCase
        ```
    """

    def __init__(self) -> None:
        super().__init__()
        self.store = self.open_store()
        self.model: dict[Key, Entry] = {}
        self.versions: list[int] = []

    @abstractmethod
    def open_store(self) -> StateStore:
        """A new, empty store."""

    def reopen_store(self, store: StateStore) -> StateStore:
        """Close the store and open the same data again. Leave this as it is where a store's data ends with it."""
        return store

    @initialize(keys=st.sets(KEYS, min_size=len(POOL) // 2))
    def fill(self, keys: set[Key]) -> None:
        """Begin with some keys, put one by one."""
        for key in sorted(keys):
            self.commit([(key, "put", "absent", "from the beginning")])

    @rule(wanted=CHANGES)
    def commit(self, wanted: list[tuple[Key, str, str, Any]]) -> None:
        """Commit some changes, some of them with expectations that fail."""
        changes = [self._change(*each) for each in wanted]
        moved = {change.key for change in changes if not self._is_expected(change)}
        if moved:
            with pytest.raises(VersionMismatch) as caught:
                self.store.commit(changes)
            assert set(caught.value.keys) == moved
            return
        given = dict(self.store.commit(changes))
        assert set(given) == {change.key for change in changes if isinstance(change, Put)}
        for change in changes:
            if isinstance(change, Put):
                self.model[change.key] = Entry(change.value, given[change.key])
            elif isinstance(change, Delete):
                self.model.pop(change.key, None)
        self.versions.extend(given.values())
        assert len(set(self.versions)) == len(self.versions)

    @rule()
    def delete_newest(self) -> None:
        """Delete what was written last: a store that counts from what it holds gives its version again."""
        if self.model:
            newest = max(self.model, key=lambda key: self.model[key].version)
            self.commit([(newest, "delete", "current", None)])

    @rule(keys=st.lists(KEYS, max_size=6))
    def read(self, keys: list[Key]) -> None:
        """Read some keys, present or absent."""
        assert dict(self.store.read(keys)) == {key: self.model[key] for key in keys if key in self.model}

    @rule(prefix=PREFIXES, after=BOUNDS, before=BOUNDS, reverse=st.booleans(), limit=st.integers(0, 12))
    def scan(self, prefix: Key, after: Key | None, before: Key | None, reverse: bool, limit: int) -> None:
        """Scan any range in any direction."""
        keys = expected_scan(list(self.model), prefix, after, before, reverse)[:limit]
        found = self.store.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)
        assert list(found) == [(key, self.model[key]) for key in keys]

    @rule()
    def reopen(self) -> None:
        """Close and open again."""
        self.store = self.reopen_store(self.store)

    @invariant()
    def holds_the_same(self) -> None:
        """Both hold the same, always."""
        keys = expected_scan(list(self.model), ())
        assert list(self.store.scan((), limit=10_000)) == [(key, self.model[key]) for key in keys]

    def teardown(self) -> None:
        """Close the store at the end of a story."""
        self.store.close()

    def _change(self, key: Key, kind: str, wish: str, value: Any) -> Change:
        entry = self.model.get(key)
        old = self.versions[0] if self.versions else 1_000_000
        version = entry.version if wish == "current" and entry is not None else old
        if kind == "put":
            return Put(key, value, ANY if wish == "any" else ABSENT if wish == "absent" else version)
        if kind == "delete":
            return Delete(key, ANY if wish == "any" else version)
        return Check(key, ABSENT if wish in ("any", "absent") else version)

    def _is_expected(self, change: Change) -> bool:
        entry = self.model.get(change.key)
        if change.expect is ANY:
            return True
        return entry is None if change.expect is ABSENT else entry is not None and entry.version == change.expect
