"""Orders of the sandboxed store: how they look, what moves them from state to state, and what the store refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from integration.sandbox_zoey.zoey_caller import Caller, errors, open_store, where

from zoey_netsuite.sandbox.exchange import Answer

SEED = {
    "attributes": {"orders": ["netsuite_order"]},
    "products": [
        {"sku": "A", "price": 10, "qty": 100},
        {"sku": "B", "price": "2.5", "qty": 50},
        {"sku": "SHIRT", "type_id": "configurable", "price": 30, "qty": 0, "manage_stock": 0},
        {"sku": "SHIRT-M", "price": 25, "qty": 8},
        {"sku": "GIFT", "type_id": "virtual", "price": 5, "qty": 5},
    ],
    "customers": [{"firstname": "Jane", "lastname": "Doe", "email": "jane@example.com", "group_id": 3}],
    "accounts": [{"name": "Acme", "contacts": [{"customer_id": 1}]}],
}
LINES = [{"sku": "A", "qty": 4}, {"sku": "B", "qty": 2}]
SHIP_TO = {"address_type": "shipping", "street": ["1 Main St", "Dock 4"], "city": "Austin", "country_id": "US"}


def open_shop(**settings: Any) -> Caller:
    app = open_store(**{"missing": "null", **settings})
    app.seed(SEED)
    return Caller(app)


@pytest.fixture
def shop() -> Caller:
    return open_shop()


def place(shop: Caller, items: Any = None, **header: Any) -> str:
    return str(shop.app.place_order(items or LINES, **{"customer_id": 1, **header})["entity_id"])


def state(shop: Caller, order_id: str) -> tuple[str, str]:
    order = shop.get(f"orders/{order_id}")
    return order["state"], order["status"]


def quantities(shop: Caller, order_id: str, name: str) -> list[str]:
    return [item[name] for item in shop.get(f"orders/{order_id}/items")]


def refusal(answer: Answer) -> str:
    assert answer.status == 400, answer
    return errors(answer)[0][1]


def made(shop: Caller, answer: Answer) -> Any:
    assert (answer.status, answer.body) == (201, b""), answer
    return shop.get(answer.headers["location"].removeprefix("/api/rest/"))


def test_an_order_adds_up_and_is_all_strings(shop: Caller) -> None:
    """O4: the totals that a sales order has to agree with."""
    items = [{"sku": "A", "qty": 4, "discount_amount": 4, "tax_amount": "2.97", "tax_percent": "8.25"}, LINES[1]]
    header = {"shipping_amount": 12, "shipping_tax_amount": 1, "discount_amount": 5, "addresses": [SHIP_TO]}
    order = shop.get(f"orders/{place(shop, items, po_number='PO-9', payment_method='netterm', **header)}")
    assert order["increment_id"] == "100000001"
    assert (order["state"], order["status"]) == ("new", "pending")
    assert (order["customer_email"], order["customer_group_id"], order["customer_is_guest"]) == (
        "jane@example.com",
        "3",
        "0",
    )
    amounts = ("subtotal", "discount_amount", "shipping_amount", "tax_amount", "grand_total", "total_due", "total_paid")
    assert [order[name] for name in amounts] == [
        "45.0000",
        "-9.0000",
        "12.0000",
        "3.9700",
        "51.9700",
        "51.9700",
        "0.0000",
    ]
    assert (order["po_number"], order["base_currency_code"], order["company_id"]) == ("PO-9", "USD", "1")
    assert order["addresses"][0]["street"] == "1 Main St\nDock 4"
    assert order["addresses"] == shop.get("orders/1/addresses")
    assert order["order_items"] == shop.get("orders/1/items")
    item = order["order_items"][0]
    assert (item["sku"], item["qty_ordered"], item["row_total"], item["tax_percent"]) == (
        "A",
        "4.0000",
        "40.0000",
        "8.2500",
    )
    assert item["parent_item_id"] is None


def test_a_guest_s_order_has_no_customer(shop: Caller) -> None:
    order = shop.get(f"orders/{place(shop, customer_id=None, customer_email='guest@example.com')}")
    assert (order["customer_id"], order["customer_is_guest"]) == (None, "1")
    assert order["customer_email"] == "guest@example.com"


def test_a_configurable_product_appears_as_two_items(shop: Caller) -> None:
    """O3: the parent holds the price, the child is the product."""
    order_id = place(shop, [{"sku": "SHIRT-M", "parent_sku": "SHIRT", "qty": 3}])
    parent, child = shop.get(f"orders/{order_id}/items")
    assert (parent["product_id"], parent["product_type"], parent["sku"]) == ("3", "configurable", "SHIRT-M")
    assert (child["product_id"], child["product_type"], child["sku"]) == ("4", "simple", "SHIRT-M")
    assert child["parent_item_id"] == parent["item_id"]
    assert (parent["price"], child["price"]) == ("30.0000", "0.0000")
    assert shop.get(f"orders/{order_id}")["grand_total"] == "90.0000"
    assert shop.app.stock(4)["qty"] == "5.0000"
    shop.post(f"orders/{order_id}/shipments", {"items": [{"order_item_id": child["item_id"], "qty": 2}]})
    assert quantities(shop, order_id, "qty_shipped") == ["2.0000", "2.0000"]


@pytest.mark.parametrize(("counts", "left"), [(True, "96.0000"), (False, "100.0000")])
def test_placing_an_order_counts_the_stock_down(counts: bool, left: str) -> None:
    """I2: drift on Zoey's side."""
    shop = open_shop(counts_down=counts)
    place(shop)
    assert shop.app.stock(1)["qty"] == left


