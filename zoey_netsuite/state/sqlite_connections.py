"""Connections to one SQLite file: opened when needed, given back, and never carried over a fork."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Generator
from functools import cache

from zoey_netsuite.errors import StoreError

_KEEP_IDLE = 8
"""So many idle connections are kept; more are opened when more threads work at once, and closed afterwards."""

_FORK_PATIENCE = 5.0
"""Seconds that a fork waits for other threads' calls to end."""


class Connections:
    """A pool of connections to one file, in this process.

    SQLite's locks belong to the process and don't survive a fork, so no connection may be open while the process
    forks: a fork waits for calls in flight and closes what is idle. Parent and child then open their own.

    Args:
        name: what messages call the file.
        connect: opens one connection.
    """

    def __init__(self, name: str, connect: Callable[[], sqlite3.Connection]) -> None:
        self._name = name
        self._connect = connect
        self._changed = threading.Condition(threading.Lock())
        self._idle: list[sqlite3.Connection] = []
        self._in_use: set[sqlite3.Connection] = set()
        self._opening = 0
        self._closed = False
        self._forking = False
        self._inherited: list[sqlite3.Connection] = []
        _register(self)

    @contextlib.contextmanager
    def lend(self) -> Generator[sqlite3.Connection, None, None]:
        """A connection for one call. It comes back to the pool unless the call failed or left a transaction open.

        Raises:
            StoreError: the store is closed, or this process was forked in the middle of a call.
        """
        connection = self._take()
        healthy = False
        try:
            yield connection
            healthy = not connection.in_transaction
        finally:
            self._give_back(connection, healthy)

    def check_open(self) -> None:
        """Raise a `StoreError` when the store is closed or unusable in this process."""
        if self._closed:
            raise StoreError(f"the store {self._name} is closed")
        if self._inherited:
            raise StoreError(
                f"the store {self._name} was in the middle of a call when this process was forked, and cannot be used "
                "in the child: open it after the fork"
            )

    def close(self) -> None:
        """Close what is idle now and what is in use when it comes back. Closing twice is harmless."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def before_fork(self) -> None:
        """Let no new call begin, wait for those in flight, and close what is idle."""
        with self._changed:
            self._forking = True
            self._changed.wait_for(lambda: not self._in_use and not self._opening, timeout=_FORK_PATIENCE)
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def after_fork_in_parent(self) -> None:
        """Let calls go on."""
        with self._changed:
            self._forking = False
            self._changed.notify_all()

    def after_fork_in_child(self) -> None:
        """Let calls go on, or refuse them all when a call was in flight for too long.

        Its connection is kept and never closed here: that would make SQLite drop files that the parent uses.
        """
        self._changed = threading.Condition(threading.Lock())
        self._inherited = list(self._in_use)
        self._in_use, self._opening, self._forking = set(), 0, False

    def _take(self) -> sqlite3.Connection:
        with self._changed:
            self._changed.wait_for(lambda: not self._forking)
            self.check_open()
            if self._idle:
                connection = self._idle.pop()
                self._in_use.add(connection)
                return connection
            self._opening += 1
        return self._open()

    def _open(self) -> sqlite3.Connection:
        opened: list[sqlite3.Connection] = []
        try:
            opened.append(self._connect())
            return opened[0]
        finally:
            with self._changed:
                self._opening -= 1
                self._in_use.update(opened)
                self._changed.notify_all()

    def _give_back(self, connection: sqlite3.Connection, healthy: bool) -> None:
        with self._changed:
            keep = healthy and not self._closed and not self._forking and len(self._idle) < _KEEP_IDLE
            if keep:
                self._idle.append(connection)
                self._in_use.discard(connection)
                self._changed.notify_all()
                return
        try:
            connection.close()
        finally:
            with self._changed:
                self._in_use.discard(connection)
                self._changed.notify_all()


_all: weakref.WeakSet[Connections] = weakref.WeakSet()


def _register(connections: Connections) -> None:
    _all.add(connections)
    _watch_forks()


@cache
def _watch_forks() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
        )


def _before_fork() -> None:
    for connections in list(_all):
        connections.before_fork()


def _after_fork_in_parent() -> None:
    for connections in list(_all):
        connections.after_fork_in_parent()


def _after_fork_in_child() -> None:
    for connections in list(_all):
        connections.after_fork_in_child()
