"""The state stores of a scenario's cases: one for each, which begins with what the scenario's preparation left."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from zoey_netsuite.clock import Clock
from zoey_netsuite.state.leases import Owner
from zoey_netsuite.state.sqlite import SQLiteStore
from zoey_netsuite.state.store import ABSENT, Key, Put, StateStore
from zoey_netsuite.testing.scenario import OpenStore

NO_PROCESS = "0:0"
"""The identity of a process that never was."""


class CaseStores:
    """One after the other; the first is the preparation's.

    Args:
        open_store: opens the store of a name. None keeps them in SQLite files, which are removed.
    """

    def __init__(self, open_store: OpenStore | None) -> None:
        self._folder = TemporaryDirectory(prefix="zoey-netsuite-harness-", dir=_memory())
        self._open = open_store
        self._prefix = f"harness_{secrets.token_hex(4)}"
        self._number = 0

    @property
    def database(self) -> Path:
        """The file of the store in use, where it is one of our own."""
        return self._database(self._number)

    @property
    def complaints(self) -> Path:
        """A file for what goes wrong in this case's processes."""
        return self.database.with_suffix(".txt")

    @property
    def opener(self) -> Callable[[Clock], StateStore]:
        """Opens the store in use, in any process."""
        return self._opener(self._number)

    def go_on(self, clock: Clock) -> None:
        """From now on use another store, one that begins with what the first one holds."""
        if self._number:
            for left in self.database.parent.glob(f"{self.database.stem}.*"):
                left.unlink()
        self._number += 1
        if self._open is not None:
            with closing(self._opener(0)(clock)) as first, closing(self.opener(clock)) as new:
                _copy(first, new)
        elif self._database(0).exists():
            shutil.copyfile(self._database(0), self.database)

    def close(self) -> None:
        """Remove files."""
        self._folder.cleanup()

    def _database(self, number: int) -> Path:
        return Path(self._folder.name, f"case{number}.db")

    def _opener(self, number: int) -> Callable[[Clock], StateStore]:
        if self._open is None:
            return partial(_open_file, self._database(number))
        return partial(self._open, f"{self._prefix}_{number}")


def _open_file(path: Path, clock: Clock) -> StateStore:
    return SQLiteStore(path, clock=clock)


def _copy(old: StateStore, new: StateStore) -> None:
    after: Key | None = None
    while page := old.scan((), after=after):
        new.commit([Put(key, entry.value, ABSENT) for key, entry in page])
        after = page[-1][0]


def declare_dead(store: StateStore, is_dead: Callable[[Owner], bool]) -> None:
    """Let the leases of some owners name a process that is no more, so that everybody can tell."""
    alive, after = Owner.new(), None
    while page := store.scan((), after=after):
        after = page[-1][0]
        for key, entry in page:
            if "lease" in key and entry.value.get("owner") and is_dead(owner := Owner.from_json(entry.value["owner"])):
                dead = Owner(owner.token, alive.machine, NO_PROCESS)
                store.commit([Put(key, {**entry.value, "owner": dead.to_json()})])


def _memory() -> str | None:
    """A folder in memory, where there is one: a killed process leaves there what it leaves on a disk, and faster."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder that is made in it is this user's alone
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None
