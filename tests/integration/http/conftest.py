"""The libraries and drivers that requests can go through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import httpx
import httpx2
import pytest

from zoey_netsuite.http import AsyncHttpxTransport, HttpxTransport, Request

Sender = Callable[[Request], Any]


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> ModuleType:
    """Which library carries the bytes."""
    return request.param  # type: ignore[no-any-return]  # one of the two


WAYS = [(httpx, "blocking"), (httpx, "async"), (httpx, "own"), (httpx2, "blocking"), (httpx2, "async")]
"""A library, and who drives it; the transport's own client is httpx's."""


@pytest.fixture(params=WAYS, ids=[f"{library.__name__}-{way}" for library, way in WAYS])
def send(request: pytest.FixtureRequest) -> Iterator[Sender]:
    """Send a request through a library's client: blocking, async, or the transport's own."""
    library, way = request.param
    if way == "async":
        loop = asyncio.new_event_loop()
        awaited = AsyncHttpxTransport(library.AsyncClient(trust_env=False))
        yield lambda asked: loop.run_until_complete(awaited.send(asked))
        loop.run_until_complete(awaited.aclose())
        loop.close()
        return
    transport = HttpxTransport() if way == "own" else HttpxTransport(library.Client(trust_env=False))
    yield transport.send
    transport.close()
