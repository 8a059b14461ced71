"""Invoices, cash sales, credit memos and cash refunds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zoey_netsuite.sandbox.netsuite.content import Values, lines_of
from zoey_netsuite.sandbox.netsuite.errors import user_error
from zoey_netsuite.sandbox.netsuite.orders import Lines, Orders
from zoey_netsuite.sandbox.netsuite.payments import Applications
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.sums import exact, plain
from zoey_netsuite.sandbox.netsuite.transactions import LETTER

_ORDERS = frozenset({"salesOrder", "returnAuthorization"})


class Billing:
    """Documents that bill or credit goods."""

    def __init__(self, records: Records, lines: Lines, orders: Orders, applications: Applications) -> None:
        self._records = records
        self._lines = lines
        self._orders = orders
        self._applications = applications

    def prepare(self, record: Record, before: Record | None) -> Record:
        """Lines, sums, due date, what is open, and state."""
        self._insist_billable(record, before)
        values = self._lines.priced(record, before)
        priced = Record(record.type, record.id, values)
        if record.type.name == "invoice":
            return priced.with_values(self._invoice(priced))
        if record.type.name == "creditMemo":
            return priced.with_values(self._credit(priced, before))
        return priced.with_values({LETTER: "B" if values.get("undepFunds") else "C"})

    def settle(self, record: Record, before: Record | None) -> None:
        """Let the order and the invoices it credits know."""
        self._recount(record)
        self._applications.touch(before)
        self._applications.touch(record)

    def dissolve(self, record: Record) -> None:
        """Take the billing back."""
        self._recount(record)
        self._applications.touch(record)

    def _recount(self, record: Record) -> None:
        source = record.values.get("createdFrom")
        if source is None:
            return
        order = self._records.transaction(int(source))
        if order.type.name in _ORDERS:
            self._orders.release(order)
            self._orders.recount(order.id)

    def _insist_billable(self, record: Record, before: Record | None) -> None:
        source = record.values.get("createdFrom")
        if source is None:
            return
        order = self._records.transaction(int(source))
        if order.type.name not in _ORDERS:
            return
        own = {str(line.get("orderLine")): line for line in lines_of(before.values if before else None, "item")}
        states = dict(
            zip((str(line["line"]) for line in order.values["item"]), self._orders.line_states(order), strict=True)
        )
        for number, line in enumerate(record.values.get("item", [])):
            if line.get("orderLine") is None:
                continue
            state = states.get(str(line["orderLine"]))
            already = exact(own.get(str(line["orderLine"]), {}).get("quantity"))
            if state is None or exact(line.get("quantity")) > state.ordered - state.billed + already:
                value = line.get("quantity")
                raise user_error(
                    f"You have entered an Invalid Field Value {value} for the following field: quantity.",
                    f"item.items[{number}].quantity",
                )

    def _invoice(self, record: Record) -> Values:
        left = self._applications.open_amount(record)
        days = self._records.database.value("SELECT daysuntilnetdue FROM term WHERE id = ?", record.values.get("terms"))
        due = date.fromisoformat(record.values["tranDate"]) + timedelta(days=int(days or 0))
        return {
            "dueDate": record.values.get("dueDate") or due.isoformat(),
            "amountRemaining": plain(left),
            "amountRemainingTotalBox": plain(left),
            "amountPaid": plain(exact(record.values["total"]) - left),
            LETTER: "B" if left <= 0 else "A",
        }

    def _credit(self, record: Record, before: Record | None) -> Values:
        total = exact(record.values["total"])
        lines = self._applications.checked(record, before, limit=total)
        spent = sum((exact(line["amount"]) for line in lines), Decimal(0))
        left = self._applications.open_amount(record.with_values({"apply": lines}))
        opened = {"applied": plain(spent), "unapplied": plain(left), "amountRemaining": plain(left)}
        return {**opened, "apply": lines, LETTER: "B" if left <= 0 else "A"}
