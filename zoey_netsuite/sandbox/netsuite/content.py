"""Reading a request's record: names and values are checked and brought into the form in which records are kept.

Kept are: references and choices as id text, numbers and booleans as JSON has them, dates as `2017-07-21`, times in
UTC as `2017-07-21T17:32:28Z`, subrecords as mappings, sublists as lists of mappings. None means "clear this field".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias, cast

from attrs import field, frozen

from zoey_netsuite.sandbox.netsuite.database import Database, quoted
from zoey_netsuite.sandbox.netsuite.errors import Refusal, invalid_content, invalid_reference, user_error
from zoey_netsuite.sandbox.netsuite.shapes import Field

Level: TypeAlias = Literal["error", "warning", "ignore"]
Values: TypeAlias = dict[str, Any]
EXTERNAL_ID = re.compile(r"[A-Za-z0-9_-]+")
_TRUE, _FALSE = ("t", "true", "yes"), ("f", "false", "no")
# What answers carry and requests may send back.
_PASSED_OVER = frozenset({"links", "refName", "totalResults", "count", "hasMore", "offset"})


def lines_of(values: Mapping[str, Any] | None, name: str) -> list[Values]:
    """The lines of a kept sublist, none if there is no such sublist (or no record)."""
    lines: list[Values] = (values or {}).get(name) or []
    return lines


def entries(value: object) -> list[Any] | None:
    """A JSON array's entries, or None if the value is no array."""
    is_array = isinstance(value, list)
    return cast("list[Any]", value) if is_array else None


@frozen
class Reader:
    """Reads the records of one request.

    Attributes:
        database: where references are looked up.
        names: what to do about a property that the record does not have.
        values: what to do about a value that does not fit.
        max_lengths: how many bytes a text may have, by field.
        warnings: what was passed over, for the answer's headers.
    """

    database: Database
    names: Level = "warning"
    values: Level = "error"
    max_lengths: Mapping[str, int] = field(factory=dict[str, int])
    warnings: list[str] = field(factory=list[str])

    def read(self, fields: Mapping[str, Field], body: Mapping[str, Any], path: str = "") -> Values:
        """The properties given, in the form they are kept in. Raises Refusal."""
        found: Values = {}
        for name, value in body.items():
            here = f"{path}.{name}" if path else name
            known = _lookup(fields, name)
            if known is None:
                if name not in _PASSED_OVER and not (name == "id" and not path):
                    self._unknown(name, here)
                continue
            if known.readonly:
                continue
            try:
                found[known.name] = self._value(known, value, here)
            except Refusal as refusal:
                if self.values == "error" or refusal.code != "INVALID_CONTENT":
                    raise
                self._warn(refusal.detail)
        return found

    def _value(self, known: Field, value: Any, path: str) -> Any:
        if value is None:
            return None
        if known.kind == "sublist":
            return self._lines(known, value, path)
        if known.kind == "subrecord":
            if not isinstance(value, Mapping):
                raise _unfit(known, value, path)
            return self.read(known.fields, cast("Mapping[str, Any]", value), path)
        if known.kind == "reference":
            return self._reference(known, value, path)
        kept = _scalar(known, value, path)
        limit = self.max_lengths.get(known.name)
        if limit is not None and isinstance(kept, str) and len(kept.encode("utf-8", "replace")) > limit:
            words = (
                f"The field {known.column} contained more than the maximum number ( {limit} ) of characters allowed."
            )
            raise user_error(words, path)
        return kept

    def _lines(self, known: Field, value: Any, path: str) -> list[Values]:
        lines = cast("Mapping[str, Any]", value).get("items") if isinstance(value, Mapping) else value
        listed = entries(lines)
        if listed is None:
            raise invalid_content(f"Invalid content in the request body: '{known.name}' needs an 'items' array.", path)
        found: list[Values] = []
        for number, line in enumerate(listed):
            here = f"{path}.items[{number}]"
            if not isinstance(line, Mapping):
                raise invalid_content("Invalid content in the request body: a line must be an object.", here)
            found.append(self.read(known.fields, cast("Mapping[str, Any]", line), here))
        return found

    def _reference(self, known: Field, value: Any, path: str) -> str | None:
        identifier = value
        if isinstance(value, Mapping):
            given = cast("Mapping[str, Any]", value)
            identifier = given.get("id", given.get("internalId"))
            if identifier is None and given.get("externalId") is not None:
                return self._by_external_id(known, str(given["externalId"]), path)
            if identifier is None and given.get("refName") is not None:
                return self._by_name(known, str(given["refName"]), path)
        if identifier is None:
            raise _unfit(known, value, path)
        text = str(identifier).strip()
        if text == "":
            return None
        if text.lower().startswith("eid:"):
            return self._by_external_id(known, text[4:], path)
        if known.free or self.exists(known.target, text):
            return text
        raise invalid_reference(text, known.name, path)

    def exists(self, table: str | None, identifier: str) -> bool:
        """Whether the table has a row with this id."""
        if table is None:
            return True
        key = self.database.catalogue.tables[table].key
        sql = f"SELECT 1 FROM {quoted(table)} WHERE {quoted(key)} = ?"
        return self.database.value(sql, identifier) is not None

    def _by_external_id(self, known: Field, text: str, path: str) -> str:
        return self._by(known, "externalid", text, path)

    def _by_name(self, known: Field, text: str, path: str) -> str:
        display = self.database.catalogue.tables[known.target].display if known.target else None
        return self._by(known, display, text, path)

    def _by(self, known: Field, column: str | None, text: str, path: str) -> str:
        table = known.target
        if table is not None and column and self.database.has(table, column):
            key = self.database.catalogue.tables[table].key
            sql = f"SELECT {quoted(key)} FROM {quoted(table)} WHERE {quoted(column)} = ?"
            found = self.database.value(sql, text)
            if found is not None:
                return str(found)
        raise invalid_reference(text, known.name, path)

    def _unknown(self, name: str, path: str) -> None:
        words = f"Unknown reference or field name: '{name}'. Provide a valid property name."
        if self.names == "error":
            raise invalid_content(f"Error while accessing a resource. {words}", path)
        self._warn(f"{words} ({path})")

    def _warn(self, words: str) -> None:
        self.warnings.append(words)


