"""The sandbox's SQLite database: tables as SuiteQL names them, and hidden columns that the record API needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from attrs import evolve

from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue, Column, Table
from zoey_netsuite.sandbox.netsuite.tables import standard_catalogue

Value: TypeAlias = str | int | float | None
Row: TypeAlias = dict[str, Value]

_AFFINITY = {
    "text": "TEXT",
    "number": "NUMERIC",
    "boolean": "TEXT",
    "date": "TEXT",
    "datetime": "TEXT",
    "reference": "NUMERIC",
}
# Every table that holds records has these: the REST type's name and the record as JSON.
_HIDDEN = ("_record", "_fields")
_VIEWS = {
    "inventoryitemlocations": (
        "CREATE VIEW inventoryitemlocations AS SELECT stock.* FROM aggregateitemlocation AS stock "
        "JOIN item ON item.id = stock.item "
        "WHERE item.itemtype = 'InvtPart' AND item.islotitem <> 'T' AND item.isserialitem <> 'T'"
    )
}
_INDEXES = (
    'CREATE UNIQUE INDEX {schema}_stock ON aggregateitemlocation ("item", "location")',
    'CREATE INDEX {schema}_lines ON transactionline ("transaction", "id")',
    'CREATE INDEX {schema}_from ON transactionline ("createdfrom")',
    'CREATE INDEX {schema}_previous ON previoustransactionlinelink ("previousdoc")',
    'CREATE INDEX {schema}_following ON previoustransactionlinelink ("nextdoc")',
    'CREATE INDEX {schema}_previous_links ON previoustransactionlink ("previousdoc")',
    'CREATE INDEX {schema}_next_links ON nexttransactionlink ("nextdoc")',
    'CREATE INDEX {schema}_next_lines ON nexttransactionlinelink ("previousdoc")',
    'CREATE INDEX {schema}_book ON customeraddressbook ("entity")',
    'CREATE INDEX {schema}_pricing ON pricing ("item", "pricelevel", "quantity")',
    'CREATE INDEX {schema}_changed ON "transaction" ("lastmodifieddate")',
    'CREATE INDEX {schema}_changed_items ON item ("lastmodifieddate")',
    'CREATE INDEX {schema}_contacts ON contact ("company")',
)
_FIRST_IDS = {"entity": 101, "transaction": 1001, "item": 201}


def quoted(name: str) -> str:
    """The name as SQL takes it, whatever it is called."""
    return '"' + name.replace('"', '""') + '"'


class Database:
    """One SQLite connection, the catalogue of its tables and the counters of ids.

    Args:
        path: a file, or `:memory:`. A file that holds a sandbox already is gone on with.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode = MEMORY")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.catalogue = Catalogue()
        self._physical: dict[str, set[str]] = {}
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS _sequence (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID"
        )
        fresh = self.value("SELECT 1 FROM sqlite_master WHERE name = 'dual'") is None
        for table in standard_catalogue().tables.values():
            self.add_table(table)
        if fresh:
            for statement in _INDEXES:
                self.connection.execute(statement.format(schema="_index"))
            self.insert("dual", {"dummy": "X"})

    @contextmanager
    def unit_of_work(self) -> Generator[None]:
        """All or nothing: what is written inside is undone when it raises."""
        nested = self.connection.in_transaction
        self.connection.execute("SAVEPOINT work" if nested else "BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO work" if nested else "ROLLBACK")
            if nested:
                self.connection.execute("RELEASE work")
            raise
        self.connection.execute("RELEASE work" if nested else "COMMIT")

    def add_table(self, table: Table) -> None:
        """Make a table known, and make it if it is new."""
        if table.name in self.catalogue.tables:
            return
        view = _VIEWS.get(table.name)
        if view is not None:
            self.connection.execute(view.replace("CREATE VIEW", "CREATE VIEW IF NOT EXISTS"))
        else:
            columns = [self._definition(table, column) for column in table.columns.values()]
            hidden = [f"{quoted(name)} TEXT" for name in (*_HIDDEN, *_companions(table))]
            self.connection.execute(
                f"CREATE TABLE IF NOT EXISTS {quoted(table.name)} ({', '.join([*columns, *hidden])})"
            )
            if "externalid" in table.columns:
                self.connection.execute(
                    f"CREATE UNIQUE INDEX IF NOT EXISTS {quoted('_external_' + table.name)} "
                    f'ON {quoted(table.name)} ("_record", "externalid")'
                )
        self._remember(table)

    def add_column(self, table_name: str, column: Column) -> None:
        """Give a table one more column (a custom field), if it has none of that name."""
        table = self.catalogue.tables[table_name]
        if column.name in table.columns:
            return
        known = {row[1] for row in self.connection.execute(f"PRAGMA table_info({quoted(table_name)})")}
        if column.name not in known:
            self.connection.execute(f"ALTER TABLE {quoted(table_name)} ADD COLUMN {self._definition(table, column)}")
        self._remember(evolve(table, columns={**table.columns, column.name: column}))

    def next_id(self, sequence: str) -> int:
        """A new id, never used before."""
        return self.next_ids(sequence, 1)

    def next_ids(self, sequence: str, count: int) -> int:
        """The first of so many new ids in a row."""
        last = self.value("SELECT last FROM _sequence WHERE name = ?", sequence)
        first = int(last) + 1 if last is not None else _FIRST_IDS.get(sequence, 1)
        self.connection.execute("INSERT OR REPLACE INTO _sequence VALUES (?, ?)", (sequence, first + count - 1))
        return first

    def reserve_id(self, sequence: str, taken: int) -> None:
        """See to it that ids given from now on lie above one that was given by hand."""
        last = self.value("SELECT last FROM _sequence WHERE name = ?", sequence)
        if taken > int(last if last is not None else _FIRST_IDS.get(sequence, 1) - 1):
            self.connection.execute("INSERT OR REPLACE INTO _sequence VALUES (?, ?)", (sequence, taken))

    def has(self, table: str, column: str) -> bool:
        """Whether the database's table has such a column, hidden ones included."""
        return column in self._physical.get(table, set())

    def insert(self, table: str, values: Mapping[str, Value]) -> None:
        """Add a row; what the table has no column for is passed over."""
        self.insert_many(table, [values])

    def insert_many(self, table: str, rows: Sequence[Mapping[str, Value]], *, replace: bool = False) -> None:
        """Add rows of one shape (the first row's)."""
        if not rows:
            return
        names = [name for name in rows[0] if self.has(table, name)]
        columns, marks = ", ".join(map(quoted, names)), ", ".join("?" * len(names))
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        sql = f"{verb} INTO {quoted(table)} ({columns}) VALUES ({marks})"
        self.connection.executemany(sql, ([row.get(name) for name in names] for row in rows))

    def update(self, table: str, where: Mapping[str, Value], values: Mapping[str, Value]) -> int:
        """Change the rows that agree with `where`; returns how many."""
        known = {name: value for name, value in values.items() if self.has(table, name)}
        if not known:
            return 0
        sets = ", ".join(f"{quoted(name)} = ?" for name in known)
        condition, parameters = _condition(where)
        sql = f"UPDATE {quoted(table)} SET {sets} WHERE {condition}"
        return self.connection.execute(sql, [*known.values(), *parameters]).rowcount

    def delete(self, table: str, where: Mapping[str, Value]) -> None:
        """Remove the rows that agree with `where`."""
        condition, parameters = _condition(where)
        self.connection.execute(f"DELETE FROM {quoted(table)} WHERE {condition}", parameters)

    def find(self, table: str, where: Mapping[str, Value], *, order: str | None = None) -> list[Row]:
        """The rows that agree with `where`, as mappings."""
        condition, parameters = _condition(where)
        ordered = f" ORDER BY {order}" if order else ""
        sql = f"SELECT * FROM {quoted(table)} WHERE {condition}{ordered}"
        return self.rows(sql, *parameters)

    def rows(self, sql: str, *parameters: Value) -> list[Row]:
        """What a query gives, as mappings."""
        cursor = self.connection.execute(sql, parameters)
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def value(self, sql: str, *parameters: Value) -> Value:
        """The first column of the first row, or None."""
        row = self.connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def _definition(self, table: Table, column: Column) -> str:
        if column.name == table.key and column.type == "number":
            return f"{quoted(column.name)} INTEGER PRIMARY KEY" if table.name != "transactionline" else '"id" INTEGER'
        return f"{quoted(column.name)} {_AFFINITY[column.type]}"

    def _remember(self, table: Table) -> None:
        self.catalogue = Catalogue({**self.catalogue.tables, table.name: table})
        self._physical[table.name] = {*table.columns, *_HIDDEN, *_companions(table)}


def _companions(table: Table) -> Iterable[str]:
    """Hidden columns that hold display texts and long codes of others."""
    for column in table.columns.values():
        yield from (name for name in (column.text, column.code) if name)


def _condition(where: Mapping[str, Value]) -> tuple[str, list[Value]]:
    if not where:
        return "1", []
    parts = [f"{quoted(name)} IS ?" for name in where]
    return " AND ".join(parts), list(where.values())
