"""What may still be done with an order, and the states that follow from what has been: Magento's rules on values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from attrs import frozen

from zoey_netsuite.sandbox.zoey.errors import bad_request
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings
from zoey_netsuite.sandbox.zoey.values import as_array, as_object, decimal_text, entries, is_number, number, text

_CENT = Decimal("0.01")
NOTHING_MORE = ("canceled", "closed", "holded", "payment_review")
_NOT_SHIPPED = ("virtual", "downloadable")


@frozen
class Part:
    """So many of one line of an order.

    Attributes:
        item: the line: the one that counts, not the child of a configurable product.
        quantity: more than 0.
        asked: what the request said of it.
    """

    item: Document
    quantity: Decimal
    asked: Mapping[str, object]


def in_cents(amount: Decimal) -> Decimal:
    """An amount rounded to whole cents, as every row and total of an order is."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def lines(order: Document) -> Sequence[Document]:
    """The lines that count: of a configurable product's two, the parent."""
    return [item for item in entries(order, "order_items") if not item.get("parent_item_id")]


def to_invoice(item: Document) -> Decimal:
    """How many of a line can still be invoiced."""
    return number(item["qty_ordered"]) - number(item["qty_invoiced"]) - number(item["qty_canceled"])


def to_ship(item: Document) -> Decimal:
    """How many of a line can still be shipped."""
    if item["product_type"] in _NOT_SHIPPED:
        return Decimal(0)
    gone = number(item["qty_shipped"]) + number(item["qty_refunded"]) + number(item["qty_canceled"])
    return max(Decimal(0), number(item["qty_ordered"]) - gone)


def to_refund(item: Document) -> Decimal:
    """How many of a line can be credited."""
    return number(item["qty_invoiced"]) - number(item["qty_refunded"])


def to_cancel(item: Document) -> Decimal:
    """How many of a line can be canceled: what is neither invoiced nor shipped."""
    if item["product_type"] in _NOT_SHIPPED:
        return to_invoice(item)
    return min(to_invoice(item), to_ship(item))


def can_cancel(order: Document) -> bool:
    """Whether an order can be canceled. A paid one can't: it takes a credit memo."""
    if order["state"] in (*NOTHING_MORE, "complete"):
        return False
    if any(number(item["qty_invoiced"]) for item in lines(order)):
        return False
    return any(to_cancel(item) > 0 for item in lines(order))


def count(order: Document, item: Document, name: str, quantity: Decimal) -> None:
    """Move one of a line's quantities, and those of what hangs on it."""
    for each in entries(order, "order_items"):
        if each is item or each.get("parent_item_id") == item["item_id"]:
            each[name] = decimal_text(number(each[name]) + quantity)


def add(document: Document, name: str, amount: Decimal) -> None:
    """Add to an amount of a record."""
    document[name] = decimal_text(number(document.get(name)) + amount)


def set_state(settings: ZoeySettings, order: Document, state: str, status: str | None = None) -> None:
    """Put an order into a state, with the status of that state unless one is named."""
    order["state"] = state
    order["status"] = status or settings.statuses[state][0]


def check_status(settings: ZoeySettings, order: Document, status: str) -> None:
    """Raise Refused for a status that the order's state does not have."""
    if status not in settings.statuses[order["state"]]:
        raise bad_request(f'Status "{status}" is not assigned to state "{order["state"]}".')


def follow(settings: ZoeySettings, order: Document) -> None:
    """Put an order into the state that follows from what was invoiced, shipped and refunded."""
    if order["state"] in NOTHING_MORE:
        return
    begun = any(number(item[name]) for item in lines(order) for name in ("qty_invoiced", "qty_shipped"))
    state = order["state"]
    if not any(to_invoice(item) > 0 or to_ship(item) > 0 for item in lines(order)):
        refundable = number(order["total_paid"]) - number(order["total_refunded"])
        open_still = number(order["total_due"]) > 0
        if refundable > 0 or open_still or not number(order["grand_total"]):
            state = "complete"
        elif number(order["total_refunded"]):
            state = "closed"
    elif begun and state in ("new", "pending_payment"):
        state = "processing"
    if state != order["state"]:
        set_state(settings, order, state)


def parts(order: Document, asked: object, left: Mapping[str, Decimal]) -> Sequence[Part]:
    """The parts of an order that a shipment, invoice or credit memo is about.

    Args:
        order: the order.
        asked: the request's `items`; None stands for all that is left.
        left: how many there may be at most, by order item id.

    Raises:
        Refused: for an unknown line, and for more than is left of one.
    """
    by_id = {item["item_id"]: item for item in entries(order, "order_items")}
    if asked is None:
        return [Part(item, left[item["item_id"]], {}) for item in lines(order) if left[item["item_id"]] > 0]
    rows = as_array(asked)
    if rows is None:
        raise bad_request('Invalid value for "items" in request.')
    found: dict[str, Part] = {}
    for row in rows:
        fields = as_object(row) or {}
        item = by_id.get(text(fields.get("order_item_id")) or "")
        if item is None:
            raise bad_request(f"Order item {text(fields.get('order_item_id'))} is not part of the order.")
        # Whoever names the simple product of a configurable one means the line of both.
        item = by_id[item["parent_item_id"]] if item.get("parent_item_id") else item
        quantity = number(fields.get("qty")) if is_number(fields.get("qty")) else Decimal(-1)
        before = found[item["item_id"]].quantity if item["item_id"] in found else Decimal(0)
        if quantity < 0 or before + quantity > left[item["item_id"]]:
            raise bad_request(f"Invalid qty for order item {item['item_id']} ({item['sku']}).")
        if quantity:
            found[item["item_id"]] = Part(item, before + quantity, fields)
    return list(found.values())


def share(item: Document, name: str, done: Decimal, quantity: Decimal) -> Decimal:
    """What of a line's amount falls on the next `quantity` after `done`; all shares of a line add up to the cent."""
    ordered, amount = number(item["qty_ordered"]), number(item[name])
    if not ordered:
        return Decimal(0)
    return in_cents(amount * (done + quantity) / ordered) - in_cents(amount * done / ordered)
