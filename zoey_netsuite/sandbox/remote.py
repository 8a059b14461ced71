"""A sandbox in a process of its own, so that what a client needs can be measured without the servers' share."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from zoey_netsuite.sandbox.access import NetSuiteAccess, NetSuiteDoor, ZoeyAccess, ZoeyDoor
from zoey_netsuite.sandbox.calls import CallCounts, Tally
from zoey_netsuite.sandbox.control import PREFIX
from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.faults import Fault, Planned

_TIMEOUT = 600.0


class _Line:
    """The control interface of one system, from outside."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, method: str, path: str, body: JSON = None) -> Any:
        address = urlsplit(self._url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT)
        try:
            connection.request(
                method,
                f"{PREFIX}{path}",
                None if body is None else json.dumps(body),
                {"content-type": "application/json"},
            )
            answer = connection.getresponse()
            data: Any = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"The sandbox refused {method} {path}: {data['error']}")
        return data


class RemoteCalls(CallCounts):
    """The calls to a system in another process; each question asks it anew."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def tally(self) -> Tally:
        """All counts as they are now."""
        return Tally.from_data(self._line.ask("GET", "calls")["tally"])

    def reset(self) -> None:
        """Count from 0 again, and empty the log."""
        self._line.ask("DELETE", "calls")

    @property
    def log(self) -> Sequence[Mapping[str, JSON]]:
        """The last calls, oldest first, as data."""
        return list(self._line.ask("GET", "log?last=10000"))


class RemoteFaults:
    """The faults planned for a system in another process."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def add(self, *faults: Fault) -> None:
        """Plan faults, from now on."""
        self._line.ask("POST", "faults", [fault.as_data() for fault in faults])

    def on_call(self, number: int, fault: Fault) -> None:
        """Let the n-th call from now fail (1 is the next), counting only those that the fault is about."""
        self._line.ask("POST", "faults", {**fault.as_data(), "call": number})

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._line.ask("DELETE", "faults")

    def list(self) -> Sequence[Planned]:
        """All that were planned since `clear`, those that are spent included."""
        planned: list[Planned] = []
        for data in self._line.ask("GET", "faults"):
            seen, hit = data.pop("seen"), data.pop("hit")
            planned.append(Planned(Fault.from_data(data), seen, hit))
        return planned


class RemoteConcurrency:
    """How many requests are in flight in a system in another process."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    @property
    def limit(self) -> int | None:
        """The most at a time; None for any number."""
        limit: int | None = self._line.ask("GET", "settings")["concurrency"]
        return limit

    @limit.setter
    def limit(self, limit: int | None) -> None:
        self._line.ask("POST", "settings", {"concurrency": limit})

    @property
    def peak(self) -> int:
        """The most there were at a time since the calls were reset."""
        return int(self._line.ask("GET", "calls")["peak"])

    @property
    def in_flight(self) -> int:
        """Requests that were let in and have no answer yet."""
        return int(self._line.ask("GET", "calls")["in_flight"])


class RemoteSystem:
    """One system in another process: what `System` offers, as far as HTTP allows."""

    def __init__(self, url: str) -> None:
        self._line = _Line(url)
        self.calls = RemoteCalls(self._line)
        self.faults = RemoteFaults(self._line)
        self.concurrency = RemoteConcurrency(self._line)

    @property
    def latency(self) -> float:
        """Seconds that each request is in flight before it is carried out."""
        return float(self._line.ask("GET", "settings")["latency"])

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._line.ask("POST", "settings", {"latency": seconds})

    def seed(self, data: Mapping[str, JSON]) -> None:
        """Put records in, or have samples made over there: `{"sample": "inventory", "items": 100_000}`."""
        self._line.ask("POST", "seed", dict(data))


class RemoteNetSuite(RemoteSystem, NetSuiteDoor):
    """The sandboxed NetSuite account in another process."""

    def __init__(self, access: NetSuiteAccess) -> None:
        super().__init__(access.url)
        self._access = access

    @property
    def access(self) -> NetSuiteAccess:
        """Address and credentials in one value."""
        return self._access


class RemoteZoey(RemoteSystem, ZoeyDoor):
    """The sandboxed Zoey store in another process."""

    def __init__(self, access: ZoeyAccess) -> None:
        super().__init__(access.url)
        self._access = access

    @property
    def access(self) -> ZoeyAccess:
        """Address and credentials in one value."""
        return self._access


class RemoteClock:
    """The time of a sandbox in another process."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def now(self) -> datetime:
        """The sandbox's time of day: aware, UTC."""
        return _time(self._line.ask("GET", "clock"))

    def advance(self, seconds: float | timedelta) -> datetime:
        """Move by so many seconds and return the new time."""
        length = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        return _time(self._line.ask("POST", "clock", {"advance": length}))

    def set(self, now: datetime) -> datetime:
        """Make it this time."""
        return _time(self._line.ask("POST", "clock", {"set": now.isoformat()}))

    def freeze(self) -> datetime:
        """Stand still until `run`."""
        return _time(self._line.ask("POST", "clock", {"freeze": True}))

    def run(self) -> datetime:
        """Go on from the present time."""
        return _time(self._line.ask("POST", "clock", {"run": True}))

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return bool(self._line.ask("GET", "clock")["frozen"])


