"""Batches, jobs and the small questions to the account, through both clients, over real HTTP (E2)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from zoey_netsuite import errors as meanings
from zoey_netsuite.netsuite import NetSuiteClient, TokenAuth, operations
from zoey_netsuite.netsuite.errors import NetSuiteAlreadyExistsError, NetSuiteNotFoundError, NetSuitePermissionError
from zoey_netsuite.sandbox.faults import Fault
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.sandbox import Sandbox
from zoey_netsuite.testing.clock import FakeClock


def customers(count: int) -> list[dict[str, Any]]:
    ids = [f"batch-{uuid.uuid4().hex[:12]}" for _ in range(count)]
    return [{"companyName": id, "externalId": id} for id in ids]


def test_a_large_creation_is_split_and_proved_by_queries(erp: Any, sandbox: Sandbox) -> None:
    made = customers(120)
    results = erp.batch("customer", "create", made)
    assert [result.index for result in results] == list(range(120))
    assert all(result.ok for result in results)
    assert [result.external_id for result in results] == [one["externalId"] for one in made]
    # two batches, each: the batch, one question for its job, its tasks, one query for the ids
    assert sandbox.netsuite.calls.total == 8
    for number in (0, 119):
        assert erp.find("customer", made[number]["externalId"]) == results[number].id


def test_each_record_has_its_own_result(erp: Any) -> None:
    taken, fresh = customers(2)
    known = erp.create("customer", taken)
    results = erp.batch("customer", "create", [taken, fresh, {"compnyName": "x"}, *customers(5)])
    assert [result.ok for result in results] == [False, True, False, *[True] * 5]
    assert isinstance(results[0].error, NetSuiteAlreadyExistsError)
    assert isinstance(results[2].error, meanings.InvalidFieldError)
    assert results[0].id is None
    assert results[1].id not in (None, known)


def test_records_without_external_ids_get_their_ids_too(erp: Any) -> None:
    names = [f"nameless {uuid.uuid4().hex}" for _ in range(2)]
    results = erp.batch("customer", "create", [{"companyName": name} for name in names])
    assert [erp.record("customer", result.id)["companyName"] for result in results] == names


def test_types_whose_external_ids_cannot_be_queried_are_read_one_by_one(erp: Any) -> None:
    made = [{"firstName": "A", "lastName": one["externalId"], "externalId": one["externalId"]} for one in customers(5)]
    results = erp.batch("contact", "create", made)
    assert all(result.ok for result in results)
    assert erp.record("contact", results[4].id)["lastName"] == made[4]["lastName"]


def test_upserts_updates_and_deletions(erp: Any) -> None:
    made = customers(4)
    first = erp.batch("customer", "upsert", made)
    again = erp.batch("customer", "upsert", [{**one, "email": "b@b.test"} for one in made])
    assert [result.id for result in first] == [result.id for result in again]
    changes = [{"id": first[0].id, "email": "c@c.test"}, {"externalId": made[1]["externalId"], "email": "d@d.test"}]
    updated = erp.batch("customer", "update", [*changes, {"id": "99999999", "email": "e@e.test"}])
    assert [result.ok for result in updated] == [True, True, False]
    assert isinstance(updated[2].error, NetSuiteNotFoundError)
    assert erp.record("customer", first[0].id)["email"] == "c@c.test"
    assert erp.record("customer", first[1].id)["email"] == "d@d.test"
    assert erp.record("customer", first[2].id)["email"] == "b@b.test"
    deleted = erp.batch("customer", "delete", [first[0].id, f"eid:{made[1]['externalId']}", "99999999"])
    assert [result.ok for result in deleted] == [True, True, False]
    assert erp.find("customer", made[0]["externalId"]) is None
    assert erp.batch("customer", "create", []) == []


def test_under_one_key_nothing_is_made_twice(erp: Any) -> None:
    made = customers(3)
    key = str(uuid.uuid4())
    first = erp.batch("customer", "create", made, idempotency_key=key)
    second = erp.batch("customer", "create", made, idempotency_key=key)
    assert first == second


def test_a_batch_whose_answer_is_lost_goes_on_with_its_job(erp: Any, sandbox: Sandbox) -> None:
    sandbox.netsuite.faults.add(Fault("reset", when="after", method="POST"))
    made = customers(5)
    assert all(result.ok for result in erp.batch("customer", "create", made))


def test_what_was_done_before_a_refusal_is_not_forgotten(erp: Any, sandbox: Sandbox) -> None:
    sandbox.netsuite.faults.add(Fault("unauthorized", path="/customer$", skip=1, times=None))
    results = erp.batch("customer", "create", customers(101))
    assert [result.ok for result in results] == [True] * 100 + [False]
    assert isinstance(results[100].error, meanings.AuthenticationError)


def test_a_batch_that_is_refused_at_once_is_an_error(erp: Any, sandbox: Sandbox) -> None:
    sandbox.netsuite.faults.add(Fault("unauthorized", times=None))
    with pytest.raises(meanings.AuthenticationError, match="create 1 records of type customer"):
        erp.batch("customer", "create", customers(1))


@pytest.mark.parametrize(
    ("action", "records", "error", "words"),
    [
        ("make", [], meanings.ConfigurationError, "no batch action"),
        ("create", ["12"], meanings.ConfigurationError, "takes records, not ids"),
        ("upsert", [{"companyName": "x"}], meanings.MappingError, "number 0 of the batch has no externalId"),
        ("update", [{"companyName": "x"}], meanings.MappingError, "neither id nor externalId"),
        ("create", [{"externalId": "a b"}], meanings.MappingError, "cannot be an external id"),
    ],
)
def test_batches_that_cannot_work_are_refused_before_anything_is_sent(
    erp: Any, sandbox: Sandbox, action: Any, records: Any, error: Any, words: str
) -> None:
    with pytest.raises(error, match=words):
        erp.batch("customer", action, records)
    assert sandbox.netsuite.calls.total == 0


def test_any_write_can_be_sent_as_a_job(erp: Any) -> None:
    (made,) = customers(1)
    key = str(uuid.uuid4())
    job = erp.submit(operations.create("customer", made), idempotency_key=key)
    assert erp.submit(operations.create("customer", made), idempotency_key=key) == job
    assert erp.wait(job).completed
    assert erp.job(job).state == "succeeded"
    (task,) = erp.tasks(job)
    assert erp.result(job, task.id).id == erp.find("customer", made["externalId"])


def test_a_job_that_failed_says_why(erp: Any) -> None:
    job = erp.submit(operations.create("customer", {"nonsense": 1}))
    assert erp.wait(job).state == "failed"
    with pytest.raises(meanings.InvalidFieldError, match=f"result of task 1 of job {job}"):
        erp.result(job)


def test_a_slow_job_is_asked_for_ever_more_slowly_and_not_for_ever() -> None:
    settings = NetSuiteSettings(seconds_per_task=100)
    sandbox = Sandbox(netsuite=settings)
    clock = FakeClock(follows=sandbox.clock)
    own = sandbox.netsuite
    credentials = TokenAuth(own.consumer_key, own.consumer_secret, own.token_id, own.token_secret)
    with NetSuiteClient(
        own.account_id, credentials, base_url=own.url, transport=sandbox.transport(), clock=clock
    ) as erp:
        assert all(result.ok for result in erp.batch("customer", "create", customers(2)))
        assert clock.slept[:4] == [0.5, 1.0, 2.0, 4.0]
        assert max(clock.slept) == 30.0
        assert own.calls.total < 20
        results = erp.batch("customer", "create", customers(2), longest=50)
        assert [type(result.error) for result in results] == [meanings.OutcomeUnknown] * 2
        assert "has not ended after" in str(results[0].error)
    sandbox.close()


def test_a_missing_permission_is_named() -> None:
    sandbox = Sandbox(netsuite=NetSuiteSettings(withheld=frozenset({"Lists -> Customers"})))
    own = sandbox.netsuite
    credentials = TokenAuth(own.consumer_key, own.consumer_secret, own.token_id, own.token_secret)
    with (
        NetSuiteClient(own.account_id, credentials, base_url=own.url, transport=sandbox.transport()) as erp,
        pytest.raises(NetSuitePermissionError, match="create customer with external id") as caught,
    ):
        erp.create("customer", customers(1)[0])
    assert "Customers" in caught.value.detail
    sandbox.close()


def test_the_account_answers_small_questions(erp: Any, sandbox: Sandbox) -> None:
    assert abs(erp.server_time() - sandbox.clock.now()) < timedelta(seconds=5)
    assert erp.whoami()["companyId"] == sandbox.netsuite.account_id
    assert "companyName" in erp.metadata("customer")["properties"]
    assert erp.metadata()["items"]
    assert erp.calls["system.time"] == 1
    assert erp.account_id == sandbox.netsuite.account_id
    with pytest.raises(meanings.NotFoundError):
        erp.metadata("nonsense")


def test_the_way_out_for_everything_else(erp: Any) -> None:
    answer = erp.raw("options", "/services/rest/record/v1/customer")
    assert answer.status == 204
    found = erp.raw("GET", "/services/rest/record/v1/customer", params=[("q", 'email IS "a@acme.test"')])
    assert b'"100"' in found.content
    with pytest.raises(meanings.ConfigurationError, match="beginning with '/'"):
        erp.raw("GET", "https://elsewhere.test/")
    with pytest.raises(meanings.ConfigurationError, match="none of NetSuite's hosts"):
        erp.raw("GET", "/x", host="mars")
    with pytest.raises(meanings.APIError):
        erp.raw("POST", "/services/rest/record/v1/customer", json={})


@pytest.mark.parametrize("path", [r"/job/\d+$", r"/task$", r"/result$"], ids=["the job", "its tasks", "a result"])
@pytest.mark.parametrize("kind", ["reset", "429", "token_revoked"])
def test_what_became_of_a_job_that_cannot_be_asked_for_is_unknown(
    erp: Any, sandbox: Sandbox, kind: Any, path: str
) -> None:
    """O1: the job was taken on, so an error of the calls that ask for it says nothing of the records."""
    made = customers(2)
    sandbox.netsuite.faults.add(Fault(kind, method="GET", path=path, times=None))
    results = erp.batch("customer", "create", made)
    sandbox.netsuite.faults.clear()

    assert [type(result.error) for result in results] == [meanings.OutcomeUnknown] * 2
    assert all(result.error.system == "netsuite" for result in results)
    assert made[0]["externalId"] in str(results[0].error)
    with sandbox.netsuite.acting() as app:
        assert app.count("customer") >= 2, "they were made"
