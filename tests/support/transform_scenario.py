"""Sales orders that are billed by transforms, once each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from support.harnessed import WARRANTIES, Warranty, warranty_seed
from zoey_netsuite import Effect, Found, Linked, LinkTo, MapContext, SuiteQLSync, TransformRecord, Unit


class BillSync(SuiteQLSync[Warranty]):
    """Bills the sales order that a warranty names."""

    name, table, row, changed = "bills", "customrecord_warranty", Warranty, "lastmodified"

    def unit(self, row: Warranty) -> Unit[Warranty]:
        return Unit(row.id, about=Linked("orders", netsuite_id=row.custrecord_sales_order), data=row)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return [
            TransformRecord(
                source="salesOrder",
                id=unit.link.netsuite_id,
                into="invoice",
                external_id=f"acme-invoice-{unit.id}",
                link=LinkTo("invoices", zoey_id=unit.id),
            )
        ]


def bills_seed() -> dict[str, Any]:
    """The warranties, with their sales orders, none of which ships anything before it is billed."""
    records = warranty_seed()
    line = {"item": "1", "quantity": 2, "rate": 10, "location": "1"}
    records["netsuite"] |= {
        "customer": [{"id": 501, "companyName": "Ridgeline Inc.", "subsidiary": "1"}],
        "salesOrder": [{"id": 9000 + number, "entity": "501", "item": [line]} for number in range(1, WARRANTIES + 1)],
    }
    return records