class RemoteSandbox:
    """A sandbox in a child process. It ends with `close`, and by itself when this process does.

    Args:
        seed: a JSON file with records to begin with; None starts empty.
        folder: where the records are kept; None keeps them in the child's memory.
        options: further options of `python -m zoey_netsuite sandbox`, e.g. `["--no-quotas"]`.

    Raises:
        RuntimeError: the child did not start; the message holds what it said.
    """

    def __init__(
        self, *, seed: str | Path | None = None, folder: str | Path | None = None, options: Sequence[str] = ()
    ) -> None:
        command = [sys.executable, "-m", "zoey_netsuite", "sandbox", "--json", "--attached"]
        command += ["--empty"] if seed is None else ["--seed", str(seed)]
        command += [] if folder is None else ["--folder", str(folder)]
        # A file and not a pipe: nobody reads it while the child runs, and a full pipe would stop the child.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  `close` closes it
        self._process = subprocess.Popen(  # noqa: S603  this interpreter, this module
            [*command, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        said = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not said:
            self._process.communicate()
            errors = self.errors().strip()
            self._errors.close()
            raise RuntimeError(f"The sandbox's process did not start: {errors}")
        data = json.loads(said)
        self.netsuite = RemoteNetSuite(NetSuiteAccess(**data["netsuite"]))
        self.zoey = RemoteZoey(ZoeyAccess(**data["zoey"]))
        # Both systems are of one process and have one clock.
        self.clock = RemoteClock(_Line(self.netsuite.url))

    @property
    def process_id(self) -> int:
        """The child's process id."""
        return self._process.pid

    def seed(self, data: Mapping[str, Mapping[str, JSON]]) -> None:
        """Put records into both: `{"netsuite": {…}, "zoey": {…}}`; each may be absent."""
        for system, records in ((self.netsuite, data.get("netsuite")), (self.zoey, data.get("zoey"))):
            if records:
                system.seed(records)

    def sample(self, name: str, **sizes: int) -> None:
        """Have the samples of that name made over there, in both systems: `sample("inventory", items=100_000)`."""
        for system in (self.netsuite, self.zoey):
            system.seed({"sample": name, **sizes})

    def environment(self) -> dict[str, str]:
        """Addresses and credentials as the environment variables that both clients' `from_env` read."""
        return {**self.netsuite.access.environment(), **self.zoey.access.environment()}

    def errors(self) -> str:
        """What the child has written to its standard error so far."""
        self._errors.seek(0)
        return self._errors.read()

    def close(self) -> None:
        """End the child."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.communicate(timeout=30)
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _time(data: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(data["now"])
