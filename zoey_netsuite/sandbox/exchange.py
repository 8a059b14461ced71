"""What the sandbox's servers are handed and what they hand back, free of any web framework."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from attrs import field, frozen

JSON: TypeAlias = Any
Refusal: TypeAlias = Literal["unauthorized", "token_expired", "token_revoked"]


@frozen
class Request:
    """A request as a server got it.

    Attributes:
        method: upper case.
        url: absolute, as the caller addressed it (what an OAuth 1.0a signature is computed over).
        headers: names in lower case.
        body: raw bytes.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict[str, str])
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path, still percent-encoded."""
        return urlsplit(self.url).path

    @property
    def target(self) -> str:
        """Path and query, still percent-encoded."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def query(self) -> Sequence[tuple[str, str]]:
        """Query parameters in order, decoded."""
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)

    def json(self) -> JSON:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


@frozen
class Answer:
    """What a server says. Header names are lower case."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(factory=dict[str, str])

    @classmethod
    def of(cls, value: JSON, status: int = 200, *, content_type: str = "application/json", **headers: str) -> Answer:
        """A JSON answer; further headers by keyword, `_` for `-`."""
        named = {name.replace("_", "-").lower(): text for name, text in headers.items()}
        return cls(status, json.dumps(value, separators=(",", ":")).encode(), {"content-type": content_type, **named})


class App(Protocol):
    """One system's behaviour: a function from request to answer. Never called by two threads at once."""

    def handle(self, request: Request) -> Answer:
        """Carry out one request and answer it. Faults, latency and counts are added around it."""
        ...

    def too_many(self, request: Request) -> Answer:
        """The answer to a request that came while too many others were in flight."""
        ...

    def refuse(self, request: Request, problem: Refusal) -> Answer:
        """This system's own answer to credentials that it does not take, for the faults of those names.

        `token_expired` and `token_revoked` say only how the refusal is worded: the credentials stay as they are, and
        the next request with them is judged as ever.
        """
        ...

    def seed(self, data: Mapping[str, JSON], /) -> None:
        """Put records in, besides those that are there. The format is the system's own; its docstring tells it."""
        ...
