"""Before going live, and looking after it: check, verify, single records, dry runs, the attention list (G5, E4, E9)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from support.trade import CUSTOMER, Trade
from support.warranties import dump

from zoey_netsuite import (
    CheckFailed,
    ConfigurationError,
    CreateCustomer,
    FirstOf,
    FixedCustomer,
    GuestStrategy,
    Integration,
    MatchCustomer,
    OrderMapper,
    Table,
    computed,
    constant,
)
from zoey_netsuite.sandbox.exchange import Answer, Request


def mapped(trade: Trade, **options: Any) -> Integration:
    return trade.orders(sync=trade.order_sync(mapper=OrderMapper(**{"currencies": Table({"USD": "1"}), **options})))


class TestCheck:
    """G5: each thing that is missing, by name, with what to do; nothing is written."""

    def test_nothing_is_missing(self, trade: Trade) -> None:
        trade.place()
        trade.reset_calls()
        assert str(mapped(trade).check()) == "nothing is missing"
        assert trade.writes() == 0

    def test_a_custom_field(self, trade: Trade) -> None:
        """Of the header and of lines; fields of NetSuite's own are not asked for."""
        fields = [constant("custbody_nowhere", "x"), constant("custbody_source", "x"), constant("memo", "x")]
        lines = [computed("custcol_nowhere", lambda line, ctx: line.sku)]
        findings = mapped(trade, fields=fields, line_fields=lines).check()
        assert [error.what.partition(" on ")[0] for error in findings.errors] == [
            "there is no field custbody_nowhere",
            "there is no field custcol_nowhere",
        ]
        with pytest.raises(CheckFailed, match="custbody_nowhere"):
            findings.raise_for_errors()

    def test_a_permission(self, trade: Trade) -> None:
        trade.sandbox.netsuite.app.role.withdraw("Setup -> REST Web Services")
        (error,) = mapped(trade).check().errors
        assert "REST Web Services" in str(error)

    def test_what_the_mapping_does_not_know(self, trade: Trade) -> None:
        """A ship method, an item, a buyer, guests: each by name, and how many orders it holds."""
        with trade.sandbox.zoey.acting() as app:
            app.set_product(104, netsuite_id="")
        trade.sandbox.seed({"netsuite": {"shipItem": [{"id": "4", "itemId": "Ground"}]}})
        trade.place(shipping_method="pigeon")
        trade.place((104, 1), shipping_method="ups")
        trade.place(customer=2, shipping_method="ups")
        trade.place(customer=None, shipping_method="ups")
        findings = mapped(trade, ship_methods=Table({"ups": "4"})).check()
        text = str(findings)
        assert not findings.errors
        for words in (
            "2 of 4 orders can't be mapped",
            "pigeon",
            "SKU-4",
            "1 of 4 orders are of people whose NetSuite customer is not known: bob@example.com",
            "1 of 4 orders are guests'",
        ):
            assert words in text, text
        assert all(finding.remedy for finding in findings)

    def test_ids_that_netsuite_does_not_have(self, trade: Trade) -> None:
        """Of each table and option: by name, before the first order needs one."""
        with trade.sandbox.netsuite.acting() as app:
            app.seed({"shipItem": [{"id": "4", "itemId": "Ground"}, {"id": "5", "itemId": "Air", "isInactive": True}]})
        tables: dict[str, Any] = {
            "ship_methods": Table({"ups": "4", "air": "5", "dhl": "77", "none": None}, otherwise="88"),
            "terms": Table({"netterm": "99"}),
            "payment_methods": Table({"checkmo": "Check"}),
            "currencies": Table({"USD": "1", "EUR": "66"}),
        }
        guests = FirstOf(MatchCustomer(), FixedCustomer(by_currency={"USD": CUSTOMER, "EUR": "555"}))
        mapper = OrderMapper(**tables, discount_item="9001", shipping_item="9999")
        findings = trade.orders(sync=trade.order_sync(mapper=mapper, guests=guests)).check()
        lacks = "or the role may not see it:"
        assert [error.what for error in findings.errors] == [
            f"NetSuite has no such shipping item, {lacks} ship_methods maps 'dhl' to 77, ship_methods maps all others"
            " to 88",
            f"NetSuite has no such payment term, {lacks} terms maps 'netterm' to 99",
            f"NetSuite has no such payment method, {lacks} payment_methods maps 'checkmo' to Check",
            f"NetSuite has no such currency, {lacks} currencies maps 'EUR' to 66",
            f"NetSuite has no such item, {lacks} shipping_item is 9999",
            f"NetSuite has no such customer, {lacks} FixedCustomer names 555",
        ]
        (warning,) = [finding for finding in findings if finding.level == "warning"]
        assert warning.what == "this shipping item is inactive: ship_methods maps 'air' to 5"

    def test_a_list_that_the_role_may_not_see(self, trade: Trade) -> None:
        """It can't be told, which is no error."""
        mapper = OrderMapper(currencies=Table({"USD": "1"}), terms=Table({"netterm": "1"}))
        integration = trade.orders(sync=trade.order_sync(mapper=mapper))
        before = trade.sandbox.netsuite.app.handle

        def blind(request: Request) -> Answer:
            if b"FROM term" in request.body:
                problem = {
                    "detail": "Invalid search query. Record 'term' was not found.",
                    "o:errorCode": "INVALID_PARAMETER",
                }
                return Answer.of({"title": "Bad Request", "status": 400, "o:errorDetails": [problem]}, 400)
            return before(request)

        trade.sandbox.netsuite.app.handle = blind  # type: ignore[method-assign]
        (finding,) = integration.check()
        assert finding.level == "warning"
        assert "whether NetSuite has the payment terms that are named can't be told" in finding.what

    @pytest.mark.parametrize("guests", [CreateCustomer(), FirstOf(MatchCustomer(), CreateCustomer())])
    def test_customers_that_are_not_made_yet(self, trade: Trade, guests: GuestStrategy) -> None:
        """O2: not built yet, and said so before the first guest orders."""
        (finding,) = trade.orders(sync=trade.order_sync(guests=guests)).check()
        assert finding.level == "warning"
        assert "customers are not made for guests" in finding.what
        assert "FixedCustomer" in finding.remedy

    def test_orders_that_are_none_of_ours_are_not_looked_at(self, trade: Trade) -> None:
        trade.place(customer=None)
        sync = trade.order_sync(start_at=trade.clock.now() + timedelta(days=1))
        assert str(trade.orders(sync=sync).check()) == "nothing is missing"


