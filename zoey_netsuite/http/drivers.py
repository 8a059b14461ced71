"""Drivers: carry out the steps of a call, blocking or async. Everything that decides is in `retry`."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

from attrs import define, field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import BusyError, TransportError
from zoey_netsuite.http.auth import Authenticator
from zoey_netsuite.http.limits import Limiter, Signal
from zoey_netsuite.http.operation import Operation, Pages, Request, Response
from zoey_netsuite.http.retry import Remote, Retry, Send, call
from zoey_netsuite.http.transport import AsyncTransport, Transport, as_transport_error

T = TypeVar("T")

logger = logging.getLogger("zoey_netsuite.http")


@frozen
class CallRecord:
    """One request that was made.

    Attributes:
        kind: of call ("suiteql", "stock.update_many").
        status: of the answer; None when none came.
        seconds: from sending to the last byte.
        attempt: counted from 1.
    """

    system: str
    kind: str
    name: str
    status: int | None
    seconds: float
    attempt: int


CallHook = Callable[[CallRecord], None]


@define
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

    def note(self, operation: Operation[Any], step: Send, answer: Response | TransportError, began: float) -> None:
        """Count a call, log it, and tell who wants to know."""
        kind = operation.kind or "other"
        with self._counting:
            self.calls[kind] += 1
        status = None if isinstance(answer, TransportError) else answer.status
        seconds = self.clock.monotonic() - began
        logger.debug(
            "%s %s: %s in %.3f s (attempt %d)",
            self.remote.name,
            operation.name,
            status if status is not None else answer,
            seconds,
            step.attempt,
        )
        if self.on_call is not None:
            self.on_call(CallRecord(self.remote.name, kind, operation.name, status, seconds, step.attempt))

    def signal(self, operation: Operation[Any], answer: Response | TransportError) -> tuple[Signal, float | None]:
        """What an answer says about the limits."""
        if isinstance(answer, TransportError):
            return Signal.FAILED, None
        if 200 <= answer.status < 300:
            self.authenticator.accepted(self.clock)
            return Signal.OK, None
        if answer.status in (400, 401, 429):
            error = self.remote.error(operation, answer)
            if answer.status == 401 or isinstance(error, BusyError):
                return Signal.BUSY, error.retry_after
        return Signal.FAILED, None


@define
class Driver(_Shared):
    """Makes calls, blocking. Safe to use from many threads."""

    transport: Transport = field(kw_only=True)

    def run(self, operation: Operation[T]) -> T:
        """Make a call and give its result."""
        return self._drive(operation, signed=True)

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

    def _drive(self, operation: Operation[T], *, signed: bool) -> T:
        flow = call(operation, self.remote, self.retry, self.clock, may_renew=signed)
        last: tuple[Request, Response | TransportError] | None = None
        try:
            step = next(flow)
            while True:
                if not isinstance(step, Send):
                    self.clock.sleep(step.seconds)
                    step = flow.send(None)
                    continue
                if last is None or not step.renew or self.authenticator.refused(last[0], self.clock):
                    last = self._send(operation, step, signed=signed)
                step = flow.send(last[1])
        except StopIteration as stop:
            result: T = stop.value
            return result

    def _send(
        self, operation: Operation[Any], step: Send, *, signed: bool
    ) -> tuple[Request, Response | TransportError]:
        if not signed:
            return step.request, self._transmit(operation, step, step.request)
        self._have_token()
        permit = self.limiter.acquire(self.clock)
        signal: tuple[Signal, float | None] = (Signal.FAILED, None)
        try:
            request = self.authenticator.sign(step.request, self.clock)
            answer = self._transmit(operation, step, request)
            signal = self.signal(operation, answer)
        finally:
            self.limiter.release(permit, *signal)
        return request, answer

    def _transmit(self, operation: Operation[Any], step: Send, request: Request) -> Response | TransportError:
        began = self.clock.monotonic()
        answer: Response | TransportError
        try:
            answer = self.transport.send(request)
        except TransportError as error:
            answer = error
        except OSError as error:
            answer = as_transport_error(error)
        self.note(operation, step, answer, began)
        return answer

    def _have_token(self) -> None:
        """One thread fetches a token; the others wait for it."""
        if not self.authenticator.needs_token(self.clock):
            return
        with self.authenticator.lock:
            if self.authenticator.needs_token(self.clock):
                token_call = self.authenticator.token_call(self.clock)
                self.authenticator.keep(self._drive(token_call, signed=False))


@define
class AsyncDriver(_Shared):
    """Makes calls, awaited."""

    transport: AsyncTransport = field(kw_only=True)
    _fetching: asyncio.Lock = field(factory=asyncio.Lock, init=False, repr=False)

    async def run(self, operation: Operation[T]) -> T:
        """Make a call and give its result."""
        return await self._drive(operation, signed=True)

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

    async def _drive(self, operation: Operation[T], *, signed: bool) -> T:
        flow = call(operation, self.remote, self.retry, self.clock, may_renew=signed)
        last: tuple[Request, Response | TransportError] | None = None
        try:
            step = next(flow)
            while True:
                if not isinstance(step, Send):
                    await self.clock.sleep_async(step.seconds)
                    step = flow.send(None)
                    continue
                if last is None or not step.renew or self.authenticator.refused(last[0], self.clock):
                    last = await self._send(operation, step, signed=signed)
                step = flow.send(last[1])
        except StopIteration as stop:
            result: T = stop.value
            return result

    async def _send(
        self, operation: Operation[Any], step: Send, *, signed: bool
    ) -> tuple[Request, Response | TransportError]:
        if not signed:
            return step.request, await self._transmit(operation, step, step.request)
        await self._have_token()
        permit = await self.limiter.acquire_async(self.clock)
        signal: tuple[Signal, float | None] = (Signal.FAILED, None)
        try:
            request = self.authenticator.sign(step.request, self.clock)
            answer = await self._transmit(operation, step, request)
            signal = self.signal(operation, answer)
        finally:
            self.limiter.release(permit, *signal)
        return request, answer

    async def _transmit(self, operation: Operation[Any], step: Send, request: Request) -> Response | TransportError:
        began = self.clock.monotonic()
        answer: Response | TransportError
        try:
            answer = await self.transport.send(request)
        except TransportError as error:
            answer = error
        except OSError as error:
            answer = as_transport_error(error)
        self.note(operation, step, answer, began)
        return answer

    async def _have_token(self) -> None:
        """One task fetches a token; the others wait for it."""
        if not self.authenticator.needs_token(self.clock):
            return
        async with self._fetching:
            if self.authenticator.needs_token(self.clock):
                token_call = self.authenticator.token_call(self.clock)
                self.authenticator.keep(await self._drive(token_call, signed=False))
