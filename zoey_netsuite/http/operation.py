"""A call to a remote system as data: what to send, how to read the answer, and whether it may be repeated."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from attrs import field, frozen

from zoey_netsuite.http.redaction import redact

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

JSON: TypeAlias = Any
"""What `json.loads` gives: None, bool, int, float, str, list or dict of these."""


class Safety(enum.Enum):
    """What repeating a call does, when its first answer was lost."""

    READ = "read"
    """Changes nothing: repeat at will."""
    REPEATABLE = "repeatable"
    """A write whose repetition ends in the same state (an update to given values, a delete): repeat at will."""
    ONCE = "once"
    """A write that must not be repeated blindly: a lost answer raises `OutcomeUnknown`."""


@frozen
class Request:
    """What goes over the wire: an absolute URL with its query encoded, headers (lower-case names), body, time-out."""

    method: str
    url: str = field(repr=lambda url: repr(redact(url)))
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=lambda headers: f"<{len(headers)} headers>")
    content: bytes = field(default=b"", repr=lambda content: f"<{len(content)} bytes>")
    timeout: float = 60.0


class Response(Protocol):
    """What came back. Header names are lower case; a header given twice is joined by ", "."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


@frozen
class Operation(Generic[T]):
    """One call, not yet made.

    Attributes:
        name: what is being done, in words that name the record, for errors and logs ("update salesOrder 4711").
        method: HTTP method.
        path: the path under the system's base address, beginning with "/", already percent-encoded.
        read: turns a 2xx answer into the result; raises `ValueError` when the body is not what it should be.
        kind: a short, fixed label of the call, for metrics and counts ("record.update", "suiteql").
        host: which of the system's hosts serves it ("rest", "restlet").
        params: query parameters in order, decoded.
        json: the body as JSON, or None for no body (`content` wins when given).
        content: the body as bytes, for what is not JSON.
        headers: additional headers, lower-case names.
        safety: what a repetition does.
        timeout: seconds, or None for the client's own.
        secret: the answer holds a secret, so none of it is ever shown.
    """

    name: str
    method: str
    path: str
    read: Callable[[Response], T]
    kind: str = ""
    host: str = "rest"
    params: Sequence[tuple[str, str]] = ()
    json: JSON = field(default=None, repr=lambda json: "None" if json is None else f"<{type(json).__name__}>")
    content: bytes | None = field(
        default=None, repr=lambda content: "None" if content is None else f"<{len(content)} bytes>"
    )
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=lambda headers: f"<{len(headers)} headers>")
    safety: Safety = Safety.READ
    timeout: float | None = None
    secret: bool = False


@frozen
class ResultPage(Generic[T_co]):
    """A page of a list, and the operation that reads the next one (None after the last)."""

    items: Sequence[T_co]
    next: Operation[ResultPage[T_co]] | None = None


@frozen
class Pages(Generic[T_co]):
    """A list that is read page by page: the first operation; each page names the next."""

    first: Operation[ResultPage[T_co]]
