"""The seam between this library and a database: read, scan, commit on ordered keys with versions, a clock, `close`."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, Protocol, TypeAlias, runtime_checkable

from attrs import frozen

JSON: TypeAlias = Any
"""What `json.loads` gives: None, bool, int, float, str, list or dict of these."""

Key: TypeAlias = tuple[str, ...]
"""A place in the store: one or more parts, any text each."""


class Expectation(enum.Enum):
    """What a change may expect of a key besides a version number."""

    ANY = "any"
    ABSENT = "absent"

    def __repr__(self) -> str:
        return self.name


ANY: Final = Expectation.ANY
"""Write whatever stands there."""
ABSENT: Final = Expectation.ABSENT
"""Write only if nothing stands there."""


@frozen
class Entry:
    """What stands under a key: a JSON value and the version it got when it was written."""

    value: JSON
    version: int


@frozen
class Put:
    """Write a value, if the key is as expected."""

    key: Key
    value: JSON
    expect: int | Expectation = ANY


@frozen
class Delete:
    """Remove a key, if it is as expected. Removing an absent key with `ANY` is no error."""

    key: Key
    expect: int | Literal[Expectation.ANY] = ANY


@frozen
class Check:
    """Write nothing, but fail the commit unless the key has this version (or is absent)."""

    key: Key
    expect: int | Literal[Expectation.ABSENT]


Change: TypeAlias = Put | Delete | Check


@runtime_checkable
class StateStore(Protocol):
    """An ordered key-value space with versions. Safe to use from many threads.

    Keys are ordered by their parts' UTF-8 bytes, part by part. A prefix matches whole parts, and not itself.
    `testing.stores.StoreConformance` tells whether an implementation keeps all of this.
    """

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """The entries that stand under these keys, as of one moment; absent keys are left out.

        Raises:
            StoreError: the database failed.
        """
        ...

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

        Args:
            prefix: whole parts; `()` is everything.
            after: only keys greater than this one (whether or not it exists).
            before: only keys less than this one.
            reverse: greatest first.
            limit: at most so many.

        Raises:
            StoreError: the database failed.
        """
        ...

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Make all changes or none; durable on return.

        Returns:
            The new version of every key that was put. Versions come from one counter for the whole store: none ever
            comes back.

        Raises:
            VersionMismatch: some keys were not as expected; nothing was written.
            StoreOutcomeUnknown: the answer was lost; read again before deciding.
            StoreError: the database failed; nothing was written.
        """
        ...

    def now(self) -> datetime:
        """The store's clock: aware, UTC. Workers on several machines agree on it."""
        ...

    def close(self) -> None:
        """Give back connections and files. The store is not used afterwards."""
        ...
