"""Both sandboxed systems together, reached as another party would: httpx with signatures made by oauthlib."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt
import pytest
from attrs import evolve, frozen
from oauthlib.oauth1 import Client

from zoey_netsuite.sandbox import samples
from zoey_netsuite.sandbox.access import NetSuiteAccess, ZoeyAccess
from zoey_netsuite.sandbox.faults import Fault
from zoey_netsuite.sandbox.sandbox import Sandbox
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings

SUITEQL = "/services/rest/query/v1/suiteql"
RECORDS = "/services/rest/record/v1"
LIFTED = ZoeySettings(requests_per_second=None)


@pytest.fixture(scope="module")
def stocked() -> Iterator[Sandbox]:
    with Sandbox(seed=samples.wholesaler(), zoey=LIFTED) as sandbox:
        yield sandbox


@pytest.fixture
def small() -> Iterator[Sandbox]:
    with Sandbox(seed=samples.wholesaler(40, 2, 10, 20), zoey=LIFTED) as sandbox:
        yield sandbox


@frozen
class Outgoing:
    method: str
    url: str
    headers: dict[str, str]
    content: bytes = b""
    timeout: float | None = 10.0


def signed(
    access: NetSuiteAccess | ZoeyAccess, method: str, url: str, at: datetime | None = None, **parts: str
) -> dict[str, str]:
    """The Authorization header that oauthlib makes, as requests-oauthlib sends it."""
    netsuite = isinstance(access, NetSuiteAccess)
    client = Client(
        access.consumer_key,
        access.consumer_secret,
        access.token_id if isinstance(access, NetSuiteAccess) else access.token,
        access.token_secret,
        signature_method="HMAC-SHA256" if netsuite else "HMAC-SHA1",
        realm=access.account_id if isinstance(access, NetSuiteAccess) else None,
        timestamp=str(int((at or datetime.now(UTC)).timestamp())),
        **parts,
    )
    header: str = client.sign(url, method)[1]["Authorization"]
    return {"Authorization": header, "Accept": "application/json", "User-Agent": "third-party/1.0"}


def suiteql(sandbox: Sandbox, query: str, *params: str, limit: int = 1000) -> dict[str, Any]:
    url = f"{sandbox.netsuite.url}{SUITEQL}?limit={limit}"
    headers = {**signed(sandbox.netsuite.access, "POST", url), "Prefer": "transient"}
    answer = httpx.post(url, json={"q": query, "params": list(params)}, headers=headers)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


def zoey(sandbox: Sandbox, path: str, **query: str) -> Any:
    url = f"{sandbox.zoey.url}/api/rest/{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    answer = httpx.get(url, headers=signed(sandbox.zoey.access, "GET", url))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_reads_from_both(stocked: Sandbox) -> None:
    """E5: a started sandbox with samples answers a signed stranger on both sides."""
    sums = suiteql(
        stocked,
        "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation "
        "WHERE location IN (?, ?, ?) GROUP BY item ORDER BY item",
        "1",
        "2",
        "3",
    )
    assert (sums["count"], sums["hasMore"], sums["totalResults"]) == (1000, True, 1998)
    available = {row["item"]: float(row.get("available", 0)) for row in sums["items"]}
    products = [row for page in range(1, 22) for row in zoey(stocked, "products", limit="100", page=str(page)).values()]
    distinct = {row["entity_id"]: row for row in products}
    assert len(distinct) == 2005
    stock: dict[str, float] = {}
    for page in range(1, 22):
        rows = zoey(stocked, "stockitems", limit="100", page=str(page))
        stock.update(
            {row["product_id"]: float(row["qty"]) for row in (rows.values() if isinstance(rows, dict) else rows)}
        )
    linked = [row for row in distinct.values() if row.get("netsuite_id") in available]
    in_step = sum(max(0.0, available[row["netsuite_id"]]) == stock[row["entity_id"]] for row in linked)
    assert 0.65 * len(linked) < in_step < 0.85 * len(linked)


def test_orders_and_their_sales_orders_agree(stocked: Sandbox) -> None:
    """The samples of both systems add up to the same totals, each by its own rules."""
    rows = suiteql(
        stocked, "SELECT id, otherrefnum, foreigntotal FROM transaction WHERE type = 'SalesOrd' AND id < ?", "99999"
    )["items"]
    assert len(rows) > 350
    orders = zoey(stocked, "orders", limit="100", page="2")
    shown = {order["increment_id"]: order for order in (orders.values() if isinstance(orders, dict) else orders)}
    assert any(item.get("parent_item_id") for order in shown.values() for item in order["order_items"])
    totals = {row["otherrefnum"]: round(float(row["foreigntotal"]), 2) for row in rows}
    carried = [number for number, order in shown.items() if order.get("netsuite_order")]
    assert len(carried) > 50
    for number in carried:
        order = shown[number]
        expected = float(order["subtotal"]) + float(order["shipping_amount"])
        assert totals[number] == pytest.approx(expected), order


def test_people_are_there(stocked: Sandbox) -> None:
    account = zoey(stocked, "companyAccounts/account", id="1")
    counted = suiteql(stocked, "SELECT id, companyname FROM customer WHERE id = ?", account["external_id"])
    assert counted["items"][0]["companyname"] == account["name"]
    assert len(zoey(stocked, "companyAccounts/list", limit="100")) == 100
    assert suiteql(stocked, "SELECT COUNT(*) AS n FROM contact")["items"][0]["n"] == "533"


def test_signatures_are_verified_for_real(small: Sandbox) -> None:
    """E5: a wrong key, a stale timestamp and a repeated nonce are refused by both systems."""
    for access, path in ((small.netsuite.access, f"{RECORDS}/customer/501"), (small.zoey.access, "/api/rest/products")):
        url = access.url + path
        good = signed(access, "GET", url)
        assert httpx.get(url, headers=good).status_code == 200
        assert httpx.get(url, headers=good).status_code == 401
        wrong = evolve(access, consumer_secret="x" + access.consumer_secret)
        assert httpx.get(url, headers=signed(wrong, "GET", url)).status_code == 401
        stale = datetime.now(UTC) - timedelta(minutes=6)
        assert httpx.get(url, headers=signed(access, "GET", url, stale)).status_code == 401
        assert httpx.get(url, headers={"Accept": "*/*", "User-Agent": "x"}).status_code == 401
        assert httpx.get(url, headers=signed(access, "GET", url)).status_code == 200


def test_clock_decides_what_is_stale(small: Sandbox) -> None:
    """E5: both systems live in the sandbox's time."""
    small.clock.advance(timedelta(days=1))
    url = f"{small.netsuite.url}{RECORDS}/customer/501"
    assert httpx.get(url, headers=signed(small.netsuite.access, "GET", url)).status_code == 401
    answer = httpx.get(url, headers=signed(small.netsuite.access, "GET", url, small.clock.now()))
    assert answer.status_code == 200
    assert answer.headers["date"] == small.clock.now().strftime("%a, %d %b %Y ") + answer.headers["date"][-12:]


