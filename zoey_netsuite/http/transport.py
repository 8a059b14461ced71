"""Transports: the one seam where bytes leave the machine, and the only module that knows httpx.

A transport sends one request and gives the answer, whatever its status. When there is none it raises `TransportError`
and says whether the request was certainly *not sent*. A transport of your own may raise Python's `OSError`s instead:
`ConnectionRefusedError` and `socket.gaierror` mean not sent, every other one that the outcome is unknown.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
from attrs import field, frozen

from zoey_netsuite.errors import ConfigurationError, TransportError
from zoey_netsuite.http.operation import Request, Response

POOL = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0)


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


class HttpxTransport:
    """Sends through an httpx client with kept-alive connections.

    Args:
        client: an `httpx.Client`, or one of a library with the same interface, such as httpx2; it is closed with the
            transport. By default one that follows no redirects (credentials stay with their host) and takes proxies
            from the environment.
    """

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client if client is not None else httpx.Client(limits=POOL, follow_redirects=False)
        self._library = _library(self._client)

    def send(self, request: Request) -> Response:
        """Send one request."""
        try:
            answer = self._client.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.content or None,
                timeout=request.timeout,
            )
        except self._library.RequestError as error:
            raise _failure(error, self._library) from error
        except (self._library.InvalidURL, self._library.UnsupportedProtocol) as error:
            raise ConfigurationError(f"{_place(request)} is no address that can be called: {error}") from error
        return _received(answer)

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()


class AsyncHttpxTransport:
    """Sends through an `httpx.AsyncClient`, or one with the same interface; see `HttpxTransport`."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._client = client if client is not None else httpx.AsyncClient(limits=POOL, follow_redirects=False)
        self._library = _library(self._client)

    async def send(self, request: Request) -> Response:
        """Send one request."""
        try:
            answer = await self._client.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.content or None,
                timeout=request.timeout,
            )
        except self._library.RequestError as error:
            raise _failure(error, self._library) from error
        except (self._library.InvalidURL, self._library.UnsupportedProtocol) as error:
            raise ConfigurationError(f"{_place(request)} is no address that can be called: {error}") from error
        return _received(answer)

    async def aclose(self) -> None:
        """Give back the connections."""
        await self._client.aclose()


def as_transport_error(error: OSError) -> TransportError:
    """What a plain `OSError` of a transport says about the request."""
    sent = not isinstance(error, ConnectionRefusedError | socket.gaierror)
    return TransportError(f"{type(error).__name__}: {error}", sent=sent)


def _library(client: object) -> Any:
    """The module whose client this is: its exceptions are named as httpx's are."""
    return sys.modules[type(client).__module__.partition(".")[0]]


def _failure(error: Exception, library: Any) -> TransportError:
    unsent = (library.ConnectError, library.ConnectTimeout, library.PoolTimeout, library.ProxyError)
    return TransportError(f"{type(error).__name__}: {error}", sent=not isinstance(error, unsent))


def _received(answer: Any) -> Received:
    headers: dict[str, str] = {}
    for name, value in answer.headers.multi_items():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return Received(answer.status_code, headers, answer.content)


def _place(request: Request) -> str:
    return request.url.partition("?")[0]
