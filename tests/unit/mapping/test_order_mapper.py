"""O3, O4, O5: an order as a sales order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from support.orders import found, item, lines, order, payload, sales_order

from zoey_netsuite import (
    ConfigurationError,
    Lookup,
    MapContext,
    MappingError,
    Order,
    OrderLine,
    OrderMapper,
    Table,
    ZoeyAttributes,
    as_date,
    attribute,
    computed,
    constant,
    everything,
    field,
)
from zoey_netsuite.entities import ACCOUNT_OFFSET
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.netsuite.records import to_reference
from zoey_netsuite.state.store import JSON
from zoey_netsuite.syncs.totals import differences, of_payload, of_zoey


def test_a_plain_order() -> None:
    sent = payload(OrderMapper(), order(item("1", "17", "1.3333", "3"), shipping="5.5000", po_number="PO-7"))
    assert sent == {
        "memo": "Zoey order 100000012",
        "tranDate": "2026-03-02",
        "otherRefNum": "PO-7",
        "currency": {"id": "1"},
        "shippingCost": Decimal("5.50"),
        "item": {
            "items": [
                {
                    "item": {"id": "1017"},
                    "quantity": 3,
                    "price": {"id": "-1"},
                    "rate": Decimal("1.3333"),
                    "amount": Decimal("4.00"),
                }
            ]
        },
    }


def test_the_amount_is_zoeys_even_where_price_and_quantity_make_another() -> None:
    """O4: a store that rounds each piece charges 3.99 for three at 1.3333."""
    (line,) = lines(payload(OrderMapper(), order(item("1", "17", "1.3333", "3", row_total="3.9900"))))
    assert (line["rate"], line["amount"]) == (Decimal("1.3333"), Decimal("3.99"))


def test_the_day_is_the_accounts() -> None:
    """O4: half past three in the morning, UTC, is the day before in Los Angeles."""
    ctx = MapContext(found=found(), timezone=ZoneInfo("America/Los_Angeles"))
    assert payload(OrderMapper(), order(), ctx)["tranDate"] == "2026-03-01"


def test_the_day_of_an_account_whose_time_zone_is_not_known() -> None:
    """O4: by its offset of today, which is looked up; never by UTC."""
    known = {**found(), ACCOUNT_OFFSET: [{"minutes": -420}]}
    assert payload(OrderMapper(), order(), MapContext(found=known))["tranDate"] == "2026-03-01"
    del known[ACCOUNT_OFFSET]
    assert "tranDate" not in payload(OrderMapper(), order(), MapContext(found=known)), "NetSuite dates it"


def test_what_it_has_to_know() -> None:
    """O3: the products of all lines, parts included, and the currency unless a table names it."""
    made = order(
        item("1", "90", product_type="bundle"),
        item("2", "17", parent_item_id="1"),
        item("3", "17"),
        order_currency_code="EUR",
    )
    products = [Lookup.zoey("products", "entity_id", id) for id in ("90", "17")]
    assert OrderMapper().needs(made) == [*products, Lookup.netsuite("currency", "symbol", "EUR")]
    assert OrderMapper(currencies=Table({"EUR": "3"})).needs(made) == products


def test_what_was_not_looked_up_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ConfigurationError, match="products with entity_id '17' was not looked up"):
        payload(OrderMapper(), order(), MapContext(found=found({})))


def test_all_lines_without_an_item_are_named_at_once() -> None:
    """O3: with SKU, product and what to do; other lines do not hide them."""
    made = order(
        item("1", "17"),
        item("2", "18"),
        item("3", "90", product_type="bundle"),
        item("4", "19", parent_item_id="3"),
        item("5", "20"),
        item("6", "21", product_id=None),
    )
    known = found({"17": "1017", "18": "", "90": None, "19": "n/a"})
    ctx = MapContext(found={**known, Lookup.zoey("products", "entity_id", "20"): []})
    with pytest.raises(MappingError) as caught:
        payload(OrderMapper(), made, ctx)
    assert caught.value.field == "item"
    assert str(caught.value) == (
        "Zoey order 100000012 (id 12): 4 lines have no NetSuite item: SKU SKU-18 (product 18), SKU SKU-19 (product 19,"
        " whose netsuite_id is 'n/a', which is no internal id), SKU SKU-20 (product 20, which is not in Zoey any"
        " more), SKU SKU-21 (no product). Put the item's internal id into the products' attribute netsuite_id in Zoey,"
        " then retry the order"
    )


def test_the_attribute_has_the_merchants_name() -> None:
    """O3, I1."""
    rows = {Lookup.zoey("products", "entity_id", "17"): [{"erp_item": " 44 "}]}
    ctx = MapContext(found={**found(), **rows}, attributes=ZoeyAttributes(netsuite_id="erp_item"))
    assert lines(payload(OrderMapper(), order(), ctx))[0]["item"] == {"id": "44"}


def bundle(price: str = "30.00", *parts: dict[str, Any], **more: Any) -> Order:
    return order(item("1", "90", price, product_type="bundle", **more), *parts)


PARTS = (item("2", "17", "0", "2", parent_item_id="1"), item("3", "18", "0", "1", parent_item_id="1"))


def test_a_kit_goes_as_its_own_item() -> None:
    """O3: a bundle whose product has an item is that item, whatever its parts are."""
    ctx = MapContext(found=found({"90": "2090", "17": None, "18": None}))
    (line,) = lines(payload(OrderMapper(), bundle("30.00", *PARTS), ctx))
    assert (line["item"], line["quantity"], line["rate"], line["amount"]) == ({"id": "2090"}, 1, 30, 30)


def test_any_other_bundle_goes_as_its_parts() -> None:
    """O3: their quantities are totals already; a fixed price is shared by quantity, to the cent."""
    ctx = MapContext(found=found({"90": "", "17": "1017", "18": "1018"}))
    sent = lines(payload(OrderMapper(), bundle("10.00", *PARTS), ctx))
    assert [(line["item"]["id"], line["quantity"], line["amount"]) for line in sent] == [
        ("1017", 2, Decimal("6.67")),
        ("1018", 1, Decimal("3.33")),
    ]
    assert sent[0]["rate"] == Decimal("3.335")


def test_parts_with_prices_keep_them() -> None:
    """O4: and what a bundle is cheaper than its parts is shared by their prices; so are discount and tax."""
    ctx = MapContext(found=found({"90": "", "17": "1017", "18": "1018"}))
    parts = (
        item("2", "17", "10.00", "2", parent_item_id="1", tax_amount="1.90"),
        item("3", "18", "10.00", "1", parent_item_id="1", tax_amount="0.95"),
    )
    mapper = OrderMapper(taxes="override", tax_code="7", tax_type="8", discounts="line", discount_item="31")
    same = payload(mapper, bundle("30.00", *parts), ctx)
    assert [(line["rate"], line["amount"]) for line in lines(same)] == [(10, 20), (10, 10)]
    assert [detail["taxAmount"] for detail in same["taxDetails"]["items"]] == [Decimal("1.90"), Decimal("0.95")]
    cheaper = lines(payload(mapper, bundle("27.00", *parts, discount_amount="0.10"), ctx))
    assert [line["amount"] for line in cheaper] == [
        Decimal("18.00"),
        Decimal("-0.07"),
        Decimal("9.00"),
        Decimal("-0.03"),
    ]
    free = lines(payload(OrderMapper(), bundle("0", *parts), ctx))
    assert [line["amount"] for line in free] == [0, 0]


def test_what_was_canceled_or_refunded_is_left_out() -> None:
    """O14: each line by its share, to the cent, and so is what the order comes to; a line of which nothing is wanted is
    no line. Shipping stays unless the refund gave back exactly all of it, or Zoey names its share.
    """
    rows = (
        item("1", "17", "3.3333", "3", row_total="10.00", discount_amount="1.00", tax_amount="0.90", qty_refunded="1"),
        item("2", "18", "4.00", "2", qty_canceled="1", qty_refunded="1"),
        item("3", "19", "2.00", "5", qty_canceled="2"),
    )
    mapper = OrderMapper(discounts="line", discount_item="31", taxes="override", tax_code="7", tax_type="8")
    # 3.33 - 0.33 + 0.30 for a piece of 17, and 4.00 for one of 18
    made = order(*rows, shipping="5.00", shipping_tax="0.50", total_refunded="7.30", mapper=mapper)
    sent = payload(mapper, made)
    assert [(line.get("quantity"), line["amount"]) for line in lines(sent)] == [
        (2, Decimal("6.67")),
        (None, Decimal("-0.67")),
        (3, Decimal("6.00")),
    ]
    assert [detail["taxAmount"] for detail in sent["taxDetails"]["items"]] == [Decimal("0.60"), Decimal("0.50")]
    kept = still_wanted(made)
    assert differences(of_zoey(kept), of_payload(sent, "USD", mapper.charges)) == ()
    assert kept.total.amount == Decimal("6.67") - Decimal("0.67") + Decimal("0.60") + 6 + Decimal("5.50")
    assert still_wanted(kept) is kept

    all_shipping = still_wanted(order(*rows, shipping="5.00", shipping_tax="0.50", total_refunded="12.80"))
    assert (all_shipping.shipping.amount, all_shipping.total.amount) == (0, kept.total.amount - Decimal("5.50"))
    some = order(*rows, shipping="5.00", shipping_tax="0.50", total_refunded="9.50", shipping_refunded="2.00")
    assert (still_wanted(some).shipping.amount, still_wanted(some).tax.amount) == (3, Decimal("0.90"))
    adjusted = order(*rows, shipping="5.00", shipping_tax="0.50", total_refunded="8.30", mapper=mapper)
    (told,) = differences(of_zoey(still_wanted(adjusted)), of_payload(payload(mapper, adjusted), "USD", mapper.charges))
    assert str(told) == "total: Zoey 17.10 USD, NetSuite 18.10 USD"


def test_a_bundle_of_which_a_part_was_refunded() -> None:
    """O14: parts follow their bundle, and a bundle its parts; where they disagree nobody can say what is wanted."""
    ctx = MapContext(found=found({"90": "", "17": "1017", "18": "1018"}))
    parts = [{**part, "qty_ordered": str(Decimal(part["qty_ordered"]) * 2)} for part in PARTS]

    def sent(*refunded: str) -> list[tuple[JSON, JSON]]:
        whole, *each = refunded
        rows = [{**part, "qty_refunded": gone} for part, gone in zip(parts, each, strict=True)]
        made = bundle("10.00", *rows, qty_ordered="2", row_total="20.00", qty_refunded=whole)
        return [(line["quantity"], line["amount"]) for line in lines(payload(OrderMapper(), made, ctx))]

    half = [(2, Decimal("6.67")), (1, Decimal("3.33"))]
    assert sent("1", "0", "0") == sent("1", "2", "1") == sent("0", "2", "1") == half
    for odd in (("0", "2", "0"), ("1", "4", "1")):
        with pytest.raises(MappingError, match="some parts of the bundle SKU SKU-90"):
            sent(*odd)


def test_an_order_without_lines() -> None:
    with pytest.raises(MappingError, match="has no lines"):
        payload(OrderMapper(), evolve(order(), lines=()))


def test_prices_that_include_tax() -> None:
    """O4: 399.20 - 250.00 + 55.20 shipping + 63.60 tax + 50.00 hidden tax = 318.00: the discount holds 50.00 of tax."""
    row = item("1", "17", "399.20", "1", discount_amount="250.00", tax_amount="49.80", hidden_tax_amount="50.00")
    given: dict[str, Any] = {"shipping": "55.20", "shipping_tax": "13.80", "hidden_tax_amount": "50.00"}
    given |= {"grand_total": "318.00"}
    taxes: dict[str, Any] = {"taxes": "override", "tax_code": "7", "tax_type": "8", "discount_item": "31"}
    for discounts in ("order", "line"):
        mapper = OrderMapper(prices_include_tax=True, discounts=discounts, **taxes)
        made = order(row, mapper=mapper, **given)
        sent = payload(mapper, made)
        sums = of_payload(sent, "USD", mapper.charges)
        assert (sums.lines, sums.discount, sums.total) == (Decimal("399.20"), 200, 318)
        assert differences(of_zoey(made), sums) == ()
    plain = OrderMapper(**taxes)
    (told,) = differences(
        of_zoey(order(row, mapper=plain, **given)),
        of_payload(payload(plain, order(row, mapper=plain, **given)), "USD", plain.charges),
    )
    assert str(told) == "total: Zoey 318.00 USD, NetSuite 268.00 USD"
    for odd in ({"hidden_tax_amount": "much"}, {"shipping_hidden_tax_amount": "much"}):
        with pytest.raises(MappingError, match=r"Zoey order 100000012 \(id 12\): .*hidden_tax_amount is 'much'"):
            order(row, mapper=OrderMapper(prices_include_tax=True), **{**given, **odd})


# Discounts


DISCOUNTED = (item("1", "17", discount_amount="1.50"), item("2", "18"), item("3", "19", discount_amount="0.25"))


def test_a_discount_on_the_order() -> None:
    """O4."""
    sent = payload(OrderMapper(discount_item="31"), order(*DISCOUNTED, discount="2"))
    assert (sent["discountItem"], sent["discountRate"]) == ({"id": "31"}, "-3.75")
    assert len(lines(sent)) == 3


def test_discounts_on_lines_and_the_rest_on_the_order() -> None:
    """O4: a discount line stands right below the line that it is for."""
    sent = payload(OrderMapper(discounts="line", discount_item="31"), order(*DISCOUNTED, discount="2"))
    assert [(line["item"]["id"], line["amount"]) for line in lines(sent)] == [
        ("1017", 10),
        ("31", Decimal("-1.50")),
        ("1018", 10),
        ("1019", 10),
        ("31", Decimal("-0.25")),
    ]
    assert sent["discountRate"] == "-2.00"
    assert "quantity" not in lines(sent)[1]
    assert "discountRate" not in payload(OrderMapper(discounts="line", discount_item="31"), order(*DISCOUNTED))


def test_lines_that_are_discounted_by_more_than_the_order_put_nothing_on_it() -> None:
    """That is a difference, which is for a person; it is no surcharge."""
    made = order(item("1", "17", discount_amount="1.50"), discount="-1.00")
    assert made.discount.amount == Decimal("0.50")
    sent = payload(OrderMapper(discounts="line", discount_item="31"), made)
    assert "discountRate" not in sent
    assert lines(sent)[1]["amount"] == Decimal("-1.50")


@pytest.mark.parametrize("discounts", ["order", "line"])
def test_a_discount_needs_an_item(discounts: Any) -> None:
    assert "discountItem" not in payload(OrderMapper(discounts=discounts), order())
    with pytest.raises(MappingError, match=r"discount of 3.7500? USD.*set OrderMapper\(discount_item=…\)"):
        payload(OrderMapper(discounts=discounts), order(*DISCOUNTED, discount="2"))


# Shipping, handling


def test_shipping_and_handling_as_costs() -> None:
    """O4: a cost of nothing is said, so that a shipping item's own rule adds none."""
    mapper = OrderMapper(handling_from="fee")
    sent = payload(mapper, order(shipping="5", fee="1.25", mapper=mapper))
    assert (sent["shippingCost"], sent["handlingCost"]) == (5, Decimal("1.25"))
    sent = payload(mapper, order(mapper=mapper))
    assert (sent["shippingCost"], "handlingCost" in sent) == (0, False)


