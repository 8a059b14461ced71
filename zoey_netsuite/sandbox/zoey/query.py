"""What a list request asks for: page, limit, order and filters, read as PHP reads a query string."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from zoey_netsuite.sandbox.zoey.errors import FILTERING, ORDERING, PAGING, PAGING_LIMIT, bad_request
from zoey_netsuite.sandbox.zoey.kinds import AttributeType

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 100
OPERATORS = ("eq", "neq", "gt", "lt", "gteq", "lteq", "in", "nin", "from", "to", "like")

Pairs: TypeAlias = Sequence[tuple[str, str]]

_FILTER = re.compile(r"filter\[(?P<entry>[^\[\]]*)\]\[(?P<part>[^\[\]]+)\](?P<element>\[[^\[\]]*\])?\Z")
_WHOLE_NUMBER = re.compile(r"\s*[+-]?\d{1,12}\s*\Z")


@frozen
class Condition:
    """One filter.

    Attributes:
        operator: one of OPERATORS.
        values: one, or any number of them for `in` and `nin`.
    """

    attribute: str
    operator: str
    values: Sequence[str]


@frozen
class Selection:
    """What a list request asks for.

    Attributes:
        limit: records to a page, 1 to 100.
        page: from 1.
        order: an attribute, or None for the key.
        ascending: which way.
        conditions: all have to hold.
    """

    limit: int
    page: int
    order: str | None
    ascending: bool
    conditions: Sequence[Condition]


def read_selection(pairs: Pairs, filterable: Mapping[str, AttributeType], default_direction: str) -> Selection:
    """What these query parameters ask for.

    Args:
        pairs: decoded query parameters.
        filterable: attributes that may be filtered and ordered by, with the key.
        default_direction: of an order without `dir`.

    Raises:
        Refused: with the message of what cannot be asked.
    """
    last = dict(pairs)
    page = _whole_number(last.get("page"), 1, PAGING)
    if page < 0:
        raise bad_request(PAGING)
    limit = _whole_number(last.get("limit"), DEFAULT_LIMIT, PAGING_LIMIT)
    if not 0 <= limit <= LARGEST_LIMIT:
        raise bad_request(PAGING_LIMIT)
    order = last.get("order")
    if order is not None and order not in filterable:
        raise bad_request(ORDERING)
    # Magento: anything but "asc" is descending, so "dsc", which its documentation names, and "desc" both are.
    ascending = last.get("dir", default_direction).lower() == "asc" if order is not None else True
    return Selection(limit or DEFAULT_LIMIT, max(page, 1), order, ascending, _conditions(pairs, filterable))


def _whole_number(given: str | None, default: int, message: str) -> int:
    if given is None or given == "":
        return default
    if not _WHOLE_NUMBER.match(given):
        raise bad_request(message)
    return int(given)


def _conditions(pairs: Pairs, filterable: Mapping[str, AttributeType]) -> Sequence[Condition]:
    entries: dict[str, dict[str, list[str]]] = {}
    for name, value in pairs:
        if not name.startswith("filter"):
            continue
        found = _FILTER.match(name)
        if found is None:
            raise bad_request(FILTERING)
        values = entries.setdefault(found["entry"], {})
        if found["element"] is None:
            values[found["part"]] = [value]
        else:
            values.setdefault(found["part"], []).append(value)
    return [condition for entry in entries.values() for condition in _entry(entry, filterable)]


def _entry(entry: dict[str, list[str]], filterable: Mapping[str, AttributeType]) -> Sequence[Condition]:
    attribute = entry.pop("attribute", [""])[0]
    if attribute not in filterable or not entry or any(operator not in OPERATORS for operator in entry):
        raise bad_request(FILTERING)
    if "from" in entry or "to" in entry:
        return [Condition(attribute, each, entry[each]) for each in ("from", "to") if each in entry]
    # Magento: of several operators in one filter, apart from `from` and `to`, only the first counts.
    operator, values = next(iter(entry.items()))
    if operator in ("in", "nin"):
        values = [part for value in values for part in value.split(",")]
    elif len(values) > 1:
        raise bad_request(FILTERING)
    return [Condition(attribute, operator, values)]
