"""Transforms: fulfilments, invoices and returns made of orders, with their defaults."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.netsuite_shop import RECORD, Shop, shop_with

from zoey_netsuite.sandbox.clock import SandboxClock


def test_a_line_that_is_not_listed_is_fulfilled_in_full(shop: Shop) -> None:
    order = shop.order((11, 4), (12, 3))
    made = shop.transform(
        f"salesOrder/{order}", "itemFulfillment", {"item": {"items": [{"orderLine": 1, "quantity": 1}]}}
    )
    lines = shop.record(f"itemFulfillment/{made}")["item"]["items"]
    assert [(line["orderLine"], line["quantity"]) for line in lines] == [(1, 1), (4, 3)]


@pytest.mark.parametrize("name", ["itemReceive", "itemreceive", "ITEMRECEIVE"])
def test_a_line_is_left_out_by_item_receive_in_any_case(shop: Shop, name: str) -> None:
    order = shop.order((11, 4), (12, 3))
    body = {"item": {"items": [{"orderLine": 1, "location": 1, "quantity": 1}, {"orderLine": 4, name: False}]}}
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment", body)
    assert [line["orderLine"] for line in shop.record(f"itemFulfillment/{made}")["item"]["items"]] == [1]
    assert shop.level(11) == (9, 6, 3)


def test_all_lines_left_out_is_refused(shop: Shop) -> None:
    order = shop.order((11, 4))
    body = {"item": {"items": [{"orderLine": 1, "itemreceive": False}]}}
    refused = shop.refused("POST", f"salesOrder/{order}/!transform/itemFulfillment", body)
    assert "at least one" in refused["detail"]


def test_more_than_is_open_and_lines_that_are_not_there_are_refused(shop: Shop) -> None:
    order = shop.order((11, 4))
    path = f"salesOrder/{order}/!transform/itemFulfillment"
    refused = shop.refused("POST", path, {"item": {"items": [{"orderLine": 1, "quantity": 5}]}})
    assert refused["o:errorPath"] == "item.items[0].quantity"
    refused = shop.refused("POST", path, {"item": {"items": [{"orderLine": 2, "quantity": 1}]}})
    assert refused["o:errorPath"] == "item.items[0]"


def test_an_external_id_is_taken_and_guards_against_a_second_one(shop: Shop) -> None:
    order = shop.order((11, 4))
    body = {"externalId": "acme-shipment-1", "item": {"items": [{"orderLine": 1, "quantity": 1}]}}
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment", body)
    assert shop.record("itemFulfillment/eid:acme-shipment-1")["id"] == made
    assert shop.refused("POST", f"salesOrder/{order}/!transform/itemFulfillment", body)["status"] == 400
    assert shop.app.count("itemFulfillment") == 1


def test_links_and_packages_show_in_suiteql(shop: Shop) -> None:
    order = shop.order((11, 4))
    package = {"items": [{"packageTrackingNumber": "1Z999", "packageWeight": 2.5}]}
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment", {"package": package, "shipStatus": {"id": "C"}})
    rows = shop.rows("SELECT previousdoc, previousline, nextdoc, nextline, linktype FROM nexttransactionlinelink")
    assert rows == [
        {"previousdoc": order, "previousline": "1", "nextdoc": made, "nextline": "1", "linktype": "ShipRcpt"}
    ]
    assert shop.rows("SELECT nextdoc FROM nexttransactionlink WHERE previousdoc = ?", order) == [{"nextdoc": made}]
    rows = shop.rows(
        "SELECT n.trackingnumber FROM trackingnumbermap m JOIN trackingnumber n ON n.id = m.trackingnumber "
        "WHERE m.transaction = ?",
        made,
    )
    assert rows == [{"trackingnumber": "1Z999"}]
    rows = shop.rows("SELECT createdfrom FROM transactionline WHERE transaction = ? AND mainline = 'T'", made)
    assert rows == [{"createdfrom": order}]
    stock = shop.rows(
        "SELECT item, quantity, iscogs FROM transactionline WHERE transaction = ? AND isinventoryaffecting = 'T'", made
    )
    assert stock == [{"item": "11", "quantity": "-4", "iscogs": "F"}]
    assert shop.record(f"salesOrder/{order}")["linkedTrackingNumbers"] == "1Z999"


def test_picked_and_packed_do_not_ship(shop: Shop) -> None:
    order = shop.order((11, 4))
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment", {"shipStatus": "A"})
    assert (shop.letter(order), shop.level(11)) == ("B", (10, 6, 4))
    assert shop.rows("SELECT linktype FROM nexttransactionlink") == [{"linktype": "PickPack"}]
    assert shop.refused("POST", f"salesOrder/{order}/!transform/itemFulfillment", {})["status"] == 400
    shop.patch(f"itemFulfillment/{made}", {"shipStatus": {"id": "C"}})
    assert (shop.letter(order), shop.level(11)) == ("F", (6, 6, 0))
    rows = shop.rows("SELECT status, BUILTIN.DF(status) AS words FROM transaction WHERE id = ?", made)
    assert rows == [{"status": "C", "words": "Item Fulfillment : Shipped"}]


def test_a_removed_fulfilment_gives_the_goods_back(shop: Shop) -> None:
    order = shop.order((11, 4))
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment")
    assert shop.level(11) == (6, 6, 0)
    assert shop.send("DELETE", f"{RECORD}/itemFulfillment/{made}").status == 204
    assert (shop.letter(order), shop.level(11)) == ("B", (10, 6, 4))
    assert shop.rows("SELECT linktype FROM nexttransactionlink") == []


def test_without_advanced_shipping_a_fulfilment_makes_the_invoice_too(clock: SandboxClock) -> None:
    shop = shop_with(clock, advanced_shipping=False)
    order = shop.order((11, 4))
    shop.transform(f"salesOrder/{order}", "itemFulfillment", {"item": {"items": [{"orderLine": 1, "quantity": 3}]}})
    rows = shop.rows("SELECT foreigntotal FROM transaction WHERE type = 'CustInvc'")
    assert rows == [{"foreigntotal": "30"}]
    assert shop.letter(order) == "D"


def test_lot_items_insist_on_their_numbers(shop: Shop) -> None:
    order = shop.order((13, 5))
    path = f"salesOrder/{order}/!transform/itemFulfillment"
    refused = shop.refused("POST", path, {})
    assert refused["o:errorPath"] == "item.items[0].inventoryDetail"

    def detail(quantity: int) -> dict[str, Any]:
        numbers = [{"quantity": quantity, "issueInventoryNumber": {"id": "90"}}]
        line = {"orderLine": 1, "inventoryDetail": {"quantity": 5, "inventoryAssignment": {"items": numbers}}}
        return {"item": {"items": [line]}}

    assert shop.refused("POST", path, detail(4))["o:errorPath"] == "item.items[0].inventoryDetail"
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment", detail(5))
    line = shop.record(f"itemFulfillment/{made}")["item"]["items"][0]
    assert line["inventoryDetail"]["inventoryAssignment"]["items"][0]["issueInventoryNumber"]["refName"] == "L1"


def test_the_prefilled_form_makes_nothing(shop: Shop) -> None:
    order = shop.order((11, 4))
    accept = {"accept": "application/vnd.oracle.resource+json; type=create-form"}
    answer = shop.send("POST", f"{RECORD}/salesOrder/{order}/!transform/itemFulfillment", {}, headers=accept)
    assert answer.status == 200
    assert json.loads(answer.body)["item"]["items"][0]["quantity"] == 4
    assert shop.app.count("itemFulfillment") == 0


def test_a_wrong_state_is_refused(shop: Shop) -> None:
    pending = shop.order(orderStatus="A")
    for target in ("itemFulfillment", "invoice", "cashSale"):
        refused = shop.refused("POST", f"salesOrder/{pending}/!transform/{target}", {})
        assert (refused["o:errorCode"], "Pending Approval" in refused["detail"]) == ("USER_ERROR", True)
    billed = shop.order((14, 1))
    shop.transform(f"salesOrder/{billed}", "invoice")
    assert shop.refused("POST", f"salesOrder/{billed}/!transform/invoice", {})["status"] == 400


def test_a_transform_that_does_not_exist(shop: Shop) -> None:
    refused = shop.refused("POST", f"salesOrder/{shop.order()}/!transform/customerPayment", {})
    assert refused["status"] == 400


def test_an_invoice_takes_what_is_open_and_the_header(shop: Shop) -> None:
    order = shop.order((11, 4), shippingCost=6, otherRefNum="PO 7", memo="hello")
    first = shop.transform(f"salesOrder/{order}", "invoice", {"item": {"items": [{"orderLine": 1, "quantity": 1}]}})
    record = shop.record(f"invoice/{first}")
    assert (record["total"], record["otherRefNum"], record["memo"], record["dueDate"]) == (
        16,
        "PO 7",
        "hello",
        "2026-04-01",
    )
    assert (record["amountRemaining"], record["status"]["refName"], record["createdFrom"]["id"]) == (16, "Open", order)
    second = shop.record(f"invoice/{shop.transform(f'salesOrder/{order}', 'invoice')}")
    assert (second["total"], second["item"]["items"][0]["quantity"]) == (30, 3)


def test_billing_in_advance_can_be_off(clock: SandboxClock) -> None:
    shop = shop_with(clock, bill_in_advance=False)
    order = shop.order((11, 4))
    assert shop.refused("POST", f"salesOrder/{order}/!transform/invoice", {})["status"] == 400
    shop.transform(f"salesOrder/{order}", "itemFulfillment", {"item": {"items": [{"orderLine": 1, "quantity": 3}]}})
    invoice = shop.transform(f"salesOrder/{order}", "invoice")
    assert shop.record(f"invoice/{invoice}")["total"] == 30


def test_a_cash_sale_bills_the_order(shop: Shop) -> None:
    order = shop.order((14, 2))
    made = shop.transform(f"salesOrder/{order}", "cashSale", {"paymentMethod": "5"})
    assert shop.record(f"cashSale/{made}")["total"] == 40
    assert shop.letter(order) == "G"


def test_a_return_is_received_and_credited(shop: Shop) -> None:
    order = shop.order((11, 4))
    shop.transform(f"salesOrder/{order}", "itemFulfillment")
    shop.transform(f"salesOrder/{order}", "invoice")
    back = shop.transform(
        f"salesOrder/{order}", "returnAuthorization", {"item": {"items": [{"orderLine": 1, "quantity": 2}]}}
    )
    received = shop.transform(
        f"returnAuthorization/{back}", "itemReceipt", {"item": {"items": [{"orderLine": 1, "location": 1}]}}
    )
    assert shop.record(f"itemReceipt/{received}")["item"]["items"][0]["quantity"] == 2
    assert shop.level(11) == (8, 8, 0)
    memo = shop.transform(f"returnAuthorization/{back}", "creditMemo")
    assert shop.record(f"creditMemo/{memo}")["total"] == 20
    assert shop.record(f"returnAuthorization/{back}")["status"]["refName"] == "Refunded"


def test_a_fulfilment_is_made_by_transform_only(shop: Shop) -> None:
    refused = shop.refused("POST", "itemFulfillment", {"item": {"items": [{"item": "11", "quantity": 1}]}})
    assert refused["o:errorCode"] == "USER_ERROR"


def test_inventory_location_is_taken_for_all_lines(shop: Shop) -> None:
    order = shop.order((11, 1))
    made = shop.transform(f"salesOrder/{order}", "itemFulfillment", {"inventoryLocation": {"id": "2"}})
    assert shop.record(f"itemFulfillment/{made}")["item"]["items"][0]["location"]["id"] == "2"
    assert shop.level(11, 2) == (-1, -1, 0)