def test_bearer_tokens(small: Sandbox) -> None:
    """E5: NetSuite's signed assertion and Zoey's client credentials both give a token that lets in."""
    netsuite, url = small.netsuite, f"{small.netsuite.url}/services/rest/auth/oauth2/v1/token"
    now = int(time.time())
    claims = {"iss": netsuite.client_id, "scope": ["rest_webservices"], "aud": url, "iat": now, "exp": now + 3000}
    assertion = jwt.encode(
        claims, netsuite.private_key, algorithm="PS256", headers={"kid": netsuite.certificate_id, "typ": "JWT"}
    )
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    token = httpx.post(url, data=form).json()["access_token"]
    read = httpx.get(f"{netsuite.url}{RECORDS}/customer/501", headers={"Authorization": f"Bearer {token}"})
    assert read.json()["id"] == "501"
    form = {
        "grant_type": "client_credentials",
        "client_id": small.zoey.client_id,
        "client_secret": small.zoey.client_secret,
    }
    token = httpx.post(small.zoey.token_url, data=form, headers={"User-Agent": "x", "Accept": "*/*"}).json()[
        "access_token"
    ]
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "x", "Accept": "application/json"}
    assert httpx.get(f"{small.zoey.url}/api/rest/products", headers=headers).status_code == 200
    assert small.netsuite.calls.by_kind == {"token": 1, "read": 1}
    assert small.zoey.calls.by_kind == {"token": 1, "read": 1}


@pytest.mark.parametrize("kind", ["unauthorized", "token_expired", "token_revoked", "429", "500"])
def test_faults_speak_the_systems_own_words(small: Sandbox, kind: str) -> None:
    small.netsuite.faults.add(Fault.from_data({"kind": kind}))
    small.zoey.faults.add(Fault.from_data({"kind": kind}))
    status = int(kind) if kind.isdigit() else 401
    url = f"{small.netsuite.url}{RECORDS}/customer/501"
    answer = httpx.get(url, headers=signed(small.netsuite.access, "GET", url))
    assert answer.status_code == status
    assert "o:errorDetails" in answer.json() or "o:errorCode" in answer.json()
    url = f"{small.zoey.url}/api/rest/products"
    answer = httpx.get(url, headers=signed(small.zoey.access, "GET", url))
    assert answer.status_code == status
    assert answer.json()["messages"]["error"][-1]["code"] == status