def test_shipping_and_handling_as_lines() -> None:
    """O4."""
    mapper = OrderMapper(shipping="line", shipping_item="32", handling="line", handling_item="33", handling_from="fee")
    sent = payload(mapper, order(shipping="5", fee="1.25", mapper=mapper))
    assert [(line["item"]["id"], line["quantity"], line["amount"]) for line in lines(sent)[1:]] == [
        ("32", 1, 5),
        ("33", 1, Decimal("1.25")),
    ]
    assert (sent["shippingCost"], "handlingCost" in sent) == (0, False)
    assert len(lines(payload(mapper, order(mapper=mapper)))) == 1


# Taxes


def test_taxes_are_netsuites_unless_said_otherwise() -> None:
    """O4."""
    sent = payload(OrderMapper(), order(item("1", "17", tax_amount="1.90")))
    assert not {"taxDetailsOverride", "taxDetails"} & set(sent)
    assert "taxDetailsReference" not in lines(sent)[0]


def test_zoeys_taxes_by_line() -> None:
    """O4: each detail refers to its line; the basis is what is left after the line's discount."""
    mapper = OrderMapper(taxes="override", tax_code="7", tax_type="8", discount_item="31", discounts="line")
    made = order(
        item("1", "17", "100.00", tax_amount="17.10", discount_amount="10", tax_percent="19.0000"),
        item("2", "18"),
        item("3", "19", tax_amount="0.83"),
        item("4", "17", tax_amount="0.82", tax_percent="8.2500"),
        item("5", "17", discount_amount="10", tax_amount="0.01"),
        shipping="5",
        shipping_tax="0.95",
    )
    sent = payload(mapper, made)
    assert sent["taxDetailsOverride"] is True
    goods = [line for line in lines(sent) if line["item"]["id"] != "31"]
    assert [line["taxDetailsReference"] for line in goods] == [f"line{n}" for n in range(1, 6)]
    codes = {"taxType": {"id": "8"}, "taxCode": {"id": "7"}}

    def detail(reference: str, basis: str, rate: str, amount: str) -> dict[str, JSON]:
        numbers = {"taxBasis": Decimal(basis), "taxRate": Decimal(rate), "taxAmount": Decimal(amount)}
        return {"taxDetailsReference": reference, **codes, **numbers}

    assert sent["taxDetails"]["items"] == [
        detail("line1", "90", "19", "17.10"),
        detail("line3", "10", "8.3", "0.83"),
        detail("line4", "10", "8.25", "0.82"),
        detail("line5", "0", "0", "0.01"),
        detail("SHIPPING", "5", "19", "0.95"),
    ]


