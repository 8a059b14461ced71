"""The store's operations as PostgreSQL statements on bytes: which locks they take, and what is done when one fails.

A commit is three round trips: locks, what is written, COMMIT. So a connection that is lost before COMMIT is known to
have written nothing, and the commit is tried again on another one. Fewer are to be had only by psycopg's pipeline mode,
in which the server does not notice that a transaction goes on no further: a worker that hangs would hold its locks.
Measured on one machine it is no faster; nor is one message with all values written out in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import psycopg
from attrs import frozen

from zoey_netsuite.errors import ConfigurationError, StoreError, StoreOutcomeUnknown
from zoey_netsuite.state.postgres_connections import Connection, Connections
from zoey_netsuite.state.postgres_errors import LOST, TRY_AGAIN, Address, is_refusal, is_undone
from zoey_netsuite.state.postgres_rows import ANYTHING, BEGINNING, DELETE, PUT, Row, Scanned, Write
from zoey_netsuite.state.postgres_schema import compose, prepare, signed_hash

T = TypeVar("T")

_FEW = 48
"""A commit of up to so many keys locks each of them; one of more locks the store: the server's lock table is small."""

_ATTEMPTS = 5
"""How often a transaction is tried that the server undoes for the sake of another one."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Only for this transaction: a bounded wait for locks, an end for workers that hang in the middle, and a commit that is
# on the disk when it returns. Then the store's lock, which commits of few keys share, and the keys' in one order for
# everybody, so that nobody waits for somebody who waits for him.
_BEGIN = """
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('lock_timeout', '{milliseconds}', true),
    set_config('idle_in_transaction_session_timeout', '{milliseconds}', true),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true),
    {lock}({{counter_name}}::regclass::oid::int4, 0)
