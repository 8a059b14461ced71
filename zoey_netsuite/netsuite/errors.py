"""NetSuite's refusals as errors with a meaning, whatever form the answer has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from attrs import frozen

from zoey_netsuite.errors import (
    AlreadyExistsError,
    APIError,
    AuthenticationError,
    BusyError,
    ChangedMeanwhileError,
    ConfigurationError,
    InvalidFieldError,
    InvalidQueryError,
    MappingError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    UnexpectedAnswerError,
)
from zoey_netsuite.netsuite.answers import is_list, is_object


class NetSuiteError(APIError):
    """NetSuite answered, and the answer is a refusal. Its subclasses say what it means."""

    location: str = ""
    """Where the answer pointed (a batch sent twice: the job it had become the first time), or ""."""


class NetSuiteNotFoundError(NetSuiteError, NotFoundError):
    """No record of this type has this id (or the role cannot see it), or there is no such record type."""


class NetSuiteUnknownTypeError(NetSuiteNotFoundError):
    """There is no such record type (or the role cannot see it, or its feature is off)."""


class NetSuiteAlreadyExistsError(NetSuiteError, AlreadyExistsError):
    """A record with this external id, or an entity with this name, exists: look with `find`, then decide."""


class NetSuitePermissionError(NetSuiteError, PermissionDeniedError):
    """The role lacks a permission.

    Attributes:
        permission: its name, where NetSuite gives it ("Transactions > Sales Order"), or "".
    """

    permission: str = ""


class NetSuiteAuthenticationError(NetSuiteError, AuthenticationError):
    """The credentials were refused."""


class NetSuiteInvalidFieldError(NetSuiteError, InvalidFieldError):
    """A field was refused, is missing, or has no such name; `path` says which one where NetSuite does."""


class NetSuiteInvalidQueryError(NetSuiteError, InvalidQueryError):
    """The query names an unknown table or column, or cannot be run."""


class NetSuiteBusyError(NetSuiteError, BusyError):
    """Too many requests at once for the account, or in a period."""


class NetSuiteChangedError(NetSuiteError, ChangedMeanwhileError):
    """Somebody saved the record meanwhile: read it again, decide again."""


class NetSuiteRepeatedError(NetSuiteError):
    """An asynchronous request with this idempotency key was sent before; `location` is the job it became."""


class NetSuiteLockedError(NetSuiteError):
    """The record is locked by a workflow."""


class NetSuiteServerError(NetSuiteError, ServerError):
    """NetSuite failed. A write may have happened all the same."""


class NetSuiteUnexpectedAnswerError(NetSuiteError, UnexpectedAnswerError):
    """The answer is not what NetSuite documents."""


class PagingError(ConfigurationError):
    """A query cannot be read page by page as it stands; the message says what to change in it."""


class RowError(MappingError):
    """A row of a result does not fit the class it is to be read as; the message names row, class and field."""


@frozen
class Refusal:
    """What an error answer says, whatever its form. Absent parts are ""."""

    code: str = ""
    detail: str = ""
    path: str = ""
    about: str = ""
    """Which query parameter or header NetSuite names."""
    title: str = ""
    further: tuple[str, ...] = ()
    """The other details of the same answer, in words."""


_BUSY = {
    "CONCURRENCY_LIMIT_EXCEEDED",
    "REQUEST_LIMIT_EXCEEDED",
    "SSS_REQUEST_LIMIT_EXCEEDED",
    "EXCEEDED_REQUEST_LIMIT",
    "EXCEEDED_CONCURRENT_REQUEST_LIMIT",
}
_ABSENT = {"NONEXISTENT_ID", "RCRD_DSNT_EXIST", "INVALID_ID", "INVALID_KEY_OR_REF"}
_LOGIN = {"INVALID_LOGIN", "INVALID_LOGIN_ATTEMPT"}
_TOKEN = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "invalid_token",
    "unauthorized_client",
    "unsupported_grant_type",
}
_NAMED_FIELD = re.compile(r"for the following field:\s*([\w.\[\]]+)", re.IGNORECASE)
_PERMISSION = re.compile(r"""need (?:the |a )?(?:following permission:? )?['"]?([A-Z][\w &>/-]*?)['"]? permission""")
_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.IGNORECASE | re.DOTALL)

