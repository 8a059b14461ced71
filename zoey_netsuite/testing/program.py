"""A program of a scenario: in this process or in one that is killed, it works until nothing is pending."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import field, frozen

from zoey_netsuite.clock import Clock
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.report import Report
from zoey_netsuite.http.transport import Transport
from zoey_netsuite.integration import Integration
from zoey_netsuite.state.store import StateStore
from zoey_netsuite.testing.clock import FakeClock
from zoey_netsuite.testing.loopback import Loopback, SandboxTime
from zoey_netsuite.testing.scenario import Build, Way
from zoey_netsuite.testing.steps import SteppedStore, SteppedTransport, Steps, When


class NeverAtRest(Exception):
    """Something stayed pending, however often it was tried."""


@frozen
class Running:
    """A program that has been started."""

    integration: Integration
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
        desk = self.integration.attention.desk
        due = [f"{key[2]} {key[-1]}" for key, _ in desk.space.entries("due")]
        told = [f"{item.sync} {item.unit_id}: {item.message}" for item in self.integration.attention.list()]
        left = "; ".join([*due, *told]) or "a lease that nobody gives back"
        raise NeverAtRest(f"after {tries} tries this is still pending: {left}")

    def once(self, act: Callable[[Integration], object]) -> None:
        """Let it work once."""
        report = act(self.integration)
        if isinstance(report, Report):
            report.raise_for_failure()

    @property
    def is_pending(self) -> bool:
        """Whether something will be tried again without anybody's doing, or waits for a lease to end."""
        desk = self.integration.attention.desk
        if any(desk.space.entries("due")):
            return True
        now = desk.space.store.now()
        return any(not desk.leases.is_free(entry, now) for _, entry in desk.space.entries("lease"))


@contextmanager
def running(
    build: Build,
    connect: Callable[[Way], Clients],
    environment: Mapping[str, str],
    transport: Transport,
    clock: Clock,
    open_store: Callable[[Clock], StateStore],
    steps: Steps,
) -> Generator[Running]:
    """Start a program in this process, and end it in good order."""
    stepped = SteppedTransport(transport, steps)
    clients = connect(Way(environment, stepped, stepped, clock))
    with clients.netsuite, clients.zoey, closing(open_store(clock)) as store:
        integration = build(clients.netsuite, clients.zoey, SteppedStore(store, steps), clock)
        yield Running(integration, clock)


@frozen
class Program:
    """What is done in a process of its own, which ends at a step. Pickled, so that it can go there.

    Attributes:
        complaints: the file in which it says what went wrong before that step.
    """

    build: Build
    act: Callable[[Integration], object]
    connect: Callable[[Way], Clients]
    environment: Mapping[str, str] = field(repr=False)
    open_store: Callable[[Clock], StateStore] = field(repr=False)
    complaints: Path
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
                self.build, self.connect, self.environment, Loopback(), clock, self.open_store, steps
            ) as program:
                program.until_rest(self.act, self.tries, self.pause)
        except BaseException as error:
            self.complaints.write_text("".join(traceback.format_exception_only(error)).strip())
            raise

    @property
    def build_module(self) -> str:
        """Where `build` is written."""
        function = getattr(self.build, "func", self.build)
        return str(getattr(function, "__module__", type(function).__module__))

    def complaint(self) -> str:
        """What went wrong in the process, if it did not come to its step."""
        return self.complaints.read_text() if self.complaints.exists() else ""