def test_write_before_and_after_a_fault(small: Sandbox) -> None:
    """E5: a lost answer after the write leaves the record made; before it, not."""
    url = f"{small.netsuite.url}{RECORDS}/customer"
    for when, made in (("before", 404), ("after", 200)):
        small.netsuite.faults.add(Fault.from_data({"kind": "reset", "when": when, "method": "POST"}))
        body = {"companyName": f"Made {when}", "subsidiary": "1", "externalId": f"acme-{when}"}
        with pytest.raises(httpx.TransportError):
            httpx.post(url, json=body, headers=signed(small.netsuite.access, "POST", url))
        read = f"{url}/eid:acme-{when}"
        assert httpx.get(read, headers=signed(small.netsuite.access, "GET", read)).status_code == made


def test_in_process_without_servers() -> None:
    """E5: the same systems without sockets, NetSuite also by the account's real host."""
    sandbox = Sandbox(seed=samples.wholesaler(40, 2, 10, 20), zoey=LIFTED)
    transport = sandbox.transport()
    for base in (sandbox.netsuite.url, "https://1234567-sb1.suitetalk.api.netsuite.com"):
        url = f"{base}{RECORDS}/customer/501"
        reply = transport.send(Outgoing("GET", url, signed(sandbox.netsuite.access, "GET", url)))
        assert (reply.status, json.loads(reply.content)["id"]) == (200, "501")
    url = f"{sandbox.zoey.url}/api/rest/products?limit=5"
    reply = transport.send(Outgoing("GET", url, signed(sandbox.zoey.access, "GET", url)))
    assert len(json.loads(reply.content)) == 5
    assert (sandbox.netsuite.calls.total, sandbox.zoey.calls.total) == (2, 1)
    sandbox.close()


def test_seed_file_and_folder(tmp_path: Path) -> None:
    """E5: seeding from a JSON file; a folder keeps the records and nothing else is written."""
    file, folder = tmp_path / "seed.json", tmp_path / "kept"
    file.write_text(json.dumps(samples.wholesaler(40, 2, 10, 20)))
    with Sandbox(seed=file, folder=folder, zoey=LIFTED) as sandbox:
        assert len(zoey(sandbox, "products", limit="100")) == 40
    with Sandbox(seed=file, folder=folder, zoey=LIFTED) as sandbox:
        assert len(zoey(sandbox, "products", limit="100")) == 40
        assert suiteql(sandbox, "SELECT COUNT(*) AS n FROM customer")["items"][0]["n"] == "10"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "netsuite.sqlite",
        "seed.json",
        "zoey.sqlite",
    ]


def test_seed_as_the_documentation_shows_it() -> None:
    """E5: the mapping in `Sandbox`'s docstring is one that both systems take."""
    text = (Sandbox.__doc__ or "").partition("may hold:")[2].partition("    Args:")[0]
    with Sandbox(seed=json.loads(text), zoey=LIFTED) as sandbox:
        assert zoey(sandbox, "orders/1")["grand_total"] == "8.0000"
        query = "SELECT SUM(quantityavailable) AS n FROM aggregateitemlocation WHERE item = ?"
        assert suiteql(sandbox, query, zoey(sandbox, "products/1")["netsuite_id"])["items"][0]["n"] == "40"


def test_started_again_after_stop(small: Sandbox) -> None:
    small.stop()
    small.start()
    assert suiteql(small, "SELECT COUNT(*) AS n FROM customer")["items"][0]["n"] == "10"


def test_several_sandboxes_are_apart() -> None:
    """E1: many stores and accounts in one process."""
    with Sandbox() as one, Sandbox(seed=samples.wholesaler(10, 1, 5, 0)) as other:
        assert len({one.netsuite.url, one.zoey.url, other.netsuite.url, other.zoey.url}) == 4
        assert suiteql(one, "SELECT COUNT(*) AS n FROM customer")["items"][0]["n"] == "0"
        assert suiteql(other, "SELECT COUNT(*) AS n FROM customer")["items"][0]["n"] == "5"


def test_bad_arguments_are_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(host="0.0.0.0")
    with pytest.raises(ValueError, match="not shopify"):
        Sandbox(seed={"shopify": {}})
    with pytest.raises(FileNotFoundError):
        Sandbox(seed=tmp_path / "none.json")


def test_environment_is_complete(small: Sandbox) -> None:
    """Every credential of both systems, by the names that `from_env` reads."""
    assert set(small.environment()) == {
        *(f"NETSUITE_{name}" for name in ("URL", "ACCOUNT_ID", "CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID")),
        *(f"NETSUITE_{name}" for name in ("TOKEN_SECRET", "CLIENT_ID", "CERTIFICATE_ID", "PRIVATE_KEY")),
        *(f"NETSUITE_{name}" for name in ("RESTLET_SCRIPT", "RESTLET_DEPLOYMENT")),
        *(f"ZOEY_{name}" for name in ("URL", "CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN", "TOKEN_SECRET")),
        *(f"ZOEY_{name}" for name in ("CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL")),
    }
    assert "secret" not in repr(small.netsuite.access).replace("secret_", "")
