"""Zoey's JSON as records: a cattrs converter that reads values in every form they come in."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.errors import RecordError
from zoey_netsuite.zoey.values import (
    abridged,
    is_array,
    is_missing,
    is_no_time,
    is_object,
    to_bool,
    to_datetime,
    to_decimal,
    to_id,
    to_int,
    to_lines,
    to_text,
    to_texts,
)

if TYPE_CHECKING:  # costs more than the rest of the client
    from cattrs import Converter

T = TypeVar("T")
Reader = Callable[[Any], Any]
Structure = Callable[[Mapping[str, Any], Any], Any]

FREE_TEXT = frozenset(("external_id", "tax_id"))
"""Fields that end like one for an id and hold whatever the merchant writes."""
QUOTES = "'\""
REST = "(rest)"
"""The key under which what has no field of its own is handed to the converter; no JSON from Zoey uses it."""


def key(name: str) -> dict[str, str]:
    """Metadata of a field that Zoey calls otherwise."""
    return {"zoey": name}


def lines() -> dict[str, bool]:
    """Metadata of a field that holds the lines of a street."""
    return {"lines": True}


@cache
def _converter() -> Converter:
    from cattrs import Converter

    made = Converter(detailed_validation=False)
    readers: Mapping[type, Reader] = {
        str: to_text,
        bool: to_bool,
        int: to_int,
        Decimal: to_decimal,
        datetime: to_datetime,
    }
    for kind, read in readers.items():
        made.register_structure_hook(kind, _ignoring_type(read))
    made.register_structure_hook_factory(_is_optional, _factory)
    made.register_structure_hook_factory(_is_tuple, _factory)
    made.register_structure_hook_factory(_is_mapping, _factory)
    made.register_structure_hook_factory(attrs.has, _compile)
    return made


def _factory(kind: Any) -> Callable[[Any, Any], Any]:
    return _ignoring_type(_reader(kind))


def _ignoring_type(read: Reader) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is not None and isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping)


def _reader(kind: Any) -> Reader:
    """A function that reads one value as this type."""
    if _is_optional(kind):
        inner = next(each for each in get_args(kind) if each is not type(None))
        read = _reader(inner)
        if _is_tuple(inner):
            return lambda value: None if value is None else read(value)
        missing = is_no_time if inner is datetime else is_missing
        return lambda value: None if missing(value) else read(value)
    if _is_tuple(kind):
        inner = get_args(kind)[0]
        return to_texts if inner is str else _list_reader(inner)
    if _is_mapping(kind):
        return _read_mapping
    structure = _converter().get_structure_hook(kind)
    return lambda value: structure(value, kind)


def _list_reader(kind: Any) -> Reader:
    read = _reader(kind)
    own = id_of(kind)

    def read_list(value: JSON) -> tuple[Any, ...]:
        return tuple([read(entry) for entry in entries_of(value, own) if not is_missing(entry)])

    return read_list


def entries_of(value: JSON, own: str | None = None) -> list[JSON]:
    """What a list holds: it comes as an array, as an object keyed by id, or not at all.

    Args:
        own: the attribute in which an entry has its id; where it is empty, the entry has the id that it is keyed by.
    """
    if is_missing(value):
        return []
    if is_array(value):
        return value
    if is_object(value):
        return [entry if own is None else _keyed(entry, name, own) for name, entry in value.items()]
    raise ValueError("a list expected")


def _keyed(entry: JSON, name: str, own: str) -> JSON:
    return {**entry, own: name} if is_object(entry) and name.isdecimal() and is_missing(entry.get(own)) else entry


def id_of(kind: Any) -> str | None:
    """The attribute in which a record of this class has its id, as Zoey names it."""
    field = attrs.fields_dict(kind).get("id") if isinstance(kind, type) and attrs.has(kind) else None
    return None if field is None else str(field.metadata.get("zoey", "id"))


def _read_mapping(value: JSON) -> Mapping[str, JSON]:
    if is_missing(value):
        return {}
    if is_object(value):
        return value
    raise ValueError("an object expected")


def _as_it_is(value: JSON) -> JSON:
    return value


def names_of(kind: type) -> dict[str, attrs.Attribute[Any]]:
    """A class's fields by the name that Zoey gives them, without the field for the rest."""
    return {field.metadata.get("zoey", field.name): field for field in attrs.fields(kind) if field.name != "custom"}