def test_no_tax_at_all() -> None:
    """O4: an override without details."""
    sent = payload(OrderMapper(taxes="none"), order(item("1", "17", tax_amount="1.90"), shipping_tax="1", shipping="5"))
    assert (sent["taxDetailsOverride"], sent["taxDetails"]) == (True, {"items": []})
    assert "taxDetailsReference" not in lines(sent)[0]


# Tables, addresses, fields


def test_tables_give_ship_method_terms_and_payment_method() -> None:
    """O4: an empty table says nothing, None empties the field, which else would be the customer's default."""
    mapper = OrderMapper(
        ship_methods=Table({"ups_ground": "4"}, otherwise="88"),
        terms=Table({"netterm": "2", "cryozonic_stripe": None}),
    )
    sent = payload(mapper, order(shipping_method="dhl", payment_method="netterm"))
    assert (sent["shipMethod"], sent["terms"], "paymentMethod" in sent) == ({"id": "88"}, {"id": "2"}, False)
    sent = payload(mapper, order(payment_method="cryozonic_stripe", shipping_method="ups_ground"))
    assert (sent["shipMethod"], sent["terms"]) == ({"id": "4"}, None)
    assert "terms" not in payload(mapper, order(payment_method=None))


def test_a_value_that_is_in_no_table_holds_the_order() -> None:
    """C9's spirit: it names order, value, table and what to do."""
    mapper = OrderMapper(terms=Table({"netterm": "2"}))
    with pytest.raises(MappingError) as caught:
        payload(mapper, order(payment_method="free"))
    assert caught.value.field == "terms"
    assert str(caught.value) == (
        "Zoey order 100000012 (id 12): payment method 'free' is not in terms, which has 'netterm': add it, or give"
        " terms an `otherwise`"
    )


