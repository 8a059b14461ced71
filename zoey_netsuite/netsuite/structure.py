"""NetSuite's JSON as the user's own classes: a cattrs converter with NetSuite's way of writing values."""

from __future__ import annotations

import collections.abc
import enum
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.netsuite.answers import is_list, is_object
from zoey_netsuite.netsuite.errors import RowError
from zoey_netsuite.netsuite.records import Reference, to_reference
from zoey_netsuite.netsuite.values import (
    Formats,
    date_reader,
    datetime_reader,
    to_bool,
    to_decimal,
    to_float,
    to_int,
    to_text,
)

if TYPE_CHECKING:  # costs more than the rest of the client; queries that give plain rows do without
    from cattrs import Converter

T = TypeVar("T")

Reader = Callable[[Any], Any]
Hook = Callable[[Any, Any], Any]


@lru_cache
def converter(formats: Formats) -> Converter:
    """A converter that reads values as NetSuite writes them. Unknown keys are ignored."""
    from cattrs import Converter

    made = Converter(detailed_validation=False)
    readers: Mapping[type, Reader] = {
        str: to_text,
        bool: to_bool,
        int: to_int,
        float: to_float,
        Decimal: to_decimal,
        date: date_reader(formats),
        datetime: datetime_reader(formats),
    }
    for kind, read in readers.items():
        made.register_structure_hook(kind, _hook_of(kind, read))
    made.register_structure_hook_factory(_is_enum, _enum_hook)
    made.register_structure_hook_factory(_is_literal, _literal_hook)
    return made


def _ignoring_type(read: Reader) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def _hook_of(primitive: type, read: Reader) -> Hook:
    """A hook for a type and those derived from it: cattrs asks it for `class Status(str, Enum)`, too."""

    def structure(value: Any, kind: Any) -> Any:
        if kind is primitive:
            return read(value)
        return _enum_reader(kind)(value) if _is_enum(kind) else kind(read(value))

    return structure


@lru_cache
def _enum_reader(kind: type[enum.Enum]) -> Reader:
    return choice_reader(kind, list(kind))


def _enum_hook(kind: Any) -> Hook:
    return _ignoring_type(_enum_reader(kind))


def _literal_hook(kind: Any) -> Hook:
    return _ignoring_type(choice_reader(None, get_args(kind)))


def _is_literal(kind: Any) -> bool:
    origin: object = get_origin(kind)
    return origin is Literal


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def choice_reader(kind: type[enum.Enum] | None, choices: Any) -> Reader:
    """A function that finds the choice (an enumeration's member, a literal) which is written like the value."""
    written = {_written(choice.value if kind else choice): choice for choice in choices}
    names = ", ".join(sorted(written))

    def read(value: Any) -> Any:
        try:
            return written[to_text(value)]
        except (KeyError, ValueError):
            raise ValueError(f"one of {names} expected") from None

    return read


def _written(value: Any) -> str:
    try:
        return to_text(value)
    except ValueError:
        return str(value)


@attrs.frozen
class Column:
    """A field of a class that rows are read as."""

    field: str
    key: str
    type: Any
    required: bool
    optional: bool


def columns_of(kind: type) -> list[Column]:
    """A class's fields and the keys they are read from (compared without regard to case, so in lower case)."""
    if not attrs.has(kind):
        raise ConfigurationError(f"as_={kind.__name__} is no attrs class: decorate it with @attrs.frozen.")
    try:
        hints = get_type_hints(kind, include_extras=True)
    except NameError as problem:
        raise ConfigurationError(
            f"The annotations of {kind.__name__} cannot be resolved ({problem}): define the class, and the types it "
            "names, at the top of a module."
        ) from problem
    columns = [
        Column(
            field=one.name,
            key=one.name.lower(),
            type=hints.get(one.name, Any),
            required=one.default is attrs.NOTHING,
            optional=_takes_none(hints.get(one.name, Any)),
        )
        for one in attrs.fields(kind)
        if one.init
    ]
    if len({column.key for column in columns}) < len(columns):
        raise ConfigurationError(f"{kind.__name__} has fields that differ in their letters' case only.")
    return columns


