"""The library's own stores keep the promises of `StateStore` (E3, E7)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from zoey_netsuite.state import MemoryStore, PostgresStore, SQLiteStore, StateStore
from zoey_netsuite.testing import StoreConformance, StoreMachine

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer


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


class TestPostgresStore(StoreConformance):
    @pytest.fixture
    def opener(self, postgres: PostgresServer) -> Callable[[], StateStore]:
        return partial(PostgresStore, postgres.dsn(), postgres.schema())

    @pytest.fixture
    def store(self, opener: Callable[[], PostgresStore]) -> Iterator[StateStore]:
        with opener() as store:
            yield store

    @pytest.fixture
    def second(self, opener: Callable[[], PostgresStore]) -> Iterator[StateStore]:
        with opener() as second:
            yield second

    @pytest.fixture
    def reopen(self, opener: Callable[[], StateStore]) -> Callable[[], StateStore]:
        return opener


@pytest.fixture(scope="module")
def postgres_18(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """Runs where `postgres` does: the package brings both."""
    with type(postgres)("pginstall18") as server:
        ((version,),) = server.execute("SELECT current_setting('server_version_num')::int / 10000")
        assert version == 18
        yield server


class TestPostgres18Store(TestPostgresStore):
    """The same on another major version of the server."""

    @pytest.fixture
    def opener(self, postgres_18: PostgresServer) -> Callable[[], StateStore]:
        return partial(PostgresStore, postgres_18.dsn(), postgres_18.schema())


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


@pytest.fixture(scope="class")
def opener_of_machines(request: pytest.FixtureRequest, postgres: PostgresServer) -> None:
    """Machines are made by hypothesis, which knows no fixtures."""
    PostgresStoreMachine.server = postgres


class PostgresStoreMachine(StoreMachine):
    server: PostgresServer

    def open_store(self) -> StateStore:
        self.schema = self.server.schema()
        return PostgresStore(self.server.dsn(), self.schema)

    def reopen_store(self, store: StateStore) -> StateStore:
        store.close()
        return PostgresStore(self.server.dsn(), self.schema)


TestMemoryStoreMachine = MemoryStoreMachine.TestCase
TestMemoryStoreMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestSQLiteStoreMachine = SQLiteStoreMachine.TestCase
TestSQLiteStoreMachine.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


@pytest.mark.usefixtures("opener_of_machines")
class TestPostgresStoreMachine(PostgresStoreMachine.TestCase):  # type: ignore[misc,name-defined]  # made by hypothesis
    settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
