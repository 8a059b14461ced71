"""Faults as data: what is to go wrong, on which call, and whether the write is carried out before it does."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

from attrs import asdict, evolve, field, fields, frozen
from attrs.validators import in_, instance_of, optional

from zoey_netsuite.sandbox.exchange import Request

FaultKind: TypeAlias = Literal[
    "429",
    "500",
    "502",
    "503",
    "504",
    "reset",
    "timeout",
    "html",
    "truncated",
    "unauthorized",
    "token_expired",
    "token_revoked",
]
FAULT_KINDS: Sequence[FaultKind] = get_args(FaultKind)


def _is_pattern(_: object, attribute: Any, value: str | None) -> None:
    if value is not None:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{attribute.name} is no regular expression: {error}") from error


def _at_least(least: float) -> Callable[[object, Any, float | None], None]:
    def check(_: object, attribute: Any, value: float | None) -> None:
        if value is not None and (isinstance(value, str) or value < least):
            raise ValueError(f"{attribute.name} must be a number of at least {least:g}, not {value!r}.")

    return check


@frozen(kw_only=True)
class Fault:
    """Something that goes wrong with certain calls.

    Attributes:
        kind: `429` and the refusals (`unauthorized`, `token_expired`, `token_revoked`) are in the system's own words.
            `500` is, too, where the system has any; `502` to `504` come from a gateway in front of it.
            `reset` breaks the TCP connection off; `timeout` never answers; `html` is a maintenance page;
            `truncated` is JSON that ends in the middle.
        when: `before` leaves the call undone; `after` carries it out and then fails.
        method: only calls with this HTTP method.
        path: only calls whose path and query this regular expression is found in.
        skip: how many of those calls go well first.
        times: how many of them fail then; None for all.
        retry_after: seconds to name in a `Retry-After` header.
        status: of an `html` page: 503 unless told, and 200 is the nasty one.
        closed: for `truncated`: the connection ends early, instead of a whole body that holds half the JSON.
        hold: for `timeout`: after so many seconds the connection is broken off even if the caller still waits.
    """

    kind: FaultKind = field(kw_only=False, validator=in_(FAULT_KINDS))
    when: Literal["before", "after"] = field(default="before", validator=in_(("before", "after")))
    method: str | None = field(default=None, validator=optional(instance_of(str)))
    path: str | None = field(default=None, validator=[optional(instance_of(str)), _is_pattern])
    skip: int = field(default=0, validator=_at_least(0))
    times: int | None = field(default=1, validator=_at_least(1))
    retry_after: float | None = field(default=None, validator=_at_least(0))
    status: int = field(default=503, validator=_at_least(200))
    closed: bool = field(default=False, validator=instance_of(bool))
    hold: float = field(default=300.0, validator=_at_least(0))

    def matches(self, request: Request) -> bool:
        """Whether a call is of those that this fault is about, whatever `skip` and `times` say."""
        if self.method is not None and self.method.upper() != request.method:
            return False
        return self.path is None or re.search(self.path, request.target) is not None

    def as_data(self) -> dict[str, Any]:
        """The fault as JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Fault:
        """The fault of a JSON object with the attributes' names. Raises ValueError that says what is wrong with it."""
        names = {attribute.name for attribute in fields(cls)}
        unknown = set(data) - names
        if unknown:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(names))}.")
        try:
            return cls(**data)
        except TypeError as error:
            raise ValueError(str(error)) from error


@frozen
class Planned:
    """A fault that waits for its calls.

    Attributes:
        fault: what will happen.
        seen: how many calls it was about, from when it was added until it was spent.
        hit: how many of them it made fail.
    """

    fault: Fault
    seen: int = 0
    hit: int = 0

    @property
    def spent(self) -> bool:
        """Whether it will not happen again."""
        return self.fault.times is not None and self.hit >= self.fault.times


class Faults:
    """The faults planned for one system, the first added winning where several are due. Safe to use from threads.

    Example:
        >>> faults = Faults()
        >>> faults.add(Fault("500", when="after", method="POST", path="/salesOrder"))
        >>> faults.on_call(3, Fault("reset"))       # the third call from now
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Planned] = []

    def add(self, *faults: Fault) -> None:
        """Plan faults, from now on."""
        with self._lock:
            self._planned += [Planned(fault) for fault in faults]

    def on_call(self, number: int, fault: Fault) -> None:
        """Let the n-th call from now fail (1 is the next), counting only those that the fault is about."""
        if number < 1:
            raise ValueError(f"Calls are counted from 1, not {number}.")
        self.add(evolve(fault, skip=number - 1))

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._planned.clear()

    def take(self, request: Request) -> Fault | None:
        """The fault that this call meets, which is thereby used up once."""
        with self._lock:
            if not self._planned:
                return None
            due: Fault | None = None
            for index, planned in enumerate(self._planned):
                if planned.spent or not planned.fault.matches(request):
                    continue
                hit = due is None and planned.seen >= planned.fault.skip
                if hit:
                    due = planned.fault
                self._planned[index] = evolve(planned, seen=planned.seen + 1, hit=planned.hit + hit)
            return due

    def list(self) -> Sequence[Planned]:
        """All that were planned since `clear`, those that are spent included."""
        with self._lock:
            return tuple(self._planned)

    def __iter__(self) -> Iterator[Planned]:
        return iter(self.list())

    def __len__(self) -> int:
        return len(self.list())
