"""Lists of records: a selection turned into SQL, and what lies past the last page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import frozen

from zoey_netsuite.sandbox.zoey.kinds import AttributeType, Kind
from zoey_netsuite.sandbox.zoey.query import Condition, Selection
from zoey_netsuite.sandbox.zoey.records import Document, Records, attribute_expression
from zoey_netsuite.sandbox.zoey.values import number

_COMPARISONS: Mapping[str, str] = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "lt": "<",
    "gteq": ">=",
    "lteq": "<=",
    "from": ">=",
    "to": "<=",
}


@frozen
class _Where:
    sql: str
    values: Sequence[object]


def listed(records: Records, kind: Kind, selection: Selection, *, repeats_last_page: bool) -> Sequence[Document]:
    """The documents on the page that a selection asks for.

    Args:
        records: where from.
        kind: which.
        selection: what was asked.
        repeats_last_page: whether a page past the end gives the last one again instead of nothing.
    """
    types: dict[str, AttributeType] = {**records.attributes(kind), kind.key: "number"}
    where = _where(kind, selection.conditions, types)
    direction = "ASC" if selection.ascending else "DESC"
    order = f"ORDER BY id {direction}"
    if selection.order not in (None, kind.key):
        expression = attribute_expression(kind, str(selection.order), types[str(selection.order)])
        order = f"ORDER BY {expression} {direction}, id {direction}"

    def on_page(page: int) -> Sequence[Document]:
        clauses = f"{where.sql} {order} LIMIT ? OFFSET ?"
        return records.select(kind, clauses, (*where.values, selection.limit, (page - 1) * selection.limit))

    found = on_page(selection.page)
    if found or selection.page == 1 or not repeats_last_page:
        return found
    # Counting is left to this case, so that paging by filter costs no more than the page.
    total = records.count(kind, where.sql, where.values)
    return on_page(max(1, -(-total // selection.limit)))


def _where(kind: Kind, conditions: Sequence[Condition], types: Mapping[str, AttributeType]) -> _Where:
    parts: list[str] = []
    values: list[object] = []
    for condition in conditions:
        type_ = types[condition.attribute]
        expression = attribute_expression(kind, condition.attribute, type_)
        compared = [_compared(value, type_) for value in condition.values]
        if condition.operator in ("in", "nin"):
            marks = ", ".join("?" * len(compared))
            parts.append(f"{expression} {'NOT IN' if condition.operator == 'nin' else 'IN'} ({marks})")
        elif condition.operator == "like":
            parts.append(f"CAST({expression} AS TEXT) LIKE ?")
            compared = list(condition.values)
        else:
            parts.append(f"{expression} {_COMPARISONS[condition.operator]} ?")
        values.extend(compared)
    return _Where(f"WHERE {' AND '.join(parts)}" if parts else "", values)


def _compared(value: str, type_: AttributeType) -> object:
    if type_ not in ("number", "decimal"):
        return value
    found = number(value)
    return int(found) if found == found.to_integral_value() and abs(found) < Decimal(2) ** 62 else float(found)
