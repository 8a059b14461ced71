"""A small NetSuite account in SQLite, as the sandbox lays its tables out."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue, Column, ColumnType, Table

AFFINITY = {"number": "NUMERIC", "reference": "NUMERIC"}
NOW = datetime(2026, 11, 24, 17, 30, 15, tzinfo=UTC)


def _table(name: str, columns: str, display: str | None = None, key: str = "id") -> Table:
    """A table from `name:type` or `name>target` words."""
    found: dict[str, Column] = {}
    for word in columns.split():
        if ">" in word:
            column, target = word.split(">")
            found[column] = Column(column, "reference", target)
        else:
            column, _, kind = word.partition(":")
            kinds: dict[str, ColumnType] = {
                "": "text",
                "n": "number",
                "b": "boolean",
                "d": "date",
                "t": "datetime",
            }
            found[column] = Column(column, kinds[kind])
    return Table(name, found, display, key)


_STATUS = Column("status", text="_status_text", code="_status_code")
_TABLES = [
    _table(
        "customer",
        "id:n entityid companyname isperson:b externalid creditlimit:n lastmodifieddate:t terms>term parent>customer",
        "entityid",
    ),
    _table("transaction", "id:n type tranid trandate:d entity>customer foreigntotal:n lastmodifieddate:t"),
    _table("transactionline", "transaction>transaction id:n item>item quantity:n rate:n mainline:b itemtype"),
    _table("item", "id:n itemid itemtype isinactive:b", "itemid"),
    _table("location", "id:n name", "name"),
    _table("term", "id:n name", "name"),
    _table("aggregateitemlocation", "item>item location>location quantityavailable:n quantityonhand:n", key=""),
    _table("deletedrecord", "deleteddate:t type recordid:n", key=""),
    _table("dual", "dummy", key=""),
]
_TABLES[1] = Table("transaction", {**_TABLES[1].columns, "status": _STATUS})
CATALOGUE = Catalogue({table.name: table for table in _TABLES})

CUSTOMERS = [
    (1, "ACME", "Acme, Inc.", "F", "zoey-1", 1000, "2026-03-08T09:59:59Z", 5, None),
    (2, "Bolt & Co", "O'Neill's", "F", None, 0.5, "2026-07-01T12:00:00Z", 6, 1),
    (10, "carla", None, "T", "zoey-10", None, "2026-11-01T08:30:00Z", None, 1),
    (11, "Dör", None, "T", "17", 12.5, None, None, None),
]
TRANSACTIONS = [
    (100, "SalesOrd", "SO100", "2026-11-01", 1, 150, "2026-11-20T00:00:00Z", "B", "Sales Order : Pending Fulfillment"),
    (101, "CustInvc", "INV101", "2026-11-15", 1, 75.25, "2026-11-21T08:00:00Z", "A", "Invoice : Open"),
    (102, "SalesOrd", "SO102", "2026-12-01", 2, 20, "2026-11-22T10:00:00Z", "H", "Sales Order : Closed"),
]
LINES = [
    (100, 0, None, None, None, "T", None),
    (100, 1, 7, -2, 50, "F", "InvtPart"),
    (100, 4, 8, -1, 50, "F", "Kit"),
    (102, 0, None, None, None, "T", None),
    (102, 1, 8, -3, 6.6, "F", "Kit"),
]


def new_connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for table in _TABLES:
        key = "id" if table.name not in ("transactionline",) and "id" in table.columns else ""
        columns = [
            f'"{each.name}" {"INTEGER PRIMARY KEY" if each.name == key else AFFINITY.get(each.type, "TEXT")}'
            for each in table.columns.values()
        ]
        hidden = ["_fields TEXT", *(["_status_text TEXT", "_status_code TEXT"] if "status" in table.columns else [])]
        connection.execute(f'CREATE TABLE "{table.name}" ({", ".join([*columns, *hidden])})')
    connection.execute("CREATE UNIQUE INDEX _stock ON aggregateitemlocation (item, location)")
    return connection


def filled_connection() -> sqlite3.Connection:
    connection = new_connection()

    def add(table: str, rows: list[tuple[object, ...]], columns: str) -> None:
        marks = ", ".join("?" * len(columns.split(",")))
        connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)

    add(
        "customer",
        CUSTOMERS,
        "id, entityid, companyname, isperson, externalid, creditlimit, lastmodifieddate, terms, parent",
    )
    add(
        "transaction",
        [(*row, "SalesOrd:" + row[7] if row[1] == "SalesOrd" else "CustInvc:" + row[7]) for row in TRANSACTIONS],
        "id, type, tranid, trandate, entity, foreigntotal, lastmodifieddate, status, _status_text, _status_code",
    )
    add("transactionline", LINES, '"transaction", id, item, quantity, rate, mainline, itemtype')
    add("item", [(7, "WIDGET", "InvtPart", "F"), (8, "SET", "Kit", "F")], "id, itemid, itemtype, isinactive")
    add("location", [(1, "East"), (2, "West")], "id, name")
    add("term", [(5, "Net 30"), (6, "Net 60")], "id, name")
    stock = [(7, 1, 5, 6), (7, 2, 2.5, 3), (8, 1, 1, 1), (9, 2, None, 4)]
    add("aggregateitemlocation", stock, "item, location, quantityavailable, quantityonhand")
    return connection
