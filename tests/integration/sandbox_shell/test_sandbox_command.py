"""The sandbox from the command line, as a child process, and without sockets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from oauthlib.oauth1 import Client

from zoey_netsuite.sandbox.faults import Fault
from zoey_netsuite.sandbox.remote import RemoteSandbox

COMMAND = [sys.executable, "-m", "zoey_netsuite", "sandbox"]
CLOCK = "/services/rest/system/v1/serverTime"


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def lines_until(process: subprocess.Popen[str], last: str) -> str:
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if last in line:
            return said
    raise AssertionError(f"It ended having said: {said}{process.stderr.read() if process.stderr else ''}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_runs_until_it_is_told_to_stop(number: signal.Signals) -> None:
    """E5: prints addresses and credentials, serves, and ends cleanly."""
    with started("--empty") as process:
        said = lines_until(process, "Ctrl+C")
        urls = re.findall(r"http://127\.0\.0\.1:\d+", said)
        assert httpx.get(f"{urls[0]}/_sandbox/clock").status_code == 200
        process.send_signal(number)
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out, errors) == (0, "", "")


def test_says_how_to_get_in() -> None:
    with started("--empty") as process:
        said = lines_until(process, "Ctrl+C")
    for name in ("NETSUITE_URL", "NETSUITE_CONSUMER_SECRET", "NETSUITE_PRIVATE_KEY", "ZOEY_URL", "ZOEY_TOKEN_URL"):
        assert f"export {name}=" in said


def test_json_is_one_line() -> None:
    with started("--json", "--empty") as process:
        assert process.stdout is not None
        data = json.loads(process.stdout.readline())
        assert data["pid"] == process.pid
        assert data["environment"]["NETSUITE_URL"] == data["netsuite"]["url"]
        assert data["environment"]["ZOEY_TOKEN_SECRET"] == data["zoey"]["token_secret"]
        assert httpx.get(f"{data['zoey']['url']}/api/rest/products", headers={"accept": "*/*"}).status_code == 401


def test_begins_with_sample_records(tmp_path: Path) -> None:
    """A folder keeps them: the second start goes on with what lies there."""
    with started("--json", "--folder", str(tmp_path)) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.terminate()
        process.communicate(timeout=20)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["netsuite.sqlite", "zoey.sqlite"]
    assert (tmp_path / "netsuite.sqlite").stat().st_size > 500_000
    with started("--json", "--folder", str(tmp_path)) as process:
        assert process.stdout is not None
        assert process.stdout.readline()


def test_wrong_seed_is_told(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text('{"shopify": {}}')
    done = subprocess.run([*COMMAND, "--seed", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "netsuite and zoey, not shopify" in done.stderr
    file.write_text("{")
    done = subprocess.run([*COMMAND, "--seed", str(file)], capture_output=True, text=True, timeout=60)
    assert "is not JSON" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("absent", ["click", "uvicorn"])
def test_missing_extra_names_the_remedy(absent: str) -> None:
    code = f"import sys, runpy; sys.modules[{absent!r}] = None; sys.argv = ['zn', 'sandbox']; "
    done = subprocess.run(
        [sys.executable, "-c", code + "runpy.run_module('zoey_netsuite', run_name='__main__')"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"needs {absent}" in done.stderr
    assert 'pip install ".[sandbox,cli]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_remote_sandbox_has_the_same_face(tmp_path: Path) -> None:
    """E5: a sandbox in another process is counted, broken, moved in time and seeded from here."""
    with RemoteSandbox() as sandbox:
        netsuite = sandbox.netsuite
        assert httpx.get(netsuite.url + CLOCK).status_code == 401
        assert (netsuite.calls.total, netsuite.calls.reads, netsuite.calls.by_status) == (1, 1, {"401": 1})
        assert netsuite.calls.count(path="serverTime$") == 1
        assert [call["status"] for call in netsuite.calls.log] == [401]
        netsuite.faults.on_call(2, Fault("503"))
        netsuite.faults.add(Fault("reset", method="POST"))
        assert [httpx.get(netsuite.url + CLOCK).status_code for _ in range(3)] == [401, 503, 401]
        assert [(one.fault.kind, one.seen, one.hit) for one in netsuite.faults.list()] == [
            ("503", 2, 1),
            ("reset", 0, 0),
        ]
        netsuite.faults.clear()
        netsuite.calls.reset()
        assert (netsuite.calls.total, netsuite.faults.list()) == (0, [])
        netsuite.latency, netsuite.concurrency.limit = 0.01, 3
        assert (netsuite.latency, netsuite.concurrency.limit, netsuite.concurrency.peak) == (0.01, 3, 0)
        at = sandbox.clock.set(datetime(2026, 5, 1, tzinfo=UTC))
        assert sandbox.clock.freeze() >= at
        assert sandbox.clock.advance(timedelta(hours=1)) == sandbox.clock.now()
        assert sandbox.clock.frozen
        sandbox.sample("inventory", items=20, locations=2)
        assert sandbox.environment()["NETSUITE_ACCOUNT_ID"] == netsuite.account_id
        with pytest.raises(ValueError, match="refused POST seed"):
            sandbox.seed({"zoey": {"nonsense": []}})
        process_id = sandbox.process_id
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


@pytest.mark.parametrize(("options", "busy"), [((), True), (("--no-quotas",), False)])
def test_quotas_can_be_lifted(options: tuple[str, ...], busy: bool) -> None:
    with RemoteSandbox(options=options) as sandbox:
        sandbox.clock.freeze()
        answers = [httpx.get(f"{sandbox.zoey.url}/api/rest/products", headers={"accept": "*/*"}) for _ in range(20)]
        assert (429 in [answer.status_code for answer in answers]) is busy
        assert (sandbox.netsuite.concurrency.limit is None) is not busy


def test_many_records_are_made_over_there() -> None:
    """Ten thousand items and their stock are seeded without crossing the wire, and both systems show them."""
    with RemoteSandbox(options=["--no-quotas"]) as sandbox:
        sandbox.sample("inventory", items=10_000, locations=3)
        assert sandbox.netsuite.calls.total == 0
        url = f"{sandbox.zoey.url}/api/rest/products?limit=1&page=10000"
        client = Client(
            sandbox.zoey.consumer_key, sandbox.zoey.consumer_secret, sandbox.zoey.token, sandbox.zoey.token_secret
        )
        headers = {"accept": "application/json", "authorization": client.sign(url)[1]["Authorization"]}
        answer = httpx.get(url, headers=headers)
        assert [row["netsuite_id"] for row in answer.json().values()] == ["11000"]


def test_remote_sandbox_that_cannot_start_says_why(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text("[]")
    with pytest.raises(RuntimeError, match=r"did not start.*must hold an object"):
        RemoteSandbox(seed=file)


def test_child_ends_with_its_parent() -> None:
    """Killed outright, the parent leaves no server behind: its pipe closes."""
    code = (
        "from zoey_netsuite.sandbox.remote import RemoteSandbox; import os, time; "
        "print(RemoteSandbox().process_id, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
    for _ in range(200):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").exists() and Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("The child went on.")
