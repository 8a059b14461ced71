"""Where a scenario is played: a sandbox and a store that can be put back, and programs that are started there."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from zoey_netsuite.sandbox import Sandbox
from zoey_netsuite.sandbox.netsuite.shapes import Field
from zoey_netsuite.state.leases import Owner
from zoey_netsuite.state.store import JSON
from zoey_netsuite.testing.case_stores import CaseStores, declare_dead
from zoey_netsuite.testing.clock import FakeClock
from zoey_netsuite.testing.picture import Before, Records
from zoey_netsuite.testing.program import Program, Running, running
from zoey_netsuite.testing.scenario import Scenario
from zoey_netsuite.testing.steps import Steps, When

AGE = timedelta(days=1)
"""What was seeded is so old when a scenario begins: no scan's overlap reaches back to it."""


class Stage:
    """A sandbox, served, with a store beside it; both can be put back to where the scenario begins.

    Attributes:
        sandbox: both systems.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._stores = CaseStores(scenario.store)
        seed = None if callable(scenario.seed) else scenario.seed
        self.sandbox = Sandbox(netsuite=scenario.netsuite, zoey=scenario.zoey, now=scenario.start - AGE, seed=seed)
        self.sandbox.clock.freeze()
        self.sandbox.start()
        try:
            if callable(scenario.seed):
                scenario.seed(self.sandbox)
            self.sandbox.clock.set(scenario.start)
            if scenario.prepare is not None:
                with self.program() as program:
                    scenario.prepare(program.integration, self.sandbox)
            self._began = self.sandbox.snapshot()
            with self.sandbox.netsuite.acting() as app:
                types = list(app.company.registry)
            references = {name for known in types for name in _references(known.fields.values())}
            self._before = Before(self._began.netsuite.records(), self._began.zoey.records(), references)
        except BaseException:
            self.close()
            raise

    @property
    def database(self) -> Path:
        """The file of the store in use, where the scenario has no store of its own."""
        return self._stores.database

    def start_over(self) -> None:
        """Let everything be as when the scenario begins."""
        self.sandbox.restore(self._began)
        self._stores.go_on(FakeClock(follows=self.sandbox.clock))

    @contextmanager
    def program(self, steps: Steps | None = None) -> Generator[Running]:
        """A program in this process: without sockets, and waiting takes no time."""
        clock = FakeClock(follows=self.sandbox.clock)
        transport, environment = self.sandbox.transport(), self.sandbox.environment()
        build, connect = self.scenario.build, self.scenario.connect
        with running(build, connect, environment, transport, clock, self._stores.opener, steps or Steps()) as program:
            yield program

    def killed_program(self, step: int, when: When) -> Program:
        """A program for another process, in which it is killed at a step."""
        scenario, environment = self.scenario, self.sandbox.environment()
        return Program(
            scenario.build,
            scenario.act,
            scenario.connect,
            environment,
            self._stores.opener,
            self._stores.complaints,
            scenario.tries,
            scenario.pause,
            step,
            when,
        )

    def bury(self) -> None:
        """The leases of programs of this process name a process that is no more, as if one had been killed."""
        alive = Owner.new()
        with closing(self._stores.opener(FakeClock(follows=self.sandbox.clock))) as store:
            declare_dead(store, lambda owner: (owner.machine, owner.process) == (alive.machine, alive.process))

    def to_the_end(self, *, people: bool = True) -> Sequence[JSON]:
        """People do their part, and the program is started and works until it has come to rest, also in a run more.

        Args:
            people: whether people do their part now.

        Returns:
            What is left for a person to see.

        Raises:
            AssertionError: a run more still writes something.
            ZoeyNetSuiteError: it failed.
            NeverAtRest: something stays pending.
        """
        scenario = self.scenario
        if people and scenario.meanwhile is not None:
            scenario.meanwhile(self.sandbox)
        with self.program() as program:
            program.until_rest(scenario.act, scenario.tries, scenario.pause)
            if scenario.decide is not None and program.integration.attention.list(state="held"):
                scenario.decide(program.integration, self.sandbox)
                program.until_rest(scenario.act, scenario.tries, scenario.pause)
            systems = (self.sandbox.netsuite, self.sandbox.zoey)
            for system in systems:
                system.calls.reset()
            program.once(scenario.act)
            log = [call for system in systems for call in system.calls.log if call.kind == "write"]
            if log:
                named = ", ".join(f"{call.method} {call.target}" for call in log[:5])
                raise AssertionError(f"all was done, and a further run still writes: {named}")
            left = program.integration.attention.list()
        return [f"{item.sync} {item.unit_id} is {item.state}: {item.cause}" for item in left]

    def picture(self) -> Mapping[str, JSON]:
        """Both systems as the scenario looks at them."""
        look = self.scenario.look
        if isinstance(look, Records):
            return look.picture(self._before, self.sandbox.snapshot())
        return {"both systems": look(self.sandbox)}

    def calls_made(self) -> Mapping[str, Sequence[str]]:
        """The calls to each system since the scenario began."""
        return {
            name: [f"{call.method} {call.target.partition('?')[0]}" for call in system.calls.log]
            for name, system in (("netsuite", self.sandbox.netsuite), ("zoey", self.sandbox.zoey))
        }

    def close(self) -> None:
        """Stop the sandbox and forget everything."""
        self.sandbox.close()
        self._stores.close()


def _references(fields: Iterable[Field]) -> Iterator[str]:
    """The names of fields that hold another record's id, those of lines and subrecords included."""
    for known in fields:
        if known.kind == "reference":
            yield known.name
        yield from _references(known.fields.values())
