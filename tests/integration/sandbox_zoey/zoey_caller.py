"""A client of the sandboxed store that shares nothing with the library: signed by oauthlib, read by json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from oauthlib.oauth1 import SIGNATURE_TYPE_AUTH_HEADER, Client

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.zoey import OAuth1Credentials, ZoeyApp, ZoeySettings

HOST = "https://shop.example.com"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AGENT = "acme-sync/1.0"

_NONCES = count()


def open_store(database: str = ":memory:", **settings: Any) -> ZoeyApp:
    """A store whose time stands still and whose quota is lifted unless asked for."""
    return ZoeyApp(ZoeySettings(**{"requests_per_second": None, **settings}), SandboxClock(NOW, frozen=True), database)


class Caller:
    """Calls one store with signed requests."""

    def __init__(self, app: ZoeyApp, credentials: OAuth1Credentials | None = None) -> None:
        self.app = app
        self.credentials = credentials or OAuth1Credentials()

    def request(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]] | str = (),
        body: Any = None,
        **headers: str,
    ) -> Request:
        """A signed request; `query` as pairs is encoded, as a string taken as it stands."""
        written = query if isinstance(query, str) else urlencode(query, quote_via=quote)
        url = f"{HOST}/api/rest/{path}" + (f"?{written}" if written else "")
        client = Client(
            self.credentials.consumer_key,
            client_secret=self.credentials.consumer_secret,
            resource_owner_key=self.credentials.token,
            resource_owner_secret=self.credentials.token_secret,
            signature_type=SIGNATURE_TYPE_AUTH_HEADER,
            timestamp=str(int(self.app.clock.now().timestamp())),
            nonce=f"nonce-{next(_NONCES)}",
        )
        _, signed, _ = client.sign(url.replace("[", "%5B").replace("]", "%5D").replace(" ", "%20"), method)
        sent = {"accept": "application/json", "user-agent": AGENT, "authorization": signed["Authorization"]}
        if body is not None:
            sent["content-type"] = "application/json"
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Request(method, url, sent, raw)

    def call(
        self, method: str, path: str, query: Sequence[tuple[str, str]] | str = (), body: Any = None, **headers: str
    ) -> Answer:
        """The store's answer to a signed request."""
        return self.app.handle(self.request(method, path, query, body, **headers))

    def get(self, path: str, *query: tuple[str, str]) -> Any:
        """The JSON of an answer that has to be 200."""
        answer = self.call("GET", path, query)
        assert answer.status == 200, answer
        return json.loads(answer.body)

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, body=body)

    def post(self, path: str, body: Any = None) -> Answer:
        return self.call("POST", path, body=body)


def errors(answer: Answer) -> list[tuple[int, str]]:
    """Codes and messages of a refusal, which has to be in the store's form with the last code as status."""
    faults = json.loads(answer.body)["messages"]["error"]
    assert answer.status == faults[-1]["code"]
    return [(fault["code"], fault["message"]) for fault in faults]


def where(attribute: str, operator: str, value: str, entry: int = 1) -> tuple[tuple[str, str], tuple[str, str]]:
    """The query parameters of one filter."""
    return (f"filter[{entry}][attribute]", attribute), (f"filter[{entry}][{operator}]", value)
