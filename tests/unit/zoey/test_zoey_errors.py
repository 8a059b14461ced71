"""What refusals mean, in whatever form they come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.zoey.zoey_store import ScriptedTransport

from zoey_netsuite import errors as meaning
from zoey_netsuite.errors import APIError, OutcomeUnknown
from zoey_netsuite.http.limits import Limits
from zoey_netsuite.http.retry import Retry
from zoey_netsuite.http.transport import Received
from zoey_netsuite.zoey import OAuth1Auth, ZoeyClient, ZoeyError
from zoey_netsuite.zoey.errors import read_error


def refused(status: int, body: object, content_type: str = "application/json; charset=utf-8", **headers: str) -> Any:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    answer = Received(status, {"content-type": content_type, **headers}, content)
    auth = OAuth1Auth("key", "secret", "token", "token-secret")
    client = ZoeyClient(
        "https://shop.example.com",
        auth,
        limiter=Limits(),
        retry=Retry(attempts=1),
        transport=ScriptedTransport(lambda asked: answer),
    )
    with pytest.raises(APIError) as caught:
        client.orders.get("7")
    return caught.value


def messages(*words: str, code: int = 400) -> Any:
    return {"messages": {"error": [{"code": code, "message": each} for each in words]}}


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (404, "Resource not found.", meaning.NotFoundError),
        (405, "Resource does not support method.", meaning.NotFoundError),
        (403, "Access denied", meaning.PermissionDeniedError),
        (400, "Resource data pre-validation error.", meaning.InvalidFieldError),
        (400, "The request data is invalid.", meaning.InvalidFieldError),
        (400, "Resource collection paging error.", meaning.InvalidQueryError),
        (400, "The paging limit exceeds the allowed number.", meaning.InvalidQueryError),
        (400, "Resource collection ordering error.", meaning.InvalidQueryError),
        (400, "Resource collection filtering error.", meaning.InvalidQueryError),
        (400, "This customer email already exists", meaning.AlreadyExistsError),
        (429, "Too many requests", meaning.BusyError),
        (500, "Resource internal error.", meaning.ServerError),
        (401, "oauth_problem=token_revoked", meaning.AuthenticationError),
    ],
)
def test_each_message_has_a_meaning(status: int, words: str, kind: type[APIError]) -> None:
    """The class by meaning, and by system."""
    error = refused(status, messages(words, code=status))
    assert isinstance(error, kind)
    assert isinstance(error, ZoeyError)
    assert (error.status, error.detail, error.action) == (status, words, "read order 7")
    assert str(error).startswith(f"Could not read order 7: Zoey answered {status}: {words}")


def test_the_refused_signature_says_what_to_do() -> None:
    """The code is the problem that OAuth names."""
    error = refused(401, messages("oauth_problem=timestamp_refused", code=401))
    assert error.code == "oauth_problem=timestamp_refused"
    assert "clock" in str(error)
    error = refused(401, messages("oauth_problem=parameter_absent&oauth_parameters_absent=oauth_nonce", code=401))
    assert error.code == "oauth_problem=parameter_absent"


def test_several_messages_are_all_told() -> None:
    """What is wrong with each field, and the general message."""
    error = refused(400, messages("First name is required.", "Resource data pre-validation error."))
    assert error.detail == "First name is required. Resource data pre-validation error."


def test_pages_for_people() -> None:
    """Markup is left out; a page with a status of success is no answer either."""
    page = "<html><head><title>x</title></head><body><h1>Maintenance</h1></body></html>"
    error = refused(503, page, "text/html")
    assert isinstance(error, meaning.ServerError)
    assert "answered 503 with a page for people: Maintenance" in str(error)
    error = refused(200, page, "text/html")
    assert isinstance(error, meaning.UnexpectedAnswerError)
    assert isinstance(error, ZoeyError)


@pytest.mark.parametrize("body", ['{"entity_id": "7", "gran', "", "[1]", '"text"', messages("odd")])
def test_answers_that_are_none(body: Any) -> None:
    """Truncated, empty, of another shape, or an error's with a status of success."""
    error = refused(200, body)
    assert isinstance(error, meaning.UnexpectedAnswerError)
    assert "read order 7" in str(error)


def test_a_store_that_points_elsewhere() -> None:
    """Redirects are not followed with credentials; the message names the place."""
    error = refused(301, "", location="https://www.example.com/api/rest/orders/7")
    assert isinstance(error, meaning.UnexpectedAnswerError)
    assert "https://www.example.com/api/rest/orders/7" in str(error)


def test_waiting_as_asked() -> None:
    """`Retry-After` in seconds, or as a date beside the store's own."""
    assert refused(429, messages("slow"), **{"retry-after": "7"}).retry_after == 7
    dates = {"retry-after": "Fri, 02 Jan 2026 10:00:30 GMT", "date": "Fri, 02 Jan 2026 10:00:00 GMT"}
    assert refused(429, messages("slow"), **dates).retry_after == 30
    assert refused(429, messages("slow"), **{"retry-after": "soon"}).retry_after is None


@given(
    st.integers(300, 599),
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["messages", "error", "message", "code", "x"]), inner, max_size=3)
        ),
    ).map(lambda value: json.dumps(value).encode()),
    st.text(max_size=10),
)
def test_reading_a_refusal_never_fails(status: int, content: bytes, retry_after: str) -> None:
    """Whatever the answer holds, there is an error with a message."""
    error = read_error(status, {"retry-after": retry_after}, content, action="read order 7")
    assert isinstance(error, ZoeyError)
    assert str(error).startswith("Could not read order 7: Zoey answered")


def test_a_lost_creation_is_not_repeated() -> None:
    """An update is sent again, a comment is not: whoever asked has to look first."""
    auth = OAuth1Auth("key", "secret", "token", "token-secret")
    transport = ScriptedTransport(lambda asked: Received(500, {}, b""))
    retry = Retry(attempts=3, base=0, random=lambda: 0)
    client = ZoeyClient("https://shop.example.com", auth, limiter=Limits(), retry=retry, transport=transport)
    for once in (
        lambda: client.orders.comment("7", "hello"),
        lambda: client.orders.cancel("7"),
        lambda: client.shipments.create("7"),
        lambda: client.customers.create({"email": "a@example.com"}),
        lambda: client.carts.place("7"),
    ):
        transport.asked.clear()
        with pytest.raises(OutcomeUnknown):
            once()
        assert len(transport.asked) == 1
    for repeatable in (
        lambda: client.stock.update("7", {"qty": 1}),
        lambda: client.stock.update_many([{"item_id": "7", "qty": 1}]),
        lambda: client.orders.update("7", {"po_number": "1"}),
        lambda: client.prices.update("7", price=1),  # type: ignore[arg-type]
    ):
        transport.asked.clear()
        with pytest.raises(ZoeyError):
            repeatable()
        assert len(transport.asked) == 3
