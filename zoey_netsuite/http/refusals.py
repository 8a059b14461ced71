"""Answers that are no success: made into errors, with secrets taken out and what the headers tell put in."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from zoey_netsuite.clock import Clock
from zoey_netsuite.errors import APIError, AuthenticationError, TransportError, UnexpectedAnswerError
from zoey_netsuite.http.operation import Operation, Response
from zoey_netsuite.http.redaction import redact

if TYPE_CHECKING:
    from zoey_netsuite.http.retry import Remote

E = TypeVar("E", bound=BaseException)

SKEW = 240.0
"""Seconds that two clocks may differ before a refused signature is put down to that; five minutes are refused
(NetSuite: Token-based Authentication)."""


def refusal(operation: Operation[Any], remote: Remote, response: Response, clock: Clock) -> APIError:
    """The error that an answer other than 2xx means."""
    error = remote.error(operation, response)
    if error.retry_after is None:
        error.retry_after = read_retry_after(response.headers, clock)
    hide_in(error)
    error.detail = redact(error.detail)
    if isinstance(error, AuthenticationError):
        _compare_clocks(error, remote, response, clock)
    return error


def unreadable(operation: Operation[Any], remote: Remote, response: Response, problem: ValueError) -> APIError:
    """The error for a success whose body is not what was promised."""
    if operation.secret:
        message = f"{operation.name}: {remote.name} answered {response.status} with what can't be read"
        return UnexpectedAnswerError(message, status=response.status, action=operation.name)
    shown = redact(" ".join(response.content[:400].decode("utf-8", "replace").split()))[:80]
    kind = response.headers.get("content-type", "no content type")
    error = UnexpectedAnswerError(
        f"{operation.name}: {remote.name} answered {response.status} with what can't be read"
        f" ({kind}: {shown!r}): {redact(str(problem))}",
        status=response.status,
        detail=shown,
        action=operation.name,
    )
    error.__cause__ = hide_in(problem)
    return error


def no_answer(operation: Operation[Any], remote: Remote, failure: TransportError) -> TransportError:
    """The error for an answer that never came."""
    what = "could not be reached" if not failure.sent else "gave no answer"
    error = TransportError(f"{operation.name}: {remote.name} {what}: {redact(str(failure))}", sent=failure.sent)
    error.final = failure.final
    error.__cause__ = hide_in(failure)
    return error


def read_retry_after(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Seconds that an answer asks to wait, or None: a number, or a date against the server's own clock or ours."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        until = _date(text)
        if until is None:
            return None
        seconds = (until - (_date(headers.get("date", "")) or clock.now())).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def add_to_message(error: Exception, words: str) -> None:
    """Say something more in an error's message."""
    error.args = (f"{error} {words}".strip(), *error.args[1:])


def hide_in(error: E, values: Collection[str] = ()) -> E:
    """Take secrets out of an error's words, and of those that it came from: tracebacks show them all.

    Args:
        values: hidden wherever they stand.
    """
    known: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in known:
        known.append(one)
        one.args = tuple(redact(part, values) if isinstance(part, str) else part for part in one.args)
        if isinstance(one, APIError) and values:
            one.detail, one.code = redact(one.detail, values), redact(one.code, values)
        one = one.__cause__ or one.__context__
    return error


def _compare_clocks(error: AuthenticationError, remote: Remote, response: Response, clock: Clock) -> None:
    theirs = _date(response.headers.get("date", ""))
    ahead = 0.0 if theirs is None else (clock.now() - theirs).total_seconds()
    if abs(ahead) > SKEW:
        which = "ahead of" if ahead > 0 else "behind"
        add_to_message(
            error, f"This machine's clock is {abs(ahead):.0f} s {which} {remote.name}'s: set it right first."
        )


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
