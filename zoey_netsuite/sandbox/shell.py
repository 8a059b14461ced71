"""One system with what surrounds its behaviour: counts, faults, latency and a limit on requests in flight.

A server and the in-process transport both go through here, so that they differ in nothing but the wire:
`arrive`, then wait for `Visit.latency`, then `carry_out`, then do what the outcome says.
"""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol, TypeAlias, runtime_checkable

from attrs import evolve, frozen

from zoey_netsuite.sandbox.calls import Call, Calls
from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import JSON, Answer, App, Request
from zoey_netsuite.sandbox.faults import Fault, Faults

logger = logging.getLogger("zoey_netsuite.sandbox")

_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
_GATEWAY = {502: "502 Bad Gateway", 503: "503 Service Unavailable", 504: "504 Gateway Time-out"}


@frozen
class Deliver:
    """Send this answer."""

    answer: Answer


@frozen
class Cut:
    """Send this answer's head and the first bytes of its body, then close the connection."""

    answer: Answer
    size: int


@frozen
class Reset:
    """Break the connection off without a word."""


@frozen
class Silence:
    """Say nothing until the caller gives up, or for so many seconds; then break the connection off."""

    seconds: float


Outcome: TypeAlias = Deliver | Cut | Reset | Silence


@frozen
class Visit:
    """A call that has come and is not over. `admitted` is False for one too many at a time."""

    request: Request
    call: Call
    fault: Fault | None
    admitted: bool
    latency: float


@runtime_checkable
class Failing(Protocol):
    """What an app may offer besides: its own words for an internal error."""

    def failure(self, request: Request) -> Answer:
        """The answer to a request that failed inside the system: a 500."""
        ...


