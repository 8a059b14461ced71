"""The query service around SuiteQL, datasets, and what a role may see."""

from __future__ import annotations

from typing import Any

import pytest
from support.netsuite_shop import RECORD, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock

SUITEQL = "/services/rest/query/v1/suiteql"
TRANSIENT = {"prefer": "transient"}


def test_the_answer_s_shape(shop: Shop) -> None:
    value = shop.suiteql("SELECT id, companyname, isperson, phone FROM customer WHERE id = ?", "501")
    assert {name: value[name] for name in ("count", "hasMore", "offset", "totalResults")} == {
        "count": 1,
        "hasMore": False,
        "offset": 0,
        "totalResults": 1,
    }
    # Null columns are left out, all values are texts.
    assert value["items"] == [{"links": [], "id": "501", "companyname": "Acme", "isperson": "F"}]
    assert value["links"][-1]["rel"] == "self"


def test_prefer_transient_is_required(shop: Shop) -> None:
    refused = shop.refused("POST", SUITEQL, {"q": "SELECT id FROM item"})
    assert (refused["o:errorCode"], refused["detail"]) == (
        "INVALID_HEADER",
        "The required request header 'Prefer' is missing",
    )
    refused = shop.refused("POST", SUITEQL, {"q": "SELECT id FROM item"}, headers={"prefer": "other"})
    assert refused["o:errorCode"] == "INVALID_HEADER"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("?limit=1001", "limit"),
        ("?limit=0", "limit"),
        ("?limit=x", "limit"),
        ("?limit=10&offset=5", "offset"),
        ("?limit=1000&offset=100000", "offset"),
        ("?limit=1&offset=1000", "offset"),
    ],
)
def test_limits_of_pages(shop: Shop, page: str, name: str) -> None:
    refused = shop.refused("POST", SUITEQL + page, {"q": "SELECT id FROM item"}, headers=TRANSIENT)
    assert (refused["o:errorCode"], refused["o:errorQueryParam"]) == ("INVALID_PARAMETER", name)


def test_the_last_pages_that_can_be_reached(shop: Shop) -> None:
    for page in ("?limit=1000&offset=99000", "?limit=1&offset=999"):
        assert shop.suiteql("SELECT id FROM item", page=page)["items"] == []


def test_pages_follow_one_another(shop: Shop) -> None:
    first = shop.suiteql("SELECT id FROM item ORDER BY id", page="?limit=2")
    assert ([row["id"] for row in first["items"]], first["hasMore"], first["totalResults"]) == (["11", "12"], True, 5)
    second = shop.suiteql("SELECT id FROM item ORDER BY id", page="?limit=2&offset=4")
    assert ([row["id"] for row in second["items"]], second["hasMore"]) == (["15"], False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[", "INVALID_CONTENT"),
        ({}, "INVALID_PARAMETER"),
        ({"q": "SELECT id FROM item", "params": "x"}, "INVALID_CONTENT"),
    ],
)
def test_bodies_that_are_no_query(shop: Shop, body: Any, code: str) -> None:
    assert shop.refused("POST", SUITEQL, body, headers=TRANSIENT)["o:errorCode"] == code


def test_an_unknown_column_is_told_in_netsuite_s_words(shop: Shop) -> None:
    refused = shop.refused("POST", SUITEQL, {"q": "SELECT subsidiary FROM transaction"}, headers=TRANSIENT)
    assert (refused["status"], refused["o:errorCode"], refused["o:errorQueryParam"]) == (400, "INVALID_PARAMETER", "q")
    assert "Unknown identifier 'subsidiary'" in refused["detail"]


def test_hidden_columns_and_tables_are_hidden(shop: Shop) -> None:
    for query in ("SELECT _fields FROM customer", "SELECT name FROM _sequence", "SELECT * FROM sqlite_master"):
        assert shop.refused("POST", SUITEQL, {"q": query}, headers=TRANSIENT)["o:errorQueryParam"] == "q"


