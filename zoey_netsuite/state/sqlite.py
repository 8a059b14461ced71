"""The default store: one SQLite file, durable, shared by the threads and processes of one machine."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from zoey_netsuite.checks import must_be_number, must_have
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.errors import ConfigurationError, StoreError, StoreOutcomeUnknown, VersionMismatch
from zoey_netsuite.logs import logger_of
from zoey_netsuite.state.encoding import (
    encode_changes,
    encode_keys,
    entry_of,
    is_expected,
    key_of,
    key_range,
)
from zoey_netsuite.state.sqlite_connections import Connections
from zoey_netsuite.state.sqlite_schema import connect, prepare
from zoey_netsuite.state.store import ANY, Change, Delete, Entry, Key, Put

__all__ = ["SQLiteStore"]

logger = logger_of("state")

_BATCHES = (512, 64, 8, 1)
"""Keys asked for by one statement. A few fixed sizes, so that prepared statements are found again."""

_READ = {size: f"SELECT key, version, value FROM entry WHERE key IN ({','.join('?' * size)})" for size in _BATCHES}
_VERSIONS = {size: f"SELECT key, version FROM entry WHERE key IN ({','.join('?' * size)})" for size in _BATCHES}
_SCAN = "SELECT key, version, value FROM entry WHERE key > ? AND key < ? ORDER BY key LIMIT ?"
_SCAN_REVERSED = "SELECT key, version, value FROM entry WHERE key > ? AND key < ? ORDER BY key DESC LIMIT ?"
_COUNT_UP = "UPDATE counter SET last_version = last_version + ?"
_PUT = (
    "INSERT INTO entry (key, version, value) VALUES (?, ?, ?) "
    "ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value"
)
_DELETE = "DELETE FROM entry WHERE key = ?"

_MAX_LIMIT = 2**63 - 1

_CERTAINLY_UNDONE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOMEM,
}
"""Answers to COMMIT after which SQLite has written no commit record."""

_REMEDIES = {
    sqlite3.SQLITE_BUSY: "another process kept it locked for longer than the store's timeout",
    sqlite3.SQLITE_FULL: "the disk is full: free some space and start again, nothing was lost",
    sqlite3.SQLITE_READONLY: "file and folder must be writable for this process's user",
    sqlite3.SQLITE_CANTOPEN: "its folder must exist, and file and folder must be writable for this process's user",
    sqlite3.SQLITE_PERM: "file and folder must be writable for this process's user",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database: give the state store a file of its own",
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore it from a backup, or start with a new file and rebuild",
    sqlite3.SQLITE_IOERR: "the disk or its file system failed, see the system's log",
}
_CONFIGURATION = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOTADB,
}


class SQLiteStore:
    """A `StateStore` in one SQLite file (with its `-wal` and `-shm` files while it is open).

    Safe to use from many threads, and from several processes on one machine, each with a store of its own; the file
    must be on a local disk. A commit is on the disk when it returns. After a fork parent and child may both go on:
    no connection is carried over.

    It holds personal data: a file that this makes can be read by its owner only, and one that everybody on the machine
    can read is closed to all but its owner, with a warning in the log. What you gave to a group stays.

    When the file is deleted or replaced while it is in use, the next call fails.

    Args:
        path: the file; made if it isn't there, migrated if an older version of this library wrote it.
        clock: what `now()` tells. Processes that share the file share the machine's clock.
        timeout: seconds to wait for other processes' writes.

    Raises:
        ConfigurationError: the file cannot be used: no permission, not a database, another application's, or written
            by a newer version of this library.
        StoreError: the database failed, or other processes kept it locked.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        clock: Clock = SystemClock(),  # noqa: B008 - a clock has no state
        timeout: float = 30.0,
    ) -> None:
        must_be_number("SQLiteStore(timeout=…)", timeout, least=0)
        must_have("SQLiteStore(clock=…)", clock, ["now"], "a Clock")
        # Absolute: connections are opened later, too, when the working directory may be another.
        self._path = _absolute(path)
        self._clock = clock
        self._timeout = timeout
        self._writing = threading.Lock()
        self._connections = Connections(str(self._path), self._connect)
        self._identity: tuple[int, int] | None = None
        _make_for_owner(self._path)
        with self._lend("open", configuring=True) as connection:
            prepare(self._path, connection)
        self._identity = _identity(self._path)

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """The entries that stand under these keys, as of one moment; absent keys are left out.

        Raises:
            StoreError: the database failed.
        """
        wanted = encode_keys(keys)
        found: dict[Key, Entry] = {}
        with self._lend("read") as connection, _one_moment(connection, len(wanted) > _BATCHES[0]):
            for size, batch in _batches(list(wanted)):
                for key, version, value in connection.execute(_READ[size], batch):
                    found[wanted[key]] = entry_of(wanted[key], value, version)
        return found

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
        with self._lend("scan") as connection:
            rows = connection.execute(_SCAN_REVERSED if reverse else _SCAN, (below, above, min(limit, _MAX_LIMIT)))
            named = [(key_of(key), version, value) for key, version, value in rows]
            return [(key, entry_of(key, value, version)) for key, version, value in named]

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Make all changes or none; on the disk when it returns.

        Returns:
            The new version of every key that was put.

        Raises:
            VersionMismatch: some keys were not as expected; nothing was written.
            StoreOutcomeUnknown: the disk failed while the commit was being written; read again before deciding.
            StoreError: the database failed; nothing was written.
        """
        encoded = encode_changes(changes)
        expectations = {key: change for key, change, _ in encoded if change.expect is not ANY}
        puts = [(key, change.key, value) for key, change, value in encoded if isinstance(change, Put)]
        deletes = [(key,) for key, change, _ in encoded if isinstance(change, Delete)]
        with self._lend("commit") as connection, self._transaction(connection):
            self._check_expectations(connection, expectations)
            last = self._count_up(connection, len(puts)) if puts else 0
            first = last - len(puts) + 1
            connection.executemany(_PUT, [(key, first + n, value) for n, (key, _, value) in enumerate(puts)])
            connection.executemany(_DELETE, deletes)
        return {key: first + n for n, (_, key, _) in enumerate(puts)}

    def now(self) -> datetime:
        """The clock's time: aware, UTC."""
        self._connections.check_open()
        return self._clock.now().astimezone(UTC)

    def close(self) -> None:
        """Give back connections and files. Closing twice is harmless; any other use afterwards is a `StoreError`."""
        self._connections.close()

    def __enter__(self) -> SQLiteStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SQLiteStore({str(self._path)!r})"

    def _connect(self) -> sqlite3.Connection:
        return connect(self._path, self._timeout)

    @contextlib.contextmanager
    def _lend(self, action: str, *, configuring: bool = False) -> Generator[sqlite3.Connection, None, None]:
        """A connection for one call, SQLite's errors told in our words."""
        self._check_there()
        try:
            with self._connections.lend() as connection:
                yield connection
        except sqlite3.Error as error:
            if configuring and _primary_code(error) in _CONFIGURATION:
                raise ConfigurationError(self._describe(action, error)) from error
            raise StoreError(self._describe(action, error)) from error

    @contextlib.contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Generator[None, None, None]:
        """A write transaction, committed at the end, rolled back on any error."""
        # Threads queue here, where they are woken at once; SQLite makes waiting processes look again now and then.
        if not self._writing.acquire(timeout=self._timeout):
            raise StoreError(
                f"could not commit to {self._path}: other threads' commits took longer than the timeout of "
                f"{self._timeout:g} s; nothing was written"
            )
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            try:
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                if _primary_code(error) not in _CERTAINLY_UNDONE:
                    raise StoreOutcomeUnknown(
                        f"{self._describe('commit', error)}; whether the commit lasts is unknown: read again"
                    ) from error
                raise
        finally:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            self._writing.release()

    def _check_there(self) -> None:
        """Refuse to go on when the file was deleted or replaced: what is written would be gone with the old one, and
        a new one knows nothing of what was sent.
        """
        if self._identity is None or (now := _identity(self._path)) == self._identity:
            return
        self._connections.check_open()
        what = "was deleted" if now is None else "was replaced by another file"
        raise StoreError(
            f"{self._path} {what} while it was in use; nothing was written. Stop all programs that use it, put the file"
            " back from a backup, and start again; without one, start with a new file and rebuild()"
        )

    def _check_expectations(self, connection: sqlite3.Connection, expectations: Mapping[bytes, Change]) -> None:
        versions: dict[bytes, int] = {}
        for size, batch in _batches(list(expectations)):
            versions.update(connection.execute(_VERSIONS[size], batch))
        moved = [change.key for key, change in expectations.items() if not is_expected(change, versions.get(key))]
        if moved:
            raise VersionMismatch(moved)

    def _count_up(self, connection: sqlite3.Connection, number: int) -> int:
        connection.execute(_COUNT_UP, (number,))
        return int(connection.execute("SELECT last_version FROM counter").fetchone()[0])

    def _describe(self, action: str, error: sqlite3.Error) -> str:
        remedy = _REMEDIES.get(_primary_code(error), "")
        return f"could not {action} {self._path}: {error}" + (f"; {remedy}" if remedy else "")


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file it is, whatever its name; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _make_for_owner(path: Path) -> None:
    """Make a file that only its owner can read, where there is none; SQLite makes its `-wal` and `-shm` alike. One that
    everybody can read has the rights of any new file: nobody gave it those on purpose, and they are taken away.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        _close_to_others(path)
    except OSError:
        return  # SQLite says why it can't be made


def _close_to_others(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            rights = stat.S_IMODE(each.stat().st_mode)
            if os.name == "nt" or not rights & stat.S_IRWXO:
                continue
            try:
                each.chmod(rights & stat.S_IRWXU)
            except OSError as error:
                words = "%s holds personal data and everybody on this machine may read it: take that right away (%s)"
                logger.warning(words, each, error)
            else:
                logger.warning("%s was open to everybody on this machine: now only its owner can read it", each)


def _absolute(path: object) -> Path:
    name = str(path) if isinstance(path, str | Path) or hasattr(path, "__fspath__") else ""
    if not name or "\0" in name:
        raise ConfigurationError(f'SQLiteStore(path) takes a file\'s name, such as "sync.db", not {path!r}')
    if name == ":memory:" or name.startswith("file:"):
        raise ConfigurationError(
            f"SQLiteStore({name!r}) is no file that lasts: use MemoryStore() for a store that need not, or name a file"
        )
    if os.path.isdir(name):
        message = f"could not open {name}: it is a folder; name a file in it, such as {os.path.join(name, 'sync.db')}"
        raise ConfigurationError(message)
    return Path(os.path.abspath(name))


@contextlib.contextmanager
def _one_moment(connection: sqlite3.Connection, needed: bool) -> Generator[None, None, None]:
    """A read transaction, where one statement alone would not do."""
    if not needed:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _batches(keys: list[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """The keys in lists of the fixed sizes; the last list repeats its last key to fill up."""
    position = 0
    while position < len(keys):
        rest = len(keys) - position
        size = min((size for size in _BATCHES if size >= rest), default=_BATCHES[0])
        batch = keys[position : position + size]
        yield size, batch + [batch[-1]] * (size - len(batch))
        position += size


def _primary_code(error: sqlite3.Error) -> int:
    # Errors of the Python module itself carry no code.
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF
