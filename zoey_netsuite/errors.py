"""Every error this library raises, in one tree.

Catch `ZoeyNetSuiteError` to catch all of them. An `APIError` has a class by system (`NetSuiteError`, `ZoeyError`) and
a class by meaning (`NotFoundError`, `BusyError` …), so code can ask either question. No message, `repr` or attribute
holds a secret.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from zoey_netsuite.wording import sentences

if TYPE_CHECKING:
    from zoey_netsuite.http.operation import Operation

__all__ = [
    "APIError",
    "AlreadyExistsError",
    "AuthenticationError",
    "BusyError",
    "ChangedMeanwhileError",
    "ConfigurationError",
    "HeldError",
    "InvalidFieldError",
    "InvalidQueryError",
    "LeaseLost",
    "MappingError",
    "NotFoundError",
    "OutcomeUnknown",
    "PermissionDeniedError",
    "ServerError",
    "StoreError",
    "StoreOutcomeUnknown",
    "SystemFailure",
    "TransportError",
    "UnexpectedAnswerError",
    "VersionMismatch",
    "ZoeyNetSuiteError",
]

Key = tuple[str, ...]


class ZoeyNetSuiteError(Exception):
    """The root of all errors of this library."""


class ConfigurationError(ZoeyNetSuiteError):
    """Something the developer set up is missing or contradictory; the message names it and the remedy."""


class TransportError(ZoeyNetSuiteError):
    """No usable answer came back.

    Attributes:
        sent: False when the request certainly never reached the other side, so that repeating it is harmless.
            True when it may have.
        system: which system it was meant for ("netsuite", "zoey"), or "".
        final: whether it would come out the same again, so that a read is not repeated.
    """

    system: str = ""
    final: bool = False

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class OutcomeUnknown(TransportError):
    """A write was sent and its answer was lost: it may or may not have happened.

    The HTTP layer never repeats such a write. Whoever asked for it looks on the remote side (by external id or marker),
    then decides.

    Attributes:
        operation: the `Operation` that was sent, as data.
    """

    def __init__(self, message: str, *, operation: Operation[Any]) -> None:
        super().__init__(message, sent=True)
        self.operation = operation


class APIError(ZoeyNetSuiteError):
    """The other side answered, and the answer is a refusal.

    Attributes:
        status: HTTP status of the answer.
        code: the other side's own error code (`INVALID_CONTENT`, `oauth_problem=token_rejected` …), or "".
        detail: the other side's own words.
        path: the field the other side names (`item.items[0].item`), or None.
        action: what was being done, in a few words that name the record (`update salesOrder 4711`).
        retry_after: seconds the other side asked to wait, or None.
        system: which system it was ("netsuite", "zoey"), or "".
    """

    system: str = ""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        detail: str = "",
        path: str | None = None,
        action: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.detail = detail
        self.path = path
        self.action = action
        self.retry_after = retry_after


class NotFoundError(APIError):
    """The record, or the end point, does not exist (or the role cannot see it)."""


class AlreadyExistsError(APIError):
    """A record with that identity exists already, or the other side's words may mean so: look, then decide."""


class PermissionDeniedError(APIError):
    """The role or token lacks a permission, which the detail names."""


class AuthenticationError(APIError):
    """The credentials were refused: wrong, revoked, expired, or wrongly signed."""


class InvalidFieldError(APIError):
    """A field of the request was refused; `path` says which one where the other side does."""


class InvalidQueryError(APIError):
    """A query names an unknown table or column, or cannot be run."""


class BusyError(APIError):
    """Too many requests, at once or in a period. The request was not carried out: repeating it later is harmless."""


class ChangedMeanwhileError(APIError):
    """Somebody else saved the record between reading and writing: read again, decide again."""


class ServerError(APIError):
    """The other side failed (5xx). A write may have happened all the same."""


class UnexpectedAnswerError(APIError):
    """The answer is not what the other side documents: an HTML page, truncated JSON, a missing `Location`."""


class MappingError(ZoeyNetSuiteError):
    """A record cannot be turned into what the other side takes; the message names the record, the field and the value.

    Attributes:
        field: the field that could not be mapped, or None.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class HeldError(ZoeyNetSuiteError):
    """The records are such that a person must decide; nothing was written. The message says which, why, what to do.

    Attributes:
        cause: a short label that records with the same trouble share.
    """

    def __init__(self, message: str, *, cause: str = "held") -> None:
        super().__init__(message)
        self.cause = cause


class StoreError(ZoeyNetSuiteError):
    """The state store failed."""


class VersionMismatch(StoreError):
    """A commit expected other versions than the store holds. Nothing was written.

    Attributes:
        keys: the keys whose version was not as expected.
    """

    def __init__(self, keys: Collection[Key]) -> None:
        self.keys: Sequence[Key] = tuple(keys)
        super().__init__(
            f"{len(self.keys)} key(s) changed meanwhile, the first is {'/'.join(self.keys[0]) if self.keys else '?'}"
        )


class StoreOutcomeUnknown(StoreError):
    """A commit was sent and the store's answer was lost: read again before deciding."""


class LeaseLost(ZoeyNetSuiteError):
    """Another worker holds what this worker was working on; nothing more may be written for it here."""


class SystemFailure(ZoeyNetSuiteError):
    """A whole system is broken, not a record: credentials, a permission, a quota, an outage, the store.

    The run stops where it is and has lost no place.

    Attributes:
        system: "netsuite", "zoey", "store", or "settings" for what the developer wrote.
        cause: "credentials", "permission", "quota", "outage", "configuration" or "store".
        remedy: what to do about it.
    """

    def __init__(self, message: str, *, system: str, cause: str, remedy: str = "") -> None:
        super().__init__(sentences(message, remedy))
        self.system = system
        self.cause = cause
        self.remedy = remedy
