"""A broken system is not a broken record: what an error means for the unit, and for the run."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from zoey_netsuite import errors
from zoey_netsuite.errors import SystemFailure, ZoeyNetSuiteError
from zoey_netsuite.netsuite import RowError
from zoey_netsuite.user_code import said
from zoey_netsuite.zoey import RecordError

REMEDIES = {
    "credentials": "Check the credentials and that the token or certificate is not revoked; then run check().",
    "permission": "Give the integration's role the permission that is named; then run check().",
    "quota": "Wait, lower the limiter, or lift the account's limit; runs try again by themselves.",
    "outage": "Nothing is lost; runs try again by themselves.",
    "configuration": "Correct the field, table or setting that is named.",
    "code": "Correct the code; the error that this one is chained to says where.",
    "store": "Once the state store works again, runs go on by themselves.",
}

WAITS = (60, 120, 300, 900, 1800, 3600, 3600)
"""Seconds before each further try of a record whose trouble may pass by itself; then it has failed."""


@frozen
class Trouble:
    """What an error means for one unit.

    Attributes:
        verdict: "system" (ask whether the whole system is down), "retry", "held" or "failed".
        cause: a label that the same trouble shares.
    """

    verdict: Literal["system", "retry", "held", "failed"]
    cause: str


def system_failure(error: ZoeyNetSuiteError, system: str) -> SystemFailure | None:
    """The system failure that an error certainly is, or None when it may be about one record only."""
    if isinstance(error, SystemFailure):
        return error
    cause = None
    if isinstance(error, errors.AuthenticationError):
        cause = "credentials"
    elif isinstance(error, errors.PermissionDeniedError):
        cause = "permission"
    elif isinstance(error, errors.BusyError):
        cause = "quota"
    elif isinstance(error, errors.StoreError):
        system, cause = "store", "store"
    elif isinstance(error, errors.ConfigurationError):
        cause = "configuration"
    return None if cause is None else make(error, system, cause)


def scan_failure(error: Exception, system: str) -> SystemFailure:
    """What an error in a scan is: without the list of what changed, the sync can't go on. Whatever is none of ours
    comes from the sync's own code.
    """
    if not isinstance(error, ZoeyNetSuiteError):
        failure = SystemFailure(
            f"error in the sync's own code: {said(error)}",
            system="settings",
            cause="configuration",
            remedy=REMEDIES["code"],
        )
        failure.__cause__ = error
        return failure
    known = system_failure(error, system)
    if known is not None:
        return known
    outage = isinstance(error, errors.ServerError | errors.TransportError | errors.UnexpectedAnswerError)
    return make(error, system, "outage" if outage else "configuration")


def make(error: Exception, system: str, cause: str) -> SystemFailure:
    """A system failure that says what is wrong and what to do, chained to the error behind it."""
    failure = SystemFailure(str(error), system=system, cause=cause, remedy=REMEDIES[cause])
    failure.__cause__ = error
    return failure


def is_of_a_record(error: Exception) -> bool:
    """Whether an error speaks of one record, or of the sync's own code, rather than of a system or a setting."""
    return isinstance(error, errors.MappingError) or not isinstance(error, ZoeyNetSuiteError)


def trouble(error: Exception) -> Trouble:
    """What an error means for the unit that was being worked on."""
    if isinstance(error, errors.OutcomeUnknown):
        return Trouble("system", "outcome unknown")
    if isinstance(error, errors.TransportError | errors.ServerError | errors.UnexpectedAnswerError):
        return Trouble("system", "no answer")
    if isinstance(error, errors.ChangedMeanwhileError):
        return Trouble("retry", "changed meanwhile")
    if isinstance(error, RecordError | RowError):
        return Trouble("failed", f"unreadable {error.field}" if error.field else "unreadable")
    if isinstance(error, errors.MappingError):
        return Trouble("held", f"mapping {error.field}" if error.field else "mapping")
    if isinstance(error, errors.HeldError):
        return Trouble("held", error.cause)
    if isinstance(error, errors.NotFoundError):
        return Trouble("failed", "not found")
    if isinstance(error, errors.AlreadyExistsError):
        return Trouble("failed", "exists already")
    if isinstance(error, errors.InvalidFieldError):
        return Trouble("failed", f"field {error.path}" if error.path else "refused")
    if isinstance(error, errors.APIError):
        return Trouble("failed", "refused")
    return Trouble("failed", f"error in the sync's own code: {type(error).__name__}")


def system_of(error: Exception) -> str:
    """Which system an error speaks of."""
    if isinstance(error, errors.StoreError):
        return "store"
    return error.system if isinstance(error, errors.APIError | errors.TransportError) else "settings"
