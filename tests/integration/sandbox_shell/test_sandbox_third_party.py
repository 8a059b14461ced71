"""A client that knows nothing of the sandbox: requests with requests-oauthlib, which most scripts for both have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth1Session

from zoey_netsuite.sandbox import Sandbox, samples
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings

ACCOUNT = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest"
RESTLET = "https://1234567-sb1.restlets.api.netsuite.com/app/site/hosting/restlet.nl"


class Rerouted(HTTPAdapter):
    """Opens its connections to the sandbox, whatever host a request names: the request itself stays as it is."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        there = urlsplit(str(request.url))
        here = request.copy()
        here.headers["Host"] = there.netloc
        here.url = f"{self._address}{there.path}" + (f"?{there.query}" if there.query else "")
        return super().send(here, *args, **kwargs)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    zoey = ZoeySettings(requests_per_second=None)
    with Sandbox(seed=samples.wholesaler(products=30, accounts=10, orders=10), zoey=zoey) as served:
        yield served


@pytest.fixture
def netsuite(sandbox: Sandbox) -> OAuth1Session:
    access = sandbox.netsuite.access
    session = OAuth1Session(
        access.consumer_key,
        client_secret=access.consumer_secret,
        resource_owner_key=access.token_id,
        resource_owner_secret=access.token_secret,
        realm=access.account_id,
        signature_method="HMAC-SHA256",
    )
    session.mount("https://", Rerouted(access.url))
    return session


@pytest.fixture
def zoey(sandbox: Sandbox) -> OAuth1Session:
    access = sandbox.zoey.access
    session = OAuth1Session(
        access.consumer_key,
        client_secret=access.consumer_secret,
        resource_owner_key=access.token,
        resource_owner_secret=access.token_secret,
    )
    session.headers["Accept"] = "application/json"
    return session


def test_a_record_is_made_read_changed_and_removed_by_its_real_host(netsuite: OAuth1Session) -> None:
    made = netsuite.post(f"{ACCOUNT}/record/v1/customer/", json={"companyName": "Third", "subsidiary": {"id": "1"}})
    assert (made.status_code, made.content) == (204, b"")
    where = made.headers["Location"]
    assert where.startswith(f"{ACCOUNT}/record/v1/customer/")
    assert netsuite.patch(where, json={"externalId": "third-1", "email": "a@third.example"}).status_code == 204
    read = netsuite.get(f"{ACCOUNT}/record/v1/customer/eid:third-1", params={"fields": "email,companyName"}).json()
    assert (read["email"], read["companyName"]) == ("a@third.example", "Third")
    assert netsuite.put(f"{ACCOUNT}/record/v1/customer/eid:third-1", json={"phone": "555 0100"}).status_code == 204
    assert netsuite.delete(where).status_code == 204
    assert netsuite.get(where).json()["o:errorDetails"][0]["o:errorCode"] == "NONEXISTENT_ID"


def test_pages_are_followed_by_their_links(netsuite: OAuth1Session) -> None:
    query = {"q": "SELECT id, itemid FROM item WHERE isinactive = ? ORDER BY id", "params": ["F"]}
    url: str | None = f"{ACCOUNT}/query/v1/suiteql?limit=12"
    found: list[str] = []
    while url:
        page = netsuite.post(url, json=query, headers={"Prefer": "transient"}).json()
        found += [row["id"] for row in page["items"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(found) == len(set(found)) == page["totalResults"] > 12
    listed = netsuite.get(f"{ACCOUNT}/record/v1/customer", params={"q": 'companyName START_WITH "A"', "limit": 5})
    assert listed.json()["count"] == len(listed.json()["items"])


def test_jobs_restlets_metadata_and_options(sandbox: Sandbox, netsuite: OAuth1Session) -> None:
    submitted = netsuite.post(
        f"{ACCOUNT}/record/v1/contact", json={"firstName": "A", "lastName": "B"}, headers={"Prefer": "respond-async"}
    )
    assert submitted.status_code == 202
    tasks = netsuite.get(submitted.headers["Location"] + "/task").json()["items"]
    result = netsuite.get(tasks[0]["result"]["links"][0]["href"])
    assert result.headers["Location"].startswith(f"{ACCOUNT}/record/v1/contact/")
    access = sandbox.netsuite.access
    deployed = {"script": access.restlet_script, "deploy": access.restlet_deployment}
    refused = netsuite.post(RESTLET, params=deployed, json={"action": "page", "searchId": "none"})
    assert set(refused.json()["error"]) == {"code", "message"}
    schema = netsuite.get(
        f"{ACCOUNT}/record/v1/metadata-catalog/salesorder", headers={"Accept": "application/schema+json"}
    )
    assert "lastModifiedDate" in schema.json()["properties"]
    assert netsuite.options(f"{ACCOUNT}/*").status_code == 204


@pytest.mark.parametrize("name", ["filter[1][attribute]", "filter%5B1%5D%5Battribute%5D"])
def test_a_store_s_filters_are_signed_bare_and_encoded(zoey: OAuth1Session, sandbox: Sandbox, name: str) -> None:
    operator = name.replace("attribute", "gt")
    url = f"{sandbox.zoey.url}/api/rest/products?{name}=updated_at&{operator}=2020-01-31%2000:00:00&limit=2&page=1"
    assert len(zoey.get(url).json()) == 2


def test_a_cart_becomes_an_order(zoey: OAuth1Session, sandbox: Sandbox) -> None:
    base = f"{sandbox.zoey.url}/api/rest"
    product = next(iter(zoey.get(f"{base}/products", params={"limit": 1}).json()))
    cart = zoey.post(f"{base}/checkout2/cart").json()
    added = {"cartId": cart, "products": [{"product_id": product, "qty": 1}]}
    assert zoey.post(f"{base}/checkout2/cart_product/add", json=added).json() is True
    customer = {"cartId": cart, "customerData": {"customer_id": 1, "mode": "customer"}}
    assert zoey.put(f"{base}/checkout2/cart_customer", json=customer).status_code == 200
    assert zoey.put(f"{base}/checkout2/cart_payment", json={"cartId": cart, "method": {"method": "netterm"}}).ok
    number = zoey.post(f"{base}/checkout2/cart_order", json={"id": cart}).json()
    order = {"filter[1][attribute]": "increment_id", "filter[1][eq]": number}
    assert len(zoey.get(f"{base}/orders", params=order).json()) == 1


def test_bulk_stock_answers_207(zoey: OAuth1Session, sandbox: Sandbox) -> None:
    base = f"{sandbox.zoey.url}/api/rest/stockitems"
    known = zoey.get(base, params={"limit": 1}).json()[0]["item_id"]
    answer = zoey.put(base, json=[{"item_id": known, "qty": 7}, {"item_id": "999999", "qty": 1}])
    told = answer.json()
    assert (answer.status_code, [each["code"] for each in told["success"]]) == (207, [200])
    assert [each["item_id"] for each in told["error"]] == ["999999"]