def test_stock_counts_below_zero_into_out_of_stock(shop: Caller) -> None:
    place(shop, [{"sku": "GIFT", "qty": 5}])
    assert (shop.app.stock(5)["qty"], shop.app.stock(5)["is_in_stock"]) == ("0.0000", "0")
    shop.app.cancel_order(1)
    assert (shop.app.stock(5)["qty"], shop.app.stock(5)["is_in_stock"]) == ("5.0000", "1")


def test_lists_may_leave_out_lines_and_addresses() -> None:
    for lines in (True, False):
        for addresses in (True, False):
            shop = open_shop(order_list_lines=lines, order_list_addresses=addresses)
            place(shop, addresses=[SHIP_TO])
            order = shop.get("orders")["1"]
            assert ("order_items" in order, "addresses" in order) == (lines, addresses)
            assert "order_items" in shop.get("orders/1")


def test_orders_filter_by_state_number_and_time_unless_the_store_does_not() -> None:
    shop = open_shop()
    place(shop)
    shop.app.clock.advance(60)
    second = place(shop)
    assert list(shop.get("orders", *where("updated_at", "gteq", "2026-03-01 12:01:00"))) == [second]
    assert list(shop.get("orders", *where("increment_id", "eq", "100000002"))) == [second]
    assert list(shop.get("orders", *where("state", "in", "new,processing"))) == ["1", "2"]
    strict = open_shop(unfilterable={"orders": frozenset({"state", "entity_id"})})
    for attribute in ("state", "entity_id"):
        answer = strict.call("GET", "orders", where(attribute, "eq", "1"))
        assert errors(answer) == [(400, "Resource collection filtering error.")]


def test_an_order_is_changed_where_it_can_be(shop: Caller) -> None:
    """O9: the NetSuite order number on the Zoey order, and a status of the same state."""
    order_id = place(shop)
    shop.app.clock.advance(60)
    change = {"netsuite_order": "SO-17", "status": "pending_approval", "po_number": "PO-2", "grand_total": 1}
    assert shop.put(f"orders/{order_id}", change).status == 200
    order = shop.get(f"orders/{order_id}")
    assert (order["netsuite_order"], order["status"], order["po_number"]) == ("SO-17", "pending_approval", "PO-2")
    assert (order["grand_total"], order["updated_at"]) == ("45.0000", "2026-03-01 12:01:00")
    assert "not assigned" in refusal(shop.put(f"orders/{order_id}", {"status": "complete"}))
    assert refusal(shop.put(f"orders/{order_id}", {"grand_total": 1})) == "The request data is invalid."


