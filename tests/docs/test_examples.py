"""Every program in `docs/examples` runs as it stands, against a sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.order_notes import comments
from support.shop import PATIENCE, SAMPLE, run_program, sample_sandbox, served_until

from zoey_netsuite import Limits, ZoeyClient, zoey
from zoey_netsuite.sandbox import Fault, Sandbox

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

SERVICES = {"orders_service.py", "several_processes.py", "stock_service.py"}
"""These run until they are told to end."""

CARRYING = {"orders_service.py", "several_processes.py"}
"""Of these, those that carry orders."""

ON_POSTGRES = {"move_to_postgres.py", "several_processes.py"}
"""These keep state in the database that `DATABASE_URL` names."""

REFUSED = {"zoey_actions.py": "hold order 12345"}
"""These call what the sandbox's store does not have: it is to be seen that they ask for it."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with sample_sandbox() as running:
        yield running


def programs(*, services: bool) -> list[str]:
    return sorted(path.name for path in EXAMPLES.glob("*.py") if (path.name in SERVICES) is services)


@pytest.mark.parametrize("name", programs(services=False))
def test_an_example_runs(
    name: str, sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E2: with nothing but the addresses and credentials of sandbox and database in its environment."""
    if name in ON_POSTGRES:
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("database_url"))
    ran = run_program(EXAMPLES / name, sandbox, tmp_path)
    if name in REFUSED:
        assert ran.returncode == 1
        assert REFUSED[name] in ran.stderr
    else:
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout


@pytest.mark.parametrize("name", programs(services=True))
def test_an_example_serves(
    name: str, sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G1: a service does its work by itself, and ends in good order when it is told to."""
    if name in ON_POSTGRES:
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("database_url"))
    program = tmp_path / name
    program.write_text((EXAMPLES / name).read_text())
    output, returncode = served_until(signal.SIGTERM, program, sandbox)
    assert returncode == 0, output
    assert sandbox.zoey.calls.writes > 0
    if name in CARRYING:
        assert carried(sandbox) == ["acme-order-12"], output


def carried(sandbox: Sandbox) -> list[str]:
    """External ids of what integrations have made in NetSuite."""
    with sandbox.netsuite.acting() as account:
        return [
            row[0]
            for row in account.database.connection.execute(
                'SELECT externalid FROM "transaction" WHERE externalid IS NOT NULL ORDER BY id'
            )
        ]


def test_an_effect_of_ones_own_happens_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """E3: its answer is lost, and later runs find it; each big order has one request."""
    sandbox.netsuite.faults.add(Fault("reset", when="after", method="POST", path="/customrecord_call_request"))
    reports = [run_program(EXAMPLES / "own_effect.py", sandbox, tmp_path) for _ in range(2)]
    assert [report.returncode for report in reports] == [0, 0], reports[0].stderr + reports[1].stderr
    assert "6 created" in reports[0].stdout, reports[0].stdout
    assert "created" not in reports[1].stdout, reports[1].stdout
    assert sandbox.netsuite.app.count("customrecord_call_request") == 6


def test_a_sync_of_ones_own_does_its_work_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """E3: warranties become comments; a second run of the program has nothing to add."""
    reports = [run_program(EXAMPLES / "warranties.py", sandbox, tmp_path) for _ in range(2)]
    assert [report.returncode for report in reports] == [0, 0], reports[0].stderr + reports[1].stderr
    access = sandbox.zoey.access
    auth = zoey.OAuth1Auth(access.consumer_key, access.consumer_secret, access.token, access.token_secret)
    with ZoeyClient(sandbox.zoey.url, auth, limiter=Limits(concurrency=1)) as shop:
        texts = [str(note.comment) for order in shop.orders.list() for note in shop.orders.comments(order.id)]
    assert sorted(text for text in texts if "[NS warranty" in text) == [
        "Warranty 1 years [NS warranty 1]",
        "Warranty 2 years [NS warranty 2]",
    ]


