"""What was called: counts by kind, method and path, and a log of the last calls."""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from zoey_netsuite.sandbox.exchange import Request

CallKind: TypeAlias = Literal["read", "write", "restlet", "token"]

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ID = re.compile(r"/(?:\d+|eid:[^/]+)(?=/|$)")


def call_kind(request: Request) -> CallKind:
    """What a call is for: SuiteQL reads though it is a POST; what a RESTlet or a token is asked for is neither."""
    path = request.path.rstrip("/")
    if path.endswith("/restlet.nl"):
        return "restlet"
    if request.method in _READING:
        return "read"
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


@frozen
class Tally:
    """Counts at one moment.

    Attributes:
        calls: by kind, method and path (ids as `{id}`).
        statuses: finished calls by HTTP status, None for those that got no answer.
        faults: calls that met a fault, by its kind.
    """

    calls: Mapping[tuple[CallKind, str, str], int] = field(factory=dict[tuple[CallKind, str, str], int])
    statuses: Mapping[int | None, int] = field(factory=dict[int | None, int])
    faults: Mapping[str, int] = field(factory=dict[str, int])

    def as_data(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "calls": [[*key, number] for key, number in self.calls.items()],
            "statuses": [[status, number] for status, number in self.statuses.items()],
            "faults": dict(self.faults),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Tally:
        """The counts that `as_data` gave."""
        calls = {(kind, method, path): number for kind, method, path, number in data["calls"]}
        return cls(calls, dict(data["statuses"]), data["faults"])


class CallCounts(ABC):
    """What can be asked about the calls to one system; failed ones count, those to the control interface do not."""

    @abstractmethod
    def tally(self) -> Tally:
        """All counts as they are now."""

    @abstractmethod
    def reset(self) -> None:
        """Count from 0 again, and empty the log."""

    def count(self, *, kind: CallKind | None = None, method: str | None = None, path: str | None = None) -> int:
        """How many calls there were; with `path`, those in whose path (ids as `{id}`) this regular expression is."""
        return sum(
            number
            for (its_kind, its_method, its_path), number in self.tally().calls.items()
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
        """Counts by `read`, `write`, `restlet` and `token`."""
        return _sums((kind, number) for (kind, _, _), number in self.tally().calls.items())

    @property
    def by_method(self) -> Mapping[str, int]:
        """Counts by HTTP method."""
        return _sums((method, number) for (_, method, _), number in self.tally().calls.items())

    @property
    def by_path(self) -> Mapping[str, int]:
        """Counts by method and path (`GET /api/rest/orders/{id}`)."""
        return _sums((f"{method} {path}", number) for (_, method, path), number in self.tally().calls.items())

    @property
    def by_status(self) -> Mapping[str, int]:
        """Counts of finished calls by HTTP status, `none` for those that got no answer."""
        return _sums(("none" if status is None else str(status), n) for status, n in self.tally().statuses.items())

    @property
    def by_fault(self) -> Mapping[str, int]:
        """Counts of calls that met a fault, by its kind; `concurrency` for those that were one too many."""
        return self.tally().faults

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self.by_path)})"


class Calls(CallCounts):
    """The calls to a system of this process. Safe to use from threads.

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

    def tally(self) -> Tally:
        """All counts as they are now."""
        with self._lock:
            return Tally(dict(self._counts), dict(self._statuses), dict(self._faults))

    def reset(self) -> None:
        """Count from 0 again, and empty the log."""
        with self._lock:
            for counter in (self._counts, self._statuses, self._faults):
                counter.clear()
            self._log.clear()

    @property
    def log(self) -> Sequence[Call]:
        """The last calls that are over, oldest first."""
        with self._lock:
            return tuple(self._log)


def _sums(pairs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for key, number in pairs:
        sums[key] += number
    return dict(sums)
