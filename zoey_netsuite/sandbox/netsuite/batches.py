"""Asynchronous work: jobs, their tasks and results, batches of records, idempotency keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from attrs import evolve

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.auth import Clock
from zoey_netsuite.sandbox.netsuite.content import entries
from zoey_netsuite.sandbox.netsuite.database import Database, Row
from zoey_netsuite.sandbox.netsuite.errors import (
    ErrorShapes,
    Refusal,
    invalid_content,
    invalid_header,
    invalid_parameter,
    nonexistent,
)
from zoey_netsuite.sandbox.netsuite.parts import LIST_CONTENT
from zoey_netsuite.sandbox.netsuite.present import link
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings

ASYNC = "/services/rest/async/v1"
MOST_RECORDS = 100
_SINGLE = ("GET", "POST", "PATCH", "PUT", "DELETE")


def is_async(request: Request) -> bool:
    """Whether the caller does not want to wait."""
    return "respond-async" in request.headers.get("prefer", "").lower()


def is_batch(request: Request) -> bool:
    """Whether the request is about a collection of records."""
    kind = request.headers.get("content-type", "").replace(" ", "").lower()
    return "type=collection" in kind


class Jobs:
    """Takes work on, does it at once, and shows the results as time or polling goes on."""

    def __init__(
        self, database: Database, settings: NetSuiteSettings, clock: Clock, perform: Callable[[Request], Answer]
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._perform = perform
        database.connection.execute(
            "CREATE TABLE IF NOT EXISTS _job "
            "(id INTEGER PRIMARY KEY, key TEXT, started TEXT, polls INTEGER, results TEXT)"
        )

    def submit(self, request: Request) -> Answer:
        """Take on one request or a batch, and say where its job is. Raises Refusal."""
        key = request.headers.get("x-netsuite-idempotency-key")
        base = _base(request)
        if key:
            earlier = self._database.value("SELECT id FROM _job WHERE key = ?", key)
            if earlier is not None:
                raise Refusal(
                    400,
                    "IDEMPOTENCY_ERROR",
                    "A request with this idempotency key was submitted already.",
                    title="Conflict",
                    headers={"location": f"{base}{ASYNC}/job/{earlier}"},
                )
        parts = _parts(request) if is_batch(request) else [request]
        results = [self._result(part) for part in parts]
        row: Row = {
            "key": key,
            "started": self._clock.now().astimezone(UTC).isoformat(),
            "polls": 0,
            "results": json.dumps(results),
        }
        cursor = self._database.connection.execute(
            "INSERT INTO _job (key, started, polls, results) VALUES (:key, :started, :polls, :results)", row
        )
        return Answer(202, headers={"location": f"{base}{ASYNC}/job/{cursor.lastrowid}"})

    def handle(self, request: Request) -> Answer:
        """Answer a question about a job. Raises Refusal."""
        parts = [part for part in request.path[len(ASYNC) :].split("/") if part]
        if request.method != "GET" or len(parts) < 2 or parts[0] != "job" or not parts[1].isdigit():
            raise nonexistent()
        rows = self._database.rows("SELECT * FROM _job WHERE id = ?", int(parts[1]))
        if not rows:
            raise nonexistent()
        job, rest = rows[0], parts[2:]
        here = f"{_base(request)}{ASYNC}/job/{job['id']}"
        if not rest:
            self._database.connection.execute("UPDATE _job SET polls = polls + 1 WHERE id = ?", (job["id"],))
            job["polls"] = int(job["polls"] or 0) + 1
            return Answer.of(self._job(job, here))
        tasks = self._tasks(job, here)
        if rest == ["task"]:
            page = {"count": len(tasks), "hasMore": False, "items": tasks, "offset": 0, "totalResults": len(tasks)}
            return Answer.of({"links": [link("self", f"{here}/task")], **page}, content_type=LIST_CONTENT)
        number = int(rest[1]) if rest[0] == "task" and len(rest) > 1 and rest[1].isdigit() else 0
        if not 1 <= number <= len(tasks) or len(rest) > 3 or (len(rest) == 3 and rest[2] != "result"):
            raise nonexistent()
        task = tasks[number - 1]
        if len(rest) == 2:
            return Answer.of(task)
        if not task["completed"]:
            raise Refusal(404, "NONEXISTENT_ID", "The task has not been completed yet: it has no result.")
        return self._answer(job, number)

    def _result(self, request: Request) -> dict[str, Any]:
        try:
            with self._database.unit_of_work():
                answer = self._perform(request)
        except Refusal as refusal:
            answer = self._shapes.answer(refusal)
        return {
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": base64.b64encode(answer.body).decode(),
        }

    @property
    def _shapes(self) -> ErrorShapes:
        return self._settings.errors

    def _answer(self, job: Row, number: int) -> Answer:
        kept = json.loads(str(job["results"]))[number - 1]
        return Answer(kept["status"], base64.b64decode(kept["body"]), kept["headers"])

    def _done(self, job: Row) -> int:
        """How many of a job's tasks are done by now."""
        total = len(json.loads(str(job["results"])))
        by_polls = int(job["polls"] or 0) // self._settings.polls_per_task if self._settings.polls_per_task else total
        if self._settings.seconds_per_task <= 0:
            return min(total, by_polls)
        passed = (self._clock.now() - datetime.fromisoformat(str(job["started"]))).total_seconds()
        return min(total, by_polls, int(passed / self._settings.seconds_per_task))

    def _job(self, job: Row, here: str) -> dict[str, Any]:
        results = json.loads(str(job["results"]))
        done = self._done(job)
        completed = done >= len(results)
        failed = any(result["status"] >= 400 for result in results)
        finished = "failed" if failed and len(results) == 1 else "succeeded"
        return {
            "links": [link("self", here)],
            "completed": completed,
            "id": str(job["id"]),
            "progress": finished if completed else "processing" if done else "pending",
            "task": {"links": [link("self", f"{here}/task")]},
        }

    def _tasks(self, job: Row, here: str) -> list[dict[str, Any]]:
        done, started = self._done(job), str(job["started"])[:19] + "Z"
        tasks: list[dict[str, Any]] = []
        for number, result in enumerate(json.loads(str(job["results"])), start=1):
            completed = number <= done
            outcome = "failed" if result["status"] >= 400 else "succeeded"
            task: dict[str, Any] = {
                "links": [link("self", f"{here}/task/{number}")],
                "completed": completed,
                "id": str(number),
                "progress": outcome if completed else "pending",
                "startTime": started,
            }
            if completed:
                task["endTime"] = started
                task["result"] = {"links": [link("self", f"{here}/task/{number}/result")]}
            tasks.append(task)
        return tasks


