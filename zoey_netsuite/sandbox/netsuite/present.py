"""Writing a kept record as the record API answers it: references with names, sublists as links unless expanded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from attrs import frozen

from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.database import Database, quoted
from zoey_netsuite.sandbox.netsuite.registry import Registry
from zoey_netsuite.sandbox.netsuite.shapes import Field, RecordType

RECORDS = "/services/rest/record/v1"
_COUNTRIES = {"US": "United States", "CA": "Canada", "GB": "United Kingdom", "DE": "Germany", "AU": "Australia"}


def link(rel: str, href: str) -> dict[str, str]:
    """One link of an answer."""
    return {"rel": rel, "href": href}


@frozen
class Presenter:
    """Writes records for a caller who addressed us as `base` (scheme and host)."""

    database: Database
    registry: Registry
    base: str

    def location(self, record_type: RecordType, identifier: int | str) -> str:
        """A record's address."""
        return f"{self.base}{RECORDS}/{record_type.name}/{identifier}"

    def record(
        self,
        record_type: RecordType,
        identifier: int,
        values: Values,
        *,
        expand: bool = False,
        only: Collection[str] = (),
    ) -> dict[str, Any]:
        """A whole record, or the fields named in `only`."""
        here = self.location(record_type, identifier)
        body: dict[str, Any] = {"links": [link("self", here)]}
        wanted = {name.lower() for name in only}
        fields = {name: each for name, each in record_type.fields.items() if not wanted or name.lower() in wanted}
        body |= self.fields(fields, values, here, expand=expand)
        body["id"] = str(identifier)
        return body

    def fields(self, fields: Mapping[str, Field], values: Values, here: str, *, expand: bool) -> dict[str, Any]:
        """The properties that have a value; sublists and subrecords are there even when empty, as links."""
        found: dict[str, Any] = {}
        for name, known in fields.items():
            value = values.get(name)
            if known.kind == "sublist" and (not expand or value is not None):
                found[name] = self.sublist(known, value or [], f"{here}/{name}", expand=expand)
            elif known.kind == "subrecord" and value is not None:
                found[name] = self.subrecord(known, value, f"{here}/{name}", expand=expand)
            elif value is not None and known.kind != "sublist":
                found[name] = self.value(known, value)
        return found

    def sublist(self, known: Field, lines: list[Values], here: str, *, expand: bool) -> dict[str, Any]:
        """A sublist: its link, or its lines."""
        if not expand:
            return {"links": [link("self", here)]}
        return {
            "links": [link("self", here)],
            "count": len(lines),
            "hasMore": False,
            "items": [self.line(known, line, here, expand=True) for line in lines],
            "offset": 0,
            "totalResults": len(lines),
        }

    def line(self, known: Field, line: Values, here: str, *, expand: bool) -> dict[str, Any]:
        """One line of a sublist."""
        there = f"{here}/{line.get(known.key)}"
        return {"links": [link("self", there)], **self.fields(known.fields, line, there, expand=expand)}

    def subrecord(self, known: Field, values: Values, here: str, *, expand: bool) -> dict[str, Any]:
        """A subrecord: its link, or its fields."""
        if not expand:
            return {"links": [link("self", here)]}
        return {"links": [link("self", here)], **self.fields(known.fields, values, here, expand=True)}

    def value(self, known: Field, value: Any) -> Any:
        """One plain value."""
        if known.kind == "reference":
            return self._reference(known, str(value))
        if known.kind == "choice":
            return {
                "id": str(value),
                "refName": known.choices.get(str(value)) or _COUNTRIES.get(str(value), str(value)),
            }
        return value

    def _reference(self, known: Field, identifier: str) -> dict[str, Any]:
        name, record = self.display(known.target, identifier), self._record_name(known.target, identifier)
        links = [link("self", f"{self.base}{RECORDS}/{record}/{identifier}")] if record else []
        return {"links": links, "id": identifier, **({"refName": name} if name is not None else {})}

    def display(self, table: str | None, identifier: str) -> str | None:
        """The text that stands for a row."""
        known = self.database.catalogue.tables.get(table or "")
        if known is None or known.display is None:
            return "Custom" if table == "pricelevel" and identifier == "-1" else None
        sql = f"SELECT {quoted(known.display)} FROM {quoted(known.name)} WHERE {quoted(known.key)} = ?"
        text = self.database.value(sql, identifier)
        if text is None and identifier == "-1":
            return "Custom"
        return str(text) if text is not None else None

    def _record_name(self, table: str | None, identifier: str) -> str | None:
        if table in ("transaction", "item"):
            kept = self.database.value(f"SELECT _record FROM {quoted(table)} WHERE id = ?", identifier)
            return str(kept) if kept else None
        return next((each.name for each in self.registry if each.table == table), None)
