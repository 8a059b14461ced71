"""Connections to one PostgreSQL database: opened when needed, lent for one call, never carried over a fork."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Generator
from typing import Any, Self, TypeAlias

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from zoey_netsuite.errors import StoreError
from zoey_netsuite.state.postgres_errors import Address, is_refusal

Connection: TypeAlias = psycopg.Connection[TupleRow]

_LOOK_AGAIN = 0.1
"""Seconds after which a call that waits for a connection looks why it gets none."""

_GIVE_UP_AT_ONCE = 0.001
"""Seconds for which the pool itself goes on with a connection that fails: who waits asks it again."""


class _Reporting(psycopg.Connection[TupleRow]):
    """A connection that says why it could not be opened: the pool keeps that to its log."""

    @classmethod
    def connect(  # type: ignore[override]  # only the pool calls it, with the report that it was given
        cls,
        conninfo: str = "",
        *,
        report: Callable[[Exception], None],  # pyright: ignore[reportIncompatibleMethodOverride]
        **options: Any,
    ) -> Self:
        try:
            return super().connect(conninfo, **options)
        except Exception as error:
            report(error)
            raise


class Connections:
    """A pool of connections in each process that uses the store.

    Args:
        address: the database.
        size: at most so many in one process.
        timeout: seconds to wait for one, also while the server is away.
    """

    def __init__(self, address: Address, *, size: int, timeout: float) -> None:
        self.address = address
        self._size = size
        self._timeout = timeout
        self._closed = False
        # A pool's threads and locks do not survive a fork: a child makes its own and leaves its parent's alone.
        self._pools: dict[int, ConnectionPool[_Reporting]] = {}
        self._failure: tuple[float, Exception] | None = None

    def open_one(self) -> Connection:
        """A connection outside the pool, for the caller to close.

        Raises:
            psycopg.Error: why there is none.
        """
        return psycopg.connect(self.address.conninfo, **_OPTIONS)

    @contextlib.contextmanager
    def lend(self) -> Generator[Connection, None, None]:
        """A connection for one call. One that was lost, or left in the middle of something, does not come back.

        Raises:
            StoreError: the store is closed, or no connection could be had in time.
        """
        pool = self._pool()
        connection = self._take(pool)
        try:
            yield connection
        finally:
            if connection.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                with contextlib.suppress(psycopg.Error):
                    connection.rollback()
            if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                connection.close()
            pool.putconn(connection)

    def renew(self) -> None:
        """Use none of the connections opened up to now any more: one of them was found dead."""
        self._pool().drain()

    def check_open(self) -> None:
        """Raise a `StoreError` when the store is closed."""
        if self._closed:
            raise StoreError(f"the store in {self.address.name} is closed")

    def close(self) -> None:
        """Close what is idle now, and what is in use when it comes back. Closing twice is harmless."""
        self._closed = True
        pool = self._pools.get(os.getpid())
        if pool is not None:
            pool.close()

    def _pool(self) -> ConnectionPool[_Reporting]:
        self.check_open()
        pool = self._pools.get(os.getpid())
        if pool is None:
            # Of several threads that come here at once, one's pool is kept; the others' were never opened.
            pool = self._pools.setdefault(os.getpid(), self._new_pool())
            with contextlib.suppress(psycopg.Error):  # closed meanwhile: told when a connection is taken
                pool.open()
        return pool

    def _new_pool(self) -> ConnectionPool[_Reporting]:
        return ConnectionPool(
            self.address.conninfo,
            connection_class=_Reporting,
            kwargs={**_OPTIONS, "report": self._report},
            min_size=0,
            max_size=self._size,
            open=False,
            name="zoey_netsuite",
            reconnect_timeout=_GIVE_UP_AT_ONCE,
        )

    def _take(self, pool: ConnectionPool[_Reporting]) -> _Reporting:
        began = time.monotonic()
        while True:
            left = began + self._timeout - time.monotonic()
            try:
                return pool.getconn(timeout=max(min(left, _LOOK_AGAIN), _GIVE_UP_AT_ONCE))
            except PoolTimeout:
                failure = self._failure
                known = failure[1] if failure is not None and failure[0] >= began else None
                if known is not None and (left <= _LOOK_AGAIN or is_refusal(known)):
                    raise StoreError(self.address.describe("connect to", known)) from known
                if left <= _LOOK_AGAIN:
                    raise StoreError(
                        f"could not get a connection to {self.address.name}: all {self._size} were in use for longer "
                        f"than the timeout of {self._timeout:g} s; nothing was written"
                    ) from None
            except PoolClosed:
                raise StoreError(f"the store in {self.address.name} is closed") from None

    def _report(self, error: Exception) -> None:
        self._failure = (time.monotonic(), error)


_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    # Statements are planned each time: a plan kept from when the table was empty would read all of it later. It also
    # lets a proxy in between (PgBouncer) give each transaction another connection.
    "prepare_threshold": None,
}