class Concurrency:
    """How many requests are in flight, and how many may be.

    Attributes:
        limit: the most at a time; None for any number. May be set at any time.
        in_flight: requests that were let in and have no answer yet.
        peak: the most there were at a time since `reset`.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._lock = threading.Lock()
        self.limit = limit
        self.in_flight = 0
        self.peak = 0

    def enter(self) -> bool:
        """Let one more in, unless there are too many."""
        with self._lock:
            if self.limit is not None and self.in_flight >= self.limit:
                return False
            self.in_flight += 1
            self.peak = max(self.peak, self.in_flight)
            return True

    def leave(self) -> None:
        """One of those that were let in is done."""
        with self._lock:
            self.in_flight -= 1

    def reset(self) -> None:
        """Forget the peak."""
        with self._lock:
            self.peak = self.in_flight

    def __repr__(self) -> str:
        return f"Concurrency(limit={self.limit}, in_flight={self.in_flight}, peak={self.peak})"


class Shell:
    """One system and what surrounds it. Safe to use from threads; the app is called by one at a time.

    Args:
        name: `netsuite` or `zoey`.
        app: the system's behaviour.
        clock: gives the `Date` of each answer and the times of the log.
        limit: the most requests in flight at a time; None for any number.
    """

    def __init__(self, name: str, app: App, clock: SandboxClock, *, limit: int | None = None) -> None:
        self.name = name
        self.app = app
        self.clock = clock
        self.calls = Calls()
        self.faults = Faults()
        self.concurrency = Concurrency(limit)
        self.latency = 0.0
        self.lock = threading.RLock()

    def seed(self, data: Mapping[str, JSON]) -> None:
        """Put records in, besides those that are there."""
        with self.lock:
            self.app.seed(data)

    def arrive(self, request: Request) -> Visit:
        """Take a call in: count it, and decide whether it is one too many and which fault it meets."""
        fault = self.faults.take(request)
        admitted = self.concurrency.enter()
        word = ("concurrency" if not admitted else None) if fault is None else fault.kind
        call = self.calls.begin(request, self.clock.now(), word)
        return Visit(request, call, fault, admitted, self.latency if admitted else 0.0)

    def carry_out(self, visit: Visit) -> Outcome:
        """Do what the call asks, and say what the caller is to see. The call is over with that."""
        outcome: Outcome = Reset()
        try:
            outcome = self._outcome(visit)
        finally:
            # Over before the caller hears of it: its next call must not meet this one still in flight.
            status = outcome.answer.status if isinstance(outcome, (Deliver, Cut)) else None
            self.calls.end(evolve(visit.call, status=status))
            if visit.admitted:
                self.concurrency.leave()
        if isinstance(outcome, (Deliver, Cut)):
            return evolve(outcome, answer=finished(outcome.answer, self.clock.now()))
        return outcome

    def abandon(self, visit: Visit) -> None:
        """The call is over without having been carried out: the sandbox is being stopped."""
        self.calls.end(visit.call)
        if visit.admitted:
            self.concurrency.leave()

    def _outcome(self, visit: Visit) -> Outcome:
        request, fault = visit.request, visit.fault
        if not visit.admitted:
            with self.lock:
                return Deliver(self.app.too_many(request))
        if fault is None:
            return Deliver(self._handled(request))
        # A truncated read needs something to truncate; reading changes nothing, so `before` and `after` are one.
        reads = fault.kind == "truncated" and visit.call.kind == "read"
        answer = self._handled(request) if fault.when == "after" or reads else None
        if fault.kind == "reset":
            return Reset()
        if fault.kind == "timeout":
            return Silence(fault.hold)
        if fault.kind == "truncated":
            return _truncated(answer or Answer.of({"links": [], "items": []}), closed=fault.closed)
        return Deliver(_with_retry_after(self._refusal(request, fault), fault))

    def _handled(self, request: Request) -> Answer:
        with self.lock:
            try:
                return self.app.handle(request)
            except Exception:
                logger.exception("The sandboxed %s could not handle %s %s", self.name, request.method, request.path)
                return Answer(500, f"Sandbox failure\n{traceback.format_exc()}".encode(), _TEXT)

    def _refusal(self, request: Request, fault: Fault) -> Answer:
        kind = fault.kind
        if kind == "html":
            text = _PAGE.format(title="We'll be right back", text="The site is down for maintenance.")
            return Answer(fault.status, text.encode(), _HTML)
        with self.lock:
            if kind in ("unauthorized", "token_expired", "token_revoked"):
                return self.app.refuse(request, kind)
            if kind == "429":
                return self.app.too_many(request)
            if kind == "500" and isinstance(self.app, Failing):
                return self.app.failure(request)
        title = _GATEWAY.get(int(kind), "500 Internal Server Error")
        return Answer(int(kind), _PAGE.format(title=title, text="The request was not answered.").encode(), _HTML)


def finished(answer: Answer, now: datetime) -> Answer:
    """The answer with the headers that every answer carries: its date and, unless it has no body, its length."""
    headers = {"date": format_datetime(now, usegmt=True), **answer.headers}
    if answer.status not in (204, 304):
        headers["content-length"] = str(len(answer.body))
    return evolve(answer, headers=headers)


_HTML = {"content-type": "text/html; charset=utf-8"}
_TEXT = {"content-type": "text/plain; charset=utf-8"}


def _with_retry_after(answer: Answer, fault: Fault) -> Answer:
    if fault.retry_after is None:
        return answer
    return evolve(answer, headers={**answer.headers, "retry-after": f"{fault.retry_after:g}"})


def _truncated(answer: Answer, *, closed: bool) -> Outcome:
    half = len(answer.body) // 2
    if closed:
        return Cut(answer, half)
    body = answer.body[:half]
    try:
        json.loads(body)
    except ValueError:
        pass
    else:
        body = b'{"'  # half of a bare number or string may still be JSON
    status = 200 if answer.status == 204 else answer.status
    return Deliver(Answer(status, body or b'{"', {"content-type": "application/json", **answer.headers}))
