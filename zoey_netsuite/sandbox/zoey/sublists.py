"""Lists that lie inside a record, asked for on their own: paged, filtered and ordered like any other list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from zoey_netsuite.sandbox.zoey.kinds import AttributeType
from zoey_netsuite.sandbox.zoey.query import Condition, Pairs, read_selection
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.values import is_number, number

_Compared: TypeAlias = tuple[int, Decimal, str]

_OPERATORS: Mapping[str, Callable[[_Compared, _Compared], bool]] = {
    "eq": lambda one, other: one == other,
    "neq": lambda one, other: one != other,
    "gt": lambda one, other: one > other,
    "lt": lambda one, other: one < other,
    "gteq": lambda one, other: one >= other,
    "lteq": lambda one, other: one <= other,
    "from": lambda one, other: one >= other,
    "to": lambda one, other: one <= other,
}


def sublist(rows: Sequence[Document], pairs: Pairs, default_direction: str) -> Sequence[Document]:
    """The part of a list inside a record that a list request asks for; past the end, the last page again.

    Raises:
        Refused: as any list does.
    """
    attributes: dict[str, AttributeType] = {name: "text" for row in rows for name in row}
    selection = read_selection(pairs, attributes, default_direction)
    found = [row for row in rows if all(_holds(row, condition) for condition in selection.conditions)]
    if selection.order is not None:
        order = selection.order
        found.sort(key=lambda row: _compared(row.get(order)), reverse=not selection.ascending)
    pages = max(1, -(-len(found) // selection.limit))
    start = (min(selection.page, pages) - 1) * selection.limit
    return found[start : start + selection.limit]


def _compared(value: object) -> _Compared:
    return (0, number(value), "") if is_number(value) else (1, Decimal(0), str(value).lower())


def _holds(row: Document, condition: Condition) -> bool:
    value = row.get(condition.attribute)
    if value is None:
        return False
    if condition.operator == "like":
        parts = re.split(r"([%_])", condition.values[0])
        pattern = "".join({"%": ".*", "_": "."}.get(part, re.escape(part)) for part in parts)
        return re.fullmatch(pattern, str(value), re.IGNORECASE | re.DOTALL) is not None
    among = [_compared(each) for each in condition.values]
    if condition.operator in ("in", "nin"):
        return (_compared(value) in among) == (condition.operator == "in")
    return _OPERATORS[condition.operator](_compared(value), among[0])
