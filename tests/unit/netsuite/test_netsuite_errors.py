"""What NetSuite's refusals mean, in all the forms they come in."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoey_netsuite import errors as meanings
from zoey_netsuite.netsuite.errors import (
    NetSuiteError,
    NetSuiteLockedError,
    NetSuitePermissionError,
    NetSuiteRepeatedError,
    NetSuiteUnknownTypeError,
    read_error,
)

LONG = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.1"
NEW = "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"


def detailed(status, code, detail, title="Bad Request", **more):
    entry = {"detail": detail, "o:errorCode": code, **{f"o:{name}": value for name, value in more.items()}}
    return {"type": LONG, "title": title, "status": status, "o:errorDetails": [entry]}


def top(status, code, detail, title="Bad Request", **more):
    return {
        "type": NEW, "title": title, "status": status, "detail": detail, "o:errorCode": code,
        **{f"o:{name}": value for name, value in more.items()},
    }  # fmt: skip


SAMPLES = [
    (404, "NONEXISTENT_ID", "The record instance does not exist. Provide a valid record instance ID.", {},
     meanings.NotFoundError),
    (404, "SOMETHING_ELSE", "Gone.", {}, meanings.NotFoundError),
    (400, "USER_ERROR", "Transaction type specified is incorrect.", {}, meanings.NotFoundError),
    (400, "USER_ERROR", "You have entered an Invalid Field Value 53384 for the following field: customer.",
     {"errorPath": "expense.items[2]"}, meanings.InvalidFieldError),
    (400, "USER_ERROR", "Your current role does not have permission to perform this action.", {},
     meanings.PermissionDeniedError),
    (400, "INVALID_PARAMETER", "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
     "Unknown identifier 'subsidiary'. Available identifiers are: {transaction=transaction}.", {"errorQueryParam": "q"},
     meanings.InvalidQueryError),
    (400, "INVALID_PARAMETER", "Invalid search query. Detailed unprocessed description follows. Invalid search type: "
     "Email.", {}, meanings.InvalidQueryError),
    (400, "INVALID_PARAMETER", "Search error occurred: Invalid or unsupported search.", {}, meanings.InvalidQueryError),
    (400, "INVALID_HEADER", "The required request header 'Prefer' is missing", {"errorHeader": "Prefer"},
     NetSuiteError),
    (400, "USER_ERROR", "Error while accessing a resource. Please enter value(s) for: First Name, Last Name.", {},
     meanings.InvalidFieldError),
    (400, "USER_ERROR", "Error while accessing a resource. This entity already exists.", {},
     meanings.AlreadyExistsError),
    (400, "DUP_RCRD", "A record of that name is there.", {}, meanings.AlreadyExistsError),
    (400, "USER_ERROR", "This record has been locked by a user defined workflow.", {}, NetSuiteLockedError),
    (400, "INVALID_CONTENT", "Error while accessing resource: You have entered an Invalid Field Value 9999 for the "
     "following field: item", {"errorPath": "item.items[0].item"}, meanings.InvalidFieldError),
    (400, "INVALID_ID", "Invalid record instance identifier '000'. Provide a valid record instance ID.",
     {"errorUrl": "/customer/000"}, meanings.NotFoundError),
    (404, "NONEXISTENT_RECORD_TYPE", "Record type 'bad-path' does not exist", {}, NetSuiteUnknownTypeError),
    (400, "INVALID_PARAMETER", "Record type 'bad-path' does not exist", {}, NetSuiteUnknownTypeError),
    (400, "INVALID_CONTENT", "Invalid content in the request body", {}, meanings.InvalidFieldError),
    (401, "INVALID_LOGIN", "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI.", {},
     meanings.AuthenticationError),
    (403, "INSUFFICIENT_PERMISSION", "Permission Violation: You need the 'Transactions > Sales Order' permission to "
     "access this page.", {}, meanings.PermissionDeniedError),
    (429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked.", {}, meanings.BusyError),
    (429, "REQUEST_LIMIT_EXCEEDED", "Too many.", {}, meanings.BusyError),
    (409, "RCRD_HAS_BEEN_CHANGED", "Record has been changed", {}, meanings.ChangedMeanwhileError),
    (412, "RCRD_HAS_BEEN_CHANGED", "Record has been changed", {}, meanings.ChangedMeanwhileError),
    (400, "RCRD_DSNT_EXIST", "That record does not exist.", {}, meanings.NotFoundError),
    (500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: abc", {}, meanings.ServerError),
    (400, "IDEMPOTENCY_ERROR", "The key was used.", {}, NetSuiteRepeatedError),
]  # fmt: skip


@pytest.mark.parametrize("form", [detailed, top])
@pytest.mark.parametrize(("status", "code", "detail", "more", "meaning"), SAMPLES)
def test_the_same_refusal_means_the_same_in_both_of_rests_forms(form, status, code, detail, more, meaning):
    body = json.dumps(form(status, code, detail, **more)).encode()
    error = read_error(status, {}, body, action="update salesOrder 4711")
    assert isinstance(error, meaning)
    assert isinstance(error, NetSuiteError)
    assert (error.status, error.code, error.detail) == (status, code, detail)
    assert error.action == "update salesOrder 4711"
    assert str(error).startswith("Could not update salesOrder 4711: NetSuite answered")
    assert detail in str(error)


def test_the_message_ends_with_what_to_do_next():
    error = read_error(400, {}, json.dumps(detailed(*SAMPLES[4][:3])).encode(), action="create a customer")
    assert str(error).endswith("Give it to the role of this token (Setup > Users/Roles > Manage Roles).")


def test_the_field_is_named_by_path_or_by_netsuites_words():
    by_path = read_error(400, {}, json.dumps(detailed(*SAMPLES[3][:3], **SAMPLES[3][3])).encode(), action="x")
    by_words = read_error(400, {}, json.dumps(detailed(*SAMPLES[3][:3])).encode(), action="x")
    assert (by_path.path, by_words.path) == ("expense.items[2]", "customer")
    assert "at expense.items[2]" in str(by_path)


def test_the_missing_permission_is_named():
    words = "Permission Violation: You need the 'Transactions > Sales Order' permission to access this page."
    error = read_error(403, {}, json.dumps(top(403, "INSUFFICIENT_PERMISSION", words)).encode(), action="x")
    assert isinstance(error, NetSuitePermissionError)
    assert error.permission == "Transactions > Sales Order"


@pytest.mark.parametrize(
    ("status", "body", "meaning", "code"),
    [
        (400, {"error": {"code": "SSS_REQUEST_LIMIT_EXCEEDED", "message": "Too many"}}, meanings.BusyError,
         "SSS_REQUEST_LIMIT_EXCEEDED"),
        (400, {"error": {"code": "RCRD_DSNT_EXIST", "message": "No"}}, meanings.NotFoundError, "RCRD_DSNT_EXIST"),
        (403, {"error": {"code": "INVALID_LOGIN_ATTEMPT", "message": "Invalid login attempt."}},
         meanings.AuthenticationError, "INVALID_LOGIN_ATTEMPT"),
        (400, {"error": "invalid_grant"}, meanings.AuthenticationError, "invalid_grant"),
        (401, {"error": "invalid_client", "error_description": "who?"}, meanings.AuthenticationError, "invalid_client"),
        (400, [{"error": {"code": "X", "message": "in a list"}}], NetSuiteError, "X"),
    ],
)  # fmt: skip
def test_other_forms(status, body, meaning, code):
    error = read_error(status, {}, json.dumps(body).encode(), action="x", host="restlet")
    assert isinstance(error, meaning)
    assert error.code == code
    assert "the RESTlet answered" in str(error)


@pytest.mark.parametrize(
    ("status", "content", "meaning"),
    [
        (502, b"<html><head><style>p {}</style></head><body><h1>Bad  Gateway</h1></body></html>", meanings.ServerError),
        (404, b"<html>Not here</html>", meanings.NotFoundError),
        (403, b"nope", meanings.PermissionDeniedError),
        (401, b"", meanings.AuthenticationError),
        (429, b"slow down", meanings.BusyError),
        (302, b"", meanings.UnexpectedAnswerError),
        (400, b"<html>What?</html>", meanings.UnexpectedAnswerError),
        (503, b"\xff\xfe\x00", meanings.ServerError),
        (500, b'{"o:errorDetails": "no list"}', meanings.ServerError),
        (400, b'{"o:errorDetails": [5], "detail": {"nested": [1]}}', meanings.UnexpectedAnswerError),
        (400, b"17", meanings.UnexpectedAnswerError),
    ],
)
def test_answers_that_are_not_netsuites_have_a_meaning_by_their_status(status, content, meaning):
    error = read_error(status, {}, content, action="x")
    assert isinstance(error, meaning)
    assert "<" not in str(error)


def test_several_details_are_all_told():
    body = detailed(400, "INVALID_CONTENT", "First.", errorPath="a")
    body["o:errorDetails"].append({"detail": "Second.", "o:errorCode": "INVALID_CONTENT", "o:errorPath": "b"})
    error = read_error(400, {}, json.dumps(body).encode(), action="x")
    assert error.detail == "First. Second."
    assert error.path == "a"


def test_how_long_to_wait_comes_from_the_answer():
    date = {"date": "Tue, 24 Nov 2026 14:00:00 GMT", "retry-after": "Tue, 24 Nov 2026 14:00:30 GMT"}
    assert read_error(429, {"retry-after": "7"}, b"", action="x").retry_after == 7.0
    assert read_error(429, date, b"", action="x").retry_after == 30.0
    assert read_error(429, {"retry-after": "soon"}, b"", action="x").retry_after is None
    assert read_error(429, {}, b"", action="x").retry_after is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["o:errorDetails", "detail", "error", "o:errorCode", "code", "title", "message", "o:errorPath"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(status=st.integers(300, 599), body=JSON)
@settings(max_examples=300, deadline=None)
def test_reading_an_error_never_fails(status, body):
    error = read_error(status, {}, json.dumps(body).encode(), action="x")
    assert error.status == status
    assert isinstance(error.detail, str)
    assert isinstance(error.code, str)


@given(content=st.binary(max_size=60))
@settings(deadline=None)
def test_reading_bytes_as_an_error_never_fails(content):
    assert isinstance(read_error(500, {"retry-after": "x"}, content, action="x"), meanings.ServerError)