def _compile(kind: type) -> Structure:
    """A function made for the class: named keys to its fields, all others under `custom`."""
    from cattrs.gen import make_dict_structure_fn, override

    names = names_of(kind)
    known = frozenset(names)
    overrides: dict[str, Any] = {field.name: override(rename=name) for name, field in names.items()}
    for name, field in names.items():
        special = _special_reader(field, field.type)
        if special is not None:
            overrides[field.name] = override(rename=name, struct_hook=_ignoring_type(special))
    overrides["custom"] = override(rename=REST, struct_hook=_ignoring_type(_as_it_is))
    structure = cast(
        "Structure",
        make_dict_structure_fn(
            kind, _converter(), _cattrs_detailed_validation=False, _cattrs_forbid_extra_keys=False, **overrides
        ),
    )

    def read(value: Mapping[str, Any], _: Any) -> Any:
        if not is_object(value):
            raise ValueError("an object expected")
        rest = {name: part for name, part in value.items() if name not in known}
        return structure({**value, REST: rest} if rest else value, kind)

    return read


def _special_reader(field: attrs.Attribute[Any], kind: Any) -> Reader | None:
    """How a field is read whose type does not say it all: the lines of a street, and ids."""
    if field.metadata.get("lines"):
        return to_lines
    if field.name in FREE_TEXT or not (field.name == "id" or field.name.endswith("_id")):
        return None
    if kind in ("str", str):
        return to_id
    if kind in ("str | None", str | None):
        return lambda value: None if is_missing(value) else to_id(value)
    return None


@cache
def _structure(kind: type) -> Structure:
    return _compile(kind)


def record_reader(kind: type[T], resource: str) -> Callable[[JSON], T]:
    """A function that reads one record.

    Args:
        kind: its class.
        resource: what the record is, in a word or two, for messages.

    Returns:
        A function of a record's JSON. It raises `RecordError` where a value does not fit its field.
    """
    structure = _structure(cast("type", kind))

    def read(value: JSON) -> T:
        if isinstance(value, RecordError):  # a row that is no record, from `read_entries`
            raise value
        try:
            return structure(value, kind)  # type: ignore[no-any-return]  # cattrs gives what it is told to
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise _explained(kind, value, resource) or problem from problem

    return read


def _explained(kind: type, value: JSON, resource: str) -> RecordError | None:
    found = _first_problem(kind, value)
    if found is None:
        return None
    path, given, problem = found
    return RecordError(
        f"{resource}{_identity(kind, value)}: {problem} in {path or 'its place'}, but Zoey sent {abridged(given)}.",
        field=path or None,
    )


def _identity(kind: type, value: JSON) -> str:
    if not is_object(value):
        return ""
    for name in (id_of(kind) or "id", "entity_id", "id"):
        if not is_missing(value.get(name)):
            return f" {abridged(value[name]).strip(QUOTES)}"
    return " without an id"


def _first_problem(kind: type, value: JSON) -> tuple[str, JSON, str] | None:
    """Where a record first does not fit: the path of the field, its value, what was expected."""
    if not is_object(value):
        return "", value, "an object expected"
    hints = get_type_hints(kind)
    for name, field in names_of(kind).items():
        if name not in value:
            if field.default is attrs.NOTHING:
                return name, None, "a value expected"
            continue
        hint = hints[field.name]
        found = _problem_in(hint, value[name], _special_reader(field, hint) or _reader(hint))
        if found is not None:
            path, given, problem = found
            return f"{name}{path}", given, problem
    return None


def _problem_in(kind: Any, value: JSON, read: Reader) -> tuple[str, JSON, str] | None:
    try:
        read(value)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        inner = _nested(kind)
        if inner is None or not (is_object(value) or is_array(value)):
            return "", value, str(problem)
        if not _holds_many(kind):
            return _below("", _first_problem(inner, value), value, problem)
        places: Iterable[str | int] = value if is_object(value) else range(len(value))
        for place, entry in zip(places, entries_of(value, id_of(inner)), strict=True):
            found = None if is_missing(entry) else _first_problem(inner, entry)
            if found is not None:
                return _below(f"[{place}]", found, value, problem)
        return "", value, str(problem)
    return None


def _below(place: str, found: tuple[str, JSON, str] | None, value: JSON, problem: Exception) -> tuple[str, JSON, str]:
    if found is None:
        return place, value, str(problem)
    path, given, words = found
    return f"{place}.{path}" if path else place, given, words


def _nested(kind: Any) -> type | None:
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and attrs.has(each):
            return each
        if each is not kind and (inner := _nested(each)) is not None:
            return inner
    return None


def _holds_many(kind: Any) -> bool:
    return _is_tuple(kind) or any(_is_tuple(each) for each in get_args(kind))
