"""Whether a sales order comes to what the Zoey order does, by component and to the cent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from attrs import frozen

from zoey_netsuite.entities import JSON, Order, cents
from zoey_netsuite.entities.currencies import decimals
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping import Charges, MapContext, OrderMapper
from zoey_netsuite.netsuite import Record
from zoey_netsuite.netsuite.answers import is_list, is_object
from zoey_netsuite.netsuite.records import to_reference
from zoey_netsuite.netsuite.values import to_decimal
from zoey_netsuite.wording import one_line

ZERO = Decimal(0)
Component: TypeAlias = Literal["lines", "discount", "shipping", "handling", "tax", "total"]
PARTS: Sequence[Component] = ("lines", "discount", "shipping", "handling", "tax")


@frozen
class Totals:
    """What an order comes to.

    Attributes:
        currency: of all amounts, ISO 4217.
        lines: all goods, before discount and tax.
        discount: what is taken off, positive.
        shipping, handling: before tax.
        tax: of the whole order; None where NetSuite has yet to compute it.
        total: what is owed; None where the tax is not known yet.
    """

    currency: str
    lines: Decimal
    discount: Decimal
    shipping: Decimal
    handling: Decimal
    tax: Decimal | None
    total: Decimal | None

    @property
    def sum(self) -> Decimal | None:
        """What the components make; None where the tax is not known yet."""
        if self.tax is None:
            return None
        return self.lines - self.discount + self.shipping + self.handling + self.tax


@frozen
class TotalDifference:
    """One component of an order on which the two sides do not agree.

    Attributes:
        component: which one.
        zoey: what the buyer was shown.
        netsuite: what NetSuite has, or will make of what is sent.
        currency: of both.
    """

    component: Component
    zoey: Decimal
    netsuite: Decimal
    currency: str

    def __str__(self) -> str:
        places, currency = decimals(self.currency), self.currency
        return one_line(
            f"{self.component}: Zoey {self.zoey:.{places}f} {currency}, NetSuite {self.netsuite:.{places}f} {currency}"
        )


def of_zoey(order: Order) -> Totals:
    """What Zoey says an order comes to, rounded to the cent. Its components need not add up: see `differences`."""
    return _of_order(order)


def of_payload(payload: Mapping[str, JSON], currency: str, charges: Charges) -> Totals:
    """What NetSuite will make of a new sales order.

    Args:
        payload: what is sent, amounts as numbers or text.
        currency: ISO 4217.
        charges: the mapper's: which items stand for discounts, shipping and handling.

    Raises:
        MappingError: an amount is none.
    """
    counted: dict[str, Decimal] = dict.fromkeys(("lines", "discount", "shipping", "handling"), ZERO)
    above = ZERO
    for row in _rows(payload.get("item")):
        amount = _line_amount(row, above, currency)
        counted[charges.component(_id(row.get("item")))] += amount
        above = amount
    subtotal = sum(counted.values(), ZERO)
    rate = payload.get("discountRate")
    off = ZERO if rate is None else _share(rate, subtotal, "discountRate", currency)
    tax: Decimal | None = None
    if payload.get("taxDetailsOverride"):
        details = _rows(payload.get("taxDetails"))
        tax = sum((_amount(detail, "taxAmount", currency) for detail in details), ZERO)
    made = Totals(
        currency,
        counted["lines"],
        -off - counted["discount"],
        _amount(payload, "shippingCost", currency) + counted["shipping"],
        _amount(payload, "handlingCost", currency) + counted["handling"],
        tax,
        None,
    )
    return Totals(currency, made.lines, made.discount, made.shipping, made.handling, tax, made.sum)


def of_record(record: Record, mapper: OrderMapper, ctx: MapContext) -> Totals:
    """What NetSuite computed for a sales order, read with expanded sublists.

    Args:
        record: the sales order.
        mapper: the one that wrote it.
        ctx: with what the mapper's `needs` asked for: the currency's code comes from there.

    Raises:
        MappingError: an amount is none.
    """
    return _of_order(mapper.from_netsuite(record, ctx))


def differences(expected: Totals, found: Totals, tolerance: Decimal = ZERO) -> tuple[TotalDifference, ...]:
    """Where two sides do not agree, by component.

    The total is compared even where the components agree: Zoey's own may not add up to it. Where NetSuite has yet to
    compute the tax, Zoey's stands in for it.

    Args:
        expected: Zoey's.
        found: NetSuite's.
        tolerance: how much a component may be off, in the currency's main unit.

    Raises:
        MappingError: the currencies differ, so that no amount can be compared.
    """
    if expected.currency != found.currency:
        msg = f"Zoey's order is in {expected.currency}, NetSuite's in {found.currency}"
        raise MappingError(msg, field="currency")
    pairs: list[tuple[Component, Decimal | None, Decimal | None]] = [
        (name, getattr(expected, name), getattr(found, name)) for name in PARTS
    ]
    total = found.total if found.total is not None else _with_tax(found, expected.tax)
    pairs.append(("total", expected.total, total))
    return tuple(
        TotalDifference(name, ours, theirs, expected.currency)
        for name, ours, theirs in pairs
        if ours is not None and theirs is not None and abs(ours - theirs) > tolerance
    )


def told(order: str, differing: Sequence[TotalDifference]) -> str:
    """Differences in one sentence, for a person."""
    return f"{order}: NetSuite does not come to what Zoey does: {'; '.join(str(each) for each in differing)}"


def _of_order(order: Order) -> Totals:
    currency = order.total.currency
    parts = (order.subtotal, order.discount, order.shipping, order.handling, order.tax, order.total)
    return Totals(currency, *(cents(part.amount, currency) for part in parts))


def _with_tax(found: Totals, tax: Decimal | None) -> Decimal | None:
    return None if tax is None else found.lines - found.discount + found.shipping + found.handling + tax


def _line_amount(row: Mapping[str, JSON], above: Decimal, currency: str) -> Decimal:
    if row.get("amount") is not None:
        return _amount(row, "amount", currency)
    rate = row.get("rate")
    if isinstance(rate, str) and rate.strip().endswith("%"):
        return _share(rate, above, "rate", currency)
    quantity = _number(row, "quantity") if row.get("quantity") is not None else Decimal(1)
    return cents(quantity * _number(row, "rate"), currency)


def _share(given: JSON, whole: Decimal, name: str, currency: str) -> Decimal:
    """A discount as an amount: `-10%` of the whole, or the amount itself."""
    text = str(given).strip()
    try:
        return cents(whole * Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text), currency)
    except InvalidOperation as problem:
        msg = f"{name} is {given!r}: an amount or a percentage expected"
        raise MappingError(msg, field=name) from problem


def _amount(fields: Mapping[str, JSON], name: str, currency: str) -> Decimal:
    return cents(_number(fields, name), currency)


def _number(fields: Mapping[str, JSON], name: str) -> Decimal:
    value = fields.get(name)
    try:
        return ZERO if value is None else to_decimal(value)
    except ValueError as problem:
        msg = f"{name} is {value!r}: {problem}"
        raise MappingError(msg, field=name) from problem


def _rows(sublist: JSON) -> Sequence[Mapping[str, JSON]]:
    items = sublist.get("items") if is_object(sublist) else sublist
    return items if is_list(items) else ()


def _id(value: JSON) -> str | None:
    return None if value is None else to_reference(value).id
