"""Requests over real sockets, by httpx and httpx2: what goes out, what comes back, and what failures say (E2)."""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import os
import socket
import time
import tracemalloc
import zlib
from typing import Any

import httpx
import pytest
from support.wire import Reply, Wire, cut_off, silent, trickling, trickling_head, whole

from zoey_netsuite.errors import ConfigurationError, TransportError
from zoey_netsuite.http import AsyncHttpxTransport, HttpxTransport, Request

HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"


def ask(url: str, **changes: Any) -> Request:
    return Request(**{"method": "POST", "url": url, "content": b"{}", "timeout": 5.0} | changes)


@pytest.mark.parametrize(
    "reply",
    [
        cut_off(b"", reset=False),
        cut_off(b"", reset=True),
        cut_off(HALF, reset=False),
        cut_off(HALF, reset=True),
        cut_off(b"HTTP/1.1 200 OK\r\nContent-Le", reset=False),
        whole(head="garbage"),
        whole(b"not gzip", headers="Content-Encoding: gzip\r\n"),
        cut_off(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", reset=False),
    ],
    ids=["closed", "reset", "half, closed", "half, reset", "half a head", "no HTTP", "no gzip", "half a chunk"],
)
def test_what_was_lost_may_have_happened(send: Any, reply: Reply) -> None:
    """O1: whatever goes wrong after the request has gone out: its outcome is unknown."""
    with Wire(reply) as wire:
        with pytest.raises(TransportError) as caught:
            send(ask(f"{wire.url}/a"))
        assert caught.value.sent
        assert len(wire.heard) == 1
        assert wire.url.removeprefix("http://") in str(caught.value)


@pytest.mark.parametrize("reply", [silent, trickling, trickling_head])
def test_time_outs_are_each_requests_own(send: Any, reply: Reply) -> None:
    """A silent server, and one whose head or body trickles in: all end after the request's own time-out, outcome
    unknown; also on a connection that was used before.
    """
    with Wire(whole()) as wire:
        send(ask(wire.url))
        wire.reply = reply
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(TransportError) as caught:
                send(ask(wire.url, timeout=0.3))
            assert caught.value.sent
            assert time.monotonic() - began < 1.5
        wire.reply = whole()
        assert send(ask(wire.url)).status == 200


def test_what_nobody_took_was_not_sent(send: Any) -> None:
    """Refused, or a host that does not exist: certainly not sent."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", "http://no-such-host.invalid/", f"https://user:pass@127.0.0.1:{port}/"):
        with pytest.raises(TransportError) as caught:
            send(ask(url))
        assert not caught.value.sent
        assert "pass" not in str(caught.value)


def test_a_failed_handshake_was_not_sent(send: Any) -> None:
    """What takes the connection and does not speak TLS has been told nothing."""
    with Wire(silent) as wire:
        with pytest.raises(TransportError) as caught:
            send(ask(wire.url.replace("http:", "https:"), timeout=0.2))
        assert not caught.value.sent


@pytest.mark.parametrize(
    "target",
    [
        "/record/v1/salesOrder/eid:acme-order-1",
        "/record/v1/salesOrder/eid%3Aacme-order-1/!transform/invoice",
        "/api/rest/products?filter%5B1%5D%5Battribute%5D=sku&filter%5B1%5D%5Bin%5D%5B0%5D=a%2Bb%20c",
        "/a?q=%C3%A4%E2%82%AC%F0%9F%98%80&empty=&plus=%2B&percent=%25&twice=1&twice=2&tilde=~",
        "/a/b//c?x=%2F%3F%23",
        "/app/site/hosting/restlet.nl?script=customscript_x&deploy=1",
    ],
)
def test_addresses_go_out_as_they_were_signed(send: Any, target: str) -> None:
    """Nothing of an address is encoded, decoded, sorted or dropped on its way."""
    with Wire() as wire:
        send(ask(wire.url + target, method="GET", content=b""))
        assert wire.heard[0].target == target


def test_requests_arrive_whole(send: Any) -> None:
    """Method, headers and body arrive as given; a GET may have a body, a POST may have none."""
    with Wire() as wire:
        headers = {"authorization": 'OAuth realm="1"', "content-type": "application/x", "x-of-ours": "1"}
        send(ask(wire.url, method="GET", content=b'{"a": 1}', headers=headers))
        send(ask(wire.url, method="PATCH", content=b"\x00\xff" * 50_000, headers=headers))
        send(ask(wire.url, content=b""))
    read, patch, post = wire.heard
    assert [heard.line.split(" ")[0] for heard in wire.heard] == ["GET", "PATCH", "POST"]
    assert read.body == b'{"a": 1}'
    assert patch.body == b"\x00\xff" * 50_000
    assert {name: read.header(name) for name in headers} == headers
    assert post.body == b""
    assert post.header("content-length") == "0"
    assert len({heard.connection for heard in wire.heard}) == 1


def test_answers_come_back_whole(send: Any) -> None:
    """Status, body, and headers by lower-case name; one that is given twice is joined."""
    reply = whole(b"body", head="HTTP/1.1 207 Odd", headers="X-Warning: a\r\nX-WARNING: b, c\r\nETag: 1\r\n")
    with Wire(reply) as wire:
        came = send(ask(wire.url))
    assert (came.status, came.content) == (207, b"body")
    assert came.headers["x-warning"] == "a, b, c"
    assert came.headers["etag"] == "1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(send: Any, status: int) -> None:
    """A signed request goes where it was signed for, and nowhere else."""
    with Wire(whole(head=f"HTTP/1.1 {status} Moved", headers="Location: /elsewhere\r\n")) as wire:
        came = send(ask(wire.url))
        assert came.status == status
        assert len(wire.heard) == 1


def test_cookies_are_not_kept() -> None:
    """What a server sets for one call does not come with the next."""
    with Wire(whole(headers="Set-Cookie: session=1; Path=/\r\n")) as wire:
        transport = HttpxTransport(httpx.Client(trust_env=False))
        own = HttpxTransport()
        for sender in (own, own):
            sender.send(ask(wire.url))
        assert wire.heard[1].header("cookie") is None
        own.close()
        transport.close()


@pytest.mark.parametrize(("name", "value"), [("x-note", "line\r\nX-Injected: 1"), ("x-note", "Zoë ☃")])
def test_headers_that_cannot_be_sent(send: Any, name: str, value: str) -> None:
    """A header that no header can be is an error of configuration that does not show it."""
    with Wire() as wire:
        with pytest.raises(ConfigurationError, match="a header holds what no header can carry") as caught:
            send(ask(wire.url, headers={name: value}))
        assert value not in str(caught.value)
        assert wire.heard == []


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "127.0.0.1/a", "http://127.0.0.1:notaport/"])
def test_addresses_that_cannot_be_called(send: Any, url: str) -> None:
    """What is no address is an error of configuration."""
    with pytest.raises(ConfigurationError, match="is no address that can be called"):
        send(ask(url))


def test_clients_of_other_libraries_are_told_apart() -> None:
    """A client of no known library needs the name of its module."""
    with pytest.raises(ConfigurationError, match="pass the module as library="):
        HttpxTransport(object())  # type: ignore[arg-type]  # that is the point

    class Mine(httpx.Client):
        pass

    HttpxTransport(Mine(trust_env=False)).close()


def test_one_async_transport_under_several_loops() -> None:
    """Event loops that come one after the other share a transport: each has its own connections."""
    with Wire() as wire:
        transport = AsyncHttpxTransport()

        async def twice() -> None:
            for _ in range(2):
                assert (await transport.send(ask(wire.url))).status == 200

        for _ in range(3):
            asyncio.run(twice())

        async def close() -> None:
            await transport.send(ask(wire.url))
            await transport.aclose()

        asyncio.run(close())
        assert len(wire.heard) == 7
        assert wire.connections == 4


def test_a_cancelled_request_ends() -> None:
    """Cancelling is no time-out: it goes through, and the transport is good for more."""

    async def main(wire: Wire) -> None:
        transport = AsyncHttpxTransport()
        task = asyncio.create_task(transport.send(ask(wire.url)))
        while not wire.heard:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        wire.reply = whole()
        assert (await transport.send(ask(wire.url))).status == 200
        await transport.aclose()

    with Wire(silent) as wire:
        asyncio.run(main(wire))


def _in_a_child(work: Any) -> int | None:
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(30)
    return child.exitcode


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_no_connection_is_carried_over_a_fork() -> None:
    """E8, O1: on one connection parent and child would get each other's answers."""
    with Wire() as wire:
        transport = HttpxTransport()
        transport.send(ask(f"{wire.url}/before"))
        assert _in_a_child(lambda: transport.send(ask(f"{wire.url}/child"))) == 0
        transport.send(ask(f"{wire.url}/after"))
        transport.close()
    assert {heard.target: heard.connection for heard in wire.heard} == {"/before": 1, "/child": 2, "/after": 1}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_client_of_ones_own_is_not_used_on_both_sides_of_a_fork() -> None:
    """E8, O1: refused with what to do; made before the fork and first used after it, it works."""
    with Wire() as wire, httpx.Client() as client:
        transport = HttpxTransport(client)
        assert _in_a_child(lambda: transport.send(ask(wire.url))) == 0
        transport.send(ask(wire.url))

        def refused() -> None:
            with pytest.raises(ConfigurationError, match="Client given to the transport was used before"):
                transport.send(ask(wire.url))

        assert _in_a_child(refused) == 0
    assert [heard.connection for heard in wire.heard] == [1, 2]


def bomb(size: int, encoding: str) -> bytes:
    """JSON of so many bytes, in a thousandth of them."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | (16 if encoding == "gzip" else 0))
    parts = [packer.compress(b'{"a": "')]
    parts += [packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)]
    return b"".join([*parts, packer.compress(b'"}'), packer.flush()])


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_larger_than_allowed_ends_with_flat_memory(send: Any, encoding: str) -> None:
    """G4: a hundred megabytes out of a hundred kilobytes. Nothing of it is read twice."""
    with Wire(whole(bomb(100_000_000, encoding), headers=f"Content-Encoding: {encoding}\r\n")) as wire:
        tracemalloc.start()
        with pytest.raises(TransportError, match=r"larger than 67,108,864 bytes.*max_bytes") as caught:
            send(ask(wire.url, timeout=20.0))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert caught.value.sent
        assert caught.value.final
        assert peak < 1.2 * 64 * 1024 * 1024


def test_how_large_is_a_setting() -> None:
    """Blocking and async; a body of just that size is taken."""
    body = b"x" * 1000
    with Wire(whole(body)) as wire:
        for compressed in (False, True):
            if compressed:
                wire.reply = whole(gzip.compress(body), headers="Content-Encoding: gzip\r\n")
            assert HttpxTransport(max_bytes=1000).send(ask(wire.url)).content == body
            assert asyncio.run(AsyncHttpxTransport(max_bytes=1000).send(ask(wire.url))).content == body
            for sending in (
                lambda: HttpxTransport(max_bytes=999).send(ask(wire.url)),
                lambda: asyncio.run(AsyncHttpxTransport(max_bytes=999).send(ask(wire.url))),
            ):
                with pytest.raises(TransportError, match="larger than 999 bytes"):
                    sending()
    with pytest.raises(ConfigurationError):
        HttpxTransport(max_bytes=0)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(b"{}" * 999)[:-9], "gzip"), (b"{}", "br"), (b"no deflate", "deflate"), (b"{}", "gzip, gzip")],
    ids=["cut off", "unknown", "plain", "twice"],
)
def test_a_body_that_is_not_encoded_as_it_says(send: Any, body: bytes, encoding: str) -> None:
    with (
        Wire(whole(body, headers=f"Content-Encoding: {encoding}\r\n")) as wire,
        pytest.raises(TransportError) as caught,
    ):
        send(ask(wire.url))
    assert caught.value.sent


def test_deflate_without_a_frame(send: Any) -> None:
    """As some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = packer.compress(b'{"a": 1}') + packer.flush()
    with Wire(whole(body, headers="Content-Encoding: deflate\r\n")) as wire:
        assert send(ask(wire.url)).content == b'{"a": 1}'
        assert wire.heard[0].header("accept-encoding") == "gzip, deflate"
