"""Questions to the account itself: its clock, who the token is, its record types; and the way out for all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.answers import read_object, read_optional_json
from zoey_netsuite.http.operation import JSON, Operation, Response, Safety
from zoey_netsuite.netsuite.answers import is_object
from zoey_netsuite.netsuite.operations import collection

SERVER_TIME = "/services/rest/system/v1/serverTime"
TOKEN_INFO = "/rest/tokeninfo"  # noqa: S105 - a path
METADATA = "/services/rest/record/v1/metadata-catalog"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def server_time() -> Operation[datetime]:
    """Read NetSuite's clock (REST Web Services, Server Time)."""
    return Operation(
        name="ask for the server's time", method="GET", path=SERVER_TIME, read=_read_time, kind="system.time"
    )


def _read_time(response: Response) -> datetime:
    body = read_optional_json(response)
    texts = [value for value in body.values() if isinstance(value, str)] if is_object(body) else [body]
    for text in texts:
        if isinstance(text, str):
            try:
                moment = datetime.fromisoformat(text.strip())
            except ValueError:
                continue
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    raise ValueError("it holds no time")


def whoami() -> Operation[Mapping[str, JSON]]:
    """Ask who the token is."""
    return Operation(
        name="ask who the token is",
        method="GET",
        path=TOKEN_INFO,
        read=read_object,
        kind="system.whoami",
        host="restlet",
    )


def metadata(type: str | None = None) -> Operation[Mapping[str, JSON]]:
    """Read the JSON schema of a record type, or the list of all types (REST Web Services, Metadata Catalog)."""
    if type is None:
        return Operation(
            name="list the record types", method="GET", path=METADATA, read=read_object, kind="system.metadata"
        )
    collection(type)
    return Operation(
        name=f"read the metadata of {type}",
        method="GET",
        path=f"{METADATA}/{type}",
        read=read_object,
        kind="system.metadata",
        headers={"accept": "application/schema+json"},
    )


def raw(
    method: str,
    path: str,
    *,
    params: Sequence[tuple[str, str]] = (),
    json: JSON = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    host: str = "rest",
    repeatable: bool = False,
) -> Operation[Response]:
    """Any call. See `NetSuiteClient.raw`."""
    if not path.startswith("/"):
        raise ConfigurationError(f"{path!r} must be a path on NetSuite's own host, beginning with '/'.")
    if host not in ("rest", "restlet"):
        raise ConfigurationError(f"{host!r} is none of NetSuite's hosts: 'rest' or 'restlet'.")
    method = method.upper()
    return Operation(
        name=f"{method} {path}",
        method=method,
        path=path,
        read=lambda response: response,
        kind="raw",
        host=host,
        params=params,
        json=json,
        content=content,
        headers={name.lower(): value for name, value in (headers or {}).items()},
        safety=Safety.READ if method in READING else Safety.REPEATABLE if repeatable else Safety.ONCE,
    )
