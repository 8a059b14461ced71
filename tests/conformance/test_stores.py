"""The library's own stores keep the promises of `StateStore` (E3, E7)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from zoey_netsuite.state import MemoryStore, SQLiteStore, StateStore
from zoey_netsuite.testing.stores import StoreConformance, StoreMachine


class TestMemoryStore(StoreConformance):
    @pytest.fixture
    def store(self) -> Iterator[StateStore]:
        with MemoryStore() as store:
            yield store


class TestSQLiteStore(StoreConformance):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[StateStore]:
        with SQLiteStore(tmp_path / "state.db") as store:
            yield store

    @pytest.fixture
    def second(self, store: StateStore, tmp_path: Path) -> Iterator[StateStore]:
        with SQLiteStore(tmp_path / "state.db") as second:
            yield second

    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Callable[[], StateStore]:
        return partial(SQLiteStore, tmp_path / "state.db")

    @pytest.fixture
    def opener(self, tmp_path: Path) -> Callable[[], StateStore]:
        return partial(SQLiteStore, tmp_path / "state.db")


class MemoryStoreMachine(StoreMachine):
    def open_store(self) -> StateStore:
        return MemoryStore()


class SQLiteStoreMachine(StoreMachine):
    def open_store(self) -> StateStore:
        self.folder = tempfile.TemporaryDirectory()
        return SQLiteStore(Path(self.folder.name) / "state.db")

    def reopen_store(self, store: StateStore) -> StateStore:
        store.close()
        return SQLiteStore(Path(self.folder.name) / "state.db")

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


TestMemoryStoreMachine = MemoryStoreMachine.TestCase
TestMemoryStoreMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestSQLiteStoreMachine = SQLiteStoreMachine.TestCase
TestSQLiteStoreMachine.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
