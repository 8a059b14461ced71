"""The store's records: documents by kind and id in one SQLite database."""

# The only names that are put into SQL are those of tables and attributes; the latter are checked to be plain words.

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.zoey.kinds import KINDS, AttributeType, Kind

Document: TypeAlias = dict[str, Any]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LOAD_AT_ONCE = 5000


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"Cannot keep {value!r} in a record of the sandbox.")


def _dumped(document: Mapping[str, JSON]) -> str:
    return json.dumps(document, separators=(",", ":"), default=_plain)


class Records:
    """Keeps documents and gives each its id. An id once given never comes back, not even after a deletion.

    Args:
        path: the database's file, or ":memory:".
    """

    def __init__(self, path: str = ":memory:") -> None:
        # Requests come from whichever thread the server runs; the application lets one in at a time.
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._depth = 0
        with self.transaction():
            for kind in KINDS.values():
                self._make_table(kind)
            self._execute("CREATE TABLE IF NOT EXISTS zoey_number (name TEXT PRIMARY KEY, value INTEGER NOT NULL)")
            self._execute(
                "CREATE TABLE IF NOT EXISTS zoey_attribute (kind TEXT, name TEXT, type TEXT, PRIMARY KEY (kind, name))"
            )
        self._custom: dict[str, dict[str, AttributeType]] = {}
        for kind_name, name, type_ in self._execute("SELECT kind, name, type FROM zoey_attribute"):
            self._custom.setdefault(kind_name, {})[name] = type_

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make what happens inside happen as a whole or, if it raises, not at all. May be nested."""
        name = f"level_{self._depth}"
        self._execute(f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._depth -= 1
            self._execute(f"RELEASE {name}")

    def attributes(self, kind: Kind) -> Mapping[str, AttributeType]:
        """All attributes of a kind but the key: the standard ones and the merchant's own."""
        return {**kind.attributes, **self._custom.get(kind.name, {})}

    def declare(self, kind: Kind, names: Iterable[str], type_: AttributeType = "text") -> None:
        """Make the merchant's own attributes known. Those that are known stay as they are. Raises ValueError."""
        known = self._custom.setdefault(kind.name, {})
        for name in names:
            if name == kind.key or name in known or name in kind.attributes:
                continue
            if not _NAME.match(name):
                raise ValueError(f"{name!r} cannot be an attribute of {kind.name}: letters, digits and _ only.")
            known[name] = type_
            self._execute("INSERT OR REPLACE INTO zoey_attribute VALUES (?, ?, ?)", (kind.name, name, type_))

    def next_number(self, name: str, start: int = 1) -> int:
        """The next of a named series of numbers."""
        self._execute(
            "INSERT INTO zoey_number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1", (name, start)
        )
        return int(self._execute("SELECT value FROM zoey_number WHERE name = ?", (name,)).fetchone()[0])

    def not_below(self, name: str, used: int) -> None:
        """Let a named series go on above a number that was given by hand."""
        self._execute(
            "INSERT INTO zoey_number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            (name, used),
        )

    def create(self, kind: Kind, document: Mapping[str, JSON], record_id: int | None = None) -> int:
        """Keep a new document and return its id. Raises ValueError when the given id is taken."""
        try:
            cursor = self._execute(
                f"INSERT INTO {kind.table} (id, document) VALUES (?, ?)", (record_id, _dumped(document))
            )
        except sqlite3.IntegrityError:
            raise ValueError(f"There is a record {record_id} in {kind.name} already.") from None
        return int(cursor.lastrowid or 0)

    def load(self, kind: Kind, documents: Iterable[tuple[int | None, Mapping[str, JSON]]]) -> None:
        """Keep many new documents, fast. Raises ValueError when a given id is taken."""
        rows = ((record_id, _dumped(document)) for record_id, document in documents)
        try:
            while batch := list(islice(rows, _LOAD_AT_ONCE)):
                self._connection.executemany(f"INSERT INTO {kind.table} (id, document) VALUES (?, ?)", batch)
        except sqlite3.IntegrityError:
            raise ValueError(f"One of the ids given is in {kind.name} already.") from None

    def get(self, kind: Kind, record_id: str | int) -> Document | None:
        """One document with its key, or None."""
        number = _as_id(record_id)
        if number is None:
            return None
        row = self._execute(f"SELECT id, document FROM {kind.table} WHERE id = ?", (number,)).fetchone()
        return _with_key(kind, row) if row else None

    def save(self, kind: Kind, document: Mapping[str, JSON]) -> None:
        """Put a document, as `get` gave it and then changed, in the old one's place."""
        rest = {name: value for name, value in document.items() if name != kind.key}
        self._execute(f"UPDATE {kind.table} SET document = ? WHERE id = ?", (_dumped(rest), int(document[kind.key])))

    def delete(self, kind: Kind, record_id: str | int) -> bool:
        """Remove a document, and tell whether it was there."""
        number = _as_id(record_id)
        return self._execute(f"DELETE FROM {kind.table} WHERE id = ?", (number,)).rowcount > 0

    def find(self, kind: Kind, attribute: str, value: JSON) -> Sequence[Document]:
        """All documents whose attribute has this value, compared as the database does, by ascending id."""
        expression = attribute_expression(kind, attribute, self.attributes(kind).get(attribute, "text"))
        return self.select(kind, f"WHERE {expression} = ? ORDER BY id", (value,))

    def select(self, kind: Kind, clauses: str = "ORDER BY id", values: Sequence[object] = ()) -> Sequence[Document]:
        """Documents by SQL clauses that stand after FROM."""
        rows = self._execute(f"SELECT id, document FROM {kind.table} {clauses}", values)
        return [_with_key(kind, row) for row in rows]

    def count(self, kind: Kind, where: str = "", values: Sequence[object] = ()) -> int:
        """How many there are, by an SQL condition."""
        return int(self._execute(f"SELECT count(*) FROM {kind.table} {where}", values).fetchone()[0])

    def highest_id(self, kind: Kind) -> int:
        """The highest id that was ever given; 0 for none."""
        row = self._execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (kind.table,)).fetchone()
        return int(row[0]) if row else 0

    def _make_table(self, kind: Kind) -> None:
        self._execute(
            f"CREATE TABLE IF NOT EXISTS {kind.table} (id INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL)"
        )
        for attribute in kind.indexed:
            expression = attribute_expression(kind, attribute, kind.attributes[attribute])
            self._execute(f"CREATE INDEX IF NOT EXISTS {kind.table}_{attribute} ON {kind.table} ({expression})")

    def _execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)


def attribute_expression(kind: Kind, attribute: str, type_: AttributeType) -> str:
    """The SQL expression of an attribute. Numbers compare as numbers, text without regard to case (as MySQL does)."""
    if attribute == kind.key:
        return "id"
    if not _NAME.match(attribute):
        raise ValueError(f"{attribute!r} is no attribute.")
    extracted = f"json_extract(document, '$.{attribute}')"
    if type_ in ("number", "decimal"):
        return f"CAST({extracted} AS NUMERIC)"
    return f"{extracted} COLLATE NOCASE"


def _with_key(kind: Kind, row: tuple[int, str]) -> Document:
    return {kind.key: str(row[0]), **json.loads(row[1])}


def _as_id(given: str | int) -> int | None:
    written = str(given)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
