"""Zoey's refusals as errors with a meaning, whatever form the answer has."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from attrs import frozen

from zoey_netsuite.errors import (
    AlreadyExistsError,
    APIError,
    AuthenticationError,
    BusyError,
    InvalidFieldError,
    InvalidQueryError,
    MappingError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    UnexpectedAnswerError,
)
from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.values import is_array, is_object


class ZoeyError(APIError):
    """Zoey answered, and the answer is a refusal. Its subclasses say what it means."""


class ZoeyNotFoundError(ZoeyError, NotFoundError):
    """There is no such record, or no such call in this store."""


class ZoeyAlreadyExistsError(ZoeyError, AlreadyExistsError):
    """A record with this identity (a customer's e-mail address) exists: look for it, then decide."""


class ZoeyPermissionError(ZoeyError, PermissionDeniedError):
    """The token's role may not do this, or the edge turned the request away."""


class ZoeyAuthenticationError(ZoeyError, AuthenticationError):
    """The credentials were refused; `code` is `oauth_problem=...` where Zoey names it."""


class ZoeyInvalidFieldError(ZoeyError, InvalidFieldError):
    """The data of a record was refused."""


class ZoeyInvalidQueryError(ZoeyError, InvalidQueryError):
    """A list was asked for in a way that the store does not take: unknown attribute, operator, order or page."""


class ZoeyBusyError(ZoeyError, BusyError):
    """Too many requests in a period."""


class ZoeyServerError(ZoeyError, ServerError):
    """Zoey failed. A write may have happened all the same."""


class ZoeyUnexpectedAnswerError(ZoeyError, UnexpectedAnswerError):
    """The answer is not what Zoey gives elsewhere: an HTML page, truncated JSON, a number where a list was due."""


class RecordError(MappingError):
    """A record does not hold what its field is for; the message names resource, id, field and value.

    Attributes:
        id: the record's, where it was one of a list.
        record: as Zoey sent it.
    """

    def __init__(self, message: str, *, field: str | None = None, id: str = "", record: JSON = None) -> None:
        super().__init__(message, field=field)
        self.id = id
        self.record = record


@frozen
class Refusal:
    """What an error answer says: the code it names ("" without one), and its words."""

    code: str = ""
    words: str = ""


_MARKUP = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]+>", re.IGNORECASE | re.DOTALL)
_OAUTH_PROBLEM = re.compile(r"oauth_problem=\w+")
_MANY_WORDS = 500

_NEXT: Mapping[type[ZoeyError], str] = {
    ZoeyNotFoundError: "Check the id; where the call itself is not known, name the right one in ZoeyActions.",
    ZoeyAlreadyExistsError: "Look for the record there is before deciding what to do.",
    ZoeyPermissionError: "Give the permission to the token's role in the store's administration.",
    ZoeyAuthenticationError: "Check the store's address and the four parts of the credentials, or make new ones.",
    ZoeyInvalidFieldError: "Correct the data; the store may know fewer attributes than were sent.",
    ZoeyInvalidQueryError: "Check the names of the attributes: not every one can be filtered or ordered by."
    " Where it is the id that cannot, read by page: ZoeyBehavior(paging={...: Paging.BY_NUMBER}).",
    ZoeyBusyError: "Nothing was carried out: try again later, with fewer calls a second.",
    ZoeyServerError: "If this was a write, look whether it happened before trying again.",
    ZoeyUnexpectedAnswerError: "If this goes on, something between here and Zoey answers in its place.",
}

_OAUTH_NEXT: Mapping[str, str] = {
    "timestamp_refused": "Set this machine's clock right: the signature's time is too far from the store's.",
    "nonce_used": "The same signed request came twice: sign every attempt anew.",
    "signature_invalid": "Check both secrets, and that the base address is the store's own.",
    "consumer_key_rejected": "Check the consumer key: the store does not know it.",
    "token_rejected": "Check the token: the store does not know it.",
    "token_expired": "Authorize the integration again: the token has run out.",
    "token_revoked": "Authorize the integration again: somebody revoked the token.",
}


