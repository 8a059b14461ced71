"""The in-process transport shows a caller what the sockets do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest
from attrs import field, frozen
from support.counter_app import CounterApp

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.faults import FAULT_KINDS, Fault
from zoey_netsuite.sandbox.server import Server
from zoey_netsuite.sandbox.shell import Shell
from zoey_netsuite.sandbox.transport import AsyncInProcessTransport, InProcessTransport

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ADDRESS = "netsuite.sandbox.invalid"

Seen = tuple[object, ...]


@frozen
class Outgoing:
    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict[str, str])
    content: bytes = b""
    timeout: float | None = 5.0


def new_shell() -> Shell:
    return Shell("counter", CounterApp(), SandboxClock(NOW, frozen=True))


def over_sockets(url: str, method: str, path: str, patience: float) -> Seen:
    try:
        answer = httpx.request(method, f"{url}{path}", timeout=patience, headers={"connection": "keep-alive"})
    except httpx.TimeoutException:
        return ("timeout",)
    except httpx.TransportError:
        return ("broken",)
    return answer.status_code, dict(answer.headers), answer.content


def in_process(shell: Shell, method: str, path: str) -> Seen:
    try:
        reply = InProcessTransport({ADDRESS: shell}).send(Outgoing(method, f"http://{ADDRESS}{path}"))
    except TimeoutError:
        return ("timeout",)
    except ConnectionResetError:
        return ("broken",)
    return reply.status, dict(reply.headers), reply.content


@pytest.mark.parametrize("kind", [None, *FAULT_KINDS])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_equals_sockets(kind: str | None, when: str, method: str) -> None:
    """E5: the same answer, count, log and state for every fault, with and without sockets."""
    shells = new_shell(), new_shell()
    server = Server(shells[0])
    server.start()
    for shell in shells:
        if kind is not None:
            shell.faults.add(Fault.from_data({"kind": kind, "when": when, "retry_after": 3}))
    patience = 0.3 if kind == "timeout" else 10
    there = [over_sockets(server.url, method, "/value", patience), over_sockets(server.url, "GET", "/value", 10)]
    server.stop()
    here = [in_process(shells[1], method, "/value"), in_process(shells[1], "GET", "/value")]
    assert here == there
    assert shells[0].calls.tally() == shells[1].calls.tally()
    assert shells[0].calls.log == shells[1].calls.log
    assert shells[1].concurrency.in_flight == 0


def test_unknown_address_and_closed_transport_refuse() -> None:
    transport = InProcessTransport({ADDRESS: new_shell()})
    with pytest.raises(ConnectionRefusedError, match="elsewhere"):
        transport.send(Outgoing("GET", "http://elsewhere:80/value"))
    transport.close()
    with pytest.raises(ConnectionRefusedError):
        transport.send(Outgoing("GET", f"http://{ADDRESS}/value"))


def test_limit_and_latency_hold_in_process() -> None:
    """E5: threads in-process meet the same limit on requests in flight."""
    shell = new_shell()
    shell.concurrency.limit, shell.latency = 2, 0.5
    transport = InProcessTransport({ADDRESS: shell})
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(transport.send, [Outgoing("GET", f"http://{ADDRESS}/value")] * 6))
    assert sorted(reply.status for reply in replies) == [200, 200, 429, 429, 429, 429]
    assert shell.concurrency.peak == 2


def test_app_is_called_by_one_thread_at_a_time() -> None:
    """The app asserts it: a second caller inside makes a 500."""
    transport = InProcessTransport({ADDRESS: new_shell()})
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(transport.send, [Outgoing("GET", f"http://{ADDRESS}/slow")] * 8))
    assert [reply.status for reply in replies] == [200] * 8


def test_slow_write_is_done_though_the_caller_left() -> None:
    shell = new_shell()
    shell.latency = 0.2
    transport = InProcessTransport({ADDRESS: shell})
    with pytest.raises(TimeoutError):
        transport.send(Outgoing("POST", f"http://{ADDRESS}/value", timeout=0.01))
    assert isinstance(shell.app, CounterApp)
    assert shell.app.value == 1


def test_async_twin() -> None:
    shell = new_shell()
    shell.concurrency.limit, shell.latency = 3, 0.05
    transport = AsyncInProcessTransport({ADDRESS: shell})
    request = Outgoing("POST", f"http://{ADDRESS}/value")

    async def calls() -> list[int]:
        replies = await asyncio.gather(*(transport.send(request) for _ in range(5)))
        shell.faults.add(Fault("reset"))
        with pytest.raises(ConnectionResetError):
            await transport.send(request)
        shell.faults.add(Fault("timeout"))
        with pytest.raises(TimeoutError):
            await transport.send(request)
        await transport.close()
        with pytest.raises(ConnectionRefusedError):
            await transport.send(request)
        return [reply.status for reply in replies]

    assert asyncio.run(calls()) == [204, 204, 204, 429, 429]
    assert shell.concurrency.peak == 3


def test_abandoned_call_is_not_in_flight() -> None:
    shell = new_shell()
    shell.latency = 60
    transport = AsyncInProcessTransport({ADDRESS: shell})

    async def give_up() -> None:
        task = asyncio.create_task(transport.send(Outgoing("POST", f"http://{ADDRESS}/value", timeout=None)))
        await asyncio.sleep(0)
        assert shell.concurrency.in_flight == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    assert shell.concurrency.in_flight == 0


def test_control_interface_is_there_too() -> None:
    shell = new_shell()
    transport = InProcessTransport({ADDRESS: shell})
    moved = transport.send(
        Outgoing("POST", f"http://{ADDRESS}/_sandbox/clock", content=b'{"set": "2026-04-01T00:00:00Z"}')
    )
    assert moved.status == 200
    assert shell.clock.now() == datetime(2026, 4, 1, tzinfo=UTC)
    assert shell.calls.total == 0
