"""O4: totals by component, where they differ, and what becomes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from support.orders import found, item, order, payload, sales_order

from zoey_netsuite import (
    ConfigurationError,
    FlagDifference,
    Hold,
    HoldOnDifference,
    MapContext,
    MappingError,
    OrderMapper,
    ReleaseAfterCheck,
    Table,
    Totals,
    TotalsPolicy,
)
from zoey_netsuite.engine.codec import to_json
from zoey_netsuite.mapping import Charges
from zoey_netsuite.syncs.totals import differences, of_payload, of_record, of_zoey

CHARGES = Charges("31", "32", "33")
ZOEY = Totals("USD", Decimal(100), Decimal(10), Decimal(5), Decimal(1), Decimal(19), Decimal(115))


def test_zoeys_totals_are_rounded_once() -> None:
    made = order(item("1", "17", "1.3333", "3"), shipping="5.0050", discount="0.0049")
    assert of_zoey(made) == Totals(
        "USD", Decimal("4.00"), Decimal("0.00"), Decimal("5.01"), Decimal(0), Decimal(0), Decimal("9.00")
    )


def test_what_is_sent_adds_up_before_it_is_sent() -> None:
    """Whichever way discounts and charges go, they count as what they are."""
    made = order(
        item("1", "17", "1.3333", "3", discount_amount="0.50", tax_amount="0.67"),
        shipping="6.25",
        shipping_tax="0.95",
        discount="0.20",
        fee="1.25",
        mapper=OrderMapper(handling_from="fee", handling_in_shipping=True),
    )
    assert of_zoey(made).handling == Decimal("1.25")
    rest: dict[str, Any] = {"discount_item": "31", "shipping_item": "32", "taxes": "override"}
    rest |= {"handling_item": "33", "tax_code": "7", "tax_type": "8"}
    for discounts in ("order", "line"):
        for charged in ("cost", "line"):
            mapper = OrderMapper(discounts=discounts, shipping=charged, handling=charged, **rest)
            assert of_payload(payload(mapper, made), "USD", mapper.charges) == of_zoey(made)


@pytest.mark.parametrize(
    ("currency", "price", "shipping", "amounts"),
    [("JPY", "1333.3333", "500.4", ("4000", "500")), ("KWD", "1.3333", "0.1261", ("4.000", "0.126"))],
)
def test_what_is_sent_has_the_decimals_of_its_currency(
    currency: str, price: str, shipping: str, amounts: tuple[str, str]
) -> None:
    """O4: yen have none, Kuwaiti dinars three; also where a bundle is split, and in the words for people."""
    parts = [item(id, "17", "0", "1", parent_item_id="1") for id in ("2", "3", "4")]
    row = str(Decimal(price) * 3)
    made = order(
        item("1", "90", price, "3", row_total=row, product_type="bundle"),
        *parts,
        shipping=shipping,
        order_currency_code=currency,
    )
    ctx = MapContext(found=found({"90": "", "17": "1017"}, **{currency: "9"}))
    sent = payload(OrderMapper(), made, ctx)
    amount, cost = (Decimal(each) for each in amounts)
    sums = of_payload(sent, currency, CHARGES)
    assert (sums.lines, sums.shipping, str(sent["shippingCost"])) == (amount, cost, amounts[1])
    places = of_zoey(made).lines.as_tuple().exponent
    assert {line["amount"].as_tuple().exponent for line in sent["item"]["items"]} == {places}
    assert differences(of_zoey(made), sums) == ()
    (told,) = differences(evolve(sums, shipping=cost + 1, total=None), sums)
    assert str(told).endswith(f"NetSuite {amounts[1]} {currency}")


def test_the_tax_is_open_where_netsuite_computes_it() -> None:
    """Then everything else is checked beforehand, Zoey's own sum included."""
    made = order(item("1", "17", tax_amount="1.90"))
    sent = of_payload(payload(OrderMapper(), made), "USD", CHARGES)
    assert (sent.tax, sent.total, sent.sum) == (None, None, None)
    assert differences(of_zoey(made), sent) == ()
    wrong = evolve(of_zoey(made), total=Decimal("11.91"))
    assert [str(each) for each in differences(wrong, sent)] == ["total: Zoey 11.91 USD, NetSuite 11.90 USD"]


def test_what_netsuite_makes_of_fields_that_a_user_changed() -> None:
    """No amount: quantity times rate; percentages of the line above, and of all lines."""
    rows = [
        {"item": "11", "quantity": 3, "rate": "1.335"},
        {"item": {"id": "31"}, "rate": "-10%"},
        {"item": {"id": "12"}, "rate": 2},
        {"item": {"id": "32"}, "amount": "4"},
    ]
    sent = {"item": {"items": rows}, "discountRate": "-50%", "shippingCost": 1, "handlingCost": 0.5}
    made = of_payload(sent, "USD", CHARGES)
    # 4.01 (4.005) + 2, less 0.40; half of 4.01 - 0.40 + 2 + 4
    assert (made.lines, made.discount) == (Decimal("6.01"), Decimal("0.40") + Decimal("4.81"))
    assert (made.shipping, made.handling) == (5, Decimal("0.50"))


