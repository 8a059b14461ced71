"""The ways in which a scenario's first program is disturbed. Each gives what was wrong with it already, or None."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from typing import Any, Literal, TypeAlias

from zoey_netsuite.errors import ConfigurationError, StoreError, StoreOutcomeUnknown, ZoeyNetSuiteError
from zoey_netsuite.sandbox import Fault
from zoey_netsuite.testing.program import NeverAtRest, Program
from zoey_netsuite.testing.results import Case
from zoey_netsuite.testing.stage import Stage
from zoey_netsuite.testing.steps import Steps, When, end_program
from zoey_netsuite.testing.turns import Crash

Start: TypeAlias = Literal["forkserver", "spawn", "fork"]
"""How a process is started, as `multiprocessing` calls it."""

PATIENCE = 120.0
"""Seconds after which a process that should have been killed is given up."""

STORE_TROUBLES: Mapping[str, tuple[When, Callable[[], StoreError]]] = {
    "commit fails": ("before", lambda: StoreError("the disk is full")),
    "commit not made, answer lost": ("before", lambda: StoreOutcomeUnknown("the connection broke")),
    "commit made, answer lost": ("after", lambda: StoreOutcomeUnknown("the connection broke")),
}
"""What goes wrong with a commit, by name."""

_OTHERWISE = "give the integration dispatcher=Inline(), so that every run takes the same steps"


def left_alone(stage: Stage) -> None:
    """Nothing happens."""
    with stage.program() as program:
        program.until_rest(stage.scenario.act, stage.scenario.tries, stage.scenario.pause)


def killed_here(stage: Stage, case: Case) -> str | None:
    """The program is killed at a step, and this process goes on: no further step comes about."""
    try:
        with stage.program(Steps(case.step, case.when, what=end_program)) as program:
            program.until_rest(stage.scenario.act, stage.scenario.tries, stage.scenario.pause)
    except Crash:
        stage.bury()
        _let_leases_end(stage)
        return None
    except Exception as error:  # noqa: BLE001 - the user's code may raise anything, and it is what is looked for
        return f"the program failed before it came to this step: {said(error)}"
    return f"the program never came to this step: {_OTHERWISE}"


def killed(stage: Stage, case: Case, processes: Start) -> str | None:
    """The program's process is killed at a step (SIGKILL)."""
    program = stage.killed_program(case.step or 0, case.when)
    child = _started(program, processes)
    child.join(PATIENCE)
    code = child.exitcode
    if code is None:
        child.kill()
        child.join()
        return f"the process did not come to this step within {PATIENCE:.0f} seconds"
    _let_leases_end(stage)
    if code == -signal.SIGKILL:
        return None
    complaint = program.complaint()
    if complaint:
        return f"the program failed before it came to this step: {complaint}"
    return f"the program never came to this step: {_OTHERWISE}"


def faulted(stage: Stage, case: Case, fault: Fault) -> str | None:
    """A call meets a fault. The program may stop for it; the one that is started again may not."""
    faults = (stage.sandbox.netsuite if case.system == "netsuite" else stage.sandbox.zoey).faults
    faults.on_call(case.call or 0, fault)
    _until_rest_or_failure(stage, Steps())
    met = any(planned.hit for planned in faults)
    faults.clear()
    return None if met else f"the program never made this call: {_OTHERWISE}"


def troubled_store(stage: Stage, case: Case) -> str | None:
    """A commit goes wrong. The program may stop for it; the one that is started again may not."""
    met: list[Case] = []

    def fail() -> None:
        met.append(case)
        raise STORE_TROUBLES[case.fault][1]()

    _until_rest_or_failure(stage, Steps(case.step, case.when, what=fail))
    return None if met else f"the program never came to this commit: {_OTHERWISE}"


def two_workers(stage: Stage, case: Case) -> str | None:
    """Another worker works on the same store: before a step of the first one, or at the same time."""
    problems: list[str] = []

    def work(steps: Steps) -> None:
        try:
            with stage.program(steps) as program:
                program.once(stage.scenario.act)
        except Exception as error:  # noqa: BLE001 - the user's code may raise anything, and it is what is looked for
            problems.append(f"one of two workers failed: {said(error)}")

    if case.step is not None:
        work(Steps(case.step, what=lambda: work(Steps())))
    else:
        both = [threading.Thread(target=work, args=(Steps(),)) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    return problems[0] if problems else None


def people_at_work(stage: Stage, case: Case) -> None:
    """What people do meanwhile, they do before a step already."""
    meanwhile = stage.scenario.meanwhile

    def act() -> None:
        if meanwhile is not None:
            meanwhile(stage.sandbox)

    with stage.program(Steps(case.step, what=act)) as program:
        program.until_rest(stage.scenario.act, stage.scenario.tries, stage.scenario.pause)


def said(error: BaseException) -> str:
    """An error in a line."""
    return f"{type(error).__name__}: {error}"


def _let_leases_end(stage: Stage) -> None:
    if not sys.platform.startswith("linux"):  # nobody can tell there that a worker is dead: its leases end by time
        stage.sandbox.clock.advance(stage.scenario.pause)


def _until_rest_or_failure(stage: Stage, steps: Steps) -> None:
    try:
        with stage.program(steps) as program:
            program.until_rest(stage.scenario.act, stage.scenario.tries, stage.scenario.pause)
    except (ZoeyNetSuiteError, NeverAtRest):
        return


def _started(program: Program, processes: Start) -> BaseProcess:
    """A process that has begun to carry out a program."""
    if processes == "forkserver":
        # Both this program's main module and what the scenario's functions need are imported once, not in each child.
        multiprocessing.set_forkserver_preload(["__main__", Program.__module__, program.build_module])
    context: Any = multiprocessing.get_context(processes)  # each kind of context has a class of its own
    try:
        child: BaseProcess = context.Process(target=program)
        child.start()
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        msg = (
            f"the scenario can't be sent to another process ({error}): let build, act and connect be functions of a"
            ' module, or use Harness(..., processes="fork")'
        )
        raise ConfigurationError(msg) from error
    return child
