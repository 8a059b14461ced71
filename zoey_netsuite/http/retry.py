"""Policy, written once for blocking and async: what to send, when to send it again, and when to give up.

`call` is a generator that does no I/O. It gives out steps (`Send`, `Sleep`) and is handed what came of them; a driver
carries them out.
"""

from __future__ import annotations

import enum
import json
import random
from collections.abc import Callable, Generator, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from attrs import field, frozen

from zoey_netsuite.checks import number
from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import (
    APIError,
    AuthenticationError,
    BusyError,
    ConfigurationError,
    OutcomeUnknown,
    ServerError,
    TransportError,
    UnexpectedAnswerError,
    ZoeyNetSuiteError,
)
from zoey_netsuite.http.deadline import is_stopping
from zoey_netsuite.http.operation import Operation, Request, Response, Safety
from zoey_netsuite.http.redaction import redact
from zoey_netsuite.http.refusals import add_to_message, hide_in, no_answer, refusal, unreadable
from zoey_netsuite.http.urls import encode_query, encode_rest


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

    attempts: int = field(default=5, validator=number(least=1, whole=True))
    base: float = field(default=0.5, validator=number(least=0))
    maximum: float = field(default=60.0, validator=number(least=0))
    total: float = field(default=300.0, validator=number(above=0))
    random: Callable[[], float] = field(default=random.random, repr=False)

    def wait(self, attempt: int, retry_after: float | None) -> float:
        """Seconds to wait after an attempt has failed, counted from 1."""
        grown = min(self.maximum, self.base * 2.0 ** min(attempt - 1, 60)) * self.random()
        return grown if retry_after is None else min(self.maximum, max(retry_after, grown))


class Verdict(enum.Enum):
    """What may be done about refused credentials."""

    FINAL = "final"
    """Nothing: they are wrong, or were tried again already."""
    RENEWED = "renewed"
    """A fresh token will be fetched: try once more."""
    CROWDED = "crowded"
    """They were good a moment ago, so there may have been too many calls at once: try once more, with fewer."""


@frozen
class Send:
    """Sign this anew and send it; hand back an `Answer`.

    Attributes:
        attempt: counted from 1.
        again: the credentials of the one before were refused.
    """

    request: Request
    attempt: int = 1
    again: bool = False


@frozen
class Sleep:
    """Wait for so many seconds.

    Attributes:
        reason: why.
    """

    seconds: float
    reason: str = ""


@frozen
class Answer:
    """What came of a `Send`.

    Attributes:
        outcome: the answer, or the failure to get one.
        verdict: where the credentials were refused, what may be done about it.
    """

    outcome: Response | TransportError
    verdict: Verdict = Verdict.FINAL


Step: TypeAlias = Send | Sleep
Flow: TypeAlias = Generator[Step, Answer | None, T]


def call(operation: Operation[T], remote: Remote, retry: Retry, clock: Clock) -> Flow[T]:
    """Make a call as often as its safety and the policy allow.

    | what came back | read, repeatable write | once-only write |
    | --- | --- | --- |
    | certainly not sent; busy (429) | again | again |
    | lost answer, 5xx, unreadable success | again | `OutcomeUnknown` |
    | refused credentials | once more if the verdict allows | once more if the verdict allows |
    | any other refusal | raised | raised |

    That an answer to a repeatable write was lost is not forgotten when further attempts are not sent, or turned away.

    Raises:
        OutcomeUnknown: a write was sent, and what came of it is not known.
        APIError: it was refused.
        TransportError: no answer came, in all attempts.
    """
    request = build(operation, remote)
    began = clock.monotonic()
    attempt = sent = 1
    again = tried_again = lost = False
    while True:
        try:
            answer = yield Send(request, sent, again)
        except ZoeyNetSuiteError as unsent:  # there is no token, or it is too late for a further attempt
            if lost:
                raise _unknown(operation, remote, unsent)  # noqa: B904 - it names its cause
            raise
        result, error = _read(operation, remote, clock, answer)
        if error is None:
            return cast("T", result)
        error.system = remote.name
        wait = retry.wait(attempt, error.retry_after if isinstance(error, APIError) else None)
        elapsed = clock.monotonic() - began
        again = False
        if isinstance(error, AuthenticationError):
            verdict = Verdict.FINAL if answer is None or tried_again else answer.verdict
            if verdict is Verdict.FINAL:
                raise _unknown(operation, remote, error) if lost else _ended(error, sent, elapsed)
            again = tried_again = True
            if verdict is Verdict.CROWDED:
                yield Sleep(wait, str(error))
        elif not isinstance(error, TransportError | BusyError | ServerError | UnexpectedAnswerError):
            raise _ended(error, sent, elapsed)
        else:
            lost = operation.safety is not Safety.READ and (lost or _may_have_happened(error))
            if lost and operation.safety is Safety.ONCE:
                raise _unknown(operation, remote, error)
            final = isinstance(error, TransportError) and error.final
            if final or attempt >= retry.attempts or elapsed + wait > retry.total or is_stopping():
                forgotten = lost and not _may_have_happened(error)
                raise _unknown(operation, remote, error) if forgotten else _ended(error, sent, elapsed)
            yield Sleep(wait, str(error))
            attempt += 1
        sent += 1


def build(operation: Operation[Any], remote: Remote) -> Request:
    """The request of an operation, not yet signed.

    Raises:
        ConfigurationError: an id is "." or "..", which would lead to another address.
    """
    if not {".", ".."}.isdisjoint(operation.path.split("/")):
        raise ConfigurationError(f"{operation.name}: {operation.path!r} names no record: an id can't be '.' or '..'")
    headers = {**remote.headers(operation), **operation.headers}
    content = operation.content
    if content is None and operation.json is not None:
        content = _dumps(operation.json)
        headers.setdefault("content-type", "application/json")
    url = remote.url(operation)
    if operation.params:
        url += ("&" if "?" in url else "?") + encode_query(operation.params)
    return Request(operation.method, encode_rest(url), headers, content or b"", remote.timeout(operation))


def _read(
    operation: Operation[Any], remote: Remote, clock: Clock, answer: Answer | None
) -> tuple[Any, APIError | TransportError | None]:
    """The result of an answer, or what is wrong with it."""
    outcome = answer.outcome if answer is not None else TransportError("the driver gave no answer", sent=True)
    if isinstance(outcome, TransportError):
        return None, no_answer(operation, remote, outcome)
    if not 200 <= outcome.status < 300:
        return None, refusal(operation, remote, outcome, clock)
    try:
        return operation.read(outcome), None
    except UnexpectedAnswerError as error:
        error.detail = redact(error.detail)
        return None, hide_in(error)
    except ValueError as problem:
        return None, unreadable(operation, remote, outcome, problem)


def _may_have_happened(error: APIError | TransportError) -> bool:
    return error.sent if isinstance(error, TransportError) else not isinstance(error, BusyError)


def _unknown(operation: Operation[Any], remote: Remote, error: Exception) -> OutcomeUnknown:
    unknown = OutcomeUnknown(
        f"{operation.name}: it was sent, and whether it happened is not known ({error})."
        " Look on the other side before trying again.",
        operation=operation,
    )
    unknown.system = remote.name
    unknown.__cause__ = error
    return unknown


def _ended(error: APIError | TransportError, sent: int, elapsed: float) -> APIError | TransportError:
    if sent > 1:
        add_to_message(error, f"(Tried {sent} times over {elapsed:.1f} s.)")
    return error
