"""Sales orders and returns: their lines, what may be changed, how far they have come, what stock they hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values, lines_of
from zoey_netsuite.sandbox.netsuite.errors import invalid_reference, missing_values, user_error
from zoey_netsuite.sandbox.netsuite.ledger import Ledger, tracking_numbers
from zoey_netsuite.sandbox.netsuite.order_states import LineState, order_state
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.stock import SHIPPED, Stock
from zoey_netsuite.sandbox.netsuite.sums import PLACES, exact, line_amounts, plain, totals
from zoey_netsuite.sandbox.netsuite.transactions import LETTER

_SET_ASIDE = "_set_aside"
_CUSTOM_PRICE = "-1"
_DO_NOT_COMMIT = "3"
_SHIPS = frozenset({"itemFulfillment", "itemReceipt"})
_BILLS = frozenset({"invoice", "cashSale", "creditMemo", "cashRefund"})


class Lines:
    """What the lines of all sales documents have in common: items, prices, sums."""

    def __init__(self, records: Records, stock: Stock) -> None:
        self._records = records
        self._database = records.database
        self.stock = stock

    def priced(self, record: Record, before: Record | None) -> Values:
        """The record's values with lines priced and totals made. Raises Refusal."""
        values = dict(record.values)
        lines = [dict(line) for line in lines_of(values, "item")]
        if not lines:
            raise user_error("You must enter at least one line item for this transaction.")
        old = {str(line["line"]): line for line in lines_of(before.values if before else None, "item")}
        for number, line in enumerate(lines):
            self._insist_item(line, f"item.items[{number}]")
            line.setdefault("quantity", 1)
            line["itemType"] = self.stock.item_type(str(line["item"]))
            if line["itemType"] == "Discount" and line.get("rate") is None and line.get("amount") is None:
                line["rate"] = self._item_field(str(line["item"]), "rate")
        customer = str(values.get("entity") or "")
        places = self._places(values.get("currency"))
        line_amounts(lines, old, lambda line: self._rate(line, customer, str(values.get("currency") or "")), places)
        values["item"] = lines
        discount = values.get("discountItem")
        rate = self._item_field(str(discount), "rate") if discount is not None else None
        return {**values, **totals(values, lines, self._records.settings, rate, places)}

    def _places(self, currency: Any) -> int:
        kept = self._database.value("SELECT currencyprecision FROM currency WHERE id = ?", currency)
        return PLACES if kept is None else int(kept)

    def _insist_item(self, line: Values, path: str) -> None:
        item = line.get("item")
        if item is None:
            raise missing_values(["Item"])
        if self._database.value("SELECT isinactive FROM item WHERE id = ?", item) == "T":
            raise invalid_reference(item, "item", f"{path}.item")
        if exact(line.get("quantity", 1)) < 0:
            raise user_error(
                f"You have entered an Invalid Field Value {line['quantity']} for the following field: quantity.",
                f"{path}.quantity",
            )

    def _item_field(self, item: str, name: str) -> Any:
        record = self._records.find_any("item", int(item))
        return record.values.get(name) if record else None

    def _rate(self, line: Values, customer: str, currency: str) -> Any:
        own = self._database.value(
            "SELECT price FROM customeritempricing WHERE customer = ? AND item = ?", customer, line["item"]
        )
        if own is not None and line.get("price") is None:
            return own
        level = line.get("price") or self._database.value("SELECT pricelevel FROM customer WHERE id = ?", customer) or 1
        if str(level) == _CUSTOM_PRICE:
            return 0
        return self._database.value(
            "SELECT unitprice FROM pricing WHERE item = ? AND pricelevel = ? AND COALESCE(quantity, 0) <= ? "
            "AND (currency IS NULL OR currency = ?) ORDER BY quantity DESC LIMIT 1",
            line["item"],
            level,
            line.get("quantity", 1),
            currency,
        )


