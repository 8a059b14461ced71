"""The crash and fault harness: a scenario, disturbed at every step and on every call, must come to the same end.

It counts the I/O steps (calls and commits) of the undisturbed scenario. Then it runs it once for each place between two
steps, where the program is killed and started again; once for each call and each fault, for each commit that fails; and
with a second worker on the same store before each step. Both systems must end as the undisturbed run left them, and a
further run must have nothing to write.

`zoey_netsuite.testing.scenario` holds what a scenario is, `results` what comes of it, `picture` what is compared. This
needs the extra `sandbox`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias, get_args

from zoey_netsuite.errors import ConfigurationError, ZoeyNetSuiteError
from zoey_netsuite.sandbox import Fault, Sandbox
from zoey_netsuite.testing import disturb
from zoey_netsuite.testing.disturb import Start, said
from zoey_netsuite.testing.picture import Records, differences
from zoey_netsuite.testing.program import NeverAtRest
from zoey_netsuite.testing.results import Case, CaseKind, Failure, Result
from zoey_netsuite.testing.scenario import FAULTS, OUTCOMES, Scenario, Way, connect
from zoey_netsuite.testing.share import WHOLE, Share
from zoey_netsuite.testing.stage import Stage
from zoey_netsuite.testing.steps import COMMIT, Steps, When

__all__ = [
    "FAULTS",
    "KINDS",
    "OUTCOMES",
    "WHOLE",
    "Case",
    "CaseKind",
    "Failure",
    "Harness",
    "Records",
    "Result",
    "Scenario",
    "Share",
    "Way",
    "connect",
]

KINDS: Sequence[CaseKind] = get_args(CaseKind)
WHEN: Sequence[When] = get_args(When)

Progress: TypeAlias = Callable[[Case, Failure | None], object]


class Harness:
    """Runs a scenario again and again, each time disturbed elsewhere. A context manager; to be used from one thread.

    The sandbox lives in this process and is put back for each case. A program is killed in this process, too: from the
    chosen step on, none of its calls and commits comes about. With `processes`, and where several threads make steps,
    it gets a process of its own and SIGKILL. Such processes reach the sandbox over HTTP and go by its clock, which
    stands still but for what programs wait.

    Args:
        scenario: what is to be proved.
        faults: what may go wrong with a call, by name: `FAULTS`, or the fewer `OUTCOMES`.
        processes: None kills programs in this process. Otherwise how a process to be killed is started: "forkserver",
            "spawn", or "fork", which takes functions that are no module's, too (in a notebook), but is not safe where
            other threads are at work.

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
        self, scenario: Scenario, *, faults: Mapping[str, Fault] = FAULTS, processes: Start | None = None
    ) -> None:
        self._faults = dict(faults)
        self._processes: Start | None = processes
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
        """The file of the store that the last case left, for `SQLiteStore`; none where the scenario opens stores."""
        return self._stage.database

    def run(
        self,
        kinds: Collection[CaseKind] = KINDS,
        *,
        share: Share = WHOLE,
        first: bool = False,
        progress: Progress | None = None,
    ) -> Result:
        """Run the cases of these kinds.

        Args:
            kinds: `repeat`: no disturbance; `kill`: the program is killed before the first step, and after each
                (where several threads make steps: before each, too); `fault`: each call meets each
                fault; `store`: each commit fails, or its answer is lost; `workers`: another worker works on the same
                store before each step, and two at the same time; `people`: `meanwhile` comes before each step already.
            share: which of them; of every kind that there is, at least one.
            first: whether to stop at the first that comes to another end.
            progress: told of each case that is over, and of what was wrong with it.
        """
        return self._result(self.cases(kinds, share=share), progress, first=first)

    def cases(self, kinds: Collection[CaseKind] = KINDS, *, share: Share = WHOLE) -> Sequence[Case]:
        """The cases that `run` goes through, in order."""
        name = self._stage.scenario.name
        return [
            case
            for kind in KINDS
            if kind in kinds
            for case in share.of_cases(list(self._cases([kind])), lambda case: (name, *case.names))
        ]

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
        found = [each for each in (*self._cases(KINDS), *self._kills()) if each == chosen][:1]
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
            if len(steps.threads) > 1 and self._processes is None:
                self._processes = "forkserver"
            self._has_threads = len(steps.threads) > 1
            self._steps, self._calls = tuple(steps.names), self._stage.calls_made()
            self._end = self._stage.to_the_end(), self._stage.picture()
        except (ZoeyNetSuiteError, NeverAtRest, AssertionError) as error:
            raise AssertionError(f"the scenario fails even when nobody disturbs it: {said(error)}") from error

    def _cases(self, kinds: Collection[CaseKind]) -> Iterator[Case]:
        if "repeat" in kinds:
            yield Case("repeat")
        if "kill" in kinds:
            for case in self._kills():
                if self._has_threads or case.when == "after" or case.step == 1:
                    yield case
        if "fault" in kinds:
            for system, calls in self.calls.items():
                for call, what in enumerate(calls, start=1):
                    for name in self._faults:
                        yield Case("fault", system=system, call=call, fault=name, what=what)
        if "store" in kinds:
            for step, what in enumerate(self.steps, start=1):
                if what.startswith(COMMIT):
                    for name, (when, _) in disturb.STORE_TROUBLES.items():
                        yield Case("store", step, when, fault=name, what=what)
        if "workers" in kinds:
            yield Case("workers")
            for step, what in enumerate(self.steps, start=1):
                yield Case("workers", step, what=what)
        if "people" in kinds and self._stage.scenario.meanwhile is not None:
            for step, what in enumerate(self.steps, start=1):
                yield Case("people", step, what=what)

    def _kills(self) -> Iterator[Case]:
        for step, what in enumerate(self.steps, start=1):
            for when in WHEN:
                yield Case("kill", step, when, what=what)

    def _result(self, chosen: Sequence[Case], progress: Progress | None, *, first: bool = False) -> Result:
        began = time.monotonic()
        cases: list[Case] = []
        failures: list[Failure] = []
        for case in chosen:
            if first and failures:
                break
            cases.append(case)
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
        try:
            problem = self._disturb(case)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - the user's code may raise anything, and it is what is looked for
            problem = f"the program failed: {said(error)}"
        if problem is not None:
            return Failure(case, problem)
        try:
            left = self._stage.to_the_end(people=case.kind != "people")
        except Exception as error:  # noqa: BLE001 - see above
            return Failure(case, f"the program that was started again failed: {said(error)}")
        expected_left, expected = self._end
        lines = differences(
            {"for a person": expected_left, **expected}, {"for a person": left, **self._stage.picture()}
        )
        return Failure(case, "it came to another end than the undisturbed run", lines) if lines else None

    def _disturb(self, case: Case) -> str | None:
        """Let a case's first program run, and say what was wrong with it already."""
        stage = self._stage
        if case.kind == "kill":
            if self._processes is None:
                return disturb.killed_here(stage, case)
            return disturb.killed(stage, case, self._processes)
        if case.kind == "fault":
            return disturb.faulted(stage, case, self._faults[case.fault])
        if case.kind == "store":
            return disturb.troubled_store(stage, case)
        if case.kind == "workers":
            return disturb.two_workers(stage, case)
        if case.kind == "people":
            disturb.people_at_work(stage, case)
        else:
            disturb.left_alone(stage)
        return None
