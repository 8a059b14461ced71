"""Warranties that become documents of Zoey orders: every effect on Zoey that makes or ends something, in one sync."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import define

from support.harnessed import Warranty
from support.trouble import TroubledStore
from zoey_netsuite import (
    CancelOrder,
    CreateCreditMemo,
    CreateInvoice,
    CreateShipment,
    Effect,
    Found,
    Hold,
    HoldOrder,
    Linked,
    LinkTo,
    MapContext,
    Skip,
    SuiteQLSync,
    Unit,
)
from zoey_netsuite.state.store import Change, Key, Put
from zoey_netsuite.zoey import Track


class DocumentSync(SuiteQLSync[Warranty]):
    """The first order is paid, shipped and credited in part, the second canceled, the third put on hold."""

    name, table, row, changed = "documents", "customrecord_warranty", Warranty, "lastmodified"

    def unit(self, row: Warranty) -> Unit[Warranty]:
        return Unit(row.id, about=Linked("orders", netsuite_id=row.custrecord_sales_order), data=row)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        order, marker = unit.link.zoey_id, f"[NS {unit.id}]"
        if unit.id == "1":
            return [
                CreateInvoice(order_id=order, marker=marker, link=LinkTo("invoices", netsuite_id="901")),
                CreateShipment(
                    order_id=order,
                    marker=marker,
                    tracks=[Track("1Z999", "ups", "UPS")],
                    link=LinkTo("shipments", netsuite_id="902"),
                ),
                CreateCreditMemo(
                    order_id=order,
                    marker=marker,
                    adjustment_negative=Decimal("0.50"),
                    comment="Refund",
                    link=LinkTo("credit memos", netsuite_id="903"),
                ),
            ]
        if unit.id == "2":
            return [CancelOrder(order)]
        return [HoldOrder(order)]


@define
class LinkedWhenDone(TroubledStore):
    """A store in which no document is noted as done but in the commit that links it."""

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        puts = {change.key: change.value for change in changes if isinstance(change, Put)}
        links = {key[2:] for key in puts if key[1] == "link"}
        for key, value in puts.items():
            if key[1] == "once" and value["done"]:
                kind = key[-1].partition(" [")[0] + "s"
                assert (kind, "zoey", value["result"]) in links, f"{key[-1]} is done, and not linked"
        return super().commit(changes)
