"""Accounts and customers of the sandboxed store, with every oddity of their shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from integration.sandbox_zoey.zoey_caller import Caller, errors, open_store, where

JANE = {"firstname": "Jane", "lastname": "Doe", "email": "jane@example.com"}
ADDRESS = {
    "firstname": "Jane",
    "lastname": "Doe",
    "street": ["1 Main St", "Dock 4"],
    "city": "Austin",
    "region": "Texas",
    "postcode": "78701",
    "country_id": "US",
    "telephone": "512-555-0100",
}


@pytest.fixture
def shop() -> Caller:
    return Caller(open_store())


def new_customer(shop: Caller, **changes: Any) -> str:
    answer = shop.post("customers", {**JANE, **changes})
    assert (answer.status, answer.body) == (201, b"")
    base, _, customer_id = answer.headers["location"].rpartition("/")
    assert base == "/api/rest/customers"
    return customer_id


def new_account(shop: Caller, **data: Any) -> Any:
    answer = shop.post("companyAccounts/account", {"companyData": data})
    assert answer.status == 200, answer
    made = json.loads(answer.body)
    assert list(made) == ["id"]
    return shop.get("companyAccounts/account", ("id", made["id"]))


def test_a_customer_is_made_changed_listed_and_removed(shop: Caller) -> None:
    customer_id = new_customer(shop)
    shop.app.clock.advance(60)
    assert shop.put(f"customers/{customer_id}", {"group_id": 4, "created_at": "x"}).status == 200
    customer = shop.get(f"customers/{customer_id}")
    assert (customer["firstname"], customer["group_id"], customer["website_id"]) == ("Jane", "4", "1")
    assert (customer["created_at"], customer["updated_at"]) == ("2026-03-01 12:00:00", "2026-03-01 12:01:00")
    assert list(shop.get("customers", *where("email", "eq", "JANE@example.com"))) == [customer_id]
    assert shop.call("DELETE", f"customers/{customer_id}").status == 200
    assert errors(shop.call("GET", f"customers/{customer_id}")) == [(404, "Resource not found.")]
    assert new_customer(shop) != customer_id


@pytest.mark.parametrize(
    "bad", [{"firstname": ""}, {"lastname": None}, {"email": "nobody"}, {"email": "", "firstname": ""}]
)
def test_a_customer_that_cannot_be(shop: Caller, bad: dict[str, Any]) -> None:
    found = errors(shop.post("customers", {**JANE, **bad}))
    assert found[-1] == (400, "Resource data pre-validation error.")
    assert len(found) == 1 + len(bad)
    assert shop.app.count("customers") == 0


@pytest.mark.parametrize("status", [400, 500])
def test_two_customers_of_one_email(status: int) -> None:
    shop = Caller(open_store(duplicate_email_status=status))
    new_customer(shop)
    assert errors(shop.post("customers", {**JANE, "email": "Jane@Example.com"}))[0] == (
        status,
        "This customer email already exists",
    )
    other = new_customer(shop, email="other@example.com")
    assert shop.put(f"customers/{other}", {"email": "jane@example.com"}).status == status


def test_an_invitation_goes_out_only_when_asked_for(shop: Caller) -> None:
    """C4: the store's outbox tells what was sent."""
    new_customer(shop)
    assert shop.app.outbox == []
    new_customer(shop, email="joe@example.com", send_invitation=1)
    assert [(mail["subject"], mail["to"]) for mail in shop.app.outbox] == [("invitation", "joe@example.com")]


def test_an_address_book_has_one_default_of_each_sort(shop: Caller) -> None:
    """C7: default marks move, they do not double."""
    customer_id = new_customer(shop)
    first, second = (
        shop.post(f"customers/{customer_id}/addresses", {**ADDRESS, "is_default_billing": 1}).headers["location"]
        for _ in range(2)
    )
    book = shop.get(f"customers/{customer_id}/addresses")
    assert [(each["is_default_billing"], each["street"]) for each in book] == [
        ("0", ["1 Main St", "Dock 4"]),
        ("1", ["1 Main St", "Dock 4"]),
    ]
    path = first.removeprefix("/api/rest/")
    assert path == f"customers/addresses/{book[0]['entity_id']}"
    assert shop.put(path, {"city": "Dallas", "is_default_billing": "1"}).status == 200
    assert [each["is_default_billing"] for each in shop.get(f"customers/{customer_id}/addresses")] == ["1", "0"]
    assert shop.get(path)["city"] == "Dallas"
    assert shop.call("DELETE", second.removeprefix("/api/rest/")).status == 200
    assert len(shop.get(f"customers/{customer_id}/addresses")) == 1
    other = new_customer(shop, email="other@example.com")
    assert shop.get(f"customers/{other}/addresses") == []


