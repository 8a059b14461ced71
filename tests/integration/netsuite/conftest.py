"""One sandboxed NetSuite account over real HTTP, and both clients to it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from zoey_netsuite.http.retry import Retry
from zoey_netsuite.netsuite import AsyncNetSuiteClient, NetSuiteClient, TokenAuth
from zoey_netsuite.sandbox.netsuite.settings import CustomField, NetSuiteSettings
from zoey_netsuite.sandbox.sandbox import Sandbox
from zoey_netsuite.testing.clock import FakeClock

SEED = {
    "netsuite": {
        "location": [{"id": 1, "name": "West"}, {"id": 2, "name": "East"}],
        "customer": [{"id": 100, "companyName": "ACME", "externalId": "acme", "email": "a@acme.test"}],
        "inventoryItem": [{"id": 500 + number, "itemId": f"SKU-{number}"} for number in range(25)],
        "stock": [
            {"item": 500 + number, "location": location, "quantityAvailable": number + location}
            for number in range(25)
            for location in (1, 2)
        ],
        "saved_searches": {
            "customsearch_items": {
                "query": "SELECT id, itemid, isinactive FROM item ORDER BY id",
                "type": "inventoryitem",
                "labels": {"itemid": "Item Name"},
            },
            "customsearch_none": "SELECT id FROM item WHERE id < 0",
        },
        "datasets": {"custdataset_items": "SELECT id, itemid FROM item ORDER BY id"},
    }
}


class Awaited:
    """An async client, called as if it were a blocking one, so that one test serves both."""

    def __init__(self, client: AsyncNetSuiteClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        def call(*args: Any, **kwargs: Any) -> Any:
            result = attribute(*args, **kwargs)
            if inspect.iscoroutine(result):
                return self._loop.run_until_complete(result)
            return self._each(result) if hasattr(result, "__anext__") else result

        return call

    def _each(self, items: AsyncIterator[Any]) -> Iterator[Any]:
        while True:
            try:
                yield self._loop.run_until_complete(anext(items))
            except StopAsyncIteration:
                return


@pytest.fixture(scope="session")
def served() -> Iterator[Sandbox]:
    custom = [CustomField("custbody_delivery"), CustomField("custentity_segment")]
    with Sandbox(netsuite=NetSuiteSettings(custom_fields=custom), seed=SEED) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox) -> Iterator[Sandbox]:
    served.netsuite.calls.reset()
    yield served
    served.netsuite.faults.clear()


@pytest.fixture
def clock(sandbox: Sandbox) -> FakeClock:
    return FakeClock(follows=sandbox.clock)


def auth(sandbox: Sandbox) -> TokenAuth:
    own = sandbox.netsuite
    return TokenAuth(own.consumer_key, own.consumer_secret, own.token_id, own.token_secret)


@pytest.fixture(params=["blocking", "async"])
def erp(request: pytest.FixtureRequest, sandbox: Sandbox, clock: FakeClock) -> Iterator[Any]:
    own = sandbox.netsuite
    options: dict[str, Any] = {"base_url": own.url, "clock": clock, "retry": Retry(attempts=3, base=0.1)}
    if request.param == "blocking":
        with NetSuiteClient(own.account_id, auth(sandbox), **options) as client:
            yield client
        return
    loop = asyncio.new_event_loop()
    client = AsyncNetSuiteClient(own.account_id, auth(sandbox), **options)
    yield Awaited(client, loop)
    loop.run_until_complete(client.aclose())
    loop.close()
