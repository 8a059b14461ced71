"""RESTlets, saved searches, the token check, limits, metadata."""

from __future__ import annotations

import json
from typing import Any

from support.netsuite_shop import RECORD, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import JSON

RESTLETS = "https://1234567-sb1.restlets.api.netsuite.com"
CATALOG = f"{RECORD}/metadata-catalog"
SEARCH = (
    f"{RESTLETS}/app/site/hosting/restlet.nl?script=customscript_zoey_netsuite_search"
    "&deploy=customdeploy_zoey_netsuite_search"
)


def search(shop: Shop, **body: Any) -> tuple[int, Any]:
    answer = shop.send("POST", SEARCH, {"action": "page", **body})
    return answer.status, json.loads(answer.body)


def test_a_saved_search_comes_in_pages(shop: Shop) -> None:
    query = "SELECT id, itemid, itemtype, displayname, BUILTIN.DF(itemtype) AS itemtype__text FROM item ORDER BY id"
    found = {"query": query, "type": "inventoryitem", "labels": {"itemid": "Name"}}
    shop.app.seed(
        {"item": [{"id": 700 + n, "itemid": f"S-{n}"} for n in range(6)], "saved_searches": {"customsearch_a": found}}
    )
    status, first = search(shop, search="customsearch_a", page=0, pageSize=5)
    assert (status, first["pageCount"], first["count"], len(first["rows"])) == (200, 3, 11, 5)
    row = first["rows"][0]
    assert (row["id"], row["type"]) == ("11", "inventoryitem")
    assert row["columns"][1] == {"name": "itemid", "join": "", "label": "Name", "value": "A-1", "text": ""}
    assert {column["name"] for column in row["columns"]} == {"id", "itemid", "itemtype"}
    assert len(search(shop, search="customsearch_a", page=2, pageSize=5)[1]["rows"]) == 1
    # A result that became shorter meanwhile has nothing more to read.
    assert search(shop, search="customsearch_a", page=3, pageSize=5)[1]["rows"] == []


def test_errors_of_restlets_have_their_own_shape(shop: Shop) -> None:
    status, value = search(shop, search="customsearch_none")
    assert (status, list(value), value["error"]["code"]) == (400, ["error"], "INVALID_SEARCH")
    assert search(shop)[1]["error"]["code"] == "SSS_MISSING_REQD_ARGUMENT"
    assert search(shop, search="x", pageSize=1001)[1]["error"]["code"] == "SSS_INVALID_PARAMETER"
    assert search(shop, action="other")[1]["error"]["code"] == "SSS_INVALID_PARAMETER"
    unknown = shop.send("GET", f"{RESTLETS}/app/site/hosting/restlet.nl?script=1&deploy=1")
    assert json.loads(unknown.body)["error"]["code"] == "SSS_INVALID_SCRIPTLET_ID"
    assert shop.send("GET", SEARCH, signed={}).status == 401


def test_a_restlet_of_one_s_own(shop: Shop) -> None:
    def echo(method: str, parameters: Any, body: JSON) -> JSON:
        return {"method": method, "name": parameters["name"], "body": body}

    shop.app.restlets.register("customscript_echo", "customdeploy_echo", echo)
    path = f"{RESTLETS}/app/site/hosting/restlet.nl?script=customscript_echo&deploy=customdeploy_echo&name=x"
    assert json.loads(shop.send("PUT", path, {"a": 1}).body) == {"method": "PUT", "name": "x", "body": {"a": 1}}


def test_who_the_token_is(shop: Shop) -> None:
    value = shop.get(f"{RESTLETS}/rest/tokeninfo")
    assert (value["companyId"], value["roleName"]) == ("1234567_SB1", "Integration")


def test_governance_limits_are_for_administrators(shop: Shop, clock: SandboxClock) -> None:
    path = "/services/rest/system/v1/governanceLimits"
    assert shop.refused("GET", path)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    admin = shop_with(clock, administrator=True, concurrency=15)
    assert admin.get(path)["accountConcurrencyLimit"] == 15


def test_server_time_needs_no_permission(shop: Shop) -> None:
    shop.app.role.withdraw("Setup -> REST Web Services")
    assert shop.get("/services/rest/system/v1/serverTime") == {"serverTime": "2026-03-02T20:00:00Z"}


def test_the_metadata_catalogue(shop: Shop) -> None:
    names = {item["name"] for item in shop.get(CATALOG)["items"]}
    assert {"customer", "salesOrder", "itemFulfillment", "inventoryItem", "location"} <= names
    only = shop.get(f"{CATALOG}?select=customer,contact")["items"]
    assert [item["name"] for item in only] == ["customer", "contact"]
    schema = shop.get(f"{CATALOG}/salesOrder", headers={"accept": "application/schema+json"})
    lines = schema["properties"]["item"]["properties"]["items"]["items"]["properties"]
    assert lines["quantity"] == {"title": "Quantity", "type": "number", "format": "double"}
    assert schema["properties"]["orderStatus"]["properties"]["id"]["enum"] == list("ABCDEFGH")
    api = shop.get(f"{CATALOG}/customer", headers={"accept": "application/swagger+json"})
    assert set(api["paths"]) == {"/customer", "/customer/{id}"}
    assert api["components"]["schemas"]["customer"]["properties"]["lastModifiedDate"]["readOnly"] is True
    assert shop.refused("GET", f"{CATALOG}/nothing")["detail"] == "Record type 'nothing' does not exist"


def test_what_the_role_may_not_see_is_not_in_the_catalogue(shop: Shop) -> None:
    shop.app.role.withdraw("Transactions -> Invoice")
    assert "invoice" not in {item["name"] for item in shop.get(CATALOG)["items"]}
    assert shop.send("GET", f"{CATALOG}/invoice").status == 404
