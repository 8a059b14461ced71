"""The records themselves: found, made, changed and removed, with each change seen by SuiteQL at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from zoey_netsuite.sandbox.netsuite.auth import Clock
from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.database import Database, Row, Value, quoted
from zoey_netsuite.sandbox.netsuite.errors import Refusal, missing_values, nonexistent, user_error
from zoey_netsuite.sandbox.netsuite.registry import Registry
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.shapes import Field, RecordType
from zoey_netsuite.sandbox.netsuite.sublists import merged

_CREATED = ("createdDate", "dateCreated", "created")
_CHANGED = ("lastModifiedDate", "lastModified")


@frozen
class Record:
    """A record as it is kept.

    Attributes:
        type: what it is.
        id: its internal id.
        values: its fields and sublists, in the form of `content`.
    """

    type: RecordType
    id: int
    values: Values

    def with_values(self, values: Mapping[str, Any]) -> Record:
        """The same record with these values over its own."""
        return evolve(self, values={**self.values, **values})


class Behavior(Protocol):
    """What a kind of record does beyond keeping its fields."""

    def prepare(self, record: Record, before: Record | None) -> Record:
        """The record with its defaults and sums; raises Refusal when the change is not allowed."""
        ...

    def columns(self, record: Record) -> Row:
        """Further column values of its row."""
        ...

    def settle(self, record: Record, before: Record | None) -> None:
        """Bring other tables and records in line after the record was written."""
        ...

    def dissolve(self, record: Record) -> None:
        """Undo what the record did to others, before it is removed; raises Refusal when it may not be."""
        ...


class Plain:
    """A record that only keeps its fields."""

    def prepare(self, record: Record, before: Record | None) -> Record:
        """As it is."""
        return record

    def columns(self, record: Record) -> Row:
        """None of its own."""
        return {}

    def settle(self, record: Record, before: Record | None) -> None:
        """Nothing to do."""

    def dissolve(self, record: Record) -> None:
        """Nothing to undo."""


class Records:
    """All records of the account.

    Args:
        database: where they lie.
        registry: what types there are.
        settings: the account's switches.
        clock: what time it is.
    """

    def __init__(self, database: Database, registry: Registry, settings: NetSuiteSettings, clock: Clock) -> None:
        self.database = database
        self.registry = registry
        self.settings = settings
        self.behaviors: dict[str, Behavior] = {}
        self._plain = Plain()
        self._clock = clock
        self._locked: set[tuple[str, int]] = set()

    def now(self) -> str:
        """The time of day as records carry it."""
        return self._clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def today(self) -> date:
        """The day in the account's time zone."""
        moment: datetime = self._clock.now()
        return moment.astimezone(ZoneInfo(self.settings.timezone)).date()

    def lock(self, record_type: RecordType, identifier: int, *, locked: bool = True) -> None:
        """Let a workflow lock a record: the record API then refuses it, SuiteQL still reads it."""
        key = (record_type.table, identifier)
        (self._locked.add if locked else self._locked.discard)(key)

    def insist_unlocked(self, record_type: RecordType, identifier: int) -> None:
        """Raise Refusal if a workflow has locked the record."""
        if (record_type.table, identifier) in self._locked:
            raise user_error("This record has been locked by a user defined workflow.")

    def find(self, record_type: RecordType, identifier: int) -> Record | None:
        """The record of that type with that id, or None."""
        sql = f"SELECT _record, _fields FROM {quoted(record_type.table)} WHERE id = ?"
        row = self.database.connection.execute(sql, (identifier,)).fetchone()
        if row is None or row[0] != record_type.name:
            return None
        return Record(record_type, identifier, self._values(record_type, identifier, row[1]))

    def get(self, record_type: RecordType, identifier: int) -> Record:
        """The record of that type with that id. Raises Refusal."""
        record = self.find(record_type, identifier)
        if record is not None:
            return record
        if record_type.is_transaction and self.database.find("transaction", {"id": identifier}):
            raise user_error("Transaction type specified is incorrect.", prefix=False)
        raise nonexistent()

    def find_any(self, table: str, identifier: int) -> Record | None:
        """A record of a table that holds several types, such as `item`, or None."""
        kept = self.database.value(f"SELECT _record FROM {quoted(table)} WHERE id = ?", identifier)
        return self.find(self.registry.get(str(kept)), identifier) if kept is not None else None

    def transaction(self, identifier: Value) -> Record:
        """A transaction of whatever type. Raises Refusal."""
        kept = self.database.value('SELECT _record FROM "transaction" WHERE id = ?', identifier)
        if kept is None or identifier is None:
            raise nonexistent()
        return self.get(self.registry.get(str(kept)), int(identifier))

    def by_external_id(self, record_type: RecordType, external_id: str) -> Record | None:
        """The record of that type with that external id, or None."""
        sql = f"SELECT id FROM {quoted(record_type.table)} WHERE _record = ? AND externalid = ?"
        found = self.database.value(sql, record_type.name, external_id)
        return self.find(record_type, int(found)) if found is not None else None

    def create(self, record_type: RecordType, changes: Mapping[str, Any], *, identifier: int | None = None) -> Record:
        """Make a record. Raises Refusal."""
        step = self.settings.line_step
        values = merged(record_type.fields, {}, changes, step=step)
        if identifier is None:
            identifier = self.database.next_id(record_type.ids)
        else:
            self.database.reserve_id(record_type.ids, identifier)
        now = self.now()
        stamps = {name: now for name in (*_CREATED, *_CHANGED) if name in record_type.fields}
        record = Record(record_type, identifier, {**stamps, **values})
        self._insist_external_id(record)
        record = self.behavior(record_type).prepare(record, None)
        self._insist_required(record)
        self._write(record, new=True)
        self.behavior(record_type).settle(record, None)
        return record

    def update(
        self, before: Record, changes: Mapping[str, Any], *, replace: Collection[str] = (), touch: bool = True
    ) -> Record:
        """Change a record. Raises Refusal."""
        record_type = before.type
        step = self.settings.line_step
        values = merged(record_type.fields, before.values, changes, replace=replace, step=step)
        stamps = {name: self.now() for name in _CHANGED if name in record_type.fields and touch}
        record = Record(record_type, before.id, {**values, **stamps})
        self._insist_external_id(record)
        record = self.behavior(record_type).prepare(record, before)
        self._insist_required(record)
        self._write(record, new=False)
        self.behavior(record_type).settle(record, before)
        return record

    def save(self, record: Record, *, touch: bool = True) -> Record:
        """Write a record that the sandbox itself has changed, with no rule asked."""
        stamps = {name: self.now() for name in _CHANGED if name in record.type.fields and touch}
        record = record.with_values(stamps)
        self._write(record, new=False)
        return record

    def delete(self, record: Record) -> None:
        """Remove a record and note it among the deleted. Raises Refusal."""
        self.behavior(record.type).dissolve(record)
        self.database.delete(record.type.table, {"id": record.id})
        name = record.values.get("tranId") or record.values.get("entityId") or record.values.get("name")
        self.database.insert(
            "deletedrecord",
            {
                "type": record.type.name.lower(),
                "recordtypeid": record.type.name.lower(),
                "recordid": record.id,
                "name": name,
                "context": "REST Web Services",
                "deletedby": None,
                "deleteddate": self.now()[:19],
            },
        )

    def behavior(self, record_type: RecordType) -> Behavior:
        """What this type does beyond keeping its fields."""
        return self.behaviors.get(record_type.table, self._plain)

    def row(self, record: Record) -> Row:
        """The record's row: its SuiteQL columns and the hidden ones."""
        table = record.type.table
        row: Row = {"id": record.id, "_record": record.type.name}
        for known in record.type.fields.values():
            if known.kind not in ("sublist", "subrecord") and self.database.has(table, known.column):
                row[known.column] = column_value(known, record.values.get(known.name))
        row |= {name: text for name, text in record.type.extra.items() if row.get(name) in (None, "F")}
        if record.type.table == "item":
            row["itemtype"] = record.type.code
        if self.database.has(table, "isinactive"):
            row["isinactive"] = row.get("isinactive") or "F"
        row |= self.behavior(record.type).columns(record)
        row["_fields"] = json.dumps(record.values, separators=(",", ":"))
        return row

    def _values(self, record_type: RecordType, identifier: int, kept: str | None) -> Values:
        if kept:
            values: Values = json.loads(kept)
            return values
        # Seeded in bulk: the columns are all there is.
        row = self.database.find(record_type.table, {"id": identifier})[0]
        fields = [each for each in record_type.fields.values() if each.kind not in ("sublist", "subrecord")]
        found = {each.name: kept_value(each, row.get(each.column)) for each in fields}
        return {name: value for name, value in found.items() if value is not None}

    def _write(self, record: Record, *, new: bool) -> None:
        row = self.row(record)
        if new:
            self.database.insert(record.type.table, row)
        else:
            self.database.update(record.type.table, {"id": record.id}, row)

    def _insist_external_id(self, record: Record) -> None:
        external_id = record.values.get("externalId")
        if external_id is None:
            return
        other = self.by_external_id(record.type, external_id)
        if other is not None and other.id != record.id:
            raise exists_already(record.type, self.settings)

    def _insist_required(self, record: Record) -> None:
        missing = [name for name in record.type.required if record.values.get(name) is None]
        if missing:
            raise missing_values([record.type.fields[name].label for name in missing])


def exists_already(record_type: RecordType, settings: NetSuiteSettings) -> Refusal:
    """The refusal of a second record with the same external id (or, for an entity, the same name)."""
    code = settings.duplicate_codes.get(record_type.name, "USER_ERROR")
    kind = "entity" if record_type.ids == "entity" else "record"
    return Refusal(400, code, f"Error while accessing a resource. This {kind} already exists.")


def column_value(known: Field, value: Any) -> Value:
    """A kept value as a column of the database holds it."""
    if known.kind == "boolean":
        return "T" if value else "F"
    if value is None:
        return None
    if known.kind == "datetime":
        return str(value)[:19]
    if known.kind in ("number", "integer"):
        return value if isinstance(value, int | float) else float(value)
    return str(value)


def kept_value(known: Field, value: Value) -> Any:
    """A column's value as records keep it: the other way round."""
    if value is None:
        return None
    if known.kind == "boolean":
        return value == "T"
    if known.kind == "datetime":
        return f"{value}Z"
    return value if known.kind in ("number", "integer") else str(value)
