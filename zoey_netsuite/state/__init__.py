"""What the library remembers, on an ordered key-value space with versions.

`store.py` is the seam: whoever writes its three operations can plug in any database, and
`testing.StoreConformance` tells whether they did. `memory.py`, `sqlite.py` and `postgres.py` are the stores that
come along. The other modules are typed layers above the seam, written once for all stores: change them with care,
running installations hold data written by them.
"""

from zoey_netsuite.state.links import Link, Unlink
from zoey_netsuite.state.memory import MemoryStore
from zoey_netsuite.state.postgres import PostgresStore
from zoey_netsuite.state.records import RecordRef, Side
from zoey_netsuite.state.sqlite import SQLiteStore
from zoey_netsuite.state.store import (
    ABSENT,
    ANY,
    JSON,
    Change,
    Check,
    Delete,
    Entry,
    Expectation,
    Key,
    Put,
    StateStore,
)

__all__ = [
    "ABSENT",
    "ANY",
    "Change",
    "Check",
    "Delete",
    "Entry",
    "Expectation",
    "JSON",
    "Key",
    "Link",
    "MemoryStore",
    "PostgresStore",
    "Put",
    "RecordRef",
    "SQLiteStore",
    "Side",
    "StateStore",
    "Unlink",
]
