"""Nothing that proves an identity is ever in a message, a log, a repr or a traceback, whatever the other side says."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted import answer, oauth1, operation, rig

from zoey_netsuite.errors import TransportError, ZoeyNetSuiteError
from zoey_netsuite.http import Operation, Request, Retry, Safety
from zoey_netsuite.http.redaction import HIDDEN, redact, secrets_of
from zoey_netsuite.http.tokens import Bearer, TokenRequest, read_grant

VALUES = st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-._~", min_size=20, max_size=60)
NAMES = st.sampled_from(
    ["oauth_token", "oauth_signature", "oauth_consumer_key", "access_token", "client_secret", "client_assertion"]
)
FORMS: list[Callable[[str, str], str]] = [
    lambda name, value: f"{name}={value}",
    lambda name, value: f'{name}="{quote(value + "+/=", safe="")}"',
    lambda name, value: json.dumps({"error": {"request": {name: value}}}),
    lambda name, value: json.dumps({name: value})[:-2],
    lambda name, value: json.dumps({"detail": json.dumps({name: value})}),
    lambda name, value: repr({name: value}),
    lambda name, value: f"Array ( [{name}] => {value} )",
    lambda name, value: f"GET&https%3A%2F%2Fa&{name}%3D{value}%26x%3D1",
    lambda name, value: f"<p>{name}={value}</p>",
    lambda name, value: f"Authorization: Bearer {value}",
    lambda name, value: f"authorization: OAuth realm=1, {name}={value}",
    lambda name, value: f'{{"Authorization": "Bearer {value}"}}',
    lambda name, value: f"you sent bearer {value}!",
]


@given(NAMES, VALUES, st.sampled_from(FORMS), st.text(max_size=20))
@settings(deadline=None)
def test_what_is_quoted_is_hidden(name: str, value: str, form: Callable[[str, str], str], around: str) -> None:
    """Whatever form a secret is quoted in: the text goes on without it."""
    told = redact(f"{around.replace(value, '')} {form(name, value)} end")
    assert value not in told
    assert HIDDEN in told


@pytest.mark.parametrize(
    "text",
    [
        "Could not update salesOrder 4711: Invalid reference key 12 for item.",
        "oauth_problem=signature_invalid",
        "The token has expired; the secret is to ask again.",
        "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token",
        '{"error": "invalid_client", "error_description": "no such client"}',
        "https://shop.test/api/rest/products?filter[1][attribute]=sku&page=2",
    ],
)
def test_words_are_left_alone(text: str) -> None:
    """What holds no secret reads as the other side wrote it."""
    assert redact(text) == text


def everything(error: BaseException, records: list[logging.LogRecord]) -> str:
    """All that a program could print of a failure: tracebacks with their locals' reprs, notes, attributes, logs."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        stack = traceback.TracebackException.from_exception(seen)
        parts += [*stack.format(), repr(seen), str(seen), repr(vars(seen)), repr(seen.args)]
        parts += getattr(seen, "__notes__", [])
        seen = seen.__cause__ or seen.__context__
    parts += [f"{record.getMessage()} {record.__dict__} {record.exc_text}" for record in records]
    return "\n".join(parts)


SECRETS = ["the-consumer-key", "the-consumer-secret", "the-token-id", "the-token-secret", "the-bearer-token-of-today"]


def quoting(status: int, form: str) -> Callable[[Request], Any]:
    """A server that says all that it was sent."""

    def decide(request: Request) -> Any:
        proof = request.headers.get("authorization", "")
        if request.url.endswith("/token"):
            return answer(200, {"access_token": "the-bearer-token-of-today", "expires_in": 3600})
        match form:
            case "json":
                return answer(status, {"sent": dict(request.headers)})
            case "text":
                return answer(status, f"You sent: authorization: {proof}".encode(), content_type="text/plain")
            case "html":
                return answer(status, f"<html><pre>{proof}</pre>".encode(), content_type="text/html")
            case _:
                raise TransportError(f"broken after {proof}", sent=True)

    return decide


@pytest.mark.parametrize("form", ["json", "text", "html", "broken"])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 429, 500])
@pytest.mark.parametrize("safety", [Safety.READ, Safety.ONCE])
@pytest.mark.parametrize("scheme", ["oauth1", "bearer"])
def test_failures_tell_no_secret(
    kind: str, form: str, status: int, safety: Safety, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    """G4: a server that quotes all that it was sent puts no secret into errors, logs at DEBUG, tracebacks or reprs."""
    asking = Operation("get an access token", "POST", "https://remote.test/token", read_grant, secret=True)
    bearer = Bearer(TokenRequest(asking, lambda request, clock: evolve(request, content=b"the-consumer-secret")))
    made = rig(
        kind,
        decide=quoting(status, form),
        auth=oauth1() if scheme == "oauth1" else bearer,
        retry=Retry(attempts=2),
    )

    def read(response: Any) -> Any:
        raise ValueError(f"no id in {response.content.decode()}")

    call = operation(safety, read=read, json={"password": "the-token-secret"})
    with caplog.at_level(logging.DEBUG), pytest.raises(ZoeyNetSuiteError) as caught:
        made.run(call)
    told = everything(caught.value, caplog.records)
    if form != "broken":
        told += repr(made.script.sent) + repr(made.driver.authenticator) + repr(call)
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_token_that_cannot_be_read_is_not_told(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """A token in an answer that isn't JSON stays out of errors and logs."""
    asking = Operation("get an access token", "POST", "https://remote.test/token", read_grant, secret=True)
    auth = Bearer(TokenRequest(asking, lambda request, clock: request))
    made = rig(kind, [answer(200, b"token the-bearer-token-of-today")], auth=auth, retry=Retry(attempts=2))
    with caplog.at_level(logging.DEBUG), pytest.raises(ZoeyNetSuiteError) as caught:
        made.run(operation())
    assert "the-bearer-token" not in everything(caught.value, caplog.records)


def test_what_was_sent_is_hidden_without_a_label() -> None:
    """A server that quotes token id, consumer key or signature by themselves: in errors and in their causes."""
    names = {"consumer_key": "ckey1234", "token": "tok%2B5678", "signature": "c2ln%3D%3D"}
    values = secrets_of({"authorization": "OAuth " + ", ".join(f'oauth_{name}="{v}"' for name, v in names.items())})
    told = redact("ckey1234 and tok+5678 or tok%2B5678 signed c2ln== are wrong; order 4711", values)
    assert told == f"{HIDDEN} and {HIDDEN} or {HIDDEN} signed {HIDDEN} are wrong; order 4711"
    assert redact("abcdefgh42 is wrong", secrets_of({"authorization": "Bearer abcdefgh42"})) == f"{HIDDEN} is wrong"
    assert not secrets_of({})
