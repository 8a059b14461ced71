"""How an account looks from outside: what it always shows, and what changes its shape from one record to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, CUSTOMERS
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import entries, is_set

_NET_TERM = (
    "id",
    "enabled",
    "term",
    "credit",
    "detail",
    "company_location_id",
    "disable_past_due",
    "disable_past_due_day",
    "xy_days",
    "xy_discount_days",
    "xy_discount_amount",
)
_ADDRESS = (
    "id",
    "address_type",
    "email",
    "prefix",
    "firstname",
    "middlename",
    "lastname",
    "suffix",
    "company",
    "street",
    "city",
    "region",
    "region_id",
    "postcode",
    "country_id",
    "telephone",
    "fax",
    "zoey_shipping_type",
    "is_global",
    "is_default_billing_address",
    "is_default_shipping_address",
    "created_at",
    "updated_at",
    "full_address",
    "company_location_id",
    "company_id",
    "company_name",
    "locations",
)
_LOCATION = (
    "id",
    "name",
    "status",
    "external_id",
    "is_default_location",
    "default_billing_address_id",
    "default_shipping_address_id",
    "addresses",
)
_CONTACT = (
    "id",
    "company_id",
    "company_location_id",
    "company_location_name",
    "customer_id",
    "customer_email",
    "role_id",
    "role_label",
    "location_id",
)
_CHANGING = ("role_id", "location_id", "company_location_id")
_LISTS = (
    "sales_reps",
    "locations",
    "addresses",
    "customers",
    "contacts",
    "notes",
    "main_contacts",
    "main_contact_names",
    "customer_admins",
    "customer_admin_main_contacts",
    "payment_methods",
    "shipping_methods",
    "invoice_payment_methods",
)


def account_view(shop: Shop, account: Document) -> Document:
    """An account as both its calls show it."""
    contacts = entries(account, "contacts")
    people = _people(shop, contacts)
    main = [contact for contact in contacts if is_set(contact.get("is_main"))]
    first = next((contact for contact in contacts if is_set(contact.get("is_default_main"))), None)
    shown: Document = {
        **account,
        "addresses": [_address(account, each) for each in entries(account, "addresses")],
        "locations": [_location(account, each) for each in entries(account, "locations")],
        "contacts": [_contact(shop, each) for each in contacts],
        "customers": [_person(each) for each in people.values()],
        "customer_count": str(len(people)),
        "main_contacts": [contact["customer_id"] for contact in main],
        "main_contact_names": [_name(people, contact) for contact in main],
        "default_main_contact": first["customer_id"] if first else None,
        # PHP writes an array without entries the same way as one without keys, so what is not there is a list.
        "netterm": _picked(account["netterm"], _NET_TERM) if account.get("netterm") else [],
        "storecredit": account.get("storecredit") or [],
    }
    for name in _LISTS:
        shown[name] = shown.get(name) or []
    return shop.rendering.record(ACCOUNTS, shown, tuple(shop.records.attributes(ACCOUNTS)))


def _people(shop: Shop, contacts: Sequence[Document]) -> Mapping[str, Document]:
    found = {contact["customer_id"]: shop.records.get(CUSTOMERS, contact["customer_id"]) for contact in contacts}
    return {customer_id: customer for customer_id, customer in found.items() if customer is not None}


def _person(customer: Document) -> Document:
    return _picked(customer, ("entity_id", "firstname", "lastname", "email"))


def _name(people: Mapping[str, Document], contact: Document) -> str:
    person = people.get(contact["customer_id"], {})
    return f"{person.get('firstname') or ''} {person.get('lastname') or ''}".strip()


def _address(account: Document, address: Document) -> Document:
    marks = {
        "is_default_billing_address": "1" if account.get("default_billing_address_id") == address["id"] else "0",
        "is_default_shipping_address": address.get("is_default_shipping_address") or "0",
    }
    of_location = [
        {"location_id": location["id"], "location_name": location.get("name")}
        for location in entries(account, "locations")
        if address["id"] in location.get("address_ids", ())
    ]
    names = {"company_id": account["id"], "company_name": account.get("name"), "locations": of_location}
    parts = (*address.get("street", ()), address.get("city"), address.get("postcode"), address.get("country_id"))
    return _picked({**address, **marks, **names, "full_address": ", ".join(part for part in parts if part)}, _ADDRESS)


def _location(account: Document, location: Document) -> Document:
    addresses = [
        _address(account, each) for each in entries(account, "addresses") if each["id"] in location["address_ids"]
    ]
    # Here, and only here, the street is one string.
    joined = [{**address, "street": "\n".join(address["street"] or ())} for address in addresses]
    default = "1" if account.get("default_location_id") == location["id"] else "0"
    return _picked({**location, "is_default_location": default, "addresses": joined}, _LOCATION)


def _contact(shop: Shop, contact: Document) -> Document:
    shown = _picked(contact, _CONTACT)
    turn = int(contact["id"]) % 3
    if shop.settings.string_or_array and turn:
        for name in _CHANGING:
            shown[name] = [shown[name]] if turn == 1 else [shown[name], None]
    if is_set(contact.get("is_main")) or turn == 0:
        shown.update({name: contact.get(name) or "0" for name in ("is_main", "is_default_main")})
    return shown


def _picked(document: Mapping[str, JSON], names: Sequence[str]) -> Document:
    return {name: document.get(name) for name in names}
