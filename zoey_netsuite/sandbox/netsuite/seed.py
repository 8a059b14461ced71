"""Filling the account: from a mapping of record types to records, quickly where there are many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Reader, Values
from zoey_netsuite.sandbox.netsuite.database import Row, Value
from zoey_netsuite.sandbox.netsuite.errors import Refusal
from zoey_netsuite.sandbox.netsuite.item_types import BY_CODE
from zoey_netsuite.sandbox.netsuite.records import Record, Records, column_value
from zoey_netsuite.sandbox.netsuite.settings import CustomField
from zoey_netsuite.sandbox.netsuite.shapes import RecordType

_LISTS = (
    "currency subsidiary department classification location term priceLevel pricingGroup paymentMethod shipItem "
    "customerCategory contactRole employee"
)
_FIRST = [name.lower() for name in _LISTS.split()]
_THEN = ["customer", "contact"]
# Items with nothing but plain fields need none of the record's rules and go in by the thousand.
_NOT_PLAIN = frozenset({"price", "member", "baseprice"})
_BASE: Mapping[str, Sequence[Row]] = {
    "currency": [
        {"id": 1, "name": "USD", "symbol": "USD", "isbasecurrency": "T", "exchangerate": 1, "currencyprecision": 2}
    ],
    "subsidiary": [{"id": 1, "country": "US", "currency": 1, "iselimination": "F"}],
    "pricelevel": [
        {"id": 1, "name": "Base Price", "isonline": "F"},
        {"id": 5, "name": "Online Price", "isonline": "T"},
    ],
    "term": [
        {"id": 1, "name": "Net 15", "daysuntilnetdue": 15},
        {"id": 2, "name": "Net 30", "daysuntilnetdue": 30},
        {"id": 3, "name": "Net 60", "daysuntilnetdue": 60},
        {"id": 4, "name": "Due on receipt", "daysuntilnetdue": 0},
    ],
    "paymentmethod": [
        {"id": 1, "name": "Cash"},
        {"id": 2, "name": "Check"},
        {"id": 5, "name": "VISA"},
    ],
}


class SeedError(ValueError):
    """A seed that the account can't take: says which record and why."""


