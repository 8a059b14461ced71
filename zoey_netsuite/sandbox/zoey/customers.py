"""Customers: the people who may log in, and their address books."""

from __future__ import annotations

from collections.abc import Mapping

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey.errors import PRE_VALIDATION, Fault, Refused, not_valid
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, ADDRESSES, CUSTOMERS
from zoey_netsuite.sandbox.zoey.reading import done, list_of, one_of
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import BASE_PATH, Call, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, entries, is_set

DEFAULTS: Mapping[str, JSON] = {"website_id": "1", "group_id": "1", "created_in": "Admin"}
_READ_ONLY = ("created_at", "updated_at", "created_in", "last_logged_in")
_NEEDED = {"firstname": "First name", "lastname": "Last name", "email": "Email"}
_ADDRESS_NEEDED = ("firstname", "lastname", "street", "city", "country_id", "telephone")
_DEFAULT_MARKS = ("is_default_billing", "is_default_shipping")


def create(shop: Shop, data: JSON) -> Document:
    """Make a customer. Raises Refused for one that cannot be."""
    customer = {**DEFAULTS, **shop.accepted(CUSTOMERS, data, _READ_ONLY)}
    check(shop, customer)
    customer = shop.create(CUSTOMERS, customer)
    sent = as_object(data) or {}
    if is_set(sent.get(shop.settings.invitation_attribute)):
        invite(shop, customer)
    return customer


def invite(shop: Shop, customer: Document) -> None:
    """Send a customer the e-mail with which to log in for the first time."""
    shop.send_mail(customer["email"], "invitation", f"customers/{customer['entity_id']}")


def by_email(shop: Shop, email: str) -> Document | None:
    """The customer of an e-mail address."""
    return next(iter(shop.records.find(CUSTOMERS, "email", email)), None)


def check(shop: Shop, customer: Document) -> None:
    """Raise Refused for a customer that cannot be."""
    problems = [f"{label} is required." for name, label in _NEEDED.items() if not customer.get(name)]
    email = customer.get("email") or ""
    if email and ("@" not in email or " " in email):
        problems.append(f'"{email}" is not a valid email address.')
    if problems:
        raise not_valid(*problems)
    other = by_email(shop, email)
    if other is not None and other["entity_id"] != customer.get("entity_id"):
        status = shop.settings.duplicate_email_status
        raise Refused(Fault(status, "This customer email already exists"), Fault(status, PRE_VALIDATION))


def _post(shop: Shop, call: Call) -> Answer:
    customer = create(shop, call.data())
    return done(201, Location=f"{BASE_PATH}/customers/{customer['entity_id']}")


def _put(shop: Shop, call: Call) -> Answer:
    customer = shop.required(CUSTOMERS, call.id)
    customer.update(shop.accepted(CUSTOMERS, call.data(), _READ_ONLY))
    check(shop, customer)
    shop.save(CUSTOMERS, customer)
    return done()


def _delete(shop: Shop, call: Call) -> Answer:
    customer_id = shop.required(CUSTOMERS, call.id)["entity_id"]
    shop.records.delete(CUSTOMERS, customer_id)
    for address in shop.records.find(ADDRESSES, "customer_id", int(customer_id)):
        shop.records.delete(ADDRESSES, address["entity_id"])
    for account in shop.records.select(ACCOUNTS):
        contacts = [contact for contact in entries(account, "contacts") if contact["customer_id"] != customer_id]
        if len(contacts) != len(entries(account, "contacts")):
            shop.save(ACCOUNTS, {**account, "contacts": contacts})
    return done()


def add_address(shop: Shop, customer_id: str, data: JSON) -> Document:
    """Put an address into a customer's book. Raises Refused for one that cannot be."""
    address = {
        "customer_id": customer_id,
        **shop.accepted(ADDRESSES, data, ("customer_id", "created_at", "updated_at")),
    }
    _check_address(address)
    address = shop.create(ADDRESSES, {**dict.fromkeys(_DEFAULT_MARKS, "0"), **address})
    _one_default(shop, address)
    return address


def _check_address(address: Document) -> None:
    problems = [f'"{name}" is a required value.' for name in _ADDRESS_NEEDED if not address.get(name)]
    if address.get("street") and as_array(address["street"]) is None:
        problems.append('Invalid value for "street" in request.')
    country = address.get("country_id")
    if country and not (len(country) == 2 and country.isupper()):
        problems.append('Invalid value for "country_id" in request.')
    if problems:
        raise not_valid(*problems)


def _one_default(shop: Shop, address: Document) -> None:
    for mark in _DEFAULT_MARKS:
        if not is_set(address.get(mark)):
            continue
        for other in shop.records.find(ADDRESSES, "customer_id", int(address["customer_id"])):
            if other["entity_id"] != address["entity_id"] and is_set(other.get(mark)):
                shop.save(ADDRESSES, {**other, mark: "0"})


def _list_addresses(shop: Shop, call: Call) -> Answer:
    shop.required(CUSTOMERS, call.id)
    return list_of(ADDRESSES, within="customer_id")(shop, call)


def _post_address(shop: Shop, call: Call) -> Answer:
    customer = shop.required(CUSTOMERS, call.id)
    address = add_address(shop, customer["entity_id"], call.data())
    shop.save(CUSTOMERS, customer)
    return done(201, Location=f"{BASE_PATH}/customers/addresses/{address['entity_id']}")


def _put_address(shop: Shop, call: Call) -> Answer:
    address = shop.required(ADDRESSES, call.id)
    address.update(shop.accepted(ADDRESSES, call.data(), ("customer_id", "created_at", "updated_at")))
    _check_address(address)
    shop.save(ADDRESSES, address)
    _one_default(shop, address)
    return done()


def _delete_address(shop: Shop, call: Call) -> Answer:
    shop.records.delete(ADDRESSES, shop.required(ADDRESSES, call.id)["entity_id"])
    return done()


ROUTES = (
    Route("customers", {"GET": list_of(CUSTOMERS), "POST": _post}),
    Route("customers/{id}", {"GET": one_of(CUSTOMERS), "PUT": _put, "DELETE": _delete}),
    Route("customers/{id}/addresses", {"GET": _list_addresses, "POST": _post_address}),
    Route("customers/addresses/{id}", {"GET": one_of(ADDRESSES), "PUT": _put_address, "DELETE": _delete_address}),
)
