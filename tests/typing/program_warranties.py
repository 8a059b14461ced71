"""A user's program: a sync of a record that nobody foresaw."""

from collections.abc import Sequence

import attrs

from zoey_netsuite import AddOrderComment, Effect, Found, Linked, MapContext, SuiteQLSync, Unit


@attrs.frozen
class Warranty:
    id: str
    name: str
    custrecord_sales_order: str


class WarrantySync(SuiteQLSync[Warranty]):
    name, table, row, changed = "warranties", "customrecord_warranty", Warranty, "lastmodified"

    def unit(self, row: Warranty) -> Unit[Warranty]:
        return Unit(row.id, about=Linked("orders", netsuite_id=row.custrecord_sales_order), data=row)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return [AddOrderComment(unit.link.zoey_id, f"Warranty {unit.data.name}", marker=f"[NS warranty {unit.id}]")]
