"""Policy, written once for blocking and async: what to send, when to send it again, and when to give up.

`call` is a generator that does no I/O. It gives out steps (`Send`, `Sleep`) and is handed what came of them; a driver
carries them out.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from attrs import field, frozen
from attrs.validators import ge, gt

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import (
    APIError,
    AuthenticationError,
    BusyError,
    OutcomeUnknown,
    ServerError,
    TransportError,
    UnexpectedAnswerError,
)
from zoey_netsuite.http.operation import Operation, Request, Response, Safety
from zoey_netsuite.http.urls import encode_query


def _dumps(value: Any, /) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


T = TypeVar("T")


class Remote(Protocol):
    """What this layer must know of a system."""

    @property
    def name(self) -> str:
        """Its name: "netsuite" or "zoey"."""
        ...

    def url(self, operation: Operation[Any]) -> str:
        """The absolute address of an operation, without its query."""
        ...

    def headers(self, operation: Operation[Any]) -> Mapping[str, str]:
        """Headers that every such call carries, names in lower case."""
        ...

    def timeout(self, operation: Operation[Any]) -> float:
        """Seconds to wait for an answer."""
        ...

    def error(self, operation: Operation[Any], response: Response) -> APIError:
        """What a refusal means. Never raises."""
        ...


@frozen
class Retry:
    """How patient a client is.

    Attributes:
        attempts: how often a call is made at the most.
        base: seconds before the second attempt, at the most; doubled for each further one.
        maximum: the longest wait between two attempts, in seconds; also the longest `Retry-After` that is honoured.
        total: after so many seconds no further attempt is made.
        random: gives a number from 0 to 1: what share of a wait is waited.
    """

    attempts: int = field(default=5, validator=ge(1))
    base: float = field(default=0.5, validator=ge(0))
    maximum: float = field(default=60.0, validator=ge(0))
    total: float = field(default=300.0, validator=gt(0))
    random: Callable[[], float] = field(default=random.random, repr=False)

    def wait(self, attempt: int, retry_after: float | None) -> float:
        """Seconds to wait after an attempt has failed, counted from 1."""
        grown = min(self.maximum, self.base * 2.0 ** (attempt - 1)) * self.random()
        return grown if retry_after is None else min(self.maximum, max(retry_after, grown))


@frozen
class Send:
    """Sign this and send it; hand back the answer, or the `TransportError`.

    Attributes:
        renew: the credential used for the last one was refused: get a new one if there is one to be had.
        attempt: counted from 1.
    """

    request: Request
    attempt: int = 1
    renew: bool = False


@frozen
class Sleep:
    """Wait for so many seconds."""

    seconds: float


Step: TypeAlias = Send | Sleep
Flow: TypeAlias = Generator[Step, Response | TransportError | None, T]


def call(operation: Operation[T], remote: Remote, retry: Retry, clock: Clock, *, may_renew: bool = True) -> Flow[T]:
    """Make a call as often as its safety and the policy allow.

    Raises:
        OutcomeUnknown: a write that must not be repeated was sent, and what came of it is not known.
        APIError: it was refused.
        TransportError: no answer came, in all attempts.
    """
    request = build(operation, remote)
    began = clock.monotonic()
    renewed = not may_renew
    renew = False
    attempt = 1
    while True:
        answer = yield Send(request, attempt, renew)
        renew = False
        result, error = _read(operation, remote, answer)
        if error is None:
            return cast("T", result)
        error.system = remote.name
        if isinstance(error, AuthenticationError) and not renewed:
            renewed = renew = True
            continue
        if not _may_repeat(error):
            raise error
        if operation.safety is Safety.ONCE and _may_have_happened(error):
            unknown = OutcomeUnknown(_lost(operation, error), operation=operation)
            unknown.system = remote.name
            raise unknown from error
        wait = retry.wait(attempt, error.retry_after if isinstance(error, APIError) else None)
        elapsed = clock.monotonic() - began
        if attempt >= retry.attempts or elapsed + wait > retry.total:
            error.add_note(f"{operation.name}: tried {attempt} times over {elapsed:.1f} s")
            raise error
        yield Sleep(wait)
        attempt += 1


def build(operation: Operation[Any], remote: Remote) -> Request:
    """The request of an operation, not yet signed."""
    headers = {**remote.headers(operation), **operation.headers}
    content = operation.content
    if content is None and operation.json is not None:
        content = _dumps(operation.json)
        headers.setdefault("content-type", "application/json")
    url = remote.url(operation)
    if operation.params:
        url += ("&" if "?" in url else "?") + encode_query(operation.params)
    return Request(operation.method, url, headers, content or b"", remote.timeout(operation))


def _read(
    operation: Operation[Any], remote: Remote, answer: Response | TransportError | None
) -> tuple[Any, APIError | TransportError | None]:
    """The result of an answer, or what is wrong with it."""
    if answer is None or isinstance(answer, TransportError):
        failure = answer or TransportError("no answer", sent=True)
        return None, TransportError(f"{operation.name}: no answer from {remote.name}: {failure}", sent=failure.sent)
    if not 200 <= answer.status < 300:
        return None, remote.error(operation, answer)
    try:
        return operation.read(answer), None
    except UnexpectedAnswerError as error:
        return None, error
    except ValueError as error:
        shown = answer.content[:80].decode("utf-8", "replace")
        kind = answer.headers.get("content-type", "no content type")
        message = f"{operation.name}: {remote.name} answered what can't be read ({kind}: {shown!r}): {error}"
        unread = UnexpectedAnswerError(message, status=answer.status, detail=shown, action=operation.name)
        unread.__cause__ = error
        return None, unread


def _may_repeat(error: APIError | TransportError) -> bool:
    return isinstance(error, TransportError | BusyError | ServerError | UnexpectedAnswerError)


def _may_have_happened(error: APIError | TransportError) -> bool:
    return error.sent if isinstance(error, TransportError) else not isinstance(error, BusyError)


def _lost(operation: Operation[Any], error: Exception) -> str:
    return (
        f"{operation.name}: it was sent, and whether it happened is not known ({error})."
        " Look on the other side before trying again."
    )