def test_a_currency_is_in_the_table_or_looked_up() -> None:
    """O4."""
    made = order(order_currency_code="EUR")
    assert payload(OrderMapper(currencies=Table({"EUR": "3"})), made)["currency"] == {"id": "3"}
    assert payload(OrderMapper(), made, MapContext(found=found(EUR="9")))["currency"] == {"id": "9"}
    with pytest.raises(MappingError, match="NetSuite has no currency with the symbol EUR"):
        payload(OrderMapper(), made, MapContext(found=found(EUR="")))


ADDRESS = {
    "firstname": "Maria",
    "lastname": "Vega",
    "company": "Ridgeline",
    "street": ["1 Main St", "Dock 4", "Gate B", "Box 9"],
    "city": "Austin",
    "region": "Texas",
    "postcode": "78701",
    "country_id": "US",
    "telephone": "1-512",
}


def test_addresses() -> None:
    """O4: the company is the addressee, the person gets its attention; states are codes."""
    billing = {**ADDRESS, "company": None, "street": ["2 High St"], "country_id": "GB", "region": "Kent"}
    addresses = [{**ADDRESS, "address_type": "shipping"}, {**billing, "address_type": "billing"}]
    sent = payload(OrderMapper(), order(addresses=addresses))
    assert sent["shippingAddress"] == {
        "addressee": "Ridgeline",
        "attention": "Maria Vega",
        "addr1": "1 Main St",
        "addr2": "Dock 4",
        "addr3": "Gate B, Box 9",
        "city": "Austin",
        "state": "TX",
        "zip": "78701",
        "country": {"id": "US"},
        "addrPhone": "1-512",
    }
    assert sent["billingAddress"]["addressee"] == "Maria Vega"
    assert sent["billingAddress"]["state"] == "Kent"
    assert "attention" not in sent["billingAddress"]


