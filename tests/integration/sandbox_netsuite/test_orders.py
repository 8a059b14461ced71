"""Sales orders: totals, states, stock set aside, what may be changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from support.netsuite_shop import Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock


def test_lines_are_priced_by_level_by_the_caller_or_by_amount(shop: Shop) -> None:
    lines = [
        {"item": "11", "quantity": 3},
        {"item": "12", "quantity": 3, "price": {"id": "-1"}, "rate": 1.335},
        {"item": "12", "quantity": 2, "amount": 9.99},
    ]
    order = shop.record(f"salesOrder/{shop.create('salesOrder', {'entity': '501', 'item': {'items': lines}})}")
    assert [line["amount"] for line in order["item"]["items"]] == [30, 4.01, 9.99]
    assert order["subtotal"] == 44
    assert order["item"]["items"][1]["price"] == {
        "links": order["item"]["items"][1]["price"]["links"],
        "id": "-1",
        "refName": "Custom",
    }


def test_line_numbers_have_gaps(shop: Shop) -> None:
    order = shop.order()
    assert [line["line"] for line in shop.record(f"salesOrder/{order}")["item"]["items"]] == [1, 4]
    shop.patch(f"salesOrder/{order}", {"item": {"items": [{"item": "14", "quantity": 1}]}})
    assert [line["line"] for line in shop.record(f"salesOrder/{order}")["item"]["items"]] == [1, 4, 7]
    rows = shop.rows("SELECT id FROM transactionline WHERE transaction = ? AND mainline = 'F' ORDER BY id", order)
    assert [row["id"] for row in rows] == ["1", "4", "7"]


def test_discount_shipping_and_handling_add_up(shop: Shop) -> None:
    order = shop.order((11, 4), discountItem="15", discountRate="-10%", shippingCost=7.5, handlingCost=1)
    record = shop.record(f"salesOrder/{order}")
    assert (record["subtotal"], record["discountTotal"], record["total"]) == (40, -4, 44.5)
    by_item = shop.record(f"salesOrder/{shop.order((11, 4), discountItem='15')}")
    assert by_item["discountTotal"] == -10


def test_tax_by_rate_and_by_override(clock: SandboxClock) -> None:
    shop = shop_with(clock, tax="suitetax", tax_rate=Decimal("8.25"))
    record = shop.record(f"salesOrder/{shop.order((11, 3), (12, 1))}")
    assert (record["subtotal"], record["taxTotal"], record["total"]) == (32.5, 2.69, 35.19)
    tax = {"taxDetailsOverride": True, "taxDetails": {"items": [{"taxDetailsReference": "a", "taxAmount": 1.11}]}}
    record = shop.record(f"salesOrder/{shop.order((11, 3), **tax)}")
    assert (record["taxTotal"], record["total"]) == (1.11, 31.11)


def test_without_suitetax_tax_fields_do_not_exist(shop: Shop) -> None:
    strict = {"x-netsuite-propertynamevalidation": "Error"}
    body = {"entity": "501", "taxDetailsOverride": True, "item": {"items": [{"item": "11"}]}}
    assert shop.refused("POST", "salesOrder", body, headers=strict)["o:errorPath"] == "taxDetailsOverride"


def test_an_order_sets_stock_aside_and_gives_it_back(shop: Shop) -> None:
    order = shop.order((11, 12))
    assert shop.level(11) == (10, 0, 10)
    line = shop.record(f"salesOrder/{order}")["item"]["items"][0]
    assert (line["quantityCommitted"], line["quantityBackOrdered"]) == (10, 2)
    shop.patch(f"salesOrder/{order}", {"item": {"items": [{"line": 1, "quantity": 3}]}})
    assert shop.level(11) == (10, 7, 3)
    shop.patch(f"salesOrder/{order}", {"item": {"items": [{"line": 1, "isClosed": True}]}})
    assert shop.level(11) == (10, 10, 0)
    assert shop.letter(order) == "H"


def test_pending_approval_holds_no_stock_until_it_is_approved(shop: Shop) -> None:
    order = shop.order((11, 4), orderStatus={"id": "A"})
    assert (shop.letter(order), shop.level(11)) == ("A", (10, 10, 0))
    shop.patch(f"salesOrder/{order}", {"orderStatus": {"id": "B"}})
    assert (shop.letter(order), shop.level(11)) == ("B", (10, 6, 4))


def test_from_a_an_order_is_cancelled_from_b_it_is_closed(shop: Shop) -> None:
    pending = shop.order(orderStatus="A")
    shop.patch(f"salesOrder/{pending}", {"orderStatus": {"id": "C"}})
    assert shop.letter(pending) == "C"
    approved = shop.order()
    refused = shop.refused("PATCH", f"salesOrder/{approved}", {"orderStatus": {"id": "C"}})
    assert (refused["o:errorCode"], refused["o:errorPath"]) == ("USER_ERROR", "orderStatus")
    lines = [{"line": 1, "isClosed": True}, {"line": 4, "isClosed": True}]
    shop.patch(f"salesOrder/{approved}", {"item": {"items": lines}})
    assert shop.letter(approved) == "H"


def test_an_account_may_cancel_from_b_too(clock: SandboxClock) -> None:
    shop = shop_with(clock, cancel_from=frozenset("AB"))
    order = shop.order()
    shop.patch(f"salesOrder/{order}", {"orderStatus": "C"})
    assert (shop.letter(order), shop.level(11)) == ("C", (10, 10, 0))


def test_setting_h_does_not_close(shop: Shop) -> None:
    order = shop.order()
    shop.patch(f"salesOrder/{order}", {"orderStatus": {"id": "H"}})
    assert shop.letter(order) == "B"


def test_states_as_lines_are_shipped_and_billed(shop: Shop) -> None:
    order = shop.order((11, 4))
    line = {"items": [{"orderLine": 1, "quantity": 1}]}
    shop.transform(f"salesOrder/{order}", "itemFulfillment", {"item": line})
    assert shop.letter(order) == "E"
    shop.transform(f"salesOrder/{order}", "invoice", {"item": line})
    assert shop.letter(order) == "D"
    shop.transform(f"salesOrder/{order}", "itemFulfillment")
    assert shop.letter(order) == "F"
    shop.transform(f"salesOrder/{order}", "invoice")
    assert shop.letter(order) == "G"


def test_a_service_needs_no_shipping(shop: Shop) -> None:
    assert shop.letter(shop.order((14, 1))) == "F"


def test_what_was_shipped_can_be_neither_removed_nor_lowered(shop: Shop) -> None:
    order = shop.order((11, 4), (12, 1))
    shop.transform(f"salesOrder/{order}", "itemFulfillment", {"item": {"items": [{"orderLine": 1, "quantity": 3}]}})
    lower = {"item": {"items": [{"line": 1, "quantity": 2}]}}
    assert "cannot be less" in shop.refused("PATCH", f"salesOrder/{order}", lower)["detail"]
    others = {"item": {"items": [{"line": 4}]}}
    assert "cannot be removed" in shop.refused("PATCH", f"salesOrder/{order}?replace=item", others)["detail"]
    assert "linked" in shop.refused("DELETE", f"salesOrder/{order}")["detail"]
    refused = shop.refused("PATCH", f"salesOrder/{order}", {"orderStatus": "C"})
    assert refused["o:errorCode"] == "USER_ERROR"


def test_replace_replaces_the_whole_sublist(shop: Shop) -> None:
    order = shop.order((11, 1), (12, 1))
    shop.patch(f"salesOrder/{order}?replace=item", {"item": {"items": [{"item": "14", "quantity": 2}]}})
    lines = shop.record(f"salesOrder/{order}")["item"]["items"]
    assert [line["item"]["id"] for line in lines] == ["14"]
    assert shop.record(f"salesOrder/{order}")["total"] == 40


def test_orders_need_a_line_and_an_entity(shop: Shop) -> None:
    assert "at least one line item" in shop.refused("POST", "salesOrder", {"entity": "501"})["detail"]
    refused = shop.refused("POST", "salesOrder", {"item": {"items": [{"item": "11"}]}})
    assert refused["detail"].endswith("Please enter value(s) for: Entity.")


def test_a_changed_line_moves_its_own_time(shop: Shop, clock: SandboxClock) -> None:
    order = shop.order()
    clock.advance(timedelta(minutes=1))
    shop.patch(f"salesOrder/{order}", {"item": {"items": [{"line": 4, "quantity": 9}]}})
    rows = shop.rows(
        "SELECT id, TO_CHAR(linelastmodifieddate, 'HH24:MI') AS t FROM transactionline "
        "WHERE transaction = ? AND mainline = 'F' ORDER BY id",
        order,
    )
    assert rows == [{"id": "1", "t": "12:00"}, {"id": "4", "t": "12:01"}]


def test_in_some_accounts_a_line_does_not_move_the_header(clock: SandboxClock) -> None:
    shop = shop_with(clock, line_changes_header=False)
    order = shop.order((11, 4))
    clock.advance(timedelta(minutes=1))
    shop.transform(f"salesOrder/{order}", "itemFulfillment")
    query = (
        "SELECT TO_CHAR(t.lastmodifieddate, 'HH24:MI') AS h, TO_CHAR(l.linelastmodifieddate, 'HH24:MI') AS l "
        "FROM transaction t JOIN transactionline l ON l.transaction = t.id WHERE t.id = ? AND l.mainline = 'F'"
    )
    assert shop.rows(query, order) == [{"h": "12:00", "l": "12:01"}]


def test_signs_in_suiteql(shop: Shop) -> None:
    order = shop.order((11, 4), shippingCost=5)
    assert shop.rows("SELECT foreigntotal FROM transaction WHERE id = ?", order) == [{"foreigntotal": "45"}]
    rows = shop.rows(
        "SELECT mainline, quantity, foreignamount, itemtype FROM transactionline WHERE transaction = ? ORDER BY id",
        order,
    )
    assert rows[1] == {"mainline": "F", "quantity": "-4", "foreignamount": "-40", "itemtype": "InvtPart"}
    assert rows[2] == {"mainline": "F", "foreignamount": "-5", "itemtype": "ShipItem"}


@pytest.mark.parametrize(("form", "raw"), [("letter", "B"), ("long", "SalesOrd:B")])
def test_the_raw_status_is_a_letter_or_in_some_accounts_the_long_form(clock: SandboxClock, form: str, raw: str) -> None:
    shop = shop_with(clock, status_form=form)
    order = shop.order()
    rows = shop.rows(
        "SELECT status, BUILTIN.DF(status) AS words, BUILTIN.CF(status) AS code FROM transaction WHERE id = ?", order
    )
    assert rows == [{"status": raw, "words": "Sales Order : Pending Fulfillment", "code": "SalesOrd:B"}]


def test_itemtype_of_a_line_fails_in_some_accounts(clock: SandboxClock) -> None:
    shop = shop_with(clock, transactionline_itemtype=False)
    body = {"q": "SELECT itemtype FROM transactionline"}
    refused = shop.refused("POST", "/services/rest/query/v1/suiteql", body, headers={"prefer": "transient"})
    assert refused["o:errorCode"] == "INVALID_PARAMETER"


def test_the_customer_s_currency_terms_and_addresses_are_taken_over(shop: Shop) -> None:
    record = shop.record(f"salesOrder/{shop.order()}")
    assert (record["terms"]["id"], record["currency"]["refName"]) == ("2", "USD")
    assert (record["shippingAddress"]["city"], record["billingAddress"]["country"]["id"]) == ("Austin", "US")
    rows = shop.rows(
        "SELECT a.city, a.state FROM transaction t JOIN transactionshippingaddress a ON a.nkey = t.shippingaddress"
    )
    assert rows == [{"city": "Austin", "state": "TX"}]


def test_a_currency_that_the_customer_has_not(shop: Shop) -> None:
    shop.app.seed({"currency": [{"id": 2, "name": "EUR", "symbol": "EUR"}]})
    body = {"entity": "501", "currency": "2", "item": {"items": [{"item": "11"}]}}
    assert shop.refused("POST", "salesOrder", body)["o:errorPath"] == "currency"


def test_a_closed_period_refuses_what_posts_and_says_which(shop: Shop) -> None:
    order = shop.order((11, 1))
    shop.app.close_period(date(2026, 1, 1), date(2026, 1, 31))
    refused = shop.refused("POST", f"salesOrder/{order}/!transform/invoice", {"tranDate": "2026-01-15"})
    assert refused["o:errorCode"] == "USER_ERROR"
    assert "Jan 2026" in refused["detail"]
    invoice = shop.transform(f"salesOrder/{order}", "invoice", {"tranDate": "2026-02-01"})
    shop.app.close_period(date(2026, 2, 1), date(2026, 2, 28))
    for method, body in (("PATCH", {"memo": "x"}), ("DELETE", None)):
        assert "Feb 2026" in shop.refused(method, f"invoice/{invoice}", body)["detail"]
    shop.patch(f"salesOrder/{order}", {"memo": "orders do not post"})