@pytest.mark.parametrize("bad", [{"street": "1 Main St"}, {"country_id": "USA"}, {"city": ""}, {"telephone": None}])
def test_an_address_that_cannot_be(shop: Caller, bad: dict[str, Any]) -> None:
    customer_id = new_customer(shop)
    answer = shop.post(f"customers/{customer_id}/addresses", {**ADDRESS, **bad})
    assert errors(answer)[-1] == (400, "Resource data pre-validation error.")
    assert errors(shop.post("customers/77/addresses", ADDRESS)) == [(404, "Resource not found.")]


def test_an_account_shows_everything_it_could_have(shop: Caller) -> None:
    account = new_account(Caller(open_store(missing="null")), name="Acme")
    always = (
        "id type name status external_id customer_group_id tax_class_id tax_id default_location_id "
        "default_billing_address_id sales_reps locations addresses customers contacts netterm storecredit notes "
        "payment_methods shipping_methods fallback_customer_group_id enable_all_shipping_methods "
        "enable_all_payment_methods enable_all_invoice_payment_methods invoice_payment_methods company_location_id "
        "global_company_location_id location_id location_name customer_count main_contacts default_main_contact "
        "main_contact_names customer_admins customer_admin_main_contacts total_sales total_sales_paid last_order_date "
        "has_placed_order role_id"
    )
    assert set(always.split()) <= set(account)
    assert "updated_at" not in account
    assert (account["name"], account["type"], account["status"], account["external_id"]) == ("Acme", "0", "1", None)


def test_net_terms_are_an_object_or_an_empty_array(shop: Caller) -> None:
    """C9: terms and credit limit."""
    without = new_account(shop, name="Cash only")
    assert without["netterm"] == []
    with_terms = new_account(shop, name="Acme", netterm={"enabled": 1, "term": "net30", "credit": 5000})
    assert with_terms["netterm"]["enabled"] == "1"
    assert with_terms["netterm"]["credit"] == "5000"
    assert shop.put("companyAccounts/account", {"companyData": {"id": with_terms["id"], "netterm": []}}).status == 200
    assert shop.get("companyAccounts/account", ("id", with_terms["id"]))["netterm"] == []


def test_an_account_list_is_an_array_of_whole_accounts(shop: Caller) -> None:
    for name in ("A", "B"):
        new_account(shop, name=name, external_id=f"NS-{name}")
    listed = shop.get("companyAccounts/list", ("filter[0][attribute]", "external_id"), ("filter[0][eq]", "NS-B"))
    assert [account["name"] for account in listed] == ["B"]
    assert listed[0] == shop.get("companyAccounts/account", ("id", listed[0]["id"]))


def test_addresses_and_locations_of_an_account_hang_together() -> None:
    shop = Caller(open_store(missing="null"))
    account = new_account(
        shop,
        name="Acme",
        addresses=[
            {**ADDRESS, "id": "901", "address_type": "billing", "is_default_billing_address": 1},
            {**ADDRESS, "id": "902", "address_type": "shipping", "city": "Dallas"},
        ],
        locations=[{"name": "Dallas dock", "addresses": ["902"], "is_default_location": 1}],
    )
    first, second = account["addresses"]
    assert (first["id"], first["is_default_billing_address"], second["is_default_billing_address"]) == ("901", "1", "0")
    assert first["street"] == ["1 Main St", "Dock 4"]
    assert account["default_billing_address_id"] == "901"
    (location,) = account["locations"]
    assert account["default_location_id"] == location["id"]
    assert location["is_default_location"] == "1"
    assert [each["id"] for each in location["addresses"]] == ["902"]
    assert location["addresses"][0]["street"] == "1 Main St\nDock 4"
    assert second["locations"] == [{"location_id": location["id"], "location_name": "Dallas dock"}]
    assert first["locations"] == []
    assert second["company_name"] == "Acme"


