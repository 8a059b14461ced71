"""Serves one system over real HTTP on a loopback address, in a thread of its own.

uvicorn speaks HTTP; what it hands on is answered on its event loop without another thread, as the systems compute and
wait for nothing. Its protocol class is extended by the one thing that ASGI can't say: breaking a connection off.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from zoey_netsuite.sandbox.control import PREFIX, Control
from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.shell import Cut, Deliver, Reset, Shell, Silence, finished

_Message: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]

_LOOPBACK = ("127.", "::1")
_NO_LINGER = struct.pack("ii", 1, 0)
_GRACE = 2.0


class Server:
    """Serves a system from `start` to `stop`; can't be started again.

    Args:
        shell: the system.
        host: a loopback address.
        port: 0 for a free one.
    """

    def __init__(self, shell: Shell, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._shell = shell
        self._control = Control(shell)
        self._socket = socket.create_server((host, port), backlog=512)
        # Connections take this over. asyncio would set it on sockets that it makes itself; without it the second part
        # of an answer waits for the caller's delayed acknowledgement of the first: 40 ms a call.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._address: tuple[str, int] = self._socket.getsockname()[:2]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"sandbox-{shell.name}", daemon=True)

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://{self._address[0]}:{self._address[1]}"

    def start(self) -> None:
        """Begin to serve; returns when it does."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise RuntimeError(f"The sandboxed {self._shell.name} could not be served.") from self._failure

    def stop(self) -> None:
        """Stop serving: whatever is held, waits or keeps a connection alive ends. Harmless when stopped already."""
        if self._loop is None:
            self._socket.close()
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  `start` raises it where somebody can see it
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        loop = self._loop = asyncio.get_running_loop()
        config = uvicorn.Config(
            cast("Any", self._no_app),
            http=_Connection,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
        )
        config.load()
        state = ServerState()

        def connection() -> asyncio.Protocol:
            return _Connection(config, state, {}, loop).answering(self._answer)

        server = await loop.create_server(connection, sock=self._socket)
        self._ready.set()
        try:
            await self._stopping.wait()
        finally:
            server.close()
            # Those that are about to answer may; what is held or waits has been woken by `_stopping`.
            if state.tasks:
                await asyncio.wait(tuple(state.tasks), timeout=_GRACE)
            for open_connection in tuple(state.connections):
                open_connection.transport.abort()
            for task in tuple(state.tasks):
                task.cancel()

    async def _no_app(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        raise RuntimeError("Each connection brings its own application.")

    async def _answer(self, transport: asyncio.Transport, scope: _Message, receive: _Receive, send: _Send) -> None:
        request = await _read(scope, receive)
        if request is None:
            return
        if request.path.startswith(PREFIX):
            caller = str((scope.get("client") or ("",))[0])
            answer = self._control.answer(request, loopback=caller.startswith(_LOOPBACK))
            await _deliver(finished(answer, self._shell.clock.now()), send)
            return
        visit = self._shell.arrive(request)
        # Others that have come at the same moment are let in first, so that they count as being in flight together.
        if not await self._pause(visit.latency):
            self._shell.abandon(visit)
            _break_off(transport)
            return
        outcome = self._shell.carry_out(visit)
        if isinstance(outcome, Deliver):
            await _deliver(outcome.answer, send)
            return
        if isinstance(outcome, Silence):
            await self._hold(receive, outcome.seconds)
            outcome = Reset()
        if isinstance(outcome, Cut):
            if outcome.answer.body:
                await _deliver(outcome.answer, send, size=outcome.size)
            transport.close()
        else:
            _break_off(transport)
        await _disconnected(receive)

    async def _pause(self, seconds: float) -> bool:
        """Wait so long; False when the server is being stopped meanwhile."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return True
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return True
        return False

    async def _hold(self, receive: _Receive, seconds: float) -> None:
        """Wait until the caller hangs up, the server is being stopped, or so long."""
        waiting = {asyncio.ensure_future(_disconnected(receive)), asyncio.ensure_future(self._stopping.wait())}
        _, pending = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()


class _Connection(H11Protocol):
    """A connection whose requests are answered by a function that is also given the transport."""

    _on_request: Callable[[asyncio.Transport, _Message, _Receive, _Send], Awaitable[None]]

    def answering(
        self, function: Callable[[asyncio.Transport, _Message, _Receive, _Send], Awaitable[None]]
    ) -> _Connection:
        self._on_request = function
        self.access_log = False
        self.app = cast("Any", self._application)
        return self

    async def _application(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        await self._on_request(self.transport, scope, receive, send)


async def _read(scope: _Message, receive: _Receive) -> Request | None:
    """The request with its whole body; None when the caller hung up before its end."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    target = scope["raw_path"].decode("latin-1")
    if scope["query_string"]:
        target += "?" + scope["query_string"].decode("latin-1")
    host = headers.get("host") or "{}:{}".format(*scope["server"])
    return Request(scope["method"], f"{scope['scheme']}://{host}{target}", headers, b"".join(chunks))


async def _deliver(answer: Answer, send: _Send, *, size: int | None = None) -> None:
    """Send an answer, or with `size` only that much of its body."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = answer.body if size is None else answer.body[:size]
    await send({"type": "http.response.body", "body": body, "more_body": size is not None})


async def _disconnected(receive: _Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _break_off(transport: asyncio.Transport) -> None:
    """Close the connection with a TCP reset instead of in good order."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
