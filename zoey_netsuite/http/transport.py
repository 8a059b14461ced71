"""Transports: the one seam where bytes leave the machine, and the only module that knows httpx and httpx2.

A transport sends one request and gives the answer, whatever its status. When there is none it raises `TransportError`
and says whether the request was certainly *not sent*. A transport of your own may raise Python's `OSError`s instead:
`ConnectionRefusedError` and `socket.gaierror` mean not sent, every other one that the outcome is unknown.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from attrs import define, field, frozen

from zoey_netsuite.checks import must_be_number
from zoey_netsuite.errors import ConfigurationError, TransportError
from zoey_netsuite.http.body import ENCODINGS, MOST, Body
from zoey_netsuite.http.deadline import SENDING, Deadline
from zoey_netsuite.http.operation import Request, Response

if TYPE_CHECKING:
    import asyncio

Client = TypeVar("Client")
Patience = tuple[float, float, float, float]
"""Time-outs in seconds, as httpx takes them: to connect, between two reads, between two writes, for a connection."""

POOL = {"max_connections": 64, "max_keepalive_connections": 32, "keepalive_expiry": 5.0}
"""Idle connections are dropped before servers do: one closed by the server while a write is on its way loses the
answer to that write."""

CONNECT = 15.0
"""Seconds to wait for a connection: nothing has been sent yet, so giving up early costs nothing."""


class Transport(Protocol):
    """Sends requests, blocking. Safe to use from many threads."""

    def send(self, request: Request) -> Response:
        """Send one request.

        Raises:
            TransportError: no answer came.
        """
        ...

    def close(self) -> None:
        """Give back the connections."""
        ...


class AsyncTransport(Protocol):
    """Sends requests, awaited."""

    async def send(self, request: Request) -> Response:
        """Send one request.

        Raises:
            TransportError: no answer came.
        """
        ...

    async def aclose(self) -> None:
        """Give back the connections."""
        ...


@frozen
class Received:
    """An answer: status, headers with lower-case names, body."""

    status: int
    headers: Mapping[str, str] = field(repr=lambda headers: f"<{len(headers)} headers>")
    content: bytes = field(repr=lambda content: f"<{len(content)} bytes>")


class HttpxResponse(Protocol):
    """What a transport uses of a response of httpx."""

    @property
    def status_code(self) -> int:
        """The status."""
        ...

    @property
    def headers(self) -> HttpxHeaders:
        """The headers as they came."""
        ...

    def iter_raw(self) -> Iterator[bytes]:
        """The body in parts, as they came."""
        ...

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """The body in parts, as they came, awaited."""
        ...


class HttpxHeaders(Protocol):
    """What a transport uses of the headers of httpx."""

    def multi_items(self) -> list[tuple[str, str]]:
        """Names and values; a name that came twice is there twice."""
        ...


class HttpxClient(Protocol):
    """What a transport uses of an `httpx.Client`; httpx2's has it, too."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        content: bytes | None,
        timeout: Patience,
        follow_redirects: bool,
        auth: None,
        extensions: dict[str, Any],
    ) -> AbstractContextManager[HttpxResponse]:
        """Send a request and give the answer before its body was read."""
        ...

    def close(self) -> None:
        """Give back the connections."""
        ...


