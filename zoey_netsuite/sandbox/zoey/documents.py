"""What shipments, invoices and credit memos have in common: their numbers, comments, routes and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from zoey_netsuite.sandbox.exchange import JSON, Answer
from zoey_netsuite.sandbox.zoey.errors import bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import ORDERS, Kind
from zoey_netsuite.sandbox.zoey.reading import done, list_of, one_of
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import BASE_PATH, Call, Route
from zoey_netsuite.sandbox.zoey.sales import NOTHING_MORE, Part
from zoey_netsuite.sandbox.zoey.settings import Action
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.values import decimal_text, entries, is_set, text

Fields: TypeAlias = Mapping[str, JSON]
Make: TypeAlias = Callable[[Shop, Document, Fields], Document]

_FIRST_NUMBER = 100000001
_NOTIFY = ("notify", "is_customer_notified", "email")


def create(
    shop: Shop, kind: Kind, order: Document, parts: Sequence[Part], asked: Fields, rest: Mapping[str, JSON]
) -> Document:
    """Keep a new document on an order, with the request's comment."""
    words = text(asked.get("comment"))
    document = {
        "increment_id": str(shop.records.next_number(f"{kind.name}_number", _FIRST_NUMBER)),
        "order_id": order["entity_id"],
        "items": [_item(shop, part) for part in parts],
        "comments": [{"comment": words, "created_at": shop.time}] if words else [],
        **rest,
    }
    return shop.create(kind, document)


def _item(shop: Shop, part: Part) -> Document:
    return {
        "entity_id": str(shop.records.next_number("document_item")),
        "order_item_id": part.item["item_id"],
        "product_id": part.item["product_id"],
        "sku": part.item["sku"],
        "name": part.item["name"],
        "price": part.item["price"],
        "qty": decimal_text(part.quantity),
    }


def refuse_if_done(order: Document, what: str) -> None:
    """Raise Refused when nothing more can be done with an order."""
    if order["state"] in NOTHING_MORE:
        raise bad_request(f"Cannot create {what} for the order: its state is {order['state']}.")


def wants_mail(asked: Fields, default: bool = False) -> bool:
    """Whether the request asks that the buyer be told."""
    return next((is_set(asked[name]) for name in _NOTIFY if name in asked), default)


def amount(asked: Fields, name: str, default: Decimal = Decimal(0)) -> Decimal:
    """An amount in a request. Raises Refused for what is none, or negative."""
    if asked.get(name) is None:
        return default
    try:
        found = Decimal(str(asked[name]))
    except ArithmeticError:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise not_valid(f'Invalid value for "{name}" in request.')
    return found


def routes(kind: Kind, action: Action, make: Make) -> Sequence[Route]:
    """The calls of one kind of document; `make` creates one on an order as a request asks."""

    def post(shop: Shop, call: Call) -> Answer:
        document = make(shop, shop.required(ORDERS, call.id), call.fields())
        if shop.settings.creation_answer == "id":
            return shop.rendering.answer({"id": document["entity_id"]})
        return done(201, Location=f"{BASE_PATH}/{kind.name}/{document['entity_id']}")

    def of_order(shop: Shop, call: Call) -> Answer:
        shop.required(ORDERS, call.id)
        return list_of(kind, within="order_id")(shop, call)

    def post_comment(shop: Shop, call: Call) -> Answer:
        document, data = shop.required(kind, call.id), call.fields()
        words = text(data.get("comment"))
        if not words:
            raise not_valid("Comment is required.")
        document["comments"] = [*entries(document, "comments"), {"comment": words, "created_at": shop.time}]
        shop.save(kind, document)
        if wants_mail(data):
            order = shop.required(ORDERS, document["order_id"])
            shop.send_mail(order.get("customer_email"), "comment", f"{kind.name}/{call.id}", {"comment": words})
        return done()

    return (
        Route(f"orders/{{id}}/{kind.name}", {"GET": of_order, "POST": post}, action),
        Route(kind.name, {"GET": list_of(kind)}, action),
        Route(f"{kind.name}/{{id}}", {"GET": one_of(kind)}, action),
        Route(f"{kind.name}/{{id}}/comments", {"POST": post_comment}, action),
    )