def read_error(
    status: int, headers: Mapping[str, str], content: bytes, *, action: str, host: str = "rest"
) -> ZoeyError:
    """Make the error that an answer means. Never raises, whatever the answer holds.

    Args:
        status: HTTP status.
        headers: names in lower case.
        content: the body.
        action: what was being done, in words that name the record.
        host: which of the hosts answered; Zoey has one.
    """
    refusal = read_refusal(content)
    kind = _meaning(status, refusal)
    if 300 <= status < 400:
        place = headers.get("location", "an unnamed place").partition("?")[0]
        refusal = Refusal(words=f"it pointed to {place}: is base_url the store's own address?")
    page = "html" in headers.get("content-type", "") or content.lstrip()[:1] == b"<"
    what = f"answered {status} with a page for people" if page else f"answered {status}"
    said = f": {refusal.words}" if refusal.words else " and said nothing more"
    next_step = _OAUTH_NEXT.get(refusal.code.removeprefix("oauth_problem="), _NEXT.get(kind, ""))
    return kind(
        f"Could not {action}: Zoey {what}{said}{'' if said.endswith('.') else '.'} {next_step}".rstrip(),
        status=status,
        code=refusal.code,
        detail=refusal.words,
        action=action,
        retry_after=read_retry_after(headers),
    )


def unexpected(status: int, *, action: str, problem: str) -> ZoeyUnexpectedAnswerError:
    """An answer whose status promises success and whose content does not hold it."""
    return ZoeyUnexpectedAnswerError(
        f"Could not {action}: Zoey answered {status}, but {problem}. {_NEXT[ZoeyUnexpectedAnswerError]}",
        status=status,
        detail=problem,
        action=action,
    )


def entry_error(status: int, words: str, *, action: str) -> ZoeyError:
    """What became of one entry of a bulk call that was not carried out."""
    refusal = Refusal("", words)
    kind = _meaning(status, refusal)
    said = f" {words}" if words else " nothing about it"
    return kind(
        f"Could not {action}: Zoey answered {status} and said{said}{'' if said.endswith('.') else '.'}"
        f" {_NEXT.get(kind, '')}".rstrip(),
        status=status,
        detail=words,
        action=action,
    )


def read_refusal(content: bytes) -> Refusal:
    """Take an error body apart: `messages`, a token end point's answer, HTML, or anything else."""
    text = content.decode("utf-8", "replace").strip()
    try:
        body: Any = json.loads(text)
    except (ValueError, RecursionError):
        return _refusal("", _plain(text))
    words = list(dict.fromkeys(entry for entry in _messages(body) if entry))
    code = ""
    if is_object(body) and isinstance(body.get("error"), str):
        code = body["error"]
    return _refusal(code, _plain(" ".join(words) if words else _short(body)))


def _refusal(code: str, words: str) -> Refusal:
    problem = _OAUTH_PROBLEM.search(words)
    return Refusal(problem[0] if problem else code, words)


def _messages(body: Any) -> Iterator[str]:
    """The words of an error body, outermost first; Zoey lists them under `messages.error`."""
    if isinstance(body, str):
        yield body
    elif is_array(body):
        for part in body:
            yield from _messages(part)
    elif is_object(body):
        for name in ("messages", "error", "errors", "message", "error_description"):
            if name in body:
                yield from _messages(body[name])


def _short(body: Any) -> str:
    return "" if body in (None, "", [], {}) else json.dumps(body, ensure_ascii=False, default=str)


def _plain(text: str) -> str:
    words = " ".join(_MARKUP.sub(" ", text).split())
    return words if len(words) <= _MANY_WORDS else words[:_MANY_WORDS] + " …"


def _meaning(status: int, refusal: Refusal) -> type[ZoeyError]:
    """Decide by status, and by Zoey's words where 400 stands for many things."""
    words = refusal.words.lower()
    rules: tuple[tuple[bool, type[ZoeyError]], ...] = (
        (status == 429, ZoeyBusyError),
        (status == 401 or refusal.code.startswith("oauth_problem="), ZoeyAuthenticationError),
        (refusal.code in ("invalid_client", "invalid_grant", "unauthorized_client"), ZoeyAuthenticationError),
        (status == 403, ZoeyPermissionError),
        (status in (404, 405, 410), ZoeyNotFoundError),
        (status >= 500, ZoeyServerError),
        ("not found" in words, ZoeyNotFoundError),
        (status == 409 or "already exist" in words or "already registered" in words, ZoeyAlreadyExistsError),
        (
            any(hint in words for hint in ("resource collection", "paging limit")),
            ZoeyInvalidQueryError,
        ),
        (status in (400, 422) and bool(words), ZoeyInvalidFieldError),
        (not words or status < 400, ZoeyUnexpectedAnswerError),
    )
    return next((kind for holds, kind in rules if holds), ZoeyError)


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer asks to wait (`Retry-After` as a number, or as a date beside `Date`), or None."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(headers["date"])
        return max(0.0, (until - now).total_seconds())
    except (ValueError, KeyError, TypeError):
        return None
