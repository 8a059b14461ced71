"""Drivers: wait for what a call needs, blocking or async. What is done, and in which order, stands in `exchange`."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any, TypeVar

from attrs import define, field

from zoey_netsuite.checks import having
from zoey_netsuite.errors import TransportError
from zoey_netsuite.http.deadline import stop_of_this_service
from zoey_netsuite.http.exchange import Acquire, CallHook, CallRecord, Exchange, Meet, Transmit, Wait
from zoey_netsuite.http.operation import Operation, Pages, Request, Response
from zoey_netsuite.http.retry import Sleep
from zoey_netsuite.http.tokens import Renewal, Turn
from zoey_netsuite.http.transport import AsyncTransport, Transport, as_transport_error

__all__ = ["AsyncDriver", "CallHook", "CallRecord", "Driver"]

T = TypeVar("T")


@define(eq=False)
class Driver(Exchange):
    """Makes calls, blocking. Safe to use from many threads."""

    transport: Transport = field(
        kw_only=True, validator=having("send", "close", takes="a Transport such as HttpxTransport()")
    )

    def run(self, operation: Operation[T]) -> T:
        """Make a call and give its result."""
        steps = self.steps(operation)
        try:
            step = next(steps)
            while True:
                try:
                    came = self._wait(step)
                except BaseException as error:  # noqa: BLE001 - it is raised again by the call, which first gives back its place
                    step = steps.throw(error)
                else:
                    step = steps.send(came)
        except StopIteration as stop:
            result: T = stop.value
            return result

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

    def _wait(self, step: Wait) -> Any:
        match step:
            case Transmit(request):
                return self._transport_send(request)
            case Acquire():
                return self.limiter.acquire(self.clock)
            case Meet(renewal):
                return _meet(renewal)
            case Sleep(seconds):
                stop = stop_of_this_service()
                return self.clock.sleep(seconds) if stop is None else self.clock.wait(stop, seconds)

    def _transport_send(self, request: Request) -> Response | TransportError:
        try:
            return self.transport.send(request)
        except TransportError as error:
            return error
        except OSError as error:
            return as_transport_error(error)


@define(eq=False)
class AsyncDriver(Exchange):
    """Makes calls, awaited. Cancelling a call that has been sent leaves its outcome unknown."""

    transport: AsyncTransport = field(
        kw_only=True, validator=having("send", "aclose", takes="an AsyncTransport such as AsyncHttpxTransport()")
    )

    async def run(self, operation: Operation[T]) -> T:
        """Make a call and give its result."""
        steps = self.steps(operation)
        try:
            step = next(steps)
            while True:
                try:
                    came = await self._wait(step)
                except BaseException as error:  # noqa: BLE001 - a cancellation, too: see there
                    step = steps.throw(error)
                else:
                    step = steps.send(came)
        except StopIteration as stop:
            result: T = stop.value
            return result

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

    async def _wait(self, step: Wait) -> Any:
        match step:
            case Transmit(request):
                return await self._transport_send(request)
            case Acquire():
                return await self.limiter.acquire_async(self.clock)
            case Meet(renewal):
                return await _meet_async(renewal)
            case Sleep(seconds):
                return await self.clock.sleep_async(seconds)

    async def _transport_send(self, request: Request) -> Response | TransportError:
        try:
            return await self.transport.send(request)
        except TransportError as error:
            return error
        except OSError as error:
            return as_transport_error(error)


def _meet(renewal: Renewal) -> Turn:
    woken = threading.Event()
    turn = renewal.enter(woken.set)
    try:
        if not turn.leads:
            woken.wait()
    except BaseException:
        renewal.abandon(turn)
        raise
    return turn


async def _meet_async(renewal: Renewal) -> Turn:
    import asyncio

    woken = asyncio.Event()
    turn = renewal.enter(partial(asyncio.get_running_loop().call_soon_threadsafe, woken.set))
    try:
        if not turn.leads:
            await woken.wait()
    except BaseException:
        renewal.abandon(turn)
        raise
    return turn