def test_fields_of_the_merchants_own() -> None:
    """O5: of header and lines; constants too; nothing where there is no value."""
    mapper = OrderMapper(
        fields=[
            field("custbody_delivery", attribute("delivery_date"), convert=as_date),
            field("custbody_missing", attribute("nothing")),
            field("custbody_po", "po_number"),
            computed("custbody_large", lambda order, ctx: order.total.amount > ctx.settings["large"]),
            constant("location", {"id": "1"}),
        ],
        line_fields=[field("custcol_gift", attribute("gift")), computed("custcol_sku", lambda line, ctx: line.sku)],
    )
    made = order(item("1", "17", gift="yes"), delivery_date="2026-04-01 00:00:00", po_number="PO-7")
    sent = payload(mapper, made, MapContext(found=found(), settings={"large": 5}))
    assert (sent["custbody_delivery"], sent["custbody_po"], sent["custbody_large"]) == ("2026-04-01", "PO-7", True)
    assert (sent["location"], "custbody_missing" in sent) == ({"id": "1"}, False)
    assert (lines(sent)[0]["custcol_gift"], lines(sent)[0]["custcol_sku"]) == ("yes", "SKU-17")


def test_a_rule_that_fails_names_order_field_and_value() -> None:
    """O5."""
    mapper = OrderMapper(fields=[field("custbody_delivery", attribute("delivery_date"), convert=as_date)])
    with pytest.raises(MappingError) as caught:
        payload(mapper, order(delivery_date="soon"))
    assert caught.value.field == "custbody_delivery"
    assert str(caught.value) == (
        "Zoey order 100000012 (id 12): custbody_delivery cannot be made of delivery_date 'soon':"
        " a date like 2026-03-05 expected"
    )
    mapper = OrderMapper(line_fields=[computed("custcol_x", lambda line, ctx: line.custom["x"])])
    with pytest.raises(
        MappingError, match=r"order 100000012 \(id 12\), SKU SKU-17: field rule custcol_x: .* raised KeyError: 'x'"
    ):
        payload(mapper, order())


