"""`check` finds attributes that settings name and no record has (G5)."""

from __future__ import annotations

from collections.abc import Mapping

from support.trade import Trade
from support.world import lacks_order

from zoey_netsuite import (
    Filter,
    InventorySync,
    Order,
    OrderMapper,
    Table,
    ZoeyAttributes,
    attribute,
    field,
)
from zoey_netsuite.zoey.filters import Filter as Condition
from zoey_netsuite.zoey.filters import eq


class Asking(Filter[Order]):
    """Asks Zoey's list of these attributes."""

    def zoey_filters(self) -> Mapping[str, Condition]:
        return {"status": eq("x"), "delivery": eq("x"), "delivry": eq("x")}


def told(trade: Trade, *syncs: object, attributes: ZoeyAttributes) -> dict[str, str]:
    """The remedy for each attribute that no record has, by what is found."""
    trade.attributes = attributes
    integration = trade.integration(*syncs, shop=trade.zoey())  # type: ignore[arg-type]  # syncs of several kinds
    return {one.what: one.remedy for one in integration.check() if "has the attribute" in one.what}


def test_orders_lines_people_and_accounts(trade: Trade) -> None:
    """In field rules, a filter and settings: each with the names that are like it. What is there is not told."""
    trade.place(delivery="2026-03-09")
    mapper = OrderMapper(
        currencies=Table({"USD": "1"}),
        fields=[field("custbody_source", attribute("dlivery")), field("memo", attribute("delivery"))],
        line_fields=[field("custcol_note", attribute("engraving"))],
        handling_from="packing",
    )
    sync = trade.order_sync(mapper=mapper, filter=Asking(), account_id="erp_id", person_id="erp_customer")
    found = told(trade, sync, attributes=ZoeyAttributes(order_number="netsuite_nunber"))

    assert [*found] == [
        "none of 1 orders has the attribute dlivery, which OrderMapper(fields=…), rule custbody_source names.",
        "none of 1 orders has the attribute netsuite_nunber, which ZoeyAttributes(order_number=…) names.",
        "none of 1 orders has the attribute packing, which OrderMapper(handling_from=…) names.",
        "none of 1 orders has the attribute delivry, which OrderSync(filter=…) names.",
        "none of 1 order lines has the attribute engraving, which OrderMapper(line_fields=…), rule custcol_note names.",
        "none of 2 customers has the attribute erp_customer, which OrderSync(person_id=…) names.",
        "none of 1 accounts has the attribute erp_id, which OrderSync(account_id=…) names.",
    ]
    first, second, *_ = found.values()
    assert first == "Did you mean delivery? Correct the setting, or make the attribute in Zoey."
    assert second.startswith("Did you mean netsuite_number")


def test_products(trade: Trade) -> None:
    """Also after a scan has listed them all; an id that all lack is an error of its own."""
    attributes = ZoeyAttributes(no_sync="keep_outt", stock_from="stock_item", netsuite_type="kind_of_item")
    sync = InventorySync(reserve_pending=lacks_order)
    for _ in range(2):
        found = told(trade, sync, attributes=attributes)
        assert [*found] == [
            "none of 8 products has the attribute kind_of_item, which ZoeyAttributes(netsuite_type=…) names.",
            "none of 8 products has the attribute keep_outt, which ZoeyAttributes(no_sync=…) names.",
        ]
        assert "Did you mean keep_out?" in [*found.values()][1]
        trade.integration(sync, shop=trade.zoey()).run().raise_for_failure()


def test_nothing_is_told_of_no_records(trade: Trade) -> None:
    """A store without orders since the start date has no order to look at."""
    mapper = OrderMapper(fields=[field("custbody_source", attribute("dlivery"))])
    assert not told(trade, trade.order_sync(mapper=mapper), attributes=ZoeyAttributes(order_number="nowhere"))
