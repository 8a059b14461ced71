"""SuiteQL, datasets and saved searches through both clients, against the sandbox over real HTTP (E2)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from zoey_netsuite import errors as meanings
from zoey_netsuite.netsuite import Formats, NetSuiteClient, PagingError, SearchScript, TokenAuth
from zoey_netsuite.netsuite.errors import NetSuiteInvalidQueryError, NetSuiteNotFoundError
from zoey_netsuite.sandbox.faults import Fault
from zoey_netsuite.sandbox.sandbox import Sandbox


@attrs.frozen
class Level:
    item: str
    available: Decimal
    note: str | None


LEVELS = (
    "SELECT item, SUM(quantityavailable) AS available FROM aggregateitemlocation "
    "WHERE location = ? AND :after GROUP BY item ORDER BY item"
)
BY_TWO = (
    "SELECT item, location, quantityavailable FROM aggregateitemlocation WHERE :after AND item >= ? "
    "ORDER BY item, location"
)


@pytest.mark.parametrize("page_size", [2, 3, 24, 25, 26, 1000])
def test_sums_are_read_by_key_whatever_the_page(erp: Any, page_size: int) -> None:
    levels = list(erp.suiteql(LEVELS, ["2"], as_=Level, by=("item",), page_size=page_size))
    assert levels == [Level(str(500 + number), Decimal(number + 2), None) for number in range(25)]


def test_a_result_that_fits_one_page_costs_one_call(erp: Any, sandbox: Sandbox) -> None:
    assert len(list(erp.suiteql(LEVELS, ["2"], as_=Level, by=("item",), page_size=25))) == 25
    assert sandbox.netsuite.calls.total == 1


def test_pages_are_read_when_they_are_needed(erp: Any, sandbox: Sandbox) -> None:
    levels = erp.suiteql(LEVELS, ["2"], as_=Level, by=("item",), page_size=10)
    assert sandbox.netsuite.calls.total == 0
    next(levels)
    assert sandbox.netsuite.calls.total == 1


@pytest.mark.parametrize("page_size", [2, 5, 7])
def test_two_columns_tell_rows_apart(erp: Any, page_size: int) -> None:
    rows = list(erp.suiteql(BY_TWO, [505], by=("item", "location"), page_size=page_size))
    assert [(row["item"], row["location"]) for row in rows] == [
        (str(item), str(location)) for item in range(505, 525) for location in (1, 2)
    ]


def test_rows_of_one_key_are_never_split(erp: Any) -> None:
    rows = list(erp.suiteql(BY_TWO, [500], by=("item",), page_size=3))
    assert len(rows) == len({(row["item"], row["location"]) for row in rows}) == 50


def test_more_rows_of_one_key_than_a_page_holds_is_an_error(erp: Any) -> None:
    query = "SELECT location, item FROM aggregateitemlocation WHERE :after ORDER BY location, item"
    with pytest.raises(PagingError, match="More than 10 rows have location='1'"):
        list(erp.suiteql(query, by=("location",), page_size=10))


def test_a_condition_that_does_not_hold_for_the_whole_query_is_noticed(erp: Any) -> None:
    query = "SELECT item, location FROM aggregateitemlocation WHERE item > 0 OR item < 0 AND :after ORDER BY item"
    with pytest.raises(PagingError, match=r"join .:after. with AND to the whole WHERE"):
        list(erp.suiteql(query, by=("item",), page_size=10))


def test_a_key_column_that_is_not_in_the_result_is_an_error(erp: Any) -> None:
    query = "SELECT item FROM aggregateitemlocation WHERE :after ORDER BY location"
    with pytest.raises(PagingError, match="'location', and the result has item"):
        list(erp.suiteql(query, by=("location",), page_size=10))


def test_a_null_key_is_an_error(erp: Any) -> None:
    query = "SELECT id, externalid FROM customer WHERE :after ORDER BY externalid"
    erp.create("customer", {"companyName": f"Nameless {datetime.now(UTC).timestamp()}"})
    with pytest.raises(PagingError, match=r"'externalid' is null in some rows.*AND externalid IS NOT NULL"):
        list(erp.suiteql(query, by=("externalid",)))


def test_rows_without_a_class_are_mappings(erp: Any) -> None:
    (row,) = erp.suiteql("SELECT id, email, phone FROM customer WHERE id = ?", ["100"])
    assert row == {"id": "100", "email": "a@acme.test"}


def test_offset_pages_go_through_an_ordered_result(erp: Any, sandbox: Sandbox) -> None:
    rows = list(erp.suiteql("SELECT id FROM item ORDER BY id", page_size=10))
    assert [row["id"] for row in rows] == [str(number) for number in range(500, 525)]
    assert sandbox.netsuite.calls.total == 3


def test_a_second_page_needs_an_order(erp: Any) -> None:
    assert len(list(erp.suiteql("SELECT id FROM item", page_size=25))) == 25
    with pytest.raises(PagingError, match=r"more than one page.*without ORDER BY"):
        next(erp.suiteql("SELECT id FROM item", page_size=24))


@pytest.mark.parametrize(
    ("query", "params", "options", "words"),
    [
        ("SELECT id FROM item WHERE id = ?", [], {}, "1 `\\?`, and 0 parameters"),
        ("SELECT id FROM item", ["1"], {}, "0 `\\?`, and 1 parameters"),
        ("SELECT id FROM item", [], {"page_size": 0}, "page_size is 0"),
        ("SELECT id FROM item", [], {"page_size": 1001}, "page_size is 1001"),
        ("SELECT id FROM item WHERE :after", [], {}, "say by which columns"),
        ("SELECT id FROM item ORDER BY id", [], {"by": ("id",)}, "no `:after`"),
        ("SELECT id FROM item WHERE :after", [], {"by": ("id",)}, "no ORDER BY"),
        ("SELECT id FROM item WHERE x = ?", [None], {}, "IS NULL"),
        ("SELECT id FROM item WHERE x = ?", [datetime(2026, 1, 1, tzinfo=UTC)], {}, "TO_DATE"),
    ],
)
def test_queries_that_cannot_work_are_refused_before_anything_is_sent(
    erp: Any, sandbox: Sandbox, query: str, params: Any, options: Any, words: str
) -> None:
    with pytest.raises(PagingError, match=words):
        erp.suiteql(query, params, **options)
    assert sandbox.netsuite.calls.total == 0


def test_a_class_that_rows_cannot_be_read_as_is_refused_at_once(erp: Any) -> None:
    with pytest.raises(meanings.ConfigurationError, match=r"no attrs class: decorate it with @attrs\.frozen"):
        erp.suiteql("SELECT id FROM item", as_=dict)


@pytest.mark.parametrize("query", ["SELECT nothing FROM item", "SELECT id FROM nowhere", "SELEKT id FROM item"])
def test_an_unknown_column_or_table_is_an_invalid_query(erp: Any, query: str) -> None:
    with pytest.raises(NetSuiteInvalidQueryError, match="run the SuiteQL query"):
        list(erp.suiteql(query))


def test_quotes_in_values_do_no_harm(erp: Any) -> None:
    assert list(erp.suiteql("SELECT id FROM customer WHERE email = ? AND '?' = '?'", ["x' OR 'a' = 'a"])) == []


@pytest.mark.parametrize("fault", ["html", "truncated", "500", "reset", "429"])
def test_reading_goes_on_after_faults(erp: Any, sandbox: Sandbox, fault: Any) -> None:
    sandbox.netsuite.faults.on_call(2, Fault(fault))
    assert len(list(erp.suiteql(LEVELS, ["2"], as_=Level, by=("item",), page_size=10))) == 25


def test_a_page_that_is_not_json_is_told_after_the_last_attempt(erp: Any, sandbox: Sandbox) -> None:
    sandbox.netsuite.faults.add(Fault("html", status=200, times=None))
    with pytest.raises(meanings.UnexpectedAnswerError, match="run the SuiteQL query"):
        list(erp.suiteql("SELECT id FROM item"))


@attrs.frozen
class Changed:
    id: int
    lastmodifieddate: datetime


def test_times_are_the_accounts_and_become_utc(sandbox: Sandbox) -> None:
    own = sandbox.netsuite
    credentials = TokenAuth(own.consumer_key, own.consumer_secret, own.token_id, own.token_secret)
    formats = Formats(timezone="America/Los_Angeles")
    changed = "TO_CHAR(lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS')"
    query = f"SELECT id, {changed} AS lastmodifieddate FROM customer WHERE id = 100"
    with NetSuiteClient(own.account_id, credentials, base_url=own.url, formats=formats) as erp:
        (row,) = erp.suiteql(query, as_=Changed)
        assert row.id == 100
        assert row.lastmodifieddate.tzinfo is UTC
        assert abs((row.lastmodifieddate - erp.server_time()).total_seconds()) < 600
    with (
        NetSuiteClient(own.account_id, credentials, base_url=own.url) as erp,
        pytest.raises(meanings.MappingError, match=r"formats=Formats\(timezone=\.\.\.\)"),
    ):
        list(erp.suiteql(query, as_=Changed))


@attrs.frozen
class Item:
    id: str
    itemid: str


def test_a_dataset_is_read_by_offset(erp: Any) -> None:
    rows = list(erp.dataset("custdataset_items", as_=Item, page_size=10))
    assert rows == [Item(str(500 + number), f"SKU-{number}") for number in range(25)]
    with pytest.raises(meanings.APIError, match="read the dataset custdataset_missing"):
        list(erp.dataset("custdataset_missing"))


@attrs.frozen
class Found:
    id: str
    item_name: str
    isinactive: bool


def test_a_saved_search_gives_rows_with_columns(erp: Any, sandbox: Sandbox) -> None:
    rows = list(erp.saved_search("customsearch_items", page_size=10))
    assert sandbox.netsuite.calls.total == 3
    assert [row["Item Name"] for row in rows] == [f"SKU-{number}" for number in range(25)]
    assert (rows[0].id, rows[0].type, rows[0]["itemid"]) == ("500", "inventoryitem", "SKU-0")
    with pytest.raises(KeyError):
        rows[0]["nothing"]


def test_a_saved_search_gives_objects(erp: Any) -> None:
    rows = list(erp.saved_search("customsearch_items", as_=Found))
    assert rows[3] == Found("503", "SKU-3", False)
    assert list(erp.saved_search("customsearch_none", as_=Found)) == []


def test_a_saved_search_that_does_not_exist_is_told(erp: Any) -> None:
    with pytest.raises(
        meanings.APIError, match="page 1 of the saved search customsearch_missing: the RESTlet answered"
    ):
        list(erp.saved_search("customsearch_missing"))


def test_a_search_script_that_is_not_deployed_is_told(sandbox: Sandbox) -> None:
    own = sandbox.netsuite
    credentials = TokenAuth(own.consumer_key, own.consumer_secret, own.token_id, own.token_secret)
    script = SearchScript("customscript_other", "customdeploy_other")
    with (
        NetSuiteClient(own.account_id, credentials, base_url=own.url, search_script=script) as erp,
        pytest.raises(NetSuiteNotFoundError, match="SSS_INVALID_SCRIPTLET_ID"),
    ):
        list(erp.saved_search("customsearch_items"))


def test_a_restlets_refusal_for_too_many_calls_is_waited_out(erp: Any, sandbox: Sandbox) -> None:
    sandbox.netsuite.faults.add(Fault("429", path="restlet"))
    assert len(list(erp.saved_search("customsearch_items"))) == 25
    assert sandbox.netsuite.calls.total == 2


def test_an_own_restlet_is_called(erp: Any, sandbox: Sandbox) -> None:
    def echo(method: str, parameters: Any, body: Any) -> Any:
        return {"method": method, "who": parameters.get("who"), "body": body}

    sandbox.netsuite.app.restlets.register("customscript_echo", "customdeploy_echo", echo)
    call = ("customscript_echo", "customdeploy_echo")
    assert erp.restlet(*call, params={"who": "me & you"}) == {"method": "GET", "who": "me & you", "body": None}
    assert erp.restlet(*call, method="post", json={"a": [1]})["body"] == {"a": [1]}
    with pytest.raises(meanings.ConfigurationError, match="no body with GET"):
        erp.restlet(*call, json={"a": 1})
    with pytest.raises(meanings.ConfigurationError, match="not PATCH"):
        erp.restlet(*call, method="PATCH")
    sandbox.netsuite.faults.add(Fault("500", when="after", method="PUT"))
    with pytest.raises(meanings.OutcomeUnknown):
        erp.restlet(*call, method="PUT", json={})
    sandbox.netsuite.faults.add(Fault("500", when="after", method="PUT"))
    assert erp.restlet(*call, method="PUT", json={}, repeatable=True)["method"] == "PUT"
