"""Warranties that become documents of Zoey orders: every effect on Zoey that makes or ends something, in one sync."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from support.harnessed import Warranty
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
    MapContext,
    Skip,
    SuiteQLSync,
    Unit,
)
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
                CreateInvoice(order_id=order, marker=marker),
                CreateShipment(order_id=order, marker=marker, tracks=[Track("1Z999", "ups", "UPS")]),
                CreateCreditMemo(order_id=order, marker=marker, adjustment_negative=Decimal("0.50"), comment="Refund"),
            ]
        if unit.id == "2":
            return [CancelOrder(order)]
        return [HoldOrder(order)]
