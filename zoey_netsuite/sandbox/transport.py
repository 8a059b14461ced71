"""The same two systems in-process, without sockets: for simulations, where a call should cost no more than it must.

An answer, a count, a fault and the limit on requests in flight are those of the servers. A fault that a caller meets on
the wire is raised as Python's own error for it, and a time-out costs no time: it is raised at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from attrs import frozen

from zoey_netsuite.sandbox.control import PREFIX, Control
from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.shell import Deliver, Outcome, Shell, Silence, Visit, finished


class Outgoing(Protocol):
    """A request as a client sends it. `timeout` is in seconds; None waits for ever."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def timeout(self) -> float | None: ...


@frozen
class Reply:
    """What came back. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class _Systems:
    """Which system stands at which address, and how its outcomes look to a caller."""

    def __init__(self, shells: Mapping[str, Shell]) -> None:
        self._shells = {address.lower(): shell for address, shell in shells.items()}
        self._controls = {id(shell): Control(shell) for shell in shells.values()}
        self.closed = False

    def shell(self, request: Outgoing) -> Shell:
        address = urlsplit(request.url).netloc.rpartition("@")[2].lower()
        shell = self._shells.get(address)
        if shell is None or self.closed:
            raise ConnectionRefusedError(f"Nothing of this sandbox listens at {address}.")
        return shell

    def controlled(self, shell: Shell, request: Request) -> Reply | None:
        if not request.path.startswith(PREFIX):
            return None
        return _reply(finished(self._controls[id(shell)].answer(request), shell.clock.now()))


class InProcessTransport:
    """Sends requests to the systems directly. Safe to use from threads.

    Args:
        shells: the systems by the address (`host` or `host:port`) that they answer at; one may have several.
    """

    def __init__(self, shells: Mapping[str, Shell]) -> None:
        self._systems = _Systems(shells)

    def send(self, request: Outgoing) -> Reply:
        """Send one request.

        Raises:
            ConnectionRefusedError: nothing stands at that address, or the transport was closed. Nothing was sent.
            ConnectionResetError: a fault broke the connection off; the request may have been carried out.
            TimeoutError: no answer came in time; the request may have been carried out.
        """
        shell, incoming = self._systems.shell(request), _incoming(request)
        controlled = self._systems.controlled(shell, incoming)
        if controlled is not None:
            return controlled
        visit = shell.arrive(incoming)
        if visit.latency > 0:
            time.sleep(_wait(visit, request))
        return _seen(shell.carry_out(visit), visit, request)

    def close(self) -> None:
        """Refuse every further request."""
        self._systems.closed = True


class AsyncInProcessTransport:
    """`InProcessTransport` for asynchronous callers."""

    def __init__(self, shells: Mapping[str, Shell]) -> None:
        self._systems = _Systems(shells)

    async def send(self, request: Outgoing) -> Reply:
        """Send one request; raises as `InProcessTransport.send` does."""
        shell, incoming = self._systems.shell(request), _incoming(request)
        controlled = self._systems.controlled(shell, incoming)
        if controlled is not None:
            return controlled
        visit = shell.arrive(incoming)
        try:
            await asyncio.sleep(_wait(visit, request))
        except asyncio.CancelledError:
            shell.abandon(visit)
            raise
        return _seen(shell.carry_out(visit), visit, request)

    async def close(self) -> None:
        """Refuse every further request."""
        self._systems.closed = True


def _incoming(request: Outgoing) -> Request:
    parts = urlsplit(request.url)
    headers = {"host": parts.netloc, **{name.lower(): value for name, value in request.headers.items()}}
    return Request(request.method.upper(), request.url.partition("#")[0], headers, request.content)


def _wait(visit: Visit, request: Outgoing) -> float:
    return visit.latency if request.timeout is None else min(visit.latency, request.timeout)


def _seen(outcome: Outcome, visit: Visit, request: Outgoing) -> Reply:
    late = request.timeout is not None and visit.latency > request.timeout
    if late or isinstance(outcome, Silence):
        raise TimeoutError(f"{request.method} {visit.request.path} was not answered in time.")
    if isinstance(outcome, Deliver):
        return _reply(outcome.answer)
    raise ConnectionResetError(f"The connection was broken off during {request.method} {visit.request.path}.")


def _reply(answer: Answer) -> Reply:
    return Reply(answer.status, answer.headers, answer.body)
