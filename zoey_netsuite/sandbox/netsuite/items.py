"""What items do beyond keeping their fields: prices by level, and stock shown by location."""

from __future__ import annotations

from zoey_netsuite.sandbox.netsuite.database import Row
from zoey_netsuite.sandbox.netsuite.errors import user_error
from zoey_netsuite.sandbox.netsuite.records import Record, Records


class Items:
    """Behavior of the `item` table."""

    def __init__(self, records: Records) -> None:
        self._database = records.database

    def prepare(self, record: Record, before: Record | None) -> Record:
        """A name of its own, and prices numbered."""
        values = dict(record.values)
        same = self._database.find("item", {"itemid": values.get("itemId")}) if values.get("itemId") else []
        if any(row["id"] != record.id for row in same):
            raise user_error("Uniqueness error: an item with this name already exists.", "itemId")
        if values.get("basePrice") is not None and not values.get("price"):
            values["price"] = [{"id": 1, "priceLevel": "1", "price": values["basePrice"], "quantity": "0"}]
        values["itemType"] = record.type.code
        return Record(record.type, record.id, values)

    def columns(self, record: Record) -> Row:
        """The whole name."""
        return {"fullname": record.values.get("itemId"), "displayname": record.values.get("displayName")}

    def settle(self, record: Record, before: Record | None) -> None:
        """Bring the price table and the members in line."""
        self._database.delete("pricing", {"item": record.id})
        for line in record.values.get("price", []):
            row: Row = {"item": record.id, "pricelevel": line.get("priceLevel", 1), "unitprice": line.get("price")}
            row |= {"quantity": line.get("quantity") or 0, "currency": line.get("currencyPage", 1)}
            self._database.insert("pricing", row)
        members = "kititemmember" if record.type.code == "Kit" else "itemmember"
        self._database.delete(members, {"parentitem": record.id})
        for number, line in enumerate(record.values.get("member", [])):
            member: Row = {"parentitem": record.id, "item": line.get("item"), "quantity": line.get("quantity", 1)}
            self._database.insert(members, {**member, "linenumber": number + 1})

    def dissolve(self, record: Record) -> None:
        """Refused while transactions need it."""
        if self._database.value("SELECT 1 FROM transactionline WHERE item = ?", record.id) is not None:
            raise user_error("This record cannot be deleted because it has dependent records.")
        for table in ("pricing", "aggregateitemlocation"):
            self._database.delete(table, {"item": record.id})