def _lookup(fields: Mapping[str, Field], name: str) -> Field | None:
    known = fields.get(name)
    if known is None and not name.startswith("cust"):
        return next((each for each in fields.values() if each.any_case and each.name.lower() == name.lower()), None)
    return known if known is not None else fields.get(name.lower())


def _unfit(known: Field, value: Any, path: str) -> Refusal:
    shown = value if isinstance(value, str | int | float | bool) else "of this form"
    words = f"Invalid value {shown} for field {known.name}. Provide a {known.kind}."
    return invalid_content(f"Error while accessing a resource. {words}", path)


def _scalar(known: Field, value: Any, path: str) -> Any:
    if known.kind == "boolean":
        return _boolean(known, value, path)
    if known.kind in ("number", "integer"):
        return _number(known, value, path)
    if known.kind == "choice":
        return _choice(known, value, path)
    if known.kind in ("date", "datetime"):
        return _moment(known, value, path)
    if isinstance(value, bool | Mapping | list):
        raise _unfit(known, value, path)
    text = str(value)
    if known.name == "externalId" and text and not EXTERNAL_ID.fullmatch(text):
        raise invalid_content(
            f"Invalid external identifier '{text}'. Use letters, digits, underscores and hyphens only.", path
        )
    return text if text != "" else None


def _boolean(known: Field, value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
        return value.lower() in _TRUE
    raise _unfit(known, value, path)


def _number(known: Field, value: Any, path: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _unfit(known, value, path)
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        raise _unfit(known, value, path) from None
    if not exact.is_finite() or (known.kind == "integer" and exact != exact.to_integral_value()):
        raise _unfit(known, value, path)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _choice(known: Field, value: Any, path: str) -> str:
    given = cast("Mapping[str, Any]", value).get("id") if isinstance(value, Mapping) else value
    if given is None or isinstance(given, bool | list):
        raise _unfit(known, value, path)
    text = str(given)
    if known.choices and text not in known.choices:
        raise invalid_reference(text, known.name, path)
    return text


def _moment(known: Field, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _unfit(known, value, path)
    try:
        if known.kind == "date":
            return date.fromisoformat(value[:10]).isoformat()
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise _unfit(known, value, path) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
