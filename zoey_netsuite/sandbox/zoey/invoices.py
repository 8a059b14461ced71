"""Invoices: records of payment. Newer stores also have open ones, which are paid or voided later."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zoey_netsuite.sandbox.exchange import Answer
from zoey_netsuite.sandbox.zoey import documents, sales
from zoey_netsuite.sandbox.zoey.errors import bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, INVOICES, ORDERS
from zoey_netsuite.sandbox.zoey.reading import done
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import decimal_text, entries, number, text

OPEN, PAID, VOIDED = "1", "2", "3"


def invoice(shop: Shop, order: Document, asked: documents.Fields) -> Document:
    """Make an invoice of what is asked, or of all that is left. Raises Refused for more than that."""
    documents.refuse_if_done(order, "invoice")
    state = text(asked.get("state")) or PAID
    if state not in ((OPEN, PAID) if shop.settings.open_bills else (PAID,)):
        raise not_valid('Invalid value for "state" in request.')
    left = {item["item_id"]: sales.to_invoice(item) for item in sales.lines(order)}
    parts = sales.parts(order, asked.get("items"), left)
    if not parts:
        raise bad_request("Cannot create invoice for the order: nothing to invoice.")
    amounts = _amounts(shop, order, parts)
    kept = {name: decimal_text(value) for name, value in amounts.items()}
    document = documents.create(shop, INVOICES, order, parts, asked, {"state": state, **kept})
    for part in parts:
        sales.count(order, part.item, "qty_invoiced", part.quantity)
    if state == PAID:
        _pay(shop, order, amounts["grand_total"])
    sales.follow(shop.settings, order)
    shop.save(ORDERS, order)
    if documents.wants_mail(asked):
        shop.send_mail(order.get("customer_email"), "invoice", f"invoices/{document['entity_id']}")
    return document


def _amounts(shop: Shop, order: Document, parts: Sequence[sales.Part]) -> dict[str, Decimal]:
    earlier = [
        each for each in shop.records.find(INVOICES, "order_id", int(order["entity_id"])) if each["state"] != VOIDED
    ]
    rows = sales.lines(order)

    def shares(name: str) -> Decimal:
        found = (sales.share(part.item, name, number(part.item["qty_invoiced"]), part.quantity) for part in parts)
        return sum(found, Decimal(0))

    # Magento: the first invoice takes all of the shipping, and here what discount is the order's and no line's.
    once = Decimal(0 if earlier else 1)
    order_discount = -number(order["discount_amount"]) - sum(
        (number(row["discount_amount"]) for row in rows), Decimal(0)
    )
    subtotal, shipping = shares("row_total"), once * number(order["shipping_amount"])
    discount = shares("discount_amount") + once * order_discount
    tax = shares("tax_amount") + once * number(order["shipping_tax_amount"])
    return {
        "subtotal": subtotal,
        "discount_amount": -discount,
        "shipping_amount": shipping,
        "tax_amount": tax,
        "grand_total": subtotal - discount + shipping + tax,
    }


def _pay(shop: Shop, order: Document, amount: Decimal) -> None:
    sales.add(order, "total_paid", amount)
    sales.add(order, "total_due", -amount)
    account = shop.records.get(ACCOUNTS, order.get("company_id") or "")
    if account is not None:
        sales.add(account, "total_sales_paid", amount)
        shop.save(ACCOUNTS, account)


def _put(shop: Shop, call: Call) -> Answer:
    document, state = shop.required(INVOICES, call.id), text(call.fields().get("state"))
    order = shop.required(ORDERS, document["order_id"])
    if not shop.settings.open_bills or document["state"] != OPEN or state not in (PAID, VOIDED):
        raise bad_request("Invoice can not be changed.")
    if state == PAID:
        _pay(shop, order, number(document["grand_total"]))
    else:
        by_id = {item["item_id"]: item for item in sales.lines(order)}
        for entry in entries(document, "items"):
            sales.count(order, by_id[entry["order_item_id"]], "qty_invoiced", -number(entry["qty"]))
    document["state"] = state
    shop.save(INVOICES, document)
    sales.follow(shop.settings, order)
    shop.save(ORDERS, order)
    return done()


ROUTES = (*documents.routes(INVOICES, "invoices", invoice), Route("invoices/{id}", {"PUT": _put}, "invoices"))
