"""A signed caller and an account with a little data."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from oauthlib.oauth1 import Client

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.app import NetSuiteApp
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings, TokenCredentials

HOST = "https://1234567-sb1.suitetalk.api.netsuite.com"
RECORD = "/services/rest/record/v1"
NOON = datetime(2026, 3, 2, 20, 0, 0, tzinfo=UTC)


class Caller:
    """Signs requests as a client of token-based authentication does, with oauthlib, and hands them to the app."""

    def __init__(self, app: NetSuiteApp, credentials: TokenCredentials | None = None) -> None:
        self.app = app
        self.credentials = credentials or app.settings.tokens[0]
        self.realm = app.settings.realm
        self.method = "HMAC-SHA256"

    def signed(self, method: str, url: str, *, timestamp: str | None = None, nonce: str | None = None) -> dict[str, str]:
        client = Client(
            self.credentials.consumer_key,
            self.credentials.consumer_secret,
            self.credentials.token_id,
            self.credentials.token_secret,
            signature_method=self.method,
            realm=self.realm,
            timestamp=timestamp or str(int(self.app.clock.now().timestamp())),
            nonce=nonce or uuid.uuid4().hex,
        )
        _, headers, _ = client.sign(url, method)
        return {name.lower(): value for name, value in headers.items()}

    def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, signed: Any = None
    ) -> Answer:
        url = path if path.startswith("http") else HOST + path
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        own = {"content-type": "application/json"} if content else {}
        signature = signed if signed is not None else self.signed(method, url)
        return self.app.handle(Request(method, url, {**own, **signature, **(headers or {})}, content))

    def get(self, path: str, **kwargs: Any) -> Any:
        answer = self.send("GET", path, **kwargs)
        assert answer.status == 200, (answer.status, answer.body)
        return json.loads(answer.body)

    def record(self, path: str) -> Any:
        return self.get(f"{RECORD}/{path}?expandSubResources=true")

    def create(self, path: str, body: Any, **kwargs: Any) -> str:
        answer = self.send("POST", f"{RECORD}/{path}", body, **kwargs)
        assert answer.status == 204, (answer.status, answer.body)
        assert answer.body == b""
        return answer.headers["location"].rsplit("/", 1)[1]

    def patch(self, path: str, body: Any, **kwargs: Any) -> None:
        answer = self.send("PATCH", f"{RECORD}/{path}", body, **kwargs)
        assert answer.status == 204, (answer.status, answer.body)

    def refused(self, method: str, path: str, body: Any = None, **kwargs: Any) -> dict[str, Any]:
        """The single error detail of a refusal, with its status."""
        url = path if path.startswith("/services") else f"{RECORD}/{path}"
        answer = self.send(method, url, body, **kwargs)
        assert answer.status >= 400, answer.status
        value = json.loads(answer.body)
        assert value["status"] == answer.status
        return {"status": answer.status, **value["o:errorDetails"][0]}


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(NOON, frozen=True)


@pytest.fixture
def settings() -> NetSuiteSettings:
    return NetSuiteSettings()


@pytest.fixture
def app(settings: NetSuiteSettings, clock: SandboxClock) -> NetSuiteApp:
    return NetSuiteApp(settings, clock)


@pytest.fixture
def caller(app: NetSuiteApp) -> Caller:
    return Caller(app)
