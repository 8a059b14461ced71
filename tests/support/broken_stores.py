"""Stores on the disk with planted bugs, for checks that need other processes: those import them from here."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from zoey_netsuite import StoreError
from zoey_netsuite.state import Change, Key, SQLiteStore


class CommitsOneByOne(SQLiteStore):
    """A process that is killed leaves half of its commit."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        result: dict[Key, int] = {}
        for change in changes:
            result.update(super().commit([change]))
            time.sleep(0.0005)
        return result


class LocksByAFile(SQLiteStore):
    """A process that is killed leaves its lock, and nobody takes it away."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        lock = Path(f"{self._path}.lock")
        try:
            lock.open("x").close()
        except FileExistsError:
            raise StoreError("somebody holds the lock") from None
        try:
            time.sleep(0.05)
            return super().commit(changes)
        finally:
            os.unlink(lock)
