"""State stores in PostgreSQL for the crash and fault harness, which opens them in other processes, too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import zoey_netsuite.state.postgres_database  # noqa: F401 - imported once, not in each process that is killed
from zoey_netsuite import Clock, PostgresStore
from zoey_netsuite.testing.scenario import OpenStore


def open_store(dsn: str, name: str, clock: Clock) -> PostgresStore:
    """The store in the schema of this name."""
    return PostgresStore(dsn, name, clock=clock)


def stores(dsn: str) -> OpenStore:
    """Stores in one database."""
    opener: Callable[[str, Clock], PostgresStore] = partial(open_store, dsn)
    return opener