# Changes


def test_a_change_writes_what_shows_it_and_no_more() -> None:
    """O8's part: an in-place change in Zoey."""
    mapper = OrderMapper(
        fields=[
            field("custbody_note", attribute("note")),
            field("custbody_other", attribute("other")),
            constant("location", {"id": "1"}),
        ]
    )
    made = order(po_number="PO-8", note=None)
    ctx = MapContext(found=found())
    assert mapper.to_netsuite(made, frozenset({"po_number"}), ctx) == {"otherRefNum": "PO-8"}
    assert mapper.to_netsuite(made, frozenset({"custom.note"}), ctx) == {"custbody_note": None}
    assert mapper.to_netsuite(evolve(made, po_number=None), frozenset({"po_number"}), ctx) == {"otherRefNum": None}
    assert set(mapper.to_netsuite(made, frozenset({"lines"}), ctx)) == {"item"}
    assert {"location", "item", "memo"} <= set(mapper.to_netsuite(made, everything(made), ctx))


# Back from NetSuite


def test_a_sales_order_read_back() -> None:
    """O4: its amounts by component, whichever way they were sent."""
    mapper = OrderMapper(
        discount_item="31",
        shipping_item="32",
        handling_item="33",
        currencies=Table({"USD": "1"}),
        fields=[field("custbody_ref", attribute("ref"), back=lambda value: to_reference(value).id)],
    )
    rows = [
        {
            "line": 1,
            "item": {"id": "1017"},
            "quantity": 2,
            "rate": 10.5,
            "amount": 21.0,
            "taxAmount": 1.99,
            "custcol_a": 1,
        },
        {"line": 4, "item": {"id": "31"}, "rate": -1.5, "amount": -1.5},
        {"line": 7, "item": {"id": "32"}, "quantity": 1, "amount": 5},
        {"line": 10, "item": {"id": "33"}, "quantity": 1, "amount": 0.25},
    ]
    record = sales_order(
        items=rows,
        discountTotal=-0.5,
        shippingCost=1.1,
        handlingCost=0.2,
        taxTotal=1.99,
        total=27.54,
        otherRefNum="PO-7",
        memo="Zoey order 100000012",
        custbody_ref={"id": "9"},
        shippingAddress={
            "addressee": "Ridgeline",
            "attention": "Maria Vega",
            "addr1": "1 Main St",
            "country": {"id": "US"},
        },
        billingAddress={"links": []},
    )
    made = mapper.from_netsuite(record, MapContext())
    amounts = (made.subtotal, made.discount, made.shipping, made.handling, made.tax, made.total)
    assert [str(money) for money in amounts] == [
        "21.0 USD",
        "2.0 USD",
        "6.1 USD",
        "0.45 USD",
        "1.99 USD",
        "27.54 USD",
    ]
    assert (made.netsuite_id, made.zoey_id, made.number, made.state, made.po_number) == (
        "4711",
        "",
        "SO77",
        "B",
        "PO-7",
    )
    (line,) = made.lines
    assert (line.item_id, line.netsuite_line, line.quantity, line.custom) == ("1017", "1", 2, {"custcol_a": 1})
    assert (made.custom["memo"], made.custom["ref"]) == ("Zoey order 100000012", "9")
    assert made.shipping_address is not None
    assert (made.shipping_address.company, made.shipping_address.country) == ("Ridgeline", "US")
    assert made.billing is None


