"""Both clients, blocking and async, over httpx and over httpx2, against the sandbox with every kind of credentials."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from zoey_netsuite.errors import AuthenticationError, OutcomeUnknown
from zoey_netsuite.http import AsyncHttpxTransport, HttpxTransport, Limits, Retry
from zoey_netsuite.netsuite import AsyncNetSuiteClient, MachineAuth, NetSuiteAuth, NetSuiteClient, TokenAuth
from zoey_netsuite.sandbox import Fault, Sandbox, ZoeySettings
from zoey_netsuite.testing.clock import FakeClock
from zoey_netsuite.zoey import AsyncZoeyClient, OAuth1Auth, ZoeyClient

SEED = {
    "netsuite": {"customer": [{"id": number, "companyName": f"Company & Söhne {number}"} for number in (1, 2, 3)]},
    "zoey": {
        "products": [
            {"entity_id": number, "sku": f"A+B [{number}]", "name": f"Thing {number}", "type_id": "simple", "qty": 4}
            for number in (1, 2, 3)
        ]
    },
}


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    with Sandbox(zoey=ZoeySettings(requests_per_second=None), seed=SEED) as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox) -> Iterator[Sandbox]:
    yield served
    served.netsuite.faults.clear()
    served.zoey.faults.clear()


@pytest.fixture(params=["token", "machine"])
def auth(request: pytest.FixtureRequest, sandbox: Sandbox) -> NetSuiteAuth:
    """Both ways to prove who calls."""
    own = sandbox.environment()
    if request.param == "machine":
        names = ("NETSUITE_CLIENT_ID", "NETSUITE_CERTIFICATE_ID", "NETSUITE_PRIVATE_KEY")
        return MachineAuth(*(own[name] for name in names))
    names = ("NETSUITE_CONSUMER_KEY", "NETSUITE_CONSUMER_SECRET", "NETSUITE_TOKEN_ID", "NETSUITE_TOKEN_SECRET")
    return TokenAuth(*(own[name] for name in names))


def options(sandbox: Sandbox) -> dict[str, Any]:
    return {"clock": FakeClock(follows=sandbox.clock), "retry": Retry(attempts=3), "timeout": 10.0}


def zoey_auth(sandbox: Sandbox) -> OAuth1Auth:
    own = sandbox.environment()
    names = ("ZOEY_CONSUMER_KEY", "ZOEY_CONSUMER_SECRET", "ZOEY_TOKEN", "ZOEY_TOKEN_SECRET")
    return OAuth1Auth(*(own[name] for name in names))


QUERY = "SELECT id, companyname FROM customer WHERE id BETWEEN ? AND ? ORDER BY id"


def test_netsuite_blocking(library: ModuleType, sandbox: Sandbox, auth: NetSuiteAuth) -> None:
    """Queries, a creation and a reading by external id, signed as each kind of credentials does."""
    own = sandbox.netsuite
    transport = HttpxTransport(library.Client(trust_env=False))
    name = f"lib-{library.__name__}-{type(auth).__name__}"
    with NetSuiteClient(own.account_id, auth, base_url=own.url, transport=transport, **options(sandbox)) as erp:
        assert [row["id"] for row in erp.suiteql(QUERY, ["1", "3"])] == ["1", "2", "3"]
        made = erp.create("customer", {"companyName": name, "externalId": name})
        assert erp.find("customer", name) == made
        sandbox.netsuite.faults.on_call(1, Fault("reset", when="after"))
        with pytest.raises(OutcomeUnknown):
            erp.create("customer", {"companyName": f"{name}-2", "externalId": f"{name}-2"})
        assert erp.find("customer", f"{name}-2") is not None
    transport.close()


def test_netsuite_async(library: ModuleType, sandbox: Sandbox, auth: NetSuiteAuth) -> None:
    """The same, awaited, several at once."""
    own = sandbox.netsuite

    async def main() -> None:
        transport = AsyncHttpxTransport(library.AsyncClient(trust_env=False))
        client = AsyncNetSuiteClient(own.account_id, auth, base_url=own.url, transport=transport, **options(sandbox))
        async with client as erp:

            async def ids() -> list[str]:
                return [str(row["id"]) async for row in erp.suiteql(QUERY, ["1", "3"])]

            assert await asyncio.gather(*(ids() for _ in range(4))) == [["1", "2", "3"]] * 4
        await transport.aclose()

    asyncio.run(main())


def test_zoey_blocking_and_async(library: ModuleType, sandbox: Sandbox) -> None:
    """Filters with brackets, plus signs and spaces are signed as they are sent."""
    own = sandbox.zoey

    def given() -> dict[str, Any]:
        clock = FakeClock(follows=sandbox.clock)
        return {"limiter": Limits(4, clock=clock)} | options(sandbox) | {"clock": clock}

    transport = HttpxTransport(library.Client(trust_env=False))
    with ZoeyClient(own.url, zoey_auth(sandbox), transport=transport, **given()) as shop:
        assert [product.sku for product in shop.products.list(sku="A+B [2]")] == ["A+B [2]"]
    transport.close()

    async def main() -> list[str]:
        awaited = AsyncHttpxTransport(library.AsyncClient(trust_env=False))
        async with AsyncZoeyClient(own.url, zoey_auth(sandbox), transport=awaited, **given()) as other:
            found = [str(product.sku) async for product in other.products.list(sku="A+B [3]")]
        await awaited.aclose()
        return found

    assert asyncio.run(main()) == ["A+B [3]"]


def test_wrong_keys_are_refused_once(sandbox: Sandbox) -> None:
    """The account's other callers are not disturbed by keys that were never good."""
    own = sandbox.netsuite
    limits = Limits(5)
    own.calls.reset()
    auth = TokenAuth(own.consumer_key, "not-the-secret", own.token_id, own.token_secret)
    with (
        NetSuiteClient(own.account_id, auth, base_url=own.url, limiter=limits, **options(sandbox)) as erp,
        pytest.raises(AuthenticationError),
    ):
        erp.find("customer", "x")
    assert sum(erp.calls.values()) == 1
    assert limits.allowed == 5


def test_revoked_and_expired_tokens_are_renewed(sandbox: Sandbox) -> None:
    """A token is renewed before it ends, and a client that goes on for hours never sees it refused."""
    own, values = sandbox.netsuite, sandbox.environment()
    auth = MachineAuth(*(values[f"NETSUITE_{name}"] for name in ("CLIENT_ID", "CERTIFICATE_ID", "PRIVATE_KEY")))
    clock = FakeClock(follows=sandbox.clock)
    statuses: list[int | None] = []
    given = {"clock": clock, "on_call": lambda record: statuses.append(record.status)}
    with (
        NetSuiteClient(own.account_id, auth, base_url=own.url, **given) as erp,
        NetSuiteClient(own.account_id, auth, base_url=own.url, **given) as other,
    ):
        for _ in range(8):
            erp.server_time()
            other.server_time()
            clock.advance(20 * 60)
        assert set(statuses) == {200}
        assert erp.calls["token"] == 3
        assert other.calls.get("token", 0) == 0
