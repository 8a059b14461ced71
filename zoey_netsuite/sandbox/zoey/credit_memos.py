"""Credit memos: money given back for what was paid, which closes an order once all of it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zoey_netsuite.sandbox.zoey import documents, placing, sales
from zoey_netsuite.sandbox.zoey.errors import bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import CREDIT_MEMOS, INVOICES, ORDERS
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import decimal_text, is_set, number, text


def credit(shop: Shop, order: Document, asked: documents.Fields) -> Document:
    """Make a credit memo of what is asked, or of all that can be credited. Raises Refused for more than was paid.

    Without `shipping_amount`, all shipping that was not refunded yet is (Magento).
    """
    documents.refuse_if_done(order, "credit memo")
    invoice_id = text(asked.get("invoice_id"))
    of_invoice = shop.records.get(INVOICES, invoice_id) if invoice_id else None
    if invoice_id and (of_invoice is None or of_invoice["order_id"] != order["entity_id"]):
        raise not_valid('Invalid value for "invoice_id" in request.')
    left = {item["item_id"]: sales.to_refund(item) for item in sales.lines(order)}
    parts = sales.parts(order, asked.get("items"), left)
    amounts = _amounts(shop, order, asked, parts)
    total, refundable = amounts["grand_total"], number(order["total_paid"]) - number(order["total_refunded"])
    if total > refundable:
        raise bad_request(f"Maximum amount available to refund is {decimal_text(refundable)}.")
    if total <= 0:
        raise bad_request("Credit memo's total must be positive.")
    kept = {name: decimal_text(value) for name, value in amounts.items()}
    document = documents.create(shop, CREDIT_MEMOS, order, parts, asked, {"invoice_id": invoice_id, **kept})
    for part in parts:
        sales.count(order, part.item, "qty_refunded", part.quantity)
        if is_set(part.asked.get("back_to_stock", shop.settings.credit_returns_stock)):
            placing.return_stock(shop, order, part.item, part.quantity)
    sales.add(order, "total_refunded", total)
    sales.follow(shop.settings, order)
    shop.save(ORDERS, order)
    if documents.wants_mail(asked):
        shop.send_mail(order.get("customer_email"), "creditmemo", f"creditmemos/{document['entity_id']}")
    return document


def _amounts(shop: Shop, order: Document, asked: documents.Fields, parts: Sequence[sales.Part]) -> dict[str, Decimal]:
    earlier = shop.records.find(CREDIT_MEMOS, "order_id", int(order["entity_id"]))
    invoices = shop.records.find(INVOICES, "order_id", int(order["entity_id"]))
    billed = sum((number(each["shipping_amount"]) for each in invoices if each["state"] == "2"), Decimal(0))
    shipping_left = billed - sum((number(each["shipping_amount"]) for each in earlier), Decimal(0))
    shipping = documents.amount(asked, "shipping_amount", shipping_left)
    if shipping > shipping_left:
        raise bad_request(f"Maximum shipping amount allowed to refund is {decimal_text(shipping_left)}.")

    def shares(name: str) -> Decimal:
        found = (sales.share(part.item, name, number(part.item["qty_refunded"]), part.quantity) for part in parts)
        return sum(found, Decimal(0))

    rows = sales.lines(order)
    order_discount = -number(order["discount_amount"]) - sum(
        (number(row["discount_amount"]) for row in rows), Decimal(0)
    )
    # What discount is the order's and no line's goes with the credit memo that gives back the last of the lines.
    last = all(
        number(row["qty_refunded"]) + sum(part.quantity for part in parts if part.item is row)
        >= number(row["qty_ordered"])
        for row in rows
    )
    whole_shipping = number(order["shipping_amount"])
    shipping_tax = number(order["shipping_tax_amount"]) * shipping / whole_shipping if whole_shipping else Decimal(0)
    positive, negative = documents.amount(asked, "adjustment_positive"), documents.amount(asked, "adjustment_negative")
    subtotal, tax = shares("row_total"), shares("tax_amount") + sales.in_cents(shipping_tax)
    discount = shares("discount_amount") + (order_discount if last and parts else Decimal(0))
    return {
        "subtotal": subtotal,
        "discount_amount": -discount,
        "tax_amount": tax,
        "shipping_amount": shipping,
        "adjustment_positive": positive,
        "adjustment_negative": negative,
        "grand_total": subtotal - discount + tax + shipping + positive - negative,
    }


ROUTES = documents.routes(CREDIT_MEMOS, "creditmemos", credit)
