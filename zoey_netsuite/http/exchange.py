"""One call from beginning to end without I/O: token, place within the limits, signature, sending, verdict.

`Exchange.steps` gives out what is to be waited for and is handed what came of it; a driver only waits, blocking or
async. What is to be sent, and how often, `retry` decides.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar

from attrs import define, field, frozen

from zoey_netsuite.checks import having, must_be_a, must_take
from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import (
    AuthenticationError,
    BusyError,
    OutcomeUnknown,
    ServerError,
    TransportError,
    UnexpectedAnswerError,
    ZoeyNetSuiteError,
)
from zoey_netsuite.http.auth import Authenticator
from zoey_netsuite.http.callers import who_calls
from zoey_netsuite.http.deadline import TooLate, may_start
from zoey_netsuite.http.limits import Limiter, Signal
from zoey_netsuite.http.operation import Operation, Request, Response, Safety
from zoey_netsuite.http.redaction import redact, secrets_of
from zoey_netsuite.http.refusals import hide_in, refusal
from zoey_netsuite.http.retry import Answer, Remote, Retry, Send, Sleep, Verdict, call
from zoey_netsuite.http.tokens import Renewal, TokenRequest, Turn
from zoey_netsuite.http.turns import Permit
from zoey_netsuite.http.writes import note_write
from zoey_netsuite.logs import logger_of

T = TypeVar("T")

logger = logger_of("http")


@frozen
class CallRecord:
    """One request that was made.

    Attributes:
        system: which system it went to ("netsuite", "zoey").
        kind: of call ("suiteql", "stock.update_many").
        name: what was being done, with the record.
        status: of the answer; None when none came.
        seconds: from sending to the last byte.
        attempt: counted from 1.
        method: of HTTP.
        sent: bytes of the request's body.
        received: bytes of the answer's body.
    """

    system: str
    kind: str
    name: str
    status: int | None
    seconds: float
    attempt: int
    method: str = ""
    sent: int = 0
    received: int = 0


CallHook: TypeAlias = Callable[[CallRecord], None]


@frozen
class Acquire:
    """Wait for a place within the limits; hand back the `Permit`."""


@frozen
class Transmit:
    """Send this as it is; hand back the answer, or the failure to get one."""

    request: Request


@frozen
class Meet:
    """Lead the renewal of a token or wait until it is over; hand back the `Turn`."""

    renewal: Renewal


Wait: TypeAlias = Acquire | Transmit | Meet | Sleep
Steps: TypeAlias = Generator[Wait, Any, T]


def _is_retry(_: object, __: object, value: Any) -> None:
    must_be_a("retry", value, Retry, "a Retry, such as Retry(attempts=3)")


def _is_hook(_: object, __: object, value: Any) -> None:
    if value is not None:
        must_take("on_call", value, 1, "a function of one CallRecord")


@define(eq=False)
class Exchange:
    """What makes calls to one system, but for the waiting."""

    remote: Remote
    authenticator: Authenticator
    limiter: Limiter = field(
        validator=having("acquire", "acquire_async", "release", takes="a Limiter such as Limits()")
    )
    retry: Retry = field(validator=_is_retry)
    clock: Clock = field(validator=having("now", "monotonic", "sleep", "sleep_async", takes="a Clock"))
    on_call: CallHook | None = field(default=None, validator=_is_hook)
    calls: Counter[str] = field(factory=Counter[str])
    _counting: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def steps(self, operation: Operation[T], token: TokenRequest | None = None) -> Steps[T]:
        """Make a call.

        Args:
            token: the call gets a token: proven in its own way, and outside the account's limits, as calls that hold a
                place may be waiting for it.
        """
        flow = call(operation, self.remote, self.retry, self.clock)
        secrets: set[str] = set()
        try:
            step = next(flow)
            while True:
                if isinstance(step, Sleep):
                    logger.info("%s: again in %.1f s: %s", operation.name, step.seconds, redact(step.reason, secrets))
                    yield step
                    step = flow.send(None)
                elif token is None:
                    try:
                        answer = yield from self._send(operation, step, secrets)
                    except ZoeyNetSuiteError as error:
                        step = flow.throw(error)
                    else:
                        step = flow.send(answer)
                else:
                    request = token.prove(step.request, self.clock)
                    secrets |= {*secrets_of(request.headers)}
                    step = flow.send(Answer((yield from self._transmit(operation, step, request))))
        except StopIteration as stop:
            result: T = stop.value
            if operation.safety is Safety.ONCE:
                note_write(operation)
            return result
        except ZoeyNetSuiteError as error:
            hide_in(error, secrets)
            if isinstance(error, OutcomeUnknown):
                note_write(operation)
            raise

    def _send(self, operation: Operation[Any], step: Send, secrets: set[str]) -> Steps[Answer]:
        yield from self._have_token(operation)
        permit: Permit = yield Acquire()
        signal, retry_after = Signal.FAILED, None
        try:
            request = self.authenticator.sign(step.request, self.clock)
            secrets |= {*secrets_of(request.headers)}
            outcome = yield from self._transmit(operation, step, request)
            answer, signal, retry_after = self._judge(operation, step, request, outcome)
        finally:
            self.limiter.release(permit, signal, retry_after)
        return answer

    def _transmit(self, operation: Operation[Any], step: Send, request: Request) -> Steps[Response | TransportError]:
        if operation.safety is not Safety.READ and not may_start():
            late = (TooLate if step.attempt == 1 else TransportError)(
                f"{self.remote.name}: {operation.name} was not sent: it had waited too long, and the lease that allowed"
                " it may end while it is being made. It is tried again.",
                sent=False,
            )
            late.system = self.remote.name
            raise late
        began = self.clock.monotonic()
        try:
            outcome: Response | TransportError = yield Transmit(request)
        except Exception:
            raise
        except BaseException as error:  # given up by whoever waited: it was made all the same
            self._note(operation, step, TransportError(f"given up ({type(error).__name__})", sent=True), began)
            raise
        self._note(operation, step, outcome, began)
        return outcome

    def _have_token(self, operation: Operation[Any]) -> Steps[None]:
        """One fetches a token; the others wait for it, and share its failure."""
        renewal = self.authenticator.renewal
        while self.authenticator.token_needed(self.clock) is not None:
            turn: Turn = yield Meet(renewal)
            if turn.leads:
                failure: ZoeyNetSuiteError | None = None
                try:
                    needed = self.authenticator.token_needed(self.clock)
                    if needed is not None:
                        grant = yield from self.steps(needed.operation, needed)
                        self.authenticator.keep(grant, self.clock)
                except ZoeyNetSuiteError as error:
                    failure = error
                finally:
                    renewal.leave(failure)
                if failure is None:
                    return
                turn.failure = failure
            if turn.failure is not None:
                raise _without_token(operation, turn.failure) from turn.failure.__cause__

    def _judge(
        self, operation: Operation[Any], step: Send, request: Request, outcome: Response | TransportError
    ) -> tuple[Answer, Signal, float | None]:
        """What an outcome says about credentials and limits."""
        if isinstance(outcome, TransportError):
            return Answer(outcome), Signal.FAILED, None
        if 200 <= outcome.status < 300:
            self.authenticator.accepted(self.clock)
            return Answer(outcome), Signal.OK, None
        error = refusal(operation, self.remote, outcome, self.clock)
        if isinstance(error, BusyError):
            asked = error.retry_after
            return Answer(outcome), Signal.BUSY, None if asked is None else min(asked, self.retry.maximum)
        if isinstance(error, AuthenticationError):
            verdict = self.authenticator.refused(request, self.clock, again=step.again)
            return Answer(outcome, verdict), Signal.BUSY if verdict is Verdict.CROWDED else Signal.FAILED, None
        return Answer(outcome), Signal.FAILED, None

    def _note(self, operation: Operation[Any], step: Send, outcome: Response | TransportError, began: float) -> None:
        """Count a call, log it, and tell who wants to know."""
        kind = operation.kind or "other"
        with self._counting:
            self.calls[kind] += 1
        who_calls().count(self.remote.name, kind)
        told = logger.isEnabledFor(logging.DEBUG)
        if not told and self.on_call is None:
            return
        status, received = (None, 0) if isinstance(outcome, TransportError) else (outcome.status, len(outcome.content))
        record = CallRecord(
            self.remote.name,
            kind,
            operation.name,
            status,
            self.clock.monotonic() - began,
            step.attempt,
            operation.method,
            len(step.request.content),
            received,
        )
        if told:
            what = redact(str(outcome)) if isinstance(outcome, TransportError) else status
            words = "%s %s %s: %s in %.3f s (attempt %d)"
            values = (record.system, record.method, record.name, what, record.seconds, record.attempt)
            logger.debug(words, *values, extra={"call": record})
        if self.on_call is not None:
            try:
                self.on_call(record)
            except Exception:  # a counter that fails must not undo a write that was made
                logger.exception("on_call failed for a call to %s", record.system)


def _without_token(operation: Operation[Any], failure: ZoeyNetSuiteError) -> ZoeyNetSuiteError:
    """The error of a call that was never made: an outage of the token end point says nothing about the call itself,
    which has certainly not happened.
    """
    if not isinstance(failure, TransportError | ServerError | UnexpectedAnswerError):
        return failure
    error = TransportError(f"{operation.name}: not sent, for want of an access token. {failure}", sent=False)
    error.system = failure.system
    return error
