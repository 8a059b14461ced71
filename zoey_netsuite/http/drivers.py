"""Drivers: carry out the steps of a call, blocking or async. Everything that decides is in `retry`."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from attrs import define, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import AuthenticationError, BusyError, TransportError, ZoeyNetSuiteError
from zoey_netsuite.http.auth import Authenticator
from zoey_netsuite.http.limits import Limiter, Signal
from zoey_netsuite.http.operation import Operation, Pages, Request, Response
from zoey_netsuite.http.redaction import redact
from zoey_netsuite.http.refusals import refusal
from zoey_netsuite.http.retry import Answer, Remote, Retry, Send, Sleep, Verdict, call
from zoey_netsuite.http.tokens import TokenRequest
from zoey_netsuite.http.transport import AsyncTransport, Transport, as_transport_error

T = TypeVar("T")

logger = logging.getLogger("zoey_netsuite.http")


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


CallHook = Callable[[CallRecord], None]


@define(eq=False)
class _Shared:
    """What both drivers keep."""

    remote: Remote
    authenticator: Authenticator
    limiter: Limiter
    retry: Retry
    clock: Clock
    on_call: CallHook | None = None
    calls: Counter[str] = field(factory=Counter[str])
    _counting: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def note(self, operation: Operation[Any], step: Send, outcome: Response | TransportError, began: float) -> None:
        """Count a call, log it, and tell who wants to know."""
        kind = operation.kind or "other"
        with self._counting:
            self.calls[kind] += 1
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

    def tell_wait(self, operation: Operation[Any], step: Sleep) -> None:
        """Log why a call is made again."""
        logger.info("%s: again in %.1f s: %s", operation.name, step.seconds, step.reason)

    def judge(
        self, operation: Operation[Any], step: Send, request: Request, outcome: Response | TransportError
    ) -> tuple[Answer, Signal, float | None]:
        """What an outcome says about credentials and limits."""
        if isinstance(outcome, TransportError):
            return Answer(outcome), Signal.FAILED, None
        if 200 <= outcome.status < 300:
            self.authenticator.accepted(self.clock)
            return Answer(outcome), Signal.OK, None
        if outcome.status >= 500:
            return Answer(outcome), Signal.FAILED, None
        error = refusal(operation, self.remote, outcome, self.clock)
        if isinstance(error, BusyError):
            asked = error.retry_after
            return Answer(outcome), Signal.BUSY, None if asked is None else min(asked, self.retry.maximum)
        if isinstance(error, AuthenticationError):
            verdict = self.authenticator.refused(request, self.clock, again=step.again)
            return Answer(outcome, verdict), Signal.BUSY if verdict is Verdict.CROWDED else Signal.FAILED, None
        return Answer(outcome), Signal.FAILED, None


@define(eq=False)
class Driver(_Shared):
    """Makes calls, blocking. Safe to use from many threads."""

    transport: Transport = field(kw_only=True)

    def run(self, operation: Operation[T]) -> T:
        """Make a call and give its result."""
        return self._drive(operation, None)

    def iterate(self, pages: Pages[T]) -> Iterator[T]:
        """All items of a list; a page is read when its first item is asked for."""
        operation = pages.first
        while True:
            page = self.run(operation)
            yield from page.items
            if page.next is None:
                return
            operation = page.next

    def close(self) -> None:
        """Give back the connections."""
        self.transport.close()

    def _drive(self, operation: Operation[T], token: TokenRequest | None) -> T:
        flow = call(operation, self.remote, self.retry, self.clock)
        try:
            step = next(flow)
            while True:
                if isinstance(step, Sleep):
                    self.tell_wait(operation, step)
                    self.clock.sleep(step.seconds)
                    step = flow.send(None)
                elif token is None:
                    step = flow.send(self._send(operation, step))
                else:
                    request = token.prove(step.request, self.clock)
                    step = flow.send(Answer(self._transmit(operation, step, request)))
        except StopIteration as stop:
            result: T = stop.value
            return result

    def _send(self, operation: Operation[Any], step: Send) -> Answer:
        self._have_token()
        permit = self.limiter.acquire(self.clock)
        signal, retry_after = Signal.FAILED, None
        try:
            request = self.authenticator.sign(step.request, self.clock)
            outcome = self._transmit(operation, step, request)
            answer, signal, retry_after = self.judge(operation, step, request, outcome)
        finally:
            self.limiter.release(permit, signal, retry_after)
        return answer

    def _transmit(self, operation: Operation[Any], step: Send, request: Request) -> Response | TransportError:
        began = self.clock.monotonic()
        outcome: Response | TransportError
        try:
            outcome = self.transport.send(request)
        except TransportError as error:
            outcome = error
        except OSError as error:
            outcome = as_transport_error(error)
        self.note(operation, step, outcome, began)
        return outcome

    def _have_token(self) -> None:
        """One fetches a token; the others wait for it, and share its failure."""
        renewal = self.authenticator.renewal
        while self.authenticator.token_needed(self.clock) is not None:
            woken = threading.Event()
            turn = renewal.enter(woken.set)
            if turn.leads:
                failure: Exception | None = None
                try:
                    needed = self.authenticator.token_needed(self.clock)
                    if needed is not None:
                        self.authenticator.keep(self._drive(needed.operation, needed), self.clock)
                    return
                except ZoeyNetSuiteError as error:
                    failure = error
                    raise
                finally:
                    renewal.leave(failure)
            try:
                woken.wait()
            except BaseException:
                renewal.abandon(turn)
                raise
            if turn.failure is not None:
                raise turn.failure


@define(eq=False)
class AsyncDriver(_Shared):
    """Makes calls, awaited. Cancelling a call that has been sent leaves its outcome unknown."""

    transport: AsyncTransport = field(kw_only=True)

    async def run(self, operation: Operation[T]) -> T:
        """Make a call and give its result."""
        return await self._drive(operation, None)

    async def iterate(self, pages: Pages[T]) -> AsyncIterator[T]:
        """All items of a list; a page is read when its first item is asked for."""
        operation = pages.first
        while True:
            page = await self.run(operation)
            for item in page.items:
                yield item
            if page.next is None:
                return
            operation = page.next

    async def aclose(self) -> None:
        """Give back the connections."""
        await self.transport.aclose()

    async def _drive(self, operation: Operation[T], token: TokenRequest | None) -> T:
        flow = call(operation, self.remote, self.retry, self.clock)
        try:
            step = next(flow)
            while True:
                if isinstance(step, Sleep):
                    self.tell_wait(operation, step)
                    await self.clock.sleep_async(step.seconds)
                    step = flow.send(None)
                elif token is None:
                    step = flow.send(await self._send(operation, step))
                else:
                    request = token.prove(step.request, self.clock)
                    step = flow.send(Answer(await self._transmit(operation, step, request)))
        except StopIteration as stop:
            result: T = stop.value
            return result

    async def _send(self, operation: Operation[Any], step: Send) -> Answer:
        await self._have_token()
        permit = await self.limiter.acquire_async(self.clock)
        signal, retry_after = Signal.FAILED, None
        try:
            request = self.authenticator.sign(step.request, self.clock)
            outcome = await self._transmit(operation, step, request)
            answer, signal, retry_after = self.judge(operation, step, request, outcome)
        finally:
            self.limiter.release(permit, signal, retry_after)
        return answer

    async def _transmit(self, operation: Operation[Any], step: Send, request: Request) -> Response | TransportError:
        began = self.clock.monotonic()
        outcome: Response | TransportError
        try:
            outcome = await self.transport.send(request)
        except TransportError as error:
            outcome = error
        except OSError as error:
            outcome = as_transport_error(error)
        self.note(operation, step, outcome, began)
        return outcome

    async def _have_token(self) -> None:
        """One fetches a token; the others wait for it, and share its failure."""
        renewal = self.authenticator.renewal
        loop = asyncio.get_running_loop()
        while self.authenticator.token_needed(self.clock) is not None:
            woken = asyncio.Event()
            turn = renewal.enter(partial(loop.call_soon_threadsafe, woken.set))
            if turn.leads:
                failure: Exception | None = None
                try:
                    needed = self.authenticator.token_needed(self.clock)
                    if needed is not None:
                        self.authenticator.keep(await self._drive(needed.operation, needed), self.clock)
                    return
                except ZoeyNetSuiteError as error:
                    failure = error
                    raise
                finally:
                    renewal.leave(failure)
            try:
                await woken.wait()
            except BaseException:
                renewal.abandon(turn)
                raise
            if turn.failure is not None:
                raise turn.failure
