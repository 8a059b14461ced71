"""The SQLite file: how it is opened, what it holds, and how an older one becomes a current one."""

from __future__ import annotations

import sqlite3
from itertools import chain
from pathlib import Path

from zoey_netsuite.errors import ConfigurationError, StoreError

APPLICATION_ID = 0x5A4E5354
"""Marks the file as ours ("ZNST"), in SQLite's header field for this."""

_MIGRATIONS = (
    (
        "CREATE TABLE entry (key BLOB PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE counter (last_version INTEGER NOT NULL)",
        "INSERT INTO counter VALUES (0)",
    ),
)
"""Statements by the schema version that they start from. Released ones are never changed, only added to."""

SCHEMA_VERSION = len(_MIGRATIONS)

_OPENING_ATTEMPTS = 20
_KEPT_WAL_BYTES = 16 * 1024 * 1024


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    """One connection to a file that `prepare` has seen.

    Args:
        path: the file; made if it isn't there.
        timeout: seconds to wait for other processes' writes.
    """
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        # A commit is durable when it returns, also on macOS, where a plain fsync is not enough.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_KEPT_WAL_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(path: Path, connection: sqlite3.Connection) -> None:
    """Make sure that the file is ours, in write-ahead mode, and of the current schema.

    Raises:
        ConfigurationError: another application's file, one of a newer version of this library, or a place where
            write-ahead logging does not work.
        StoreError: other processes kept it locked.
        sqlite3.Error: SQLite's own words, for the caller to translate.
    """
    # Before anything is written, and as of one moment: another process may be making the file right now.
    connection.execute("BEGIN")
    try:
        _check_ours(path, connection)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    _use_write_ahead_log(path, connection)
    # The lock is taken even when there is nothing to migrate: it finds out now whether the file can be written.
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _check_ours(path, connection)
        if version < SCHEMA_VERSION:
            for statement in chain.from_iterable(_MIGRATIONS[version:]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_ours(path: Path, connection: sqlite3.Connection) -> int:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if application or version or tables:
            raise ConfigurationError(
                f"{path} is a database of another application; give the state store a file of its own"
            )
    if version > SCHEMA_VERSION:
        raise ConfigurationError(
            f"{path} was written by a newer version of zoey_netsuite (its schema is {version}, this version knows "
            f"{SCHEMA_VERSION}); install that version or use another file"
        )
    return int(version)


def _use_write_ahead_log(path: Path, connection: sqlite3.Connection) -> None:
    for _ in range(_OPENING_ATTEMPTS):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            # Changing the mode does not wait for other processes; asking for the write lock does.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            continue
        if mode != "wal":
            raise ConfigurationError(
                f"{path} cannot be used with write-ahead logging (SQLite stays in {mode!r} mode): put it on a local "
                "disk, or use MemoryStore for a store that need not last"
            )
        return
    raise StoreError(f"{path} could not be opened: other processes kept it locked; try again when they are done")
