"""The control interface over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from support.counter_app import CounterApp

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.control import Control
from zoey_netsuite.sandbox.exchange import Request
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
    with httpx.Client(base_url=f"{server.url}/_sandbox/", timeout=10) as client:
        yield client
    server.stop()


def test_clock(shell: Shell, client: httpx.Client) -> None:
    """E5: a clock that tests move, from another process, too."""
    assert client.get("clock").json() == {"now": "2026-03-01T12:00:00+00:00", "frozen": True}
    assert client.post("clock", json={"advance": 90}).json()["now"] == "2026-03-01T12:01:30+00:00"
    assert client.post("clock", json={"set": "2026-05-01T00:00:00+02:00"}).json()["now"] == "2026-04-30T22:00:00+00:00"
    assert client.post("clock", json={"run": True}).json()["frozen"] is False
    assert client.post("clock", json={"freeze": True}).json()["frozen"] is True
    assert shell.clock.now() >= datetime(2026, 4, 30, 22, tzinfo=UTC)
    for wrong in ({}, {"set": "2026-05-01T00:00:00"}, {"set": "soon"}, {"leap": 1}, {"advance": "much"}):
        assert client.post("clock", json=wrong).status_code == 400


def test_faults(shell: Shell, client: httpx.Client) -> None:
    assert client.post("faults", json={"kind": "500", "when": "after", "path": "^/value"}).status_code == 200
    client.post("faults", json=[{"kind": "reset", "call": 3}, {"kind": "html", "status": 200}])
    listed = client.get("faults").json()
    assert [(fault["kind"], fault["skip"], fault["seen"]) for fault in listed] == [
        ("500", 0, 0),
        ("reset", 2, 0),
        ("html", 0, 0),
    ]
    assert httpx.post(client.base_url.join("/value")).status_code == 500
    assert client.get("faults").json()[0]["hit"] == 1
    assert client.delete("faults").json() == []
    assert httpx.get(client.base_url.join("/value")).json()["value"] == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "404"}, "kind"),
        ({"kind": "500", "wen": "after"}, "no wen"),
        ({"kind": "500", "when": "never"}, "when"),
        ({"kind": "500", "path": "("}, "regular expression"),
        ({"kind": "500", "times": 0}, "times"),
        ({"kind": "500", "skip": "x"}, "skip"),
        ({"when": "after"}, "kind"),
        ({"kind": "500", "call": 0}, "from 1"),
        ("500", "object"),
    ],
)
def test_wrong_faults_are_told(shell: Shell, client: httpx.Client, fault: object, words: str) -> None:
    answer = client.post("faults", json=fault)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert len(shell.faults) == 0


def test_counts_and_log(shell: Shell, client: httpx.Client) -> None:
    httpx.get(client.base_url.join("/value?x=1"))
    httpx.post(client.base_url.join("/value"))
    counts = client.get("calls").json()
    assert (counts["total"], counts["by_kind"], counts["peak"]) == (2, {"read": 1, "write": 1}, 1)
    assert [(call["method"], call["target"], call["status"]) for call in client.get("log").json()] == [
        ("GET", "/value?x=1", 200),
        ("POST", "/value", 204),
    ]
    assert len(client.get("log", params={"last": 1}).json()) == 1
    assert client.delete("calls").json()["total"] == 0
    assert shell.calls.total == 0


def test_settings(shell: Shell, client: httpx.Client) -> None:
    assert client.get("settings").json() == {"latency": 0.0, "concurrency": None}
    client.post("settings", json={"latency": 0.01, "concurrency": 4})
    assert (shell.latency, shell.concurrency.limit) == (0.01, 4)
    client.post("settings", json={"concurrency": None})
    assert shell.concurrency.limit is None
    assert client.post("settings", json={"speed": 1}).status_code == 400


def test_seed(client: httpx.Client) -> None:
    assert client.post("seed", json={"value": 41}).status_code == 200
    assert httpx.get(client.base_url.join("/value")).json()["value"] == 41
    assert client.post("seed", json=[]).status_code == 400
    assert client.post("seed", content=b"{").status_code == 400
    assert client.post("seed", json={"sample": "nothing"}).status_code == 400


def test_is_not_counted_and_meets_no_faults(shell: Shell, client: httpx.Client) -> None:
    shell.faults.add(Fault("500", times=None))
    shell.concurrency.limit = 0
    shell.latency = 60
    assert client.get("clock").status_code == 200
    assert shell.calls.total == 0


def test_unknown_call_names_the_known_ones(client: httpx.Client) -> None:
    answer = client.get("weather")
    assert answer.status_code == 404
    assert "POST /_sandbox/clock" in answer.json()["known"]


def test_strangers_are_refused(shell: Shell) -> None:
    answer = Control(shell).answer(Request("GET", "http://x/_sandbox/clock"), loopback=False)
    assert answer.status == 403