"""
_LOCK_KEYS = (
    "; SELECT pg_advisory_xact_lock({entry_name}::regclass::oid::int4, hash) FROM unnest('{{%s}}'::int4[]) AS hash"
)
# Keys are looked up one by one (that is what LIMIT and ARRAY are for): a join may be done by reading the whole table.
# A statement of its own after the locks, so that it sees what was committed before they were given.
_WRITE = f"""
WITH wanted AS (
    SELECT * FROM unnest(%b::bytea[], %b::int2[], %b::int8[], %b::bytea[], %b::bytea[])
        AS wanted (key, kind, expected, value, whole_key)
), moved AS (
    SELECT wanted.key FROM wanted
    LEFT JOIN LATERAL (SELECT version FROM {{entry}} WHERE key = wanted.key LIMIT 1) AS entry ON true
    WHERE wanted.expected <> {ANYTHING} AND coalesce(entry.version, 0) <> wanted.expected
), gone AS (
    DELETE FROM {{entry}} WHERE key = ANY(
        ARRAY(SELECT key FROM wanted WHERE kind = {DELETE} AND NOT EXISTS (SELECT FROM moved))
    )
), put AS (
    INSERT INTO {{entry}} AS entry (key, version, value, whole_key)
    SELECT key, nextval({{counter_name}}), value, whole_key FROM wanted
    WHERE kind = {PUT} AND NOT EXISTS (SELECT FROM moved)
    ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value
    RETURNING entry.key, entry.version
)
SELECT key, 0::int8 FROM moved UNION ALL SELECT key, version FROM put
"""
_READ = """
SELECT entry.key, entry.version, entry.value FROM unnest(%b::bytea[]) AS wanted (key)
CROSS JOIN LATERAL (SELECT * FROM {entry} WHERE key = wanted.key LIMIT 1) AS entry
"""
_SCAN = "SELECT key, version, value, whole_key FROM {{entry}} WHERE key > %b AND key < %b ORDER BY key {order} LIMIT %b"
# By the keys themselves where some are long: each such scan sorts all that lies in its range.
_SCAN_LONG = """
SELECT key, version, value, whole_key FROM {{entry}}
WHERE key >= %b AND key <= %b AND coalesce(whole_key, key) > %b AND coalesce(whole_key, key) < %b
ORDER BY coalesce(whole_key, key) {order} LIMIT %b
"""
# Only for this transaction: read along the index, in order, up to the limit. Left to itself the server may collect and
# sort the whole range instead, which for a long one read page by page is the square of its length.
_IN_ORDER = b"SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)"
_NOW = b"SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8"


@frozen
class _Statements:
    begin_shared: bytes
    begin_alone: bytes
    lock_keys: bytes
    write: bytes
    read: bytes
    scan: bytes
    scan_reversed: bytes
    scan_long: bytes
    scan_long_reversed: bytes

    @classmethod
    def of(cls, schema: str, timeout: float) -> _Statements:
        milliseconds = max(int(timeout * 1000), 1)
        templates = (
            _BEGIN.format(milliseconds=milliseconds, lock="pg_advisory_xact_lock_shared"),
            _BEGIN.format(milliseconds=milliseconds, lock="pg_advisory_xact_lock"),
            *(_LOCK_KEYS, _WRITE, _READ),
            *(template.format(order=order) for template in (_SCAN, _SCAN_LONG) for order in ("", "DESC")),
        )
        return cls(*(compose(template, schema) for template in templates))

    def begin(self, keys: list[bytes]) -> bytes:
        """Begin a commit to these keys, and wait until nobody else is in the middle of one to some of them."""
        if len(keys) > _FEW:
            return self.begin_alone
        return self.begin_shared + self.lock_keys % b",".join(
            b"%d" % number for number in sorted(map(signed_hash, keys))
        )


class Database:
    """One schema of one database.

    Args:
        dsn, schema: where it is; it is made, or migrated, where need be.
        size: how many connections one process opens at most.
        timeout: seconds to wait for a connection, and for other workers' commits.

    Raises:
        ConfigurationError: the database cannot be used so.
        StoreError: the database failed.
    """

    def __init__(self, dsn: str, schema: str, *, size: int, timeout: float) -> None:
        self.address = Address.of(dsn, timeout)
        self._statements = _Statements.of(schema, timeout)
        self.connections = Connections(self.address, size=size, timeout=timeout)
        try:
            with self.connections.open_one() as connection:
                prepare(self.address, connection, schema)
        except psycopg.Error as error:
            message = self.address.describe("open the state store in", error)
            if is_refusal(error) or isinstance(error, psycopg.errors.InsufficientPrivilege):
                raise ConfigurationError(message) from error
            raise StoreError(message) from error

    def read(self, keys: list[bytes]) -> list[Row]:
        """The entries at these places, in no order."""

        def ask(connection: Connection) -> list[Row]:
            return connection.cursor(binary=True).execute(self._statements.read, (keys,)).fetchall()

        return self._run("read", ask)

    def scan(self, below: bytes, above: bytes, limit: int, *, reverse: bool) -> list[Scanned]:
        """Up to `limit` entries greater than one key and less than another, in order."""
        all_of = self._statements
        if max(len(below), len(above)) <= BEGINNING:
            statement = all_of.scan_reversed if reverse else all_of.scan
            found = self._run("scan", lambda connection: _walk(connection, statement, (below, above, limit)))
            if not any(whole_key for *_, whole_key in found):
                return found
        statement = all_of.scan_long_reversed if reverse else all_of.scan_long
        least, greatest = below[:BEGINNING], above[:BEGINNING] + b"\xff" * 33
        bounds = (least, greatest, below, above, limit)
        return self._run("scan", lambda connection: _walk(connection, statement, bounds))

    def commit(self, writes: Sequence[Write]) -> dict[bytes, int]:
        """Make all changes, or none when some keys are not as expected.

        Returns:
            The new versions of what was put; or 0 for each key that is not as expected, when there are such.
        """
        return self._run("commit to", lambda connection: self._commit(connection, writes))

    def now(self) -> datetime:
        """The server's clock."""

        def ask(connection: Connection) -> datetime:
            (microseconds,) = connection.execute(_NOW).fetchone() or (0,)
            return _EPOCH + timedelta(microseconds=microseconds)

        return self._run("ask the time of", ask)

    def close(self) -> None:
        """Close all connections."""
        self.connections.close()

    def _commit(self, connection: Connection, writes: Sequence[Write]) -> dict[bytes, int]:
        columns = [list(column) for column in zip(*writes, strict=True)]
        connection.execute(self._statements.begin(columns[0]))
        cursor = connection.cursor(binary=True).execute(self._statements.write, columns)
        answer: dict[bytes, int] = dict(cursor.fetchall())
        if 0 in answer.values():
            return answer  # nothing was written; the transaction is ended when the connection is given back
        try:
            ended = connection.execute("COMMIT").statusmessage
        except psycopg.Error as error:
            if connection.closed or not is_undone(error):
                raise StoreOutcomeUnknown(
                    f"{self.address.describe('commit to', error)}; whether the commit lasts is unknown: read again"
                ) from error
            raise
        if ended != "COMMIT":
            raise StoreError(f"could not commit to {self.address.name}: it answered {ended}; nothing was written")
        return answer

    def _run(self, action: str, work: Callable[[Connection], T]) -> T:
        """Do something on a connection; again on another one, once, when it was lost and nothing can be written."""
        lost = undone = 0
        while True:
            try:
                with self.connections.lend() as connection:
                    try:
                        return work(connection)
                    except psycopg.Error as error:
                        undone += error.sqlstate in TRY_AGAIN
                        lost += connection.closed or error.sqlstate in LOST
                        again = undone + lost > 0 and undone < _ATTEMPTS and lost < 2
                        if not again:
                            raise
            except psycopg.Error as error:
                raise StoreError(self.address.describe(action, error)) from error
            if lost:
                self.connections.renew()


def _walk(connection: Connection, statement: bytes, bounds: Sequence[object]) -> list[Scanned]:
    cursor = connection.cursor(binary=True)
    with connection.pipeline():
        connection.execute("BEGIN READ ONLY")
        connection.execute(_IN_ORDER)
        cursor.execute(statement, bounds)
        connection.execute("COMMIT")
    return cursor.fetchall()
