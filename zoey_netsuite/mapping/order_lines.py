"""The lines of an order as a sales order takes them: what each is, what it comes to, what is taken off and taxed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from attrs import frozen

from zoey_netsuite.entities import JSON, Money, OrderLine, cents

ZERO = Decimal(0)
CUSTOM_PRICE = {"id": "-1"}
"""The price level that lets a line have a price of its own."""

SHIPPING, HANDLING = "SHIPPING", "HANDLING"
"""How tax details refer to shipping and handling where they are no lines (NetSuite: Commerce API, taxdetails)."""

RATE_PLACES = Decimal("0.00000001")
PERCENT_PLACES = Decimal("0.0001")


@frozen
class SalesOrderLine:
    """A line to be sent.

    Attributes:
        line: what it is made of.
        item: NetSuite's internal id; "" while nobody has looked.
        quantity: how many.
        rate: the price of one.
        amount: of all, to the cent, before discount and tax.
        discount: what is taken off the amount, positive, to the cent.
        tax: on what is left of it, to the cent.
    """

    line: OrderLine
    item: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal
    discount: Decimal
    tax: Decimal


def whole(line: OrderLine, item: str) -> SalesOrderLine:
    """A line as one; what is taken off and taxed is its parts', where a bundle says nothing of it itself."""
    amount = line.total.amount
    rate = line.unit_price.amount
    if not rate and amount:
        rate = _rate(amount, line.quantity)
    given = (amount, own_or_parts(line, "discount"), own_or_parts(line, "tax"))
    return SalesOrderLine(line, item, line.quantity, rate, *(cents(one, line.total.currency) for one in given))


def split(line: OrderLine) -> list[SalesOrderLine]:
    """A bundle as its parts, without items: together they come to what the bundle does, to the cent.

    Where the parts' own amounts make less or more (a bundle of a fixed price has parts without prices), the rest is
    shared between them by those amounts, or by quantity where there are none.
    """
    parts, currency = line.components, line.total.currency
    totals = [cents(part.total.amount, currency) for part in parts]
    weights = totals if any(totals) else [part.quantity for part in parts]
    wanted = {
        "total": line.total.amount,
        "discount": own_or_parts(line, "discount"),
        "tax": own_or_parts(line, "tax"),
    }
    shares = {
        name: _filled_up([getattr(part, name) for part in parts], Money(amount, currency), weights)
        for name, amount in wanted.items()
    }
    made: list[SalesOrderLine] = []
    for number, part in enumerate(parts):
        amount = shares["total"][number]
        fits = cents(part.unit_price.amount * part.quantity, currency) == amount
        rate = part.unit_price.amount if fits else _rate(amount, part.quantity)
        made.append(
            SalesOrderLine(part, "", part.quantity, rate, amount, shares["discount"][number], shares["tax"][number])
        )
    return made


def own_or_parts(line: OrderLine, name: Literal["discount", "tax"]) -> Decimal:
    """A line's discount or tax; of a bundle that says nothing of it, what its parts come to.

    (Magento 1 keeps the price of a bundle with the bundle, and discount and tax with the parts, if parts have prices.)
    """
    own: Decimal = getattr(line, name).amount
    return own if own or not line.components else sum((getattr(part, name).amount for part in line.components), ZERO)


def share_out(amount: Money, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in whole cents, shared by weights so that the shares add up to it exactly.

    Each share is the difference of two rounded running sums, so that no rounding is ever more than a cent.
    """
    whole_weight = sum(weights, ZERO)
    if not whole_weight:
        weights, whole_weight = [Decimal(1)] * len(weights), Decimal(len(weights))
    shares: list[Decimal] = []
    running, given = ZERO, ZERO
    for weight in weights:
        running += weight
        reached = cents(amount.amount * running / whole_weight, amount.currency)
        shares.append(reached - given)
        given = reached
    return shares


def item_line(part: SalesOrderLine, reference: str | None) -> dict[str, JSON]:
    """A line with goods: Zoey's price and Zoey's amount, whatever NetSuite's own price is."""
    line: dict[str, JSON] = {
        "item": {"id": part.item},
        "quantity": part.quantity,
        "price": CUSTOM_PRICE,
        "rate": part.rate,
        "amount": part.amount,
    }
    return line if reference is None else {**line, "taxDetailsReference": reference}


def charge_line(item: str, amount: Decimal, reference: str | None = None) -> dict[str, JSON]:
    """A line with shipping or handling."""
    line: dict[str, JSON] = {
        "item": {"id": item},
        "quantity": Decimal(1),
        "price": CUSTOM_PRICE,
        "rate": amount,
        "amount": amount,
    }
    return line if reference is None else {**line, "taxDetailsReference": reference}


def discount_line(item: str, amount: Decimal) -> dict[str, JSON]:
    """A line that takes an amount (positive) off. It has no quantity."""
    return {"item": {"id": item}, "price": CUSTOM_PRICE, "rate": -amount, "amount": -amount}


def percent(tax: Decimal, basis: Decimal, known: Decimal | None) -> Decimal:
    """A tax's rate in percent: as Zoey says, else what the amounts make of it."""
    if known:
        return known
    return (tax * 100 / basis).quantize(PERCENT_PLACES, ROUND_HALF_UP) if basis else ZERO


def _rate(amount: Decimal, quantity: Decimal) -> Decimal:
    return (amount / quantity).quantize(RATE_PLACES, ROUND_HALF_UP).normalize() if quantity else amount


def _filled_up(given: Sequence[Money], wanted: Money, weights: Sequence[Decimal]) -> list[Decimal]:
    own = [cents(each.amount, wanted.currency) for each in given]
    missing = Money(cents(wanted.amount, wanted.currency) - sum(own, ZERO), wanted.currency)
    return [mine + more for mine, more in zip(own, share_out(missing, weights), strict=True)]
