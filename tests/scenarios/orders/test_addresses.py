"""Addresses and texts of orders on their way to NetSuite, over both systems (O4)."""

from __future__ import annotations

from typing import Any

from support.trade import Trade

from zoey_netsuite import OrderMapper, Places, Table

ADDRESS = {"firstname": "Ann", "lastname": "Doe", "street": ["1 Main St"], "city": "Austin", "postcode": "78701"}


def place(trade: Trade, **fields: Any) -> str:
    """Somebody orders to this address."""
    header = {name: fields.pop(name) for name in ("po_number",) if name in fields}
    address = {**ADDRESS, "country_id": "US", "region": "Texas", **fields, "address_type": "shipping"}
    return trade.place(addresses=[address], **header)


def mapper(**options: Any) -> OrderMapper:
    return OrderMapper(currencies=Table({"USD": "1"}), **options)


def run(trade: Trade, made: OrderMapper) -> Any:
    integration = trade.orders(sync=trade.order_sync(mapper=made))
    integration.run().raise_for_failure()
    return integration


def test_what_nobody_can_tell_is_held(trade: Trade) -> None:
    """The region by its id alone is found; one that is none is held with what to do, and goes once it is named."""
    by_id = place(trade, region=None, region_id="57")
    unknown = place(trade, country_id="GB", region="Greater Manchester")
    integration = run(trade, mapper())
    assert trade.sales_order(by_id)["shippingAddress"]["state"] == "TX"
    (item,) = integration.attention.list()
    assert (item.unit_id, item.state, item.cause) == (unknown, "held", "mapping state")
    assert "shippingAddress: region 'Greater Manchester' is not a state that NetSuite lists for GB" in item.message

    again = trade.orders(
        sync=trade.order_sync(mapper=mapper(places=Places(regions={"GB": {"Greater Manchester": "Gtr"}})))
    )
    again.attention.retry(everything=True)
    again.run().raise_for_failure()
    assert trade.sales_order(unknown)["shippingAddress"]["state"] == "Gtr"


def test_what_is_too_long(trade: Trade) -> None:
    """NetSuite refuses it; so it is found before it is sent, and held, or cut where the merchant says so."""
    sent = place(trade, street=["s" * 174], po_number="P" * 51)
    integration = run(trade, mapper(max_lengths={}))
    (refused,) = integration.attention.list()
    assert refused.state == "failed"
    assert "contained more than the maximum number ( 45 ) of characters allowed" in refused.message

    integration = trade.orders(sync=trade.order_sync(mapper=mapper()))
    integration.attention.retry(everything=True)
    report = integration.run()
    (held,) = integration.attention.list()
    assert (held.state, held.cause) == ("held", "mapping otherRefNum")
    assert "addr1" in held.message
    assert "record.create" not in str(report)

    integration = trade.orders(sync=trade.order_sync(mapper=mapper(too_long="shorten")))
    (finding,) = integration.check()
    assert "texts of 1 of 1 orders are shortened: Zoey order" in finding.what
    assert "otherRefNum" in finding.what
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert trade.sales_order(sent)["shippingAddress"]["addr1"] == "s" * 150
    assert trade.sales_order(sent)["otherRefNum"] == "P" * 45
    assert not integration.attention.list()
