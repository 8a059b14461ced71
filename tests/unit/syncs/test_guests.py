"""O2: which NetSuite customer a guest's order is booked on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from support.orders import order

from zoey_netsuite import (
    Account,
    ConfigurationError,
    CreateCustomer,
    FirstOf,
    FixedCustomer,
    Found,
    GuestStrategy,
    Hold,
    Lookup,
    MatchCustomer,
    NewCustomer,
    Order,
    Pass,
    Use,
)

GUEST = order(customer_id=None, customer_is_guest="1", customer_email=" Maria@Example.com ")


def found(strategy: GuestStrategy, order: Order, *rows: dict[str, Any]) -> Found:
    """All look-ups, with the rows that have their value."""

    def same(given: Any, lookup: Lookup) -> bool:
        return str(given) == lookup.value or (lookup.any_case and str(given).lower() == lookup.value.lower())

    return {lookup: [row for row in rows if same(row.get(lookup.field), lookup)] for lookup in strategy.needs(order)}


def test_a_customer_with_the_address_is_used() -> None:
    strategy = MatchCustomer()
    assert strategy.needs(GUEST) == [
        Lookup.netsuite("customer", "email", "Maria@Example.com", any_case=True),
        Lookup.netsuite("customer", "contact.email", "Maria@Example.com", any_case=True),
    ]
    assert MatchCustomer(contacts=False).needs(GUEST) == strategy.needs(GUEST)[:1]
    rows = [{"id": 7, "email": "maria@example.com", "isinactive": "F"}, {"id": 8, "email": "other@example.com"}]
    assert strategy.decide(GUEST, found(strategy, GUEST, *rows)) == Use("7")
    assert strategy.decide(GUEST, found(strategy, GUEST)) == Pass()


def test_several_are_a_question() -> None:
    """C3's spirit: never a guess."""
    strategy = MatchCustomer()
    rows = [{"id": 7, "email": "maria@example.com"}, {"id": 8, "email": "Maria@Example.com"}]
    held = strategy.decide(GUEST, found(strategy, GUEST, *rows))
    assert isinstance(held, Hold)
    assert "2 NetSuite customers have email 'Maria@Example.com' (7, 8)" in held.reason
    rows[1]["isinactive"] = "T"
    assert strategy.decide(GUEST, found(strategy, GUEST, *rows)) == Use("7")
    rows[0]["isinactive"] = "T"
    held = strategy.decide(GUEST, found(strategy, GUEST, *rows))
    assert isinstance(held, Hold)
    assert "is inactive" in held.reason


def test_any_other_field_may_tell_them_apart() -> None:
    strategy = MatchCustomer(by="custentity_tax", value=lambda order: order.custom.get("tax_number"))
    taxed = order(tax_number="AT-9")
    assert strategy.needs(taxed) == [Lookup.netsuite("customer", "custentity_tax", "AT-9")]
    assert strategy.decide(taxed, found(strategy, taxed, {"id": 3, "custentity_tax": "AT-9"})) == Use("3")
    assert (strategy.needs(GUEST), strategy.decide(GUEST, {})) == ([], Pass())


ADDRESS = {
    "address_type": "billing",
    "firstname": "Maria",
    "lastname": "Vega",
    "company": "Ridgeline",
    "telephone": "1",
}


def test_a_new_customer_is_known_by_its_address() -> None:
    """Two orders of one guest have one key, however the address is written."""
    made = CreateCustomer().decide(order(customer_email=" Maria@Example.com ", addresses=[ADDRESS]), {})
    assert isinstance(made, NewCustomer)
    assert made.key == "maria@example.com"
    account = made.account
    assert (account.name, account.is_person, account.last_name, account.currency) == ("Ridgeline", False, "Vega", "USD")
    made = CreateCustomer().decide(order(addresses=[{**ADDRESS, "company": ""}]), {})
    assert isinstance(made, NewCustomer)
    assert (made.account.name, made.account.is_person) == ("Maria Vega", True)
    made = CreateCustomer().decide(GUEST, {})
    assert isinstance(made, NewCustomer)
    assert made.account.name == "Maria@Example.com"
    own = CreateCustomer(mapper=lambda order: Account(f"Guest {order.number}")).decide(GUEST, {})
    assert own == NewCustomer(Account("Guest 100000012"), "maria@example.com")


def test_without_an_address_nobody_is_made() -> None:
    held = CreateCustomer().decide(order(customer_email=None), {})
    assert isinstance(held, Hold)
    assert "without an e-mail address" in held.reason


def test_a_fixed_customer() -> None:
    """As NetSuite limits a customer to its currencies, there may be one for each."""
    assert FixedCustomer("9").decide(GUEST, {}) == Use("9")
    strategy = FixedCustomer(by_currency={"USD": "9", "EUR": "10"})
    assert strategy.decide(order(order_currency_code="EUR"), {}) == Use("10")
    held = strategy.decide(order(order_currency_code="GBP"), {})
    assert isinstance(held, Hold)
    assert "a guest's in GBP, and there are guest customers for EUR, USD only" in held.reason
    for wrong in ("0014", "000", "13.0", "1.8E+1"):
        with pytest.raises(ConfigurationError, match=f"'{re.escape(wrong)}' is no internal id"):
            FixedCustomer(by_currency={"USD": wrong})
    for options in ({}, {"id": "1", "by_currency": {"USD": "1"}}):
        with pytest.raises(ConfigurationError, match="takes one customer, or by_currency"):
            FixedCustomer(**options)


def test_the_first_that_does_not_pass_decides() -> None:
    class Never(GuestStrategy):
        def needs(self, order: Order) -> Sequence[Lookup]:
            return [
                Lookup.netsuite("customer", "phone", "1"),
                Lookup.netsuite("customer", "email", "maria@example.com"),
            ]

        def decide(self, order: Order, found: Found) -> Pass:
            return Pass()

    strategy = FirstOf(Never(), MatchCustomer(), FixedCustomer("9"))
    assert len(strategy.needs(GUEST)) == 4
    row = {"id": 7, "email": "maria@example.com"}
    assert strategy.decide(GUEST, found(strategy, GUEST, row)) == Use("7")
    assert strategy.decide(GUEST, found(strategy, GUEST)) == Use("9")
    assert FirstOf(Never()).decide(GUEST, {}) == Pass()
    with pytest.raises(ConfigurationError, match="takes one strategy or more"):
        FirstOf()
