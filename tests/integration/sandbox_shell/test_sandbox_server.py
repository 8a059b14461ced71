"""The sandbox's server as a plain HTTP client sees it, over real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest
from support.counter_app import CounterApp

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.faults import Fault
from zoey_netsuite.sandbox.server import Server
from zoey_netsuite.sandbox.shell import Shell

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def shell() -> Shell:
    return Shell("counter", CounterApp(), SandboxClock(NOW, frozen=True))


@pytest.fixture
def client(shell: Shell) -> Iterator[httpx.Client]:
    server = Server(shell)
    server.start()
    with httpx.Client(base_url=server.url, timeout=10) as client:
        yield client
    server.stop()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited for nothing"
        time.sleep(0.001)


def value(shell: Shell) -> int:
    assert isinstance(shell.app, CounterApp)
    return shell.app.value


def test_serves_what_the_app_answers(shell: Shell, client: httpx.Client) -> None:
    """E5: real HTTP; the date of an answer is the sandbox's."""
    answer = client.post("/value")
    assert (answer.status_code, answer.content, answer.headers["location"]) == (204, b"", "/value/1")
    answer = client.get("/value")
    assert answer.json()["value"] == value(shell) == 1
    assert answer.headers["date"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert "server" not in answer.headers


def test_hands_on_the_request_as_it_was_sent(client: httpx.Client) -> None:
    """The address must reach the verifier unchanged: host, port, path and query as they were signed."""
    body = client.post("/echo?filter%5B1%5D=a%20b&x=%2F", content=b"text", headers={"X-Twice": "1"}).json()
    assert body["url"] == f"{client.base_url}/echo?filter%5B1%5D=a%20b&x=%2F"
    assert body["method"] == "POST"
    assert body["headers"]["x-twice"] == "1"
    assert body["body"] == "text"
    with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as raw:
        raw.sendall(b"POST /echo?filter[1]=a HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert b'"http://me/echo?filter[1]=a"' in answer


def test_large_bodies_arrive_whole(client: httpx.Client) -> None:
    text = "0123456789" * 200_000
    assert client.post("/echo", content=text.encode()).json()["body"] == text


def test_keeps_the_connection(shell: Shell) -> None:
    """One connection serves many calls; the client opens no second one."""
    server = Server(shell)
    server.start()
    transport = httpx.HTTPTransport(limits=httpx.Limits(max_connections=1))
    opened: list[str] = []

    def trace(event: str, info: object) -> None:
        if event == "connection.connect_tcp.complete":
            opened.append(event)

    with httpx.Client(base_url=server.url, transport=transport) as client:
        for _ in range(20):
            client.get("/value", extensions={"trace": trace})
    server.stop()
    assert len(opened) == 1


def test_counts_and_logs(shell: Shell, client: httpx.Client) -> None:
    """E5: calls are counted by kind, method and path, ids as one."""
    for number in (1, 2):
        client.get(f"/record/{number}/lines/eid:acme-{number}?x=1")
    client.post("/value")
    client.post("/services/rest/query/v1/suiteql")
    client.post("/oauth2/token")
    calls = shell.calls
    assert (calls.total, calls.reads, calls.writes) == (5, 3, 1)
    assert calls.by_kind == {"read": 3, "write": 1, "token": 1}
    assert calls.by_method == {"GET": 2, "POST": 3}
    assert calls.by_path["GET /record/{id}/lines/{id}"] == 2
    assert calls.by_status == {"200": 2, "204": 3}
    assert calls.count(method="post", path="suiteql$") == 1
    assert [(call.number, call.method, call.target) for call in calls.log][:2] == [
        (1, "GET", "/record/1/lines/eid:acme-1?x=1"),
        (2, "GET", "/record/2/lines/eid:acme-2?x=1"),
    ]
    assert calls.log[0].at == NOW
    calls.reset()
    assert (calls.total, calls.by_status, calls.log) == (0, {}, ())


def test_log_is_bounded(shell: Shell, client: httpx.Client) -> None:
    from zoey_netsuite.sandbox.calls import Calls

    shell.calls = Calls(keep=3)
    for _ in range(5):
        client.get("/value")
    assert [call.number for call in shell.calls.log] == [3, 4, 5]
    assert shell.calls.total == 5


@pytest.mark.parametrize("kind", ["429", "500", "502", "503", "504"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_status_faults(shell: Shell, client: httpx.Client, kind: str, when: str) -> None:
    """E5: a fault before leaves the write undone, one after has done it; the next call goes well."""
    shell.faults.add(Fault.from_data({"kind": kind, "when": when, "retry_after": 2}))
    answer = client.post("/value")
    assert answer.status_code == int(kind)
    assert answer.headers["retry-after"] == "2"
    assert value(shell) == (1 if when == "after" else 0)
    assert client.get("/value").status_code == 200
    assert shell.calls.by_fault == {kind: 1}
    assert shell.calls.log[0].status == int(kind)


@pytest.mark.parametrize("when", ["before", "after"])
def test_reset_is_a_reset(shell: Shell, client: httpx.Client, when: str) -> None:
    """E5: the peer sees a TCP reset, not a closed connection."""
    shell.faults.add(Fault.from_data({"kind": "reset", "when": when, "method": "POST"}))
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=10) as raw:
        raw.sendall(b"POST /value HTTP/1.1\r\nHost: me\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            raw.recv(100)
    assert value(shell) == (1 if when == "after" else 0)
    assert shell.calls.log[0].status is None
    shell.faults.add(Fault("reset"))
    with pytest.raises(httpx.ReadError):
        client.get("/value")
    assert client.get("/value").status_code == 200


@pytest.mark.parametrize("when", ["before", "after"])
def test_timeout_is_silence(shell: Shell, client: httpx.Client, when: str) -> None:
    """E5: the caller's own time-out ends the wait; what is held is not in flight any more."""
    shell.concurrency.limit = 1
    shell.faults.add(Fault.from_data({"kind": "timeout", "when": when}))
    with pytest.raises(httpx.ReadTimeout):
        client.post("/value", timeout=0.1)
    assert value(shell) == (1 if when == "after" else 0)
    assert client.get("/value").status_code == 200
    assert shell.concurrency.peak == 1


def test_timeout_is_bounded(shell: Shell, client: httpx.Client) -> None:
    shell.faults.add(Fault("timeout", hold=0.05))
    with pytest.raises(httpx.ReadError):
        client.post("/value")


def test_stop_ends_what_is_held(shell: Shell) -> None:
    server = Server(shell)
    server.start()
    shell.faults.add(Fault("timeout", times=None))
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(httpx.get, f"{server.url}/value", timeout=60) for _ in range(3)]
        wait_until(lambda: shell.calls.by_status.get("none") == 3)
        server.stop()
        for one in waiting:
            with pytest.raises(httpx.TransportError):
                one.result(timeout=10)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/value")
    server.stop()


@pytest.mark.parametrize("status", [200, 503])
def test_html_page(shell: Shell, client: httpx.Client, status: int) -> None:
    shell.faults.add(Fault("html", status=status))
    answer = client.get("/value")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<html>" in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_truncated_json(shell: Shell, client: httpx.Client, method: str, when: str) -> None:
    """E5: a whole HTTP answer that holds half the JSON."""
    shell.faults.add(Fault.from_data({"kind": "truncated", "when": when}))
    answer = client.request(method, "/value")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert int(answer.headers["content-length"]) == len(answer.content) > 0
    with pytest.raises(ValueError):
        answer.json()
    assert value(shell) == (1 if (method, when) == ("POST", "after") else 0)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_connection_closed_in_the_body(shell: Shell, client: httpx.Client, method: str) -> None:
    """E5: the head promises more than comes."""
    shell.faults.add(Fault("truncated", when="after", closed=True))
    with pytest.raises(httpx.RemoteProtocolError):
        client.request(method, "/value")
    assert client.get("/value").json()["value"] == (1 if method == "POST" else 0)


@pytest.mark.parametrize("kind", ["unauthorized", "token_expired", "token_revoked"])
def test_refusals_are_the_systems_own(shell: Shell, client: httpx.Client, kind: str) -> None:
    shell.faults.add(Fault.from_data({"kind": kind}))
    answer = client.post("/value")
    assert (answer.status_code, answer.json(), value(shell)) == (401, {"error": kind}, 0)


def test_script_by_call(shell: Shell, client: httpx.Client) -> None:
    """E5: a fault on exactly the n-th call from now, and only where method and path fit."""
    shell.faults.on_call(3, Fault("503"))
    shell.faults.on_call(2, Fault("500", method="POST", path="^/value"))
    answers = [client.request(method, "/value").status_code for method in ("GET", "POST", "GET", "POST", "POST", "GET")]
    assert answers == [200, 204, 503, 500, 204, 200]
    assert [(planned.hit, planned.spent) for planned in shell.faults] == [(1, True), (1, True)]
    shell.faults.clear()
    assert len(shell.faults) == 0


def test_fault_repeats(shell: Shell, client: httpx.Client) -> None:
    shell.faults.add(Fault("503", skip=1, times=2))
    assert [client.get("/value").status_code for _ in range(5)] == [200, 503, 503, 200, 200]
    shell.faults.add(Fault("502", times=None))
    assert [client.get("/value").status_code for _ in range(3)] == [502, 502, 502]


def test_too_many_at_a_time(shell: Shell, client: httpx.Client) -> None:
    """E5: requests over the limit are refused at once, in the system's own words; the peak is told."""
    shell.concurrency.limit = 3
    shell.latency = 1.0
    with ThreadPoolExecutor(3) as pool:
        let_in = [pool.submit(client.get, "/value") for _ in range(3)]
        wait_until(lambda: shell.concurrency.in_flight == 3)
        refused = [client.get("/value") for _ in range(5)]
        assert [(answer.status_code, answer.json()) for answer in refused] == [(429, {"error": "too many"})] * 5
        assert [one.result().status_code for one in let_in] == [200] * 3
    assert (shell.concurrency.peak, shell.concurrency.in_flight) == (3, 0)
    assert shell.calls.by_fault == {"concurrency": 5}


def test_any_number_at_a_time(shell: Shell, client: httpx.Client) -> None:
    shell.latency = 0.5
    with ThreadPoolExecutor(8) as pool:
        let_in = [pool.submit(client.get, "/value") for _ in range(8)]
        wait_until(lambda: shell.concurrency.peak == 8)
        assert [one.result().status_code for one in let_in] == [200] * 8
    shell.concurrency.reset()
    assert shell.concurrency.peak == 0


def test_latency(shell: Shell, client: httpx.Client) -> None:
    """The call is in flight meanwhile: a client that does not wait that long has still written."""
    shell.latency = 0.2
    with pytest.raises(httpx.ReadTimeout):
        client.post("/value", timeout=0.05)
    shell.latency = 0.1
    client.timeout = httpx.Timeout(5)
    assert client.get("/value").elapsed.total_seconds() >= 0.1
    shell.latency = 0.0
    wait_until(lambda: shell.concurrency.in_flight == 0)
    assert value(shell) == 1


def test_app_is_called_by_one_at_a_time(shell: Shell, client: httpx.Client) -> None:
    """Calls over HTTP and seeding from another thread never meet inside the app (it asserts that)."""
    with ThreadPoolExecutor(4) as pool:
        assert all(answer.status_code == 204 for answer in pool.map(client.post, ["/value"] * 100))
    assert value(shell) == 100


def test_flaw_in_the_app_is_shown(shell: Shell, client: httpx.Client) -> None:
    answer = client.get("/fail")
    assert answer.status_code == 500
    assert "LookupError: a flaw in the app" in answer.text
    assert client.get("/value").status_code == 200


def test_many_servers_in_one_process() -> None:
    shells = [Shell("counter", CounterApp(), SandboxClock()) for _ in range(5)]
    servers = [Server(shell) for shell in shells]
    for server in servers:
        server.start()
    for index, server in enumerate(servers):
        for _ in range(index):
            httpx.post(f"{server.url}/value")
    for server in servers:
        server.stop()
    assert [value(shell) for shell in shells] == [0, 1, 2, 3, 4]


def test_port_in_use_is_said_at_once(shell: Shell) -> None:
    server = Server(shell)
    with pytest.raises(OSError, match="in use"):
        Server(shell, port=int(server.url.rpartition(":")[2]))
    server.stop()
