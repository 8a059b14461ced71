"""A signed caller, and an account with a little data."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

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

    def signed(
        self, method: str, url: str, *, timestamp: str | None = None, nonce: str | None = None
    ) -> dict[str, str]:
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


SEED: dict[str, Any] = {
    "location": [{"id": 1, "name": "East"}, {"id": 2, "name": "West"}],
    "inventoryItem": [
        {"id": 11, "itemId": "A-1", "basePrice": 10},
        {"id": 12, "itemId": "B-2", "basePrice": 2.5},
    ],
    "lotNumberedInventoryItem": [{"id": 13, "itemId": "LOT-3", "basePrice": 7}],
    "serviceItem": [{"id": 14, "itemId": "SERVICE", "basePrice": 20}],
    "discountItem": [{"id": 15, "itemId": "TEN-OFF", "rate": -10}],
    "inventoryNumber": [{"id": 90, "inventoryNumber": "L1", "item": 13}],
    "stock": [
        {"item": 11, "location": 1, "quantityavailable": 10},
        {"item": 12, "location": 1, "quantityavailable": 100},
        {"item": 13, "location": 1, "quantityavailable": 50},
    ],
    "customer": [
        {
            "id": 501,
            "companyname": "Acme",
            "email": "buyer@acme.example",
            "terms": "2",
            "addressBook": {
                "items": [
                    {
                        "label": "Office",
                        "defaultBilling": True,
                        "defaultShipping": True,
                        "addressBookAddress": {"addr1": "1 Main St", "city": "Austin", "state": "TX", "country": "US"},
                    }
                ]
            },
        },
        {"id": 502, "isPerson": True, "firstName": "Ann", "lastName": "Lee"},
    ],
    "contact": [{"id": 601, "firstName": "Bo", "lastName": "Ek", "company": 501, "email": "bo@acme.example"}],
}


class Shop(Caller):
    """A caller whose account has items, stock and customers."""

    def order(self, *lines: tuple[int, float], **fields: Any) -> str:
        """Make a sales order of (item, quantity) lines shipped from location 1."""
        items = [{"item": {"id": str(item)}, "quantity": quantity} for item, quantity in lines or ((11, 4), (12, 3))]
        return self.create("salesOrder", {"entity": "501", "location": "1", "item": {"items": items}, **fields})

    def transform(self, source: str, target: str, body: Any = None, **kwargs: Any) -> str:
        return self.create(f"{source}/!transform/{target}", body or {}, **kwargs)

    def letter(self, order: str) -> str:
        return str(self.record(f"salesOrder/{order}")["orderStatus"]["id"])

    def level(self, item: int, location: int = 1) -> tuple[float, float, float]:
        """On hand, available, committed."""
        row = self.app.database.find("aggregateitemlocation", {"item": item, "location": location})[0]
        names = ("quantityonhand", "quantityavailable", "quantitycommitted")
        return tuple(float(row[name] or 0) for name in names)  # type: ignore[return-value]

    def suiteql(self, query: str, *params: Any, page: str = "", **kwargs: Any) -> Any:
        answer = self.send(
            "POST",
            f"/services/rest/query/v1/suiteql{page}",
            {"q": query, "params": list(params)},
            headers={"prefer": "transient"},
            **kwargs,
        )
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def rows(self, query: str, *params: Any) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in row.items() if name != "links"}
            for row in self.suiteql(query, *params)["items"]
        ]


def shop_with(clock: SandboxClock, **settings: Any) -> Shop:
    """A seeded account whose settings differ."""
    app = NetSuiteApp(NetSuiteSettings(**settings), clock)
    app.seed(SEED)
    return Shop(app)
