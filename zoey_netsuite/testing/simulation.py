"""The simulation: a history is a list of events, and playing it again gives the same end.

Several machines run one program each, on one store. Each machine stands still at every call, answer, read and commit
until an event lets it go on (`events.Go`); other events are crashes, faults, time that goes by, and whatever people do.
None of it is left to chance, so a history that fails can be played again, and be shortened (`shrinking.shrink`) until
every event that is left is needed. This needs the extra `sandbox`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import urlsplit

from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.report import Report
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.http.transport import Transport
from zoey_netsuite.integration import Integration
from zoey_netsuite.sandbox import Fault, Sandbox
from zoey_netsuite.state.store import StateStore
from zoey_netsuite.testing.case_stores import declare_dead
from zoey_netsuite.testing.clock import FakeClock
from zoey_netsuite.testing.machine import Machine, MachineClock, MachineStore, MachineTransport
from zoey_netsuite.testing.scenario import Build, Way, connect

if TYPE_CHECKING:
    from zoey_netsuite.testing.events import Event

TO_THE_END = 1_000_000
"""More gates than any job has."""


class Watch(Protocol):
    """Looks whether all is as it must be."""

    def called(self, machine: Machine, request: Request) -> Iterator[str]:
        """What is wrong after this request was carried out, in a line each."""
        ...

    def happened(self) -> Iterator[str]:
        """What is wrong after an event."""
        ...

    def ended(self) -> Iterator[str]:
        """What is wrong in the end, when all is at rest."""
        ...


class Simulation:
    """Both systems, a store, and machines that run a program each.

    Args:
        build: assembles the integration, as for the crash and fault harness; give it the clock that it is handed and
            `dispatcher=Inline()`.
        sandbox: both systems; its clock is stopped.
        store: where state is kept: made with the simulation's clock.
        ahead: how much each machine's clock is ahead of the true time, in seconds; there is a machine for each.
        connect: makes the clients.

    Attributes:
        office: the same integration for people, who are not interrupted.
        clients: likewise, for looking at both systems.
        problems: what was wrong, so far.
        trace: what was done at each gate, for comparing two plays.
    """

    PAUSE: ClassVar[float] = 700.0
    """Seconds between two runs in the end: longer than a lease and the settling time."""

    TRIES: ClassVar[int] = 16

    def __init__(
        self,
        build: Build,
        sandbox: Sandbox,
        store: Callable[[FakeClock], StateStore],
        ahead: Sequence[float] = (0.0, 0.0),
        connect: Callable[[Way], Clients] = connect,
    ) -> None:
        self.sandbox = sandbox
        sandbox.clock.freeze()
        self.clock = FakeClock(follows=sandbox.clock)
        self.store = store(self.clock)
        self.machines = [
            Machine(self, f"machine {number}", timedelta(seconds=seconds)) for number, seconds in enumerate(ahead)
        ]
        self.watches: list[Watch] = []
        self.problems: list[str] = []
        self.trace: list[str] = []
        self._build, self._connect = build, connect
        self._environment: Mapping[str, str] = sandbox.environment()
        self._transport: Transport = sandbox.transport()
        self._programs: dict[str, Integration] = {}
        self._coming: list[tuple[datetime, int, Callable[[], object]]] = []
        self._watching = False
        self.clients = connect(Way(self._environment, self._transport, self._transport, self.clock))
        self.office = build(self.clients.netsuite, self.clients.zoey, self.store, self.clock)

    # What happens.

    def play(self, events: Sequence[Event[Any]]) -> Sequence[str]:
        """Let all of this happen, then let everything come to rest; gives what was wrong, up to the first of it."""
        try:
            for event in events:
                self.trace.append(repr(event))
                event.happen(self)
                self._note(problem for watch in self.watches for problem in watch.happened())
                if self.problems:
                    return self.problems
            self._come_to_rest()
        finally:
            for machine in self.machines:
                machine.player.crash()
        return self.problems

    def let(self, number: int, gates: int, job: Callable[[Integration], object], at: str = "") -> None:
        """Let a machine go on to the so-manieth gate from here; one that is idle begins with this job.

        Args:
            at: count only gates in whose name this is: "commit", "the answer to POST".
        """
        machine = self.machines[number % len(self.machines)]
        if machine.player.is_idle:
            machine.began = self.now()
            machine.player.begin(lambda: self._job(machine, job))
        machine.player.go(gates, at)
        self.trace.append(f"{machine.name} at {machine.player.at or 'rest'}")
        if machine.player.is_idle and machine.player.error is not None:
            error = machine.player.error
            self._note([f"the program failed: {type(error).__name__}: {error}"])

    def crash(self, number: int, *, known: bool) -> None:
        """A machine's program ends where it stands. Known: the others can tell that it is dead."""
        machine = self.machines[number % len(self.machines)]
        machine.player.crash()
        self._programs.pop(machine.name, None)
        if known:
            self._let_know(machine.owners)
        index = self.machines.index(machine)
        self.machines[index] = Machine(self, machine.name, machine.ahead, began=machine.began, active=machine.active)

    def pass_time(self, seconds: float) -> None:
        """Time goes by; what was to come meanwhile comes in its turn."""
        end = self.now() + timedelta(seconds=seconds)
        while True:
            due = [one for one in self._coming if one[0] <= end]
            moment = min(due, key=lambda one: one[:2]) if due else None
            self.sandbox.clock.set(max(end if moment is None else moment[0], self.now()))
            for machine in self.machines:
                if machine.sending is not None and machine.sending.waits_longer(self.now()):
                    machine.sending.finish()
            if moment is None:
                return
            self._coming.remove(moment)
            moment[2]()

    def later(self, seconds: float, what: Callable[[], object]) -> None:
        """Do something once so much time has passed."""
        self._coming.append((self.now() + timedelta(seconds=seconds), len(self.trace), what))

    def now(self) -> datetime:
        """The true time."""
        return self.sandbox.clock.now()

    def carry_out(self, machine: Machine, request: Request, inner: Transport, fault: Fault | None) -> Response:
        """Let a system answer a request now."""
        systems = (self.sandbox.netsuite, self.sandbox.zoey)
        for system in systems if fault is not None else ():
            assert fault is not None
            system.faults.add(fault)
        try:
            answer = inner.send(request)
            self.trace.append(f"{machine.name}: {request.method} {urlsplit(request.url).path}: {answer.status}")
            return answer
        finally:
            for system in systems if fault is not None else ():
                system.faults.clear()
            self._note(problem for watch in self.watches for problem in watch.called(machine, request))

    # How it ends.

    def _come_to_rest(self) -> None:
        """Nothing goes wrong any more; what is under way comes to its end, and runs follow until nothing is left."""
        for machine in self.machines:
            machine.faults.clear()
            machine.late.clear()
            machine.odd.clear()
            machine.trouble = None
        for number, machine in enumerate(self.machines):
            if not machine.player.is_idle:
                self.let(number, TO_THE_END, run)
        self.pass_time(self.PAUSE)
        for _ in range(self.TRIES):
            self._run_well()
            if self.problems:
                return
            if not self.is_pending:
                break
            self.pass_time(max(self.PAUSE, self._until_due()))
        else:
            self._note([f"something stays pending: {', '.join(self._pending())}"])
            return
        self._run_well()
        for system in (self.sandbox.netsuite, self.sandbox.zoey):
            system.calls.reset()
        self._run_well()
        for system in (self.sandbox.netsuite, self.sandbox.zoey):
            written = [f"{call.method} {call.target}" for call in system.calls.log if call.kind == "write"]
            if written:
                self._note([f"a further run still writes: {', '.join(written[:5])}"])
        self._note(problem for watch in self.watches for problem in watch.ended())

    def _run_well(self) -> None:
        """A run that nothing disturbs, on the first machine."""
        reports: list[object] = []
        self.let(0, TO_THE_END, lambda integration: reports.append(run(integration)))
        failure = next((one.failure for one in reports if isinstance(one, Report)), None)
        if failure is not None:
            self._note([f"a run failed though nothing was wrong any more: {failure}"])

    @property
    def is_pending(self) -> bool:
        """Whether something will be tried again by itself, or waits for a lease to end."""
        return bool(self._pending())

    def _pending(self) -> list[str]:
        desk = self.office.attention.desk
        due = [f"{key[2]} {key[-1]}" for key, _ in desk.space.entries("due")]
        now = desk.space.store.now()
        held = [f"lease {key[-1]}" for key, e in desk.space.entries("lease") if not desk.leases.is_free(e, now)]
        return due + held

    def _until_due(self) -> float:
        """Seconds until the last one that waits is due."""
        desk = self.office.attention.desk
        times = [datetime.fromisoformat(key[3]) for key, _ in desk.space.entries("due")]
        return max((moment - self.now()).total_seconds() + 1 for moment in times) if times else 0.0

    # Under the bonnet.

    def _job(self, machine: Machine, job: Callable[[Integration], object]) -> None:
        if machine.name not in self._programs:
            transport = MachineTransport(self._transport, machine)
            clock = MachineClock(machine, self.now())
            clients = self._connect(Way(self._environment, transport, transport, clock))
            store = MachineStore(self.store, machine)
            self._programs[machine.name] = self._build(clients.netsuite, clients.zoey, store, clock)
        job(self._programs[machine.name])

    def _let_know(self, owners: set[str]) -> None:
        """The leases of these owners name a process that is no more."""
        declare_dead(self.store, lambda owner: owner.token in owners)

    def _note(self, problems: Iterator[str] | Sequence[str]) -> None:
        if not self._watching:
            self._watching = True  # a watch may look by calls of its own
            try:
                self.problems += problems
            finally:
                self._watching = False


def run(integration: Integration) -> object:
    """What machines do, unless told otherwise."""
    return integration.run()
