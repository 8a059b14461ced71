"""Asynchronous requests: batches, jobs, tasks, results, idempotency keys."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from support.netsuite_shop import HOST, RECORD, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock

BATCH = {"prefer": "respond-async", "content-type": "application/vnd.oracle.resource+json; type=collection"}


def submit(shop: Shop, method: str, path: str, items: Any = None, **headers: str) -> str:
    body = {"items": items} if items is not None else None
    answer = shop.send(method, f"{RECORD}/{path}", body, headers={**BATCH, **headers})
    assert (answer.status, answer.body) == (202, b""), answer.body
    assert answer.headers["location"].startswith(f"{HOST}/services/rest/async/v1/job/")
    return answer.headers["location"]


def results(shop: Shop, job: str) -> list[tuple[int, str | None]]:
    found = []
    for task in shop.get(f"{job}/task")["items"]:
        answer = shop.send("GET", f"{job}/task/{task['id']}/result")
        location = answer.headers.get("location")
        found.append((answer.status, location.rsplit("/", 1)[1] if location else None))
    return found


def test_a_batch_is_one_task_per_record(shop: Shop) -> None:
    items = [{"companyName": "One", "externalId": "b-1"}, {"companyName": "Acme"}, {"companyName": "Three"}]
    job = submit(shop, "POST", "customer", items)
    value = shop.get(job)
    assert (value["completed"], value["progress"], value["id"]) == (True, "succeeded", job.rsplit("/", 1)[1])
    tasks = shop.get(value["task"]["links"][0]["href"])["items"]
    assert [task["progress"] for task in tasks] == ["succeeded", "failed", "succeeded"]
    assert (tasks[0]["id"], tasks[0]["completed"], tasks[0]["startTime"]) == ("1", True, "2026-03-02T20:00:00Z")
    (first, made), (second, none), (third, _) = results(shop, job)
    assert (first, second, third, none) == (204, 400, 204, None)
    assert shop.record("customer/eid:b-1")["id"] == made
    failed = shop.send("GET", f"{job}/task/2/result")
    assert json.loads(failed.body)["o:errorDetails"][0]["o:errorCode"] == "USER_ERROR"


def test_patch_put_get_and_delete(shop: Shop) -> None:
    up = [{"externalId": "u-1", "companyName": "U1"}, {"externalId": "u-2", "companyName": "U2"}]
    assert [status for status, _ in results(shop, submit(shop, "PUT", "customer", up))] == [204, 204]
    changes = [{"id": 501, "externalId": "u-1x", "phone": "1"}, {"externalId": "u-2", "phone": "2"}]
    assert [status for status, _ in results(shop, submit(shop, "PATCH", "customer", changes))] == [204, 204]
    # The id wins over the external id, which then is a change like any other.
    assert shop.record("customer/501")["externalId"] == "u-1x"
    assert shop.record("customer/eid:u-2")["phone"] == "2"
    job = submit(shop, "GET", "customer?ids=501,eid:u-2")
    assert json.loads(shop.send("GET", f"{job}/task/2/result").body)["companyName"] == "U2"
    job = submit(shop, "DELETE", "customer?ids=eid:u-1,eid:u-2,999999")
    assert [status for status, _ in results(shop, job)] == [204, 204, 404]


def test_at_most_a_hundred_records(shop: Shop) -> None:
    items = [{"companyName": f"C{number}"} for number in range(101)]
    refused = shop.refused("POST", "customer", {"items": items}, headers=BATCH)
    assert (refused["status"], refused["o:errorCode"]) == (400, "INVALID_CONTENT")
    assert len(results(shop, submit(shop, "POST", "customer", items[:100]))) == 100


def test_a_batch_needs_the_prefer_header(shop: Shop) -> None:
    refused = shop.refused("POST", "customer", {"items": [{}]}, headers={"content-type": BATCH["content-type"]})
    assert (refused["o:errorCode"], refused["o:errorHeader"]) == ("INVALID_HEADER", "Prefer")


@pytest.mark.parametrize(("method", "item"), [("PUT", {"id": 5}), ("PATCH", {"phone": "1"})])
def test_records_of_a_batch_must_say_which_they_are(shop: Shop, method: str, item: dict[str, Any]) -> None:
    refused = shop.refused(method, "customer", {"items": [item]}, headers=BATCH)
    assert refused["o:errorPath"] == "items[0]"


def test_a_failed_task_leaves_nothing_behind(shop: Shop) -> None:
    bad = {"entity": "501", "item": {"items": [{"item": "11", "quantity": 2}, {"item": "11", "quantity": -1}]}}
    good = {"entity": "501", "location": "1", "item": {"items": [{"item": "11", "quantity": 1}]}}
    job = submit(shop, "POST", "salesOrder", [bad, good])
    assert [status for status, _ in results(shop, job)] == [400, 204]
    assert (shop.app.count("salesOrder"), shop.level(11)) == (1, (10, 9, 1))


def test_a_job_moves_with_the_number_of_polls(clock: SandboxClock) -> None:
    shop = shop_with(clock, polls_per_task=1)
    job = submit(shop, "POST", "customer", [{"companyName": "P1"}, {"companyName": "P2"}])
    assert [shop.get(job)["progress"] for _ in range(1)] == ["processing"]
    assert [task["completed"] for task in shop.get(f"{job}/task")["items"]] == [True, False]
    assert shop.send("GET", f"{job}/task/2/result").status == 404
    assert shop.get(job)["completed"] is True
    assert shop.send("GET", f"{job}/task/2/result").status == 204


def test_a_job_moves_with_the_clock(clock: SandboxClock) -> None:
    shop = shop_with(clock, seconds_per_task=10)
    job = submit(shop, "POST", "customer", [{"companyName": "P1"}, {"companyName": "P2"}])
    assert shop.get(job)["progress"] == "pending"
    clock.advance(timedelta(seconds=10))
    assert shop.get(job)["progress"] == "processing"
    clock.advance(timedelta(seconds=10))
    assert shop.get(job)["completed"] is True


def test_an_idempotency_key_used_again_names_the_earlier_job(shop: Shop) -> None:
    key = {"x-netsuite-idempotency-key": "11111111-2222-3333-4444-555555555555"}
    job = submit(shop, "POST", "customer", [{"companyName": "Once"}], **key)
    answer = shop.send("POST", f"{RECORD}/customer", {"items": [{"companyName": "Twice"}]}, headers={**BATCH, **key})
    value = json.loads(answer.body)
    assert (answer.status, value["title"]) == (400, "Conflict")
    assert value["o:errorDetails"][0]["o:errorCode"] == "IDEMPOTENCY_ERROR"
    assert answer.headers["location"] == job
    assert shop.app.count("customer") == 3


def test_the_key_means_nothing_to_a_request_that_waits(shop: Shop) -> None:
    key = {"x-netsuite-idempotency-key": "k"}
    shop.create("customer", {"companyName": "A"}, headers=key)
    shop.create("customer", {"companyName": "B"}, headers=key)


def test_any_record_request_can_be_a_job(shop: Shop) -> None:
    answer = shop.send("POST", f"{RECORD}/customer", {"companyName": "Later"}, headers={"prefer": "respond-async"})
    job = answer.headers["location"]
    assert answer.status == 202
    [(status, made)] = results(shop, job)
    assert (status, shop.record(f"customer/{made}")["companyName"]) == (204, "Later")
    answer = shop.send("PATCH", f"{RECORD}/customer/501", {"nope": 1}, headers={"prefer": "respond-async"})
    assert answer.status == 202


def test_jobs_that_are_not_there(shop: Shop) -> None:
    for path in ("job/99", "job/x", "job/99/task", "other/1"):
        assert shop.send("GET", f"/services/rest/async/v1/{path}").status == 404
