"""Orders as the API shows them, and what it can do to one: change, comment, hold, release, cancel."""

from __future__ import annotations

from collections.abc import Sequence

from zoey_netsuite.sandbox.exchange import Answer
from zoey_netsuite.sandbox.zoey import placing, sales
from zoey_netsuite.sandbox.zoey.errors import bad_request, not_valid
from zoey_netsuite.sandbox.zoey.kinds import ORDERS
from zoey_netsuite.sandbox.zoey.reading import done, list_of, one_of
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.routing import Call, Handler, Route
from zoey_netsuite.sandbox.zoey.shop import Shop
from zoey_netsuite.sandbox.zoey.sublists import sublist
from zoey_netsuite.sandbox.zoey.values import entries, is_set, text

_CHANGEABLE = ("status", "po_number")
_NO_HOLD = ("canceled", "closed", "complete", "holded", "payment_review")


def _view(shop: Shop, order: Document) -> Document:
    names = [name for name, type_ in shop.records.attributes(ORDERS).items() if type_ != "nested"]
    return shop.rendering.record(ORDERS, order, names)


def _in_list(shop: Shop, order: Document) -> Document:
    left_out = {
        name
        for name, shown in (
            ("order_items", shop.settings.order_list_lines),
            ("addresses", shop.settings.order_list_addresses),
        )
        if not shown
    }
    return _view(shop, {name: value for name, value in order.items() if name not in left_out})


def _inside(name: str) -> Handler:
    def handle(shop: Shop, call: Call) -> Answer:
        rows: Sequence[Document] = entries(shop.required(ORDERS, call.id), name)
        if shop.settings.sublists_paged:
            rows = sublist(rows, call.request.query, shop.settings.default_direction)
        return shop.rendering.answer(shop.rendering.nested(list(rows), f"{call.id}.{name}"))

    return handle


def change(shop: Shop, order: Document, data: object) -> Document:
    """Change an order's attributes in place. Raises Refused for what cannot be changed."""
    own = set(shop.records.attributes(ORDERS)) - set(ORDERS.attributes)
    fixed = [name for name in ORDERS.attributes if name not in _CHANGEABLE and name not in own]
    taken = shop.accepted(ORDERS, data, fixed)
    if "status" in taken:
        if not taken["status"]:
            raise not_valid('Invalid value for "status" in request.')
        sales.check_status(shop.settings, order, taken["status"])
    order.update(taken)
    return shop.save(ORDERS, order)


def comment(shop: Shop, order: Document, words: str | None, status: str | None = None, *, notify: bool = False) -> None:
    """Write a comment on an order, and send it to the buyer if asked to. Raises Refused for a foreign status."""
    if not words and not status:
        raise not_valid("Comment is required.")
    if status:
        sales.check_status(shop.settings, order, status)
        order["status"] = status
    written = {
        "entity_id": str(shop.records.next_number("order_comment")),
        "comment": words,
        "status": order["status"],
        "is_customer_notified": "1" if notify else "0",
        "is_visible_on_front": "1" if notify else "0",
        "created_at": shop.time,
    }
    order["_comments"] = [*entries(order, "_comments"), written]
    shop.save(ORDERS, order)
    if notify:
        shop.send_mail(order.get("customer_email"), "comment", f"orders/{order['entity_id']}", {"comment": words})


def hold(shop: Shop, order: Document) -> None:
    """Put an order on hold. Raises Refused when it is done or on hold already."""
    if order["state"] in _NO_HOLD:
        raise bad_request("Order can not be held.")
    order["_held"] = {"state": order["state"], "status": order["status"]}
    sales.set_state(shop.settings, order, "holded")
    shop.save(ORDERS, order)


def unhold(shop: Shop, order: Document) -> None:
    """Take an order off hold, to where it was. Raises Refused when it is not on hold."""
    if order["state"] != "holded":
        raise bad_request("Order can not be unheld.")
    before = order.pop("_held", {"state": "new", "status": None})
    sales.set_state(shop.settings, order, before["state"], before["status"])
    shop.save(ORDERS, order)


def _put(shop: Shop, call: Call) -> Answer:
    change(shop, shop.required(ORDERS, call.id), call.data())
    return done()


def _post_comment(shop: Shop, call: Call) -> Answer:
    order, data = shop.required(ORDERS, call.id), call.fields()
    notify = is_set(data.get("is_customer_notified"))
    comment(shop, order, text(data.get("comment")), text(data.get("status")), notify=notify)
    return done()


def _hold(shop: Shop, call: Call) -> Answer:
    hold(shop, shop.required(ORDERS, call.id))
    return done()


def _unhold(shop: Shop, call: Call) -> Answer:
    unhold(shop, shop.required(ORDERS, call.id))
    return done()


def _cancel(shop: Shop, call: Call) -> Answer:
    placing.cancel(shop, shop.required(ORDERS, call.id))
    return done()


ROUTES = (
    Route("orders", {"GET": list_of(ORDERS, _in_list)}),
    Route("orders/{id}", {"GET": one_of(ORDERS, _view)}),
    Route("orders/{id}", {"PUT": _put}, "orders.update"),
    Route("orders/{id}/items", {"GET": _inside("order_items")}),
    Route("orders/{id}/addresses", {"GET": _inside("addresses")}),
    Route("orders/{id}/comments", {"GET": _inside("_comments")}),
    Route("orders/{id}/comments", {"POST": _post_comment}, "orders.comments"),
    Route("orders/{id}/hold", {"POST": _hold}, "orders.hold"),
    Route("orders/{id}/unhold", {"POST": _unhold}, "orders.hold"),
    Route("orders/{id}/cancel", {"POST": _cancel}, "orders.cancel"),
)
