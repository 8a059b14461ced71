"""Orders: Zoey's record as the order in the middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import fields_dict

from zoey_netsuite.entities import Address, Money, Order, OrderLine, Value
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.zoey import records

ZERO = Decimal(0)

TAKEN = frozenset(
    (
        *("id", "increment_id", "state", "status", "created_at", "updated_at", "customer_id", "customer_email"),
        *("customer_is_guest", "order_currency_code", "subtotal", "discount_amount", "shipping_amount", "tax_amount"),
        *("grand_total", "payment_method", "shipping_method", "po_number", "addresses", "order_items", "custom"),
    )
)
"""Fields of Zoey's record that the entity has fields for; the others go to `custom`."""


class OrderMapper:
    """Reads Zoey's orders. Subclass it and override a method to read one differently."""

    def from_zoey(self, record: records.Order, ctx: MapContext) -> Order:
        """An order as Zoey gave it.

        Raises:
            MappingError: it has no currency or no number.
        """
        currency = record.order_currency_code or record.base_currency_code
        if currency is None:
            msg = f"Zoey order {record.increment_id or record.id} (id {record.id}) has no currency"
            raise MappingError(msg, field="order_currency_code")
        addresses = {address.address_type: address for address in record.addresses or ()}
        return Order(
            zoey_id=record.id,
            number=record.increment_id or record.id,
            state=record.state,
            status=record.status,
            created_at=record.created_at,
            updated_at=record.updated_at,
            customer_id=record.customer_id,
            email=record.customer_email,
            is_guest=bool(record.customer_is_guest),
            subtotal=_money(record.subtotal, currency),
            discount=_money(abs(record.discount_amount or ZERO), currency),
            shipping=_money(record.shipping_amount, currency),
            tax=_money(record.tax_amount, currency),
            total=_money(record.grand_total, currency),
            payment_method=record.payment_method,
            shipping_method=record.shipping_method,
            po_number=record.po_number,
            billing=self.address(addresses.get("billing")),
            shipping_address=self.address(addresses.get("shipping")),
            lines=self.lines(record.order_items or (), currency),
            custom=_custom(record),
        )

    def lines(self, items: Sequence[records.OrderItem], currency: str) -> tuple[OrderLine, ...]:
        """Lines as people think of them: a configurable product and its variant are one, a bundle keeps its parts."""
        children: dict[str, list[records.OrderItem]] = {}
        known = {item.id for item in items}
        for item in items:
            if item.parent_item_id is not None and item.parent_item_id in known:
                children.setdefault(item.parent_item_id, []).append(item)
        tops = [item for item in items if item.parent_item_id is None or item.parent_item_id not in known]
        return tuple(self.line(item, children.get(item.id, ()), currency) for item in tops)

    def line(self, item: records.OrderItem, parts: Sequence[records.OrderItem], currency: str) -> OrderLine:
        """One line. Of a configurable product the variant says what it is, the parent what it costs."""
        product = parts[0] if item.product_type == "configurable" and len(parts) == 1 else item
        components = () if product is not item else tuple(self.line(part, (), currency) for part in parts)
        return OrderLine(
            zoey_id=item.id,
            product_id=product.product_id,
            sku=product.sku or item.sku,
            name=item.name,
            quantity=item.qty_ordered or ZERO,
            unit_price=_money(item.price, currency),
            discount=_money(abs(item.discount_amount or ZERO), currency),
            tax=_money(item.tax_amount, currency),
            total=_money(item.row_total, currency),
            canceled=item.qty_canceled or ZERO,
            refunded=item.qty_refunded or ZERO,
            shipped=max(item.qty_shipped or ZERO, product.qty_shipped or ZERO),
            components=components,
            custom=item.custom,
        )

    def address(self, record: records.OrderAddress | None) -> Address | None:
        """An address of an order."""
        if record is None:
            return None
        return Address(
            first_name=record.firstname,
            last_name=record.lastname,
            company=record.company,
            street=record.street,
            city=record.city,
            region=record.region,
            postcode=record.postcode,
            country=record.country_id,
            phone=record.telephone,
            custom=record.custom,
        )


def _money(amount: Decimal | None, currency: str) -> Money:
    return Money(amount if amount is not None else ZERO, currency)


def _custom(record: records.Order) -> Mapping[str, Value]:
    """What the entity has no field for: the merchant's attributes, and Zoey's further fields that have a value."""
    further = {name: getattr(record, name) for name in fields_dict(records.Order) if name not in TAKEN}
    return {**{name: value for name, value in further.items() if value is not None}, **record.custom}