def test_costs_that_a_form_shows_under_their_other_name() -> None:
    made = OrderMapper().from_netsuite(sales_order(altShippingCost=4.5, altHandlingCost=1.5), MapContext())
    assert (made.shipping.amount, made.handling.amount) == (Decimal("4.5"), Decimal("1.5"))


def test_a_currency_is_known_again() -> None:
    """By the table, by what was looked up, else by NetSuite's name."""
    record = sales_order()
    assert OrderMapper(currencies=Table({"USD": "1"})).from_netsuite(record, MapContext()).total.currency == "USD"
    assert OrderMapper().from_netsuite(record, MapContext(found=found(EUR="3", USD="1"))).total.currency == "USD"
    assert OrderMapper().from_netsuite(record, MapContext()).total.currency == "US Dollar"


def test_an_amount_that_is_none_is_named() -> None:
    with pytest.raises(MappingError, match=r"sales order SO77 \(id 4711\): taxTotal is 'much'"):
        OrderMapper().from_netsuite(sales_order(taxTotal="much"), MapContext())


# Options and overriding


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"discounts": "header"}, r'discounts=…\) takes "order" or "line", not \'header\''),
        ({"shipping": "line"}, "needs shipping_item"),
        ({"handling": "line"}, "needs handling_item"),
        ({"taxes": "override"}, "needs tax_code and tax_type"),
        ({"discount_item": "3", "shipping_item": "3"}, "are different items"),
        ({"fields": [field("memo", "po_numbr")]}, r'Order has no such field.*attribute\("po_numbr"\)'),
        ({"line_fields": [field("memo", "po_number")]}, "OrderLine has no such field"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        OrderMapper(**options)


def test_each_method_can_be_overridden() -> None:
    """E3: one method, the rest stays."""

    class Own(OrderMapper):
        def item(self, line: OrderLine, ctx: MapContext) -> str | None:
            return super().item(line, ctx) or "999"

        def memo(self, order: Order) -> str:
            return f"Web {order.number}"

    sent = payload(Own(), order(), MapContext(found=found({"17": ""})))
    assert (sent["memo"], lines(sent)[0]["item"]) == ("Web 100000012", {"id": "999"})


def test_what_it_does_not_do_it_says() -> None:
    made = order()
    with pytest.raises(TypeError, match="OrderMapper does not write to Zoey; override to_zoey"):
        OrderMapper().to_zoey(made, everything(made), MapContext())
