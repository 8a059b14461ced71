"""The record service: making, reading, changing, removing, and its words when it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.netsuite_shop import HOST, RECORD, Caller, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.netsuite.errors import ErrorShapes
from zoey_netsuite.sandbox.netsuite.settings import CustomField

CUSTOM = (CustomField("custentity_tier"), CustomField("custbody_note"), CustomField("custcol_color"))


def test_create_answers_204_with_the_new_id_at_the_end_of_location(shop: Shop) -> None:
    answer = shop.send("POST", f"{RECORD}/customer", {"companyName": "New", "subsidiary": {"id": "1"}})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["location"].startswith(f"{HOST}{RECORD}/customer/")
    record = shop.record(f"customer/{answer.headers['location'].rsplit('/', 1)[1]}")
    assert record["subsidiary"]["id"] == "1"
    assert record["subsidiary"]["refName"] == "Sandbox Wholesale Inc."
    assert record["subsidiary"]["links"][0]["href"] == f"{HOST}{RECORD}/subsidiary/1"


def test_a_bare_value_and_an_external_id_are_references_too(shop: Shop) -> None:
    parent = shop.create("customer", {"companyName": "Parent", "externalId": "par-1", "subsidiary": "1"})
    child = shop.create("customer", {"companyName": "Child", "parent": {"externalId": "par-1"}})
    assert shop.record(f"customer/{child}")["parent"] == {
        "links": [{"rel": "self", "href": f"{HOST}{RECORD}/customer/{parent}"}],
        "id": parent,
        "refName": "Parent",
    }


def test_absent_fields_are_left_out_and_null_clears(shop: Shop) -> None:
    assert "phone" not in shop.record("customer/501")
    shop.patch("customer/501", {"phone": "1"})
    assert shop.record("customer/501")["phone"] == "1"
    shop.patch("customer/501", {"phone": None})
    assert "phone" not in shop.record("customer/501")
    assert shop.rows("SELECT phone FROM customer WHERE id = 501") == [{}]


def test_sublists_are_links_unless_expanded(shop: Shop) -> None:
    plain = shop.get(f"{RECORD}/customer/501")
    assert plain["addressBook"] == {"links": [{"rel": "self", "href": f"{HOST}{RECORD}/customer/501/addressBook"}]}
    lines = shop.get(f"{RECORD}/customer/501/addressBook")
    assert (lines["count"], list(lines["items"][0])) == (1, ["links"])
    line = shop.get(f"{RECORD}/customer/501/addressBook/1")
    assert line["label"] == "Office"
    address = shop.get(f"{RECORD}/customer/501/addressBook/1/addressBookAddress")
    assert address["country"] == {"id": "US", "refName": "United States"}
    whole = shop.record("customer/501")["addressBook"]
    assert whole["items"][0]["addressBookAddress"]["city"] == "Austin"


def test_fields_narrows(shop: Shop) -> None:
    value = shop.get(f"{RECORD}/customer/501?fields=email,companyName")
    assert {name for name in value if name != "links"} == {"id", "email", "companyName"}
    assert shop.refused("GET", "customer/501?fields=nope")["o:errorQueryParam"] == "fields"


def test_external_ids_address_records_and_are_unique_per_type(shop: Shop) -> None:
    first = shop.create("customer", {"companyName": "One", "externalId": "acme-customer-1"})
    assert shop.record("customer/eid:acme-customer-1")["id"] == first
    shop.create("contact", {"firstName": "A", "lastName": "B", "externalId": "acme-customer-1"})
    refused = shop.refused("POST", "customer", {"companyName": "Two", "externalId": "acme-customer-1"})
    assert refused == {
        "status": 400,
        "detail": "Error while accessing a resource. This entity already exists.",
        "o:errorCode": "USER_ERROR",
    }


def test_the_same_words_mean_a_clash_of_names(shop: Shop) -> None:
    refused = shop.refused("POST", "customer", {"companyName": "Acme"})
    assert (refused["o:errorCode"], refused["detail"].split(". ")[1]) == ("USER_ERROR", "This entity already exists.")


def test_codes_of_exists_already_differ_by_record(shop: Shop) -> None:
    shop.order(externalId="o-1")
    body = {"entity": "501", "externalId": "o-1", "item": {"items": [{"item": "11"}]}}
    assert shop.refused("POST", "salesOrder", body)["o:errorCode"] == "DUP_RCRD"


@pytest.mark.parametrize("text", ["a|b", "a:b", "a/b", "a.b", "a b", ""])
def test_other_characters_in_an_external_id_are_refused(shop: Shop, text: str) -> None:
    answer = shop.send("POST", f"{RECORD}/customer", {"companyName": "X", "externalId": text})
    if text:
        assert answer.status == 400
        assert json.loads(answer.body)["o:errorDetails"][0]["o:errorPath"] == "externalId"
    else:
        assert answer.status == 204


def test_put_upserts_by_external_id_only(shop: Shop) -> None:
    first = shop.send("PUT", f"{RECORD}/customer/eid:up-1", {"companyName": "Up"})
    again = shop.send("PUT", f"{RECORD}/customer/eid:up-1", {"phone": "5"})
    assert (first.status, again.status) == (204, 204)
    assert first.headers["location"] == again.headers["location"]
    record = shop.record("customer/eid:up-1")
    assert (record["companyName"], record["phone"], record["externalId"]) == ("Up", "5", "up-1")
    assert shop.refused("PUT", "customer/501", {"phone": "5"})["status"] == 400


def test_delete_leaves_a_trace_in_deletedrecord(shop: Shop) -> None:
    identifier = shop.create("customer", {"companyName": "Gone"})
    assert shop.send("DELETE", f"{RECORD}/customer/{identifier}").status == 204
    assert shop.refused("GET", f"customer/{identifier}")["o:errorCode"] == "NONEXISTENT_ID"
    rows = shop.rows("SELECT type, recordid, TO_CHAR(deleteddate, 'YYYY-MM-DD') AS day FROM deletedrecord")
    assert rows == [{"type": "customer", "recordid": identifier, "day": "2026-03-02"}]


def test_patch_matches_lines_by_key_and_others_stay(shop: Shop) -> None:
    shop.patch(
        "customer/501", {"addressBook": {"items": [{"label": "Dock", "addressBookAddress": {"addr1": "9 Quay"}}]}}
    )
    shop.patch("customer/501", {"addressBook": {"items": [{"id": 1, "label": "Head office"}]}})
    lines = shop.record("customer/501")["addressBook"]["items"]
    assert [line["label"] for line in lines] == ["Head office", "Dock"]
    assert lines[0]["addressBookAddress"]["city"] == "Austin"
    shop.patch("customer/501?replace=addressBook", {"addressBook": {"items": [{"id": 2}]}})
    assert [line["label"] for line in shop.record("customer/501")["addressBook"]["items"]] == ["Dock"]
    assert shop.rows("SELECT COUNT(*) AS n FROM customeraddressbookentityaddress") == [{"n": "1"}]
    unknown = {"addressBook": {"items": [{"id": 99, "label": "x"}]}}
    assert shop.refused("PATCH", "customer/501", unknown)["o:errorPath"] == "addressBook.items[0].id"


def test_one_default_address_of_each_kind(shop: Shop) -> None:
    new = {"defaultShipping": True, "addressBookAddress": {"addr1": "9 Quay"}}
    shop.patch("customer/501", {"addressBook": {"items": [new]}})
    lines = shop.record("customer/501")["addressBook"]["items"]
    assert [(line["defaultShipping"], line["defaultBilling"]) for line in lines[:1]] == [(False, True)]
    assert lines[1]["defaultShipping"] is True
    rows = shop.rows(
        "SELECT a.addr1 FROM customer c JOIN customeraddressbookentityaddress a ON a.nkey = c.defaultshippingaddress "
        "WHERE c.id = 501"
    )
    assert rows == [{"addr1": "9 Quay"}]


def test_a_misspelt_field_is_ignored_with_a_warning_unless_told_otherwise(shop: Shop) -> None:
    answer = shop.send("PATCH", f"{RECORD}/customer/501", {"phoen": "1"})
    assert answer.status == 204
    assert "phoen" in answer.headers["warning"]
    header = "x-netsuite-propertynamevalidation"
    ignored = shop.send("PATCH", f"{RECORD}/customer/501", {"phoen": "1"}, headers={header: "Ignore"})
    assert ignored.status == 204
    refused = shop.refused("PATCH", "customer/501", {"phoen": "1"}, headers={header: "Error"})
    assert (refused["o:errorCode"], refused["o:errorPath"]) == ("INVALID_CONTENT", "phoen")
    nested = {"item": {"items": [{"item": "11"}, {"itme": "11"}]}, "entity": "501"}
    refused = shop.refused("POST", "salesOrder", nested, headers={header: "Error"})
    assert refused["o:errorPath"] == "item.items[1].itme"
    assert shop.refused("PATCH", "customer/501", {}, headers={header: "Strict"})["o:errorCode"] == "INVALID_HEADER"


def test_values_are_checked(shop: Shop) -> None:
    refused = shop.refused("PATCH", "customer/501", {"creditLimit": "much"})
    assert (refused["o:errorCode"], refused["o:errorPath"]) == ("INVALID_CONTENT", "creditLimit")
    shop.send(
        "PATCH",
        f"{RECORD}/customer/501",
        {"creditLimit": "much"},
        headers={"x-netsuite-propertyvaluevalidation": "Ignore"},
    )
    assert "creditLimit" not in shop.record("customer/501")
    refused = shop.refused("PATCH", "customer/501", {"isInactive": "perhaps"})
    assert refused["o:errorPath"] == "isInactive"


def test_an_unknown_reference_names_the_field_and_its_path(shop: Shop) -> None:
    body = {"entity": {"id": 501}, "location": {"id": 1}, "item": {"items": [{"item": {"id": 9999}, "amount": 1}]}}
    refused = shop.refused("POST", "salesOrder", body)
    assert refused == {
        "status": 400,
        "detail": "Error while accessing resource: You have entered an Invalid Field Value 9999 for the following "
        "field: item",
        "o:errorCode": "INVALID_CONTENT",
        "o:errorPath": "item.items[0].item",
    }


def test_required_fields_are_named(shop: Shop) -> None:
    refused = shop.refused("POST", "customer", {"isPerson": True})
    assert refused["detail"] == "Error while accessing a resource. Please enter value(s) for: First Name, Last Name."
    assert refused["o:errorCode"] == "USER_ERROR"


def test_ids_of_no_form_and_of_no_record(shop: Shop) -> None:
    refused = shop.refused("GET", "customer/000")
    assert (refused["status"], refused["o:errorCode"]) == (400, "INVALID_ID")
    assert refused["detail"] == "Invalid record instance identifier '000'. Provide a valid record instance ID."
    assert refused["o:errorUrl"] == f"{RECORD}/customer/000"
    refused = shop.refused("GET", "customer/999999")
    assert (refused["status"], refused["o:errorCode"]) == (404, "NONEXISTENT_ID")
    assert refused["detail"] == "The record instance does not exist. Provide a valid record instance ID."
    assert shop.refused("GET", "customer/eid:none")["status"] == 404


def test_the_id_of_another_transaction_type_is_a_400(shop: Shop) -> None:
    order = shop.order()
    refused = shop.refused("GET", f"invoice/{order}")
    assert (refused["status"], refused["detail"]) == (400, "Transaction type specified is incorrect.")


def test_an_unknown_record_type(shop: Shop) -> None:
    assert shop.refused("GET", "bad-path/1")["detail"] == "Record type 'bad-path' does not exist"


def test_type_names_in_any_case_and_a_trailing_slash_are_taken(shop: Shop) -> None:
    assert shop.record("CUSTOMER/501")["id"] == "501"
    assert shop.send("POST", f"{RECORD}/customer/", {"companyName": "Slash"}).status == 204


def test_a_body_without_a_content_type_is_read_all_the_same(shop: Shop) -> None:
    answer = shop.send("POST", f"{RECORD}/customer", {"companyName": "Bare"}, headers={"content-type": ""})
    assert answer.status == 204


def test_a_body_that_is_no_json(shop: Shop) -> None:
    refused = shop.refused("POST", "customer", b"{")
    assert (refused["o:errorCode"], refused["detail"]) == ("INVALID_CONTENT", "Invalid content in the request body")


def test_a_locked_record_is_unreadable_here_and_readable_by_query(shop: Shop) -> None:
    shop.app.lock("customer", 501)
    for method, body in (("GET", None), ("PATCH", {"phone": "1"}), ("DELETE", None)):
        refused = shop.refused(method, "customer/501", body)
        assert refused["o:errorCode"] == "USER_ERROR"
        assert refused["detail"].endswith("This record has been locked by a user defined workflow.")
    assert shop.rows("SELECT entityid FROM customer WHERE id = 501") == [{"entityid": "Acme"}]
    shop.app.lock("customer", 501, locked=False)
    assert shop.record("customer/501")["id"] == "501"


def test_times_are_utc_and_input_may_carry_an_offset(clock: SandboxClock) -> None:
    fields = [CustomField("custentity_seen", "datetime"), CustomField("custentity_day", "date")]
    shop = shop_with(clock, custom_fields=fields)
    shop.patch("customer/501", {"custentity_seen": "2026-03-02T10:30:00+02:00", "custentity_day": "2026-03-02"})
    record = shop.record("customer/501")
    assert (record["custentity_seen"], record["custentity_day"]) == ("2026-03-02T08:30:00Z", "2026-03-02")
    assert record["dateCreated"] == "2026-03-02T20:00:00Z"


def test_changes_move_lastmodifieddate_by_the_clock(shop: Shop, clock: SandboxClock) -> None:
    clock.advance(timedelta(minutes=5))
    shop.patch("customer/501", {"phone": "7"})
    assert shop.record("customer/501")["lastModifiedDate"] == "2026-03-02T20:05:00Z"
    rows = shop.rows("SELECT TO_CHAR(lastmodifieddate, 'HH24:MI:SS') AS t FROM customer WHERE id = 501")
    # The account's own time zone: Los Angeles is eight hours behind UTC in March.
    assert rows == [{"t": "12:05:00"}]


def test_custom_fields_that_the_account_has_and_one_it_has_not(clock: SandboxClock) -> None:
    shop = shop_with(clock, custom_fields=CUSTOM)
    shop.patch("customer/501", {"custentity_tier": "gold"})
    assert shop.record("customer/501")["custentity_tier"] == "gold"
    assert shop.rows("SELECT custentity_tier FROM customer WHERE id = 501") == [{"custentity_tier": "gold"}]
    strict = {"x-netsuite-propertynamevalidation": "error"}
    assert (
        shop.refused("PATCH", "customer/501", {"custentity_none": "1"}, headers=strict)["o:errorPath"]
        == "custentity_none"
    )
    line = {"item": "11", "custcol_color": "red"}
    order = shop.create("salesOrder", {"entity": "501", "custbody_note": "n", "item": {"items": [line]}})
    assert shop.rows("SELECT custbody_note FROM transaction WHERE id = ?", order) == [{"custbody_note": "n"}]
    rows = shop.rows("SELECT custcol_color FROM transactionline WHERE transaction = ? AND item = 11", order)
    assert rows == [{"custcol_color": "red"}]


def test_custom_records(shop: Shop) -> None:
    shop.app.seed(
        {
            "customrecord_warranty": [],
            "custom_fields": [
                {
                    "name": "custrecord_sales_order",
                    "type": "reference",
                    "target": "transaction",
                    "record": "customrecord_warranty",
                }
            ],
        }
    )
    order = shop.order()
    made = shop.create("customrecord_warranty", {"name": "Two years", "custrecord_sales_order": {"id": order}})
    rows = shop.rows("SELECT id, name, custrecord_sales_order FROM customrecord_warranty")
    assert rows == [{"id": made, "name": "Two years", "custrecord_sales_order": order}]
    assert shop.record(f"customrecord_warranty/{made}")["custrecord_sales_order"]["refName"] == "Sales Order #SO1"


def test_collections_give_ids_and_links_in_pages(shop: Shop) -> None:
    for number in range(5):
        shop.create("customer", {"companyName": f"Page {number}", "email": f"p{number}@x.example"})
    value = shop.get(f"{RECORD}/customer?q=email%20START_WITH%20p&limit=2&offset=2")
    assert (value["count"], value["hasMore"], value["offset"], value["totalResults"]) == (2, True, 2, 5)
    assert set(value["items"][0]) == {"id", "links"}
    links = {each["rel"]: each["href"] for each in value["links"]}
    assert set(links) == {"self", "first", "previous", "next", "last"}
    assert shop.get(links["next"])["items"][0]["id"] == shop.get(links["last"])["items"][0]["id"]
    assert shop.refused("GET", "customer?limit=3&offset=2")["o:errorQueryParam"] == "offset"
    assert shop.refused("GET", "customer?limit=1001")["o:errorQueryParam"] == "limit"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ('email IS "buyer@acme.example"', ["501"]),
        ('email IS "BUYER@acme.example" AND companyName IS Acme', ["501"]),
        ("companyName IS Nobody OR lastName IS Lee", ["502"]),
        ("(email EMPTY) AND isPerson IS true", ["502"]),
        ("id ANY_OF [501, 502]", ["501", "502"]),
        ("email CONTAIN acme AND id LESS 502", ["501"]),
    ],
)
def test_collections_are_filtered(shop: Shop, q: str, expected: list[str]) -> None:
    from urllib.parse import quote

    assert [item["id"] for item in shop.get(f"{RECORD}/customer?q={quote(q)}")["items"]] == expected


@pytest.mark.parametrize(
    ("q", "number"),
    [
        ('dateCreated ON "03/02/2026"', 2),
        ('dateCreated ON "3/2/26"', 2),
        ('dateCreated ON_NOT "03/02/2026"', 0),
        ('dateCreated AFTER "03/02/2026"', 2),
        ('dateCreated BEFORE "03/02/2026"', 0),
        ('dateCreated ON_OR_BEFORE "03/02/2026"', 2),
        ('dateCreated AFTER "03/03/2026"', 0),
        ('dateCreated ON_OR_AFTER "03/01/2026" AND dateCreated BEFORE "03/03/2026"', 2),
    ],
)
def test_days_of_a_filter_are_the_account_s(clock: SandboxClock, q: str, number: int) -> None:
    """It is two in the morning of the third in UTC, and the evening of the second in Los Angeles."""
    from urllib.parse import quote

    clock.set(datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    shop = shop_with(clock)
    assert shop.get(f"{RECORD}/customer?q={quote(q)}")["count"] == number


def test_a_filter_takes_days_in_the_user_s_format_and_no_times(shop: Shop) -> None:
    from urllib.parse import quote

    for literal in ("2026-03-02T00:00:00Z", "2026-03-02", "8/5/2026 23:53", "13/01/2026"):
        filtered = quote(f'lastModifiedDate AFTER "{literal}"')
        refused = shop.refused("GET", f"customer?q={filtered}")
        assert refused["o:errorCode"] == "INVALID_PARAMETER"
        assert f'Parse of date/time "{literal}" failed with date format "M/d/yy" in time zone' in refused["detail"]


def test_the_user_s_date_format_is_a_preference(clock: SandboxClock) -> None:
    from urllib.parse import quote

    shop = shop_with(clock, date_format="DD.MM.YYYY")
    filtered = quote('lastModifiedDate ON "2.3.2026"')
    assert shop.get(f"{RECORD}/customer?q={filtered}")["count"] == 2
    assert shop.rows("SELECT dateCreated AS d FROM customer WHERE id = 501") == [{"d": "02.03.2026"}]
    filtered = quote('lastModifiedDate ON "03/02/2026"')
    assert 'failed with date format "d.M.yy"' in shop.refused("GET", f"customer?q={filtered}")["detail"]


@pytest.mark.parametrize("q", ["nope IS 1", "email LIKES x", "email IS", "email", "(email IS x"])
def test_a_filter_that_can_t_be_understood(shop: Shop, q: str) -> None:
    from urllib.parse import quote

    assert shop.refused("GET", f"customer?q={quote(q)}")["o:errorQueryParam"] == "q"


@pytest.mark.parametrize(
    ("shapes", "link", "top"),
    [
        (ErrorShapes(), "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.5", False),
        (ErrorShapes(type_form="rfc9110"), "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5", False),
        (ErrorShapes(details="top"), "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.5", True),
    ],
)
def test_errors_come_in_every_form_that_was_seen(
    clock: SandboxClock, shapes: ErrorShapes, link: str, top: bool
) -> None:
    shop = shop_with(clock, errors=shapes)
    answer = shop.send("GET", f"{RECORD}/customer/77777")
    value: dict[str, Any] = json.loads(answer.body)
    assert (value["type"], value["title"], value["status"]) == (link, "Not Found", 404)
    assert ("o:errorDetails" in value) is not top
    detail = value if top else value["o:errorDetails"][0]
    assert detail["o:errorCode"] == "NONEXISTENT_ID"


def test_methods_that_are_not_supported(caller: Caller) -> None:
    assert caller.refused("PUT", "customer", {})["status"] == 405
    assert caller.send("GET", "/services/rest/nowhere/v1").status == 404


def test_a_refused_change_leaves_nothing_behind(shop: Shop) -> None:
    before = shop.app.count("salesOrder")
    items = [{"item": "11", "quantity": 1}, {"item": "11", "quantity": -1}]
    assert shop.refused("POST", "salesOrder", {"entity": "501", "item": {"items": items}})["status"] == 400
    assert shop.app.count("salesOrder") == before
    assert shop.level(11) == (10, 10, 0)
