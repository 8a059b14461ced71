"""Effects on NetSuite, in a small sync of a user's own: made once, brought about, or left to a person (O1, O7, D1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from support.chores import chores
from support.trade import CUSTOMER, Trade

from zoey_netsuite import (
    CloseLines,
    CreateRecord,
    Effect,
    Integration,
    Ref,
    TransformRecord,
    UpdateRecord,
)
from zoey_netsuite.sandbox import Fault


def enter(trade: Trade, *quantities: int) -> str:
    """Somebody enters a sales order in NetSuite."""
    lines = [{"item": str(number), "quantity": quantity} for number, quantity in enumerate(quantities or (2,), start=1)]
    record = {"entity": CUSTOMER, "item": {"items": [{**line, "rate": 10, "location": "1"} for line in lines]}}
    return str(trade.erp.create("salesOrder", record))


def settle(trade: Trade, made: Integration) -> None:
    for _ in range(4):
        made.run()
        trade.later(minutes=5)


def count(trade: Trade, kind: str) -> int:
    with trade.sandbox.netsuite.acting() as app:
        return app.count(kind)


def invoice(order: str, external_id: str = "acme-invoice-1") -> TransformRecord:
    return TransformRecord(
        source="salesOrder", id=order, into="invoice", changes={"memo": "by us"}, external_id=external_id
    )


class TestTransformRecord:
    def test_an_invoice_of_a_sales_order_once(self, trade: Trade) -> None:
        order = enter(trade)
        made = chores(trade, lambda _: [invoice(order)])
        for _ in range(3):
            made.run().raise_for_failure()
            trade.later(minutes=5)
        assert count(trade, "invoice") == 1
        record = trade.erp.record("invoice", external_id="acme-invoice-1")
        assert record.get("memo") == "by us [acme ZOEY invoice 1]"
        assert not made.attention.list()

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_its_answer_is_lost(self, trade: Trade, when: Any) -> None:
        """D1: found again by its external id; a second invoice of what is left is never made."""
        order = enter(trade, 2)
        trade.sandbox.netsuite.faults.add(Fault("reset", when=when, method="POST", path="/!transform/invoice"))
        made = chores(trade, lambda _: [invoice(order)])
        settle(trade, made)
        assert count(trade, "invoice") == 1
        assert not made.attention.list()

    def test_the_order_has_nothing_to_bill(self, trade: Trade) -> None:
        order = enter(trade)
        trade.bill(order)
        made = chores(trade, lambda _: [invoice(order)])
        made.run()
        (item,) = made.attention.list()
        assert item.state == "failed"
        assert order in item.message
        assert count(trade, "invoice") == 1


class TestCreateRecord:
    def task(self, external_id: str = "acme-customer-1", email: str = "new@example.com") -> CreateRecord:
        record = {"companyName": "New Ltd.", "subsidiary": "1", "email": email}
        return CreateRecord("customer", record, external_id=external_id, agree={"email": email})

    def test_the_external_id_is_something_elses(self, trade: Trade) -> None:
        """Held as a clash, with both values; once it is freed, a retry makes it."""
        other = {
            "companyName": "Other",
            "subsidiary": "1",
            "email": "other@example.com",
            "externalId": "acme-customer-1",
        }
        theirs = trade.erp.create("customer", other)
        made = chores(trade, lambda _: [self.task()])
        made.run().raise_for_failure()
        (item,) = made.attention.list()
        assert (item.state, item.cause) == ("held", "clash")
        assert "its email is other@example.com, not new@example.com" in item.message
        assert count(trade, "customer") == 2

        trade.erp.update("customer", str(theirs), {"externalId": "elsewhere"})
        made.attention.retry(everything=True)
        made.run().raise_for_failure()
        assert count(trade, "customer") == 3
        assert not made.attention.list()

    def test_it_lacks_what_must_agree(self, trade: Trade) -> None:
        """A clash, too."""
        trade.erp.create("customer", {"companyName": "X", "subsidiary": "1", "externalId": "acme-customer-1"})
        made = chores(trade, lambda _: [self.task()])
        made.run().raise_for_failure()
        (item,) = made.attention.list()
        assert (item.state, item.cause) == ("held", "clash")
        assert "its email is nothing, not new@example.com" in item.message

    def test_it_is_the_one(self, trade: Trade) -> None:
        """Made by us before, and forgotten: taken for what it is."""
        effect = self.task()
        trade.erp.create("customer", {**effect.record, "externalId": effect.external_id})
        made = chores(trade, lambda _: [effect])
        made.run().raise_for_failure()
        assert count(trade, "customer") == 2
        assert not made.attention.list()

    def test_one_refused_in_a_batch(self, trade: Trade) -> None:
        """The others are made."""

        def decide(number: str) -> Sequence[Effect]:
            record = {"companyName": f"C{number}", "subsidiary": "99" if number == "2" else "1"}
            return [CreateRecord("customer", record, external_id=f"acme-customer-{number}", batch=True)]

        made = chores(trade, decide, "1", "2", "3")
        made.run().raise_for_failure()
        assert count(trade, "customer") == 3
        (item,) = made.attention.list()
        assert (item.unit_id, item.state) == ("2", "failed")


class TestUpdateRecord:
    def test_what_is_expected_is_read_right_before(self, trade: Trade) -> None:
        """Another value there holds it, and nothing is written."""
        order = enter(trade)
        effect = UpdateRecord("salesOrder", order, {"memo": "ours"}, expect={"otherRefNum": "PO-1"})
        made = chores(trade, lambda _: [effect])
        made.run().raise_for_failure()
        (item,) = made.attention.list()
        assert item.state == "held"
        assert "otherRefNum is nothing, so nothing was changed" in item.message
        assert not trade.erp.record("salesOrder", order).get("memo")

        trade.change(order, otherRefNum="PO-1")
        made.attention.retry(everything=True)
        made.run().raise_for_failure()
        assert trade.erp.record("salesOrder", order).get("memo") == "ours"
        assert not made.attention.list()

    def test_it_is_so_already(self, trade: Trade) -> None:
        """Nothing is written, whatever was expected."""
        order = enter(trade)
        trade.change(order, memo="ours", otherRefNum="PO-9")
        effect = UpdateRecord("salesOrder", order, {"memo": "ours"}, expect={"otherRefNum": "PO-1"})
        made = chores(trade, lambda _: [effect])
        trade.reset_calls()
        made.run().raise_for_failure()
        assert trade.writes() == 0
        assert not made.attention.list()


class TestCloseLines:
    def lines(self, trade: Trade, order: str) -> list[bool]:
        return [bool(line.get("isClosed")) for line in trade.erp.record("salesOrder", order).lines()]

    def letter(self, trade: Trade, order: str) -> str:
        reference = trade.erp.record("salesOrder", order).reference("orderStatus")
        return reference.id if reference else ""

    def test_all(self, trade: Trade) -> None:
        """O7: which ends the order; again, nothing is written."""
        order = enter(trade, 2, 3)
        made = chores(trade, lambda _: [CloseLines(order)])
        made.run().raise_for_failure()
        assert self.lines(trade, order) == [True, True]
        assert self.letter(trade, order) == "H"
        trade.reset_calls()
        made.run().raise_for_failure()
        assert trade.writes() == 0

    def test_some(self, trade: Trade) -> None:
        order = enter(trade, 2, 3)
        second = trade.erp.record("salesOrder", order).lines()[1]["line"]
        made = chores(trade, lambda _: [CloseLines(order, [second])])
        made.run().raise_for_failure()
        assert self.lines(trade, order) == [False, True]
        assert self.letter(trade, order) == "B"

    @pytest.mark.parametrize("done", ["fulfilled", "billed"])
    def test_fulfilled_or_billed_already(self, trade: Trade, done: str) -> None:
        """A person decides, and nothing is closed."""
        order = enter(trade, 2, 3)
        if done == "fulfilled":
            trade.fulfill(order, quantity=1)
        else:
            trade.bill(order)
        made = chores(trade, lambda _: [CloseLines(order)])
        trade.reset_calls()
        made.run().raise_for_failure()
        (item,) = made.attention.list()
        assert (item.state, item.cause) == ("held", "fulfilled already")
        assert trade.writes() == 0

    def test_an_order_that_is_gone(self, trade: Trade) -> None:
        made = chores(trade, lambda _: [CloseLines("98765")])
        made.run().raise_for_failure()
        (item,) = made.attention.list()
        assert (item.state, item.cause) == ("failed", "not found")


class TestRef:
    def decide(self, number: str) -> Sequence[Effect]:
        """A customer, a sales order of theirs, an invoice of that, and a note of its id."""
        lines = {"items": [{"item": "1", "quantity": 1, "rate": 5}]}
        return [
            CreateRecord("customer", {"companyName": f"N{number}", "subsidiary": "1"}, external_id=f"acme-c-{number}"),
            CreateRecord(
                "salesOrder", {"entity": {"id": Ref("customer")}, "item": lines}, external_id=f"acme-so-{number}"
            ),
            TransformRecord(
                source="salesOrder",
                id=Ref("salesOrder"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
                into="invoice",
                external_id=f"acme-inv-{number}",
            ),
            UpdateRecord("customer", Ref("customer"), {"comments": Ref("invoice")}),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ]

    @pytest.mark.parametrize("lost", ["/customer", "/salesOrder", "/!transform/invoice", None])
    def test_each_of_what_the_ones_before_gave(self, trade: Trade, lost: str | None) -> None:
        """Also where one's answer was lost in between."""
        if lost is not None:
            trade.sandbox.netsuite.faults.add(Fault("reset", when="after", method="POST", path=lost))
        made = chores(trade, self.decide, "1", "2")
        settle(trade, made)
        assert not made.attention.list()
        assert (count(trade, "customer"), count(trade, "salesOrder"), count(trade, "invoice")) == (3, 2, 2)
        for number in "12":
            customer = trade.erp.record("customer", external_id=f"acme-c-{number}")
            order = trade.erp.record("salesOrder", external_id=f"acme-so-{number}")
            entity = order.reference("entity")
            assert entity is not None
            assert entity.id == customer.id
            bill = trade.erp.record("invoice", external_id=f"acme-inv-{number}")
            assert customer.get("comments") == bill.id

    def test_a_dry_run_shows_what_is_not_there_yet(self, trade: Trade) -> None:
        made = chores(trade, self.decide)
        trade.reset_calls()
        text = [plan.text for plan in made.run(dry_run=True).planned]
        assert trade.writes() == 0
        assert text[2] == "create invoice acme-inv-1 of salesOrder <salesOrder> in NetSuite"
        assert text[3] == "set comments to <invoice> of customer <customer> in NetSuite"

    def test_one_that_comes_later(self, trade: Trade) -> None:
        """A mistake of the sync's: that record has failed, and says so."""
        made = chores(trade, lambda _: [UpdateRecord("customer", Ref("customer"), {"comments": "x"})])  # type: ignore[arg-type]
        made.run().raise_for_failure()
        (item,) = made.attention.list()
        assert "does not come before it" in item.message


def test_an_orders_external_id_is_taken(trade: Trade) -> None:
    """Identity: a sales order that says nothing of this Zoey order is never taken for it, though it has the id."""
    order = trade.place()
    record = {"entity": CUSTOMER, "externalId": f"acme-order-{order}", "item": {"items": [{"item": "1", "rate": 1}]}}
    theirs = str(trade.erp.create("salesOrder", record))
    made = trade.orders()
    made.run().raise_for_failure()
    (item,) = made.attention.list()
    assert (item.state, item.cause) == ("held", "clash")
    assert f"(id {theirs})" in item.message
    assert count(trade, "salesOrder") == 1
    assert not trade.number_shown(order)
