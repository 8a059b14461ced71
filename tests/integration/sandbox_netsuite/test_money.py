"""Payments, deposits, credit memos and refunds, and what each leaves open."""

from __future__ import annotations

import pytest
from support.netsuite_shop import RECORD, Shop


@pytest.fixture
def invoice(shop: Shop) -> str:
    return shop.transform(f"salesOrder/{shop.order((14, 5))}", "invoice")


def open_of(shop: Shop, invoice: str) -> tuple[float, str]:
    record = shop.record(f"invoice/{invoice}")
    return record["amountRemaining"], record["status"]["refName"]


def test_a_payment_takes_what_is_open(shop: Shop, invoice: str) -> None:
    assert open_of(shop, invoice) == (100, "Open")
    made = shop.transform(f"invoice/{invoice}", "customerPayment", {"paymentMethod": "2"})
    assert open_of(shop, invoice) == (0, "Paid In Full")
    record = shop.record(f"customerPayment/{made}")
    assert (record["payment"], record["unapplied"], record["apply"]["items"][0]["doc"]["id"]) == (100, 0, invoice)
    rows = shop.rows("SELECT foreignamountunpaid, status FROM transaction WHERE id = ?", invoice)
    assert rows == [{"foreignamountunpaid": "0", "status": "B"}]


def test_partial_payments_and_their_removal(shop: Shop, invoice: str) -> None:
    lines = {"items": [{"doc": {"id": invoice}, "apply": True, "amount": 30}]}
    made = shop.create("customerPayment", {"customer": "501", "payment": 50, "apply": lines})
    assert open_of(shop, invoice) == (70, "Open")
    assert shop.record(f"customerPayment/{made}")["unapplied"] == 20
    shop.patch(f"customerPayment/{made}", {"apply": {"items": [{"doc": {"id": invoice}, "amount": 50}]}})
    assert open_of(shop, invoice) == (50, "Open")
    shop.send("DELETE", f"{RECORD}/customerPayment/{made}")
    assert open_of(shop, invoice) == (100, "Open")


@pytest.mark.parametrize("amount", [100.01, 0, -5])
def test_no_more_than_is_open_and_nothing_below_a_cent(shop: Shop, invoice: str, amount: float) -> None:
    lines = {"items": [{"doc": {"id": invoice}, "apply": True, "amount": amount}]}
    refused = shop.refused("POST", "customerPayment", {"customer": "501", "apply": lines})
    assert refused["o:errorPath"] == "apply.items[0].amount"


def test_another_customer_s_invoice_is_no_target(shop: Shop, invoice: str) -> None:
    body = {"customer": "502", "apply": {"items": [{"doc": {"id": invoice}, "apply": True}]}}
    assert shop.refused("POST", "customerPayment", body)["o:errorPath"] == "apply.items[0].doc"


def test_a_paid_invoice_can_t_be_paid_again(shop: Shop, invoice: str) -> None:
    shop.transform(f"invoice/{invoice}", "customerPayment")
    assert "Paid In Full" in shop.refused("POST", f"invoice/{invoice}/!transform/customerPayment", {})["detail"]


def test_a_deposit_is_applied_to_an_invoice(shop: Shop, invoice: str) -> None:
    order = shop.record(f"invoice/{invoice}")["createdFrom"]["id"]
    deposit = shop.create("customerDeposit", {"customer": "501", "salesOrder": {"id": order}, "payment": 60})
    rows = shop.rows(
        "SELECT nextdoc, linktype FROM nexttransactionlink WHERE previousdoc = ? AND nexttype = 'CustDep'", order
    )
    assert rows == [{"nextdoc": deposit, "linktype": "OrdDep"}]
    apply = {"items": [{"doc": {"id": invoice}, "apply": True}]}
    made = shop.create("depositApplication", {"deposit": {"id": deposit}, "apply": apply})
    assert shop.record(f"depositApplication/{made}")["applied"] == 60
    assert open_of(shop, invoice) == (40, "Open")
    assert shop.record(f"customerDeposit/{deposit}")["status"]["refName"] == "Fully Applied"
    assert "payment" in shop.refused("POST", "customerDeposit", {"customer": "501"})["detail"].lower()


def test_a_credit_memo_of_an_invoice_must_name_it(shop: Shop, invoice: str) -> None:
    refused = shop.refused("POST", f"invoice/{invoice}/!transform/creditMemo", {})
    assert (refused["o:errorCode"], refused["o:errorPath"]) == ("USER_ERROR", "apply")
    apply = {"items": [{"doc": {"id": invoice}, "apply": True, "amount": 100}]}
    memo = shop.transform(f"invoice/{invoice}", "creditMemo", {"apply": apply})
    assert open_of(shop, invoice) == (0, "Paid In Full")
    assert shop.record(f"creditMemo/{memo}")["status"]["refName"] == "Fully Applied"


def test_credit_memos_and_deposits_are_refunded(shop: Shop) -> None:
    memo = shop.create("creditMemo", {"entity": "501", "item": {"items": [{"item": "14", "quantity": 2}]}})
    assert shop.record(f"creditMemo/{memo}")["unapplied"] == 40
    refund = shop.transform(f"creditMemo/{memo}", "customerRefund", {"paymentMethod": "2"})
    assert shop.record(f"customerRefund/{refund}")["total"] == 40
    assert shop.record(f"creditMemo/{memo}")["unapplied"] == 0
    deposit = shop.create("customerDeposit", {"customer": "501", "payment": 25})
    lines = {"items": [{"doc": {"id": deposit}, "apply": True}]}
    again = shop.create("customerRefund", {"customer": "501", "paymentMethod": "2", "apply": lines})
    assert shop.record(f"customerRefund/{again}")["total"] == 25
    assert shop.record(f"customerDeposit/{deposit}")["status"]["refName"] == "Fully Applied"
    assert "at least one" in shop.refused("POST", "customerRefund", {"customer": "501"})["detail"]


def test_a_cash_refund_of_a_cash_sale(shop: Shop) -> None:
    sale = shop.transform(f"salesOrder/{shop.order((14, 2))}", "cashSale")
    refund = shop.transform(f"cashSale/{sale}", "cashRefund")
    assert shop.record(f"cashRefund/{refund}")["total"] == 40
    rows = shop.rows(
        "SELECT quantity, foreignamount FROM transactionline WHERE transaction = ? AND mainline = 'F'", refund
    )
    assert rows == [{"quantity": "2", "foreignamount": "40"}]