def test_a_payload_that_was_kept_as_json_says_the_same() -> None:
    mapper = OrderMapper(taxes="override", tax_code="7", tax_type="8", discount_item="31")
    sent = payload(mapper, order(item("1", "17", "1.3333", "3", tax_amount="0.76"), discount="1.10"))
    assert of_payload(to_json(sent), "USD", mapper.charges) == of_payload(sent, "USD", mapper.charges)


@pytest.mark.parametrize("fields", [{"shippingCost": "much"}, {"discountRate": "ten"}])
def test_amounts_that_are_none_are_named(fields: dict[str, Any]) -> None:
    with pytest.raises(MappingError) as caught:
        of_payload(fields, "USD", CHARGES)
    assert caught.value.field == next(iter(fields))


def test_differences_are_told_by_component() -> None:
    found = evolve(ZOEY, tax=Decimal("18.99"), total=Decimal("114.99"))
    assert [str(each) for each in differences(ZOEY, found)] == [
        "tax: Zoey 19.00 USD, NetSuite 18.99 USD",
        "total: Zoey 115.00 USD, NetSuite 114.99 USD",
    ]
    assert differences(ZOEY, ZOEY) == ()
    assert differences(ZOEY, found, Decimal("0.01")) == ()
    assert differences(ZOEY, found, Decimal("0.009")) != ()


@pytest.mark.parametrize("component", ["lines", "discount", "shipping", "handling", "tax"])
def test_no_component_is_overlooked(component: Any) -> None:
    """Even where another one makes up for it, so that the total agrees."""
    found = evolve(ZOEY, **{component: getattr(ZOEY, component) + 1})
    assert [each.component for each in differences(ZOEY, found)] == [component]


def test_components_of_zoey_that_do_not_make_its_total_are_a_difference() -> None:
    """A gift card, a charge that nobody told us of."""
    odd = evolve(ZOEY, total=Decimal("90.00"))
    assert odd.sum == 115
    assert [each.component for each in differences(odd, ZOEY)] == ["total"]


def test_currencies_are_not_compared() -> None:
    with pytest.raises(MappingError, match="Zoey's order is in USD, NetSuite's in EUR"):
        differences(ZOEY, evolve(ZOEY, currency="EUR"))


def test_what_netsuite_computed() -> None:
    record = sales_order(shippingCost=5.0, taxTotal=1.9, total=16.9)
    mapper = OrderMapper(currencies=Table({"USD": "1"}))
    assert of_record(record, mapper, MapContext()) == Totals(
        "USD", Decimal(10), Decimal(0), Decimal(5), Decimal(0), Decimal("1.90"), Decimal("16.90")
    )


# Policies


DIFFERING = differences(ZOEY, evolve(ZOEY, tax=Decimal("18.99")))


def test_hold() -> None:
    policy = HoldOnDifference()
    assert (policy.before("order 7", ()), policy.after("order 7", ())) == ({}, {})
    for decision in (policy.before("order 7", DIFFERING), policy.after("order 7", DIFFERING)):
        assert isinstance(decision, Hold)
        assert decision.cause == "totals differ"
        assert decision.reason.startswith(
            "order 7: NetSuite does not come to what Zoey does: tax: Zoey 19.00 USD, NetSuite 18.99 USD. Correct"
        )
    assert not policy.starts_pending


def test_flag() -> None:
    policy = FlagDifference("custbody_difference")
    words = {"custbody_difference": "tax: Zoey 19.00 USD, NetSuite 18.99 USD"}
    assert (policy.before("order 7", DIFFERING), policy.after("order 7", DIFFERING)) == (words, words)
    assert (policy.before("order 7", ()), policy.after("order 7", ())) == ({}, {"custbody_difference": None})


def test_release_after_check() -> None:
    policy = ReleaseAfterCheck()
    assert policy.starts_pending
    assert policy.before("order 7", ()) == {}
    assert policy.after("order 7", ()) == {"orderStatus": {"id": "B"}}
    assert isinstance(policy.before("order 7", DIFFERING), Hold)
    held = policy.after("order 7", DIFFERING)
    assert isinstance(held, Hold)
    assert held.reason.endswith("It stays in pending approval")


def test_a_tolerance_is_an_amount() -> None:
    policy: TotalsPolicy = HoldOnDifference(tolerance=Decimal("0.01"))
    assert policy.tolerance == Decimal("0.01")
    for wrong in (0.01, Decimal(-1), Decimal("NaN"), "0.01"):
        with pytest.raises(ConfigurationError, match="tolerance is an amount of 0 or more"):
            FlagDifference("custbody_a", tolerance=wrong)  # type: ignore[arg-type]
