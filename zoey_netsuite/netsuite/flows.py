"""Several calls that make one: a generator gives out operations and pauses and is handed results or errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeAlias, TypeVar

from attrs import evolve, frozen

from zoey_netsuite.errors import OutcomeUnknown, ZoeyNetSuiteError
from zoey_netsuite.http.operation import Operation, Safety
from zoey_netsuite.netsuite import operations
from zoey_netsuite.netsuite.answers import RecordId
from zoey_netsuite.netsuite.errors import NetSuiteNotFoundError, NetSuiteServerError, NetSuiteUnknownTypeError

T = TypeVar("T")


@frozen
class Pause:
    """Wait for so many seconds."""

    seconds: float


Flow: TypeAlias = Generator[Operation[Any] | Pause, Any, T]
"""A task of several calls. A blocking and an async client run the same one."""


def run(flow: Flow[T], execute: Callable[[Operation[Any]], Any], sleep: Callable[[float], None]) -> T:
    """Carry out a flow, blocking."""
    answer: Any = None
    problem: ZoeyNetSuiteError | None = None
    try:
        while True:
            step = flow.send(answer) if problem is None else flow.throw(problem)
            answer, problem = None, None
            if isinstance(step, Pause):
                sleep(step.seconds)
                continue
            try:
                answer = execute(step)
            except ZoeyNetSuiteError as raised:
                problem = raised
    except StopIteration as end:
        result: T = end.value
        return result


async def run_async(
    flow: Flow[T],
    execute: Callable[[Operation[Any]], Awaitable[Any]],
    sleep: Callable[[float], Awaitable[None]],
) -> T:
    """Carry out a flow, awaiting."""
    answer: Any = None
    problem: ZoeyNetSuiteError | None = None
    try:
        while True:
            step = flow.send(answer) if problem is None else flow.throw(problem)
            answer, problem = None, None
            if isinstance(step, Pause):
                await sleep(step.seconds)
                continue
            try:
                answer = await execute(step)
            except ZoeyNetSuiteError as raised:
                problem = raised
    except StopIteration as end:
        result: T = end.value
        return result


def find(type: str, external_id: str) -> Flow[RecordId | None]:
    """Look for a record by its external id; None when there is none. A type that does not exist is an error."""
    try:
        found: RecordId = yield operations.find(type, external_id)
    except NetSuiteUnknownTypeError:
        raise
    except NetSuiteNotFoundError:
        return None
    return found


def delete(type: str, id: str) -> Flow[None]:
    """Delete a record. When the answer is lost it is deleted again, and "not found" then means that it is done."""
    operation = operations.delete(type, id)
    try:
        yield operation
    except (OutcomeUnknown, NetSuiteServerError):
        try:
            yield repeatable(operation)
        except NetSuiteUnknownTypeError:
            raise
        except NetSuiteNotFoundError:
            return


def repeatable(operation: Operation[T]) -> Operation[T]:
    """The same call, for whoever knows what its repetition does."""
    return evolve(operation, safety=Safety.REPEATABLE)
