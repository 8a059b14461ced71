"""What was called: counts by kind, method and path, and a log of the last calls."""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import frozen

from zoey_netsuite.sandbox.exchange import Request

CallKind: TypeAlias = Literal["read", "write", "token"]

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ID = re.compile(r"/(?:\d+|eid:[^/]+)(?=/|$)")


def call_kind(request: Request) -> CallKind:
    """What a call is for: SuiteQL reads though it is a POST, and asking for a token is neither reading nor writing."""
    if request.method in _READING:
        return "read"
    path = request.path.rstrip("/")
    if path.endswith("/token"):
        return "token"
    return "read" if path.endswith("/query/v1/suiteql") else "write"


def path_shape(path: str) -> str:
    """The path with `{id}` for each record's id, so that calls to different records count together."""
    return _ID.sub("/{id}", path)


@frozen
class Call:
    """One call as the log keeps it.

    Attributes:
        number: counting from 1 since the start; `Calls.reset` does not set it back.
        at: the sandbox's time at which it came.
        method: upper case.
        target: path and query.
        kind: what it was for.
        status: what it was answered with; None when it got no answer.
        fault: the kind of the fault that it met; `concurrency` when it was one too many.
    """

    number: int
    at: datetime
    method: str
    target: str
    kind: CallKind
    status: int | None = None
    fault: str | None = None


class Calls:
    """The calls to one system, failed ones included; those to the control interface are not counted.

    Safe to use from threads.

    Args:
        keep: how many calls the log keeps.
    """

    def __init__(self, keep: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[CallKind, str, str]] = Counter()
        self._statuses: Counter[int | None] = Counter()
        self._faults: Counter[str] = Counter()
        self._log: deque[Call] = deque(maxlen=keep)
        self._number = 0

    def begin(self, request: Request, at: datetime, fault: str | None) -> Call:
        """Count a call that has come."""
        kind = call_kind(request)
        with self._lock:
            self._number += 1
            self._counts[kind, request.method, path_shape(request.path)] += 1
            if fault is not None:
                self._faults[fault] += 1
            return Call(self._number, at, request.method, request.target, kind, None, fault)

    def end(self, call: Call) -> None:
        """Log a call that is over."""
        with self._lock:
            self._statuses[call.status] += 1
            self._log.append(call)

    def reset(self) -> None:
        """Count from 0 again, and empty the log."""
        with self._lock:
            for counter in (self._counts, self._statuses, self._faults):
                counter.clear()
            self._log.clear()

    def count(self, *, kind: CallKind | None = None, method: str | None = None, path: str | None = None) -> int:
        """How many calls there were; with `path`, those in whose path (ids as `{id}`) this regular expression is."""
        with self._lock:
            return sum(
                number
                for (its_kind, its_method, its_path), number in self._counts.items()
                if kind in (None, its_kind)
                and (method is None or method.upper() == its_method)
                and (path is None or re.search(path, its_path))
            )

    @property
    def total(self) -> int:
        """All calls."""
        return self.count()

    @property
    def reads(self) -> int:
        """Calls that read: GET, and SuiteQL."""
        return self.count(kind="read")

    @property
    def writes(self) -> int:
        """Calls that write."""
        return self.count(kind="write")

    @property
    def by_kind(self) -> Mapping[str, int]:
        """Counts by `read`, `write` and `token`."""
        return self._sums(0)

    @property
    def by_method(self) -> Mapping[str, int]:
        """Counts by HTTP method."""
        return self._sums(1)

    @property
    def by_path(self) -> Mapping[str, int]:
        """Counts by method and path (`GET /api/rest/orders/{id}`)."""
        with self._lock:
            sums: Counter[str] = Counter()
            for (_, method, path), number in self._counts.items():
                sums[f"{method} {path}"] += number
            return dict(sums)

    @property
    def by_status(self) -> Mapping[str, int]:
        """Counts of finished calls by HTTP status, `none` for those that got no answer."""
        with self._lock:
            return {"none" if status is None else str(status): number for status, number in self._statuses.items()}

    @property
    def by_fault(self) -> Mapping[str, int]:
        """Counts of calls that met a fault, by its kind."""
        with self._lock:
            return dict(self._faults)

    @property
    def log(self) -> Sequence[Call]:
        """The last calls that are over, oldest first."""
        with self._lock:
            return tuple(self._log)

    def _sums(self, part: Literal[0, 1]) -> Mapping[str, int]:
        with self._lock:
            sums: Counter[str] = Counter()
            for key, number in self._counts.items():
                sums[key[part]] += number
            return dict(sums)

    def __repr__(self) -> str:
        return f"Calls({dict(self.by_path)})"