def test_notes_go_both_ways_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """E3: a comment becomes a note, and a note a comment; a second run of the program has nothing to add."""
    order = next(order for order in SAMPLE["zoey"]["orders"] if order.get("netsuite_order"))
    with sandbox.zoey.acting() as app:
        app.comment_order(order["entity_id"], "Leave it at the door")
    note = {"id": 11, "custrecord_note_order": str(order["netsuite_order"]), "custrecord_note_text": "Ships Monday"}
    sandbox.seed({"netsuite": {"customrecord_order_note": [note]}})
    reports = [run_program(EXAMPLES / "order_notes.py", sandbox, tmp_path) for _ in range(2)]
    assert [report.returncode for report in reports] == [0, 0], reports[0].stderr + reports[1].stderr
    texts = comments(sandbox, order["entity_id"])
    assert texts == ["Leave it at the door", "Ships Monday [NS note 11]"]
    assert sandbox.netsuite.app.count("customrecord_order_note") == 2


def test_state_that_was_moved_is_known(
    sandbox: Sandbox, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E7: from SQLite to PostgreSQL; what was written before the move is not written again after it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    ran = run_program(EXAMPLES / "move_to_postgres.py", sandbox, tmp_path)
    before, after = ran.stdout.split("entries moved to")
    assert "updated" in before, ran.stdout + ran.stderr
    assert "updated" not in after
    assert database_url.split(":")[2].split("@")[0] not in ran.stdout  # the password
    assert sandbox.zoey.calls.writes == 1
    again = run_program(EXAMPLES / "move_to_postgres.py", sandbox, tmp_path)
    assert "VersionMismatch" in again.stderr


def test_several_processes_carry_each_order_once(
    sandbox: Sandbox, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E8: one program started twice, within two calls at once; both end in good order when they are told to."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("NETSUITE_CONCURRENCY", "2")
    sandbox.netsuite.concurrency.limit = 2
    numbers = range(12, 24)
    sandbox.seed({"zoey": {"orders": [another_order(number) for number in numbers if number > 12]}})
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    with started(EXAMPLES / "several_processes.py", sandbox, logs) as processes:
        until(lambda: all("at work" in log.read_text() for log in logs), processes)
        until(lambda: len(carried(sandbox)) == len(numbers), processes)
        for process in processes:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(PATIENCE) for process in processes]
    output = "".join(log.read_text() for log in logs)
    assert codes == [0, 0], output
    assert output.count(" ended\n") == 2, output
    assert sorted(carried(sandbox)) == sorted(f"acme-order-{number}" for number in numbers)
    assert sandbox.netsuite.calls.count(method="POST", path="/salesOrder$") == len(numbers), output
    assert sandbox.netsuite.calls.by_fault.get("concurrency", 0) == 0, output


def another_order(number: int) -> dict[str, Any]:
    """Like the sample's last order, which is the one that nobody has carried."""
    (last,) = [order for order in SAMPLE["zoey"]["orders"] if order["entity_id"] == 12]
    return {**last, "entity_id": number, "increment_id": str(100000000 + number)}


@contextmanager
def started(program: Path, sandbox: Sandbox, logs: Sequence[Path]) -> Generator[list[subprocess.Popen[bytes]]]:
    """A program started once for each of these files, which take what it prints; what still runs then is killed."""
    with ExitStack() as ends:
        processes: list[subprocess.Popen[bytes]] = []
        for log in logs:
            process = subprocess.Popen(
                [sys.executable, str(program)],
                env={**os.environ, **sandbox.environment()},
                cwd=log.parent,
                stdout=ends.enter_context(log.open("wb")),
                stderr=subprocess.STDOUT,
            )
            ends.callback(process.wait)
            ends.callback(process.kill)
            processes.append(process)
        yield processes


def until(done: Callable[[], bool], processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until this holds, or one of them has ended, or patience has."""
    ends = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < ends and all(process.poll() is None for process in processes):
        time.sleep(0.02)


def test_the_lists_name_programs_that_are_there() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} >= SERVICES | set(REFUSED) | ON_POSTGRES
