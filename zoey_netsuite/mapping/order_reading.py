"""Orders as Zoey gives them: two items of a configurable product become one line, attributes go to `custom`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import fields_dict

from zoey_netsuite.entities import Address, Money, Order, OrderLine, Value, cents
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping.base import Mapper
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.mapping.texts import cleaned
from zoey_netsuite.netsuite import Record
from zoey_netsuite.zoey import records
from zoey_netsuite.zoey.values import to_decimal

ZERO = Decimal(0)

TAKEN = frozenset(
    (
        *("id", "increment_id", "state", "status", "created_at", "updated_at", "customer_id", "customer_email"),
        *("customer_is_guest", "order_currency_code", "subtotal", "discount_amount", "shipping_amount", "tax_amount"),
        *("grand_total", "payment_method", "shipping_method", "po_number", "addresses", "order_items", "custom"),
        *("shipping_tax_amount", "relation_parent_id", "relation_child_id"),
    )
)
"""Fields of Zoey's record that the entity has fields for; the others go to `custom`."""


class OrderReader(Mapper[Order, records.Order, Record]):
    """Reads Zoey's orders; `OrderMapper` is one, and writes them, too.

    Args:
        handling_from: the attribute of an order that says what is charged for handling; None where there is none.
        handling_in_shipping: whether Zoey's shipping amount holds it already.
        prices_include_tax: whether Zoey's discounts hold the tax that they save (its `hidden_tax_amount`), as they do
            where catalogue prices include tax.
    """

    def __init__(
        self,
        handling_from: str | None = None,
        *,
        handling_in_shipping: bool = False,
        prices_include_tax: bool = False,
    ) -> None:
        self.handling_from = handling_from
        self.handling_in_shipping = handling_in_shipping
        self.prices_include_tax = prices_include_tax

    def from_zoey(self, record: records.Order, ctx: MapContext) -> Order:
        """An order as Zoey gave it.

        Raises:
            MappingError: it has no currency, or its handling or hidden tax is no amount.
        """
        currency = record.order_currency_code or record.base_currency_code
        if currency is None:
            msg = f"Zoey order {record.increment_id or record.id} (id {record.id}) has no currency"
            raise MappingError(msg, field="order_currency_code")
        addresses = {address.address_type: address for address in record.addresses or ()}
        customer_id = _buyer(record.customer_id)
        handling = self.read_handling(record)
        shipping = (record.shipping_amount or ZERO) - (handling if self.handling_in_shipping else ZERO)
        return Order(
            zoey_id=record.id,
            number=record.increment_id or record.id,
            state=record.state,
            status=record.status,
            created_at=record.created_at,
            updated_at=record.updated_at,
            customer_id=customer_id,
            email=cleaned(record.customer_email),
            is_guest=customer_id is None,
            subtotal=_money(record.subtotal, currency),
            discount=Money(self._discount(record, record.discount_amount, "shipping_hidden_tax_amount"), currency),
            refunded=_money(record.total_refunded, currency),
            shipping=Money(shipping, currency),
            handling=Money(handling, currency),
            shipping_tax=_money(record.shipping_tax_amount, currency),
            tax=_money(record.tax_amount, currency),
            total=_money(record.grand_total, currency),
            payment_method=record.payment_method,
            shipping_method=record.shipping_method,
            po_number=cleaned(record.po_number),
            billing=self.read_address(addresses.get("billing")),
            shipping_address=self.read_address(addresses.get("shipping")),
            lines=self.read_lines(record.order_items or (), currency),
            parent_id=record.relation_parent_id,
            child_id=record.relation_child_id,
            custom=_custom(record),
        )

    def read_handling(self, record: records.Order) -> Decimal:
        """What is charged for handling. Raises MappingError where the attribute holds no amount."""
        if self.handling_from is None:
            return ZERO
        return _amount(record, self.handling_from)

    def _discount(self, record: records.Order | records.OrderItem, amount: Decimal | None, *more: str) -> Decimal:
        """A discount without the tax that it saves."""
        hidden = ("hidden_tax_amount", *more) if self.prices_include_tax else ()
        return abs(amount or ZERO) - sum((_amount(record, name) for name in hidden), ZERO)

    def read_lines(self, items: Sequence[records.OrderItem], currency: str) -> tuple[OrderLine, ...]:
        """Lines as people think of them: a configurable product and its variant are one, a bundle keeps its parts."""
        children: dict[str, list[records.OrderItem]] = {}
        known = {item.id for item in items}
        for item in items:
            if item.parent_item_id is not None and item.parent_item_id in known:
                children.setdefault(item.parent_item_id, []).append(item)
        tops = [item for item in items if item.parent_item_id is None or item.parent_item_id not in known]
        return tuple(self.read_line(item, children.get(item.id, ()), currency) for item in tops)

    def read_line(self, item: records.OrderItem, parts: Sequence[records.OrderItem], currency: str) -> OrderLine:
        """One line. Of a configurable product the variant says what it is, the parent what it costs."""
        product = parts[0] if item.product_type == "configurable" and len(parts) == 1 else item
        components = () if product is not item else tuple(self.read_line(part, (), currency) for part in parts)
        quantity, price = item.qty_ordered or ZERO, item.price or ZERO
        total = item.row_total
        if total is None:
            of_parts = sum((part.total.amount for part in components), ZERO)
            total = of_parts if components and item.price is None else cents(quantity * price, currency)
        return OrderLine(
            zoey_id=item.id,
            product_id=product.product_id,
            sku=product.sku or item.sku,
            name=item.name,
            quantity=quantity,
            unit_price=Money(price, currency),
            discount=Money(self._discount(item, item.discount_amount), currency),
            tax=_money(item.tax_amount, currency),
            total=Money(total, currency),
            canceled=item.qty_canceled or ZERO,
            refunded=item.qty_refunded or ZERO,
            shipped=max(item.qty_shipped or ZERO, product.qty_shipped or ZERO),
            tax_rate=item.tax_percent,
            components=components,
            custom=item.custom,
        )

    def read_address(self, record: records.OrderAddress | None) -> Address | None:
        """An address of an order, each of its fields on one line; what is blank is left out."""
        if record is None:
            return None
        return Address(
            first_name=cleaned(record.firstname),
            last_name=cleaned(record.lastname),
            company=cleaned(record.company),
            street=tuple(line for each in record.street for part in each.splitlines() if (line := cleaned(part))),
            city=cleaned(record.city),
            region=cleaned(record.region),
            region_id=cleaned(record.region_id),
            postcode=cleaned(record.postcode),
            country=cleaned(record.country_id),
            phone=cleaned(record.telephone),
            custom=record.custom,
        )


