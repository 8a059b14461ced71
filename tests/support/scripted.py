"""A remote system in memory: scripted answers, both drivers behind one face, a clock that tests move."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import define, field, frozen

from zoey_netsuite.errors import (
    APIError,
    AuthenticationError,
    BusyError,
    InvalidFieldError,
    ServerError,
    UnexpectedAnswerError,
)
from zoey_netsuite.http import AsyncDriver, Driver, Limits, Operation, Request, Response, Retry, Safety
from zoey_netsuite.http.answers import read_json
from zoey_netsuite.http.auth import Authenticator, OAuth1
from zoey_netsuite.http.transport import Received
from zoey_netsuite.testing.clock import FakeClock

Came = Received | Exception
MEANINGS: Mapping[int, type[APIError]] = {401: AuthenticationError, 429: BusyError, 400: InvalidFieldError}
FULL = Retry(random=lambda: 1.0)


def answer(status: int = 200, body: object = None, **headers: str) -> Received:
    """An answer; header names are given with `_` for `-`."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Received(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


OK = answer(200, {"done": True})


@frozen
class Plain:
    """A system that says what its statuses mean and nothing else. It quotes what it is told."""

    base: str = "https://remote.test"
    name: str = "netsuite"

    def url(self, operation: Operation[Any]) -> str:
        return operation.path if operation.path.startswith("http") else self.base + operation.path

    def headers(self, operation: Operation[Any]) -> Mapping[str, str]:
        return {"accept": "application/json"}

    def timeout(self, operation: Operation[Any]) -> float:
        return 30.0 if operation.timeout is None else operation.timeout

    def error(self, operation: Operation[Any], response: Response) -> APIError:
        kind = ServerError if response.status >= 500 else MEANINGS.get(response.status, UnexpectedAnswerError)
        said = response.content.decode("utf-8", "replace")
        message = f"{operation.name}: {response.status} {said}"
        return kind(message, status=response.status, detail=said, action=operation.name)


@define
class Script:
    """A transport that answers as told, and the same again when it is told no more. Remembers what was sent."""

    answers: list[Came] = field(converter=lambda given: list(given))
    decide: Callable[[Request], Came] | None = None
    sent: list[Request] = field(factory=list)
    closed: int = 0
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def came(self, request: Request) -> Received:
        with self._lock:
            self.sent.append(request)
            if self.decide is not None:
                what = self.decide(request)
            else:
                what = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(what, Exception):
            raise what
        return what

    def send(self, request: Request) -> Received:
        return self.came(request)

    def close(self) -> None:
        self.closed += 1

    @property
    def proofs(self) -> list[str]:
        """The `Authorization` headers that were sent."""
        return [request.headers.get("authorization", "") for request in self.sent]


@frozen
class Awaited:
    """A script for the async driver."""

    script: Script

    async def send(self, request: Request) -> Received:
        await asyncio.sleep(0)
        return self.script.came(request)

    async def aclose(self) -> None:
        self.script.close()


def oauth1(**changes: Any) -> OAuth1:
    """Credentials whose every part is easy to find in a text."""
    keys = ("the-consumer-key", "the-consumer-secret", "the-token-id", "the-token-secret")
    return OAuth1(*keys, **{"method": "HMAC-SHA256", "realm": "1234567"} | changes)


@define
class Rig:
    """One driver, blocking or async, over a script."""

    kind: str
    script: Script
    clock: FakeClock
    driver: Driver | AsyncDriver

    def run(self, operation: Operation[Any]) -> Any:
        if isinstance(self.driver, Driver):
            return self.driver.run(operation)
        return asyncio.run(self.driver.run(operation))


def rig(
    kind: str,
    answers: Iterable[Came] = (OK,),
    *,
    decide: Callable[[Request], Came] | None = None,
    auth: Authenticator | None = None,
    retry: Retry = FULL,
    limiter: Any = None,
    clock: FakeClock | None = None,
    remote: Any = None,
    **options: Any,
) -> Rig:
    """A driver of that kind ("blocking" or "async")."""
    clock = clock or FakeClock()
    script = Script(answers, decide)
    parts = (remote or Plain(), auth or oauth1(), limiter or Limits(), retry, clock)
    driver: Driver | AsyncDriver
    if kind == "blocking":
        driver = Driver(*parts, **options, transport=script)
    else:
        driver = AsyncDriver(*parts, **options, transport=Awaited(script))
    return Rig(kind, script, clock, driver)


def operation(safety: Safety = Safety.READ, **changes: Any) -> Operation[Any]:
    """A call that reads its answer as JSON."""
    given = {"name": "update salesOrder 4711", "method": "PATCH", "path": "/salesOrder/4711", "read": read_json}
    return Operation(**given | {"kind": "record.update", "safety": safety} | changes)