def _takes_none(kind: Any) -> bool:
    if kind is Any or kind is None:
        return True
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


@lru_cache
def structure_function(kind: type, formats: Formats) -> Callable[[Mapping[str, Any], Any], Any]:
    """A function compiled for the class that reads a mapping with lower-case keys. Its failures are not explained."""
    from cattrs.gen import make_dict_structure_fn, override

    options: dict[str, Any] = {column.field: override(rename=column.key) for column in columns_of(kind)}
    target: Any = kind
    made: Callable[[Mapping[str, Any], Any], Any] = make_dict_structure_fn(
        target, converter(formats), _cattrs_detailed_validation=False, **options
    )
    return made


def record_reader(kind: type[T], formats: Formats) -> Callable[[Mapping[str, Any], str], T]:
    """A function that reads a record's JSON, named in words for messages, as an object of an attrs class.

    Field names are compared with NetSuite's without regard to case and underscores (`entity_id` is `entityId`; custom
    fields keep theirs). A sublist becomes a list of its lines, a reference its id where text is asked for. A field
    `custom` gets all custom fields that have no field of their own, a field `extra` all the rest.
    """
    columns_of(kind)
    structure = _record_converter(formats)

    def read(record: Mapping[str, Any], named: str) -> T:
        try:
            return structure.structure(record, kind)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise RowError(f"{named} cannot be read as {kind.__name__}: {problem}.") from problem

    return read


@lru_cache
def _record_converter(formats: Formats) -> Converter:
    made = converter(formats).copy()

    def record_hook(kind: Any) -> Hook:
        return _record_hook(kind, made)

    def list_hook(kind: Any) -> Hook:
        return _list_hook(kind, made)

    made.register_structure_hook_factory(attrs.has, record_hook)
    made.register_structure_hook(Reference, _ignoring_type(to_reference))
    made.register_structure_hook_factory(_is_list, list_hook)
    return made


def _record_hook(kind: type, made: Converter) -> Callable[[Any, Any], Any]:
    columns = {_record_key(column.field): column for column in columns_of(kind)}
    open_fields = {name for name in ("custom", "extra") if name in columns}

    def structure(value: Any, _: Any) -> Any:
        if not is_object(value):
            raise ValueError(f"{value!r} is no {kind.__name__}")
        found: dict[str, Any] = {name: {} for name in open_fields}
        for name, part in value.items():
            column = columns.get(_record_key(name))
            if column is not None and column.field not in open_fields:
                found[column.field] = _field(part, column, made)
            elif name.lower().startswith("cust") and "custom" in open_fields:
                found["custom"][name] = part
            elif name != "links" and "extra" in open_fields:
                found["extra"][name] = part
        for column in columns.values():
            if column.field not in found and column.required:
                if not column.optional:
                    raise ValueError(f"{column.field!r} is missing")
                found[column.field] = None
        return kind(
            **{attribute.alias: found[attribute.name] for attribute in attrs.fields(kind) if attribute.name in found}
        )

    return structure


def _field(value: Any, column: Column, made: Converter) -> Any:
    try:
        return made.structure(value, column.type)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise ValueError(f"{column.field!r}: {problem}") from problem


def _record_key(name: str) -> str:
    name = name.lower()
    return name if name.startswith("cust") and "_" in name else name.replace("_", "")


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in (list, tuple, collections.abc.Sequence) and bool(get_args(kind))


def _list_hook(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    inner, as_list = get_args(kind)[0], get_origin(kind) is list

    def structure(value: Any, _: Any) -> Any:
        items = value.get("items") if is_object(value) else value
        if not is_list(items):
            raise ValueError("lines expected: read with expand=True")
        lines: list[Any] = [made.structure(item, inner) for item in items]
        return lines if as_list else tuple(lines)

    return structure
