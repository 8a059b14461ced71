"""Stores and transports on which one step goes wrong: the n-th commit, the n-th call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from attrs import define, field, frozen

from zoey_netsuite import HttpxTransport, StateStore, StoreError, StoreOutcomeUnknown
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.state.store import Change, Entry, Key, Put

T = TypeVar("T")
Wrong = Literal["mismatch", "error", "unknown before", "unknown after", "crash before", "crash after"]


class Crash(BaseException):
    """The process ends here, as far as the library can tell."""


@define
class TroubledStore:
    """A store whose commit number `at` goes wrong; and that counts."""

    inner: StateStore
    at: int = 0
    wrong: Wrong = "error"
    commits: int = 0
    reads: int = 0
    scans: int = 0
    read_keys: int = 0

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        self.reads += 1
        self.read_keys += len(keys)
        return self.inner.read(keys)

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        self.scans += 1
        return self.inner.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        self.commits += 1
        if self.commits != self.at:
            return self.inner.commit(changes)
        if self.wrong == "mismatch":
            self._touch(changes)
            return self.inner.commit(changes)
        if self.wrong == "error":
            raise StoreError("the disk is full")
        if self.wrong == "crash before":
            raise Crash
        if self.wrong == "unknown before":
            raise StoreOutcomeUnknown("the connection broke")
        versions = self.inner.commit(changes)
        if self.wrong == "crash after":
            raise Crash
        assert versions is not None
        raise StoreOutcomeUnknown("the connection broke")

    def _touch(self, changes: Sequence[Change]) -> None:
        """Somebody writes the first entry that this commit expects to be as it was."""
        keys = [change.key for change in changes if isinstance(change.expect, int)]
        for key in keys[:1]:
            entry = self.inner.read([key]).get(key)
            if entry is not None:
                self.inner.commit([Put(key, entry.value)])

    def now(self) -> datetime:
        return self.inner.now()

    def close(self) -> None:
        self.inner.close()


@define
class TroubledTransport:
    """A transport on which the program ends at call number `at`, before or after it is made."""

    at: int = 0
    when: Literal["before", "after"] = "before"
    counts: Callable[[Request], bool] = lambda request: True
    calls: int = 0
    inner: HttpxTransport = field(factory=HttpxTransport)

    def send(self, request: Request) -> Response:
        mine = self.counts(request)
        self.calls += mine
        if mine and self.calls == self.at and self.when == "before":
            raise Crash
        response = self.inner.send(request)
        if mine and self.calls == self.at:
            raise Crash
        return response

    def close(self) -> None:
        self.inner.close()


@frozen
class Heard:
    """An observer that keeps what it is told."""

    events: list[object]

    def on_event(self, event: object) -> None:
        self.events.append(event)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]


__all__ = ["Crash", "Heard", "TroubledStore", "TroubledTransport", "Wrong"]