def test_comments_are_kept_and_sent_when_asked(shop: Caller) -> None:
    """G6: the sync state shown as a comment, with its marker."""
    order_id = place(shop)
    shop.post(f"orders/{order_id}/comments", {"comment": "Booked [NS 4711]", "is_customer_notified": 0})
    shop.post(
        f"orders/{order_id}/comments", {"comment": "Hello", "status": "pending_approval", "is_customer_notified": 1}
    )
    comments = shop.get(f"orders/{order_id}/comments")
    assert [(each["comment"], each["status"], each["is_customer_notified"]) for each in comments] == [
        ("Booked [NS 4711]", "pending", "0"),
        ("Hello", "pending_approval", "1"),
    ]
    assert comments[0]["created_at"] == "2026-03-01 12:00:00"
    assert state(shop, order_id) == ("new", "pending_approval")
    assert [mail["subject"] for mail in shop.app.outbox] == ["order", "comment"]
    assert refusal(shop.post(f"orders/{order_id}/comments", {})) == "Comment is required."
    assert "not assigned" in refusal(shop.post(f"orders/{order_id}/comments", {"comment": "x", "status": "closed"}))
    assert len(shop.get(f"orders/{order_id}/comments")) == 2


def test_hold_and_release(shop: Caller) -> None:
    order_id = place(shop)
    shop.put(f"orders/{order_id}", {"status": "pending_approval"})
    assert shop.post(f"orders/{order_id}/hold").status == 200
    assert state(shop, order_id) == ("holded", "holded")
    for action in ("hold", "cancel", "invoices", "shipments", "creditmemos"):
        refusal(shop.post(f"orders/{order_id}/{action}"))
    assert shop.post(f"orders/{order_id}/unhold").status == 200
    assert state(shop, order_id) == ("new", "pending_approval")
    assert refusal(shop.post(f"orders/{order_id}/unhold")) == "Order can not be unheld."


@pytest.mark.parametrize(("returns", "left"), [(True, "100.0000"), (False, "96.0000")])
def test_cancel(returns: bool, left: str) -> None:
    """O7: an unpaid order is canceled, its stock goes back as the store is set."""
    shop = open_shop(cancel_returns_stock=returns)
    order_id = place(shop)
    assert shop.post(f"orders/{order_id}/cancel").status == 200
    assert state(shop, order_id) == ("canceled", "canceled")
    assert quantities(shop, order_id, "qty_canceled") == ["4.0000", "2.0000"]
    assert shop.app.stock(1)["qty"] == left
    assert refusal(shop.post(f"orders/{order_id}/cancel")) == "Order can not be canceled."
    assert shop.app.stock(1)["qty"] == left


@pytest.mark.parametrize("partly", [True, False])
def test_a_paid_order_cannot_be_canceled(shop: Caller, partly: bool) -> None:
    """O7: it takes a credit memo."""
    order_id = place(shop)
    item = shop.get(f"orders/{order_id}/items")[0]["item_id"]
    asked = {"items": [{"order_item_id": item, "qty": 1}]} if partly else {}
    shop.post(f"orders/{order_id}/invoices", asked)
    assert refusal(shop.post(f"orders/{order_id}/cancel")) == "Order can not be canceled."
    assert state(shop, order_id)[0] == "processing"


def test_an_edit_cancels_and_makes_a_new_order_that_points_back(shop: Caller) -> None:
    """O8: relation ids and the suffix of the number, however often."""
    first = place(shop, shipping_amount=7, discount_amount=3, netsuite_order="x", addresses=[SHIP_TO])
    second = shop.app.edit_order(first, [{"sku": "A", "qty": 1}], po_number="PO-3")["entity_id"]
    third = shop.app.edit_order(second)["entity_id"]
    one, two, three = (shop.get(f"orders/{each}") for each in (first, second, third))
    assert [each["increment_id"] for each in (one, two, three)] == ["100000001", "100000001-1", "100000001-2"]
    assert [each["state"] for each in (one, two, three)] == ["canceled", "canceled", "new"]
    assert (two["relation_parent_id"], two["relation_parent_real_id"]) == (first, "100000001")
    assert (three["relation_parent_id"], three["relation_parent_real_id"]) == (second, "100000001-1")
    assert (one["relation_child_id"], two["relation_child_id"]) == (second, third)
    assert [each["original_increment_id"] for each in (one, two, three)] == [None, "100000001", "100000001"]
    assert [each["edit_increment"] for each in (one, two, three)] == [None, "1", "2"]
    assert (three["po_number"], three["shipping_amount"], three["discount_amount"]) == ("PO-3", "7.0000", "-3.0000")
    assert (three["netsuite_order"], len(three["addresses"])) == ("x", 1)
    assert shop.app.stock(1)["qty"] == "99.0000"
    assert shop.app.place_order(LINES)["increment_id"] == "100000002"


