"""Fulfilments and receipts: goods leave and come in, and the order they belong to moves on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from zoey_netsuite.sandbox.netsuite.content import Values, lines_of
from zoey_netsuite.sandbox.netsuite.errors import invalid_reference, user_error
from zoey_netsuite.sandbox.netsuite.orders import Orders
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.stock import STOCKED, Stock
from zoey_netsuite.sandbox.netsuite.sums import exact, plain
from zoey_netsuite.sandbox.netsuite.transactions import LETTER


class Shipping:
    """Item fulfilments and item receipts.

    Args:
        bill: makes the invoice of a shipment where the account bills what it ships (Advanced Shipping off).
    """

    def __init__(self, records: Records, orders: Orders, stock: Stock, bill: Callable[[Record], None]) -> None:
        self._records = records
        self._orders = orders
        self._stock = stock
        self._bill = bill

    def prepare(self, record: Record, before: Record | None) -> Record:
        """Only lines that are received, numbered, with a location and, for lots and serials, their numbers."""
        values = dict(record.values)
        lines: list[Values] = [dict(line) for line in values.get("item", []) if line.get("itemReceive") is not False]
        if not lines:
            raise user_error("You must have at least one valid line item for this transaction.")
        order = self._records.transaction(int(values["createdFrom"])) if values.get("createdFrom") else None
        states = self._remaining(order, before)
        for number, line in enumerate(lines):
            path = f"item.items[{number}]"
            left = states.get(str(line.get("orderLine")))
            if left is None or not Decimal(0) < exact(line.get("quantity")) <= left:
                value = line.get("quantity") if left is not None else line.get("orderLine")
                name = "quantity" if left is not None else "orderLine"
                raise user_error(
                    f"You have entered an Invalid Field Value {value} for the following field: {name}.",
                    f"{path}.{name}",
                )
            line["line"] = 2 * number + 1
            line["itemReceive"] = True
            line["itemType"] = self._stock.item_type(str(line["item"]))
            self._insist_place(line, values, path)
        if record.type.name == "itemFulfillment":
            values["shipStatus"] = values.get("shipStatus") or "C"
            values[LETTER] = values["shipStatus"]
        else:
            values[LETTER] = "A"
        values |= {"item": lines, "total": 0}
        return Record(record.type, record.id, values)

    def settle(self, record: Record, before: Record | None) -> None:
        """Move stock by the difference and let the order see it."""
        order = self._release_order(record)
        if before is not None:
            self._move(before, undo=True)
        self._move(record, undo=False)
        self._orders.recount(order)
        if not self._records.settings.advanced_shipping and _shipped(record) and not (before and _shipped(before)):
            self._bill(record)

    def dissolve(self, record: Record) -> None:
        """Put the goods back."""
        order = self._release_order(record)
        self._move(record, undo=True)
        self._orders.recount(order)

    def _release_order(self, record: Record) -> int:
        order = self._records.transaction(int(record.values["createdFrom"]))
        self._orders.release(order)
        return order.id

    def _remaining(self, order: Record | None, before: Record | None) -> dict[str, Decimal]:
        if order is None:
            return {}
        own = {str(line.get("orderLine")): line for line in lines_of(before.values if before else None, "item")}
        left: dict[str, Decimal] = {}
        for line, state in zip(order.values["item"], self._orders.line_states(order), strict=True):
            key = str(line["line"])
            picked = exact(line.get("quantityPicked")) if order.type.name == "salesOrder" else state.moved
            open_quantity = Decimal(0) if state.closed else state.ordered - max(picked, state.moved)
            left[key] = open_quantity + exact(own.get(key, {}).get("quantity"))
        return left

    def _insist_place(self, line: Values, values: Values, path: str) -> None:
        if line["itemType"] not in STOCKED | {"Kit"}:
            return
        if not line.get("location"):
            fallback = values.get("inventoryLocation") or values.get("location")
            if not fallback:
                raise user_error("Please enter value(s) for: Location.", f"{path}.location")
            line["location"] = fallback
        item = self._records.find_any("item", int(line["item"]))
        marks = ("islotitem", "isserialitem")
        numbered = item is not None and any(item.type.extra.get(mark) == "T" for mark in marks)
        if numbered and self._records.settings.serial_numbers:
            _insist_numbers(line, path)

    def _move(self, record: Record, *, undo: bool) -> None:
        if not _shipped(record):
            return
        outward = (record.type.name == "itemFulfillment") != undo
        for line in record.values["item"]:
            location = line.get("location")
            for item, quantity in self._stock.parts(str(line["item"]), exact(line["quantity"])) if location else ():
                (self._stock.ship if outward else self._stock.receive)(item, str(location), quantity)


def _shipped(record: Record) -> bool:
    return record.type.name == "itemReceipt" or record.values.get("shipStatus") == "C"


def _insist_numbers(line: Values, path: str) -> None:
    detail: Values = line.get("inventoryDetail") or {}
    given = sum((exact(each.get("quantity")) for each in detail.get("inventoryAssignment", [])), Decimal(0))
    if given != exact(line["quantity"]):
        wanted = plain(exact(line["quantity"]))
        raise user_error(
            f"Please configure the inventory detail of this line: {plain(given)} of {wanted} are assigned.",
            f"{path}.inventoryDetail",
        )
    for number, each in enumerate(detail.get("inventoryAssignment", [])):
        if not each.get("issueInventoryNumber") and not each.get("receiptInventoryNumber"):
            raise invalid_reference(
                "", "issueInventoryNumber", f"{path}.inventoryDetail.inventoryAssignment.items[{number}]"
            )