_NEXT: Mapping[type[NetSuiteError], str] = {
    NetSuiteNotFoundError: "Check the type and the id; a record the role may not see looks the same.",
    NetSuiteUnknownTypeError: "Name the type as NetSuite does (salesOrder); a feature of the account may be off.",
    NetSuiteAlreadyExistsError: "Look for the record by its external id before deciding what to do.",
    NetSuitePermissionError: "Give it to the role of this token (Setup > Users/Roles > Manage Roles).",
    NetSuiteAuthenticationError: "Check the credentials and the account id; NetSuite's Login Audit Trail says why.",
    NetSuiteInvalidFieldError: "Correct the field, or see `metadata` for the record type's fields.",
    NetSuiteInvalidQueryError: "Correct the query; the role may also hide the table or column.",
    NetSuiteBusyError: "Nothing was carried out: try again later, with fewer calls at once.",
    NetSuiteChangedError: "Read the record again, then decide again.",
    NetSuiteRepeatedError: "Read the result of the earlier job instead of sending it anew.",
    NetSuiteLockedError: "A workflow of the account locks it: SuiteQL may still read it.",
    NetSuiteServerError: "If this was a write, look whether it happened before trying again.",
    NetSuiteUnexpectedAnswerError: "If this goes on, something between here and NetSuite answers in its place.",
}


def read_error(
    status: int, headers: Mapping[str, str], content: bytes, *, action: str, host: str = "rest"
) -> NetSuiteError:
    """Make the error that an answer means. Never raises, whatever the answer holds.

    Args:
        status: HTTP status.
        headers: names in lower case.
        content: the body.
        action: what was being done, in words that name the record.
        host: "rest" or "restlet".
    """
    refusal = read_refusal(content)
    kind = _meaning(status, refusal)
    words = " ".join(dict.fromkeys((refusal.detail or refusal.title, *refusal.further))).strip()
    path = refusal.path or _field_in(refusal.detail) if issubclass(kind, InvalidFieldError) else refusal.path
    place = f" at {path}" if path else f" about {refusal.about}" if refusal.about else ""
    whose = "the RESTlet" if host == "restlet" else "NetSuite"
    said = f": {words}" if words else "" if refusal.code else " and said nothing more"
    error = kind(
        f"Could not {action}: {whose} answered {status}{' ' + refusal.code if refusal.code else ''}{place}{said}"
        f"{'' if said.endswith('.') else '.'} {_NEXT.get(kind, '')}".rstrip(),
        status=status,
        code=refusal.code,
        detail=words,
        path=path or None,
        action=action,
        retry_after=read_retry_after(headers),
    )
    error.location = headers.get("location", "")
    if isinstance(error, NetSuitePermissionError):
        named = _PERMISSION.search(words)
        error.permission = named[1].strip() if named else ""
    return error


def unexpected(status: int, *, action: str, problem: str) -> NetSuiteUnexpectedAnswerError:
    """An answer whose status promises success and whose content does not hold it."""
    return NetSuiteUnexpectedAnswerError(
        f"Could not {action}: NetSuite answered {status}, but {problem}. {_NEXT[NetSuiteUnexpectedAnswerError]}",
        status=status,
        detail=problem,
        action=action,
    )


def read_refusal(content: bytes) -> Refusal:
    """Take an error body apart: REST's two forms, the RESTlet's, the token end point's, HTML, or anything else."""
    text = content.decode("utf-8", "replace").strip()
    try:
        body: Any = json.loads(text)
    except (ValueError, RecursionError):
        return Refusal(detail=_plain(text))
    if is_list(body) and body:
        body = body[0]
    if not is_object(body):
        return Refusal(detail=_plain(str(body)))
    return _from_mapping(body)