def test_a_paid_order_cannot_be_edited(shop: Caller) -> None:
    order_id = place(shop)
    shop.app.invoice_order(order_id)
    with pytest.raises(ValueError, match="can not be canceled"):
        shop.app.edit_order(order_id)
    assert shop.app.count("orders") == 1


def test_invoices_are_payments_and_add_up_to_the_order(shop: Caller) -> None:
    """D1: partial payments; shipping and the order's own discount go with the first one."""
    items = [{"sku": "A", "qty": 3, "price": "3.3333", "discount_amount": "1.00"}, LINES[1]]
    order_id = place(shop, items, shipping_amount=7, shipping_tax_amount="0.58", discount_amount=2)
    ids = [item["item_id"] for item in shop.get(f"orders/{order_id}/items")]
    totals = []
    for _ in range(3):
        answer = shop.post(f"orders/{order_id}/invoices", {"items": [{"order_item_id": ids[0], "qty": 1}]})
        totals.append(made(shop, answer)["grand_total"])
    assert totals == ["8.5800", "3.0000", "3.0000"]
    assert state(shop, order_id) == ("processing", "processing")
    last = made(shop, shop.post(f"orders/{order_id}/invoices", {"comment": "Paid [NS 12]", "notify": 1}))
    assert (last["grand_total"], last["state"], last["order_id"]) == ("5.0000", "2", order_id)
    assert last["comments"] == [{"comment": "Paid [NS 12]", "created_at": "2026-03-01 12:00:00"}]
    assert [(item["order_item_id"], item["qty"]) for item in last["items"]] == [(ids[1], "2.0000")]
    order = shop.get(f"orders/{order_id}")
    assert (order["total_paid"], order["total_due"]) == (order["grand_total"], "0.0000")
    assert quantities(shop, order_id, "qty_invoiced") == ["3.0000", "2.0000"]
    assert "nothing to invoice" in refusal(shop.post(f"orders/{order_id}/invoices"))
    assert [mail["subject"] for mail in shop.app.outbox] == ["order", "invoice"]
    assert len(shop.get(f"orders/{order_id}/invoices")) == 4
    assert list(shop.get("invoices", *where("order_id", "eq", order_id), ("limit", "1"))) == ["1"]


def test_a_shipment_with_tracking_tells_the_buyer_once(shop: Caller) -> None:
    """D2: partial shipments; creating one does not close the order."""
    order_id = place(shop)
    item = shop.get(f"orders/{order_id}/items")[0]["item_id"]
    tracks = [{"carrier_code": "ups", "title": "UPS", "track_number": "1Z9"}]
    answer = shop.post(f"orders/{order_id}/shipments", {"items": [{"order_item_id": item, "qty": 4}], "tracks": tracks})
    shipment = made(shop, answer)
    assert [(track["carrier_code"], track["title"], track["track_number"]) for track in shipment["tracks"]] == [
        ("ups", "UPS", "1Z9")
    ]
    assert [(each["order_item_id"], each["qty"]) for each in shipment["items"]] == [(item, "4.0000")]
    mails = [mail for mail in shop.app.outbox if mail["subject"] == "shipment"]
    assert [(mail["to"], mail["details"]["track_numbers"]) for mail in mails] == [("jane@example.com", ["1Z9"])]
    assert state(shop, order_id)[0] == "processing"
    made(shop, shop.post(f"orders/{order_id}/shipments"))
    assert state(shop, order_id)[0] == "processing"
    assert len([mail for mail in shop.app.outbox if mail["subject"] == "shipment"]) == 1
    assert "nothing to ship" in refusal(shop.post(f"orders/{order_id}/shipments"))
    made(shop, shop.post(f"orders/{order_id}/invoices"))
    assert state(shop, order_id) == ("complete", "complete")