class Seeder:
    """Puts records into the account without asking for credentials."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._database = records.database
        self._registry = records.registry
        self.saved_searches: dict[str, Mapping[str, Any]] = {}
        self.datasets: dict[str, str] = {}

    def base(self, company: str) -> None:
        """What every account has: a currency, a subsidiary, price levels, terms, payment methods."""
        if self._database.value("SELECT 1 FROM currency") is not None:
            return
        for table, rows in _BASE.items():
            record = next(each.name for each in self._registry if each.table == table)
            for row in rows:
                named: Row = {"name": company, "fullname": company} if table == "subsidiary" else {}
                self._database.insert(table, {**row, **named, "isinactive": "F", "_record": record})
                self._database.reserve_id(table, int(row["id"] or 0))

    def seed(self, content: Mapping[str, Any]) -> None:
        """Put everything in, lists before what refers to them. Raises SeedError."""
        self._definitions(content)
        rest = {name: rows for name, rows in content.items() if name not in _DEFINITIONS}
        for name in sorted(rest, key=self._turn):
            self._rows(name, rest[name])

    def _definitions(self, content: Mapping[str, Any]) -> None:
        for name in content:
            if name.lower().startswith(("customlist", "customrecord")):
                self._registry.declare_table(name)
        for custom in content.get("custom_fields", ()):
            try:
                self._registry.declare(custom if isinstance(custom, CustomField) else CustomField(**custom))
            except (TypeError, ValueError) as error:
                raise SeedError(f"Cannot declare custom field {custom}: {error}") from error
        for name, search in content.get("saved_searches", {}).items():
            self.saved_searches[name] = {"query": search} if isinstance(search, str) else search
        self.datasets |= content.get("datasets", {})

    def _turn(self, name: str) -> tuple[int, int]:
        """When a group's turn comes: lists, people, items, stock, transactions, the rest."""
        found = self._registry.find(name)
        if name.lower() in _FIRST:
            return 0, _FIRST.index(name.lower())
        if name.lower() in _THEN:
            return 3, _THEN.index(name.lower())
        if name == "item" or (found and found.table == "item"):
            return 1, 1 if name in ("kitItem", "assemblyItem", "itemGroup") else 0
        if name in ("stock", "pricing"):
            return 2, 0
        return (4, list(self._registry).index(found)) if found and found.is_transaction else (1, 2)

    def _rows(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if name == "stock":
            self.stock(rows)
        elif name == "item":
            groups: dict[str, list[Mapping[str, Any]]] = {}
            for row in rows:
                groups.setdefault(_item_type(row), []).append(_without(row, "recordType", "type", "itemtype"))
            for type_name, group in groups.items():
                self._records_of(self._registry.get(type_name), group)
        else:
            record_type = self._registry.find(name)
            if record_type is not None and not name.lower().startswith("customlist"):
                self._records_of(record_type, rows)
            elif name.lower() in self._database.catalogue.tables:
                self.rows(name.lower(), rows)
            else:
                raise SeedError(f"Cannot seed '{name}': the account has no such record type or table.")

    def stock(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Stock by item and location. What is available stands for what is on hand, and back."""
        self._database.insert_many("aggregateitemlocation", [_stock_row(row) for row in rows], replace=True)

    def rows(self, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """Rows of a table as they are."""
        names = {name.lower() for row in rows for name in row}
        unknown = sorted(name for name in names if not self._database.has(table, name))
        if unknown:
            raise SeedError(f"Cannot seed table {table}: it has no column {', '.join(unknown)}.")
        shaped = [dict.fromkeys(names) | {name.lower(): _flat(value) for name, value in row.items()} for row in rows]
        self._database.insert_many(table, shaped, replace=True)

    def _records_of(self, record_type: RecordType, rows: Sequence[Mapping[str, Any]]) -> None:
        plain = record_type.table == "item" and not any(name.lower() in _NOT_PLAIN for row in rows for name in row)
        if plain and len(rows) > 200:
            self._bulk(record_type, rows)
            return
        for row in rows:
            self.record(record_type, row)

    def record(self, record_type: RecordType, row: Mapping[str, Any]) -> Record:
        """One record, by the record API's own rules. Raises SeedError."""
        given = _named(record_type, row)
        identifier = given.pop("id", None)
        try:
            changes: Values = Reader(self._database, names="error").read(record_type.fields, given)
            before = self._records.find(record_type, int(identifier)) if identifier is not None else None
            if before is not None:
                return self._records.update(before, changes)
            return self._records.create(
                record_type, changes, identifier=int(identifier) if identifier is not None else None
            )
        except Refusal as refusal:
            where = f" at {refusal.at['o:errorPath']}" if "o:errorPath" in refusal.at else ""
            raise SeedError(f"Cannot seed {record_type.name} {dict(row)}: {refusal.detail}{where}") from refusal

    def _bulk(self, record_type: RecordType, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = {
            each.column: each for each in record_type.fields.values() if each.kind not in ("sublist", "subrecord")
        }
        given = {name.lower() for row in rows for name in row}
        unknown = sorted(name for name in given if name not in columns and name != "id")
        if unknown:
            raise SeedError(f"Cannot seed {record_type.name}: it has no field {', '.join(unknown)}.")
        now = self._records.now()[:19]
        same: Row = {
            **dict.fromkeys(sorted(given)),
            **record_type.extra,
            "itemtype": record_type.code,
            "_record": record_type.name,
            "createddate": now,
            "lastmodifieddate": now,
            "isinactive": "F",
        }
        first = self._database.next_ids(record_type.ids, len(rows))
        shaped: list[Row] = []
        for number, row in enumerate(rows):
            values: Row = {"id": first + number, **same}
            for name, value in row.items():
                lowered = name.lower()
                values[lowered] = int(value) if lowered == "id" else column_value(columns[lowered], _flat(value))
            values["fullname"] = values.get("itemid")
            shaped.append(values)
        self._database.reserve_id(record_type.ids, max(int(row["id"] or 0) for row in shaped))
        self._database.insert_many(record_type.table, shaped)


_DEFINITIONS = frozenset({"custom_fields", "saved_searches", "datasets"})


def _stock_row(row: Mapping[str, Any]) -> Row:
    given = {name.lower(): value for name, value in row.items()}
    available, on_hand = given.get("quantityavailable"), given.get("quantityonhand")
    return {
        "item": given["item"],
        "location": given["location"],
        "quantityonhand": on_hand if on_hand is not None else available or 0,
        "quantityavailable": available if available is not None else on_hand or 0,
        "quantitycommitted": given.get("quantitycommitted", 0),
        "quantityonorder": given.get("quantityonorder", 0),
        "quantitybackordered": given.get("quantitybackordered", 0),
    }


def _item_type(row: Mapping[str, Any]) -> str:
    for name in ("recordType", "recordtype", "type"):
        if name in row:
            return str(row[name])
    return BY_CODE[str(row.get("itemtype", row.get("itemType", "InvtPart")))]


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name.lower() not in {each.lower() for each in names}}


def _named(record_type: RecordType, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its keys as the record API writes them: seeds may be flat and lower case."""
    by_column = {each.column: name for name, each in record_type.fields.items()}
    return {
        name if name in record_type.fields else by_column.get(name.lower(), name): value for name, value in row.items()
    }


def _flat(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get("id")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if isinstance(value, bool):
        return "T" if value else "F"
    return value
