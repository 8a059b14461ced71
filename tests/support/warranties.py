"""A user's own sync of a record that nobody foresaw: warranties become comments on Zoey orders, once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from support.world import World
from zoey_netsuite import AddOrderComment, Effect, Found, Hold, Integration, Linked, MapContext, Skip, SuiteQLSync, Unit


@attrs.frozen
class Warranty:
    """A row of the custom record."""

    id: str
    name: str
    custrecord_sales_order: str


class WarrantySync(SuiteQLSync[Warranty]):
    """One marked comment for each warranty."""

    name, table, row, changed = "warranties", "customrecord_warranty", Warranty, "lastmodified"

    def unit(self, row: Warranty) -> Unit[Warranty]:
        return Unit(row.id, about=Linked("orders", netsuite_id=row.custrecord_sales_order), data=row)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [
            AddOrderComment(unit.link.zoey_id, f"Warranty {unit.data.name}", marker=f"[NS warranty {unit.id}]"),
        ]


class Shop:
    """A world with orders in Zoey, each linked to NetSuite order 9000 + its number, and warranties in NetSuite."""

    def __init__(self, world: World, *, orders: int = 2) -> None:
        self.world = world
        self.orders: list[str] = []
        with world.sandbox.netsuite.acting() as app:
            field = {"name": "custrecord_sales_order", "record": "customrecord_warranty", "type": "text"}
            app.seed({"customrecord_warranty": [], "custom_fields": [field]})
        with world.sandbox.zoey.acting() as app:
            for number in range(orders):
                order = app.place_order([{"product_id": 101, "qty": 1}], customer_email=f"{number}@example.com")
                self.orders.append(str(order["entity_id"]))

    def integration(self, *syncs: Any, **options: Any) -> Integration:
        """An integration in which these orders are linked."""
        made = self.world.integration(*(syncs or [WarrantySync()]), **options)
        for number, order in enumerate(self.orders, start=1):
            made.link("orders", zoey_id=order, netsuite_id=str(9000 + number))
        return made

    def warranty(self, number: int, name: str = "two years", order: int = 1) -> None:
        """Somebody enters a warranty for an order."""
        row = {"id": number, "name": name, "custrecord_sales_order": str(9000 + order)}
        with self.world.sandbox.netsuite.acting() as app:
            app.seed({"customrecord_warranty": [row]})

    def rename(self, number: int, name: str) -> None:
        """Somebody changes a warranty."""
        with self.world.sandbox.netsuite.acting() as app:
            app.update("customrecord_warranty", number, {"name": name})

    def comments(self, order: int = 1) -> list[str]:
        """What stands under an order in Zoey, oldest first."""
        return [
            text for comment in self.world.shop.orders.comments(self.orders[order - 1]) if (text := comment.comment)
        ]

    def faults(self, *faults: Any) -> None:
        """What is to go wrong in Zoey."""
        self.world.sandbox.zoey.faults.add(*faults)


def dump(world: World) -> Mapping[tuple[str, ...], object]:
    """Everything that the store holds."""
    return {key: (entry.value, entry.version) for key, entry in world.store.scan((), limit=100_000)}


class TwiceSync(WarrantySync):
    """Two marked comments for each warranty."""

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [
            AddOrderComment(unit.link.zoey_id, f"{part} of {unit.data.name}", marker=f"[{part} {unit.id}]")
            for part in ("first", "second")
        ]


class UnmarkedSync(WarrantySync):
    """One comment for each warranty that nothing tells from others."""

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [AddOrderComment(unit.link.zoey_id, f"Warranty {unit.data.name}")]
