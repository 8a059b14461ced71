"""A store in PostgreSQL: for several workers on several machines, in a database that is watched and backed up already.

The modules beside it need psycopg, the extra `postgres`; this one only when a store is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING

from zoey_netsuite.checks import must_be_a, must_be_number, must_have
from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import ConfigurationError, VersionMismatch
from zoey_netsuite.state.encoding import encode_keys, entry_of, key_of, key_range
from zoey_netsuite.state.postgres_rows import MAX, as_writes, place
from zoey_netsuite.state.store import Change, Entry, Key, Put
from zoey_netsuite.wording import extra

if TYPE_CHECKING:
    from zoey_netsuite.state.postgres_database import Database

__all__ = ["PostgresStore"]


class PostgresStore:
    """A `StateStore` in one schema of a PostgreSQL database; several integrations, and several schemas, may share it.

    Safe to use from many threads and processes, on several machines. A commit is on the server's disk when it returns.
    After a fork parent and child may both go on: each opens connections of its own. A server that is away for less
    than `timeout` is waited for.

    Needs psycopg 3: `pip install ".[postgres]"`.

    Args:
        dsn: a connection string of libpq's: `postgresql://user:password@host:5432/database`, or `host=… dbname=…`.
            What it leaves out comes from the environment (`PGHOST`, `PGPASSWORD` …) or the password file.
        schema: where the tables are; made if it isn't there, migrated if an older version of this library wrote it.
        connections: how many connections one process opens at most.
        timeout: seconds to wait for a connection, and for other workers' commits.
        clock: what `now()` tells instead of the database's own clock, on which all workers agree; for tests.

    Raises:
        ConfigurationError: psycopg is not installed; the connection string cannot be read; the server refuses it; the
            role lacks a right; the schema is another application's, or a newer version's of this library.
        StoreError: the server cannot be reached, or failed.
    """

    def __init__(
        self,
        dsn: str,
        schema: str = "zoey_netsuite",
        *,
        connections: int = 10,
        timeout: float = 30.0,
        clock: Clock | None = None,
    ) -> None:
        must_be_number("PostgresStore(connections=…)", connections, least=1, whole=True)
        must_be_number("PostgresStore(timeout=…)", timeout, above=0, most=3600)
        if clock is not None:
            must_have("PostgresStore(clock=…)", clock, ["now"], "a Clock")
        must_be_a("PostgresStore(dsn, …)", dsn, str, "a connection string")
        self._schema = schema
        self._clock = clock
        self._database = _open(dsn, schema, connections, timeout)

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """The entries that stand under these keys, as of one moment; absent keys are left out.

        Raises:
            StoreError: the database failed.
        """
        wanted = {place(data): key for data, key in encode_keys(keys).items()}
        rows = self._database.read(list(wanted))
        return {wanted[where]: entry_of(wanted[where], value, version) for where, version, value in rows}

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        """Up to `limit` entries below a prefix in key order (`reverse`: from the end).

        Raises:
            StoreError: the database failed.
        """
        if limit < 0:
            raise ValueError(f"limit is a number of entries, not {limit}")
        below, above = key_range(prefix, after, before)
        rows = self._database.scan(below, above, min(limit, MAX), reverse=reverse)
        named = [(key_of(whole or where), version, value) for where, version, value, whole in rows]
        return [(key, entry_of(key, value, version)) for key, version, value in named]

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Make all changes or none; on the server's disk when it returns.

        Returns:
            The new version of every key that was put.

        Raises:
            VersionMismatch: some keys were not as expected; nothing was written.
            StoreOutcomeUnknown: the connection was lost during COMMIT; read again before deciding.
            StoreError: the database failed; nothing was written.
        """
        writes = as_writes(changes)
        if not writes:
            self._database.connections.check_open()
            return {}
        answer = self._database.commit([write for _, write in writes])
        moved = [change.key for change, write in writes if answer.get(write[0]) == 0]
        if moved:
            raise VersionMismatch(moved)
        return {change.key: answer[write[0]] for change, write in writes if isinstance(change, Put)}

    def now(self) -> datetime:
        """The database's clock: aware, UTC.

        Raises:
            StoreError: the database failed.
        """
        if self._clock is None:
            return self._database.now()
        self._database.connections.check_open()
        return self._clock.now().astimezone(UTC)

    def close(self) -> None:
        """Close all connections. Closing twice is harmless; any other use afterwards is a `StoreError`."""
        self._database.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"PostgresStore({self._database.address.name!r}, schema={self._schema!r})"


def _open(dsn: str, schema: str, connections: int, timeout: float) -> Database:
    try:
        from zoey_netsuite.state.postgres_database import Database
        from zoey_netsuite.state.postgres_schema import check_name
    except ImportError as error:
        raise ConfigurationError(
            f"PostgresStore works with psycopg 3 and its pool: {extra('postgres')}, and where the "
            f'machine has no libpq, pip install "psycopg[binary]" ({str(error).splitlines()[0]})'
        ) from error
    return Database(dsn, check_name(schema), size=connections, timeout=timeout)