def _base(request: Request) -> str:
    split = urlsplit(request.url)
    return f"{split.scheme}://{split.netloc}"


def _parts(request: Request) -> Sequence[Request]:
    """A batch as single requests, in order. Raises Refusal."""
    if not is_async(request):
        raise invalid_header("The required request header 'Prefer' is missing", "Prefer")
    address = request.url.partition("?")[0].rstrip("/")
    headers = {name: value for name, value in request.headers.items() if name not in ("content-type", "prefer")}
    single = evolve(request, headers=headers)
    if request.method in ("GET", "DELETE"):
        given = dict(request.query).get("ids", "")
        identifiers = [each.strip() for each in given.split(",") if each.strip()]
        _insist_number(len(identifiers))
        return [evolve(single, url=f"{address}/{each}", body=b"") for each in identifiers]
    items = _items(request)
    _insist_number(len(items))
    return [_part(single, address, item, number) for number, item in enumerate(items)]


def _items(request: Request) -> list[Mapping[str, Any]]:
    try:
        value = request.json()
    except ValueError:
        raise invalid_content("Invalid content in the request body") from None
    items = entries(cast("dict[str, Any]", value).get("items")) if isinstance(value, dict) else None
    if items is None or not all(isinstance(item, dict) for item in items):
        raise invalid_content("Invalid content in the request body", "items")
    return items


def _part(single: Request, address: str, item: Mapping[str, Any], number: int) -> Request:
    body = dict(item)
    identifier, external_id = body.pop("id", None), body.get("externalId")
    url, path = address, f"items[{number}]"
    if single.method == "PATCH":
        if identifier is None and external_id is None:
            raise invalid_content("Every record of the batch needs an id or an externalId.", path)
        url = f"{address}/{identifier}" if identifier is not None else f"{address}/eid:{external_id}"
    elif single.method == "PUT":
        if external_id is None:
            raise invalid_content("Every record of the batch needs an externalId.", path)
        url = f"{address}/eid:{external_id}"
    elif single.method not in _SINGLE:
        raise Refusal(405, "METHOD_NOT_ALLOWED", f"The method {single.method} is not supported for this resource.")
    return evolve(single, url=url, body=json.dumps(body).encode())


def _insist_number(count: int) -> None:
    if count == 0:
        raise invalid_parameter("The batch names no record.", "ids")
    if count > MOST_RECORDS:
        raise invalid_content(f"A batch holds at most {MOST_RECORDS} records; this one has {count}.")
