"""The crash and fault harness: a scenario, disturbed at every step and on every call, must come to the same end.

It counts the I/O steps (calls and commits) of the undisturbed scenario. Then it runs it once for each step, before and
after it, in a process that is killed there and started again; once for each call and each fault; and with a second
worker on the same store before each step. Both systems must end as the undisturbed run left them, and a further run
must have nothing to write.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from zoey_netsuite.errors import ConfigurationError, ZoeyNetSuiteError
from zoey_netsuite.sandbox import Fault, Sandbox
from zoey_netsuite.testing.picture import differences
from zoey_netsuite.testing.program import NeverAtRest, Program
from zoey_netsuite.testing.results import Case, CaseKind, Failure, Result
from zoey_netsuite.testing.scenario import FAULTS, Scenario
from zoey_netsuite.testing.stage import Stage
from zoey_netsuite.testing.steps import Steps, When

KINDS: Sequence[CaseKind] = ("repeat", "kill", "fault", "workers")
WHEN: Sequence[When] = ("before", "after")

PATIENCE = 120.0
"""Seconds after which a process that should have been killed is given up."""

Progress: TypeAlias = Callable[[Case, Failure | None], object]
Start: TypeAlias = Literal["forkserver", "spawn", "fork"]


class Harness:
    """Runs a scenario again and again, each time disturbed elsewhere. A context manager; to be used from one thread.

    The sandbox lives in this process and is put back for each case. Processes that are killed reach it over HTTP and go
    by its clock, which stands still but for what programs wait.

    Args:
        scenario: what is to be proved.
        faults: what may go wrong with a call, by name.
        processes: how a process to be killed is started: "forkserver", "spawn", or "fork", which takes functions that
            are no module's, too (in a notebook), but is not safe where other threads are at work.

    Raises:
        AssertionError: the scenario does not come to an end even when nobody disturbs it.

    Example:
        ```python
        with Harness(Scenario(build=build, seed=records)) as harness:
            result = harness.run()
        print(result)
        result.raise_for_failures()
        ```
    """

    def __init__(
        self, scenario: Scenario, *, faults: Mapping[str, Fault] = FAULTS, processes: Start = "forkserver"
    ) -> None:
        self._faults = dict(faults)
        self._processes: Start = processes
        self._stage = Stage(scenario)
        try:
            self._run_undisturbed()
        except BaseException:
            self.close()
            raise

    @property
    def steps(self) -> Sequence[str]:
        """What each step of the undisturbed program is: a call, or a commit and what it writes."""
        return self._steps

    @property
    def calls(self) -> Mapping[str, Sequence[str]]:
        """The calls of the undisturbed program, by system, in order."""
        return self._calls

    @property
    def sandbox(self) -> Sandbox:
        """Both systems, as the last case left them."""
        return self._stage.sandbox

    @property
    def database(self) -> Path:
        """The file of the store that the last case left, for `SQLiteStore`."""
        return self._stage.database

    def run(self, kinds: Collection[CaseKind] = KINDS, *, progress: Progress | None = None) -> Result:
        """Run all cases of these kinds.

        Args:
            kinds: `kill`: the process is killed at each step; `fault`: each call meets each fault; `workers`: another
                worker works on the same store before each step, and two at the same time; `repeat`: no disturbance.
            progress: told of each case that is over, and of what was wrong with it.
        """
        return self._result(list(self._cases(kinds)), progress)

    def case(
        self,
        *,
        step: int | None = None,
        when: When = "before",
        system: str = "",
        call: int | None = None,
        fault: str = "",
        kind: CaseKind | None = None,
    ) -> Result:
        """Run one case alone: `step` and `when`; or `system`, `call` and `fault`; or another `kind`.

        Raises:
            ConfigurationError: there is no such case.
        """
        chosen = Case(kind or ("kill" if call is None else "fault"), step, when, system, call, fault)
        found = [each for each in self._cases(KINDS) if each == chosen]
        if not found:
            made = ", ".join(f"{len(calls)} calls to {name}" for name, calls in self.calls.items())
            raise ConfigurationError(f"there is no case {chosen.replay}: there are {len(self.steps)} steps and {made}")
        return self._result(found, None)

    def close(self) -> None:
        """Stop the sandbox and forget everything."""
        self._stage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run_undisturbed(self) -> None:
        steps = Steps()
        self._stage.start_over()
        try:
            with self._stage.program(steps) as program:
                program.until_rest(self._stage.scenario.act, self._stage.scenario.tries, self._stage.scenario.pause)
            self._steps, self._calls = tuple(steps.names), self._stage.calls_made()
            self._end = self._stage.to_the_end(), self._stage.picture()
        except (ZoeyNetSuiteError, NeverAtRest, AssertionError) as error:
            raise AssertionError(f"the scenario fails even when nobody disturbs it: {_said(error)}") from error

    def _cases(self, kinds: Collection[CaseKind]) -> Iterator[Case]:
        if "repeat" in kinds:
            yield Case("repeat")
        if "kill" in kinds:
            for step, what in enumerate(self.steps, start=1):
                for when in WHEN:
                    yield Case("kill", step, when, what=what)
        if "fault" in kinds:
            for system, calls in self.calls.items():
                for call, what in enumerate(calls, start=1):
                    for name in self._faults:
                        yield Case("fault", system=system, call=call, fault=name, what=what)
        if "workers" in kinds:
            yield Case("workers")
            for step, what in enumerate(self.steps, start=1):
                yield Case("workers", step, what=what)

    def _result(self, cases: Sequence[Case], progress: Progress | None) -> Result:
        began = time.monotonic()
        failures: list[Failure] = []
        for case in cases:
            failure = self._failure(case)
            if failure is not None:
                failures.append(failure)
            if progress is not None:
                progress(case, failure)
        calls = {system: len(made) for system, made in self.calls.items()}
        return Result(self.steps, calls, cases, failures, time.monotonic() - began)

    def _failure(self, case: Case) -> Failure | None:
        """Run a case, and say what was wrong with it."""
        self._stage.start_over()
        disturb = {"repeat": self._repeat, "kill": self._kill, "fault": self._fault, "workers": self._workers}
        try:
            problem = disturb[case.kind](case)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - the user's code may raise anything, and it is what is looked for
            problem = f"the program failed: {_said(error)}"
        if problem is not None:
            return Failure(case, problem)
        try:
            left = self._stage.to_the_end()
        except Exception as error:  # noqa: BLE001 - see above
            return Failure(case, f"the program that was started again failed: {_said(error)}")
        expected_left, expected = self._end
        lines = differences(
            {"for a person": expected_left, **expected}, {"for a person": left, **self._stage.picture()}
        )
        return Failure(case, "it came to another end than the undisturbed run", lines) if lines else None

    def _repeat(self, case: Case) -> str | None:
        scenario = self._stage.scenario
        with self._stage.program() as program:
            program.until_rest(scenario.act, scenario.tries, scenario.pause)
        return None

    def _kill(self, case: Case) -> str | None:
        program = self._stage.killed_program(case.step or 0, case.when)
        child = _started(program, self._processes)
        child.join(PATIENCE)
        code = child.exitcode
        if code is None:
            child.kill()
            child.join()
            return f"the process did not come to this step within {PATIENCE:.0f} seconds"
        if not sys.platform.startswith("linux"):  # where nobody can tell that a worker is dead, its lease must end
            self.sandbox.clock.advance(self._stage.scenario.pause)
        if code == -signal.SIGKILL:
            return None
        complaint = program.complaint()
        if complaint:
            return f"the program failed before it came to this step: {complaint}"
        return (
            "the program never came to this step: give the integration dispatcher=Inline(), so that steps are the same"
        )

    def _fault(self, case: Case) -> str | None:
        scenario = self._stage.scenario
        faults = (self.sandbox.netsuite if case.system == "netsuite" else self.sandbox.zoey).faults
        faults.on_call(case.call or 0, self._faults[case.fault])
        try:
            with self._stage.program() as program:
                program.until_rest(scenario.act, scenario.tries, scenario.pause)
        except (ZoeyNetSuiteError, NeverAtRest):
            pass  # it may stop; the one that is started again may not
        met = any(planned.hit for planned in faults)
        faults.clear()
        return None if met else "the program never made this call: give the integration dispatcher=Inline()"

    def _workers(self, case: Case) -> str | None:
        problems: list[str] = []

        def work(steps: Steps) -> None:
            try:
                with self._stage.program(steps) as program:
                    program.once(self._stage.scenario.act)
            except Exception as error:  # noqa: BLE001 - see above
                problems.append(f"one of two workers failed: {_said(error)}")

        if case.step is not None:
            work(Steps(case.step, what=lambda: work(Steps())))
        else:
            both = [threading.Thread(target=work, args=(Steps(),)) for _ in range(2)]
            for thread in both:
                thread.start()
            for thread in both:
                thread.join()
        return problems[0] if problems else None


def _started(program: Program, processes: Start) -> BaseProcess:
    """A process that has begun to carry out a program."""
    if processes == "forkserver":
        # Both this program's main module and what the scenario's functions need are imported once, not in each child.
        multiprocessing.set_forkserver_preload(["__main__", Program.__module__, program.build_module])
    try:
        context: Any = multiprocessing.get_context(processes)  # each kind of context has a class of its own
        child: BaseProcess = context.Process(target=program)
        child.start()
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        msg = (
            f"the scenario can't be sent to another process ({error}): let build, act and connect be functions of a"
            ' module, or use Harness(..., processes="fork")'
        )
        raise ConfigurationError(msg) from error
    return child


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
