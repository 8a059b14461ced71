"""Putting records in from outside: what a merchant's store holds before anybody calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.zoey import accounts, customers, placing
from zoey_netsuite.sandbox.zoey.credit_memos import credit
from zoey_netsuite.sandbox.zoey.errors import Refused
from zoey_netsuite.sandbox.zoey.invoices import invoice
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, ADDRESSES, CUSTOMERS, KINDS, ORDERS, AttributeType
from zoey_netsuite.sandbox.zoey.orders import hold
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.seeding_products import seed_products
from zoey_netsuite.sandbox.zoey.shipments import ship
from zoey_netsuite.sandbox.zoey.shop import Shop, as_kept
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, entries

Row: TypeAlias = Mapping[str, JSON]
Attributes: TypeAlias = Mapping[str, Sequence[str] | Mapping[str, AttributeType]]

RESOURCES = ("attributes", "products", "stockitems", "customers", "accounts", "orders")
_RETOLD: Mapping[str, Sequence[str]] = {
    "processing": ("invoice",),
    "complete": ("invoice", "ship"),
    "closed": ("invoice", "credit"),
    "canceled": ("cancel",),
    "holded": ("hold",),
}


def seed(shop: Shop, data: Mapping[str, JSON]) -> None:
    """Put records in. Raises ValueError for what the store cannot hold."""
    unknown = sorted(set(data) - set(RESOURCES))
    if unknown:
        raise ValueError(f"The Zoey sandbox cannot be seeded with {unknown[0]!r}; it takes {', '.join(RESOURCES)}.")
    seed_attributes(shop, data.get("attributes", {}))
    seed_products(shop, data.get("products", ()), data.get("stockitems", ()))
    for name, put_in in (("customers", _customers), ("accounts", _accounts), ("orders", _orders)):
        for row in _rows(data, name):
            try:
                put_in(shop, row)
            except Refused as refused:
                raise ValueError(f"Cannot put {dict(row)!r} into {name}: {refused}") from None


def seed_attributes(shop: Shop, attributes: Attributes) -> None:
    """Make the merchant's own attributes known: by resource, names, or names with their types."""
    for resource, names in attributes.items():
        if resource not in KINDS:
            raise ValueError(f"There is no resource {resource!r}; known are {', '.join(sorted(KINDS))}.")
        if isinstance(names, Mapping):
            for name, type_ in names.items():
                shop.records.declare(KINDS[resource], [name], type_)
        else:
            shop.records.declare(KINDS[resource], names)


def _rows(data: Mapping[str, JSON], name: str) -> Sequence[Row]:
    rows = as_array(data.get(name, []))
    if rows is None or any(as_object(row) is None for row in rows):
        raise ValueError(f"The Zoey sandbox takes {name} as a list of objects.")
    return entries(data, name)


def _customers(shop: Shop, row: Row) -> None:
    shop.records.declare(CUSTOMERS, [name for name in row if name != "addresses"])
    types = shop.records.attributes(CUSTOMERS)
    kept = {name: as_kept(value, types[name]) for name, value in row.items() if name in types}
    customer = {**customers.DEFAULTS, **kept}
    customers.check(shop, customer)
    customer = shop.create(CUSTOMERS, customer, int(row["entity_id"]) if "entity_id" in row else None)
    for address in entries(row, "addresses"):
        shop.records.declare(ADDRESSES, address)
        customers.add_address(shop, customer["entity_id"], address)


def _accounts(shop: Shop, row: Row) -> None:
    shop.records.declare(ACCOUNTS, row)
    contacts: list[Document] = []
    for contact in entries(row, "contacts"):
        email = contact.get("customer_email") or contact.get("email")
        known = contact.get("customer_id") or (email and customers.by_email(shop, email))
        if not known and contact.get("firstname"):
            _customers(shop, {name: contact.get(name) for name in ("firstname", "lastname", "email")})
        contacts.append({name: value for name, value in contact.items() if name not in ("firstname", "lastname")})
    told = {name: value for name, value in row.items() if name not in ("id", "contacts")}
    accounts.create(shop, {**told, "contacts": contacts}, int(row["id"]) if "id" in row else None)


def _orders(shop: Shop, row: Row) -> None:
    header = {name: value for name, value in row.items() if name not in ("items", "state", "status")}
    shop.records.declare(ORDERS, header)
    state = row.get("state")
    first = state if state not in _RETOLD else None
    order = placing.place(shop, entries(row, "items"), {**header, "state": first, "status": None}, quiet=True)
    for step in _RETOLD.get(str(state), ()):
        if step == "invoice":
            invoice(shop, order, {})
        elif step == "ship":
            ship(shop, order, {})
        elif step == "credit":
            credit(shop, order, {})
        elif step == "hold":
            hold(shop, order)
        else:
            placing.cancel(shop, order, quiet=True)
    told = {name: row[name] for name in ("status", "created_at", "updated_at") if row.get(name)}
    shop.records.save(ORDERS, {**order, **told})