def _from_mapping(body: Mapping[str, Any]) -> Refusal:
    details = body.get("o:errorDetails")
    title = _text(body.get("title"))
    listed = [detail for detail in details if is_object(detail)] if is_list(details) else []
    if listed:
        first = _from_detail(listed[0], title)
        return Refusal(
            code=first.code,
            detail=first.detail,
            path=first.path,
            about=first.about,
            title=title,
            further=tuple(_text(other.get("detail")) for other in listed[1:]),
        )
    error = body.get("error")
    if is_object(error):
        return _from_detail(error, title)
    if isinstance(error, str):
        return Refusal(code=error, detail=_text(body.get("error_description")), title=title)
    return _from_detail(body, title)


def _from_detail(detail: Mapping[str, Any], title: str) -> Refusal:
    return Refusal(
        code=_text(detail.get("o:errorCode") or detail.get("code") or detail.get("name")),
        detail=_text(detail.get("detail") or detail.get("message") or details_of(detail)),
        path=_text(detail.get("o:errorPath")),
        about=_text(detail.get("o:errorQueryParam") or detail.get("o:errorHeader") or detail.get("o:errorUrl")),
        title=title,
    )


def details_of(detail: Mapping[str, Any]) -> str:
    """Whatever words a body of unknown form holds, at most 300 characters."""
    if {"title", "status", "type"} & set(detail):
        return ""
    return _plain(json.dumps(detail, ensure_ascii=False, default=str)) if detail else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    return _plain(value if isinstance(value, str) else json.dumps(value, default=str))


def _plain(text: str) -> str:
    words = " ".join(_MARKUP.sub(" ", text).split())
    return words if len(words) <= 1000 else words[:1000] + " …"


def _field_in(words: str) -> str:
    named = _NAMED_FIELD.search(words)
    return named[1].rstrip(".") if named else ""


def _meaning(status: int, refusal: Refusal) -> type[NetSuiteError]:
    """Decide by status and code, and by NetSuite's words where one code stands for many things (USER_ERROR)."""
    code, words = refusal.code, f"{refusal.detail} {refusal.title}".lower()
    rules: tuple[tuple[bool, type[NetSuiteError]], ...] = (
        (status == 429 or code in _BUSY, NetSuiteBusyError),
        (status == 401 or code in _LOGIN or code in _TOKEN, NetSuiteAuthenticationError),
        (code == "IDEMPOTENCY_ERROR", NetSuiteRepeatedError),
        (
            status == 403
            or code in ("INSUFFICIENT_PERMISSION", "INSUFFICIENT_PERMISSIONS")
            or "not have permission" in words
            or "permission violation" in words,
            NetSuitePermissionError,
        ),
        (status in (409, 412) or code == "RCRD_HAS_BEEN_CHANGED", NetSuiteChangedError),
        (status >= 500 or code == "UNEXPECTED_ERROR", NetSuiteServerError),
        ("record type" in words and "does not exist" in words, NetSuiteUnknownTypeError),
        (
            status == 404
            or code in _ABSENT
            or "transaction type specified is incorrect" in words
            or "record instance does not exist" in words,
            NetSuiteNotFoundError,
        ),
        (code.startswith("DUP_") or "already exists" in words, NetSuiteAlreadyExistsError),
        (refusal.about == "q" or "invalid search" in words or "search error" in words, NetSuiteInvalidQueryError),
        ("locked by" in words, NetSuiteLockedError),
        (
            bool(refusal.path)
            or (
                code in ("INVALID_CONTENT", "INVALID_FIELD_VALUE", "USER_ERROR")
                and any(hint in words for hint in ("field", "please enter value", "content", "invalid value"))
            ),
            NetSuiteInvalidFieldError,
        ),
        (not code and not refusal.title, NetSuiteUnexpectedAnswerError),
    )
    return next((kind for holds, kind in rules if holds), NetSuiteError)


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer asks to wait (`Retry-After` as a number, or as a date beside `Date`), or None."""
    text = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(headers["date"])
        return max(0.0, (until - now).total_seconds())
    except (ValueError, KeyError, TypeError):
        return None
