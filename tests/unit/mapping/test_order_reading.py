"""Orders as Zoey gives them, in the middle."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve
from support.orders import item, order, zoey_order

from zoey_netsuite import MapContext, MappingError, Money, Order, OrderMapper
from zoey_netsuite.engine.codec import from_json, to_json


def test_a_configurable_product_is_one_line() -> None:
    """O3: the variant says what it is, the parent what it costs."""
    made = order(
        item("1", "90", "12.50", "2", product_type="configurable", sku="SKU-17", tax_percent="19.0"),
        item("2", "17", "0", "2", parent_item_id="1"),
    )
    (line,) = made.lines
    assert (line.product_id, line.sku, line.zoey_id) == ("17", "SKU-17", "1")
    assert (line.unit_price, line.total, line.quantity) == (
        Money(Decimal("12.50"), "USD"),
        Money(Decimal("25.00"), "USD"),
        2,
    )
    assert (line.components, line.tax_rate) == ((), Decimal(19))


def test_a_bundle_keeps_its_parts() -> None:
    made = order(
        item("1", "90", "30.00", product_type="bundle"),
        item("2", "17", "0", "2", parent_item_id="1"),
        item("3", "18", "0", "1", parent_item_id="1"),
        item("4", "19"),
    )
    assert [[part.product_id for part in line.components] for line in made.lines] == [["17", "18"], []]


def test_a_row_without_a_total_is_made_of_price_and_quantity() -> None:
    """To the cent; a bundle without a price is what its parts come to."""
    single = order(item("1", "17", "1.3333", "3", row_total="4.00"))
    assert single.lines[0].total.amount == 4
    record = zoey_order(item("1", "17", "1.3335", "1"))
    bare = evolve(record, order_items=tuple(evolve(each, row_total=None) for each in record.order_items or ()))
    assert OrderMapper().from_zoey(bare, MapContext()).lines[0].total.amount == Decimal("1.33")
    record = zoey_order(item("1", "90", product_type="bundle"), item("2", "17", "7.50", "2", parent_item_id="1"))
    parent, part = record.order_items or ()
    bare = evolve(record, order_items=(evolve(parent, row_total=None, price=None), part))
    assert OrderMapper().from_zoey(bare, MapContext()).lines[0].total.amount == 15


def test_discounts_are_positive_however_they_are_written() -> None:
    made = order(item("1", "17", discount_amount="-1.50"), item("2", "18", discount_amount="0.50"))
    assert [line.discount.amount for line in made.lines] == [Decimal("1.50"), Decimal("0.50")]


def test_relations_and_shipping_tax_have_names() -> None:
    made = order(shipping="5", shipping_tax="0.95", relation_parent_id="11", relation_child_id="13", total_due="10.95")
    assert (made.parent_id, made.child_id) == ("11", "13")
    assert made.shipping_tax.amount == Decimal("0.95")
    assert made.custom["total_due"] == "10.95"
    assert "relation_parent_id" not in made.custom


@pytest.mark.parametrize(
    ("within", "shipping"), [(True, Decimal("5.50")), (False, Decimal("8.00"))], ids=["in shipping", "added"]
)
def test_handling_comes_from_an_attribute(within: bool, shipping: Decimal) -> None:
    """O4: it may be part of what Zoey calls shipping."""
    mapper = OrderMapper(handling_from="fee", handling_in_shipping=within)
    made = order(shipping="8.00", fee="2.50", mapper=mapper)
    assert (made.handling.amount, made.shipping.amount) == (Decimal("2.50"), shipping)
    assert order(shipping="8.00", fee="", mapper=mapper).handling == Money(Decimal(0), "USD")
    assert order(shipping="8.00", fee="2.50").handling.amount == 0
    with pytest.raises(MappingError, match=r"100000012 \(id 12\): fee is 'some'"):
        order(fee="some", mapper=mapper)


def test_an_order_without_a_currency_is_refused() -> None:
    with pytest.raises(MappingError, match="has no currency") as caught:
        order(order_currency_code=None)
    assert caught.value.field == "order_currency_code"


def test_an_order_survives_the_work_list() -> None:
    """It is kept as JSON between scan and apply, and must be the same when it is read again."""
    address = {"address_type": "shipping", "street": "1 Main St\nDock 4", "city": "Austin", "country_id": "US"}
    made = order(
        item("1", "90", "30.3333", "3", product_type="bundle", gift="yes"),
        item("2", "17", "1.10", "6", parent_item_id="1", tax_percent="8.25"),
        addresses=[address],
        shipping="5.55",
        total_due="12.3400",
        delivery_date="2026-04-01 00:00:00",
        tags=["a", "b"],
    )
    kept = to_json(made)
    assert from_json(kept, Order) == made
    assert to_json(from_json(kept, Order)) == kept
