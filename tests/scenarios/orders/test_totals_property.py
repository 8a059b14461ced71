"""O4: what the buyer was shown is what NetSuite computes, to the cent, or the difference is told by component.

Generated orders, placed in one sandbox, read, mapped, made in the other one and read back, all over HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from attrs import frozen
from hypothesis import event, given, settings
from hypothesis import strategies as st
from support.order_shop import (
    BUNDLE,
    CONFIGURABLE,
    CURRENCIES,
    DISCOUNT,
    FREIGHT,
    KIT,
    PART,
    SIMPLE,
    SURCHARGE,
    VARIANT,
    OrderShop,
)

from zoey_netsuite import OrderMapper, Table, everything
from zoey_netsuite.syncs.totals import differences, of_payload, of_record, of_zoey

ACCOUNTS: dict[str, dict[str, Any]] = {
    "no taxes": {"tax": "none"},
    "nineteen percent": {"tax": "suitetax", "tax_rate": Decimal(19)},
}


@pytest.fixture(scope="module", params=ACCOUNTS)
def shop(request: pytest.FixtureRequest) -> Iterator[OrderShop]:
    with OrderShop(**ACCOUNTS[request.param]) as running:
        yield running


def cents(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda amount: Decimal(amount).scaleb(-2))


PRICES = st.one_of(cents(1, 100_000), st.integers(1, 1_000_000).map(lambda amount: Decimal(amount).scaleb(-4)))
"""Of one piece: whole cents, and the fractions that price lists have (1.3333)."""

QUANTITIES = st.one_of(st.integers(1, 40).map(str), st.sampled_from(["0.5", "1.25", "2.3333"]))
PRODUCTS = (
    {"product_id": SIMPLE},
    {"product_id": VARIANT, "parent_id": CONFIGURABLE},
    {"product_id": PART, "parent_id": KIT},
    {"product_id": PART, "parent_id": BUNDLE},
)


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    price, quantity = draw(PRICES), draw(QUANTITIES)
    row = price * Decimal(quantity)
    line = {**draw(st.sampled_from(PRODUCTS)), "qty": quantity, "price": str(price)}
    line["discount_amount"] = str(draw(st.just(Decimal(0)) | cents(0, int(row * 50))))
    line["tax_amount"] = str(draw(st.just(Decimal(0)) | cents(0, int(row * 20))))
    if draw(st.booleans()):
        line["tax_percent"] = "19.0000"
    return line


@frozen
class Case:
    """An order, and how it is mapped."""

    items: list[dict[str, Any]]
    header: dict[str, str]
    parts: list[str]
    options: dict[str, Any]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    items = draw(st.lists(lines(), min_size=1, max_size=5))
    subtotal = sum(Decimal(line["price"]) * Decimal(line["qty"]) for line in items)
    shipping = draw(st.just(Decimal(0)) | cents(1, 9_999))
    handling = draw(cents(0, int(shipping * 100)))
    header = {
        "order_currency_code": draw(st.sampled_from(sorted(CURRENCIES))),
        "shipping_amount": str(shipping),
        "shipping_tax_amount": str(draw(st.just(Decimal(0)) | cents(0, int(shipping * 25)))),
        "discount_amount": str(draw(st.just(Decimal(0)) | cents(0, int(subtotal * 40)))),
        "handling_amount": str(handling),
    }
    options = {
        "discounts": draw(st.sampled_from(["order", "line"])),
        "discount_item": DISCOUNT,
        "shipping": draw(st.sampled_from(["cost", "line"])),
        "shipping_item": FREIGHT,
        "handling": draw(st.sampled_from(["cost", "line"])),
        "handling_item": SURCHARGE,
        "handling_from": draw(st.sampled_from([None, "handling_amount"])),
        "handling_in_shipping": draw(st.booleans()),
        "taxes": draw(st.sampled_from(["override", "override", "none", "netsuite"])),
        "tax_code": "7",
        "tax_type": "8",
        "currencies": draw(st.sampled_from([Table(), Table(CURRENCIES)])),
    }
    parts = draw(st.lists(st.sampled_from(["0", "0", "1.50", "7.3333"]), max_size=3))
    return Case(items, header, parts, options)


def must_agree(shop: OrderShop, case: Case) -> bool:
    """Whether the two sides say the same by the way the order is made and mapped."""
    taxed = any(Decimal(line["tax_amount"]) for line in case.items) or Decimal(case.header["shipping_tax_amount"])
    added = case.options["handling_from"] and not case.options["handling_in_shipping"]
    if added and Decimal(case.header["handling_amount"]):
        return False  # the store charges for handling within shipping
    taxes, computed = case.options["taxes"], shop.sandbox.netsuite.settings.tax == "suitetax"
    if not computed:
        return not taxed
    return taxes == "override" or (taxes == "none" and not taxed)


@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_the_same_total_to_the_cent_or_a_difference_by_component(shop: OrderShop, case: Case) -> None:
    if shop.sandbox.netsuite.settings.tax == "none":
        case.options["taxes"] = "netsuite"  # without SuiteTax an account does not know tax details
    mapper = OrderMapper(**case.options)
    order_id = shop.place(case.items, **case.header)
    order = shop.read(order_id, mapper, parts=case.parts)
    ctx = shop.found(order, mapper)
    payload = mapper.to_netsuite(order, everything(order), ctx)
    record = shop.create(order, payload)

    wanted, sent = of_zoey(order), of_payload(payload, order.total.currency, mapper.charges)
    made = of_record(record, mapper, ctx)
    shown, booked = shop.shown_total(order_id), Decimal(str(record["total"]))
    told = differences(wanted, made)

    # Never silently different: what the buyer was shown is what is booked, or the total is told.
    assert (shown != booked) == any(each.component == "total" for each in told)
    if must_agree(shop, case):
        assert told == ()
    # What is foreseen is what NetSuite makes of it.
    for name in ("lines", "discount", "shipping", "handling"):
        assert getattr(sent, name) == getattr(made, name), name
    if sent.tax is not None and shop.sandbox.netsuite.settings.tax == "suitetax":
        assert (sent.tax, sent.total) == (made.tax, made.total)
        assert differences(wanted, sent) == told
    # Components that agree make a total that agrees, unless Zoey's own do not add up to it.
    if {each.component for each in told} == {"total"}:
        assert wanted.sum != wanted.total
    event(f"differs in {', '.join(each.component for each in told) or 'nothing'}")
