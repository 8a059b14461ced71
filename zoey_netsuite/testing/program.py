"""A program of a scenario: in this process or in one that is killed, it works until nothing is pending."""

from __future__ import annotations

import http.client
import json
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from attrs import field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.report import Report
from zoey_netsuite.http.transport import HttpxTransport, Transport
from zoey_netsuite.integration import Integration
from zoey_netsuite.state.sqlite import SQLiteStore
from zoey_netsuite.state.store import StateStore
from zoey_netsuite.testing.clock import FakeClock
from zoey_netsuite.testing.scenario import Build, Way
from zoey_netsuite.testing.steps import SteppedStore, SteppedTransport, Steps, When


class NeverAtRest(Exception):
    """Something stayed pending, however often it was tried."""


@frozen
class Running:
    """A program that has been started.

    Attributes:
        store: what stands behind the integration's store: its steps are not counted.
    """

    integration: Integration
    store: StateStore
    clock: Clock

    def until_rest(self, act: Callable[[Integration], object], tries: int, pause: float) -> None:
        """Let it work until nothing is pending.

        Raises:
            SystemFailure: a system failed.
            NeverAtRest: something stays pending.
        """
        for _ in range(tries):
            self.once(act)
            if not self.is_pending:
                return
            self.clock.sleep(pause)
        pending = [key[3:] for key, _ in self.store.scan((self.integration.name, "due"))]
        said = [f"{item.sync} {item.unit_id}: {item.message}" for item in self.integration.attention.list()]
        raise NeverAtRest(f"after {tries} tries this is still pending: {pending}; {'; '.join(said)}")

    def once(self, act: Callable[[Integration], object]) -> None:
        """Let it work once."""
        report = act(self.integration)
        if isinstance(report, Report):
            report.raise_for_failure()

    @property
    def is_pending(self) -> bool:
        """Whether something will be tried again without anybody's doing."""
        return bool(self.store.scan((self.integration.name, "due"), limit=1))


@contextmanager
def running(
    build: Build,
    connect: Callable[[Way], Clients],
    environment: Mapping[str, str],
    transport: Transport,
    clock: Clock,
    database: Path,
    steps: Steps,
) -> Generator[Running]:
    """Start a program in this process, and end it in good order."""
    stepped = SteppedTransport(transport, steps)
    clients = connect(Way(environment, stepped, stepped, clock))
    with clients.netsuite, clients.zoey, SQLiteStore(database, clock=clock) as store:
        integration = build(clients.netsuite, clients.zoey, SteppedStore(store, steps), clock)
        yield Running(integration, store, clock)


@frozen
class Program:
    """What is done in a process of its own, which ends at a step. Pickled, so that it can go there."""

    build: Build
    act: Callable[[Integration], object]
    connect: Callable[[Way], Clients]
    environment: Mapping[str, str] = field(repr=False)
    database: Path
    tries: int
    pause: float
    kill_at: int
    when: When

    def __call__(self) -> None:
        """Work until nothing is pending, or until killed."""
        steps = Steps(self.kill_at, self.when)
        try:
            clock = FakeClock(follows=SandboxTime(self.environment["NETSUITE_URL"]))
            with running(
                self.build, self.connect, self.environment, HttpxTransport(), clock, self.database, steps
            ) as program:
                program.until_rest(self.act, self.tries, self.pause)
        except BaseException as error:
            self._complaints.write_text("".join(traceback.format_exception_only(error)).strip())
            raise

    @property
    def build_module(self) -> str:
        """Where `build` is written."""
        function = getattr(self.build, "func", self.build)
        return str(getattr(function, "__module__", type(function).__module__))

    def complaint(self) -> str:
        """What went wrong in the process, if it did not come to its step."""
        return self._complaints.read_text() if self._complaints.exists() else ""

    @property
    def _complaints(self) -> Path:
        return self.database.with_suffix(".txt")


class SandboxTime:
    """The clock of a sandbox that is served by another process, read over one connection.

    Args:
        url: the address of one of its systems.
    """

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        self._now = self._ask("GET")

    def now(self) -> datetime:
        """The time of day there. It stands still there; nobody but this process moves it on."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move it on, for everybody."""
        self._now = self._ask("POST", {"advance": seconds})

    def _ask(self, method: str, body: Mapping[str, float] | None = None) -> datetime:
        self._line.request(method, "/_sandbox/clock", None if body is None else json.dumps(body))
        data: Mapping[str, str] = json.loads(self._line.getresponse().read())
        return datetime.fromisoformat(data["now"])
