"""Sums to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoey_netsuite.sandbox.netsuite.errors import Refusal
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.sums import cents, exact, line_amounts, plain, share, totals


@pytest.mark.parametrize(
    ("value", "expected"), [("1.005", "1.01"), ("-1.005", "-1.01"), ("2.675", "2.68"), ("1.004", "1.00")]
)
def test_halves_go_away_from_zero(value: str, expected: str) -> None:
    assert cents(Decimal(value)) == Decimal(expected)


@pytest.mark.parametrize(("text", "expected"), [("-10%", "-4.00"), ("-2.5", "-2.50"), (-3, "-3.00"), ("12.5%", "5.00")])
def test_a_share_is_a_percentage_or_an_amount(text: object, expected: str) -> None:
    assert share(text, Decimal(40)) == Decimal(expected)


def test_a_share_of_nothing_known_is_refused() -> None:
    with pytest.raises(Refusal, match="discountRate"):
        share("a lot", Decimal(40))


def test_a_discount_line_takes_its_share_of_the_line_above() -> None:
    lines = [{"line": 1, "quantity": 2, "rate": 10}, {"line": 2, "rate": "-25%"}, {"line": 3, "quantity": 1, "rate": 1}]
    line_amounts(lines, {}, lambda line: None)
    assert [line["amount"] for line in lines] == [20, -5, 1]


def test_a_changed_quantity_makes_a_new_amount_and_an_unchanged_one_keeps_it() -> None:
    old = {"1": {"line": 1, "quantity": 3, "rate": 3.33, "amount": 10}}
    kept = [{"line": 1, "quantity": 3, "rate": 3.33, "amount": 10}]
    line_amounts(kept, old, lambda line: None)
    assert kept[0]["amount"] == 10
    changed = [{"line": 1, "quantity": 6, "rate": 3.33, "amount": 10}]
    line_amounts(changed, old, lambda line: None)
    assert changed[0]["amount"] == 19.98


money = st.decimals(min_value=0, max_value=10_000, places=2)


@given(
    st.lists(st.tuples(st.integers(min_value=1, max_value=99), money), min_size=1, max_size=8),
    money,
    st.decimals(min_value=0, max_value=30, places=3),
)
def test_the_total_is_the_sum_of_its_parts(lines: list[tuple[int, Decimal]], shipping: Decimal, rate: Decimal) -> None:
    settings = NetSuiteSettings(machines=(), tax="suitetax", tax_rate=rate)
    made = [{"line": number, "quantity": q, "rate": float(r)} for number, (q, r) in enumerate(lines)]
    line_amounts(made, {}, lambda line: None)
    sums = totals({"shippingCost": float(shipping)}, made, settings, None)
    parts = exact(sums["subtotal"]) + exact(sums["discountTotal"]) + shipping + exact(sums["taxTotal"])
    assert exact(sums["total"]) == parts
    assert exact(sums["subtotal"]) == sum((q * r for q, r in lines), Decimal(0))
    assert plain(cents(parts)) == sums["total"]
