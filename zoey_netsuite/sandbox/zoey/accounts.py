"""Accounts: the companies that buy, with their locations, addresses, contacts and terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey import customers
from zoey_netsuite.sandbox.zoey.account_shapes import account_view
from zoey_netsuite.sandbox.zoey.errors import INVALID_DATA, bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, CUSTOMERS
from zoey_netsuite.sandbox.zoey.reading import list_of
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, entries, is_set, text

DEFAULTS: Mapping[str, JSON] = {
    "type": "0",
    "status": "1",
    "customer_group_id": "1",
    "tax_class_id": "3",
    "enable_all_shipping_methods": "1",
    "enable_all_payment_methods": "1",
    "enable_all_invoice_payment_methods": "1",
    "has_placed_order": "0",
    "total_sales": "0.0000",
    "total_sales_paid": "0.0000",
}
_READ_ONLY = (
    "customers",
    "customer_count",
    "total_sales",
    "total_sales_paid",
    "last_order_date",
    "has_placed_order",
    "main_contacts",
    "main_contact_names",
)
_SINGULAR = {"addresses": "address", "locations": "location", "contacts": "contact"}


def create(shop: Shop, data: JSON, record_id: int | None = None) -> Document:
    """Make an account. Raises Refused for one that cannot be."""
    account = shop.create(ACCOUNTS, dict(DEFAULTS), record_id)
    return change(shop, account, data)


def change(shop: Shop, account: Document, data: JSON) -> Document:
    """Change an account, lists inside it as the settings say. Raises Refused for what it cannot take."""
    taken = shop.accepted(ACCOUNTS, data, _READ_ONLY)
    sent = as_object(data) or {}
    for name, singular in _SINGULAR.items():
        if name not in taken:
            continue
        given = as_array(taken[name])
        if given is None or any(as_object(each) is None for each in given):
            raise not_valid(f'Invalid value for "{name}" in request.')
        taken[name] = _merged(shop, name, singular, entries(account, name), entries(taken, name))
    account.update(taken)
    if not account.get("name"):
        raise not_valid("Company name is required.")
    _settle_net_terms(shop, account)
    _settle_addresses(shop, account)
    for contact in entries(account, "contacts"):
        _settle_contact(shop, account, contact)
    shop.save(ACCOUNTS, account)
    if is_set(sent.get(shop.settings.invitation_attribute)):
        for contact in entries(account, "contacts"):
            customers.invite(shop, shop.required(CUSTOMERS, contact["customer_id"]))
    return account


def of_customer(shop: Shop, customer: Document) -> tuple[Document, Document] | None:
    """The account that a customer was last made a contact of and still is, and that contact."""
    account = shop.records.get(ACCOUNTS, customer.get("_account_id") or "")
    for contact in entries(account, "contacts") if account else ():
        if account and contact["customer_id"] == customer["entity_id"]:
            return account, contact
    return None


def _merged(
    shop: Shop, name: str, singular: str, old: Sequence[Document], new: Sequence[Document]
) -> Sequence[Document]:
    known = {entry["id"]: entry for entry in old}
    if name == "contacts":
        # A person is in an account once, so the customer says which contact is meant.
        by_customer = {entry["customer_id"]: entry["id"] for entry in old}
        new = [{"id": by_customer.get(entry.get("customer_id")), **entry} for entry in new]
    result = dict(known) if shop.settings.nested_lists == "merge" else {}
    for entry in new:
        entry_id = entry.get("id") or str(shop.records.next_number(singular))
        if entry.get("id"):
            shop.records.not_below(singular, int(entry["id"]))
        result[entry_id] = {**known.get(entry_id, {}), **entry, "id": entry_id}
    return list(result.values())


def _settle_net_terms(shop: Shop, account: Document) -> None:
    terms = as_object(account.get("netterm"))
    if not terms:
        account["netterm"] = []
        return
    terms = {"enabled": "0", "disable_past_due": "0", **terms}
    terms["id"] = terms.get("id") or str(shop.records.next_number("netterm"))
    account["netterm"] = terms


def _settle_addresses(shop: Shop, account: Document) -> None:
    addresses: list[Document] = account.setdefault("addresses", [])
    for address in addresses:
        if not isinstance(address.get("street", []), list):
            address["street"] = str(address["street"]).split("\n")
        address.setdefault("address_type", "billing,shipping")
        address.setdefault("created_at", shop.time)
        address["updated_at"] = shop.time
        if is_set(address.pop("is_default_billing_address", None)):
            account["default_billing_address_id"] = address["id"]
    for location in account.setdefault("locations", []):
        inside = as_array(location.pop("addresses", None)) or []
        ids = [(as_object(each) or {"id": text(each)}).get("id") for each in inside]
        location["address_ids"] = ids or location.get("address_ids", [])
        location.setdefault("status", "1")
        if is_set(location.pop("is_default_location", None)) or not account.get("default_location_id"):
            account["default_location_id"] = location["id"]


def _settle_contact(shop: Shop, account: Document, contact: Document) -> None:
    customer_id, email = contact.get("customer_id"), contact.get("customer_email") or contact.get("email")
    customer = shop.records.get(CUSTOMERS, customer_id) if customer_id else None
    if customer is None and not customer_id and email:
        customer = customers.by_email(shop, email)
    if customer is None:
        raise not_valid(f'Customer "{customer_id or email}" of the contact does not exist.')
    for name in ("role_id", "location_id", "company_location_id"):
        several = as_array(contact.get(name))
        if several is not None:
            contact[name] = next((value for value in several if value), None)
    default = account.get("default_location_id")
    location_id = contact.get("company_location_id") or contact.get("location_id") or default
    names = {location["id"]: location.get("name") for location in entries(account, "locations")}
    if customer.get("_account_id") != account["id"]:
        shop.save(CUSTOMERS, {**customer, "_account_id": account["id"]})
    contact.update(
        customer_id=customer["entity_id"],
        customer_email=customer["email"],
        company_id=account["id"],
        company_location_id=location_id,
        location_id=location_id,
        company_location_name=names.get(location_id),
        role_id=contact.get("role_id") or "1",
        role_label=contact.get("role_label") or "Buyer",
    )


def _company_data(call: Call) -> Mapping[str, JSON]:
    data = as_object(call.fields().get("companyData"))
    if not data:
        raise bad_request(INVALID_DATA)
    return data


def _get(shop: Shop, call: Call) -> Answer:
    return shop.rendering.answer(account_view(shop, shop.required(ACCOUNTS, call.argument("id"))))


def _post(shop: Shop, call: Call) -> Answer:
    data = {name: value for name, value in _company_data(call).items() if name != "id"}
    return shop.rendering.answer({"id": create(shop, data)["id"]})


def _put(shop: Shop, call: Call) -> Answer:
    data = _company_data(call)
    account = shop.required(ACCOUNTS, text(data.get("id")) or call.argument("id"))
    change(shop, account, {name: value for name, value in data.items() if name != "id"})
    return shop.rendering.answer({"id": account["id"]})


ROUTES = (
    Route("companyAccounts/list", {"GET": list_of(ACCOUNTS, account_view)}),
    Route("companyAccounts/account", {"GET": _get, "POST": _post}),
    Route("companyAccounts/account", {"PUT": _put}, "accounts.update"),
)