class Orders:
    """Sales orders and return authorizations."""

    def __init__(self, records: Records, lines: Lines, ledger: Ledger) -> None:
        self._records = records
        self._lines = lines
        self._ledger = ledger
        self._stock = lines.stock

    def prepare(self, record: Record, before: Record | None) -> Record:
        """Lines, sums and state."""
        values = self._lines.priced(record, before)
        if before is not None:
            self._insist_editable(values, before)
        letter = self._letter(record, values, before)
        values |= {"orderStatus": letter, LETTER: letter}
        if before is not None:
            self.release(before)
        self._set_aside(record, values)
        return Record(record.type, record.id, values)

    def settle(self, record: Record, before: Record | None) -> None:
        """A return made of an order changes nothing there."""

    def dissolve(self, record: Record) -> None:
        """Give back the stock it held."""
        self.release(record)

    def line_states(self, record: Record) -> Sequence[LineState]:
        """How far each line has come."""
        return [self._line_state(line) for line in record.values.get("item", [])]

    def children(self, identifier: int) -> Sequence[Record]:
        """The documents made from an order."""
        return self._ledger.children(identifier)

    def release(self, record: Record) -> None:
        """Give back the stock that the order's lines hold."""
        for line in record.values.get("item", []):
            for item, location, quantity in line.get(_SET_ASIDE, []):
                self._stock.release(item, location, exact(quantity))

    def recount(self, identifier: int) -> None:
        """Work out anew how far an order has come, after a document made of it was written or removed.

        The stock it held must have been released before.
        """
        order = self._records.transaction(identifier)
        counts = self._counts(order.id)
        lines: list[Values] = []
        for line in order.values["item"]:
            done = counts.get(str(line["line"]), {})
            lines.append({**line, **{name: plain(value) for name, value in done.items()}, **_zeros(done)})
        values = {**order.values, "item": lines}
        letter = order.values[LETTER]
        if letter not in ("A", "C"):
            letter = order_state([self._line_state(line) for line in lines])
        values |= {"orderStatus": letter, LETTER: letter, "status": order.type.fields["orderStatus"].choices[letter]}
        numbers = [number for child in self._ledger.children(order.id) for number in _tracking(child)]
        if numbers:
            values["linkedTrackingNumbers"] = " ".join(numbers)
        self._set_aside(order, values)
        saved = self._records.save(
            Record(order.type, order.id, values), touch=self._records.settings.line_changes_header
        )
        self._ledger.write(saved)

    def _counts(self, identifier: int) -> dict[str, dict[str, Decimal]]:
        found: dict[str, dict[str, Decimal]] = {}
        for child in self._ledger.children(identifier):
            for line in child.values.get("item", []):
                if line.get("orderLine") is None:
                    continue
                names = _counted(child)
                counts = found.setdefault(str(line["orderLine"]), {})
                for name in names:
                    counts[name] = counts.get(name, Decimal(0)) + exact(line.get("quantity"))
        return found

    def _line_state(self, line: Values) -> LineState:
        moved = exact(line.get("quantityFulfilled")) + exact(line.get("quantityReceived"))
        return LineState(
            exact(line.get("quantity")),
            moved,
            exact(line.get("quantityBilled")),
            self._stock.item_type(str(line["item"])) in SHIPPED,
            bool(line.get("isClosed")),
        )

    def _letter(self, record: Record, values: Values, before: Record | None) -> str:
        asked = values.get("orderStatus")
        if before is None:
            initial = self._records.settings.initial_order_status if record.type.name == "salesOrder" else "B"
            letter = str(asked or initial)
            if letter not in ("A", "B"):
                raise invalid_reference(letter, "orderStatus", "orderStatus")
        else:
            letter = str(before.values[LETTER])
            if asked is not None and asked != letter:
                letter = self._moved(letter, str(asked), before)
        if letter == "C" or (letter == "A" and not all(line.get("isClosed") for line in values["item"])):
            return letter
        return order_state([self._line_state(line) for line in values["item"]])

    def _moved(self, letter: str, asked: str, before: Record) -> str:
        if asked == "H":
            return letter
        untouched = not self._ledger.children(before.id)
        if (letter, asked) == ("A", "B") or ((letter, asked) == ("B", "A") and untouched):
            return asked
        if asked == "C" and letter in self._records.settings.cancel_from and untouched:
            return asked
        raise user_error(
            f"You have entered an Invalid Field Value {asked} for the following field: orderStatus.", "orderStatus"
        )

    def _insist_editable(self, values: Values, before: Record) -> None:
        now = {str(line["line"]): line for line in values["item"]}
        for line in before.values.get("item", []):
            state = self._line_state(line)
            done = max(state.moved, state.billed)
            if not done:
                continue
            kept = now.get(str(line["line"]))
            if kept is None or kept["item"] != line["item"]:
                raise user_error(f"Line {line['line']} cannot be removed because it has been fulfilled or billed.")
            if exact(kept.get("quantity")) < done:
                raise user_error(
                    f"The quantity of line {line['line']} cannot be less than the {plain(done)} fulfilled or billed."
                )

    def _set_aside(self, record: Record, values: Values) -> None:
        holds = record.type.name == "salesOrder" and values[LETTER] in ("B", "D", "E")
        for line in values["item"]:
            line.pop(_SET_ASIDE, None)
            needed = self._line_state(line).to_move if holds else Decimal(0)
            location = line.get("location") or values.get("location")
            if record.type.name != "salesOrder":
                continue
            taken: list[tuple[str, str, int | float]] = []
            complete = bool(needed)
            commits = self._records.settings.commit_at_entry and str(line.get("commitInventory")) != _DO_NOT_COMMIT
            parts = self._stock.parts(str(line["item"]), needed) if needed and location and commits else ()
            for item, quantity in parts:
                held = self._stock.commit(item, str(location), quantity)
                complete = complete and held == quantity
                taken.append((item, str(location), plain(held)))
            if taken:
                line[_SET_ASIDE] = taken
            single = len(taken) == 1 and taken[0][0] == str(line["item"])
            committed = exact(taken[0][2]) if single else needed if taken and complete else Decimal(0)
            line["quantityCommitted"] = plain(committed)
            line["quantityBackOrdered"] = plain(needed - committed)


def _counted(child: Record) -> Sequence[str]:
    """Which of the order line's counts a document adds to."""
    if child.type.name == "itemFulfillment":
        progress = {"A": ("quantityPicked",), "B": ("quantityPicked", "quantityPacked")}
        shipped = ("quantityPicked", "quantityPacked", "quantityFulfilled")
        return progress.get(str(child.values.get("shipStatus")), shipped)
    if child.type.name == "itemReceipt":
        return ("quantityReceived",)
    return ("quantityBilled",) if child.type.name in _BILLS else ()


def _zeros(done: dict[str, Decimal]) -> dict[str, int]:
    names = ("quantityFulfilled", "quantityReceived", "quantityBilled", "quantityPicked", "quantityPacked")
    return {name: 0 for name in names if name not in done}


def _tracking(child: Record) -> Sequence[str]:
    return tracking_numbers(child.values) if child.type.name in _SHIPS else ()
