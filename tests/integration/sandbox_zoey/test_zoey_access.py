"""Who is let into the sandboxed store: the edge, signatures, bearer tokens and the quota."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from integration.sandbox_zoey.zoey_caller import HOST, Caller, errors, open_store

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.zoey import OAuth1Credentials


def changed(request: Request, **headers: str | None) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {**request.headers, **{name: value for name, value in named.items() if value is not None}}
    return evolve(request, headers={name: value for name, value in kept.items() if named.get(name, "") is not None})


def problem(answer: Answer) -> str:
    ((code, message),) = errors(answer)
    assert (answer.status, code) == (401, 401)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    return message.removeprefix("oauth_problem=")


@pytest.mark.parametrize("missing", ["accept", "user_agent"])
def test_the_edge_wants_to_know_who_asks_and_for_what(missing: str) -> None:
    shop = Caller(open_store())
    answer = shop.app.handle(changed(shop.request("GET", "products"), **{missing: None}))
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert b"<html>" in answer.body


@pytest.mark.parametrize("agent", ["", "Python-urllib/3.11", "Java/17", "libwww-perl/6"])
def test_the_edge_turns_some_agents_away(agent: str) -> None:
    shop = Caller(open_store())
    assert shop.app.handle(changed(shop.request("GET", "products"), user_agent=agent)).status == 403


def test_a_type_that_the_store_cannot_write_is_refused() -> None:
    shop = Caller(open_store())
    assert errors(shop.call("GET", "products", accept="image/png"))[0][0] == 406
    assert shop.call("GET", "products", accept="text/html, */*;q=0.8").status == 200


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (OAuth1Credentials(consumer_secret="wrong"), "signature_invalid"),
        (OAuth1Credentials(token_secret="wrong"), "signature_invalid"),
        (OAuth1Credentials(consumer_key="unknown"), "consumer_key_rejected"),
        (OAuth1Credentials(token="unknown"), "token_rejected"),
    ],
)
def test_wrong_credentials_are_named(credentials: OAuth1Credentials, expected: str) -> None:
    assert problem(Caller(open_store(), credentials).call("GET", "products")) == expected


def test_what_else_is_wrong_with_a_signature() -> None:
    shop = Caller(open_store())
    request = shop.request("GET", "products", (("limit", "5"),))
    assert shop.app.handle(request).status == 200
    assert problem(shop.app.handle(request)) == "nonce_used"
    late = shop.request("GET", "products")
    shop.app.clock.advance(3600)
    assert problem(shop.app.handle(late)) == "timestamp_refused"
    unsigned = changed(shop.request("GET", "products"), authorization=None)
    assert problem(shop.app.handle(unsigned)) == "parameter_absent&oauth_parameters_absent=oauth_consumer_key"
    other = shop.request("GET", "products", (("limit", "5"),))
    assert problem(shop.app.handle(evolve(other, url=other.url.replace("limit=5", "limit=6")))) == "signature_invalid"
    signed = shop.request("GET", "products")
    stronger = signed.headers["authorization"].replace("HMAC-SHA1", "HMAC-SHA256")
    assert problem(shop.app.handle(changed(signed, authorization=stronger))) == "signature_method_rejected"


def test_a_token_expires_is_revoked_and_comes_back() -> None:
    shop = Caller(open_store())
    for state in ("expired", "revoked"):
        shop.app.set_tokens(state)
        assert problem(shop.call("GET", "products")) == f"token_{state}"
    shop.app.set_tokens("active", "sandbox-token")
    assert shop.call("GET", "products").status == 200


def test_refusals_by_name_leave_the_credentials_as_they_are() -> None:
    shop = Caller(open_store())
    for name, expected in (
        ("unauthorized", "token_rejected"),
        ("token_expired", "token_expired"),
        ("token_revoked", "token_revoked"),
    ):
        assert problem(shop.app.refuse(shop.request("GET", "products"), name)) == expected
    assert shop.call("GET", "products").status == 200


def token_request(body: str, **headers: str) -> Request:
    sent = {"accept": "*/*", "user-agent": "x/1", "content-type": "application/x-www-form-urlencoded", **headers}
    return Request("POST", f"{HOST}/oauth2/token", sent, body.encode())


GRANT = "grant_type=client_credentials&client_id=sandbox-client-id&client_secret=sandbox-client-secret"


def test_client_credentials_give_a_bearer_token_with_a_life() -> None:
    app = open_store()
    granted = json.loads(app.handle(token_request(GRANT)).body)
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)

    def ask(token: str) -> Answer:
        headers = {"accept": "*/*", "user-agent": "x/1", "authorization": f"Bearer {token}"}
        return app.handle(Request("GET", f"{HOST}/api/rest/products", headers))

    assert ask(granted["access_token"]).status == 200
    assert problem(ask("made-up")) == "token_rejected"
    app.clock.advance(3599)
    assert ask(granted["access_token"]).status == 200
    app.clock.advance(1)
    assert problem(ask(granted["access_token"])) == "token_expired"
    again = json.loads(app.handle(token_request(GRANT)).body)["access_token"]
    assert ask(again).status == 200
    app.set_tokens("revoked", again)
    assert problem(ask(again)) == "token_revoked"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (GRANT.replace("client-secret", "wrong"), 401, "invalid_client"),
        (GRANT.replace("client_credentials", "password"), 400, "unsupported_grant_type"),
        ("", 400, "unsupported_grant_type"),
    ],
)
def test_a_token_request_that_is_refused(body: str, status: int, error: str) -> None:
    answer = open_store().handle(token_request(body))
    assert (answer.status, json.loads(answer.body)) == (status, {"error": error})


def test_the_quota_is_two_a_second_with_a_small_burst() -> None:
    shop = Caller(open_store(requests_per_second=2, burst=3))
    statuses = [shop.call("GET", "products").status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    shop.app.clock.advance(1)
    assert [shop.call("GET", "products").status for _ in range(3)] == [200, 200, 429]
    answer = shop.call("GET", "products")
    assert errors(answer)[0][0] == 429
    assert "retry-after" not in answer.headers


def test_too_many_at_once_is_a_429_and_may_say_when_to_come_back() -> None:
    shop = Caller(open_store(retry_after=7))
    answer = shop.app.too_many(shop.request("GET", "products"))
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")


def test_every_answer_carries_the_sandbox_s_date() -> None:
    shop = Caller(open_store())
    assert shop.call("GET", "products").headers["date"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    shop.app.clock.advance(61)
    assert shop.call("GET", "nothing").headers["date"] == "Sun, 01 Mar 2026 12:01:01 GMT"


def test_unknown_paths_and_methods() -> None:
    shop = Caller(open_store())
    assert errors(shop.call("GET", "nothing")) == [(404, "Resource not found.")]
    assert errors(shop.call("DELETE", "products")) == [(405, "Resource does not support method.")]
    assert errors(shop.call("GET", "products/1")) == [(404, "Resource not found.")]
    assert errors(shop.app.failure(shop.request("GET", "products"))) == [(500, "Resource internal error.")]


def test_errors_can_be_pages() -> None:
    answer = Caller(open_store(error_form="html")).call("GET", "products/1")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("content_type", "body"), [("text/plain", b"{}"), ("application/json", b"{'")])
def test_a_body_that_cannot_be_read(content_type: str, body: bytes) -> None:
    shop = Caller(open_store())
    shop.app.seed({"products": [{}]})
    answer = shop.app.handle(changed(shop.request("PUT", "products/1", body=body), content_type=content_type))
    assert errors(answer)[0][0] == 400


def test_no_secret_in_a_repr() -> None:
    app = open_store()
    text = repr(app.settings)
    assert "sandbox-consumer-secret" not in text
    assert "sandbox-token-secret" not in text
    assert "sandbox-client-secret" not in text
