"""Asynchronous requests: any call sent as a job, and what became of it (REST Web Services, Asynchronous Requests)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from attrs import frozen

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.errors import OutcomeUnknown
from zoey_netsuite.http.answers import read_object, read_optional_json
from zoey_netsuite.http.operation import JSON, Operation, Response, Safety
from zoey_netsuite.netsuite.answers import RecordId, is_list, is_object
from zoey_netsuite.netsuite.errors import NetSuiteRepeatedError, read_error
from zoey_netsuite.netsuite.flows import Flow, Pause
from zoey_netsuite.netsuite.values import to_text

T = TypeVar("T")

JOBS = "/services/rest/async/v1/job"
LONGEST = 3600.0
"""Seconds after which waiting for a job is given up, unless told otherwise."""


@frozen
class Progress:
    """How far a job, or one task of it, has come.

    Attributes:
        id: of the job or task.
        completed: whether it has ended, well or not.
        state: NetSuite's word ("pending", "processing", "succeeded", "failed"), or "".
    """

    id: str
    completed: bool
    state: str = ""


@frozen
class TaskResult:
    """What one task answered.

    Attributes:
        status: HTTP status of the answer.
        id: the id of the record that was written, or None where the answer names none.
        body: the answer's JSON, or None.
    """

    status: int
    id: RecordId | None
    body: JSON


def respond_async(operation: Operation[Any], *, idempotency_key: str) -> Operation[str]:
    """The same call as a job, whose id is the result. With its key it can be sent again without being done twice."""
    headers = {
        **operation.headers,
        "prefer": "respond-async",
        "x-netsuite-idempotency-key": idempotency_key,
    }
    return Operation(
        name=f"{operation.name} (as a job)",
        method=operation.method,
        path=operation.path,
        read=_read_job_id,
        kind=f"{operation.kind}.async",
        host=operation.host,
        params=operation.params,
        json=operation.json,
        content=operation.content,
        headers=headers,
        safety=Safety.REPEATABLE,
        timeout=operation.timeout,
    )


def submit(operation: Operation[Any], *, idempotency_key: str | None = None) -> Flow[str]:
    """Send a call as a job. One that was sent before under the same key gives the job that it became."""
    sent = respond_async(operation, idempotency_key=idempotency_key or str(uuid.uuid4()))
    try:
        job: str = yield sent
    except NetSuiteRepeatedError as repeated:
        try:
            return job_id_in(repeated.location)
        except ValueError:
            raise repeated from None
    return job


def progress(job_id: str) -> Operation[Progress]:
    """Ask how far a job is."""
    must_be_id("the job's id", job_id)
    return Operation(
        name=f"ask for job {job_id}",
        method="GET",
        path=f"{JOBS}/{job_id}",
        read=lambda response: read_progress(read_object(response), job_id),
        kind="job.read",
    )


def tasks(job_id: str) -> Operation[list[Progress]]:
    """List a job's tasks, by ascending number. Their state may be missing."""
    must_be_id("the job's id", job_id)

    def read(response: Response) -> list[Progress]:
        items = read_object(response).get("items")
        if not is_list(items):
            raise ValueError("it has no list called items")
        found = [read_progress(item, "") for item in items if is_object(item)]
        return sorted((task for task in found if task.id), key=lambda task: (len(task.id), task.id))

    return Operation(
        name=f"list the tasks of job {job_id}",
        method="GET",
        path=f"{JOBS}/{job_id}/task",
        read=read,
        kind="job.tasks",
    )


def result(job_id: str, task_id: str = "1") -> Operation[TaskResult]:
    """Read what a task answered. A refusal is raised as it would have been without a job."""
    must_be_id("the job's id", job_id)
    must_be_id("the task's id", task_id)
    name = f"read the result of task {task_id} of job {job_id}"

    def read(response: Response) -> TaskResult:
        body = read_optional_json(response)
        if _is_refusal(body):
            raise read_error(int(body.get("status", 400)), {}, response.content, action=name)
        return TaskResult(response.status, _record_id(response, body), body)

    return Operation(
        name=name, method="GET", path=f"{JOBS}/{job_id}/task/{task_id}/result", read=read, kind="job.result"
    )


def wait(job_id: str, *, longest: float = LONGEST) -> Flow[Progress]:
    """Ask for a job until it has ended, ever more slowly.

    Raises:
        OutcomeUnknown: it has not ended after `longest` seconds.
    """
    waited = 0.0
    for seconds in _growing():
        asked = progress(job_id)
        state: Progress = yield asked
        if state.completed:
            return state
        if waited >= longest:
            raise OutcomeUnknown(
                f"Job {job_id} has not ended after {waited:.0f} s (its state is {state.state or 'unknown'}). "
                "It may still do its work: ask for it later.",
                operation=asked,
            )
        waited += seconds
        yield Pause(seconds)
    raise AssertionError


def _growing() -> Iterator[float]:
    seconds = 0.5
    while True:
        yield seconds
        seconds = min(seconds * 2, 30.0)


def job_id_in(location: str) -> str:
    """The job's id in an address such as `.../async/v1/job/12`."""
    parts = urlsplit(location).path.split("/")
    if "job" not in parts[:-1] or not parts[parts.index("job") + 1]:
        raise ValueError(f"its Location header ({location!r}) names no job")
    return unquote(parts[parts.index("job") + 1])


def _read_job_id(response: Response) -> str:
    return job_id_in(response.headers.get("location", ""))


def read_progress(body: Mapping[str, JSON], known_id: str) -> Progress:
    """A job's or task's state, from whichever of its fields are there."""
    state = to_text(body["progress"]) if isinstance(body.get("progress"), str) else ""
    completed = body.get("completed")
    identifier = body.get("id")
    if identifier is None:
        identifier = known_id or _id_in_links(body.get("links"))
    return Progress(
        to_text(identifier),
        completed if isinstance(completed, bool) else state.lower() in ("succeeded", "failed"),
        state.lower(),
    )


def _id_in_links(links: JSON) -> str:
    for link in links if is_list(links) else ():
        if is_object(link) and "href" in link:
            return unquote(urlsplit(str(link["href"])).path.rstrip("/").rpartition("/")[2])
    return ""


def _is_refusal(body: JSON) -> bool:
    if not is_object(body):
        return False
    status = body.get("status")
    return "o:errorDetails" in body or "o:errorCode" in body or (isinstance(status, int) and status >= 400)


def _record_id(response: Response, body: JSON) -> RecordId | None:
    location = urlsplit(response.headers.get("location", "")).path.rstrip("/")
    last = unquote(location.rpartition("/")[2])
    if "/record/" in location and last and not last.startswith("eid:"):
        return RecordId(last)
    if is_object(body) and isinstance(body.get("id"), str | int):
        return RecordId(to_text(body["id"]))
    return None
