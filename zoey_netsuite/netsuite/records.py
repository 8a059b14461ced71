"""A NetSuite record as it came, kept whole, with short ways to its references, sublists and custom fields."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from attrs import field, frozen

from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.http.operation import JSON
from zoey_netsuite.netsuite.answers import RecordId, is_list, is_object
from zoey_netsuite.netsuite.values import to_text

Fields: TypeAlias = Mapping[str, JSON]
"""A record, or some fields of it, to be written: names as NetSuite has them, values as JSON.

`Decimal`, `date`, aware `datetime` and enumerations may stand in it, too. None clears a field.
"""

CUSTOM_PREFIXES = ("custentity", "custbody", "custcol", "custitem", "custrecord", "custevent")


@frozen
class Reference:
    """A field that points at another record: its id, and how NetSuite shows it."""

    id: str
    name: str = ""


def to_reference(value: JSON) -> Reference:
    """A reference as NetSuite gives it: an object with id and refName, or the bare id. Raises ValueError."""
    if is_object(value) and "id" in value:
        return Reference(to_text(value["id"]), to_text(value.get("refName") or ""))
    if isinstance(value, str | int) and not isinstance(value, bool):
        return Reference(to_text(value))
    raise ValueError("reference expected")


@frozen
class Record:
    """One record.

    Attributes:
        type: as the record API calls it ("salesOrder").
        id: internal id.
        fields: everything NetSuite gave, custom fields and expanded sublists included. An absent field means null.
    """

    type: str
    id: RecordId
    fields: Mapping[str, JSON] = field(repr=lambda fields: f"<{len(fields)} fields>")

    def __getitem__(self, name: str) -> JSON:
        """A field's value. Raises KeyError when the record has none."""
        return self.fields[name]

    def get(self, name: str, default: JSON = None) -> JSON:
        """A field's value, or the default when the record has none."""
        return self.fields.get(name, default)

    @property
    def external_id(self) -> str | None:
        """The external id, if the record has one."""
        value = self.fields.get("externalId")
        return None if value is None else to_text(value)

    @property
    def custom(self) -> Mapping[str, JSON]:
        """The custom fields (`custentity_*`, `custbody_*` …) by their script ids."""
        return {name: value for name, value in self.fields.items() if is_custom(name)}

    def reference(self, name: str) -> Reference | None:
        """A field that points at another record, or None when it is empty.

        Raises:
            ConfigurationError: the field holds something else.
        """
        value = self.fields.get(name)
        try:
            return None if value is None else to_reference(value)
        except ValueError as problem:
            raise ConfigurationError(
                f"{self.type} {self.id}: the field {name!r} is no reference: it holds {value!r}."
            ) from problem

    def lines(self, sublist: str = "item") -> Sequence[Mapping[str, JSON]]:
        """The lines of a sublist; none when the record has no such sublist.

        Raises:
            ConfigurationError: the sublist was not read along.
        """
        value = self.fields.get(sublist)
        if value is None:
            return ()
        items = value.get("items") if is_object(value) else value
        if not is_list(items):
            raise ConfigurationError(f"{self.type} {self.id}: {sublist!r} was not read along: read with expand=True.")
        return items


def agrees(found: JSON, wanted: JSON) -> bool:
    """Whether a field holds a value: a reference by its id, numbers as numbers, no value as an absent one."""
    shown, meant = _bare(found), _bare(wanted)
    if shown == meant:
        return True
    if shown is None or meant is None:
        return False
    try:
        return Decimal(str(shown)) == Decimal(str(meant))
    except InvalidOperation:
        return to_text(shown) == to_text(meant)


def in_words(value: JSON) -> str:
    """What a field holds, for people: a reference by its id, "nothing" where it holds none."""
    bare = _bare(value)
    return "nothing" if bare is None else str(bare)


def _bare(value: JSON) -> JSON:
    if is_object(value) and "id" in value:
        return to_text(value["id"])
    return {"": None, "T": True, "F": False}.get(value, value) if isinstance(value, str) else value


def is_custom(name: str) -> bool:
    """Whether a field is the account's own."""
    return name.lower().startswith(CUSTOM_PREFIXES)


def payload(fields: Fields, *, record: str) -> dict[str, JSON]:
    """Fields as plain JSON.

    Args:
        fields: what is to be written.
        record: the record's type and id, for messages.

    Raises:
        MappingError: a value that JSON and NetSuite have no form for; its place is named.
    """
    return {name: _plain(value, name, record) for name, value in fields.items()}


def _plain(value: JSON, path: str, record: str) -> JSON:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, enum.Enum):
        return _plain(value.value, path, record)
    if isinstance(value, str):
        return str(value)
    if is_object(value):
        return {str(name): _plain(part, f"{path}.{name}", record) for name, part in value.items()}
    if is_list(value):
        return [_plain(part, f"{path}[{number}]", record) for number, part in enumerate(value)]
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            try:
                return write(value)
            except ValueError as problem:
                raise MappingError(f"{record}: {path} cannot be {value!r}: {problem}.", field=path) from problem
    raise MappingError(
        f"{record}: {path} cannot be {value!r}, a {type(value).__name__}: give text or a number.", field=path
    )


def _write_number(value: Decimal | float) -> JSON:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("a finite number is needed")
    if isinstance(value, Decimal) and Decimal(repr(number)) != value:
        return format(value, "f")
    return number


def _write_datetime(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("its time zone is missing")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_WRITERS: Sequence[tuple[type, Callable[..., JSON]]] = (
    (float, _write_number),
    (Decimal, _write_number),
    (datetime, _write_datetime),
    (date, date.isoformat),
)


LINE_KEYS = frozenset({"line", "id", "orderLine", "doc", "internalId", "key"})
"""Fields by which NetSuite knows a sublist's line again."""


def adds_lines(fields: Fields, *, replace: Sequence[str] = ()) -> bool:
    """Whether writing these fields twice adds lines twice: some line has no key, in a sublist not replaced whole."""
    for name, value in fields.items():
        if name in replace or not is_object(value):
            continue
        items = value.get("items")
        if is_list(items):
            for line in items:
                if not is_object(line) or not LINE_KEYS & set(line) or adds_lines(line):
                    return True
        elif adds_lines(value):
            return True
    return False
