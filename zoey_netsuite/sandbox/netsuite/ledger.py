"""What SuiteQL sees of a transaction beside its header: lines, links, addresses, tracking numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.database import Row, Value
from zoey_netsuite.sandbox.netsuite.entities import address_row
from zoey_netsuite.sandbox.netsuite.records import Record, Records, column_value
from zoey_netsuite.sandbox.netsuite.stock import STOCKED, Stock
from zoey_netsuite.sandbox.netsuite.sums import exact, plain

# On these the lines are negative and the header is positive; on the others it is the other way round.
OUTGOING = frozenset({"salesOrder", "invoice", "cashSale", "itemFulfillment"})
STOCK_MOVERS = frozenset({"itemFulfillment", "itemReceipt"})
_LINK_TABLES = (
    "previoustransactionlinelink",
    "nexttransactionlinelink",
    "previoustransactionlink",
    "nexttransactionlink",
)
_TRACKING = {
    "package": "packageTrackingNumber",
    "packageUps": "packageTrackingNumberUps",
    "packageFedEx": "packageTrackingNumberFedEx",
    "packageUsps": "packageTrackingNumberUsps",
}
_LINK_TYPES = {
    "itemFulfillment": "ShipRcpt",
    "itemReceipt": "ShipRcpt",
    "invoice": "OrdBill",
    "cashSale": "OrdBill",
    "creditMemo": "OrdBill",
    "cashRefund": "OrdBill",
    "returnAuthorization": "SaleRet",
    "customerDeposit": "OrdDep",
    "depositApplication": "DepAppl",
}


class Ledger:
    """Writes a transaction's lines and links."""

    def __init__(self, records: Records, stock: Stock) -> None:
        self._records = records
        self._database = records.database
        self._stock = stock

    def write(self, record: Record) -> None:
        """Bring everything that SuiteQL sees beside the header in line with the record."""
        self._write_lines(record)
        self._write_links(record)
        self._write_tracking(record)
        for kind in ("shipping", "billing"):
            address = record.values.get(f"{kind}Address")
            if address:
                self._database.delete(f"transaction{kind}address", {"nkey": record.id})
                self._database.insert(f"transaction{kind}address", {"nkey": record.id, **address_row(address)})

    def remove(self, record: Record) -> None:
        """Take it all away."""
        self._database.delete("transactionline", {"transaction": record.id})
        for table in _LINK_TABLES:
            self._database.delete(table, {"nextdoc": record.id})
        self._remove_tracking(record)
        for kind in ("shipping", "billing"):
            self._database.delete(f"transaction{kind}address", {"nkey": record.id})

    def children(self, identifier: int) -> list[Record]:
        """The documents made from this one."""
        rows = self._database.rows(
            "SELECT DISTINCT \"transaction\" AS id FROM transactionline WHERE createdfrom = ? AND mainline = 'T' "
            "ORDER BY 1",
            identifier,
        )
        return [self._records.transaction(row["id"]) for row in rows]

    def applied_to(self, identifier: int) -> Decimal:
        """How much of a document other documents have taken: paid, credited, refunded, applied."""
        found = self._database.value(
            "SELECT SUM(foreignamount) FROM previoustransactionlink "
            "WHERE previousdoc = ? AND linktype IN ('Payment', 'DepAppl', 'DepRfnd')",
            identifier,
        )
        return exact(found).quantize(Decimal("0.01"))

    def _write_lines(self, record: Record) -> None:
        old = {row["id"]: row for row in self._database.find("transactionline", {"transaction": record.id})}
        self._database.delete("transactionline", {"transaction": record.id})
        now = self._records.now()[:19]
        for sequence, row in enumerate(self._rows(record)):
            row |= {"transaction": record.id, "linesequencenumber": sequence}
            before = old.get(row["id"])
            changed = before is None or any(before.get(name) != _stored(value) for name, value in row.items())
            row["uniquekey"] = before["uniquekey"] if before else self._database.next_id("uniquekey")
            row["linecreateddate"] = before["linecreateddate"] if before else now
            row["linelastmodifieddate"] = now if before is None or changed else before["linelastmodifieddate"]
            self._database.insert("transactionline", row)

    def _rows(self, record: Record) -> Iterable[Row]:
        values = record.values
        sign = -1 if record.type.name in OUTGOING else 1
        total = values.get("total", 0)
        header = total if sign < 0 or record.type.name in ("customerPayment", "customerDeposit") else -total
        party = values.get("entity") or values.get("customer")
        common: Row = {
            "entity": _number(party),
            "subsidiary": _number(values.get("subsidiary")),
            **dict.fromkeys(
                ("mainline", "taxline", "iscogs", "isclosed", "isinventoryaffecting", "isfullyshipped"), "F"
            ),
            "donotdisplayline": "F",
        }
        yield {
            **common,
            "id": 0,
            "mainline": "T",
            "createdfrom": _number(values.get("createdFrom")),
            "memo": values.get("memo"),
            "location": _number(values.get("location")),
            "department": _number(values.get("department")),
            "class": _number(values.get("class")),
            "foreignamount": header,
            "netamount": header,
        }
        lines: list[Values] = values.get("item", [])
        last = 0
        for line in lines:
            row = {**common, **self._line(record, line, sign)}
            last = max(last, int(row["id"] or 0))
            yield row
            if record.type.name in STOCK_MOVERS:
                last = max(last, int(row["id"] or 0) + 1)
                yield {
                    **row,
                    "id": int(row["id"] or 0) + 1,
                    "iscogs": "T",
                    "isinventoryaffecting": "F",
                    "quantity": None if row["quantity"] is None else -_as_number(row["quantity"]),
                }
        for kind, amount in _extras(record):
            last += 1
            yield {
                **common,
                "id": last,
                "itemtype": kind,
                "taxline": "T" if kind == "TaxItem" else "F",
                "foreignamount": sign * amount,
                "netamount": sign * amount,
                "item": _number(values.get("discountItem")) if kind == "Discount" else None,
            }

    def _line(self, record: Record, line: Values, sign: int) -> Row:
        item = str(line.get("item"))
        kind = self._stock.item_type(item)
        quantity = line.get("quantity")
        mover = record.type.name in STOCK_MOVERS
        row: Row = {
            "id": line.get("line"),
            "item": _number(item),
            "itemtype": kind,
            "quantity": None if quantity is None else sign * quantity,
            "rate": line.get("rate") if isinstance(line.get("rate"), int | float) else None,
            "foreignamount": sign * line.get("amount", 0),
            "netamount": sign * line.get("amount", 0),
            "memo": line.get("description"),
            "location": _number(line.get("location")),
            "department": _number(line.get("department")),
            "class": _number(line.get("class")),
            "price": _number(line.get("price")),
            "isclosed": "T" if line.get("isClosed") else "F",
            "isinventoryaffecting": "T" if mover and kind in STOCKED | {"Kit"} else "F",
            "quantityshiprecv": line.get("quantityFulfilled", line.get("quantityReceived", 0)),
            "quantitybilled": line.get("quantityBilled", 0),
            "quantitycommitted": line.get("quantityCommitted"),
            "quantitybackordered": line.get("quantityBackOrdered"),
            "quantitypicked": line.get("quantityPicked", 0),
            "quantitypacked": line.get("quantityPacked", 0),
        }
        for name, known in record.type.fields["item"].fields.items():
            if name.startswith("custcol"):
                row[name] = column_value(known, line.get(name))
        return row

    def _write_links(self, record: Record) -> None:
        for table in _LINK_TABLES:
            self._database.delete(table, {"nextdoc": record.id})
        for previous, kind, amount, lines in self._sources(record):
            source = self._records.transaction(int(previous))
            ends: Row = {
                "previousdoc": source.id,
                "nextdoc": record.id,
                "previoustype": source.type.code,
                "nexttype": record.type.code,
                "linktype": kind,
                "previousdate": source.values.get("tranDate"),
                "nextdate": record.values.get("tranDate"),
                "foreignamount": amount,
            }
            for table in ("previoustransactionlink", "nexttransactionlink"):
                self._database.insert(table, ends)
            for table in ("previoustransactionlinelink", "nexttransactionlinelink"):
                for previous_line, next_line in lines:
                    self._database.insert(table, {**ends, "previousline": previous_line, "nextline": next_line})

    def _sources(self, record: Record) -> Iterable[tuple[str, str, Value, Sequence[tuple[Value, Value]]]]:
        values = record.values
        made_from = values.get("createdFrom")
        if made_from is not None and record.type.name in _LINK_TYPES:
            kind = _LINK_TYPES[record.type.name]
            if record.type.name == "itemFulfillment" and values.get("shipStatus") != "C":
                kind = "PickPack"
            lines = [(line["orderLine"], line["line"]) for line in values.get("item", []) if line.get("orderLine")]
            yield made_from, kind, values.get("total"), lines or [(0, 0)]
        if values.get("salesOrder") is not None:
            yield values["salesOrder"], "OrdDep", values.get("payment"), [(0, 0)]
        if values.get("deposit") is not None and isinstance(values["deposit"], str):
            yield values["deposit"], "DepAppl", values.get("total"), [(0, 0)]
        for line in applied(values):
            taken = "DepRfnd" if line.get("type") == "Customer Deposit" else "Payment"
            yield line["doc"], taken, line["amount"], [(0, 0)]

    def _write_tracking(self, record: Record) -> None:
        self._remove_tracking(record)
        for name, property_name in _TRACKING.items():
            for package in record.values.get(name, []):
                text = package.get(property_name)
                if text:
                    number = self._database.next_id("trackingnumber")
                    self._database.insert("trackingnumber", {"id": number, "trackingnumber": text})
                    link: Row = {"transaction": record.id, "trackingnumber": number}
                    self._database.insert("trackingnumbermap", link)

    def _remove_tracking(self, record: Record) -> None:
        for row in self._database.find("trackingnumbermap", {"transaction": record.id}):
            self._database.delete("trackingnumber", {"id": row["trackingnumber"]})
        self._database.delete("trackingnumbermap", {"transaction": record.id})


def tracking_numbers(values: Values) -> list[str]:
    """The tracking numbers of a fulfilment's packages, of all carriers."""
    found = [line.get(text) for name, text in _TRACKING.items() for line in values.get(name, [])]
    return [str(each) for each in found if each]


def applied(values: Values) -> list[Values]:
    """The lines of `apply` (and a refund's `deposit`) that are ticked."""
    lines: list[Any] = [*values.get("apply", [])]
    if isinstance(values.get("deposit"), list):
        lines += values["deposit"]
    return [line for line in lines if line.get("apply")]


def _extras(record: Record) -> Iterable[tuple[str, int | float]]:
    values = record.values
    if record.type.name in STOCK_MOVERS or "subtotal" not in values:
        return
    for kind, name in (("Discount", "discountTotal"), ("ShipItem", "shippingCost"), ("HandlingItem", "handlingCost")):
        if values.get(name):
            yield kind, values[name]
    if values.get("taxTotal"):
        yield "TaxItem", values["taxTotal"]


def _number(value: Any) -> Value:
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def _as_number(value: Value) -> int | float:
    return value if isinstance(value, int | float) else plain(exact(value))


def _stored(value: Value) -> Value:
    """A value as SQLite gives it back: whole numbers as integers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