class TestVerify:
    """E9: both sides read in full."""

    def test_each_way_of_not_agreeing(self, trade: Trade) -> None:
        dear, gone, nameless, fine = (trade.place() for _ in range(4))
        integration = trade.orders()
        integration.run().raise_for_failure()
        trade.change(trade.sales_order(dear)["id"], shippingCost=6)
        gone_id = trade.sales_order(gone)["id"]
        with trade.sandbox.netsuite.acting() as app:
            app.delete("salesOrder", gone_id)
        with trade.sandbox.zoey.acting() as app:
            app.change_order(nameless, netsuite_number="")
        trade.reset_calls()

        found = {each.zoey_id: each for each in integration.verify("orders")}

        assert set(found) == {dear, gone, nameless}
        assert (found[dear].field, found[dear].expected, found[dear].actual) == ("total", "30.0000", "31")
        assert found[gone].actual == "gone from NetSuite"
        assert found[gone].netsuite_id == gone_id
        assert found[nameless].field == "netsuite_number"
        assert str(found[dear]).startswith("orders: total of order 10")
        assert trade.writes() == 0
        assert fine not in found

        # The number is mended by a look at that order; what is gone is not made again.
        integration.sync_one("orders", zoey_id=nameless).raise_for_failure()
        integration.sync_one("orders", zoey_id=gone).raise_for_failure()
        assert trade.number_shown(nameless)
        assert len(trade.sales_orders()) == 3
        assert {each.zoey_id for each in integration.verify("orders")} == {dear, gone}