@pytest.mark.parametrize(
    ("setting", "body", "sent"),
    [
        ("tracking", {"tracks": [{"track_number": "1Z"}], "notify": 0}, 0),
        ("tracking", {"notify": 1}, 1),
        ("notify", {"tracks": [{"track_number": "1Z"}]}, 0),
        ("notify", {"tracks": [{"track_number": "1Z"}], "notify": 1}, 1),
    ],
)
def test_when_a_shipment_is_told(setting: str, body: Any, sent: int) -> None:
    shop = open_shop(shipment_email=setting)
    order_id = place(shop)
    made(shop, shop.post(f"orders/{order_id}/shipments", body))
    assert len([mail for mail in shop.app.outbox if mail["subject"] == "shipment"]) == sent


def test_tracking_numbers_and_comments_added_later(shop: Caller) -> None:
    order_id = place(shop)
    made(shop, shop.post(f"orders/{order_id}/shipments"))
    assert shop.post("shipments/1/tracks", {"track_number": "1Z", "carrier_code": "ups"}).status == 200
    assert shop.post("shipments/1/comments", {"comment": "[NS 5]"}).status == 200
    shipment = shop.get("shipments/1")
    assert [track["track_number"] for track in shipment["tracks"]] == ["1Z"]
    assert [comment["comment"] for comment in shipment["comments"]] == ["[NS 5]"]
    refusal(shop.post("shipments/1/tracks", {"carrier_code": "ups"}))


def test_virtual_products_are_not_shipped(shop: Caller) -> None:
    order_id = place(shop, [{"sku": "GIFT", "qty": 1}])
    refusal(shop.post(f"orders/{order_id}/shipments"))
    made(shop, shop.post(f"orders/{order_id}/invoices"))
    assert state(shop, order_id)[0] == "complete"


def test_credit_memos_close_the_order_once_all_is_refunded(shop: Caller) -> None:
    """D3: by line, with shipping and adjustments."""
    order_id = place(shop, shipping_amount=10)
    ids = [item["item_id"] for item in shop.get(f"orders/{order_id}/items")]
    refusal(shop.post(f"orders/{order_id}/creditmemos"))
    shop.app.invoice_order(order_id)
    one = {"items": [{"order_item_id": ids[0], "qty": 1, "back_to_stock": 1}], "shipping_amount": 4}
    first = made(
        shop,
        shop.post(f"orders/{order_id}/creditmemos", {**one, "adjustment_positive": 1, "adjustment_negative": "2.5"}),
    )
    amounts = ("subtotal", "shipping_amount", "adjustment_positive", "adjustment_negative", "grand_total")
    assert [first[name] for name in amounts] == ["10.0000", "4.0000", "1.0000", "2.5000", "12.5000"]
    assert shop.app.stock(1)["qty"] == "97.0000"
    assert state(shop, order_id)[0] == "processing"
    rest = made(shop, shop.post(f"orders/{order_id}/creditmemos", {"adjustment_positive": "1.5", "notify": 1}))
    assert (rest["shipping_amount"], rest["grand_total"]) == ("6.0000", "42.5000")
    order = shop.get(f"orders/{order_id}")
    assert (order["state"], order["status"], order["total_refunded"]) == ("closed", "closed", "55.0000")
    assert quantities(shop, order_id, "qty_refunded") == ["4.0000", "2.0000"]
    assert shop.app.stock(1)["qty"] == "97.0000"
    assert [mail["subject"] for mail in shop.app.outbox] == ["order", "creditmemo"]
    refusal(shop.post(f"orders/{order_id}/creditmemos"))
    assert len(shop.get(f"orders/{order_id}/creditmemos")) == 2


def test_a_credit_memo_may_put_everything_back_to_stock() -> None:
    shop = open_shop(credit_returns_stock=True)
    order_id = place(shop)
    shop.app.invoice_order(order_id)
    shop.app.credit_order(order_id)
    assert (shop.app.stock(1)["qty"], shop.app.stock(2)["qty"]) == ("100.0000", "50.0000")
    assert shop.app.order(order_id)["state"] == "closed"