def test_contacts_show_their_roles_now_as_a_string_now_as_an_array(shop: Caller) -> None:
    """C1: roles are kept, in whichever shape they come."""
    people = [new_customer(shop, email=f"p{n}@example.com") for n in range(3)]
    account = new_account(shop, name="Acme", contacts=[{"customer_id": each, "role_id": 5} for each in people])
    assert [contact["customer_email"] for contact in account["contacts"]] == [f"p{n}@example.com" for n in range(3)]
    roles = [contact["role_id"] for contact in account["contacts"]]
    assert sorted(type(role).__name__ for role in roles) == ["list", "list", "str"]
    assert "5" in roles
    assert ["5"] in roles
    assert any(isinstance(role, list) and role[0] == "5" and len(role) == 2 for role in roles)
    assert account["customer_count"] == "3"
    assert [each["email"] for each in account["customers"]] == [f"p{n}@example.com" for n in range(3)]
    assert {"is_main" in contact for contact in account["contacts"]} == {True, False}


def test_roles_may_always_be_strings() -> None:
    shop = Caller(open_store(string_or_array=False))
    people = [new_customer(shop, email=f"p{n}@example.com") for n in range(3)]
    account = new_account(
        shop, name="Acme", contacts=[{"customer_id": each, "role_id": ["5", None]} for each in people]
    )
    assert [contact["role_id"] for contact in account["contacts"]] == ["5", "5", "5"]


@pytest.mark.parametrize(("how", "left"), [("merge", ["901", "902"]), ("replace", ["902"])])
def test_lists_inside_an_account_are_merged_by_id_or_replaced(how: str, left: list[str]) -> None:
    shop = Caller(open_store(nested_lists=how))
    account = new_account(shop, name="Acme", addresses=[{**ADDRESS, "id": "901"}, {**ADDRESS, "id": "902"}])
    change = {"companyData": {"id": account["id"], "addresses": [{"id": "902", "city": "Waco"}]}}
    assert json.loads(shop.put("companyAccounts/account", change).body) == {"id": account["id"]}
    after = shop.get("companyAccounts/account", ("id", account["id"]))["addresses"]
    assert [each["id"] for each in after] == left
    assert (after[-1]["city"], after[-1]["postcode"]) == ("Waco", "78701")


def test_a_person_is_a_contact_once_however_often_put(shop: Caller) -> None:
    person = new_customer(shop)
    account = new_account(shop, name="Acme", contacts=[{"customer_id": person}])
    for role in ("2", "3"):
        change = {"id": account["id"], "contacts": [{"customer_id": person, "role_id": role}]}
        shop.put("companyAccounts/account", {"companyData": change})
    (contact,) = shop.get("companyAccounts/account", ("id", account["id"]))["contacts"]
    assert contact["id"] == account["contacts"][0]["id"]
    assert "3" in contact["role_id"]


def test_a_customer_who_is_removed_leaves_the_account(shop: Caller) -> None:
    person = new_customer(shop)
    account = new_account(shop, name="Acme", contacts=[{"customer_email": "jane@example.com"}])
    assert account["contacts"][0]["customer_id"] == person
    shop.call("DELETE", f"customers/{person}")
    assert shop.get("companyAccounts/account", ("id", account["id"]))["contacts"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"companyData": {}},
        {"companyData": {"external_id": "x"}},
        {"companyData": {"name": "A", "contacts": [{"customer_id": "77"}]}},
        {"companyData": {"name": "A", "addresses": "x"}},
        {"name": "A"},
    ],
)
def test_an_account_that_cannot_be_leaves_nothing(shop: Caller, body: Any) -> None:
    assert errors(shop.post("companyAccounts/account", body))[0][0] == 400
    assert shop.app.count("accounts") == 0


def test_an_unknown_account_is_not_found(shop: Caller) -> None:
    for query in ((("id", "5"),), ()):
        assert errors(shop.call("GET", "companyAccounts/account", query)) == [(404, "Resource not found.")]
    change = {"companyData": {"id": "5", "name": "A"}}
    assert errors(shop.put("companyAccounts/account", change)) == [(404, "Resource not found.")]


def test_an_account_may_not_be_changeable() -> None:
    shop = Caller(open_store(actions=frozenset()))
    account = new_account(shop, name="Acme")
    change = {"companyData": {"id": account["id"], "name": "B"}}
    assert errors(shop.put("companyAccounts/account", change)) == [(405, "Resource does not support method.")]


def test_an_invitation_to_all_contacts_of_a_new_account(shop: Caller) -> None:
    person = new_customer(shop)
    new_account(shop, name="Acme", contacts=[{"customer_id": person}], send_invitation=1)
    assert [(mail["subject"], mail["to"]) for mail in shop.app.outbox] == [("invitation", "jane@example.com")]
