"""Which NetSuite locations a sync looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import field, frozen

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.netsuite.values import is_internal_id
from zoey_netsuite.syncs.filters import Filter


def _ids(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(value).strip() for value in values)


@frozen(init=False)
class Include:
    """These locations only, by NetSuite internal id."""

    ids: tuple[str, ...] = field(converter=_ids)

    def __init__(self, *ids: str) -> None:
        _must_name_some("Include", ids)
        object.__setattr__(self, "ids", _ids(ids))


@frozen(init=False)
class Exclude:
    """All locations but these, by NetSuite internal id."""

    ids: tuple[str, ...] = field(converter=_ids)

    def __init__(self, *ids: str) -> None:
        _must_name_some("Exclude", ids)
        object.__setattr__(self, "ids", _ids(ids))


@frozen
class All(Filter[object]):
    """Everything there is: all locations, or all records."""


Locations: TypeAlias = Include | Exclude | All


def _must_name_some(kind: str, ids: Sequence[str]) -> None:
    if not ids or not all(_is_id(value) for value in ids):
        msg = f'{kind}(...) takes the internal ids of one or more locations, e.g. {kind}("1", "7"), not {ids!r}'
        raise ConfigurationError(msg)


def _is_id(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return is_internal_id(str(value).strip())


def condition(locations: Locations, column: str) -> tuple[str, list[str]]:
    """The SuiteQL condition for a column that holds a location, with its bind parameters; "" for no condition."""
    if isinstance(locations, All):
        return "", []
    marks = ", ".join("?" * len(locations.ids))
    word = "IN" if isinstance(locations, Include) else "NOT IN"
    return f"{column} {word} ({marks})", list(locations.ids)
