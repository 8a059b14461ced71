"""What of an order is still wanted: ordered, less what was canceled or refunded, in quantities and in amounts."""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve, frozen

from zoey_netsuite.entities import Money, Order, OrderLine, Value, cents
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping.order_lines import own_or_parts
from zoey_netsuite.zoey.values import to_decimal

ZERO = Decimal(0)
PLACES = Decimal("0.0001")
"""Of Zoey's quantities."""

AMOUNTS = ("total", "discount", "tax")


@frozen
class Gone:
    """How much of a line is not wanted any more, as shares of what was ordered."""

    canceled: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def share(self) -> Decimal:
        """Of the line; never more than all of it."""
        return min(self.canceled + self.refunded, Decimal(1))


def still_wanted(order: Order) -> Order:
    """The order as if only what is still wanted had been ordered; the order itself where nothing is gone.

    A line's amounts go down by its share, to the cent, as Zoey's credit memos do it. The total goes down by what Zoey
    says it has refunded, so an adjustment that was refunded besides shows as a difference. Shipping stays, unless Zoey
    says what was refunded of it, or exactly all of it explains the rest of the refund.
    """
    gone = [_gone(line) for line in order.lines]
    if not order.refunded.amount and not any(each.share for each in gone):
        return order
    currency = order.total.currency
    kept = [_kept(line, each, currency) for line, each in zip(order.lines, gone, strict=True)]

    def less(name: str) -> Decimal:
        pairs = zip(order.lines, kept, strict=True)
        return sum((_amount(before, name) - _amount(after, name) for before, after in pairs), ZERO)

    both = list(zip(order.lines, gone, strict=True))
    canceled = sum((_net(line, each.canceled, currency) for line, each in both), ZERO)
    of_lines = sum((_net(line, each.refunded, currency) for line, each in both), ZERO)
    shipping, shipping_tax = _shipping_refunded(order, order.refunded.amount - of_lines)

    def lowered(money: Money, by: Decimal) -> Money:
        return Money(money.amount - by, currency)

    return evolve(
        order,
        subtotal=lowered(order.subtotal, less("total")),
        discount=lowered(order.discount, less("discount")),
        tax=lowered(order.tax, less("tax") + shipping_tax),
        shipping=lowered(order.shipping, shipping),
        shipping_tax=lowered(order.shipping_tax, shipping_tax),
        total=lowered(order.total, order.refunded.amount + canceled),
        refunded=Money(ZERO, currency),
        lines=tuple(line for line in kept if line.quantity),
    )


def must_be_divisible(order: Order, name: str) -> None:
    """Refuse a bundle of which only some parts are still wanted. Raises MappingError."""
    for line in order.lines:
        parts, whole = {_own(part).share for part in line.components}, _own(line).share
        if (parts - {ZERO, whole}) if whole else len(parts) > 1:
            msg = (
                f"{name}: some parts of the bundle SKU {line.sku} were canceled or refunded, and others were not."
                " Enter the order in NetSuite by hand and link the two, or dismiss this"
            )
            raise MappingError(msg, field="qty_refunded")


def _own(line: OrderLine) -> Gone:
    return Gone(line.canceled / line.quantity, line.refunded / line.quantity) if line.quantity else Gone()


def _gone(line: OrderLine) -> Gone:
    """A line's; of a bundle that says nothing of it, its parts'."""
    own = _own(line)
    return own if own.share or not line.components else _own(line.components[0])


def _kept(line: OrderLine, gone: Gone, currency: str) -> OrderLine:
    own = _own(line).share
    quantity = line.wanted if own else (line.quantity * (1 - gone.share)).quantize(PLACES)

    def left(money: Money) -> Money:
        if not quantity:
            return Money(ZERO, currency)
        off = cents(money.amount * gone.canceled, currency) + cents(money.amount * gone.refunded, currency)
        return Money(money.amount - off, currency)

    return evolve(
        line,
        quantity=quantity,
        canceled=ZERO,
        refunded=ZERO,
        total=left(line.total),
        discount=left(line.discount),
        tax=left(line.tax),
        components=tuple(_kept(part, gone, currency) for part in line.components),
    )


def _net(line: OrderLine, share: Decimal, currency: str) -> Decimal:
    """What a share of a line came to, discount and tax included."""
    total, discount, tax = (cents(_amount(line, name) * share, currency) for name in AMOUNTS)
    return total - discount + tax


def _amount(line: OrderLine, name: str) -> Decimal:
    return line.total.amount if name == "total" else own_or_parts(line, "discount" if name == "discount" else "tax")


def _shipping_refunded(order: Order, rest: Decimal) -> tuple[Decimal, Decimal]:
    """What was refunded of shipping and of its tax."""
    whole, tax = order.shipping.amount, order.shipping_tax.amount
    given = _number(order.custom.get("shipping_refunded"))
    if given is not None:
        return given, cents(tax * given / whole, order.total.currency) if whole else ZERO
    return (whole, tax) if whole and rest == whole + tax else (ZERO, ZERO)


def _number(given: Value) -> Decimal | None:
    try:
        return None if given in (None, "") else to_decimal(given)
    except ValueError:
        return None
