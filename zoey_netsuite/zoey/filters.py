"""What a list is to hold: conditions on attributes, as small values.

`client.orders.list(status=in_(["processing", "new"]), updated_at=gteq(since) & lt(until))`
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from attrs import frozen

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.zoey.values import write_filter_value

FilterValue: TypeAlias = str | int | float | Decimal | bool | date
"""What an attribute can be compared with. A `datetime` is a `date`; it has to be aware."""

TIMES = frozenset(("created_at", "updated_at"))
"""Attributes that are times in every store."""

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?")
"""As Zoey writes them: UTC."""

OPERATORS = frozenset(("eq", "neq", "gt", "lt", "gteq", "lteq", "in", "nin", "from", "to", "like"))


@frozen
class Condition:
    """What has to hold of one attribute. Made by `eq`, `gt`, `in_` …; `&` joins two of them.

    Attributes:
        tests: operator and values, as they are written; all have to hold.
    """

    tests: tuple[tuple[str, tuple[str, ...]], ...]

    def __and__(self, other: Condition) -> Condition:
        return Condition(self.tests + other.tests)


Filter: TypeAlias = Condition | FilterValue | Mapping[str, FilterValue | Sequence[FilterValue]]
"""A condition; a bare value (equal to it); or operators by name, `{"gteq": since, "lt": until}`."""


def _condition(operator: str, *values: object) -> Condition:
    try:
        return Condition(((operator, tuple(write_filter_value(value) for value in values)),))
    except ValueError as problem:
        raise ConfigurationError(f"A filter with {operator} cannot be written: {problem}.") from None


def eq(value: FilterValue) -> Condition:
    """Equal to the value."""
    return _condition("eq", value)


def neq(value: FilterValue) -> Condition:
    """Not equal to the value."""
    return _condition("neq", value)


def gt(value: FilterValue) -> Condition:
    """Greater, or later, than the value."""
    return _condition("gt", value)


def lt(value: FilterValue) -> Condition:
    """Less, or earlier, than the value."""
    return _condition("lt", value)


def gteq(value: FilterValue) -> Condition:
    """Greater, or later, than the value, or equal."""
    return _condition("gteq", value)


def lteq(value: FilterValue) -> Condition:
    """Less, or earlier, than the value, or equal."""
    return _condition("lteq", value)


def in_(values: Iterable[FilterValue]) -> Condition:
    """Equal to one of the values. At least one is needed: Zoey has no way to ask for nothing."""
    return _one_of("in", values)


def nin(values: Iterable[FilterValue]) -> Condition:
    """Equal to none of the values."""
    return _one_of("nin", values)


def _one_of(operator: str, values: Iterable[FilterValue]) -> Condition:
    listed = [values] if isinstance(values, str) else list(values)
    if not listed:
        raise ConfigurationError(f"A filter with {operator} needs at least one value; leave the call out instead.")
    return _condition(operator, *listed)


def from_(value: FilterValue) -> Condition:
    """From the value on, itself included."""
    return _condition("from", value)


def to(value: FilterValue) -> Condition:
    """Up to the value, itself included."""
    return _condition("to", value)


def like(pattern: str) -> Condition:
    """Like the pattern, in which `%` stands for anything."""
    return _condition("like", pattern)


def condition(given: Filter) -> Condition:
    """What a filter means.

    Raises:
        ConfigurationError: it is none.
    """
    if isinstance(given, Condition):
        return given
    if not isinstance(given, Mapping):
        return eq(given)
    joined = Condition(())
    for operator, value in given.items():
        if operator not in OPERATORS:
            raise ConfigurationError(
                f"{operator!r} is no operator of Zoey's filters: {', '.join(sorted(OPERATORS))} are."
            )
        many = not isinstance(value, str | int | float | Decimal | date)
        if operator in ("in", "nin"):
            joined &= _one_of(operator, value if many else (value,))  # type: ignore[arg-type]  # narrowed by `many`
        elif many:
            raise ConfigurationError(f"A filter with {operator} takes one value, not {value!r}.")
        else:
            joined &= _condition(operator, value)
    if not joined.tests:
        raise ConfigurationError("An empty mapping is no filter: name an operator, or leave the attribute out.")
    return joined


def _must_be_times(attribute: str, operator: str, values: Sequence[str]) -> None:
    """Refuse text that Zoey would take for another moment, or for none: it knows no offsets, and no words."""
    for value in values if attribute in TIMES and operator != "like" else ():
        if not _TIME.fullmatch(value):
            raise ConfigurationError(
                f"{attribute} is compared with a time, not with {value!r}: give an aware datetime, such as"
                " datetime(2026, 3, 1, tzinfo=UTC)"
            )


def write_filters(filters: Mapping[str, Filter], first: int = 1) -> list[tuple[str, str]]:
    """Filters as query parameters, decoded. Each test is a filter of its own: Magento reads one operator from each.

    Args:
        filters: by attribute.
        first: the first filter's number.

    Source: Magento 1, REST API, GET Filters.
    """
    params: list[tuple[str, str]] = []
    number = first - 1
    for attribute, given in filters.items():
        if not attribute or any(sign in attribute for sign in "[]&="):
            raise ConfigurationError(f"{attribute!r} is no attribute's name.")
        for operator, values in condition(given).tests:
            _must_be_times(attribute, operator, values)
            number += 1
            params.append((f"filter[{number}][attribute]", attribute))
            name = f"filter[{number}][{operator}]"
            if operator in ("in", "nin"):
                params.extend((f"{name}[{position}]", value) for position, value in enumerate(values))
            else:
                params.append((name, values[0]))
    return params
