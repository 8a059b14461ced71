"""Stock by item and location: on hand, committed, available."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from zoey_netsuite.sandbox.netsuite.database import Database, Row
from zoey_netsuite.sandbox.netsuite.sums import exact, plain

STOCKED = frozenset({"InvtPart", "Assembly"})
SHIPPED = frozenset({"InvtPart", "Assembly", "Kit", "NonInvtPart"})


class Stock:
    """Moves the quantities of `aggregateitemlocation`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def item_type(self, item: str) -> str:
        """The item's type code, empty for no item."""
        return str(self._database.value("SELECT itemtype FROM item WHERE id = ?", item) or "")

    def level(self, item: str, location: str) -> Row:
        """The row of an item in a location, made empty if there is none."""
        found = self._database.find("aggregateitemlocation", {"item": int(item), "location": int(location)})
        if found:
            return found[0]
        row: Row = {"item": int(item), "location": int(location)}
        row |= dict.fromkeys(("quantityonhand", "quantityavailable", "quantitycommitted", "quantityonorder"), 0)
        self._database.insert("aggregateitemlocation", row)
        return row

    def parts(self, item: str, quantity: Decimal) -> Iterator[tuple[str, Decimal]]:
        """What lies in stock for so many of an item: itself, or a kit's members."""
        kind = self.item_type(item)
        if kind in STOCKED:
            yield item, quantity
        elif kind == "Kit":
            kept = self._database.value("SELECT _fields FROM item WHERE id = ?", item)
            for line in json.loads(str(kept or "{}")).get("member", []):
                yield from self.parts(str(line["item"]), quantity * exact(line.get("quantity", 1)))

    def commit(self, item: str, location: str, quantity: Decimal) -> Decimal:
        """Set stock aside for an order, as much as there is; returns how much."""
        level = self.level(item, location)
        taken = max(Decimal(0), min(quantity, exact(level["quantityavailable"])))
        self._move(item, location, available=-taken, committed=taken)
        return taken

    def release(self, item: str, location: str, quantity: Decimal) -> None:
        """Give back what was set aside."""
        self._move(item, location, available=quantity, committed=-quantity)

    def ship(self, item: str, location: str, quantity: Decimal) -> None:
        """Take goods out. What was set aside for them is to be released before."""
        self._move(item, location, on_hand=-quantity, available=-quantity)

    def receive(self, item: str, location: str, quantity: Decimal) -> None:
        """Put goods in."""
        self._move(item, location, on_hand=quantity, available=quantity)

    def _move(
        self,
        item: str,
        location: str,
        *,
        on_hand: Decimal = Decimal(0),
        available: Decimal = Decimal(0),
        committed: Decimal = Decimal(0),
    ) -> None:
        level = self.level(item, location)
        self._database.update(
            "aggregateitemlocation",
            {"item": level["item"], "location": level["location"]},
            {
                "quantityonhand": plain(exact(level["quantityonhand"]) + on_hand),
                "quantityavailable": plain(exact(level["quantityavailable"]) + available),
                "quantitycommitted": plain(exact(level["quantitycommitted"]) + committed),
            },
        )
