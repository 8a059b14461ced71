"""Orders of guests, as far as they are carried: an existing customer, or a fixed one (O2)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from support.trade import Trade

from zoey_netsuite import (
    CreateCustomer,
    FirstOf,
    FixedCustomer,
    GuestStrategy,
    MatchCustomer,
    OrderSync,
)

PROGRAM = Path(__file__).parents[2] / "typing" / "program_orders.py"


def customers(trade: Trade, *rows: dict[str, Any]) -> None:
    """People whom NetSuite knows."""
    with trade.sandbox.netsuite.acting() as app:
        app.seed({"customer": [{"subsidiary": "1", "isPerson": True, "lastName": "Guest", **row} for row in rows]})


def guest(trade: Trade, **header: Any) -> str:
    return trade.place(customer=None, customer_is_guest=1, **header)


def run(trade: Trade, guests: GuestStrategy | None) -> Any:
    integration = trade.orders(sync=trade.order_sync(guests=guests))
    integration.run().raise_for_failure()
    return integration


@pytest.mark.parametrize("email", ["guest@example.com", "Guest@Example.COM"])
def test_matched_by_email(trade: Trade, email: str) -> None:
    """However the buyer wrote it; nothing is made but the order."""
    customers(trade, {"id": 601, "firstName": "Gail", "email": "guest@example.com"})
    order = guest(trade, customer_email=email)
    integration = run(trade, MatchCustomer())
    assert str(trade.sales_order(order)["entity"]) == "601"
    assert trade.number_shown(order)
    assert not integration.attention.list()


def test_matched_without_case_and_through_contacts(trade: Trade) -> None:
    """O2: NetSuite tells upper from lower case, and people do not. A contact's address is that of its customer, if both
    are active.
    """
    customers(
        trade,
        {"id": 601, "firstName": "John", "email": "John.Doe@Example.com"},
        {"id": 602, "firstName": "Old", "isInactive": True},
    )
    contacts = [
        {"company": 501, "email": "Ann@Ridgeline.example", "entityId": "Ann"},
        {"company": 601, "email": "JOHN.DOE@example.com", "entityId": "John"},
        {"company": 602, "email": "old@example.com", "entityId": "Old"},
        {"company": 501, "email": "gone@ridgeline.example", "entityId": "Gone", "isInactive": True},
    ]
    with trade.sandbox.netsuite.acting() as app:
        app.seed({"contact": [{"subsidiary": "1", **row} for row in contacts]})
    john, ann = (
        guest(trade, customer_email="john.doe@example.com"),
        guest(trade, customer_email="ann@RIDGELINE.example"),
    )
    old, gone = guest(trade, customer_email="OLD@example.com"), guest(trade, customer_email="gone@ridgeline.example")

    integration = run(trade, MatchCustomer())

    assert {str(trade.sales_order(john)["entity"]), str(trade.sales_order(ann)["entity"])} == {"601", "501"}
    assert str(trade.sales_order(john)["entity"]) == "601"
    held = {item.unit_id: item.message for item in integration.attention.list()}
    assert set(held) == {old, gone}
    assert "(602) is inactive" in held[old]
    assert "no customer was found" in held[gone]


def test_the_customer_id_says_who_bought(trade: Trade) -> None:
    """O1, O2: the guest flag counts for nothing where the order names a customer; without one it is a guest's."""
    flagged = trade.place(customer_is_guest=1)
    plain = trade.place(customer=None, customer_is_guest=None)
    zero = trade.place(customer=None, customer_is_guest=0)
    customers(trade, {"id": 601, "firstName": "Gail", "email": "guest@example.com"})
    integration = run(trade, MatchCustomer())
    assert [str(trade.sales_order(order)["entity"]) for order in (flagged, plain, zero)] == ["501", "601", "601"]
    assert not integration.attention.list()


def test_several_match(trade: Trade) -> None:
    """A question; merged in NetSuite and retried, it goes."""
    customers(
        trade,
        {"id": 601, "firstName": "Gail", "email": "guest@example.com"},
        {"id": 602, "firstName": "Gus", "email": "guest@example.com"},
    )
    order = guest(trade)
    integration = run(trade, FirstOf(MatchCustomer(), FixedCustomer("501")))
    assert not trade.sales_orders()
    (item,) = integration.attention.list()
    assert item.state == "held"
    assert "601, 602" in item.message

    with trade.sandbox.netsuite.acting() as app:
        app.merge_customers(602, 601)
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert str(trade.sales_order(order)["entity"]) == "601"
    assert not integration.attention.list()


