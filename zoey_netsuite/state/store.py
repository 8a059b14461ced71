"""The seam between this library and a database: read, scan, commit on ordered keys with versions, a clock, `close`."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, Protocol, TypeAlias, runtime_checkable

from attrs import frozen

JSON: TypeAlias = Any
"""What `json.loads` gives: None, bool, int, finite float, str, list, or dict of these with str for names."""

Key: TypeAlias = tuple[str, ...]
"""A place in the store: one or more parts, any text each that has a UTF-8 form, of any length."""


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

    Keys are ordered by their parts' UTF-8 bytes, part by part. A prefix matches whole parts, and not itself. Values
    come back as new objects; a tuple comes back as a list. Errors of a driver become a `StoreError`: any other error is
    taken for a mistake in the code that uses the store.

    `testing.StoreConformance` tells whether an implementation keeps all of this.
    """

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """The entries that stand under these keys, as of one moment; absent keys are left out.

        Args:
            keys: any collection, also an empty one, or one with repetitions.

        Raises:
            ValueError: an empty or malformed key.
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
            after: only keys greater than this one. It need not exist, nor lie below the prefix.
            before: only keys less than this one; the same holds. Neither bound is turned round by `reverse`.
            reverse: greatest first.
            limit: at most so many; 0 gives none.

        Returns:
            The entries as of one moment. What is committed later does not change them.

        Raises:
            ValueError: a malformed prefix or bound, or a limit below 0.
            StoreError: the database failed.
        """
        ...

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        """Make all changes or none; durable on return.

        Args:
            changes: one for each key, in any order; none at all is no error.

        Returns:
            The new version of every key that was put. Versions come from one counter for the whole store: whole
            numbers above 0, each put has its own, and none ever comes back, whatever was deleted or went wrong. There
            may be gaps.

        Raises:
            ValueError: an empty or malformed key, a key twice, a value that isn't JSON; nothing was written. For a
                value it may be a `TypeError`, too.
            VersionMismatch: names all keys that were not as expected; nothing was written.
            StoreOutcomeUnknown: the answer was lost; read again before deciding.
            StoreError: the database failed; nothing was written.
        """
        ...

    def now(self) -> datetime:
        """The store's clock: aware, UTC. Workers on several machines agree on it."""
        ...

    def close(self) -> None:
        """Give back connections and files. Closing again does nothing; any other use is a `StoreError` then."""
        ...