class AsyncHttpxClient(Protocol):
    """What a transport uses of an `httpx.AsyncClient`; httpx2's has it, too."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        content: bytes | None,
        timeout: Patience,
        follow_redirects: bool,
        auth: None,
        extensions: dict[str, Any],
    ) -> AbstractAsyncContextManager[HttpxResponse]:
        """Send a request and give the answer before its body was read."""
        ...

    async def aclose(self) -> None:
        """Give back the connections."""
        ...


class HttpxTransport:
    """Sends through an httpx client with kept-alive connections.

    The address goes out as it was signed, redirects are never followed (a redirect is an answer like any other), and
    the client's own authentication is not used. An answer that was not complete within the request's time-out is given
    up, however slowly its head or its body trickles in. The time-out counts from when the request begins to go out.
    Before that, waiting for a free connection, connecting (each address of the host) and TLS may each take another 15
    seconds, or the time-out where that is shorter; looking up the host takes as long as the operating system lets it.

    Args:
        client: an `httpx.Client`, an `httpx2.Client`, or another with the same interface; it is closed with the
            transport, and not to be used by two processes: after a fork the one that came second is refused. By default
            each process has one that keeps no cookies and takes nothing from the environment but proxies and
            certificates (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`); for less, pass
            `httpx.Client(trust_env=False)`. It is httpx's, or httpx2's where httpx is not installed.
        library: the module that the client comes from, where that cannot be seen from its class; without a client,
            the one to use.
        max_bytes: how large a decoded body may be. A larger one is an error, and is not read to its end.
    """

    def __init__(
        self, client: HttpxClient | None = None, *, library: ModuleType | None = None, max_bytes: int = MOST
    ) -> None:
        must_be_number("HttpxTransport(max_bytes=…)", max_bytes, least=1, whole=True)
        self._max_bytes = max_bytes
        self._given = None if client is None else _Given(client)
        self._library: Any = library or (_installed() if client is None else _library(client))
        self._own: dict[int, HttpxClient] = {os.getpid(): self._new_client()} if client is None else {}

    def send(self, request: Request) -> Response:
        """Send one request."""
        deadline = Deadline(request.timeout)
        try:
            with deadline.watching(), self._client().stream(**_sent(request, deadline.trace)) as answer:
                headers = _headers(answer)
                body = Body(headers, self._max_bytes, _host(request))
                for part in answer.iter_raw():
                    body.add(part)
                    if deadline.is_over():
                        raise _too_slow(request)
                return Received(answer.status_code, headers, body.whole())
        except TimeoutError as error:
            raise _too_slow(request) from error
        except RuntimeError as error:
            raise _closed(error, self._client()) from error
        except (self._library.RequestError, self._library.InvalidURL, UnicodeError) as error:
            raise _failure(error, self._library, request) from _cause(error, self._library)

    def close(self) -> None:
        """Give back the connections."""
        self._client().close()

    def _client(self) -> HttpxClient:
        """This process's own: on a connection that came over a fork two processes would get each other's answers."""
        if self._given is not None:
            return self._given.here()
        number = os.getpid()
        return self._own.get(number) or self._own.setdefault(number, self._new_client())

    def _new_client(self) -> HttpxClient:
        client: HttpxClient = self._library.Client(**_options(self._library))
        return client


class AsyncHttpxTransport:
    """Sends through an `httpx.AsyncClient`, or one with the same interface; see `HttpxTransport`.

    Without a client of yours it may be used under several event loops: each has connections of its own.
    """

    def __init__(
        self, client: AsyncHttpxClient | None = None, *, library: ModuleType | None = None, max_bytes: int = MOST
    ) -> None:
        must_be_number("AsyncHttpxTransport(max_bytes=…)", max_bytes, least=1, whole=True)
        self._max_bytes = max_bytes
        self._given = None if client is None else _Given(client)
        self._own: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncHttpxClient] = WeakKeyDictionary()
        self._lock = threading.Lock()
        self._library: Any = library or (_installed() if client is None else _library(client))

    async def send(self, request: Request) -> Response:
        """Send one request."""
        import asyncio

        try:
            async with asyncio.timeout(None) as limit:

                async def trace(event: str, info: Mapping[str, Any]) -> None:
                    if event.endswith(SENDING):
                        limit.reschedule(asyncio.get_running_loop().time() + request.timeout)

                async with self._client().stream(**_sent(request, trace)) as answer:
                    headers = _headers(answer)
                    body = Body(headers, self._max_bytes, _host(request))
                    async for part in answer.aiter_raw():
                        body.add(part)
                    return Received(answer.status_code, headers, body.whole())
        except TimeoutError as error:
            raise _too_slow(request) from error
        except RuntimeError as error:
            raise _closed(error, self._client()) from error
        except (self._library.RequestError, self._library.InvalidURL, UnicodeError) as error:
            raise _failure(error, self._library, request) from _cause(error, self._library)

    async def aclose(self) -> None:
        """Give back the connections of this event loop. Those of another have ended with it."""
        await self._client().aclose()

    def _client(self) -> AsyncHttpxClient:
        if self._given is not None:
            return self._given.here()
        import asyncio

        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._own:
                self._own[loop] = self._library.AsyncClient(**_options(self._library))
            return self._own[loop]


@define
class _Given(Generic[Client]):
    """A client that the user has made, in the first process that uses it."""

    client: Client
    process: int | None = None

    def here(self) -> Client:
        self.process = self.process or os.getpid()
        if self.process != os.getpid():
            raise ConfigurationError(
                f"the {type(self.client).__name__} given to the transport was used before this process was forked, and"
                " the two would get each other's answers: make it after the fork, or give none"
            )
        return self.client


def as_transport_error(error: OSError) -> TransportError:
    """What a plain `OSError` of a transport says about the request."""
    sent = not isinstance(error, ConnectionRefusedError | socket.gaierror)
    failure = TransportError(f"{type(error).__name__}: {error}", sent=sent)
    failure.__cause__ = error
    return failure


@cache
def _installed() -> Any:
    """httpx, or httpx2 where it is missing. Imported with the first transport: it costs more than all the rest."""
    try:
        import httpx
    except ModuleNotFoundError:
        try:
            import httpx2
        except ModuleNotFoundError as missing:
            raise ConfigurationError(
                f"No HTTP library can be imported ({missing}). Install one: pip install 'httpx>=0.27,<1'"
            ) from missing
        return httpx2
    return httpx


def _options(library: Any) -> dict[str, Any]:
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    # sessions that a server hands out would tie the calls of different credentials together
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return {"limits": library.Limits(**POOL), "cookies": no_cookies, "follow_redirects": False}


def _library(client: object) -> Any:
    """The module whose client this is, or is derived from: its exceptions are named as httpx's are."""
    for base in type(client).__mro__:
        module = sys.modules.get(base.__module__.partition(".")[0])
        if hasattr(module, "RequestError") and hasattr(module, "ConnectError"):
            return module
    raise ConfigurationError(
        f"{type(client).__name__} is no client of httpx or of a library like it: pass the module as library=…"
    )


def _sent(request: Request, trace: Callable[..., object]) -> dict[str, Any]:
    """How a client is to send it."""
    unsent = min(request.timeout, CONNECT)
    patience: Patience = (unsent, request.timeout, request.timeout, unsent)
    return {
        "method": request.method,
        "url": request.url,
        "headers": {"accept-encoding": ENCODINGS, **request.headers},
        "content": request.content or None,
        "timeout": patience,
        "follow_redirects": False,
        "auth": None,
        "extensions": {"trace": trace},
    }


def _failure(error: Exception, library: Any, request: Request) -> TransportError | ConfigurationError:
    if isinstance(error, library.InvalidURL | library.UnsupportedProtocol):
        return ConfigurationError(f"{_place(request)} is no address that can be called: {error}")
    if isinstance(error, library.LocalProtocolError | UnicodeError):
        # its words show the header, which may be the credential
        return ConfigurationError(f"{request.method} {_place(request)}: a header holds what no header can carry")
    unsent = (library.ConnectError, library.ConnectTimeout, library.PoolTimeout, library.ProxyError)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return TransportError(f"{what} ({_host(request)})", sent=not isinstance(error, unsent))


def _closed(error: RuntimeError, client: object) -> Exception:
    if getattr(client, "is_closed", False):
        return ConfigurationError("this client is closed: make calls before close(), or make a new client")
    return error


def _cause(error: Exception, library: Any) -> Exception | None:
    return None if isinstance(error, library.LocalProtocolError | UnicodeError) else error


def _too_slow(request: Request) -> TransportError:
    return TransportError(f"the answer was not complete within {request.timeout:g} s ({_host(request)})", sent=True)


def _headers(answer: HttpxResponse) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in answer.headers.multi_items():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return headers


def _place(request: Request) -> str:
    return request.url.partition("?")[0]


def _host(request: Request) -> str:
    return request.url.partition("://")[2].partition("/")[0].rpartition("@")[2]