@pytest.mark.parametrize(
    "asked",
    [
        {"items": [{"order_item_id": "1", "qty": 99}]},
        {"items": [{"order_item_id": "77", "qty": 1}]},
        {"items": [{"order_item_id": "1", "qty": -1}]},
        {"items": [{"order_item_id": "1", "qty": 3}, {"order_item_id": "1", "qty": 3}]},
        {"items": "all"},
        {"items": []},
    ],
)
@pytest.mark.parametrize("what", ["shipments", "invoices", "creditmemos"])
def test_more_than_there_is_changes_nothing(shop: Caller, what: str, asked: Any) -> None:
    order_id = place(shop)
    if what == "creditmemos":
        shop.app.invoice_order(order_id)
    before = shop.app.order(order_id)
    refusal(shop.post(f"orders/{order_id}/{what}", asked))
    assert shop.app.order(order_id) == before
    assert shop.app.count(what) == 0


@pytest.mark.parametrize(
    "asked",
    [{"adjustment_positive": 1000}, {"shipping_amount": 11}, {"adjustment_positive": "x"}, {"invoice_id": 9}],
)
def test_a_credit_memo_of_more_than_was_paid(shop: Caller, asked: Any) -> None:
    order_id = place(shop, shipping_amount=10)
    shop.app.invoice_order(order_id)
    refusal(shop.post(f"orders/{order_id}/creditmemos", asked))
    assert shop.app.count("creditmemos") == 0


def test_open_bills_are_paid_or_voided_where_the_store_has_them() -> None:
    """D1: open bills."""
    assert open_shop().app.settings.open_bills is False
    closed = open_shop()
    refusal(closed.post(f"orders/{place(closed)}/invoices", {"state": "1"}))
    shop = open_shop(open_bills=True)
    order_id = place(shop)
    item = shop.get(f"orders/{order_id}/items")[0]["item_id"]
    for _ in range(2):
        shop.post(f"orders/{order_id}/invoices", {"state": "1", "items": [{"order_item_id": item, "qty": 1}]})
    assert shop.get(f"orders/{order_id}")["total_paid"] == "0.0000"
    assert shop.put("invoices/1", {"state": 2}).status == 200
    assert shop.put("invoices/2", {"state": 3}).status == 200
    assert [each["state"] for each in shop.get("invoices").values()] == ["2", "3"]
    assert shop.get(f"orders/{order_id}")["total_paid"] == "10.0000"
    assert quantities(shop, order_id, "qty_invoiced")[0] == "1.0000"
    refusal(shop.put("invoices/1", {"state": 3}))


@pytest.mark.parametrize(
    ("action", "method", "path"),
    [
        ("orders.comments", "POST", "orders/1/comments"),
        ("orders.hold", "POST", "orders/1/hold"),
        ("orders.hold", "POST", "orders/1/unhold"),
        ("orders.cancel", "POST", "orders/1/cancel"),
        ("orders.update", "PUT", "orders/1"),
        ("shipments", "POST", "orders/1/shipments"),
        ("shipments", "GET", "shipments"),
        ("invoices", "GET", "invoices"),
        ("creditmemos", "GET", "orders/1/creditmemos"),
    ],
)
def test_calls_that_are_not_public_may_not_exist(action: str, method: str, path: str) -> None:
    shop = open_shop()
    without = open_shop(actions=shop.app.settings.actions - {action})
    for each in (shop, without):
        place(each)
    assert shop.call(method, path, body=None).status not in (404, 405)
    assert without.call(method, path, body=None).status in (404, 405)


def test_a_creation_may_be_answered_with_the_id() -> None:
    shop = open_shop(creation_answer="id")
    answer = shop.post(f"orders/{place(shop)}/invoices")
    assert (answer.status, json.loads(answer.body)) == (200, {"id": "1"})


def test_statuses_are_the_merchant_s_own() -> None:
    shop = open_shop(statuses={**open_shop().app.settings.statuses, "new": ("fresh",), "processing": ("busy", "late")})
    order_id = place(shop)
    assert state(shop, order_id) == ("new", "fresh")
    shop.app.ship_order(order_id)
    assert state(shop, order_id) == ("processing", "busy")


