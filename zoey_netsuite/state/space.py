"""One integration's part of a store: every key begins with the integration's name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from attrs import frozen

from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.shapes import damaged, must_fit
from zoey_netsuite.state.store import Change, Entry, Key, StateStore

T = TypeVar("T")

PAGE = 1000
"""How many entries one read of a long range takes."""

ATTEMPTS = 50
"""How often a read-decide-commit is tried while other workers keep changing the same keys."""


@frozen
class Space:
    """A store seen through one integration's name."""

    store: StateStore
    name: str

    def key(self, *parts: str) -> Key:
        """A key of this integration."""
        return (self.name, *parts)

    def entries(self, *prefix: str, after: Key | None = None) -> Iterator[tuple[Key, Entry]]:
        """All entries below a prefix, a page at a time, in key order."""
        while True:
            page = self.store.scan(self.key(*prefix), after=after, limit=PAGE)
            for key, entry in page:
                must_fit(key, entry.value)
                yield key, entry
            if len(page) < PAGE:
                return
            after = page[-1][0]

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        """The entries under these keys; absent ones are left out.

        Raises:
            StoreError: one of them is damaged.
        """
        entries = self.store.read(keys)
        for key, entry in entries.items():
            must_fit(key, entry.value)
        return entries

    def read_one(self, *parts: str) -> Entry | None:
        """The entry under a key, or None."""
        key = self.key(*parts)
        return self.read([key]).get(key)

    def change(self, decide: Callable[[], tuple[Sequence[Change], T]]) -> T:
        """Read, decide and commit; decide anew whenever somebody else was faster.

        Args:
            decide: reads what it needs, gives the changes (their expectations fence the decision) and the result.

        Raises:
            VersionMismatch: the keys kept changing under every attempt.
        """
        for _ in range(ATTEMPTS - 1):
            changes, result = decide()
            try:
                if changes:
                    self.store.commit(changes)
            except VersionMismatch:
                continue
            return result
        changes, result = decide()
        self.store.commit(changes)
        return result


@contextmanager
def reading(key: Key) -> Generator[None]:
    """What does not fit in an entry of the store becomes an error that names the entry and says what to do."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise damaged(key, f"{type(problem).__name__}: {problem}") from problem


def to_text(moment: datetime) -> str:
    """A moment as text that sorts in time order: UTC, microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_moment(text: str) -> datetime:
    """What `to_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def chunks(items: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def versions(entries: Mapping[Key, Entry], key: Key) -> int | None:
    """The version of a key among entries that were read, or None when it is absent."""
    entry = entries.get(key)
    return None if entry is None else entry.version