class TestOneRecord:
    """G1, E9."""

    def test_by_either_id(self, trade: Trade) -> None:
        order, other = trade.place(), trade.place()
        integration = trade.orders()
        report = integration.sync_one("orders", zoey_id=order)
        assert report.count("created") == 1
        assert set(trade.sales_orders()) == {f"acme-order-{order}"}
        made = trade.sales_order(order)["id"]
        trade.reset_calls()
        assert integration.sync_one("orders", netsuite_id=made).count("created") == 0
        assert integration.sync_one("orders", zoey_id=order).count("created") == 0
        assert trade.writes() == 0
        integration.run().raise_for_failure()
        assert len(trade.sales_orders()) == 2
        assert f"acme-order-{other}" in trade.sales_orders()

    def test_ids_that_nobody_knows(self, trade: Trade) -> None:
        trade.place()
        integration = trade.orders()
        assert "not found" in str(integration.sync_one("orders", zoey_id="999"))
        assert integration.sync_one("orders", netsuite_id="999").count("created") == 0
        with pytest.raises(ConfigurationError, match="exactly one"):
            integration.sync_one("orders")
        assert not trade.sales_orders()


def test_a_dry_run(trade: Trade) -> None:
    """E4: everything that would be written, as text and as data, and nothing is: not even to the store."""
    order = trade.place()
    trade.place(customer=2)
    integration = trade.orders(sync=trade.order_sync(statuses={"pending_fulfillment": "pending_approval"}))
    integration.attention.list()
    before = dump(trade)
    trade.reset_calls()

    report = integration.run(dry_run=True)

    assert trade.writes() == 0
    assert dump(trade) == before
    assert (report.count("created"), report.count("held")) == (1, 1)
    lines = [plan.text for plan in report.planned]
    assert lines == [
        f"create salesOrder acme-order-{order} in NetSuite",
        "look again at what is there then, and decide anew",
    ]
    assert "would look again" in str(report)
    assert "orders: 2 looked at, would create 1, would hold 1 (" in str(report)
    assert f"  would create salesOrder acme-order-{order} in NetSuite" in str(report)
    json.dumps(report.as_data(), default=str)
    assert integration.run().count("created") == 1


class TestAttention:
    """G4, E9: all that is needed to understand it, and what people can do about it."""

    def test_what_was_sent_and_answered(self, trade: Trade) -> None:
        """A refusal keeps the request, the answer and the order; a note stays with it."""
        order = trade.place()
        trade.sandbox.netsuite.app.update("inventoryItem", 1, {"isInactive": True})
        integration = trade.orders()
        integration.run().raise_for_failure()
        (item,) = integration.attention.list()
        evidence = json.dumps(item.evidence)
        assert f"acme-order-{order}" in evidence
        assert "Invalid Field Value 1 for the following field: item" in evidence
        assert "secret" not in evidence.lower()
        integration.attention.note(item, "asked purchasing")
        (exported,) = integration.attention.export()
        assert exported["note"] == "asked purchasing"
        assert exported["data"]["order"]["zoey_id"] == order

        integration.attention.retry(everything=True)
        trade.later(minutes=5)
        integration.run()
        (item,) = integration.attention.list()
        assert item.note == "asked purchasing"
        assert item.attempts == 2
        assert len(item.history) == 2

    def test_the_same_trouble_is_one_question(self, trade: Trade) -> None:
        for _ in range(5):
            trade.place(customer=2)
        trade.place(customer=None)
        integration = trade.orders()
        integration.run().raise_for_failure()
        assert [(one.cause, one.count) for one in integration.attention.questions()] == [
            ("unknown customer", 5),
            ("guest", 1),
        ]
        with pytest.raises(ConfigurationError, match="no question"):
            integration.attention.resolve(cause="guest")
        assert integration.attention.dismiss(cause="unknown customer") == 5
        assert [one.cause for one in integration.attention.list()] == ["guest"]

    def test_held_for_a_year(self, trade: Trade) -> None:
        """G6: it never expires, and its age can be told."""
        trade.place(customer=2)
        integration = trade.orders()
        integration.run().raise_for_failure()
        for _ in range(4):
            trade.later(days=91)
            integration.run().raise_for_failure()
        (item,) = integration.attention.list()
        assert item.first_at is not None
        assert (trade.clock.now() - item.first_at).days >= 364