def _buyer(given: str | None) -> str | None:
    """Who bought, by Zoey's id of the person. The flag `customer_is_guest` is often wrong in imported orders and in
    those of people who signed up later, so it is not asked.
    """
    found = (given or "").strip()
    return None if found in ("", "0") else found


def _amount(record: records.Order | records.OrderItem, name: str) -> Decimal:
    """An amount that the store shows under a name of its own; nothing where it does not."""
    given = record.custom.get(name)
    if given in (None, "", []):
        return ZERO
    try:
        return to_decimal(given)
    except ValueError as problem:
        if isinstance(record, records.Order):
            what = f"order {record.increment_id or record.id}"
        else:
            what = f"order item, SKU {record.sku},"
        msg = f"Zoey {what} (id {record.id}): {name} is {given!r}: {problem}"
        raise MappingError(msg, field=name) from problem


def _money(amount: Decimal | None, currency: str) -> Money:
    return Money(amount if amount is not None else ZERO, currency)


def _custom(record: records.Order) -> Mapping[str, Value]:
    """What the entity has no field for: the merchant's attributes, and Zoey's further fields that have a value."""
    further = {name: getattr(record, name) for name in fields_dict(records.Order) if name not in TAKEN}
    kept = {name: _plain(value) for name, value in further.items() if value is not None}
    return {**kept, **record.custom}


def _plain(value: Value) -> Value:
    """Amounts as text, so that an order can be kept as JSON and be the same when it is read again."""
    return format(value, "f") if isinstance(value, Decimal) else value
