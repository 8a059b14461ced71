"""Copies of the records that the sandboxed systems keep: to be looked at, and to be put back."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import field, frozen

from zoey_netsuite.sandbox.exchange import JSON

Documents: TypeAlias = Mapping[str, Mapping[str, Mapping[str, JSON]]]
"""By type and id, each record as its system keeps it."""

_STOCK = "aggregateitemlocation"


@frozen
class Copy:
    """One system's records as they were at a moment.

    Attributes:
        schema: the form of the records: what tables and columns there were.
    """

    _kept: sqlite3.Connection = field(repr=False)
    schema: str = field(repr=False)

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Copy:
        """Copy what a database holds."""
        kept = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.backup(kept)
        copy = cls(kept, _schema(connection))
        weakref.finalize(copy, kept.close)
        return copy

    def put_back(self, connection: sqlite3.Connection) -> None:
        """Let a database hold this. Raises ValueError when its tables are others by now."""
        if _schema(connection) != self.schema:
            raise ValueError(
                "The records have another form since the copy was made: a custom field or table was added."
            )
        self._kept.backup(connection)

    def records(self) -> Documents:
        """All records by type (as NetSuite's record API and Zoey's resources are called; NetSuite's `stock` has ids
        `item/location`) and id, as they are kept.
        """
        found: dict[str, dict[str, Mapping[str, JSON]]] = {}
        for kind, identifier, document in self._documents():
            found.setdefault(kind, {})[identifier] = document
        return found

    def _documents(self) -> Iterator[tuple[str, str, Mapping[str, JSON]]]:
        for (table,) in self._kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            cursor = self._kept.execute('SELECT * FROM "' + table.replace('"', '""') + '"')
            names = {column[0] for column in cursor.description}
            if "document" in names:
                for identifier, document in cursor:
                    yield table.removeprefix("zoey_"), str(identifier), json.loads(document)
            elif "_fields" in names:
                columns = [column[0] for column in cursor.description]
                for values in cursor:
                    row = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
                    if table == _STOCK:
                        yield "stock", f"{row.get('item')}/{row.get('location')}", row
                    elif "_record" in row and "id" in row:
                        yield str(row["_record"]), str(row["id"]), _netsuite_record(row)


@frozen
class Snapshot:
    """Both systems as they were at a moment: `Sandbox.snapshot()`.

    Attributes:
        netsuite: the account's records.
        zoey: the store's records.
        at: the time it was there.
    """

    netsuite: Copy
    zoey: Copy
    at: datetime


def _netsuite_record(row: Mapping[str, Any]) -> Mapping[str, JSON]:
    """A record's fields; those that were seeded by the thousand have no more than their columns."""
    kept = row.get("_fields")
    if kept:
        fields: Mapping[str, JSON] = json.loads(kept)
        return fields
    return {name: value for name, value in row.items() if not name.startswith("_")}


def _schema(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return "\n".join(row[0] for row in rows)
