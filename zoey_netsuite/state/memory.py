"""A store in this process's memory: for tests, dry runs and trying things out."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType

from attrs import define, field

from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.errors import StoreError, VersionMismatch
from zoey_netsuite.state.encoding import (
    decode_key,
    decode_value,
    encode_changes,
    encode_keys,
    is_expected,
    key_range,
)
from zoey_netsuite.state.store import Change, Delete, Entry, Key, Put

__all__ = ["MemoryStore"]

_RUN = 512
"""A run of sorted keys is split in two when it grows to twice this length."""


@define
class _SortedKeys:
    """Keys in order, in many short sorted runs, so that adding one moves few others."""

    runs: list[list[bytes]] = field(factory=list[list[bytes]])
    firsts: list[bytes] = field(factory=list[bytes])

    def add(self, key: bytes) -> None:
        """Add a key that isn't there yet."""
        if not self.runs:
            self.runs.append([key])
            self.firsts.append(key)
            return
        index = max(bisect_right(self.firsts, key) - 1, 0)
        run = self.runs[index]
        insort(run, key)
        self.firsts[index] = run[0]
        if len(run) >= 2 * _RUN:
            self.runs[index : index + 1] = [run[:_RUN], run[_RUN:]]
            self.firsts[index : index + 1] = [run[0], run[_RUN]]

    def remove(self, key: bytes) -> None:
        """Remove a key that is there."""
        index = bisect_right(self.firsts, key) - 1
        run = self.runs[index]
        del run[bisect_left(run, key)]
        if run:
            self.firsts[index] = run[0]
        else:
            del self.runs[index], self.firsts[index]

    def between(self, below: bytes, above: bytes) -> Iterator[bytes]:
        """The keys greater than `below` and less than `above`, ascending."""
        index = max(bisect_right(self.firsts, below) - 1, 0)
        while index < len(self.runs) and self.firsts[index] < above:
            run = self.runs[index]
            yield from run[bisect_right(run, below) : bisect_left(run, above)]
            index += 1

    def between_reversed(self, below: bytes, above: bytes) -> Iterator[bytes]:
        """The same keys, descending."""
        index = bisect_left(self.firsts, above) - 1
        while index >= 0 and self.runs[index][-1] > below:
            run = self.runs[index]
            yield from reversed(run[bisect_right(run, below) : bisect_left(run, above)])
            index -= 1


class MemoryStore:
    """A `StateStore` that keeps everything in memory and forgets it when it is closed.

    Safe to use from many threads. Nothing is durable: what was committed is lost with the process.

    Args:
        clock: what `now()` tells.
    """

    def __init__(self, *, clock: Clock = SystemClock()) -> None:  # noqa: B008 - a clock has no state
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[bytes, tuple[int, bytes]] = {}
        self._keys = _SortedKeys()
        self._last_version = 0
        self._closed = False

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """The entries that stand under these keys, as of one moment; absent keys are left out."""
        wanted = encode_keys(keys)
        with self._lock:
            self._check_open()
            entries = self._entries
            found = [(key, entries[data]) for data, key in wanted.items() if data in entries]
        return {key: Entry(decode_value(value), version) for key, (version, value) in found}

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        """Up to `limit` entries below a prefix in key order (`reverse`: from the end)."""
        if limit < 0:
            raise ValueError(f"limit is a number of entries, not {limit}")
        below, above = key_range(prefix, after, before)
        with self._lock:
            self._check_open()
            keys = self._keys.between_reversed(below, above) if reverse else self._keys.between(below, above)
            # The limit comes first in zip: it is asked before a key is taken.
            found = [(key, self._entries[key]) for _, key in zip(range(limit), keys, strict=False)]
        return [(decode_key(key), Entry(decode_value(value), version)) for key, (version, value) in found]

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Make all changes or none, and give the new version of every key that was put."""
        encoded = encode_changes(changes)
        versions: dict[Key, int] = {}
        with self._lock:
            self._check_open()
            moved = [
                change.key for key, change, _ in encoded if not is_expected(change, self._entries.get(key, (None,))[0])
            ]
            if moved:
                raise VersionMismatch(moved)
            for key, change, value in encoded:
                if isinstance(change, Put) and value is not None:
                    self._last_version += 1
                    versions[change.key] = self._last_version
                    if key not in self._entries:
                        self._keys.add(key)
                    self._entries[key] = (self._last_version, value)
                elif isinstance(change, Delete) and self._entries.pop(key, None) is not None:
                    self._keys.remove(key)
        return versions

    def now(self) -> datetime:
        """The clock's time: aware, UTC."""
        self._check_open()
        return self._clock.now().astimezone(UTC)

    def close(self) -> None:
        """Forget everything. Closing twice is harmless; any other use afterwards is a `StoreError`."""
        with self._lock:
            self._closed = True
            self._entries, self._keys = {}, _SortedKeys()

    def __enter__(self) -> MemoryStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"MemoryStore({'closed' if self._closed else f'{len(self._entries)} entries'})"

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("the memory store is closed, and what it held is gone")
