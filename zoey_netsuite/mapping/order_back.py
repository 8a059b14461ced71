"""A sales order as NetSuite gives it back, read as an order with its amounts by component."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from zoey_netsuite.entities import JSON, Address, Found, Money, Order, OrderLine
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping import addresses
from zoey_netsuite.mapping.charges import Charges, Component
from zoey_netsuite.mapping.tables import Table
from zoey_netsuite.netsuite import Record
from zoey_netsuite.netsuite.answers import is_object
from zoey_netsuite.netsuite.records import is_custom, to_reference
from zoey_netsuite.netsuite.values import DEFAULT_FORMATS, Formats, datetime_reader, to_decimal

ZERO = Decimal(0)
_to_time = datetime_reader(Formats(date=DEFAULT_FORMATS.date))


def sales_order(record: Record, charges: Charges, currencies: Table, found: Found) -> Order:
    """The order that a sales order is.

    Args:
        record: read with expanded sublists.
        charges: which items stand for discounts, shipping and handling.
        currencies: where NetSuite's currency is found by its id.
        found: where it is found else, if its symbol was looked up; else its name is taken.

    Raises:
        MappingError: an amount is none.
    """
    currency = _currency(record, currencies, found)
    counted: dict[Component, Decimal] = dict.fromkeys(("lines", "discount", "shipping", "handling"), ZERO)
    lines: list[OrderLine] = []
    for row in record.lines():
        item = _id(row.get("item"))
        component = charges.component(item)
        counted[component] += _amount(row, "amount", record)
        if component == "lines":
            lines.append(_line(row, item, currency, record))
    status, terms = record.reference("orderStatus"), record.reference("paymentMethod")
    ships, entity = record.reference("shipMethod"), record.reference("entity")
    return Order(
        zoey_id="",
        netsuite_id=str(record.id),
        number=str(record.get("tranId") or record.id),
        state=status.id if status else None,
        status=status.name if status else None,
        created_at=_time(record, "createdDate"),
        updated_at=_time(record, "lastModifiedDate"),
        customer_id=entity.id if entity else None,
        email=record.get("email"),
        is_guest=False,
        subtotal=Money(counted["lines"], currency),
        discount=Money(-_amount(record.fields, "discountTotal", record) - counted["discount"], currency),
        shipping=Money(_cost(record, "shippingCost", "altShippingCost") + counted["shipping"], currency),
        handling=Money(_cost(record, "handlingCost", "altHandlingCost") + counted["handling"], currency),
        tax=Money(_amount(record.fields, "taxTotal", record), currency),
        total=Money(_amount(record.fields, "total", record), currency),
        payment_method=terms.id if terms else None,
        shipping_method=ships.id if ships else None,
        po_number=record.get("otherRefNum"),
        billing=_address(record, "billingAddress"),
        shipping_address=_address(record, "shippingAddress"),
        lines=tuple(lines),
        custom={name: value for name, value in record.fields.items() if is_custom(name) or name in _KEPT},
    )


_KEPT = frozenset({"memo", "externalId", "terms", "location", "department", "class", "subsidiary", "tranDate"})
"""Fields without a place in the entity that are worth knowing."""


def _line(row: Mapping[str, JSON], item: str | None, currency: str, record: Record) -> OrderLine:
    return OrderLine(
        zoey_id="",
        product_id=None,
        sku=None,
        name=row.get("description"),
        quantity=_amount(row, "quantity", record),
        unit_price=Money(_amount(row, "rate", record), currency),
        discount=Money(ZERO, currency),
        tax=Money(_amount(row, "taxAmount", record), currency),
        total=Money(_amount(row, "amount", record), currency),
        shipped=_amount(row, "quantityFulfilled", record),
        item_id=item,
        netsuite_line=None if row.get("line") is None else str(row["line"]),
        custom={name: value for name, value in row.items() if is_custom(name)},
    )


def _currency(record: Record, currencies: Table, found: Found) -> str:
    reference = record.reference("currency")
    if reference is None:
        return ""
    looked_up = (
        lookup.value
        for lookup, rows in found.items()
        if (lookup.system, lookup.type, lookup.field) == ("netsuite", "currency", "symbol")
        and any(str(row.get("id")) == reference.id for row in rows)
    )
    return currencies.back(reference.id) or next(looked_up, None) or reference.name or reference.id


def _cost(record: Record, name: str, other: str) -> Decimal:
    """Some forms show a cost under its other name."""
    return _amount(record.fields, name if record.get(name) is not None else other, record)


def _amount(fields: Mapping[str, JSON], name: str, record: Record) -> Decimal:
    value = fields.get(name)
    if value is None:
        return ZERO
    try:
        return to_decimal(value)
    except ValueError as problem:
        msg = f"sales order {record.get('tranId') or ''} (id {record.id}): {name} is {value!r}: {problem}"
        raise MappingError(msg, field=name) from problem


def _time(record: Record, name: str) -> datetime | None:
    value = record.get(name)
    try:
        return None if value is None else _to_time(value)
    except ValueError as problem:
        msg = f"sales order {record.get('tranId') or ''} (id {record.id}): {name} is {value!r}: {problem}"
        raise MappingError(msg, field=name) from problem


def _address(record: Record, name: str) -> Address | None:
    value = record.get(name)
    # Subrecords come as links unless they are read along.
    return addresses.from_subrecord(value) if is_object(value) and set(value) - {"links"} else None


def _id(value: JSON) -> str | None:
    return None if value is None else to_reference(value).id