def test_the_one_that_matches_is_inactive(trade: Trade) -> None:
    customers(trade, {"id": 601, "firstName": "Gail", "email": "guest@example.com", "isInactive": True})
    guest(trade)
    integration = run(trade, MatchCustomer())
    assert "activate it" in integration.attention.list()[0].message
    assert not trade.sales_orders()


def test_one_customer_for_all_guests(trade: Trade) -> None:
    orders = [guest(trade), guest(trade, customer_email="other@example.com")]
    run(trade, FixedCustomer("501"))
    assert {str(trade.sales_order(order)["entity"]) for order in orders} == {"501"}


def test_one_customer_by_currency(trade: Trade) -> None:
    """A currency without one is held, by name."""
    dollars, euros = guest(trade), guest(trade, order_currency_code="EUR")
    integration = run(trade, FixedCustomer(by_currency={"USD": "501"}))
    assert set(trade.sales_orders()) == {f"acme-order-{dollars}"}
    (item,) = integration.attention.list()
    assert (item.unit_id, item.cause) == (euros, "no guest customer for EUR")


def test_a_new_customer_is_not_made_yet(trade: Trade) -> None:
    """Held, with what to do; entered by hand and linked, it closes."""
    order = guest(trade)
    integration = run(trade, FirstOf(MatchCustomer(), CreateCustomer()))
    (item,) = integration.attention.list()
    assert item.state == "held"
    assert "customers are not made for guests yet" in item.message
    assert "link" in item.message
    assert trade.sandbox.netsuite.app.count("customer") == 1

    record = {"entity": "501", "currency": "1", "shippingCost": 5}
    lines = {"item": {"items": [{"item": "1", "quantity": 2, "rate": 12.5, "price": "-1"}]}}
    made = str(trade.erp.create("salesOrder", {**record, **lines}))
    integration.link("orders", zoey_id=order, netsuite_id=made)
    integration.run().raise_for_failure()
    assert not integration.attention.list()
    assert len(trade.sales_orders()) == 1
    assert trade.number_shown(order)


def test_nobody_says_who_is_billed(trade: Trade) -> None:
    guest(trade)
    integration = run(trade, FirstOf(MatchCustomer()))
    assert "no customer was found" in integration.attention.list()[0].message


def test_a_customer_that_is_gone(trade: Trade) -> None:
    """NetSuite's own words, and the order by name."""
    guest(trade)
    integration = run(trade, FixedCustomer("987"))
    (item,) = integration.attention.list()
    assert item.state == "failed"
    assert "987" in item.message


def program() -> Any:
    """Program 2 of the contract, as it stands."""
    spec = importlib.util.spec_from_file_location("program_orders", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestProgramTwo:
    """It runs as it stands, for registered customers and for guests that it finds."""

    def test_it_runs(self, trade: Trade) -> None:
        with trade.sandbox.netsuite.acting() as app:
            app.seed(
                {
                    "custom_fields": [
                        {"name": "custbody_needs_call", "record": "salesOrder", "type": "boolean"},
                        {"name": "custentity_tax_number", "record": "customer", "type": "text"},
                    ]
                }
            )
            app.seed({"shipItem": [{"id": number, "itemid": f"Ship {number}"} for number in (92, 4, 88)]})
        customers(trade, {"id": 601, "firstName": "Gail", "custentity_tax_number": "DE1"})
        customers(trade, *({"id": n, "firstName": f"G{n}", "custentity_tax_number": "DE2"} for n in (602, 603)))
        known = trade.place((101, 1000), shipping_method="ups_ground")
        found = guest(trade, tax_number="DE1", shipping_method="something_else")
        twice, new = guest(trade, tax_number="DE2"), guest(trade)
        sync: OrderSync = program().orders
        integration = trade.orders(sync=sync)

        assert integration.check().errors == ()
        integration.run().raise_for_failure()

        assert set(trade.sales_orders()) == {f"acme-order-{known}", f"acme-order-{found}"}
        first, second = trade.sales_order(known), trade.sales_order(found)
        assert (str(first["entity"]), first["custbody_needs_call"], str(first["shipMethod"])) == ("501", True, "4")
        assert (str(second["entity"]), str(second["shipMethod"])) == ("601", "88")
        assert not second.get("custbody_needs_call")
        held = {item.unit_id: item.message for item in integration.attention.list()}
        assert set(held) == {twice, new}
        assert "2 customers share tax number DE2" in held[twice]