def test_inventoryitemlocations_leaves_out_assemblies_and_lots(shop: Shop) -> None:
    every = shop.rows("SELECT item FROM aggregateitemlocation ORDER BY item")
    assert [row["item"] for row in every] == ["11", "12", "13"]
    plain = shop.rows("SELECT item, quantityavailable FROM inventoryitemlocations ORDER BY item")
    assert [row["item"] for row in plain] == ["11", "12"]


def test_datasets(shop: Shop) -> None:
    shop.app.seed({"datasets": {"custdataset1": "SELECT id, itemid FROM item ORDER BY id"}})
    value = shop.get("/services/rest/query/v1/dataset/custdataset1/result?limit=2")
    assert [row["itemid"] for row in value["items"]] == ["A-1", "B-2"]
    assert shop.send("GET", "/services/rest/query/v1/dataset/none/result").status == 404


def test_a_withheld_table_answers_nothing(shop: Shop) -> None:
    query = "SELECT id FROM item"
    assert len(shop.rows(query)) == 5
    shop.app.role.withdraw("Lists -> Items")
    assert shop.suiteql(query)["totalResults"] == 0
    assert shop.rows("SELECT COUNT(*) AS n FROM aggregateitemlocation") == [{"n": "0"}]
    shop.app.role.grant("lists > items")
    assert len(shop.rows(query)) == 5


def test_a_withheld_table_may_be_unknown_instead(clock: SandboxClock) -> None:
    shop = shop_with(clock, withheld_tables="unknown")
    shop.app.role.withdraw("Lists -> Items")
    refused = shop.refused("POST", SUITEQL, {"q": "SELECT id FROM item"}, headers=TRANSIENT)
    assert refused["o:errorCode"] == "INVALID_PARAMETER"


def test_rows_of_a_withheld_transaction_type_vanish_with_their_lines(shop: Shop) -> None:
    order = shop.order((14, 1))
    shop.transform(f"salesOrder/{order}", "invoice")
    both = "SELECT type FROM transaction ORDER BY id"
    assert [row["type"] for row in shop.rows(both)] == ["SalesOrd", "CustInvc"]
    shop.app.role.withdraw("Transactions -> Sales Order")
    assert [row["type"] for row in shop.rows(both)] == ["CustInvc"]
    assert shop.rows("SELECT id FROM transactionline WHERE transaction = ?", order) == []
    assert shop.rows("SELECT linktype FROM nexttransactionlink") == []
    shop.app.role.grant("Transactions -> Sales Order")
    assert [row["type"] for row in shop.rows(both)] == ["SalesOrd", "CustInvc"]


@pytest.mark.parametrize(("answer", "code"), [(403, "INSUFFICIENT_PERMISSION"), (400, "USER_ERROR")])
def test_the_record_api_names_the_permission_that_is_missing(clock: SandboxClock, answer: int, code: str) -> None:
    shop = shop_with(clock, withheld_answer=answer)
    shop.app.role.withdraw("Lists -> Customers")
    refused = shop.refused("GET", "customer/501")
    assert (refused["status"], refused["o:errorCode"]) == (answer, code)
    assert "Lists -> Customers" in refused["detail"]


def test_permissions_for_whole_services(shop: Shop) -> None:
    shop.app.role.withdraw("Setup -> REST Web Services")
    assert shop.refused("GET", "customer/501")["status"] == 403
    assert shop.send("GET", "/services/rest/system/v1/serverTime").status == 200
    shop.app.role.grant("Setup -> REST Web Services")
    shop.app.role.withdraw("Reports -> SuiteAnalytics Workbook")
    assert shop.refused("POST", SUITEQL, {"q": "SELECT id FROM item"}, headers=TRANSIENT)["status"] == 403


def test_deleted_records_need_their_permission(shop: Shop) -> None:
    shop.send("DELETE", f"{RECORD}/customer/502")
    query = "SELECT recordid FROM deletedrecord"
    assert shop.rows(query) == [{"recordid": "502"}]
    shop.app.role.withdraw("Lists -> Deleted Records")
    assert shop.rows(query) == []
