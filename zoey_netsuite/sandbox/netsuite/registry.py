"""Which record types and custom fields the account has."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import evolve

from zoey_netsuite.sandbox.netsuite.catalogue import Column
from zoey_netsuite.sandbox.netsuite.database import Database
from zoey_netsuite.sandbox.netsuite.entity_types import ENTITY_TYPES
from zoey_netsuite.sandbox.netsuite.item_types import BY_CODE, ITEM_TYPES
from zoey_netsuite.sandbox.netsuite.settings import CustomField
from zoey_netsuite.sandbox.netsuite.shapes import Field, Kind, RecordType, fields_of
from zoey_netsuite.sandbox.netsuite.tables import custom_record_table, list_table
from zoey_netsuite.sandbox.netsuite.transaction_types import TRANSACTION_TYPES

_ENTITIES = ("customer", "contact", "employee")


class Registry:
    """Record types by name, in any letter case, with the account's custom fields among their fields.

    Args:
        database: gets a column for each custom field, a table for each custom record.
        without: fields that this account's features do not include.
    """

    def __init__(self, database: Database, *, without: Collection[str] = ()) -> None:
        self._database = database
        self._types: dict[str, RecordType] = {}
        for each in (*ENTITY_TYPES, *ITEM_TYPES, *TRANSACTION_TYPES):
            fields = {name: known for name, known in each.fields.items() if name not in without}
            self._types[each.name.lower()] = evolve(each, fields=fields)

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._types.values())

    def find(self, name: str) -> RecordType | None:
        """The type of that name, or None."""
        return self._types.get(name.lower())

    def get(self, name: str) -> RecordType:
        """The type of that name. Raises KeyError."""
        return self._types[name.lower()]

    def of_code(self, code: str) -> RecordType:
        """A transaction's or item's type by the code that SuiteQL shows. Raises KeyError."""
        for each in TRANSACTION_TYPES:
            if each.code == code:
                return self.get(each.name)
        return self.get(BY_CODE[code])

    def declare(self, custom: CustomField) -> None:
        """Add a custom field to the records and tables that its prefix names. Raises ValueError for another prefix."""
        name = custom.name.lower()
        if custom.target is not None and custom.target.lower().startswith(("customlist", "customrecord")):
            self.declare_table(custom.target)
        target = custom.target.lower() if custom.target else None
        field = _field(name, custom, target)
        column = Column(name, custom.type, target)
        tables = self._place(name, custom, field)
        for table in tables:
            self._database.add_column(table, column)

    def declare_table(self, name: str) -> None:
        """Add a custom list or custom record type, if it is new."""
        name = name.lower()
        if name in self._types:
            return
        table = list_table(name) if name.startswith("customlist") else custom_record_table(name)
        self._database.add_table(table)
        fields = fields_of(
            text="name externalId scriptId",
            boolean="isInactive",
            datetime="created lastModified",
            references={"owner": "employee"},
            readonly="created lastModified",
        )
        self._types[name] = RecordType(name, name, fields, label=name, permission=table.permission, ids=name)

    def _place(self, name: str, custom: CustomField, field: Field) -> list[str]:
        if name.startswith("custbody"):
            self._extend([each.name for each in TRANSACTION_TYPES], field)
            return ["transaction"]
        if name.startswith("custcol"):
            for each in TRANSACTION_TYPES:
                self._extend_lines(self.get(each.name), field)
            return ["transactionline"]
        if name.startswith("custentity"):
            self._extend(list(_ENTITIES), field)
            return list(_ENTITIES)
        if name.startswith("custitem"):
            self._extend([each.name for each in ITEM_TYPES], field)
            return ["item"]
        if name.startswith("custrecord") and custom.record:
            self.declare_table(custom.record)
            self._extend([custom.record], field)
            return [custom.record.lower()]
        raise ValueError(
            f"Cannot place custom field {custom.name}: it begins with none of custbody, custcol, custentity, custitem, "
            "or with custrecord and the name of its record type."
        )

    def _extend(self, names: list[str], field: Field) -> None:
        for name in names:
            record_type = self.get(name)
            self._types[name.lower()] = evolve(record_type, fields={**record_type.fields, field.name: field})

    def _extend_lines(self, record_type: RecordType, field: Field) -> None:
        lines = record_type.fields.get("item")
        if lines is None:
            return
        extended = evolve(lines, fields={**lines.fields, field.name: field})
        self._types[record_type.name.lower()] = evolve(record_type, fields={**record_type.fields, "item": extended})


def _field(name: str, custom: CustomField, target: str | None) -> Field:
    kind: Kind = custom.type
    if kind == "reference" and target is None:
        return Field(name, "choice")
    return Field(name, kind, target)