def test_seeded_orders_have_a_history_and_move_nothing(shop: Caller) -> None:
    states = ["new", "pending_payment", "processing", "complete", "closed", "canceled", "holded", "payment_review"]
    shop.app.seed(
        {
            "orders": [
                {"customer_id": 1, "items": LINES, "state": each, "created_at": "2025-01-01 00:00:00"}
                for each in states
            ]
        }
    )
    orders = shop.get("orders").values()
    assert [order["state"] for order in orders] == states
    assert {order["created_at"] for order in orders} == {"2025-01-01 00:00:00"}
    assert [order["total_paid"] for order in orders][2:5] == ["45.0000"] * 3
    assert (shop.app.count("invoices"), shop.app.count("shipments"), shop.app.count("creditmemos")) == (3, 1, 1)
    assert shop.app.stock(1)["qty"] == "100.0000"
    assert shop.app.outbox == []


def test_given_order_numbers_are_gone_on_from(shop: Caller) -> None:
    shop.app.seed({"orders": [{"increment_id": "100000007", "items": LINES}]})
    assert shop.app.place_order(LINES)["increment_id"] == "100000008"


def test_an_order_changed_in_place_by_a_person(shop: Caller) -> None:
    """O8: address, PO number and attributes change without a new order."""
    order_id = place(shop, addresses=[SHIP_TO])
    shop.app.clock.advance(60)
    shop.app.change_order(order_id, addresses=[{**SHIP_TO, "city": "Waco"}], po_number="PO-5")
    order = shop.get(f"orders/{order_id}")
    assert (order["addresses"][0]["city"], order["po_number"]) == ("Waco", "PO-5")
    assert order["updated_at"] == "2026-03-01 12:01:00"


@pytest.mark.parametrize(
    "seed",
    [
        {"items": [{"sku": "NOPE"}]},
        {"items": []},
        {"items": LINES, "customer_id": 9},
        {"items": LINES, "grand_total": 1},
    ],
)
def test_an_order_that_cannot_be_seeded_leaves_nothing(shop: Caller, seed: Any) -> None:
    with pytest.raises(ValueError, match="into orders"):
        shop.app.seed({"products": [{"sku": "NEW"}], "orders": [seed]})
    assert (shop.app.count("orders"), shop.app.count("products")) == (0, 5)


def test_the_items_of_an_order_asked_for_alone_come_in_pages(shop: Caller) -> None:
    """A long order's lines are not all on the first page, and the last page comes again past the end."""
    order_id = place(shop, [{"sku": "A", "qty": n} for n in range(1, 26)])
    path = f"orders/{order_id}/items"

    def asked(*query: tuple[str, str]) -> list[int]:
        return [int(float(item["qty_ordered"])) for item in shop.get(path, *query)]

    assert asked() == list(range(1, 11))
    assert asked(("limit", "100")) == list(range(1, 26))
    assert asked(("page", "3")) == asked(("page", "9")) == [21, 22, 23, 24, 25]
    assert asked(("order", "item_id"), ("dir", "desc"), ("limit", "2")) == [25, 24]
    assert asked(*where("qty_ordered", "gt", "23")) == [24, 25]
    assert asked(*where("qty_ordered", "in", "9,10,99")) == [9, 10]
    assert asked(*where("qty_ordered", "like", "2_.%"), ("limit", "2")) == [20, 21]
    assert asked(*where("qty_ordered", "nin", "1,2"), ("limit", "1")) == [3]
    assert asked(*where("parent_item_id", "eq", "1")) == []
    answer = shop.call("GET", path, where("nothing", "eq", "1"))
    assert errors(answer) == [(400, "Resource collection filtering error.")]
    assert len(shop.get(f"orders/{order_id}")["order_items"]) == 25


def test_the_items_of_an_order_may_come_all_at_once() -> None:
    shop = open_shop(sublists_paged=False)
    order_id = place(shop, [{"sku": "A", "qty": 1}] * 25)
    assert len(shop.get(f"orders/{order_id}/items")) == 25
